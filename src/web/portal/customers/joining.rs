//! A further customer for a log-in: the data of a bill lead to the customer, and a link to the address the supplier has, or a letter to
//! it, proves that the customer agrees. The answer is the same whatever was right or wrong.
use super::{TEMPLATE, View, line, stay, view};
use crate::backends::keys::Token;
use crate::data::{CustomerLink, LetterKind, LetterState, Membership, NewMessage, TenantTx};
use crate::domain::access::{self, Identifier, MemberRole, Proof, Proofs, compare, holds};
use crate::domain::ids::{CustomerId, CustomerLinkId, MessageId};
use crate::domain::notices::Channel;
use crate::web::kit::doors::{self, Refusal};
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::letter_codes;
use crate::web::kit::page::Page;
use crate::web::kit::typed::Typed;
use axum::extract::Query;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use serde_json::json;
use time::Duration;

/// A link works so long; a letter has its own end, and is on its way for a while before.
const LINK: Duration = Duration::hours(48);
const LETTER: Duration = Duration::days(90);
/// Wrong tries at one customer, and how long nobody tries afterwards.
const MOST: i32 = 5;
const LOCKED: Duration = Duration::hours(24);

/// What the supplier asks for, with what was typed.
pub fn fields(page: &Page, typed: Option<&Typed>) -> Vec<Field> {
    let field = |what: Identifier| {
        let text = typed.map_or("", |typed| typed.get(what.key()));
        let is_missing = typed.is_some() && text.trim().is_empty();
        Field::text(what.key(), page.t(&format!("customers-ask-{}", what.key())))
            .plain()
            .autocomplete("off")
            .max(100)
            .required()
            .typed(text)
            .wrong(if is_missing { page.t("mistake-missing") } else { String::new() })
    };
    page.tenant().document.access.identifiers().into_iter().map(field).collect()
}

pub fn code_field(page: &Page, wrong: String) -> Field {
    Field::text("code", page.t("customers-code")).plain().autocomplete("off").max(20).required().wrong(wrong)
}

pub async fn ask(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let fields = fields(page, Some(&typed));
    if fields.iter().any(|field| !field.error.is_empty()) {
        return page.show_again(TEMPLATE, &view(&customer, fields, code_field(page, String::new())).await?);
    }
    let key = format!("link:{}", customer.account);
    if let Err(wait) = page.services().throttle.reserve(page.tenant().id, &key, page.peer()).await {
        let view = View {
            refused: doors::sentence(page, Refusal::TooMany(wait.0)),
            ..view(&customer, fields, code_field(page, String::new())).await?
        };
        return too_many(page.show_as(StatusCode::TOO_MANY_REQUESTS, TEMPLATE, &view)?, wait.0);
    }
    let answer = page.go("/account/customers?done=asked");
    let asked = page.tenant().document.access.identifiers();
    let typed: access::Typed = asked.into_iter().map(|what| (what, typed.get(what.key()).to_owned())).collect();
    // Afterwards: how long it takes to answer says nothing about what fits.
    tokio::spawn(async move {
        if let Err(error) = look_up(&customer, &typed).await {
            tracing::error!(%error, request_id = customer.page.request_id(), "a customer could not be joined");
        }
    });
    Ok(answer)
}

fn too_many(mut response: Response, wait: std::time::Duration) -> Result<Response, Error> {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    Ok(response)
}

async fn look_up(customer: &Customer, typed: &access::Typed) -> Result<(), Error> {
    let (page, now) = (&customer.page, customer.page.now());
    let tx = customer.db.begin().await?;
    let Some(found) = tx.identify(typed).await? else { return Ok(()) };
    let Some(tries) = tx.try_identification(found, now).await? else { return Ok(()) };
    if !compare(typed, &tx.known_of(found).await?).iter().all(|one| one.fits) {
        if tries >= MOST {
            tx.lock_identification(found, now + LOCKED).await?;
        }
        tx.write_audit(&line(customer, "fail_identification", found)).await?;
        return Ok(tx.commit().await?);
    }
    tx.forget_failed_identifications(found).await?;
    let own = tx.membership(customer.account, found).await?;
    if own.is_none_or(|own| !holds(own.until, page.today())) {
        send(customer, &tx, found).await?;
        tx.write_audit(&line(customer, "ask_customer", found)).await?;
    }
    Ok(tx.commit().await?)
}

/// To the address the supplier has, never to one that was typed; without one, a code by letter, one a day.
async fn send(customer: &Customer, tx: &TenantTx, found: CustomerId) -> Result<(), Error> {
    let (page, now) = (&customer.page, customer.page.now());
    let mut link = CustomerLink {
        id: CustomerLinkId::new(),
        account: customer.account,
        customer: found,
        token_hash: None,
        letter: None,
        created_at: now,
        expires_at: now + LINK,
    };
    let language = page.lang().key();
    let Some(recipient) = tx.customer(found).await?.email else {
        let letters = tx.access_letters_of(customer.account).await?;
        let is_recent = |at| now - at < Duration::DAY;
        if letters.iter().any(|one| one.kind == LetterKind::Code && is_recent(one.created_at)) {
            return Ok(());
        }
        let letter = tx.write_access_letter(customer.account, found, LetterKind::Code, language, now).await?;
        link = CustomerLink { letter: Some(letter), expires_at: now + LETTER, ..link };
        return Ok(tx.add_customer_link(&link).await?);
    };
    let token = Token::random();
    link.token_hash = Some(token.hash());
    tx.add_customer_link(&link).await?;
    let (username, _) = tx.credentials_of(customer.account).await?.ok_or(Error::NotFound)?;
    let message = NewMessage {
        id: MessageId::new(),
        channel: Channel::Mail,
        customer: Some(found),
        kind: "customer_link".into(),
        recipient,
        language: language.to_owned(),
        payload: json!({
            "path": format!("/account/customers/confirm?token={}", token.to_text()),
            "username": username,
        }),
        dedupe_key: format!("customer_link:{}", link.id),
    };
    Ok(tx.enqueue(&[message]).await?)
}

#[derive(Default, Serialize)]
struct Confirming {
    token: String,
    name: String,
    number: String,
    is_gone: bool,
}

fn gone(page: &Page) -> Result<Response, Error> {
    page.show_again("portal/customer_confirm.html", &Confirming { is_gone: true, ..Confirming::default() })
}

/// Looking uses nothing up, and only the log-in that asked sees anything.
pub async fn look(customer: Customer, Query(typed): Query<Typed>) -> Result<Response, Error> {
    let page = &customer.page;
    let Some(token) = Token::from_text(typed.get("token")) else { return gone(page) };
    let tx = customer.db.read().await?;
    let found = tx.customer_of_link(customer.account, &token.hash(), page.now()).await?;
    let Some(found) = found else { return gone(page) };
    let person = tx.customer(found).await?;
    tx.commit().await?;
    let view = Confirming { token: token.to_text(), name: person.name, number: person.number, is_gone: false };
    page.show("portal/customer_confirm.html", &view)
}

pub async fn confirm(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let Some(token) = Token::from_text(typed.get("token")) else { return gone(page) };
    let tx = customer.db.begin().await?;
    let found = tx.use_customer_link(customer.account, &token.hash(), page.now()).await?;
    let Some(found) = found else { return gone(page) };
    join(&customer, tx, found, Proof::Email).await
}

/// The eight letters of a letter that was sent for this.
pub async fn by_code(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let key = format!("letter:{}", customer.account);
    let permit = match page.services().throttle.reserve(page.tenant().id, &key, page.peer()).await {
        Ok(permit) => permit,
        Err(wait) => {
            let wrong = doors::sentence(page, Refusal::TooMany(wait.0));
            let view = view(&customer, fields(page, None), code_field(page, wrong)).await?;
            return too_many(page.show_as(StatusCode::TOO_MANY_REQUESTS, TEMPLATE, &view)?, wait.0);
        }
    };
    let tx = customer.db.begin().await?;
    let letters = tx.access_letters_of(customer.account).await?;
    let letter = letters.iter().find(|one| one.kind == LetterKind::Code && one.state != LetterState::Void);
    let hash = letter_codes::hash(page, customer.account, typed.get("code"));
    let mut found = None;
    if let Some(letter) = letter
        && tx.use_letter_code(customer.account, &hash, page.now()).await?
    {
        found = tx.use_customer_letter(customer.account, letter.id, page.now()).await?;
    }
    // Not committed: a letter that was sent for something else stays good for that.
    let Some(found) = found else {
        drop(tx);
        let code = code_field(page, page.t("customers-code-wrong"));
        return page.show_again(TEMPLATE, &view(&customer, fields(page, None), code).await?);
    };
    permit.succeeded().await;
    join(&customer, tx, found, Proof::Letter).await
}

async fn join(customer: &Customer, tx: TenantTx, found: CustomerId, proof: Proof) -> Result<Response, Error> {
    if let Some(own) = tx.membership(customer.account, found).await?
        && !holds(own.until, customer.page.today())
    {
        tx.forget_membership(customer.account, found).await?;
    }
    let membership = Membership {
        account: customer.account,
        customer: found,
        role: MemberRole::Owner,
        until: None,
        invited_by: None,
        // What the log-in proved for another customer proves nothing for this one.
        proofs: Some(Proofs::of(&[proof])),
        last_used_at: None,
    };
    tx.add_membership(&membership).await?;
    tx.write_audit(&line(customer, "link_customer", found)).await?;
    stay(customer, tx).await
}

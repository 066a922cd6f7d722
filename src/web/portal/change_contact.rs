//! Telephone and e-mail: the telephone changes as the supplier handles changes, a new address only by the link sent to it.
use super::errand::{self, Errand, Next, Typed};
use super::proof::Proof;
use crate::backends::keys::Token;
use crate::data::{EmailChange, NewMessage, TenantTx};
use crate::domain::customers::Customer as Person;
use crate::domain::features::Feature;
use crate::domain::ids::{EmailChangeId, MessageId};
use crate::domain::notices::Channel;
use crate::domain::requests::RequestKind;
use crate::domain::typed;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::requests::Asked;
use crate::web::kit::slices::Slice;
use axum::response::Response;
use serde_json::json;
use time::Duration;

const FEATURE: Feature = Feature::ChangeContactDetails;
const PATH: &str = "/account/contact";
/// A link to confirm an address works so long.
const LINK: Duration = Duration::hours(48);

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(&[FEATURE], PATH).get(form).post(submit)]
}

async fn form(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let person = tx.customer(customer.id).await?;
    tx.commit().await?;
    let mut typed = Typed::default();
    typed.put("phone", person.phone.clone().unwrap_or_default());
    typed.put("email", person.email.clone().unwrap_or_default());
    let (errand, _) = errand(page, &person, &typed, &Proof::NotYet);
    errand::ask(page, errand)
}

async fn submit(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let person = tx.customer(customer.id).await?;
    tx.commit().await?;
    // Where mail goes is where a forgotten password goes, too (ASVS V7.5.1).
    let proof = if moves(&person, &typed) { Proof::of(&customer, &typed).await? } else { Proof::NotYet };
    let tx = customer.db.begin().await?;
    if let Some(before) = errand::sent_before(&customer, &tx, &typed).await? {
        return Ok(before);
    }
    let person = tx.customer(customer.id).await?;
    // Another window may have moved it meanwhile: nothing goes unproved.
    let is_unasked = typed.is_sent() && moves(&person, &typed) && matches!(proof, Proof::NotYet);
    let proof = if is_unasked { Proof::Missing } else { proof };
    let (errand, found) = errand(page, &person, &typed, &proof);
    let shown: Vec<_> = errand.changes.iter().map(|one| json!([one.label, one.old, one.new])).collect();
    if let Next::Show(page) = errand::next(page, &typed, errand)? {
        return Ok(proof.answered(*page));
    }
    let (phone, email) = found.ok_or_else(|| Error::Broken("a form without mistakes has values".into()))?;
    // The old address stays until the new one answered.
    let asked = Asked {
        kind: RequestKind::Contact,
        feature: FEATURE,
        supply_point: None,
        payload: json!({
            "shown": shown,
            "old": { "phone": person.phone, "email": person.email },
            "new": { "phone": phone, "email": person.email },
            "wanted_email": email,
        }),
        words: String::new(),
        rules_pass: true,
        key: typed.key(),
    };
    if email != person.email
        && let Some(email) = &email
    {
        ask_the_new_address(&customer, &tx, email).await?;
    }
    errand::send(&customer, tx, &typed, asked).await
}

type Found = (Option<String>, Option<String>);

/// Whether mail would go elsewhere.
fn moves(person: &Person, typed: &Typed) -> bool {
    match typed.get("email").trim() {
        "" => person.email.is_some(),
        text => typed::email(text).is_ok_and(|email| person.email.as_deref() != Some(email.as_str())),
    }
}

fn errand(page: &Page, person: &Person, typed: &Typed, proof: &Proof) -> (Errand, Option<Found>) {
    let phone = match typed.get("phone").trim() {
        "" => Ok(None),
        text => typed::phone(text).map(Some).map_err(|error| page.phone_mistake(error)),
    };
    let email = match typed.get("email").trim() {
        "" if page.tenant().document.access.email_required => Err(page.t("mistake-email-required")),
        "" => Ok(None),
        text => typed::email(text).map(Some).map_err(|error| page.email_mistake(error)),
    };
    let mut errand = Errand::new(page, "change-contact", PATH, "/dashboard").handled(page, RequestKind::Contact, true);
    let wrong = |found: &Result<Option<String>, String>| found.clone().err().unwrap_or_default();
    errand.fields = vec![
        Field::phone("phone", page.t("account-phone"))
            .hint(page.t("change-contact-phone-hint"))
            .typed(typed.get("phone"))
            .max(30)
            .wrong(wrong(&phone)),
        Field::email("email", page.t("account-email"))
            .hint(page.t("change-contact-email-hint"))
            .typed(typed.get("email"))
            .max(254)
            .wrong(wrong(&email)),
    ];
    let (Ok(phone), Ok(email)) = (phone, email) else { return (errand, None) };
    let said = |value: &Option<String>| value.clone().unwrap_or_default();
    if phone == person.phone && email == person.email && !typed.get("step").is_empty() {
        errand.fields[0] = errand.fields[0].clone().wrong(page.t("mistake-unchanged"));
    }
    if moves(person, typed) {
        errand.confirm = vec![proof.field(page)];
    }
    if email != person.email && email.is_some() {
        errand.notes.push(page.t("change-contact-link"));
    }
    let errand = errand.change(page.t("account-phone"), said(&person.phone), said(&phone)).change(
        page.t("account-email"),
        said(&person.email),
        said(&email),
    );
    (errand, Some((phone, email)))
}

async fn ask_the_new_address(customer: &Customer, tx: &TenantTx, email: &str) -> Result<(), Error> {
    let page = &customer.page;
    let token = Token::random();
    let now = page.now();
    let change = EmailChange {
        id: EmailChangeId::new(),
        customer: customer.id,
        request: None,
        email: email.to_owned(),
        token_hash: token.hash(),
        expires_at: now + LINK,
        used_at: None,
        asked_by: Some(customer.account),
    };
    tx.add_email_change(&change, now).await?;
    let message = NewMessage {
        id: MessageId::new(),
        channel: Channel::Mail,
        customer: Some(customer.id),
        kind: "email_confirm".into(),
        recipient: email.to_owned(),
        language: page.lang().key().to_owned(),
        payload: json!({ "path": format!("/confirm-email?token={}", token.to_text()) }),
        dedupe_key: format!("email_confirm:{}", change.id),
    };
    Ok(tx.enqueue(&[message]).await?)
}

//! A code that proves a telephone or an address: six digits, good for at least ten minutes, five tries.
use super::finish::{Ground, Made, View, choices, ground, make, name_taken};
use super::ground::gone;
use crate::backends::keys::{self, Purpose};
use crate::data::{Application, ApplicationState, Began, NewMessage};
use crate::domain::access::Proof;
use crate::domain::ids::MessageId;
use crate::domain::notices::Channel;
use crate::tenancy::Arg;
use crate::web::kit::doors::{self, Refusal};
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Visitor;
use crate::web::kit::page::Page;
use crate::web::kit::typed::Typed;
use axum::extract::Query;
use axum::response::Response;
use serde_json::json;
use sha2::{Digest, Sha256};

/// Wrong codes before another has to be asked for.
const MOST_TRIES: i16 = 5;

/// The last digits of a telephone number, to know it by.
pub fn tail(phone: Option<&str>) -> String {
    let phone = phone.unwrap_or_default();
    let count = phone.chars().count();
    phone.chars().skip(count.saturating_sub(3)).collect()
}

/// Seconds of a window; a code counts in its own and the one after it.
const WINDOW: i64 = 600;

/// What of a code is kept: without the tenant's key a row says nothing about six digits.
fn hash(page: &Page, application: &Application, code: &str, windows_ago: i64) -> [u8; 32] {
    let key = page.services().master.derive(page.tenant().id, Purpose::Code);
    let window = page.now().unix_timestamp() / WINDOW - windows_ago;
    Sha256::digest(key.sign(format!("application {} {window} {code}", application.id).as_bytes())).into()
}

/// Where the code goes: to the telephone the supplier knows, or, of whoever signed a contract just now, to the address they gave.
fn channel(ground: &Ground) -> Option<(Channel, String)> {
    if ground.application.began == Began::Handover {
        return Some((Channel::Mail, ground.application.email.clone()));
    }
    ground.person.phone.clone().map(|phone| (Channel::Sms, phone))
}

pub async fn send_code(visitor: &Visitor, ground: &Ground) -> Result<Response, Error> {
    let page = &visitor.page;
    let Some((channel, recipient)) = channel(ground) else { return gone(page) };
    let limit = format!("registration-code:{}", ground.person.id);
    if let Err(wait) = page.services().throttle.reserve(page.tenant().id, &limit, page.peer()).await {
        let view = View { again: String::new(), ..view(page, ground, Vec::new()) };
        let refused = doors::sentence(page, Refusal::TooMany(wait.0));
        let view = View { lead: refused, ..view };
        return doors::refuse(page, Refusal::TooMany(wait.0), "portal/registration_finish.html", view);
    }
    let code = format!("{:06}", u32::from_be_bytes(keys::random::<4>()) % 1_000_000);
    let tx = visitor.db.begin().await?;
    if !tx.set_application_code(&ground.application, &hash(page, &ground.application, &code, 0)).await? {
        return gone(page);
    }
    let id = MessageId::new();
    let message = NewMessage {
        id,
        channel,
        customer: Some(ground.person.id),
        kind: "access_code".into(),
        recipient,
        language: page.lang().key().to_owned(),
        payload: json!({ "path": "/", "code": code, "secret": code }),
        dedupe_key: format!("access_code:{id}"),
    };
    tx.enqueue(&[message]).await?;
    tx.commit().await?;
    Ok(page.go(&format!("/registration/code?token={}", ground.token.to_text())))
}

fn view(page: &Page, ground: &Ground, fields: Vec<Field>) -> View {
    let is_mailed = ground.application.began == Began::Handover;
    let args = [
        ("phone", Arg::from(tail(ground.person.phone.as_deref()))),
        ("email", Arg::from(ground.application.email.as_str())),
    ];
    View {
        path: "/registration/code",
        title: page.t("registration-code-title"),
        lead: page.t_args(if is_mailed { "registration-code-mailed" } else { "registration-code-lead" }, &args),
        token: ground.token.to_text(),
        has_mistakes: fields.iter().any(|field| !field.error.is_empty()),
        fields,
        send: page.t("registration-code-send"),
        again: page.t("registration-code-again"),
    }
}

fn code_field(page: &Page, wrong: String) -> Field {
    Field::digits("code", page.t("registration-code")).autocomplete("one-time-code").max(9).required().wrong(wrong)
}

fn fields(page: &Page, ground: &Ground, typed: &Typed, is_sent: bool, wrong: String) -> Vec<Field> {
    std::iter::once(code_field(page, wrong)).chain(choices(page, ground, typed, is_sent)).collect()
}

pub async fn form(visitor: Visitor, Query(typed): Query<Typed>) -> Result<Response, Error> {
    let page = &visitor.page;
    let Some(ground) = ground(&visitor, typed.get("token"), ApplicationState::Extra).await? else { return gone(page) };
    let fields = fields(page, &ground, &Typed::default(), false, String::new());
    page.show("portal/registration_finish.html", &view(page, &ground, fields))
}

pub async fn submit(visitor: Visitor, typed: Typed) -> Result<Response, Error> {
    let page = &visitor.page;
    let Some(ground) = ground(&visitor, typed.get("token"), ApplicationState::Extra).await? else { return gone(page) };
    if typed.get("act") == "again" {
        return send_code(&visitor, &ground).await;
    }
    let mut fields = fields(page, &ground, &typed, true, String::new());
    let again = |fields: Vec<Field>| page.show_again("portal/registration_finish.html", &view(page, &ground, fields));
    // What is chosen is looked at first: a code costs a try.
    if fields.iter().any(|field| !field.error.is_empty()) {
        return again(fields);
    }
    let code: String = typed.get("code").chars().filter(|letter| !letter.is_whitespace()).collect();
    if code.is_empty() {
        fields[0] = code_field(page, page.t("mistake-missing"));
        return again(fields);
    }
    // Counted before it is looked at, and kept whatever becomes of the rest.
    let tx = visitor.db.begin().await?;
    let may_try = tx.try_application_code(ground.application.id, MOST_TRIES).await?;
    tx.commit().await?;
    if !may_try {
        fields[0] = code_field(page, page.t("registration-code-used-up"));
        return again(fields);
    }
    let is_right = |ago| ground.application.code_hash == Some(hash(page, &ground.application, &code, ago));
    if !is_right(0) && !is_right(1) {
        fields[0] = code_field(page, page.t("registration-code-wrong"));
        return again(fields);
    }
    let proofs: &[Proof] = match ground.application.began {
        Began::Handover => &[Proof::Email, Proof::Branch],
        _ => &[Proof::Email, Proof::Sms],
    };
    match make(&visitor, &ground, &typed, proofs).await? {
        Made::Done(answer) => Ok(answer),
        Made::NameTaken => again(name_taken(page, fields)),
    }
}

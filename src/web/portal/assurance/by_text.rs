//! The proof by text message: six digits to the number the supplier has, ten minutes, five tries, three an hour.
use super::{Goal, Wrong, again, line, proved};
use crate::backends::keys::{Purpose, random};
use crate::data::{CodeKind, NewMessage, Tried};
use crate::domain::access::Proof;
use crate::domain::ids::MessageId;
use crate::domain::notices::Channel;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::typed::Typed;
use axum::response::Response;
use serde_json::json;
use time::Duration;

const LIFE: Duration = Duration::minutes(10);
const TRIES: i16 = 5;
/// So many an hour.
const MOST: u64 = 3;

fn hash(customer: &Customer, code: &str) -> [u8; 32] {
    let page = &customer.page;
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let key = page.services().master.derive(page.tenant().id, Purpose::TextCode);
    key.digest(format!("{} {} {digits}", customer.account, customer.id).as_bytes())
}

pub async fn send(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let (goal, now) = (Goal::of(page, &typed), page.now());
    let code = format!("{:06}", u64::from_be_bytes(random()) % 1_000_000);
    let hash = hash(&customer, &code);
    let tx = customer.db.begin().await?;
    let Some(recipient) = tx.customer(customer.id).await?.phone else { return Err(Error::NotFound) };
    if tx.proof_codes_since(customer.account, CodeKind::Sms, now - Duration::HOUR).await? >= MOST {
        drop(tx);
        let wrong = Wrong { refused: page.t("assurance-too-often"), ..Wrong::default() };
        return again(&customer, &goal, wrong).await;
    }
    let id = tx.add_proof_code(customer.account, customer.id, CodeKind::Sms, &hash, now, now + LIFE).await?;
    let message = NewMessage {
        id: MessageId::new(),
        channel: Channel::Sms,
        customer: Some(customer.id),
        kind: "proof_code".into(),
        recipient,
        language: page.lang().key().to_owned(),
        payload: json!({ "path": "/account/assurance", "code": code, "secret": code }),
        dedupe_key: format!("proof_code:{id}"),
    };
    tx.enqueue(&[message]).await?;
    tx.write_audit(&line(&customer, "ask_proof", Proof::Sms)).await?;
    tx.commit().await?;
    Ok(page.go(&goal.href("sms")))
}

pub async fn enter(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let goal = Goal::of(page, &typed);
    if typed.get("code").trim().is_empty() {
        return again(&customer, &goal, Wrong { text: page.t("mistake-missing"), ..Wrong::default() }).await;
    }
    let hash = hash(&customer, typed.get("code"));
    let tx = customer.db.begin().await?;
    let tried = tx.try_proof_code(customer.account, customer.id, CodeKind::Sms, &hash, page.now(), TRIES).await?;
    let text = match tried {
        Tried::Right => return proved(&customer, tx, Proof::Sms, &goal).await,
        Tried::Wrong(left) => page.t_args("assurance-code-wrong", &[("left", Arg::from(i64::from(left)))]),
        Tried::Gone => page.t("assurance-code-gone"),
    };
    // The try counts.
    tx.commit().await?;
    again(&customer, &goal, Wrong { text, ..Wrong::default() }).await
}

//! The proof by e-mail: a link to the account's own address. Looking uses nothing up.
use super::{Goal, Wrong, again, line, proved};
use crate::backends::keys::Token;
use crate::data::{CodeKind, NewMessage, Tried};
use crate::domain::access::Proof;
use crate::domain::ids::MessageId;
use crate::domain::notices::Channel;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::typed::Typed;
use axum::extract::Query;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;
use time::Duration;

const LINK: Duration = Duration::hours(48);
/// So many an hour.
const MOST: u64 = 3;

pub async fn send(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let (goal, now, token) = (Goal::of(page, &typed), page.now(), Token::random());
    let tx = customer.db.begin().await?;
    let Some(recipient) = tx.address_of(customer.account).await? else { return Err(Error::NotFound) };
    if tx.proof_codes_since(customer.account, CodeKind::Email, now - Duration::HOUR).await? >= MOST {
        drop(tx);
        let wrong = Wrong { refused: page.t("assurance-too-often"), ..Wrong::default() };
        return again(&customer, &goal, wrong).await;
    }
    let code =
        tx.add_proof_code(customer.account, customer.id, CodeKind::Email, &token.hash(), now, now + LINK).await?;
    let message = NewMessage {
        id: MessageId::new(),
        channel: Channel::Mail,
        customer: Some(customer.id),
        kind: "proof_link".into(),
        recipient,
        language: page.lang().key().to_owned(),
        payload: json!({ "path": format!("/account/assurance/link?token={}&{}", token.to_text(), goal.query()) }),
        dedupe_key: format!("proof_link:{code}"),
    };
    tx.enqueue(&[message]).await?;
    tx.write_audit(&line(&customer, "ask_proof", Proof::Email)).await?;
    tx.commit().await?;
    Ok(page.go(&goal.href("email")))
}

#[derive(Serialize)]
struct View {
    token: String,
    class: &'static str,
    next: String,
    is_gone: bool,
}

pub async fn look(customer: Customer, Query(typed): Query<Typed>) -> Result<Response, Error> {
    let goal = Goal::of(&customer.page, &typed);
    let token = typed.get("token").to_owned();
    let view = View { token, class: goal.class.key(), next: goal.next, is_gone: false };
    customer.page.show("portal/assurance_link.html", &view)
}

pub async fn confirm(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let goal = Goal::of(page, &typed);
    let tx = customer.db.begin().await?;
    if let Some(token) = Token::from_text(typed.get("token")) {
        let (account, hash) = (customer.account, token.hash());
        let tried = tx.try_proof_code(account, customer.id, CodeKind::Email, &hash, page.now(), i16::MAX).await?;
        if tried == Tried::Right {
            return proved(&customer, tx, Proof::Email, &goal).await;
        }
    }
    let view = View { token: String::new(), class: goal.class.key(), next: goal.next, is_gone: true };
    page.show_again("portal/assurance_link.html", &view)
}

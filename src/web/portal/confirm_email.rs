//! The link in the mail to a new address: looking consumes nothing, the button does, once.
use super::errand::Typed;
use crate::backends::keys::Token;
use crate::data::{AuditEntry, EmailChange, NewMessage, TenantTx};
use crate::domain::features::Feature;
use crate::domain::ids::MessageId;
use crate::domain::notices::Channel;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Visitor;
use crate::web::kit::slices::Slice;
use axum::extract::Query;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;

pub fn slices() -> Vec<Slice> {
    vec![Slice::visitor(&[Feature::ChangeContactDetails], "/confirm-email").get(look).post(confirm)]
}

#[derive(Serialize)]
struct View {
    token: String,
    /// Empty before the button was pressed.
    outcome: &'static str,
}

async fn look(visitor: Visitor, Query(typed): Query<Typed>) -> Result<Response, Error> {
    visitor.page.show("portal/confirm_email.html", &View { token: typed.get("token").to_owned(), outcome: "" })
}

async fn confirm(visitor: Visitor, typed: Typed) -> Result<Response, Error> {
    let page = &visitor.page;
    let show = |outcome| page.show("portal/confirm_email.html", &View { token: String::new(), outcome });
    let Some(token) = Token::from_text(typed.get("token")) else { return show("gone") };
    let tx = visitor.db.begin().await?;
    let Some(change) = tx.use_email_change(&token.hash(), page.now()).await? else { return show("gone") };
    let old = tx.change_email(change.customer, Some(&change.email)).await?;
    // Whoever pressed the link in a mail was reached there.
    tx.reach_again(Channel::Mail, &change.email, page.now()).await?;
    tx.pin_addresses(change.customer, old.as_deref(), change.asked_by).await?;
    tx.write_audit(&line(&change, &old, page.request_id())).await?;
    tell_the_old_address(&tx, &change, old, page.lang().key()).await?;
    tx.commit().await?;
    show("done")
}

fn line(change: &EmailChange, old: &Option<String>, request_id: &str) -> AuditEntry {
    AuditEntry {
        actor_kind: "customer".into(),
        actor: change.customer.to_string(),
        role: String::new(),
        feature: Some(Feature::ChangeContactDetails),
        action: "change".into(),
        object: format!("customer:{}", change.customer),
        before: json!({ "email": old }),
        after: json!({ "email": change.email }),
        request_id: request_id.into(),
    }
}

/// Whoever had the account before learns of it.
async fn tell_the_old_address(
    tx: &TenantTx,
    change: &EmailChange,
    old: Option<String>,
    language: &str,
) -> Result<(), Error> {
    let Some(recipient) = old else { return Ok(()) };
    let message = NewMessage {
        id: MessageId::new(),
        channel: Channel::Mail,
        customer: Some(change.customer),
        kind: "email_changed".into(),
        recipient,
        language: language.to_owned(),
        payload: json!({ "path": "/" }),
        dedupe_key: format!("email_changed:{}", change.id),
    };
    Ok(tx.enqueue(&[message]).await?)
}

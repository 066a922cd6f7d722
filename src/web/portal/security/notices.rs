//! What the owner of an account is told of it by mail, in the transaction of its cause.
use crate::data::{NewMessage, TenantTx};
use crate::domain::ids::{AccountId, MessageId};
use crate::domain::notices::Channel;
use crate::web::kit::error::Error;
use crate::web::kit::page::Page;
use serde_json::{Value as Json, json};

/// To where the account is reached; nobody, where it is reached nowhere.
pub async fn tell(tx: &TenantTx, page: &Page, account: AccountId, kind: &str, payload: Json) -> Result<(), Error> {
    let Some(recipient) = tx.address_of(account).await? else { return Ok(()) };
    send(tx, page, recipient, kind, payload).await
}

/// The same, with the page that leads to where it is undone.
pub async fn warn(tx: &TenantTx, page: &Page, account: AccountId, kind: &str) -> Result<(), Error> {
    tell(tx, page, account, kind, json!({ "path": "/account/security" })).await
}

pub async fn send(tx: &TenantTx, page: &Page, recipient: String, kind: &str, payload: Json) -> Result<(), Error> {
    let id = MessageId::new();
    let message = NewMessage {
        id,
        channel: Channel::Mail,
        customer: None,
        kind: kind.into(),
        recipient,
        language: page.lang().key().to_owned(),
        payload,
        dedupe_key: format!("{kind}:{id}"),
    };
    Ok(tx.enqueue(&[message]).await?)
}

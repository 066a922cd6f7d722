//! Where the account is signed in: since when, with what; one of the sessions ended, or all others.
use super::{FEATURES, line};
use crate::backends::sessions::Session;
use crate::data::SessionRow;
use crate::domain::features::Action;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::response::Response;
use serde::Serialize;

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(FEATURES, "/account/security/others").own().writes(Action::View).post(end_others),
        Slice::customer(FEATURES, "/account/security/session").own().writes(Action::View).post(end_one),
    ]
}

#[derive(Serialize)]
pub struct Shown {
    /// Tells it from the owner's other sessions and opens nothing.
    id: String,
    device: String,
    since: String,
    until: String,
    pub is_this: bool,
}

pub fn shown(page: &Page, row: &SessionRow) -> Shown {
    let session = serde_json::from_value::<Session>(row.data.clone()).ok();
    let device = session.map(|session| session.device).filter(|device| !device.is_empty());
    Shown {
        id: name_of(&row.token_hash),
        device: device.unwrap_or_else(|| page.t("device-unknown")),
        since: page.moment(row.created_at),
        until: page.moment(row.expires_at),
        is_this: Some(row.token_hash) == page.session_key(),
    }
}

fn name_of(token_hash: &[u8; 32]) -> String {
    hex::encode(&token_hash[..8])
}

/// Whoever else is signed in to this account is not any more.
async fn end_others(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let own = page.session_key().ok_or(Error::NotFound)?;
    let tx = customer.db.begin().await?;
    let ended = tx.delete_other_sessions_of(customer.account.0, &own).await?;
    tx.write_audit(&line(&customer, "end_sessions", ended.len())).await?;
    tx.commit().await?;
    page.services().sessions.end_many(page.tenant().id, &ended).await;
    Ok(page.go("/account/security?done=others"))
}

/// One of the others; one's own is left by signing out.
async fn end_one(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let own = page.session_key().ok_or(Error::NotFound)?;
    let tx = customer.db.begin().await?;
    let rows = tx.sessions_of(customer.account.0, page.now()).await?;
    let ended = rows.iter().map(|row| row.token_hash).find(|hash| name_of(hash) == typed.get("session"));
    if let Some(hash) = ended.filter(|hash| *hash != own) {
        tx.delete_session(&hash).await?;
        tx.write_audit(&line(&customer, "end_sessions", 1)).await?;
        tx.commit().await?;
        page.services().sessions.end(page.tenant().id, &hash).await;
    }
    Ok(page.go("/account/security?done=session"))
}

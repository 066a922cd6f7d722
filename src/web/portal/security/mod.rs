//! Who can sign in to the account, and how: its page, and what all that stands on it shares.
mod close;
pub mod codes;
mod factor;
pub mod notices;
mod passkeys;
pub mod password;
mod reach;
mod sessions;

use super::proof::Proof;
use crate::data::AuditEntry;
use crate::domain::features::Feature;
use crate::domain::ids::AccountId;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;

const FEATURES: &[Feature] = &[Feature::LoginWithCredentials];
const PATH: &str = "/account/security";
const TEMPLATE: &str = "portal/security.html";

pub fn slices() -> Vec<Slice> {
    let page = vec![Slice::customer(FEATURES, PATH).own().get(show)];
    [
        page,
        password::slices(),
        sessions::slices(),
        factor::slices(),
        passkeys::slices(),
        reach::slices(),
        close::slices(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[derive(Serialize)]
struct View {
    /// What was just done; empty when nothing.
    done: String,
    /// For password managers, which keep a new password beside its name.
    username: String,
    fields: Vec<Field>,
    has_mistakes: bool,
    sessions: Vec<sessions::Shown>,
    has_others: bool,
    has_factor: bool,
    /// Recovery codes that are left.
    left: String,
    /// How many passkeys there are.
    passkeys: String,
    /// Where it is reached, its own or its customer's; empty where nowhere.
    email: String,
    phone: String,
}

#[derive(Deserialize)]
struct Arrived {
    done: Option<String>,
}

async fn show(customer: Customer, Query(arrived): Query<Arrived>) -> Result<Response, Error> {
    let page = &customer.page;
    let done = match arrived.done.as_deref() {
        Some("password") => page.t("security-password-done"),
        Some("others") => page.t("security-others-done"),
        Some("session") => page.t("security-session-done"),
        Some("reach") => page.t("reach-done"),
        Some("email") => page.t("reach-email-sent"),
        Some("factor-off") => page.t("factor-off-done"),
        _ => String::new(),
    };
    let view = view(&customer, done, password::fields(page, &Proof::NotYet, String::new())).await?;
    page.show(TEMPLATE, &view)
}

async fn view(customer: &Customer, done: String, fields: Vec<Field>) -> Result<View, Error> {
    let (page, account) = (&customer.page, customer.account);
    let tx = customer.db.read().await?;
    let rows = tx.sessions_of(account.0, page.now()).await?;
    let username = tx.credentials_of(account).await?.map(|(username, _)| username).unwrap_or_default();
    let reach = tx.reach_of(account).await?;
    let has_factor = tx.factor_of(account).await?.is_some();
    let left = if has_factor { tx.recovery_codes_left(account).await? } else { 0 };
    let passkeys = tx.passkeys_of(account).await?.len();
    tx.commit().await?;
    let sessions: Vec<_> = rows.iter().map(|row| sessions::shown(page, row)).collect();
    Ok(View {
        done,
        username,
        has_mistakes: fields.iter().any(|field| !field.error.is_empty()),
        fields,
        has_others: sessions.iter().any(|one| !one.is_this),
        sessions,
        has_factor,
        left: page.t_args("factor-left", &[("count", Arg::from(left as i64))]),
        passkeys: passkeys::count(page, passkeys),
        email: reach.email.or(reach.customers).unwrap_or_default(),
        phone: reach.phone.unwrap_or_default(),
    })
}

/// What somebody who is signed in did to the account.
fn line(customer: &Customer, action: &str, ended: usize) -> AuditEntry {
    AuditEntry { after: json!({ "sessions_ended": ended }), ..line_of(&customer.page, customer.account, action) }
}

/// What was done to the account by whoever holds what proves it theirs.
pub fn line_of(page: &Page, account: AccountId, action: &str) -> AuditEntry {
    AuditEntry {
        actor_kind: "customer".into(),
        actor: account.to_string(),
        role: page.role().key().into(),
        feature: Some(Feature::LoginWithCredentials),
        action: action.into(),
        object: format!("account:{account}"),
        before: serde_json::Value::Null,
        after: serde_json::Value::Null,
        request_id: page.request_id().into(),
    }
}

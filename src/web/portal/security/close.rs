//! Closing the log-in, by its owner alone: the password is proved, every session and every link ends, contract and papers stay.
use super::super::proof::Proof;
use super::{FEATURES, line, notices};
use crate::domain::features::Action;
use crate::web::kit::cookies::{Cookie, Door};
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::http::header;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;

const TEMPLATE: &str = "portal/close_account.html";

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(FEATURES, "/account/security/close").own().writes(Action::View).get(show).post(close)]
}

#[derive(Serialize)]
struct View {
    username: String,
    fields: Vec<Field>,
    has_mistakes: bool,
    phone: String,
}

async fn view(customer: &Customer, proof: &Proof) -> Result<View, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let username = tx.credentials_of(customer.account).await?.map(|(username, _)| username).unwrap_or_default();
    tx.commit().await?;
    let field = proof.field(page).hint(page.t("security-present-hint"));
    let phone = page.tenant().document.contact.phone.clone();
    Ok(View { username, has_mistakes: !field.error.is_empty(), fields: vec![field], phone })
}

async fn show(customer: Customer) -> Result<Response, Error> {
    customer.page.show(TEMPLATE, &view(&customer, &Proof::NotYet).await?)
}

async fn close(customer: Customer, mut typed: Typed) -> Result<Response, Error> {
    let (page, account) = (&customer.page, customer.account);
    typed.put("step", "send");
    let proof = Proof::of(&customer, &typed).await?;
    if !matches!(proof, Proof::Given) {
        return Ok(proof.answered(page.show_again(TEMPLATE, &view(&customer, &proof).await?)?));
    }
    let tx = customer.db.begin().await?;
    // Asked for while the account is open: a closed one is reached nowhere.
    notices::tell(&tx, page, account, "account_closed", json!({ "path": "/" })).await?;
    if !tx.close_account(account, page.now()).await? {
        return Err(Error::NotFound);
    }
    let ended = tx.delete_sessions_of(account.0).await?;
    tx.write_audit(&line(&customer, "close_account", ended.len())).await?;
    tx.commit().await?;
    page.services().sessions.end_many(page.tenant().id, &ended).await;
    let mut response = page.go("/login?closed=yes");
    let cookie = Cookie::session(page.shared(), page.tenant(), Door::Customer).clear();
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

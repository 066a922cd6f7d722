//! Another password where one is signed in, and what every question for a new one shares.
use super::super::proof::Proof;
use super::{FEATURES, TEMPLATE, line, notices, view};
use crate::data::TenantTx;
use crate::domain::customers::Customer as Person;
use crate::domain::features::Action;
use crate::domain::ids::AccountId;
use crate::domain::passwords;
use crate::tenancy::Arg;
use crate::web::kit::doors;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::response::Response;
use serde_json::json;

pub fn slices() -> Vec<Slice> {
    // One's own account: whoever may sign in may look after it.
    vec![Slice::customer(FEATURES, "/account/security/password").own().writes(Action::View).post(change)]
}

pub fn fields(page: &Page, proof: &Proof, wrong: String) -> Vec<Field> {
    vec![proof.field(page).hint(page.t("security-present-hint")), page.new_password(wrong)]
}

/// What a stranger would try first.
pub fn known_words(page: &Page, username: &str, person: &Person) -> Vec<String> {
    let document = &page.tenant().document;
    let names = [&document.name.cs, &document.name.en, &document.portal.cs, &document.portal.en];
    let own = [username, &person.name, &person.mailing.city];
    names.into_iter().map(String::as_str).chain(own).map(str::to_owned).collect()
}

async fn change(customer: Customer, mut typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    typed.put("step", "send");
    let tx = customer.db.read().await?;
    let person = tx.customer(customer.id).await?;
    let username = tx.credentials_of(customer.account).await?.map(|(username, _)| username).unwrap_or_default();
    tx.commit().await?;
    let known = known_words(page, &username, &person);
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let new = typed.get("new");
    let wrong = passwords::check(new, &known).err().map(|error| page.new_password_mistake(&error));
    // The new one is looked at first: guessing the present one costs an attempt.
    let proof = if wrong.is_some() { Proof::NotYet } else { Proof::of(&customer, &typed).await? };
    if wrong.is_some() || !matches!(proof, Proof::Given) {
        let fields = fields(page, &proof, wrong.unwrap_or_default());
        let view = view(&customer, String::new(), fields).await?;
        return Ok(proof.answered(page.show_again(TEMPLATE, &view)?));
    }
    let hash = page.services().hasher.hash(new).await.map_err(|error| Error::Unavailable(format!("{error:?}")))?;
    let tx = customer.db.begin().await?;
    tx.change_password(customer.account, &hash).await?;
    let ended = tx.delete_sessions_of(customer.account.0).await?;
    tell(&tx, page, customer.account).await?;
    tx.write_audit(&line(&customer, "change_password", ended.len())).await?;
    let mut session = page.session().cloned().ok_or(Error::NotFound)?;
    session.owes_terms = tx.owed_terms(customer.account, page.today()).await?.is_some();
    tx.commit().await?;
    page.services().sessions.end_many(page.tenant().id, &ended).await;
    doors::let_in(page, &customer.db, session, "/account/security?done=password").await
}

/// Whoever had the account before learns of it.
pub async fn tell(tx: &TenantTx, page: &Page, account: AccountId) -> Result<(), Error> {
    let kept = match tx.passkeys_of(account).await?.len() {
        0 => String::new(),
        count => page.t_args("passkeys-kept", &[("count", Arg::from(count as i64))]),
    };
    notices::tell(tx, page, account, "password_changed", json!({ "path": "/login", "passkeys": kept })).await
}

//! Who can sign in to the account: another password, where one is signed in, and the end of all other sessions.
use super::proof::Proof;
use crate::data::{AuditEntry, NewMessage, SessionRow, TenantTx};
use crate::domain::customers::Customer as Person;
use crate::domain::features::{Action, Feature};
use crate::domain::ids::MessageId;
use crate::domain::passwords::{self, PasswordError};
use crate::tenancy::Arg;
use crate::web::kit::doors;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;

const FEATURES: &[Feature] = &[Feature::LoginWithCredentials];
const PATH: &str = "/account/security";

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(FEATURES, PATH).get(show),
        // One's own account: whoever may sign in may look after it.
        Slice::customer(FEATURES, "/account/security/password").writes(Action::View).post(change),
        Slice::customer(FEATURES, "/account/security/others").writes(Action::View).post(end_others),
    ]
}

#[derive(Serialize)]
struct View {
    /// What was just done; empty when nothing.
    done: String,
    /// For password managers, which keep a new password beside its name.
    username: String,
    fields: Vec<Field>,
    has_mistakes: bool,
    sessions: Vec<Shown>,
    has_others: bool,
}

#[derive(Serialize)]
struct Shown {
    since: String,
    until: String,
    is_this: bool,
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
        _ => String::new(),
    };
    let view = view(&customer, done, fields(page, &Proof::NotYet, String::new())).await?;
    page.show("portal/security.html", &view)
}

async fn view(customer: &Customer, done: String, fields: Vec<Field>) -> Result<View, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let rows = tx.sessions_of(customer.account.0, page.now()).await?;
    let username = tx.credentials_of(customer.account).await?.map(|(username, _)| username).unwrap_or_default();
    tx.commit().await?;
    let own = page.session_key();
    let shown = |row: &SessionRow| Shown {
        since: page.moment(row.created_at),
        until: page.moment(row.expires_at),
        is_this: Some(row.token_hash) == own,
    };
    let sessions: Vec<Shown> = rows.iter().map(shown).collect();
    Ok(View {
        done,
        username,
        has_mistakes: fields.iter().any(|field| !field.error.is_empty()),
        fields,
        has_others: sessions.iter().any(|one| !one.is_this),
        sessions,
    })
}

fn fields(page: &Page, proof: &Proof, wrong: String) -> Vec<Field> {
    vec![proof.field(page).hint(page.t("security-present-hint")), password_field(page, wrong)]
}

/// The question for a new password.
pub fn password_field(page: &Page, wrong: String) -> Field {
    let args = [("least", Arg::from(passwords::LEAST as i64))];
    Field::password("new", page.t("security-new"))
        .autocomplete("new-password")
        .hint(page.t_args("security-new-hint", &args))
        .required()
        .wrong(wrong)
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
    let wrong = passwords::check(new, &known).err().map(|error| password_mistake(page, &error));
    // The new one is looked at first: guessing the present one costs an attempt.
    let proof = if wrong.is_some() { Proof::NotYet } else { Proof::of(&customer, &typed).await? };
    if wrong.is_some() || !matches!(proof, Proof::Given) {
        let fields = fields(page, &proof, wrong.unwrap_or_default());
        let view = view(&customer, String::new(), fields).await?;
        return Ok(proof.answered(page.show_again("portal/security.html", &view)?));
    }
    let hash = page.services().hasher.hash(new).await.map_err(|error| Error::Unavailable(format!("{error:?}")))?;
    let tx = customer.db.begin().await?;
    tx.change_password(customer.account, &hash).await?;
    let ended = tx.delete_sessions_of(customer.account.0).await?;
    tx.write_audit(&line(&customer, "change_password", ended.len())).await?;
    if let Some(recipient) = person.email {
        tell(&tx, page, recipient).await?;
    }
    tx.commit().await?;
    page.services().sessions.end_many(page.tenant().id, &ended).await;
    let session = page.session().cloned().ok_or(Error::NotFound)?;
    doors::let_in(page, &customer.db, session, "/account/security?done=password").await
}

pub fn password_mistake(page: &Page, error: &PasswordError) -> String {
    let least = ("least", Arg::from(passwords::LEAST as i64));
    match error {
        PasswordError::Empty => page.t("mistake-missing"),
        PasswordError::Short { count } => page.t_args("password-short", &[least, ("count", Arg::from(*count as i64))]),
        PasswordError::Long => page.t_args("password-long", &[("most", Arg::from(passwords::MOST_BYTES as i64))]),
        PasswordError::Control => page.t("mistake-letters"),
        PasswordError::Known { word } => page.t_args("password-known", &[("word", Arg::from(word.as_str()))]),
        PasswordError::Monotonous => page.t("password-monotonous"),
    }
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

fn line(customer: &Customer, action: &str, ended: usize) -> AuditEntry {
    AuditEntry {
        actor_kind: "customer".into(),
        actor: customer.account.to_string(),
        role: customer.page.role().key().into(),
        feature: Some(Feature::LoginWithCredentials),
        action: action.into(),
        object: format!("account:{}", customer.account),
        before: serde_json::Value::Null,
        after: json!({ "sessions_ended": ended }),
        request_id: customer.page.request_id().into(),
    }
}

/// Whoever had the account before learns of it.
pub async fn tell(tx: &TenantTx, page: &Page, recipient: String) -> Result<(), Error> {
    let id = MessageId::new();
    let message = NewMessage {
        id,
        channel: "mail".into(),
        kind: "password_changed".into(),
        recipient,
        language: page.lang().key().to_owned(),
        payload: json!({ "path": "/login" }),
        dedupe_key: format!("password_changed:{id}"),
    };
    Ok(tx.enqueue(&[message]).await?)
}

//! A forgotten password: one neutral answer whoever asks, a link by mail to who has the account, and a new password that ends every
//! session. Looking at the link uses nothing up; a mail scanner may look, too.
use super::security::password::{known_words, tell};
use crate::backends::keys::Token;
use crate::data::AuditEntry;
use crate::domain::features::Feature;
use crate::domain::ids::AccountId;
use crate::domain::passwords;
use crate::web::kit::doors::{self, Refusal};
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Visitor;
use crate::web::kit::links;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::extract::Query;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;

const FEATURES: &[Feature] = &[Feature::LoginWithCredentials];

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::visitor(FEATURES, "/password").get(form).post(ask),
        Slice::visitor(FEATURES, "/password/new").get(look).post(set),
    ]
}

#[derive(Serialize)]
struct Asking {
    fields: Vec<Field>,
    has_mistakes: bool,
    /// Why nothing was done; empty when there is no such reason.
    refused: String,
    is_sent: bool,
}

#[derive(Default, Serialize)]
struct Setting {
    token: String,
    /// For password managers, which keep a new password beside its name.
    username: String,
    fields: Vec<Field>,
    has_mistakes: bool,
    /// Empty before the button was pressed.
    outcome: &'static str,
}

async fn form(visitor: Visitor) -> Result<Response, Error> {
    let fields = vec![username_field(&visitor.page, "", String::new())];
    let view = Asking { fields, has_mistakes: false, refused: String::new(), is_sent: false };
    visitor.page.show("portal/forgotten.html", &view)
}

fn username_field(page: &Page, typed: &str, wrong: String) -> Field {
    Field::text("username", page.t("login-username"))
        .plain()
        .autocomplete("username")
        .max(200)
        .required()
        .typed(typed)
        .wrong(wrong)
}

async fn ask(visitor: Visitor, typed: Typed) -> Result<Response, Error> {
    let page = &visitor.page;
    let username = typed.get("username").trim().to_owned();
    if username.is_empty() {
        let fields = vec![username_field(page, "", page.t("mistake-missing"))];
        let view = Asking { fields, has_mistakes: true, refused: String::new(), is_sent: false };
        return page.show_again("portal/forgotten.html", &view);
    }
    let key = format!("forgotten:{}", username.to_lowercase());
    if let Err(wait) = page.services().throttle.reserve(page.tenant().id, &key, page.peer()).await {
        let fields = vec![username_field(page, &username, String::new())];
        let refused = doors::sentence(page, Refusal::TooMany(wait.0));
        let view = Asking { fields, has_mistakes: false, refused, is_sent: false };
        let mut response = page.show_as(StatusCode::TOO_MANY_REQUESTS, "portal/forgotten.html", &view)?;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.0.as_secs().max(1)));
        return Ok(response);
    }
    let view = Asking { fields: Vec::new(), has_mistakes: false, refused: String::new(), is_sent: true };
    let answer = page.show("portal/forgotten.html", &view)?;
    // Afterwards: how long it takes to answer says nothing about whether there is such an account.
    tokio::spawn(async move {
        if let Err(error) = send_link(&visitor, &username).await {
            tracing::error!(%error, request_id = visitor.page.request_id(), "a link for a new password was not sent");
        }
    });
    Ok(answer)
}

async fn send_link(visitor: &Visitor, username: &str) -> Result<(), Error> {
    let page = &visitor.page;
    let tx = visitor.db.begin().await?;
    let account = tx.account_by_username(username).await?.filter(|account| !account.is_disabled);
    let Some(account) = account.map(|one| one.id) else { return Ok(()) };
    if !links::send_new_password(&tx, page, account, page.lang()).await? {
        return Ok(());
    }
    tx.write_audit(&line(page, account, "ask_password")).await?;
    Ok(tx.commit().await?)
}

fn line(page: &Page, account: AccountId, action: &str) -> AuditEntry {
    AuditEntry {
        actor_kind: "visitor".into(),
        actor: account.to_string(),
        role: String::new(),
        feature: Some(Feature::LoginWithCredentials),
        action: action.into(),
        object: format!("account:{account}"),
        before: serde_json::Value::Null,
        after: serde_json::Value::Null,
        request_id: page.request_id().into(),
    }
}

fn gone(page: &Page) -> Result<Response, Error> {
    let view = Setting { outcome: "gone", ..Setting::default() };
    page.show_again("portal/new_password.html", &view)
}

async fn look(visitor: Visitor, Query(typed): Query<Typed>) -> Result<Response, Error> {
    let page = &visitor.page;
    let Some(token) = Token::from_text(typed.get("token")) else { return gone(page) };
    let tx = visitor.db.read().await?;
    let Some(account) = tx.account_of_link(&token.hash(), page.now()).await? else { return gone(page) };
    let owner = tx.owner_of(account).await?;
    tx.commit().await?;
    let Some((_, username)) = owner else { return gone(page) };
    let fields = vec![page.new_password(String::new())];
    let view = Setting { token: token.to_text(), username, fields, ..Setting::default() };
    page.show("portal/new_password.html", &view)
}

async fn set(visitor: Visitor, typed: Typed) -> Result<Response, Error> {
    let page = &visitor.page;
    let Some(token) = Token::from_text(typed.get("token")) else { return gone(page) };
    let tx = visitor.db.read().await?;
    let account = tx.account_of_link(&token.hash(), page.now()).await?;
    let Some(account) = account else { return gone(page) };
    let Some((customer, username)) = tx.owner_of(account).await? else { return gone(page) };
    let person = tx.customer(customer).await?;
    tx.commit().await?;
    let known = known_words(page, &username, &person);
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    // A password that is no good leaves the link as it is.
    if let Err(error) = passwords::check(typed.get("new"), &known) {
        let fields = vec![page.new_password(page.new_password_mistake(&error))];
        let view = Setting { token: token.to_text(), username, fields, has_mistakes: true, outcome: "" };
        return page.show_again("portal/new_password.html", &view);
    }
    let hasher = &page.services().hasher;
    let hash = hasher.hash(typed.get("new")).await.map_err(|error| Error::Unavailable(format!("{error:?}")))?;
    let tx = visitor.db.begin().await?;
    let Some(account) = tx.use_account_link(&token.hash(), page.now()).await? else { return gone(page) };
    tx.change_password(account, &hash).await?;
    let ended = tx.delete_sessions_of(account.0).await?;
    tell(&tx, page, account).await?;
    tx.write_audit(&line(page, account, "change_password")).await?;
    tx.commit().await?;
    page.services().sessions.end_many(page.tenant().id, &ended).await;
    let view = Setting { outcome: "done", ..Setting::default() };
    page.show("portal/new_password.html", &view)
}

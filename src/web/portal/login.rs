//! A customer's log-in and log-out. One neutral sentence for every wrong pair; attempts are counted before the password is looked at.
use super::arrival;
use crate::backends::keys::Token;
use crate::data::{Account, HeldAccount, TenantTx};
use crate::domain::access::{ON_LINE, Proof};
use crate::domain::features::Feature;
use crate::domain::ids::AccountId;
use crate::web::kit::access::safe_next;
use crate::web::kit::cookies::Door;
use crate::web::kit::doors::{self, Entrance, Refusal};
use crate::web::kit::error::Error;
use crate::web::kit::guard::Visitor;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use axum::Form;
use axum::extract::Query;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use time::Duration;

const FEATURES: &[Feature] = &[Feature::LoginWithCredentials];
/// Time to choose a password of one's own after signing in with an issued one.
const CHOOSING: Duration = Duration::minutes(30);

pub fn slices() -> Vec<Slice> {
    vec![Slice::visitor(FEATURES, "/login").get(form).post(submit), Slice::visitor(&[], "/logout").post(leave)]
}

#[derive(Deserialize)]
struct Wanted {
    next: Option<String>,
    /// Somebody comes from closing their access.
    closed: Option<String>,
}

#[derive(Deserialize)]
struct Credentials {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    next: Option<String>,
}

#[derive(Default, Serialize)]
pub struct Login {
    pub username: String,
    pub error: String,
    pub next: String,
    /// What was just done; empty when nothing.
    pub done: String,
    pub has_registration: bool,
    pub has_outages: bool,
}

impl Login {
    /// Blank, with the ways on that the supplier has.
    pub fn of(page: &Page) -> Login {
        let has_outages = page.tenant().has(Feature::OutageAlertPlanned);
        Login { has_registration: has_registration(page), has_outages, ..Login::default() }
    }
}

/// Whether a stranger can come by a log-in on line.
pub fn has_registration(page: &Page) -> bool {
    ON_LINE.iter().any(|feature| page.tenant().has(*feature))
}

/// Where to go afterwards, with or without the mount before it.
pub(super) fn next_within(visitor: &Visitor, wanted: Option<&str>) -> String {
    let next = safe_next(wanted).unwrap_or("");
    let base = visitor.page.base();
    next.strip_prefix(base).filter(|rest| rest.starts_with('/')).unwrap_or(next).to_owned()
}

async fn form(visitor: Visitor, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let next = next_within(&visitor, wanted.next.as_deref());
    if visitor.page.is_signed_in() {
        return Ok(visitor.page.go(if next.is_empty() { "/dashboard" } else { &next }));
    }
    let done = if wanted.closed.is_some() { visitor.page.t("close-done") } else { String::new() };
    visitor.page.show("portal/login.html", &Login { next, done, ..Login::of(&visitor.page) })
}

async fn submit(visitor: Visitor, headers: HeaderMap, Form(typed): Form<Credentials>) -> Result<Response, Error> {
    let page = &visitor.page;
    let next = next_within(&visitor, typed.next.as_deref());
    let error = match check(&visitor, &typed).await? {
        Ok((entrance, tx, account, held)) if !account.must_change => {
            let came = arrival::after_password(page, tx, &headers, (account, held), &next);
            return tokio::join!(came, entrance.succeeded()).0;
        }
        Ok((entrance, tx, account, _)) if account.password_expires_at.is_none_or(|end| end > page.now()) => {
            return tokio::join!(choose_own(page, tx, account.id), entrance.succeeded()).0;
        }
        Ok((entrance, ..)) => {
            entrance.succeeded().await;
            (Refusal::Wrong, page.t("login-expired"))
        }
        Err(refusal) => (refusal, doors::sentence(page, refusal)),
    };
    let (refusal, error) = error;
    let view = Login { username: typed.username, error, next, ..Login::of(page) };
    doors::refuse(page, refusal, "portal/login.html", view)
}

/// The account whose username and password these are, held by the transaction; the attempt is still to be given back.
async fn check<'a>(
    visitor: &'a Visitor,
    typed: &Credentials,
) -> Result<Result<(Entrance<'a>, TenantTx, Account, HeldAccount), Refusal>, Error> {
    let page = &visitor.page;
    let entrance = match Entrance::open(page, &typed.username).await {
        Ok(entrance) => entrance,
        Err(refusal) => return Ok(Err(refusal)),
    };
    // Its transaction ends before the hash is made, with no wait of its own for that.
    let hash = visitor.db.read().await?.password_hash_of(&typed.username).await?;
    let entrance = match entrance.verify(&typed.password, hash.clone()).await {
        Ok(entrance) => entrance,
        Err(refusal) => return Ok(Err(refusal)),
    };
    // Whose it is, is looked up for the right password alone: a wrong one costs the same as a name that nobody has.
    let tx = visitor.db.begin().await?;
    let hash = hash.unwrap_or_default();
    let Some((account, held)) = tx.enter(&typed.username, &hash, page.now()).await? else {
        return Ok(Err(Refusal::Wrong));
    };
    Ok(Ok((entrance, tx, account, held)))
}

/// Who came with an issued password is let in only to choose one of their own.
async fn choose_own(page: &Page, tx: TenantTx, account: AccountId) -> Result<Response, Error> {
    let (token, now) = (Token::random(), page.now());
    if tx.use_letter_password(account, now).await? {
        tx.add_proof(account, Proof::Letter).await?;
    }
    tx.add_account_link(account, &token.hash(), now, now + CHOOSING).await?;
    tx.commit().await?;
    Ok(page.go(&format!("/password/new?token={}", token.to_text())))
}

async fn leave(visitor: Visitor) -> Result<Response, Error> {
    doors::let_out(&visitor.page, &visitor.db, Door::Customer, "/").await
}

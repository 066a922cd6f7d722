//! Doors: what every log-in and log-out shares: counting attempts first, equal work for unknown names, sessions and their cookies.
use super::access;
use super::cookies::{Cookie, Door};
use super::error::Error;
use super::page::Page;
use super::services::Services;
use crate::backends::hasher;
use crate::backends::keys::Token;
use crate::backends::sessions::{Session, SubjectKind};
use crate::backends::throttle::Permit;
use crate::data::{AuditEntry, HeldAccount, SessionRow, TenantDb, TenantTx};
use crate::domain::access::Proofs;
use crate::domain::features::Role;
use crate::domain::ids::{AccountId, CustomerId, StaffId};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use std::time::Duration;
use uuid::Uuid;

/// Absolute life of a session: customers 12 hours, staff 8 (NIST SP 800-63B, AAL2 for staff).
const CUSTOMER_HOURS: i64 = 12;
const STAFF_HOURS: i64 = 8;

/// Why nobody was let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Wrong,
    TooMany(Duration),
    Busy,
}

/// A counted attempt: given back when the person turns out to be who they say.
pub struct Entrance<'a> {
    services: &'a Services,
    permit: Permit,
}

impl<'a> Entrance<'a> {
    /// Counts the attempt before any password is looked at.
    pub async fn open(page: &'a Page, username: &str) -> Result<Entrance<'a>, Refusal> {
        let services = page.services();
        let account = format!("{:?}:{}", page.served().door, username.trim().to_lowercase());
        match services.throttle.reserve(page.tenant().id, &account, page.peer()).await {
            Ok(permit) => Ok(Entrance { services, permit }),
            Err(wait) => Err(Refusal::TooMany(wait.0)),
        }
    }

    /// Checks the password; an unknown name (`hash` none) costs the same.
    pub async fn verify(self, password: &str, hash: Option<String>) -> Result<Self, Refusal> {
        match self.services.hasher.verify(password, hash.as_deref()).await {
            Ok(true) => Ok(self),
            Err(hasher::Error::Busy) => {
                self.permit.untried().await;
                Err(Refusal::Busy)
            }
            Ok(false) | Err(_) => Err(Refusal::Wrong),
        }
    }

    pub async fn succeeded(self) {
        self.permit.succeeded().await;
    }
}

/// The log-in page again, with one sentence.
pub fn refuse<V: Serialize>(page: &Page, refusal: Refusal, template: &str, view: V) -> Result<Response, Error> {
    let status = match refusal {
        Refusal::Wrong => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        Refusal::Busy => StatusCode::SERVICE_UNAVAILABLE,
    };
    let mut response = page.show_as(status, template, &view)?;
    let wait = match refusal {
        Refusal::Wrong => return Ok(response),
        Refusal::TooMany(wait) => wait.as_secs().max(1),
        Refusal::Busy => 2,
    };
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
    Ok(response)
}

pub fn sentence(page: &Page, refusal: Refusal) -> String {
    match refusal {
        Refusal::Wrong if page.served().door != Door::Customer => page.t("staff-login-wrong"),
        Refusal::Wrong => page.t("login-wrong"),
        Refusal::TooMany(_) => page.t("login-too-many"),
        Refusal::Busy => page.t("login-busy"),
    }
}

pub fn session(
    page: &Page,
    kind: SubjectKind,
    subject: Uuid,
    customer: Option<CustomerId>,
    role: Role,
    name: String,
) -> Session {
    let hours = if kind == SubjectKind::Customer { CUSTOMER_HOURS } else { STAFF_HOURS };
    let now = page.now();
    Session {
        tenant: page.tenant().id,
        kind,
        subject,
        customer,
        role,
        proofs: Proofs::default(),
        name,
        device: String::new(),
        after: None,
        number: String::new(),
        created_at: now,
        expires_at: now + time::Duration::hours(hours),
        owes_terms: false,
    }
}

/// A new session with a new token (never the one sent), its durable row and its line in the audit; then on to `goal`, or first to terms of
/// use that wait to be accepted.
pub async fn let_in(page: &Page, db: &TenantDb, session: Session, goal: &str) -> Result<Response, Error> {
    let tx = db.begin().await?;
    let held = match session.kind {
        SubjectKind::Customer => tx.touch_login(AccountId(session.subject), None, page.now()).await?,
        _ if tx.touch_staff_sign_in(StaffId(session.subject), session.role, session.created_at).await? => None,
        // Disabled, or given another role, while they were proving who they are.
        kind => return Ok(page.go(if kind == SubjectKind::Staff { "/operator/login" } else { "/login" })),
    };
    let opened = open(page, &tx, &session, held).await?;
    tx.commit().await?;
    Ok(opened.answer(page, session, goal).await)
}

/// A session that stands as soon as its transaction does.
#[must_use = "the browser is still to be told"]
pub struct Opened(Token);

/// The row and the line of the audit; nothing is written after them. A customer's account is held by then.
pub async fn open(page: &Page, tx: &TenantTx, session: &Session, held: Option<HeldAccount>) -> Result<Opened, Error> {
    let token = Token::random();
    let key = token.hash();
    if session.kind == SubjectKind::Customer {
        held.filter(|held| held.id().0 == session.subject).ok_or(Error::NotFound)?;
    }
    let data = serde_json::to_value(session).map_err(|error| Error::Broken(error.to_string()))?;
    let row = SessionRow {
        token_hash: key,
        subject_kind: session.kind.key().to_owned(),
        subject_id: session.subject,
        data,
        created_at: session.created_at,
        expires_at: session.expires_at,
    };
    tx.insert_session(&row).await?;
    tx.write_audit(&entry(page, session, "sign_in")).await?;
    Ok(Opened(token))
}

impl Opened {
    /// After the commit: the fast copy, the cookie, and on to `goal`.
    pub async fn answer(self, page: &Page, session: Session, goal: &str) -> Response {
        // Whoever ended it since it was kept is not overruled.
        page.services().sessions.put_if_absent(session.tenant, &self.0.hash(), &session).await;
        let door = Door::of_kind(session.kind);
        let mut response = match session.owes_terms && !goal.starts_with("/account/") {
            true => page.go(&format!("/account/terms?next={}", access::encode(goal))),
            false => page.go(goal),
        };
        let cookie = Cookie::session(page.shared(), page.tenant(), door).set(page.shared(), page.tenant(), &self.0);
        response.headers_mut().append(header::SET_COOKIE, cookie);
        response
    }
}

/// Ends the session everywhere: the durable row first, so that no instance can bring it back.
pub async fn let_out(page: &Page, db: &TenantDb, door: Door, goal: &str) -> Result<Response, Error> {
    if let (Some(key), Some(session)) = (page.session_key(), page.session()) {
        let tx = db.begin().await?;
        tx.delete_session(&key).await?;
        tx.write_audit(&entry(page, session, "sign_out")).await?;
        tx.commit().await?;
        page.services().sessions.end(session.tenant, &key).await;
    }
    let mut response = page.go(goal);
    let cookie = Cookie::session(page.shared(), page.tenant(), door).clear();
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}

fn entry(page: &Page, session: &Session, action: &str) -> AuditEntry {
    AuditEntry {
        actor_kind: session.kind.key().to_owned(),
        actor: session.subject.to_string(),
        role: session.role.key().to_owned(),
        feature: None,
        action: action.to_owned(),
        object: String::new(),
        before: serde_json::Value::Null,
        after: serde_json::Value::Null,
        request_id: page.request_id().to_owned(),
    }
}

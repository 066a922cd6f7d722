//! Signing in through the supplier's own identity provider. It says who it is; that they are a member, and not disabled, is ours to know.
//! A second factor stays obligatory: the provider's, when it says there was one, else our own code.
use super::login;
use crate::backends::identity::{self, Proved, Provider};
use crate::backends::keys::Token;
use crate::backends::sessions::SubjectKind;
use crate::backends::totp;
use crate::data::{AuditEntry, NewSignIn, StaffRow, TenantTx};
use crate::domain::ids::StaffSignInId;
use crate::tenancy::{SecretRef, StaffLogin};
use crate::web::kit::access::safe_next;
use crate::web::kit::cookies::Cookie;
use crate::web::kit::doors::{self, Entrance, Refusal};
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Visitor;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::extract::Query;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use serde_json::json;
use time::Duration;

const BACK: &str = "/operator/login/oidc";
/// Longest one may take at the provider, our own code included.
const ATTEMPT: Duration = Duration::minutes(10);

pub fn slices() -> Vec<Slice> {
    vec![Slice::staff_door(BACK).get(come_back).post(begin), Slice::staff_door("/operator/login/code").post(code)]
}

#[derive(Serialize)]
struct Leaving {
    url: String,
}

#[derive(Serialize)]
struct Asking {
    token: String,
    fields: Vec<Field>,
    has_mistakes: bool,
}

/// How the supplier's provider is asked; where there is none, there is no such page.
fn configured(page: &Page) -> Result<&StaffLogin, Error> {
    page.tenant().document.staff_login.as_ref().ok_or(Error::NotFound)
}

async fn provider(page: &Page) -> Result<Provider, Error> {
    let own = configured(page)?;
    let secret = match &own.client_secret {
        SecretRef::Env(name) => std::env::var(name).ok(),
        SecretRef::File(path) => tokio::fs::read_to_string(path).await.ok(),
    };
    if secret.is_none() {
        tracing::error!(tenant = page.tenant().slug, secret = %own.client_secret, "a secret cannot be read");
    }
    Ok(Provider {
        issuer: own.issuer.clone(),
        client_id: own.client_id.clone(),
        client_secret: secret.unwrap_or_default().trim().to_owned(),
        redirect: page.tenant().url(BACK),
    })
}

async fn begin(visitor: Visitor, typed: Typed) -> Result<Response, Error> {
    let page = &visitor.page;
    let provider = provider(page).await?;
    let (state, browser) = (Token::random(), Token::random());
    let throttle = &page.services().throttle;
    let key = format!("provider:{}", state.to_text());
    if let Err(wait) = throttle.reserve(page.tenant().id, &key, page.peer()).await {
        let sentence = doors::sentence(page, Refusal::TooMany(wait.0));
        let mut response = login::again(page, StatusCode::TOO_MANY_REQUESTS, sentence)?;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.0.as_secs().max(1)));
        return Ok(response);
    }
    let asked = match provider.begin(state.to_text()).await {
        Ok(asked) => asked,
        Err(error) => return refused(page, &error),
    };
    let now = page.now();
    let attempt = NewSignIn {
        id: StaffSignInId::new(),
        state_hash: state.hash(),
        browser_hash: browser.hash(),
        nonce: asked.nonce,
        verifier: asked.verifier,
        next: safe_next(Some(typed.get("next"))).unwrap_or_default().to_owned(),
        expires_at: now + ATTEMPT,
    };
    let tx = visitor.db.begin().await?;
    tx.begin_staff_sign_in(&attempt, now).await?;
    tx.commit().await?;
    // Not by a redirect: a form of ours leads to our own pages only, and browsers hold us to it.
    let refresh = HeaderValue::from_str(&format!("0;url={}", asked.url));
    let refresh = refresh.map_err(|_| Error::Broken("an address of odd letters".into()))?;
    let mut response = page.show("operator/login_leaving.html", &Leaving { url: asked.url })?;
    response.headers_mut().insert(header::REFRESH, refresh);
    let cookie = Cookie::provider(page.shared(), page.tenant()).set(page.shared(), page.tenant(), &browser);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

fn refused(page: &Page, error: &identity::Error) -> Result<Response, Error> {
    let (tenant, request_id) = (&page.tenant().slug, page.request_id());
    tracing::warn!(tenant, request_id, %error, "nobody was signed in by their provider");
    match error {
        identity::Error::Away(_) => login::again(page, StatusCode::SERVICE_UNAVAILABLE, page.t("provider-away")),
        identity::Error::Refused(_) => no(page, "provider-refused"),
    }
}

fn no(page: &Page, key: &str) -> Result<Response, Error> {
    login::again(page, StatusCode::UNPROCESSABLE_ENTITY, page.t(key))
}

async fn come_back(visitor: Visitor, headers: HeaderMap, Query(answer): Query<Typed>) -> Result<Response, Error> {
    let page = &visitor.page;
    let provider = provider(page).await?;
    let browser = Cookie::provider(page.shared(), page.tenant()).token(page.shared(), page.tenant(), &headers);
    let (Some(state), Some(browser)) = (Token::from_text(answer.get("state")), browser) else {
        return no(page, "provider-lost");
    };
    let tx = visitor.db.begin().await?;
    let attempt = tx.use_staff_sign_in(&state.hash(), &browser.hash(), page.now()).await?;
    tx.commit().await?;
    let Some(attempt) = attempt else { return no(page, "provider-lost") };
    if answer.get("code").is_empty() {
        return no(page, "provider-refused");
    }
    let proved = match provider.finish(answer.get("code").to_owned(), attempt.nonce, attempt.verifier).await {
        Ok(proved) => proved,
        Err(error) => return refused(page, &error),
    };
    let tx = visitor.db.read().await?;
    let member = member_of(&tx, &proved).await?;
    tx.commit().await?;
    let Some(member) = member else { return no(page, "provider-unknown") };
    if proved.has_second_factor {
        let tx = visitor.db.begin().await?;
        return come_in(&visitor, tx, &member, &proved.subject, &attempt.next).await;
    }
    if member.totp_secret.is_none() {
        return no(page, "provider-no-factor");
    }
    let token = Token::random();
    let tx = visitor.db.begin().await?;
    tx.ask_staff_for_code(attempt.id, member.member.id, &proved.subject, &token.hash()).await?;
    tx.commit().await?;
    ask(page, StatusCode::OK, &token, String::new())
}

/// By the name the provider knows them under, else, the first time, by an address it has verified.
async fn member_of(tx: &TenantTx, proved: &Proved) -> Result<Option<StaffRow>, Error> {
    let mut found = tx.staff_by_provider(&proved.subject).await?;
    if let (None, Some(email)) = (&found, &proved.email) {
        // Whoever has been here under another name of the provider's is not this one.
        found = tx.staff_by_email(email).await?.filter(|row| row.provider_subject.is_none());
    }
    Ok(found.filter(|row| !row.member.is_disabled))
}

fn ask(page: &Page, status: StatusCode, token: &Token, wrong: String) -> Result<Response, Error> {
    let field = Field::digits("totp", page.t("staff-login-code"))
        .autocomplete("one-time-code")
        .hint(page.t("staff-login-code-hint"))
        .max(7)
        .required()
        .wrong(wrong);
    let view = Asking { token: token.to_text(), has_mistakes: !field.error.is_empty(), fields: vec![field] };
    page.show_as(status, "operator/login_code.html", &view)
}

async fn code(visitor: Visitor, typed: Typed) -> Result<Response, Error> {
    let page = &visitor.page;
    configured(page)?;
    let Some(token) = Token::from_text(typed.get("token")) else { return no(page, "provider-lost") };
    let tx = visitor.db.read().await?;
    let attempt = tx.staff_sign_in_by_code(&token.hash(), page.now()).await?;
    let Some((attempt, staff)) = attempt.and_then(|one| one.staff.map(|staff| (one, staff))) else {
        return no(page, "provider-lost");
    };
    let row = tx.staff_row(staff).await?;
    tx.commit().await?;
    if row.member.is_disabled {
        return no(page, "provider-unknown");
    }
    let entrance = match Entrance::open(page, &row.member.username).await {
        Ok(entrance) => entrance,
        Err(refusal) => {
            let mut response = ask(page, StatusCode::TOO_MANY_REQUESTS, &token, doors::sentence(page, refusal))?;
            if let Refusal::TooMany(wait) = refusal {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
            }
            return Ok(response);
        }
    };
    let wrong = || ask(page, StatusCode::UNPROCESSABLE_ENTITY, &token, page.t("provider-code-wrong"));
    let step = row.totp_secret.as_ref().and_then(|secret| totp::matching_step(secret, typed.get("totp"), page.now()));
    let Some(step) = step else { return wrong() };
    let tx = visitor.db.begin().await?;
    if !tx.use_totp_step(staff, step).await? {
        return wrong();
    }
    if !tx.finish_staff_sign_in(attempt.id, page.now()).await? {
        return no(page, "provider-lost");
    }
    entrance.succeeded().await;
    come_in(&visitor, tx, &row, &attempt.subject, &attempt.next).await
}

/// Both who it is and a second factor are proved. The first time, the provider's name for them is kept.
async fn come_in(
    visitor: &Visitor,
    tx: TenantTx,
    row: &StaffRow,
    subject: &str,
    next: &str,
) -> Result<Response, Error> {
    let page = &visitor.page;
    let member = &row.member;
    if row.provider_subject.is_none() {
        if !tx.bind_staff_to_provider(member.id, subject).await? {
            return no(page, "provider-unknown");
        }
        let entry = AuditEntry {
            actor_kind: "staff".into(),
            actor: member.id.to_string(),
            role: member.role.key().into(),
            feature: None,
            action: "bind_provider".into(),
            object: format!("staff:{}", member.id),
            before: serde_json::Value::Null,
            after: json!({ "subject": subject }),
            request_id: page.request_id().into(),
        };
        tx.write_audit(&entry).await?;
    }
    tx.commit().await?;
    let session = doors::session(page, SubjectKind::Staff, member.id.0, None, member.role, member.name.clone());
    doors::let_in(page, &visitor.db, session, if next.is_empty() { "/operator" } else { next }).await
}

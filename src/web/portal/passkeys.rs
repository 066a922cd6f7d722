//! Signing in with a passkey: a challenge for whoever asks, bound to their browser, and the answer, which says who it is and proves both
//! that they have the device and that it knows them. What is wrong about an answer is never said.
use super::arrival;
use super::login::{Login, next_within};
use super::security::line_of;
use crate::backends::keys::Token;
use crate::backends::passkeys::{Claim, Error as Refused, RelyingParty};
use crate::data::{Account, PasskeyPurpose, TenantTx};
use crate::domain::features::Feature;
use crate::domain::ids::AccountId;
use crate::web::kit::cookies::Cookie;
use crate::web::kit::doors::{self, Entrance, Refusal};
use crate::web::kit::error::Error;
use crate::web::kit::guard::Visitor;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::Json;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use time::Duration;

const FEATURES: &[Feature] = &[Feature::LoginWithCredentials];
const TEMPLATE: &str = "portal/login.html";
/// Time to answer a challenge.
pub const ANSWERING: Duration = Duration::minutes(5);

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::visitor(FEATURES, "/login/passkey").post(sign_in),
        Slice::visitor(FEATURES, "/login/passkey/challenge").post(challenge),
    ]
}

/// The tenant as authenticators know it.
pub fn relying_party(page: &Page) -> Result<RelyingParty, Error> {
    let tenant = page.tenant();
    let party = RelyingParty::of(&tenant.url("/"), tenant.document.portal.get(page.lang()));
    party.map_err(|error| Error::Broken(error.to_string()))
}

/// For the page's script, which asks once the button is pressed.
async fn challenge(visitor: Visitor) -> Result<Response, Error> {
    let page = &visitor.page;
    let (token, now) = (Token::random(), page.now());
    if let Err(wait) = page.services().throttle.reserve(page.tenant().id, &counted_as(&token), page.peer()).await {
        return refuse(page, Refusal::TooMany(wait.0), "");
    }
    let asked = relying_party(page)?.ask_who().map_err(|error| Error::Broken(error.to_string()))?;
    let tx = visitor.db.begin().await?;
    tx.add_passkey_challenge(PasskeyPurpose::SignIn, &token.hash(), &asked.state, now, now + ANSWERING).await?;
    tx.commit().await?;
    let cookie = Cookie::passkey(page.shared(), page.tenant()).set(page.shared(), page.tenant(), &token);
    let once = HeaderValue::from_static("no-store");
    Ok(([(header::SET_COOKIE, cookie), (header::CACHE_CONTROL, once)], Json(asked.options)).into_response())
}

/// The name under which the throttle counts a challenge.
fn counted_as(token: &Token) -> String {
    format!("passkey challenge {}", token.to_text())
}

async fn sign_in(visitor: Visitor, headers: HeaderMap, typed: Typed) -> Result<Response, Error> {
    let page = &visitor.page;
    let next = next_within(&visitor, Some(typed.get("next")));
    let refuse = |refusal| refuse(page, refusal, &next);
    let cookie = Cookie::passkey(page.shared(), page.tenant());
    let token = cookie.token(page.shared(), page.tenant(), &headers);
    let (Some(token), Ok(claim)) = (token, Claim::of(typed.get("answer"))) else { return refuse(Refusal::Wrong) };
    let entrance = match Entrance::open(page, &format!("passkey {}", claim.owner)).await {
        Ok(entrance) => entrance,
        Err(refusal) => return refuse(refusal),
    };
    let tx = visitor.db.begin().await?;
    // Answered once, rightly or not: of many at once with one answer, one is looked at.
    let Some(state) = tx.use_passkey_challenge(PasskeyPurpose::SignIn, &token.hash(), page.now()).await? else {
        return refuse(Refusal::Wrong);
    };
    let Some(account) = proved(page, &tx, &state, &claim).await? else {
        tx.commit().await?;
        return refuse(Refusal::Wrong);
    };
    entrance.succeeded().await;
    // Of an office behind one address everybody may come in this way.
    page.services().throttle.give_back(page.tenant().id, &counted_as(&token), page.peer()).await;
    let mut response = arrival::come_in(page, tx, &headers, account, &next).await?;
    response.headers_mut().append(header::SET_COOKIE, cookie.clear());
    Ok(response)
}

/// One sentence for whatever is wrong.
fn refuse(page: &Page, refusal: Refusal, next: &str) -> Result<Response, Error> {
    let error = match refusal {
        Refusal::Wrong => page.t("passkeys-wrong"),
        other => doors::sentence(page, other),
    };
    let view = Login { error, next: next.to_owned(), ..Login::of(page) };
    doors::refuse(page, refusal, TEMPLATE, view)
}

/// Whose passkey it is, if it is anybody's who may sign in, and signed what was asked.
async fn proved(page: &Page, tx: &TenantTx, state: &str, claim: &Claim) -> Result<Option<Account>, Error> {
    let id = AccountId(claim.owner);
    let Some(passkey) = tx.passkey_by_handle(id, &claim.handle).await? else { return Ok(None) };
    // A password that was issued waits to be changed first: until then nothing else opens the account.
    let account = tx.account(id).await?.filter(|account| !account.is_disabled && !account.must_change);
    let Some(account) = account else { return Ok(None) };
    let signed = match relying_party(page)?.check(state, claim, &passkey.credential) {
        Ok(signed) => signed,
        Err(Refused::Cloned) => {
            let (tenant, request_id) = (page.tenant().slug.as_str(), page.request_id());
            tracing::warn!(tenant, request_id, account = %id, passkey = %passkey.id, "a passkey signed that exists twice");
            tx.write_audit(&line_of(page, id, "refuse_cloned_passkey")).await?;
            return Ok(None);
        }
        Err(Refused::Wrong) => return Ok(None),
        Err(error @ Refused::Broken) => return Err(Error::Broken(error.to_string())),
    };
    let is_kept = tx.touch_passkey(&passkey, &signed.kept, signed.counter, page.now()).await?;
    Ok(is_kept.then_some(account))
}

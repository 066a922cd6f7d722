//! Coming in, once the password or whatever else was right: the second factor where one is on, the device, the session.
use super::login::Login;
use super::opened;
use super::security::notices;
use crate::backends::keys::Token;
use crate::backends::sessions::Session;
use crate::data::{Account, HeldAccount, Met, StepKind, TenantTx};
use crate::domain::access;
use crate::tenancy::Arg;
use crate::web::kit::cookies::Cookie;
use crate::web::kit::doors;
use crate::web::kit::error::Error;
use crate::web::kit::page::Page;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde_json::json;
use time::Duration;

/// Time to type the code after the password.
const STEP: Duration = Duration::minutes(5);

/// The right password: on to the code where a second factor is on, else in.
pub async fn after_password(
    page: &Page,
    tx: TenantTx,
    headers: &HeaderMap,
    (account, held): (Account, HeldAccount),
    next: &str,
) -> Result<Response, Error> {
    if !account.has_factor {
        return let_in(page, tx, headers, (account, held), next).await;
    }
    let (token, now) = (Token::random(), page.now());
    tx.add_account_step(StepKind::Code, account.id, json!({ "next": next }), &token.hash(), now, now + STEP).await?;
    tx.commit().await?;
    Ok(page.go(&format!("/login/code?token={}", token.to_text())))
}

/// In, in the transaction in which whatever let them in is used up.
pub async fn come_in(
    page: &Page,
    tx: TenantTx,
    headers: &HeaderMap,
    account: Account,
    next: &str,
) -> Result<Response, Error> {
    match tx.touch_login(account.id, Some(&account.password_hash), page.now()).await? {
        Some(held) => let_in(page, tx, headers, (account, held), next).await,
        // Changed or disabled while it was looked at.
        None => Ok(page.go("/login")),
    }
}

/// The session; and a mail where the account does not know the device.
async fn let_in(
    page: &Page,
    tx: TenantTx,
    headers: &HeaderMap,
    (account, held): (Account, HeldAccount),
    next: &str,
) -> Result<Response, Error> {
    let refused = |error: String| {
        let view = Login { username: account.username.clone(), error, next: next.to_owned(), ..Login::of(page) };
        page.show_again("portal/login.html", &view)
    };
    let Some(session) = opened::session(page, &tx, account.id, account.proofs, None).await? else {
        return refused(page.t("login-ended"));
    };
    if let Some(after) = session.after.filter(|after| after.is_over(page.today())) {
        return refused(page.t_args("after-over", &page.after_words(&after)));
    }
    let cookie = Cookie::device(page.shared(), page.tenant());
    let token = cookie.token(page.shared(), page.tenant(), headers).unwrap_or_else(Token::random);
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (device, id, now) = (access::device(agent), account.id, page.now());
    if tx.meet_device(id, &token.hash_for(id.0), &device, now).await? == Met::New {
        let place = if device.is_empty() { page.t("device-unknown") } else { device.clone() };
        let words = page
            .t_args("notice-new-sign-in-when", &[("when", Arg::from(page.moment(now))), ("device", Arg::from(place))]);
        notices::tell(&tx, page, id, "new_sign_in", json!({ "path": "/account/security", "when": words })).await?;
    }
    let session = Session { device, ..session };
    let opened = doors::open(page, &tx, &session, Some(held)).await?;
    tx.commit().await?;
    let goal = if next.is_empty() { "/dashboard" } else { next };
    let mut response = opened.answer(page, session, goal).await;
    response.headers_mut().append(header::SET_COOKIE, cookie.set(page.shared(), page.tenant(), &token));
    Ok(response)
}

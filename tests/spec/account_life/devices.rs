//! Where an account is signed in, with what, and the mail about a device nobody knows.
use super::{customer, mails, sign_in};
use crate::support::browser::encode;
use crate::support::{Answer, Browser, TestApp, template};
use axum::body::Body;
use axum::http::header;
use busbar::app::demo_command::BookCustomer;

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const CHROME: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36";

async fn with(browser: &mut Browser, agent: &str, who: &BookCustomer) -> Answer {
    let form = format!("username={}&password={}&csrf={}", encode(&who.username), encode(&who.password), browser.csrf);
    let request = browser.request("POST", "/login").header(header::USER_AGENT, agent);
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = browser.send(request.body(Body::from(form)).expect("a request")).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer
}

/// The first sign-in says nothing, a known device neither; an unknown one says so once.
#[tokio::test]
async fn a_sign_in_on_an_unknown_device_is_told_once() {
    let app = TestApp::start().await;
    let who = customer(&app, "cez", 0);
    let mut first = app.browser("cez");
    let answer = with(&mut first, FIREFOX, &who).await;
    let cookie = answer.headers.get_all(header::SET_COOKIE).iter().filter_map(|one| one.to_str().ok());
    let cookie: Vec<&str> = cookie.filter(|one| one.starts_with("device=")).collect();
    assert!(cookie.len() == 1 && cookie[0].contains("HttpOnly; SameSite=Lax"), "{cookie:?}");
    assert!(cookie[0].contains("Path=/VOK;") && cookie[0].contains("Max-Age="), "{cookie:?}");
    first.get("/dashboard").await;
    with(&mut first, FIREFOX, &who).await;
    assert!(mails(&app, "new_sign_in").await.is_empty());
    let mut second = app.browser("cez");
    for _ in 0..2 {
        with(&mut second, CHROME, &who).await;
        second.get("/dashboard").await;
    }
    let told = mails(&app, "new_sign_in").await;
    assert_eq!(told.len(), 1);
    assert!(told[0].body_text.contains("Chrome, Android") && told[0].body_text.contains("/VOK/account/security"));
    // Another account on the same device is another matter: its first sign-in says nothing.
    let other = customer(&app, "cez", 1);
    second.post("/logout", &[]).await;
    with(&mut second, CHROME, &other).await;
    assert_eq!(mails(&app, "new_sign_in").await.len(), 1);
    with(&mut app.browser("cez"), FIREFOX, &other).await;
    assert_eq!(mails(&app, "new_sign_in").await.len(), 2);
    // A made-up cookie is no device, and one of another supplier neither.
    let mut forged = app.browser("cez");
    forged.cookies.insert("device".into(), "AAAA.BBBB".into());
    with(&mut forged, FIREFOX, &who).await;
    assert_eq!(mails(&app, "new_sign_in").await.len(), 3);
}

#[tokio::test]
async fn one_session_is_ended_by_its_button_and_dead_everywhere() {
    let app = TestApp::start().await;
    let (_services, second) = app.another_instance().await;
    let elsewhere = if template::is_production() { &second } else { &app.entry };
    let who = customer(&app, "eon", 0);
    let mut here = app.browser("eon");
    with(&mut here, FIREFOX, &who).await;
    let mut there = app.browser("eon").at(elsewhere);
    with(&mut there, CHROME, &who).await;
    let mut third = app.browser("eon");
    sign_in(&mut third, &who).await;
    let mut another = app.customer("eon", 1).await;
    let page = here.get("/account/security").await;
    let text = page.text();
    for shown in ["Firefox, Linux", "Chrome, Android", "neznámé zařízení", "toto zařízení"] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    let own = page.body.split("Chrome, Android").nth(1).expect("the session");
    let id = own.split("name=\"session\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("its button");
    another.get("/account/security").await;
    another.post("/account/security/session", &[("session", id)]).await;
    assert_eq!(there.get("/dashboard").await.status, 200, "another's button does nothing");
    assert_eq!(here.post("/account/security/session", &[("session", id)]).await.status, 303);
    assert_eq!(there.get("/dashboard").await.status, 303, "ended at once on the other instance");
    assert_eq!((here.get("/dashboard").await.status, third.get("/dashboard").await.status), (200, 200));
}

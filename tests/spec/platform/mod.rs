//! The platform's console.
use crate::support::TestApp;
use axum::body::Body;

pub const NINTH: &str = r#"schema = 1
slug = "devata"
name = { cs = "Devátá energie", en = "Ninth Energy" }
portal = { cs = "Devítka", en = "The Nine" }
theme = "base"

[hosts]
canonical = "devata.localhost"
aliases = []
mount = "/"

[locale]
default = "cs"
enabled = ["cs", "en"]
currency = "CZK"
timezone = "Europe/Prague"

[commodities]
electricity = true
gas = false

[contact]
phone = "+420 800 000 099"
fault_line = "+420 800 000 999"
email = "info@devata.example"
address = "Devátá 9, 199 00 Praha 9"

[outbound]
mail_from = "noreply@devata.example"
"#;

fn multipart(fields: &[(&str, &str)]) -> (String, String) {
    let boundary = "busbar-test-boundary";
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    body.push_str(&format!("--{boundary}--\r\n"));
    (format!("multipart/form-data; boundary={boundary}"), body)
}

pub async fn onboard(app: &TestApp, fields: &[(&str, &str)]) -> crate::support::Answer {
    let mut browser = app.platform_operator().await;
    browser.get("/onboard").await;
    let csrf = browser.csrf.clone();
    let all: Vec<(&str, &str)> = std::iter::once(("csrf", csrf.as_str())).chain(fields.iter().copied()).collect();
    let (kind, body) = multipart(&all);
    let request = browser.request("POST", "/onboard").header("content-type", kind);
    browser.send(request.body(Body::from(body)).expect("a request")).await
}

#[tokio::test]
async fn a_ninth_supplier_goes_live_from_an_uploaded_document_without_a_restart() {
    let app = TestApp::start().await;
    let mut visitor = crate::support::Browser::new(app.entry.clone(), "devata.localhost", "");
    assert_eq!(visitor.get("/").await.status, 421, "nobody yet");
    let answer = onboard(
        &app,
        &[("document_file", NINTH), ("feature", "login_with_credentials"), ("feature", "commodity_electricity")],
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let page = visitor.get("/").await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("Devítka"));
    assert_eq!(visitor.get("/login").await.status, 200);
    assert_eq!(visitor.get("/help").await.status, 404, "help was not bought");
}

#[tokio::test]
async fn a_ninth_supplier_goes_live_from_the_form() {
    let app = TestApp::start().await;
    let fields = [
        ("slug", "desata"),
        ("name_cs", "Desátá"),
        ("portal_cs", "Desítka"),
        ("host", "desata.localhost"),
        ("mount", "/"),
        ("theme", "base"),
        ("phone", "+420 800 000 010"),
        ("email", "info@desata.example"),
        ("address", "Desátá 10, Brno"),
        ("feature", "login_with_credentials"),
        ("feature", "commodity_gas"),
    ];
    let answer = onboard(&app, &fields).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mut visitor = crate::support::Browser::new(app.entry.clone(), "desata.localhost", "");
    assert!(visitor.get("/").await.body.contains("Desítka"));
}

#[tokio::test]
async fn a_bad_document_names_every_mistake_and_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let bad = NINTH.replace("theme = \"base\"", "theme = \"bse\"").replace("gas = false", "gaz = false");
    let answer = onboard(&app, &[("document", &bad)]).await;
    assert_eq!(answer.status, 422);
    let text = answer.text();
    assert!(text.contains("gaz") && text.contains("bse"), "{text}");
    assert!(answer.body.contains("Devátá energie"), "what was typed is kept");
}

#[tokio::test]
async fn a_host_that_is_taken_names_its_owner() {
    let app = TestApp::start().await;
    let taken = NINTH.replace("devata.localhost", "eon.localhost");
    let answer = onboard(&app, &[("document", &taken)]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("eon"), "{}", answer.text());
    assert!(app.browser("eon").get("/").await.body.contains("Energie24"));
}

#[tokio::test]
async fn the_console_lists_all_suppliers_and_shows_one() {
    let app = TestApp::start().await;
    let mut browser = app.platform_operator().await;
    let page = browser.get("/").await;
    for slug in ["3e", "bicorn", "cez", "eon", "pp", "pre", "rwe", "uet"] {
        assert!(page.body.contains(&format!("/tenants/{slug}")), "{slug}");
    }
    assert_eq!(browser.get("/tenants/eon").await.status, 200);
    assert_eq!(browser.get("/tenants/nobody").await.status, 404);
}

#[tokio::test]
async fn the_consoles_pages_do_not_exist_on_a_suppliers_host_nor_the_other_way_round() {
    let app = TestApp::start().await;
    assert_eq!(app.browser("eon").get("/onboard").await.status, 404);
    assert_eq!(app.browser("eon").get("/tenants/eon").await.status, 404);
    let mut console = app.platform_operator().await;
    for path in ["/dashboard", "/invoices", "/operator/features", "/help"] {
        assert_eq!(console.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn messages_sent_are_readable_in_the_demo_and_absent_outside_it() {
    let app = TestApp::start().await;
    let mut browser = app.platform_operator().await;
    assert_eq!(browser.get("/messages").await.status, 200);
    let live = TestApp::start_with(&[("demo.enabled", "false")]).await;
    let mut browser = live.platform_operator().await;
    assert_eq!(browser.get("/messages").await.status, 404);
    assert!(!browser.get("/").await.body.contains("/messages"));
}

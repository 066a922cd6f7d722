//! A passkey in a real browser, with a device that the driver plays: added, and then a sign-in by one press.
use super::chromium::{self, add_authenticator};
use super::pages::{look, sign_in};
use super::serving_at;
use crate::support::{TestApp, template};
use fantoccini::{Client, Locator};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

async fn sees(client: &Client, said: &str) {
    let patience = Instant::now() + Duration::from_secs(20);
    loop {
        let words = match client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default().replace('\u{a0}', " "),
            Err(_) => String::new(),
        };
        if words.contains(said) {
            return;
        }
        let told = chromium::console(client).await;
        assert!(Instant::now() < patience, "no \"{said}\" in {words}; {told:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn presses(client: &Client, css: &str) {
    let button = client.wait().for_element(Locator::Css(css)).await.unwrap_or_else(|_| panic!("no button {css}"));
    button.send_keys("\u{e007}").await.unwrap_or_else(|error| panic!("{css}: {error}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_is_added_and_signs_in_with_one_press() {
    if template::is_production() {
        return;
    }
    // Authenticators know the port too, so the portal has to be where it says it is.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    let app = TestApp::start_with(&[("server.public_port", &port.to_string())]).await;
    serving_at(&app, listener);
    let tenant = app.book.tenants.iter().find(|tenant| tenant.slug == "eon").expect("eon");
    let who = &tenant.customers[0];
    let base = format!("http://{}:{port}{}", tenant.host, tenant.mount.trim_end_matches('/'));
    let client = chromium::start(true).await;
    client.goto(&format!("{base}/login")).await.expect("a page");
    add_authenticator(&client).await;
    sign_in(&client, &base, &who.username, &who.password).await;
    client.goto(&format!("{base}/account/security/passkeys")).await.expect("a page");
    let without = client.find(Locator::Css("[data-passkey-without]")).await.expect("what others are told");
    assert!(!without.is_displayed().await.expect("known"), "this browser can");
    let field = async |name: &str| client.find(Locator::Css(&format!("main input[name={name}]"))).await.expect("there");
    field("name").await.send_keys("Můj telefon").await.expect("typed");
    field("password").await.send_keys(&who.password).await.expect("typed");
    presses(&client, "main button[name=act]").await;
    sees(&client, "Stiskněte tlačítko a potvrďte").await;
    let mut wrong = Vec::new();
    look(&client, "eon", "/account/security/passkeys set up", &mut wrong).await;
    presses(&client, "form[data-passkey] button").await;
    sees(&client, "Klíč je přidaný").await;
    look(&client, "eon", "/account/security/passkeys with one", &mut wrong).await;
    presses(&client, "form[action$='/logout'] button").await;
    client.wait().for_element(Locator::Css(".site-tools a[href$='/login']")).await.expect("outside");
    client.goto(&format!("{base}/login")).await.expect("a page");
    // Signing out clears what the browser keeps, and the console tells so.
    _ = chromium::console(&client).await;
    look(&client, "eon", "/login with a passkey", &mut wrong).await;
    presses(&client, "button[form=passkey]").await;
    client.wait().for_element(Locator::Css(".site-who")).await.expect("signed in, by one press");
    sees(&client, &who.name).await;
    assert!(wrong.is_empty(), "{wrong:#?}");
    // Removed here, it opens nothing, though the device still has it.
    client.goto(&format!("{base}/account/security/passkeys")).await.expect("a page");
    presses(&client, "main a[href*='?remove=']").await;
    sees(&client, "Tímto klíčem se už nikdo nepřihlásí").await;
    field("password").await.send_keys(&who.password).await.expect("typed");
    presses(&client, "main button[name=act]").await;
    sees(&client, "Klíč je odebraný").await;
    presses(&client, "form[action$='/logout'] button").await;
    client.wait().for_element(Locator::Css(".site-tools a[href$='/login']")).await.expect("outside");
    client.goto(&format!("{base}/login")).await.expect("a page");
    presses(&client, "button[form=passkey]").await;
    sees(&client, "Tímto klíčem se přihlásit nejde").await;
    client.close().await.expect("closed");
    let client = chromium::start(false).await;
    client.goto(&format!("{base}/login")).await.expect("a page");
    let button = client.find(Locator::Css("button[form=passkey]")).await.expect("it is there");
    assert!(!button.is_displayed().await.expect("known"), "without script it would do nothing, and is not shown");
    client.close().await.expect("closed");
}

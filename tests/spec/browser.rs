//! A real browser, as a person would use it: a phone's width, the keyboard, no script of ours.
use crate::support::TestApp;
use busbar::app::{router, serve};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use std::net::SocketAddr;
use tokio::net::TcpListener;

async fn serving(app: &TestApp) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    let entry = router::entry(app.services.clone());
    let server = app.config.server.clone();
    tokio::spawn(async move { serve::public(listener, entry, &server, std::future::pending()).await });
    address
}

async fn phone() -> Client {
    let driver = std::env::var("BUSBAR_TEST_CHROMEDRIVER")
        .expect("make test starts chromedriver and sets BUSBAR_TEST_CHROMEDRIVER");
    let profile = std::env::temp_dir().join(format!("busbar-chromium-{}", std::process::id()));
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-sync",
        "--disable-background-networking",
        "--disable-component-update",
        "--window-size=390,844",
        &format!("--user-data-dir={}", profile.display()),
    ];
    let options = json!({ "args": arguments, "prefs": { "profile.managed_default_content_settings.javascript": 2, "intl.accept_languages": "cs" } });
    let mut capabilities = serde_json::Map::new();
    capabilities.insert("goog:chromeOptions".into(), options);
    ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(&driver).await.expect("Chromium starts")
}

async fn text(client: &Client) -> String {
    let body = client.find(Locator::Css("body")).await.expect("a page");
    body.text().await.expect("its words").replace('\u{a0}', " ")
}

/// portal_intuitive_ui
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_on_a_phone_without_script_signs_in_looks_and_leaves() {
    let app = TestApp::start().await;
    let address = serving(&app).await;
    let client = phone().await;
    for slug in ["eon", "cez"] {
        let tenant = app.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight").clone();
        let customer = &tenant.customers[0];
        let base = format!("http://{}:{}{}", tenant.host, address.port(), tenant.mount.trim_end_matches('/'));
        client.goto(&format!("{base}/login")).await.expect("the log-in page");
        let field = |name: &'static str| Locator::Css(name);
        client
            .find(field("input[name=username]"))
            .await
            .expect("a field")
            .send_keys(&customer.username)
            .await
            .expect("typed");
        let password = client.find(field("input[name=password]")).await.expect("a field");
        password.send_keys(&format!("{}\u{e007}", customer.password)).await.expect("typed, then Enter");
        client.wait().for_element(Locator::Css("main h1")).await.expect("a page after signing in");
        let url = client.current_url().await.expect("an address").to_string();
        assert!(url.ends_with("/dashboard"), "{url}: {}", text(&client).await);
        assert!(text(&client).await.contains(&customer.name), "{slug}");
        client.goto(&format!("{base}/supply-points")).await.expect("supply points");
        assert!(text(&client).await.contains("8591824"), "{slug}");
        let leave = client.find(Locator::Css("form[action$='/logout'] button")).await.expect("a way out");
        leave.click().await.expect("clicked");
        client
            .wait()
            .for_element(Locator::Css(".site-tools a[href$='/login']"))
            .await
            .expect("a page that offers to sign in");
        client.goto(&format!("{base}/dashboard")).await.expect("an answer");
        let url = client.current_url().await.expect("an address").to_string();
        assert!(url.contains("/login"), "still inside after signing out: {url}");
    }
    client.close().await.expect("closed");
}

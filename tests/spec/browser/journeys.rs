//! A real browser, as a person would use it: a phone's width, the keyboard, no script of ours.
use super::{chromium, serving};
use crate::support::TestApp;
use fantoccini::{Client, Locator};

async fn text(client: &Client) -> String {
    let body = client.find(Locator::Css("body")).await.expect("a page");
    body.text().await.expect("its words").replace('\u{a0}', " ")
}

/// portal_intuitive_ui
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_on_a_phone_without_script_signs_in_looks_and_leaves() {
    let app = TestApp::start().await;
    let address = serving(&app).await;
    let client = chromium::start(false).await;
    chromium::set_width(&client, 390).await;
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

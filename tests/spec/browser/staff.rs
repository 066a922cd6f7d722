//! The operator's desk, the console and its catalogue of every theme, as a browser sees them.
use super::pages::look;
use super::{chromium, serving};
use crate::support::{TestApp, template};
use fantoccini::{Client, Locator};

async fn sign_in(app: &TestApp, client: &Client, url: &str, member: [&str; 3]) {
    let [username, password, secret] = member;
    let code = busbar::backends::totp::code_at(secret, app.services.clock.now()).expect("the demo's secret is right");
    client.goto(url).await.expect("the door");
    for (name, value) in [("username", username), ("password", password)] {
        let field = client.find(Locator::Id(name)).await.expect("a field");
        field.send_keys(value).await.expect("typed");
    }
    client
        .find(Locator::Id("totp"))
        .await
        .expect("a field")
        .send_keys(&format!("{code}\u{e007}"))
        .await
        .expect("typed");
    client.wait().for_element(Locator::Css(".site-who")).await.expect("a page after signing in");
}

/// The console has its own brand; the catalogue draws every component in every theme.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_the_console_and_every_theme_in_its_catalogue_is_accessible() {
    if template::is_production() {
        // The same pages; the embedded profile has looked at them.
        return;
    }
    let app = TestApp::start().await;
    let address = serving(&app).await;
    let base = format!("http://console.localhost:{}", address.port());
    let client = chromium::start(true).await;
    let member = &app.book.platform[0];
    sign_in(&app, &client, &format!("{base}/login"), [&member.username, &member.password, &member.totp_secret]).await;
    let mut pages: Vec<String> = ["/", "/tenants/eon", "/onboard", "/messages"].map(str::to_owned).into();
    let themes = app.services.compiler.theme_ids();
    assert!(themes.len() >= 9, "eight brands and the base: {themes:?}");
    pages.extend(themes.iter().map(|theme| format!("/catalogue/{theme}")));
    let mut wrong = Vec::new();
    for page in &pages {
        client.goto(&format!("{base}{page}")).await.expect("an answer");
        look(&client, "console", page, &mut wrong).await;
    }
    client.close().await.expect("closed");
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_an_operators_desk_is_accessible() {
    if template::is_production() {
        return;
    }
    let app = TestApp::start().await;
    let address = serving(&app).await;
    let client = chromium::start(true).await;
    let mut wrong = Vec::new();
    for slug in ["eon", "pre"] {
        let tenant = app.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight");
        let base = format!("http://{}:{}{}", tenant.host, address.port(), tenant.mount.trim_end_matches('/'));
        let lead = tenant.staff.iter().find(|member| member.role == "lead").expect("a lead");
        let member = [lead.username.as_str(), &lead.password, &lead.totp_secret];
        sign_in(&app, &client, &format!("{base}/operator/login"), member).await;
        for page in ["/operator", "/operator/requests", "/operator/features", "/operator/features/info_settlements"] {
            client.goto(&format!("{base}{page}")).await.expect("an answer");
            look(&client, slug, page, &mut wrong).await;
        }
    }
    client.close().await.expect("closed");
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

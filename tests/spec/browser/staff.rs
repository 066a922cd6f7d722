//! The operator's desk, the console and its catalogue of every theme, as a browser sees them.
use super::pages::look;
use super::{chromium, serving};
use crate::staff;
use crate::support::{TestApp, template};
use fantoccini::{Client, Locator};

/// With the code an authenticator shows so many seconds from now: each counts once.
async fn sign_in(app: &TestApp, client: &Client, url: &str, member: [&str; 3], later: i64) {
    let [username, password, secret] = member;
    let at = app.services.clock.now() + time::Duration::seconds(later);
    let code = busbar::backends::totp::code_at(secret, at).expect("the secret is right");
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

/// A member of the demo's staff at their desk.
pub async fn enters(app: &TestApp, client: &Client, base: &str, slug: &str, role: &str) {
    let tenant = app.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight");
    let member = tenant.staff.iter().find(|member| member.role == role).expect("the demo has this role");
    let credentials = [member.username.as_str(), &member.password, &member.totp_secret];
    sign_in(app, client, &format!("{base}/operator/login"), credentials, 0).await;
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
    sign_in(&app, &client, &format!("{base}/login"), [&member.username, &member.password, &member.totp_secret], 0)
        .await;
    let mut pages: Vec<String> =
        ["/", "/tenants/eon", "/tenants/eon/lead", "/onboard", "/messages"].map(str::to_owned).into();
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
        sign_in(&app, &client, &format!("{base}/operator/login"), member, 0).await;
        let pages = [
            "/operator",
            "/operator/requests",
            "/operator/features",
            "/operator/features/info_settlements",
            "/operator/staff",
            "/operator/staff/new",
            "/operator/customers",
            "/operator/customers?q=Praha",
            "/operator/terms",
            "/operator/messages",
            "/operator/messages/letters",
            "/operator/webhooks",
            "/operator/webhooks/new",
        ];
        // Of outages only who offers their notices.
        let outages = ["/operator/outages", "/operator/outages/new", "/operator/outages/import", "/operator/api-keys"];
        let outages = outages.into_iter().filter(|_| slug == "eon");
        for page in pages.into_iter().chain(outages) {
            client.goto(&format!("{base}{page}")).await.expect("an answer");
            look(&client, slug, page, &mut wrong).await;
        }
    }
    client.close().await.expect("closed");
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

async fn fill(client: &Client, name: &str, value: &str) {
    let field = client.find(Locator::Css(&format!("main input[name={name}]"))).await.expect("a field");
    field.clear().await.expect("empty");
    field.send_keys(value).await.expect("typed");
}

async fn press(client: &Client, then: &str) {
    // However far down it stands.
    client.execute("document.querySelector('main form .btn--primary').click()", Vec::new()).await.expect("pressed");
    client.wait().for_element(Locator::Css(then)).await.expect("an answer");
}

/// From the mail to the desk on a phone: the secret is typed from the page, a mistake keeps the page, and the way in works again
/// afterwards. The pages a lead works with are looked at, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_invited_enrols_on_a_phone_and_signs_in() {
    if template::is_production() {
        return;
    }
    let app = TestApp::start().await;
    let address = serving(&app).await;
    let mut lead = app.operator("cez", "lead").await;
    staff::invite(&mut lead).await;
    let link = staff::newest_link(&app, "staff_invitation", "/VOK").await;
    let tenant = app.book.tenants.iter().find(|tenant| tenant.slug == "cez").expect("one of the eight");
    let base = format!("http://{}:{}/VOK", tenant.host, address.port());
    let client = chromium::start(true).await;
    let mut wrong = Vec::new();
    client.goto(&format!("{base}{link}")).await.expect("the invitation");
    look(&client, "cez", "/operator/invitation", &mut wrong).await;
    chromium::set_width(&client, 390).await;
    let secret = client.find(Locator::Css("main code")).await.expect("a secret").text().await.expect("its letters");
    let secret = secret.replace(' ', "");
    fill(&client, "new", "krátké").await;
    fill(&client, "totp", "000000").await;
    press(&client, ".mistakes").await;
    // The 422 stands in the console, rightly.
    _ = chromium::console(&client).await;
    look(&client, "cez", "/operator/invitation/mistakes", &mut wrong).await;
    chromium::set_width(&client, 390).await;
    let code = |later| {
        let at = app.services.clock.now() + time::Duration::seconds(later);
        busbar::backends::totp::code_at(&secret, at).expect("a code")
    };
    fill(&client, "new", staff::NEW).await;
    fill(&client, "totp", &code(0)).await;
    press(&client, ".site-who").await;
    let url = client.current_url().await.expect("an address").to_string();
    assert!(url.ends_with("/VOK/operator"), "{url}");
    let leave = client.find(Locator::Css("form[action$='/operator/logout'] button")).await.expect("a way out");
    leave.click().await.expect("clicked");
    client.wait().for_element(Locator::Id("totp")).await.expect("the door");
    sign_in(&app, &client, &format!("{base}/operator/login"), ["karel.cap", staff::NEW, &secret], 30).await;
    client.goto(&format!("{base}{link}")).await.expect("the invitation again");
    client.wait().for_element(Locator::Css(".notice--warn")).await.expect("it says so");
    _ = chromium::console(&client).await;
    look(&client, "cez", "/operator/invitation/used", &mut wrong).await;
    client.close().await.expect("closed");
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// The list with somebody invited, and a member's page.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pages_a_lead_looks_after_the_staff_with_are_accessible() {
    if template::is_production() {
        return;
    }
    let app = TestApp::start().await;
    let base = format!("http://eon.localhost:{}", serving(&app).await.port());
    let client = chromium::start(true).await;
    let tenant = app.book.tenants.iter().find(|tenant| tenant.slug == "eon").expect("one of the eight");
    let lead = tenant.staff.iter().find(|member| member.role == "lead").expect("a lead");
    let member = [lead.username.as_str(), &lead.password, &lead.totp_secret];
    sign_in(&app, &client, &format!("{base}/operator/login"), member, 0).await;
    let mut wrong = Vec::new();
    client.goto(&format!("{base}/operator/staff/new")).await.expect("a form");
    press(&client, ".mistakes").await;
    _ = chromium::console(&client).await;
    look(&client, "eon", "/operator/staff/new/mistakes", &mut wrong).await;
    fill(&client, "name", "Karel Čáp").await;
    fill(&client, "email", "karel.cap@example.cz").await;
    fill(&client, "username", "karel.cap").await;
    client.find(Locator::Css("main input[value=branch]")).await.expect("a role").click().await.expect("chosen");
    press(&client, ".notice--ok").await;
    look(&client, "eon", "/operator/staff/invited", &mut wrong).await;
    client.find(Locator::Css("main tbody a")).await.expect("a member").click().await.expect("clicked");
    client.wait().for_element(Locator::Css("#factor")).await.expect("a member's page");
    look(&client, "eon", "/operator/staff/member", &mut wrong).await;
    client.close().await.expect("closed");
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

//! The life of an account: what it asks besides the password, where it is signed in, how its owner is reached, how it ends.
mod afterwards;
mod closing;
mod devices;
mod factor;
mod passkeys;
mod reach;

use crate::support::{Answer, Browser, TestApp};
use busbar::app::demo_command::BookCustomer;
use busbar::backends::totp;

pub fn customer(app: &TestApp, slug: &str, index: usize) -> BookCustomer {
    app.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight").customers[index].clone()
}

/// Mails of a kind that were sent so far.
pub async fn mails(app: &TestApp, kind: &str) -> Vec<busbar::data::SentMessage> {
    app.messages().await.into_iter().filter(|one| one.kind == kind).collect()
}

/// The password alone, and where that leads.
pub async fn sign_in(browser: &mut Browser, who: &BookCustomer) -> Answer {
    browser.post("/login", &[("username", &who.username), ("password", &who.password)]).await
}

/// What of an address comes after the mount.
pub fn within(browser: &Browser, location: &str) -> String {
    location.strip_prefix(&browser.mount).unwrap_or(location).to_owned()
}

pub fn code(app: &TestApp, secret: &str, steps: i64) -> String {
    totp::code_at(secret, app.services.clock.now() + time::Duration::seconds(30 * steps)).expect("a code")
}

/// Turns the second factor on with the code of the step before; the secret, and the recovery codes.
pub async fn turn_on(app: &TestApp, browser: &mut Browser, who: &BookCustomer) -> (String, Vec<String>) {
    // What follows fits into the half minute that a code lasts.
    while app.services.clock.now().unix_timestamp() % 30 > 14 {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    let form = browser.get("/account/security/factor").await;
    assert_eq!(form.status, 200, "{}", form.text());
    let page = browser.post("/account/security/factor", &[("act", "begin"), ("password", &who.password)]).await;
    assert!(page.status == 200 && page.body.contains("class=\"qr\""), "{}", page.text());
    let secret = page.body.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).expect("the secret");
    let secret = secret.replace(' ', "");
    let token = crate::support::value_of(&page, "token");
    let fields = [("act", "confirm"), ("token", token.as_str()), ("code", &code(app, &secret, -1))];
    let done = browser.post("/account/security/factor", &fields).await;
    assert!(done.status == 200 && done.text().contains("Záložní kódy"), "{}", done.text());
    let codes = done.body.split("<code>").skip(1).filter_map(|rest| rest.split('<').next()).map(str::to_owned);
    (secret, codes.collect())
}

//! Several people for one customer, several customers for one log-in, and what must be proved before what may be done.
mod assurance;
mod customers;
mod invitations;
mod readers;

use crate::support::{Answer, Browser, TestApp, ids_of, value_of};
use busbar::app::demo_command::BookCustomer;
use busbar::backends::keys::Purpose;
use busbar::data::NewAccount;
use busbar::domain::access::{Proofs, normalised_code};
use busbar::domain::ids::{AccountId, CustomerId};

pub const PASSWORD: &str = "sedm modrých slonů na ledě";

pub fn book(app: &TestApp, slug: &str, index: usize) -> BookCustomer {
    app.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight").customers[index].clone()
}

/// The newest mail of the kind, as its link goes on from the portal's own address.
pub async fn link(app: &TestApp, kind: &str, mount: &str) -> String {
    let sent = app.messages().await;
    let newest = sent.iter().filter(|one| one.kind == kind).max_by_key(|one| one.id);
    let body = &newest.unwrap_or_else(|| panic!("no {kind} was sent")).body_text;
    let link = body[body.find("http").expect("a link")..].split_whitespace().next().expect("a link");
    let rest = link.splitn(4, '/').nth(3).map(|rest| format!("/{rest}")).expect("a path");
    rest.strip_prefix(mount).unwrap_or(&rest).to_owned()
}

pub fn token(path: &str) -> String {
    path.split("token=").nth(1).expect("a token").to_owned()
}

pub async fn invite(app: &TestApp, owner: &mut Browser, role: &str, until: &str) -> String {
    owner.get("/account/people").await;
    let form = [("email", "pozvana@example.cz"), ("role", role), ("until", until)];
    let answer = owner.post("/account/people/invite", &form).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    link(app, "invitation", &owner.mount).await
}

/// Somebody who was invited and chose a username and a password of their own.
pub async fn invited(app: &TestApp, owner: &mut Browser, slug: &str, role: &str, username: &str) -> Browser {
    let path = invite(app, owner, role, "").await;
    let mut browser = app.browser(slug);
    let answer = join(&mut browser, &path, username).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    browser
}

pub async fn join(browser: &mut Browser, path: &str, username: &str) -> Answer {
    let form = browser.get(path).await;
    assert_eq!(form.status, 200, "{}", form.text());
    let token = value_of(&form, "token");
    browser.post("/invitation", &[("token", &token), ("username", username), ("new", PASSWORD)]).await
}

pub async fn sign_in(app: &TestApp, slug: &str, username: &str, password: &str) -> (Browser, Answer) {
    let mut browser = app.browser(slug);
    let answer = browser.post("/login", &[("username", username), ("password", password)]).await;
    (browser, answer)
}

/// The account on the page of people that is not the person's own.
pub fn account_on(page: &Answer, username: &str) -> String {
    let row = page.body.split("<li class=\"stack\">").find(|row| row.contains(&format!("<bdi>{username}</bdi>")));
    let row = row.unwrap_or_else(|| panic!("nobody called {username}: {}", page.text()));
    let value = row.split("name=\"account\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    value.unwrap_or_else(|| panic!("nothing to end: {row}")).to_owned()
}

/// What the printing desk keeps of a code.
pub fn letter_hash(app: &TestApp, slug: &str, account: AccountId, code: &str) -> [u8; 32] {
    let tenant = app.services.registry.by_slug(slug).expect("one of the eight").id;
    let key = app.services.master.derive(tenant, Purpose::LetterCode);
    key.digest(format!("{account} {}", normalised_code(code)).as_bytes())
}

/// A log-in of the tenant's customer whose owner is known by these proofs alone.
pub async fn known_by(app: &TestApp, slug: &str, index: usize, proofs: Proofs) -> (Browser, AccountId, CustomerId) {
    let tenant = app.services.registry.by_slug(slug).expect("one of the eight").id;
    let hash = app.services.hasher.hash(PASSWORD).await.expect("a hash");
    let tx = app.services.db.tenant(tenant).begin().await.expect("a transaction");
    let (_, customer) = ids_of(&tx, &book(app, slug, index).username).await;
    let account = NewAccount::of(AccountId::new(), "znama.osoba", &hash, customer, app.services.clock.now());
    let account = NewAccount { proofs, email: Some("osoba@example.cz".into()), ..account };
    tx.insert_accounts(std::slice::from_ref(&account)).await.expect("an account");
    tx.insert_acceptances(&[account.id], 1, app.services.clock.now()).await.expect("terms accepted");
    tx.commit().await.expect("kept");
    let (browser, answer) = sign_in(app, slug, "znama.osoba", PASSWORD).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    (browser, account.id, customer)
}

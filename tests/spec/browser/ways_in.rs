//! Every way to an account as people go it: on a phone, without script; and the pages of each, whole and accessible.
use super::pages::look;
use super::{chromium, serving};
use crate::access::letters;
use crate::suppliers::access::desk;
use crate::support::applicant::{EMAIL, PASSWORD, after, on_the_bill, path_in};
use crate::support::{Browser, TestApp, template, value_of};
use fantoccini::{Client, Locator};
use std::net::SocketAddr;

/// A stranger with a bill of one supplier, at a browser.
struct Person<'a> {
    app: &'a TestApp,
    client: &'a Client,
    slug: &'static str,
    base: String,
}

impl<'a> Person<'a> {
    fn of(app: &'a TestApp, client: &'a Client, address: SocketAddr, slug: &'static str) -> Person<'a> {
        let tenant = app.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight");
        let base = format!("http://{}:{}{}", tenant.host, address.port(), tenant.mount.trim_end_matches('/'));
        Person { app, client, slug, base }
    }

    async fn goes(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.base)).await.expect("a page");
    }

    async fn fills(&self, name: &str, value: &str) {
        let field = self.client.find(Locator::Css(&format!("main [name=\"{name}\"]"))).await;
        let field = field.unwrap_or_else(|_| panic!("{}: no field {name}", self.slug));
        field.send_keys(value).await.expect("typed");
    }

    /// Presses Enter in a field, and waits until the page says so.
    async fn enters(&self, name: &str, said: &str) {
        let field = self.client.find(Locator::Css(&format!("main [name=\"{name}\"]"))).await.expect("a field");
        field.send_keys("\u{e007}").await.expect("entered");
        self.sees(said).await;
    }

    async fn presses(&self, said: &str) {
        let button = self.client.find(Locator::Css("main form .btn--primary")).await.expect("a button");
        button.send_keys("\u{e007}").await.expect("pressed");
        self.sees(said).await;
    }

    async fn sees(&self, said: &str) {
        let patience = std::time::Instant::now() + std::time::Duration::from_secs(20);
        loop {
            let words = match self.client.find(Locator::Css("body")).await {
                Ok(body) => body.text().await.unwrap_or_default().replace('\u{a0}', " "),
                Err(_) => String::new(),
            };
            if words.contains(said) {
                return;
            }
            assert!(std::time::Instant::now() < patience, "{}: no \"{said}\" in {words}", self.slug);
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    /// From the log-in page to the form, filled in as on the bill, and sent.
    async fn applies(&self, said: &str) {
        self.goes("/login").await;
        let way = self.client.find(Locator::Css("main a[href$='/registration']")).await.expect("a way for strangers");
        way.send_keys("\u{e007}").await.expect("followed");
        self.sees("Jak to proběhne").await;
        let who = self.app.applicant(self.slug);
        let tenant = self.app.services.registry.by_slug(self.slug).expect("one of the eight");
        for what in tenant.document.access.identifiers() {
            self.fills(what.key(), &on_the_bill(&who, what)).await;
        }
        self.fills("email", EMAIL).await;
        self.enters("email", said).await;
    }

    /// Opens the link of the newest mail of a kind.
    async fn follows(&self, kind: &str, said: &str) {
        let mail = self.app.mails(kind, 1).await.pop().expect("a mail");
        let browser = self.app.browser(self.slug);
        self.goes(&path_in(&browser, &mail.body_text)).await;
        self.sees(said).await;
    }

    async fn signs_in(&self, username: &str, password: &str, said: &str) {
        self.goes("/login").await;
        self.fills("username", username).await;
        self.fills("password", password).await;
        self.enters("password", said).await;
    }

    /// In with an issued password, through the choice of one's own, to the terms and on.
    async fn chooses_own(&self, username: &str, issued: &str) {
        self.signs_in(username, issued, "Zvolte si nové heslo").await;
        self.fills("new", PASSWORD).await;
        self.enters("new", "Heslo je změněné").await;
        self.signs_in(username, PASSWORD, "Odhlásit se").await;
    }

    async fn leaves(&self) {
        let leave = self.client.find(Locator::Css("form[action$='/logout'] button")).await.expect("a way out");
        leave.send_keys("\u{e007}").await.expect("pressed");
        self.client.wait().for_element(Locator::Css(".site-tools a[href$='/login']")).await.expect("outside");
    }
}

fn issued(words: &str) -> String {
    let is = |word: &&str| word.len() == 19 && word.matches('-').count() == 3;
    words.split_whitespace().find(is).unwrap_or_else(|| panic!("no password: {words}")).to_owned()
}

/// access_self_registration, access_own_credentials (3E, ČEZ, RWE); access_password_issued (PP); access_extra_verification (Bicorn)
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_come_by_access_alone_on_a_phone_without_script() {
    if template::is_production() {
        return;
    }
    let app = TestApp::start().await;
    let address = serving(&app).await;
    let client = chromium::start(false).await;
    chromium::set_width(&client, 390).await;
    for slug in ["3e", "cez", "rwe"] {
        let person = Person::of(&app, &client, address, slug);
        person.applies("najdete do několika minut").await;
        person.follows("registration_link", "Dokončení registrace").await;
        person.fills("username", "novak.jan").await;
        person.fills("new", PASSWORD).await;
        person.enters("new", "Přístup je vytvořen").await;
        person.signs_in("novak.jan", PASSWORD, "Odhlásit se").await;
        person.leaves().await;
    }
    let person = Person::of(&app, &client, address, "pp");
    person.applies("najdete do několika minut").await;
    person.follows("registration_link", "Dokončení registrace").await;
    person.fills("username", "novak.jan").await;
    person.enters("username", "Přístup je vytvořen").await;
    let mail = app.mails("access_password", 1).await.remove(0);
    person.chooses_own("novak.jan", &issued(&app.words_as_sent(&mail))).await;
    person.leaves().await;
    let person = Person::of(&app, &client, address, "bicorn");
    person.applies("najdete do několika minut").await;
    person.follows("registration_link", "Pošleme kód v SMS").await;
    person.presses("Opište kód").await;
    let words = app.sms_words().await;
    person.fills("code", &words[words.len() - 6..]).await;
    person.enters("code", "Přístup je vytvořen").await;
    let mail = app.mails("access_password", 2).await.pop().expect("a mail");
    let words = app.words_as_sent(&mail);
    person.chooses_own(after(&words, "Uživatelské jméno:"), &issued(&words)).await;
    client.close().await.expect("closed");
}

async fn approves(clerk: &mut Browser, reference: &str, number: &str) {
    let path = format!("/operator/requests/{reference}/access");
    let form = clerk.get(&path).await;
    let version = value_of(&form, "version");
    assert_eq!(clerk.post(&path, &[("version", &version), ("customer", number)]).await.status, 303);
}

/// access_invoice_identification, access_password_by_registered_letter (E.ON); access_online_request_form, access_request_at_branch (PRE);
/// access_given_at_contract_signing (UET); access_staff_registration_at_signing, access_dealer_registration (3E)
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_come_by_access_with_the_suppliers_hand_on_a_phone_without_script() {
    if template::is_production() {
        return;
    }
    let app = TestApp::start().await;
    let address = serving(&app).await;
    let client = chromium::start(false).await;
    chromium::set_width(&client, 390).await;

    let person = Person::of(&app, &client, address, "eon");
    person.applies("číslo žádosti").await;
    let received = app.mails("access_received", 1).await.remove(0);
    let mut clerk = app.operator("eon", "clerk").await;
    approves(&mut clerk, after(&received.body_text, "Číslo žádosti:"), &app.applicant("eon").number).await;
    let letter = letters::words_of(&letters::print(&mut clerk).await.bytes);
    let mail = app.mails("access_username", 1).await.remove(0);
    person.chooses_own(after(&mail.body_text, "Uživatelské jméno:"), &issued(&letter)).await;
    person.leaves().await;

    let person = Person::of(&app, &client, address, "pre");
    person.applies("Číslo žádosti").await;
    let received = app.mails("access_received", 2).await.pop().expect("a mail");
    let mut clerk = app.operator("pre", "clerk").await;
    approves(&mut clerk, after(&received.body_text, "Číslo žádosti:"), &app.applicant("pre").number).await;
    person.follows("access_activation", "Zvolte si nové heslo").await;
    person.fills("new", PASSWORD).await;
    person.enters("new", "Heslo je změněné").await;
    person.signs_in(&app.applicant("pre").number, PASSWORD, "Odhlásit se").await;
    person.leaves().await;

    let person = Person::of(&app, &client, address, "uet");
    let mut staff = app.operator("uet", "clerk").await;
    let signed = desk::signs(&mut staff, "S-1", &[("wish", "")]).await;
    let path = desk::within(&signed);
    let sheet = letters::words_of(&staff.post(&path, &[("act", "sheet")]).await.bytes);
    person.chooses_own("7700001", &issued(&sheet)).await;
    person.leaves().await;

    let person = Person::of(&app, &client, address, "3e");
    let mut staff = app.operator("3e", "clerk").await;
    let signed = desk::signs(&mut staff, "S-1", &[]).await;
    let path = desk::within(&signed);
    let hand = staff.post(&path, &[("act", "hand")]).await;
    let token = hand.body.split("token=").nth(1).and_then(|rest| rest.split('"').next()).expect("a token");
    person.goes(&format!("/registration/finish?token={token}")).await;
    person.presses("Opište kód").await;
    let mail = app.mails("access_code", 1).await.remove(0);
    let words = app.words_as_sent(&mail);
    person.fills("code", after(&words, "kód pro registraci do portálu je:")).await;
    person.fills("username", "nova.zakaznice").await;
    person.fills("new", PASSWORD).await;
    person.enters("new", "Přístup je vytvořen").await;
    person.signs_in("nova.zakaznice", PASSWORD, "Odhlásit se").await;
    person.leaves().await;

    let mut dealer = app.operator("3e", "dealer").await;
    let other = [("number", "7700002"), ("code", "859182400100000011"), ("wish", "")];
    let signed = desk::signs(&mut dealer, "S-2", &other).await;
    let path = desk::within(&signed);
    assert_eq!(dealer.post(&path, &[("act", "register")]).await.status, 303);
    let mail = app.mails("access_password", 1).await.pop().expect("a mail");
    person.chooses_own("7700002", &issued(&app.words_as_sent(&mail))).await;
    client.close().await.expect("closed");
}

/// What strangers and the desk see on these ways, with axe, at 320 px, on a quiet console.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_ways_in_are_whole_and_accessible() {
    if template::is_production() {
        return;
    }
    let app = TestApp::start().await;
    let address = serving(&app).await;
    let client = chromium::start(true).await;
    let mut wrong = Vec::new();
    let person = Person::of(&app, &client, address, "bicorn");
    person.applies("najdete do několika minut").await;
    look(&client, "bicorn", "/registration (sent)", &mut wrong).await;
    person.follows("registration_link", "Dokončení registrace").await;
    look(&client, "bicorn", "/registration/finish", &mut wrong).await;
    person.presses("Opište kód").await;
    look(&client, "bicorn", "/registration/code", &mut wrong).await;
    let person = Person::of(&app, &client, address, "eon");
    person.applies("číslo žádosti").await;
    let received = app.mails("access_received", 1).await.remove(0);
    let reference = after(&received.body_text, "Číslo žádosti:").to_owned();
    super::staff::enters(&app, &client, &person.base, "eon", "lead").await;
    for path in [format!("/operator/requests/{reference}"), format!("/operator/requests/{reference}/access")] {
        person.goes(&path).await;
        look(&client, "eon", &path, &mut wrong).await;
    }
    person.presses("přístup vytvořen").await;
    person.goes("/operator/access").await;
    look(&client, "eon", "/operator/access", &mut wrong).await;
    let person = Person::of(&app, &client, address, "pre");
    super::staff::enters(&app, &client, &person.base, "pre", "lead").await;
    for path in ["/operator/branch", "/operator/signings", "/operator/signings/new"] {
        person.goes(path).await;
        look(&client, "pre", path, &mut wrong).await;
    }
    client.close().await.expect("closed");
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

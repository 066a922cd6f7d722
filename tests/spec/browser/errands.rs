//! What a customer comes for, on a phone: from the dashboard to the receipt in three presses, with a slip on the way.
use super::pages::sign_in;
use super::{chromium, serving};
use crate::support::{TestApp, template};
use fantoccini::elements::Element;
use fantoccini::{Client, Locator};
use std::time::{Duration, Instant};

/// How far the page is wider than the window.
const OVER: &str = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
/// Just into view: what stands fixed at the window's edge must not cover it.
const SCROLL: &str = "arguments[0].scrollIntoView({ block: 'nearest' })";
const AT: &str = "return document.activeElement.id || document.activeElement.className";

/// A phone at one supplier's portal, and how often a link or a button was pressed since the dashboard.
struct Phone<'a> {
    client: &'a Client,
    base: String,
    password: String,
    presses: usize,
}

/// One errand whose page is a form: a slip first, then what is right.
struct Errand {
    /// Where its link on the dashboard leads.
    link: &'static str,
    /// Typed first: what is wrong about the named field, and what is right beside it.
    slip: (&'static str, &'static str),
    beside: (&'static str, &'static str),
    /// What the wrong field gets in the end.
    right: &'static str,
    /// A choice that goes with it.
    option: Option<&'static str>,
    kind: &'static str,
}

/// The state of the meter before, and so much more.
const NEXT: &str = "the next state";

const READING: Errand = Errand {
    link: "/readings/new",
    slip: ("nt", "1"),
    beside: ("vt", NEXT),
    right: NEXT,
    option: None,
    kind: "Samoodečet",
};
const CONTACT: Errand = Errand {
    link: "/account/contact",
    slip: ("phone", "12345678"),
    beside: ("email", "zakaznik1@pre.example"),
    right: "777 123 456",
    option: None,
    kind: "Kontakty",
};
const ADVANCE: Errand = Errand {
    link: "/advances/change",
    slip: ("amount", "0"),
    beside: ("amount", "0"),
    right: "2 500",
    option: None,
    kind: "Výše zálohy",
};
const PAYMENT: Errand = Errand {
    link: "/account/payment-method",
    slip: ("sipo", "12345"),
    beside: ("sipo", "12345"),
    right: "1234567890",
    option: Some("input[name=method][value=sipo]"),
    kind: "Způsob placení",
};
const SETTLEMENT: Errand = Errand {
    link: "/extraordinary-settlement",
    slip: ("nt", "1"),
    beside: ("vt", NEXT),
    right: NEXT,
    option: None,
    kind: "Mimořádné vyúčtování",
};
const QUESTION: Errand = Errand {
    link: "/questions/new",
    slip: ("subject", ""),
    beside: ("words", "Jak přepíšu odběr na syna?"),
    right: "Přepis odběru",
    option: None,
    kind: "Dotaz",
};

impl Phone<'_> {
    async fn find(&self, css: &str) -> Element {
        let found = self.client.wait().for_element(Locator::Css(css)).await;
        let at = self.client.current_url().await.expect("an address");
        found.unwrap_or_else(|error| panic!("{at}: no {css}: {error}"))
    }

    async fn words(&self, css: &str) -> String {
        self.find(css).await.text().await.expect("its words").replace('\u{a0}', " ")
    }

    async fn type_into(&self, field: &str, words: &str) {
        let words = if words == NEXT { self.next_state(field).await } else { words.to_owned() };
        let field = self.find(&format!("#{field}")).await;
        field.clear().await.expect("emptied");
        field.send_keys(&words).await.expect("typed");
    }

    async fn typed(&self, field: &str) -> String {
        self.find(&format!("#{field}")).await.prop("value").await.expect("an answer").unwrap_or_default()
    }

    async fn next_state(&self, register: &str) -> String {
        let hint = self.words(&format!("#{register}-hint")).await;
        let last = hint.split("Minule").nth(1).and_then(|rest| rest.split('(').next()).expect("the last state");
        let digits: String = last.chars().filter(char::is_ascii_digit).collect();
        (digits.parse::<u64>().expect("a state") + 120).to_string()
    }

    async fn tap(&self, css: &str) {
        let found = self.find(css).await;
        let argument = serde_json::to_value(&found).expect("an element has a number");
        self.client.execute(SCROLL, vec![argument]).await.expect("scrolled");
        found.click().await.unwrap_or_else(|error| panic!("{css}: {error:.300}"));
    }

    /// What was pressed has led to where `then` is, and that page is no wider than the phone.
    async fn press(&mut self, css: &str, then: &str) {
        self.tap(css).await;
        self.find(then).await;
        self.presses += 1;
        let over = self.client.execute(OVER, Vec::new()).await.expect("measured");
        let at = self.client.current_url().await.expect("an address");
        assert_eq!(over.as_i64(), Some(0), "{at} is too wide at 390 px");
    }

    async fn start(&mut self) {
        self.client.goto(&format!("{}/dashboard", self.base)).await.expect("the dashboard");
        self.presses = 0;
    }

    /// Sent wrong: the summary is where the keyboard is and leads to the field, and nothing typed is lost.
    async fn slip(&mut self, errand: &Errand) {
        let (field, wrong) = errand.slip;
        self.type_into(errand.beside.0, errand.beside.1).await;
        self.type_into(field, wrong).await;
        let beside = self.typed(errand.beside.0).await;
        self.press("main form .btn--primary", ".mistakes").await;
        // A slip is a press more than the errand takes.
        self.presses -= 1;
        // The page's own script puts it there, a moment after the words stand.
        let patience = Instant::now() + Duration::from_secs(5);
        loop {
            let at = self.client.execute(AT, Vec::new()).await.expect("an answer");
            if at.as_str().is_some_and(|at| at.contains("mistakes")) {
                break;
            }
            assert!(Instant::now() < patience, "the keyboard is at {at}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let said = self.words(&format!("#{field}-error")).await;
        assert!(said.len() > 10 && self.words(".mistakes").await.contains(&said), "{field}: {said}");
        assert_eq!(self.typed(field).await, wrong, "{field} is not kept");
        assert_eq!(self.typed(errand.beside.0).await, beside, "{} is not kept", errand.beside.0);
        self.tap(&format!(".mistakes a[href='#{field}']")).await;
        let at = self.client.execute(AT, Vec::new()).await.expect("an answer");
        assert_eq!(at.as_str(), Some(field), "the summary leads to its field");
    }

    async fn run(&mut self, errand: &Errand) {
        self.start().await;
        self.press(&format!("main a[href$='{}']", errand.link), "main form .btn--primary").await;
        if let Some(option) = errand.option {
            self.tap(option).await;
        }
        self.slip(errand).await;
        self.type_into(errand.slip.0, errand.right).await;
        self.press("main form .btn--primary", "button[value=send]").await;
        // Asked where something is odd; a tick, no step.
        if self.client.find(Locator::Css("input[name=sure]")).await.is_ok() {
            self.tap("input[name=sure]").await;
        }
        // Another address or another account is proved.
        if self.client.find(Locator::Css("#password")).await.is_ok() {
            let password = self.password.clone();
            self.type_into("password", &password).await;
        }
        self.press("button[value=send]", ".receipt").await;
        let number = self.words(".receipt__number").await;
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        assert!(digits == 8 && number.len() == 10, "{number} is no number of a request");
        assert_eq!(self.presses, 3, "{}: the link, the form, what was looked over", errand.link);
        self.is_listed(errand.kind, &number).await;
    }

    /// *My requests* begin with it.
    async fn is_listed(&self, kind: &str, number: &str) {
        self.client.goto(&format!("{}/requests", self.base)).await.expect("my requests");
        let newest = self.words("main tbody tr").await;
        assert!(newest.contains(number) && newest.contains(kind), "{kind} {number} is not first: {newest}");
    }

    /// Office, topic and time are one choice of the nearest; who wants another time takes one press more. Nothing is typed, so the slip is
    /// an old link.
    async fn books_a_visit(&mut self) {
        const NEAREST: &str = "main a[href*='topic='][href*='at=']";
        const MORE: &str = "main a[href*='topic=']:not([href*='at='])";
        self.start().await;
        self.press("main a[href$='/visits/new']", NEAREST).await;
        self.press(MORE, NEAREST).await;
        let slots = self.client.current_url().await.expect("an address");
        self.client.goto(&format!("{slots}&at=2020-01-06T08:00")).await.expect("an answer");
        assert!(self.words(".notice[role=alert]").await.contains("Vyberte si prosím"));
        self.start().await;
        self.press("main a[href$='/visits/new']", NEAREST).await;
        self.press(NEAREST, "main form .btn--primary").await;
        self.press("main form .btn--primary", ".receipt").await;
        assert_eq!(self.presses, 3, "the link, the time, what was looked over");
        let number = self.words(".receipt__number").await;
        self.is_listed("Návštěva kanceláře", &number).await;
    }
}

async fn every_errand(script: bool) {
    if template::is_production() {
        // The same pages; the embedded profile has run them.
        return;
    }
    let app = TestApp::start().await;
    let port = serving(&app).await.port();
    let client = chromium::start(script).await;
    chromium::set_width(&client, 390).await;
    chromium::set_scheme(&client, "light").await;
    let suppliers: [(&str, &[Errand]); 3] =
        [("3e", &[READING]), ("pre", &[CONTACT, ADVANCE, PAYMENT, SETTLEMENT]), ("pp", &[QUESTION])];
    for (slug, errands) in suppliers {
        let tenant = app.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight");
        let base = format!("http://{}:{port}{}", tenant.host, tenant.mount.trim_end_matches('/'));
        sign_in(&client, &base, &tenant.customers[0].username, &tenant.customers[0].password).await;
        let password = tenant.customers[0].password.clone();
        let mut phone = Phone { client: &client, base, password, presses: 0 };
        for errand in errands {
            phone.run(errand).await;
        }
        if slug == "pp" {
            phone.books_a_visit().await;
        }
    }
    client.close().await.expect("closed");
}

/// portal_intuitive_ui, reading_self_report, change_contact_details, change_advance_amount, change_payment_method,
/// request_extraordinary_settlement, ask_question, book_office_visit
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_errand_is_done_on_a_phone_without_script() {
    every_errand(false).await;
}

/// portal_intuitive_ui
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_errand_is_done_on_a_phone_with_script() {
    every_errand(true).await;
}

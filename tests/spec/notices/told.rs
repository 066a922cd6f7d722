//! Who is told, by which way, and how they stop it.
use super::{begin, customer, tenant};
use crate::people::{invited, token};
use crate::support::{TestApp, value_of};
use busbar::data::{Notice, SentMessage};
use busbar::domain::ids::CustomerId;
use busbar::domain::notices::{Channel, Event};
use serde_json::json;

/// Something that happened to a customer, told in a transaction of its own.
async fn tell(app: &TestApp, slug: &str, customer: CustomerId, event: Event, cause: &str) {
    let now = app.services.clock.now();
    let notice = Notice {
        event,
        kind: "invoice_due",
        customer,
        payload: json!({ "path": "/invoices", "number": "2026001", "amount_halere": 123_450, "day_on": "2026-12-01" }),
        cause: cause.into(),
        language: "cs",
        now,
        today: now.date(),
    };
    let tx = begin(app, slug).await;
    tx.tell(&notice).await.expect("told");
    tx.commit().await.expect("kept");
}

async fn sent(app: &TestApp, cause_kind: &str) -> Vec<SentMessage> {
    app.messages().await.into_iter().filter(|one| one.kind == cause_kind).collect()
}

async fn first(app: &TestApp, slug: &str) -> CustomerId {
    let tx = begin(app, slug).await;
    customer(&tx, app, slug, 0).await
}

#[tokio::test]
async fn a_notice_is_in_the_portal_and_in_the_mail_once_and_says_what_it_must() {
    let app = TestApp::start().await;
    let who = first(&app, "pre").await;
    for _ in 0..3 {
        tell(&app, "pre", who, Event::InvoiceDue, "one cause").await;
    }
    let mails = sent(&app, "invoice_due").await;
    assert_eq!(mails.len(), 1, "one cause, one mail");
    let words = mails[0].body_text.replace('\u{a0}', " ");
    assert!(words.contains("1 234,50 Kč") && words.contains("1. 12. 2026"), "{words}");
    assert!(mails[0].subject.contains("Faktura 2026001"), "{}", mails[0].subject);
    let mut browser = app.customer("pre", 0).await;
    let inbox = browser.get("/notices").await;
    assert_eq!(inbox.text().matches("Faktura 2026001 bude brzy splatná").count(), 1, "{}", inbox.text());
    assert!(inbox.text().contains("nové"));
    let newest = value_of(&inbox, "newest");
    assert_eq!(browser.post("/notices/read", &[("newest", &newest)]).await.status, 303);
    assert!(!browser.get("/notices").await.body.contains("tag--ok"), "it was read");
    let mut other = app.customer("pre", 1).await;
    assert!(!other.get("/notices").await.text().contains("2026001"), "another's notices are another's");
}

/// A customer keeps the contract when they close their log-in.
#[tokio::test]
async fn whose_log_in_is_closed_is_told_at_the_address_the_supplier_knows() {
    let app = TestApp::start().await;
    let tx = begin(&app, "pre").await;
    let who = customer(&tx, &app, "pre", 0).await;
    let email = tx.customer(who).await.expect("a customer").email.expect("an address");
    for one in tx.accounts_of(who).await.expect("log-ins") {
        assert!(tx.close_account(one.id, app.services.clock.now()).await.expect("closed"));
    }
    tx.commit().await.expect("kept");
    tell(&app, "pre", who, Event::InvoiceDue, "after the log-in").await;
    let to: Vec<String> = sent(&app, "invoice_due").await.into_iter().map(|one| one.recipient).collect();
    assert_eq!(to, [email]);
}

#[tokio::test]
async fn whoever_was_told_stays_told_also_when_they_are_reached_elsewhere_since() {
    let app = TestApp::start().await;
    let who = first(&app, "pre").await;
    tell(&app, "pre", who, Event::InvoiceDue, "one cause").await;
    let tx = begin(&app, "pre").await;
    tx.change_email(who, Some("jinde@example.cz")).await.expect("changed");
    tx.commit().await.expect("kept");
    tell(&app, "pre", who, Event::InvoiceDue, "one cause").await;
    assert_eq!(sent(&app, "invoice_due").await.len(), 1);
}

#[tokio::test]
async fn a_choice_holds_from_the_next_notice_on_for_mail_and_for_texts() {
    let app = TestApp::start().await;
    let who = first(&app, "pre").await;
    let mut browser = app.customer("pre", 0).await;
    let page = browser.get("/account/notices").await;
    assert_eq!(page.status, 200, "{}", page.text());
    let has_phone = page.body.contains("name=\"sms-invoice_due\"");
    let form = [("sms-invoice_due", "yes"), ("mail-request_state", "yes")];
    assert_eq!(browser.post("/account/notices", &form).await.status, 303);
    tell(&app, "pre", who, Event::InvoiceDue, "after the choice").await;
    let out = sent(&app, "invoice_due").await;
    assert!(out.iter().all(|one| one.channel == Channel::Sms), "no mail any more: {out:?}");
    assert_eq!(out.len(), usize::from(has_phone));
    tell(&app, "pre", who, Event::Security, "security").await;
    let mails = sent(&app, "invoice_due").await.into_iter().filter(|one| one.channel == Channel::Mail).count();
    assert_eq!(mails, 1, "of the log-in one is told whatever was chosen");
}

#[tokio::test]
async fn a_mail_is_stopped_by_its_link_without_signing_in_and_by_the_mail_programs_own_button() {
    let app = TestApp::start().await;
    let who = first(&app, "pre").await;
    tell(&app, "pre", who, Event::InvoiceDue, "first").await;
    let mail = sent(&app, "invoice_due").await.remove(0);
    let file = app.config.data.dir.join(format!("mail/{}.eml", mail.id));
    let raw = std::fs::read_to_string(file).expect("the mail lies in the folder");
    let head = raw.split("\r\n\r\n").next().expect("headers").replace("\r\n ", " ");
    assert!(head.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{head}");
    let start = head.find("List-Unsubscribe: <").expect("the address to stop it") + "List-Unsubscribe: <".len();
    let address = head[start..].split('>').next().expect("an address");
    assert!(mail.body_text.contains(address), "the same stands below the words");
    let path = &address[address.find("/notices/off").expect("the page")..];
    let mut visitor = app.browser("pre");
    let look = visitor.get(path).await;
    assert!(look.status == 200 && look.text().contains("Blíží se splatnost"), "{}", look.text());
    tell(&app, "pre", who, Event::InvoiceDue, "looked at only").await;
    assert_eq!(sent(&app, "invoice_due").await.len(), 2, "looking stops nothing");
    let done = visitor.post(path, &[("List-Unsubscribe", "One-Click")]).await;
    assert!(done.status == 200 && done.text().contains("Hotovo"), "{}", done.text());
    tell(&app, "pre", who, Event::InvoiceDue, "stopped").await;
    tell(&app, "pre", who, Event::InvoiceOverdue, "another kind").await;
    let causes = sent(&app, "invoice_due").await.len();
    assert_eq!(causes, 3, "the two before, and one of another kind");
    // A link of one supplier is nobody's at another.
    let mut elsewhere = app.browser("cez");
    assert!(elsewhere.get(path).await.text().contains("není náš"));
    let forged = path.replace(&token(path)[..8], "00000000");
    assert!(visitor.get(&forged).await.text().contains("není náš"));
}

#[tokio::test]
async fn whoever_was_let_in_finds_it_in_the_portal_and_is_written_to_only_if_they_want() {
    let app = TestApp::start().await;
    let mut owner = app.customer("pre", 0).await;
    let who = first(&app, "pre").await;
    let mut reader = invited(&app, &mut owner, "pre", "reader", "ucetni.nova").await;
    tell(&app, "pre", who, Event::InvoiceDue, "first").await;
    assert_eq!(sent(&app, "invoice_due").await.len(), 1, "the owner's");
    assert!(reader.get("/notices").await.text().contains("2026001"));
    assert_eq!(reader.post("/account/notices", &[("mail-invoice_due", "yes")]).await.status, 303);
    tell(&app, "pre", who, Event::InvoiceDue, "second").await;
    let to: Vec<String> = sent(&app, "invoice_due").await.into_iter().map(|one| one.recipient).collect();
    assert_eq!(to.len(), 3, "{to:?}");
    assert!(to.contains(&"pozvana@example.cz".to_owned()), "{to:?}");
    assert_ne!(tenant(&app, "pre"), tenant(&app, "cez"));
}

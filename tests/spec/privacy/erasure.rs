//! A wish to be erased (GDPR, article 17): said beforehand, proved, decided at the desk, done once, and what stays has its date.
use super::desk::{number, person, tenant_of, trail};
use crate::support::{Answer, Browser, TestApp};
use busbar::data::InvoiceFilter;
use busbar::data::export::NOUNS;
use busbar::domain::ids::CustomerId;
use busbar::domain::retention::kept_until;

const PATH: &str = "/account/privacy/erasure";
/// A customer for whom the demo asked for nothing.
const QUIET: usize = 2;

fn password(app: &TestApp) -> String {
    app.book.tenants.iter().find(|one| one.slug == "eon").expect("eon").customers[QUIET].password.clone()
}

/// Sends the wish; its number.
async fn wished(app: &TestApp, customer: &mut Browser) -> String {
    customer.get(PATH).await;
    let sent = customer.post(PATH, &[("sure", "yes"), ("password", &password(app))]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    reference(&sent)
}

fn reference(sent: &Answer) -> String {
    let rest = sent.location().split("/requests/").nth(1).expect("a receipt");
    rest.split('?').next().expect("a number").to_owned()
}

async fn approve(operator: &mut Browser, reference: &str) -> Answer {
    let path = format!("/operator/requests/{reference}");
    let page = operator.get(&path).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let version = crate::support::value_of(&page, "version");
    operator.post(&path, &[("act", "approve"), ("version", &version), ("words", "Hotovo.")]).await
}

async fn rows(app: &TestApp, customer: CustomerId) -> Vec<usize> {
    let tx = app.services.db.tenant(tenant_of(app, "eon")).read().await.expect("a transaction");
    let account = tx.accounts_of(customer).await.expect("log-ins").first().map(|one| one.id);
    let account = account.unwrap_or_else(busbar::domain::ids::AccountId::new);
    let mut counts = Vec::new();
    for noun in NOUNS {
        counts.push(tx.export_page(noun, customer, account, None).await.expect("a page").0.len());
    }
    counts
}

#[tokio::test]
async fn what_goes_and_what_stays_is_said_before_anything_is_asked() {
    let app = TestApp::start().await;
    let mut customer = app.customer("eon", QUIET).await;
    assert!(customer.get("/account/privacy").await.links().iter().any(|link| link.ends_with(PATH)));
    let page = customer.get(PATH).await.text();
    for word in ["Co smažeme", "Co zůstane a do kdy", "§ 35", "do 3", "nejde vzít zpět", "Vaše smlouva běží dál"]
    {
        assert!(page.contains(word), "{word}: {page}");
    }
    let mut wrong = [("sure", ""), ("password", "jiné")];
    let unsure = customer.post(PATH, &wrong).await;
    assert!(unsure.status == 422 && unsure.body.contains("sure-error"), "{}", unsure.text());
    wrong[0].1 = "yes";
    let unproved = customer.post(PATH, &wrong).await;
    assert!(unproved.status == 422 && unproved.body.contains("password-error"), "{}", unproved.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wish_from_fifty_windows_is_one_and_changes_nothing_yet() {
    let app = TestApp::start().await;
    let (_services, second) = app.another_instance().await;
    let mut customer = app.customer("eon", QUIET).await;
    let first = wished(&app, &mut customer).await;
    let mut racers = tokio::task::JoinSet::new();
    for index in 0..50 {
        let mut browser = customer.at(if index % 2 == 0 { &app.entry } else { &second });
        let password = password(&app);
        racers.spawn(async move { browser.post(PATH, &[("sure", "yes"), ("password", &password)]).await });
    }
    for answer in racers.join_all().await {
        assert!(matches!(answer.status, 303 | 422 | 429 | 503), "{}: {}", answer.status, answer.text());
        assert!(answer.status != 303 || reference(&answer) == first, "another wish: {}", answer.location());
    }
    assert_eq!(customer.get("/dashboard").await.status, 200, "nothing is done yet");
    assert!(customer.get(PATH).await.text().contains(&first), "where it stands is said");
    let tx = app.services.db.tenant(tenant_of(&app, "eon")).read().await.expect("a transaction");
    let one = tx.open_requests_of(person(&app, "eon", QUIET).await.id).await.expect("a list").remove(0);
    let month = busbar::domain::requests::decide_by(one.kind, app.services.clock.today("Europe/Prague"));
    assert_eq!(one.deadline, month);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn approved_at_the_desk_it_is_done_and_they_are_told_what_stayed() {
    let app = TestApp::start().await;
    let before = person(&app, "eon", QUIET).await;
    let email = before.email.clone().expect("the demo has one");
    let neighbour = person(&app, "eon", 3).await;
    let theirs = rows(&app, neighbour.id).await;
    let mut customer = app.customer("eon", QUIET).await;
    let reference = wished(&app, &mut customer).await;
    app.messages().await;
    let mut clerk = app.operator("eon", "clerk").await;
    let done = approve(&mut clerk, &reference).await;
    assert_eq!(done.status, 303, "{}", done.text());

    assert_eq!(customer.get("/dashboard").await.status, 303, "signed out everywhere");
    let who = app.book.tenants.iter().find(|one| one.slug == "eon").expect("eon").customers[QUIET].clone();
    let form = [("username", who.username.as_str()), ("password", who.password.as_str())];
    assert_eq!(app.browser("eon").post("/login", &form).await.status, 422);
    let after = person(&app, "eon", QUIET).await;
    assert!(after.email.is_none() && after.phone.is_none(), "{after:?}");
    assert_eq!(after.name, before.name, "the contract runs");

    let tx = app.services.db.tenant(tenant_of(&app, "eon")).read().await.expect("a transaction");
    let invoices = tx.invoices_of(before.id, InvoiceFilter::default()).await.expect("a list");
    let kept = tx.retentions_of(before.id).await.expect("a list");
    assert!(!invoices.is_empty());
    for invoice in &invoices {
        let until = kept.iter().find(|one| one.invoice == invoice.id).map(|one| one.until);
        assert_eq!(until, Some(kept_until(invoice.tax_point_on)), "{}", invoice.number);
    }
    drop(tx);

    let farewell: Vec<_> = app.messages().await.into_iter().filter(|one| one.kind == "erasure_done").collect();
    assert_eq!(farewell.len(), 1);
    assert!(farewell[0].sent_at.is_some() && farewell[0].recipient.is_empty(), "{:?}", farewell[0]);
    assert!(farewell[0].body_text.contains("§ 35"), "{}", farewell[0].body_text);
    assert!(app.messages().await.iter().all(|one| one.recipient != email), "a message still names the address");
    let story = clerk.get(&format!("/operator/requests/{reference}")).await.text();
    assert!(story.contains("Hotovo.") && story.contains("§ 35"), "{story}");
    assert_eq!(trail(&app, "eon").await.iter().filter(|row| row.action == "erase").count(), 1);
    assert_eq!(rows(&app, neighbour.id).await, theirs, "a neighbour lost something");
    let path = format!("/operator/requests/{reference}");
    assert_eq!(clerk.post(&path, &[("act", "approve"), ("version", "2")]).await.status, 404, "once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_who_approve_at_once_one_does_it() {
    let app = TestApp::start().await;
    let (_services, second) = app.another_instance().await;
    let mut customer = app.customer("eon", QUIET).await;
    let reference = wished(&app, &mut customer).await;
    let path = format!("/operator/requests/{reference}");
    let mut clerk = app.operator("eon", "clerk").await;
    let version = crate::support::value_of(&clerk.get(&path).await, "version");
    let mut racers = tokio::task::JoinSet::new();
    for index in 0..50 {
        let mut browser = clerk.at(if index % 2 == 0 { &app.entry } else { &second });
        let (path, version) = (path.clone(), version.clone());
        racers.spawn(async move { browser.post(&path, &[("act", "approve"), ("version", &version)]).await.status });
    }
    let all = racers.join_all().await;
    assert_eq!(all.iter().filter(|status| **status == 303).count(), 1, "{all:?}");
    assert!(all.iter().all(|status| matches!(status, 303 | 404 | 409 | 503)), "{all:?}");
    assert_eq!(trail(&app, "eon").await.iter().filter(|row| row.action == "erase").count(), 1);
    assert_eq!(app.messages().await.iter().filter(|one| one.kind == "erasure_done").count(), 1);
}

#[tokio::test]
async fn what_else_is_open_is_decided_before() {
    let app = TestApp::start().await;
    let mut customer = app.customer("eon", QUIET).await;
    let tx = app.services.db.tenant(tenant_of(&app, "eon")).begin().await.expect("a transaction");
    super::export::question(&tx, person(&app, "eon", QUIET).await.id).await;
    tx.commit().await.expect("kept");
    let reference = wished(&app, &mut customer).await;
    let mut clerk = app.operator("eon", "clerk").await;
    let refused = approve(&mut clerk, &reference).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert!(refused.text().contains("jiné otevřené požadavky"), "{}", refused.text());
    assert!(person(&app, "eon", QUIET).await.email.is_some(), "nothing is done: {}", number(&app, "eon", QUIET));
}

//! The desk's card of a customer: found, recorded that it was looked at, helped with the log-in.
use crate::support::{Browser, TestApp};
use busbar::data::AuditRow;
use busbar::domain::ids::{CustomerId, TenantId};

pub fn tenant_of(app: &TestApp, slug: &str) -> TenantId {
    app.services.registry.by_slug(slug).expect("one of the eight").id
}

pub fn number(app: &TestApp, slug: &str, index: usize) -> String {
    app.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight").customers[index]
        .number
        .clone()
}

pub async fn person(app: &TestApp, slug: &str, index: usize) -> busbar::domain::customers::Customer {
    let tx = app.services.db.tenant(tenant_of(app, slug)).read().await.expect("a transaction");
    tx.customer_by_number(&number(app, slug, index)).await.expect("the demo has it")
}

pub async fn trail(app: &TestApp, slug: &str) -> Vec<AuditRow> {
    let tx = app.services.db.tenant(tenant_of(app, slug)).read().await.expect("a transaction");
    tx.audit_trail(200, None).await.expect("the trail")
}

async fn looks(app: &TestApp, slug: &str, customer: CustomerId) -> usize {
    let tx = app.services.db.tenant(tenant_of(app, slug)).read().await.expect("a transaction");
    tx.looks_at(customer, time::OffsetDateTime::UNIX_EPOCH, 100).await.expect("a list").len()
}

/// Where the card sends what is done with the first log-in.
async fn log_in_path(operator: &mut Browser, number: &str) -> String {
    let card = operator.get(&format!("/operator/customers/{number}")).await;
    let link = card.links().into_iter().find(|link| link.contains("/log-ins/"));
    let link = link.unwrap_or_else(|| panic!("no log-in: {}", card.text()));
    link.strip_prefix(&operator.mount).unwrap_or(&link).to_owned()
}

#[tokio::test]
async fn a_customer_is_found_by_what_they_can_say_and_nothing_stands_for_anything_else() {
    let app = TestApp::start().await;
    let mut operator = app.operator("eon", "clerk").await;
    let person = person(&app, "eon", 0).await;
    let tx = app.services.db.tenant(tenant_of(&app, "eon")).read().await.expect("a transaction");
    let code = tx.supply_points_of(person.id).await.expect("a list").remove(0).code;
    drop(tx);
    let email = person.email.clone().expect("the demo has one");
    let shouted = email.to_uppercase();
    for query in [person.number.as_str(), &person.name, &person.name.to_lowercase(), &email, &shouted, &code] {
        let list = operator.get(&format!("/operator/customers?q={}", crate::support::browser::encode(query))).await;
        assert!(list.status == 200 && list.body.contains(&person.number), "{query}: {}", list.text());
    }
    for query in ["%25", "_", "zakaznik", "%25%25%25", "'", "\\", "%00", &"a".repeat(5_000)] {
        let list = operator.get(&format!("/operator/customers?q={query}")).await;
        assert!(list.status == 200 || query == "%00", "{query}: {}", list.status);
        assert!(!list.body.contains(&person.number), "{query} found somebody: {}", list.text());
    }
    let other = app.operator("rwe", "clerk").await.get(&format!("/operator/customers/{}", person.number)).await;
    assert_eq!(other.status, 404, "another supplier's customer");
}

#[tokio::test]
async fn a_card_says_who_where_and_how_they_sign_in() {
    let app = TestApp::start().await;
    let person = person(&app, "eon", 0).await;
    let mut operator = app.operator("eon", "clerk").await;
    let before = operator.get(&format!("/operator/customers/{}", person.number)).await;
    assert!(before.status == 200, "{}", before.text());
    app.customer("eon", 0).await;
    let card = operator.get(&format!("/operator/customers/{}", person.number)).await.text();
    for word in [person.name.as_str(), &person.number, "zakaznik1", "Odběrná místa", "Otevřené požadavky", "povoleno"]
    {
        assert!(card.contains(word), "{word}: {card}");
    }
    assert_ne!(before.text(), card, "the last sign-in is shown");
    for role in ["lead", "branch", "read_only"] {
        let mut operator = app.operator("eon", role).await;
        let card = operator.get(&format!("/operator/customers/{}", person.number)).await;
        assert_eq!(card.status, 200, "{role}");
        assert_eq!(card.body.contains("value=\"disable\""), role == "lead", "{role}");
    }
}

/// Once in an hour for each person, whoever else looks; fifty at once on two instances are one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn opening_a_card_is_recorded_once_an_hour_for_each_person() {
    let app = TestApp::start().await;
    let (_services, second) = app.another_instance().await;
    let person = person(&app, "eon", 0).await;
    let path = format!("/operator/customers/{}", person.number);
    let operator = app.operator("eon", "clerk").await;
    let mut racers = tokio::task::JoinSet::new();
    for index in 0..50 {
        let mut browser = operator.at(if index % 2 == 0 { &app.entry } else { &second });
        let path = path.clone();
        racers.spawn(async move { browser.get(&path).await.status });
    }
    let all = racers.join_all().await;
    assert!(all.iter().all(|status| matches!(status, 200 | 503)), "{all:?}");
    assert!(all.contains(&200), "{all:?}");
    assert_eq!(looks(&app, "eon", person.id).await, 1);
    let mut lead = app.operator("eon", "lead").await;
    lead.get(&path).await;
    lead.get("/operator/customers/000").await;
    assert_eq!(looks(&app, "eon", person.id).await, 2);
    let tx = app.services.db.tenant(tenant_of(&app, "eon")).read().await.expect("a transaction");
    let all = tx.looks_at(person.id, time::OffsetDateTime::UNIX_EPOCH, 10).await.expect("a list");
    assert!(all.iter().any(|look| look.role == busbar::domain::features::Role::Clerk), "{all:?}");
}

#[tokio::test]
async fn a_disabled_log_in_is_out_everywhere_at_once_and_let_in_again_by_hand() {
    let app = TestApp::start().await;
    let number = number(&app, "eon", 0);
    let mut signed_in = app.customer("eon", 0).await;
    let mut operator = app.operator("eon", "clerk").await;
    let path = log_in_path(&mut operator, &number).await;
    assert_eq!(operator.post(&path, &[("act", "nonsense")]).await.status, 404);
    let done = operator.post(&path, &[("act", "disable")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert_eq!(signed_in.get("/dashboard").await.status, 303, "signed out at once");
    let who = app.book.tenants.iter().find(|one| one.slug == "eon").expect("eon").customers[0].clone();
    let form = [("username", who.username.as_str()), ("password", who.password.as_str())];
    assert_eq!(app.browser("eon").post("/login", &form).await.status, 422);
    let card = operator.get(done.location().split('#').next().unwrap_or_default()).await.text();
    assert!(card.contains("zakázáno") && card.contains("Přihlášení je zakázané"), "{card}");
    assert_eq!(operator.post(&path, &[("act", "disable")]).await.status, 303, "twice is once");
    assert_eq!(operator.post(&path, &[("act", "enable")]).await.status, 303);
    assert_eq!(app.browser("eon").post("/login", &form).await.status, 303);
    let acts: Vec<String> =
        trail(&app, "eon").await.into_iter().map(|row| row.action).filter(|act| act.starts_with("log_in_")).collect();
    assert_eq!(acts, ["log_in_enable", "log_in_disable"], "each doing once, newest first");
}

#[tokio::test]
async fn sessions_are_ended_and_a_link_is_sent_from_the_desk() {
    let app = TestApp::start().await;
    let number = number(&app, "eon", 0);
    let mut signed_in = app.customer("eon", 0).await;
    let mut operator = app.operator("eon", "lead").await;
    let path = log_in_path(&mut operator, &number).await;
    assert_eq!(operator.post(&path, &[("act", "end")]).await.status, 303);
    assert_eq!(signed_in.get("/dashboard").await.status, 303);
    assert_eq!(operator.post(&path, &[("act", "link")]).await.status, 303);
    let sent = app.messages().await.into_iter().find(|one| one.kind == "password_forgotten").expect("a link is sent");
    assert!(sent.body_text.contains("/password/new?token="), "{}", sent.body_text);
}

#[tokio::test]
async fn only_who_may_change_ways_in_changes_them_and_only_of_that_customer() {
    let app = TestApp::start().await;
    let (first, second) = (number(&app, "eon", 0), number(&app, "eon", 1));
    let mut clerk = app.operator("eon", "clerk").await;
    let path = log_in_path(&mut clerk, &first).await;
    for role in ["branch", "read_only"] {
        let mut operator = app.operator("eon", role).await;
        operator.get("/operator").await;
        assert_eq!(operator.post(&path, &[("act", "disable")]).await.status, 404, "{role}");
    }
    let others = path.replace(&first, &second);
    assert_eq!(clerk.post(&others, &[("act", "disable")]).await.status, 404, "under another's number");
    assert_eq!(app.customer("eon", 0).await.get("/dashboard").await.status, 200);
}

//! Terms of use: anybody reads them, the lead publishes a version that stays, who has an account accepts it before asking for anything.
use super::desk::{tenant_of, trail};
use crate::support::{Answer, Browser, TestApp, value_of};

const PATH: &str = "/operator/terms";
const NEW: &str = "Druhá verze.\n\nPlatí všude.";

async fn publish(operator: &mut Browser, day: &str, step: &str) -> Answer {
    let number = value_of(&operator.get(PATH).await, "number");
    let form = [
        ("number", number.as_str()),
        ("valid_from", day),
        ("text_cs", NEW),
        ("text_en", "Second version."),
        ("step", step),
    ];
    operator.post(PATH, &form).await
}

fn today(app: &TestApp) -> time::Date {
    app.services.clock.today("Europe/Prague")
}

async fn published(app: &TestApp) {
    let mut lead = app.operator("pp", "lead").await;
    let done = publish(&mut lead, &today(app).to_string(), "publish").await;
    assert_eq!(done.status, 303, "{}", done.text());
}

async fn asked(customer: &mut Browser) -> Answer {
    let form = customer.get("/questions/new").await;
    let key = value_of(&form, "key");
    let question = [("subject", "Přepis odběru"), ("words", "Jak na to?"), ("key", key.as_str()), ("step", "send")];
    customer.post("/questions/new", &question).await
}

#[tokio::test]
async fn anybody_reads_them_and_who_accepted_is_not_asked_again() {
    let app = TestApp::start().await;
    for tenant in &app.book.tenants {
        let mut visitor = app.browser(&tenant.slug);
        let page = visitor.get("/terms").await;
        assert!(page.status == 200 && page.text().contains("Verze 1"), "{}: {}", tenant.slug, page.text());
        assert!(visitor.get("/").await.links().iter().any(|link| link.ends_with("/terms")), "{}", tenant.slug);
    }
    let who = app.book.tenants.iter().find(|one| one.slug == "pp").expect("it serves").customers[0].clone();
    let mut browser = app.browser("pp");
    let form = [("username", who.username.as_str()), ("password", who.password.as_str())];
    assert!(browser.post("/login", &form).await.location().ends_with("/dashboard"));
    assert!(browser.get("/account/terms").await.text().contains("Tuto verzi jste přijali"));
    assert!(!browser.get("/dashboard").await.text().contains("nové podmínky"));
}

#[tokio::test]
async fn a_lead_publishes_a_version_after_looking_it_over() {
    let app = TestApp::start().await;
    let mut lead = app.operator("pp", "lead").await;
    let day = today(&app);
    let yesterday = (day - time::Duration::DAY).to_string();
    for wrong in [yesterday.as_str(), "zítra", ""] {
        let again = publish(&mut lead, wrong, "review").await;
        assert!(again.status == 422 && again.text().contains("Druhá verze."), "{wrong}: {}", again.text());
        assert!(again.body.contains("valid_from-error"), "{wrong}");
    }
    let preview = publish(&mut lead, &day.to_string(), "review").await;
    assert!(
        preview.status == 200 && preview.body.contains("<p>Druhá verze.</p><p>Platí všude.</p>"),
        "{}",
        preview.body
    );
    assert!(app.browser("pp").get("/terms").await.text().contains("Verze 1"), "nothing is published by looking");
    let number = value_of(&preview, "number");
    assert_eq!(publish(&mut lead, &day.to_string(), "publish").await.status, 303);
    assert!(app.browser("pp").get("/terms").await.text().contains("Verze 2"));
    assert!(app.browser("rwe").get("/terms").await.text().contains("Verze 1"), "another supplier's are its own");
    let stale = [("number", number.as_str()), ("valid_from", &day.to_string()), ("text_cs", "x"), ("text_en", "x")];
    let late = lead.post(PATH, &[&stale[..], &[("step", "publish")]].concat()).await;
    assert_eq!(late.status, 409, "a form from before: {}", late.text());
    assert_eq!(trail(&app, "pp").await.iter().filter(|row| row.action == "publish_terms").count(), 1);
}

#[tokio::test]
async fn only_a_lead_publishes() {
    let app = TestApp::start().await;
    for role in ["clerk", "branch", "read_only"] {
        let mut operator = app.operator("pp", role).await;
        let page = operator.get(PATH).await;
        assert!(page.status == 200 && !page.body.contains("name=\"text_cs\""), "{role}: {}", page.text());
        let form =
            [("number", "2"), ("valid_from", "2030-01-01"), ("text_cs", "x"), ("text_en", "x"), ("step", "publish")];
        assert_eq!(operator.post(PATH, &form).await.status, 404, "{role}");
    }
}

#[tokio::test]
async fn who_has_not_accepted_reads_everything_and_asks_for_nothing() {
    let app = TestApp::start().await;
    let mut before = app.customer("pp", 0).await;
    published(&app).await;
    let refused = asked(&mut before).await;
    assert_eq!(refused.status, 428, "{}", refused.text());
    for word in ["Nejdřív přijměte podmínky", "Přepis odběru", "Jak na to?"] {
        assert!(refused.text().contains(word), "{word}: {}", refused.text());
    }
    let who = app.book.tenants.iter().find(|one| one.slug == "pp").expect("it serves").customers[0].clone();
    let mut customer = app.browser("pp");
    let form = [("username", who.username.as_str()), ("password", who.password.as_str()), ("next", "/requests")];
    let sent = customer.post("/login", &form).await;
    assert!(sent.location().contains("/account/terms?next="), "{}", sent.location());
    let dashboard = customer.get("/dashboard").await;
    assert!(dashboard.status == 200 && dashboard.text().contains("nové podmínky"), "{}", dashboard.text());
    assert_eq!(customer.get("/invoices").await.status, 200, "everything can be read");
    assert_eq!(customer.post("/account/security/others", &[]).await.status, 303, "and the account looked after");

    let page = customer.get(sent.location()).await;
    assert!(page.text().contains("Platí všude.") && page.text().contains("Verze 2"), "{}", page.text());
    let (number, next) = (value_of(&page, "number"), value_of(&page, "next"));
    assert_eq!(customer.post("/account/terms", &[("number", "1"), ("next", &next)]).await.status, 303);
    assert!(customer.get("/account/terms").await.body.contains("name=\"number\""), "another version accepts nothing");
    let done = customer.post("/account/terms", &[("number", &number), ("next", &next)]).await;
    assert!(done.status == 303 && done.location().ends_with("/requests"), "{}", done.location());
    assert!(!customer.get("/dashboard").await.text().contains("nové podmínky"));
    assert_eq!(asked(&mut customer).await.status, 303);
    assert_eq!(trail(&app, "pp").await.iter().filter(|row| row.action == "accept_terms").count(), 1);
    let tx = app.services.db.tenant(tenant_of(&app, "pp")).read().await.expect("a transaction");
    let account = tx.account_by_username(&who.username).await.expect("a lookup").expect("the demo has it").id;
    assert!(tx.acceptance_of_terms(account, 2).await.expect("a lookup").is_some());
}

#[tokio::test]
async fn a_version_that_is_not_valid_yet_asks_nobody() {
    let app = TestApp::start().await;
    let mut lead = app.operator("pp", "lead").await;
    let tomorrow = today(&app) + time::Duration::days(2);
    assert_eq!(publish(&mut lead, &tomorrow.to_string(), "publish").await.status, 303);
    let mut customer = app.customer("pp", 0).await;
    assert_eq!(asked(&mut customer).await.status, 303);
    assert!(app.browser("pp").get("/terms").await.text().contains("Verze 1"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_acceptances_at_once_are_one() {
    let app = TestApp::start().await;
    let (_services, second) = app.another_instance().await;
    published(&app).await;
    let mut customer = app.customer("pp", 0).await;
    let number = value_of(&customer.get("/account/terms").await, "number");
    let mut racers = tokio::task::JoinSet::new();
    for index in 0..50 {
        let mut browser = customer.at(if index % 2 == 0 { &app.entry } else { &second });
        let number = number.clone();
        racers.spawn(async move { browser.post("/account/terms", &[("number", &number)]).await.status });
    }
    let all = racers.join_all().await;
    assert!(all.iter().all(|status| matches!(status, 303 | 403 | 503)), "{all:?}");
    assert_eq!(trail(&app, "pp").await.iter().filter(|row| row.action == "accept_terms").count(), 1);
}

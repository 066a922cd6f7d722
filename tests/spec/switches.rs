//! Feature switches: off means off everywhere, at once, on every instance; and only by the hand of someone who may.
use crate::support::{Browser, TestApp, value_of};
use busbar::app::router;
use busbar::domain::features::Feature;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const EIGHT: [&str; 8] = ["3e", "bicorn", "cez", "eon", "pp", "pre", "rwe", "uet"];

async fn flip(operator: &mut Browser, feature: &str, turn: &str) -> u16 {
    let page = operator.get(&format!("/operator/features/{feature}")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let revision = value_of(&page, "revision");
    let form = [("reason", "Zkouška vypínače"), ("revision", revision.as_str()), ("turn", turn)];
    operator.post(&format!("/operator/features/{feature}"), &form).await.status
}

/// Each tenant with each of its features off: the routes that hang on it alone answer 404 to every verb, and no page links to them.
#[tokio::test]
async fn off_means_off_everywhere() {
    let app = TestApp::start().await;
    let routes = router::routes();
    let mut proved = 0;
    for slug in EIGHT {
        let tenant = app.services.registry.by_slug(slug).expect("one of the eight");
        let mut operator = app.operator(slug, "lead").await;
        let customer = app.customer(slug, 0).await;
        for feature in tenant.contract.features.iter().copied() {
            let own: Vec<_> =
                routes.iter().filter(|route| route.face == "portal" && route.feature == [feature.key()]).collect();
            if own.is_empty() || feature == Feature::LoginWithCredentials {
                continue;
            }
            assert_eq!(flip(&mut operator, feature.key(), "off").await, 303, "{slug} {}", feature.key());
            for route in &own {
                for method in ["GET", "POST", "PUT", "DELETE", "PATCH"] {
                    let path =
                        route.path.replace("{id}", "0190a0a0-0000-7000-8000-000000000001").replace("{slug}", "x");
                    let mut browser = customer.clone();
                    let request = browser.request(method, &path).body(axum::body::Body::empty()).expect("a request");
                    let answer = browser.send(request).await;
                    assert_eq!(answer.status, 404, "{slug}: {method} {path} with {} off", feature.key());
                    proved += 1;
                }
            }
            let pages = routes.iter().filter(|route| route.face == "portal" && route.method == "GET");
            for page in pages.map(|route| route.path).filter(|path| !path.contains('{')) {
                let mut browser = customer.clone();
                let answer = browser.get(page).await;
                let must = ["/", "/dashboard"].contains(&page);
                assert!(!must || answer.status == 200, "{slug} {page} with {} off: {}", feature.key(), answer.text());
                for link in answer.links() {
                    let link = link.split('?').next().unwrap_or("").to_owned();
                    let mount = customer.mount.as_str();
                    let bad =
                        own.iter().find(|route| !route.path.contains('{') && format!("{mount}{}", route.path) == link);
                    assert!(bad.is_none(), "{slug}: {page} still links to {link} with {} off", feature.key());
                }
            }
            assert_eq!(flip(&mut operator, feature.key(), "on").await, 303, "{slug} {} back on", feature.key());
        }
    }
    assert!(proved >= 200, "only {proved} refusals were seen");
}

#[tokio::test]
async fn a_switch_wants_a_reason_and_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let mut operator = app.operator("eon", "lead").await;
    let page = operator.get("/operator/features/info_settlements").await;
    let revision = value_of(&page, "revision");
    let answer = operator
        .post("/operator/features/info_settlements", &[("reason", "  "), ("revision", &revision), ("turn", "off")])
        .await;
    assert_eq!(answer.status, 422);
    let mut customer = app.customer("eon", 0).await;
    assert_eq!(customer.get("/settlements").await.status, 200, "nothing was switched");
}

/// Two operators flip from the same page: one wins, the other is shown the new state.
#[tokio::test]
async fn the_second_of_two_operators_gets_409() {
    let app = TestApp::start().await;
    let mut first = app.operator("eon", "lead").await;
    let page = first.get("/operator/features/info_settlements").await;
    let revision = value_of(&page, "revision");
    let mut second = first.clone();
    let form = [("reason", "údržba"), ("revision", revision.as_str()), ("turn", "off")];
    assert_eq!(first.post("/operator/features/info_settlements", &form).await.status, 303);
    assert_eq!(second.post("/operator/features/info_settlements", &form).await.status, 409);
}

#[tokio::test]
async fn only_a_lead_may_flip() {
    let app = TestApp::start().await;
    for role in ["clerk", "read_only"] {
        let mut operator = app.operator("eon", role).await;
        assert_eq!(operator.get("/operator/features").await.status, 200, "{role} may look");
        let answer = operator
            .post("/operator/features/info_settlements", &[("reason", "x"), ("revision", "1"), ("turn", "off")])
            .await;
        assert_eq!(answer.status, 404, "{role}");
    }
}

#[tokio::test]
async fn a_flip_can_be_undone_and_both_are_in_the_audit() {
    let app = TestApp::start().await;
    let mut operator = app.operator("eon", "lead").await;
    let before = app.services.registry.by_slug("eon").expect("eon").revision;
    assert_eq!(flip(&mut operator, "info_settlements", "off").await, 303);
    let mut customer = app.customer("eon", 0).await;
    assert_eq!(customer.get("/settlements").await.status, 404);
    let revision = (before + 1).to_string();
    let answer =
        operator.post(&format!("/operator/features/revisions/{revision}/undo"), &[("revision", &revision)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(customer.get("/settlements").await.status, 200);
    let tenant = app.services.registry.by_slug("eon").expect("eon");
    let tx = app.services.db.tenant(tenant.id).read().await.expect("a transaction");
    let trail = tx.audit_trail(50, None).await.expect("the trail");
    assert!(trail.iter().filter(|entry| entry.action == "publish_revision").count() >= 2, "{trail:?}");
}

/// After the operator's 303 no instance answers from before it: 1,000 flips, three instances, asked at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_instance_answers_from_before_the_operators_saved() {
    let app = TestApp::start().await;
    if !crate::support::template::is_production() {
        return only_instance_is_never_stale(&app).await;
    }
    let (_second_services, second) = app.another_instance().await;
    let (_third_services, third) = app.another_instance().await;
    let mut operator = app.operator("eon", "lead").await;
    let customer = app.customer("eon", 0).await;
    let busy = Arc::new(AtomicBool::new(true));
    let readers: Vec<_> = [&app.entry, &second, &third]
        .map(|entry| tokio::spawn(reads_on(customer.at(entry), busy.clone())))
        .into_iter()
        .collect();
    let mut stale = 0;
    for round in 0..1000 {
        let turn = if round % 2 == 0 { "off" } else { "on" };
        assert_eq!(flip(&mut operator, "info_advance_schedule", turn).await, 303);
        let expected = if turn == "off" { 404 } else { 200 };
        for entry in [&app.entry, &second, &third] {
            let mut browser = customer.at(entry);
            stale += usize::from(browser.get("/advances").await.status != expected);
        }
    }
    busy.store(false, Ordering::Relaxed);
    let mut read = 0;
    for reader in readers {
        read += reader.await.expect("a reader ends");
    }
    println!("1,000 toggles, 3,000 looks after them, {read} pages read meanwhile");
    assert_eq!(stale, 0, "stale answers in 3,000");
    assert!(read > 1000, "hardly any load: {read}");
}

/// A customer who keeps reading the page that is switched; whatever they get is a whole answer.
async fn reads_on(mut browser: Browser, busy: Arc<AtomicBool>) -> usize {
    let mut read = 0;
    while busy.load(Ordering::Relaxed) {
        let answer = browser.get("/advances").await;
        assert!(matches!(answer.status, 200 | 404), "{}: {}", answer.status, answer.text());
        read += 1;
        // Load, but not so much that the toggles starve.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    read
}

async fn only_instance_is_never_stale(app: &TestApp) {
    let mut operator = app.operator("eon", "lead").await;
    let mut customer = app.customer("eon", 0).await;
    for round in 0..100 {
        let turn = if round % 2 == 0 { "off" } else { "on" };
        assert_eq!(flip(&mut operator, "info_advance_schedule", turn).await, 303);
        let expected = if turn == "off" { 404 } else { 200 };
        assert_eq!(customer.get("/advances").await.status, expected, "round {round}");
    }
}

#[tokio::test]
async fn an_undo_that_came_too_late_says_so() {
    let app = TestApp::start().await;
    let mut operator = app.operator("eon", "lead").await;
    assert_eq!(flip(&mut operator, "info_advance_schedule", "off").await, 303);
    let revision = app.services.registry.by_slug("eon").expect("eon").revision.to_string();
    operator.get("/operator/features").await;
    let undo = format!("/operator/features/revisions/{revision}/undo");
    let fields = [("revision", revision.as_str())];
    assert_eq!(operator.post(&undo, &fields).await.location(), "/operator/features");
    let late = operator.post(&undo, &fields).await;
    assert!(operator.get(late.location()).await.text().contains("Mezitím"), "{}", late.location());
}

//! What earns points, for whom, and how the changes are listed.
use super::{NOBODY, balance, db, entries, flip, give, id_of, today};
use crate::suppliers::Portal;
use crate::support::TestApp;
use busbar::app::state;
use busbar::domain::bonus::{Reason, Standing};
use time::Duration;

#[tokio::test]
async fn a_reading_earns_in_its_own_transaction_once_a_month_and_supply_point() {
    let mut portal = Portal::of("eon").await;
    let customer = id_of(&portal.app, 0).await;
    let readings = async |app: &TestApp| {
        let all = entries(app, customer).await;
        all.iter().filter(|one| one.reason == Reason::SelfReading).map(|one| one.points).collect::<Vec<_>>()
    };
    let before = readings(&portal.app).await.len();
    let receipt = portal.sends_a_reading("electricity", "reading").await;
    assert!(receipt.text().contains("Připsali jsme vám body"), "{}", receipt.text());
    assert_eq!(readings(&portal.app).await.len(), before + 1);
    portal.sends_a_reading("electricity", "reading").await;
    assert_eq!(readings(&portal.app).await.len(), before + 1, "the same meter in the same month");
    portal.sends_a_reading("gas", "reading").await;
    assert_eq!(readings(&portal.app).await.len(), before + 2);
    assert_eq!(readings(&portal.app).await[..2], [50, 50], "as the supplier's document says");
}

#[tokio::test]
async fn off_means_no_page_and_no_points() {
    let mut portal = Portal::of("eon").await;
    let customer = id_of(&portal.app, 0).await;
    let before = entries(&portal.app, customer).await.len();
    flip(&portal.app, "bonus_programme", "off").await;
    assert_eq!(portal.customer.get("/bonus").await.status, 404);
    portal.sends_a_reading("gas", "reading").await;
    assert_eq!(entries(&portal.app, customer).await.len(), before);
}

#[tokio::test]
async fn without_automatic_enrolment_one_press_joins_and_nothing_came_before() {
    let app = TestApp::start().await;
    flip(&app, "bonus_auto_enrolment", "off").await;
    let customer = id_of(&app, NOBODY).await;
    let mut browser = app.customer("eon", NOBODY).await;
    let page = browser.get("/bonus").await;
    assert!(page.text().contains("Vstoupit do programu") && !page.text().contains("bez přihlášky"), "{}", page.text());
    for _ in 0..2 {
        assert_eq!(browser.post("/bonus/join", &[]).await.status, 303);
    }
    assert!(browser.get("/bonus?done=joined").await.text().contains("Jste členem programu"));
    let tx = db(&app).read().await.expect("a transaction");
    let row = tx.bonus_member(customer).await.expect("a lookup").expect("a row");
    assert_eq!((row.standing, row.balance), (Standing::Joined, 0));
    tx.commit().await.expect("read");
    let unasked = async || {
        let jobs = state::job_services(&app.config, &app.services).expect("mail goes to a folder");
        busbar::jobs::look_after_bonus_now(&jobs).await.expect("a look");
        let all = entries(&app, customer).await;
        all.iter().filter(|one| matches!(one.reason, Reason::PaymentOnTime | Reason::EInvoice)).count()
    };
    assert_eq!(unasked().await, 0, "what came before they joined earns nothing");
    // Had they joined earlier, it would have earned.
    let long_ago = app.services.clock.now() - Duration::days(100);
    let tx = db(&app).begin().await.expect("a transaction");
    assert!(tx.leave_bonus(customer, today(&app), long_ago).await.expect("a change").is_some());
    assert!(tx.join_bonus(customer, long_ago).await.expect("a change"));
    tx.commit().await.expect("kept");
    assert!(unasked().await > 0);
}

#[tokio::test]
async fn who_leaves_is_told_what_is_lost_and_earns_no_more() {
    let mut portal = Portal::of("eon").await;
    let customer = id_of(&portal.app, 0).await;
    assert!(balance(&portal.app, customer).await > 0);
    portal.says("/bonus/leave", &["Propadne vám", "bodů"]).await;
    for _ in 0..2 {
        assert_eq!(portal.customer.post("/bonus/leave", &[]).await.status, 303);
    }
    assert_eq!(balance(&portal.app, customer).await, 0);
    let before = entries(&portal.app, customer).await.len();
    portal.sends_a_reading("gas", "reading").await;
    assert_eq!(entries(&portal.app, customer).await.len(), before);
    assert_eq!(portal.customer.post("/bonus/join", &[]).await.status, 303);
    assert_eq!(balance(&portal.app, customer).await, 0, "from zero");
}

#[tokio::test]
async fn changes_are_listed_page_by_page() {
    let app = TestApp::start().await;
    let customer = id_of(&app, NOBODY).await;
    for number in 1..=25 {
        give(&app, customer, number, today(&app) + Duration::days(100)).await;
    }
    let mut browser = app.customer("eon", NOBODY).await;
    let first = browser.get("/bonus").await;
    assert!(first.body.contains("?before=6#changes") && !first.body.contains(">+5<"), "{}", first.text());
    let second = browser.get("/bonus?before=6").await;
    assert!(second.text().contains("Starší změny") && second.body.contains(">+5<"), "{}", second.text());
    for odd in ["0", "-1", "x", "99999999999"] {
        assert_eq!(browser.get(&format!("/bonus?before={odd}")).await.status, 200, "{odd}");
    }
}

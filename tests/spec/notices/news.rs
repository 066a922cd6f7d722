//! What becomes due is told once, in the morning of the supplier's own zone, and caught up with when nobody looked.
use super::{begin, customer, jobs, tenant};
use crate::support::TestApp;
use busbar::backends::clock::Clock;
use busbar::data::{Days, News};
use busbar::domain::ids::PaymentId;
use busbar::domain::money::Money;
use busbar::jobs::{self, JobServices};
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

async fn kinds(app: &TestApp, kind: &str) -> usize {
    let all = app.services.db.platform().sent_messages(100_000).await.expect("the outbox");
    all.into_iter().filter(|one| one.kind == kind && one.tenant_id == tenant(app, "pre")).count()
}

/// A day on which something of PRE's is due, and how much.
async fn busy(app: &TestApp) -> (Date, usize) {
    let tx = begin(app, "pre").await;
    let who = customer(&tx, app, "pre", 0).await;
    let today = app.services.clock.now().date();
    let days = Days { after: today - Duration::days(400), last: today + Duration::days(60) };
    let due = tx.news(News::AdvanceMissing, days, Uuid::nil(), 10_000).await.expect("instalments");
    let mine = due.iter().find(|one| one.customer == who).or(due.first()).expect("an advance not paid yet");
    let day = mine.day;
    let of_day = Days { after: day - Duration::DAY, last: day };
    let count = tx.news(News::AdvanceMissing, of_day, Uuid::nil(), 10_000).await.expect("instalments").len();
    (day, count)
}

#[tokio::test]
async fn what_is_due_is_told_from_eight_in_the_morning_once_by_whichever_instance() {
    let app = TestApp::start().await;
    let (day, count) = busy(&app).await;
    // Advances are told five days after they were due; in winter eight in Prague is seven in UTC, in summer six.
    let told_on = day + Duration::days(5);
    let before = told_on.midnight().assume_utc() + Duration::hours(5);
    let clock = Clock::fixed(before);
    let services = JobServices { clock: clock.clone(), ..jobs(&app) };
    jobs::tell_now(&services).await.expect("too early");
    assert_eq!(kinds(&app, "payment_failed").await, 0);
    clock.set(before + Duration::hours(3));
    let told = jobs::tell_now(&services).await.expect("told");
    let out = kinds(&app, "payment_failed").await;
    assert!(told >= count && out >= 1, "{told} told, {count} due, {out} mails");
    assert_eq!(jobs::tell_now(&services).await.expect("told already"), 0);
    clock.set(before + Duration::hours(2));
    assert_eq!(jobs::tell_now(&services).await.expect("an hour back"), 0);
    assert_eq!(kinds(&app, "payment_failed").await, out);
}

#[tokio::test]
async fn days_on_which_nobody_looked_are_caught_up_with_and_nothing_is_told_twice() {
    let app = TestApp::start().await;
    let (day, count) = busy(&app).await;
    let noon = |day: Date| -> OffsetDateTime { day.midnight().assume_utc() + Duration::hours(12) };
    let clock = Clock::fixed(noon(day + Duration::days(3)));
    let services = JobServices { clock: clock.clone(), ..jobs(&app) };
    jobs::tell_now(&services).await.expect("told");
    let before = kinds(&app, "payment_failed").await;
    clock.set(noon(day + Duration::days(8)));
    jobs::tell_now(&services).await.expect("told");
    let after = kinds(&app, "payment_failed").await;
    assert!(after > before && count > 0, "the day between was not missed: {before} and {after}");
}

/// A bank's statement is loaded at ten and says what came yesterday.
#[tokio::test]
async fn what_is_stored_after_its_day_was_told_is_told_the_next_morning() {
    let app = TestApp::start().await;
    let noon = |days: i64| {
        app.services.clock.now().date().midnight().assume_utc() + Duration::days(days) + Duration::hours(12)
    };
    let clock = Clock::fixed(noon(0));
    let services = JobServices { clock: clock.clone(), ..jobs(&app) };
    jobs::tell_now(&services).await.expect("told");
    let tx = begin(&app, "pre").await;
    let who = customer(&tx, &app, "pre", 0).await;
    let account = tx.accounts_of(who).await.expect("log-ins")[0].id;
    let payments = tx.payments_of(who, 10).await.expect("payments");
    let mut late = payments.into_iter().find(|one| one.amount > Money::ZERO).expect("not only what was sent back");
    (late.id, late.received_on) = (PaymentId::new(), noon(-1).date());
    tx.insert_payments(&[late]).await.expect("kept");
    tx.commit().await.expect("committed");
    clock.set(noon(1));
    jobs::tell_now(&services).await.expect("told");
    let found = async || {
        let tx = begin(&app, "pre").await;
        let found = tx.notices_for(account, who, None, 50).await.expect("what they find");
        found.iter().filter(|one| one.kind == "payment_received").count()
    };
    let told = found().await;
    assert!(told >= 1, "it was missed");
    clock.set(noon(2));
    jobs::tell_now(&services).await.expect("told");
    assert_eq!(found().await, told, "once");
}

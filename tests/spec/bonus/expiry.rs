//! What happens unasked: payments and invoices earn, points pass their day, a mail comes before.
use super::{NOBODY, SLUG, balance, db, entries, give, id_of, today};
use crate::support::TestApp;
use busbar::app::state;
use busbar::backends::clock::Clock;
use busbar::data::Choices;
use busbar::domain::bonus::{LOOK_BACK_DAYS, Reason};
use busbar::domain::ids::CustomerId;
use busbar::domain::notices::{CATALOGUE, Channel, Event};
use busbar::jobs::JobServices;
use busbar::web::kit::services::Shared;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use time::macros::time;
use time::{Duration, Time};
use uuid::Uuid;

fn everybody() -> RangeInclusive<CustomerId> {
    CustomerId(Uuid::nil())..=CustomerId(Uuid::max())
}

/// At ten: at night nobody is told anything.
fn jobs(app: &TestApp, services: &Shared, time: Time) -> JobServices {
    let zone = &app.services.registry.by_slug(SLUG).expect("eon").document.locale.timezone;
    let at = app.services.clock.instant(today(app), time, zone);
    let jobs = state::job_services(&app.config, services).expect("mail goes to a folder");
    JobServices { clock: Clock::fixed(at), ..jobs }
}

async fn look(app: &TestApp) -> usize {
    look_at(app, time!(10:00)).await
}

async fn look_at(app: &TestApp, time: Time) -> usize {
    busbar::jobs::look_after_bonus_now(&jobs(app, &app.services, time)).await.expect("a look")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_paid_on_time_and_billed_electronically_earns_once_whoever_looks() {
    let app = TestApp::start().await;
    let (other, _) = app.another_instance().await;
    let from = today(&app) - Duration::days(LOOK_BACK_DAYS);
    let tx = db(&app).read().await.expect("a transaction");
    let paid = tx.advances_paid_on_time(from, everybody()).await.expect("a list");
    let paid: BTreeSet<_> = paid.iter().map(|one| (one.customer, one.object, one.day)).collect();
    let billed = tx.invoices_sent_electronically(from, everybody()).await.expect("a list");
    let billed: BTreeSet<_> = billed.iter().map(|one| (one.customer, one.object, one.day)).collect();
    tx.commit().await.expect("read");
    assert!(!paid.is_empty(), "the demo pays on time");
    let (one, two) = (jobs(&app, &app.services, time!(10:00)), jobs(&app, &other, time!(10:00)));
    let (one, two) = tokio::join!(busbar::jobs::look_after_bonus_now(&one), busbar::jobs::look_after_bonus_now(&two));
    assert!(one.is_ok() && two.is_ok());
    let owners: BTreeSet<_> = paid.iter().chain(&billed).map(|one| one.0).collect();
    let (mut on_time, mut electronic) = (0, 0);
    for customer in owners {
        let all = entries(&app, customer).await;
        let fresh = all.iter().filter(|one| one.at.date() >= today(&app) - Duration::DAY);
        for one in fresh {
            on_time += usize::from(one.reason == Reason::PaymentOnTime);
            electronic += usize::from(one.reason == Reason::EInvoice);
        }
        balance(&app, customer).await;
    }
    assert_eq!((on_time, electronic), (paid.len(), billed.len()));
    assert_eq!(look(&app).await, 0, "all is done");
}

#[tokio::test]
async fn points_are_written_off_once_and_a_mail_comes_once_before() {
    let app = TestApp::start().await;
    look(&app).await;
    let customer = id_of(&app, NOBODY).await;
    let before = balance(&app, customer).await;
    give(&app, customer, 70, today(&app) - Duration::days(2)).await;
    give(&app, customer, 40, today(&app) + Duration::days(10)).await;
    give(&app, customer, 5, today(&app) + Duration::days(60)).await;
    assert!(look(&app).await >= 2);
    assert_eq!(look(&app).await, 0);
    let all = entries(&app, customer).await;
    let lost: Vec<_> = all.iter().filter(|one| one.reason == Reason::DayPassed).map(|one| one.points).collect();
    assert_eq!((lost, balance(&app, customer).await), (vec![-70], before + 45));
    let email = {
        let tx = db(&app).read().await.expect("a transaction");
        tx.customer(customer).await.expect("there").email.expect("the demo gives addresses")
    };
    let sent = app.messages().await;
    let mails: Vec<_> = sent.iter().filter(|one| one.kind == "bonus_expiring" && one.recipient == email).collect();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].body_text.contains("40 bodů") && mails[0].body_text.contains("/bonus"), "{}", mails[0].body_text);
}

/// Who wants neither mail nor text finds it in the portal, once, however often is looked.
#[tokio::test]
async fn a_customer_without_mail_is_told_once_and_nobody_before_eight() {
    let app = TestApp::start().await;
    look(&app).await;
    let customer = id_of(&app, NOBODY).await;
    give(&app, customer, 40, today(&app) + Duration::days(10)).await;
    let account = {
        let username = &app.book.tenants.iter().find(|one| one.slug == SLUG).expect("eon").customers[NOBODY].username;
        let tx = db(&app).begin().await.expect("a transaction");
        let account = tx.account_by_username(username).await.expect("a lookup").expect("the demo has it").id;
        let none = CATALOGUE
            .iter()
            .map(|told| told.event)
            .flat_map(|event: Event| [((event, Channel::Mail), false), ((event, Channel::Sms), false)]);
        tx.choose_notices(account, &none.collect::<Choices>(), app.services.clock.now()).await.expect("chosen");
        tx.commit().await.expect("kept");
        account
    };
    let told = async || {
        let tx = db(&app).read().await.expect("a transaction");
        let all = tx.notices_for(account, customer, None, 100).await.expect("a list");
        all.iter().filter(|one| one.kind == "bonus_expiring").count()
    };
    let before = told().await;
    assert_eq!(look_at(&app, time!(7:59)).await, 0, "a minute to eight");
    assert_eq!(told().await, before);
    assert_eq!(look_at(&app, time!(8:00)).await, 1);
    for _ in 0..2 {
        assert_eq!(look(&app).await, 0, "told before");
    }
    assert_eq!(told().await, before + 1);
    assert!(!app.messages().await.iter().any(|one| one.kind == "bonus_expiring" && one.body_text.contains("40 bod")));
}

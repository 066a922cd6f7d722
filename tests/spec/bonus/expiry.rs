//! What happens unasked: payments and invoices earn, points pass their day, a mail comes before.
use super::{NOBODY, balance, db, entries, give, id_of, today};
use crate::support::TestApp;
use busbar::app::state;
use busbar::domain::bonus::{LOOK_BACK_DAYS, Reason};
use std::collections::BTreeSet;
use time::Duration;

async fn look(app: &TestApp) -> usize {
    let jobs = state::job_services(&app.config, &app.services).expect("mail goes to a folder");
    busbar::jobs::look_after_bonus_now(&jobs).await.expect("a look")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_paid_on_time_and_billed_electronically_earns_once_whoever_looks() {
    let app = TestApp::start().await;
    let (other, _) = app.another_instance().await;
    let from = today() - Duration::days(LOOK_BACK_DAYS);
    let tx = db(&app).read().await.expect("a transaction");
    let paid = tx.advances_paid_on_time(from).await.expect("a list");
    let paid: BTreeSet<_> = paid.iter().map(|one| (one.customer, one.object, one.day)).collect();
    let billed = tx.invoices_sent_electronically(from).await.expect("a list");
    let billed: BTreeSet<_> = billed.iter().map(|one| (one.customer, one.object, one.day)).collect();
    tx.commit().await.expect("read");
    assert!(!paid.is_empty(), "the demo pays on time");
    let jobs = |services| state::job_services(&app.config, services).expect("mail goes to a folder");
    let (one, two) = (jobs(&app.services), jobs(&other));
    let (one, two) = tokio::join!(busbar::jobs::look_after_bonus_now(&one), busbar::jobs::look_after_bonus_now(&two));
    assert!(one.is_ok() && two.is_ok());
    let owners: BTreeSet<_> = paid.iter().chain(&billed).map(|one| one.0).collect();
    let (mut on_time, mut electronic) = (0, 0);
    for customer in owners {
        let all = entries(&app, customer).await;
        let fresh = all.iter().filter(|one| one.at.date() >= today() - Duration::DAY);
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
    give(&app, customer, 70, today() - Duration::days(2)).await;
    give(&app, customer, 40, today() + Duration::days(10)).await;
    give(&app, customer, 5, today() + Duration::days(60)).await;
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

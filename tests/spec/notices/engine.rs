//! The outbox as an engine: what is urgent goes first, one supplier's many do not stand before another's few, and a gateway that is away
//! stops nobody else.
use super::{begin, jobs, message, queue, tenant};
use crate::support::TestApp;
use busbar::backends::mail::Mail;
use busbar::data::{NewMessage, SentMessage};
use busbar::domain::notices::{Channel, Lane, Urgency};
use busbar::jobs::{self, JobServices};
use std::time::{Duration as Wait, Instant};
use time::{Duration, OffsetDateTime};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

fn many(channel: Channel, kind: &str, count: usize) -> Vec<NewMessage> {
    (0..count).map(|number| message(channel, kind, number)).collect()
}

async fn all(app: &TestApp) -> Vec<SentMessage> {
    app.services.db.platform().sent_messages(100_000).await.expect("the outbox")
}

/// What the queue of the demo held before is out of the way.
async fn emptied() -> TestApp {
    let app = TestApp::start().await;
    jobs::deliver_now(&jobs(&app)).await.expect("delivered");
    app
}

/// Runs the workers until `is_done`, or for a minute.
async fn until(app: &TestApp, services: JobServices, is_done: impl Fn(&[SentMessage]) -> bool) -> Vec<SentMessage> {
    let (_stop, stopped) = watch::channel(false);
    let work = tokio::spawn(jobs::run(services, stopped));
    let patience = Instant::now() + Wait::from_secs(60);
    loop {
        let sent = all(app).await;
        if is_done(&sent) {
            work.abort();
            return sent;
        }
        assert!(Instant::now() < patience, "it did not come to that");
        tokio::time::sleep(Wait::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_suppliers_thousands_do_not_stand_before_anothers_new_password() {
    let app = emptied().await;
    queue(&app, "cez", &many(Channel::Mail, "invoice_due", 3_000)).await;
    queue(&app, "pre", &[message(Channel::Mail, "password_forgotten", 1)]).await;
    let is_password = |one: &SentMessage| one.kind == "password_forgotten" && one.sent_at.is_some();
    let sent = until(&app, jobs(&app), |sent| sent.iter().any(is_password)).await;
    let noisy = sent.iter().filter(|one| one.kind == "invoice_due" && one.tenant_id == tenant(&app, "cez"));
    let waiting = noisy.filter(|one| one.state == "ready").count();
    assert!(waiting > 1_000, "{waiting} of the many still wait when the password is out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_server_that_says_nothing_stops_no_text_message() {
    let app = emptied().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("smtp://{}", silent.local_addr().expect("bound"));
    // Connections are taken and never answered.
    let held = tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((stream, _)) = silent.accept().await {
            open.push(stream);
        }
    });
    queue(&app, "pre", &many(Channel::Mail, "password_forgotten", 40)).await;
    queue(&app, "pre", &many(Channel::Mail, "invoice_due", 400)).await;
    queue(&app, "pre", &many(Channel::Sms, "proof_code", 200)).await;
    let services = JobServices { mail: Mail::smtp(&url).expect("an address"), ..jobs(&app) };
    let is_text = |one: &&SentMessage| one.channel == Channel::Sms && one.sent_at.is_some();
    let sent = until(&app, services, |sent| sent.iter().filter(is_text).count() == 200).await;
    assert!(!sent.iter().any(|one| one.kind == "password_forgotten" && one.sent_at.is_some()), "the server was silent");
    held.abort();
}

#[tokio::test]
async fn a_mail_server_that_is_away_is_asked_a_few_times_and_not_with_every_mail() {
    let app = emptied().await;
    let nobody = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("bound");
    queue(&app, "pre", &many(Channel::Mail, "invoice_due", 500)).await;
    let away = Mail::smtp(&format!("smtp://{nobody}")).expect("an address");
    assert_eq!(jobs::deliver_now(&JobServices { mail: away, ..jobs(&app) }).await.expect("tried"), 0);
    let lanes = app.services.db.platform().due_lanes().await.expect("the outbox");
    assert!(lanes.iter().any(|lane| lane.tenant == tenant(&app, "pre")), "those not tried are not put off");
    // Back again, it gets all of them; those that were tried wait for their turn.
    let sent = jobs::deliver_now(&jobs(&app)).await.expect("delivered");
    assert!((480..500).contains(&sent), "{sent} of 500 were not touched by its absence");
}

#[tokio::test]
async fn what_will_never_be_taken_is_given_up_with_a_word_and_the_rest_leaves() {
    let app = emptied().await;
    let bad = NewMessage { recipient: "dva@@example.cz".into(), ..message(Channel::Mail, "invoice_due", 1) };
    queue(&app, "pre", &[bad, message(Channel::Mail, "invoice_due", 2)]).await;
    assert_eq!(jobs::deliver_now(&jobs(&app)).await.expect("delivered"), 1);
    let states: Vec<String> =
        all(&app).await.into_iter().filter(|one| one.recipient.contains("example.cz")).map(|one| one.state).collect();
    assert!(states.contains(&"failed".to_owned()) && states.contains(&"sent".to_owned()), "{states:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_supplier_that_wants_to_be_heard_slowly_is_so_by_all_instances_together() {
    let app = TestApp::start().await;
    let (second, _) = app.another_instance().await;
    let lane = Lane { tenant: tenant(&app, "pre"), channel: Channel::Mail, urgency: Urgency::Notice };
    let now = OffsetDateTime::now_utc();
    for round in 0..3 {
        let at = now + Duration::seconds(10 * round);
        let mut racers = JoinSet::new();
        for number in 0..50 {
            let platform = if number % 2 == 0 { app.services.db.platform() } else { second.db.platform() };
            racers
                .spawn(async move { platform.keep_pace(lane, at, at + Duration::seconds(10)).await.expect("a pace") });
        }
        let may = racers.join_all().await.into_iter().filter(|may| *may).count();
        assert_eq!(may, 1, "round {round}");
    }
    let other = Lane { channel: Channel::Sms, ..lane };
    assert!(app.services.db.platform().keep_pace(other, now, now + Duration::HOUR).await.expect("a pace"));
}

#[tokio::test]
async fn a_batch_that_was_not_begun_is_as_if_it_had_not_been_claimed() {
    let app = emptied().await;
    queue(&app, "pre", &many(Channel::Mail, "invoice_due", 3)).await;
    let platform = app.services.db.platform();
    let lane = platform.due_lanes().await.expect("the outbox")[0];
    let held = platform.claim_messages(lane, 10, Duration::MINUTE).await.expect("claimed");
    assert_eq!(held.iter().map(|one| one.attempts).collect::<Vec<_>>(), [1, 1, 1]);
    platform.messages_put_off(&held, OffsetDateTime::now_utc()).await.expect("given back");
    let again = platform.claim_messages(lane, 10, Duration::MINUTE).await.expect("claimed again");
    assert_eq!(again.iter().map(|one| one.attempts).collect::<Vec<_>>(), [1, 1, 1], "it was no try");
    _ = begin(&app, "pre").await;
}

//! A receiver that never answers: neither another one of the same supplier nor a mail waits for it.
use super::receiver::{Receiver, Reply};
use super::*;
use std::time::{Duration, Instant};
use tokio::sync::watch;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_is_silent_delays_nobody() {
    let app = app().await;
    let silent = Receiver::start_otherwise(Vec::new(), Reply::Nothing).await;
    let living = Receiver::start(Vec::new()).await;
    let mut lead = app.operator("eon", "lead").await;
    let dead = add(&mut lead, &silent.url(), &[]).await;
    add(&mut lead, &living.url(), &[]).await;
    happen(&app, "eon", 60).await;
    let jobs = state::job_services(&app.config, &app.services).expect("the ways out");
    let (_stop, stopped) = watch::channel(false);
    let begun = Instant::now();
    let working = tokio::spawn(async move { busbar::jobs::run(jobs, stopped).await });
    let posted = living.waits_for(60).await;
    assert_eq!(posted.len(), 60);
    // Had each of its sixty waited for the silent one, that would have been tried as often.
    assert!(silent.posted().len() <= 4, "{} tries in {:?}", silent.posted().len(), begun.elapsed());
    // What happens now goes to the living one at once, too, and so does a mail.
    happen(&app, "eon", 1).await;
    let username =
        &app.book.tenants.iter().find(|tenant| tenant.slug == "eon").expect("one of the eight").customers[0].username;
    app.browser("eon").post("/password", &[("username", username)]).await;
    let again = Instant::now();
    assert_eq!(living.waits_for(61).await.len(), 61);
    let has_mail = async || {
        let sent = app.services.db.platform().sent_messages(500).await.expect("a list");
        sent.iter().any(|one| one.kind == "password_forgotten" && one.sent_at.is_some())
    };
    while !has_mail().await {
        assert!(again.elapsed() < Duration::from_secs(60), "a mail waited for a webhook");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let patience = Instant::now();
    while log(&app, "eon", dead.id).await.is_empty() {
        assert!(patience.elapsed() < Duration::from_secs(20), "the silence is not in the log");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let log = log(&app, "eon", dead.id).await;
    assert_eq!((log[0].status, log[0].failure.as_deref()), (None, Some("timeout")));
    assert!(log[0].took_ms >= 9_000, "{}", log[0].took_ms);
    working.abort();
}

//! On the way: signed, tried again, never elsewhere than it should go, and all of it in the log.
use super::receiver::{Receiver, Reply, say};
use super::*;
use busbar::data::NewEndpoint;
use busbar::domain::ids::{MessageId, WebhookAttemptId};
use busbar::domain::webhooks::Wanted;
use time::OffsetDateTime;

#[tokio::test]
async fn a_fact_is_posted_signed_and_who_has_the_secret_can_tell() {
    let (app, _, receiver, added) = at_eon(Vec::new()).await;
    happen(&app, "eon", 1).await;
    deliver(&app).await;
    let posted = receiver.posted();
    assert_eq!(posted.len(), 1);
    let one = &posted[0];
    assert_eq!((one.path.as_str(), one.header("content-type")), ("/hook", "application/json"));
    assert!(is_genuine(&added.secret, one), "{one:?}");
    let seconds: i64 = one.header("webhook-timestamp").parse().expect("seconds");
    assert!((OffsetDateTime::now_utc().unix_timestamp() - seconds).abs() < 60);
    let json = one.json();
    assert_eq!(json["type"], "outage.recorded");
    assert!(json["timestamp"].as_str().is_some_and(|at| at.ends_with('Z') && at.contains('T')), "{json}");
    // What the catalogue does not name does not leave, what it names and nobody said is null.
    let fields = Fact::OutageRecorded.fields().iter().map(|field| ((*field).to_owned(), serde_json::Value::Null));
    let mut expected = serde_json::Value::Object(fields.collect());
    (expected["outage"], expected["kind"]) = (json!("O-0"), json!("planned"));
    assert_eq!(json["data"], expected);
    for (part, other) in [("webhook-id", "another"), ("webhook-timestamp", "1")] {
        let mut forged = one.clone();
        forged.headers.insert(part.into(), other.into());
        assert!(!is_genuine(&added.secret, &forged), "{part} is signed too");
    }
    let forged = Posted { body: one.body.replace("planned", "over"), ..one.clone() };
    assert!(!is_genuine(&added.secret, &forged));
    let state = endpoint(&app, "eon", added.id).await;
    assert!(state.last_success_at.is_some() && state.failures == 0);
    deliver(&app).await;
    assert_eq!(receiver.posted().len(), 1, "once");
}

#[tokio::test]
async fn what_was_not_taken_is_tried_again_under_the_same_name() {
    let reply = Reply::Say("500 Oh no", "", "  Chyba\u{202e}\n\tve skladu\u{0} ".repeat(400));
    let (app, mut lead, receiver, added) = at_eon(vec![reply, say("404 Not Found")]).await;
    happen(&app, "eon", 1).await;
    deliver(&app).await;
    let (next, attempts) = waits_until(&app).await;
    let wait = next - OffsetDateTime::now_utc();
    assert!(attempts == 1 && (15..=40).contains(&wait.whole_seconds()), "{attempts} {wait}");
    let state = endpoint(&app, "eon", added.id).await;
    assert!(state.failures == 1 && state.last_success_at.is_none());
    for _ in 0..2 {
        wait_over(&app).await;
        deliver(&app).await;
    }
    let posted = receiver.posted();
    assert_eq!(posted.len(), 3);
    for one in &posted {
        assert_eq!((one.header("webhook-id"), &one.body), (posted[0].header("webhook-id"), &posted[0].body));
        assert!(is_genuine(&added.secret, one));
    }
    let log = log(&app, "eon", added.id).await;
    assert_eq!(log.iter().map(|one| one.status).collect::<Vec<_>>(), [Some(204), Some(404), Some(500)]);
    assert_eq!(log.iter().map(|one| one.failure.is_none()).collect::<Vec<_>>(), [true, false, false]);
    assert!(log.iter().all(|one| one.message == log[0].message && one.fact == "outage.recorded"));
    let kept = &log[2].answer;
    assert_eq!(kept.chars().count(), 200, "{kept}");
    assert!(kept.starts_with("Chyba ve skladu Chyba") && !kept.contains(['\n', '\u{202e}', '\0']), "{kept:?}");
    assert_eq!(endpoint(&app, "eon", added.id).await.failures, 0);
    let page = lead.get(&added.path).await;
    let text = page.text();
    assert!(["500", "404", "204", "Chyba ve skladu"].iter().all(|word| text.contains(word)), "{text}");
    let failed = lead.get(&format!("{}?outcome=failed&fact=outage.recorded", added.path)).await.text();
    assert!(failed.contains("500") && !failed.contains(" 204 "), "{failed}");
    let none = lead.get(&format!("{}?fact=request.created", added.path)).await.text();
    assert!(none.contains("Žádný pokus tu není"), "{none}");
}

#[tokio::test]
async fn a_receiver_says_when_to_come_again_and_not_later_than_in_four_hours() {
    for (header, least, most) in
        [("retry-after: 3600\r\n", 3_500, 3_700), ("retry-after: 99999999\r\n", 14_300, 14_500)]
    {
        let (app, _, receiver, _) = at_eon(vec![Reply::Say("429 Slowly", header, String::new())]).await;
        happen(&app, "eon", 1).await;
        deliver(&app).await;
        let (next, _) = waits_until(&app).await;
        let wait = (next - OffsetDateTime::now_utc()).whole_seconds();
        assert!((least..=most).contains(&wait), "{header} {wait}");
        assert_eq!(receiver.posted().len(), 1);
    }
}

#[tokio::test]
async fn an_address_that_says_it_is_gone_is_switched_off() {
    let (app, mut lead, receiver, added) = at_eon(vec![say("410 Gone")]).await;
    happen(&app, "eon", 3).await;
    deliver(&app).await;
    assert_eq!(receiver.posted().len(), 1, "what was left is not sent any more");
    let state = endpoint(&app, "eon", added.id).await;
    assert_eq!((state.is_on, state.disabled_reason.as_str()), (false, "gone"));
    assert_eq!(in_outbox(&app).await, ["failed"; 3]);
    happen(&app, "eon", 1).await;
    assert_eq!(in_outbox(&app).await.len(), 3, "nothing is put out for it");
    assert!(lead.get(&added.path).await.text().contains("410"));
}

#[tokio::test]
async fn nobody_is_followed_elsewhere() {
    let elsewhere = Receiver::start(Vec::new()).await;
    let header: &'static str = Box::leak(format!("location: {}\r\n", elsewhere.url()).into_boxed_str());
    let (app, _, receiver, added) = at_eon(vec![Reply::Say("302 Found", header, String::new())]).await;
    happen(&app, "eon", 1).await;
    deliver(&app).await;
    assert_eq!((receiver.posted().len(), elsewhere.posted().len()), (1, 0));
    assert_eq!(log(&app, "eon", added.id).await[0].status, Some(302));
}

#[tokio::test]
async fn while_a_secret_is_changed_both_sign() {
    let (app, mut lead, receiver, added) = at_eon(Vec::new()).await;
    let version = value_of(&lead.get(&added.path).await, "version");
    let shown = lead.post(&format!("{}/rotate", added.path), &[("version", &version)]).await;
    assert_eq!(shown.status, 200, "{}", shown.text());
    let newer = secret_on(&shown.body);
    assert_ne!(newer, added.secret);
    happen(&app, "eon", 1).await;
    deliver(&app).await;
    let posted = receiver.posted().remove(0);
    assert_eq!(posted.header("webhook-signature").split(' ').count(), 2);
    assert!(is_genuine(&added.secret, &posted) && is_genuine(&newer, &posted));
    assert!(!is_genuine("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &posted));
}

#[tokio::test]
async fn one_that_is_off_receives_nothing_not_even_what_waited() {
    let (app, mut lead, receiver, added) = at_eon(Vec::new()).await;
    happen(&app, "eon", 2).await;
    let version = value_of(&lead.get(&added.path).await, "version");
    let off = [("version", version.as_str()), ("turn", "off")];
    assert_eq!(lead.post(&format!("{}/state", added.path), &off).await.status, 303);
    happen(&app, "eon", 1).await;
    deliver(&app).await;
    assert_eq!(receiver.posted().len(), 0);
    assert_eq!(in_outbox(&app).await, ["failed"; 2]);
    assert!(log(&app, "eon", added.id).await.is_empty());
}

#[tokio::test]
async fn nobody_hears_of_another_suppliers_customers_or_of_what_they_did_not_ask_for() {
    let (app, mut other, eon, _) = at_eon(Vec::new()).await;
    let (pre, choosy) = (Receiver::start(Vec::new()).await, Receiver::start(Vec::new()).await);
    let mut lead = app.operator("pre", "lead").await;
    let foreign = add(&mut lead, &pre.url(), &[]).await;
    add(&mut lead, &choosy.url(), &[Fact::RequestCreated, Fact::AccountOpened]).await;
    happen(&app, "eon", 1).await;
    deliver(&app).await;
    assert_eq!((eon.posted().len(), pre.posted().len(), choosy.posted().len()), (1, 0, 0));
    happen(&app, "pre", 1).await;
    deliver(&app).await;
    assert_eq!((eon.posted().len(), pre.posted().len(), choosy.posted().len()), (1, 1, 0));
    assert!(is_genuine(&foreign.secret, &pre.posted()[0]));
    assert_eq!(other.get(&foreign.path).await.status, 404);
    for what in ["rotate", "state", "delete", "ping", "replay", "replay-failed", "change"] {
        let answer =
            other.post(&format!("{}/{what}", foreign.path), &[("version", "1"), ("since", "2026-01-01")]).await;
        assert_eq!(answer.status, 404, "{what}");
    }
}

#[tokio::test]
async fn what_did_not_happen_is_not_told() {
    let (app, _, receiver, _) = at_eon(Vec::new()).await;
    let tx = app.services.db.tenant(tenant(&app, "eon")).begin().await.expect("a transaction");
    tx.announce(Fact::OutageRecorded, None, json!({})).await.expect("put out");
    drop(tx);
    deliver(&app).await;
    assert_eq!(receiver.posted().len(), 0);
}

/// The name looked harmless when it was typed; or the configuration allowed it once.
#[tokio::test]
async fn what_leads_into_our_own_network_when_it_goes_out_does_not_go_out() {
    let app = TestApp::start().await;
    let receiver = Receiver::start(Vec::new()).await;
    let tx = app.services.db.tenant(tenant(&app, "eon")).begin().await.expect("a transaction");
    let mut ids = Vec::new();
    for url in [receiver.url(), receiver.url().replace("http://", "https://"), "https://169.254.169.254/".into()] {
        let id = WebhookEndpointId::new();
        let at = OffsetDateTime::now_utc();
        let new = NewEndpoint { id, url, description: String::new(), wanted: Wanted::All, created_at: at };
        assert!(tx.add_webhook(&new).await.expect("kept"));
        ids.push(id);
    }
    tx.commit().await.expect("kept");
    happen(&app, "eon", 1).await;
    deliver(&app).await;
    assert_eq!(receiver.posted().len(), 0);
    for id in ids {
        let log = log(&app, "eon", id).await;
        assert_eq!((log[0].status, log[0].failure.as_deref()), (None, Some("address")));
    }
}

#[tokio::test]
async fn the_log_is_kept_a_month() {
    let (app, _, _receiver, added) = at_eon(Vec::new()).await;
    let now = OffsetDateTime::now_utc();
    let attempt = |days: i64| Attempt {
        id: WebhookAttemptId::new(),
        endpoint: added.id,
        message: MessageId::new(),
        fact: "test.ping".into(),
        at: now - time::Duration::days(days),
        status: Some(200),
        failure: None,
        took_ms: 1,
        answer: String::new(),
    };
    let tx = app.services.db.tenant(tenant(&app, "eon")).begin().await.expect("a transaction");
    tx.add_webhook_attempts(added.id, &[attempt(31), attempt(40), attempt(29)], false).await.expect("kept");
    tx.commit().await.expect("kept");
    let jobs = state::job_services(&app.config, &app.services).expect("the ways out");
    assert_eq!(busbar::jobs::forget_webhook_attempts_now(&jobs).await.expect("done"), 2);
    assert_eq!(log(&app, "eon", added.id).await.len(), 1);
}

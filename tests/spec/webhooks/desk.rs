//! At the lead's desk: added, seen once, changed, pinged, sent again, deleted; by nobody else.
use super::receiver::{Reply, say};
use super::*;
use crate::support::Answer;
use busbar::data::NewMessage;
use busbar::domain::ids::MessageId;
use busbar::domain::notices::Channel;
use tokio::task::JoinSet;

async fn has_audit(app: &TestApp, action: &str) -> bool {
    let tx = app.services.db.tenant(tenant(app, "eon")).read().await.expect("a transaction");
    tx.audit_trail(50, None).await.expect("a list").iter().any(|line| line.action == action)
}

/// Presses a button of the endpoint's page as it is now.
async fn press(lead: &mut Browser, added: &Added, what: &str, form: &[(&str, &str)]) -> Answer {
    let page = lead.get(&added.path).await;
    let version = value_of(&page, "version");
    let all: Vec<(&str, &str)> = form.iter().copied().chain([("version", version.as_str())]).collect();
    lead.post(&format!("{}/{what}", added.path), &all).await
}

#[tokio::test]
async fn the_lead_alone_has_webhooks() {
    let (app, mut lead, _receiver, added) = at_eon(Vec::new()).await;
    let list = lead.get("/operator/webhooks").await;
    assert!(list.status == 200 && list.text().contains("127.0.0.1"), "{}", list.text());
    assert!(lead.get("/operator").await.body.contains("/operator/webhooks\""), "the menu leads there");
    for role in ["clerk", "branch", "read_only"] {
        let mut other = app.operator("eon", role).await;
        assert!(!other.get("/operator").await.body.contains("/operator/webhooks"), "{role}");
        for path in ["/operator/webhooks", "/operator/webhooks/new", &added.path, &format!("{}/change", added.path)] {
            assert_eq!(other.get(path).await.status, 404, "{role} {path}");
        }
        for what in ["rotate", "state", "delete", "ping", "replay", "replay-failed", "change"] {
            let answer = other.post(&format!("{}/{what}", added.path), &[("version", "1")]).await;
            assert!(matches!(answer.status, 403 | 404), "{role} {what}: {}", answer.status);
        }
    }
    assert_eq!(endpoint(&app, "eon", added.id).await.version, 1);
}

#[tokio::test]
async fn the_secret_is_shown_once_and_the_same_form_adds_one_endpoint() {
    let app = app().await;
    let mut lead = app.operator("eon", "lead").await;
    let key = value_of(&lead.get("/operator/webhooks/new").await, "key");
    let form = [("url", "https://example.com/hook"), ("description", ""), ("which", "all"), ("key", key.as_str())];
    let shown = lead.post("/operator/webhooks/new", &form).await;
    let secret = secret_on(&shown.body);
    assert_eq!(shown.header("cache-control"), "no-store");
    let again = lead.post("/operator/webhooks/new", &form).await;
    let path = format!("/operator/webhooks/{key}");
    assert_eq!((again.status, again.location()), (303, path.as_str()));
    for page in ["/operator/webhooks", path.as_str()] {
        let page = lead.get(page).await;
        assert!(page.status == 200 && !page.body.contains("whsec_"), "{}", page.text());
    }
    let tx = app.services.db.tenant(tenant(&app, "eon")).read().await.expect("a transaction");
    assert_eq!(tx.webhooks().await.expect("a list").len(), 1);
    let lines = tx.audit_trail(20, None).await.expect("a list");
    assert!(lines.iter().all(|line| !format!("{line:?}").contains(&secret[6..])), "the audit knows no secret");
    assert!(lines.iter().any(|line| line.action == "add_webhook" && line.after.contains("example.com")));
}

#[tokio::test]
async fn a_wrong_address_is_refused_at_its_field_with_what_was_typed() {
    let app = TestApp::start().await;
    let mut lead = app.operator("eon", "lead").await;
    let key = value_of(&lead.get("/operator/webhooks/new").await, "key");
    for (url, words) in [
        ("", "vyplňte"),
        ("example.com", "celou adresu"),
        ("http://example.com/", "https://"),
        ("https://jan:heslo@example.com/", "jméno a heslo"),
        ("https://127.0.0.1/", "internetu"),
        ("https://169.254.169.254/latest", "internetu"),
        ("https://[::ffff:10.0.0.1]/", "internetu"),
        ("https://localhost/", "internetu"),
    ] {
        let form =
            [("url", url), ("description", "Sklad"), ("which", "some"), ("fact-account-opened", "yes"), ("key", &key)];
        let answer = lead.post("/operator/webhooks/new", &form).await;
        assert_eq!(answer.status, 422, "{url}: {}", answer.text());
        let said = answer.body.split("id=\"url-error\">").nth(1).and_then(|rest| rest.split("</p>").next()).expect(url);
        assert!(said.to_lowercase().contains(words), "{url}: {said}");
        assert!(answer.body.contains("value=\"Sklad\"") && answer.body.contains("href=\"#url\""), "{url}");
        let ticked = answer.body.split("id=\"fact-account-opened\"").nth(1).and_then(|rest| rest.split('>').next());
        assert!(ticked.is_some_and(|tag| tag.contains("checked")), "{url}: what was ticked is kept");
    }
    let nothing = [("url", "https://example.com/"), ("which", "some"), ("key", key.as_str())];
    let answer = lead.post("/operator/webhooks/new", &nothing).await;
    assert!(answer.status == 422 && answer.body.contains("id=\"which-error\""), "{}", answer.text());
    let tx = app.services.db.tenant(tenant(&app, "eon")).read().await.expect("a transaction");
    assert!(tx.webhooks().await.expect("a list").is_empty());
}

#[tokio::test]
async fn what_it_is_told_can_be_changed() {
    let (app, mut lead, receiver, added) = at_eon(Vec::new()).await;
    let form = lead.get(&format!("{}/change", added.path)).await;
    assert_eq!(form.status, 200, "{}", form.text());
    let version = value_of(&form, "version");
    let url = receiver.url();
    let fields =
        [("url", url.as_str()), ("which", "some"), ("fact-request-moved", "yes"), ("version", version.as_str())];
    let path = format!("{}/change", added.path);
    assert_eq!(lead.post(&path, &fields).await.status, 303);
    assert_eq!(lead.post(&path, &fields).await.status, 409, "from a version that is no more");
    happen(&app, "eon", 1).await;
    deliver(&app).await;
    assert_eq!(receiver.posted().len(), 0);
    assert!(has_audit(&app, "change_webhook").await);
}

#[tokio::test]
async fn a_ping_shows_what_the_receiver_answers() {
    let bad = Reply::Say("503 Busy", "", "<b>Údržba</b>".into());
    let (app, mut lead, receiver, added) = at_eon(vec![say("200 OK"), bad]).await;
    let taken = press(&mut lead, &added, "ping", &[]).await;
    assert!(taken.status == 200 && taken.text().contains("doručená, odpověď 200"), "{}", taken.text());
    let refused = press(&mut lead, &added, "ping", &[]).await;
    assert!(refused.text().contains("nepřijala: 503"), "{}", refused.text());
    assert!(refused.body.contains("Údržba") && !refused.body.contains("<b>Údržba"), "as text");
    let posted = receiver.posted();
    assert!(posted.iter().all(|one| is_genuine(&added.secret, one) && one.json()["type"] == "test.ping"));
    assert!(in_outbox(&app).await.is_empty(), "a ping is not tried again");
    assert_eq!(log(&app, "eon", added.id).await.len(), 2);
    assert!(has_audit(&app, "ping_webhook").await);
    press(&mut lead, &added, "state", &[("turn", "off")]).await;
    assert_eq!(press(&mut lead, &added, "ping", &[]).await.status, 409);
    assert_eq!(receiver.posted().len(), 2);
}

#[tokio::test]
async fn a_message_is_sent_again_under_its_name_and_at_a_new_time() {
    let (app, mut lead, receiver, added) = at_eon(Vec::new()).await;
    happen(&app, "eon", 1).await;
    deliver(&app).await;
    let message = value_of(&lead.get(&added.path).await, "message");
    assert_eq!(receiver.posted()[0].header("webhook-id"), message);
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let path = format!("{}/replay", added.path);
    assert_eq!(lead.post(&path, &[("message", &message)]).await.status, 303);
    let waiting = lead.post(&path, &[("message", &message)]).await;
    assert_eq!(waiting.status, 409, "it waits already");
    deliver(&app).await;
    let posted = receiver.posted();
    assert_eq!(posted.len(), 2);
    assert_eq!((posted[1].header("webhook-id"), &posted[1].body), (message.as_str(), &posted[0].body));
    assert_ne!(posted[1].header("webhook-timestamp"), posted[0].header("webhook-timestamp"));
    assert!(is_genuine(&added.secret, &posted[1]));
    assert!(has_audit(&app, "replay_webhook").await);
    // Whatever is not the endpoint's own stays where it is.
    let other = add(&mut lead, &receiver.url(), &[Fact::AccountOpened]).await;
    assert_eq!(lead.post(&format!("{}/replay", other.path), &[("message", &message)]).await.status, 409);
    assert_eq!(lead.post(&path, &[("message", "x")]).await.status, 404);
    let mut pre = app.operator("pre", "lead").await;
    let foreign = add(&mut pre, &receiver.url(), &[]).await;
    assert_eq!(pre.post(&format!("{}/replay", foreign.path), &[("message", &message)]).await.status, 409);
    deliver(&app).await;
    assert_eq!(receiver.posted().len(), 2);
}

#[tokio::test]
async fn all_that_was_given_up_since_a_day_is_sent_again() {
    let (app, mut lead, receiver, added) = at_eon(Vec::new()).await;
    happen(&app, "eon", 3).await;
    press(&mut lead, &added, "state", &[("turn", "off")]).await;
    deliver(&app).await;
    assert_eq!(in_outbox(&app).await, ["failed"; 3]);
    let today = app.services.clock.today("Europe/Prague");
    let (day, tomorrow) = (today.to_string(), today.next_day().expect("a day").to_string());
    let path = format!("{}/replay-failed", added.path);
    assert_eq!(lead.post(&path, &[("since", &day)]).await.status, 409, "off");
    press(&mut lead, &added, "state", &[("turn", "on")]).await;
    let wrong = lead.post(&path, &[("since", "včera")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("id=\"since-error\"") && wrong.body.contains("včera"));
    assert_eq!(lead.post(&path, &[("since", &tomorrow)]).await.status, 409, "nothing since then");
    assert_eq!(lead.post(&path, &[("since", &day)]).await.status, 303);
    deliver(&app).await;
    assert_eq!(receiver.posted().len(), 3);
    assert_eq!(in_outbox(&app).await, ["sent"; 3]);
    assert!(has_audit(&app, "replay_failed_webhooks").await);
}

#[tokio::test]
async fn only_one_that_is_off_is_deleted_and_its_log_goes_with_it() {
    let (app, mut lead, receiver, added) = at_eon(Vec::new()).await;
    happen(&app, "eon", 1).await;
    deliver(&app).await;
    assert_eq!(press(&mut lead, &added, "delete", &[]).await.status, 409);
    happen(&app, "eon", 1).await;
    press(&mut lead, &added, "state", &[("turn", "off")]).await;
    assert_eq!(press(&mut lead, &added, "delete", &[]).await.status, 303);
    assert_eq!(lead.get(&added.path).await.status, 404);
    deliver(&app).await;
    assert_eq!(receiver.posted().len(), 1, "what waited does not leave");
    assert!(log(&app, "eon", added.id).await.is_empty());
    assert!(has_audit(&app, "delete_webhook").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_change_a_secret_at_once_one_does() {
    let (app, mut lead, _receiver, added) = at_eon(Vec::new()).await;
    let (_services, second) = app.another_instance().await;
    let version = value_of(&lead.get(&added.path).await, "version");
    let mut racers = JoinSet::new();
    for index in 0..50 {
        // Without Redis an instance knows its own sessions only.
        let is_there = is_production() && index % 2 == 1;
        let mut browser = lead.at(if is_there { &second } else { &app.entry });
        let (path, version) = (format!("{}/rotate", added.path), version.clone());
        racers.spawn(async move { browser.post(&path, &[("version", &version)]).await.status });
    }
    let all = racers.join_all().await;
    assert_eq!(all.iter().filter(|status| **status == 200).count(), 1, "{all:?}");
    assert!(all.iter().all(|status| matches!(status, 200 | 409 | 503)), "{all:?}");
    assert_eq!(endpoint(&app, "eon", added.id).await.secret_version, 2);
}

/// What a supplier's systems are told is the lead's: a clerk who works the messages neither reads it nor sends it again.
#[tokio::test]
async fn a_fact_is_no_message_at_the_clerks_desk() {
    let app = app().await;
    let mut lead = app.operator("eon", "lead").await;
    add(&mut lead, "https://prijemce.example/", &[]).await;
    happen(&app, "eon", 1).await;
    let all = app.services.db.platform().sent_messages(500).await.expect("the outbox");
    let fact = all.iter().find(|one| one.channel == Channel::Webhook).expect("a fact that waits");
    let mut clerk = app.operator("eon", "clerk").await;
    let page = format!("/operator/messages/{}", fact.id);
    assert!(!clerk.get("/operator/messages").await.body.contains(&page));
    assert_eq!(clerk.get(&page).await.status, 404);
    let mail = NewMessage {
        id: MessageId::new(),
        channel: Channel::Mail,
        customer: None,
        kind: "request_received".into(),
        recipient: "nekdo@example.cz".into(),
        language: "cs".into(),
        payload: json!({ "path": "/requests" }),
        dedupe_key: "a mail beside it".into(),
    };
    let tx = app.services.db.tenant(tenant(&app, "eon")).begin().await.expect("a transaction");
    tx.enqueue(std::slice::from_ref(&mail)).await.expect("put out");
    tx.commit().await.expect("kept");
    let page = format!("/operator/messages/{}", mail.id);
    assert_eq!(clerk.get(&page).await.status, 200, "others are read there");
}

//! What leaves is claimed by one worker at a time, and what was sent stays sent.
use super::ground::{Ground, Role, claim_any, column, left_as};
use busbar::data::{ClaimedMessage, NewMessage, Rendered};
use busbar::domain::ids::{MessageId, TenantId};
use busbar::domain::notices::Channel;
use std::collections::BTreeSet;
use std::time::Duration as Wait;
use time::Duration;
use tokio::task::JoinSet;

const LONG: Duration = Duration::HOUR;
const BRIEF: Duration = Duration::milliseconds(500);

pub fn message(key: &str) -> NewMessage {
    NewMessage {
        id: MessageId::new(),
        channel: Channel::Mail,
        customer: None,
        kind: "settlement_issued".into(),
        recipient: "a@example.cz".into(),
        language: "cs".into(),
        payload: serde_json::json!({}),
        dedupe_key: key.into(),
    }
}

async fn waiting(count: usize) -> (Ground, TenantId) {
    let (ground, a, b) = Ground::with_two().await;
    for (at, tenant) in [a, b].into_iter().enumerate() {
        let own: Vec<NewMessage> =
            (0..count).filter(|one| one % 2 == at).map(|one| message(&format!("key {one}"))).collect();
        let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
        tx.enqueue(&own).await.expect("queued");
        tx.commit().await.expect("kept");
    }
    (ground, a)
}

async fn claim(ground: &Ground, lease: Duration) -> Vec<ClaimedMessage> {
    claim_any(&ground.db, 100, lease).await
}

async fn lapse() {
    tokio::time::sleep(Wait::from_millis(650)).await;
}

fn words(text: &str) -> Rendered {
    Rendered { subject: text.into(), body_text: text.into(), body_html: String::new() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_message_is_claimed_by_one_worker() {
    let (ground, _) = waiting(300).await;
    let mut workers = JoinSet::new();
    for _ in 0..4 {
        let db = ground.db.clone();
        workers.spawn(async move {
            let mut own = Vec::new();
            loop {
                let claimed = claim_any(&db, 7, LONG).await;
                if claimed.is_empty() {
                    return own;
                }
                assert!(claimed.len() <= 7);
                own.extend(claimed.into_iter().map(|one| (one.tenant_id, one.id)));
            }
        });
    }
    let all: Vec<(TenantId, MessageId)> = workers.join_all().await.into_iter().flatten().collect();
    let once: BTreeSet<_> = all.iter().collect();
    assert_eq!((all.len(), once.len()), (300, 300));
    // Workers that skip each other's rows may all see nothing while something is left; here nothing may be.
    assert!(claim(&ground, LONG).await.is_empty());
}

#[tokio::test]
async fn a_lease_holds_until_it_lapses_and_then_the_message_is_claimed_again() {
    let (ground, _) = waiting(1).await;
    let state = async || ground.db.platform().sent_messages(1).await.expect("the list").remove(0).state;
    assert_eq!(state().await, "ready");
    assert_eq!(claim(&ground, BRIEF).await[0].attempts, 1);
    assert_eq!(state().await, "sending");
    assert!(claim(&ground, LONG).await.is_empty(), "it is held");
    lapse().await;
    assert_eq!(state().await, "ready");
    let again = claim(&ground, LONG).await;
    assert_eq!((again.len(), again[0].attempts), (1, 2));
    lapse().await;
    assert!(claim(&ground, LONG).await.is_empty(), "it is held by the other");
}

#[tokio::test]
async fn a_message_sent_is_never_claimed_again() {
    let (ground, _) = waiting(1).await;
    let held = claim(&ground, BRIEF).await.remove(0);
    left_as(&ground.db.platform(), &held, &words("as it left")).await.expect("recorded");
    lapse().await;
    assert!(claim(&ground, LONG).await.is_empty());
    let sent = ground.db.platform().sent_messages(10).await.expect("the list").remove(0);
    assert_eq!((sent.state.as_str(), sent.subject.as_str(), sent.sent_at.is_some()), ("sent", "as it left", true));
}

/// The first holder was slow, the second sent it: the first one's failure must not put it back.
#[tokio::test]
async fn a_holder_whose_lease_lapsed_cannot_put_back_what_another_sent() {
    let (ground, _) = waiting(1).await;
    let first = claim(&ground, BRIEF).await.remove(0);
    lapse().await;
    let second = claim(&ground, LONG).await.remove(0);
    let platform = ground.db.platform();
    left_as(&platform, &second, &words("by the second")).await.expect("recorded");
    for next in [Some(time::OffsetDateTime::now_utc() - Duration::MINUTE), None] {
        platform.message_failed(&first, "away", next).await.expect("it does not matter any more");
        assert!(claim(&ground, LONG).await.is_empty(), "it would be sent again");
        assert_eq!(platform.sent_messages(1).await.expect("the list")[0].state, "sent");
    }
}

#[tokio::test]
async fn a_holder_whose_lease_lapsed_cannot_take_the_message_from_the_next() {
    let (ground, _) = waiting(1).await;
    let first = claim(&ground, BRIEF).await.remove(0);
    lapse().await;
    let second = claim(&ground, LONG).await.remove(0);
    let platform = ground.db.platform();
    for next in [Some(time::OffsetDateTime::now_utc() - Duration::MINUTE), None] {
        platform.message_failed(&first, "away", next).await.expect("it does not matter any more");
        assert!(claim(&ground, LONG).await.is_empty(), "the second still holds it");
    }
    platform.message_failed(&second, "away", Some(time::OffsetDateTime::now_utc())).await.expect("put back");
    assert_eq!(claim(&ground, LONG).await[0].attempts, 3);
}

/// That it left is a fact whoever holds the lease: recorded once, in the words of the one who said so first.
#[tokio::test]
async fn what_a_late_holder_did_send_is_recorded_and_not_sent_once_more() {
    let (ground, _) = waiting(1).await;
    let first = claim(&ground, BRIEF).await.remove(0);
    lapse().await;
    let second = claim(&ground, BRIEF).await.remove(0);
    let platform = ground.db.platform();
    left_as(&platform, &first, &words("by the first")).await.expect("recorded");
    platform
        .message_failed(&second, "away", Some(time::OffsetDateTime::now_utc()))
        .await
        .expect("it does not matter any more");
    lapse().await;
    assert!(claim(&ground, LONG).await.is_empty(), "it would be sent a third time");
    let sent = platform.sent_messages(1).await.expect("the list").remove(0);
    left_as(&platform, &second, &words("by the second")).await.expect("recorded already");
    let after = platform.sent_messages(1).await.expect("the list").remove(0);
    assert_eq!((after.subject.as_str(), after.sent_at), ("by the first", sent.sent_at));
}

#[tokio::test]
async fn a_message_put_back_waits_for_its_time() {
    let (ground, _) = waiting(2).await;
    let held = claim(&ground, LONG).await;
    let platform = ground.db.platform();
    platform
        .message_failed(&held[0], "away", Some(time::OffsetDateTime::now_utc() + Duration::HOUR))
        .await
        .expect("put back");
    platform.message_failed(&held[1], "away", None).await.expect("given up");
    assert!(claim(&ground, LONG).await.is_empty());
    let mut states: Vec<String> = column(&ground.raw(Role::Admin).await, "SELECT state FROM outbox").await;
    states.sort();
    assert_eq!(states, ["failed", "ready"]);
}

#[tokio::test]
async fn one_cause_makes_one_message_in_its_own_tenant() {
    let (ground, a, b) = Ground::with_two().await;
    for tenant in [a, b, a] {
        let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
        tx.enqueue(&[message("cause")]).await.expect("queued or known");
        tx.commit().await.expect("kept");
    }
    let owners: Vec<TenantId> = claim(&ground, LONG).await.iter().map(|one| one.tenant_id).collect();
    assert_eq!(owners.iter().collect::<BTreeSet<_>>(), BTreeSet::from([&a, &b]));
    assert_eq!(owners.len(), 2);
}

#[tokio::test]
async fn the_longest_waiting_are_claimed_first() {
    let (ground, a) = waiting(0).await;
    let mut ids = Vec::new();
    for key in ["1", "2", "3"] {
        let one = message(key);
        ids.push(one.id);
        let tx = ground.db.tenant(a).begin().await.expect("a transaction");
        tx.enqueue(&[one]).await.expect("queued");
        tx.commit().await.expect("kept");
    }
    for id in ids {
        assert_eq!(claim_any(&ground.db, 1, LONG).await[0].id, id);
    }
}

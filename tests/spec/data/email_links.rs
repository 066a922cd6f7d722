//! A link that confirms an address works once.
use super::asked::email_change;
use super::requests::{change, kept};
use busbar::data::{EmailChange, Error};
use time::macros::datetime;

#[tokio::test]
async fn only_the_newest_link_works_in_time_and_in_its_tenant() {
    let (ground, a, b, whole) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let now = datetime!(2026-11-23 12:00 UTC);
    let (first, second) = (email_change(whole.customer.id, 1), email_change(whole.customer.id, 2));
    for one in [&first, &second] {
        tx.add_email_change(one, now).await.expect("a wish");
    }
    let pending = tx.pending_email_change(whole.customer.id, now).await.expect("a lookup");
    assert_eq!(pending, Some(second.clone()));
    assert_eq!(tx.use_email_change(&first.token_hash, now).await.expect("an answer"), None, "overtaken");
    assert_eq!(tx.use_email_change(&second.token_hash, second.expires_at).await.expect("an answer"), None, "late");
    tx.commit().await.expect("kept");
    let other = change(&ground.db.tenant(b)).await;
    assert_eq!(other.use_email_change(&second.token_hash, now).await.expect("an answer"), None, "not here");
    let refused = other.add_email_change(&email_change(whole.customer.id, 3), now).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "another tenant's customer: {refused:?}");
    drop(other);
    let tx = change(&ground.db.tenant(a)).await;
    let used = tx.use_email_change(&second.token_hash, now).await.expect("an answer");
    assert_eq!(used, Some(EmailChange { used_at: Some(now), ..second.clone() }));
    assert_eq!(tx.use_email_change(&second.token_hash, now).await.expect("an answer"), None, "once");
    assert_eq!(tx.pending_email_change(whole.customer.id, now).await.expect("a lookup"), None);
    let third = email_change(whole.customer.id, 4);
    tx.add_email_change(&third, now).await.expect("a wish");
    tx.end_email_changes(whole.customer.id, now).await.expect("withdrawn");
    assert_eq!(tx.use_email_change(&third.token_hash, now).await.expect("an answer"), None, "withdrawn");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_twenty_who_follow_one_link_at_once_one_is_let_in() {
    let (ground, a, _, whole) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let now = datetime!(2026-11-23 12:00 UTC);
    let one = email_change(whole.customer.id, 1);
    tx.add_email_change(&one, now).await.expect("a wish");
    tx.commit().await.expect("kept");
    let mut followers = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let db = ground.db.tenant(a);
        followers.spawn(async move {
            let tx = change(&db).await;
            let used = tx.use_email_change(&one.token_hash, now).await.expect("an answer");
            tx.commit().await.expect("kept");
            used.is_some()
        });
    }
    assert_eq!(followers.join_all().await.into_iter().filter(|won| *won).count(), 1);
}

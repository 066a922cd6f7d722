//! What was said about a request and what came with it.
use super::asked::{added, attachment, event, new_request};
use super::requests::{change, kept};
use busbar::data::{Error, RequestEvent};
use busbar::domain::ids::*;
use busbar::domain::requests::{Actor, RequestKind};

#[tokio::test]
async fn a_history_comes_back_in_order_and_the_customer_sees_the_public_part() {
    let (ground, a, b, whole) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let new = new_request(Some(whole.customer.id), RequestKind::Question);
    let request = added(tx.add_request(&new).await.expect("a request"));
    let events = [
        event("asked", Actor::Customer, true),
        event("noted", Actor::Staff, false),
        event("answered", Actor::Staff, true),
        event("closed", Actor::System, true),
    ];
    for (at, one) in events.iter().enumerate() {
        assert_eq!(tx.add_event(request.id, one).await.expect("an event"), at as i32 + 1);
    }
    let numbered = (1..).zip(events).map(|(seq, event)| RequestEvent { seq, event });
    let mut numbered: Vec<RequestEvent> = numbered.collect();
    assert_eq!(tx.events_of(request.id, false).await.expect("a history"), numbered);
    numbered.remove(1);
    assert_eq!(tx.events_of(request.id, true).await.expect("a history"), numbered);
    tx.commit().await.expect("kept");
    let tx = change(&ground.db.tenant(b)).await;
    assert_eq!(tx.events_of(request.id, false).await.expect("a history"), []);
    let refused = tx.add_event(request.id, &event("asked", Actor::Customer, true)).await;
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_said_at_the_same_moment_are_all_kept() {
    let (ground, a, _, whole) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let new = new_request(Some(whole.customer.id), RequestKind::Question);
    let request = added(tx.add_request(&new).await.expect("a request"));
    tx.commit().await.expect("kept");
    let mut speakers = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let db = ground.db.tenant(a);
        speakers.spawn(async move {
            let tx = change(&db).await;
            tx.add_event(request.id, &event("asked", Actor::Customer, true)).await.expect("an event");
            tx.commit().await.expect("kept");
        });
    }
    speakers.join_all().await;
    let tx = change(&ground.db.tenant(a)).await;
    let seqs: Vec<i32> = tx.events_of(request.id, true).await.expect("a history").iter().map(|one| one.seq).collect();
    assert_eq!(seqs, (1..=10).collect::<Vec<_>>());
}

#[tokio::test]
async fn files_come_back_as_written_to_their_customer_and_staff_only() {
    let (ground, a, b, whole) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let new = new_request(Some(whole.customer.id), RequestKind::Tariff);
    let request = added(tx.add_request(&new).await.expect("a request"));
    let visitors = added(tx.add_request(&new_request(None, RequestKind::Contract)).await.expect("a visitor's"));
    let files = [
        attachment(request.id, "žlutý kůň.pdf", b"%PDF-\0\xff".to_vec()),
        attachment(request.id, "", Vec::new()),
        attachment(visitors.id, "smlouva.pdf", vec![1]),
    ];
    for file in &files {
        tx.add_attachment(file).await.expect("a file");
    }
    let rows = [files[0].row.clone(), files[1].row.clone()];
    assert_eq!(tx.attachments_of(request.id).await.expect("a list"), rows);
    assert_eq!(tx.attachment_of(whole.customer.id, files[0].row.id).await.expect("their own"), files[0]);
    for (customer, id) in [(CustomerId::new(), files[0].row.id), (whole.customer.id, files[2].row.id)] {
        assert!(matches!(tx.attachment_of(customer, id).await, Err(Error::NotFound)));
    }
    assert_eq!(tx.attachment(files[2].row.id).await.expect("for staff"), files[2]);
    tx.commit().await.expect("kept");
    let tx = change(&ground.db.tenant(b)).await;
    assert!(matches!(tx.attachment(files[0].row.id).await, Err(Error::NotFound)));
    assert!(matches!(tx.attachment_of(whole.customer.id, files[0].row.id).await, Err(Error::NotFound)));
    assert_eq!(tx.attachments_of(request.id).await.expect("a list"), []);
    let refused = tx.add_attachment(&attachment(request.id, "", Vec::new())).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "a file at another tenant's request: {refused:?}");
}

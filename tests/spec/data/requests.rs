//! Requests: one for one intention, moved and taken by one at a time, nobody else's.
use super::asked::{added, asked, new_request};
use super::ground::Ground;
use super::whole::{Whole, whole};
use busbar::data::{
    Added, Assignee, Error, Guarded, Move, NewStaff, QueueCounts, QueueFilter, Request, TenantDb, TenantTx,
};
use busbar::domain::ids::*;
use busbar::domain::requests::{Reference, RequestKind, RequestState};
use time::macros::{date, datetime};

pub async fn kept() -> (Ground, TenantId, TenantId, Whole) {
    let (ground, a, b) = Ground::with_two().await;
    let whole = whole();
    let tx = ground.db.tenant(a).begin().await.expect("a transaction");
    whole.write(&tx).await.expect("a row in every table");
    tx.commit().await.expect("kept");
    (ground, a, b, whole)
}

pub async fn change(db: &TenantDb) -> TenantTx {
    db.begin().await.expect("a transaction")
}

#[tokio::test]
async fn a_request_comes_back_as_written() {
    let (ground, a, _, whole) = kept().await;
    let tx = ground.db.tenant(a).begin().await.expect("a transaction");
    let mut new = asked(&whole).request;
    (new.id, new.idempotency) = (RequestId::new(), "another".into());
    let request = added(tx.add_request(&new).await.expect("a request"));
    let expected = Request {
        id: new.id,
        customer: new.customer,
        account: new.account,
        supply_point: new.supply_point,
        kind: new.kind,
        reference: Reference::new(2026, 2),
        state: new.state,
        was_immediate: true,
        received_at: new.received_at,
        deadline: new.deadline,
        money_deadline: new.money_deadline,
        assignee: None,
        version: 1,
        payload: new.payload.clone(),
        outcome: new.outcome.clone(),
        idempotency: new.idempotency.clone(),
        closed_at: new.closed_at,
        language: "cs".into(),
    };
    assert_eq!(request, expected);
    let customer = whole.customer.id;
    assert_eq!(tx.request_of(customer, request.reference).await.expect("the customer's"), expected);
    assert_eq!(tx.request(request.reference).await.expect("for staff"), expected);
    assert_eq!(tx.request_by_id(request.id).await.expect("by its id"), expected);
    assert_eq!(tx.requests_of(customer, 1).await.expect("a list"), [expected], "the newest first");
    assert_eq!(tx.requests_of(customer, 10).await.expect("a list").len(), 2);
    assert_eq!(tx.open_requests_of(customer).await.expect("a list"), [], "both are done");
    assert_eq!(tx.count_open_requests_of(customer).await.expect("a count"), 0);
    let new = new_request(Some(customer), RequestKind::Question);
    let open = added(tx.add_request(&new).await.expect("a request"));
    assert_eq!(tx.open_requests_of(customer).await.expect("a list"), [open]);
    assert_eq!(tx.count_open_requests_of(customer).await.expect("a count"), 1);
    assert_eq!(tx.requests_of(CustomerId::new(), 10).await.expect("a list"), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_intention_sent_twenty_times_at_once_is_one_request() {
    let (ground, a, _, whole) = kept().await;
    let mut senders = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let db = ground.db.tenant(a);
        let mut new = new_request(Some(whole.customer.id), RequestKind::Advance);
        new.idempotency = "one intention".into();
        senders.spawn(async move {
            let tx = change(&db).await;
            let added = tx.add_request(&new).await.expect("an answer");
            tx.commit().await.expect("kept");
            added
        });
    }
    let (mut new, mut already) = (Vec::new(), Vec::new());
    for added in senders.join_all().await {
        match added {
            Added::New(request) => new.push(request),
            Added::Already(request) => already.push(request),
        }
    }
    assert_eq!((new.len(), already.len()), (1, 19));
    assert!(already.iter().all(|request| *request == new[0]), "each sees the first's");
    let tx = change(&ground.db.tenant(a)).await;
    let next = new_request(Some(whole.customer.id), RequestKind::Advance);
    let next = added(tx.add_request(&next).await.expect("a request"));
    assert_eq!(next.reference.sequence(), new[0].reference.sequence() + 1, "the losers took no number");
}

#[tokio::test]
async fn another_customers_key_shows_nobody_anything() {
    let (ground, a, b, whole) = kept().await;
    let mut new = new_request(None, RequestKind::Contract);
    new.idempotency = asked(&whole).request.idempotency;
    let tx = change(&ground.db.tenant(a)).await;
    let first = new_request(Some(whole.customer.id), RequestKind::Contact);
    added(tx.add_request(&first).await.expect("a request"));
    new.idempotency = first.idempotency.clone();
    let refused = tx.add_request(&new).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    drop(tx);
    let tx = change(&ground.db.tenant(b)).await;
    let theirs = added(tx.add_request(&new).await.expect("another tenant's key is another"));
    assert_eq!(theirs.reference.sequence(), 1);
}

#[tokio::test]
async fn of_another_tenant_or_customer_nothing_is_found_or_changed() {
    let (ground, a, b, whole) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let mine = new_request(Some(whole.customer.id), RequestKind::Question);
    let mine = added(tx.add_request(&mine).await.expect("a request"));
    assert!(matches!(tx.request_of(CustomerId::new(), mine.reference).await, Err(Error::NotFound)));
    tx.commit().await.expect("kept");
    let tx = change(&ground.db.tenant(b)).await;
    assert!(matches!(tx.request(mine.reference).await, Err(Error::NotFound)));
    assert!(matches!(tx.request_by_id(mine.id).await, Err(Error::NotFound)));
    assert_eq!(tx.requests_of(whole.customer.id, 10).await.expect("a list"), []);
    assert_eq!(tx.queue(&QueueFilter { limit: 10, ..QueueFilter::default() }).await.expect("the queue"), []);
    assert_eq!(tx.queue_counts(date!(2030 - 01 - 01)).await.expect("counts"), QueueCounts::default());
    let to = Move { state: RequestState::Done, outcome: "", closed_at: None };
    assert!(matches!(tx.move_request(mine.id, 1, &to).await, Err(Error::NotFound)));
    assert!(matches!(tx.assign_request(mine.id, 1, None).await, Err(Error::NotFound)));
    drop(tx);
    for part in ["customer", "account", "supply point"] {
        let mut new = new_request(None, RequestKind::Question);
        match part {
            "customer" => new.customer = Some(whole.customer.id),
            "account" => new.account = Some(whole.account.id),
            _ => new.supply_point = Some(whole.points[0].id),
        }
        let tx = change(&ground.db.tenant(b)).await;
        let refused = tx.add_request(&new).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "another tenant's {part}: {refused:?}");
    }
    let tx = change(&ground.db.tenant(b)).await;
    let theirs = added(tx.add_request(&new_request(None, RequestKind::Contract)).await.expect("a request"));
    let refused = tx.assign_request(theirs.id, 1, Some(whole.staff.id)).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "another tenant's staff: {refused:?}");
}

#[tokio::test]
async fn a_move_from_a_version_that_passed_shows_what_is_there() {
    let (ground, a, _, whole) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let request = added(tx.add_request(&new_request(Some(whole.customer.id), RequestKind::Tariff)).await.expect("one"));
    let closed_at = Some(datetime!(2026-11-24 08:00:00.5 UTC));
    let refused = Move { state: RequestState::Refused, outcome: "Chybí revizní zpráva.", closed_at };
    assert_eq!(tx.move_request(request.id, 1, &refused).await.expect("a move"), Guarded::Done(2));
    let withdrawn = Move { state: RequestState::Withdrawn, outcome: "", closed_at: None };
    let Guarded::Stale(there) = tx.move_request(request.id, 1, &withdrawn).await.expect("an answer") else {
        panic!("a stale move was made")
    };
    assert_eq!((there.state, there.outcome.as_str(), there.version), (RequestState::Refused, refused.outcome, 2));
    assert_eq!(there.closed_at, closed_at);
    assert_eq!(*there, tx.request(request.reference).await.expect("the request"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_clerks_taking_the_same_request_one_wins() {
    let (ground, a, _, whole) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let request = added(tx.add_request(&new_request(Some(whole.customer.id), RequestKind::Tariff)).await.expect("one"));
    let mut clerks = Vec::new();
    for number in 0..2 {
        let clerk = NewStaff { id: StaffId::new(), username: format!("clerk{number}"), ..whole.staff.clone() };
        tx.insert_staff(std::slice::from_ref(&clerk)).await.expect("a clerk");
        clerks.push(clerk.id);
    }
    tx.commit().await.expect("kept");
    let mut takers = tokio::task::JoinSet::new();
    for clerk in clerks {
        let db = ground.db.tenant(a);
        takers.spawn(async move {
            let tx = change(&db).await;
            let taken = tx.assign_request(request.id, 1, Some(clerk)).await.expect("an answer");
            tx.commit().await.expect("kept");
            (clerk, taken)
        });
    }
    let takers = takers.join_all().await;
    let winner = takers.iter().find(|(_, taken)| *taken == Guarded::Done(2)).expect("one wins").0;
    let (_, lost) = takers.iter().find(|(clerk, _)| *clerk != winner).expect("the other");
    let Guarded::Stale(there) = lost else { panic!("both won") };
    assert_eq!((there.assignee, there.version), (Some(winner), 2), "it is told who has it");
    let tx = change(&ground.db.tenant(a)).await;
    assert_eq!(tx.staff_member(winner).await.expect("the winner").name, whole.staff.name);
    assert_eq!(tx.assign_request(request.id, 2, None).await.expect("put back"), Guarded::Done(3));
    assert_eq!(tx.request_by_id(request.id).await.expect("the request").assignee, None);
}

#[tokio::test]
async fn the_queue_is_by_deadline_and_narrowed_by_all_its_filters() {
    let (ground, a, _, whole) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let mut ids = Vec::new();
    let days = [date!(2026 - 12 - 03), date!(2026 - 12 - 01), date!(2026 - 12 - 02), date!(2026 - 12 - 02)];
    for (at, deadline) in days.into_iter().enumerate() {
        let kind = if at == 0 { RequestKind::Contract } else { RequestKind::Question };
        let customer = (at > 0).then_some(whole.customer.id);
        let mut new = new_request(customer, kind);
        new.deadline = deadline;
        ids.push(added(tx.add_request(&new).await.expect("a request")));
    }
    let ids: Vec<RequestId> = ids.iter().map(|one| one.id).collect();
    let taken = tx.assign_request(ids[2], 1, Some(whole.staff.id)).await.expect("taken");
    assert_eq!(taken, Guarded::Done(2));
    let waiting = Move { state: RequestState::WaitingForCustomer, outcome: "", closed_at: None };
    tx.move_request(ids[1], 1, &waiting).await.expect("moved");
    let found = async |filter: QueueFilter| {
        let rows = tx.queue(&QueueFilter { limit: 10, ..filter }).await.expect("the queue");
        rows.iter().map(|row| ids.iter().position(|id| *id == row.request.id).expect("ours")).collect::<Vec<_>>()
    };
    let all = QueueFilter::default();
    assert_eq!(found(all.clone()).await, [1, 2, 3, 0], "what is open, the done one is not");
    let states = vec![RequestState::New, RequestState::InProgress];
    assert_eq!(found(QueueFilter { states, ..all.clone() }).await, [2, 3, 0]);
    assert_eq!(found(QueueFilter { kinds: vec![RequestKind::Contract], ..all.clone() }).await, [0]);
    assert_eq!(found(QueueFilter { assignee: Assignee::Nobody, ..all.clone() }).await, [1, 3, 0]);
    assert_eq!(found(QueueFilter { assignee: Assignee::Staff(whole.staff.id), ..all.clone() }).await, [2]);
    assert_eq!(found(QueueFilter { overdue_on: Some(date!(2026 - 12 - 02)), ..all.clone() }).await, [1]);
    let text = |text: &str| QueueFilter { text: Some(text.into()), ..QueueFilter::default() };
    assert_eq!(found(text(&whole.customer.number)).await, [1, 2, 3]);
    assert_eq!(found(text(&whole.customer.name)).await, [1, 2, 3]);
    let reference = tx.request_by_id(ids[0]).await.expect("a request").reference.to_string();
    assert_eq!(found(text(&reference.to_lowercase())).await, [0]);
    assert_eq!(found(text("%")).await, [1, 2, 3], "a wildcard means itself, and the name has one");
    assert_eq!(found(text("nobody")).await, [0; 0]);

    let page = QueueFilter { limit: 2, ..all };
    let first = tx.queue(&page).await.expect("a page");
    let next = QueueFilter { after: Some(first[1].cursor()), ..page };
    let second = tx.queue(&next).await.expect("a page");
    let pages: Vec<RequestId> = first.iter().chain(&second).map(|row| row.request.id).collect();
    assert_eq!(pages, [ids[1], ids[2], ids[3], ids[0]]);
    assert_eq!(first[1].customer, Some((whole.customer.number.clone(), whole.customer.name.clone())));
    assert_eq!(first[1].assignee_name, Some(whole.staff.name.clone()));
    assert_eq!((second[1].customer.clone(), second[1].assignee_name.clone()), (None, None));

    let counts = tx.queue_counts(date!(2026 - 12 - 03)).await.expect("counts");
    let open = vec![(RequestState::New, 3), (RequestState::WaitingForCustomer, 1)];
    assert_eq!(counts, QueueCounts { open, overdue: 3 });
}

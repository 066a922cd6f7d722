//! The same proof as of the portal's pages, for requests and what follows from them: lists of a customer, the queue, free slots.
use super::asked::*;
use super::explain::{Access, Engine};
use super::narrow::assert_narrow;
use super::plans::{Heard, asked, assert_all_narrow, customer_of, filled, tenant_of};
use crate::support::TestApp;
use busbar::data::{Assignee, Cursor, LetterKind, LogFilter, Look, Move, QueueFilter, Representative, TenantTx};
use busbar::domain::features::Role;
use busbar::domain::ids::*;
use busbar::domain::requests::{Actor, Reference, RequestKind, RequestState};
use busbar::domain::webhooks::{Fact, Wanted};
use serde_json::json;
use time::macros::{date, datetime};
use time::{Duration, OffsetDateTime};

const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);

/// For every customer of a tenant three requests, one of them open, with all that follows.
pub async fn fill(tx: &TenantTx) {
    let staff = tx.staff_list().await.expect("a list")[0].id;
    let one = office("praha", 4);
    tx.save_office(&one).await.expect("an office");
    tx.save_electronic_form(&form("prevod", 1)).await.expect("a form");
    super::whole::webhook(tx, NOW).await.expect("an endpoint with its log");
    let theirs = representative("Praha");
    tx.save_representative(&Representative { staff: Some(staff), ..theirs.clone() }).await.expect("a representative");
    for (at, customer) in tx.find_customers("", 100).await.expect("a list").into_iter().enumerate() {
        for state in [RequestState::Done, RequestState::Refused, RequestState::New] {
            let mut new = new_request(Some(customer.id), RequestKind::Question);
            (new.state, new.deadline) = (state, new.deadline + Duration::days(at as i64));
            let request = added(tx.add_request(&new).await.expect("a request"));
            tx.add_event(request.id, &event("asked", Actor::Customer, true)).await.expect("an event");
            tx.add_attachment(&attachment(request.id, "a", vec![1])).await.expect("a file");
            tx.assign_request(request.id, 1, Some(staff)).await.expect("taken");
        }
        let token = at as u8 + 1;
        tx.add_email_change(&email_change(customer.id, token), NOW).await.expect("a wish");
        let slot = NOW + Duration::minutes(20 * at as i64);
        tx.book(&booking(&one, customer.id, slot), 4).await.expect("a visit");
        tx.start_contract(&new_contract(Some(customer.id), Some([token; 32]))).await.expect("a draft");
        tx.assign_representative(customer.id, Some(theirs.id)).await.expect("assigned");
        for one in tx.accounts_of(customer.id).await.expect("a list") {
            super::people::fill(tx, one.id, customer.id, NOW, token).await.expect("people");
            tx.write_access_letter(one.id, customer.id, LetterKind::Code, "cs", NOW).await.expect("a letter");
        }
        tx.add_look(customer.id, &Look { staff, role: Role::Lead, at: NOW }).await.expect("a look");
        super::bonus::fill(tx, customer.id, staff, NOW).await.expect("points");
    }
}

#[tokio::test]
async fn every_list_and_lookup_of_requests_is_answered_from_an_index() {
    let app = filled().await;
    let (tenant, customer) = (tenant_of(&app, "eon"), customer_of(&app, "eon").await);
    let heard = Heard::default();
    let tx = heard.on(&app.services.db).tenant(tenant).begin().await.expect("a transaction");
    let new = new_request(Some(customer), RequestKind::Advance);
    let request = added(tx.add_request(&new).await.expect("a request"));
    tx.add_request(&new).await.expect("again");
    tx.requests_of(customer, 20).await.expect("a list");
    tx.open_requests_of(customer).await.expect("a list");
    tx.count_open_requests_of(customer).await.expect("a count");
    tx.request_of(customer, request.reference).await.expect("a lookup");
    tx.request(request.reference).await.expect("a lookup");
    tx.add_event(request.id, &event("asked", Actor::Customer, true)).await.expect("an event");
    tx.events_of(request.id, true).await.expect("a history");
    tx.attachments_of(request.id).await.expect("a list");
    tx.attachment_of(customer, AttachmentId::new()).await.expect_err("nobody's");
    tx.attachment(AttachmentId::new()).await.expect_err("nobody's");
    tx.assign_request(request.id, 1, None).await.expect("put back");
    let to = Move { state: RequestState::InProgress, outcome: "", closed_at: None };
    tx.move_request(request.id, 2, &to).await.expect("moved");
    for assignee in [Assignee::Any, Assignee::Nobody, Assignee::Staff(StaffId::new())] {
        for overdue_on in [None, Some(date!(2026 - 12 - 10))] {
            let after = overdue_on.map(|deadline| Cursor { deadline, id: RequestId::new() });
            let kinds = vec![RequestKind::Question, RequestKind::Advance];
            let filter = QueueFilter { kinds, assignee, overdue_on, after, limit: 20, ..QueueFilter::default() };
            // On PostgreSQL some rows are copies with references of no sense.
            _ = tx.queue(&filter).await;
        }
    }
    tx.queue_counts(date!(2026 - 12 - 10)).await.expect("counts");
    tx.request(Reference::new(2026, 1_000_000)).await.expect_err("nobody's");

    tx.add_email_change(&email_change(customer, 0xfe), NOW).await.expect("a wish");
    tx.pending_email_change(customer, NOW).await.expect("a lookup");
    tx.use_email_change(&[0xfe; 32], NOW).await.expect("an answer");
    let one = tx.office("praha").await.expect("an office");
    tx.offices().await.expect("a list");
    tx.office_by_id(one.id).await.expect("an office");
    tx.bookings_on(one.id, NOW, NOW + Duration::days(1)).await.expect("counts");
    tx.day_list(one.id, NOW, NOW + Duration::days(1)).await.expect("a day");
    let visit = tx.bookings_of(customer, NOW - Duration::days(1)).await.expect("a list").remove(0);
    tx.booking_of(customer, visit.id).await.expect("a lookup");
    tx.move_booking(&visit, NOW + Duration::days(2), NOW + Duration::days(3), 1).await.expect("moved");
    tx.cancel_booking(&tx.booking(visit.id).await.expect("a lookup")).await.expect("cancelled");
    tx.electronic_forms(true).await.expect("a list");
    tx.electronic_form("prevod").await.expect("a lookup");
    tx.representative_of(customer, "Praha").await.expect("a lookup");
    tx.assign_representative(customer, None).await.expect("taken off");
    tx.representative_of(customer, "Praha").await.expect("a lookup");
    tx.contract_by_token(&[1; 32]).await.expect("a lookup");
    let contract = tx.contracts_of(customer).await.expect("a list").remove(0);
    tx.contract_of(customer, contract.id).await.expect("a lookup");
    tx.contract_of_request(request.id).await.expect_err("nobody's");
    tx.save_contract(contract.id, 1, &json!({}), "", NOW).await.expect("saved");
    tx.change_email(customer, None).await.expect("a change");
    tx.billing_of(customer).await.expect("a lookup");
    drop(tx);
    let seen = assert_all_narrow(&app, &heard).await;
    for table in ["requests", "request_events", "attachments", "email_changes", "bookings", "contracts"] {
        assert!(seen.contains_key(table), "nothing asked for {table}: a blind proof: {seen:?}");
    }
}

/// How the only statement heard that asks for the table gets at it.
async fn access(app: &TestApp, heard: &Heard, table: &str) -> Access {
    let engine = Engine::of(app).await;
    let mut found = Vec::new();
    for statement in heard.all().into_iter().filter(|one| !one.sql.contains("set_config")) {
        for access in engine.explain(asked(&statement), &statement).await {
            assert_narrow(&access, &statement.sql);
            if access.table == table {
                found.push(access);
            }
        }
    }
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[tokio::test]
async fn a_customers_newest_requests_are_found_in_their_order() {
    let app = filled().await;
    let customer = customer_of(&app, "eon").await;
    let heard = Heard::default();
    let tx = heard.on(&app.services.db).tenant(tenant_of(&app, "eon")).read().await.expect("a transaction");
    tx.requests_of(customer, 2).await.expect("a list");
    drop(tx);
    let access = access(&app, &heard, "requests").await;
    assert!(!access.is_sorted_after, "{access:?}");
    assert_eq!(access.columns, ["tenant_id", "customer_id"]);
}

#[tokio::test]
async fn the_queue_of_a_state_is_found_by_deadline_and_counted_from_the_index_alone() {
    let app = filled().await;
    let tenant = tenant_of(&app, "eon");
    let heard = Heard::default();
    let tx = heard.on(&app.services.db).tenant(tenant).read().await.expect("a transaction");
    let states = vec![RequestState::New];
    _ = tx.queue(&QueueFilter { states, limit: 2, ..QueueFilter::default() }).await;
    drop(tx);
    let queue = access(&app, &heard, "requests").await;
    assert!(!queue.is_sorted_after, "{queue:?}");
    assert_eq!(queue.columns, ["tenant_id", "state"]);

    let heard = Heard::default();
    let tx = heard.on(&app.services.db).tenant(tenant).read().await.expect("a transaction");
    tx.queue_counts(date!(2026 - 12 - 10)).await.expect("counts");
    drop(tx);
    let counts = access(&app, &heard, "requests").await;
    assert!(counts.is_covered, "{counts:?}");
}

#[tokio::test]
async fn free_places_are_counted_from_the_index_alone() {
    let app = filled().await;
    let tenant = tenant_of(&app, "eon");
    let tx = app.services.db.tenant(tenant).read().await.expect("a transaction");
    let office = tx.office("praha").await.expect("an office").id;
    drop(tx);
    let heard = Heard::default();
    let tx = heard.on(&app.services.db).tenant(tenant).read().await.expect("a transaction");
    let slots = tx.bookings_on(office, NOW, NOW + Duration::hours(1)).await.expect("counts");
    assert!(!slots.is_empty());
    drop(tx);
    let access = access(&app, &heard, "bookings").await;
    assert!(access.is_covered, "{access:?}");
    assert_eq!(access.columns[..3], ["tenant_id", "office_id", "starts_at"]);
}

#[tokio::test]
async fn webhooks_and_their_log_are_read_from_an_index() {
    let app = filled().await;
    let heard = Heard::default();
    let tx = heard.on(&app.services.db).tenant(tenant_of(&app, "eon")).begin().await.expect("a transaction");
    let id = tx.webhooks().await.expect("a list")[0].id;
    tx.turn_webhook(id, 2, true).await.expect("on");
    tx.announce(Fact::TestPing, None, json!({})).await.expect("put out");
    for failed in [None, Some(true), Some(false)] {
        let filter = LogFilter { failed, fact: Some("test.ping".into()), before: Some(WebhookAttemptId::new()) };
        tx.webhook_log(id, &filter, 20).await.expect("a log");
    }
    tx.rotate_webhook(id, 3, NOW).await.expect("rotated");
    tx.change_webhook_facts(id, 4, "", "", &Wanted::All).await.expect("changed");
    tx.forget_webhook_attempts(NOW).await.expect("forgotten");
    tx.turn_webhook(id, 5, false).await.expect("off");
    tx.delete_webhook(id, 6).await.expect("deleted");
    drop(tx);
    let seen = assert_all_narrow(&app, &heard).await;
    assert!(seen["webhook_endpoints"] >= 6 && seen["webhook_attempts"] >= 2, "{seen:?}");
}

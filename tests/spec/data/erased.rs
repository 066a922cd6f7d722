//! Erasure in the rows: what nobody needs goes, once and for all, and what the law keeps cannot be taken away.
use super::ground::{Ground, Role, touched};
use super::whole::{Whole, whole};
use crate::support::template::is_production;
use busbar::data::export::NOUNS;
use busbar::data::{Erase, TenantTx};
use busbar::domain::ids::{AccountId, CustomerId, RequestId};
use busbar::domain::retention::Needed;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use time::macros::{date, datetime};

type Rows = BTreeMap<&'static str, Vec<Vec<Json>>>;

async fn rows(tx: &TenantTx, customer: CustomerId) -> Rows {
    let account = tx.accounts_of(customer).await.expect("log-ins").first().map_or_else(AccountId::new, |one| one.id);
    let mut all = Rows::new();
    for noun in NOUNS {
        all.insert(noun.table, tx.export_page(noun, customer, account, None).await.expect(noun.table).0);
    }
    all
}

fn wish(all: &Whole) -> Erase {
    let [power, gas] = [all.points[0].id, all.points[1].id];
    Erase {
        customer: all.customer.id,
        request: RequestId::new(),
        is_running: false,
        is_nameless: false,
        readings: vec![(power, Needed::Nothing), (gas, Needed::From(date!(2026 - 01 - 31)))],
        farewell: "farewell".into(),
        now: datetime!(2027-01-01 12:00 UTC),
    }
}

#[tokio::test]
async fn what_nobody_needs_goes_and_doing_it_twice_does_no_more() {
    let (ground, tenant, _) = Ground::with_two().await;
    let (all, mut other) = (whole(), whole());
    other.customer.number = "1000000002".into();
    let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
    all.write(&tx).await.expect("a row in every table");
    let before = rows(&tx, all.customer.id).await;
    let erase = wish(&all);
    tx.erase(&erase).await.expect("erased");
    let once = rows(&tx, all.customer.id).await;
    for gone in ["accounts", "memberships", "account_links", "email_changes", "contracts", "bookings", "attachments"] {
        assert!(!before[gone].is_empty() && once[gone].is_empty(), "{gone}: {:?}", once[gone]);
    }
    for kept in ["invoices", "invoice_lines", "settlements", "settled_readings", "payments", "documents", "retentions"]
    {
        assert_eq!(before[kept], once[kept], "{kept}");
    }
    // Of the gas the state from which the next settlement starts.
    assert_eq!((once["readings"].len(), once["monthly_consumption"].len()), (1, 1));
    let said = serde_json::to_string(&once).expect("JSON");
    for word in ["žofie@příklad.cz", "Žofie.Čápová"] {
        assert!(!said.contains(word), "{word} is still there: {said}");
    }
    assert!(once["requests"][0].iter().any(|cell| *cell == serde_json::json!({})), "{:?}", once["requests"]);
    assert!(once["request_events"].iter().all(|cells| cells[5] == ""), "{:?}", once["request_events"]);
    assert!(tx.account_by_username("Žofie.Čápová").await.expect("a lookup").is_none());
    tx.erase(&erase).await.expect("erased again");
    assert_eq!(rows(&tx, all.customer.id).await, once);
}

#[tokio::test]
async fn what_the_law_keeps_cannot_be_removed() {
    let (ground, tenant, _) = Ground::with_two().await;
    let all = whole();
    let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
    all.write(&tx).await.expect("a row in every table");
    tx.commit().await.expect("kept");
    let raw = ground.raw(Role::App).await;
    let sql =
        format!("DELETE FROM invoices WHERE number = '{}'", all.settlements[0].invoice.number.replace('\'', "''"));
    let refused = touched(&raw, is_production().then_some(tenant), &sql).await.expect_err("it is kept").to_string();
    assert!(refused.to_lowercase().contains("foreign key"), "{refused}");
}

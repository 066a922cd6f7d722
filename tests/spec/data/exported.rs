//! What is handed over of a customer, held against the schema: no table and no column is forgotten.
use super::ground::{Ground, Role, column};
use super::whole::whole;
use crate::support::template::is_production;
use busbar::data::export::{EXEMPT, NOUNS};
use busbar::domain::consumption::MonthlyConsumption;
use busbar::domain::supply_points::Register;
use migrations::TENANT_TABLES;
use std::collections::BTreeSet;
use time::macros::date;

#[tokio::test]
async fn every_column_of_a_customers_tables_is_exported_or_withheld_with_its_reason() {
    let ground = Ground::migrated().await;
    let raw = ground.raw(Role::Admin).await;
    for table in TENANT_TABLES {
        let sql = match is_production() {
            true => format!(
                "SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'"
            ),
            false => format!("SELECT name FROM pragma_table_info('{table}')"),
        };
        let there: BTreeSet<String> = column::<String>(&raw, &sql).await.into_iter().collect();
        let is_somebodys = there.contains("customer_id") || there.contains("account_id");
        let Some(noun) = NOUNS.iter().find(|noun| noun.table == table) else {
            let is_exempt = EXEMPT.iter().any(|(exempt, reason)| *exempt == table && !reason.is_empty());
            assert!(!is_somebodys || is_exempt, "{table} is somebody's, and neither exported nor exempt");
            continue;
        };
        let mut told: BTreeSet<String> = noun.columns.iter().map(|column| column.name.to_owned()).collect();
        told.extend(noun.withheld.iter().map(|(name, reason)| {
            assert!(!reason.is_empty(), "{table}.{name} is withheld without a reason");
            (*name).to_owned()
        }));
        told.insert("tenant_id".into());
        assert_eq!(told, there, "{table}");
    }
}

#[tokio::test]
async fn of_a_customer_with_a_row_everywhere_every_table_is_handed_over() {
    let (ground, tenant, _) = Ground::with_two().await;
    let all = whole();
    let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
    all.write(&tx).await.expect("a row in every table");
    for noun in NOUNS {
        let (rows, next) = tx.export_page(noun, all.customer.id, all.account.id, None).await.expect(noun.table);
        // Its one session is of nobody's account.
        assert_eq!(rows.is_empty(), noun.table == "sessions", "{}", noun.table);
        assert!(next.is_none(), "{}", noun.table);
        assert!(rows.iter().all(|cells| cells.len() == noun.columns.len()));
        let (rows, _) =
            tx.export_page(noun, busbar::domain::ids::CustomerId::new(), all.account.id, None).await.expect(noun.table);
        assert!(rows.is_empty(), "{}", noun.table);
    }
}

#[tokio::test]
async fn pages_follow_one_another_without_a_gap_or_a_row_twice() {
    let (ground, tenant, _) = Ground::with_two().await;
    let all = whole();
    let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
    all.write(&tx).await.expect("a row in every table");
    let month = |at| MonthlyConsumption {
        customer: all.customer.id,
        supply_point: all.points[0].id,
        register: Register::High,
        month: date!(1900 - 01 - 01) + time::Duration::days(at),
        energy_wh: at,
        volume_ml: None,
    };
    tx.insert_consumption(&(0..1_234).map(month).collect::<Vec<_>>()).await.expect("many rows");
    let noun = NOUNS.iter().find(|noun| noun.table == "monthly_consumption").expect("a noun");
    let (mut after, mut pages, mut seen) = (None, 0, Vec::new());
    loop {
        let (rows, next) = tx.export_page(noun, all.customer.id, all.account.id, after).await.expect("a page");
        pages += 1;
        seen.extend(rows.iter().map(|cells| format!("{}{}{}", cells[0], cells[1], cells[2])));
        match next {
            Some(_) => after = next,
            None => break,
        }
    }
    let distinct: BTreeSet<&String> = seen.iter().collect();
    assert_eq!((pages, distinct.len()), (3, 1_234 + all.months.len()));
    assert!(seen.is_sorted_by(|one, next| one[..11] <= next[..11]));
}

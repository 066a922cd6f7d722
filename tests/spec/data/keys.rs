//! Keys carry the tenant, so that a row cannot even point at another tenant's row.
use super::ground::{Ground, Role, ask, column};
use super::whole::whole;
use crate::support::template::is_production;
use busbar::data::Error;
use migrations::{PLATFORM_TABLES, TENANT_TABLES};
use sea_orm::DatabaseConnection;

#[derive(Debug)]
struct Foreign {
    columns: Vec<String>,
    to: String,
    at: Vec<String>,
}

fn words(text: &str) -> Vec<String> {
    text.split(',').map(str::to_owned).collect()
}

async fn primary(raw: &DatabaseConnection, table: &str) -> Vec<String> {
    let sql = match is_production() {
        true => format!(
            "SELECT a.attname::text FROM pg_constraint c, unnest(c.conkey) WITH ORDINALITY k(n, place) \
             JOIN pg_attribute a ON a.attnum = k.n WHERE c.conrelid = '{table}'::regclass AND a.attrelid = c.conrelid \
             AND c.contype = 'p' ORDER BY k.place"
        ),
        false => format!("SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk"),
    };
    column(raw, &sql).await
}

async fn uniques(raw: &DatabaseConnection, table: &str) -> Vec<Vec<String>> {
    let sql = match is_production() {
        true => format!(
            "SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k(n, place) \
             JOIN pg_attribute a ON a.attnum = k.n WHERE i.indrelid = '{table}'::regclass AND a.attrelid = i.indrelid \
             AND i.indisunique GROUP BY i.indexrelid"
        ),
        false => format!(
            "SELECT (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno)) \
             FROM pragma_index_list('{table}') l WHERE l.\"unique\" = 1"
        ),
    };
    column::<String>(raw, &sql).await.iter().map(|line| words(line)).collect()
}

async fn foreign(raw: &DatabaseConnection, table: &str) -> Vec<Foreign> {
    let sql = match is_production() {
        true => {
            let names = |of: &str, key: &str| {
                format!(
                    "(SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM unnest(c.{key}) WITH ORDINALITY k(n, place) \
                     JOIN pg_attribute a ON a.attnum = k.n AND a.attrelid = c.{of})"
                )
            };
            let (columns, at) = (names("conrelid", "conkey"), names("confrelid", "confkey"));
            format!(
                "SELECT {columns}, c.confrelid::regclass::text, {at} FROM pg_constraint c \
                 WHERE c.conrelid = '{table}'::regclass AND c.contype = 'f' AND c.convalidated"
            )
        }
        false => format!(
            "SELECT group_concat(\"from\"), \"table\", group_concat(\"to\") FROM \
             (SELECT * FROM pragma_foreign_key_list('{table}') ORDER BY id, seq) GROUP BY id"
        ),
    };
    let rows = ask(raw, &sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let text = |row: &sea_orm::QueryResult, at| row.try_get_by_index::<String>(at).expect("a name");
    rows.iter()
        .map(|row| Foreign { columns: words(&text(row, 0)), to: text(row, 1), at: words(&text(row, 2)) })
        .collect()
}

#[tokio::test]
async fn every_key_of_a_tenants_table_begins_with_the_tenant() {
    let ground = Ground::migrated().await;
    let raw = ground.raw(Role::Admin).await;
    for table in TENANT_TABLES.into_iter().chain(["outbox"]) {
        assert_eq!(primary(&raw, table).await[0], "tenant_id", "the primary key of {table}");
        let uniques = uniques(&raw, table).await;
        // SQLite keeps no index for a key of one whole number.
        assert!(!uniques.is_empty() || table == "audit_heads", "{table}: the catalogue was read wrongly");
        for unique in uniques {
            assert_eq!(unique[0], "tenant_id", "a unique key of {table}: {unique:?}");
        }
    }
}

#[tokio::test]
async fn every_foreign_key_begins_with_the_tenant_on_both_ends() {
    let ground = Ground::migrated().await;
    let raw = ground.raw(Role::Admin).await;
    for table in TENANT_TABLES.into_iter().chain(["outbox"]) {
        let all = foreign(&raw, table).await;
        assert!(!all.is_empty(), "{table} belongs to nobody");
        for key in all {
            assert_eq!(key.columns[0], "tenant_id", "{table}: {key:?}");
            let there = if key.to == "tenants" { "id" } else { "tenant_id" };
            assert_eq!(key.at[0], there, "{table}: {key:?}");
            assert!(TENANT_TABLES.contains(&key.to.as_str()) || key.to == PLATFORM_TABLES[0], "{table}: {key:?}");
        }
    }
}

/// A session's subject is a customer's account or a member of staff: two tables, so no key can say it. The audit's request is that of a
/// browser.
const FREE: [(&str, &str); 2] = [("sessions", "subject_id"), ("audit", "request_id")];

#[tokio::test]
async fn every_column_that_names_a_row_is_a_foreign_key() {
    let ground = Ground::migrated().await;
    let raw = ground.raw(Role::Admin).await;
    for table in TENANT_TABLES {
        let sql = match is_production() {
            true => format!(
                "SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'"
            ),
            false => format!("SELECT name FROM pragma_table_info('{table}')"),
        };
        let keys = foreign(&raw, table).await;
        for name in column::<String>(&raw, &sql).await {
            if !name.ends_with("_id") || ["tenant_id", "company_id"].contains(&name.as_str()) {
                continue;
            }
            let is_key = keys.iter().any(|key| key.columns.contains(&name));
            assert!(is_key || FREE.contains(&(table, &name)), "{table}.{name} may point anywhere");
        }
    }
}

/// Each row that could point at another tenant's, tried: the engine refuses, not the application.
#[tokio::test]
async fn a_row_cannot_point_at_another_tenants_row() {
    let (ground, a, b) = Ground::with_two().await;
    let theirs = whole();
    let tx = ground.db.tenant(b).begin().await.expect("a transaction");
    theirs.write(&tx).await.expect("rows of the other tenant");
    tx.commit().await.expect("kept");
    let own = whole();
    let tx = ground.db.tenant(a).begin().await.expect("a transaction");
    own.write(&tx).await.expect("own rows");
    tx.commit().await.expect("kept");
    for part in ["customer", "supply point", "meter"] {
        let mut reading = own.readings[0].clone();
        reading.id = busbar::domain::ids::ReadingId::new();
        reading.read_on = reading.read_on.next_day().expect("a day");
        match part {
            "customer" => reading.customer = theirs.customer.id,
            "supply point" => reading.supply_point = theirs.points[0].id,
            _ => reading.meter = theirs.meters[0].id,
        }
        let tx = ground.db.tenant(a).begin().await.expect("a transaction");
        let refused = tx.insert_readings(&[reading]).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "a reading at another tenant's {part}: {refused:?}");
    }
    let mut point = own.points[0].clone();
    point.id = busbar::domain::ids::SupplyPointId::new();
    point.code = "another".into();
    point.customer = theirs.customer.id;
    let tx = ground.db.tenant(a).begin().await.expect("a transaction");
    let refused = tx.insert_supply_points(&[point]).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "a supply point of another tenant's customer: {refused:?}");
    drop(tx);
    let mut settlement = own.settlements[0].clone();
    settlement.invoice.id = busbar::domain::ids::InvoiceId::new();
    settlement.invoice.number = "another".into();
    settlement.invoice.document = Some(theirs.documents[0].id);
    let tx = ground.db.tenant(a).begin().await.expect("a transaction");
    let refused = tx.insert_settlements(&[settlement]).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "an invoice with another tenant's document: {refused:?}");
}

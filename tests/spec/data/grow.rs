//! The demo's customers, many times over. Only on PostgreSQL, whose plans depend on how many rows there are.
use super::ground::ask;
use crate::support::{TestApp, template};
use migrations::TENANT_TABLES;
use sea_orm::{ConnectionTrait, DatabaseConnection};

/// Words that a key holds: each copy has its own. Of languages too, so that a page's own is one of many.
const OWN_WORDS: [&str; 13] = [
    "token",
    "key",
    "topic",
    "name",
    "reference",
    "idempotency",
    "number",
    "username_key",
    "code",
    "serial",
    "slug",
    "language",
    "dedupe_key",
];

/// One or a handful to each tenant, on so few pages that only many tenants need an index.
const FEW: [&str; 9] = [
    "audit_heads",
    "offices",
    "office_topics",
    "electronic_forms",
    "representatives",
    "terms_of_use",
    "bonus_offers",
    "webhook_endpoints",
    "calendar_feeds",
];

/// Every row `times` more: a copy's identifiers follow from the first's, so copies point at copies. Most messages are sent.
pub async fn grow(app: &TestApp, times: u32) {
    if !template::is_production() {
        return;
    }
    let url = app.config.database_url();
    let (_, database) = url.rsplit_once('/').expect("the address ends with a database");
    let admin = template::admin_url();
    let (start, _) = admin.rsplit_once('/').expect("the address ends with a database");
    let raw = sea_orm::Database::connect(format!("{start}/{database}")).await.expect("the database opens");
    let rows = format!("generate_series(1, {times}) AS copy");
    let mut all = vec!["SET session_replication_role = replica".to_owned()];
    for table in TENANT_TABLES.into_iter().chain(["outbox"]) {
        let (names, values) = copied(&raw, table).await;
        if table != "audit_heads" {
            all.push(format!("INSERT INTO {table} ({names}) SELECT {values} FROM {table}, {rows}"));
        }
        if FEW.contains(&table) {
            let values = names.replace("tenant_id", "tenant_id + copy * 1000");
            let rows = format!("{table}, generate_series(1, 2000) AS copy WHERE tenant_id < 3");
            all.push(format!("INSERT INTO {table} ({names}) SELECT {values} FROM {rows}"));
        }
    }
    all.push("UPDATE outbox SET state = 'sent' WHERE md5(id::text) < 'e'".to_owned());
    raw.execute_unprepared(&all.join("; ")).await.expect("copies");
    raw.execute_unprepared("VACUUM ANALYZE").await.expect("statistics");
    _ = raw.close().await;
}

async fn copied(raw: &DatabaseConnection, table: &str) -> (String, String) {
    let sql = format!(
        "SELECT column_name::text, data_type::text FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name = '{table}'"
    );
    let rows = ask(raw, &sql).await.expect("the catalogue");
    let text = |row: &sea_orm::QueryResult, at| row.try_get_by_index::<String>(at).expect("a name");
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for row in rows {
        let (name, kind) = (text(&row, 0), text(&row, 1));
        values.push(match kind.as_str() {
            "uuid" => format!("md5({name}::text || copy)::uuid"),
            "bytea" if name == "bytes" => "''::bytea".to_owned(),
            "bytea" => format!("decode(md5(encode({name}, 'hex') || copy), 'hex')"),
            "bigint" | "integer" if ["seq", "number"].contains(&name.as_str()) => format!("{name} + copy * 1000"),
            _ if OWN_WORDS.contains(&name.as_str()) => format!("{name} || '-' || copy"),
            _ => name.clone(),
        });
        names.push(name);
    }
    (names.join(", "), values.join(", "))
}

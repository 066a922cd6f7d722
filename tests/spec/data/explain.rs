//! What the engine would do for a statement, read from its own words into one shape for both engines.
use crate::support::{TestApp, template};
use busbar::domain::ids::TenantId;
use migrations::{PLATFORM_TABLES, TENANT_TABLES};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, TransactionTrait};
use serde_json::Value as Json;

/// One look into one table.
#[derive(Debug, Default)]
pub struct Access {
    pub table: String,
    /// Without any index's condition.
    pub is_whole: bool,
    /// The columns of the index's condition, in the engine's order.
    pub columns: Vec<String>,
    /// From the index alone.
    pub is_covered: bool,
    /// The statement puts its rows in order, instead of finding them so.
    pub is_sorted_after: bool,
}

impl Access {
    pub fn is_platforms(&self) -> bool {
        PLATFORM_TABLES.contains(&self.table.as_str())
    }
}

/// A connection to the test's database that asks for plans; nothing is executed.
pub struct Engine {
    raw: DatabaseConnection,
}

impl Engine {
    /// With fresh statistics, so that the plan is not the one of an empty database.
    pub async fn of(app: &TestApp) -> Engine {
        let raw = sea_orm::Database::connect(app.config.database_url()).await.expect("the database opens");
        let commands: &[&str] = if template::is_production() { &["ANALYZE", "VACUUM"] } else { &["ANALYZE"] };
        for command in commands {
            raw.execute_unprepared(command).await.expect("the tests' role owns the tables");
        }
        Engine { raw }
    }

    /// As the tables are known to the database by now: of rows that just came, nothing.
    pub fn on(raw: DatabaseConnection) -> Engine {
        Engine { raw }
    }

    /// New rows are put where they are put: an INSERT has no plan to speak of.
    pub async fn explain(&self, tenant: TenantId, statement: &Statement) -> Vec<Access> {
        match statement.sql.starts_with("INSERT") {
            true => Vec::new(),
            false if template::is_production() => postgres(&self.raw, tenant, statement).await,
            false => sqlite(&self.raw, statement).await,
        }
    }
}

fn asking(prefix: &str, statement: &Statement) -> Statement {
    Statement { sql: format!("{prefix} {}", statement.sql), ..statement.clone() }
}

async fn sqlite(raw: &DatabaseConnection, statement: &Statement) -> Vec<Access> {
    let rows = raw.query_all_raw(asking("EXPLAIN QUERY PLAN", statement)).await.expect(&statement.sql);
    let mut details: Vec<(i32, i32, String)> = Vec::new();
    for row in rows {
        let number = |name: &str| row.try_get::<i32>("", name).expect("a number");
        details.push((number("id"), number("parent"), row.try_get("", "detail").expect("a line")));
    }
    let sorted: Vec<i32> = details.iter().filter(|one| one.2.contains("FOR ORDER BY")).map(|one| one.1).collect();
    details
        .iter()
        .filter_map(|(_, parent, detail)| sqlite_line(detail, sorted.contains(parent), &statement.sql))
        .collect()
}

/// `SEARCH t USING [COVERING] INDEX i (tenant_id=? AND id=?)`, `SCAN t`; other lines speak of no table.
fn sqlite_line(detail: &str, is_sorted_after: bool, sql: &str) -> Option<Access> {
    let (verb, rest) = detail.split_once(' ').filter(|(verb, _)| ["SEARCH", "SCAN"].contains(verb))?;
    let name = rest.split(' ').next()?;
    let columns = rest.split_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')'));
    Some(Access {
        table: table_named(name, sql)?,
        is_whole: verb == "SCAN",
        columns: columns.split(" AND ").map(|one| one.split(['=', '<', '>']).next().unwrap_or("").to_owned()).collect(),
        is_covered: rest.contains("COVERING INDEX"),
        is_sorted_after,
    })
}

/// A table by its name, or by what the statement calls it; none for the rows of a statement within.
fn table_named(name: &str, sql: &str) -> Option<String> {
    let mut tables = TENANT_TABLES.iter().chain(&PLATFORM_TABLES);
    let is_called = |table: &str| ["FROM", "JOIN"].iter().any(|word| sql.contains(&format!("{word} {table} {name} ")));
    let found = tables.find(|table| **table == name || is_called(table)).map(|table| (*table).to_owned());
    assert!(
        found.is_some()
            || sql.contains(&format!(") AS {name} "))
            || sql.contains(&format!("WITH {name} AS"))
            || sql.contains(&format!("RECURSIVE {name}(")),
        "what is {name} in {sql}"
    );
    found
}

async fn postgres(raw: &DatabaseConnection, tenant: TenantId, statement: &Statement) -> Vec<Access> {
    let tx = raw.begin().await.expect("a transaction");
    tx.execute_unprepared(&format!("SET LOCAL app.tenant = '{}'", tenant.0)).await.expect("a setting");
    let row =
        tx.query_one_raw(asking("EXPLAIN (FORMAT JSON)", statement)).await.expect(&statement.sql).expect("a plan");
    let plan: Json = row.try_get_by_index(0).expect("a plan");
    let mut found = Vec::new();
    walk(&plan[0]["Plan"], None, false, &mut found);
    found
}

fn walk(node: &Json, above: Option<&str>, is_sorted: bool, found: &mut Vec<Access>) {
    let kind = node["Node Type"].as_str().unwrap_or("");
    let is_sorted_after = is_sorted || kind == "Sort";
    let table = node["Relation Name"].as_str().or(above);
    if ["Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan"].contains(&kind) {
        let condition = node["Index Cond"].as_str().unwrap_or("");
        found.push(Access {
            table: table.expect("a scan has a table").to_owned(),
            is_whole: condition.is_empty(),
            columns: columns(condition),
            is_covered: kind == "Index Only Scan",
            is_sorted_after,
        });
    }
    for inner in node["Plans"].as_array().into_iter().flatten() {
        walk(inner, table, is_sorted_after, found);
    }
}

/// `((outbox.state = 'ready'::text) AND (next_at <= $1))` → state, next_at.
fn columns(condition: &str) -> Vec<String> {
    let parts = condition.split(" AND ").map(|part| part.trim_matches(['(', ')']));
    let names = parts.map(|part| part.split([' ', ':', ')']).next().unwrap_or("").rsplit('.').next().unwrap_or(""));
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

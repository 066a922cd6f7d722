//! The audit is written once, in one unbroken chain for each tenant, and a chain that was touched is known.
use super::ground::{Ground, Role, entry, touched};
use crate::support::template::{self, is_production};
use busbar::domain::features::Feature;
use busbar::domain::ids::TenantId;
use sea_orm::ConnectionTrait;
use std::collections::BTreeSet;

async fn five_lines() -> (Ground, TenantId) {
    let (ground, a, b) = Ground::with_two().await;
    for action in ["one", "two", "three", "four", "five"] {
        for tenant in [a, b] {
            let mut entry = entry(action);
            entry.feature = Some(Feature::InfoSupplyPoints);
            let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
            tx.write_audit(&entry).await.expect("a line");
            tx.commit().await.expect("kept");
        }
    }
    assert_eq!(broken(&ground, a).await, None, "an untouched chain is whole");
    (ground, a)
}

async fn broken(ground: &Ground, tenant: TenantId) -> Option<i64> {
    let tx = ground.db.tenant(tenant).read().await.expect("a transaction");
    tx.broken_audit_link().await.expect("the chain can be read")
}

#[tokio::test]
async fn a_change_in_any_column_breaks_the_chain() {
    let changes = [
        ("at", if is_production() { "at + interval '1 second'" } else { "'2020-01-01T00:00:00Z'" }),
        ("actor_kind", "'platform'"),
        ("actor", "'nobody'"),
        ("role", "'clerk'"),
        ("feature", "NULL"),
        ("action", "'harmless'"),
        ("object", "''"),
        ("before", "'{}'"),
        ("after", "'{}'"),
        ("request_id", "'another'"),
        ("hash", if is_production() { "decode(repeat('00', 32), 'hex')" } else { "zeroblob(32)" }),
    ];
    let (ground, a) = five_lines().await;
    let whole = Ground::lines(&ground, a).await;
    for (column, value) in changes {
        let whose = format!("WHERE tenant_id = {} AND seq = 3", a.0);
        ground
            .tamper(&format!(
                "CREATE TABLE kept AS SELECT * FROM audit {whose}; UPDATE audit SET {column} = {value} {whose}"
            ))
            .await;
        assert_eq!(broken(&ground, a).await, Some(3), "{column} was changed");
        let back = format!("UPDATE audit SET {column} = (SELECT {column} FROM kept) {whose}; DROP TABLE kept");
        ground.tamper(&back).await;
        assert_eq!(broken(&ground, a).await, None, "{column} is as it was");
    }
    assert_eq!(Ground::lines(&ground, a).await, whole);
}

#[tokio::test]
async fn removing_a_line_breaks_the_chain_wherever_it_stood() {
    for (seq, found) in [(1, 2), (3, 4), (5, 5)] {
        let (ground, a) = five_lines().await;
        ground.tamper(&format!("DELETE FROM audit WHERE tenant_id = {} AND seq = {seq}", a.0)).await;
        assert_eq!(broken(&ground, a).await, Some(found), "line {seq} was removed");
    }
    let (ground, a) = five_lines().await;
    ground.tamper(&format!("DELETE FROM audit WHERE tenant_id = {}", a.0)).await;
    assert_eq!(broken(&ground, a).await, Some(1), "all were removed");
}

#[tokio::test]
async fn removing_a_line_and_closing_the_gap_breaks_the_chain() {
    let (ground, a) = five_lines().await;
    let whose = format!("tenant_id = {}", a.0);
    ground
        .tamper(&format!(
            "DELETE FROM audit WHERE {whose} AND seq = 3; UPDATE audit SET seq = 3 WHERE {whose} AND seq = 4"
        ))
        .await;
    assert_eq!(broken(&ground, a).await, Some(3));
}

#[tokio::test]
async fn two_lines_in_each_others_place_break_the_chain() {
    let (ground, a) = five_lines().await;
    let turn = |from: i64, to: i64| format!("UPDATE audit SET seq = {to} WHERE tenant_id = {} AND seq = {from};", a.0);
    ground.tamper(&[turn(2, 100), turn(3, 2), turn(100, 3)].concat()).await;
    assert_eq!(broken(&ground, a).await, Some(2));
}

#[tokio::test]
async fn a_line_of_another_tenant_put_in_breaks_the_chain() {
    let (ground, a) = five_lines().await;
    let whose = format!("tenant_id = {} AND seq = 5", a.0);
    ground
        .tamper(&format!(
            "DELETE FROM audit WHERE {whose}; UPDATE audit SET tenant_id = {} WHERE tenant_id = {} AND seq = 5",
            a.0,
            a.0 + 1
        ))
        .await;
    assert_eq!(broken(&ground, a).await, Some(5));
    assert_eq!(broken(&ground, TenantId(a.0 + 1)).await, Some(5), "and it is missed where it was");
}

/// A chain that holds in itself, with its head: only that it is another's tells.
#[tokio::test]
async fn another_tenants_whole_chain_is_not_ones_own() {
    let (ground, a) = five_lines().await;
    let take = |table: &str| {
        let (own, other) = (a.0, a.0 + 1);
        format!(
            "DELETE FROM {table} WHERE tenant_id = {own}; UPDATE {table} SET tenant_id = {own} WHERE tenant_id = {other};"
        )
    };
    ground.tamper(&[take("audit"), take("audit_heads")].concat()).await;
    assert_eq!(Ground::lines(&ground, a).await.len(), 5);
    assert_eq!(broken(&ground, a).await, Some(1));
}

/// As every role that has rights on the table at all, in the tenant's own name.
#[tokio::test]
async fn nobody_changes_or_removes_a_line_by_ordinary_means() {
    let (ground, a) = five_lines().await;
    let before = Ground::lines(&ground, a).await;
    let roles: &[Role] = if is_production() { &[Role::App, Role::Owner, Role::Admin] } else { &[Role::Admin] };
    let replace = "INSERT OR REPLACE INTO audit SELECT tenant_id, seq, at, actor_kind, 'nobody', role, feature, action, object, \
                   before, after, request_id, hash FROM audit";
    let over = "INSERT INTO audit SELECT * FROM audit ON CONFLICT (tenant_id, seq) DO UPDATE SET actor = 'nobody'";
    let engine: &[&str] = if is_production() { &[over, "TRUNCATE audit"] } else { &[replace] };
    let common = [
        "UPDATE audit SET actor = 'nobody'",
        "UPDATE audit SET actor = actor",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE seq = 5",
    ];
    for role in roles {
        let raw = ground.raw(*role).await;
        for change in common.iter().chain(engine) {
            let tenant = is_production().then_some(a);
            let refused = touched(&raw, tenant, change).await.expect_err(change).to_string();
            let is_clear = refused.contains("append-only") || refused.contains("permission denied");
            assert!(is_clear, "{role:?}: {change}: {refused}");
        }
        _ = raw.close().await;
    }
    assert_eq!(Ground::lines(&ground, a).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_first_lines_at_the_same_moment_are_both_kept() {
    let (ground, a, _) = Ground::with_two().await;
    let first = ground.db.tenant(a).begin().await.expect("a transaction");
    first.write_audit(&entry("first")).await.expect("a line");
    let db = ground.db.tenant(a);
    let second = tokio::spawn(async move {
        let tx = db.begin().await.expect("a transaction");
        tx.write_audit(&entry("second")).await.expect("a line, after the other");
        tx.commit().await.expect("kept");
    });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    first.commit().await.expect("kept");
    second.await.expect("no panic");
    assert_eq!(broken(&ground, a).await, None);
    assert_eq!(Ground::lines(&ground, a).await.len(), 2);
}

/// From the very first line on, which nobody has a head for yet.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_lines_of_one_tenant_make_one_unbroken_chain() {
    const WRITERS: usize = 6;
    const LINES: usize = 10;
    let (ground, a, b) = Ground::with_two().await;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let db = ground.db.tenant(if writer % 3 == 2 { b } else { a });
        writers.spawn(async move {
            for line in 0..LINES {
                let tx = db.begin().await.expect("a transaction");
                tx.write_audit(&entry(&format!("{writer}:{line}"))).await.expect("a line");
                // Half of what was begun is taken back: no number is lost by it.
                if line % 2 == 0 {
                    tx.commit().await.expect("kept");
                }
            }
        });
    }
    writers.join_all().await;
    for (tenant, count) in [(a, WRITERS / 3 * 2 * LINES / 2), (b, WRITERS / 3 * LINES / 2)] {
        assert_eq!(broken(&ground, tenant).await, None);
        let tx = ground.db.tenant(tenant).read().await.expect("a transaction");
        let trail = tx.audit_trail(1000, None).await.expect("the trail");
        let actions: BTreeSet<&str> = trail.iter().map(|line| line.action.as_str()).collect();
        assert_eq!((trail.len(), actions.len()), (count, count));
        assert_eq!(trail[0].seq, count as i64);
    }
}

#[tokio::test]
async fn the_trail_is_newest_first_and_by_feature() {
    let (ground, a) = five_lines().await;
    let tx = ground.db.tenant(a).read().await.expect("a transaction");
    let trail = tx.audit_trail(2, Some(Feature::InfoSupplyPoints)).await.expect("the trail");
    assert_eq!(trail.iter().map(|line| line.action.as_str()).collect::<Vec<_>>(), ["five", "four"]);
    assert!(tx.audit_trail(2, Some(Feature::InfoMeterReadings)).await.expect("the trail").is_empty());
}

impl Ground {
    /// Changes made with every right there is: no trigger, no row security.
    pub async fn tamper(&self, sql: &str) {
        let raw = self.raw(Role::Admin).await;
        let sql = match template::is_production() {
            true => format!("SET session_replication_role = replica; {sql}"),
            false => format!("DROP TRIGGER IF EXISTS audit_no_update; DROP TRIGGER IF EXISTS audit_no_delete; {sql}"),
        };
        raw.execute_unprepared(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        _ = raw.close().await;
    }

    /// The tenant's audit as it is kept.
    async fn lines(&self, tenant: TenantId) -> Vec<String> {
        let tx = self.db.tenant(tenant).read().await.expect("a transaction");
        tx.audit_trail(1000, None).await.expect("the trail").iter().map(|line| format!("{line:?}")).collect()
    }
}

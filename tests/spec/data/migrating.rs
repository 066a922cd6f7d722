//! The schema goes up, down and up again.
use super::ground::{Ground, Role, column};
use crate::support::template::is_production;
use migrations::{PLATFORM_TABLES, TENANT_TABLES};
use sea_orm::ConnectionTrait;

/// Everything the engine knows of the schema, one thing a line.
async fn listing(ground: &Ground) -> Vec<String> {
    let raw = ground.raw(Role::Admin).await;
    let lines = match is_production() {
        false => column(&raw, "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master WHERE tbl_name <> 'seaql_migrations' ORDER BY 1").await,
        true => {
            let parts = [
                // A column that was dropped and added has a later number, in the same place.
                "SELECT concat_ws(' ', table_name, row_number() OVER (PARTITION BY table_name ORDER BY ordinal_position), column_name, data_type, is_nullable, column_default) FROM information_schema.columns WHERE table_schema = 'public'",
                "SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
                "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
                "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
                "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
                "SELECT concat_ws(' ', tablename, policyname, permissive, roles, cmd, qual, with_check) FROM pg_policies",
                "SELECT concat_ws(' ', relname, relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner), relacl) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
            ];
            let all = parts.map(|part| format!("SELECT line FROM ({part}) AS part(line)")).join(" UNION ALL ");
            let own = format!("SELECT line FROM ({all}) AS whole WHERE line NOT LIKE '%seaql_migrations%' ORDER BY 1");
            column(&raw, &own).await
        }
    };
    _ = raw.close().await;
    lines
}

#[tokio::test]
async fn migrations_go_up_down_and_up_to_the_same_schema() {
    let ground = Ground::migrated().await;
    let first = listing(&ground).await;
    let tables = TENANT_TABLES.iter().chain(&PLATFORM_TABLES);
    for table in tables {
        assert!(first.iter().any(|line| line.contains(table)), "{table} is not there after up");
    }
    let all = ground.owner.migration_status().await.expect("the status").len();
    assert!(all > 1);
    for steps in 1..=all {
        for _ in 0..steps {
            ground.owner.migrate_down().await.expect("migrations go down");
        }
        assert!(!ground.owner.is_migrated().await.expect("the status"));
        if steps == all {
            assert_eq!(listing(&ground).await, [""; 0], "nothing of ours is left after down");
        }
        ground.owner.migrate_up().await.expect("migrations go up again");
        assert_eq!(listing(&ground).await, first, "after {steps} down and up");
    }
    assert!(ground.db.is_migrated().await.expect("the serving role can tell too"));
    ground.tenant("alfa").await;
}

#[tokio::test]
async fn every_table_is_declared_a_tenants_or_the_platforms() {
    let ground = Ground::migrated().await;
    let raw = ground.raw(Role::Admin).await;
    let sql = match is_production() {
        true => {
            "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'p')"
        }
        false => "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%'",
    };
    let mut found: Vec<String> = column(&raw, sql).await;
    found.retain(|name| name != "seaql_migrations");
    found.sort();
    let mut declared: Vec<&str> = TENANT_TABLES.into_iter().chain(PLATFORM_TABLES).collect();
    declared.sort_unstable();
    assert_eq!(found, declared);
}

#[tokio::test]
async fn going_up_twice_changes_nothing() {
    let ground = Ground::migrated().await;
    let first = listing(&ground).await;
    ground.owner.migrate_up().await.expect("there is nothing to do");
    assert_eq!(listing(&ground).await, first);
}

#[tokio::test]
async fn a_schema_newer_than_the_program_is_refused_by_name() {
    let ground = Ground::migrated().await;
    let raw = ground.raw(Role::Owner).await;
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20991231_0001_later', 0)";
    raw.execute_unprepared(newer).await.expect("a row");
    let refused = ground.db.is_migrated().await.expect_err("it does not know what that one did").to_string();
    assert!(refused.contains("m20991231_0001_later"), "{refused}");
}

#[tokio::test]
async fn the_serving_role_can_tell_that_nothing_was_migrated_yet() {
    let ground = Ground::bare().await;
    assert!(!ground.db.is_migrated().await.expect("the status"));
    assert_eq!(listing(&ground).await, [""; 0], "looking makes nothing");
}

//! The second wall: PostgreSQL itself, when the application forgets its tenant. (SQLite has no such wall; there the door is the only one.)
use super::ground::{Ground, Role, column, touched};
use super::whole::whole;
use crate::support::template::is_production;
use busbar::domain::ids::TenantId;
use migrations::TENANT_TABLES;
use sea_orm::DatabaseConnection;

/// Two tenants with a row of each in every table, and a connection of the serving role that knows no filter.
async fn two_filled() -> Option<(Ground, DatabaseConnection, TenantId, TenantId)> {
    if !is_production() {
        return None;
    }
    let (ground, a, b) = Ground::with_two().await;
    for tenant in [a, b] {
        let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
        whole().write(&tx).await.expect("rows in every table");
        tx.commit().await.expect("kept");
    }
    let admin = ground.raw(Role::Admin).await;
    for table in TENANT_TABLES {
        for tenant in [a, b] {
            let sql = format!("SELECT count(*) FROM {table} WHERE tenant_id = {}", tenant.0);
            assert!(
                column::<i64>(&admin, &sql).await[0] > 0,
                "{table} has no row of tenant {}: a blind proof",
                tenant.0
            );
        }
    }
    let app = ground.raw(Role::App).await;
    Some((ground, app, a, b))
}

#[tokio::test]
async fn a_query_without_a_filter_sees_one_tenants_rows() {
    let Some((_ground, app, a, b)) = two_filled().await else { return };
    for table in TENANT_TABLES {
        for (own, other) in [(a, b), (b, a)] {
            let all = touched(&app, Some(own), &format!("SELECT * FROM {table}")).await.expect("it may look");
            let filter = format!("SELECT * FROM {table} WHERE tenant_id = {}", own.0);
            assert_eq!(touched(&app, Some(own), &filter).await.expect("it may look"), all, "{table}");
            assert!(all > 0, "{table}: not even the own rows");
            let foreign = format!("SELECT * FROM {table} WHERE tenant_id = {}", other.0);
            assert_eq!(touched(&app, Some(own), &foreign).await.expect("it may look"), 0, "{table}");
        }
    }
}

#[tokio::test]
async fn a_query_without_a_tenant_sees_nothing() {
    let Some((ground, app, a, _)) = two_filled().await else { return };
    let owner = ground.raw(Role::Owner).await;
    for table in TENANT_TABLES {
        for (role, raw) in [("the serving role", &app), ("the owner", &owner)] {
            let all = format!("SELECT * FROM {table}");
            assert_eq!(touched(raw, None, &all).await.expect("it may look"), 0, "{role} sees {table}");
            // What one transaction set, the next on the same connection does not have.
            touched(raw, Some(a), &all).await.expect("it may look");
            assert_eq!(touched(raw, None, &all).await.expect("it may look"), 0, "{role} still sees {table}");
        }
    }
}

#[tokio::test]
async fn anothers_rows_cannot_be_changed_or_removed() {
    let Some((_ground, app, a, b)) = two_filled().await else { return };
    for table in TENANT_TABLES {
        let whose = format!("WHERE tenant_id = {}", b.0);
        for change in
            [format!("UPDATE {table} SET tenant_id = tenant_id {whose}"), format!("DELETE FROM {table} {whose}")]
        {
            for tenant in [Some(a), None] {
                assert_eq!(touched(&app, tenant, &change).await.expect("it matches nothing"), 0, "{change}");
            }
        }
    }
}

#[tokio::test]
async fn a_row_cannot_be_written_for_another() {
    let Some((ground, app, a, b)) = two_filled().await else { return };
    let admin = ground.raw(Role::Admin).await;
    for table in TENANT_TABLES {
        let names = format!(
            "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name = '{table}' AND column_name <> 'tenant_id'"
        );
        let names: String = column(&admin, &names).await.remove(0);
        for (tenant, whose) in [(Some(a), b), (None, b), (None, a)] {
            let insert = format!("INSERT INTO {table} (tenant_id, {names}) SELECT {}, {names} FROM {table}", whose.0);
            // Without a tenant nothing can be read to copy; a literal row shows that writing is refused too.
            let insert = if tenant.is_some() { insert } else { literal(&admin, table, whose).await };
            let refused = touched(&app, tenant, &insert).await.expect_err(&insert).to_string();
            assert!(refused.contains("row-level security"), "{insert}: {refused}");
        }
        let moved = touched(&app, Some(a), &format!("UPDATE {table} SET tenant_id = {}", b.0)).await;
        let refused = moved.expect_err("own rows cannot be given away").to_string();
        let is_audit = ["audit", "looks"].contains(&table) && refused.contains("append-only");
        assert!(refused.contains("row-level security") || is_audit, "{table}: {refused}");
    }
}

/// An insert of one whole row of `tenant`, written out.
async fn literal(admin: &DatabaseConnection, table: &str, tenant: TenantId) -> String {
    let sql = format!(
        "SELECT format('INSERT INTO {table} SELECT * FROM json_populate_record(NULL::{table}, %L)', to_json({table})::text) \
         FROM {table} WHERE tenant_id = {} LIMIT 1",
        tenant.0
    );
    column(admin, &sql).await.remove(0)
}

#[tokio::test]
async fn every_tenant_table_forces_row_security_on_its_owner_too() {
    let Some((ground, _, _, _)) = two_filled().await else { return };
    let admin = ground.raw(Role::Admin).await;
    let sql = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' \
               AND relrowsecurity AND relforcerowsecurity ORDER BY relname";
    let mut declared = TENANT_TABLES;
    declared.sort_unstable();
    assert_eq!(column::<String>(&admin, sql).await, declared);
    // One policy for each, for everybody and every command, both ways.
    let sql = "SELECT tablename::text FROM pg_policies WHERE roles = '{public}' AND cmd = 'ALL' AND permissive = 'PERMISSIVE' \
               AND qual = with_check AND qual LIKE '%app.tenant%' ORDER BY tablename";
    assert_eq!(column::<String>(&admin, sql).await, declared);
    assert_eq!(column::<i64>(&admin, "SELECT count(*) FROM pg_policies").await[0], declared.len() as i64);
}

#[tokio::test]
async fn the_serving_role_owns_nothing_and_cannot_step_over_the_wall() {
    let Some((ground, app, a, _)) = two_filled().await else { return };
    ground.db.check().await.expect("the serving role is bound");
    ground.owner.check().await.expect("the owner is bound");
    let powers = "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication FROM pg_roles WHERE rolname = current_user";
    assert!(!column::<bool>(&app, powers).await[0]);
    let owned = "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole";
    assert_eq!(column::<i64>(&app, owned).await[0], 0);
    let member = "SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole";
    assert_eq!(column::<i64>(&app, member).await[0], 0);
    for forbidden in [
        "ALTER TABLE customers DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        "DROP POLICY own_tenant ON customers",
        "DROP TABLE customers",
        "TRUNCATE payments",
        "CREATE TABLE mine (id int)",
        "SET session_replication_role = replica",
        "ALTER ROLE current_user BYPASSRLS",
        "SET row_security = off; SELECT * FROM customers",
    ] {
        assert!(touched(&app, Some(a), forbidden).await.is_err(), "{forbidden} was allowed");
    }
}

#[tokio::test]
async fn busbar_refuses_to_serve_as_a_role_above_the_wall() {
    let Some((ground, app, _, _)) = two_filled().await else { return };
    let name: String = column(&app, "SELECT current_user::text").await.remove(0);
    crate::support::template::psql(&format!("ALTER ROLE {name} BYPASSRLS"));
    let refused = ground.db.check().await.expect_err("BYPASSRLS is noticed").to_string();
    assert!(refused.contains("bypasses row security"), "{refused}");
}

#[tokio::test]
async fn the_serving_role_cannot_rewrite_the_audit() {
    let Some((_ground, app, a, _)) = two_filled().await else { return };
    for change in [
        "UPDATE audit SET actor = 'nobody'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "DROP TRIGGER audit_append_only ON audit",
    ] {
        assert!(touched(&app, Some(a), change).await.is_err(), "{change} was allowed");
    }
}

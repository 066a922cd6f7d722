//! A short way to write tables down, and the lists of who owns which table.
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Tables whose rows belong to one tenant: `tenant_id` stands first in every key, and PostgreSQL forces row security on them.
pub const TENANT_TABLES: [&str; 75] = [
    "customers",
    "accounts",
    "memberships",
    "supply_points",
    "supply_point_terms",
    "meters",
    "registers",
    "readings",
    "monthly_consumption",
    "documents",
    "invoices",
    "invoice_lines",
    "settlements",
    "settled_readings",
    "advance_schedules",
    "instalments",
    "payments",
    "links",
    "help_articles",
    "staff",
    "sessions",
    "audit",
    "audit_heads",
    "sequences",
    "requests",
    "request_events",
    "attachments",
    "email_changes",
    "offices",
    "office_topics",
    "bookings",
    "electronic_forms",
    "representatives",
    "represented_customers",
    "contracts",
    "account_links",
    "applications",
    "access_letters",
    "failed_identifications",
    "signings",
    "gifts",
    "staff_invitations",
    "staff_sign_ins",
    "recovery_codes",
    "known_devices",
    "account_steps",
    "invitations",
    "customer_links",
    "proof_codes",
    "looks",
    "retentions",
    "terms_of_use",
    "terms_acceptances",
    "notice_choices",
    "notices",
    "bonus_members",
    "bonus_offers",
    "bonus_entries",
    "bonus_codes",
    "passkeys",
    "passkey_challenges",
    "outages",
    "outage_versions",
    "outage_areas",
    "outage_points",
    "outage_subscriptions",
    "outage_notices",
    "calendar_feeds",
    "outage_imports",
    "api_keys",
    "api_replies",
    "unreachable_addresses",
    "letter_batches",
    "webhook_endpoints",
    "webhook_attempts",
];

/// Tables of the platform itself: read across tenants at start, by the console and by the workers of the outbox.
pub const PLATFORM_TABLES: [&str; 5] = ["tenants", "tenant_revisions", "outbox", "outbox_paces", "timetable"];

/// Column kinds, each with one portable meaning.
#[derive(Clone, Copy)]
pub enum Kind {
    Small,
    Int,
    Big,
    Text,
    Uuid,
    Date,
    Time,
    Bool,
    Bytes,
}

pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    pub is_required: bool,
}

pub const fn must(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, is_required: true }
}

pub const fn may(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, is_required: false }
}

/// A foreign key: own columns → the other table's columns of the given names.
pub struct Points {
    columns: &'static [&'static str],
    to: &'static str,
    at: &'static [&'static str],
    on_delete: ForeignKeyAction,
}

type Names = &'static [&'static str];

/// The row goes with the one it points at.
pub const fn points(columns: Names, to: &'static str, at: Names) -> Points {
    Points { columns, to, at, on_delete: ForeignKeyAction::Cascade }
}

/// What is pointed at stays as long as the row does, unless both go at once.
pub const fn held(columns: Names, to: &'static str, at: Names) -> Points {
    Points { columns, to, at, on_delete: ForeignKeyAction::NoAction }
}

pub struct Plan {
    pub name: &'static str,
    pub columns: &'static [Column],
    pub key: &'static [&'static str],
    pub unique: &'static [&'static [&'static str]],
    pub points: &'static [Points],
    pub indexes: &'static [&'static [&'static str]],
}

pub async fn create_all(manager: &SchemaManager<'_>, plans: &[Plan]) -> Result<(), DbErr> {
    create_checked(manager, plans, &[]).await
}

/// The same with conditions that every row of a table must meet: the table's name, the condition.
pub async fn create_checked(
    manager: &SchemaManager<'_>,
    plans: &[Plan],
    checks: &[(&str, &'static str)],
) -> Result<(), DbErr> {
    for plan in plans {
        let own = checks.iter().filter(|(table, _)| *table == plan.name).map(|(_, check)| *check);
        create(manager, plan, own).await?;
    }
    Ok(())
}

pub async fn drop_all(manager: &SchemaManager<'_>, plans: &[Plan]) -> Result<(), DbErr> {
    for plan in plans.iter().rev() {
        manager.drop_table(Table::drop().table(Alias::new(plan.name)).to_owned()).await?;
    }
    Ok(())
}

/// Row security for those of the tables that are the tenants'.
pub async fn secure_all(manager: &SchemaManager<'_>, plans: &[Plan]) -> Result<(), DbErr> {
    for plan in plans.iter().filter(|plan| TENANT_TABLES.contains(&plan.name)) {
        secure(manager, plan.name).await?;
    }
    Ok(())
}

async fn create(
    manager: &SchemaManager<'_>,
    plan: &Plan,
    checks: impl Iterator<Item = &'static str>,
) -> Result<(), DbErr> {
    let mut table = Table::create();
    table.table(Alias::new(plan.name));
    for check in checks {
        table.check(Expr::cust(check));
    }
    for column in plan.columns {
        let mut definition = ColumnDef::new(Alias::new(column.name));
        match column.kind {
            Kind::Small => definition.small_integer(),
            Kind::Int => definition.integer(),
            Kind::Big => definition.big_integer(),
            Kind::Text => definition.text(),
            Kind::Uuid => definition.uuid(),
            Kind::Date => definition.date(),
            Kind::Time => definition.timestamp_with_time_zone(),
            Kind::Bool => definition.boolean(),
            Kind::Bytes => definition.blob(),
        };
        if column.is_required {
            definition.not_null();
        }
        table.col(definition);
    }
    let mut key = Index::create();
    for column in plan.key {
        key.col(Alias::new(*column));
    }
    table.primary_key(&mut key);
    for columns in plan.unique {
        let mut unique = Index::create();
        unique.unique().name(format!("{}_{}_key", plan.name, columns.join("_")));
        for column in *columns {
            unique.col(Alias::new(*column));
        }
        table.index(&mut unique);
    }
    for points in plan.points {
        let mut foreign = ForeignKey::create();
        foreign
            .name(format!("{}_{}_fkey", plan.name, points.to))
            .to_tbl(Alias::new(points.to))
            .from_tbl(Alias::new(plan.name));
        for column in points.columns {
            foreign.from_col(Alias::new(*column));
        }
        for column in points.at {
            foreign.to_col(Alias::new(*column));
        }
        foreign.on_delete(points.on_delete);
        table.foreign_key(&mut foreign);
    }
    manager.create_table(table).await?;
    for (number, columns) in plan.indexes.iter().enumerate() {
        let mut index = Index::create();
        index.name(format!("{}_{}_idx", plan.name, number + 1)).table(Alias::new(plan.name));
        for column in *columns {
            index.col(Alias::new(*column));
        }
        manager.create_index(index).await?;
    }
    Ok(())
}

/// Row security on PostgreSQL: even the owner of the table sees only the tenant named for this transaction.
async fn secure(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let own = "tenant_id = (select nullif(current_setting('app.tenant', true), '')::int)";
    let sql = format!(
        "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY; \
         CREATE POLICY own_tenant ON {table} USING ({own}) WITH CHECK ({own});"
    );
    manager.get_connection().execute_unprepared(&sql).await.map(|_| ())
}

/// The audit is written once: no change, no removal, whoever asks.
pub async fn make_append_only(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let sql = match manager.get_database_backend() {
        DbBackend::Postgres => format!(
            "CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$; \
             CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} \
             FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only(); \
             CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} \
             FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only();"
        ),
        // A REPLACE removes without the trigger for removals.
        _ => format!(
            "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END; \
             CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END; \
             CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} \
             WHEN EXISTS (SELECT 1 FROM {table} WHERE tenant_id = NEW.tenant_id AND seq = NEW.seq) \
             BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;"
        ),
    };
    manager.get_connection().execute_unprepared(&sql).await.map(|_| ())
}

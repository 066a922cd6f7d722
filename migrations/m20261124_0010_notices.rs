//! The outbox as an engine (a lane for each tenant, channel and urgency; whom a message concerns; what became of it after it left), how
//! fast a supplier wants to be heard, who runs which job, what people want to be told and where, and what they find in the portal.
use crate::tables::{Column, Kind::*, Plan, create_all, drop_all, may, must, points, secure_all};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const ID: &[&str] = &["tenant_id", "id"];
const OWNER: Column = must("tenant_id", Int);
const OUTBOX: &str = "outbox";

const PLANS: &[Plan] = &[
    Plan {
        name: "outbox_paces",
        columns: &[OWNER, must("channel", Text), must("free_at", Time)],
        key: &["tenant_id", "channel"],
        unique: &[],
        points: &[points(&["tenant_id"], "tenants", &["id"])],
        indexes: &[],
    },
    Plan {
        name: "timetable",
        columns: &[must("job", Text), must("holder", Text), must("held_until", Time), must("done_for", Time)],
        key: &["job"],
        unique: &[],
        points: &[],
        indexes: &[],
    },
    Plan {
        name: "notice_choices",
        columns: &[
            OWNER,
            must("account_id", Uuid),
            must("event", Text),
            must("channel", Text),
            must("is_on", Bool),
            must("changed_at", Time),
        ],
        key: &["tenant_id", "account_id", "event", "channel"],
        unique: &[],
        points: &[points(&["tenant_id", "account_id"], "accounts", ID)],
        indexes: &[],
    },
    Plan {
        name: "notices",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("account_id", Uuid),
            must("customer_id", Uuid),
            must("event", Text),
            must("kind", Text),
            must("payload", Text),
            must("cause", Text),
            must("created_at", Time),
            may("read_at", Time),
        ],
        key: ID,
        unique: &[&["tenant_id", "account_id", "cause"]],
        points: &[
            points(&["tenant_id", "account_id"], "accounts", ID),
            points(&["tenant_id", "customer_id"], "customers", ID),
        ],
        indexes: &[&["tenant_id", "account_id", "customer_id", "id"], &["tenant_id", "customer_id"]],
    },
];

fn added() -> [ColumnDef; 7] {
    let column = |name: &'static str| ColumnDef::new(Alias::new(name));
    [
        // tenant × 64 + channel × 8 + urgency: see domain::notices::Lane.
        column("lane").big_integer().not_null().default(0).to_owned(),
        column("customer").uuid().null().to_owned(),
        // Pieces a text message was counted as.
        column("parts").small_integer().null().to_owned(),
        // What the gateway calls it.
        column("receipt").text().null().to_owned(),
        // delivered, undelivered or bounced, once somebody said so.
        column("fate").text().null().to_owned(),
        column("fate_at").timestamp_with_time_zone().null().to_owned(),
        // Why the last attempt failed.
        column("failure").text().null().to_owned(),
    ]
}

const LANES: &str = "UPDATE outbox SET lane = tenant_id * 64 + \
    CASE channel WHEN 'mail' THEN 0 WHEN 'sms' THEN 8 WHEN 'letter' THEN 16 ELSE 24 END + 1";

/// Only what waits, what was given up, and what concerns somebody: the rest of a large table costs these indexes nothing.
const INDEXES: [(&str, &str); 8] = [
    ("outbox_ready", "outbox (lane, next_at, id) WHERE state = 'ready'"),
    ("outbox_failed", "outbox (tenant_id, id) WHERE state = 'failed'"),
    ("outbox_customer", "outbox (tenant_id, customer, id) WHERE customer IS NOT NULL"),
    // What became due on a day is found by the day.
    ("invoices_due", "invoices (tenant_id, due_on)"),
    ("invoices_issued", "invoices (tenant_id, issued_on)"),
    ("instalments_due", "instalments (tenant_id, due_on)"),
    ("payments_received", "payments (tenant_id, received_on)"),
    ("outbox_receipt", "outbox (tenant_id, receipt) WHERE receipt IS NOT NULL"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for column in added() {
            manager.alter_table(Table::alter().table(OUTBOX).add_column(column).to_owned()).await?;
        }
        db.execute_unprepared(LANES).await?;
        manager.drop_index(Index::drop().name("outbox_1_idx").table(OUTBOX).to_owned()).await?;
        for (name, on) in INDEXES {
            db.execute_unprepared(&format!("CREATE INDEX {name} ON {on}")).await?;
        }
        create_all(manager, PLANS).await?;
        secure_all(manager, PLANS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, PLANS).await?;
        let db = manager.get_connection();
        for (name, _) in INDEXES {
            db.execute_unprepared(&format!("DROP INDEX {name}")).await?;
        }
        db.execute_unprepared("CREATE INDEX outbox_1_idx ON outbox (state, next_at, id)").await?;
        for column in added() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table(OUTBOX).drop_column(Alias::new(name)).to_owned()).await?;
        }
        Ok(())
    }
}

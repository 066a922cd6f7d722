//! Where nobody can be reached any more, and letters printed and posted together.
use crate::tables::{Column, Kind::*, Plan, create_all, drop_all, may, must, points, secure_all};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const ID: &[&str] = &["tenant_id", "id"];
const OWNER: Column = must("tenant_id", Int);
const OUTBOX: &str = "outbox";

const PLANS: &[Plan] = &[
    Plan {
        name: "unreachable_addresses",
        // Of the address its digest: the address itself stands where it belongs.
        columns: &[
            OWNER,
            must("channel", Text),
            must("digest", Bytes),
            must("reason", Text),
            must("since", Time),
            may("cleared_at", Time),
        ],
        key: &["tenant_id", "channel", "digest"],
        unique: &[],
        points: &[points(&["tenant_id"], "tenants", &["id"])],
        indexes: &[],
    },
    Plan {
        name: "letter_batches",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("number", Big),
            must("letters", Int),
            must("printed_by", Uuid),
            must("printed_at", Time),
            may("posted_on", Date),
        ],
        key: ID,
        unique: &[&["tenant_id", "number"]],
        points: &[points(&["tenant_id", "printed_by"], "staff", ID)],
        indexes: &[&["tenant_id", "printed_by"]],
    },
];

fn added() -> [ColumnDef; 2] {
    let column = |name: &'static str| ColumnDef::new(Alias::new(name));
    [
        // The batch of letters it was printed with.
        column("batch").uuid().null().to_owned(),
        // Its number at the post office.
        column("item_number").text().null().to_owned(),
    ]
}

const INDEXES: [(&str, &str); 2] = [
    ("outbox_batch", "outbox (tenant_id, batch, id) WHERE batch IS NOT NULL"),
    ("outbox_letters", "outbox (tenant_id, id) WHERE channel = 'letter' AND batch IS NULL"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for column in added() {
            manager.alter_table(Table::alter().table(OUTBOX).add_column(column).to_owned()).await?;
        }
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
        for column in added() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table(OUTBOX).drop_column(Alias::new(name)).to_owned()).await?;
        }
        Ok(())
    }
}

//! The life of an account: a second factor and its recovery codes, devices it was used from, steps that bind two pages once, and the
//! telephone of whoever signs in.
use crate::tables::{Column, Kind::*, Plan, create_all, drop_all, may, must, points, secure_all};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const ID: &[&str] = &["tenant_id", "id"];
const OWNER: Column = must("tenant_id", Int);

const PLANS: &[Plan] = &[
    Plan {
        name: "recovery_codes",
        columns: &[OWNER, must("account_id", Uuid), must("code_hash", Bytes), may("used_at", Time)],
        key: &["tenant_id", "account_id", "code_hash"],
        unique: &[],
        points: &[points(&["tenant_id", "account_id"], "accounts", ID)],
        indexes: &[],
    },
    Plan {
        name: "known_devices",
        columns: &[
            OWNER,
            must("account_id", Uuid),
            must("token_hash", Bytes),
            must("label", Text),
            must("first_seen_at", Time),
            must("last_seen_at", Time),
        ],
        key: &["tenant_id", "account_id", "token_hash"],
        unique: &[],
        points: &[points(&["tenant_id", "account_id"], "accounts", ID)],
        indexes: &[],
    },
    Plan {
        name: "account_steps",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("account_id", Uuid),
            must("kind", Text),
            must("data", Text),
            must("token_hash", Bytes),
            must("expires_at", Time),
            may("used_at", Time),
        ],
        key: ID,
        unique: &[&["tenant_id", "token_hash"]],
        points: &[points(&["tenant_id", "account_id"], "accounts", ID)],
        indexes: &[&["tenant_id", "account_id", "kind"]],
    },
];

const ACCOUNTS: &str = "accounts";

fn added() -> [ColumnDef; 3] {
    let column = |name: &'static str| ColumnDef::new(Alias::new(name));
    [
        column("phone").text().null().to_owned(),
        column("totp_secret").text().null().to_owned(),
        column("last_totp_step").big_integer().not_null().default(0).to_owned(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in added() {
            manager.alter_table(Table::alter().table(ACCOUNTS).add_column(column).to_owned()).await?;
        }
        create_all(manager, PLANS).await?;
        secure_all(manager, PLANS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, PLANS).await?;
        for column in added() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table(ACCOUNTS).drop_column(Alias::new(name)).to_owned()).await?;
        }
        Ok(())
    }
}

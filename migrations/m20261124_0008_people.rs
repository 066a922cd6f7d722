//! Several people for one customer and several customers for one log-in: until when somebody may, who invited them, what they proved
//! there; invitations; customers on their way to a log-in; codes and links that prove who it is.
use crate::tables::{Column, Kind::*, Plan, create_all, drop_all, may, must, points, secure_all};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const ID: &[&str] = &["tenant_id", "id"];
const OWNER: Column = must("tenant_id", Int);

const PLANS: &[Plan] = &[
    Plan {
        name: "invitations",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("customer_id", Uuid),
            must("invited_by", Uuid),
            must("email", Text),
            must("role", Text),
            may("until", Date),
            must("token_hash", Bytes),
            must("created_at", Time),
            must("expires_at", Time),
            may("used_at", Time),
        ],
        key: ID,
        unique: &[&["tenant_id", "token_hash"]],
        points: &[
            points(&["tenant_id", "customer_id"], "customers", ID),
            points(&["tenant_id", "invited_by"], "accounts", ID),
        ],
        indexes: &[&["tenant_id", "customer_id", "id"], &["tenant_id", "invited_by"]],
    },
    Plan {
        name: "customer_links",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("account_id", Uuid),
            must("customer_id", Uuid),
            may("token_hash", Bytes),
            may("letter_id", Uuid),
            must("created_at", Time),
            must("expires_at", Time),
            may("used_at", Time),
        ],
        key: ID,
        unique: &[&["tenant_id", "token_hash"]],
        points: &[
            points(&["tenant_id", "account_id"], "accounts", ID),
            points(&["tenant_id", "customer_id"], "customers", ID),
            points(&["tenant_id", "letter_id"], "access_letters", ID),
        ],
        indexes: &[&["tenant_id", "account_id", "id"], &["tenant_id", "customer_id"], &["tenant_id", "letter_id"]],
    },
    Plan {
        name: "proof_codes",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("account_id", Uuid),
            must("customer_id", Uuid),
            must("kind", Text),
            must("secret_hash", Bytes),
            must("tries", Small),
            must("created_at", Time),
            must("expires_at", Time),
            may("used_at", Time),
        ],
        key: ID,
        unique: &[],
        points: &[
            points(&["tenant_id", "account_id"], "accounts", ID),
            points(&["tenant_id", "customer_id"], "customers", ID),
        ],
        indexes: &[&["tenant_id", "account_id", "id"], &["tenant_id", "customer_id"]],
    },
];

const MEMBERSHIPS: &str = "memberships";

fn added() -> [ColumnDef; 4] {
    let column = |name: &'static str| ColumnDef::new(Alias::new(name));
    [
        column("until").date().null().to_owned(),
        column("invited_by").uuid().null().to_owned(),
        column("proofs").small_integer().null().to_owned(),
        column("last_used_at").timestamp_with_time_zone().null().to_owned(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in added() {
            manager.alter_table(Table::alter().table(MEMBERSHIPS).add_column(column).to_owned()).await?;
        }
        create_all(manager, PLANS).await?;
        secure_all(manager, PLANS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, PLANS).await?;
        for column in added() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table(MEMBERSHIPS).drop_column(Alias::new(name)).to_owned()).await?;
        }
        Ok(())
    }
}

//! Ways into accounts: applications for access, letters with a password or a code, attempts that named a customer wrongly; and what an
//! account knows of itself: its own address, whether its password was issued, by which proofs its owner is known.
use crate::tables::{Column, Kind::*, Plan, create_all, drop_all, held, may, must, points, secure_all};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const ID: &[&str] = &["tenant_id", "id"];
const OWNER: Column = must("tenant_id", Int);

const PLANS: &[Plan] = &[
    Plan {
        name: "applications",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("way", Text),
            must("state", Text),
            must("extra", Text),
            may("customer_id", Uuid),
            may("request_id", Uuid),
            may("account_id", Uuid),
            may("staff_id", Uuid),
            must("email", Text),
            may("token_hash", Bytes),
            may("code_hash", Bytes),
            must("tries", Small),
            must("version", Int),
            must("created_at", Time),
            must("expires_at", Time),
            must("language", Text),
        ],
        key: ID,
        unique: &[&["tenant_id", "token_hash"]],
        points: &[
            points(&["tenant_id", "customer_id"], "customers", ID),
            points(&["tenant_id", "request_id"], "requests", ID),
            points(&["tenant_id", "account_id"], "accounts", ID),
            held(&["tenant_id", "staff_id"], "staff", ID),
        ],
        indexes: &[&["tenant_id", "customer_id", "id"], &["tenant_id", "request_id"], &["tenant_id", "staff_id", "id"]],
    },
    Plan {
        name: "access_letters",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("account_id", Uuid),
            must("customer_id", Uuid),
            must("kind", Text),
            must("state", Text),
            must("version", Int),
            must("name", Text),
            must("street", Text),
            must("city", Text),
            must("postcode", Text),
            must("language", Text),
            must("created_at", Time),
            may("secret_hash", Bytes),
            may("printed_at", Time),
            may("printed_by", Uuid),
            may("registered_number", Text),
            may("posted_on", Date),
            may("expires_at", Time),
            may("used_at", Time),
        ],
        key: ID,
        unique: &[],
        points: &[
            points(&["tenant_id", "account_id"], "accounts", ID),
            points(&["tenant_id", "customer_id"], "customers", ID),
            held(&["tenant_id", "printed_by"], "staff", ID),
        ],
        indexes: &[&["tenant_id", "state", "id"], &["tenant_id", "account_id", "id"]],
    },
    Plan {
        name: "failed_identifications",
        columns: &[
            OWNER,
            must("customer_id", Uuid),
            must("tries", Int),
            must("first_at", Time),
            must("last_at", Time),
            may("locked_until", Time),
        ],
        key: &["tenant_id", "customer_id"],
        unique: &[],
        points: &[points(&["tenant_id", "customer_id"], "customers", ID)],
        indexes: &[&["tenant_id", "last_at"]],
    },
];

const ACCOUNTS: &str = "accounts";
const EMAIL_CHANGES: &str = "email_changes";
/// The log-in that asked for another address.
const ASKED_BY: &str = "asked_by";

fn added() -> [ColumnDef; 5] {
    let column = |name: &'static str| ColumnDef::new(Alias::new(name));
    [
        column("email").text().null().to_owned(),
        column("proofs").small_integer().not_null().default(0).to_owned(),
        column("must_change").boolean().not_null().default(false).to_owned(),
        column("password_expires_at").timestamp_with_time_zone().null().to_owned(),
        column("closed_at").timestamp_with_time_zone().null().to_owned(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in added() {
            manager.alter_table(Table::alter().table(ACCOUNTS).add_column(column).to_owned()).await?;
        }
        let asked_by = ColumnDef::new(ASKED_BY).uuid().null().to_owned();
        manager.alter_table(Table::alter().table(EMAIL_CHANGES).add_column(asked_by).to_owned()).await?;
        create_all(manager, PLANS).await?;
        secure_all(manager, PLANS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, PLANS).await?;
        manager.alter_table(Table::alter().table(EMAIL_CHANGES).drop_column(ASKED_BY).to_owned()).await?;
        for column in added() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table(ACCOUNTS).drop_column(Alias::new(name)).to_owned()).await?;
        }
        Ok(())
    }
}

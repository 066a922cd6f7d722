//! Staff who are invited: what is kept of a member besides a password, invitations, and sign-ins that are under way at a provider.
use crate::tables::{Column, Kind::*, Plan, create_all, drop_all, may, must, points, secure_all};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const ID: &[&str] = &["tenant_id", "id"];
const OWNER: Column = must("tenant_id", Int);

const PLANS: &[Plan] = &[
    Plan {
        name: "staff_invitations",
        columns: &[
            OWNER,
            must("id", Uuid),
            // Whose second factor it renews; nobody's for who is not a member yet.
            may("staff_id", Uuid),
            must("name", Text),
            must("email", Text),
            must("username", Text),
            must("username_key", Text),
            must("role", Text),
            must("invited_by", Text),
            must("token_hash", Bytes),
            must("created_at", Time),
            must("expires_at", Time),
            // open, used, revoked, replaced
            must("state", Text),
            may("ended_at", Time),
        ],
        key: ID,
        unique: &[&["tenant_id", "token_hash"]],
        points: &[points(&["tenant_id", "staff_id"], "staff", ID)],
        indexes: &[&["tenant_id", "state", "id"]],
    },
    Plan {
        name: "staff_sign_ins",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("state_hash", Bytes),
            must("browser_hash", Bytes),
            must("nonce", Text),
            must("verifier", Text),
            must("next", Text),
            must("expires_at", Time),
            may("used_at", Time),
            may("staff_id", Uuid),
            may("subject", Text),
            may("code_hash", Bytes),
            may("done_at", Time),
        ],
        key: ID,
        unique: &[&["tenant_id", "state_hash"], &["tenant_id", "code_hash"]],
        points: &[points(&["tenant_id", "staff_id"], "staff", ID)],
        indexes: &[&["tenant_id", "expires_at"]],
    },
];

/// Each alone: SQLite takes one change of a table at a time.
fn columns() -> [ColumnDef; 4] {
    let text = |name: &str| ColumnDef::new(Alias::new(name)).text().to_owned();
    [
        text("email"),
        text("provider_subject"),
        ColumnDef::new(Alias::new("last_sign_in_at")).timestamp_with_time_zone().to_owned(),
        ColumnDef::new(Alias::new("version")).integer().not_null().default(1).to_owned(),
    ]
}

/// Nobody is two members: not by address, not by who the provider says they are.
const KEYS: [&str; 2] = ["email", "provider_subject"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in columns() {
            let change = Table::alter().table(Alias::new("staff")).add_column(&mut column).to_owned();
            manager.alter_table(change).await?;
        }
        for name in KEYS {
            let mut key = Index::create();
            key.unique().name(format!("staff_{name}_key")).table(Alias::new("staff"));
            manager.create_index(key.col(Alias::new("tenant_id")).col(Alias::new(name)).to_owned()).await?;
        }
        create_all(manager, PLANS).await?;
        secure_all(manager, PLANS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, PLANS).await?;
        for name in KEYS {
            let key = Index::drop().name(format!("staff_{name}_key")).table(Alias::new("staff")).to_owned();
            manager.drop_index(key).await?;
        }
        for column in ["version", "last_sign_in_at", "provider_subject", "email"] {
            let change = Table::alter().table(Alias::new("staff")).drop_column(Alias::new(column)).to_owned();
            manager.alter_table(change).await?;
        }
        Ok(())
    }
}

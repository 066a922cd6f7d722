//! Passkeys (*přístupové klíče*): what an account may be opened with besides its password, and the challenges that wait for an answer.
use crate::tables::{Column, Kind::*, Plan, create_all, drop_all, may, must, points, secure_all};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const ID: &[&str] = &["tenant_id", "id"];
const OWNER: Column = must("tenant_id", Int);

const PLANS: &[Plan] = &[
    Plan {
        name: "passkeys",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("account_id", Uuid),
            must("handle", Bytes),
            must("credential", Text),
            must("counter", Big),
            must("name", Text),
            must("created_at", Time),
            may("last_used_at", Time),
        ],
        key: ID,
        unique: &[&["tenant_id", "handle"]],
        points: &[points(&["tenant_id", "account_id"], "accounts", ID)],
        indexes: &[&["tenant_id", "account_id", "id"]],
    },
    Plan {
        name: "passkey_challenges",
        columns: &[
            OWNER,
            must("id", Uuid),
            may("account_id", Uuid),
            must("purpose", Text),
            must("token_hash", Bytes),
            must("state", Text),
            must("expires_at", Time),
            may("used_at", Time),
        ],
        key: ID,
        unique: &[&["tenant_id", "token_hash"]],
        points: &[points(&["tenant_id", "account_id"], "accounts", ID)],
        indexes: &[&["tenant_id", "expires_at"], &["tenant_id", "account_id"]],
    },
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_all(manager, PLANS).await?;
        secure_all(manager, PLANS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, PLANS).await
    }
}

//! Ways into accounts: links that let somebody in once.
use crate::tables::{Column, Kind::*, Plan, create_all, drop_all, may, must, points, secure_all};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const ID: &[&str] = &["tenant_id", "id"];
const OWNER: Column = must("tenant_id", Int);

const PLANS: &[Plan] = &[Plan {
    name: "account_links",
    columns: &[
        OWNER,
        must("id", Uuid),
        must("account_id", Uuid),
        must("token_hash", Bytes),
        must("expires_at", Time),
        may("used_at", Time),
    ],
    key: ID,
    unique: &[&["tenant_id", "token_hash"]],
    points: &[points(&["tenant_id", "account_id"], "accounts", ID)],
    indexes: &[&["tenant_id", "account_id", "id"]],
}];

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

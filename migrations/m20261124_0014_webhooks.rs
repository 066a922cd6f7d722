//! Where suppliers want facts posted to, and what came of each try.
use crate::tables::{Column, Kind::*, Plan, create_all, drop_all, may, must, points, secure_all};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const ID: &[&str] = &["tenant_id", "id"];
const OWNER: Column = must("tenant_id", Int);

const PLANS: &[Plan] = &[
    Plan {
        name: "webhook_endpoints",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("url", Text),
            must("description", Text),
            // Names of facts, or * for all.
            must("facts", Text),
            // The secret follows from the master key and this number; it is in no row.
            must("secret_version", Int),
            may("rotated_at", Time),
            must("is_on", Bool),
            // Why it was switched off by itself.
            must("disabled_reason", Text),
            must("created_at", Time),
            must("version", Int),
            may("last_success_at", Time),
            must("failures", Int),
        ],
        key: ID,
        unique: &[],
        points: &[points(&["tenant_id"], "tenants", &["id"])],
        indexes: &[],
    },
    Plan {
        name: "webhook_attempts",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("endpoint_id", Uuid),
            // In the outbox, unless it was a ping.
            must("message", Uuid),
            must("fact", Text),
            must("at", Time),
            may("status", Small),
            may("failure", Text),
            must("took_ms", Int),
            must("answer", Text),
        ],
        key: ID,
        unique: &[],
        points: &[points(&["tenant_id", "endpoint_id"], "webhook_endpoints", ID)],
        indexes: &[&["tenant_id", "endpoint_id", "id"], &["tenant_id", "at"]],
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

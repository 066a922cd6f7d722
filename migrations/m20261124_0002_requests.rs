//! What customers ask for and what people do about it: requests with their history and files, bookings, contracts, forms, representatives.
use crate::tables::{Column, Kind::*, Plan, Points, create_all, drop_all, held, may, must, points, secure_all};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TENANT: Points = points(&["tenant_id"], "tenants", &["id"]);
const CUSTOMER: Points = points(&["tenant_id", "customer_id"], "customers", ID);
const ID: &[&str] = &["tenant_id", "id"];
const OWNER: Column = must("tenant_id", Int);

const PLANS: &[Plan] = &[
    Plan {
        name: "sequences",
        columns: &[OWNER, must("name", Text), must("value", Big)],
        key: &["tenant_id", "name"],
        unique: &[],
        points: &[TENANT],
        indexes: &[],
    },
    Plan {
        name: "requests",
        columns: &[
            OWNER,
            must("id", Uuid),
            may("customer_id", Uuid),
            may("account_id", Uuid),
            may("supply_point_id", Uuid),
            must("kind", Text),
            must("reference", Text),
            must("state", Text),
            must("was_immediate", Bool),
            must("received_at", Time),
            must("deadline", Date),
            may("money_deadline", Date),
            may("assignee_id", Uuid),
            must("version", Int),
            must("events", Int),
            must("payload", Text),
            must("outcome", Text),
            must("idempotency", Text),
            may("closed_at", Time),
            must("language", Text),
        ],
        key: ID,
        unique: &[&["tenant_id", "reference"], &["tenant_id", "idempotency"]],
        points: &[
            TENANT,
            CUSTOMER,
            held(&["tenant_id", "account_id"], "accounts", ID),
            held(&["tenant_id", "supply_point_id"], "supply_points", ID),
            held(&["tenant_id", "assignee_id"], "staff", ID),
        ],
        indexes: &[
            &["tenant_id", "customer_id", "received_at", "id"],
            // Of the queue, and for its counts alone.
            &["tenant_id", "state", "deadline", "id"],
            &["tenant_id", "assignee_id", "state", "deadline"],
        ],
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

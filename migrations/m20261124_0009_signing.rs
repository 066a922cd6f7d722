//! Contracts as staff and dealers record them when they are signed, with what was said of access; and gifts handed over at a branch.
use crate::tables::{Column, Kind::*, Plan, create_all, drop_all, held, may, must, points, secure_all};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const ID: &[&str] = &["tenant_id", "id"];
const OWNER: Column = must("tenant_id", Int);

const PLANS: &[Plan] = &[
    Plan {
        name: "signings",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("customer_id", Uuid),
            must("supply_point_id", Uuid),
            must("staff_id", Uuid),
            must("contract_number", Text),
            must("signed_on", Date),
            must("wish", Text),
            may("email", Text),
            may("account_id", Uuid),
            must("created_at", Time),
            must("form_key", Text),
        ],
        key: ID,
        unique: &[&["tenant_id", "contract_number"], &["tenant_id", "form_key"]],
        points: &[
            points(&["tenant_id", "customer_id"], "customers", ID),
            points(&["tenant_id", "supply_point_id"], "supply_points", ID),
            points(&["tenant_id", "account_id"], "accounts", ID),
            held(&["tenant_id", "staff_id"], "staff", ID),
        ],
        indexes: &[&["tenant_id", "staff_id", "id"], &["tenant_id", "customer_id"]],
    },
    Plan {
        name: "gifts",
        columns: &[
            OWNER,
            must("customer_id", Uuid),
            must("staff_id", Uuid),
            must("branch", Text),
            must("given_at", Time),
        ],
        key: &["tenant_id", "customer_id"],
        unique: &[],
        points: &[
            points(&["tenant_id", "customer_id"], "customers", ID),
            held(&["tenant_id", "staff_id"], "staff", ID),
        ],
        indexes: &[&["tenant_id", "given_at"]],
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

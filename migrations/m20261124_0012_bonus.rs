//! The bonus programme: who stands how to it and with how many points, what happened to them, what partners offer, the codes.
use crate::tables::{Column, Kind::*, Plan, create_checked, drop_all, may, must, points, secure_all};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const ID: &[&str] = &["tenant_id", "id"];
const OWNER: Column = must("tenant_id", Int);

const PLANS: &[Plan] = &[
    Plan {
        name: "bonus_members",
        columns: &[
            OWNER,
            must("customer_id", Uuid),
            must("standing", Text),
            must("since", Time),
            must("balance", Big),
            must("entries", Int),
        ],
        key: &["tenant_id", "customer_id"],
        unique: &[],
        points: &[points(&["tenant_id", "customer_id"], "customers", ID)],
        indexes: &[],
    },
    Plan {
        name: "bonus_offers",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("title_cs", Text),
            must("title_en", Text),
            must("description_cs", Text),
            must("description_en", Text),
            must("conditions_cs", Text),
            must("conditions_en", Text),
            must("partner", Text),
            must("price", Big),
            must("valid_from", Date),
            must("valid_until", Date),
            must("source", Text),
            must("stock", Int),
            must("taken", Int),
            must("state", Text),
            must("version", Int),
            must("changed_at", Time),
        ],
        key: ID,
        unique: &[],
        points: &[points(&["tenant_id"], "tenants", &["id"])],
        indexes: &[],
    },
    Plan {
        name: "bonus_entries",
        columns: &[
            OWNER,
            must("customer_id", Uuid),
            must("seq", Int),
            must("kind", Text),
            must("reason", Text),
            must("points", Big),
            must("rest", Big),
            must("cause", Text),
            must("words", Text),
            may("offer_id", Uuid),
            may("staff_id", Uuid),
            must("granted_at", Time),
            may("expires_on", Date),
        ],
        key: &["tenant_id", "customer_id", "seq"],
        unique: &[&["tenant_id", "customer_id", "cause"]],
        points: &[
            points(&["tenant_id", "customer_id"], "customers", ID),
            points(&["tenant_id", "offer_id"], "bonus_offers", ID),
            points(&["tenant_id", "staff_id"], "staff", ID),
        ],
        indexes: &[&["tenant_id", "offer_id"], &["tenant_id", "staff_id"]],
    },
    Plan {
        name: "bonus_codes",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("offer_id", Uuid),
            must("code", Text),
            may("customer_id", Uuid),
            may("taken_at", Time),
            may("returned_at", Time),
            may("form_key", Text),
            must("price", Big),
        ],
        key: ID,
        unique: &[&["tenant_id", "offer_id", "code"], &["tenant_id", "customer_id", "form_key"]],
        points: &[
            points(&["tenant_id", "offer_id"], "bonus_offers", ID),
            points(&["tenant_id", "customer_id"], "customers", ID),
        ],
        indexes: &[&["tenant_id", "customer_id", "id"], &["tenant_id", "offer_id", "customer_id", "id"]],
    },
];

/// Whatever a statement says: nobody has fewer points than none, and nothing is sold that is not there.
const CHECKS: &[(&str, &str)] = &[
    ("bonus_members", "balance >= 0"),
    ("bonus_entries", "rest >= 0"),
    ("bonus_offers", "taken >= 0 AND taken <= stock AND price > 0"),
];

/// What is left, by the day it goes: what was spent costs this index nothing.
const LEFT: &str =
    "CREATE INDEX bonus_entries_left ON bonus_entries (tenant_id, expires_on, customer_id) WHERE rest > 0";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_checked(manager, PLANS, CHECKS).await?;
        manager.get_connection().execute_unprepared(LEFT).await?;
        secure_all(manager, PLANS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, PLANS).await
    }
}

//! What customers ask for and what people do about it: requests with their history and files, bookings, contracts, forms, representatives.
use crate::tables::{Column, Kind::*, Plan, Points, create_all, drop_all, held, may, must, points, secure_all};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TENANT: Points = points(&["tenant_id"], "tenants", &["id"]);
const CUSTOMER: Points = points(&["tenant_id", "customer_id"], "customers", ID);
const REQUEST: Points = points(&["tenant_id", "request_id"], "requests", ID);
const ID: &[&str] = &["tenant_id", "id"];
const OWNER: Column = must("tenant_id", Int);

const CUSTOMERS: &str = "customers";
/// The connecting number of who pays by SIPO.
const SIPO: &str = "sipo_number";

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
    Plan {
        name: "request_events",
        columns: &[
            OWNER,
            must("request_id", Uuid),
            must("seq", Int),
            must("at", Time),
            must("actor_kind", Text),
            must("actor", Text),
            must("what", Text),
            must("words", Text),
            may("state_after", Text),
            must("is_public", Bool),
        ],
        key: &["tenant_id", "request_id", "seq"],
        unique: &[],
        points: &[REQUEST],
        indexes: &[],
    },
    Plan {
        name: "attachments",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("request_id", Uuid),
            must("name", Text),
            must("media_type", Text),
            must("bytes", Bytes),
            must("size", Big),
            must("sha256", Bytes),
            must("added_at", Time),
        ],
        key: ID,
        unique: &[],
        points: &[REQUEST],
        indexes: &[&["tenant_id", "request_id", "id"]],
    },
    Plan {
        name: "email_changes",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("customer_id", Uuid),
            may("request_id", Uuid),
            must("email", Text),
            must("token_hash", Bytes),
            must("expires_at", Time),
            may("used_at", Time),
        ],
        key: ID,
        unique: &[&["tenant_id", "token_hash"]],
        points: &[CUSTOMER, REQUEST],
        indexes: &[&["tenant_id", "customer_id", "id"]],
    },
    Plan {
        name: "offices",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("key", Text),
            must("name_cs", Text),
            must("name_en", Text),
            must("street", Text),
            must("city", Text),
            must("postcode", Text),
            must("phone", Text),
            must("hours", Text),
            must("closed", Text),
            must("slot_minutes", Small),
            must("capacity", Small),
            must("lead_minutes", Int),
            must("ahead_days", Int),
            must("position", Small),
            must("is_active", Bool),
        ],
        key: ID,
        unique: &[&["tenant_id", "key"]],
        points: &[TENANT],
        indexes: &[],
    },
    Plan {
        name: "office_topics",
        columns: &[
            OWNER,
            must("office_id", Uuid),
            must("key", Text),
            must("name_cs", Text),
            must("name_en", Text),
            must("minutes", Small),
            must("position", Small),
            must("is_active", Bool),
        ],
        key: &["tenant_id", "office_id", "key"],
        unique: &[],
        points: &[points(&["tenant_id", "office_id"], "offices", ID)],
        indexes: &[],
    },
    Plan {
        name: "bookings",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("office_id", Uuid),
            must("topic", Text),
            must("customer_id", Uuid),
            may("request_id", Uuid),
            must("starts_at", Time),
            must("ends_at", Time),
            may("place", Small),
            must("state", Text),
            must("ics_sequence", Int),
            must("created_at", Time),
        ],
        key: ID,
        // A place of a slot is one visit's; those cancelled have none.
        unique: &[&["tenant_id", "office_id", "starts_at", "place"]],
        points: &[
            CUSTOMER,
            REQUEST,
            held(&["tenant_id", "office_id"], "offices", ID),
            held(&["tenant_id", "office_id", "topic"], "office_topics", &["tenant_id", "office_id", "key"]),
        ],
        indexes: &[&["tenant_id", "customer_id", "starts_at", "id"]],
    },
    Plan {
        name: "electronic_forms",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("slug", Text),
            must("title_cs", Text),
            must("title_en", Text),
            must("lead_cs", Text),
            must("lead_en", Text),
            must("fields", Text),
            must("position", Small),
            must("is_active", Bool),
            must("version", Int),
        ],
        key: ID,
        unique: &[&["tenant_id", "slug"]],
        points: &[TENANT],
        indexes: &[],
    },
    Plan {
        name: "representatives",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("name", Text),
            must("phone", Text),
            must("email", Text),
            must("region", Text),
            may("staff_id", Uuid),
            must("is_active", Bool),
        ],
        key: ID,
        unique: &[],
        points: &[TENANT, held(&["tenant_id", "staff_id"], "staff", ID)],
        indexes: &[],
    },
    Plan {
        name: "represented_customers",
        columns: &[OWNER, must("customer_id", Uuid), must("representative_id", Uuid)],
        key: &["tenant_id", "customer_id"],
        unique: &[],
        points: &[CUSTOMER, points(&["tenant_id", "representative_id"], "representatives", ID)],
        indexes: &[],
    },
    Plan {
        name: "contracts",
        columns: &[
            OWNER,
            must("id", Uuid),
            may("number", Text),
            may("customer_id", Uuid),
            must("email", Text),
            may("token_hash", Bytes),
            must("state", Text),
            must("data", Text),
            must("version", Int),
            must("created_at", Time),
            must("updated_at", Time),
            may("request_id", Uuid),
            may("document_id", Uuid),
            must("language", Text),
        ],
        key: ID,
        unique: &[&["tenant_id", "number"], &["tenant_id", "token_hash"]],
        points: &[
            TENANT,
            CUSTOMER,
            held(&["tenant_id", "request_id"], "requests", ID),
            held(&["tenant_id", "document_id"], "documents", ID),
        ],
        indexes: &[&["tenant_id", "customer_id", "created_at", "id"], &["tenant_id", "request_id"]],
    },
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_all(manager, PLANS).await?;
        secure_all(manager, PLANS).await?;
        let sipo = ColumnDef::new(SIPO).text().null().to_owned();
        manager.alter_table(Table::alter().table(CUSTOMERS).add_column(sipo).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table(CUSTOMERS).drop_column(SIPO).to_owned()).await?;
        drop_all(manager, PLANS).await
    }
}

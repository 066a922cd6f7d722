//! Outages (*odstávky*): what stands, what each version said, whom they touch, who wants to know and who was told; files and keys they come
//! by; and what a supply point is found by besides its code.
use crate::tables::{Column, Kind::*, Plan, Points, create_all, drop_all, held, may, must, points, secure_all};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const ID: &[&str] = &["tenant_id", "id"];
const OWNER: Column = must("tenant_id", Int);
const TENANT: Points = points(&["tenant_id"], "tenants", &["id"]);
const OUTAGE: Points = points(&["tenant_id", "outage_id"], "outages", ID);
const POINT: Points = points(&["tenant_id", "supply_point_id"], "supply_points", ID);
const CUSTOMER: Points = points(&["tenant_id", "customer_id"], "customers", ID);
const ACCOUNT: Points = points(&["tenant_id", "account_id"], "accounts", ID);

const TOUCHED: Points = points(&["tenant_id", "outage_id", "supply_point_id"], "outage_points", TOUCHED_KEY);
const TOUCHED_KEY: &[&str] = &["tenant_id", "outage_id", "supply_point_id"];
const WISH: Points = points(WISH_KEY, "outage_subscriptions", WISH_KEY);
const WISH_KEY: &[&str] = &["tenant_id", "account_id", "supply_point_id", "channel"];

const PLANS: &[Plan] = &[
    Plan {
        name: "outages",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("source", Text),
            must("number", Text),
            must("version", Int),
            must("kind", Text),
            must("starts_at", Time),
            must("ends_at", Time),
            must("is_cancelled", Bool),
            must("reason", Text),
            must("place", Text),
            must("distributor", Text),
            must("announced_at", Time),
            must("areas", Text),
            must("created_at", Time),
            must("changed_at", Time),
        ],
        key: ID,
        unique: &[&["tenant_id", "source", "number"]],
        points: &[TENANT],
        indexes: &[&["tenant_id", "ends_at", "id"]],
    },
    Plan {
        name: "outage_versions",
        columns: &[
            OWNER,
            must("outage_id", Uuid),
            must("version", Int),
            // Of what the source handed in, its own number; the desk's changes have none.
            may("source_version", Int),
            must("what", Text),
            must("content", Text),
            must("actor", Text),
            must("at", Time),
        ],
        key: &["tenant_id", "outage_id", "version"],
        unique: &[],
        points: &[OUTAGE],
        indexes: &[],
    },
    Plan {
        name: "outage_areas",
        columns: &[
            OWNER,
            must("outage_id", Uuid),
            must("kind", Text),
            must("first", Text),
            must("second", Text),
            must("is_exact", Bool),
        ],
        key: &["tenant_id", "outage_id", "kind", "first", "second"],
        unique: &[],
        points: &[OUTAGE],
        indexes: &[],
    },
    Plan {
        name: "outage_points",
        columns: &[
            OWNER,
            must("outage_id", Uuid),
            must("supply_point_id", Uuid),
            must("customer_id", Uuid),
            must("how", Text),
            must("is_touched", Bool),
        ],
        key: TOUCHED_KEY,
        unique: &[],
        points: &[OUTAGE, POINT, CUSTOMER],
        indexes: &[
            &["tenant_id", "customer_id", "outage_id"],
            &["tenant_id", "outage_id", "customer_id"],
            &["tenant_id", "supply_point_id"],
        ],
    },
    Plan {
        name: "outage_subscriptions",
        columns: &[
            OWNER,
            must("account_id", Uuid),
            must("customer_id", Uuid),
            must("supply_point_id", Uuid),
            must("channel", Text),
            must("is_on", Bool),
            must("token", Text),
            must("created_at", Time),
        ],
        key: WISH_KEY,
        unique: &[&["tenant_id", "token"]],
        points: &[ACCOUNT, CUSTOMER, POINT],
        indexes: &[&["tenant_id", "supply_point_id", "channel"], &["tenant_id", "customer_id"]],
    },
    Plan {
        name: "outage_notices",
        columns: &[
            OWNER,
            must("outage_id", Uuid),
            must("supply_point_id", Uuid),
            must("account_id", Uuid),
            must("channel", Text),
            must("version", Int),
            must("customer_id", Uuid),
            must("kind", Text),
            must("at", Time),
        ],
        key: &["tenant_id", "outage_id", "supply_point_id", "account_id", "channel", "version"],
        unique: &[],
        // By these it hangs on the outage, the point and the account too; each more costs half a million looks in a storm.
        points: &[TOUCHED, WISH, CUSTOMER],
        indexes: &[&["tenant_id", "customer_id", "at"], WISH_KEY],
    },
    Plan {
        name: "calendar_feeds",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("account_id", Uuid),
            must("customer_id", Uuid),
            must("token_hash", Bytes),
            must("created_at", Time),
            may("revoked_at", Time),
        ],
        key: ID,
        unique: &[&["tenant_id", "token_hash"]],
        points: &[ACCOUNT, CUSTOMER],
        indexes: &[&["tenant_id", "account_id", "customer_id"], &["tenant_id", "customer_id"]],
    },
    Plan {
        name: "outage_imports",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("file_hash", Bytes),
            must("file_name", Text),
            must("content", Text),
            must("counts", Text),
            must("staff_id", Uuid),
            must("created_at", Time),
            may("kept_at", Time),
        ],
        key: ID,
        unique: &[],
        points: &[held(&["tenant_id", "staff_id"], "staff", ID)],
        indexes: &[&["tenant_id", "file_hash", "kept_at"], &["tenant_id", "staff_id"]],
    },
    Plan {
        name: "api_keys",
        columns: &[
            OWNER,
            must("id", Uuid),
            must("name", Text),
            must("scope", Text),
            must("token_hash", Bytes),
            must("staff_id", Uuid),
            must("created_at", Time),
            may("last_used_at", Time),
            may("revoked_at", Time),
        ],
        key: ID,
        unique: &[&["tenant_id", "token_hash"]],
        points: &[held(&["tenant_id", "staff_id"], "staff", ID)],
        indexes: &[&["tenant_id", "staff_id"]],
    },
    Plan {
        name: "api_replies",
        columns: &[
            OWNER,
            must("key_id", Uuid),
            must("idempotency", Text),
            must("request_hash", Bytes),
            must("status", Small),
            must("body", Text),
            must("at", Time),
        ],
        key: &["tenant_id", "key_id", "idempotency"],
        unique: &[],
        points: &[points(&["tenant_id", "key_id"], "api_keys", ID)],
        indexes: &[&["tenant_id", "at"]],
    },
];

const SUPPLY_POINTS: &str = "supply_points";
/// Town and street as they are compared; the parcel (*parcela*) by the code of its cadastral territory and its number.
const ADDED: [&str; 4] = ["town_key", "street_key", "cadastral_code", "plot"];
const BY_ADDRESS: &str = "supply_points_by_address_idx";
const BY_PARCEL: &str = "supply_points_by_parcel_idx";

fn found_by(name: &str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(SUPPLY_POINTS).col("tenant_id");
    for column in columns {
        index.col(*column);
    }
    index
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ADDED {
            let column = ColumnDef::new(Alias::new(name)).text().null().to_owned();
            manager.alter_table(Table::alter().table(SUPPLY_POINTS).add_column(column).to_owned()).await?;
        }
        manager.create_index(found_by(BY_ADDRESS, &["town_key", "street_key"])).await?;
        manager.create_index(found_by(BY_PARCEL, &["cadastral_code", "plot"])).await?;
        create_all(manager, PLANS).await?;
        secure_all(manager, PLANS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, PLANS).await?;
        for name in [BY_PARCEL, BY_ADDRESS] {
            manager.drop_index(Index::drop().name(name).table(SUPPLY_POINTS).to_owned()).await?;
        }
        for name in ADDED {
            manager.alter_table(Table::alter().table(SUPPLY_POINTS).drop_column(Alias::new(name)).to_owned()).await?;
        }
        Ok(())
    }
}

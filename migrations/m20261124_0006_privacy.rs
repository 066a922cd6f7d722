//! What the law of data protection asks for: who looked at whose account, what is kept longer than its owner wished, which terms of use
//! were accepted when.
use crate::tables::{Column, Kind::*, Plan, Points, create_all, drop_all, held, may, must, points, secure_all};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

const ID: &[&str] = &["tenant_id", "id"];
const OWNER: Column = must("tenant_id", Int);
const CUSTOMER: Points = points(&["tenant_id", "customer_id"], "customers", ID);

const PLANS: &[Plan] = &[
    Plan {
        name: "looks",
        columns: &[
            OWNER,
            must("customer_id", Uuid),
            must("staff_id", Uuid),
            // Whole hours since 1970: however many look-ups race, an hour has one row of a person.
            must("hour", Big),
            must("role", Text),
            must("at", Time),
        ],
        key: &["tenant_id", "customer_id", "staff_id", "hour"],
        unique: &[],
        points: &[CUSTOMER, held(&["tenant_id", "staff_id"], "staff", ID)],
        indexes: &[&["tenant_id", "customer_id", "at"]],
    },
    // What the law keeps longer than its owner wished, and until when: the invoice cannot go before its row here does.
    Plan {
        name: "retentions",
        columns: &[
            OWNER,
            must("invoice_id", Uuid),
            must("customer_id", Uuid),
            must("request_id", Uuid),
            must("until", Date),
            must("law", Text),
            must("at", Time),
        ],
        key: &["tenant_id", "invoice_id"],
        unique: &[],
        points: &[
            CUSTOMER,
            held(&["tenant_id", "invoice_id"], "invoices", ID),
            held(&["tenant_id", "request_id"], "requests", ID),
        ],
        indexes: &[&["tenant_id", "customer_id", "until"]],
    },
    Plan {
        name: "terms_of_use",
        columns: &[
            OWNER,
            must("seq", Int),
            must("valid_from", Date),
            must("text_cs", Text),
            must("text_en", Text),
            may("staff_id", Uuid),
            must("published_at", Time),
        ],
        key: &["tenant_id", "seq"],
        unique: &[],
        points: &[points(&["tenant_id"], "tenants", &["id"]), held(&["tenant_id", "staff_id"], "staff", ID)],
        indexes: &[],
    },
    Plan {
        name: "terms_acceptances",
        columns: &[OWNER, must("account_id", Uuid), must("seq", Int), must("at", Time)],
        key: &["tenant_id", "account_id", "seq"],
        unique: &[],
        points: &[
            points(&["tenant_id", "account_id"], "accounts", ID),
            held(&["tenant_id", "seq"], "terms_of_use", &["tenant_id", "seq"]),
        ],
        indexes: &[],
    },
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_all(manager, PLANS).await?;
        secure_all(manager, PLANS).await?;
        make_append_only(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, PLANS).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP FUNCTION looks_is_append_only").await?;
        }
        Ok(())
    }
}

/// Who looked is written once: no change, no removal, whoever asks.
async fn make_append_only(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let sql = match manager.get_database_backend() {
        DbBackend::Postgres => {
            "CREATE FUNCTION looks_is_append_only() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'looks is append-only'; END $$; \
             CREATE TRIGGER looks_append_only BEFORE UPDATE OR DELETE ON looks \
             FOR EACH ROW EXECUTE FUNCTION looks_is_append_only(); \
             CREATE TRIGGER looks_no_truncate BEFORE TRUNCATE ON looks \
             FOR EACH STATEMENT EXECUTE FUNCTION looks_is_append_only();"
        }
        _ => {
            "CREATE TRIGGER looks_no_update BEFORE UPDATE ON looks BEGIN SELECT RAISE(ABORT, 'looks is append-only'); END; \
             CREATE TRIGGER looks_no_delete BEFORE DELETE ON looks BEGIN SELECT RAISE(ABORT, 'looks is append-only'); END;"
        }
    };
    manager.get_connection().execute_unprepared(sql).await.map(|_| ())
}

//! The head of a tenant's audit follows its newest line by itself: no line can be written that the head does not tell of.
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

const FOLLOW: &str = "UPDATE audit_heads SET seq = NEW.seq, hash = NEW.hash WHERE tenant_id = NEW.tenant_id;";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = match manager.get_database_backend() {
            DbBackend::Postgres => format!(
                "CREATE FUNCTION audit_head_follows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {FOLLOW} RETURN NULL; END $$; \
                 CREATE TRIGGER audit_head_follows AFTER INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_head_follows();"
            ),
            _ => format!("CREATE TRIGGER audit_head_follows AFTER INSERT ON audit BEGIN {FOLLOW} END;"),
        };
        manager.get_connection().execute_unprepared(&sql).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = match manager.get_database_backend() {
            DbBackend::Postgres => "DROP TRIGGER audit_head_follows ON audit; DROP FUNCTION audit_head_follows();",
            _ => "DROP TRIGGER audit_head_follows",
        };
        manager.get_connection().execute_unprepared(sql).await.map(|_| ())
    }
}

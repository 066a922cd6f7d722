//! Keys of messages compare as bytes on PostgreSQL too, whatever language the database sorts in: what begins alike stands together in their
//! index, and is found by it. An instance of the version before that is still up fails on the desk's pages of messages until it is replaced:
//! its prepared statements know the column as it was.
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

async fn collate(manager: &SchemaManager<'_>, collation: &str) -> Result<(), DbErr> {
    // SQLite compares bytes anyway.
    if manager.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    // The index is built anew: of a million messages that lasts longer than a page's statement may.
    manager.get_connection().execute_unprepared("SET LOCAL statement_timeout = 0").await?;
    let sql = format!("ALTER TABLE outbox ALTER COLUMN dedupe_key TYPE text COLLATE \"{collation}\"");
    manager.get_connection().execute_unprepared(&sql).await.map(|_| ())
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        collate(manager, "C").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        collate(manager, "default").await
    }
}

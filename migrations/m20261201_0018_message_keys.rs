//! Keys of messages compare as bytes on PostgreSQL too, whatever language the database sorts in: what begins alike stands together in their
//! index, and is found by it.
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

async fn collate(manager: &SchemaManager<'_>, collation: &str) -> Result<(), DbErr> {
    // SQLite compares bytes anyway.
    if manager.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
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

//! Bringing the schema up and down.
use super::error::Error;
use super::scope::Database;
use migrations::Migrator;
use sea_orm::{ConnectionTrait, Statement};
use sea_orm_migration::{MigratorTrait, SchemaManager};

/// Where the migrator keeps what it applied.
const APPLIED: &str = "seaql_migrations";

impl Database {
    pub async fn migrate_up(&self) -> Result<(), Error> {
        Ok(Migrator::up(self.connection(), None).await?)
    }

    /// Takes back the newest migration.
    pub async fn migrate_down(&self) -> Result<(), Error> {
        Ok(Migrator::down(self.connection(), Some(1)).await?)
    }

    /// Every migration we know and whether it is applied; broken when there is one we do not know. Only looks: the
    /// migrator's own way would first make its table, which the role that serves may not.
    pub async fn migration_status(&self) -> Result<Vec<(String, bool)>, Error> {
        let db = self.connection();
        let mut applied: Vec<String> = Vec::new();
        if SchemaManager::new(db).has_table(APPLIED).await? {
            let sql = format!("SELECT version FROM {APPLIED}");
            for row in db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await? {
                applied.push(row.try_get("", "version")?);
            }
        }
        let known: Vec<String> = Migrator::migrations().iter().map(|one| one.name().to_owned()).collect();
        if let Some(newer) = applied.iter().find(|name| !known.contains(name)) {
            return Err(Error::Broken(format!("the schema is newer than this program: it has migration {newer}")));
        }
        Ok(known.into_iter().map(|name| (name.clone(), applied.contains(&name))).collect())
    }

    pub async fn is_migrated(&self) -> Result<bool, Error> {
        let status = self.migration_status().await?;
        Ok(status.iter().all(|(_, is_applied)| *is_applied))
    }
}

//! Bringing the schema up and down.
use super::error::Error;
use super::scope::Database;
use migrations::Migrator;
use sea_orm_migration::MigratorTrait;

impl Database {
    pub async fn migrate_up(&self) -> Result<(), Error> {
        Ok(Migrator::up(self.connection(), None).await?)
    }

    /// Takes back the newest migration.
    pub async fn migrate_down(&self) -> Result<(), Error> {
        Ok(Migrator::down(self.connection(), Some(1)).await?)
    }

    /// Every migration we know and whether it is applied.
    pub async fn migration_status(&self) -> Result<Vec<(String, bool)>, Error> {
        let pending = Migrator::get_pending_migrations(self.connection()).await?;
        let pending: Vec<String> = pending.iter().map(|one| one.name().to_owned()).collect();
        let all = Migrator::migrations().into_iter().map(|one| one.name().to_owned());
        Ok(all.map(|name| (name.clone(), !pending.contains(&name))).collect())
    }

    pub async fn is_migrated(&self) -> Result<bool, Error> {
        let status = self.migration_status().await?;
        Ok(status.iter().all(|(_, is_applied)| *is_applied))
    }
}

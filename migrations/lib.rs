//! The list of migrations, oldest first. Portable: the same definitions run on SQLite and PostgreSQL.
use sea_orm_migration::prelude::*;

mod m20261123_0001_core;
mod m20261124_0002_requests;
mod m20261124_0003_access;
mod m20261124_0004_ways_in;
mod m20261124_0005_staff;
mod m20261124_0006_privacy;
mod m20261124_0007_account_life;
mod m20261124_0008_people;
mod m20261124_0009_signing;
mod m20261124_0010_notices;
mod m20261124_0011_outages;
mod m20261124_0012_bonus;
mod m20261124_0013_passkeys;
mod m20261124_0014_webhooks;
mod m20261124_0015_delivery;
mod m20261130_0016_inviters;
mod m20261201_0017_audit_head;
mod m20261201_0018_message_keys;
mod tables;

pub use tables::{PLATFORM_TABLES, TENANT_TABLES};

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_0001_core::Migration),
            Box::new(m20261124_0002_requests::Migration),
            Box::new(m20261124_0003_access::Migration),
            Box::new(m20261124_0004_ways_in::Migration),
            Box::new(m20261124_0009_signing::Migration),
            Box::new(m20261124_0005_staff::Migration),
            Box::new(m20261124_0007_account_life::Migration),
            Box::new(m20261124_0008_people::Migration),
            Box::new(m20261124_0006_privacy::Migration),
            Box::new(m20261124_0010_notices::Migration),
            Box::new(m20261124_0011_outages::Migration),
            Box::new(m20261124_0012_bonus::Migration),
            Box::new(m20261124_0013_passkeys::Migration),
            Box::new(m20261124_0015_delivery::Migration),
            Box::new(m20261124_0014_webhooks::Migration),
            Box::new(m20261130_0016_inviters::Migration),
            Box::new(m20261201_0017_audit_head::Migration),
            Box::new(m20261201_0018_message_keys::Migration),
        ]
    }
}

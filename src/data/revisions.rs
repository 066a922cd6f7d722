//! Revisions of a tenant: whole contents, numbered, never changed. Published by a guarded step from the expected number to the next.
#![expect(clippy::disallowed_methods, reason = "the newest revision is read before there is a tenant to filter by")]
use super::audit::AuditEntry;
use super::error::Error;
use super::scope::TenantTx;
use crate::domain::ids::TenantId;
use sea_orm::entity::prelude::*;
use sea_orm::{DatabaseTransaction, QueryOrder, QuerySelect, Set};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

pub(super) mod tenant {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "tenants")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub slug: String,
        pub origin: String,
        pub state: String,
        pub revision: i64,
        pub created_at: TimeDateTimeWithTimeZone,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod revision {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "tenant_revisions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub revision: i64,
        pub document: String,
        pub policy: String,
        pub toggles: String,
        pub digest: Vec<u8>,
        pub actor: String,
        pub reason: String,
        pub created_at: TimeDateTimeWithTimeZone,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// All that one revision holds: the TOML document, the contract's CSV and the operators' switches as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionContent {
    pub document: String,
    pub policy: String,
    pub toggles: String,
}

/// A line of a tenant's history.
#[derive(Clone, Debug)]
pub struct RevisionRecord {
    pub revision: i64,
    pub document: String,
    pub policy: String,
    pub toggles: String,
    pub actor: String,
    pub reason: String,
    pub created_at: OffsetDateTime,
}

impl RevisionContent {
    fn digest(&self) -> Vec<u8> {
        let mut hash = Sha256::new();
        for part in [&self.document, &self.policy, &self.toggles] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        hash.finalize().to_vec()
    }
}

/// Moves the tenant from `expected` to the next revision and keeps its content; `Conflict` when somebody was quicker.
pub(super) async fn step(
    tx: &DatabaseTransaction,
    id: TenantId,
    expected: i64,
    content: &RevisionContent,
    actor: &str,
    reason: &str,
) -> Result<i64, Error> {
    let moved = tenant::Entity::update_many()
        .col_expr(tenant::Column::Revision, Expr::value(expected + 1))
        .filter(tenant::Column::Id.eq(id.0))
        .filter(tenant::Column::Revision.eq(expected))
        .exec(tx)
        .await?;
    if moved.rows_affected != 1 {
        return Err(Error::Conflict(format!("tenant {} is no longer at revision {expected}", id.0)));
    }
    keep(tx, id, expected + 1, content, actor, reason).await?;
    Ok(expected + 1)
}

pub(super) async fn keep(
    tx: &DatabaseTransaction,
    id: TenantId,
    number: i64,
    content: &RevisionContent,
    actor: &str,
    reason: &str,
) -> Result<(), Error> {
    let row = revision::ActiveModel {
        tenant_id: Set(id.0),
        revision: Set(number),
        document: Set(content.document.clone()),
        policy: Set(content.policy.clone()),
        toggles: Set(content.toggles.clone()),
        digest: Set(content.digest()),
        actor: Set(actor.to_owned()),
        reason: Set(reason.to_owned()),
        created_at: Set(OffsetDateTime::now_utc()),
    };
    revision::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

pub(super) async fn history(tx: &impl ConnectionTrait, id: TenantId, limit: u64) -> Result<Vec<RevisionRecord>, Error> {
    let rows = revision::Entity::find()
        .filter(revision::Column::TenantId.eq(id.0))
        .order_by_desc(revision::Column::Revision)
        .limit(limit)
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(record_of).collect())
}

fn record_of(row: revision::Model) -> RevisionRecord {
    RevisionRecord {
        revision: row.revision,
        document: row.document,
        policy: row.policy,
        toggles: row.toggles,
        actor: row.actor,
        reason: row.reason,
        created_at: row.created_at,
    }
}

impl TenantTx {
    /// This tenant's next revision, with its audit line, in this transaction.
    pub async fn publish_revision(
        &self,
        expected: i64,
        content: &RevisionContent,
        entry: &AuditEntry,
        reason: &str,
    ) -> Result<i64, Error> {
        let number = step(self.platform_tables(), self.tenant_id(), expected, content, &entry.actor, reason).await?;
        self.write_audit(entry).await?;
        Ok(number)
    }

    /// Newest first.
    pub async fn revisions(&self, limit: u64) -> Result<Vec<RevisionRecord>, Error> {
        history(self.platform_tables(), self.tenant_id(), limit).await
    }

    pub async fn revision(&self, number: i64) -> Result<RevisionRecord, Error> {
        let row = revision::Entity::find_by_id((self.tenant_id().0, number)).one(self.platform_tables()).await?;
        row.map(record_of).ok_or(Error::NotFound)
    }
}

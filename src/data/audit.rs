//! The audit: who changed what, when, from what to what. Append-only (a trigger refuses anything else) and hash-chained within a tenant.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::features::Feature;
use crate::domain::ids::TenantId;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

mod line {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub at: TimeDateTimeWithTimeZone,
        pub actor_kind: String,
        pub actor: String,
        pub role: String,
        pub feature: Option<String>,
        pub action: String,
        pub object: String,
        pub before: String,
        pub after: String,
        pub request_id: String,
        pub hash: Vec<u8>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for line::Entity {
    const TENANT: line::Column = line::Column::TenantId;
}
mod head {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_heads")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        pub seq: i64,
        pub hash: Vec<u8>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for head::Entity {
    const TENANT: head::Column = head::Column::TenantId;
}
#[derive(Clone, Debug)]
pub struct AuditEntry {
    /// customer, staff, platform, files, job.
    pub actor_kind: String,
    pub actor: String,
    pub role: String,
    pub feature: Option<Feature>,
    pub action: String,
    pub object: String,
    pub before: Json,
    pub after: Json,
    pub request_id: String,
}

#[derive(Clone, Debug)]
pub struct AuditRow {
    pub seq: i64,
    pub at: OffsetDateTime,
    pub actor_kind: String,
    pub actor: String,
    pub role: String,
    pub feature: Option<String>,
    pub action: String,
    pub object: String,
    pub before: String,
    pub after: String,
    pub request_id: String,
    pub hash: Vec<u8>,
}

/// What stands before a tenant's first line.
const START: [u8; 32] = [0; 32];

/// SHA-256 over the hash before, the tenant, and this line's fields, each after its length; a feature that is not there has length -1.
fn chained(tenant: TenantId, previous: &[u8], row: &AuditRow) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(previous);
    hash.update(tenant.0.to_be_bytes());
    hash.update(row.seq.to_be_bytes());
    // Microseconds are what both engines keep.
    hash.update(row.at.unix_timestamp_nanos().div_euclid(1000).to_be_bytes());
    let fields = [
        Some(&row.actor_kind),
        Some(&row.actor),
        Some(&row.role),
        row.feature.as_ref(),
        Some(&row.action),
        Some(&row.object),
        Some(&row.before),
        Some(&row.after),
        Some(&row.request_id),
    ];
    for field in fields {
        hash.update(field.map_or(-1, |field| field.len() as i64).to_be_bytes());
        hash.update(field.map_or("", String::as_str).as_bytes());
    }
    hash.finalize().to_vec()
}

impl TenantTx {
    pub async fn write_audit(&self, entry: &AuditEntry) -> Result<(), Error> {
        let head = self.hold_audit_head().await?;
        let mut row = AuditRow {
            seq: head.seq + 1,
            at: OffsetDateTime::now_utc(),
            actor_kind: entry.actor_kind.clone(),
            actor: entry.actor.clone(),
            role: entry.role.clone(),
            feature: entry.feature.map(|feature| feature.key().to_owned()),
            action: entry.action.clone(),
            object: entry.object.clone(),
            before: entry.before.to_string(),
            after: entry.after.to_string(),
            request_id: entry.request_id.clone(),
            hash: Vec::new(),
        };
        row.hash = chained(self.tenant_id(), &head.hash, &row);
        let kept = line::ActiveModel {
            seq: Set(row.seq),
            at: Set(row.at),
            actor_kind: Set(row.actor_kind),
            actor: Set(row.actor),
            role: Set(row.role),
            feature: Set(row.feature),
            action: Set(row.action),
            object: Set(row.object),
            before: Set(row.before),
            after: Set(row.after),
            request_id: Set(row.request_id),
            hash: Set(row.hash),
            ..Default::default()
        };
        // The head follows the line (a trigger).
        self.add(vec![kept]).await
    }

    /// The newest line's number and hash. Others are kept out until this transaction ends.
    async fn hold_audit_head(&self) -> Result<head::Model, Error> {
        let held = || self.find::<head::Entity>().with(|query| query.lock_exclusive()).one();
        if let Some(head) = held().await? {
            return Ok(head);
        }
        // Somebody else may be writing the first line too: then this waits for them and goes second.
        let none = head::ActiveModel { seq: Set(0), hash: Set(START.to_vec()), ..Default::default() };
        self.add_if_missing(none).await?;
        held().await?.ok_or(Error::NotFound)
    }

    /// Newest first.
    pub async fn audit_trail(&self, limit: u64, feature: Option<Feature>) -> Result<Vec<AuditRow>, Error> {
        let rows = self.find::<line::Entity>().with(|query| {
            let query = match feature {
                Some(feature) => query.filter(line::Column::Feature.eq(feature.key())),
                None => query,
            };
            query.order_by_desc(line::Column::Seq).limit(limit)
        });
        Ok(rows.all().await?.into_iter().map(row_of).collect())
    }

    /// The first number whose line is missing or does not follow from the one before; none when the chain is whole.
    pub async fn broken_audit_link(&self) -> Result<Option<i64>, Error> {
        let rows = self.find::<line::Entity>().with(|query| query.order_by_asc(line::Column::Seq)).all().await?;
        let (mut count, mut previous) = (0, START.to_vec());
        for row in rows.into_iter().map(row_of) {
            if row.seq != count + 1 || chained(self.tenant_id(), &previous, &row) != row.hash {
                return Ok(Some(row.seq));
            }
            (count, previous) = (row.seq, row.hash);
        }
        // The head tells what the newest line was: without it, lines taken off the end would not be missed.
        let head = self.find::<head::Entity>().one().await?.map_or((0, START.to_vec()), |head| (head.seq, head.hash));
        Ok((head != (count, previous)).then_some(count + 1))
    }
}

fn row_of(row: line::Model) -> AuditRow {
    AuditRow {
        seq: row.seq,
        at: row.at,
        actor_kind: row.actor_kind,
        actor: row.actor,
        role: row.role,
        feature: row.feature,
        action: row.action,
        object: row.object,
        before: row.before,
        after: row.after,
        request_id: row.request_id,
        hash: row.hash,
    }
}

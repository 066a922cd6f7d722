//! Files with outages: looked over first, kept once. The same file again is recognised by its hash.
use crate::data::error::Error;
use crate::data::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{OutageImportId, StaffId};
use sea_orm::entity::prelude::*;
use sea_orm::{DeleteMany, QueryOrder, Set, UpdateMany};
use serde_json::Value as Json;
use time::OffsetDateTime;

/// Files forgotten at once: each may be large.
const PAGE: i64 = 100;

mod import {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "outage_imports")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub file_hash: Vec<u8>,
        pub file_name: String,
        pub content: String,
        pub counts: String,
        pub staff_id: Uuid,
        pub created_at: TimeDateTimeWithTimeZone,
        pub kept_at: Option<TimeDateTimeWithTimeZone>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for import::Entity {
    const TENANT: import::Column = import::Column::TenantId;
}

#[derive(Clone, Debug)]
pub struct OutageImport {
    pub id: OutageImportId,
    pub file_hash: Vec<u8>,
    pub file_name: String,
    /// The text of the file until it is kept.
    pub content: String,
    pub counts: Json,
    pub staff: StaffId,
    pub created_at: OffsetDateTime,
    pub kept_at: Option<OffsetDateTime>,
}

fn import_of(row: import::Model) -> OutageImport {
    OutageImport {
        id: OutageImportId(row.id),
        file_hash: row.file_hash,
        file_name: row.file_name,
        content: row.content,
        counts: serde_json::from_str(&row.counts).unwrap_or_default(),
        staff: StaffId(row.staff_id),
        created_at: row.created_at,
        kept_at: row.kept_at,
    }
}

impl TenantTx {
    /// Laid by until it is confirmed; what the same person laid by before and never confirmed goes.
    pub async fn lay_outage_import_by(&self, one: &OutageImport) -> Result<(), Error> {
        let old = |delete: DeleteMany<import::Entity>| {
            delete.filter(import::Column::StaffId.eq(one.staff.0)).filter(import::Column::KeptAt.is_null())
        };
        self.remove(old).await?;
        let row = import::ActiveModel {
            id: Set(one.id.0),
            file_hash: Set(one.file_hash.clone()),
            file_name: Set(one.file_name.clone()),
            content: Set(one.content.clone()),
            counts: Set(one.counts.to_string()),
            staff_id: Set(one.staff.0),
            created_at: Set(one.created_at),
            kept_at: Set(one.kept_at),
            ..Default::default()
        };
        self.add(vec![row]).await
    }

    /// When the same file was kept last.
    pub async fn kept_outage_import(&self, file_hash: &[u8]) -> Result<Option<OutageImport>, Error> {
        let rows = self.find::<import::Entity>().with(|query| {
            query
                .filter(import::Column::FileHash.eq(file_hash.to_vec()))
                .filter(import::Column::KeptAt.is_not_null())
                .order_by_desc(import::Column::KeptAt)
        });
        Ok(rows.one().await?.map(import_of))
    }

    /// To the first who confirms it; none to anybody after. From then on only what became of it is remembered.
    pub async fn keep_outage_import(
        &self,
        id: OutageImportId,
        staff: StaffId,
        now: OffsetDateTime,
    ) -> Result<Option<OutageImport>, Error> {
        let own = self
            .find::<import::Entity>()
            .with(|query| query.filter(import::Column::Id.eq(id.0)).filter(import::Column::StaffId.eq(staff.0)));
        let Some(laid_by) = own.one().await? else { return Ok(None) };
        let keep = |update: UpdateMany<import::Entity>| {
            update
                .col_expr(import::Column::KeptAt, Expr::value(now))
                .col_expr(import::Column::Content, Expr::value(""))
                .filter(import::Column::Id.eq(id.0))
                .filter(import::Column::KeptAt.is_null())
        };
        Ok((self.change(keep).await? == 1).then(|| import_of(laid_by)))
    }

    /// Files laid by before then that nobody confirmed, a page of them; answers how many went.
    pub async fn forget_outage_imports(&self, before: OffsetDateTime) -> Result<u64, Error> {
        let sql = "DELETE FROM outage_imports WHERE tenant_id = $1 AND id IN (SELECT id FROM outage_imports \
                   WHERE tenant_id = $1 AND kept_at IS NULL AND created_at < $2 LIMIT $3)";
        self.run(sql, vec![before.into(), PAGE.into()]).await
    }
}

//! Keys machines call with, and what was answered to calls that name themselves, so that a call repeated does nothing twice.
use crate::data::error::Error;
use crate::data::scope::{TenantEntity, TenantTx};
use crate::domain::features::Feature;
use crate::domain::ids::{ApiKeyId, StaffId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder, Set, UpdateMany};
use time::OffsetDateTime;

/// Answers forgotten at once.
const PAGE: i64 = 2_000;

mod key {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "api_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub scope: String,
        pub token_hash: Vec<u8>,
        pub staff_id: Uuid,
        pub created_at: TimeDateTimeWithTimeZone,
        pub last_used_at: Option<TimeDateTimeWithTimeZone>,
        pub revoked_at: Option<TimeDateTimeWithTimeZone>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for key::Entity {
    const TENANT: key::Column = key::Column::TenantId;
}
mod reply {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "api_replies")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub key_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub idempotency: String,
        pub request_hash: Vec<u8>,
        pub status: i16,
        pub body: String,
        pub at: TimeDateTimeWithTimeZone,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for reply::Entity {
    const TENANT: reply::Column = reply::Column::TenantId;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub name: String,
    /// What it may be used for.
    pub scope: Option<Feature>,
    pub staff: StaffId,
    pub created_at: OffsetDateTime,
    pub last_used_at: Option<OffsetDateTime>,
    pub revoked_at: Option<OffsetDateTime>,
}

/// What was answered to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiReply {
    /// SHA-256 of what was asked.
    pub request_hash: Vec<u8>,
    pub status: u16,
    pub body: String,
}

fn key_of(row: key::Model) -> ApiKey {
    ApiKey {
        id: ApiKeyId(row.id),
        name: row.name,
        scope: Feature::parse(&row.scope),
        staff: StaffId(row.staff_id),
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        revoked_at: row.revoked_at,
    }
}

impl TenantTx {
    pub async fn add_api_key(&self, one: &ApiKey, token_hash: &[u8; 32]) -> Result<(), Error> {
        let row = key::ActiveModel {
            id: Set(one.id.0),
            name: Set(one.name.clone()),
            scope: Set(one.scope.map_or("", Feature::key).to_owned()),
            token_hash: Set(token_hash.to_vec()),
            staff_id: Set(one.staff.0),
            created_at: Set(one.created_at),
            last_used_at: Set(one.last_used_at),
            revoked_at: Set(one.revoked_at),
            ..Default::default()
        };
        self.add(vec![row]).await
    }

    /// Newest first.
    pub async fn api_keys(&self) -> Result<Vec<ApiKey>, Error> {
        let rows = self.find::<key::Entity>().with(|query| query.order_by_desc(key::Column::Id));
        Ok(rows.all().await?.into_iter().map(key_of).collect())
    }

    /// One that was not revoked.
    pub async fn api_key(&self, token_hash: &[u8; 32]) -> Result<Option<ApiKey>, Error> {
        let row = self.find::<key::Entity>().with(|query| {
            query.filter(key::Column::TokenHash.eq(token_hash.to_vec())).filter(key::Column::RevokedAt.is_null())
        });
        Ok(row.one().await?.map(key_of))
    }

    pub async fn touch_api_key(&self, id: ApiKeyId, now: OffsetDateTime) -> Result<(), Error> {
        let touch = |update: UpdateMany<key::Entity>| {
            update.col_expr(key::Column::LastUsedAt, Expr::value(now)).filter(key::Column::Id.eq(id.0))
        };
        self.change(touch).await.map(|_| ())
    }

    /// The key as it was; none when it was revoked before or never there.
    pub async fn revoke_api_key(&self, id: ApiKeyId, now: OffsetDateTime) -> Result<Option<ApiKey>, Error> {
        let revoke = |update: UpdateMany<key::Entity>| {
            update
                .col_expr(key::Column::RevokedAt, Expr::value(now))
                .filter(key::Column::Id.eq(id.0))
                .filter(key::Column::RevokedAt.is_null())
        };
        Ok(self.changed(revoke).await?.pop().map(key_of))
    }

    /// What was answered to the call of that name before.
    pub async fn api_reply(&self, key: ApiKeyId, idempotency: &str) -> Result<Option<ApiReply>, Error> {
        let row = self.find::<reply::Entity>().with(|query| {
            query.filter(reply::Column::KeyId.eq(key.0)).filter(reply::Column::Idempotency.eq(idempotency))
        });
        let of = |row: reply::Model| ApiReply {
            request_hash: row.request_hash,
            status: row.status.unsigned_abs(),
            body: row.body,
        };
        Ok(row.one().await?.map(of))
    }

    /// False when somebody answered a call of that name meanwhile: then this one must do nothing.
    pub async fn keep_api_reply(
        &self,
        key: ApiKeyId,
        idempotency: &str,
        one: &ApiReply,
        at: OffsetDateTime,
    ) -> Result<bool, Error> {
        let row = reply::ActiveModel {
            key_id: Set(key.0),
            idempotency: Set(idempotency.to_owned()),
            request_hash: Set(one.request_hash.clone()),
            status: Set(one.status as i16),
            body: Set(one.body.clone()),
            at: Set(at),
            ..Default::default()
        };
        let columns = [reply::Column::TenantId, reply::Column::KeyId, reply::Column::Idempotency];
        Ok(self.put(row, OnConflict::columns(columns).do_nothing().to_owned()).await?.is_some())
    }

    /// What was answered before then, a page of it; answers how many went.
    pub async fn forget_api_replies(&self, before: OffsetDateTime) -> Result<u64, Error> {
        let sql = "DELETE FROM api_replies WHERE tenant_id = $1 AND (key_id, idempotency) IN \
                   (SELECT key_id, idempotency FROM api_replies WHERE tenant_id = $1 AND at < $2 LIMIT $3)";
        self.run(sql, vec![before.into(), PAGE.into()]).await
    }
}

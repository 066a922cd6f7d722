//! Sessions as they outlive a restart; the fast copy is the backends' matter.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use sea_orm::DeleteMany;
use sea_orm::Set;
use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

mod session {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "sessions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: Vec<u8>,
        pub subject_kind: String,
        pub subject_id: Uuid,
        pub data: String,
        pub created_at: TimeDateTimeWithTimeZone,
        pub expires_at: TimeDateTimeWithTimeZone,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for session::Entity {
    const TENANT: session::Column = session::Column::TenantId;
}
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// SHA-256 of the token; the token itself is never kept.
    pub token_hash: [u8; 32],
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub data: serde_json::Value,
    pub created_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
}

impl TenantTx {
    pub async fn insert_session(&self, row: &SessionRow) -> Result<(), Error> {
        let row = session::ActiveModel {
            token_hash: Set(row.token_hash.to_vec()),
            subject_kind: Set(row.subject_kind.clone()),
            subject_id: Set(row.subject_id),
            data: Set(row.data.to_string()),
            created_at: Set(row.created_at),
            expires_at: Set(row.expires_at),
            ..Default::default()
        };
        self.add(vec![row]).await
    }

    pub async fn session(&self, token_hash: &[u8; 32]) -> Result<Option<SessionRow>, Error> {
        let key = token_hash.to_vec();
        let row =
            self.find::<session::Entity>().with(|query| query.filter(session::Column::TokenHash.eq(key))).one().await?;
        let Some(row) = row else { return Ok(None) };
        let data = serde_json::from_str(&row.data).map_err(|error| Error::Broken(format!("session: {error}")))?;
        Ok(Some(SessionRow {
            token_hash: *token_hash,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            data,
            created_at: row.created_at,
            expires_at: row.expires_at,
        }))
    }

    pub async fn delete_session(&self, token_hash: &[u8; 32]) -> Result<(), Error> {
        let key = token_hash.to_vec();
        self.remove(|delete: DeleteMany<session::Entity>| delete.filter(session::Column::TokenHash.eq(key)))
            .await
            .map(|_| ())
    }

    /// Ends all sessions of a person; returns the hashes, so that the fast copies can be ended too.
    pub async fn delete_sessions_of(&self, subject: Uuid) -> Result<Vec<[u8; 32]>, Error> {
        let rows = self
            .find::<session::Entity>()
            .with(|query| query.filter(session::Column::SubjectId.eq(subject)))
            .all()
            .await?;
        self.remove(|delete: DeleteMany<session::Entity>| delete.filter(session::Column::SubjectId.eq(subject)))
            .await?;
        Ok(rows.into_iter().filter_map(|row| row.token_hash.try_into().ok()).collect())
    }

    /// Removes what nobody can use any more; returns how many.
    pub async fn delete_expired_sessions(&self, now: OffsetDateTime) -> Result<u64, Error> {
        self.remove(|delete: DeleteMany<session::Entity>| delete.filter(session::Column::ExpiresAt.lt(now))).await
    }
}

//! Sessions as they outlive a restart; the fast copy is the backends' matter.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{AccountId, CustomerId};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, DeleteMany, QueryOrder, Set};
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

fn row_of(row: session::Model) -> Result<SessionRow, Error> {
    let data = serde_json::from_str(&row.data).map_err(|error| Error::Broken(format!("session: {error}")))?;
    let token_hash =
        row.token_hash.try_into().map_err(|_| Error::Broken("a session's hash of odd length".to_owned()))?;
    Ok(SessionRow {
        token_hash,
        subject_kind: row.subject_kind,
        subject_id: row.subject_id,
        data,
        created_at: row.created_at,
        expires_at: row.expires_at,
    })
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
        row.map(row_of).transpose()
    }

    /// Those of a person that still hold, newest first.
    pub async fn sessions_of(&self, subject: Uuid, now: OffsetDateTime) -> Result<Vec<SessionRow>, Error> {
        let rows = self.find::<session::Entity>().with(|query| {
            query
                .filter(session::Column::SubjectId.eq(subject))
                .filter(session::Column::ExpiresAt.gt(now))
                .order_by_desc(session::Column::CreatedAt)
        });
        rows.all().await?.into_iter().map(row_of).collect()
    }

    /// False when it was ended before.
    pub async fn delete_session(&self, token_hash: &[u8; 32]) -> Result<bool, Error> {
        let key = token_hash.to_vec();
        let gone = self.remove(|delete: DeleteMany<session::Entity>| delete.filter(session::Column::TokenHash.eq(key)));
        Ok(gone.await? == 1)
    }

    /// Ends all sessions of a person; returns the hashes, so that the fast copies can be ended too.
    pub async fn delete_sessions_of(&self, subject: Uuid) -> Result<Vec<[u8; 32]>, Error> {
        self.delete_sessions_where(Condition::all().add(session::Column::SubjectId.eq(subject))).await
    }

    /// Those of an account in which it looks after that customer.
    pub async fn delete_sessions_at(
        &self,
        account: AccountId,
        customer: CustomerId,
        now: OffsetDateTime,
    ) -> Result<Vec<[u8; 32]>, Error> {
        let customer = customer.to_string();
        let mut ended = self.sessions_of(account.0, now).await?;
        ended.retain(|row| row.data["customer"].as_str() == Some(customer.as_str()));
        for row in &ended {
            self.delete_session(&row.token_hash).await?;
        }
        Ok(ended.into_iter().map(|row| row.token_hash).collect())
    }

    /// The same but for the one the person is in.
    pub async fn delete_other_sessions_of(&self, subject: Uuid, own: &[u8; 32]) -> Result<Vec<[u8; 32]>, Error> {
        let others = Condition::all()
            .add(session::Column::SubjectId.eq(subject))
            .add(session::Column::TokenHash.ne(own.to_vec()));
        self.delete_sessions_where(others).await
    }

    async fn delete_sessions_where(&self, which: Condition) -> Result<Vec<[u8; 32]>, Error> {
        let rows = self.find::<session::Entity>().with(|query| query.filter(which.clone())).all().await?;
        self.remove(|delete: DeleteMany<session::Entity>| delete.filter(which)).await?;
        Ok(rows.into_iter().filter_map(|row| row.token_hash.try_into().ok()).collect())
    }

    /// Removes what nobody can use any more; returns how many.
    pub async fn delete_expired_sessions(&self, now: OffsetDateTime) -> Result<u64, Error> {
        self.remove(|delete: DeleteMany<session::Entity>| delete.filter(session::Column::ExpiresAt.lt(now))).await
    }
}

//! Steps that the next page completes: the password was right and a code is asked for, a new address waits for its link. A token binds
//! the two, on whichever instance, for a while and once.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{AccountId, AccountStepId};
use sea_orm::entity::prelude::*;
use sea_orm::{DeleteMany, Set, UpdateMany};
use serde_json::Value as Json;
use time::OffsetDateTime;

mod step {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "account_steps")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub kind: String,
        pub data: String,
        pub token_hash: Vec<u8>,
        pub expires_at: TimeDateTimeWithTimeZone,
        pub used_at: Option<TimeDateTimeWithTimeZone>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for step::Entity {
    const TENANT: step::Column = step::Column::TenantId;
}

/// What the next page will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// Sign in with a one-time code.
    Code,
    /// Turn the second factor on.
    Factor,
    /// Confirm the account's own new address.
    Email,
}

impl StepKind {
    fn key(self) -> &'static str {
        match self {
            StepKind::Code => "code",
            StepKind::Factor => "factor",
            StepKind::Email => "email",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountStep {
    pub id: AccountStepId,
    pub account: AccountId,
    /// What the first page leaves to the second.
    pub data: Json,
}

fn step_of(row: step::Model) -> Result<AccountStep, Error> {
    let data = serde_json::from_str(&row.data).map_err(|error| Error::Broken(format!("a step: {error}")))?;
    Ok(AccountStep { id: AccountStepId(row.id), account: AccountId(row.account_id), data })
}

impl TenantTx {
    /// Of the token only its hash is kept. The account's steps that ran out are swept away.
    pub async fn add_account_step(
        &self,
        kind: StepKind,
        account: AccountId,
        data: Json,
        token_hash: &[u8; 32],
        now: OffsetDateTime,
        expires_at: OffsetDateTime,
    ) -> Result<AccountStepId, Error> {
        let old = |delete: DeleteMany<step::Entity>| {
            delete.filter(step::Column::AccountId.eq(account.0)).filter(step::Column::ExpiresAt.lt(now))
        };
        self.remove(old).await?;
        let id = AccountStepId::new();
        let row = step::ActiveModel {
            id: Set(id.0),
            account_id: Set(account.0),
            kind: Set(kind.key().to_owned()),
            data: Set(data.to_string()),
            token_hash: Set(token_hash.to_vec()),
            expires_at: Set(expires_at),
            used_at: Set(None),
            ..Default::default()
        };
        self.add(vec![row]).await?;
        Ok(id)
    }

    /// Whether the step can still be completed; looking uses nothing up.
    pub async fn account_step(
        &self,
        kind: StepKind,
        token_hash: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<Option<AccountStep>, Error> {
        let row = self.find::<step::Entity>().with(|query| {
            query
                .filter(step::Column::TokenHash.eq(token_hash.to_vec()))
                .filter(step::Column::Kind.eq(kind.key()))
                .filter(step::Column::UsedAt.is_null())
                .filter(step::Column::ExpiresAt.gt(now))
        });
        row.one().await?.map(step_of).transpose()
    }

    /// The step, to the first who completes it in time; none for anybody else.
    pub async fn use_account_step(
        &self,
        kind: StepKind,
        token_hash: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<Option<AccountStep>, Error> {
        let take = |update: UpdateMany<step::Entity>| {
            update
                .col_expr(step::Column::UsedAt, Expr::value(now))
                .filter(step::Column::TokenHash.eq(token_hash.to_vec()))
                .filter(step::Column::Kind.eq(kind.key()))
                .filter(step::Column::UsedAt.is_null())
                .filter(step::Column::ExpiresAt.gt(now))
        };
        self.changed(take).await?.pop().map(step_of).transpose()
    }

    /// The account's steps of the kind, or all of them, cannot be completed any more.
    pub async fn end_account_steps(&self, account: AccountId, kind: Option<StepKind>) -> Result<(), Error> {
        let end = |delete: DeleteMany<step::Entity>| {
            let own = delete.filter(step::Column::AccountId.eq(account.0));
            match kind {
                Some(kind) => own.filter(step::Column::Kind.eq(kind.key())),
                None => own,
            }
        };
        self.remove(end).await.map(|_| ())
    }
}

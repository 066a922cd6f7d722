//! Codes by text message and links by mail that prove who is signed in: a short life, few tries, once. Only their hashes are kept.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{AccountId, CustomerId, ProofCodeId};
use sea_orm::entity::prelude::*;
use sea_orm::{ExprTrait, Set, UpdateMany};
use time::OffsetDateTime;

mod proof_code {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "proof_codes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub customer_id: Uuid,
        pub kind: String,
        pub secret_hash: Vec<u8>,
        pub tries: i16,
        pub created_at: TimeDateTimeWithTimeZone,
        pub expires_at: TimeDateTimeWithTimeZone,
        pub used_at: Option<TimeDateTimeWithTimeZone>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for proof_code::Entity {
    const TENANT: proof_code::Column = proof_code::Column::TenantId;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    Email,
    Sms,
}

impl CodeKind {
    pub fn key(self) -> &'static str {
        match self {
            CodeKind::Email => "email",
            CodeKind::Sms => "sms",
        }
    }
}

/// What came of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    Right,
    /// So many tries are left.
    Wrong(i16),
    /// There is none that could be right: used, too old, tried too often, or never sent.
    Gone,
}

type Update = UpdateMany<proof_code::Entity>;

impl TenantTx {
    /// Codes of the kind before it end at `now`: the newest counts.
    pub async fn add_proof_code(
        &self,
        account: AccountId,
        customer: CustomerId,
        kind: CodeKind,
        secret_hash: &[u8; 32],
        now: OffsetDateTime,
        expires_at: OffsetDateTime,
    ) -> Result<ProofCodeId, Error> {
        let end = |update: Update| {
            update
                .col_expr(proof_code::Column::ExpiresAt, Expr::value(now))
                .filter(proof_code::Column::AccountId.eq(account.0))
                .filter(proof_code::Column::Kind.eq(kind.key()))
                .filter(proof_code::Column::UsedAt.is_null())
                .filter(proof_code::Column::ExpiresAt.gt(now))
        };
        self.change(end).await?;
        let id = ProofCodeId::new();
        let row = proof_code::ActiveModel {
            id: Set(id.0),
            account_id: Set(account.0),
            customer_id: Set(customer.0),
            kind: Set(kind.key().to_owned()),
            secret_hash: Set(secret_hash.to_vec()),
            tries: Set(0),
            created_at: Set(now),
            expires_at: Set(expires_at),
            used_at: Set(None),
            ..Default::default()
        };
        self.add(vec![row]).await?;
        Ok(id)
    }

    /// How many of the kind were sent to the account since then.
    pub async fn proof_codes_since(
        &self,
        account: AccountId,
        kind: CodeKind,
        since: OffsetDateTime,
    ) -> Result<u64, Error> {
        let sent = self.find::<proof_code::Entity>().with(|query| {
            query
                .filter(proof_code::Column::AccountId.eq(account.0))
                .filter(proof_code::Column::Kind.eq(kind.key()))
                .filter(proof_code::Column::CreatedAt.gt(since))
        });
        sent.count().await
    }

    /// Counts the try before it looks, so that many at once have no more tries than one after another.
    pub async fn try_proof_code(
        &self,
        account: AccountId,
        customer: CustomerId,
        kind: CodeKind,
        secret_hash: &[u8; 32],
        now: OffsetDateTime,
        most: i16,
    ) -> Result<Tried, Error> {
        let living = |update: Update| {
            update
                .filter(proof_code::Column::AccountId.eq(account.0))
                .filter(proof_code::Column::CustomerId.eq(customer.0))
                .filter(proof_code::Column::Kind.eq(kind.key()))
                .filter(proof_code::Column::UsedAt.is_null())
                .filter(proof_code::Column::ExpiresAt.gt(now))
        };
        let count = |update: Update| {
            living(update.col_expr(proof_code::Column::Tries, Expr::col(proof_code::Column::Tries).add(1)))
                .filter(proof_code::Column::Tries.lt(most))
        };
        let Some(row) = self.changed(count).await?.pop() else { return Ok(Tried::Gone) };
        let take = |update: Update| {
            living(update.col_expr(proof_code::Column::UsedAt, Expr::value(Some(now))))
                .filter(proof_code::Column::SecretHash.eq(secret_hash.to_vec()))
        };
        Ok(match self.change(take).await? {
            1 => Tried::Right,
            _ if row.tries >= most => Tried::Gone,
            _ => Tried::Wrong(most - row.tries),
        })
    }
}

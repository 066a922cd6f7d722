//! The second factor of an account: the secret of its one-time codes, and codes to come back with, each once.
use super::accounts::account;
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::AccountId;
use sea_orm::entity::prelude::*;
use sea_orm::{DeleteMany, Set, UpdateMany};
use time::OffsetDateTime;

mod recovery_code {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "recovery_codes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub code_hash: Vec<u8>,
        pub used_at: Option<TimeDateTimeWithTimeZone>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for recovery_code::Entity {
    const TENANT: recovery_code::Column = recovery_code::Column::TenantId;
}

impl TenantTx {
    /// The secret of the account's one-time codes, in base32; none where no second factor is on.
    pub async fn factor_of(&self, id: AccountId) -> Result<Option<String>, Error> {
        let own = self.find::<account::Entity>().with(|query| query.filter(account::Column::Id.eq(id.0)));
        Ok(own.one().await?.and_then(|row| row.totp_secret))
    }

    /// Turned on with the step of the code that proved it; false when one was on already. Two at once: one wins.
    pub async fn turn_on_factor(&self, id: AccountId, secret: &str, step: i64) -> Result<bool, Error> {
        let build = |update: UpdateMany<account::Entity>| {
            update
                .col_expr(account::Column::TotpSecret, Expr::value(secret))
                .col_expr(account::Column::LastTotpStep, Expr::value(step))
                .filter(account::Column::Id.eq(id.0))
                .filter(account::Column::TotpSecret.is_null())
        };
        Ok(self.change(build).await? == 1)
    }

    /// Its recovery codes go with it; false when none was on.
    pub async fn turn_off_factor(&self, id: AccountId) -> Result<bool, Error> {
        let build = |update: UpdateMany<account::Entity>| {
            update
                .col_expr(account::Column::TotpSecret, Expr::value(None::<String>))
                .filter(account::Column::Id.eq(id.0))
                .filter(account::Column::TotpSecret.is_not_null())
        };
        let is_off = self.change(build).await? == 1;
        self.replace_recovery_codes(id, &[]).await?;
        Ok(is_off)
    }

    /// Takes a one-time code's step for good; false when it, or a later one, was used before. Two at once: one wins.
    pub async fn use_code_step(&self, id: AccountId, step: i64) -> Result<bool, Error> {
        let build = |update: UpdateMany<account::Entity>| {
            update
                .col_expr(account::Column::LastTotpStep, Expr::value(step))
                .filter(account::Column::Id.eq(id.0))
                .filter(account::Column::LastTotpStep.lt(step))
        };
        Ok(self.change(build).await? == 1)
    }

    /// Those before them are void. Of a code only its hash is kept.
    pub async fn replace_recovery_codes(&self, id: AccountId, hashes: &[[u8; 32]]) -> Result<(), Error> {
        let old = |delete: DeleteMany<recovery_code::Entity>| delete.filter(recovery_code::Column::AccountId.eq(id.0));
        self.remove(old).await?;
        let row = |hash: &[u8; 32]| recovery_code::ActiveModel {
            account_id: Set(id.0),
            code_hash: Set(hash.to_vec()),
            used_at: Set(None),
            ..Default::default()
        };
        self.add(hashes.iter().map(row).collect()).await
    }

    /// True for the first who uses the code.
    pub async fn use_recovery_code(&self, id: AccountId, hash: &[u8; 32], now: OffsetDateTime) -> Result<bool, Error> {
        let take = |update: UpdateMany<recovery_code::Entity>| {
            update
                .col_expr(recovery_code::Column::UsedAt, Expr::value(now))
                .filter(recovery_code::Column::AccountId.eq(id.0))
                .filter(recovery_code::Column::CodeHash.eq(hash.to_vec()))
                .filter(recovery_code::Column::UsedAt.is_null())
        };
        Ok(self.change(take).await? == 1)
    }

    /// How many are left.
    pub async fn recovery_codes_left(&self, id: AccountId) -> Result<u64, Error> {
        let left = self.find::<recovery_code::Entity>().with(|query| {
            query.filter(recovery_code::Column::AccountId.eq(id.0)).filter(recovery_code::Column::UsedAt.is_null())
        });
        left.count().await
    }
}

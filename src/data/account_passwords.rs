//! Passwords of log-ins: chosen, issued, void. Only hashes are kept; what is issued opens nothing but the choice of one's own.
use super::accounts::{account, username_key};
use super::error::Error;
use super::scope::TenantTx;
use crate::domain::ids::AccountId;
use crate::domain::passwords::NO_PASSWORD;
use sea_orm::UpdateMany;
use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

impl TenantTx {
    /// The password hash behind a username; none when nobody who may sign in has it. As much work either way: the time it takes tells nothing.
    pub async fn password_hash_of(&self, username: &str) -> Result<Option<String>, Error> {
        let key = username_key(username);
        let row = self
            .find::<account::Entity>()
            .with(|query| query.filter(account::Column::UsernameKey.eq(key)))
            .one()
            .await?;
        Ok(row.filter(|row| !row.is_disabled).map(|row| row.password_hash))
    }

    /// Whoever was on the way in with the old one is not any more, nor does any link or change of address that was begun before go on.
    pub async fn change_password(&self, id: AccountId, hash: &str) -> Result<(), Error> {
        let now = OffsetDateTime::now_utc();
        self.end_account_steps(id, None).await?;
        self.end_account_links(id, now).await?;
        if let Some(customer) = self.home_of(id).await? {
            self.end_email_changes(customer, now).await?;
        }
        let build = |update: UpdateMany<account::Entity>| {
            update
                .col_expr(account::Column::PasswordHash, Expr::value(hash))
                .col_expr(account::Column::MustChange, Expr::value(false))
                .col_expr(account::Column::PasswordExpiresAt, Expr::value(None::<OffsetDateTime>))
                .filter(account::Column::Id.eq(id.0))
        };
        self.change_account(build).await
    }

    /// A password its owner did not choose: void after `expires_at`, and only for who has not chosen one yet; false for anybody else. Links
    /// that were sent before open nothing any more.
    pub async fn reissue_password(&self, id: AccountId, hash: &str, expires_at: OffsetDateTime) -> Result<bool, Error> {
        let build = |update: UpdateMany<account::Entity>| {
            update
                .col_expr(account::Column::PasswordHash, Expr::value(hash))
                .col_expr(account::Column::PasswordExpiresAt, Expr::value(Some(expires_at)))
                .filter(account::Column::Id.eq(id.0))
                .filter(account::Column::MustChange.eq(true))
                .filter(account::Column::IsDisabled.eq(false))
        };
        let is_done = self.change(build).await? == 1;
        if is_done {
            self.end_account_links(id, OffsetDateTime::now_utc()).await?;
        }
        Ok(is_done)
    }

    /// The letter is on its way: its time counts from there. Nothing where its owner has chosen a password meanwhile.
    pub async fn extend_issued_password(&self, id: AccountId, expires_at: OffsetDateTime) -> Result<(), Error> {
        let build = |update: UpdateMany<account::Entity>| {
            update
                .col_expr(account::Column::PasswordExpiresAt, Expr::value(Some(expires_at)))
                .filter(account::Column::Id.eq(id.0))
                .filter(account::Column::MustChange.eq(true))
        };
        self.change(build).await.map(|_| ())
    }

    /// What was issued opens nothing any more; a password that its owner chose stays.
    pub async fn void_issued_password(&self, id: AccountId) -> Result<(), Error> {
        let build = |update: UpdateMany<account::Entity>| {
            update
                .col_expr(account::Column::PasswordHash, Expr::value(NO_PASSWORD))
                .filter(account::Column::Id.eq(id.0))
                .filter(account::Column::MustChange.eq(true))
        };
        self.change(build).await.map(|_| ())
    }

    pub(super) async fn accounts_must_change(&self, id: AccountId) -> Result<bool, Error> {
        let own = self.find::<account::Entity>().with(|query| query.filter(account::Column::Id.eq(id.0)));
        Ok(own.one().await?.is_some_and(|row| row.must_change))
    }
}

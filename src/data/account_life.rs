//! How the owner of an account is reached, and the account's end.
use super::access_letters::LetterKind;
use super::accounts::account;
use super::error::Error;
use super::scope::TenantTx;
use crate::domain::ids::AccountId;
use sea_orm::UpdateMany;
use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

/// Where the owner of an account is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountReach {
    pub username: String,
    /// The account's own.
    pub email: Option<String>,
    pub phone: Option<String>,
    /// Its customer's, which counts where the account has none of its own.
    pub customers: Option<String>,
    pub customers_phone: Option<String>,
}

impl TenantTx {
    pub async fn reach_of(&self, id: AccountId) -> Result<AccountReach, Error> {
        let own = self.find::<account::Entity>().with(|query| query.filter(account::Column::Id.eq(id.0)));
        let row = own.one().await?.ok_or(Error::NotFound)?;
        let (customers, customers_phone) = match self.home_of(id).await? {
            Some(customer) => self.customer(customer).await.map(|one| (one.email, one.phone))?,
            None => (None, None),
        };
        Ok(AccountReach { username: row.username, email: row.email, phone: row.phone, customers, customers_phone })
    }

    /// Its own address and telephone, unless nobody signs in with it any more.
    pub(super) async fn open_reach(&self, id: AccountId) -> Result<Option<(Option<String>, Option<String>)>, Error> {
        let own = self.find::<account::Entity>().with(|query| query.filter(account::Column::Id.eq(id.0)));
        let row = own.one().await?.filter(|row| row.closed_at.is_none());
        Ok(row.map(|row| (row.email, row.phone)))
    }

    pub async fn change_account_email(&self, id: AccountId, email: Option<&str>) -> Result<(), Error> {
        let email = email.map(str::to_owned);
        self.change_account(|update| {
            update.col_expr(account::Column::Email, Expr::value(email)).filter(account::Column::Id.eq(id.0))
        })
        .await
    }

    pub async fn change_account_phone(&self, id: AccountId, phone: Option<&str>) -> Result<(), Error> {
        let phone = phone.map(str::to_owned);
        self.change_account(|update| {
            update.col_expr(account::Column::Phone, Expr::value(phone)).filter(account::Column::Id.eq(id.0))
        })
        .await
    }

    /// Nothing opens it any more, and no link or code leads back into it; false when it was closed before.
    pub async fn close_account(&self, id: AccountId, now: OffsetDateTime) -> Result<bool, Error> {
        let close = |update: UpdateMany<account::Entity>| {
            update
                .col_expr(account::Column::IsDisabled, Expr::value(true))
                .col_expr(account::Column::ClosedAt, Expr::value(now))
                .filter(account::Column::Id.eq(id.0))
                .filter(account::Column::IsDisabled.eq(false))
        };
        if self.change(close).await? == 0 {
            return Ok(false);
        }
        self.turn_off_factor(id).await?;
        self.end_account_steps(id, None).await?;
        self.end_account_links(id, now).await?;
        for kind in [LetterKind::Password, LetterKind::Code] {
            self.void_access_letters(id, kind).await?;
        }
        self.forget_devices(id).await?;
        self.forget_passkeys(id).await?;
        Ok(true)
    }

    /// Let in or not, as the desk says; false when it was so before.
    pub async fn disable_log_in(&self, id: AccountId, is_disabled: bool) -> Result<bool, Error> {
        let build = |update: UpdateMany<account::Entity>| {
            update
                .col_expr(account::Column::IsDisabled, Expr::value(is_disabled))
                .filter(account::Column::Id.eq(id.0))
                .filter(account::Column::IsDisabled.eq(!is_disabled))
        };
        Ok(self.change(build).await? == 1)
    }
}

//! Where log-ins are reached: an address of their own, or that of the customer they were made for.
use super::accounts::{account, membership};
use super::error::Error;
use super::scope::TenantTx;
use crate::domain::ids::{AccountId, CustomerId};
use sea_orm::QueryOrder;
use sea_orm::UpdateMany;
use sea_orm::entity::prelude::*;

impl TenantTx {
    /// Where the account is reached: its own address, else that of the customer it was made for. Never that of a customer it was let look
    /// after by somebody else: whoever invites somebody does not get their mail.
    pub async fn address_of(&self, id: AccountId) -> Result<Option<String>, Error> {
        let own = self.find::<account::Entity>().with(|query| query.filter(account::Column::Id.eq(id.0)));
        if let Some(email) = own.one().await?.and_then(|row| row.email) {
            return Ok(Some(email));
        }
        match self.home_of(id).await? {
            Some(customer) => Ok(self.customer(customer).await?.email),
            None => Ok(None),
        }
    }

    /// The customer the account was made for: owned without end and by nobody's invitation.
    pub(super) async fn home_of(&self, id: AccountId) -> Result<Option<CustomerId>, Error> {
        let own = self.find::<membership::Entity>().with(|query| {
            query
                .filter(membership::Column::AccountId.eq(id.0))
                .filter(membership::Column::Role.eq("owner"))
                .filter(membership::Column::Until.is_null())
                .filter(membership::Column::InvitedBy.is_null())
                .order_by_asc(membership::Column::CustomerId)
        });
        Ok(own.one().await?.map(|row| CustomerId(row.customer_id)))
    }

    /// The address it is reached at becomes its own.
    pub(super) async fn pin_own_address(&self, id: AccountId) -> Result<(), Error> {
        let Some(address) = self.address_of(id).await? else { return Ok(()) };
        let pin = |update: UpdateMany<account::Entity>| {
            update.col_expr(account::Column::Email, Expr::value(Some(address))).filter(account::Column::Id.eq(id.0))
        };
        self.change_account(pin).await
    }

    /// The customer's address moves: log-ins that relied on it keep the old one, but for that of the owner who moves it.
    pub async fn pin_addresses(
        &self,
        customer: CustomerId,
        old: Option<&str>,
        mover: Option<AccountId>,
    ) -> Result<(), Error> {
        for one in self.accounts_of(customer).await? {
            let moves_too = Some(one.id) == mover && one.role == "owner";
            if one.email.is_some() || moves_too || self.home_of(one.id).await? != Some(customer) {
                continue;
            }
            let old = old.map(str::to_owned);
            let pin = |update: UpdateMany<account::Entity>| {
                update.col_expr(account::Column::Email, Expr::value(old)).filter(account::Column::Id.eq(one.id.0))
            };
            self.change_account(pin).await?;
        }
        Ok(())
    }
}

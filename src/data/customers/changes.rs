//! Changes of a customer's own data. Each answers what was there before, so that the audit can tell from what to what.
use super::super::error::Error;
use super::super::scope::TenantTx;
use super::{customer, method};
use crate::domain::ids::CustomerId;
use crate::domain::payments::PaymentMethod;
use crate::domain::supply_points::Address;
use sea_orm::QuerySelect;
use sea_orm::UpdateMany;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::LockType;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub email: Option<String>,
    pub phone: Option<String>,
}

/// Who the customer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub name: String,
    /// IČO of a business; none for a household.
    pub company_id: Option<String>,
}

/// How the customer pays, with what that needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Billing {
    pub method: PaymentMethod,
    /// Czech account number `prefix-number/bank`.
    pub bank_account: Option<String>,
    /// Connecting number (*spojovací číslo*) of SIPO, ten digits.
    pub sipo_number: Option<String>,
}

type Update = UpdateMany<customer::Entity>;

fn billing(row: customer::Model) -> Result<Billing, Error> {
    Ok(Billing { method: method(&row.method)?, bank_account: row.bank_account, sipo_number: row.sipo_number })
}

impl TenantTx {
    pub async fn billing_of(&self, id: CustomerId) -> Result<Billing, Error> {
        let row = self.find::<customer::Entity>().with(|query| query.filter(customer::Column::Id.eq(id.0)));
        billing(row.one().await?.ok_or(Error::NotFound)?)
    }

    pub async fn change_contact(&self, id: CustomerId, to: &Contact) -> Result<Contact, Error> {
        let set = |update: Update| {
            update
                .col_expr(customer::Column::Email, Expr::value(to.email.clone()))
                .col_expr(customer::Column::Phone, Expr::value(to.phone.clone()))
        };
        let old = self.change_customer(id, set).await?;
        Ok(Contact { email: old.email, phone: old.phone })
    }

    /// Alone, for when its link was followed: the telephone may have changed meanwhile.
    pub async fn change_email(&self, id: CustomerId, to: Option<&str>) -> Result<Option<String>, Error> {
        let set = |update: Update| update.col_expr(customer::Column::Email, Expr::value(to.map(str::to_owned)));
        Ok(self.change_customer(id, set).await?.email)
    }

    pub async fn change_phone(&self, id: CustomerId, to: Option<&str>) -> Result<Option<String>, Error> {
        let set = |update: Update| update.col_expr(customer::Column::Phone, Expr::value(to.map(str::to_owned)));
        Ok(self.change_customer(id, set).await?.phone)
    }

    pub async fn change_mailing(&self, id: CustomerId, to: &Address) -> Result<Address, Error> {
        let set = |update: Update| {
            update
                .col_expr(customer::Column::Street, Expr::value(to.street.clone()))
                .col_expr(customer::Column::City, Expr::value(to.city.clone()))
                .col_expr(customer::Column::Postcode, Expr::value(to.postcode.clone()))
        };
        let old = self.change_customer(id, set).await?;
        Ok(Address { street: old.street, city: old.city, postcode: old.postcode })
    }

    pub async fn change_identity(&self, id: CustomerId, to: &Identity) -> Result<Identity, Error> {
        let set = |update: Update| {
            update
                .col_expr(customer::Column::Name, Expr::value(to.name.clone()))
                .col_expr(customer::Column::CompanyId, Expr::value(to.company_id.clone()))
        };
        let old = self.change_customer(id, set).await?;
        Ok(Identity { name: old.name, company_id: old.company_id })
    }

    pub async fn change_billing(&self, id: CustomerId, to: &Billing) -> Result<Billing, Error> {
        let set = |update: Update| {
            update
                .col_expr(customer::Column::Method, Expr::value(to.method.key()))
                .col_expr(customer::Column::BankAccount, Expr::value(to.bank_account.clone()))
                .col_expr(customer::Column::SipoNumber, Expr::value(to.sipo_number.clone()))
        };
        billing(self.change_customer(id, set).await?)
    }

    pub async fn change_bank_account(&self, id: CustomerId, to: Option<&str>) -> Result<Option<String>, Error> {
        let set = |update: Update| update.col_expr(customer::Column::BankAccount, Expr::value(to.map(str::to_owned)));
        Ok(self.change_customer(id, set).await?.bank_account)
    }

    /// The row as it was. It is held from before the change on, so what is answered is what was really replaced.
    async fn change_customer(
        &self,
        id: CustomerId,
        set: impl FnOnce(Update) -> Update,
    ) -> Result<customer::Model, Error> {
        let own = self
            .find::<customer::Entity>()
            .with(|query| query.filter(customer::Column::Id.eq(id.0)).lock(LockType::NoKeyUpdate));
        let old = own.one().await?.ok_or(Error::NotFound)?;
        self.change(|update: Update| set(update).filter(customer::Column::Id.eq(id.0))).await?;
        Ok(old)
    }
}

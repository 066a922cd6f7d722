//! Customers.
mod changes;
mod search;

pub use changes::{Billing, Contact, Identity};

use super::error::{Error, odd};
use super::scope::{TenantEntity, TenantTx};
use crate::domain::customers::Customer;
use crate::domain::ids::CustomerId;
use crate::domain::money::Money;
use crate::domain::payments::PaymentMethod;
use crate::domain::supply_points::Address;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set};
use std::collections::{BTreeMap, BTreeSet};

mod customer {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "customers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub number: String,
        pub name: String,
        pub company_id: Option<String>,
        pub email: Option<String>,
        pub phone: Option<String>,
        pub street: String,
        pub city: String,
        pub postcode: String,
        pub method: String,
        pub bank_account: Option<String>,
        pub balance: i64,
        pub balance_as_of: TimeDate,
        pub sipo_number: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for customer::Entity {
    const TENANT: customer::Column = customer::Column::TenantId;
}

pub(super) fn method(text: &str) -> Result<PaymentMethod, Error> {
    PaymentMethod::parse(text).ok_or_else(|| odd("method", text))
}

fn to_domain(row: customer::Model) -> Result<Customer, Error> {
    Ok(Customer {
        id: CustomerId(row.id),
        number: row.number,
        name: row.name,
        company_id: row.company_id,
        email: row.email,
        phone: row.phone,
        mailing: Address { street: row.street, city: row.city, postcode: row.postcode },
        method: method(&row.method)?,
        bank_account: row.bank_account,
        balance: Money(row.balance),
        balance_as_of: row.balance_as_of,
    })
}

impl TenantTx {
    pub async fn customer(&self, id: CustomerId) -> Result<Customer, Error> {
        let row =
            self.find::<customer::Entity>().with(|query| query.filter(customer::Column::Id.eq(id.0))).one().await?;
        to_domain(row.ok_or(Error::NotFound)?)
    }

    /// Whose number it is, however it was written: any of these.
    pub async fn customer_of_number(&self, written: &[String]) -> Result<Option<Customer>, Error> {
        let rows = self.find::<customer::Entity>().with(|query| query.filter(customer::Column::Number.is_in(written)));
        rows.one().await?.map(to_domain).transpose()
    }

    /// By number or a part of the name; wildcards in `text` mean themselves.
    pub async fn find_customers(&self, text: &str, limit: u64) -> Result<Vec<Customer>, Error> {
        let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let like = sea_orm::sea_query::LikeExpr::new(format!("%{escaped}%")).escape('\\');
        let rows = self.find::<customer::Entity>().with(|query| {
            let either =
                sea_orm::Condition::any().add(customer::Column::Number.eq(text)).add(customer::Column::Name.like(like));
            query.filter(either).order_by_asc(customer::Column::Number).limit(limit)
        });
        rows.all().await?.into_iter().map(to_domain).collect()
    }

    /// Numbers and names, to be shown beside what is theirs.
    pub(super) async fn customer_names(
        &self,
        ids: impl IntoIterator<Item = CustomerId>,
    ) -> Result<BTreeMap<CustomerId, (String, String)>, Error> {
        let ids: BTreeSet<Uuid> = ids.into_iter().map(|id| id.0).collect();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows = self.find::<customer::Entity>().with(|query| query.filter(customer::Column::Id.is_in(ids)));
        Ok(rows.all().await?.into_iter().map(|row| (CustomerId(row.id), (row.number, row.name))).collect())
    }

    pub async fn count_customers(&self) -> Result<i64, Error> {
        Ok(self.find::<customer::Entity>().count().await? as i64)
    }

    pub async fn insert_customers(&self, customers: &[Customer]) -> Result<(), Error> {
        let rows = customers.iter().map(|one| customer::ActiveModel {
            id: Set(one.id.0),
            number: Set(one.number.clone()),
            name: Set(one.name.clone()),
            company_id: Set(one.company_id.clone()),
            email: Set(one.email.clone()),
            phone: Set(one.phone.clone()),
            street: Set(one.mailing.street.clone()),
            city: Set(one.mailing.city.clone()),
            postcode: Set(one.mailing.postcode.clone()),
            method: Set(one.method.key().to_owned()),
            bank_account: Set(one.bank_account.clone()),
            balance: Set(one.balance.0),
            balance_as_of: Set(one.balance_as_of),
            ..Default::default()
        });
        self.add(rows.collect()).await
    }
}

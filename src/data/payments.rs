//! Payments received and returned.
use super::customers::method;
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{CustomerId, PaymentId};
use crate::domain::money::Money;
use crate::domain::payments::{MatchedTo, Payment};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set};

mod payment {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "payments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub customer_id: Uuid,
        pub received_on: TimeDate,
        pub amount: i64,
        pub variable_symbol: String,
        pub method: String,
        pub invoice_number: Option<String>,
        pub instalment_due_on: Option<TimeDate>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for payment::Entity {
    const TENANT: payment::Column = payment::Column::TenantId;
}
impl TenantTx {
    /// Newest first.
    pub async fn payments_of(&self, customer: CustomerId, limit: u64) -> Result<Vec<Payment>, Error> {
        let rows = self.find::<payment::Entity>().with(|query| {
            query
                .filter(payment::Column::CustomerId.eq(customer.0))
                .order_by_desc(payment::Column::ReceivedOn)
                .order_by_desc(payment::Column::Id)
                .limit(limit)
        });
        let rows = rows.all().await?.into_iter().map(|row| {
            let matched = match (row.invoice_number, row.instalment_due_on) {
                (Some(number), _) => MatchedTo::Invoice { number },
                (None, Some(due_on)) => MatchedTo::Advance { due_on },
                (None, None) => MatchedTo::Nothing,
            };
            Ok(Payment {
                id: PaymentId(row.id),
                customer,
                received_on: row.received_on,
                amount: Money(row.amount),
                variable_symbol: row.variable_symbol,
                method: method(&row.method)?,
                matched,
            })
        });
        rows.collect()
    }

    pub async fn insert_payments(&self, payments: &[Payment]) -> Result<(), Error> {
        let rows = payments.iter().map(|one| {
            let (invoice_number, instalment_due_on) = match &one.matched {
                MatchedTo::Invoice { number } => (Some(number.clone()), None),
                MatchedTo::Advance { due_on } => (None, Some(*due_on)),
                MatchedTo::Nothing => (None, None),
            };
            payment::ActiveModel {
                id: Set(one.id.0),
                customer_id: Set(one.customer.0),
                received_on: Set(one.received_on),
                amount: Set(one.amount.0),
                variable_symbol: Set(one.variable_symbol.clone()),
                method: Set(one.method.key().to_owned()),
                invoice_number: Set(invoice_number),
                instalment_due_on: Set(instalment_due_on),
                ..Default::default()
            }
        });
        self.add(rows.collect()).await
    }
}

//! What the law keeps longer than its owner wished, and until when. An invoice that is kept so cannot be removed.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{CustomerId, InvoiceId, RequestId};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set};
use time::{Date, OffsetDateTime};

mod retention {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "retentions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub invoice_id: Uuid,
        pub customer_id: Uuid,
        pub request_id: Uuid,
        pub until: TimeDate,
        pub law: String,
        pub at: TimeDateTimeWithTimeZone,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for retention::Entity {
    const TENANT: retention::Column = retention::Column::TenantId;
}

/// Act 235/2004 Coll., § 35.
pub const VAT_ACT: &str = "vat_act_35";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    pub invoice: InvoiceId,
    pub customer: CustomerId,
    /// The wish it stood against.
    pub request: RequestId,
    pub until: Date,
    pub at: OffsetDateTime,
}

impl TenantTx {
    /// Those that are there already stay as they are.
    pub async fn add_retentions(&self, all: &[Retention]) -> Result<(), Error> {
        for one in all {
            let row = retention::ActiveModel {
                invoice_id: Set(one.invoice.0),
                customer_id: Set(one.customer.0),
                request_id: Set(one.request.0),
                until: Set(one.until),
                law: Set(VAT_ACT.to_owned()),
                at: Set(one.at),
                ..Default::default()
            };
            self.add_if_missing(row).await?;
        }
        Ok(())
    }

    /// Longest kept first.
    pub async fn retentions_of(&self, customer: CustomerId) -> Result<Vec<Retention>, Error> {
        let rows = self.find::<retention::Entity>().with(|query| {
            query
                .filter(retention::Column::CustomerId.eq(customer.0))
                .order_by_desc(retention::Column::Until)
                .order_by_asc(retention::Column::InvoiceId)
        });
        let of = |row: retention::Model| Retention {
            invoice: InvoiceId(row.invoice_id),
            customer: CustomerId(row.customer_id),
            request: RequestId(row.request_id),
            until: row.until,
            at: row.at,
        };
        Ok(rows.all().await?.into_iter().map(of).collect())
    }
}

//! Who of the staff looked at a customer's card, and when: the access log that the customer may see. Append-only; somebody who looks again
//! within an hour has looked once.
use super::error::{Error, odd};
use super::scope::{TenantEntity, TenantTx};
use crate::domain::features::Role;
use crate::domain::ids::{CustomerId, StaffId};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set};
use time::{Duration, OffsetDateTime};

mod look {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "looks")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub customer_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub staff_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub hour: i64,
        pub role: String,
        pub at: TimeDateTimeWithTimeZone,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for look::Entity {
    const TENANT: look::Column = look::Column::TenantId;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    pub staff: StaffId,
    pub role: Role,
    pub at: OffsetDateTime,
}

impl TenantTx {
    /// Two at once: the key of the hour lets one of them in.
    pub async fn add_look(&self, customer: CustomerId, look: &Look) -> Result<(), Error> {
        if self.has_looked(customer, look).await? {
            return Ok(());
        }
        let row = look::ActiveModel {
            customer_id: Set(customer.0),
            staff_id: Set(look.staff.0),
            hour: Set(look.at.unix_timestamp().div_euclid(3_600)),
            role: Set(look.role.key().to_owned()),
            at: Set(look.at),
            ..Default::default()
        };
        self.add_if_missing(row).await
    }

    /// Within the hour before.
    pub async fn has_looked(&self, customer: CustomerId, look: &Look) -> Result<bool, Error> {
        let rows = self.find::<look::Entity>().with(|query| {
            query
                .filter(look::Column::CustomerId.eq(customer.0))
                .filter(look::Column::StaffId.eq(look.staff.0))
                .filter(look::Column::At.gt(look.at - Duration::hours(1)))
        });
        Ok(rows.count().await? > 0)
    }

    /// Since that instant, newest first.
    pub async fn looks_at(&self, customer: CustomerId, since: OffsetDateTime, limit: u64) -> Result<Vec<Look>, Error> {
        let rows = self.find::<look::Entity>().with(|query| {
            query
                .filter(look::Column::CustomerId.eq(customer.0))
                .filter(look::Column::At.gte(since))
                .order_by_desc(look::Column::At)
                .limit(limit)
        });
        let of = |row: look::Model| {
            let role = Role::parse(&row.role).ok_or_else(|| odd("role", &row.role))?;
            Ok(Look { staff: StaffId(row.staff_id), role, at: row.at })
        };
        rows.all().await?.into_iter().map(of).collect()
    }
}

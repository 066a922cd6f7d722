//! Consumption by month.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use super::supply_points::register_of;
use crate::domain::consumption::MonthlyConsumption;
use crate::domain::ids::{CustomerId, SupplyPointId};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set};
use time::Date;

mod month {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "monthly_consumption")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub customer_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub month: TimeDate,
        #[sea_orm(primary_key, auto_increment = false)]
        pub supply_point_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub register: String,
        pub energy_wh: i64,
        pub volume_ml: Option<i64>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for month::Entity {
    const TENANT: month::Column = month::Column::TenantId;
}
impl TenantTx {
    /// From the given month on, oldest first.
    pub async fn monthly_consumption(
        &self,
        customer: CustomerId,
        from: Date,
    ) -> Result<Vec<MonthlyConsumption>, Error> {
        let rows = self.find::<month::Entity>().with(|query| {
            query
                .filter(month::Column::CustomerId.eq(customer.0))
                .filter(month::Column::Month.gte(from))
                .order_by_asc(month::Column::Month)
        });
        let rows = rows.all().await?.into_iter().map(|row| {
            Ok(MonthlyConsumption {
                customer,
                supply_point: SupplyPointId(row.supply_point_id),
                register: register_of(&row.register)?,
                month: row.month,
                energy_wh: row.energy_wh,
                volume_ml: row.volume_ml,
            })
        });
        rows.collect()
    }

    pub async fn insert_consumption(&self, months: &[MonthlyConsumption]) -> Result<(), Error> {
        let rows = months.iter().map(|one| month::ActiveModel {
            customer_id: Set(one.customer.0),
            month: Set(one.month),
            supply_point_id: Set(one.supply_point.0),
            register: Set(one.register.key().to_owned()),
            energy_wh: Set(one.energy_wh),
            volume_ml: Set(one.volume_ml),
            ..Default::default()
        });
        self.add(rows.collect()).await
    }
}

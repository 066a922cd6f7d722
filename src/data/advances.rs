//! Schedules of advances and their instalments.
use super::customers::method;
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::advances::{Instalment, Schedule};
use crate::domain::ids::{CustomerId, ScheduleId, SupplyPointId};
use crate::domain::money::Money;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::LockType;
use sea_orm::{DeleteMany, QueryOrder, QuerySelect, Set, UpdateMany};
use time::Date;

mod schedule {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "advance_schedules")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub customer_id: Uuid,
        pub supply_point_id: Uuid,
        pub valid_from: TimeDate,
        pub amount: i64,
        pub interval_months: i16,
        pub method: String,
        pub variable_symbol: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for schedule::Entity {
    const TENANT: schedule::Column = schedule::Column::TenantId;
}
mod instalment {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "instalments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub customer_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub due_on: TimeDate,
        #[sea_orm(primary_key, auto_increment = false)]
        pub schedule_id: Uuid,
        pub supply_point_id: Uuid,
        pub amount: i64,
        pub method: String,
        pub variable_symbol: String,
        pub paid: i64,
        pub paid_on: Option<TimeDate>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for instalment::Entity {
    const TENANT: instalment::Column = instalment::Column::TenantId;
}
impl TenantTx {
    /// Newest first.
    pub async fn schedules_of(&self, customer: CustomerId) -> Result<Vec<Schedule>, Error> {
        let rows = self.find::<schedule::Entity>().with(|query| {
            query.filter(schedule::Column::CustomerId.eq(customer.0)).order_by_desc(schedule::Column::ValidFrom)
        });
        let rows = rows.all().await?.into_iter().map(|row| {
            Ok(Schedule {
                id: ScheduleId(row.id),
                customer,
                supply_point: SupplyPointId(row.supply_point_id),
                valid_from: row.valid_from,
                amount: Money(row.amount),
                interval_months: row.interval_months as u8,
                method: method(&row.method)?,
                variable_symbol: row.variable_symbol,
            })
        });
        rows.collect()
    }

    /// Due on or after `from`, in the order due.
    pub async fn instalments_of(&self, customer: CustomerId, from: Date) -> Result<Vec<Instalment>, Error> {
        let rows = self.find::<instalment::Entity>().with(|query| {
            query
                .filter(instalment::Column::CustomerId.eq(customer.0))
                .filter(instalment::Column::DueOn.gte(from))
                .order_by_asc(instalment::Column::DueOn)
                .order_by_asc(instalment::Column::ScheduleId)
        });
        let rows = rows.all().await?.into_iter().map(|row| {
            Ok(Instalment {
                schedule: ScheduleId(row.schedule_id),
                customer,
                supply_point: SupplyPointId(row.supply_point_id),
                due_on: row.due_on,
                amount: Money(row.amount),
                method: method(&row.method)?,
                variable_symbol: row.variable_symbol,
                paid: Money(row.paid),
                paid_on: row.paid_on,
            })
        });
        rows.collect()
    }

    pub async fn insert_schedules(&self, schedules: &[Schedule]) -> Result<(), Error> {
        let rows = schedules.iter().map(|one| schedule::ActiveModel {
            id: Set(one.id.0),
            customer_id: Set(one.customer.0),
            supply_point_id: Set(one.supply_point.0),
            valid_from: Set(one.valid_from),
            amount: Set(one.amount.0),
            interval_months: Set(one.interval_months.into()),
            method: Set(one.method.key().to_owned()),
            variable_symbol: Set(one.variable_symbol.clone()),
            ..Default::default()
        });
        self.add(rows.collect()).await
    }

    pub async fn insert_instalments(&self, instalments: &[Instalment]) -> Result<(), Error> {
        let rows = instalments.iter().map(|one| instalment::ActiveModel {
            schedule_id: Set(one.schedule.0),
            due_on: Set(one.due_on),
            customer_id: Set(one.customer.0),
            supply_point_id: Set(one.supply_point.0),
            amount: Set(one.amount.0),
            method: Set(one.method.key().to_owned()),
            variable_symbol: Set(one.variable_symbol.clone()),
            paid: Set(one.paid.0),
            paid_on: Set(one.paid_on),
            ..Default::default()
        });
        self.add(rows.collect()).await
    }

    /// From the new schedule's first day on its instalments take the place of the old one's, all at once; what was paid, even in part,
    /// stays. `Conflict` when they are not what was seen: changed by another tab, or paid meanwhile. A change from the same day as the old
    /// schedule's keeps that one's id: a point has one schedule a day. Answers the id.
    pub async fn replace_schedule(
        &self,
        old: ScheduleId,
        new: &Schedule,
        instalments: &[Instalment],
    ) -> Result<ScheduleId, Error> {
        let renewed = instalments.iter().filter(|one| one.schedule == new.id);
        let (old, kept) = (self.held_schedule(new, old).await?, renewed.clone().count() as u64);
        let unpaid = |delete: DeleteMany<instalment::Entity>| {
            delete
                .filter(instalment::Column::CustomerId.eq(new.customer.0))
                .filter(instalment::Column::ScheduleId.eq(old.id))
                .filter(instalment::Column::DueOn.gte(new.valid_from))
                .filter(instalment::Column::Paid.eq(0))
        };
        if kept == 0 || self.remove(unpaid).await? != kept {
            return Err(Error::Conflict("instalments".to_owned()));
        }
        let id = if old.valid_from == new.valid_from { ScheduleId(old.id) } else { new.id };
        match id == new.id {
            true => self.insert_schedules(std::slice::from_ref(new)).await?,
            false => self.rewrite_schedule(id, new).await?,
        }
        let renewed: Vec<Instalment> = renewed.map(|one| Instalment { schedule: id, ..one.clone() }).collect();
        self.insert_instalments(&renewed).await?;
        Ok(id)
    }

    /// Another amount for one instalment as it was seen; `Conflict` when it was changed or paid meanwhile.
    pub async fn change_instalment(&self, seen: &Instalment, amount: Money) -> Result<(), Error> {
        let build = |update: UpdateMany<instalment::Entity>| {
            update
                .col_expr(instalment::Column::Amount, Expr::value(amount.0))
                .filter(instalment::Column::CustomerId.eq(seen.customer.0))
                .filter(instalment::Column::ScheduleId.eq(seen.schedule.0))
                .filter(instalment::Column::DueOn.eq(seen.due_on))
                .filter(instalment::Column::Amount.eq(seen.amount.0))
                .filter(instalment::Column::Paid.eq(seen.paid.0))
        };
        match self.change(build).await? {
            1 => Ok(()),
            _ => Err(Error::Conflict("instalments".to_owned())),
        }
    }

    async fn held_schedule(&self, new: &Schedule, old: ScheduleId) -> Result<schedule::Model, Error> {
        let row = self.find::<schedule::Entity>().with(|query| {
            query
                .filter(schedule::Column::Id.eq(old.0))
                .filter(schedule::Column::CustomerId.eq(new.customer.0))
                .filter(schedule::Column::SupplyPointId.eq(new.supply_point.0))
                .lock(LockType::NoKeyUpdate)
        });
        row.one().await?.ok_or(Error::NotFound)
    }

    async fn rewrite_schedule(&self, id: ScheduleId, new: &Schedule) -> Result<(), Error> {
        let build = |update: UpdateMany<schedule::Entity>| {
            update
                .col_expr(schedule::Column::Amount, Expr::value(new.amount.0))
                .col_expr(schedule::Column::IntervalMonths, Expr::value(i16::from(new.interval_months)))
                .col_expr(schedule::Column::Method, Expr::value(new.method.key()))
                .col_expr(schedule::Column::VariableSymbol, Expr::value(new.variable_symbol.clone()))
                .filter(schedule::Column::Id.eq(id.0))
        };
        self.change(build).await.map(|_| ())
    }
}

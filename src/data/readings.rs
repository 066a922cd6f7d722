//! Meter readings.
use super::error::{Error, odd};
use super::scope::{TenantEntity, TenantTx};
use super::supply_points::register_of;
use crate::domain::ids::{CustomerId, MeterId, ReadingId, SupplyPointId};
use crate::domain::readings::{Reading, ReadingKind};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{Condition, DeleteMany, QueryOrder, QuerySelect, Select, Set, UpdateMany};

mod reading {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "readings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub customer_id: Uuid,
        pub supply_point_id: Uuid,
        pub meter_id: Uuid,
        pub meter_serial: String,
        pub register: String,
        pub read_on: TimeDate,
        pub state: i64,
        pub kind: String,
        pub consumption: Option<i64>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for reading::Entity {
    const TENANT: reading::Column = reading::Column::TenantId;
}
fn to_domain(row: reading::Model) -> Result<Reading, Error> {
    Ok(Reading {
        id: ReadingId(row.id),
        customer: CustomerId(row.customer_id),
        supply_point: SupplyPointId(row.supply_point_id),
        meter: MeterId(row.meter_id),
        meter_serial: row.meter_serial,
        register: register_of(&row.register)?,
        read_on: row.read_on,
        state: row.state,
        kind: ReadingKind::parse(&row.kind).ok_or_else(|| odd("kind", &row.kind))?,
        consumption: row.consumption,
    })
}

fn newest_first(query: Select<reading::Entity>) -> Select<reading::Entity> {
    query.order_by_desc(reading::Column::ReadOn).order_by_desc(reading::Column::Id)
}

impl TenantTx {
    /// Newest first.
    pub async fn readings_of(&self, customer: CustomerId, limit: u64) -> Result<Vec<Reading>, Error> {
        let rows = self
            .find::<reading::Entity>()
            .with(|query| newest_first(query.filter(reading::Column::CustomerId.eq(customer.0))).limit(limit));
        rows.all().await?.into_iter().map(to_domain).collect()
    }

    pub async fn readings_of_point(&self, customer: CustomerId, point: SupplyPointId) -> Result<Vec<Reading>, Error> {
        let rows = self.find::<reading::Entity>().with(|query| {
            let own = query.filter(reading::Column::CustomerId.eq(customer.0));
            newest_first(own.filter(reading::Column::SupplyPointId.eq(point.0)))
        });
        rows.all().await?.into_iter().map(to_domain).collect()
    }

    pub async fn insert_readings(&self, readings: &[Reading]) -> Result<(), Error> {
        self.add(readings.iter().map(reading_row).collect()).await
    }

    /// A customer's own reading; a second of the same register and day takes the place of the first and answers it. Of any other kind a
    /// second is a `Conflict`.
    pub async fn add_reading(&self, one: &Reading) -> Result<Option<Reading>, Error> {
        let key = [
            reading::Column::TenantId,
            reading::Column::MeterId,
            reading::Column::Register,
            reading::Column::ReadOn,
            reading::Column::Kind,
        ];
        if self.put(reading_row(one), OnConflict::columns(key).do_nothing().to_owned()).await?.is_some() {
            return Ok(None);
        }
        let same = Condition::all()
            .add(reading::Column::MeterId.eq(one.meter.0))
            .add(reading::Column::Register.eq(one.register.key()))
            .add(reading::Column::ReadOn.eq(one.read_on))
            .add(reading::Column::Kind.eq(ReadingKind::Customer.key()))
            .add(reading::Column::CustomerId.eq(one.customer.0));
        let there = self
            .find::<reading::Entity>()
            .with(|query| query.filter(same.clone()).lock(LockType::Update))
            .one()
            .await?;
        let earlier = match there {
            Some(row) if one.kind == ReadingKind::Customer => to_domain(row)?,
            _ => return Err(Error::Conflict("readings".to_owned())),
        };
        let replace = |update: UpdateMany<reading::Entity>| {
            update
                .col_expr(reading::Column::Id, Expr::value(one.id.0))
                .col_expr(reading::Column::State, Expr::value(one.state))
                .col_expr(reading::Column::Consumption, Expr::value(one.consumption))
                .filter(same)
        };
        self.change(replace).await?;
        Ok(Some(earlier))
    }

    /// Takes a customer's own reading back; what others read stays.
    pub async fn remove_reading(&self, customer: CustomerId, id: ReadingId) -> Result<(), Error> {
        let own = |delete: DeleteMany<reading::Entity>| {
            delete
                .filter(reading::Column::Id.eq(id.0))
                .filter(reading::Column::CustomerId.eq(customer.0))
                .filter(reading::Column::Kind.eq(ReadingKind::Customer.key()))
        };
        match self.remove(own).await? {
            0 => Err(Error::NotFound),
            _ => Ok(()),
        }
    }
}

fn reading_row(one: &Reading) -> reading::ActiveModel {
    reading::ActiveModel {
        id: Set(one.id.0),
        customer_id: Set(one.customer.0),
        supply_point_id: Set(one.supply_point.0),
        meter_id: Set(one.meter.0),
        meter_serial: Set(one.meter_serial.clone()),
        register: Set(one.register.key().to_owned()),
        read_on: Set(one.read_on),
        state: Set(one.state),
        kind: Set(one.kind.key().to_owned()),
        consumption: Set(one.consumption),
        ..Default::default()
    }
}

//! Supply points, their dated terms and their meters.
use super::error::{Error, odd};
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{CustomerId, MeterId, SupplyPointId};
use crate::domain::outages::{street_key, town_key};
use crate::domain::supply_points::{Address, Breaker, Commodity, Meter, Register, SupplyPoint, Terms};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{Condition, QueryOrder, QuerySelect, Set, UpdateMany};
use std::collections::HashMap;

mod point {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "supply_points")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub customer_id: Uuid,
        pub commodity: String,
        pub code: String,
        pub street: String,
        pub city: String,
        pub postcode: String,
        pub distributor: String,
        pub contract_number: String,
        pub contract_since: TimeDate,
        pub contract_until: Option<TimeDate>,
        pub town_key: Option<String>,
        pub street_key: Option<String>,
        pub cadastral_code: Option<String>,
        pub plot: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for point::Entity {
    const TENANT: point::Column = point::Column::TenantId;
}
mod terms {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "supply_point_terms")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub supply_point_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub valid_from: TimeDate,
        pub product: String,
        pub tariff_rate: Option<String>,
        pub breaker_phases: Option<i16>,
        pub breaker_amps: Option<i16>,
        pub expected_kwh: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for terms::Entity {
    const TENANT: terms::Column = terms::Column::TenantId;
}
mod meter {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "meters")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub supply_point_id: Uuid,
        pub serial: String,
        pub digits: i16,
        pub multiplier: i16,
        pub installed_on: TimeDate,
        pub removed_on: Option<TimeDate>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for meter::Entity {
    const TENANT: meter::Column = meter::Column::TenantId;
}
mod register {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "registers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub meter_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub register: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for register::Entity {
    const TENANT: register::Column = register::Column::TenantId;
}
pub(super) fn commodity_of(text: &str) -> Result<Commodity, Error> {
    Commodity::parse(text).ok_or_else(|| odd("commodity", text))
}

pub(super) fn register_of(text: &str) -> Result<Register, Error> {
    Register::parse(text).ok_or_else(|| odd("register", text))
}

fn point_of(row: point::Model) -> Result<SupplyPoint, Error> {
    Ok(SupplyPoint {
        id: SupplyPointId(row.id),
        customer: CustomerId(row.customer_id),
        commodity: commodity_of(&row.commodity)?,
        code: row.code,
        address: Address { street: row.street, city: row.city, postcode: row.postcode },
        distributor: row.distributor,
        contract_number: row.contract_number,
        contract_since: row.contract_since,
        contract_until: row.contract_until,
    })
}

fn terms_of(row: terms::Model) -> Terms {
    let breaker = row.breaker_phases.zip(row.breaker_amps);
    Terms {
        supply_point: SupplyPointId(row.supply_point_id),
        valid_from: row.valid_from,
        product: row.product,
        tariff_rate: row.tariff_rate,
        breaker: breaker.map(|(phases, amps)| Breaker { phases: phases as u8, amps: amps as u16 }),
        expected_kwh: row.expected_kwh,
    }
}

impl TenantTx {
    pub async fn supply_points_of(&self, customer: CustomerId) -> Result<Vec<SupplyPoint>, Error> {
        let rows = self.find::<point::Entity>().with(|query| {
            query
                .filter(point::Column::CustomerId.eq(customer.0))
                .order_by_asc(point::Column::Commodity)
                .order_by_asc(point::Column::Code)
        });
        rows.all().await?.into_iter().map(point_of).collect()
    }

    /// Whose point it is, by EAN or EIC.
    pub async fn customer_of_point(&self, written: &[String]) -> Result<Option<CustomerId>, Error> {
        let rows = self.find::<point::Entity>().with(|query| query.filter(point::Column::Code.is_in(written)));
        Ok(rows.one().await?.map(|row| CustomerId(row.customer_id)))
    }

    pub async fn supply_point(&self, customer: CustomerId, id: SupplyPointId) -> Result<SupplyPoint, Error> {
        let row = self
            .find::<point::Entity>()
            .with(|query| query.filter(point::Column::Id.eq(id.0)).filter(point::Column::CustomerId.eq(customer.0)));
        point_of(row.one().await?.ok_or(Error::NotFound)?)
    }

    /// Whose point has the code (EAN or EIC).
    pub(super) async fn owner_of_point(&self, code: &str) -> Result<Option<CustomerId>, Error> {
        let row = self.find::<point::Entity>().with(|query| query.filter(point::Column::Code.eq(code)));
        Ok(row.one().await?.map(|row| CustomerId(row.customer_id)))
    }

    /// Newest first. The point must be the customer's.
    pub async fn terms_of(&self, customer: CustomerId, id: SupplyPointId) -> Result<Vec<Terms>, Error> {
        self.supply_point(customer, id).await?;
        let rows = self
            .find::<terms::Entity>()
            .with(|query| query.filter(terms::Column::SupplyPointId.eq(id.0)).order_by_desc(terms::Column::ValidFrom));
        Ok(rows.all().await?.into_iter().map(terms_of).collect())
    }

    /// Newest first, with their registers. The point must be the customer's.
    pub async fn meters_of(&self, customer: CustomerId, id: SupplyPointId) -> Result<Vec<Meter>, Error> {
        self.supply_point(customer, id).await?;
        self.meters_of_points(&[id]).await
    }

    /// The same of points that are known to be the customer's.
    pub async fn meters_of_points(&self, ids: &[SupplyPointId]) -> Result<Vec<Meter>, Error> {
        let points = ids.iter().map(|id| id.0);
        let rows = self.find::<meter::Entity>().with(|query| {
            query.filter(meter::Column::SupplyPointId.is_in(points)).order_by_desc(meter::Column::InstalledOn)
        });
        let rows = rows.all().await?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let found = self.find::<register::Entity>().with(|query| query.filter(register::Column::MeterId.is_in(ids)));
        let mut registers: HashMap<Uuid, Vec<Register>> = HashMap::new();
        for one in found.all().await? {
            registers.entry(one.meter_id).or_default().push(register_of(&one.register)?);
        }
        let meter = |row: meter::Model| {
            let mut own = registers.remove(&row.id).unwrap_or_default();
            own.sort();
            Meter {
                id: MeterId(row.id),
                supply_point: SupplyPointId(row.supply_point_id),
                serial: row.serial,
                digits: row.digits as u8,
                multiplier: row.multiplier as u16,
                installed_on: row.installed_on,
                removed_on: row.removed_on,
                registers: own,
            }
        };
        Ok(rows.into_iter().map(meter).collect())
    }

    pub async fn insert_supply_points(&self, points: &[SupplyPoint]) -> Result<(), Error> {
        let rows = points.iter().map(|one| point::ActiveModel {
            id: Set(one.id.0),
            customer_id: Set(one.customer.0),
            commodity: Set(one.commodity.key().to_owned()),
            code: Set(one.code.clone()),
            street: Set(one.address.street.clone()),
            city: Set(one.address.city.clone()),
            postcode: Set(one.address.postcode.clone()),
            distributor: Set(one.distributor.clone()),
            contract_number: Set(one.contract_number.clone()),
            contract_since: Set(one.contract_since),
            contract_until: Set(one.contract_until),
            town_key: Set(Some(town_key(&one.address))),
            street_key: Set(Some(street_key(&one.address))),
            cadastral_code: Set(None),
            plot: Set(None),
            ..Default::default()
        });
        self.add(rows.collect()).await
    }

    pub async fn insert_terms(&self, all: &[Terms]) -> Result<(), Error> {
        self.add(all.iter().map(terms_row).collect()).await
    }

    /// Terms from a day on; earlier ones from the same day give way and are answered.
    pub async fn add_terms(&self, one: &Terms) -> Result<Option<Terms>, Error> {
        let key = [terms::Column::TenantId, terms::Column::SupplyPointId, terms::Column::ValidFrom];
        if self.put(terms_row(one), OnConflict::columns(key).do_nothing().to_owned()).await?.is_some() {
            return Ok(None);
        }
        let same = Condition::all()
            .add(terms::Column::SupplyPointId.eq(one.supply_point.0))
            .add(terms::Column::ValidFrom.eq(one.valid_from));
        let there = self
            .find::<terms::Entity>()
            .with(|query| query.filter(same.clone()).lock(LockType::NoKeyUpdate))
            .one()
            .await?;
        let earlier = terms_of(there.ok_or(Error::NotFound)?);
        let replace = |update: UpdateMany<terms::Entity>| {
            update
                .col_expr(terms::Column::Product, Expr::value(one.product.clone()))
                .col_expr(terms::Column::TariffRate, Expr::value(one.tariff_rate.clone()))
                .col_expr(
                    terms::Column::BreakerPhases,
                    Expr::value(one.breaker.map(|breaker| i16::from(breaker.phases))),
                )
                .col_expr(terms::Column::BreakerAmps, Expr::value(one.breaker.map(|breaker| breaker.amps as i16)))
                .col_expr(terms::Column::ExpectedKwh, Expr::value(one.expected_kwh))
                .filter(same)
        };
        self.change(replace).await?;
        Ok(Some(earlier))
    }

    pub async fn insert_meters(&self, meters: &[Meter]) -> Result<(), Error> {
        let rows = meters.iter().map(|one| meter::ActiveModel {
            id: Set(one.id.0),
            supply_point_id: Set(one.supply_point.0),
            serial: Set(one.serial.clone()),
            digits: Set(one.digits.into()),
            multiplier: Set(one.multiplier as i16),
            installed_on: Set(one.installed_on),
            removed_on: Set(one.removed_on),
            ..Default::default()
        });
        self.add(rows.collect()).await?;
        let registers = meters.iter().flat_map(|one| {
            one.registers.iter().map(|register| register::ActiveModel {
                meter_id: Set(one.id.0),
                register: Set(register.key().to_owned()),
                ..Default::default()
            })
        });
        self.add(registers.collect()).await
    }
}

fn terms_row(one: &Terms) -> terms::ActiveModel {
    terms::ActiveModel {
        supply_point_id: Set(one.supply_point.0),
        valid_from: Set(one.valid_from),
        product: Set(one.product.clone()),
        tariff_rate: Set(one.tariff_rate.clone()),
        breaker_phases: Set(one.breaker.map(|breaker| breaker.phases.into())),
        breaker_amps: Set(one.breaker.map(|breaker| breaker.amps as i16)),
        expected_kwh: Set(one.expected_kwh),
        ..Default::default()
    }
}

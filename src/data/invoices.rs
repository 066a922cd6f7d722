//! Invoices and settlements. Prices are kept in 1/100,000 CZK, quantities in thousandths, money in hellers.
use super::error::{Error, odd};
use super::scope::{TenantEntity, TenantTx};
use super::supply_points::{commodity_of, register_of};
use crate::domain::ids::{CustomerId, DocumentId, InvoiceId, SupplyPointId};
use crate::domain::invoices::{Invoice, InvoiceKind, Line, LineKind, SettledReading, Settlement, Unit};
use crate::domain::money::Money;
use crate::domain::supply_points::Commodity;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use sea_orm::ExprTrait;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Select, Set};
use time::{Date, Month};

mod invoice {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "invoices")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub customer_id: Uuid,
        pub supply_point_id: Uuid,
        pub commodity: String,
        pub number: String,
        pub kind: String,
        pub period_from: TimeDate,
        pub period_to: TimeDate,
        pub issued_on: TimeDate,
        pub tax_point_on: TimeDate,
        pub due_on: TimeDate,
        pub total: i64,
        pub payable: i64,
        pub paid: i64,
        pub variable_symbol: String,
        pub document_id: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for invoice::Entity {
    const TENANT: invoice::Column = invoice::Column::TenantId;
}
mod line {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "invoice_lines")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub invoice_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i16,
        pub kind: String,
        pub register: Option<String>,
        pub quantity_milli: i64,
        pub unit: String,
        pub unit_price_e5: i64,
        pub amount: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for line::Entity {
    const TENANT: line::Column = line::Column::TenantId;
}
mod settlement {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "settlements")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub invoice_id: Uuid,
        pub vat_rate_milli: i32,
        pub base: i64,
        pub vat: i64,
        pub total: i64,
        pub advances_paid: i64,
        pub payable: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for settlement::Entity {
    const TENANT: settlement::Column = settlement::Column::TenantId;
}
mod settled {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "settled_readings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub invoice_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i16,
        pub meter_serial: String,
        pub register: String,
        pub from_on: TimeDate,
        pub from_state: i64,
        pub to_on: TimeDate,
        pub to_state: i64,
        pub quantity: i64,
        pub coefficient_e4: Option<i32>,
        pub calorific_e4: Option<i32>,
        pub energy_kwh: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for settled::Entity {
    const TENANT: settled::Column = settled::Column::TenantId;
}
/// What a list of invoices is narrowed to.
#[derive(Clone, Copy, Debug, Default)]
pub struct InvoiceFilter {
    pub commodity: Option<Commodity>,
    /// Year of issue.
    pub year: Option<i32>,
    pub unpaid_only: bool,
}

fn invoice_of(row: invoice::Model) -> Result<Invoice, Error> {
    Ok(Invoice {
        id: InvoiceId(row.id),
        customer: CustomerId(row.customer_id),
        supply_point: SupplyPointId(row.supply_point_id),
        commodity: commodity_of(&row.commodity)?,
        kind: InvoiceKind::parse(&row.kind).ok_or_else(|| odd("kind", &row.kind))?,
        number: row.number,
        period_from: row.period_from,
        period_to: row.period_to,
        issued_on: row.issued_on,
        tax_point_on: row.tax_point_on,
        due_on: row.due_on,
        total: Money(row.total),
        payable: Money(row.payable),
        paid: Money(row.paid),
        variable_symbol: row.variable_symbol,
        document: row.document_id.map(DocumentId),
    })
}

fn line_of(row: line::Model) -> Result<Line, Error> {
    Ok(Line {
        position: row.position,
        kind: LineKind::parse(&row.kind).ok_or_else(|| odd("kind", &row.kind))?,
        register: row.register.as_deref().map(register_of).transpose()?,
        quantity: Decimal::new(row.quantity_milli, 3),
        unit: Unit::parse(&row.unit).ok_or_else(|| odd("unit", &row.unit))?,
        unit_price: Decimal::new(row.unit_price_e5, 5),
        amount: Money(row.amount),
    })
}

fn settled_of(row: settled::Model) -> Result<SettledReading, Error> {
    let factors = row.coefficient_e4.zip(row.calorific_e4);
    Ok(SettledReading {
        meter_serial: row.meter_serial,
        register: register_of(&row.register)?,
        from_on: row.from_on,
        from_state: row.from_state,
        to_on: row.to_on,
        to_state: row.to_state,
        quantity: row.quantity,
        gas_factors: factors.map(|(k, hs)| (Decimal::new(k.into(), 4), Decimal::new(hs.into(), 4))),
        energy_kwh: row.energy_kwh,
    })
}

/// A decimal as a whole number of its `scale`-th parts; more decimals than that, or digits than a row holds, are a mistake of the caller.
fn scaled(value: Decimal, scale: u32) -> Result<i64, Error> {
    let whole = value.checked_mul(Decimal::from(10_i64.pow(scale))).filter(|whole| whole.fract().is_zero());
    whole
        .and_then(|whole| whole.to_i64())
        .ok_or_else(|| Error::Broken(format!("{value} is too large or has more than {scale} decimals")))
}

fn scaled_small(value: Decimal, scale: u32) -> Result<i32, Error> {
    i32::try_from(scaled(value, scale)?).map_err(|_| Error::Broken(format!("{value} is too large")))
}

fn newest_first(query: Select<invoice::Entity>) -> Select<invoice::Entity> {
    query.order_by_desc(invoice::Column::IssuedOn).order_by_desc(invoice::Column::Id)
}

fn first_of(year: i32) -> Option<Date> {
    Date::from_calendar_date(year, Month::January, 1).ok()
}

impl TenantTx {
    /// Newest first.
    pub async fn invoices_of(&self, customer: CustomerId, filter: InvoiceFilter) -> Result<Vec<Invoice>, Error> {
        let rows = self.find::<invoice::Entity>().with(|query| {
            let mut query = query.filter(invoice::Column::CustomerId.eq(customer.0));
            if let Some(commodity) = filter.commodity {
                query = query.filter(invoice::Column::Commodity.eq(commodity.key()));
            }
            if let Some((from, until)) = filter.year.and_then(|year| first_of(year).zip(first_of(year + 1))) {
                query = query.filter(invoice::Column::IssuedOn.gte(from)).filter(invoice::Column::IssuedOn.lt(until));
            }
            if filter.unpaid_only {
                query = query.filter(Expr::col(invoice::Column::Payable).gt(Expr::col(invoice::Column::Paid)));
            }
            newest_first(query)
        });
        rows.all().await?.into_iter().map(invoice_of).collect()
    }

    pub async fn latest_invoices(&self, customer: CustomerId, limit: u64) -> Result<Vec<Invoice>, Error> {
        let rows = self
            .find::<invoice::Entity>()
            .with(|query| newest_first(query.filter(invoice::Column::CustomerId.eq(customer.0))).limit(limit));
        rows.all().await?.into_iter().map(invoice_of).collect()
    }

    /// Whose invoice it is.
    pub async fn customer_of_invoice(&self, written: &[String]) -> Result<Option<CustomerId>, Error> {
        let rows = self.find::<invoice::Entity>().with(|query| query.filter(invoice::Column::Number.is_in(written)));
        Ok(rows.one().await?.map(|row| CustomerId(row.customer_id)))
    }

    pub async fn invoice(&self, customer: CustomerId, id: InvoiceId) -> Result<Invoice, Error> {
        let row = self.find::<invoice::Entity>().with(|query| {
            query.filter(invoice::Column::Id.eq(id.0)).filter(invoice::Column::CustomerId.eq(customer.0))
        });
        invoice_of(row.one().await?.ok_or(Error::NotFound)?)
    }

    pub async fn settlement(&self, customer: CustomerId, id: InvoiceId) -> Result<Settlement, Error> {
        let invoice = self.invoice(customer, id).await?;
        let head = self.find::<settlement::Entity>().with(|query| query.filter(settlement::Column::InvoiceId.eq(id.0)));
        let head = head.one().await?.ok_or(Error::NotFound)?;
        let lines = self
            .find::<line::Entity>()
            .with(|query| query.filter(line::Column::InvoiceId.eq(id.0)).order_by_asc(line::Column::Position));
        let readings = self
            .find::<settled::Entity>()
            .with(|query| query.filter(settled::Column::InvoiceId.eq(id.0)).order_by_asc(settled::Column::Position));
        Ok(Settlement {
            invoice,
            lines: lines.all().await?.into_iter().map(line_of).collect::<Result<_, _>>()?,
            readings: readings.all().await?.into_iter().map(settled_of).collect::<Result<_, _>>()?,
            vat_rate: Decimal::new(head.vat_rate_milli.into(), 3),
            base: Money(head.base),
            vat: Money(head.vat),
            total: Money(head.total),
            advances_paid: Money(head.advances_paid),
            payable: Money(head.payable),
        })
    }

    /// Only such as add up to the heller: what rows hold is a bill.
    pub async fn insert_settlements(&self, settlements: &[Settlement]) -> Result<(), Error> {
        let heads = settlements.iter().map(head_row).collect::<Result<Vec<_>, Error>>()?;
        let lines = settlements.iter().flat_map(|one| one.lines.iter().map(|line| line_row(one.invoice.id, line)));
        let lines = lines.collect::<Result<Vec<_>, Error>>()?;
        let readings = settlements.iter().flat_map(|one| {
            one.readings.iter().enumerate().map(|(at, reading)| settled_row(one.invoice.id, at, reading))
        });
        let readings = readings.collect::<Result<Vec<_>, Error>>()?;
        if let Some(one) = settlements.iter().find(|one| !one.reconciles()) {
            return Err(Error::Broken(format!("settlement {} does not add up", one.invoice.number)));
        }
        self.add(settlements.iter().map(|one| invoice_row(&one.invoice)).collect()).await?;
        self.add(heads).await?;
        self.add(lines).await?;
        self.add(readings).await
    }
}

fn invoice_row(one: &Invoice) -> invoice::ActiveModel {
    invoice::ActiveModel {
        id: Set(one.id.0),
        customer_id: Set(one.customer.0),
        supply_point_id: Set(one.supply_point.0),
        commodity: Set(one.commodity.key().to_owned()),
        number: Set(one.number.clone()),
        kind: Set(one.kind.key().to_owned()),
        period_from: Set(one.period_from),
        period_to: Set(one.period_to),
        issued_on: Set(one.issued_on),
        tax_point_on: Set(one.tax_point_on),
        due_on: Set(one.due_on),
        total: Set(one.total.0),
        payable: Set(one.payable.0),
        paid: Set(one.paid.0),
        variable_symbol: Set(one.variable_symbol.clone()),
        document_id: Set(one.document.map(|document| document.0)),
        ..Default::default()
    }
}

fn head_row(one: &Settlement) -> Result<settlement::ActiveModel, Error> {
    Ok(settlement::ActiveModel {
        invoice_id: Set(one.invoice.id.0),
        vat_rate_milli: Set(scaled_small(one.vat_rate, 3)?),
        base: Set(one.base.0),
        vat: Set(one.vat.0),
        total: Set(one.total.0),
        advances_paid: Set(one.advances_paid.0),
        payable: Set(one.payable.0),
        ..Default::default()
    })
}

fn line_row(invoice: InvoiceId, one: &Line) -> Result<line::ActiveModel, Error> {
    Ok(line::ActiveModel {
        invoice_id: Set(invoice.0),
        position: Set(one.position),
        kind: Set(one.kind.key().to_owned()),
        register: Set(one.register.map(|register| register.key().to_owned())),
        quantity_milli: Set(scaled(one.quantity, 3)?),
        unit: Set(one.unit.key().to_owned()),
        unit_price_e5: Set(scaled(one.unit_price, 5)?),
        amount: Set(one.amount.0),
        ..Default::default()
    })
}

fn settled_row(invoice: InvoiceId, at: usize, one: &SettledReading) -> Result<settled::ActiveModel, Error> {
    let factor = |value: Decimal| scaled_small(value, 4);
    Ok(settled::ActiveModel {
        invoice_id: Set(invoice.0),
        position: Set(at as i16 + 1),
        meter_serial: Set(one.meter_serial.clone()),
        register: Set(one.register.key().to_owned()),
        from_on: Set(one.from_on),
        from_state: Set(one.from_state),
        to_on: Set(one.to_on),
        to_state: Set(one.to_state),
        quantity: Set(one.quantity),
        coefficient_e4: Set(one.gas_factors.map(|(k, _)| factor(k)).transpose()?),
        calorific_e4: Set(one.gas_factors.map(|(_, hs)| factor(hs)).transpose()?),
        energy_kwh: Set(one.energy_kwh),
        ..Default::default()
    })
}

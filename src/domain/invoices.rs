//! Invoices and settlements (*faktury, vyúčtování*).
use super::ids::{CustomerId, DocumentId, InvoiceId, SupplyPointId};
use super::money::Money;
use super::supply_points::{Commodity, Register};
use rust_decimal::Decimal;
use time::Date;

/// Decree 207/2021 Coll. §2: ordinary, extraordinary, corrective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvoiceKind {
    Settlement,
    ExtraordinarySettlement,
    CorrectiveSettlement,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    pub id: InvoiceId,
    pub customer: CustomerId,
    pub supply_point: SupplyPointId,
    pub commodity: Commodity,
    pub number: String,
    pub kind: InvoiceKind,
    pub period_from: Date,
    pub period_to: Date,
    pub issued_on: Date,
    pub tax_point_on: Date,
    pub due_on: Date,
    /// With VAT, before advances.
    pub total: Money,
    /// What is left to pay after advances; negative is an overpayment to be returned.
    pub payable: Money,
    /// What has come in (or was returned, negative) against `payable`.
    pub paid: Money,
    pub variable_symbol: String,
    /// The stored PDF, when there is one.
    pub document: Option<DocumentId>,
}

/// What a line charges; its words are in the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    Energy,
    StandingCharge,
    Distribution,
    BreakerOrCapacity,
    SystemServices,
    Infrastructure,
    EnergyTax,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    MegawattHour,
    Month,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub position: i16,
    pub kind: LineKind,
    pub register: Option<Register>,
    /// Three decimals.
    pub quantity: Decimal,
    pub unit: Unit,
    /// CZK per unit without VAT, up to five decimals.
    pub unit_price: Decimal,
    /// Without VAT, rounded to the heller.
    pub amount: Money,
}

/// Readings a settlement was computed from, one row per meter and register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledReading {
    pub meter_serial: String,
    pub register: Register,
    pub from_on: Date,
    pub from_state: i64,
    pub to_on: Date,
    pub to_state: i64,
    /// kWh or m³.
    pub quantity: i64,
    /// Gas only: volume coefficient and gross calorific value (kWh/m³), four decimals each.
    pub gas_factors: Option<(Decimal, Decimal)>,
    pub energy_kwh: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    pub invoice: Invoice,
    pub readings: Vec<SettledReading>,
    pub lines: Vec<Line>,
    /// Per cent: 21.
    pub vat_rate: Decimal,
    pub base: Money,
    pub vat: Money,
    pub total: Money,
    pub advances_paid: Money,
    pub payable: Money,
}

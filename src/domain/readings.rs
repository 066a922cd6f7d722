//! Meter readings (*odečty*): what a register showed on a day, and what was used since.
use super::ids::{CustomerId, MeterId, ReadingId, SupplyPointId};
use super::supply_points::Register;
use time::Date;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadingKind {
    Distributor,
    Customer,
    Estimate,
    Correction,
    Installed,
    Removed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub id: ReadingId,
    pub customer: CustomerId,
    pub supply_point: SupplyPointId,
    pub meter: MeterId,
    pub meter_serial: String,
    pub register: Register,
    pub read_on: Date,
    /// Whole kWh or whole m³ as shown on the meter.
    pub state: i64,
    pub kind: ReadingKind,
    /// Used since the previous reading of the same meter and register, in kWh or m³; none for the first.
    pub consumption: Option<i64>,
}

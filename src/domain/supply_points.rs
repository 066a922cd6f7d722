//! Supply points (*odběrné místo*), their dated technical terms and their meters.
use super::ids::{CustomerId, MeterId, SupplyPointId};
use time::Date;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Commodity {
    Electricity,
    Gas,
}

/// A register of a meter: VT (high tariff), NT (low tariff), or gas volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Register {
    High,
    Low,
    Volume,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub street: String,
    pub city: String,
    pub postcode: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupplyPoint {
    pub id: SupplyPointId,
    pub customer: CustomerId,
    pub commodity: Commodity,
    /// EAN (electricity, 18 digits) or EIC (gas, 16 characters); already validated.
    pub code: String,
    pub address: Address,
    pub distributor: String,
    pub contract_number: String,
    pub contract_since: Date,
    pub contract_until: Option<Date>,
}

/// Main circuit breaker (*jistič*).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    pub phases: u8,
    pub amps: u16,
}

/// Technical and commercial data of a supply point, valid from a day until the next record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub supply_point: SupplyPointId,
    pub valid_from: Date,
    pub product: String,
    /// Distribution rate (*distribuční sazba*), electricity only: `D25d`.
    pub tariff_rate: Option<String>,
    pub breaker: Option<Breaker>,
    /// Expected consumption in kWh a year.
    pub expected_kwh: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meter {
    pub id: MeterId,
    pub supply_point: SupplyPointId,
    pub serial: String,
    pub digits: u8,
    pub multiplier: u16,
    pub installed_on: Date,
    pub removed_on: Option<Date>,
    pub registers: Vec<Register>,
}

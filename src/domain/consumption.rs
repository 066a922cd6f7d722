//! Consumption by month and register.
use super::ids::{CustomerId, SupplyPointId};
use super::supply_points::Register;
use time::Date;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthlyConsumption {
    pub customer: CustomerId,
    pub supply_point: SupplyPointId,
    pub register: Register,
    /// First day of the month.
    pub month: Date,
    pub energy_wh: i64,
    /// Gas only: millilitres of a cubic metre, that is m³ × 1 000 000.
    pub volume_ml: Option<i64>,
}

//! Advances (*zálohy*): schedules and their instalments.
use super::ids::{CustomerId, ScheduleId, SupplyPointId};
use super::money::Money;
use super::payments::PaymentMethod;
use time::Date;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    pub id: ScheduleId,
    pub customer: CustomerId,
    pub supply_point: SupplyPointId,
    pub valid_from: Date,
    pub amount: Money,
    pub interval_months: u8,
    pub method: PaymentMethod,
    pub variable_symbol: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instalment {
    pub schedule: ScheduleId,
    pub customer: CustomerId,
    pub supply_point: SupplyPointId,
    pub due_on: Date,
    pub amount: Money,
    pub method: PaymentMethod,
    pub variable_symbol: String,
    pub paid: Money,
    pub paid_on: Option<Date>,
}

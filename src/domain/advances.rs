//! Advances (*zálohy*): schedules and their instalments.
use super::ids::{CustomerId, ScheduleId, SupplyPointId};
use super::money::Money;
use super::payments::PaymentMethod;
use rust_decimal::Decimal;
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

/// How a recommended advance comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recommendation {
    /// A month's share of the expected year, up to the next ten crowns.
    pub recommended: Money,
    /// Standing charges with VAT, up to the next crown: an advance may not be lower.
    pub minimum: Money,
}

/// From a year's expected cost with VAT and the fixed charges a month without VAT. `rate` in per cent.
pub fn recommend(year_with_vat: Money, fixed_month: Money, rate: Decimal) -> Recommendation {
    let month = year_with_vat.czk() / Decimal::from(12);
    let ten = Decimal::TEN;
    let recommended = (month / ten).ceil() * ten;
    let minimum = (fixed_month.czk() * (Decimal::ONE_HUNDRED + rate) / Decimal::ONE_HUNDRED).ceil();
    Recommendation { recommended: Money::rounded(recommended), minimum: Money::rounded(minimum) }
}

impl Instalment {
    pub fn open(&self) -> Money {
        self.amount - self.paid
    }
    pub fn is_overdue(&self, today: Date) -> bool {
        self.open().is_positive() && self.due_on < today
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recommended_advance_and_the_minimum_follow_from_the_settled_year() {
        let found = recommend(Money(3_620_539), Money(39_787), Decimal::from(21));
        assert_eq!(found, Recommendation { recommended: Money(302_000), minimum: Money(48_200) });
    }
}

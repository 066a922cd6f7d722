//! Use × price list + fixed charges + VAT, step by step.
use super::super::advances::{self, Recommendation};
use super::super::invoices::{Settlement, Unit};
use super::super::money::{Money, vat_from_base};
use super::super::supply_points::Register;
use rust_decimal::Decimal;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    pub register: Register,
    pub kwh: i64,
}

/// What a customer pays on a day, all parts added up, without VAT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prices {
    /// CZK per MWh that depends on use: energy, distribution, system services, tax.
    pub variable: Vec<(Register, Decimal)>,
    /// A month's standing charges: supplier's, breaker or capacity, infrastructure.
    pub fixed_month: Money,
    /// In per cent.
    pub vat_rate: Decimal,
}

impl Prices {
    /// What the newest settlement charged: its own unit prices say more than a price list of the day it was concluded.
    pub fn of(settlement: &Settlement) -> Prices {
        let sum = |unit: Unit, register: Option<Register>| -> Decimal {
            let lines = settlement.lines.iter().filter(|line| line.unit == unit && line.register == register);
            lines.map(|line| line.unit_price).sum()
        };
        let mut registers: Vec<Register> = settlement.readings.iter().map(|reading| reading.register).collect();
        registers.sort();
        registers.dedup();
        let for_all = sum(Unit::MegawattHour, None);
        Prices {
            variable: registers
                .into_iter()
                .map(|register| (register, sum(Unit::MegawattHour, Some(register)) + for_all))
                .collect(),
            fixed_month: Money::rounded(sum(Unit::Month, None)),
            vat_rate: settlement.vat_rate,
        }
    }
}

/// What the settled period used, register by register, in whole kWh.
pub fn settled_usage(settlement: &Settlement) -> Vec<Usage> {
    let mut usage: Vec<Usage> = Vec::new();
    for reading in &settlement.readings {
        match usage.iter_mut().find(|one| one.register == reading.register) {
            Some(one) => one.kwh += reading.energy_kwh,
            None => usage.push(Usage { register: reading.register, kwh: reading.energy_kwh }),
        }
    }
    usage
}

/// Where the use comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    Measured,
    /// Nobody has read the meter: marked as such wherever it is shown.
    Estimate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub register: Register,
    pub kwh: i64,
    pub czk_per_mwh: Decimal,
    /// Without VAT, rounded to the heller.
    pub amount: Money,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calculation {
    pub basis: Basis,
    pub steps: Vec<Step>,
    /// Three decimals.
    pub months: Decimal,
    pub fixed_month: Money,
    pub fixed: Money,
    pub base: Money,
    pub vat_rate: Decimal,
    pub vat: Money,
    pub total: Money,
}

/// Over so many months. A register without a price costs nothing; VAT is taken from the sum.
pub fn over(months: Decimal, usage: &[Usage], basis: Basis, prices: &Prices) -> Calculation {
    let step = |usage: &Usage| {
        let price = prices.variable.iter().find(|price| price.0 == usage.register);
        let czk_per_mwh = price.map_or(Decimal::ZERO, |price| price.1);
        let amount = Money::rounded(Decimal::new(usage.kwh, 3) * czk_per_mwh);
        Step { register: usage.register, kwh: usage.kwh, czk_per_mwh, amount }
    };
    let steps: Vec<Step> = usage.iter().map(step).collect();
    let fixed = Money::rounded(prices.fixed_month.czk() * months);
    let base = steps.iter().map(|step| step.amount).sum::<Money>() + fixed;
    let vat = vat_from_base(base, prices.vat_rate);
    Calculation {
        basis,
        steps,
        months,
        fixed_month: prices.fixed_month,
        fixed,
        base,
        vat_rate: prices.vat_rate,
        vat,
        total: base + vat,
    }
}

/// A month's flexible advance: what was really used in the month before, or the estimate while nobody has read the meter.
pub fn flexible(measured: Option<&[Usage]>, estimate: &[Usage], prices: &Prices) -> Calculation {
    match measured {
        Some(usage) => over(Decimal::ONE, usage, Basis::Measured, prices),
        None => over(Decimal::ONE, estimate, Basis::Estimate, prices),
    }
}

impl Calculation {
    /// The advance that covers this year, and the least one may pay. Of a year's calculation only.
    pub fn recommendation(&self) -> Recommendation {
        advances::recommend(self.total, self.fixed_month, self.vat_rate)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use Register::{High, Low};
    use proptest::prelude::*;

    /// D25d with 3×25 A as in the worked settlement.
    pub fn prices() -> Prices {
        Prices {
            variable: vec![(High, Decimal::new(516_112, 2)), (Low, Decimal::new(293_266, 2))],
            fixed_month: Money(39_787),
            vat_rate: Decimal::from(21),
        }
    }

    pub const YEAR: [Usage; 2] = [Usage { register: High, kwh: 2_145 }, Usage { register: Low, kwh: 4_800 }];

    #[test]
    fn a_year_of_two_rate_electricity_recommends_three_thousand_and_twenty() {
        let year = over(Decimal::from(12), &YEAR, Basis::Measured, &prices());
        let amounts: Vec<i64> = year.steps.iter().map(|step| step.amount.0).collect();
        assert_eq!(amounts, [1_107_060, 1_407_677]);
        assert_eq!((year.fixed, year.base, year.total), (Money(477_444), Money(2_992_181), Money(3_620_539)));
        let found = year.recommendation();
        assert_eq!((found.recommended, found.minimum), (Money(302_000), Money(48_200)));
    }

    #[test]
    fn a_flexible_advance_follows_the_month_before_or_says_that_it_is_estimated() {
        let month = [Usage { register: High, kwh: 100 }, Usage { register: Low, kwh: 300 }];
        let real = flexible(Some(&month), &YEAR, &prices());
        // 516.11 + 879.80 + 397.87 = 1 793.78; VAT 376.69.
        assert_eq!((real.basis, real.base, real.total), (Basis::Measured, Money(179_378), Money(217_047)));
        assert_eq!(flexible(None, &month, &prices()), Calculation { basis: Basis::Estimate, ..real });
    }

    proptest! {
        #[test]
        fn twelve_recommended_advances_cover_the_year(high in 0_i64..100_000, low in 0_i64..100_000) {
            let usage = [Usage { register: High, kwh: high }, Usage { register: Low, kwh: low }];
            let year = over(Decimal::from(12), &usage, Basis::Estimate, &prices());
            let found = year.recommendation();
            let paid = Money(found.recommended.0 * 12);
            prop_assert!(paid >= year.total && paid.0 - year.total.0 < 12 * 1_000);
            prop_assert_eq!(found.recommended.0 % 1_000, 0);
            prop_assert!(found.minimum <= found.recommended);
        }
    }
}

//! Money in whole hellers (*haléř*, 1/100 CZK), and VAT. Never a float.
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};
use time::Date;
use time::macros::date;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(pub i64);

impl Money {
    pub const ZERO: Money = Money(0);

    /// Exact value in CZK, two decimals.
    pub fn czk(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// CZK to the nearest heller, half away from zero. Amounts beyond 92 thousand billion CZK do not occur; they stop at the largest.
    pub fn rounded(czk: Decimal) -> Money {
        let hellers = (czk * Decimal::ONE_HUNDRED).round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        Money(hellers.to_i64().unwrap_or(i64::MAX))
    }

    pub fn is_positive(self) -> bool {
        self.0 > 0
    }
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0 + other.0)
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        self.0 += other.0;
    }
}

impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0 - other.0)
    }
}

impl Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        Money(-self.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, Add::add)
    }
}

/// VAT from the base ("zdola"): base × rate, rounded half up to the heller. `rate` in per cent.
pub fn vat_from_base(base: Money, rate: Decimal) -> Money {
    Money::rounded(base.czk() * rate / Decimal::ONE_HUNDRED)
}

/// VAT out of a gross amount ("shora"): gross × rate / (100 + rate); no rounded coefficient since 2019.
pub fn vat_from_gross(gross: Money, rate: Decimal) -> Money {
    Money::rounded(gross.czk() * rate / (Decimal::ONE_HUNDRED + rate))
}

/// Basic rate in per cent on energy by the day of taxable supply: 20 % from 2010, 21 % from 2013, waived in November and December 2021.
pub fn vat_rate_on(day: Date) -> Decimal {
    let waived = date!(2021 - 11 - 01)..=date!(2021 - 12 - 31);
    match day {
        day if waived.contains(&day) => Decimal::ZERO,
        day if day >= date!(2013 - 01 - 01) => Decimal::from(21),
        day if day >= date!(2010 - 01 - 01) => Decimal::from(20),
        _ => Decimal::from(19),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vat_is_taken_both_ways() {
        assert_eq!(vat_from_base(Money(12_556_230), Decimal::from(21)), Money(2_636_808));
        assert_eq!(vat_from_base(Money(2_992_181), Decimal::from(21)), Money(628_358));
        assert_eq!(vat_from_gross(Money(1_210_000), Decimal::from(21)), Money(210_000));
        assert_eq!(vat_from_gross(Money(99_999), Decimal::from(21)), Money(17_355));
    }

    #[test]
    fn half_a_heller_goes_away_from_zero() {
        assert_eq!(Money::rounded(Decimal::new(1_005, 3)), Money(101));
        assert_eq!(Money::rounded(Decimal::new(-1_005, 3)), Money(-101));
    }

    #[test]
    fn the_rate_follows_the_day() {
        assert_eq!(vat_rate_on(date!(2021 - 11 - 15)), Decimal::ZERO);
        assert_eq!(vat_rate_on(date!(2026 - 11 - 23)), Decimal::from(21));
        assert_eq!(vat_rate_on(date!(2011 - 09 - 22)), Decimal::from(20));
    }
}

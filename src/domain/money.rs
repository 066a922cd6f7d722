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

    /// CZK to the nearest heller, half away from zero. Amounts beyond 92 thousand billion CZK do not occur; they, and sums of them, stop at
    /// the largest.
    pub fn rounded(czk: Decimal) -> Money {
        let exact = czk.checked_mul(Decimal::ONE_HUNDRED);
        let whole = exact.map(|exact| exact.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero));
        let largest = if czk.is_sign_negative() { i64::MIN } else { i64::MAX };
        Money(whole.and_then(|hellers| hellers.to_i64()).unwrap_or(largest))
    }

    pub fn is_positive(self) -> bool {
        self.0 > 0
    }
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        *self = *self + other;
    }
}

impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0.saturating_sub(other.0))
    }
}

impl Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        Money(self.0.saturating_neg())
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
        for (base, vat, gross) in [
            (12_556_230, 2_636_808, 15_193_038),
            (2_992_181, 628_358, 3_620_539),
            (1_000_000, 210_000, 1_210_000),
            (82_644, 17_355, 99_999),
        ] {
            let (base, vat, gross, rate) = (Money(base), Money(vat), Money(gross), Decimal::from(21));
            assert_eq!((vat_from_base(base, rate), base + vat), (vat, gross));
            assert_eq!((vat_from_gross(gross, rate), gross - vat), (vat, base));
        }
    }

    #[test]
    fn half_a_heller_goes_away_from_zero() {
        assert_eq!(Money::rounded(Decimal::new(1_005, 3)), Money(101));
        assert_eq!(Money::rounded(Decimal::new(-1_005, 3)), Money(-101));
        assert_eq!(Money::rounded(Decimal::new(-1_004, 3)), Money(-100));
    }

    #[test]
    fn amounts_that_do_not_occur_stop_at_the_largest_of_their_sign() {
        let (most, least) = (Money(i64::MAX), Money(i64::MIN));
        assert_eq!((Money::rounded(Decimal::MAX), Money::rounded(Decimal::MIN)), (most, least));
        assert_eq!((most + Money(1), least - Money(1), -least), (most, least, most));
        assert_eq!([most, Money(1), Money(-1)].into_iter().sum::<Money>(), most - Money(1));
    }

    #[test]
    fn the_rate_follows_the_day() {
        assert_eq!(vat_rate_on(date!(2021 - 11 - 15)), Decimal::ZERO);
        assert_eq!(vat_rate_on(date!(2026 - 11 - 23)), Decimal::from(21));
        assert_eq!(vat_rate_on(date!(2011 - 09 - 22)), Decimal::from(20));
    }
}

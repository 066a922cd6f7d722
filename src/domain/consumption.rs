//! Consumption by month and register, and how a year's use spreads over its days.
use super::calendar::month_start;
use super::ids::{CustomerId, SupplyPointId};
use super::supply_points::{Commodity, Register};
use rust_decimal::Decimal;
use time::{Date, Duration};

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

/// How a year's use spreads: alike over the days, or with the heating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Season {
    Even,
    Heating,
}

/// Per cent of a year's gas by month where gas heats: our rule of thumb, for plausibility and forecasts, never for a bill.
const HEATING: [i64; 12] = [17, 15, 13, 8, 4, 2, 2, 2, 4, 8, 11, 14];

impl Season {
    pub fn of(commodity: Commodity) -> Season {
        match commodity {
            Commodity::Electricity => Season::Even,
            Commodity::Gas => Season::Heating,
        }
    }

    /// The share of a year's use that falls after one day up to and with another; 1 for a whole year.
    pub fn share(self, after: Date, until: Date) -> Decimal {
        let mut share = Decimal::ZERO;
        let mut from = after;
        while from < until {
            let first = from + Duration::days(1);
            let last = (month_start(first, 1) - Duration::days(1)).min(until);
            let days = Decimal::from((last - from).whole_days());
            share += match self {
                Season::Even => days / Decimal::from(365),
                Season::Heating => {
                    let weight = HEATING[usize::from(u8::from(first.month())) - 1];
                    days * Decimal::new(weight, 2) / Decimal::from(first.month().length(first.year()))
                }
            };
            from = last;
        }
        share
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::date;

    #[test]
    fn a_year_is_a_whole_and_winter_is_most_of_it() {
        let (start, end) = (date!(2025 - 10 - 31), date!(2026 - 10 - 31));
        for season in [Season::Even, Season::Heating] {
            assert_eq!(season.share(start, end).round_dp(9), Decimal::ONE);
            assert_eq!(season.share(end, start), Decimal::ZERO);
        }
        let january = Season::Heating.share(date!(2025 - 12 - 31), date!(2026 - 01 - 31));
        assert_eq!(january.round_dp(9), Decimal::new(17, 2));
    }

    proptest! {
        #[test]
        fn parts_make_the_whole(start in 2_460_000_i32..2_462_000, first in 0_i32..700, second in 0_i32..700) {
            let day = |number| Date::from_julian_day(number).unwrap();
            let (a, b, c) = (day(start), day(start + first), day(start + first + second));
            for season in [Season::Even, Season::Heating] {
                prop_assert_eq!((season.share(a, b) + season.share(b, c)).round_dp(12), season.share(a, c).round_dp(12));
            }
        }
    }
}

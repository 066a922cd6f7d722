//! How the next settlement will come out: what was used so far, what the rest of the period will take, and what advances will have covered.
use super::super::calendar::month_start;
use super::super::consumption::Season;
use super::super::money::Money;
use super::{Basis, Calculation, Prices, Usage, over};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use time::{Date, Duration};

/// A settlement period under way, both days within it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    pub period_from: Date,
    pub period_to: Date,
    /// The day of the last reading; none when there is no reading in the period yet.
    pub read_on: Option<Date>,
    /// Used from the start of the period to that reading.
    pub used: Vec<Usage>,
    /// Expected in a whole year.
    pub yearly: Vec<Usage>,
}

/// Advances of the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advances {
    pub paid: Money,
    /// Each of those still to come.
    pub amount: Money,
    pub remaining: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// Expected from the last reading to the end of the period.
    pub rest: Vec<Usage>,
    pub calculation: Calculation,
    pub advances: Advances,
    /// Positive: an underpayment; negative: an overpayment.
    pub balance: Money,
}

impl Forecast {
    pub fn new(progress: &Progress, season: Season, advances: Advances, prices: &Prices) -> Forecast {
        let before = progress.period_from - Duration::days(1);
        let share = season.share(progress.read_on.unwrap_or(before).max(before), progress.period_to);
        let rest = |year: &Usage| {
            let kwh = (Decimal::from(year.kwh) * share).round().to_i64().unwrap_or(0);
            Usage { register: year.register, kwh }
        };
        let rest: Vec<Usage> = progress.yearly.iter().map(rest).collect();
        let mut usage = rest.clone();
        for used in &progress.used {
            match usage.iter_mut().find(|usage| usage.register == used.register) {
                Some(usage) => usage.kwh += used.kwh,
                None => usage.push(*used),
            }
        }
        let months = months(progress.period_from, progress.period_to);
        let calculation = over(months, &usage, Basis::Estimate, prices);
        let balance = calculation.total - advances.total();
        Forecast { rest, calculation, advances, balance }
    }

    /// How it would come out with another advance from the next instalment on.
    pub fn what_if(&self, advance: Money) -> Money {
        self.calculation.total - Advances { amount: advance, ..self.advances }.total()
    }

    /// The advance, in whole crowns, with which nothing would be left to pay; none when no instalment is left or all is covered.
    pub fn balancing(&self) -> Option<Money> {
        let open = (self.calculation.total - self.advances.paid).0;
        let crowns = Decimal::new(open, 2) / Decimal::from(Some(self.advances.remaining).filter(|left| *left > 0)?);
        Some(Money::rounded(crowns.ceil())).filter(|advance| advance.is_positive())
    }
}

impl Advances {
    pub fn total(&self) -> Money {
        Money(self.paid.0 + self.amount.0 * self.remaining)
    }
}

/// Months of a period, parts of a month by its days, three decimals.
fn months(from: Date, to: Date) -> Decimal {
    let mut months = Decimal::ZERO;
    let mut first = from;
    while first <= to {
        let next = month_start(first, 1);
        let days = (next.min(to + Duration::days(1)) - first).whole_days();
        months += Decimal::from(days) / Decimal::from(first.month().length(first.year()));
        first = next;
    }
    months.round_dp(3)
}

#[cfg(test)]
mod tests {
    use super::super::calculation::tests::{YEAR, prices};
    use super::*;
    use proptest::prelude::*;
    use time::macros::date;

    fn progress(read_on: Option<Date>, used: &[Usage]) -> Progress {
        Progress {
            period_from: date!(2025 - 11 - 01),
            period_to: date!(2026 - 10 - 31),
            read_on,
            used: used.to_vec(),
            yearly: YEAR.to_vec(),
        }
    }

    const ADVANCES: Advances = Advances { paid: Money(0), amount: Money(300_000), remaining: 12 };

    #[test]
    fn a_year_ahead_is_forecast_as_it_was_settled() {
        let forecast = Forecast::new(&progress(None, &[]), Season::Even, ADVANCES, &prices());
        assert_eq!(forecast.balance, Money(20_539));
        assert_eq!(forecast.what_if(Money(302_000)), Money(-3_461));
        assert_eq!(forecast.balancing(), Some(Money(301_800)));
    }

    #[test]
    fn a_year_behind_is_what_was_used() {
        let done = progress(Some(date!(2026 - 10 - 31)), &YEAR);
        let paid = Advances { paid: Money(3_600_000), amount: Money(300_000), remaining: 0 };
        let forecast = Forecast::new(&done, Season::Even, paid, &prices());
        assert_eq!((forecast.balance, forecast.balancing()), (Money(20_539), None));
    }

    #[test]
    fn half_a_year_is_read_and_half_expected() {
        // 181 days read; 184 of 365 to come: 2 145 → 1 081, 4 800 → 2 420.
        let forecast = Forecast::new(&progress(Some(date!(2026 - 04 - 30)), &YEAR), Season::Even, ADVANCES, &prices());
        let rest: Vec<i64> = forecast.rest.iter().map(|usage| usage.kwh).collect();
        assert_eq!(rest, [1_081, 2_420]);
        assert_eq!(forecast.calculation.steps[0].kwh, 3_226);
    }

    #[test]
    fn months_count_whole_and_in_part() {
        assert_eq!(months(date!(2025 - 11 - 01), date!(2026 - 10 - 31)), Decimal::from(12));
        assert_eq!(months(date!(2026 - 06 - 16), date!(2026 - 07 - 31)), Decimal::new(1_500, 3));
        assert_eq!(months(date!(2026 - 07 - 02), date!(2026 - 07 - 01)), Decimal::ZERO);
    }

    proptest! {
        #[test]
        fn a_crown_more_a_month_is_a_crown_less_to_pay(advance in 0_i64..1_000_000, remaining in 0_i64..13) {
            let advances = Advances { remaining, ..ADVANCES };
            let forecast = Forecast::new(&progress(None, &[]), Season::Even, advances, &prices());
            let (now, more) = (forecast.what_if(Money(advance)), forecast.what_if(Money(advance + 100)));
            prop_assert_eq!(now - more, Money(100 * remaining));
            prop_assert!(forecast.balancing().is_none_or(|advance| !forecast.what_if(advance).is_positive()));
        }
    }
}

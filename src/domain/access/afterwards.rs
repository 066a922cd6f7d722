//! Access after the contract: what was there can still be read and taken away for some months, nothing more can be asked for.
use serde::{Deserialize, Serialize};
use time::{Date, Month, util::days_in_month};

/// The contract is over: since when, and until when its papers can be read here. Both days included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AfterContract {
    pub ended_on: Date,
    pub until: Date,
}

impl AfterContract {
    /// None while anything runs or nothing was ever supplied. `ends` are the last days of the contracts, none of one without an end.
    pub fn of(ends: impl IntoIterator<Item = Option<Date>>, months: i64, today: Date) -> Option<AfterContract> {
        let ends: Option<Vec<Date>> = ends.into_iter().collect();
        let ended_on = ends?.into_iter().max().filter(|day| *day < today)?;
        Some(AfterContract { ended_on, until: months_after(ended_on, months) })
    }

    /// Nobody is let in any more.
    pub fn is_over(&self, today: Date) -> bool {
        today > self.until
    }
}

/// The day of the same number so many months on, else that month's last (§ 605 of the Civil Code).
fn months_after(day: Date, months: i64) -> Date {
    let count = i64::from(day.year()) * 12 + i64::from(u8::from(day.month())) - 1 + months;
    let year = i32::try_from(count.div_euclid(12)).unwrap_or(i32::MAX);
    let month = Month::try_from((count.rem_euclid(12) + 1) as u8).unwrap_or(Month::December);
    let last = if (0..=9999).contains(&year) { days_in_month(month, year) } else { 31 };
    Date::from_calendar_date(year, month, day.day().min(last)).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn months_end_on_the_day_of_the_same_number_or_on_the_months_last() {
        for (day, months, then) in [
            (date!(2026 - 05 - 15), 6, date!(2026 - 11 - 15)),
            (date!(2026 - 08 - 31), 6, date!(2027 - 02 - 28)),
            (date!(2027 - 08 - 31), 6, date!(2028 - 02 - 29)),
            (date!(2026 - 12 - 31), 6, date!(2027 - 06 - 30)),
            (date!(2026 - 02 - 28), 6, date!(2026 - 08 - 28)),
            (date!(2026 - 05 - 31), 0, date!(2026 - 05 - 31)),
            (date!(9999 - 12 - 31), 6, Date::MAX),
        ] {
            assert_eq!(months_after(day, months), then, "{day} and {months}");
        }
    }

    #[test]
    fn the_last_contract_counts_and_one_that_runs_keeps_all_open() {
        let today = date!(2026 - 11 - 24);
        let (old, late) = (Some(date!(2026 - 01 - 31)), Some(date!(2026 - 06 - 30)));
        let of = |ends: &[Option<Date>]| AfterContract::of(ends.iter().copied(), 6, today);
        assert_eq!(of(&[]), None, "nothing was supplied yet");
        assert_eq!(of(&[old, None]), None);
        assert_eq!(of(&[old, Some(today)]), None, "the last day is one of the contract");
        let after = of(&[late, old]).expect("all ended");
        assert_eq!((after.ended_on, after.until), (date!(2026 - 06 - 30), date!(2026 - 12 - 30)));
        assert!(!after.is_over(date!(2026 - 12 - 30)) && after.is_over(date!(2026 - 12 - 31)));
        let at_once = AfterContract::of([late], 0, today).expect("ended");
        assert!(at_once.is_over(date!(2026 - 07 - 01)));
    }
}

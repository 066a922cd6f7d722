//! What has to be kept when somebody wishes to be erased, and until when (GDPR, article 17, paragraph 3, letter b). The rules alone: which
//! rows they are about is asked elsewhere.
use super::calendar::{month_start, months_after};
use time::Date;

/// Tax documents are kept ten years from the end of the tax period (Act 235/2004 Coll., § 35, paragraph 2).
const YEARS: i32 = 10;

/// The last day of keeping a tax document. The tax period is the calendar month (§ 99); ten years end on the day with the same number, where
/// there is none on the month's last.
pub fn kept_until(tax_point: Date) -> Date {
    let end = month_start(tax_point, 1).previous_day().unwrap_or(tax_point);
    months_after(end, 12 * YEARS)
}

/// A contract without an end, or with one that has not come.
pub fn is_running(contract_until: Option<Date>, today: Date) -> bool {
    contract_until.is_none_or(|until| until >= today)
}

/// Which readings of a point the next settlement still needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// All was settled to the contract's end.
    Nothing,
    /// The state of that day and what came after it.
    From(Date),
    /// Nothing was settled yet.
    Everything,
}

/// `settled_to`: the last day of the newest settlement.
pub fn readings_needed(settled_to: Option<Date>, contract_until: Option<Date>) -> Needed {
    match (settled_to, contract_until) {
        (None, _) => Needed::Everything,
        (Some(settled), Some(until)) if settled >= until => Needed::Nothing,
        (Some(settled), _) => Needed::From(settled),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn ten_years_run_from_the_end_of_the_tax_period() {
        assert_eq!(kept_until(date!(2026 - 11 - 24)), date!(2036 - 11 - 30));
        assert_eq!(kept_until(date!(2026 - 11 - 01)), kept_until(date!(2026 - 11 - 30)));
        assert_eq!(kept_until(date!(2026 - 12 - 31)), date!(2036 - 12 - 31));
    }

    #[test]
    fn a_period_that_ends_on_the_29th_of_february_is_kept_to_the_28th_and_the_other_way_round() {
        assert_eq!(kept_until(date!(2024 - 02 - 10)), date!(2034 - 02 - 28));
        assert_eq!(kept_until(date!(2022 - 02 - 10)), date!(2032 - 02 - 28));
        assert_eq!(kept_until(date!(2028 - 02 - 29)), date!(2038 - 02 - 28));
    }

    #[test]
    fn a_contract_runs_through_its_last_day() {
        let today = date!(2026 - 11 - 24);
        assert!(is_running(None, today) && is_running(Some(today), today));
        assert!(!is_running(Some(date!(2026 - 11 - 23)), today));
    }

    #[test]
    fn readings_are_needed_until_they_are_settled() {
        let settled = date!(2026 - 06 - 30);
        assert_eq!(readings_needed(None, None), Needed::Everything);
        assert_eq!(readings_needed(None, Some(settled)), Needed::Everything);
        assert_eq!(readings_needed(Some(settled), None), Needed::From(settled));
        assert_eq!(readings_needed(Some(settled), Some(date!(2026 - 07 - 31))), Needed::From(settled));
        assert_eq!(readings_needed(Some(settled), Some(settled)), Needed::Nothing);
    }
}

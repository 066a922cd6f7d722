//! Days as people write them: `1. 2. 2026`, `01.02.2026`, `1.2.2026`, `2026-02-01`.
use time::{Date, Month};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    Empty,
    /// Not written as a day, or a day that does not exist: 30. 2.
    NotADate,
    /// Not four digits, or outside 1900–2199.
    Year,
}

/// Day, month and year with points, or year, month and day with dashes as a date field sends them.
pub fn date(typed: &str) -> Result<Date, DateError> {
    let text = super::trimmed(typed);
    if text.is_empty() {
        return Err(DateError::Empty);
    }
    let (mark, width) = if text.contains('.') { ('.', 1..=2) } else { ('-', 2..=2) };
    let mut parts: Vec<&str> = text.split(mark).map(super::trimmed).collect();
    if mark == '-' {
        parts.reverse();
    }
    let [day, month, year] = parts[..] else { return Err(DateError::NotADate) };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_written = [day, month].iter().all(|part| digits(part) && width.contains(&part.len())) && digits(year);
    if !is_written {
        return Err(DateError::NotADate);
    }
    let year: i32 = Some(year).filter(|year| year.len() == 4).and_then(|year| year.parse().ok()).unwrap_or(0);
    if !(1900..=2199).contains(&year) {
        return Err(DateError::Year);
    }
    let month: u8 = month.parse().map_err(|_| DateError::NotADate)?;
    let month = Month::try_from(month).map_err(|_| DateError::NotADate)?;
    let day = day.parse().map_err(|_| DateError::NotADate)?;
    Date::from_calendar_date(year, month, day).map_err(|_| DateError::NotADate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::date as day;

    #[test]
    fn one_day_is_written_in_many_ways() {
        for typed in ["1. 2. 2026", "01.02.2026", "1.2.2026", "2026-02-01", " 1.\u{a0}2.\u{a0}2026 "] {
            assert_eq!(date(typed), Ok(day!(2026 - 02 - 01)), "{typed}");
        }
        assert_eq!(date("29. 2. 2028"), Ok(day!(2028 - 02 - 29)));
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for typed in [
            "30. 2. 2026",
            "29. 2. 2025",
            "31. 4. 2026",
            "2026-13-01",
            "0. 1. 2026",
            "1/2/2026",
            "1.2.",
            "1-2-2026",
            "dnes",
            "١. ٢. ٢٠٢٦",
            "1. 2. 2026\n",
            "001.2.2026",
            "1 1. 2. 2026",
        ] {
            assert_eq!(date(typed), Err(DateError::NotADate), "{typed:?}");
        }
        for typed in ["1. 2. 0000", "1. 2. 10000", "1. 2. 26", "0000-01-01", "10000-01-01", "26-02-01", "1.2.1899"] {
            assert_eq!(date(typed), Err(DateError::Year), "{typed}");
        }
        assert_eq!(date("  "), Err(DateError::Empty));
    }

    proptest! {
        #[test]
        fn nothing_typed_makes_it_panic(typed in "[-0-9. \u{a0}a]{0,20}|.{0,20}") {
            let _ = date(&typed);
        }

        #[test]
        fn every_day_is_read_back(number in 2_415_021_i32..2_524_000) {
            let wanted = Date::from_julian_day(number).unwrap();
            let (year, month, of_month) = (wanted.year(), u8::from(wanted.month()), wanted.day());
            prop_assert_eq!(date(&format!("{of_month}. {month}. {year}")), Ok(wanted));
            prop_assert_eq!(date(&format!("{year}-{month:02}-{of_month:02}")), Ok(wanted));
        }
    }
}

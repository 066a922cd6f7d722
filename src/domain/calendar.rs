//! Czech public holidays (Act 245/2000 Coll.), business days and deadlines in calendar days.
use time::{Date, Duration, Month, Weekday};

const FIXED: [(Month, u8); 11] = [
    (Month::January, 1),
    (Month::May, 1),
    (Month::May, 8),
    (Month::July, 5),
    (Month::July, 6),
    (Month::September, 28),
    (Month::October, 28),
    (Month::November, 17),
    (Month::December, 24),
    (Month::December, 25),
    (Month::December, 26),
];

/// Gregorian Easter Sunday (Meeus, Jones, Butcher).
fn easter(year: i32) -> Option<Date> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let month = (h + l - 7 * m + 114) / 31;
    let day = (h + l - 7 * m + 114) % 31 + 1;
    Date::from_calendar_date(year, Month::try_from(month as u8).ok()?, day as u8).ok()
}

pub fn is_holiday(day: Date) -> bool {
    let is_fixed = FIXED.contains(&(day.month(), day.day()));
    let is_easter =
        easter(day.year()).is_some_and(|sunday| day == sunday - Duration::days(2) || day == sunday + Duration::days(1));
    is_fixed || is_easter
}

pub fn is_business_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !is_holiday(day)
}

/// The day itself, or the first business day after.
pub fn next_business_day(day: Date) -> Date {
    let mut day = day;
    while !is_business_day(day) {
        day += Duration::days(1);
    }
    day
}

/// A term of so many calendar days: the day of the event does not count.
pub fn deadline(event: Date, days: i64) -> Date {
    event + Duration::days(days)
}

/// The day with the same number so many months later; where that month has no such day, its last one (Civil Code, § 605).
pub fn months_after(day: Date, months: i32) -> Date {
    let start = month_start(day, months);
    let last = start.month().length(start.year());
    start.replace_day(day.day().min(last)).unwrap_or(start)
}

/// The first day of the month so many months after (or, negative, before).
pub fn month_start(day: Date, months: i32) -> Date {
    let count = day.year() * 12 + i32::from(u8::from(day.month())) - 1 + months;
    let month = Month::try_from((count.rem_euclid(12) + 1) as u8).unwrap_or(Month::January);
    Date::from_calendar_date(count.div_euclid(12), month, 1).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn easter_moves_and_christmas_does_not() {
        for holiday in [date!(2026 - 04 - 03), date!(2026 - 04 - 06), date!(2027 - 03 - 26), date!(2026 - 12 - 24)] {
            assert!(is_holiday(holiday), "{holiday}");
        }
        assert!(!is_holiday(date!(2026 - 11 - 23)));
        assert_eq!(next_business_day(date!(2026 - 12 - 24)), date!(2026 - 12 - 28));
    }

    #[test]
    fn terms_count_calendar_days() {
        assert_eq!(deadline(date!(2026 - 12 - 01), 15), date!(2026 - 12 - 16));
        assert_eq!(deadline(date!(2026 - 12 - 01), 30), date!(2026 - 12 - 31));
        assert_eq!(deadline(date!(2026 - 11 - 10), 15), date!(2026 - 11 - 25));
        assert_eq!(deadline(date!(2026 - 12 - 20), -15), date!(2026 - 12 - 05));
    }

    #[test]
    fn months_start_on_the_first_across_years() {
        assert_eq!(month_start(date!(2026 - 01 - 31), -1), date!(2025 - 12 - 01));
        assert_eq!(month_start(date!(2026 - 11 - 23), 2), date!(2027 - 01 - 01));
    }
}

//! When a customer is asked for this month's reading (*výzva k samoodečtu*): once on the supplier's day or after it, and once more when none came.
use super::calendar::month_start;
use time::{Date, Duration};

/// Days between two yearly settlements.
pub const YEAR: i64 = 365;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    First,
    Reminder,
}

/// The supplier's habits.
#[derive(Clone, Copy, Debug)]
pub struct Rhythm {
    /// Day of the month, 1 to 28.
    pub day: i64,
    /// Days after the first prompt; 0 for no reminder.
    pub reminder_days: i64,
}

/// What is known of one customer this month.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    pub first_on: Option<Date>,
    pub was_reminded: bool,
    /// Their own reading of this month is here.
    pub has_reading: bool,
}

/// The days of a month on which its reading is wanted: from the supplier's day to the end.
pub fn monthly_window(month: Date, day: i64) -> (Date, Date) {
    let begins = month_start(month, 0) + Duration::days(day.clamp(1, 28) - 1);
    (begins, month_start(month, 1) - Duration::DAY)
}

/// The days before the next yearly settlement on which a reading for it is wanted. `settled_to`: the last day that was settled.
pub fn yearly_window(settled_to: Date, window_days: i64) -> (Date, Date) {
    let last = settled_to + Duration::days(YEAR);
    (last - Duration::days(window_days), last)
}

/// What is due today. Whoever read the meter is left in peace; a month that is over is not asked for.
pub fn due(today: Date, rhythm: Rhythm, asked: Asked) -> Option<Prompt> {
    let (begins, _) = monthly_window(today, rhythm.day);
    if asked.has_reading || today < begins {
        return None;
    }
    match asked.first_on {
        None => Some(Prompt::First),
        Some(first) => {
            let is_time = rhythm.reminder_days > 0 && today >= first + Duration::days(rhythm.reminder_days);
            (is_time && !asked.was_reminded).then_some(Prompt::Reminder)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    const RHYTHM: Rhythm = Rhythm { day: 3, reminder_days: 5 };

    #[test]
    fn first_on_the_day_then_once_more_then_silence() {
        let first = Asked { first_on: Some(date!(2026 - 11 - 03)), ..Asked::default() };
        let reminded = Asked { was_reminded: true, ..first };
        assert_eq!(due(date!(2026 - 11 - 02), RHYTHM, Asked::default()), None);
        assert_eq!(due(date!(2026 - 11 - 03), RHYTHM, Asked::default()), Some(Prompt::First));
        assert_eq!(due(date!(2026 - 11 - 07), RHYTHM, first), None);
        assert_eq!(due(date!(2026 - 11 - 08), RHYTHM, first), Some(Prompt::Reminder));
        assert_eq!(due(date!(2026 - 11 - 30), RHYTHM, reminded), None);
        assert_eq!(due(date!(2026 - 11 - 30), Rhythm { reminder_days: 0, ..RHYTHM }, first), None);
    }

    #[test]
    fn readings_are_wanted_to_the_end_of_the_month_or_before_the_year_is_over() {
        assert_eq!(monthly_window(date!(2028 - 02 - 10), 3), (date!(2028 - 02 - 03), date!(2028 - 02 - 29)));
        assert_eq!(yearly_window(date!(2025 - 12 - 10), 14), (date!(2026 - 11 - 26), date!(2026 - 12 - 10)));
    }

    #[test]
    fn a_day_missed_is_caught_up_with_and_the_reminder_waits_its_days_from_then() {
        let late = Asked { first_on: Some(date!(2026 - 11 - 20)), ..Asked::default() };
        assert_eq!(due(date!(2026 - 11 - 20), RHYTHM, Asked::default()), Some(Prompt::First));
        assert_eq!(due(date!(2026 - 11 - 21), RHYTHM, late), None);
    }

    #[test]
    fn who_read_the_meter_is_left_in_peace() {
        let read = Asked { has_reading: true, ..Asked::default() };
        assert_eq!(due(date!(2026 - 11 - 03), RHYTHM, read), None);
    }
}

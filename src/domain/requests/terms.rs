//! How long a request may take. Days of the law are calendar days; a term that would end on a weekend or holiday ends on the next business day
//! (Civil Code, Act 89/2012 Coll., § 607).
use super::super::calendar::{self, is_business_day, next_business_day};
use super::RequestKind;
use time::{Date, Duration};

/// Calendar days from the day of receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    pub decide_days: i64,
    /// When money has to have moved, where money may have to.
    pub money_days: Option<i64>,
}

const USUAL_DAYS: i64 = 15;

/// Complaints about a settlement: decided in 15 days, money in 30 (ERÚ); a refund alike. The contract's contents: 15 days (Act 87/2025 Coll.).
/// A distributor answers a reading in 15 days; a settlement follows 15 days after its readings. What no law rules we promise in as many.
pub fn term_of(kind: RequestKind) -> Term {
    let money_days = matches!(kind, RequestKind::Complaint | RequestKind::Refund).then_some(30);
    Term { decide_days: USUAL_DAYS, money_days }
}

/// The last day in time: so many calendar days after the day of receipt, which itself does not count, moved to a business day.
pub fn deadline(received: Date, days: i64) -> Date {
    next_business_day(calendar::deadline(received, days))
}

/// The last day to decide a request of the kind. A wish to be erased has a month (GDPR, article 12, paragraph 3).
pub fn decide_by(kind: RequestKind, received: Date) -> Date {
    match kind {
        RequestKind::Erasure => next_business_day(calendar::months_after(received, 1)),
        _ => deadline(received, term_of(kind).decide_days),
    }
}

/// Business days after today up to the deadline; on the day itself none, past it negative.
pub fn working_days_left(today: Date, deadline: Date) -> i64 {
    let (from, to, sign) = if today <= deadline { (today, deadline, 1) } else { (deadline, today, -1) };
    let days = (to - from).whole_days();
    sign * (1..=days).filter(|days| is_business_day(from + Duration::days(*days))).count() as i64
}

/// How a request stands on a desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Urgency {
    Overdue,
    Today,
    /// Within three business days.
    Soon,
    Calm,
}

const SOON_DAYS: i64 = 3;

pub fn urgency(today: Date, deadline: Date) -> Urgency {
    match deadline {
        _ if deadline < today => Urgency::Overdue,
        _ if deadline == today => Urgency::Today,
        _ if working_days_left(today, deadline) <= SOON_DAYS => Urgency::Soon,
        _ => Urgency::Calm,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn a_complaint_has_fifteen_days_and_its_money_thirty() {
        let term = term_of(RequestKind::Complaint);
        let received = date!(2026 - 12 - 01);
        assert_eq!(deadline(received, term.decide_days), date!(2026 - 12 - 16));
        assert_eq!(term.money_days.map(|days| deadline(received, days)), Some(date!(2026 - 12 - 31)));
        assert_eq!(deadline(date!(2026 - 11 - 10), 15), date!(2026 - 11 - 25));
        assert_eq!(term_of(RequestKind::Question).money_days, None);
    }

    #[test]
    fn a_term_that_ends_on_a_holiday_ends_after_it() {
        // 15 days after 10 December is Christmas Day, a Friday; the next business day is Monday.
        assert_eq!(deadline(date!(2026 - 12 - 10), 15), date!(2026 - 12 - 28));
        assert_eq!(deadline(date!(2026 - 11 - 13), 15), date!(2026 - 11 - 30));
    }

    #[test]
    fn a_wish_to_be_erased_has_a_month_however_long_it_is() {
        assert_eq!(decide_by(RequestKind::Erasure, date!(2026 - 11 - 24)), date!(2026 - 12 - 28));
        assert_eq!(decide_by(RequestKind::Erasure, date!(2028 - 01 - 31)), date!(2028 - 02 - 29));
        assert_eq!(decide_by(RequestKind::Question, date!(2026 - 11 - 10)), date!(2026 - 11 - 25));
    }

    #[test]
    fn only_business_days_are_counted_down() {
        // Wednesday 23 December; 24 and 25 are holidays, then a weekend.
        assert_eq!(working_days_left(date!(2026 - 12 - 23), date!(2026 - 12 - 28)), 1);
        assert_eq!(working_days_left(date!(2026 - 12 - 28), date!(2026 - 12 - 28)), 0);
        assert_eq!(working_days_left(date!(2026 - 12 - 30), date!(2026 - 12 - 28)), -2);
    }

    #[test]
    fn urgency_follows_business_days() {
        let deadline = date!(2026 - 12 - 28);
        assert_eq!(urgency(date!(2026 - 12 - 29), deadline), Urgency::Overdue);
        assert_eq!(urgency(deadline, deadline), Urgency::Today);
        assert_eq!(urgency(date!(2026 - 12 - 21), deadline), Urgency::Soon);
        assert_eq!(urgency(date!(2026 - 12 - 18), deadline), Urgency::Calm);
    }
}

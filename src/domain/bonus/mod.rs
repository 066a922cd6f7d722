//! The bonus programme (*bonusový program*): what earns points, how long they hold, which are spent first, what they buy. Points are whole
//! numbers, and nobody ever has fewer than none.
mod offers;
mod purse;

pub use offers::{CodeMistake, CodeSource, MOST_CODES, OfferState, Refusal, Sale, made_code, read_codes};
pub use purse::{Lot, Purse, Short, Taken};

use super::calendar::month_start;
use super::words::words;
use time::{Date, Duration};

/// What a supplier gives, and for how long. Nothing is given for what stands at zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// For a customer's own reading, once a month and supply point.
    pub self_reading: i64,
    /// For each invoice that came electronically.
    pub e_invoice: i64,
    /// For each advance that was paid whole by its day.
    pub payment_on_time: i64,
    pub expires_after_months: i64,
}

/// Nobody earns or is given more at once; sums stay far from the bounds of what rows hold.
pub const MOST_POINTS: i64 = 100_000;

impl Default for Terms {
    fn default() -> Self {
        Terms { self_reading: 0, e_invoice: 0, payment_on_time: 0, expires_after_months: 24 }
    }
}

impl Terms {
    pub fn points_for(&self, reason: Reason) -> i64 {
        match reason {
            Reason::SelfReading => self.self_reading,
            Reason::EInvoice => self.e_invoice,
            Reason::PaymentOnTime => self.payment_on_time,
            _ => 0,
        }
    }

    /// The last day on which points of that day hold: the end of a month, so that what was earned in one month goes on one day.
    pub fn holds_until(&self, day: Date) -> Date {
        let months = i32::try_from(self.expires_after_months).unwrap_or(i32::MAX / 2);
        month_start(day, months + 1) - Duration::DAY
    }
}

words! {
    /// What happened to points.
    Kind {
        Earned = "earned",
        Redeemed = "redeemed",
        Returned = "returned",
        Expired = "expired",
        Corrected = "corrected",
    }
}

words! {
    /// Why it happened.
    Reason {
        SelfReading = "self_reading",
        EInvoice = "e_invoice",
        PaymentOnTime = "payment_on_time",
        /// Spent on a partner's offer.
        Offer = "offer",
        /// The code bought with them was taken back.
        CodeReturned = "code_returned",
        /// Their day has passed.
        DayPassed = "day_passed",
        /// Their owner left the programme.
        Left = "left",
        /// Put right by the supplier's people.
        Desk = "desk",
    }
}

words! {
    /// How a customer stands to the programme; who has no row is a member only where nobody has to join.
    Standing {
        /// A member because everybody is.
        Implied = "implied",
        Joined = "joined",
        Left = "left",
    }
}

impl Standing {
    /// `is_automatic`: the supplier has everybody enrolled.
    pub fn is_member(row: Option<Standing>, is_automatic: bool) -> bool {
        match row {
            Some(Standing::Joined) => true,
            Some(Standing::Left) => false,
            Some(Standing::Implied) | None => is_automatic,
        }
    }
}

/// A mail goes out so many days before points go.
pub const NOTICE_DAYS: i64 = 30;
/// What was read, paid or billed longer ago earns nothing any more: joining does not pay for the past.
pub const LOOK_BACK_DAYS: i64 = 35;

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn points_hold_until_the_end_of_a_month() {
        let terms = Terms { expires_after_months: 24, ..Terms::default() };
        for (day, until) in [
            (date!(2026 - 11 - 24), date!(2028 - 11 - 30)),
            (date!(2026 - 02 - 01), date!(2028 - 02 - 29)),
            (date!(2025 - 12 - 31), date!(2027 - 12 - 31)),
        ] {
            assert_eq!(terms.holds_until(day), until, "{day}");
        }
    }

    #[test]
    fn who_is_a_member() {
        assert!(Standing::is_member(None, true) && !Standing::is_member(None, false));
        assert!(
            Standing::is_member(Some(Standing::Implied), true) && !Standing::is_member(Some(Standing::Implied), false)
        );
        assert!(Standing::is_member(Some(Standing::Joined), false));
        assert!(!Standing::is_member(Some(Standing::Left), true));
    }
}

//! A change of the advance (*změna výše zálohy*): how much is allowed, from which instalment, and the schedule that comes of it.
use super::advances::{Instalment, Recommendation, Schedule};
use super::ids::ScheduleId;
use super::money::Money;
use super::payments::PaymentMethod;
use time::{Date, Duration};

/// What one instalment may be, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub minimum: Money,
    pub maximum: Money,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdvanceError {
    OutOfRange(Limits),
    /// SIPO collects whole crowns only.
    WholeCrowns,
    /// The amount is what is paid already.
    Unchanged,
    /// From a day no instalment that can still change falls due on; the first that can, if any.
    NotAhead {
        first: Option<Date>,
    },
}

/// The new schedule with all its instalments: those before the change as they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub schedule: Schedule,
    pub instalments: Vec<Instalment>,
    /// How much more, or negative less, all of them come to.
    pub difference: Money,
}

const MOST_TIMES: i64 = 5;

impl Limits {
    /// A month's figures times the months of an instalment. Without a supplier's own maximum (per month) it is five times the recommended.
    pub fn new(found: Recommendation, interval_months: u8, maximum: Option<Money>) -> Limits {
        let months = i64::from(interval_months.max(1));
        let times = |amount: Money, times: i64| Money(amount.0.saturating_mul(times));
        let minimum = times(found.minimum, months);
        let maximum = times(maximum.unwrap_or(times(found.recommended, MOST_TIMES)), months);
        Limits { minimum, maximum: maximum.max(minimum) }
    }

    pub fn allow(self, amount: Money) -> bool {
        (self.minimum..=self.maximum).contains(&amount)
    }
}

/// Due days of the instalments that can still change: nothing paid on them, and due so many days ahead or more.
pub fn changeable(instalments: &[Instalment], today: Date, lead_days: i64) -> Vec<Date> {
    let first = today + Duration::days(lead_days);
    let free = |one: &&Instalment| one.due_on > today && one.due_on >= first && one.paid == Money::ZERO;
    let mut days: Vec<Date> = instalments.iter().filter(free).map(|one| one.due_on).collect();
    days.sort();
    days
}

/// What the customer wants: so much from the instalment due on `from`.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    pub amount: Money,
    pub from: Date,
    pub today: Date,
    pub lead_days: i64,
}

/// `id` is the new schedule's; the old one ends where it starts. Instalments already paid, even in part, stay as they are.
pub fn change(
    id: ScheduleId,
    old: &Schedule,
    instalments: &[Instalment],
    wish: Wish,
    limits: Limits,
) -> Result<Changed, AdvanceError> {
    if !limits.allow(wish.amount) {
        return Err(AdvanceError::OutOfRange(limits));
    }
    if old.method == PaymentMethod::Sipo && wish.amount.0 % 100 != 0 {
        return Err(AdvanceError::WholeCrowns);
    }
    let days = changeable(instalments, wish.today, wish.lead_days);
    if !days.contains(&wish.from) {
        return Err(AdvanceError::NotAhead { first: days.first().copied() });
    }
    let changes = |one: &Instalment| one.due_on >= wish.from && days.contains(&one.due_on) && one.paid == Money::ZERO;
    let renewed = |one: &Instalment| match changes(one) {
        true => Instalment { schedule: id, amount: wish.amount, ..one.clone() },
        false => one.clone(),
    };
    let renewed: Vec<Instalment> = instalments.iter().map(renewed).collect();
    if instalments.iter().filter(|one| changes(one)).all(|one| one.amount == wish.amount) {
        return Err(AdvanceError::Unchanged);
    }
    let sum = |instalments: &[Instalment]| instalments.iter().map(|one| one.amount).sum::<Money>();
    let difference = sum(&renewed) - sum(instalments);
    let schedule = Schedule { id, valid_from: wish.from, amount: wish.amount, ..old.clone() };
    Ok(Changed { schedule, instalments: renewed, difference })
}

#[cfg(test)]
mod tests {
    use super::super::calendar::month_start;
    use super::super::ids::{CustomerId, SupplyPointId};
    use super::*;
    use proptest::prelude::*;
    use time::macros::date;

    const TODAY: Date = date!(2026 - 11 - 23);
    const LIMITS: Limits = Limits { minimum: Money(48_200), maximum: Money(1_510_000) };

    fn schedule(method: PaymentMethod) -> (Schedule, Vec<Instalment>) {
        let schedule = Schedule {
            id: ScheduleId::new(),
            customer: CustomerId::new(),
            supply_point: SupplyPointId::new(),
            valid_from: date!(2026 - 11 - 01),
            amount: Money(300_000),
            interval_months: 1,
            method,
            variable_symbol: "1".into(),
        };
        let one = |month| Instalment {
            schedule: schedule.id,
            customer: schedule.customer,
            supply_point: schedule.supply_point,
            due_on: month_start(date!(2026 - 11 - 01), month) + Duration::days(14),
            amount: schedule.amount,
            method,
            variable_symbol: "1".into(),
            paid: if month == 0 { schedule.amount } else { Money::ZERO },
            paid_on: None,
        };
        let instalments = (0..12).map(one).collect();
        (schedule, instalments)
    }

    fn wish(amount: i64) -> Wish {
        Wish { amount: Money(amount), from: date!(2027 - 01 - 15), today: TODAY, lead_days: 10 }
    }

    fn changed(method: PaymentMethod, wish: Wish) -> Result<Changed, AdvanceError> {
        let (old, instalments) = schedule(method);
        change(ScheduleId::new(), &old, &instalments, wish, LIMITS)
    }

    #[test]
    fn the_range_is_from_the_standing_charges_to_five_times_the_recommended() {
        let found = Recommendation { recommended: Money(302_000), minimum: Money(48_200) };
        assert_eq!(Limits::new(found, 1, None), LIMITS);
        let quarterly = Limits::new(found, 3, Some(Money(1_000_000)));
        assert_eq!((quarterly.minimum, quarterly.maximum), (Money(144_600), Money(3_000_000)));
        assert_eq!(Limits::new(found, 1, Some(Money(1))).maximum, Money(48_200));
    }

    #[test]
    fn the_amount_lies_in_the_range_and_is_another_than_now() {
        for amount in [-100_000, 0, 48_199, 1_510_001, 100_000_000] {
            assert_eq!(
                changed(PaymentMethod::Transfer, wish(amount)),
                Err(AdvanceError::OutOfRange(LIMITS)),
                "{amount}"
            );
        }
        assert_eq!(changed(PaymentMethod::Transfer, wish(300_000)), Err(AdvanceError::Unchanged));
        assert_eq!(changed(PaymentMethod::Sipo, wish(250_050)), Err(AdvanceError::WholeCrowns));
        assert!(changed(PaymentMethod::Transfer, wish(250_050)).is_ok());
    }

    #[test]
    fn a_change_takes_the_instalments_from_its_day_on() {
        let changed = changed(PaymentMethod::Transfer, wish(250_000)).unwrap();
        let amounts: Vec<i64> = changed.instalments.iter().map(|one| one.amount.0).collect();
        assert_eq!(amounts[..2], [300_000; 2]);
        assert_eq!(amounts[2..], [250_000; 10]);
        assert_eq!(changed.difference, Money(-500_000));
        assert_eq!((changed.schedule.valid_from, changed.schedule.amount), (date!(2027 - 01 - 15), Money(250_000)));
        let ids: Vec<bool> = changed.instalments.iter().map(|one| one.schedule == changed.schedule.id).collect();
        assert_eq!((ids[1], ids[2]), (false, true));
    }

    #[test]
    fn what_is_due_too_soon_paid_or_unknown_cannot_change() {
        for from in [date!(2026 - 11 - 15), date!(2027 - 01 - 16), date!(2028 - 01 - 15)] {
            let refused = changed(PaymentMethod::Transfer, Wish { from, ..wish(250_000) });
            assert_eq!(refused, Err(AdvanceError::NotAhead { first: Some(date!(2026 - 12 - 15)) }), "{from}");
        }
        let soon = Wish { lead_days: 23, from: date!(2026 - 12 - 15), ..wish(250_000) };
        assert_eq!(
            changed(PaymentMethod::Transfer, soon),
            Err(AdvanceError::NotAhead { first: Some(date!(2027 - 01 - 15)) })
        );
    }

    proptest! {
        #[test]
        fn the_difference_is_that_of_the_changed_instalments(amount in 48_200_i64..1_510_000, at in 1_usize..12) {
            let (old, instalments) = schedule(PaymentMethod::Transfer);
            let wish = Wish { from: instalments[at].due_on, ..wish(amount) };
            if let Ok(changed) = change(ScheduleId::new(), &old, &instalments, wish, LIMITS) {
                prop_assert_eq!(changed.difference.0, (amount - 300_000) * (12 - at as i64));
                prop_assert_eq!(changed.instalments.len(), instalments.len());
            }
        }
    }
}

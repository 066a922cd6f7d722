//! Office visits (*návštěva obchodní kanceláře*): which slots of a day are free. All times are the office's own clock; that a slot is won
//! by one only is the row's business.
use super::calendar::is_holiday;
use super::supply_points::Address;
use time::{Date, Duration, PrimitiveDateTime, Time};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// The word in routes and rows.
    pub key: String,
    pub name: String,
    pub address: Address,
    /// From Monday to Sunday; an empty day is closed.
    pub hours: [Vec<Opening>; 7],
    pub slot_minutes: u16,
    /// Visits at once.
    pub capacity: u16,
    /// A slot is offered until so many minutes before.
    pub lead_minutes: i64,
    /// And from so many days ahead.
    pub ahead_days: i64,
    pub topics: Vec<Topic>,
    /// Closed besides public holidays.
    pub closed: Vec<Date>,
}

/// What a visit is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    pub key: String,
    pub name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    pub from: Time,
    pub to: Time,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    pub starts_at: PrimitiveDateTime,
    pub ends_at: PrimitiveDateTime,
    /// Visits that still fit.
    pub free: u16,
}

/// Why a visit cannot start then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotError {
    /// No slot starts then: closed, or between two slots.
    NotOffered,
    /// Past, or nearer than the office can arrange.
    TooSoon,
    TooFar,
    /// All places are taken.
    Taken,
}

impl Office {
    pub fn is_open_on(&self, day: Date) -> bool {
        !is_holiday(day) && !self.closed.contains(&day) && !self.hours_on(day).is_empty()
    }

    fn hours_on(&self, day: Date) -> &[Opening] {
        &self.hours[usize::from(day.weekday().number_days_from_monday())]
    }

    /// All slots of a day whether free or not; a rest shorter than a slot is not one. `taken`: the starts of the visits booked.
    fn slots(&self, day: Date, taken: &[PrimitiveDateTime]) -> Vec<Slot> {
        let length = Duration::minutes(i64::from(self.slot_minutes.max(1)));
        let mut slots = Vec::new();
        for opening in self.hours_on(day).iter().filter(|_| self.is_open_on(day)) {
            let end = PrimitiveDateTime::new(day, opening.to);
            let mut starts_at = PrimitiveDateTime::new(day, opening.from);
            while starts_at + length <= end {
                let booked = taken.iter().filter(|taken| **taken == starts_at).count();
                let free = self.capacity.saturating_sub(u16::try_from(booked).unwrap_or(u16::MAX));
                slots.push(Slot { starts_at, ends_at: starts_at + length, free });
                starts_at += length;
            }
        }
        slots
    }

    /// Slots one can still book, by their start.
    pub fn free_slots(&self, day: Date, taken: &[PrimitiveDateTime], now: PrimitiveDateTime) -> Vec<Slot> {
        let mut slots = self.slots(day, taken);
        slots.retain(|slot| self.judge(slot, now).is_ok());
        slots.sort_by_key(|slot| slot.starts_at);
        slots
    }

    /// The slot that starts then, or why it cannot be had.
    pub fn slot_at(
        &self,
        starts_at: PrimitiveDateTime,
        taken: &[PrimitiveDateTime],
        now: PrimitiveDateTime,
    ) -> Result<Slot, SlotError> {
        let slots = self.slots(starts_at.date(), taken);
        let slot = slots.into_iter().find(|slot| slot.starts_at == starts_at).ok_or(SlotError::NotOffered)?;
        self.judge(&slot, now).map(|()| slot)
    }

    fn judge(&self, slot: &Slot, now: PrimitiveDateTime) -> Result<(), SlotError> {
        // A slot that has begun is past, whatever the lead.
        let from = now + Duration::minutes(self.lead_minutes.max(0));
        let last = now.date() + Duration::days(self.ahead_days);
        match slot {
            _ if slot.starts_at <= now || slot.starts_at < from => Err(SlotError::TooSoon),
            _ if slot.starts_at.date() > last => Err(SlotError::TooFar),
            _ if slot.free == 0 => Err(SlotError::Taken),
            _ => Ok(()),
        }
    }

    pub fn has_topic(&self, key: &str) -> bool {
        self.topics.iter().any(|topic| topic.key == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::{date, datetime, time};

    const MONDAY: Date = date!(2026 - 11 - 23);

    fn office() -> Office {
        let whole =
            vec![Opening { from: time!(08:00), to: time!(12:00) }, Opening { from: time!(13:00), to: time!(15:10) }];
        let morning = vec![Opening { from: time!(08:00), to: time!(09:00) }];
        let address = Address { street: "Vzorová 1".into(), city: "Praha".into(), postcode: "110 00".into() };
        Office {
            key: "praha".into(),
            name: "Praha".into(),
            address,
            hours: [whole.clone(), whole.clone(), whole.clone(), whole, morning, vec![], vec![]],
            slot_minutes: 20,
            capacity: 2,
            lead_minutes: 60,
            ahead_days: 30,
            topics: vec![Topic { key: "invoice".into(), name: "Faktura".into() }],
            closed: vec![date!(2026 - 11 - 25)],
        }
    }

    fn starts(day: Date, taken: &[PrimitiveDateTime], now: PrimitiveDateTime) -> Vec<Time> {
        office().free_slots(day, taken, now).iter().map(|slot| slot.starts_at.time()).collect()
    }

    const SUNDAY_NOON: PrimitiveDateTime = datetime!(2026-11-22 12:00);

    #[test]
    fn a_day_has_its_slots_and_no_half_ones() {
        let all = starts(MONDAY, &[], SUNDAY_NOON);
        assert_eq!((all.len(), all.first(), all.last()), (18, Some(&time!(08:00)), Some(&time!(14:40))));
        assert_eq!(starts(date!(2026 - 11 - 27), &[], SUNDAY_NOON), [time!(08:00), time!(08:20), time!(08:40)]);
    }

    #[test]
    fn weekends_holidays_and_closed_days_have_none() {
        for day in [date!(2026 - 11 - 28), date!(2026 - 11 - 25), date!(2026 - 11 - 17)] {
            assert!(!office().is_open_on(day), "{day}");
            assert_eq!(starts(day, &[], datetime!(2026-11-10 12:00)), [] as [Time; 0], "{day}");
        }
    }

    #[test]
    fn a_slot_is_free_until_its_last_place_is_taken() {
        let at = datetime!(2026-11-23 08:00);
        let one = office().slot_at(at, &[at], SUNDAY_NOON).map(|slot| slot.free);
        assert_eq!(one, Ok(1));
        assert_eq!(office().slot_at(at, &[at, at], SUNDAY_NOON), Err(SlotError::Taken));
        assert_eq!(office().slot_at(at, &[at, at, at], SUNDAY_NOON), Err(SlotError::Taken));
        assert!(!starts(MONDAY, &[at, at], SUNDAY_NOON).contains(&time!(08:00)));
    }

    #[test]
    fn the_past_the_near_and_the_far_are_refused() {
        let at = |at| office().slot_at(at, &[], datetime!(2026-11-23 09:00));
        assert_eq!(at(datetime!(2026-11-23 08:00)), Err(SlotError::TooSoon));
        assert_eq!(at(datetime!(2026-11-23 09:40)), Err(SlotError::TooSoon));
        assert!(at(datetime!(2026-11-23 10:00)).is_ok());
        assert_eq!(at(datetime!(2026-11-23 10:05)), Err(SlotError::NotOffered));
        assert_eq!(at(datetime!(2026-11-23 12:00)), Err(SlotError::NotOffered));
        assert!(at(datetime!(2026-12-23 08:00)).is_ok());
        assert_eq!(at(datetime!(2026-12-28 08:00)), Err(SlotError::TooFar));
        assert!(office().has_topic("invoice") && !office().has_topic("other"));
    }

    proptest! {
        #[test]
        fn every_free_slot_can_be_had(minutes in 0_i64..60 * 24 * 40, day in 0_i64..60, taken in prop::collection::vec(0_i64..30, 0..20)) {
            let now = SUNDAY_NOON + Duration::minutes(minutes);
            let day = MONDAY + Duration::days(day);
            let taken: Vec<PrimitiveDateTime> = taken.iter().map(|at| PrimitiveDateTime::new(day, time!(08:00)) + Duration::minutes(at * 20)).collect();
            for slot in office().free_slots(day, &taken, now) {
                prop_assert!(slot.starts_at > now);
                prop_assert_eq!(office().slot_at(slot.starts_at, &taken, now), Ok(slot));
            }
        }
    }
}

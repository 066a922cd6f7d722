//! The clock: the only place that asks what time it is, so that a test can say. Zones by the IANA tables within the binary.
use jiff::tz::TimeZone;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, RwLock};
use time::{Date, OffsetDateTime, Time};

#[derive(Clone)]
pub struct Clock {
    source: Source,
    zones: Arc<RwLock<HashMap<String, TimeZone>>>,
}

#[derive(Clone)]
enum Source {
    System,
    Fixed(Arc<Mutex<OffsetDateTime>>),
}

impl Clock {
    pub fn system() -> Clock {
        Clock { source: Source::System, zones: Arc::default() }
    }

    /// Stands still until [`Clock::set`]. Clones move together.
    pub fn fixed(at: OffsetDateTime) -> Clock {
        Clock { source: Source::Fixed(Arc::new(Mutex::new(at))), zones: Arc::default() }
    }

    /// Moves a fixed clock; the system's does not obey.
    pub fn set(&self, at: OffsetDateTime) {
        if let Source::Fixed(now) = &self.source {
            *now.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = at;
        }
    }

    /// UTC.
    pub fn now(&self) -> OffsetDateTime {
        match &self.source {
            Source::System => OffsetDateTime::now_utc(),
            Source::Fixed(now) => *now.lock().unwrap_or_else(|poisoned| poisoned.into_inner()),
        }
    }

    /// The day it is in the zone, for instance `Europe/Prague`.
    pub fn today(&self, zone: &str) -> Date {
        self.local(self.now(), zone).0
    }

    /// An instant as day and time of day in the zone. A zone nobody knows (tenant files are checked for that) counts as UTC.
    pub fn local(&self, at: OffsetDateTime, zone: &str) -> (Date, Time) {
        let Ok(instant) = jiff::Timestamp::from_second(at.unix_timestamp()) else { return (at.date(), at.time()) };
        let offset = self.zone(zone).to_offset(instant).seconds();
        let shifted = at.to_offset(time::UtcOffset::UTC) + time::Duration::seconds(i64::from(offset));
        (shifted.date(), shifted.time())
    }

    /// The instant at which the zone's clocks show that day and time; of a time shown twice the first, of one left out the one as far after.
    pub fn instant(&self, day: Date, time: Time, zone: &str) -> OffsetDateTime {
        let shown = time::PrimitiveDateTime::new(day, time).assume_utc();
        let Ok(as_utc) = jiff::Timestamp::from_second(shown.unix_timestamp()) else { return shown };
        let civil = jiff::tz::Offset::UTC.to_datetime(as_utc);
        let Ok(instant) = self.zone(zone).to_ambiguous_timestamp(civil).compatible() else { return shown };
        OffsetDateTime::from_unix_timestamp(instant.as_second()).unwrap_or(shown)
    }

    fn zone(&self, name: &str) -> TimeZone {
        let known = self.zones.read().unwrap_or_else(|poisoned| poisoned.into_inner()).get(name).cloned();
        known.unwrap_or_else(|| {
            let zone = TimeZone::get(name).unwrap_or(TimeZone::UTC);
            self.zones.write().unwrap_or_else(|poisoned| poisoned.into_inner()).insert(name.to_owned(), zone.clone());
            zone
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime, time};

    const PRAGUE: &str = "Europe/Prague";

    #[test]
    fn the_day_begins_in_the_zone_not_in_utc() {
        let clock = Clock::fixed(datetime!(2026-11-22 23:30 UTC));
        assert_eq!(clock.today(PRAGUE), date!(2026 - 11 - 23));
        assert_eq!(clock.today("UTC"), date!(2026 - 11 - 22));
        clock.set(datetime!(2026-11-22 22:59:59 UTC));
        assert_eq!(clock.clone().today(PRAGUE), date!(2026 - 11 - 22));
    }

    #[test]
    fn summer_time_begins_and_ends_when_it_does() {
        let clock = Clock::system();
        let local = |at| clock.local(at, PRAGUE);
        assert_eq!(local(datetime!(2026-03-29 00:59:59 UTC)), (date!(2026 - 03 - 29), time!(1:59:59)));
        assert_eq!(local(datetime!(2026-03-29 01:00:00 UTC)), (date!(2026 - 03 - 29), time!(3:00)));
        assert_eq!(local(datetime!(2026-10-25 00:30 UTC)), (date!(2026 - 10 - 25), time!(2:30)));
        assert_eq!(local(datetime!(2026-10-25 01:30 UTC)), (date!(2026 - 10 - 25), time!(2:30)));
    }

    #[test]
    fn a_local_time_is_one_instant_also_when_clocks_change() {
        let clock = Clock::system();
        let at = |day, time| clock.instant(day, time, PRAGUE);
        assert_eq!(at(date!(2026 - 11 - 30), time!(8:20)), datetime!(2026-11-30 07:20 UTC));
        assert_eq!(at(date!(2026 - 07 - 01), time!(8:20)), datetime!(2026-07-01 06:20 UTC));
        assert_eq!(at(date!(2026 - 10 - 25), time!(2:30)), datetime!(2026-10-25 00:30 UTC));
        assert_eq!(at(date!(2026 - 03 - 29), time!(2:30)), datetime!(2026-03-29 01:30 UTC));
    }

    #[test]
    fn an_outage_lasts_as_long_as_it_does_over_midnight_and_over_the_change_of_time() {
        let clock = Clock::system();
        for (from, to, starts_at, ends_at, minutes) in [
            (
                (date!(2026 - 09 - 07), time!(7:30)),
                (date!(2026 - 09 - 07), time!(15:00)),
                datetime!(2026-09-07 05:30 UTC),
                datetime!(2026-09-07 13:00 UTC),
                450,
            ),
            (
                (date!(2026 - 10 - 25), time!(1:30)),
                (date!(2026 - 10 - 25), time!(3:30)),
                datetime!(2026-10-24 23:30 UTC),
                datetime!(2026-10-25 02:30 UTC),
                180,
            ),
            (
                (date!(2026 - 09 - 07), time!(22:00)),
                (date!(2026 - 09 - 08), time!(2:00)),
                datetime!(2026-09-07 20:00 UTC),
                datetime!(2026-09-08 00:00 UTC),
                240,
            ),
        ] {
            let at = |(day, time)| clock.instant(day, time, PRAGUE);
            assert_eq!((at(from), at(to)), (starts_at, ends_at));
            assert_eq!((at(to) - at(from)).whole_minutes(), minutes);
        }
    }

    #[test]
    fn an_unknown_zone_is_utc() {
        let at = datetime!(2026-06-01 12:00 UTC);
        assert_eq!(Clock::system().local(at, "Mars/Olympus"), (at.date(), at.time()));
    }
}

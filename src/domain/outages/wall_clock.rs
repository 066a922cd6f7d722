//! What clocks on the wall show, and the instants they mean: a time that the change to summer time leaves out is none, one that comes twice
//! is the first of the two.
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoInstant {
    #[error("clocks never show {0}")]
    LeftOut(PrimitiveDateTime),
    #[error("no such time zone")]
    Zone,
}

/// UTC of what clocks of the zone (`Europe/Prague`) show.
pub fn instant(day: Date, clock: Time, zone: &str) -> Result<OffsetDateTime, NoInstant> {
    let shown = PrimitiveDateTime::new(day, clock);
    let zone = TimeZone::get(zone).map_err(|_| NoInstant::Zone)?;
    let civil = civil(shown).ok_or(NoInstant::LeftOut(shown))?;
    let seconds = match zone.to_ambiguous_timestamp(civil).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.seconds(),
        AmbiguousOffset::Fold { before, .. } => before.seconds(),
        AmbiguousOffset::Gap { .. } => return Err(NoInstant::LeftOut(shown)),
    };
    Ok(shown.assume_utc() - time::Duration::seconds(seconds.into()))
}

/// Day and time that clocks of the zone show at the instant.
pub fn shown(at: OffsetDateTime, zone: &str) -> Result<PrimitiveDateTime, NoInstant> {
    let zone = TimeZone::get(zone).map_err(|_| NoInstant::Zone)?;
    let instant = jiff::Timestamp::from_second(at.unix_timestamp()).map_err(|_| NoInstant::Zone)?;
    let moved = at.to_offset(time::UtcOffset::UTC) + time::Duration::seconds(zone.to_offset(instant).seconds().into());
    Ok(PrimitiveDateTime::new(moved.date(), moved.time()))
}

/// Clocks show the same an hour before or after: the night they are put back.
pub fn is_shown_twice(at: OffsetDateTime, zone: &str) -> bool {
    let here = shown(at, zone);
    let other = |moved: OffsetDateTime| here.is_ok() && shown(moved, zone) == here;
    other(at + time::Duration::HOUR) || other(at - time::Duration::HOUR)
}

fn civil(shown: PrimitiveDateTime) -> Option<DateTime> {
    let as_utc = jiff::Timestamp::from_second(shown.assume_utc().unix_timestamp()).ok()?;
    Some(Offset::UTC.to_datetime(as_utc))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime, time};

    const PRAGUE: &str = "Europe/Prague";

    #[test]
    fn an_outage_lasts_as_long_as_clocks_in_prague_say() {
        let day = date!(2026 - 09 - 07);
        let from = instant(day, time!(7:30), PRAGUE).unwrap();
        let to = instant(day, time!(15:00), PRAGUE).unwrap();
        assert_eq!((from, to), (datetime!(2026-09-07 05:30 UTC), datetime!(2026-09-07 13:00 UTC)));
        assert_eq!((to - from).whole_minutes(), 7 * 60 + 30);

        let day = date!(2026 - 10 - 25);
        let from = instant(day, time!(1:30), PRAGUE).unwrap();
        let to = instant(day, time!(3:30), PRAGUE).unwrap();
        assert_eq!((from, to), (datetime!(2026-10-24 23:30 UTC), datetime!(2026-10-25 02:30 UTC)));
        assert_eq!((to - from).whole_hours(), 3);
    }

    #[test]
    fn a_time_left_out_is_refused_and_one_shown_twice_is_the_first() {
        let gap = instant(date!(2026 - 03 - 29), time!(2:30), PRAGUE);
        assert_eq!(gap, Err(NoInstant::LeftOut(datetime!(2026-03-29 02:30))));
        assert_eq!(instant(date!(2026 - 10 - 25), time!(2:30), PRAGUE), Ok(datetime!(2026-10-25 00:30 UTC)));
        assert_eq!(instant(date!(2026 - 10 - 25), time!(2:30), "Nowhere/At_All"), Err(NoInstant::Zone));
        assert_eq!(shown(datetime!(2026-09-07 05:30 UTC), PRAGUE), Ok(datetime!(2026-09-07 07:30)));
        let twice = |at| is_shown_twice(at, PRAGUE);
        assert!(twice(datetime!(2026-10-25 00:30 UTC)) && twice(datetime!(2026-10-25 01:30 UTC)));
        assert!(!twice(datetime!(2026-10-24 23:30 UTC)) && !twice(datetime!(2026-10-25 02:00 UTC)));
    }
}

//! Outages (*odstávky*): when, why and where there will be no electricity, and whether it was said in time. The duty to announce is the
//! distributor's; what stands here is told "according to the distributor".
mod announcement;
pub mod import;
mod matching;
mod numbers;
mod wall_clock;
pub mod written;

pub use announcement::{Announcement, NOTICE_DAYS, SWITCHING, announcement, announcement_due};
pub use matching::{AreaKey, AreaKind, Door, Matcher, Town, folded, place_of, street_key, town_key};
pub use numbers::{NoNumber, Number, Numbers};
pub use wall_clock::{NoInstant, instant, is_shown_twice, shown};

use super::ids::OutageId;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::hash::Hash;
use time::{Duration, OffsetDateTime};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutageKind {
    Planned,
    /// It broke down (*porucha*): shown, and nobody is told beforehand.
    Fault,
}

/// Whose number it bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// It came in a file, by the interface or from a feed: the distributor's number.
    Distributor,
    /// Written down at the desk: our own number.
    Desk,
}

/// A parcel of land (*parcela*): code of the cadastral territory, number as `st. 12/3` or `1123/2`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Parcel {
    pub cadastral_code: String,
    pub plot: String,
}

/// One line of a list of places: a municipality whole, a part or a street of it, or only some numbers there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    pub municipality: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub part: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub street: String,
    /// *Čísla popisná.*
    #[serde(default, skip_serializing_if = "Numbers::is_empty")]
    pub house_numbers: Numbers,
    /// *Čísla evidenční.*
    #[serde(default, skip_serializing_if = "Numbers::is_empty")]
    pub evidence_numbers: Numbers,
    /// *Čísla orientační.*
    #[serde(default, skip_serializing_if = "Numbers::is_empty")]
    pub orientation_numbers: Numbers,
}

/// Where it is: a supply point is touched by its EAN, else by its address, else by its parcel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Areas {
    #[serde(default)]
    pub eans: Vec<String>,
    #[serde(default)]
    pub addresses: Vec<Place>,
    #[serde(default)]
    pub parcels: Vec<Parcel>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outage {
    pub id: OutageId,
    pub source: Source,
    /// Unique within the source.
    pub number: String,
    /// From 1 on; the higher one counts. Of what is handed in, the source's number or [`UNNUMBERED`]; of what stands, ours, which the desk's
    /// changes raise too.
    pub version: i32,
    pub kind: OutageKind,
    pub starts_at: OffsetDateTime,
    pub ends_at: OffsetDateTime,
    pub is_cancelled: bool,
    pub reason: String,
    /// In a few words, for a list and a message.
    pub place: String,
    /// The distributor as the notices name it; may be empty.
    pub distributor: String,
    /// When the distributor made it known.
    pub announced_at: OffsetDateTime,
    pub areas: Areas,
}

/// The version of a source that has none: it is a new one where it says something new.
pub const UNNUMBERED: i32 = 0;

/// By which ways a supplier tells of outages; what its contract or a toggle leaves out is not sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Channels {
    pub mail: bool,
    pub sms: bool,
}

/// Where an outage stands in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Coming,
    Running,
    Over,
    Cancelled,
}

/// What an outage cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It ends before it starts, or at once.
    Ends,
    /// Longer than [`LONGEST`].
    TooLong,
    /// It starts further ahead than [`FURTHEST`].
    TooFar,
    /// No EAN, address or parcel.
    Nowhere,
    /// More places than [`MOST_PLACES`].
    TooMany,
    Version,
}

pub const LONGEST: Duration = Duration::days(31);
pub const FURTHEST: Duration = Duration::days(731);
/// EANs, addresses and parcels of one outage together.
pub const MOST_PLACES: usize = 20_000;

impl OutageKind {
    pub const ALL: [OutageKind; 2] = [OutageKind::Planned, OutageKind::Fault];

    pub fn key(self) -> &'static str {
        match self {
            OutageKind::Planned => "planned",
            OutageKind::Fault => "fault",
        }
    }

    pub fn parse(key: &str) -> Option<OutageKind> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }
}

impl Source {
    pub fn key(self) -> &'static str {
        match self {
            Source::Distributor => "distributor",
            Source::Desk => "desk",
        }
    }

    pub fn parse(key: &str) -> Option<Source> {
        [Source::Distributor, Source::Desk].into_iter().find(|one| one.key() == key)
    }
}

impl Phase {
    pub fn key(self) -> &'static str {
        match self {
            Phase::Coming => "coming",
            Phase::Running => "running",
            Phase::Over => "over",
            Phase::Cancelled => "cancelled",
        }
    }
}

impl Areas {
    pub fn len(&self) -> usize {
        self.eans.len() + self.addresses.len() + self.parcels.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Outage {
    pub fn lasts(&self) -> Duration {
        self.ends_at - self.starts_at
    }

    pub fn phase(&self, now: OffsetDateTime) -> Phase {
        match () {
            () if self.is_cancelled => Phase::Cancelled,
            () if now >= self.ends_at => Phase::Over,
            () if now >= self.starts_at => Phase::Running,
            () => Phase::Coming,
        }
    }

    /// Everything that is wrong with it; empty when nothing is.
    pub fn wrong(&self, now: OffsetDateTime) -> Vec<Wrong> {
        let all = [
            (self.ends_at <= self.starts_at, Wrong::Ends),
            (self.lasts() > LONGEST, Wrong::TooLong),
            (self.starts_at > now + FURTHEST, Wrong::TooFar),
            (self.areas.is_empty(), Wrong::Nowhere),
            (self.areas.len() > MOST_PLACES, Wrong::TooMany),
            (self.version < UNNUMBERED, Wrong::Version),
        ];
        all.into_iter().filter(|(is_wrong, _)| *is_wrong).map(|(_, wrong)| wrong).collect()
    }

    /// What it and later tellings of it say together: the last one's times, and the places of all, for each may know only some of them.
    /// Whoever says it is cancelled is right.
    pub fn joined(&self, later: impl IntoIterator<Item = Outage>) -> Outage {
        fn add<T: Clone + Eq + Hash>(all: &mut Vec<T>, seen: &mut HashSet<T>, more: &[T]) {
            all.extend(more.iter().filter(|one| seen.insert((*one).clone())).cloned());
        }
        let (mut eans, mut addresses, mut parcels) = (HashSet::new(), HashSet::new(), HashSet::new());
        let mut whole = Outage { areas: Areas::default(), ..self.clone() };
        for one in std::iter::once(self.clone()).chain(later) {
            let mut areas = std::mem::take(&mut whole.areas);
            add(&mut areas.eans, &mut eans, &one.areas.eans);
            add(&mut areas.addresses, &mut addresses, &one.areas.addresses);
            add(&mut areas.parcels, &mut parcels, &one.areas.parcels);
            let reason = if one.reason.is_empty() { whole.reason } else { one.reason };
            whole = Outage { areas, reason, is_cancelled: whole.is_cancelled || one.is_cancelled, ..one };
        }
        whole.place = place_of(&whole.areas);
        whole
    }

    /// Says the same, whatever its id and the day it was announced on.
    pub fn says_what(&self, other: &Outage) -> bool {
        let told = |one: &Outage| (one.kind, one.starts_at, one.ends_at, one.is_cancelled);
        let words = |one: &Outage| (one.reason.clone(), one.place.clone(), one.distributor.clone());
        told(self) == told(other) && words(self) == words(other) && self.areas == other.areas
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    pub fn outage() -> Outage {
        Outage {
            id: OutageId::new(),
            source: Source::Distributor,
            number: "110060912345".into(),
            version: 1,
            kind: OutageKind::Planned,
            starts_at: datetime!(2026-12-20 07:00 UTC),
            ends_at: datetime!(2026-12-20 11:00 UTC),
            is_cancelled: false,
            reason: "Údržba vedení".into(),
            place: "Lhota".into(),
            distributor: "ČEZ Distribuce".into(),
            announced_at: datetime!(2026-11-24 07:00 UTC),
            areas: Areas { eans: vec!["859182400900000013".into()], ..Areas::default() },
        }
    }

    #[test]
    fn an_outage_that_cannot_be_is_refused() {
        let now = datetime!(2026-11-24 12:00 UTC);
        assert_eq!(outage().wrong(now), []);
        let mut one = outage();
        one.ends_at = one.starts_at;
        assert_eq!(one.wrong(now), [Wrong::Ends]);
        one.ends_at = one.starts_at + Duration::days(3_650);
        one.areas = Areas::default();
        assert_eq!(one.wrong(now), [Wrong::TooLong, Wrong::Nowhere]);
        (one.starts_at, one.ends_at) = (datetime!(2036-11-24 12:00 UTC), datetime!(2036-11-24 13:00 UTC));
        one.version = -1;
        assert_eq!(one.wrong(now), [Wrong::TooFar, Wrong::Nowhere, Wrong::Version]);
    }

    #[test]
    fn it_comes_runs_and_is_over() {
        let mut one = outage();
        assert_eq!(one.phase(one.starts_at - Duration::SECOND), Phase::Coming);
        assert_eq!(one.phase(one.starts_at), Phase::Running);
        assert_eq!(one.phase(one.ends_at), Phase::Over);
        one.is_cancelled = true;
        assert_eq!(one.phase(one.starts_at), Phase::Cancelled);
    }
}

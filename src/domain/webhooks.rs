//! What a supplier's other systems are told as it happens: the facts by name, what is said of each, who wants which, and how long the
//! secret before the present one still signs. `deploy/webhooks.md` says the same to whoever receives them.
use std::collections::BTreeSet;
use time::{Duration, OffsetDateTime};

/// A fact somebody outside may act on. What it says is enough to find the rest: references and states, nothing personal beyond the
/// customer's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fact {
    RequestCreated,
    RequestMoved,
    ReadingReported,
    ContactChanged,
    ContractConcluded,
    AdvanceChanged,
    AccountOpened,
    OutageRecorded,
    OutageChanged,
    OutageCancelled,
    TestPing,
}

impl Fact {
    pub const ALL: [Fact; 11] = [
        Fact::RequestCreated,
        Fact::RequestMoved,
        Fact::ReadingReported,
        Fact::ContactChanged,
        Fact::ContractConcluded,
        Fact::AdvanceChanged,
        Fact::AccountOpened,
        Fact::OutageRecorded,
        Fact::OutageChanged,
        Fact::OutageCancelled,
        Fact::TestPing,
    ];

    pub fn key(self) -> &'static str {
        match self {
            Fact::RequestCreated => "request.created",
            Fact::RequestMoved => "request.moved",
            Fact::ReadingReported => "reading.reported",
            Fact::ContactChanged => "contact.changed",
            Fact::ContractConcluded => "contract.concluded",
            Fact::AdvanceChanged => "advance.changed",
            Fact::AccountOpened => "account.opened",
            Fact::OutageRecorded => "outage.recorded",
            Fact::OutageChanged => "outage.changed",
            Fact::OutageCancelled => "outage.cancelled",
            Fact::TestPing => "test.ping",
        }
    }

    pub fn parse(text: &str) -> Option<Fact> {
        Self::ALL.into_iter().find(|one| one.key() == text)
    }

    /// The fields of `data`. Whatever else somebody puts in does not leave.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Fact::RequestCreated | Fact::RequestMoved => &["customer", "request", "kind", "state"],
            Fact::ReadingReported => &["customer", "request", "supply_point", "meter", "read_on"],
            Fact::ContactChanged => &["customer", "request", "changed"],
            Fact::ContractConcluded => &["customer", "request", "contract"],
            Fact::AdvanceChanged => &["customer", "request", "supply_point"],
            Fact::AccountOpened => &["customer", "account"],
            Fact::OutageRecorded | Fact::OutageChanged | Fact::OutageCancelled => {
                &["outage", "number", "source", "version", "kind", "starts_at", "ends_at", "place", "points"]
            }
            Fact::TestPing => &["endpoint"],
        }
    }

    /// What somebody can ask to be told; a ping comes when they press for it.
    pub fn can_be_chosen(self) -> bool {
        self != Fact::TestPing
    }
}

/// Which facts an endpoint wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Also those that are still to come.
    All,
    Some(BTreeSet<Fact>),
}

impl Wanted {
    pub fn has(&self, fact: Fact) -> bool {
        match self {
            Wanted::All => true,
            Wanted::Some(facts) => facts.contains(&fact),
        }
    }

    pub fn to_text(&self) -> String {
        match self {
            Wanted::All => "*".to_owned(),
            Wanted::Some(facts) => facts.iter().map(|fact| fact.key()).collect::<Vec<_>>().join(" "),
        }
    }

    /// A word that nobody knows any more is nothing anybody wants.
    pub fn parse(text: &str) -> Wanted {
        match text {
            "*" => Wanted::All,
            words => Wanted::Some(words.split(' ').filter_map(Fact::parse).collect()),
        }
    }
}

/// The secret before the present one signs so long too, so that the receiver changes it when it suits them.
pub const OVERLAP: Duration = Duration::hours(24);

/// Versions of the secret that sign now, the present one first.
pub fn signing_versions(version: i32, rotated_at: Option<OffsetDateTime>, now: OffsetDateTime) -> Vec<i32> {
    let overlaps = version > 1 && rotated_at.is_some_and(|at| now < at + OVERLAP);
    if overlaps { vec![version, version - 1] } else { vec![version] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn every_fact_has_its_own_name_and_says_something() {
        for fact in Fact::ALL {
            assert_eq!(Fact::parse(fact.key()), Some(fact));
            assert!(!fact.fields().is_empty());
        }
        assert_eq!(Fact::parse("request.deleted"), None);
    }

    #[test]
    fn who_wants_all_wants_what_is_still_to_come_and_who_chose_wants_that() {
        let some = Wanted::Some([Fact::RequestCreated, Fact::AccountOpened].into());
        assert_eq!(Wanted::parse(&some.to_text()), some);
        assert!(some.has(Fact::AccountOpened) && !some.has(Fact::RequestMoved));
        assert!(Fact::ALL.into_iter().all(|fact| Wanted::parse("*").has(fact)));
        assert_eq!(Wanted::parse("request.created gone.event"), Wanted::Some([Fact::RequestCreated].into()));
    }

    #[test]
    fn the_secret_before_signs_for_a_day() {
        let at = datetime!(2026-11-24 12:00 UTC);
        assert_eq!(signing_versions(1, None, at), [1]);
        assert_eq!(signing_versions(2, Some(at), at + Duration::hours(23)), [2, 1]);
        assert_eq!(signing_versions(2, Some(at), at + OVERLAP), [2]);
    }

    /// Whoever receives them reads the same list.
    #[test]
    fn the_catalogue_is_written_down_for_receivers() {
        let text = include_str!("../../deploy/webhooks.md");
        for fact in Fact::ALL {
            let line = text.lines().find(|line| line.starts_with(&format!("| `{}` |", fact.key())));
            let line = line.unwrap_or_else(|| panic!("{} is not written down", fact.key()));
            for field in fact.fields() {
                assert!(line.contains(&format!("`{field}`")), "{}: {field}", fact.key());
            }
        }
    }
}

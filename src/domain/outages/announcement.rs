//! By when a planned outage has to be announced: 15 days before it starts, unless it is switching of up to 20 minutes (Act 458/2000 Coll.,
//! § 25 (3) (c) 5). The duty is the distributor's; the supplier passes it on.
use super::{Outage, OutageKind};
use crate::domain::calendar::deadline;
use time::{Date, Duration};

pub const NOTICE_DAYS: i64 = 15;
pub const SWITCHING: Duration = Duration::minutes(20);

/// How it stands with the announcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Announcement {
    /// A fault, or too short for it.
    NotOwed,
    Kept(Date),
    Missed(Date),
}

/// The last day it may be announced on; none when it need not be. `starts_on`: in the supplier's zone.
pub fn announcement_due(outage: &Outage, starts_on: Date) -> Option<Date> {
    let is_owed = outage.kind == OutageKind::Planned && outage.lasts() > SWITCHING;
    is_owed.then(|| deadline(starts_on, -NOTICE_DAYS))
}

/// Both days in the supplier's zone.
pub fn announcement(outage: &Outage, starts_on: Date, announced_on: Date) -> Announcement {
    match announcement_due(outage, starts_on) {
        None => Announcement::NotOwed,
        Some(due) if announced_on <= due => Announcement::Kept(due),
        Some(due) => Announcement::Missed(due),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::outage;
    use super::*;
    use time::macros::{date, datetime};

    #[test]
    fn it_is_announced_fifteen_days_before_it_starts() {
        let mut one = outage();
        (one.starts_at, one.ends_at) = (datetime!(2026-12-20 07:00 UTC), datetime!(2026-12-20 11:00 UTC));
        let day = date!(2026 - 12 - 20);
        assert_eq!(announcement_due(&one, day), Some(date!(2026 - 12 - 05)));
        assert_eq!(announcement(&one, day, date!(2026 - 12 - 05)), Announcement::Kept(date!(2026 - 12 - 05)));
        assert_eq!(announcement(&one, day, date!(2026 - 12 - 06)), Announcement::Missed(date!(2026 - 12 - 05)));
    }

    #[test]
    fn switching_and_faults_need_none() {
        let mut one = outage();
        one.ends_at = one.starts_at + SWITCHING;
        assert_eq!(announcement_due(&one, date!(2026 - 12 - 20)), None);
        one.ends_at += Duration::SECOND;
        assert!(announcement_due(&one, date!(2026 - 12 - 20)).is_some());
        one.kind = OutageKind::Fault;
        assert_eq!(announcement(&one, date!(2026 - 12 - 20), date!(2026 - 12 - 20)), Announcement::NotOwed);
    }
}

//! Several people for one customer: what each of them may do, and until when.
use crate::domain::features::Role;
use time::Date;

/// What somebody may do for a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MemberRole {
    /// Everything, and says who else may.
    Owner,
    /// Everything but that.
    Manager,
    /// Looks and downloads.
    Reader,
}

impl MemberRole {
    pub const ALL: [MemberRole; 3] = [MemberRole::Owner, MemberRole::Manager, MemberRole::Reader];

    pub fn key(self) -> &'static str {
        match self {
            MemberRole::Owner => "owner",
            MemberRole::Manager => "manager",
            MemberRole::Reader => "reader",
        }
    }
    pub fn parse(key: &str) -> Option<MemberRole> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }
    /// As whom they act on the customer's pages.
    pub fn role(self) -> Role {
        match self {
            MemberRole::Owner | MemberRole::Manager => Role::Customer,
            MemberRole::Reader => Role::Reader,
        }
    }
}

/// Whether a right that ends with the day `until` still holds on `day`.
pub fn holds(until: Option<Date>, day: Date) -> bool {
    until.is_none_or(|last| day <= last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn a_right_holds_through_its_last_day() {
        let last = Some(date!(2026 - 11 - 24));
        assert!(holds(last, date!(2026 - 11 - 24)) && !holds(last, date!(2026 - 11 - 25)));
        assert!(holds(None, date!(9999 - 12 - 31)));
    }

    #[test]
    fn only_who_reads_acts_as_a_reader() {
        let readers = MemberRole::ALL.into_iter().filter(|one| one.role() == Role::Reader).collect::<Vec<_>>();
        assert_eq!(readers, [MemberRole::Reader]);
        assert!(MemberRole::ALL.into_iter().all(|one| MemberRole::parse(one.key()) == Some(one)));
    }
}

//! Where a contract stands on its way from a draft to two signatures, and who may move it there.

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContractState {
    Draft,
    /// Complete; it has its number.
    Submitted,
    /// On its way by mail, to be printed by the customer.
    Emailed,
    /// The customer wants it on paper.
    PrintAsked,
    Printed,
    Posted,
    /// It came back signed.
    Signed,
    Cancelled,
}

impl ContractState {
    pub const ALL: [ContractState; 8] = [
        ContractState::Draft,
        ContractState::Submitted,
        ContractState::Emailed,
        ContractState::PrintAsked,
        ContractState::Printed,
        ContractState::Posted,
        ContractState::Signed,
        ContractState::Cancelled,
    ];

    /// The word in rows, routes and texts.
    pub fn key(self) -> &'static str {
        match self {
            ContractState::Draft => "draft",
            ContractState::Submitted => "submitted",
            ContractState::Emailed => "emailed",
            ContractState::PrintAsked => "print_asked",
            ContractState::Printed => "printed",
            ContractState::Posted => "posted",
            ContractState::Signed => "signed",
            ContractState::Cancelled => "cancelled",
        }
    }

    pub fn parse(key: &str) -> Option<ContractState> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }

    /// Paper goes its way step by step and may be asked for again once it was posted; a signature may come at any time.
    pub fn may_become(self, next: ContractState) -> bool {
        use ContractState::{Cancelled, Draft, Emailed, Posted, PrintAsked, Printed, Signed, Submitted};
        match next {
            Draft => false,
            Submitted => self == Draft,
            Emailed => self == Submitted,
            PrintAsked => matches!(self, Submitted | Emailed | Posted),
            Printed => self == PrintAsked,
            Posted => self == Printed,
            Signed | Cancelled => !matches!(self, Draft | Signed | Cancelled),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ContractState::{self, *};

    #[test]
    fn every_state_has_its_word() {
        assert!(ContractState::ALL.into_iter().all(|state| ContractState::parse(state.key()) == Some(state)));
        assert_eq!(ContractState::parse("lost"), None);
    }

    #[test]
    fn paper_is_asked_for_printed_and_posted_in_this_order() {
        let way = [Draft, Submitted, Emailed, PrintAsked, Printed, Posted, Signed];
        assert!(way.windows(2).all(|pair| pair[0].may_become(pair[1])));
        assert!(!Emailed.may_become(Printed) && !PrintAsked.may_become(Posted) && !Draft.may_become(PrintAsked));
        assert!(Posted.may_become(PrintAsked), "what was lost in the post is printed again");
    }

    #[test]
    fn what_is_signed_or_cancelled_stays_so() {
        for next in ContractState::ALL {
            assert!(!Signed.may_become(next) && !Cancelled.may_become(next), "{next:?}");
        }
    }
}

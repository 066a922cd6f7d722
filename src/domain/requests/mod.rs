//! Requests (*požadavky*): the one mechanism behind every change a customer asks for: what it is about, how it is handled, where it stands.
//! The words of each are in the texts; what a kind needs besides is in the file of its own noun.
mod reference;
mod terms;

pub use reference::{Reference, ReferenceError};
pub use terms::{Term, Urgency, deadline, decide_by, term_of, urgency, working_days_left};

use super::features::Feature;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum RequestKind {
    Contact,
    MailingAddress,
    MasterData,
    Advance,
    PaymentMethod,
    BankAccount,
    Tariff,
    Breaker,
    ExtraordinarySettlement,
    Reading,
    Question,
    Form,
    Appointment,
    Representative,
    Contract,
    Complaint,
    Refund,
    Access,
    Erasure,
}

/// Keys as suppliers' files write them under `[processing]`. A contract belongs to two features, access to several, a complaint and a refund to none.
const KINDS: [(RequestKind, &str, Option<Feature>); 19] = [
    (RequestKind::Contact, "contact", Some(Feature::ChangeContactDetails)),
    (RequestKind::MailingAddress, "mailing_address", Some(Feature::ChangeContactAddress)),
    (RequestKind::MasterData, "master_data", Some(Feature::ChangeMasterDataNontechnical)),
    (RequestKind::Advance, "advance", Some(Feature::ChangeAdvanceAmount)),
    (RequestKind::PaymentMethod, "payment_method", Some(Feature::ChangePaymentMethod)),
    (RequestKind::BankAccount, "bank_account", Some(Feature::ChangeBankDetails)),
    (RequestKind::Tariff, "tariff", Some(Feature::ChangeTariffRate)),
    (RequestKind::Breaker, "breaker", Some(Feature::ChangeBreakerSize)),
    (RequestKind::ExtraordinarySettlement, "extraordinary_settlement", Some(Feature::RequestExtraordinarySettlement)),
    (RequestKind::Reading, "reading", Some(Feature::ReadingSelfReport)),
    (RequestKind::Question, "question", Some(Feature::AskQuestion)),
    (RequestKind::Form, "form", Some(Feature::FormsElectronic)),
    (RequestKind::Appointment, "appointment", Some(Feature::BookOfficeVisit)),
    (RequestKind::Representative, "representative", Some(Feature::ContactSalesRepresentative)),
    (RequestKind::Contract, "contract", None),
    (RequestKind::Complaint, "complaint", None),
    (RequestKind::Refund, "refund", None),
    (RequestKind::Access, "access", None),
    (RequestKind::Erasure, "erasure", Some(Feature::LoginWithCredentials)),
];

impl RequestKind {
    pub const ALL: [RequestKind; KINDS.len()] = {
        let mut all = [RequestKind::Contact; KINDS.len()];
        let mut at = 0;
        while at < all.len() {
            all[at] = KINDS[at].0;
            at += 1;
        }
        all
    };

    /// The word in rows, routes, suppliers' files and texts.
    pub fn key(self) -> &'static str {
        KINDS[self as usize].1
    }
    pub fn parse(key: &str) -> Option<RequestKind> {
        KINDS.iter().find(|row| row.1 == key).map(|row| row.0)
    }
    /// The feature it belongs to, where there is exactly one.
    pub fn feature(self) -> Option<Feature> {
        KINDS[self as usize].2
    }
    /// A rate or a breaker is the distributor's to change: it always waits for people.
    pub fn needs_distributor(self) -> bool {
        matches!(self, RequestKind::Tariff | RequestKind::Breaker)
    }
}

/// How a supplier handles a kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Processing {
    Immediate,
    /// Immediate when the rules pass, else queued.
    Rules,
    Queue,
}

impl Processing {
    pub const ALL: [Processing; 3] = [Processing::Immediate, Processing::Rules, Processing::Queue];

    /// The word in suppliers' files and texts.
    pub fn key(self) -> &'static str {
        match self {
            Processing::Immediate => "immediate",
            Processing::Rules => "rules",
            Processing::Queue => "queue",
        }
    }

    pub fn parse(key: &str) -> Option<Processing> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }

    /// Whether this request takes effect at once. `rules_pass`: nothing about it needs a human eye.
    pub fn is_done_at_once(self, kind: RequestKind, rules_pass: bool) -> bool {
        match self {
            _ if kind.needs_distributor() => false,
            Processing::Immediate => true,
            Processing::Rules => rules_pass,
            Processing::Queue => false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequestState {
    New,
    InProgress,
    WaitingForCustomer,
    WaitingForDistributor,
    Done,
    Refused,
    Withdrawn,
}

/// Who moves a request on. The system: immediate processing, an import, a distributor's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    Customer,
    Staff,
    System,
}

impl RequestState {
    pub const ALL: [RequestState; 7] = [
        RequestState::New,
        RequestState::InProgress,
        RequestState::WaitingForCustomer,
        RequestState::WaitingForDistributor,
        RequestState::Done,
        RequestState::Refused,
        RequestState::Withdrawn,
    ];

    /// The word in rows, routes and texts.
    pub fn key(self) -> &'static str {
        match self {
            RequestState::New => "new",
            RequestState::InProgress => "in_progress",
            RequestState::WaitingForCustomer => "waiting_for_customer",
            RequestState::WaitingForDistributor => "waiting_for_distributor",
            RequestState::Done => "done",
            RequestState::Refused => "refused",
            RequestState::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(key: &str) -> Option<RequestState> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }

    pub fn is_open(self) -> bool {
        !matches!(self, RequestState::Done | RequestState::Refused | RequestState::Withdrawn)
    }

    /// Customers withdraw what is open, or answer; staff do the rest but withdraw; the system finishes, passes on and hears from the distributor.
    /// A final state stays; no state follows itself; nothing becomes new again.
    pub fn may_become(self, next: RequestState, by: Actor) -> bool {
        use RequestState::{Done, InProgress, New, Refused, WaitingForCustomer, WaitingForDistributor, Withdrawn};
        if !self.is_open() || self == next || next == New {
            return false;
        }
        match by {
            Actor::Customer => next == Withdrawn || (self, next) == (WaitingForCustomer, InProgress),
            Actor::Staff => next != Withdrawn,
            Actor::System => {
                let passes_on = (self, next) == (New, WaitingForDistributor);
                let is_answer = self == WaitingForDistributor && matches!(next, InProgress | Refused);
                next == Done || passes_on || is_answer
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RequestState::*;

    #[test]
    fn every_kind_state_and_way_has_its_word() {
        assert!(RequestKind::ALL.into_iter().enumerate().all(|(at, kind)| kind as usize == at));
        assert!(RequestKind::ALL.into_iter().all(|kind| RequestKind::parse(kind.key()) == Some(kind)));
        assert!(RequestState::ALL.into_iter().all(|state| RequestState::parse(state.key()) == Some(state)));
        assert!(Processing::ALL.into_iter().all(|way| Processing::parse(way.key()) == Some(way)));
        assert_eq!(RequestKind::parse("nothing"), None);
    }

    #[test]
    fn final_states_are_final_for_everyone() {
        for from in [Done, Refused, Withdrawn] {
            for next in RequestState::ALL {
                for by in [Actor::Customer, Actor::Staff, Actor::System] {
                    assert!(!from.may_become(next, by), "{from:?} {next:?} {by:?}");
                }
            }
        }
    }

    #[test]
    fn customers_withdraw_and_answer_and_nothing_else() {
        for from in RequestState::ALL {
            for next in RequestState::ALL {
                let may = (from.is_open() && next == Withdrawn) || (from, next) == (WaitingForCustomer, InProgress);
                assert_eq!(from.may_become(next, Actor::Customer), may, "{from:?} {next:?}");
            }
        }
    }

    #[test]
    fn staff_and_system_move_requests_on() {
        assert!(New.may_become(InProgress, Actor::Staff));
        assert!(InProgress.may_become(WaitingForDistributor, Actor::Staff));
        assert!(!InProgress.may_become(Withdrawn, Actor::Staff));
        assert!(!InProgress.may_become(New, Actor::Staff));
        assert!(New.may_become(Done, Actor::System));
        assert!(WaitingForDistributor.may_become(InProgress, Actor::System));
        assert!(!InProgress.may_become(Refused, Actor::System));
        assert!(!WaitingForCustomer.may_become(InProgress, Actor::System));
    }

    #[test]
    fn the_distributors_changes_are_never_immediate() {
        assert!(Processing::Immediate.is_done_at_once(RequestKind::Contact, false));
        assert!(Processing::Rules.is_done_at_once(RequestKind::Advance, true));
        assert!(!Processing::Rules.is_done_at_once(RequestKind::Advance, false));
        assert!(!Processing::Immediate.is_done_at_once(RequestKind::Breaker, true));
    }
}

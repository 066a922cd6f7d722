//! How well an account's owner is known, and what a supplier asks for before it lets them do what.
use crate::domain::features::{Area, Feature};
use serde::{Deserialize, Serialize};

/// What was proved once and stays proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Proof {
    /// A link by e-mail was followed.
    Email,
    /// A code came by text message to the number the supplier knows.
    Sms,
    /// A code or a password came by letter to the contract's address.
    Letter,
    /// Somebody at the supplier's saw an identity card.
    Branch,
}

impl Proof {
    pub const ALL: &'static [Proof] = &[Proof::Email, Proof::Sms, Proof::Letter, Proof::Branch];

    pub fn key(self) -> &'static str {
        match self {
            Proof::Email => "email",
            Proof::Sms => "sms",
            Proof::Letter => "letter",
            Proof::Branch => "branch",
        }
    }
    pub fn parse(key: &str) -> Option<Proof> {
        Self::ALL.iter().copied().find(|one| one.key() == key)
    }
    fn bit(self) -> i16 {
        1 << self as i16
    }
}

/// A set of them, as a row and a session keep it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Proofs(pub i16);

impl Proofs {
    /// Whoever was seen at a branch, or has all there is.
    pub const WHOLE: Proofs = Proofs(0b1111);

    pub fn of(all: &[Proof]) -> Proofs {
        all.iter().fold(Proofs::default(), |proofs, one| proofs.with(*one))
    }
    pub fn with(self, proof: Proof) -> Proofs {
        Proofs(self.0 | proof.bit())
    }
    pub fn has(self, proof: Proof) -> bool {
        self.0 & proof.bit() != 0
    }
    /// A stronger proof does for a weaker one: a card seen at a branch for a letter, a letter for a text message, that for a mail.
    pub fn are_enough_for(self, wanted: Proof) -> bool {
        Proof::ALL.iter().any(|one| *one >= wanted && self.has(*one))
    }
}

/// What is done, by how much harm a stranger could do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    Read,
    Contact,
    Money,
    Contract,
}

impl Class {
    pub const ALL: &'static [Class] = &[Class::Read, Class::Contact, Class::Money, Class::Contract];

    pub fn key(self) -> &'static str {
        match self {
            Class::Read => "read",
            Class::Contact => "contact",
            Class::Money => "money",
            Class::Contract => "contract",
        }
    }
    pub fn parse(key: &str) -> Option<Class> {
        Self::ALL.iter().copied().find(|one| one.key() == key)
    }

    /// Of a change made with the feature; looking is always [`Class::Read`].
    pub fn of(feature: Feature) -> Class {
        match feature {
            Feature::ChangeContactDetails
            | Feature::ChangeContactAddress
            | Feature::ChangeMasterDataNontechnical
            | Feature::AskQuestion
            | Feature::BookOfficeVisit
            | Feature::ContactSalesRepresentative
            | Feature::FormsElectronic => Class::Contact,
            Feature::ChangeAdvanceAmount
            | Feature::ChangePaymentMethod
            | Feature::ChangeBankDetails
            | Feature::RequestExtraordinarySettlement
            | Feature::RequestExtraordinarySettlementFree
            | Feature::AdvancesFlexibleByActualConsumption => Class::Money,
            Feature::ChangeTariffRate
            | Feature::ChangeBreakerSize
            | Feature::ContractDataEntry
            | Feature::ContractCreateOnline
            | Feature::ContractPrintAndPostOnDemand => Class::Contract,
            other if matches!(other.area(), Area::Requests | Area::Readings | Area::Alerts) => Class::Contact,
            _ => Class::Read,
        }
    }
}

/// What a supplier asks for each class; a class not named is open to whoever can sign in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Required {
    pub read: Option<Proof>,
    pub contact: Option<Proof>,
    pub money: Option<Proof>,
    pub contract: Option<Proof>,
}

impl Required {
    pub fn for_class(&self, class: Class) -> Option<Proof> {
        match class {
            Class::Read => self.read,
            Class::Contact => self.contact,
            Class::Money => self.money,
            Class::Contract => self.contract,
        }
    }
    pub fn set(&mut self, class: Class, proof: Proof) {
        let place = match class {
            Class::Read => &mut self.read,
            Class::Contact => &mut self.contact,
            Class::Money => &mut self.money,
            Class::Contract => &mut self.contract,
        };
        *place = Some(proof);
    }
    /// What is still to be proved before it may be done; none when it may.
    pub fn missing(&self, class: Class, proofs: Proofs) -> Option<Proof> {
        self.for_class(class).filter(|wanted| !proofs.are_enough_for(*wanted))
    }
    /// Somebody will want a letter: it is written as soon as there is an account.
    pub fn wants_letter(&self) -> bool {
        Class::ALL.iter().any(|class| self.for_class(*class) == Some(Proof::Letter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stronger_proof_does_for_a_weaker_one_and_not_the_other_way() {
        for (has, wanted) in Proof::ALL.iter().flat_map(|has| Proof::ALL.iter().map(move |wanted| (*has, *wanted))) {
            assert_eq!(Proofs::of(&[has]).are_enough_for(wanted), has >= wanted, "{has:?} for {wanted:?}");
        }
        assert!(!Proofs::default().are_enough_for(Proof::Email));
        assert!(Proof::ALL.iter().all(|one| Proofs::WHOLE.has(*one)));
    }

    #[test]
    fn reading_may_be_open_while_changes_wait_for_a_letter() {
        let mut rwe = Required { read: Some(Proof::Email), ..Required::default() };
        for class in [Class::Contact, Class::Money, Class::Contract] {
            rwe.set(class, Proof::Letter);
        }
        let mailed = Proofs::of(&[Proof::Email]);
        assert_eq!(rwe.missing(Class::Read, mailed), None);
        assert_eq!(rwe.missing(Class::Money, mailed), Some(Proof::Letter));
        assert_eq!(rwe.missing(Class::Money, mailed.with(Proof::Letter)), None);
        assert!(rwe.wants_letter() && !Required::default().wants_letter());
    }

    #[test]
    fn money_and_contracts_are_never_mere_reading() {
        assert_eq!(Class::of(Feature::ChangeBankDetails), Class::Money);
        assert_eq!(Class::of(Feature::ChangeBreakerSize), Class::Contract);
        assert_eq!(Class::of(Feature::ReadingSelfReport), Class::Contact);
        assert_eq!(Class::of(Feature::InfoInvoiceOverview), Class::Read);
        let mut changes = Feature::all().filter(|feature| feature.area() == Area::Requests);
        assert!(changes.all(|feature| Class::of(feature) != Class::Read));
    }
}

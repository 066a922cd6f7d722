//! Ways in: how somebody who is a supplier's customer comes by a log-in. A supplier has no way of its own: each is composed of what
//! identifies a person, who approves, how the username and the password reach their owner, and what else proves who it is.
mod afterwards;
mod devices;
mod gift;
mod identify;
mod issued;
mod members;
mod proofs;

pub use afterwards::AfterContract;
pub use devices::device;
pub use gift::Campaign;
pub use identify::{Identifier, KnownOf, Typed, Verdict, bare, compare};
pub use issued::{
    RECOVERY_LETTERS, activation_code, initial_password, normalised_code, recovery_code, spare_username,
    username_problem,
};
pub use members::{MemberRole, holds};
pub use proofs::{Class, Proof, Proofs, Required};

use super::features::Feature;

/// How a username or a first password reaches its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// The owner chooses it; nobody else ever sees it.
    OwnChoice,
    Email,
    RegisteredLetter,
    /// Handed over, on paper or as a link, by whoever sits opposite.
    Handover,
}

impl Delivery {
    pub const ALL: &'static [Delivery] =
        &[Delivery::OwnChoice, Delivery::Email, Delivery::RegisteredLetter, Delivery::Handover];

    pub fn key(self) -> &'static str {
        match self {
            Delivery::OwnChoice => "own-choice",
            Delivery::Email => "email",
            Delivery::RegisteredLetter => "registered-letter",
            Delivery::Handover => "handover",
        }
    }
    pub fn parse(key: &str) -> Option<Delivery> {
        Self::ALL.iter().copied().find(|one| one.key() == key)
    }
}

/// What is asked besides the data of a bill, where the supplier wants more than that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extra {
    /// A code by text message to the number the supplier knows.
    Sms,
    /// A code by letter to the contract's address.
    Letter,
    /// A person at the desk looks.
    Operator,
}

impl Extra {
    pub const ALL: &'static [Extra] = &[Extra::Sms, Extra::Letter, Extra::Operator];

    pub fn key(self) -> &'static str {
        match self {
            Extra::Sms => "sms",
            Extra::Letter => "letter",
            Extra::Operator => "operator",
        }
    }
    pub fn parse(key: &str) -> Option<Extra> {
        Self::ALL.iter().copied().find(|one| one.key() == key)
    }
}

/// What a supplier's document says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// What an applicant has to know; where none is named, the customer's number and the identifier of a supply point.
    pub identify_by: Vec<Identifier>,
    pub password: Option<Delivery>,
    pub username: Option<Delivery>,
    pub extra: Option<Extra>,
    pub email_required: bool,
    /// Where people are served in person.
    pub branches: Vec<String>,
}

impl Settings {
    pub fn identifiers(&self) -> Vec<Identifier> {
        match self.identify_by.is_empty() {
            true => vec![Identifier::CustomerNumber, Identifier::SupplyPoint],
            false => self.identify_by.clone(),
        }
    }
}

/// The way a stranger goes on the supplier's own pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    pub identify_by: Vec<Identifier>,
    /// Anything that does not fit ends it there; else a person sees what fits and decides.
    pub must_match: bool,
    /// A person at the supplier's approves.
    pub by_staff: bool,
    pub username: Delivery,
    pub password: Delivery,
    /// Asked once the address is known to be theirs.
    pub extra: Option<Extra>,
}

/// The features any of which opens the way.
pub const ON_LINE: &[Feature] = &[
    Feature::AccessSelfRegistration,
    Feature::AccessOnlineRequestForm,
    Feature::AccessInvoiceIdentification,
    Feature::AccessAutoEmailedPassword,
    Feature::AccessExtraVerification,
];

/// Where somebody goes on who was given a link: alone, or by whoever signed the contract with them.
pub const GOING_ON: &[Feature] = &[
    Feature::AccessSelfRegistration,
    Feature::AccessOnlineRequestForm,
    Feature::AccessInvoiceIdentification,
    Feature::AccessAutoEmailedPassword,
    Feature::AccessExtraVerification,
    Feature::AccessStaffRegistrationAtSigning,
];

/// The way by what is on now; none where nothing is. A form with an approval gives way to registering oneself, where both are on.
pub fn way(settings: &Settings, is_on: impl Fn(Feature) -> bool) -> Option<Way> {
    let is_own = is_on(Feature::AccessSelfRegistration);
    let is_automatic = is_on(Feature::AccessAutoEmailedPassword);
    let is_extra = is_on(Feature::AccessExtraVerification);
    let is_form = is_on(Feature::AccessOnlineRequestForm);
    let has_invoice = is_on(Feature::AccessInvoiceIdentification);
    if !(is_own || is_automatic || is_extra || is_form || has_invoice) {
        return None;
    }
    let chooses = is_on(Feature::AccessOwnCredentials);
    let by_letter = is_on(Feature::AccessPasswordByRegisteredLetter);
    let issued = |wanted: Option<Delivery>| match wanted {
        Some(Delivery::OwnChoice) if !chooses => Delivery::Email,
        Some(Delivery::RegisteredLetter) if !by_letter => Delivery::Email,
        Some(way) => way,
        None if chooses => Delivery::OwnChoice,
        None => Delivery::Email,
    };
    let by_staff = !is_own && !is_automatic && !is_extra;
    Some(Way {
        identify_by: settings.identifiers(),
        must_match: !by_staff || has_invoice,
        by_staff,
        // A name of one's own is no secret, so choosing one needs no feature.
        username: settings.username.unwrap_or(if chooses { Delivery::OwnChoice } else { Delivery::Email }),
        password: issued(settings.password),
        extra: is_extra.then_some(settings.extra.unwrap_or(Extra::Operator)),
    })
}

impl Way {
    /// Of whoever sits opposite: name and password are typed on the spot.
    pub fn handed_over() -> Way {
        Way {
            identify_by: Vec::new(),
            must_match: true,
            by_staff: false,
            username: Delivery::OwnChoice,
            password: Delivery::OwnChoice,
            extra: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(settings: &Settings, on: &[Feature]) -> Option<Way> {
        way(settings, |feature| on.contains(&feature))
    }

    #[test]
    fn without_a_feature_there_is_no_way() {
        assert_eq!(with(&Settings::default(), &[Feature::LoginWithCredentials]), None);
    }

    #[test]
    fn whoever_registers_alone_must_know_everything_and_may_choose() {
        let on = [Feature::AccessSelfRegistration, Feature::AccessOwnCredentials];
        let own = with(&Settings::default(), &on).expect("a way");
        assert!(own.must_match && !own.by_staff);
        assert_eq!((own.username, own.password, own.extra), (Delivery::OwnChoice, Delivery::OwnChoice, None));
        assert_eq!(own.identify_by, [Identifier::CustomerNumber, Identifier::SupplyPoint]);
    }

    #[test]
    fn an_issued_password_goes_by_the_suppliers_channel_and_by_mail_where_that_is_off() {
        let settings = Settings { password: Some(Delivery::RegisteredLetter), ..Settings::default() };
        let form = [Feature::AccessOnlineRequestForm, Feature::AccessInvoiceIdentification];
        let letter = [&form[..], &[Feature::AccessPasswordByRegisteredLetter]].concat();
        let way = with(&settings, &letter).expect("a way");
        assert!(way.by_staff && way.must_match);
        assert_eq!(way.password, Delivery::RegisteredLetter);
        assert_eq!(with(&settings, &form).expect("a way").password, Delivery::Email);
        let own = Settings { password: Some(Delivery::OwnChoice), ..Settings::default() };
        assert_eq!(with(&own, &[Feature::AccessSelfRegistration]).expect("a way").password, Delivery::Email);
    }

    #[test]
    fn a_form_alone_is_looked_at_by_people_who_see_what_fits() {
        let way = with(&Settings::default(), &[Feature::AccessOnlineRequestForm]).expect("a way");
        assert!(way.by_staff && !way.must_match);
    }

    #[test]
    fn one_switch_asks_for_more() {
        let settings = Settings { extra: Some(Extra::Sms), ..Settings::default() };
        let automatic = with(&settings, &[Feature::AccessAutoEmailedPassword]).expect("a way");
        assert_eq!((automatic.extra, automatic.by_staff), (None, false));
        let both = [Feature::AccessAutoEmailedPassword, Feature::AccessExtraVerification];
        assert_eq!(with(&settings, &both).expect("a way").extra, Some(Extra::Sms));
    }
}

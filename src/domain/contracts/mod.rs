//! New contracts (*smlouva o dodávce*): what is asked in which step, what was typed so far, and the contract when all of it is right.
mod check;
mod number;
mod state;
#[cfg(test)]
mod tests;

pub use check::{complete, missing, problems};
pub use number::{contract_number, parse_contract_number};
pub use state::ContractState;

use super::payment_methods::Chosen;
use super::payments::PaymentMethod;
use super::supply_points::{Address, Breaker, Commodity};
use time::Date;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    Person,
    Point,
    Product,
    Payment,
    Review,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    Name,
    BirthDate,
    CompanyId,
    VatId,
    Email,
    Phone,
    MailingStreet,
    MailingCity,
    MailingPostcode,
    SupplyStreet,
    SupplyCity,
    SupplyPostcode,
    Commodity,
    Code,
    Rate,
    Breaker,
    ExpectedKwh,
    Product,
    StartOn,
    Method,
    Account,
    Sipo,
    Consent,
}

/// Everything as typed, saved as one goes; an empty string is not given yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    pub is_company: bool,
    pub name: String,
    /// Of a person.
    pub birth_date: String,
    /// Of a company: IČO, and DIČ if it has one.
    pub company_id: String,
    pub vat_id: String,
    pub email: String,
    /// May stay empty.
    pub phone: String,
    /// All three empty: letters go to the supply address.
    pub mailing: TypedAddress,
    pub supply: TypedAddress,
    pub commodity: Option<Commodity>,
    /// EAN of electricity, EIC of gas.
    pub code: String,
    /// Electricity: `D25d` and `3x25`.
    pub rate: String,
    pub breaker: String,
    /// Gas: kWh a year.
    pub expected_kwh: String,
    pub product: String,
    pub start_on: String,
    pub method: Option<PaymentMethod>,
    pub account: String,
    pub sipo: String,
    /// The terms were agreed to.
    pub has_consented: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedAddress {
    pub street: String,
    pub city: String,
    pub postcode: String,
}

/// What the supplier offers on the day.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    pub today: Date,
    /// A supply starts so many days ahead at the soonest, and a year at the latest.
    pub lead_days: i64,
    pub products: &'a [(String, Commodity)],
    pub methods: &'a [PaymentMethod],
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Party {
    Person { name: String, birth_date: Date },
    Company { name: String, company_id: String, vat_id: Option<String> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Technical {
    Electricity { rate: String, breaker: Breaker },
    Gas { expected_kwh: i64 },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    pub party: Party,
    pub email: String,
    pub phone: Option<String>,
    pub mailing: Address,
    pub supply: Address,
    pub code: String,
    pub technical: Technical,
    pub product: String,
    pub starts_on: Date,
    pub payment: Chosen,
}

impl Step {
    pub const ALL: [Step; 5] = [Step::Person, Step::Point, Step::Product, Step::Payment, Step::Review];

    /// The word in routes and texts.
    pub fn key(self) -> &'static str {
        match self {
            Step::Person => "person",
            Step::Point => "point",
            Step::Product => "product",
            Step::Payment => "payment",
            Step::Review => "review",
        }
    }

    pub fn parse(key: &str) -> Option<Step> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }
}

impl Field {
    /// The name in forms and texts.
    pub fn key(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::BirthDate => "birth_date",
            Field::CompanyId => "company_id",
            Field::VatId => "vat_id",
            Field::Email => "email",
            Field::Phone => "phone",
            Field::MailingStreet => "mailing_street",
            Field::MailingCity => "mailing_city",
            Field::MailingPostcode => "mailing_postcode",
            Field::SupplyStreet => "supply_street",
            Field::SupplyCity => "supply_city",
            Field::SupplyPostcode => "supply_postcode",
            Field::Commodity => "commodity",
            Field::Code => "code",
            Field::Rate => "rate",
            Field::Breaker => "breaker",
            Field::ExpectedKwh => "expected_kwh",
            Field::Product => "product",
            Field::StartOn => "start_on",
            Field::Method => "method",
            Field::Account => "account",
            Field::Sipo => "sipo",
            Field::Consent => "consent",
        }
    }

    /// The step it is asked in.
    pub fn step(self) -> Step {
        match self {
            Field::Consent => Step::Review,
            Field::Method | Field::Account | Field::Sipo => Step::Payment,
            Field::Product | Field::StartOn => Step::Product,
            Field::SupplyStreet | Field::SupplyCity | Field::SupplyPostcode | Field::Commodity => Step::Point,
            Field::Code | Field::Rate | Field::Breaker | Field::ExpectedKwh => Step::Point,
            _ => Step::Person,
        }
    }
}

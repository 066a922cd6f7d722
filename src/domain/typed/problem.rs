//! What can be wrong with one field, for forms that have many kinds of them.
use super::super::bank::AccountError;
use super::super::payment_methods::ChoiceError;
use super::super::supply_points::CodeError;
use super::{DateError, EmailError, NumberError, PhoneError, PostcodeError, TextError};
use rust_decimal::Decimal;
use time::Date;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Required and empty.
    Missing,
    Text(TextError),
    Number(NumberError),
    /// A number outside its limits, both included.
    Range {
        least: Option<Decimal>,
        most: Option<Decimal>,
    },
    Date(DateError),
    /// A day outside its limits, both included.
    Days {
        earliest: Option<Date>,
        latest: Option<Date>,
    },
    NotAnOption,
    Email(EmailError),
    Phone(PhoneError),
    Postcode(PostcodeError),
    /// EAN or EIC.
    Code(CodeError),
    Account(AccountError),
    Payment(ChoiceError),
    /// IČO or DIČ.
    CompanyId,
    VatId,
}

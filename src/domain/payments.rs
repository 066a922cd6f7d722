//! Payments received (*platby*) and the ways to pay.
use super::ids::{CustomerId, PaymentId};
use super::money::Money;
use time::Date;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentMethod {
    Transfer,
    DirectDebit,
    Sipo,
    PostalOrder,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MatchedTo {
    Invoice { number: String },
    Advance { due_on: Date },
    Nothing,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    pub id: PaymentId,
    pub customer: CustomerId,
    pub received_on: Date,
    /// Negative: returned to the customer.
    pub amount: Money,
    pub variable_symbol: String,
    pub method: PaymentMethod,
    pub matched: MatchedTo,
}

impl PaymentMethod {
    pub const ALL: [PaymentMethod; 4] =
        [PaymentMethod::Transfer, PaymentMethod::DirectDebit, PaymentMethod::Sipo, PaymentMethod::PostalOrder];

    /// The word in rows, routes and texts.
    pub fn key(self) -> &'static str {
        match self {
            PaymentMethod::Transfer => "transfer",
            PaymentMethod::DirectDebit => "direct_debit",
            PaymentMethod::Sipo => "sipo",
            PaymentMethod::PostalOrder => "postal_order",
        }
    }

    pub fn parse(key: &str) -> Option<PaymentMethod> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }
}

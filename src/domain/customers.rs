//! Customers of a supplier.
use super::ids::CustomerId;
use super::money::Money;
use super::payments::PaymentMethod;
use super::supply_points::Address;
use time::Date;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    pub id: CustomerId,
    pub number: String,
    pub name: String,
    /// IČO of a business; none for a household.
    pub company_id: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub mailing: Address,
    pub method: PaymentMethod,
    /// Czech account number `prefix-number/bank`.
    pub bank_account: Option<String>,
    /// Positive: the customer owes; negative: the supplier owes.
    pub balance: Money,
    pub balance_as_of: Date,
}

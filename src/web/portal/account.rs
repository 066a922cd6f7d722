//! The customer's account: who they are to the supplier, how to reach them, how they pay, what is owed.
use super::words::{self, Choice};
use crate::data::TenantTx;
use crate::domain::customers::Customer as Person;
use crate::domain::features::Feature;
use crate::domain::money::Money;
use crate::domain::notices::Channel;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use axum::response::Response;
use serde::Serialize;
use time::Date;

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(&[Feature::InfoCustomerAccount], "/account").get(show)]
}

#[derive(Serialize)]
struct Account {
    pub number: String,
    pub name: String,
    pub company_id: String,
    pub mailing: String,
    pub email: String,
    pub phone: String,
    pub method: String,
    pub bank_account: String,
    pub balance: Balance,
    pub doings: Vec<Choice>,
    /// Where we write in vain, each with what to do.
    pub unreachable: Vec<String>,
}

/// What is owed, in words and figures.
#[derive(Serialize)]
pub struct Balance {
    pub amount: String,
    pub words: String,
    pub as_of: String,
    pub tone: &'static str,
}

async fn show(customer: Customer) -> Result<Response, Error> {
    let tx = customer.db.read().await?;
    let person = tx.customer(customer.id).await?;
    let unreachable = unreachable(&customer.page, &tx, &person).await?;
    tx.commit().await?;
    customer.page.show("portal/account.html", &Account { unreachable, ..account(&customer.page, &person) })
}

async fn unreachable(page: &Page, tx: &TenantTx, person: &Person) -> Result<Vec<String>, Error> {
    let mut found = tx.unreachable_among(Channel::Mail, person.email.as_deref()).await?;
    found.extend(tx.unreachable_among(Channel::Sms, person.phone.as_deref()).await?);
    Ok(found
        .into_keys()
        .map(|address| page.t_args("account-unreachable", &[("address", Arg::from(address))]))
        .collect())
}

fn account(page: &Page, person: &Person) -> Account {
    let doings = words::doings(
        page,
        &[
            (Feature::ChangeContactDetails, "account-change-contact", "/account/contact"),
            (Feature::ChangeContactAddress, "account-change-address", "/account/address"),
            (Feature::ChangeMasterDataNontechnical, "errand-details", "/account/details"),
            (Feature::ChangePaymentMethod, "errand-payment-method", "/account/payment-method"),
            (Feature::ChangeBankDetails, "errand-bank", "/account/bank"),
            (Feature::LoginWithCredentials, "security-link", "/account/security"),
            (Feature::LoginWithCredentials, "notices-choose", "/account/notices"),
            (Feature::LoginWithCredentials, "people-link", "/account/people"),
            (Feature::LoginWithCredentials, "customers-link", "/account/customers"),
            (Feature::LoginWithCredentials, "privacy-link", "/account/privacy"),
        ],
    );
    Account {
        doings,
        unreachable: Vec::new(),
        number: person.number.clone(),
        name: person.name.clone(),
        company_id: person.company_id.clone().unwrap_or_default(),
        mailing: words::address(&person.mailing),
        email: person.email.clone().unwrap_or_default(),
        phone: person.phone.clone().unwrap_or_default(),
        method: page.t(words::method(person.method)),
        bank_account: person.bank_account.clone().unwrap_or_default(),
        balance: balance(page, person.balance, person.balance_as_of),
    }
}

pub fn balance(page: &Page, owed: Money, as_of: Date) -> Balance {
    let (key, tone) = match owed.0.signum() {
        1 => ("balance-owed", "warn"),
        -1 => ("balance-credit", "ok"),
        _ => ("balance-even", "ok"),
    };
    Balance {
        amount: page.money(Money(owed.0.abs())),
        words: page.t(key),
        as_of: page.t_args("balance-as-of", &[("date", Arg::from(page.date(as_of)))]),
        tone,
    }
}

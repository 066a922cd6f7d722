//! Customers as the desk serves them: found by what they can say on the telephone, opened as a card of sections, helped with their log-ins.
mod bonus;
mod card;
mod log_ins;
mod messages;

use crate::data::TenantTx;
use crate::domain::customers::Customer as Person;
use crate::domain::features::{Action, Feature, Role};
use crate::domain::typed;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::slices::Slice;
use crate::web::kit::table::{Cell, Table};
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};

/// Whoever may see anything of a customer's life.
pub const FEATURES: &[Feature] = &[
    Feature::InfoCustomerAccount,
    Feature::InfoSupplyPoints,
    Feature::InfoMeterReadings,
    Feature::InfoConsumptionHistory,
    Feature::InfoInvoiceOverview,
    Feature::InfoSettlements,
    Feature::InfoAdvanceSchedule,
    Feature::InfoPaymentOverview,
];
const WAYS_IN: &[Feature] = &[Feature::LoginWithCredentials];

const ROWS: u64 = 30;
/// Letters of a query that are looked at.
const MOST_LETTERS: usize = 80;

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::operator(FEATURES, "/operator/customers").get(list),
        Slice::operator(FEATURES, "/operator/customers/{number}").get(card::show),
        Slice::operator(FEATURES, "/operator/customers/{number}/reachable")
            .writes(Action::Change)
            .post(messages::clear),
        Slice::operator(WAYS_IN, "/operator/customers/{number}/log-ins/{id}").writes(Action::Change).post(log_ins::act),
        Slice::operator(&[bonus::FEATURE], "/operator/customers/{number}/bonus")
            .writes(Action::Change)
            .get(bonus::show)
            .post(bonus::correct),
        Slice::operator(&[bonus::FEATURE], "/operator/customers/{number}/bonus/codes/{id}")
            .writes(Action::Change)
            .post(bonus::give_back),
    ]
}

#[derive(Deserialize)]
struct Wanted {
    q: Option<String>,
}

#[derive(Serialize)]
struct List {
    query: String,
    is_asked: bool,
    /// There are more than are shown.
    is_cut: bool,
    has_found: bool,
    found: Table,
}

async fn list(operator: Operator, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let page = &operator.page;
    let query: String = wanted.q.unwrap_or_default().chars().take(MOST_LETTERS).collect();
    let query = typed::text(&query, MOST_LETTERS).unwrap_or_default();
    let tx = operator.db.read().await?;
    let mut people = tx.search_customers(&query, ROWS + 1).await?;
    let is_cut = people.len() > ROWS as usize;
    people.truncate(ROWS as usize);
    let mut found = Table::new(page, "desk-customers-title", &["account-number", "account-name", "customers-place"]);
    for person in people {
        if is_theirs(&operator, &tx, &person).await? {
            let href = format!("{}/operator/customers/{}", page.base(), person.number);
            found.push([Cell::link(person.number, href), Cell::of(person.name), Cell::of(person.mailing.city)]);
        }
    }
    tx.commit().await?;
    let view = List { is_asked: !query.is_empty(), query, is_cut, has_found: !found.is_empty(), found };
    page.show("operator/customers.html", &view)
}

/// A representative looks after their own customers and knows of no others.
async fn is_theirs(operator: &Operator, tx: &TenantTx, person: &Person) -> Result<bool, Error> {
    if operator.role != Role::Representative {
        return Ok(true);
    }
    let own = tx.representative_of(person.id, person.mailing.town()).await?;
    Ok(own.is_some_and(|own| own.staff == Some(operator.id)))
}

/// By the number in the address; what is not theirs to see is not there.
pub(super) async fn named(operator: &Operator, tx: &TenantTx, number: &str) -> Result<Person, Error> {
    let person = tx.customer_by_number(number).await?;
    match is_theirs(operator, tx, &person).await? {
        true => Ok(person),
        false => Err(Error::NotFound),
    }
}

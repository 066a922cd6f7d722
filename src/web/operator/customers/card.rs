//! A customer's card: a list of sections, each with its items and what may be done with them. Opening it is recorded in `looks`, the access
//! log that the customer sees. The record is of the visit itself, written by the page's own handler: a link, a bookmark or a typed address
//! cannot go round it, as it could go round a button that records and then leads here. It asks for nothing and changes nothing of anybody's,
//! so the page stays safe to repeat (RFC 9110, 9.2.1).
use super::{FEATURES, WAYS_IN, bonus, log_ins, messages, named};
use crate::data::{Look, TenantTx};
use crate::domain::customers::Customer as Person;
use crate::domain::features::{Action, Feature};
use crate::domain::supply_points::Commodity;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::requests::{self, clock, kind_words, state_words};
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
pub struct Card {
    name: String,
    number: String,
    done: String,
    sections: Vec<Section>,
}

#[derive(Serialize)]
pub struct Section {
    pub id: &'static str,
    pub title: String,
    /// A sentence under the title; empty when there is nothing to say.
    pub note: String,
    pub items: Vec<Item>,
}

#[derive(Default, Serialize)]
pub struct Item {
    /// Empty in a section that is one item.
    pub title: String,
    /// Where the title leads, within the mount.
    pub href: String,
    pub tag: String,
    pub tone: &'static str,
    pub facts: Vec<Fact>,
    /// Where its buttons send, within the mount.
    pub action: String,
    pub doings: Vec<Doing>,
}

#[derive(Serialize)]
pub struct Fact {
    label: String,
    value: String,
    note: String,
}

#[derive(Serialize)]
pub struct Doing {
    pub key: &'static str,
    pub label: String,
    pub kind: &'static str,
}

impl Fact {
    pub fn new(page: &Page, label: &str, value: impl Into<String>) -> Fact {
        let value = Some(value.into()).filter(|value| !value.is_empty());
        Fact { label: page.t(label), value: value.unwrap_or_else(|| page.t("not-given")), note: String::new() }
    }
}

#[derive(Deserialize)]
pub struct Arrived {
    done: Option<String>,
}

pub async fn show(
    operator: Operator,
    Path(number): Path<String>,
    Query(arrived): Query<Arrived>,
) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let person = named(&operator, &tx, &number).await?;
    let sections = sections(&operator, &tx, &person).await?;
    let look = Look { staff: operator.id, role: operator.role, at: page.now() };
    let has_looked = tx.has_looked(person.id, &look).await?;
    tx.commit().await?;
    if !has_looked {
        let tx = operator.db.begin().await?;
        tx.add_look(person.id, &look).await?;
        tx.commit().await?;
    }
    let done = arrived.done.as_deref().and_then(log_ins::done).map(|key| page.t(key)).unwrap_or_default();
    page.show("operator/customer.html", &Card { name: person.name, number: person.number, done, sections })
}

async fn sections(operator: &Operator, tx: &TenantTx, person: &Person) -> Result<Vec<Section>, Error> {
    let page = &operator.page;
    let mut sections = vec![who(page, person), contacts(page, person)];
    sections.extend(messages::unreachable(page, tx, person).await?);
    if page.has(Feature::InfoSupplyPoints) {
        sections.push(points(page, tx, person).await?);
    }
    if page.has_any(requests::FEATURES, Action::View) {
        sections.push(open_requests(page, tx, person).await?);
    }
    if page.has(bonus::FEATURE) {
        sections.push(bonus::section(page, tx, person).await?);
    }
    if page.has_any(WAYS_IN, Action::View) || page.has_any(FEATURES, Action::Change) {
        sections.push(log_ins::section(page, tx, person).await?);
    }
    sections.push(messages::sent(page, tx, person).await?);
    Ok(sections)
}

fn who(page: &Page, person: &Person) -> Section {
    let mut facts = vec![
        Fact::new(page, "account-number", person.number.as_str()),
        Fact::new(page, "account-name", person.name.as_str()),
    ];
    facts.extend(person.company_id.as_deref().map(|id| Fact::new(page, "account-company", id)));
    let items = vec![Item { facts, ..Item::default() }];
    Section { id: "who", title: page.t("customer-who"), note: String::new(), items }
}

fn contacts(page: &Page, person: &Person) -> Section {
    let place = &person.mailing;
    let facts = vec![
        Fact::new(page, "account-mailing", format!("{}, {} {}", place.street, place.postcode, place.city)),
        Fact::new(page, "account-email", person.email.clone().unwrap_or_default()),
        Fact::new(page, "account-phone", person.phone.clone().unwrap_or_default()),
    ];
    let items = vec![Item { facts, ..Item::default() }];
    Section { id: "contacts", title: page.t("customer-contacts"), note: String::new(), items }
}

async fn points(page: &Page, tx: &TenantTx, person: &Person) -> Result<Section, Error> {
    let mut items = Vec::new();
    for point in tx.supply_points_of(person.id).await? {
        let key = match point.commodity {
            Commodity::Electricity => "commodity-electricity",
            Commodity::Gas => "commodity-gas",
        };
        let place = &point.address;
        let until = point.contract_until.map(|day| page.date(day)).unwrap_or_else(|| page.t("customer-runs"));
        let facts = vec![
            Fact::new(page, "customer-point-place", format!("{}, {} {}", place.street, place.postcode, place.city)),
            Fact::new(page, "customer-point-contract", point.contract_number.as_str()),
            Fact::new(page, "customer-point-since", page.date(point.contract_since)),
            Fact::new(page, "customer-point-until", until),
        ];
        items.push(Item { title: format!("{} {}", page.t(key), point.code), facts, ..Item::default() });
    }
    let note = if items.is_empty() { page.t("customer-points-none") } else { String::new() };
    Ok(Section { id: "points", title: page.t("customer-points"), note, items })
}

async fn open_requests(page: &Page, tx: &TenantTx, person: &Person) -> Result<Section, Error> {
    let item = |one: &crate::data::Request| Item {
        title: format!("{} {}", kind_words(page, one.kind), one.reference),
        href: format!("/operator/requests/{}", one.reference),
        tag: state_words(page, one.state),
        tone: "info",
        facts: vec![Fact::new(page, "request-clock", clock(page, one))],
        ..Item::default()
    };
    let items: Vec<Item> = tx.open_requests_of(person.id).await?.iter().map(item).collect();
    let note = if items.is_empty() { page.t("customer-requests-none") } else { String::new() };
    Ok(Section { id: "requests", title: page.t("customer-requests"), note, items })
}

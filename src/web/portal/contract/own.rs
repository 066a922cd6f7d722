//! A customer's own contracts: written in the same steps, seen at once with number and state.
use super::answers::Answers;
use super::show::{state_words, tone};
use super::{Place, Typed, send, show, steps};
use crate::data::{ContractRow, NewContract, TenantTx};
use crate::domain::contracts::{ContractState, Step};
use crate::domain::features::Feature;
use crate::domain::ids::ContractId;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::slices::Slice;
use crate::web::kit::table::{Cell, Table};
use crate::web::portal::id::Id;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Serialize;
use uuid::Uuid;

const FEATURES: &[Feature] = &[Feature::ContractDataEntry];

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(FEATURES, "/contracts").get(list),
        Slice::customer(FEATURES, "/contracts/new").get(open).post(start),
        Slice::customer(FEATURES, "/contracts/{id}").get(look),
        Slice::customer(FEATURES, "/contracts/{id}/pdf").get(paper),
        Slice::customer(FEATURES, "/contracts/{id}/{step}").get(step).post(save),
    ]
}

#[derive(Serialize)]
struct List {
    has_contracts: bool,
    contracts: Table,
}

#[derive(Serialize)]
struct Open {
    action: String,
    has_mail: bool,
    has_print: bool,
}

async fn list(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let rows = tx.contracts_of(customer.id).await?;
    tx.commit().await?;
    let columns = ["contract-number", "contract-begun", "contract-state"];
    let mut table = Table::new(page, "contracts-caption", &columns);
    for row in &rows {
        let state = row.state;
        let number = row.number.clone().unwrap_or_else(|| page.t("contract-unfinished"));
        table.push([
            Cell::link(number, format!("{}/contracts/{}", page.base(), row.id)),
            Cell::of(page.moment(row.created_at)),
            Cell::tag(state_words(page, state), tone(state)),
        ]);
    }
    page.show("portal/contracts.html", &List { has_contracts: !table.is_empty(), contracts: table })
}

async fn open(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let action = format!("{}/contracts/new", page.base());
    page.show("portal/contract_open.html", &Open { action, has_mail: false, has_print: false })
}

/// What we know of the customer is filled in; a draft not finished yet is gone on with.
async fn start(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.begin().await?;
    let rows = tx.contracts_of(customer.id).await?;
    if let Some(draft) = rows.iter().find(|row| row.state == ContractState::Draft) {
        return Ok(page.go(&format!("/contracts/{}", draft.id)));
    }
    let person = tx.customer(customer.id).await?;
    let mut answers = Answers::default();
    answers.put("name", person.name);
    if let Some(company) = person.company_id {
        answers.put("party", "company");
        answers.put("company_id", company);
    }
    answers.put("email", person.email.unwrap_or_default());
    answers.put("phone", person.phone.unwrap_or_default());
    answers.put("mailing_street", person.mailing.street);
    answers.put("mailing_city", person.mailing.city);
    answers.put("mailing_postcode", person.mailing.postcode);
    let new = NewContract {
        id: ContractId::new(),
        customer: Some(customer.id),
        email: answers.email(),
        token_hash: None,
        data: answers.json(),
        created_at: page.now(),
        language: page.lang().key().to_owned(),
    };
    tx.start_contract(&new).await?;
    tx.commit().await?;
    Ok(page.go(&format!("/contracts/{}/{}", new.id, Step::Person.key())))
}

async fn found<'a>(customer: &'a Customer, tx: &TenantTx, id: Uuid) -> Result<(Place<'a>, ContractRow), Error> {
    let row = tx.contract_of(customer.id, ContractId(id)).await?;
    let place = Place {
        page: &customer.page,
        root: format!("/contracts/{id}"),
        feature: Feature::ContractDataEntry,
        customer: Some((customer.id, customer.account)),
    };
    Ok((place, row))
}

async fn look(customer: Customer, Id(id): Id, Query(typed): Query<Typed>) -> Result<Response, Error> {
    let tx = customer.db.read().await?;
    let (place, row) = found(&customer, &tx, id).await?;
    show::show(&place, tx, row, typed.get("sent") == "yes").await
}

async fn paper(customer: Customer, Id(id): Id) -> Result<Response, Error> {
    let tx = customer.db.read().await?;
    let (_, row) = found(&customer, &tx, id).await?;
    show::hand_over(tx, row).await
}

fn named(id: &str, step: &str) -> Result<(Uuid, Step), Error> {
    let id = Uuid::try_parse(id).map_err(|_| Error::NotFound)?;
    Ok((id, Step::parse(step).ok_or(Error::NotFound)?))
}

async fn step(customer: Customer, Path((id, step)): Path<(String, String)>) -> Result<Response, Error> {
    let (id, step) = named(&id, &step)?;
    let tx = customer.db.read().await?;
    let (place, row) = found(&customer, &tx, id).await?;
    tx.commit().await?;
    steps::show(&place, &row, step)
}

async fn save(customer: Customer, Path((id, step)): Path<(String, String)>, typed: Typed) -> Result<Response, Error> {
    let (id, step) = named(&id, &step)?;
    let tx = customer.db.begin().await?;
    let (place, row) = found(&customer, &tx, id).await?;
    match step {
        Step::Review => send::send(&place, tx, row, &typed).await,
        _ => steps::save(&place, tx, row, step, &typed).await,
    }
}

//! Whom a log-in looks after: a list, the change from one to another, and a further one by proof.
mod joining;

use super::opened;
use super::people::{role_words, until_words};
use crate::data::AuditEntry;
use crate::domain::features::{Action, Feature};
use crate::domain::ids::CustomerId;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

const FEATURES: &[Feature] = &[Feature::LoginWithCredentials];
const TEMPLATE: &str = "portal/customers.html";

pub fn slices() -> Vec<Slice> {
    let own = |path| Slice::customer(FEATURES, path).own().writes(Action::View);
    vec![
        own("/account/customers").get(show),
        own("/account/customers/switch").post(switch),
        own("/account/customers/link").post(joining::ask),
        own("/account/customers/code").post(joining::by_code),
        own("/account/customers/confirm").get(joining::look).post(joining::confirm),
    ]
}

#[derive(Serialize)]
struct View {
    done: String,
    refused: String,
    customers: Vec<Shown>,
    /// The data of a bill.
    fields: Vec<Field>,
    code: Vec<Field>,
    has_mistakes: bool,
    has_wrong_code: bool,
}

#[derive(Serialize)]
struct Shown {
    id: String,
    name: String,
    number: String,
    role: String,
    until: String,
    is_here: bool,
}

#[derive(Deserialize)]
struct Arrived {
    done: Option<String>,
}

async fn show(customer: Customer, Query(arrived): Query<Arrived>) -> Result<Response, Error> {
    let page = &customer.page;
    let done = match arrived.done.as_deref() {
        Some("asked") => page.t("customers-done-asked"),
        Some("linked") => page.t("customers-done-linked"),
        _ => String::new(),
    };
    let (fields, code) = (joining::fields(page, None), joining::code_field(page, String::new()));
    let view = View { done, ..view(&customer, fields, code).await? };
    page.show(TEMPLATE, &view)
}

async fn view(customer: &Customer, fields: Vec<Field>, code: Field) -> Result<View, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let mut customers = Vec::new();
    for one in opened::holding(page, &tx, customer.account).await? {
        let right = one.right;
        customers.push(Shown {
            id: right.customer.to_string(),
            name: one.name,
            number: one.number,
            role: role_words(page, right.role).0,
            until: until_words(page, right.until),
            is_here: right.customer == customer.id,
        });
    }
    tx.commit().await?;
    Ok(View {
        done: String::new(),
        refused: String::new(),
        customers,
        has_mistakes: fields.iter().any(|field| !field.error.is_empty()),
        has_wrong_code: !code.error.is_empty(),
        fields,
        code: vec![code],
    })
}

/// The right is read anew, and the session is another one.
async fn switch(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let wanted = CustomerId(Uuid::try_parse(typed.get("customer")).map_err(|_| Error::NotFound)?);
    let tx = customer.db.begin().await?;
    let proofs = tx.proofs_of(customer.account).await?;
    let session = opened::session(page, &tx, customer.account, proofs, Some(wanted)).await?.ok_or(Error::NotFound)?;
    tx.touch_membership(customer.account, wanted, page.now()).await?;
    tx.write_audit(&line(&customer, "switch_customer", wanted)).await?;
    opened::go_on(page, tx, session, "/dashboard").await
}

fn line(customer: &Customer, action: &str, to: CustomerId) -> AuditEntry {
    AuditEntry {
        actor_kind: "customer".into(),
        actor: customer.account.to_string(),
        role: customer.page.role().key().into(),
        feature: Some(Feature::LoginWithCredentials),
        action: action.into(),
        object: format!("customer:{to}"),
        before: json!({ "customer": customer.id }),
        after: json!({ "customer": to }),
        request_id: customer.page.request_id().into(),
    }
}

/// Where one is afterwards: at the same customer, who is now one of several.
async fn stay(customer: &Customer, tx: crate::data::TenantTx) -> Result<Response, Error> {
    let page: &Page = &customer.page;
    let proofs = tx.proofs_of(customer.account).await?;
    let session =
        opened::session(page, &tx, customer.account, proofs, Some(customer.id)).await?.ok_or(Error::NotFound)?;
    opened::go_on(page, tx, session, "/account/customers?done=linked").await
}

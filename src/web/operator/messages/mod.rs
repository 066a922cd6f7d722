//! What left to whom, as the desk follows it: a list with its filters, one message with its words, and letters to be printed. Addresses are
//! masked in the list; whoever opens a customer's message has looked at the customer.
mod act;
pub mod letters;
mod list;
mod show;

use super::customers::{FEATURES, named};
use crate::data::{AuditEntry, KeptMessage, Look, TenantTx};
use crate::domain::customers::Customer as Person;
use crate::domain::features::{Action, Role};
use crate::domain::ids::CustomerId;
use crate::domain::notices::MessageState;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use serde_json::Value;

pub fn slices() -> Vec<Slice> {
    let path = |path| Slice::operator(FEATURES, path).writes(Action::Change);
    vec![
        path("/operator/messages").get(list::list).post(act::try_all),
        path("/operator/messages/letters").get(letters::waiting).post(letters::print),
        path("/operator/messages/letters/{batch}").get(letters::show).post(letters::posted),
        path("/operator/messages/letters/{batch}/copy").post(letters::copy),
        path("/operator/messages/letters/{batch}/register").get(letters::register),
        path("/operator/messages/{id}").get(show::show).post(act::act),
        path("/operator/messages/{id}/html").get(show::html),
    ]
}

/// The customer a message concerns, where that is one this member of staff may see; a representative sees no others, and nobody's.
async fn concerned(operator: &Operator, tx: &TenantTx, message: &KeptMessage) -> Result<Option<Person>, Error> {
    let person = match message.customer {
        Some(id) => tx.customer(id).await.map(Some).or_else(|error| match error {
            crate::data::Error::NotFound => Ok(None),
            other => Err(other),
        })?,
        None => None,
    };
    match (&person, operator.role) {
        (Some(person), _) => named(operator, tx, &person.number).await.map(Some),
        (None, Role::Representative) => Err(Error::NotFound),
        (None, _) => Ok(None),
    }
}

/// Recorded as every look at a customer's card is.
async fn looked(operator: &Operator, customer: CustomerId) -> Result<(), Error> {
    let look = Look { staff: operator.id, role: operator.role, at: operator.page.now() };
    let tx = operator.db.begin().await?;
    tx.add_look(customer, &look).await?;
    Ok(tx.commit().await?)
}

fn state_words(page: &Page, state: MessageState) -> String {
    page.t(&format!("desk-message-{}", state.key()))
}

/// Why it did not leave, in words.
fn why(page: &Page, message: &KeptMessage) -> String {
    let known = ["refused", "nobody", "unreachable", "away", "switched_off", "template", "attachment", "mail_server"];
    match message.failure.as_deref() {
        None => String::new(),
        Some(word) if known.contains(&word) => page.t(&format!("message-why-{}", word.replace('_', "-"))),
        Some(_) => page.t("message-why-other"),
    }
}

fn line(operator: &Operator, object: String, action: &str, after: Value) -> AuditEntry {
    AuditEntry {
        actor_kind: "staff".into(),
        actor: operator.id.to_string(),
        role: operator.role.key().into(),
        feature: None,
        action: action.into(),
        object,
        before: Value::Null,
        after,
        request_id: operator.page.request_id().into(),
    }
}

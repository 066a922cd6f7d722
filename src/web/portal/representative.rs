//! The customer's sales representative (*obchodní zástupce*): who it is, how to reach them, and a message that lands on their desk.
use super::errand::{self, Errand, Next, Typed};
use crate::data::{Guarded, Representative, TenantTx};
use crate::domain::features::Feature;
use crate::domain::requests::RequestKind;
use crate::domain::typed;
use crate::tenancy::Tenant;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::requests::{self, Asked, Sent};
use crate::web::kit::slices::Slice;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;

const FEATURE: Feature = Feature::ContactSalesRepresentative;
const PATH: &str = "/representative";

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(&[FEATURE], PATH).get(form).post(submit)]
}

/// Nobody looks after this customer: the supplier's own line does.
#[derive(Serialize)]
struct Nobody {
    phone: String,
    email: String,
}

/// Assigned to the customer, else to their town.
async fn found(customer: &Customer, tx: &TenantTx) -> Result<Option<Representative>, Error> {
    let person = tx.customer(customer.id).await?;
    Ok(tx.representative_of(customer.id, person.mailing.town()).await?)
}

async fn form(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let one = found(&customer, &tx).await?;
    tx.commit().await?;
    match one {
        Some(one) => errand::ask(page, errand(page, &one, &Typed::default()).0),
        None => page.show("portal/representative_none.html", &nobody(page.tenant())),
    }
}

fn nobody(tenant: &Tenant) -> Nobody {
    let contact = &tenant.document.contact;
    Nobody { phone: contact.phone.clone(), email: contact.email.clone() }
}

fn errand(page: &Page, one: &Representative, typed: &Typed) -> (Errand, Option<String>) {
    let is_shown_again = !typed.get("step").is_empty();
    let words = match typed::long_text(typed.get("words"), super::requests::LONGEST) {
        Ok(text) if text.is_empty() => Err(page.t("mistake-missing")),
        other => other.map_err(|error| page.text_mistake(error)),
    };
    let wrong = words.clone().err().filter(|_| is_shown_again).unwrap_or_default();
    let mut errand =
        Errand::new(page, "representative", PATH, "/dashboard").handled(page, RequestKind::Representative, false);
    errand = errand.fact(page.t("representative-name"), one.name.as_str());
    for (label, value) in [("representative-phone", &one.phone), ("representative-email", &one.email)] {
        if !value.is_empty() {
            errand = errand.fact(page.t(label), value.as_str());
        }
    }
    errand.fields = vec![
        Field::long("words", page.t("representative-words"))
            .hint(page.t("representative-words-hint"))
            .max(super::requests::LONGEST)
            .required()
            .typed(typed.get("words"))
            .wrong(wrong),
    ];
    let Ok(words) = words else { return (errand, None) };
    let is_review = is_shown_again && typed.get("step") != "edit";
    let errand = if is_review { errand.fact(page.t("representative-words"), words.as_str()) } else { errand };
    (errand, Some(words))
}

async fn submit(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.begin().await?;
    let Some(one) = found(&customer, &tx).await? else {
        return page.show_again("portal/representative_none.html", &nobody(page.tenant()));
    };
    let (errand, words) = errand(page, &one, &typed);
    if let Next::Show(page) = errand::next(page, &typed, errand)? {
        return Ok(*page);
    }
    let words = words.ok_or_else(|| Error::Broken("a form without mistakes has values".into()))?;
    let asked = Asked {
        kind: RequestKind::Representative,
        feature: FEATURE,
        supply_point: None,
        // The message is the story's first words; that they are here too makes the same form with others another one.
        payload: json!({
            "shown": [[page.t("representative-name"), "", one.name]],
            "representative": one.id,
            "new": { "words": words },
        }),
        words,
        rules_pass: false,
        key: typed.key(),
    };
    let request = match requests::add(&customer, &tx, &asked).await? {
        Sent::Done(request) => request,
        Sent::Before(request) => return Ok(page.go(&format!("/requests/{}?sent=yes", request.reference))),
        Sent::Otherwise(request) => return errand::sent_otherwise(page, &request),
    };
    if let Some(staff) = one.staff
        && let Guarded::Stale(_) = tx.assign_request(request.id, request.version, Some(staff)).await?
    {
        return Err(Error::Broken("a request that nobody else can see was changed".into()));
    }
    requests::record(&customer, &tx, &asked, &request).await?;
    requests::notify(&tx, page, customer.id, &request, "request_received").await?;
    tx.commit().await?;
    Ok(page.go(&format!("/requests/{}?sent=yes", request.reference)))
}

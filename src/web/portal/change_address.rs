//! Where letters and invoices go; the supply point's own address is not for changing.
use super::errand::{self, Errand, Next, Typed};
use crate::domain::features::Feature;
use crate::domain::requests::RequestKind;
use crate::domain::supply_points::Address;
use crate::domain::typed;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::requests::Asked;
use crate::web::kit::slices::Slice;
use axum::response::Response;
use serde_json::{Value as Json, json};

const FEATURE: Feature = Feature::ChangeContactAddress;
const PATH: &str = "/account/address";
const LONGEST: usize = 100;

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(&[FEATURE], PATH).get(form).post(submit)]
}

async fn form(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let person = tx.customer(customer.id).await?;
    tx.commit().await?;
    let mut typed = Typed::default();
    typed.put("street", person.mailing.street.clone());
    typed.put("city", person.mailing.city.clone());
    typed.put("postcode", person.mailing.postcode.clone());
    errand::ask(page, errand(page, &person.mailing, &typed).0)
}

async fn submit(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.begin().await?;
    if let Some(before) = errand::sent_before(&customer, &tx, &typed).await? {
        return Ok(before);
    }
    let person = tx.customer(customer.id).await?;
    let (errand, address) = errand(page, &person.mailing, &typed);
    let shown: Vec<_> = errand.changes.iter().map(|one| json!([one.label, one.old, one.new])).collect();
    if let Next::Show(page) = errand::next(page, &typed, errand)? {
        return Ok(*page);
    }
    let address = address.ok_or_else(|| Error::Broken("a form without mistakes has values".into()))?;
    let asked = Asked {
        kind: RequestKind::MailingAddress,
        feature: FEATURE,
        supply_point: None,
        payload: json!({ "shown": shown, "old": json_of(&person.mailing), "new": json_of(&address) }),
        words: String::new(),
        rules_pass: true,
        key: typed.key(),
    };
    errand::send(&customer, tx, &typed, asked).await
}

fn json_of(address: &Address) -> Json {
    json!({ "street": address.street, "city": address.city, "postcode": address.postcode })
}

fn errand(page: &Page, old: &Address, typed: &Typed) -> (Errand, Option<Address>) {
    let text = |name: &str| match typed::text(typed.get(name), LONGEST) {
        Ok(text) if text.is_empty() => Err(page.t("mistake-missing")),
        other => other.map_err(|error| page.text_mistake(error)),
    };
    let (street, city) = (text("street"), text("city"));
    let postcode = typed::postcode(typed.get("postcode")).map_err(|error| page.postcode_mistake(error));
    let wrong = |found: &Result<String, String>| found.clone().err().unwrap_or_default();
    let field = |name: &'static str, label: &str, autocomplete, found: &Result<String, String>| {
        let field = Field::text(name, page.t(label)).autocomplete(autocomplete).max(LONGEST).required();
        field.typed(typed.get(name)).wrong(wrong(found))
    };
    let mut errand =
        Errand::new(page, "change-address", PATH, "/dashboard").handled(page, RequestKind::MailingAddress, true);
    errand.fields = vec![
        field("street", "address-street", "street-address", &street),
        field("city", "address-city", "address-level2", &city),
        field("postcode", "address-postcode", "postal-code", &postcode),
    ];
    let (Ok(street), Ok(city), Ok(postcode)) = (street, city, postcode) else { return (errand, None) };
    let new = Address { street, city, postcode };
    if new == *old && !typed.get("step").is_empty() {
        errand.fields[0] = errand.fields[0].clone().wrong(page.t("mistake-unchanged"));
    }
    let errand = errand
        .change(page.t("address-street"), old.street.as_str(), new.street.as_str())
        .change(page.t("address-city"), old.city.as_str(), new.city.as_str())
        .change(page.t("address-postcode"), old.postcode.as_str(), new.postcode.as_str());
    (errand, Some(new))
}

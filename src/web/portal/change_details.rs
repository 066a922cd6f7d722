//! Record changes: the customer's name and company number. What is technical belongs to the supply point and is not offered here.
use super::errand::{self, Errand, Next, Typed};
use crate::data::Identity;
use crate::domain::bank;
use crate::domain::customers::Customer as Person;
use crate::domain::features::Feature;
use crate::domain::requests::RequestKind;
use crate::domain::typed;
use crate::web::kit::attachments;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::requests::Asked;
use crate::web::kit::slices::Slice;
use axum::response::Response;
use serde_json::{Value as Json, json};

const FEATURE: Feature = Feature::ChangeMasterDataNontechnical;
const PATH: &str = "/account/details";
const LONGEST: usize = 120;

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(&[FEATURE], PATH).get(form).post(submit)]
}

async fn form(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let person = tx.customer(customer.id).await?;
    tx.commit().await?;
    let mut typed = Typed::default();
    typed.put("name", person.name.clone());
    typed.put("company_id", person.company_id.clone().unwrap_or_default());
    errand::ask(page, errand(page, &person, &typed).0)
}

async fn submit(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.begin().await?;
    let person = tx.customer(customer.id).await?;
    let (errand, found) = errand(page, &person, &typed);
    let new = found.as_ref().map_or(Json::Null, json_of);
    if found.is_some()
        && let Some(receipt) = errand::sent_before(&customer, &tx, &typed).await?
    {
        return Ok(receipt);
    }
    let shown: Vec<_> = errand.changes.iter().map(|one| json!([one.label, one.old, one.new])).collect();
    if let Next::Show(page) = errand::next(page, &typed, errand)? {
        return Ok(*page);
    }
    let found = found.ok_or_else(|| Error::Broken("a form without mistakes has values".into()))?;
    let asked = Asked {
        kind: RequestKind::MasterData,
        feature: FEATURE,
        supply_point: None,
        payload: json!({ "shown": shown, "old": json_of(&of(&person)), "new": new }),
        words: String::new(),
        // Another company is another contract: that wants a look.
        rules_pass: found.company_id == person.company_id,
        key: typed.key(),
    };
    errand::send(&customer, tx, &typed, asked).await
}

fn of(person: &Person) -> Identity {
    Identity { name: person.name.clone(), company_id: person.company_id.clone() }
}

fn json_of(one: &Identity) -> Json {
    json!({ "name": one.name, "company_id": one.company_id })
}

fn errand(page: &Page, person: &Person, typed: &Typed) -> (Errand, Option<Identity>) {
    let name = match typed::text(typed.get("name"), LONGEST) {
        Ok(name) if name.is_empty() => Err(page.t("mistake-missing")),
        other => other.map_err(|error| page.text_mistake(error)),
    };
    let digits: String = typed.get("company_id").chars().filter(|letter| !letter.is_whitespace()).collect();
    let company_id = match digits.as_str() {
        "" => Ok(None),
        text if bank::is_company_id(text) => Ok(Some(text.to_owned())),
        _ => Err(page.t("mistake-company-id")),
    };
    let rules_pass = company_id.as_ref().map_or(true, |found| *found == person.company_id);
    let mut errand = Errand::new(page, "change-details", PATH, "/dashboard")
        .handled(page, RequestKind::MasterData, rules_pass)
        .fact(page.t("account-number"), person.number.as_str());
    errand.notes.push(page.t("change-details-technical"));
    errand.fields = vec![
        Field::text("name", page.t("account-name"))
            .hint(page.t("change-details-name-hint"))
            .autocomplete("name")
            .max(LONGEST)
            .required()
            .typed(typed.get("name"))
            .wrong(name.as_ref().err().cloned().unwrap_or_default()),
        Field::digits("company_id", page.t("account-company"))
            .hint(page.t("change-details-company-hint"))
            .max(20)
            .typed(typed.get("company_id"))
            .wrong(company_id.as_ref().err().cloned().unwrap_or_default()),
    ];
    errand.files = Some(attachments::field(page, "attachment-details"));
    let (Ok(name), Ok(company_id)) = (name, company_id) else { return (errand, None) };
    let found = Identity { name, company_id };
    if found == of(person) && !typed.get("step").is_empty() {
        errand.fields[0] = errand.fields[0].clone().wrong(page.t("mistake-unchanged"));
    }
    let said = |value: &Option<String>| value.clone().unwrap_or_default();
    let errand = errand.change(page.t("account-name"), person.name.as_str(), found.name.as_str()).change(
        page.t("account-company"),
        said(&person.company_id),
        said(&found.company_id),
    );
    (errand, Some(found))
}

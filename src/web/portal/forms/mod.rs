//! Electronic forms (*elektronické formuláře*) as operators define them: listed, filled, looked over, sent as a request with every answer.
mod definition;

use super::errand::{self, Errand, Next, Typed};
use crate::data::FormRow;
use crate::domain::features::Feature;
use crate::domain::forms::{Answer, FieldKind, Value, validate};
use crate::domain::requests::RequestKind;
use crate::domain::typed::{Problem, TextError};
use crate::tenancy::{Arg, Lang};
use crate::web::kit::attachments;
use crate::web::kit::error::Error;
use crate::web::kit::form::{Choice, Field};
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::requests::Asked;
use crate::web::kit::slices::Slice;
use axum::extract::Path;
use axum::response::Response;
use definition::{Question, questions};
use serde::Serialize;
use serde_json::{Value as Json, json};
use time::Date;

const FEATURE: Feature = Feature::FormsElectronic;

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(&[FEATURE], "/forms").get(list),
        Slice::customer(&[FEATURE], "/forms/{slug}").get(form).post(submit),
    ]
}

#[derive(Serialize)]
struct List {
    forms: Vec<Card>,
}

#[derive(Serialize)]
struct Card {
    title: String,
    lead: String,
    href: String,
}

fn title(page: &Page, row: &FormRow) -> String {
    if page.lang() == Lang::En { row.title_en.clone() } else { row.title_cs.clone() }
}

fn lead(page: &Page, row: &FormRow) -> String {
    if page.lang() == Lang::En { row.lead_en.clone() } else { row.lead_cs.clone() }
}

async fn list(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let rows = tx.electronic_forms(true).await?;
    tx.commit().await?;
    let card = |row: &FormRow| Card {
        title: title(page, row),
        lead: lead(page, row),
        href: format!("{}/forms/{}", page.base(), row.slug),
    };
    page.show("portal/forms.html", &List { forms: rows.iter().map(card).collect() })
}

async fn active(customer: &Customer, slug: &str) -> Result<FormRow, Error> {
    let tx = customer.db.read().await?;
    let row = tx.electronic_form(slug).await?;
    tx.commit().await?;
    if row.is_active { Ok(row) } else { Err(Error::NotFound) }
}

async fn form(customer: Customer, Path(slug): Path<String>) -> Result<Response, Error> {
    let page = &customer.page;
    let row = active(&customer, &slug).await?;
    let all = questions(&row.fields, page.lang())?;
    errand::ask(page, errand(page, &row, &all, &Typed::default()).0)
}

/// Names on the page begin with this, so that no question takes the name of the page's own fields.
fn name(question: &Question) -> String {
    format!("a_{}", question.field.key)
}

fn errand(page: &Page, row: &FormRow, all: &[Question], typed: &Typed) -> (Errand, Option<Vec<Answer>>) {
    let fields: Vec<_> = all.iter().map(|one| one.field.clone()).collect();
    let names: Vec<String> = all.iter().map(name).collect();
    let answers: Vec<(&str, &str)> =
        all.iter().zip(&names).map(|(one, name)| (one.field.key.as_str(), typed.get(name))).collect();
    let found = validate(&fields, &answers);
    let is_shown_again = !typed.get("step").is_empty();
    let wrong: &[(String, Problem)] = match &found {
        Err(wrong) if is_shown_again => wrong,
        _ => &[],
    };
    let mut errand =
        Errand::new(page, "form", format!("/forms/{}", row.slug), "/forms").handled(page, RequestKind::Form, false);
    errand.title = title(page, row);
    errand.lead = lead(page, row);
    errand.fields = all
        .iter()
        .map(|one| {
            let mistake = wrong.iter().find(|(key, _)| *key == one.field.key).map(|(_, problem)| problem);
            field(page, one, typed.get(&name(one)), mistake)
        })
        .collect();
    errand.files = Some(attachments::field(page, "attachment-form"));
    let Ok(answers) = found else { return (errand, None) };
    if is_shown_again && typed.get("step") != "edit" {
        for [label, _, value] in shown(page, all, &answers) {
            errand = errand.fact(label, value);
        }
    }
    (errand, Some(answers))
}

fn field(page: &Page, one: &Question, value: &str, mistake: Option<&Problem>) -> Field {
    let (name, label) = (name(one), one.label.clone());
    let field = match one.field.kind {
        FieldKind::Text => Field::text(name, label).max(one.field.most_letters),
        FieldKind::LongText => Field::long(name, label).max(one.field.most_letters),
        FieldKind::Number => Field::number(name, label),
        FieldKind::Date => Field::day(name, label),
        FieldKind::Email => Field::email(name, label),
        FieldKind::Phone => Field::phone(name, label),
        FieldKind::Ean => Field::digits(name, label),
        FieldKind::Eic | FieldKind::Account => Field::text(name, label).plain(),
        FieldKind::YesNo => Field::check(name, label, value == "yes"),
        FieldKind::Choice => {
            let options = one.field.options.iter().zip(&one.options);
            let options = options.map(|(key, label)| Choice::new(key.as_str(), label.as_str(), key == value));
            Field::radio(name, label, options.collect())
        }
    };
    let field = if one.field.is_required { field.required() } else { field };
    let field = if one.hint.is_empty() { field } else { field.hint(one.hint.clone()) };
    let field = match mistake {
        Some(problem) => field.wrong(mistake_words(page, one, problem)),
        None => field,
    };
    // A tick says for itself whether it is there.
    if one.field.kind == FieldKind::YesNo { field } else { field.typed(value) }
}

fn mistake_words(page: &Page, one: &Question, problem: &Problem) -> String {
    match *problem {
        Problem::Missing if one.field.kind == FieldKind::YesNo => page.t("form-mistake-tick"),
        Problem::Missing => page.t("mistake-missing"),
        Problem::Text(error) => page.text_mistake(error),
        Problem::Number(error) => page.number_mistake(error),
        Problem::Range { least, most } => {
            let said = |limit: Option<rust_decimal::Decimal>| limit.map(|limit| page.decimal(limit, 0));
            limits(page, "number", said(least), said(most))
        }
        Problem::Date(error) => page.date_mistake(error),
        Problem::Days { earliest, latest } => {
            let said = |limit: Option<Date>| limit.map(|limit| page.date(limit));
            limits(page, "day", said(earliest), said(latest))
        }
        Problem::NotAnOption => page.t("form-mistake-option"),
        Problem::Email(error) => page.email_mistake(error),
        Problem::Phone(error) => page.phone_mistake(error),
        Problem::Postcode(error) => page.postcode_mistake(error),
        Problem::Code(error) => page.code_mistake(error),
        Problem::Account(_) | Problem::Payment(_) => page.t("form-mistake-account"),
        Problem::CompanyId | Problem::VatId => page.text_mistake(TextError::Control),
    }
}

/// Between, at least, or at most.
fn limits(page: &Page, what: &str, least: Option<String>, most: Option<String>) -> String {
    let which = match (&least, &most) {
        (Some(_), Some(_)) => "between",
        (Some(_), None) => "least",
        _ => "most",
    };
    let args = [("least", Arg::from(least.unwrap_or_default())), ("most", Arg::from(most.unwrap_or_default()))];
    page.t_args(&format!("form-mistake-{what}-{which}"), &args)
}

/// Questions with what was answered, in the customer's language, as the desk will read them.
fn shown(page: &Page, all: &[Question], answers: &[Answer]) -> Vec<[String; 3]> {
    let pairs = answers.iter().filter_map(|answer| {
        let one = all.iter().find(|one| one.field.key == answer.field)?;
        let value = match &answer.value {
            Value::Text(text) if one.field.kind == FieldKind::Choice => {
                let at = one.field.options.iter().position(|option| option == text);
                at.and_then(|at| one.options.get(at)).unwrap_or(text).clone()
            }
            Value::Text(text) => text.clone(),
            Value::Number(number) => page.decimal(*number, 0),
            Value::Date(day) => page.date(*day),
            Value::YesNo(is_yes) => page.t(if *is_yes { "form-yes" } else { "form-no" }),
        };
        Some([one.label.clone(), String::new(), value])
    });
    pairs.collect()
}

fn json_of(answers: &[Answer]) -> Json {
    let value = |answer: &Answer| match &answer.value {
        Value::Text(text) => json!(text),
        Value::Number(number) => json!(number.to_string()),
        Value::Date(day) => json!(day.to_string()),
        Value::YesNo(is_yes) => json!(is_yes),
    };
    Json::Object(answers.iter().map(|answer| (answer.field.clone(), value(answer))).collect())
}

async fn submit(customer: Customer, Path(slug): Path<String>, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let row = active(&customer, &slug).await?;
    let all = questions(&row.fields, page.lang())?;
    let (errand, answers) = errand(page, &row, &all, &typed);
    if let Next::Show(page) = errand::next(page, &typed, errand)? {
        return Ok(*page);
    }
    let answers = answers.ok_or_else(|| Error::Broken("a form without mistakes has values".into()))?;
    let mut lines = vec![[page.t("form-name"), String::new(), title(page, &row)]];
    lines.extend(shown(page, &all, &answers));
    let asked = Asked {
        kind: RequestKind::Form,
        feature: FEATURE,
        supply_point: None,
        // The version says which questions were asked.
        payload: json!({ "shown": lines, "form": row.slug, "version": row.version, "new": json_of(&answers) }),
        words: String::new(),
        rules_pass: false,
        key: typed.key(),
    };
    let tx = customer.db.begin().await?;
    errand::send(&customer, tx, &typed, asked).await
}

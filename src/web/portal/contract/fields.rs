//! The questions of each step, what is wrong with the answers, and the answers in words.
use super::answers::{self, Answers, PRODUCTS};
use crate::domain::bank::AccountError;
use crate::domain::contracts::{Field as Asked, Step};
use crate::domain::payments::PaymentMethod;
use crate::domain::supply_points::{Breaker, Commodity};
use crate::domain::tariffs::{self, Category};
use crate::domain::typed::Problem;
use crate::tenancy::Arg;
use crate::web::kit::form::{Choice, Field};
use crate::web::kit::page::Page;
use crate::web::portal::words;

pub type Wrong = Vec<(Asked, Problem)>;

pub fn label(page: &Page, name: &str) -> String {
    page.t(&format!("contract-field-{}", name.replace('_', "-")))
}

pub fn fields(page: &Page, answers: &Answers, wrong: &Wrong, step: Step) -> Vec<Field> {
    let names = answers::names(step).iter().filter(|name| is_asked(page, name));
    names.map(|name| field(page, answers, wrong, name)).collect()
}

/// Where only one commodity is offered it is no question, and what belongs to the other is none either.
fn is_asked(page: &Page, name: &str) -> bool {
    let offered = answers::commodities(page);
    match name {
        "commodity" => offered.len() > 1,
        "rate" | "breaker" => offered.contains(&Commodity::Electricity),
        "expected_kwh" => offered.contains(&Commodity::Gas),
        _ => true,
    }
}

fn field(page: &Page, answers: &Answers, wrong: &Wrong, name: &str) -> Field {
    let typed = answers.get(name);
    let said = label(page, name);
    let hint = |key: &str| page.t(&format!("contract-hint-{key}"));
    let choice = |value: &str, label: String| Choice::new(value, label, value == typed);
    let field = match name {
        "party" => {
            let is_company = typed == "company";
            let person = Choice::new("person", page.t("contract-party-person"), !is_company);
            Field::radio(name, said, vec![person, choice("company", page.t("contract-party-company"))])
        }
        "name" => Field::text(name, said).autocomplete("name").required().max(120),
        "birth_date" => Field::text(name, said).hint(hint("birth-date")).max(20),
        "company_id" => Field::digits(name, said).hint(hint("company")).max(12),
        "vat_id" => Field::text(name, said).plain().hint(hint("company-vat")).max(14),
        "email" => Field::email(name, said).hint(hint("email")).required().max(254),
        "phone" => Field::phone(name, said).hint(hint("phone")).max(30),
        "mailing_street" => Field::text(name, said).hint(hint("mailing")).max(120),
        "supply_postcode" | "mailing_postcode" => Field::text(name, said).max(10),
        "supply_street" | "supply_city" | "mailing_city" => Field::text(name, said).max(120),
        "commodity" => {
            let all = answers::commodities(page).into_iter();
            let choices = all.map(|one| choice(one.key(), page.t(words::commodity(one)))).collect();
            Field::radio(name, said, choices)
        }
        "code" => Field::text(name, said).plain().hint(hint("code")).required().max(40),
        "rate" => {
            let day = page.today();
            let of = |category| tariffs::offered_on(day, category, None);
            let all =
                of(Category::Household).into_iter().chain(of(Category::Business)).map(|rate| rate.code.to_owned());
            Field::choice(name, said, chosen(page, typed, all.map(|code| (code.clone(), code)))).hint(hint("rate"))
        }
        "breaker" => {
            let all = tariffs::offered_breakers(None).into_iter();
            let all = all.map(|one| (format!("{}x{}", one.phases, one.amps), breaker_words(one)));
            Field::choice(name, said, chosen(page, typed, all)).hint(hint("breaker"))
        }
        "expected_kwh" => Field::digits(name, said).unit("kWh").max(12),
        "product" => {
            let of = |key: &'static str| choice(key, product(page, key)).note(price(page, key));
            Field::radio(name, said, PRODUCTS.map(of).into())
        }
        "start_on" => Field::text(name, said).hint(hint("start")).required().max(20),
        "method" => {
            let of = |one: PaymentMethod| choice(one.key(), page.t(words::method(one)));
            Field::radio(name, said, PaymentMethod::ALL.map(of).into())
        }
        "account" => Field::text(name, said).plain().hint(hint("account")).max(40),
        "sipo" => Field::digits(name, said).hint(hint("sipo")).max(16),
        _ => Field::check(name, said, typed == "yes"),
    };
    let field = if name == "consent" { field } else { field.typed(typed) };
    let found = wrong.iter().find(|(field, _)| field.key() == name);
    field.wrong(found.map(|(field, problem)| mistake(page, *field, *problem)).unwrap_or_default())
}

/// What was typed is kept even where it is none of the options.
fn chosen(page: &Page, typed: &str, all: impl Iterator<Item = (String, String)>) -> Vec<Choice> {
    let none = Choice::new("", page.t("contract-choose"), typed.is_empty());
    let mut choices = vec![none];
    choices.extend(all.map(|(value, label)| Choice::new(value.clone(), label, value == typed)));
    if !choices.iter().any(|choice| choice.is_chosen) {
        choices.push(Choice::new(typed, typed, true));
    }
    choices
}

fn breaker_words(breaker: Breaker) -> String {
    format!("{} × {} A", breaker.phases, breaker.amps)
}

pub fn product(page: &Page, key: &str) -> String {
    page.t(&format!("contract-product-{key}"))
}

pub fn price(page: &Page, key: &str) -> String {
    page.t(&format!("contract-price-{key}"))
}

/// One answer in words; empty where there is none.
fn said(page: &Page, name: &str, typed: &str) -> String {
    match name {
        _ if typed.is_empty() => String::new(),
        "party" if typed == "company" => page.t("contract-party-company"),
        "party" => page.t("contract-party-person"),
        "commodity" => Commodity::parse(typed).map(|one| page.t(words::commodity(one))).unwrap_or_default(),
        "breaker" => Breaker::parse(typed).map_or_else(|| typed.to_owned(), breaker_words),
        "product" if PRODUCTS.contains(&typed) => product(page, typed),
        "method" => PaymentMethod::parse(typed).map(|one| page.t(words::method(one))).unwrap_or_default(),
        "expected_kwh" => format!("{typed} kWh"),
        "consent" => String::new(),
        _ => typed.to_owned(),
    }
}

pub fn facts(page: &Page, answers: &Answers, step: Step) -> Vec<(String, String)> {
    let all = answers::names(step).iter().map(|name| (label(page, name), said(page, name, answers.get(name))));
    all.filter(|(_, value)| !value.is_empty()).collect()
}

pub fn mistake(page: &Page, field: Asked, problem: Problem) -> String {
    match problem {
        Problem::Missing if field == Asked::Consent => page.t("contract-wrong-consent"),
        Problem::Missing if matches!(field, Asked::Product | Asked::Method | Asked::Commodity) => {
            page.t("contract-wrong-option")
        }
        Problem::Missing => page.t("mistake-missing"),
        Problem::Text(error) => page.text_mistake(error),
        Problem::Number(error) => page.number_mistake(error),
        Problem::Range { least, most } => {
            let said =
                |limit: Option<rust_decimal::Decimal>| limit.map(|limit| page.decimal(limit, 0)).unwrap_or_default();
            page.t_args("contract-wrong-range", &[("from", Arg::from(said(least))), ("to", Arg::from(said(most)))])
        }
        Problem::Date(error) => page.date_mistake(error),
        Problem::Days { earliest: Some(from), latest: Some(to) } => {
            let args = [("from", Arg::from(page.date(from))), ("to", Arg::from(page.date(to)))];
            page.t_args("contract-wrong-days", &args)
        }
        Problem::Days { .. } => page.t("contract-wrong-age"),
        Problem::NotAnOption => page.t("contract-wrong-option"),
        Problem::Email(error) => page.email_mistake(error),
        Problem::Phone(error) => page.phone_mistake(error),
        Problem::Postcode(error) => page.postcode_mistake(error),
        Problem::Code(error) => page.code_mistake(error),
        Problem::Account(AccountError::Foreign) => page.t("contract-wrong-account-foreign"),
        Problem::Account(_) => page.t("contract-wrong-account"),
        Problem::Payment(_) => page.t("contract-wrong-sipo"),
        Problem::CompanyId => page.t("contract-wrong-company"),
        Problem::VatId => page.t("contract-wrong-vat"),
    }
}

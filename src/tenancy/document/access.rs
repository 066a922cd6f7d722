//! The parts of a document that say how people come by an account, and what they have to prove.
use super::checks;
use super::parse::{LONGEST_NAME, one_of, shown};
use crate::domain::access::{Campaign, Class, Delivery, Extra, Identifier, Proof, Required, Settings};
use crate::domain::typed;
use crate::tenancy::problem::Problem;
use crate::tenancy::reader::Section;

pub fn read(section: Section<'_>) -> Settings {
    let keys = || Identifier::all().map(Identifier::key);
    let identify_by: Vec<Identifier> = section
        .texts("identify_by")
        .unwrap_or_default()
        .into_iter()
        .filter_map(|found| one_of(&section, "identifier", &found, Identifier::parse, keys()))
        .collect();
    if !identify_by.is_empty() && !identify_by.iter().any(|one| one.leads()) {
        let message = "\"access.identify_by\" names nothing that leads to one customer";
        let leading = Identifier::all().filter(|one| one.leads()).map(Identifier::key).collect::<Vec<_>>().join(", ");
        let (line, column) = section.key_place("identify_by");
        section.add(
            Problem::new(section.source.file, (line, column), "E0218", message.to_owned())
                .with_help(format!("add one of {leading}")),
        );
    }
    let delivery = |key| {
        let keys = Delivery::ALL.iter().map(|way| way.key());
        section.text(key).and_then(|found| one_of(&section, "delivery", &found, Delivery::parse, keys))
    };
    let extra = section.text("extra_verification").and_then(|found| {
        one_of(&section, "extra verification", &found, Extra::parse, Extra::ALL.iter().map(|one| one.key()))
    });
    let settings = Settings {
        identify_by,
        password: delivery("password_delivery"),
        username: delivery("username_delivery"),
        extra,
        email_required: section.flag("email_required").is_some_and(|found| found.value),
        branches: branches(&section),
    };
    section.done();
    settings
}

fn branches(section: &Section<'_>) -> Vec<String> {
    let named = section.texts("branches").unwrap_or_default().into_iter().filter_map(|found| {
        if checks::shown(found.value, LONGEST_NAME) {
            return Some(found.value.to_owned());
        }
        let message =
            format!("a branch's name must have 1 to {LONGEST_NAME} characters, none of them control characters");
        section.refuse(found.span, "E0207", message);
        None
    });
    named.collect()
}

pub fn read_gift(section: Section<'_>) -> Option<Campaign> {
    let day = |key: &'static str| {
        section.required(key, section.text(key)).and_then(|found| {
            let day = typed::date(found.value).ok();
            if day.is_none() {
                section.refuse(found.span, "E0219", format!("\"{}\" is no day like 2026-11-01", found.value));
            }
            day
        })
    };
    let (from, to) = (day("from"), day("to"));
    let what = shown(&section, "what");
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        section.refuse(section.span(), "E0219", format!("the campaign ends on {to}, before it begins on {from}"));
    }
    section.done();
    Some(Campaign { from: from?, to: to?, what: (what.cs, what.en) })
}

pub fn read_assurance(section: Section<'_>) -> Required {
    let keys = || Proof::ALL.iter().map(|proof| proof.key());
    let mut required = Required::default();
    for class in Class::ALL {
        let found = section.text(class.key());
        if let Some(proof) = found.and_then(|found| one_of(&section, "proof", &found, Proof::parse, keys())) {
            required.set(*class, proof);
        }
    }
    section.done();
    required
}

//! The part of a document that says what earns points in the bonus programme.
use super::Bonus;
use super::parse::shown;
use crate::domain::bonus::Terms;
use crate::tenancy::reader::Section;

/// Points for one thing.
const MOST: i64 = 10_000;

pub fn read(section: Section<'_>) -> Bonus {
    let usual = Terms::default();
    let number = |key: &'static str, usual: i64, least: i64, most: i64| {
        let Some(found) = section.number(key) else { return usual };
        if !(least..=most).contains(&found.value) {
            let message = format!("\"bonus.{key}\" is {}, must be {least} to {most}", found.value);
            section.refuse(found.span, "E0210", message);
        }
        found.value
    };
    let terms = Terms {
        self_reading: number("points_for_self_reading", usual.self_reading, 0, MOST),
        e_invoice: number("points_for_e_invoice", usual.e_invoice, 0, MOST),
        payment_on_time: number("points_for_payment_on_time", usual.payment_on_time, 0, MOST),
        expires_after_months: number("expires_after_months", usual.expires_after_months, 1, 120),
    };
    let name = shown(&section, "name");
    section.done();
    Bonus { name, terms }
}

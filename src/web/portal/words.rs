//! Text keys for what the domain names: one place where a noun meets its words, and links that narrow a list.
use crate::domain::features::Feature;
use crate::domain::invoices::{InvoiceKind, LineKind, Unit};
use crate::domain::payments::PaymentMethod;
use crate::domain::readings::ReadingKind;
use crate::domain::supply_points::{Address, Commodity, Register};
use crate::web::kit::page::Page;
use serde::Serialize;

pub const KWH: &str = "kWh";
pub const CUBIC_METRES: &str = "m³";

pub fn commodity(commodity: Commodity) -> &'static str {
    match commodity {
        Commodity::Electricity => "commodity-electricity",
        Commodity::Gas => "commodity-gas",
    }
}

pub fn register(register: Register) -> &'static str {
    match register {
        Register::High => "register-high",
        Register::Low => "register-low",
        Register::Volume => "register-volume",
    }
}

/// What a register counts.
pub fn unit(register: Register) -> &'static str {
    match register {
        Register::High | Register::Low => KWH,
        Register::Volume => CUBIC_METRES,
    }
}

pub fn reading_kind(kind: ReadingKind) -> &'static str {
    match kind {
        ReadingKind::Distributor => "reading-kind-distributor",
        ReadingKind::Customer => "reading-kind-customer",
        ReadingKind::Estimate => "reading-kind-estimate",
        ReadingKind::Correction => "reading-kind-correction",
        ReadingKind::Installed => "reading-kind-installed",
        ReadingKind::Removed => "reading-kind-removed",
    }
}

/// Who the state comes from.
pub fn reading_source(kind: ReadingKind) -> &'static str {
    match kind {
        ReadingKind::Customer => "reading-source-customer",
        ReadingKind::Correction => "reading-source-supplier",
        ReadingKind::Distributor | ReadingKind::Estimate | ReadingKind::Installed | ReadingKind::Removed => {
            "reading-source-distributor"
        }
    }
}

pub fn invoice_kind(kind: InvoiceKind) -> &'static str {
    match kind {
        InvoiceKind::Settlement => "invoice-kind-settlement",
        InvoiceKind::ExtraordinarySettlement => "invoice-kind-extraordinary",
        InvoiceKind::CorrectiveSettlement => "invoice-kind-corrective",
    }
}

pub fn line(kind: LineKind, commodity: Commodity) -> &'static str {
    match (kind, commodity) {
        (LineKind::Energy, Commodity::Electricity) => "line-energy",
        (LineKind::Energy, Commodity::Gas) => "line-gas",
        (LineKind::StandingCharge, _) => "line-standing-charge",
        (LineKind::Distribution, _) => "line-distribution",
        (LineKind::BreakerOrCapacity, Commodity::Electricity) => "line-breaker",
        (LineKind::BreakerOrCapacity, Commodity::Gas) => "line-capacity",
        (LineKind::SystemServices, _) => "line-system-services",
        (LineKind::Infrastructure, _) => "line-infrastructure",
        (LineKind::EnergyTax, Commodity::Electricity) => "line-electricity-tax",
        (LineKind::EnergyTax, Commodity::Gas) => "line-gas-tax",
    }
}

pub fn line_unit(unit: Unit) -> &'static str {
    match unit {
        Unit::MegawattHour => "unit-megawatt-hour",
        Unit::Month => "unit-month",
    }
}

pub fn method(method: PaymentMethod) -> &'static str {
    match method {
        PaymentMethod::Transfer => "method-transfer",
        PaymentMethod::DirectDebit => "method-direct-debit",
        PaymentMethod::Sipo => "method-sipo",
        PaymentMethod::PostalOrder => "method-postal-order",
    }
}

/// Street, postcode and town on one line; the postcode is not torn apart.
pub fn address(address: &Address) -> String {
    let digits: String = address.postcode.chars().filter(|letter| !letter.is_whitespace()).collect();
    let postcode = match digits.split_at_checked(3) {
        Some((first, rest)) if digits.len() == 5 => format!("{first}\u{a0}{rest}"),
        _ => address.postcode.clone(),
    };
    format!("{}, {postcode} {}", address.street, address.city)
}

/// One link of a filter above a list.
#[derive(Serialize)]
pub struct Choice {
    pub label: String,
    pub href: String,
    pub is_current: bool,
}

/// What can be done from a page, as far as it is offered: feature, text key, path within the mount.
pub fn doings(page: &Page, all: &[(Feature, &str, &str)]) -> Vec<Choice> {
    let offered = all.iter().filter(|(feature, ..)| page.offers(*feature));
    let link = |(_, label, path): &(Feature, &str, &str)| Choice {
        label: page.t(label),
        href: format!("{}{path}", page.base()),
        is_current: false,
    };
    offered.map(link).collect()
}

/// All · electricity · gas, as links that keep `rest` of the query.
pub fn commodity_choices(page: &Page, path: &str, current: Option<Commodity>, rest: &str) -> Vec<Choice> {
    [None, Some(Commodity::Electricity), Some(Commodity::Gas)]
        .into_iter()
        .map(|choice| {
            let own = choice.map(|commodity| format!("commodity={}", commodity.key())).unwrap_or_default();
            Choice {
                label: page.t(choice.map_or("filter-all", commodity)),
                href: href(page, path, &[&own, rest]),
                is_current: choice == current,
            }
        })
        .collect()
}

/// All · each year, newest first, as links that keep `rest` of the query.
pub fn year_choices(
    page: &Page,
    path: &str,
    years: &[i32],
    current: Option<i32>,
    with_all: bool,
    rest: &str,
) -> Vec<Choice> {
    let all = with_all.then_some(None);
    all.into_iter()
        .chain(years.iter().copied().map(Some))
        .map(|choice| Choice {
            label: choice.map_or_else(|| page.t("filter-all-years"), |year| year.to_string()),
            href: href(page, path, &[rest, &choice.map(|year| format!("year={year}")).unwrap_or_default()]),
            is_current: choice == current,
        })
        .collect()
}

/// A path of this portal with the query's parts that are not empty.
pub fn href(page: &Page, path: &str, query: &[&str]) -> String {
    let mut out = format!("{}{path}", page.base());
    for (index, part) in query.iter().filter(|part| !part.is_empty()).enumerate() {
        out.push(if index == 0 { '?' } else { '&' });
        out.push_str(part);
    }
    out
}

/// Years of the given days, newest first, each once.
pub fn years(days: impl Iterator<Item = time::Date>) -> Vec<i32> {
    let mut years: Vec<i32> = days.map(|day| day.year()).collect();
    years.sort_unstable_by(|a, b| b.cmp(a));
    years.dedup();
    years
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_postcode_has_its_gap_and_does_not_break() {
        let place =
            |postcode: &str| Address { street: "Dlouhá 7".into(), city: "Praha 1".into(), postcode: postcode.into() };
        assert_eq!(address(&place("11000")), "Dlouhá 7, 110\u{a0}00 Praha 1");
        assert_eq!(address(&place("110 00")), "Dlouhá 7, 110\u{a0}00 Praha 1");
        assert_eq!(address(&place("SW1A 1AA")), "Dlouhá 7, SW1A 1AA Praha 1");
    }
}

//! Supply points: the list, and each one's address, terms and meters, as far as the supplier shows them.
use super::change_terms;
use super::id::Id;
use super::offered::{Offered, Points};
use super::words::{self, Choice};
use crate::domain::features::Feature;
use crate::domain::ids::SupplyPointId;
use crate::domain::supply_points::{Commodity, Meter, SupplyPoint, Terms};
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};

const FEATURES: &[Feature] = &[Feature::InfoSupplyPoints];

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(FEATURES, "/supply-points").get(list),
        Slice::customer(FEATURES, "/supply-points/{id}").get(show),
    ]
}

#[derive(Deserialize)]
struct Filter {
    commodity: Option<String>,
}

/// A point in a list; the dashboard shows the same.
#[derive(Serialize)]
pub struct Row {
    pub commodity: String,
    pub code: &'static str,
    pub identifier_label: String,
    pub identifier: String,
    pub address: String,
    pub contract_number: String,
    pub contract: String,
    pub tone: &'static str,
    pub href: String,
}

#[derive(Serialize)]
struct List {
    /// Empty where the supplier has one commodity only.
    choices: Vec<Choice>,
    points: Vec<Row>,
}

#[derive(Serialize)]
struct Detail {
    point: Row,
    distributor: String,
    /// None where the supplier does not show it.
    place: Option<Place>,
    technical: Option<Technical>,
    links: Vec<Onward>,
}

#[derive(Serialize)]
struct Place {
    supply: String,
    mailing: String,
}

#[derive(Serialize)]
struct Technical {
    is_electricity: bool,
    terms: Vec<TermsRow>,
    meters: Vec<MeterRow>,
}

#[derive(Serialize)]
struct TermsRow {
    since: String,
    is_current: bool,
    product: String,
    rate: String,
    breaker: String,
    phases: String,
    expected: String,
}

#[derive(Serialize)]
struct MeterRow {
    serial: String,
    registers: String,
    digits: String,
    multiplier: String,
    installed: String,
    removed: String,
}

#[derive(Serialize)]
struct Onward {
    label: String,
    href: String,
}

async fn list(customer: Customer, Query(filter): Query<Filter>) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let points = Points::of(&tx, page, customer.id).await?;
    tx.commit().await?;
    let is_both = Offered::of(page).is_both();
    let wanted = filter.commodity.as_deref().and_then(Commodity::parse).filter(|_| is_both);
    let rows = points.shown.iter().filter(|point| wanted.is_none_or(|wanted| point.commodity == wanted));
    let view = List {
        choices: if is_both { words::commodity_choices(page, "/supply-points", wanted, "") } else { Vec::new() },
        points: rows.map(|point| row(page, point)).collect(),
    };
    page.show("portal/supply_points.html", &view)
}

async fn show(customer: Customer, Id(id): Id) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let point = tx.supply_point(customer.id, SupplyPointId(id)).await?;
    Offered::of(page).admit(point.commodity)?;
    let place = match page.has(Feature::InfoSupplyPointAddress) {
        true => Some(Place {
            supply: words::address(&point.address),
            mailing: words::address(&tx.customer(customer.id).await?.mailing),
        }),
        false => None,
    };
    let technical = match page.has(Feature::InfoSupplyPointTechnical) {
        true => Some(technical(
            page,
            &point,
            &tx.terms_of(customer.id, point.id).await?,
            &tx.meters_of(customer.id, point.id).await?,
        )),
        false => None,
    };
    tx.commit().await?;
    let view = Detail {
        point: row(page, &point),
        distributor: point.distributor.clone(),
        place,
        technical,
        links: onward(page, &point),
    };
    page.show("portal/supply_point.html", &view)
}

pub fn row(page: &Page, point: &SupplyPoint) -> Row {
    let code = point.commodity.key();
    let (contract, tone) = contract(page, point);
    Row {
        commodity: page.t(words::commodity(point.commodity)),
        code,
        identifier_label: page.t(if code == "gas" { "identifier-eic" } else { "identifier-ean" }),
        identifier: point.code.clone(),
        address: words::address(&point.address),
        contract_number: point.contract_number.clone(),
        contract,
        tone,
        href: format!("{}/supply-points/{}", page.base(), point.id),
    }
}

fn contract(page: &Page, point: &SupplyPoint) -> (String, &'static str) {
    let today = page.today();
    let said = |key: &str, day| page.t_args(key, &[("date", Arg::from(page.date(day)))]);
    match point.contract_until {
        Some(until) if until < today => (said("contract-ended", until), "info"),
        Some(until) => (said("contract-ends", until), "warn"),
        None if point.contract_since > today => (said("contract-starts", point.contract_since), "info"),
        None => (said("contract-since", point.contract_since), "ok"),
    }
}

fn technical(page: &Page, point: &SupplyPoint, terms: &[Terms], meters: &[Meter]) -> Technical {
    let today = page.today();
    let current = terms.iter().position(|terms| terms.valid_from <= today);
    Technical {
        is_electricity: point.commodity.key() == "electricity",
        terms: terms.iter().enumerate().map(|(index, terms)| terms_row(page, terms, Some(index) == current)).collect(),
        meters: meters.iter().map(|meter| meter_row(page, meter)).collect(),
    }
}

fn terms_row(page: &Page, terms: &Terms, is_current: bool) -> TermsRow {
    let breaker = terms.breaker;
    TermsRow {
        since: page.date(terms.valid_from),
        is_current,
        product: terms.product.clone(),
        rate: terms.tariff_rate.clone().unwrap_or_default(),
        breaker: breaker.map(|breaker| format!("{}×{}\u{a0}A", breaker.phases, breaker.amps)).unwrap_or_default(),
        phases: breaker.map(|breaker| breaker.phases.to_string()).unwrap_or_default(),
        expected: page.quantity(terms.expected_kwh, words::KWH),
    }
}

fn meter_row(page: &Page, meter: &Meter) -> MeterRow {
    let registers: Vec<String> = meter.registers.iter().map(|register| page.t(words::register(*register))).collect();
    MeterRow {
        serial: meter.serial.clone(),
        registers: registers.join(", "),
        digits: meter.digits.to_string(),
        multiplier: if meter.multiplier > 1 { format!("×\u{a0}{}", meter.multiplier) } else { String::new() },
        installed: page.date(meter.installed_on),
        removed: meter.removed_on.map(|day| page.date(day)).unwrap_or_default(),
    }
}

fn onward(page: &Page, point: &SupplyPoint) -> Vec<Onward> {
    let all = [
        (Feature::InfoMeterReadings, "errand-readings", format!("/readings?point={}", point.id)),
        (Feature::InfoConsumptionHistory, "errand-consumption", format!("/consumption?point={}", point.id)),
        (Feature::InfoInvoiceOverview, "errand-invoices", format!("/invoices?point={}", point.id)),
        (Feature::InfoAdvanceSchedule, "errand-advances", "/advances".to_owned()),
    ];
    let of_electricity = [
        (Feature::ChangeTariffRate, "errand-rate", format!("/supply-points/{}/rate", point.id)),
        (Feature::ChangeBreakerSize, "errand-breaker", format!("/supply-points/{}/breaker", point.id)),
    ];
    let of_electricity = of_electricity.into_iter().filter(|_| change_terms::is_changeable(page, point));
    all.into_iter()
        .chain(of_electricity)
        .filter(|(feature, _, _)| page.offers(*feature))
        .map(|(_, label, path)| Onward { label: page.t(label), href: format!("{}{path}", page.base()) })
        .collect()
}

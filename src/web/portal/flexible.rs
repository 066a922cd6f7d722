//! The flexible advance: what next month costs by what was really used, with its sum; an estimate, and marked so, while nobody has read the meter.
use super::offered::Points;
use super::words;
use crate::data::TenantTx;
use crate::domain::features::Feature;
use crate::domain::forecast::{Basis, Calculation};
use crate::domain::supply_points::{Commodity, SupplyPoint};
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::requests::flexible;
use crate::web::kit::slices::Slice;
use crate::web::kit::table::{Cell, Table};
use axum::response::Response;
use serde::Serialize;

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(&[Feature::AdvancesFlexibleByActualConsumption], "/advances/flexible").get(show)]
}

#[derive(Serialize)]
struct View {
    points: Vec<Point>,
    /// Where a reading is entered; empty where that is off.
    reading_href: String,
}

#[derive(Serialize)]
struct Point {
    commodity: String,
    code: &'static str,
    address: String,
    /// Empty where nothing was settled yet, so no prices are known.
    total: String,
    basis: String,
    is_estimate: bool,
    /// The next instalment as it stands.
    prescribed: String,
    steps: Table,
}

async fn show(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let points = Points::of(&tx, page, customer.id).await?;
    let mut shown = Vec::new();
    // A reading of gas is a volume; what it is worth in kWh only the bill knows.
    for point in points.shown.iter().filter(|point| point.commodity == Commodity::Electricity) {
        shown.push(of_point(&tx, &customer, point).await?);
    }
    tx.commit().await?;
    let has_reading = page.offers(Feature::ReadingSelfReport);
    let reading_href = if has_reading { format!("{}/readings/new", page.base()) } else { String::new() };
    page.show("portal/flexible.html", &View { points: shown, reading_href })
}

async fn of_point(tx: &TenantTx, customer: &Customer, point: &SupplyPoint) -> Result<Point, Error> {
    let page = &customer.page;
    let mut view = Point {
        commodity: page.t(words::commodity(point.commodity)),
        code: point.commodity.key(),
        address: words::address(&point.address),
        total: String::new(),
        basis: page.t("flexible-no-prices"),
        is_estimate: false,
        prescribed: String::new(),
        steps: Table::new(page, "flexible-steps", &["flexible-what", "#flexible-amount"]),
    };
    let Some(found) = flexible::of_point(tx, customer.id, point.id, page.today()).await? else { return Ok(view) };
    view.total = page.money(found.sum.total);
    view.is_estimate = found.sum.basis == Basis::Estimate;
    view.basis = match &found.measured {
        Some(measured) => {
            let day = Arg::from(page.date(measured.read_on));
            page.t_args("flexible-measured", &[("day", day), ("days", Arg::from(measured.days))])
        }
        None => page.t("flexible-estimate"),
    };
    if let Some(next) = flexible::next_instalment(tx, customer.id, point.id, page.today()).await? {
        let args = [("day", Arg::from(page.on_day(next.due_on))), ("amount", Arg::from(page.money(next.amount)))];
        view.prescribed = page.t_args("flexible-prescribed", &args);
    }
    sum(page, &mut view.steps, &found.sum);
    Ok(view)
}

fn sum(page: &Page, table: &mut Table, found: &Calculation) {
    for step in &found.steps {
        let args = [
            ("register", Arg::from(page.t(words::register(step.register)))),
            ("kwh", Arg::from(page.quantity(step.kwh, words::KWH))),
            ("price", Arg::from(page.decimal(step.czk_per_mwh, 2))),
        ];
        table.push([Cell::of(page.t_args("flexible-step", &args)), Cell::of(page.money(step.amount))]);
    }
    table.push([Cell::of(page.t("flexible-fixed")), Cell::of(page.money(found.fixed))]);
    table.push([Cell::of(page.t("flexible-vat")), Cell::of(page.money(found.vat))]);
    table.total(page.t("flexible-total"), page.money(found.total), true);
}

//! The flexible advance: what next month costs by what was really used, with its sum; an estimate, and marked so, while nobody has read the meter.
use super::offered::Points;
use super::words;
use crate::data::TenantTx;
use crate::domain::calendar::month_start;
use crate::domain::features::Feature;
use crate::domain::forecast::{self, Basis, Calculation, Prices, Usage};
use crate::domain::ids::SupplyPointId;
use crate::domain::readings::{Reading, ReadingKind};
use crate::domain::supply_points::{Commodity, SupplyPoint};
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::table::{Cell, Table};
use axum::response::Response;
use serde::Serialize;
use time::Date;

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
    steps: Table,
}

/// What the customer's newest own reading says of a month: within this month or the one before.
struct Measured {
    read_on: Date,
    days: i64,
    usage: Vec<Usage>,
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
    let has_reading = page.has(Feature::ReadingSelfReport);
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
        steps: Table::new(page, "flexible-steps", &["flexible-what", "#flexible-amount"]),
    };
    let invoices = tx.invoices_of(customer.id, Default::default()).await?;
    let own = invoices.iter().filter(|invoice| invoice.supply_point == point.id);
    let Some(newest) = own.max_by_key(|invoice| invoice.period_to) else { return Ok(view) };
    let settlement = tx.settlement(customer.id, newest.id).await?;
    let readings = tx.readings_of_point(customer.id, point.id).await?;
    let measured = measured(&readings, point.id, page.today());
    let days = (newest.period_to - newest.period_from).whole_days() + 1;
    let estimate: Vec<Usage> =
        forecast::settled_usage(&settlement).into_iter().map(|usage| a_month(usage, days)).collect();
    let usage = measured.as_ref().map(|measured| measured.usage.as_slice());
    let found = forecast::flexible(usage, &estimate, &Prices::of(&settlement));
    view.total = page.money(found.total);
    view.is_estimate = found.basis == Basis::Estimate;
    view.basis = match &measured {
        Some(measured) => {
            let day = Arg::from(page.date(measured.read_on));
            page.t_args("flexible-measured", &[("day", day), ("days", Arg::from(measured.days))])
        }
        None => page.t("flexible-estimate"),
    };
    sum(page, &mut view.steps, &found);
    Ok(view)
}

/// Half up; a month is a twelfth of a year of 365 days.
fn a_month(usage: Usage, days: i64) -> Usage {
    let days = days.max(1) * 24;
    Usage { kwh: (usage.kwh.max(0) * 365 * 2 + days / 2) / days, ..usage }
}

/// The use since the reading before, made a month's: nobody reads on the same day each time.
fn measured(readings: &[Reading], point: SupplyPointId, today: Date) -> Option<Measured> {
    let own = |one: &&Reading| one.supply_point == point && one.kind == ReadingKind::Customer;
    let read_on = readings.iter().filter(own).map(|one| one.read_on).max()?;
    if read_on < month_start(today, -1) {
        return None;
    }
    let mut shortest = None;
    let mut usage = Vec::new();
    for one in readings.iter().filter(own).filter(|one| one.read_on == read_on) {
        let is_before = |before: &&Reading| {
            before.register == one.register && before.meter == one.meter && before.read_on < read_on
        };
        let before = readings.iter().filter(is_before).map(|before| before.read_on).max()?;
        let days = (read_on - before).whole_days();
        usage.push(a_month(Usage { register: one.register, kwh: one.consumption? }, days));
        shortest = Some(days);
    }
    Some(Measured { read_on, days: shortest?, usage })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{CustomerId, MeterId, ReadingId};
    use crate::domain::supply_points::Register;
    use time::macros::date;

    fn reading(
        read_on: Date,
        kind: ReadingKind,
        consumption: Option<i64>,
        meter: MeterId,
        point: SupplyPointId,
    ) -> Reading {
        Reading {
            id: ReadingId::new(),
            customer: CustomerId::new(),
            supply_point: point,
            meter,
            meter_serial: "1".into(),
            register: Register::High,
            read_on,
            state: 1,
            kind,
            consumption,
        }
    }

    #[test]
    fn the_use_of_a_period_is_made_a_months() {
        let of = |kwh, days| a_month(Usage { register: Register::High, kwh }, days).kwh;
        assert_eq!((of(3_650, 365), of(60, 61), of(0, 30), of(10, 0)), (304, 30, 0, 304));
    }

    #[test]
    fn only_a_fresh_reading_of_the_customers_own_counts() {
        let (meter, point) = (MeterId::new(), SupplyPointId::new());
        let old = reading(date!(2026 - 10 - 01), ReadingKind::Distributor, None, meter, point);
        let own = reading(date!(2026 - 11 - 02), ReadingKind::Customer, Some(320), meter, point);
        let all = [own.clone(), old.clone()];
        let found = measured(&all, point, date!(2026 - 11 - 24)).expect("a month's use");
        assert_eq!((found.read_on, found.days, found.usage[0].kwh), (date!(2026 - 11 - 02), 32, 304));
        assert!(measured(&all, point, date!(2027 - 01 - 01)).is_none(), "too old");
        assert!(measured(std::slice::from_ref(&old), point, date!(2026 - 11 - 24)).is_none(), "the distributor's");
        assert!(measured(std::slice::from_ref(&own), point, date!(2026 - 11 - 24)).is_none(), "nothing before it");
    }
}

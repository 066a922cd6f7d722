//! Advances: what is prescribed, what comes next and how to pay it, what has been paid.
use super::offered::Points;
use super::pay::{self, Owed, Pay};
use super::words;
use crate::domain::advances::{Instalment, Schedule};
use crate::domain::features::Feature;
use crate::domain::supply_points::Commodity;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::table::{Cell, Table};
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use time::macros::format_description;
use time::{Date, Duration};

const FEATURES: &[Feature] = &[Feature::InfoAdvanceSchedule];

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(FEATURES, "/advances").get(list), Slice::customer(FEATURES, "/advances/qr").get(code)]
}

/// How far back the page looks.
const PAST: Duration = Duration::days(400);

#[derive(Serialize)]
struct List {
    account: String,
    schedules: Vec<ScheduleRow>,
    /// One for each supply point: what is overdue, else what comes next.
    pays: Vec<PointPay>,
    doings: Vec<words::Choice>,
    has_coming: bool,
    coming: Table,
    has_past: bool,
    past: Table,
}

#[derive(Serialize)]
struct PointPay {
    title: String,
    pay: Pay,
}

#[derive(Serialize)]
struct ScheduleRow {
    commodity: String,
    code: &'static str,
    address: String,
    amount: String,
    interval: String,
    since: String,
    method: String,
    symbol: String,
}

pub fn is_open(instalment: &Instalment) -> bool {
    instalment.open().is_positive()
}

async fn list(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let points = Points::of(&tx, page, customer.id).await?;
    let schedules = tx.schedules_of(customer.id).await?;
    let mut instalments = tx.instalments_of(customer.id, page.today() - PAST).await?;
    tx.commit().await?;
    instalments.retain(|instalment| points.has(instalment.supply_point));
    instalments.sort_by_key(|instalment| (instalment.due_on, instalment.variable_symbol.clone()));
    page.show("portal/advances.html", &view(page, &points, schedules, &instalments))
}

fn view(page: &Page, points: &Points, schedules: Vec<Schedule>, instalments: &[Instalment]) -> List {
    let urgent: Vec<&Instalment> = points
        .shown
        .iter()
        .filter_map(|point| {
            instalments.iter().find(|instalment| instalment.supply_point == point.id && is_open(instalment))
        })
        .collect();
    let columns =
        ["advance-due", "advance-point", "#advance-amount", "advance-symbol", "advance-method", "advance-state"];
    let mut coming = Table::new(page, "advances-coming-caption", &columns);
    let mut past = Table::new(page, "advances-past-caption", &columns);
    for instalment in instalments.iter().filter(|instalment| is_open(instalment)) {
        let is_next = urgent.iter().any(|next| std::ptr::eq(*next, instalment));
        coming.push_row(cells(page, points, instalment, is_next), is_next);
    }
    for instalment in instalments.iter().rev().filter(|instalment| !is_open(instalment)) {
        past.push_row(cells(page, points, instalment, false), false);
    }
    List {
        account: page.tenant().document.payment.account.clone(),
        schedules: current(schedules, page.today())
            .iter()
            .filter_map(|schedule| schedule_row(page, points, schedule))
            .collect(),
        pays: urgent
            .iter()
            .filter_map(|next| {
                let point = points.get(next.supply_point)?;
                let args = [("address", Arg::from(words::address(&point.address)))];
                let key = match point.commodity {
                    Commodity::Gas => "advance-for-gas",
                    Commodity::Electricity => "advance-for-electricity",
                };
                Some(PointPay { title: page.t_args(key, &args), pay: Pay::of(page, &owed(page, next)) })
            })
            .collect(),
        doings: words::doings(page, &[(Feature::ChangeAdvanceAmount, "advances-change", "/advances/change")]),
        has_coming: !coming.is_empty(),
        coming,
        has_past: !past.is_empty(),
        past,
    }
}

/// The newest schedule of each supply point that is already valid, or else the one to come.
fn current(mut schedules: Vec<Schedule>, today: Date) -> Vec<Schedule> {
    schedules.sort_by_key(|schedule| {
        let is_to_come = schedule.valid_from > today;
        let age = (today - schedule.valid_from).whole_days().abs();
        (schedule.supply_point, is_to_come, age)
    });
    schedules.dedup_by_key(|schedule| schedule.supply_point);
    schedules
}

fn schedule_row(page: &Page, points: &Points, schedule: &Schedule) -> Option<ScheduleRow> {
    let point = points.get(schedule.supply_point)?;
    Some(ScheduleRow {
        commodity: page.t(words::commodity(point.commodity)),
        code: point.commodity.key(),
        address: words::address(&point.address),
        amount: page.money(schedule.amount),
        interval: page.t_args("advance-interval", &[("months", Arg::from(i64::from(schedule.interval_months)))]),
        since: page.date(schedule.valid_from),
        method: page.t(words::method(schedule.method)),
        symbol: schedule.variable_symbol.clone(),
    })
}

fn cells(page: &Page, points: &Points, instalment: &Instalment, is_next: bool) -> Vec<Cell> {
    let point = points.get(instalment.supply_point);
    let (state, tone) = match instalment.paid_on {
        Some(day) if !is_open(instalment) => {
            (page.t_args("advance-paid-on", &[("date", Arg::from(page.date(day)))]), "ok")
        }
        _ if !is_open(instalment) => (page.t("bill-paid"), "ok"),
        _ if instalment.due_on < page.today() => (page.due_distance(instalment.due_on), "bad"),
        _ => (page.due_distance(instalment.due_on), if is_next { "warn" } else { "info" }),
    };
    let place = match point {
        Some(point) => Cell::of(words::address(&point.address))
            .commodity(page.t(words::commodity(point.commodity)), point.commodity.key()),
        None => Cell::default(),
    };
    vec![
        Cell::of(page.date(instalment.due_on)).mark(if is_next { page.t("advance-next-tag") } else { String::new() }),
        place,
        Cell::of(page.money(instalment.amount)),
        Cell::of(instalment.variable_symbol.clone()),
        Cell::of(page.t(words::method(instalment.method))),
        Cell::tag(state, tone),
    ]
}

pub fn owed<'a>(page: &Page, instalment: &'a Instalment) -> Owed<'a> {
    let month = format!("{}/{}", u8::from(instalment.due_on.month()), instalment.due_on.year());
    Owed {
        amount: instalment.open(),
        due_on: instalment.due_on,
        symbol: &instalment.variable_symbol,
        message: page.t_args("pay-message-advance", &[("month", Arg::from(month))]),
        method: instalment.method,
    }
}

/// Where the payment code of an instalment is.
pub fn code_href(page: &Page, instalment: &Instalment) -> String {
    let (due, symbol, point) = (instalment.due_on, &instalment.variable_symbol, instalment.supply_point);
    format!("{}/advances/qr?due={due}&symbol={symbol}&point={point}", page.base())
}

#[derive(Deserialize)]
struct Which {
    due: Option<String>,
    symbol: Option<String>,
    /// Two points may have the same day and symbol.
    point: Option<String>,
}

async fn code(customer: Customer, Query(which): Query<Which>) -> Result<Response, Error> {
    let page = &customer.page;
    let day = which.due.as_deref().and_then(|day| Date::parse(day, format_description!("[year]-[month]-[day]")).ok());
    let (day, symbol) = day.zip(which.symbol.clone()).ok_or(Error::NotFound)?;
    let tx = customer.db.read().await?;
    let points = Points::of(&tx, page, customer.id).await?;
    let instalments = tx.instalments_of(customer.id, day).await?;
    tx.commit().await?;
    let found = instalments.iter().find(|instalment| {
        instalment.due_on == day
            && instalment.variable_symbol == symbol
            && which.point.as_ref().is_none_or(|point| *point == instalment.supply_point.to_string())
            && points.has(instalment.supply_point)
            && is_open(instalment)
    });
    let svg = found.and_then(|found| pay::picture(page, &owed(page, found))).ok_or(Error::NotFound)?;
    Ok(pay::picture_response(svg))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{CustomerId, ScheduleId, SupplyPointId};
    use crate::domain::money::Money;
    use crate::domain::payments::PaymentMethod;
    use time::macros::date;

    #[test]
    fn each_point_has_one_current_schedule() {
        let (point, other) = (SupplyPointId::new(), SupplyPointId::new());
        let schedule = |supply_point, valid_from| Schedule {
            id: ScheduleId::new(),
            customer: CustomerId::new(),
            supply_point,
            valid_from,
            amount: Money(100),
            interval_months: 1,
            method: PaymentMethod::Transfer,
            variable_symbol: "1".into(),
        };
        let chosen = current(
            vec![
                schedule(point, date!(2024 - 12 - 01)),
                schedule(point, date!(2025 - 12 - 01)),
                schedule(point, date!(2026 - 12 - 01)),
                schedule(other, date!(2027 - 01 - 01)),
            ],
            date!(2026 - 11 - 23),
        );
        let mut days: Vec<_> = chosen.iter().map(|schedule| schedule.valid_from).collect();
        days.sort();
        assert_eq!(days, [date!(2025 - 12 - 01), date!(2027 - 01 - 01)]);
    }
}

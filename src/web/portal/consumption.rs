//! Consumption history of each supply point: a chart against the year before, months, and the periods that were invoiced.
use super::offered::{Offered, Points};
use super::usage::{self, MonthRow, TwoYears, Used};
use super::words::{self, Choice};
use crate::domain::consumption::MonthlyConsumption;
use crate::domain::features::Feature;
use crate::domain::ids::SupplyPointId;
use crate::domain::invoices::Settlement;
use crate::domain::supply_points::{Commodity, Register, SupplyPoint};
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use time::{Date, Month};
use uuid::Uuid;

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(&[Feature::InfoConsumptionHistory], "/consumption").get(show)]
}

/// Years the page looks back.
const YEARS: i32 = 10;

#[derive(Deserialize)]
struct Filter {
    commodity: Option<String>,
    point: Option<String>,
    year: Option<String>,
}

#[derive(Serialize)]
struct View {
    choices: Vec<Choice>,
    years: Vec<Choice>,
    year: String,
    year_before: String,
    points: Vec<PointUsage>,
}

#[derive(Serialize)]
struct PointUsage {
    commodity: String,
    code: &'static str,
    identifier: String,
    address: String,
    is_gas: bool,
    is_two_rate: bool,
    has_data: bool,
    sentence: String,
    chart: String,
    months: Vec<MonthRow>,
    total: Option<MonthRow>,
    periods: Vec<Period>,
}

/// What a settlement invoiced.
#[derive(Serialize)]
struct Period {
    period: String,
    high: String,
    low: String,
    volume: String,
    energy: String,
    number: String,
    href: String,
}

async fn show(customer: Customer, Query(filter): Query<Filter>) -> Result<Response, Error> {
    let page = &customer.page;
    let only = filter.point.as_deref().map(|id| Uuid::try_parse(id).map_err(|_| Error::NotFound)).transpose()?;
    let only = only.map(SupplyPointId);
    let is_both = Offered::of(page).is_both();
    let wanted = words::parse_commodity(filter.commodity.as_deref()).filter(|_| is_both);
    let tx = customer.db.read().await?;
    let points = Points::of(&tx, page, customer.id).await?;
    if only.is_some_and(|only| !points.has(only)) {
        return Err(Error::NotFound);
    }
    let is_wanted = |point: &&SupplyPoint| {
        only.is_none_or(|only| point.id == only) && wanted.is_none_or(|wanted| point.commodity == wanted)
    };
    let chosen: Vec<&SupplyPoint> = points.shown.iter().filter(is_wanted).collect();
    let from = first_of_year(page.today().year() - YEARS);
    let mut rows = tx.monthly_consumption(customer.id, from).await?;
    rows.retain(|row| chosen.iter().any(|point| point.id == row.supply_point));
    let mut settlements = Vec::new();
    for invoice in tx.invoices_of(customer.id, Default::default()).await? {
        if chosen.iter().any(|point| point.id == invoice.supply_point) {
            settlements.push(tx.settlement(customer.id, invoice.id).await?);
        }
    }
    tx.commit().await?;
    settlements.sort_by_key(|settlement| std::cmp::Reverse(settlement.invoice.period_to));

    let years = words::years(rows.iter().map(|row| row.month));
    let asked = filter.year.and_then(|year| year.parse().ok()).filter(|year| years.contains(year));
    let year = asked.or(years.first().copied()).unwrap_or_else(|| page.today().year());
    let commodity = wanted.map(|wanted| format!("commodity={}", words::commodity_code(wanted))).unwrap_or_default();
    let point = only.map(|only| format!("point={only}")).unwrap_or_default();
    let rest = [commodity, point].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&");
    let has_choices = is_both && only.is_none();
    let view = View {
        choices: match has_choices {
            true => words::commodity_choices(page, "/consumption", wanted, &format!("year={year}")),
            false => Vec::new(),
        },
        years: words::year_choices(page, "/consumption", &years, Some(year), false, &rest),
        year: year.to_string(),
        year_before: (year - 1).to_string(),
        points: chosen
            .iter()
            .enumerate()
            .map(|(index, point)| point_usage(page, point, &format!("c{index}"), year, &rows, &settlements))
            .collect(),
    };
    page.show("portal/consumption.html", &view)
}

fn point_usage(
    page: &Page,
    point: &SupplyPoint,
    id: &str,
    year: i32,
    rows: &[MonthlyConsumption],
    settlements: &[Settlement],
) -> PointUsage {
    let own = || rows.iter().filter(|row| row.supply_point == point.id);
    let two = TwoYears::gather(own(), first_of_year(year - 1));
    let commodity = page.t(words::commodity(point.commodity));
    let has_data = !two.is_empty();
    let about = page.t_args(
        "usage-chart-title",
        &[("commodity", Arg::from(commodity.as_str())), ("year", Arg::from(year.to_string()))],
    );
    let months = two.days().zip(two.now().iter().zip(two.before()));
    PointUsage {
        code: words::commodity_code(point.commodity),
        identifier: point.code.clone(),
        address: words::address(&point.address),
        is_gas: point.commodity == Commodity::Gas,
        is_two_rate: own().any(|row| row.register == Register::Low),
        has_data,
        sentence: if has_data { two.sentence(page) } else { String::new() },
        chart: if has_data { two.chart(page, id, &about) } else { String::new() },
        months: months.map(|(day, (now, before))| usage::row(page, page.month(day), now, before)).collect(),
        total: has_data.then(|| usage::row(page, String::new(), &Used::sum(two.now()), &Used::sum(two.before()))),
        periods: settlements
            .iter()
            .filter(|settlement| settlement.invoice.supply_point == point.id)
            .map(|settlement| period(page, settlement))
            .collect(),
        commodity,
    }
}

fn period(page: &Page, settlement: &Settlement) -> Period {
    let sum = |register: Register| -> Option<(i64, i64)> {
        let mut rows = settlement.readings.iter().filter(|row| row.register == register).peekable();
        rows.peek()?;
        Some(rows.fold((0, 0), |sum, row| (sum.0 + row.quantity, sum.1 + row.energy_kwh)))
    };
    let said = |value: Option<i64>| value.map(|value| page.whole(value)).unwrap_or_default();
    let invoice = &settlement.invoice;
    Period {
        period: page.period(invoice.period_from, invoice.period_to),
        high: said(sum(Register::High).map(|sum| sum.1)),
        low: said(sum(Register::Low).map(|sum| sum.1)),
        volume: said(sum(Register::Volume).map(|sum| sum.0)),
        energy: page.whole(settlement.readings.iter().map(|row| row.energy_kwh).sum()),
        number: invoice.number.clone(),
        href: match page.has(Feature::InfoSettlements) {
            true => format!("{}/settlements/{}", page.base(), invoice.id),
            false => String::new(),
        },
    }
}

fn first_of_year(year: i32) -> Date {
    Date::from_calendar_date(year, Month::January, 1).expect("every year starts on 1 January")
}

//! Consumption history of each supply point: a chart against the year before, months, and the periods that were invoiced.
use super::offered::{Offered, Points};
use super::usage::{self, MonthRow, Shown, TwoYears, Used};
use super::words::{self, Choice};
use crate::domain::consumption::MonthlyConsumption;
use crate::domain::features::Feature;
use crate::domain::ids::SupplyPointId;
use crate::domain::invoices::Settlement;
use crate::domain::supply_points::{Commodity, Register, SupplyPoint};
use crate::tenancy::Arg;
use crate::web::kit::chart::{Bars, Layout, Point};
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
    show: Option<String>,
}

/// What the charts draw; what a point does not have is drawn as energy.
const ENERGY: &str = "energy";
const REGISTERS: &str = "registers";
const VOLUME: &str = "volume";
const COST: &str = "cost";

#[derive(Serialize)]
struct View {
    choices: Vec<Choice>,
    years: Vec<Choice>,
    /// What the charts may draw.
    shows: Vec<Choice>,
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
    /// What the two kinds of bars are; the second is empty when there is one kind.
    keys: [String; 2],
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
    let wanted = filter.commodity.as_deref().and_then(Commodity::parse).filter(|_| is_both);
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
    let is_two_rate = rows.iter().any(|row| row.register == Register::Low);
    let is_gas = chosen.iter().any(|point| point.commodity == Commodity::Gas);
    let kinds: Vec<&str> =
        [(ENERGY, true), (REGISTERS, is_two_rate), (VOLUME, is_gas), (COST, !settlements.is_empty())]
            .into_iter()
            .filter_map(|(kind, has)| has.then_some(kind))
            .collect();
    let asked = filter.show.as_deref().unwrap_or(ENERGY);
    let show = kinds.iter().copied().find(|kind| *kind == asked).unwrap_or(ENERGY);
    let year_part = format!("year={year}");
    let commodity = wanted.map(|wanted| format!("commodity={}", wanted.key())).unwrap_or_default();
    let point = only.map(|only| format!("point={only}")).unwrap_or_default();
    let show_part = if show == ENERGY { String::new() } else { format!("show={show}") };
    let rest = [commodity.as_str(), &point, &show_part]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("&");
    let has_choices = is_both && only.is_none();
    let shown_as = |kind: &&str| Choice {
        label: page.t(&format!("usage-show-{kind}")),
        href: words::href(page, "/consumption", &[&commodity, &point, &year_part, &format!("show={kind}")]),
        is_current: *kind == show,
    };
    let view = View {
        choices: match has_choices {
            true => words::commodity_choices(page, "/consumption", wanted, &format!("{year_part}&{show_part}")),
            false => Vec::new(),
        },
        years: words::year_choices(page, "/consumption", &years, Some(year), false, &rest),
        shows: if kinds.len() > 1 { kinds.iter().map(shown_as).collect() } else { Vec::new() },
        points: chosen
            .iter()
            .enumerate()
            .map(|(index, point)| point_usage(page, point, &format!("c{index}"), (year, show), &rows, &settlements))
            .collect(),
    };
    page.show("portal/consumption.html", &view)
}

fn point_usage(
    page: &Page,
    point: &SupplyPoint,
    id: &str,
    (year, show): (i32, &str),
    rows: &[MonthlyConsumption],
    settlements: &[Settlement],
) -> PointUsage {
    let own = || rows.iter().filter(|row| row.supply_point == point.id);
    let own_settlements = || settlements.iter().filter(|settlement| settlement.invoice.supply_point == point.id);
    let two = TwoYears::gather(own(), first_of_year(year - 1));
    let commodity = page.t(words::commodity(point.commodity));
    let has_data = !two.is_empty();
    let is_two_rate = own().any(|row| row.register == Register::Low);
    let is_gas = point.commodity == Commodity::Gas;
    let about = page.t_args(
        "usage-chart-title",
        &[("commodity", Arg::from(commodity.as_str())), ("year", Arg::from(year.to_string()))],
    );
    let keys = match show {
        REGISTERS if is_two_rate => [page.t("register-high"), page.t("register-low")],
        COST => [page.t("usage-show-cost"), String::new()],
        _ => [year.to_string(), (year - 1).to_string()],
    };
    let chart = |shown| two.chart(page, shown, id, &about, [&keys[0], &keys[1]]);
    let chart = match show {
        COST => cost_chart(page, id, own_settlements()),
        _ if !has_data => String::new(),
        REGISTERS if is_two_rate => chart(Shown::Registers),
        VOLUME if is_gas => chart(Shown::Volume),
        _ => chart(Shown::Energy),
    };
    let months = two.days().zip(two.now().iter().zip(two.before()));
    PointUsage {
        code: point.commodity.key(),
        identifier: point.code.clone(),
        address: words::address(&point.address),
        is_gas,
        is_two_rate,
        has_data,
        sentence: match show {
            COST => page.t("usage-cost-sentence"),
            _ if has_data => two.sentence(page),
            _ => String::new(),
        },
        chart,
        keys,
        months: months.map(|(day, (now, before))| usage::row(page, page.month(day), now, before)).collect(),
        total: has_data.then(|| usage::row(page, String::new(), &Used::sum(two.now()), &Used::sum(two.before()))),
        periods: own_settlements().map(|settlement| period(page, settlement)).collect(),
        commodity,
    }
}

/// What the invoiced periods cost with VAT, oldest first, in whole crowns.
fn cost_chart<'a>(page: &Page, id: &str, settlements: impl Iterator<Item = &'a Settlement>) -> String {
    let mut settlements: Vec<&Settlement> = settlements.collect();
    settlements.reverse();
    let points: Vec<Point> = settlements
        .into_iter()
        .map(|settlement| Point {
            label: format!(
                "{} {}",
                page.short_month(settlement.invoice.period_to),
                settlement.invoice.period_to.year()
            ),
            values: [Some(settlement.invoice.total.0 / 100), None],
        })
        .collect();
    let (title, description, gap) = (page.t("usage-show-cost"), page.t("usage-cost-sentence"), page.t("usage-gap"));
    Bars {
        id,
        title: &title,
        description: &description,
        unit: "Kč",
        series: ["", ""],
        gap: &gap,
        lang: page.lang(),
        layout: Layout::Stacked,
        points: &points,
        is_quiet: false,
    }
    .svg()
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

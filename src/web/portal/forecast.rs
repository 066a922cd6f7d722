//! How the next settlement will come out: what was read so far, what the rest of the period will take, what advances will have covered, and
//! how another advance would change it. An estimate, said so wherever it stands.
use super::errand::Typed;
use super::offered::{Offered, Points};
use super::words::{self, Choice};
use crate::data::TenantTx;
use crate::domain::advances::Instalment;
use crate::domain::consumption::Season;
use crate::domain::features::Feature;
use crate::domain::forecast::{self, Advances, Forecast, Prices, Progress, Usage};
use crate::domain::ids::CustomerId;
use crate::domain::invoices::{Invoice, Settlement};
use crate::domain::money::Money;
use crate::domain::readings::Reading;
use crate::domain::supply_points::{Register, SupplyPoint};
use crate::domain::typed;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use axum::extract::Query;
use axum::response::Response;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;
use time::{Date, Duration};

const FEATURE: Feature = Feature::InfoConsumptionHistory;

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(&[FEATURE], "/forecast").get(show)]
}

#[derive(Serialize)]
struct View {
    points: Vec<PointForecast>,
    doings: Vec<Choice>,
}

#[derive(Serialize)]
struct PointForecast {
    commodity: String,
    code: &'static str,
    address: String,
    /// What is expected, in one sentence; or why nothing can be said yet.
    sentence: String,
    tone: &'static str,
    facts: Vec<Fact>,
    /// How the figure comes about.
    steps: Vec<String>,
    what_if: Option<Field>,
    /// What another advance would change; empty when none was typed.
    answer: String,
}

#[derive(Serialize)]
struct Fact {
    label: String,
    value: String,
    note: String,
}

async fn show(customer: Customer, Query(typed): Query<Typed>) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let points = Points::of(&tx, page, customer.id).await?;
    let invoices = Offered::of(page).invoices(tx.invoices_of(customer.id, Default::default()).await?);
    let today = page.today();
    let running = points.shown.iter().filter(|point| point.contract_until.is_none_or(|until| until >= today));
    let mut shown = Vec::new();
    let mut has_mistakes = false;
    for (at, point) in running.enumerate() {
        let ground = Ground::of(&tx, customer.id, point, &invoices).await?;
        let one = point_forecast(page, point, ground, &format!("amount-{at}"), &typed);
        has_mistakes |= one.what_if.as_ref().is_some_and(|field| !field.error.is_empty());
        shown.push(one);
    }
    tx.commit().await?;
    let doings = words::doings(page, &[(Feature::ChangeAdvanceAmount, "errand-advance", "/advances/change")]);
    let view = View { points: shown, doings };
    if has_mistakes { page.show_again("portal/forecast.html", &view) } else { page.show("portal/forecast.html", &view) }
}

/// A settled period and what came after it.
struct Ground {
    progress: Progress,
    advances: Advances,
    prices: Prices,
}

impl Ground {
    /// None before the first settlement: there is nothing to reckon from.
    async fn of(
        tx: &TenantTx,
        customer: CustomerId,
        point: &SupplyPoint,
        invoices: &[Invoice],
    ) -> Result<Option<Ground>, Error> {
        let newest = invoices.iter().filter(|one| one.supply_point == point.id).max_by_key(|one| one.period_to);
        let Some(newest) = newest else { return Ok(None) };
        let last = tx.settlement(customer, newest.id).await?;
        let readings = tx.readings_of_point(customer, point.id).await?;
        let period_from = last.invoice.period_to + Duration::days(1);
        let period_to = a_year_after(period_from) - Duration::days(1);
        let after: Vec<&Reading> = readings.iter().filter(|one| one.read_on > last.invoice.period_to).collect();
        let mut instalments = tx.instalments_of(customer, period_from).await?;
        instalments.retain(|one| one.supply_point == point.id && one.due_on <= period_to);
        let progress = Progress {
            period_from,
            period_to,
            read_on: after.iter().map(|one| one.read_on).max().map(|day| day.min(period_to)),
            used: used(&after, &last),
            yearly: yearly(&last),
        };
        Ok(Some(Ground { progress, advances: advances(&instalments), prices: Prices::of(&last) }))
    }
}

fn a_year_after(day: Date) -> Date {
    // 29 February has no day of its own in the next year.
    day.replace_year(day.year() + 1).unwrap_or(day + Duration::days(366))
}

/// By register, in kWh; gas by the factors of the last settlement.
fn used(after: &[&Reading], last: &Settlement) -> Vec<Usage> {
    let factor = last.readings.iter().rev().find_map(|one| one.gas_factors).map(|(volume, heat)| volume * heat);
    let mut used: Vec<Usage> = Vec::new();
    for reading in after {
        let Some(quantity) = reading.consumption else { continue };
        let kwh = match (reading.register, factor) {
            (Register::Volume, Some(factor)) => (Decimal::from(quantity) * factor).round().to_i64().unwrap_or(0),
            _ => quantity,
        };
        match used.iter_mut().find(|one| one.register == reading.register) {
            Some(one) => one.kwh += kwh,
            None => used.push(Usage { register: reading.register, kwh }),
        }
    }
    used
}

/// The settled use as if its period had been a year.
fn yearly(last: &Settlement) -> Vec<Usage> {
    let days = (last.invoice.period_to - last.invoice.period_from).whole_days() + 1;
    let of_year = |one: Usage| Usage { kwh: one.kwh * 365 / days.max(1), ..one };
    forecast::settled_usage(last).into_iter().map(of_year).collect()
}

/// One begun to be paid will be paid whole.
fn advances(instalments: &[Instalment]) -> Advances {
    let (begun, to_come): (Vec<_>, Vec<_>) = instalments.iter().partition(|one| one.paid != Money::ZERO);
    Advances {
        paid: begun.iter().map(|one| one.amount.max(one.paid)).sum(),
        amount: to_come.last().map_or(Money::ZERO, |one| one.amount),
        remaining: to_come.len() as i64,
    }
}

fn point_forecast(
    page: &Page,
    point: &SupplyPoint,
    ground: Option<Ground>,
    name: &str,
    typed: &Typed,
) -> PointForecast {
    let mut one = PointForecast {
        commodity: page.t(words::commodity(point.commodity)),
        code: point.commodity.key(),
        address: words::address(&point.address),
        sentence: page.t("forecast-none"),
        tone: "info",
        facts: Vec::new(),
        steps: Vec::new(),
        what_if: None,
        answer: String::new(),
    };
    let Some(Ground { progress, advances, prices }) = ground else { return one };
    let found = Forecast::new(&progress, Season::of(point.commodity), advances, &prices);
    (one.sentence, one.tone) = outcome(page, found.balance);
    one.facts = facts(page, &progress, &found);
    one.steps = steps(page, &found);
    if advances.remaining > 0 {
        let text = typed.get(name);
        let wish = (!text.is_empty()).then(|| typed::amount(text).map_err(|error| page.number_mistake(error)));
        let wrong = wish.as_ref().and_then(|wish| wish.as_ref().err().cloned()).unwrap_or_default();
        if let Some(Ok(amount)) = wish {
            let args = [
                ("amount", Arg::from(page.money(amount))),
                ("outcome", Arg::from(outcome(page, found.what_if(amount)).0)),
            ];
            one.answer = page.t_args("forecast-answer", &args);
        }
        let usual = found.balancing().unwrap_or(advances.amount);
        let value = if text.is_empty() { page.plain_money(usual) } else { text.to_owned() };
        let field = Field::number(name, page.t("forecast-what-if")).hint(page.t("forecast-what-if-hint"));
        one.what_if = Some(field.unit("Kč").max(20).typed(value).wrong(wrong));
    }
    one
}

fn outcome(page: &Page, balance: Money) -> (String, &'static str) {
    let (key, tone) = match balance.0.signum() {
        1 => ("forecast-owed", "warn"),
        -1 => ("forecast-returned", "ok"),
        _ => ("forecast-even", "ok"),
    };
    (page.t_args(key, &[("amount", Arg::from(page.money(Money(balance.0.abs()))))]), tone)
}

fn facts(page: &Page, progress: &Progress, found: &Forecast) -> Vec<Fact> {
    let fact = |key: &str, value: String, note: String| Fact { label: page.t(key), value, note };
    let kwh = |usage: &[Usage]| page.quantity(usage.iter().map(|one| one.kwh).sum(), words::KWH);
    let read = match progress.read_on {
        Some(day) => page.t_args("forecast-read-on", &[("day", Arg::from(page.date(day)))]),
        None => page.t("forecast-unread"),
    };
    let counts =
        [("count", Arg::from(found.advances.remaining)), ("amount", Arg::from(page.money(found.advances.amount)))];
    vec![
        fact("forecast-period", page.period(progress.period_from, progress.period_to), String::new()),
        fact("forecast-used", kwh(&progress.used), read),
        fact("forecast-rest", kwh(&found.rest), page.t("forecast-rest-note")),
        fact("forecast-total", page.money(found.calculation.total), String::new()),
        fact("forecast-advances", page.money(found.advances.total()), page.t_args("forecast-advances-note", &counts)),
    ]
}

fn steps(page: &Page, found: &Forecast) -> Vec<String> {
    let calculation = &found.calculation;
    let step = |step: &forecast::Step| {
        let args = [
            ("register", Arg::from(page.t(words::register(step.register)))),
            ("kwh", Arg::from(page.quantity(step.kwh, words::KWH))),
            ("price", Arg::from(page.decimal(step.czk_per_mwh, 2))),
            ("amount", Arg::from(page.money(step.amount))),
        ];
        page.t_args("forecast-step", &args)
    };
    let args = [
        ("fixed", Arg::from(page.money(calculation.fixed))),
        ("vat", Arg::from(page.money(calculation.vat))),
        ("total", Arg::from(page.money(calculation.total))),
    ];
    let sum = page.t_args("forecast-sum", &args);
    calculation.steps.iter().map(step).chain(std::iter::once(sum)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn a_year_after_a_leap_day_is_the_first_of_march() {
        assert_eq!(a_year_after(date!(2025 - 11 - 01)), date!(2026 - 11 - 01));
        assert_eq!(a_year_after(date!(2028 - 02 - 29)), date!(2029 - 03 - 01));
    }
}

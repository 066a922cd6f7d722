//! A synthetic customer's money: three years of settlements at made-up prices, the advances between them, and what was paid.
use super::customer::{DemoCustomer, OVERPAID, UNPAID};
use super::draw::Draw;
use super::fill::DemoTenant;
use super::history::{History, Plan};
use crate::domain::advances::{Instalment, Schedule, recommend};
use crate::domain::calendar::{month_start, next_business_day};
use crate::domain::ids::{InvoiceId, PaymentId, ScheduleId};
use crate::domain::invoices::{Invoice, InvoiceKind, Line, LineKind, SettledReading, Settlement, Unit, sums};
use crate::domain::money::{Money, vat_rate_on};
use crate::domain::payments::{MatchedTo, Payment};
use crate::domain::supply_points::{Commodity, Register};
use rust_decimal::Decimal;
use time::{Date, Duration};

/// Prices in CZK without VAT, three settled years; the newest last.
struct Prices {
    energy: [Decimal; 2],
    distribution: [Decimal; 2],
    standing: Decimal,
    capacity: Decimal,
    system: Decimal,
    infrastructure: Decimal,
    tax: Decimal,
}

fn prices(plan: &Plan, year: usize) -> Prices {
    let factor = [Decimal::new(108, 2), Decimal::new(104, 2), Decimal::ONE][year.min(2)];
    let scaled = |price: i64, places: u32| (Decimal::new(price, places) * factor).round_dp(5);
    match plan.commodity {
        Commodity::Electricity => Prices {
            energy: [scaled(2_890, 0), scaled(2_390, 0)],
            distribution: [Decimal::new(207_858, 2), Decimal::new(35_012, 2)],
            standing: Decimal::from(129),
            capacity: Decimal::from(256),
            system: Decimal::new(16_424, 2),
            infrastructure: Decimal::new(1_287, 2),
            tax: Decimal::new(2_830, 2),
        },
        Commodity::Gas => Prices {
            energy: [scaled(1_390, 0), Decimal::ZERO],
            distribution: [Decimal::new(29_870, 2), Decimal::ZERO],
            standing: Decimal::from(109),
            capacity: Decimal::new(14_250, 2),
            system: Decimal::ZERO,
            infrastructure: Decimal::ZERO,
            tax: Decimal::ZERO,
        },
    }
}

fn lines(plan: &Plan, readings: &[SettledReading], prices: &Prices) -> Vec<Line> {
    let kwh = |register: Register| {
        readings.iter().filter(|one| one.register == register).map(|one| one.energy_kwh).sum::<i64>()
    };
    let registers: Vec<(usize, Register, Decimal)> = plan
        .registers
        .iter()
        .enumerate()
        .map(|(at, register)| (at, *register, Decimal::new(kwh(*register), 3)))
        .collect();
    let whole: Decimal = registers.iter().map(|(_, _, quantity)| quantity).sum();
    let year = Decimal::from(12);
    let mut all: Vec<(LineKind, Option<Register>, Decimal, Unit, Decimal)> = Vec::new();
    for (at, register, quantity) in &registers {
        all.push((LineKind::Energy, Some(*register), *quantity, Unit::MegawattHour, prices.energy[*at]));
    }
    all.push((LineKind::StandingCharge, None, year, Unit::Month, prices.standing));
    for (at, register, quantity) in &registers {
        all.push((LineKind::Distribution, Some(*register), *quantity, Unit::MegawattHour, prices.distribution[*at]));
    }
    all.push((LineKind::BreakerOrCapacity, None, year, Unit::Month, prices.capacity));
    all.push((LineKind::SystemServices, None, whole, Unit::MegawattHour, prices.system));
    all.push((LineKind::Infrastructure, None, year, Unit::Month, prices.infrastructure));
    all.push((LineKind::EnergyTax, None, whole, Unit::MegawattHour, prices.tax));
    let priced = all.into_iter().filter(|line| !line.4.is_zero()).enumerate();
    priced
        .map(|(at, (kind, register, quantity, unit, price))| {
            Line::priced(at as i16 + 1, kind, register, quantity, unit, price)
        })
        .collect()
}

#[expect(clippy::too_many_arguments, reason = "one call; the parts have nothing else in common")]
pub fn money(
    out: &mut DemoCustomer,
    tenant: &DemoTenant,
    number: usize,
    at: usize,
    place: usize,
    plan: &Plan,
    told: &History,
    draw: &mut Draw,
) {
    let symbol = out.customer.number.clone();
    let rate = |day| vat_rate_on(day);
    let fixed = |prices: &Prices| Money::rounded(prices.standing + prices.capacity + prices.infrastructure);
    let mut advance = Money::ZERO;
    let count = told.periods.len();
    for (year, (until, readings)) in told.periods.iter().enumerate() {
        let prices = prices(plan, year);
        let lines = lines(plan, readings, &prices);
        let first = sums(&lines, rate(*until), Money::ZERO);
        if year == 0 {
            advance = recommend(first.total, fixed(&prices), rate(*until)).recommended;
        }
        let is_newest = year + 1 == count;
        match at {
            OVERPAID if is_newest => advance = Money(advance.0 * 13 / 10 / 1000 * 1000),
            UNPAID if is_newest => advance = Money(advance.0 * 7 / 10 / 1000 * 1000),
            _ => {}
        }
        let from = month_start(*until, -11);
        let paid = schedule(out, plan, from, advance, &symbol, draw, at, true);
        let sums = sums(&lines, rate(*until), paid);
        let due_of = |issued: Date| next_business_day(issued + Duration::days(17));
        let mut issued = next_business_day(*until + Duration::days(8));
        // Whatever the day of the month, one overpayment is on its way.
        if at == OVERPAID && is_newest && due_of(issued) < plan.today {
            issued = next_business_day(plan.today - Duration::days(9));
        }
        let due = due_of(issued);
        let is_settled = due < plan.today && !(at == UNPAID && is_newest);
        let invoice = Invoice {
            id: InvoiceId(draw.id(issued)),
            customer: plan.customer,
            supply_point: plan.point,
            commodity: plan.commodity,
            number: format!("{}{:03}{:06}{}", issued.year(), number, at * 2 + place, year + 1),
            kind: InvoiceKind::Settlement,
            period_from: from,
            period_to: *until,
            issued_on: issued,
            tax_point_on: *until,
            due_on: due,
            total: sums.total,
            payable: sums.payable,
            paid: if is_settled { sums.payable } else { Money::ZERO },
            variable_symbol: symbol.clone(),
            document: None,
        };
        if is_settled && sums.payable != Money::ZERO {
            out.payments.push(payment(
                out,
                &invoice.variable_symbol,
                due - Duration::days(draw.between(0, 5)),
                sums.payable,
                MatchedTo::Invoice { number: invoice.number.clone() },
                draw,
            ));
        }
        advance = recommend(sums.total, fixed(&prices), rate(*until)).recommended;
        out.settlements.push(Settlement::new(invoice, readings.clone(), lines, rate(*until), paid));
    }
    schedule(out, plan, plan.settled_until + Duration::DAY, advance, &symbol, draw, at, false);
    debug_assert!(out.settlements.iter().all(Settlement::reconciles), "{} {at}", tenant.slug);
}

/// Twelve instalments, on the fifteenth of each month; those of settled years are all paid, of the running year those already due.
#[expect(clippy::too_many_arguments, reason = "called twice from one place; the parts have nothing else in common")]
fn schedule(
    out: &mut DemoCustomer,
    plan: &Plan,
    from: Date,
    amount: Money,
    symbol: &str,
    draw: &mut Draw,
    at: usize,
    is_settled: bool,
) -> Money {
    let id = ScheduleId(draw.id(from));
    let method = out.customer.method;
    out.schedules.push(Schedule {
        id,
        customer: plan.customer,
        supply_point: plan.point,
        valid_from: from,
        amount,
        interval_months: 1,
        method,
        variable_symbol: symbol.to_owned(),
    });
    let mut paid_in_all = Money::ZERO;
    for month in 0..12 {
        let due_on = month_start(from, month) + Duration::days(14);
        let is_last_due = month_start(due_on, 1) + Duration::days(14) > plan.today;
        let is_paid = is_settled || (due_on <= plan.today && !(at == UNPAID && is_last_due));
        let paid_on = is_paid.then(|| due_on - Duration::days(draw.between(0, 4)));
        if let Some(day) = paid_on {
            paid_in_all += amount;
            out.payments.push(payment(out, symbol, day, amount, MatchedTo::Advance { due_on }, draw));
        }
        out.instalments.push(Instalment {
            schedule: id,
            customer: plan.customer,
            supply_point: plan.point,
            due_on,
            amount,
            method,
            variable_symbol: symbol.to_owned(),
            paid: if is_paid { amount } else { Money::ZERO },
            paid_on,
        });
    }
    paid_in_all
}

pub fn payment(
    out: &DemoCustomer,
    symbol: &str,
    day: Date,
    amount: Money,
    matched: MatchedTo,
    draw: &mut Draw,
) -> Payment {
    Payment {
        id: PaymentId(draw.id(day)),
        customer: out.customer.id,
        received_on: day,
        amount,
        variable_symbol: symbol.to_owned(),
        method: out.customer.method,
        matched,
    }
}

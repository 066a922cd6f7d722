//! Settlements: the list, and the calculation of one down to the heller: readings, lines, tax, advances, what is left.
use super::bills::{self, Bill, Bills};
use super::documents;
use super::id::Id;
use super::invoices::own;
use super::offered::Offered;
use super::pay::Pay;
use super::why::Why;
use super::words::{self, Choice};
use crate::data::TenantTx;
use crate::domain::features::Feature;
use crate::domain::ids::InvoiceId;
use crate::domain::invoices::{Invoice, Line, SettledReading, Settlement, Standing, Unit};
use crate::domain::money::Money;
use crate::domain::supply_points::{Commodity, SupplyPoint};
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};

const FEATURES: &[Feature] = &[Feature::InfoSettlements];
const ELECTRONIC: &[Feature] = &[Feature::DocumentElectronicSettlement];

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(FEATURES, "/settlements").get(list),
        Slice::customer(FEATURES, "/settlements/{id}").get(show),
        Slice::customer(ELECTRONIC, "/settlements/{id}/document").get(download),
    ]
}

#[derive(Deserialize)]
struct Filter {
    commodity: Option<String>,
}

#[derive(Serialize)]
struct List {
    doings: Vec<Choice>,
    choices: Vec<Choice>,
    bills: Vec<Bill>,
}

#[derive(Serialize)]
struct Detail {
    id: String,
    bill: Bill,
    identifier: String,
    address: String,
    tax_point: String,
    /// What came out, in one sentence.
    sentence: String,
    tone: &'static str,
    is_gas: bool,
    readings: Vec<ReadingRow>,
    lines: Vec<LineRow>,
    base: String,
    vat_rate: String,
    vat: String,
    total: String,
    advances: String,
    result: String,
    payable: String,
    /// Received or returned so far; empty when nothing.
    paid: String,
    left: String,
    pay: Option<Pay>,
    /// Against the period before; none for the first.
    why: Option<Why>,
}

#[derive(Serialize)]
struct ReadingRow {
    meter: String,
    register: String,
    from: String,
    from_state: String,
    to: String,
    to_state: String,
    quantity: String,
    /// Gas: `1 234 m³ × 0,9812 × 10,6894 kWh/m³`.
    conversion: String,
    energy: String,
}

#[derive(Serialize)]
struct LineRow {
    name: String,
    quantity: String,
    price: String,
    amount: String,
}

async fn list(customer: Customer, Query(filter): Query<Filter>) -> Result<Response, Error> {
    let page = &customer.page;
    let offered = Offered::of(page);
    let tx = customer.db.read().await?;
    let mut all = offered.invoices(tx.invoices_of(customer.id, Default::default()).await?);
    tx.commit().await?;
    all.sort_by_key(|invoice| std::cmp::Reverse((invoice.issued_on, invoice.number.clone())));
    let wanted = filter.commodity.as_deref().and_then(Commodity::parse).filter(|_| offered.is_both());
    all.retain(|invoice| wanted.is_none_or(|wanted| invoice.commodity == wanted));
    let view = List {
        doings: words::doings(
            page,
            &[
                (Feature::RequestExtraordinarySettlement, "settlements-new", "/extraordinary-settlement"),
                (Feature::InfoSettlements, "overpayments-link", "/overpayments"),
            ],
        ),
        choices: match offered.is_both() {
            true => words::commodity_choices(page, "/settlements", wanted, ""),
            false => Vec::new(),
        },
        bills: Bills::of(page).all(&all),
    };
    page.show("portal/settlements.html", &view)
}

async fn show(customer: Customer, Id(id): Id) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let settlement = tx.settlement(customer.id, InvoiceId(id)).await?;
    Offered::of(page).admit(settlement.invoice.commodity)?;
    let point = tx.supply_point(customer.id, settlement.invoice.supply_point).await?;
    let last = before(&tx, &customer, &settlement.invoice).await?;
    tx.commit().await?;
    let mut view = detail(page, &settlement, &point);
    view.why = last.map(|last| Why::of(page, &last, &settlement));
    page.show("portal/settlement.html", &view)
}

/// The settlement of the same point that ended last before this one began.
async fn before(tx: &TenantTx, customer: &Customer, invoice: &Invoice) -> Result<Option<Settlement>, Error> {
    let all = tx.invoices_of(customer.id, Default::default()).await?;
    let own = all.iter().filter(|one| one.supply_point == invoice.supply_point && one.period_to < invoice.period_from);
    match own.max_by_key(|one| one.period_to) {
        Some(last) => Ok(Some(tx.settlement(customer.id, last.id).await?)),
        None => Ok(None),
    }
}

async fn download(customer: Customer, Id(id): Id) -> Result<Response, Error> {
    let invoice = own(&customer, id).await?;
    documents::hand_over(&customer, &invoice, Feature::DocumentElectronicSettlement).await
}

fn detail(page: &Page, settlement: &Settlement, point: &SupplyPoint) -> Detail {
    let invoice = &settlement.invoice;
    let standing = invoice.standing(page.today());
    let (sentence, tone) = sentence(page, invoice, standing);
    Detail {
        id: invoice.id.to_string(),
        bill: Bills::of(page).bill(invoice),
        identifier: point.code.clone(),
        address: words::address(&point.address),
        tax_point: page.date(invoice.tax_point_on),
        sentence,
        tone,
        is_gas: invoice.commodity == Commodity::Gas,
        readings: settlement.readings.iter().map(|row| reading_row(page, row)).collect(),
        lines: settlement.lines.iter().map(|line| line_row(page, invoice.commodity, line)).collect(),
        base: page.money(settlement.base),
        vat_rate: page.decimal(settlement.vat_rate, 0),
        vat: page.money(settlement.vat),
        total: page.money(settlement.total),
        advances: page.money(-settlement.advances_paid),
        result: page.t(bills::result(settlement.payable)),
        payable: page.money(settlement.payable),
        paid: if invoice.paid == Money::ZERO { String::new() } else { page.money(-invoice.paid) },
        left: page.money(invoice.open()),
        pay: bills::is_owed(invoice).then(|| Pay::of(page, &bills::owed(page, invoice))),
        why: None,
    }
}

fn sentence(page: &Page, invoice: &Invoice, standing: Standing) -> (String, &'static str) {
    let (key, tone, amount) = match standing {
        Standing::Due { open } => ("settlement-owed", "warn", open),
        Standing::Overdue { open } => ("settlement-overdue", "bad", open),
        Standing::ToBeReturned { open } => ("settlement-to-return", "info", open),
        Standing::Settled if invoice.payable.is_positive() => ("settlement-paid", "ok", invoice.payable),
        Standing::Settled if invoice.payable < Money::ZERO => ("settlement-returned", "ok", -invoice.payable),
        Standing::Settled => ("settlement-even", "ok", Money::ZERO),
    };
    let args = [
        ("amount", Arg::from(page.money(amount))),
        ("day", Arg::from(page.on_day(invoice.due_on))),
        ("date", Arg::from(page.date(invoice.due_on))),
        ("distance", Arg::from(page.due_distance(invoice.due_on))),
    ];
    (page.t_args(key, &args), tone)
}

fn reading_row(page: &Page, row: &SettledReading) -> ReadingRow {
    let unit = words::unit(row.register);
    let conversion = row.gas_factors.map(|(coefficient, calorific)| {
        format!(
            "{} × {} × {}",
            page.quantity(row.quantity, unit),
            page.decimal(coefficient, 4),
            page.decimal(calorific, 4)
        )
    });
    ReadingRow {
        meter: row.meter_serial.clone(),
        register: page.t(words::register(row.register)),
        from: page.date(row.from_on),
        from_state: page.whole(row.from_state),
        to: page.date(row.to_on),
        to_state: page.whole(row.to_state),
        quantity: page.quantity(row.quantity, unit),
        conversion: conversion.unwrap_or_default(),
        energy: page.quantity(row.energy_kwh, words::KWH),
    }
}

fn line_row(page: &Page, commodity: Commodity, line: &Line) -> LineRow {
    let mut name = page.t(words::line(line.kind, commodity));
    if let Some(register) = line.register.filter(|_| commodity == Commodity::Electricity) {
        name.push(' ');
        name.push_str(&page.t(words::register(register)));
    }
    let places = if line.unit == Unit::MegawattHour { 3 } else { 0 };
    LineRow {
        name,
        quantity: format!("{}\u{a0}{}", page.decimal(line.quantity, places), page.t(words::line_unit(line.unit))),
        price: page.decimal(line.unit_price, 2),
        amount: page.money(line.amount),
    }
}

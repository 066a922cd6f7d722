//! Payments received, and what each was taken for.
use super::offered::{Offered, Points};
use super::words;
use crate::data::TenantTx;
use crate::domain::features::Feature;
use crate::domain::ids::CustomerId;
use crate::domain::payments::{MatchedTo, Payment};
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::table::{Cell, Table};
use axum::response::Response;
use serde::Serialize;

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(&[Feature::InfoPaymentOverview], "/payments").get(list)]
}

/// As many as the page shows.
const MOST: u64 = 100;

#[derive(Serialize)]
struct List {
    payments: Table,
    has_payments: bool,
    unmatched: usize,
    account: String,
}

async fn list(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let mut payments = tx.payments_of(customer.id, MOST).await?;
    let points = Points::of(&tx, page, customer.id).await?;
    if points.has_hidden {
        without_hidden(&tx, page, customer.id, &points, &mut payments).await?;
    }
    tx.commit().await?;
    let columns = ["payment-day", "#payment-amount", "payment-matched", "payment-symbol", "payment-method"];
    let mut table = Table::new(page, "payments-caption", &columns);
    payments.iter().for_each(|payment| table.push(cells(page, payment)));
    let view = List {
        unmatched: payments.iter().filter(|payment| payment.matched == MatchedTo::Nothing).count(),
        has_payments: !table.is_empty(),
        payments: table,
        account: page.tenant().document.payment.account.clone(),
    };
    page.show("portal/payments.html", &view)
}

/// A payment itself names no supply point: what it was for, or its symbol, tells the commodity.
async fn without_hidden(
    tx: &TenantTx,
    page: &Page,
    customer: CustomerId,
    points: &Points,
    payments: &mut Vec<Payment>,
) -> Result<(), Error> {
    let offered = Offered::of(page);
    let invoices = tx.invoices_of(customer, Default::default()).await?;
    let schedules = tx.schedules_of(customer).await?;
    let hidden_numbers: Vec<&str> = invoices
        .iter()
        .filter(|invoice| !offered.has(invoice.commodity))
        .map(|invoice| invoice.number.as_str())
        .collect();
    let symbols = |is_shown: bool| -> Vec<&str> {
        let chosen = schedules.iter().filter(|schedule| points.has(schedule.supply_point) == is_shown);
        chosen.map(|schedule| schedule.variable_symbol.as_str()).collect()
    };
    let (shown_symbols, hidden_symbols) = (symbols(true), symbols(false));
    payments.retain(|payment| match &payment.matched {
        MatchedTo::Invoice { number } => !hidden_numbers.contains(&number.as_str()),
        MatchedTo::Advance { .. } | MatchedTo::Nothing => {
            let symbol = payment.variable_symbol.as_str();
            shown_symbols.contains(&symbol) || !hidden_symbols.contains(&symbol)
        }
    });
    Ok(())
}

fn cells(page: &Page, payment: &Payment) -> [Cell; 5] {
    let matched = match &payment.matched {
        MatchedTo::Invoice { number } => {
            Cell::of(page.t_args("payment-for-bill", &[("number", Arg::from(number.as_str()))]))
        }
        MatchedTo::Advance { due_on } => {
            Cell::of(page.t_args("payment-for-advance", &[("date", Arg::from(page.date(*due_on)))]))
        }
        MatchedTo::Nothing => Cell::tag(page.t("payment-unmatched"), "warn"),
    };
    let is_returned = payment.amount.0 < 0;
    let symbol = if payment.variable_symbol.is_empty() { "–" } else { payment.variable_symbol.as_str() };
    [
        Cell::of(page.date(payment.received_on)),
        Cell::of(page.money(payment.amount)).mark(if is_returned { page.t("payment-returned") } else { String::new() }),
        matched,
        Cell::of(symbol),
        Cell::of(page.t(words::method(payment.method))),
    ]
}

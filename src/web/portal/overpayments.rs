//! Overpayments: what the supplier owes, until when, where to, and whether it was sent.
use super::offered::Offered;
use super::words;
use crate::data::InvoiceFilter;
use crate::domain::bank;
use crate::domain::features::Feature;
use crate::domain::invoices::{Invoice, Standing};
use crate::domain::money::Money;
use crate::domain::payments::{MatchedTo, Payment};
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use axum::response::Response;
use serde::Serialize;

/// Payments looked through for those that went back.
const PAYMENTS: u64 = 500;

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(&[Feature::InfoSettlements], "/overpayments").get(show)]
}

#[derive(Serialize)]
struct View {
    /// What is on its way in all; empty when nothing is.
    open: String,
    /// Where it goes.
    account: String,
    /// Where that is changed; empty where it cannot be.
    account_href: String,
    overpayments: Vec<Overpayment>,
}

#[derive(Serialize)]
struct Overpayment {
    number: String,
    href: String,
    commodity: String,
    code: &'static str,
    period: String,
    amount: String,
    steps: Vec<Step>,
    /// What to do when the day has passed; empty before it.
    late: String,
    complaint_href: String,
}

#[derive(Serialize)]
struct Step {
    label: String,
    is_done: bool,
    is_current: bool,
}

async fn show(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let invoices = Offered::of(page).invoices(tx.invoices_of(customer.id, InvoiceFilter::default()).await?);
    let payments = tx.payments_of(customer.id, PAYMENTS).await?;
    let account = tx.customer(customer.id).await?.bank_account;
    tx.commit().await?;
    let mut own: Vec<&Invoice> = invoices.iter().filter(|invoice| invoice.payable < Money::ZERO).collect();
    own.sort_by_key(|invoice| std::cmp::Reverse((invoice.issued_on, invoice.number.clone())));
    let open: Money = own.iter().filter_map(|invoice| to_be_returned(page, invoice)).sum();
    let can_change = page.offers(Feature::ChangeBankDetails);
    page.show(
        "portal/overpayments.html",
        &View {
            open: if open == Money::ZERO { String::new() } else { page.money(open) },
            account: match &account {
                Some(account) => page.t_args("overpayment-to", &[("account", Arg::from(bank::masked(account)))]),
                None => page.t("overpayment-to-nowhere"),
            },
            account_href: if can_change { format!("{}/account/bank", page.base()) } else { String::new() },
            overpayments: own.into_iter().map(|invoice| overpayment(page, invoice, &payments)).collect(),
        },
    )
}

fn to_be_returned(page: &Page, invoice: &Invoice) -> Option<Money> {
    match invoice.standing(page.today()) {
        Standing::ToBeReturned { open } => Some(open),
        _ => None,
    }
}

fn overpayment(page: &Page, invoice: &Invoice, payments: &[Payment]) -> Overpayment {
    let is_open = to_be_returned(page, invoice).is_some();
    let is_late = is_open && invoice.due_on < page.today();
    let went_back = |one: &&Payment| {
        one.amount < Money::ZERO && matches!(&one.matched, MatchedTo::Invoice { number } if *number == invoice.number)
    };
    let sent = payments.iter().find(went_back).map(|one| page.date(one.received_on));
    let issued = page.t_args("overpayment-issued", &[("day", Arg::from(page.date(invoice.issued_on)))]);
    let by = page.t_args("overpayment-by", &[("day", Arg::from(page.date(invoice.due_on)))]);
    let last = match sent {
        Some(day) => page.t_args("overpayment-sent-on", &[("day", Arg::from(day))]),
        None if is_open => page.t("overpayment-not-sent"),
        None => page.t("overpayment-sent"),
    };
    let href = format!("{}/settlements/{}", page.base(), invoice.id);
    Overpayment {
        number: invoice.number.clone(),
        commodity: page.t(words::commodity(invoice.commodity)),
        code: invoice.commodity.key(),
        period: page.period(invoice.period_from, invoice.period_to),
        amount: page.money(-invoice.payable),
        steps: vec![
            Step { label: issued, is_done: true, is_current: false },
            Step { label: by, is_done: !is_open, is_current: is_open },
            Step { label: last, is_done: !is_open, is_current: false },
        ],
        late: if is_late && page.acts() { page.t("overpayment-late") } else { String::new() },
        complaint_href: format!("{href}/complaint"),
        href,
    }
}

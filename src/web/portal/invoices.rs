//! Invoices: the list with its filters and the sum of what is unpaid, the stored PDF, and the payment code of one.
use super::bills::{self, Bill, Bills, Standing};
use super::documents;
use super::id::Id;
use super::offered::Offered;
use super::pay;
use super::words::{self, Choice};
use crate::domain::features::Feature;
use crate::domain::ids::InvoiceId;
use crate::domain::invoices::Invoice;
use crate::domain::money::Money;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(&[Feature::InfoInvoiceOverview], "/invoices").get(list),
        Slice::customer(&[Feature::DocumentInvoicePdfDownload], "/invoices/{id}/pdf").get(download),
        Slice::customer(&[Feature::InfoInvoiceOverview, Feature::InfoSettlements], "/invoices/{id}/qr").get(code),
    ]
}

#[derive(Deserialize)]
struct Filter {
    commodity: Option<String>,
    year: Option<String>,
    point: Option<String>,
    unpaid: Option<String>,
}

#[derive(Serialize)]
struct List {
    choices: Vec<Choice>,
    years: Vec<Choice>,
    unpaid: Vec<Choice>,
    bills: Vec<Bill>,
    has_both: bool,
    has_links: bool,
    /// Of all invoices, whatever the filter.
    unpaid_sum: String,
    unpaid_count: usize,
    overdue_count: usize,
    is_empty: bool,
}

async fn list(customer: Customer, Query(filter): Query<Filter>) -> Result<Response, Error> {
    let page = &customer.page;
    let offered = Offered::of(page);
    let tx = customer.db.read().await?;
    let all = offered.invoices(tx.invoices_of(customer.id, Default::default()).await?);
    tx.commit().await?;
    page.show("portal/invoices.html", &view(page, offered, all, &filter))
}

fn view(page: &Page, offered: Offered, mut all: Vec<Invoice>, filter: &Filter) -> List {
    let today = page.today();
    all.sort_by_key(|invoice| std::cmp::Reverse((invoice.issued_on, invoice.number.clone())));
    let owed: Vec<&Invoice> = all.iter().filter(|invoice| Standing::of(invoice, today).is_owed()).collect();
    let sum = owed.iter().map(|invoice| bills::left(invoice).0).sum();
    let (unpaid_count, overdue_count) = (owed.len(), owed.iter().filter(|invoice| invoice.due_on < today).count());

    let years = words::years(all.iter().map(|invoice| invoice.issued_on));
    let commodity = words::parse_commodity(filter.commodity.as_deref()).filter(|_| offered.is_both());
    let year = filter.year.as_deref().and_then(|year| year.parse().ok()).filter(|year| years.contains(year));
    let is_unpaid = filter.unpaid.as_deref() == Some("1");
    let point = filter.point.as_deref();
    let parts = [
        commodity.map(|commodity| format!("commodity={}", words::commodity_code(commodity))).unwrap_or_default(),
        year.map(|year| format!("year={year}")).unwrap_or_default(),
        if is_unpaid { "unpaid=1".to_owned() } else { String::new() },
    ];
    let without = |left_out: usize| -> String {
        let kept = parts.iter().enumerate().filter(|(index, part)| *index != left_out && !part.is_empty());
        kept.map(|(_, part)| part.as_str()).collect::<Vec<_>>().join("&")
    };
    let chosen: Vec<Invoice> = all
        .iter()
        .filter(|invoice| commodity.is_none_or(|commodity| invoice.commodity == commodity))
        .filter(|invoice| year.is_none_or(|year| invoice.issued_on.year() == year))
        .filter(|invoice| !is_unpaid || Standing::of(invoice, today).is_owed())
        .filter(|invoice| point.is_none_or(|point| invoice.supply_point.to_string() == point))
        .cloned()
        .collect();
    let bills = Bills::of(page).all(&chosen);
    List {
        choices: match offered.is_both() {
            true => words::commodity_choices(page, "/invoices", commodity, &without(0)),
            false => Vec::new(),
        },
        years: words::year_choices(page, "/invoices", &years, year, true, &without(1)),
        unpaid: vec![
            Choice {
                label: page.t("filter-all"),
                href: words::href(page, "/invoices", &[&without(2)]),
                is_current: !is_unpaid,
            },
            Choice {
                label: page.t("filter-unpaid"),
                href: words::href(page, "/invoices", &[&without(2), "unpaid=1"]),
                is_current: is_unpaid,
            },
        ],
        has_both: offered.is_both(),
        has_links: bills.iter().any(|bill| !(bill.detail.is_empty() && bill.pdf.is_empty() && bill.qr.is_empty())),
        bills,
        unpaid_sum: page.money(Money(sum)),
        unpaid_count,
        overdue_count,
        is_empty: all.is_empty(),
    }
}

async fn download(customer: Customer, Id(id): Id) -> Result<Response, Error> {
    let invoice = own(&customer, id).await?;
    documents::hand_over(&customer, &invoice, Feature::DocumentInvoicePdfDownload).await
}

async fn code(customer: Customer, Id(id): Id) -> Result<Response, Error> {
    let invoice = own(&customer, id).await?;
    if !Standing::of(&invoice, customer.page.today()).is_owed() {
        return Err(Error::NotFound);
    }
    let svg = pay::picture(&customer.page, &bills::owed(&customer.page, &invoice)).ok_or(Error::NotFound)?;
    Ok(pay::picture_response(svg))
}

/// The customer's own invoice, of a commodity that is offered.
pub async fn own(customer: &Customer, id: uuid::Uuid) -> Result<Invoice, Error> {
    let tx = customer.db.read().await?;
    let invoice = tx.invoice(customer.id, InvoiceId(id)).await?;
    tx.commit().await?;
    Offered::of(&customer.page).admit(invoice.commodity)?;
    Ok(invoice)
}

//! Invoices as rows: the same for the list of invoices, the list of settlements and the dashboard.
use super::pay::Owed;
use super::words;
use crate::domain::features::Feature;
use crate::domain::invoices::{Invoice, Standing};
use crate::domain::money::Money;
use crate::domain::payments::PaymentMethod;
use crate::tenancy::Arg;
use crate::web::kit::page::Page;
use serde::Serialize;
use time::Date;

/// Text key and tone of how an invoice stands; what is settled says what it was.
fn state(standing: Standing, payable: Money) -> (&'static str, &'static str) {
    match standing {
        Standing::Due { .. } => ("bill-owed", "warn"),
        Standing::Overdue { .. } => ("bill-overdue", "bad"),
        Standing::ToBeReturned { .. } => ("bill-to-return", "info"),
        Standing::Settled if payable.is_positive() => ("bill-paid", "ok"),
        Standing::Settled if payable < Money::ZERO => ("bill-returned", "ok"),
        Standing::Settled => ("bill-even", "ok"),
    }
}

pub fn is_owed(invoice: &Invoice) -> bool {
    invoice.open().is_positive()
}

/// What the payee reads on the payment.
pub fn owed<'a>(page: &Page, invoice: &'a Invoice) -> Owed<'a> {
    Owed {
        amount: invoice.open(),
        due_on: invoice.due_on,
        symbol: &invoice.variable_symbol,
        message: page.t_args("pay-message-bill", &[("number", Arg::from(invoice.number.as_str()))]),
        method: PaymentMethod::Transfer,
    }
}

/// Text key of what came out: to be paid more, to be returned, nothing.
pub fn result(payable: Money) -> &'static str {
    match payable.0.signum() {
        1 => "result-underpayment",
        -1 => "result-overpayment",
        _ => "result-even",
    }
}

#[derive(Serialize)]
pub struct Bill {
    pub number: String,
    pub kind: String,
    pub commodity: String,
    pub code: &'static str,
    pub period: String,
    pub issued: String,
    pub due: String,
    pub total: String,
    pub result: String,
    pub payable: String,
    pub left: String,
    pub state: String,
    pub tone: &'static str,
    pub is_owed: bool,
    /// Links, empty where the feature is off or there is nothing behind.
    pub detail: String,
    pub pdf: String,
    pub document: String,
    pub isdoc: String,
    pub isdocx: String,
    pub qr: String,
}

/// Makes rows; asks once what may be linked.
pub struct Bills<'a> {
    page: &'a Page,
    today: Date,
    has_detail: bool,
    has_pdf: bool,
    has_document: bool,
}

impl<'a> Bills<'a> {
    pub fn of(page: &'a Page) -> Bills<'a> {
        Bills {
            page,
            today: page.today(),
            has_detail: page.has(Feature::InfoSettlements),
            has_pdf: page.has(Feature::DocumentInvoicePdfDownload),
            has_document: page.has(Feature::DocumentElectronicSettlement),
        }
    }

    pub fn bill(&self, invoice: &Invoice) -> Bill {
        let page = self.page;
        let (state, tone) = state(invoice.standing(self.today), invoice.payable);
        let is_owed = is_owed(invoice);
        let link = |is_on: bool, start: &str, end: &str| match is_on {
            true => format!("{}{start}{}{end}", page.base(), invoice.id),
            false => String::new(),
        };
        let has_file = invoice.document.is_some();
        Bill {
            number: invoice.number.clone(),
            kind: page.t(words::invoice_kind(invoice.kind)),
            commodity: page.t(words::commodity(invoice.commodity)),
            code: invoice.commodity.key(),
            period: page.period(invoice.period_from, invoice.period_to),
            issued: page.date(invoice.issued_on),
            due: page.date(invoice.due_on),
            total: page.money(invoice.total),
            result: page.t(result(invoice.payable)),
            payable: page.money(Money(invoice.payable.0.abs())),
            left: page.money(Money(invoice.open().0.abs())),
            state: page.t(state),
            tone,
            is_owed,
            detail: link(self.has_detail, "/settlements/", ""),
            pdf: link(self.has_pdf && has_file, "/invoices/", "/pdf"),
            document: link(self.has_document && has_file, "/settlements/", "/document"),
            isdoc: link(self.has_document, "/settlements/", "/isdoc"),
            isdocx: link(self.has_document && has_file, "/settlements/", "/isdocx"),
            qr: link(is_owed, "/invoices/", "/qr"),
        }
    }

    pub fn all(&self, invoices: &[Invoice]) -> Vec<Bill> {
        invoices.iter().map(|invoice| self.bill(invoice)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_settled_says_what_it_was() {
        let settled = |payable| state(Standing::Settled, Money(payable)).0;
        assert_eq!((settled(100), settled(-100), settled(0)), ("bill-paid", "bill-returned", "bill-even"));
        assert_eq!(state(Standing::Overdue { open: Money(1) }, Money(1)), ("bill-overdue", "bad"));
    }
}

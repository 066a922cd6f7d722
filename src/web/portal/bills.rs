//! Invoices as rows: the same for the list of invoices, the list of settlements and the dashboard.
use super::pay::Owed;
use super::words;
use crate::domain::features::Feature;
use crate::domain::invoices::Invoice;
use crate::domain::money::Money;
use crate::domain::payments::PaymentMethod;
use crate::tenancy::Arg;
use crate::web::kit::page::Page;
use serde::Serialize;
use time::Date;

/// How an invoice stands today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Paid,
    Owed,
    Overdue,
    ToReturn,
    Returned,
    Even,
}

impl Standing {
    pub fn of(invoice: &Invoice, today: Date) -> Standing {
        let left = left(invoice);
        match invoice.payable.0.signum() {
            1 if left.0 <= 0 => Standing::Paid,
            1 if invoice.due_on < today => Standing::Overdue,
            1 => Standing::Owed,
            -1 if left.0 >= 0 => Standing::Returned,
            -1 => Standing::ToReturn,
            _ => Standing::Even,
        }
    }

    pub fn is_owed(self) -> bool {
        matches!(self, Standing::Owed | Standing::Overdue)
    }

    fn key(self) -> &'static str {
        match self {
            Standing::Paid => "bill-paid",
            Standing::Owed => "bill-owed",
            Standing::Overdue => "bill-overdue",
            Standing::ToReturn => "bill-to-return",
            Standing::Returned => "bill-returned",
            Standing::Even => "bill-even",
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Standing::Paid | Standing::Returned | Standing::Even => "ok",
            Standing::Owed => "warn",
            Standing::Overdue => "bad",
            Standing::ToReturn => "info",
        }
    }
}

/// What is still to be paid; negative is still to be returned.
pub fn left(invoice: &Invoice) -> Money {
    Money(invoice.payable.0 - invoice.paid.0)
}

/// What the payee reads on the payment.
pub fn owed<'a>(page: &Page, invoice: &'a Invoice) -> Owed<'a> {
    Owed {
        amount: left(invoice),
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
        let standing = Standing::of(invoice, self.today);
        let link = |is_on: bool, start: &str, end: &str| match is_on {
            true => format!("{}{start}{}{end}", page.base(), invoice.id),
            false => String::new(),
        };
        let has_file = invoice.document.is_some();
        Bill {
            number: invoice.number.clone(),
            kind: page.t(words::invoice_kind(invoice.kind)),
            commodity: page.t(words::commodity(invoice.commodity)),
            code: words::commodity_code(invoice.commodity),
            period: page.period(invoice.period_from, invoice.period_to),
            issued: page.date(invoice.issued_on),
            due: page.date(invoice.due_on),
            total: page.money(invoice.total),
            result: page.t(result(invoice.payable)),
            payable: page.money(Money(invoice.payable.0.abs())),
            left: page.money(Money(left(invoice).0.abs())),
            state: page.t(standing.key()),
            tone: standing.tone(),
            is_owed: standing.is_owed(),
            detail: link(self.has_detail, "/settlements/", ""),
            pdf: link(self.has_pdf && has_file, "/invoices/", "/pdf"),
            document: link(self.has_document && has_file, "/settlements/", "/document"),
            qr: link(standing.is_owed(), "/invoices/", "/qr"),
        }
    }

    pub fn all(&self, invoices: &[Invoice]) -> Vec<Bill> {
        invoices.iter().map(|invoice| self.bill(invoice)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{CustomerId, InvoiceId, SupplyPointId};
    use crate::domain::invoices::InvoiceKind;
    use crate::domain::supply_points::Commodity;
    use time::macros::date;

    fn invoice(payable: i64, paid: i64) -> Invoice {
        Invoice {
            id: InvoiceId::new(),
            customer: CustomerId::new(),
            supply_point: SupplyPointId::new(),
            commodity: Commodity::Electricity,
            number: "2026000123".into(),
            kind: InvoiceKind::Settlement,
            period_from: date!(2025 - 11 - 01),
            period_to: date!(2026 - 10 - 31),
            issued_on: date!(2026 - 11 - 10),
            tax_point_on: date!(2026 - 10 - 31),
            due_on: date!(2026 - 11 - 27),
            total: Money(3_620_539),
            payable: Money(payable),
            paid: Money(paid),
            variable_symbol: "1234567890".into(),
            document: None,
        }
    }

    #[test]
    fn an_invoice_stands_by_what_is_left_and_when_it_is_due() {
        let before = date!(2026 - 11 - 23);
        let rows = [
            (20_539, 0, before, Standing::Owed),
            (20_539, 0, date!(2026 - 11 - 27), Standing::Owed),
            (20_539, 20_538, date!(2026 - 11 - 28), Standing::Overdue),
            (20_539, 20_539, date!(2026 - 12 - 28), Standing::Paid),
            (-5_000, 0, before, Standing::ToReturn),
            (-5_000, -5_000, before, Standing::Returned),
            (0, 0, before, Standing::Even),
        ];
        for (payable, paid, today, expected) in rows {
            assert_eq!(Standing::of(&invoice(payable, paid), today), expected, "{payable} {paid} {today}");
        }
    }
}

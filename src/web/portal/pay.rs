//! How a due item is paid: amount, account, symbol, day and QR Platba. Nothing is offered for paying where nothing is owed.
use crate::domain::money::Money;
use crate::domain::payments::PaymentMethod;
use crate::domain::spayd::Spayd;
use crate::web::kit::page::Page;
use crate::web::kit::qr;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use time::Date;

/// One thing owed.
pub struct Owed<'a> {
    pub amount: Money,
    pub due_on: Date,
    pub symbol: &'a str,
    /// For the payee; transliterated and cut by the standard's rules.
    pub message: String,
    pub method: PaymentMethod,
}

/// What a person needs for paying it.
#[derive(Serialize)]
pub struct Pay {
    pub amount: String,
    pub due: String,
    pub distance: String,
    pub is_overdue: bool,
    pub account: String,
    pub symbol: String,
    pub method: String,
    /// Why nothing need be done, when the amount comes by itself; else empty.
    pub by_itself: String,
    /// Empty where the amount is beyond what the standard carries.
    pub qr: String,
}

impl Pay {
    pub fn of(page: &Page, owed: &Owed) -> Pay {
        let is_overdue = owed.due_on < page.today();
        Pay {
            amount: page.money(owed.amount),
            due: page.on_day(owed.due_on),
            distance: page.due_distance(owed.due_on),
            is_overdue,
            account: page.tenant().document.payment.account.clone(),
            symbol: owed.symbol.to_owned(),
            method: page.t(super::words::method(owed.method)),
            by_itself: by_itself(page, owed),
            qr: picture(page, owed).unwrap_or_default(),
        }
    }
}

/// The sentence that nothing need be paid by hand; empty when it must be, or when it should have come and did not.
pub fn by_itself(page: &Page, owed: &Owed) -> String {
    let key = match owed.method {
        PaymentMethod::DirectDebit => "pay-by-direct-debit",
        PaymentMethod::Sipo => "pay-by-sipo",
        PaymentMethod::Transfer | PaymentMethod::PostalOrder => return String::new(),
    };
    if owed.due_on < page.today() { String::new() } else { page.t(key) }
}

/// The payment as a QR code; none when nothing is owed, when it comes by itself (nobody should pay twice), or when the amount
/// is beyond the standard.
pub fn picture(page: &Page, owed: &Owed) -> Option<String> {
    if !by_itself(page, owed).is_empty() {
        return None;
    }
    let payment = Spayd {
        account: page.tenant().document.payment.account.clone(),
        amount: owed.amount,
        due_on: Some(owed.due_on),
        message: owed.message.clone(),
        variable_symbol: owed.symbol.to_owned(),
    };
    qr::svg(&payment.text()?, &page.t("pay-qr-label"))
}

/// The same as a picture of its own, fetched only when somebody opens it.
pub fn picture_response(svg: String) -> Response {
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "private, no-store")];
    (headers, svg).into_response()
}

//! Handing a stored document over: only to its owner, never cached, and written in the audit first.
use crate::data::AuditEntry;
use crate::domain::features::Feature;
use crate::domain::invoices::Invoice;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use axum::http::header;
use axum::response::{IntoResponse, Response};

/// The invoice's document, as `feature` allows it.
pub async fn hand_over(customer: &Customer, invoice: &Invoice, feature: Feature) -> Result<Response, Error> {
    let id = invoice.document.ok_or(Error::NotFound)?;
    let tx = customer.db.begin().await?;
    let document = tx.document(customer.id, id).await?;
    tx.write_audit(&entry(customer, format!("invoice:{}", invoice.id), Some(feature))).await?;
    tx.commit().await?;
    let name = customer.page.t_args("file-settlement", &[("number", Arg::from(invoice.number.as_str()))]);
    let name = format!("{}.{}", plain(&name), extension(&document.media_type));
    Ok(attachment(document.media_type, &name, document.bytes))
}

/// Bytes to keep, under a name that is already plain; never cached.
pub fn attachment(media_type: impl Into<String>, name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type.into()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}

/// That it was handed over, and to whom.
pub fn entry(customer: &Customer, object: String, feature: Option<Feature>) -> AuditEntry {
    AuditEntry {
        actor_kind: "customer".to_owned(),
        actor: customer.account.to_string(),
        role: customer.page.role().key().to_owned(),
        feature,
        action: "download".to_owned(),
        object,
        before: serde_json::Value::Null,
        after: serde_json::Value::Null,
        request_id: customer.page.request_id().to_owned(),
    }
}

/// Letters every system takes in a file name.
fn plain(name: &str) -> String {
    name.chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || "-_".contains(letter) { letter } else { '-' })
        .collect()
}

fn extension(media_type: &str) -> &'static str {
    match media_type {
        "application/pdf" => "pdf",
        "text/xml" | "application/xml" => "isdoc",
        _ => "bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_cannot_break_out_of_its_header() {
        assert_eq!(plain("vyuctovani-2026/1\"\r\n"), "vyuctovani-2026-1---");
    }
}

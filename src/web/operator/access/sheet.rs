//! The sheet handed over by whoever sits opposite: username and a first password, made with the print and readable nowhere else. Printed again,
//! the one before is void.
use super::paper;
use crate::backends::keys;
use crate::data::{AccountRow, AuditEntry};
use crate::domain::access::initial_password;
use crate::domain::customers::Customer;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use time::Duration;

/// Only for an account whose owner has not chosen a password yet; else one is led `back`.
pub async fn print(
    operator: &Operator,
    person: &Customer,
    account: &AccountRow,
    back: &str,
    line: AuditEntry,
) -> Result<Response, Error> {
    let page = &operator.page;
    let password = initial_password(keys::random());
    let hash = page.services().hasher.hash(&password).await;
    let hash = hash.map_err(|error| Error::Unavailable(format!("{error:?}")))?;
    let expires_at = page.now() + Duration::days(page.tenant().document.parameters.initial_password_days);
    let bytes = paper::sheet(page, person, &account.username, &password, page.local(expires_at).0)?;
    let tx = operator.db.begin().await?;
    if !tx.reissue_password(account.id, &hash, expires_at).await? {
        return Ok(page.go(back));
    }
    tx.write_audit(&line).await?;
    tx.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.pdf\"", page.t("sheet-file"))),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

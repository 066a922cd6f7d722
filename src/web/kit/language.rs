//! In which language a page is written, and the switch of it.
use super::access::safe_next;
use super::cookies::values;
use super::error::Error;
use super::guard::Served;
use crate::tenancy::{Lang, Tenant};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

/// What the person chose, else what the browser prefers, else the tenant's own.
pub(super) fn of(tenant: &Tenant, headers: &HeaderMap) -> Lang {
    let enabled = |code: &str| tenant.document.locale.enabled.iter().copied().find(|lang| lang.key() == code);
    if let Some(lang) = values(headers, "lang").next().and_then(enabled) {
        return lang;
    }
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
    accepted
        .split(',')
        .filter_map(|part| part.trim().get(..2))
        .find_map(enabled)
        .unwrap_or(tenant.document.locale.default)
}

/// Back to the page the link stood on: browsers say which (`Referrer-Policy: same-origin`), so the chrome around all pages need not.
pub(super) fn switch(served: &Served, code: &str, headers: &HeaderMap) -> Response {
    let Some(lang) = served.tenant.document.locale.enabled.iter().find(|lang| lang.key() == code) else {
        return Error::NotFound.into_response();
    };
    let base = served.tenant.base();
    let from = headers.get(header::REFERER).and_then(|value| value.to_str().ok()?.parse::<Uri>().ok());
    let from = from.as_ref().and_then(|from| from.path_and_query()?.as_str().strip_prefix(base));
    let next = safe_next(from).unwrap_or("/");
    let cookie_path = if base.is_empty() { "/" } else { base };
    let cookie = format!("lang={}; Path={cookie_path}; Max-Age=31536000; SameSite=Lax", lang.key());
    let location = format!("{base}{next}");
    (StatusCode::SEE_OTHER, [(header::LOCATION, location), (header::SET_COOKIE, cookie)]).into_response()
}

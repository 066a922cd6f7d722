//! Forged requests: an unsafe method must come from our own pages, and a signed-in form must carry its session's token.
use super::error::Error;
use super::guard::Served;
use super::received::Received;
use super::services::Shared;
use crate::backends::keys::{Purpose, Token};
use axum::http::{HeaderMap, Method, header};

pub const FIELD: &str = "csrf";

pub fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// The token that forms of this session carry; derived, so nothing has to be stored.
pub fn token(services: &Shared, served: &Served, session: &Token) -> String {
    services.master.derive(served.tenant.id, Purpose::Csrf).sign(&session.hash())
}

/// Browsers say where a request comes from; one that names another site is refused before anything else.
pub fn check_origin(services: &Shared, served: &Served, headers: &HeaderMap) -> Result<(), Error> {
    if let Some(site) = headers.get("sec-fetch-site")
        && !matches!(site.as_bytes(), b"same-origin" | b"none")
    {
        return Err(Error::Forged("sent by another site"));
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let origin = origin.to_str().unwrap_or("").to_ascii_lowercase();
    let scheme = if services.settings.is_secure { "https://" } else { "http://" };
    let host = origin.strip_prefix(scheme).map(|rest| rest.split(':').next().unwrap_or(rest));
    if host == Some(served.host.as_str()) { Ok(()) } else { Err(Error::Forged("another origin")) }
}

/// The form carries its session's token.
pub async fn check_token(form: &Received, expected: &str) -> Result<(), Error> {
    match form.raw(FIELD).await {
        Some(sent) if bool::from(subtle::ConstantTimeEq::ct_eq(sent.as_bytes(), expected.as_bytes())) => Ok(()),
        Some(_) => Err(Error::Forged("foreign form token")),
        None => Err(Error::Forged("missing form token")),
    }
}

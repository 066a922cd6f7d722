//! Forged requests: an unsafe method must come from our own pages, and a signed-in form must carry its session's token.
use super::error::Error;
use super::guard::Served;
use super::services::Shared;
use crate::backends::keys::{Purpose, Token};
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
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

/// Reads the form far enough to find its token; the handler gets the same bytes again.
pub async fn check_token(request: Request, expected: &str) -> Result<Request, Error> {
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.map_err(|_| Error::TooLarge)?;
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let found = if kind.starts_with("multipart/form-data") {
        let mut copy = Request::new(Body::from(bytes.clone()));
        *copy.headers_mut() = parts.headers.clone();
        in_multipart(copy).await
    } else {
        in_urlencoded(&bytes)
    };
    match found {
        Some(sent) if bool::from(subtle::ConstantTimeEq::ct_eq(sent.as_bytes(), expected.as_bytes())) => {
            Ok(Request::from_parts(parts, Body::from(bytes)))
        }
        Some(_) => Err(Error::Forged("foreign form token")),
        None => Err(Error::Forged("missing form token")),
    }
}

fn in_urlencoded(bytes: &Bytes) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let value = text.split('&').find_map(|pair| pair.strip_prefix("csrf="))?;
    Some(value.to_owned())
}

async fn in_multipart(mut request: Request) -> Option<String> {
    DefaultBodyLimit::disable().apply(&mut request);
    let mut parts = Multipart::from_request(request, &()).await.ok()?;
    while let Ok(Some(field)) = parts.next_field().await {
        if field.name() == Some(FIELD) {
            return field.text().await.ok();
        }
    }
    None
}

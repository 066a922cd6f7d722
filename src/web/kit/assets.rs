//! What pages load beside themselves: from memory, already compressed, kept by the browser for ever.
use super::csrf;
use super::services::Services;
use crate::tenancy::{Tenant, Theme};
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// The tenant's theme; on the console, whose catalogue shows them all, the one that has the asset.
fn theme_of(services: &Services, tenant: &Arc<Tenant>, path: &str) -> Arc<Theme> {
    let has = |theme: &Theme| path.split_once('/').is_some_and(|(hash, name)| theme.asset(hash, name).is_some());
    if has(&tenant.theme) || !Arc::ptr_eq(tenant, &services.console) {
        return tenant.theme.clone();
    }
    let mut themes = services.compiler.theme_ids().into_iter().filter_map(|id| services.compiler.theme(&id));
    themes.find(|theme| has(theme)).unwrap_or_else(|| tenant.theme.clone())
}

/// Assets: immutable, from memory, already compressed; an unknown name is a bare 404.
pub fn serve(services: &Services, tenant: &Arc<Tenant>, path: &str, request: &Request) -> Response {
    let path = path.split('?').next().unwrap_or(path);
    let (theme, headers) = (theme_of(services, tenant, path), request.headers());
    let found = path.split_once('/').and_then(|(hash, name)| theme.asset(hash, name));
    let Some(asset) = found.filter(|_| csrf::is_safe(request.method())) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let is_known = headers.get(header::IF_NONE_MATCH).is_some_and(|sent| sent.as_bytes() == asset.etag.as_bytes());
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let takes = |name: &str| accepted.split(',').any(|part| part.trim().split(';').next() == Some(name));
    let (encoding, bytes) = match (&asset.br, &asset.gzip) {
        (Some(br), _) if takes("br") => (Some("br"), br),
        (_, Some(gzip)) if takes("gzip") => (Some("gzip"), gzip),
        _ => (None, &asset.bytes),
    };
    let mut response = Response::new(Body::empty());
    let etag = HeaderValue::from_str(&asset.etag).expect("a tag is hexadecimal digits in quotes");
    let headers = response.headers_mut();
    headers.reserve(ROOM_FOR_HEADERS);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::ETAG, etag);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    *response.body_mut() = Body::from(bytes.clone());
    response
}

/// An asset's own and those of every answer.
const ROOM_FOR_HEADERS: usize = 13;

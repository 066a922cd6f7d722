//! Public pages that a whole town opens at once: rendered once, kept ready to send, answered before anybody is asked who they are. What is
//! switched off leaves here at once on this instance and within moments on the others.
use super::kept::{FRESH, STALE};
use super::services::Services;
use crate::domain::ids::TenantId;
use crate::tenancy::{Lang, Tenant, TenantState};
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

/// Pages that are kept, all below one path.
pub const PATH: &str = "/outages/public";
/// Kept for one tenant and language: one for each way of narrowing the list.
const MOST: usize = 500;
/// Below this the header of an encoding costs more than it gains.
const SMALLEST_COMPRESSED: usize = 256;

/// By the path that was asked for.
type Pages = HashMap<String, Arc<Ready>>;

pub struct ReadyPages {
    started: Instant,
    kept: RwLock<HashMap<(TenantId, Lang), Pages>>,
}

struct Ready {
    /// The revision it was rendered from.
    tenant: Arc<Tenant>,
    tag: HeaderValue,
    html: Bytes,
    gzip: Option<Bytes>,
    /// In milliseconds since the start: when it was rendered, and when somebody renders it next.
    made: u64,
    renew: AtomicU64,
}

impl Default for ReadyPages {
    fn default() -> Self {
        ReadyPages { started: Instant::now(), kept: RwLock::default() }
    }
}

impl ReadyPages {
    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// The page as it is kept; none for the one whose turn it is to render it anew.
    fn take(&self, tenant: &Arc<Tenant>, lang: Lang, path: &str) -> Option<Arc<Ready>> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let ready = kept.get(&(tenant.id, lang))?.get(path)?;
        let (now, renew) = (self.now(), ready.renew.load(Ordering::Relaxed));
        let is_good = Arc::ptr_eq(&ready.tenant, tenant) && now.saturating_sub(ready.made) < STALE.as_millis() as u64;
        if !is_good {
            return None;
        }
        let next = now + FRESH.as_millis() as u64;
        let is_mine =
            now >= renew && ready.renew.compare_exchange(renew, next, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        (!is_mine).then(|| ready.clone())
    }

    fn keep(&self, lang: Lang, path: &str, ready: Arc<Ready>) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        let pages = kept.entry((ready.tenant.id, lang)).or_default();
        if pages.len() >= MOST && !pages.contains_key(path) {
            pages.clear();
        }
        pages.insert(path.to_owned(), ready);
    }
}

/// Only to whom everything public is the same: nobody who brings a session.
pub fn serve(
    services: &Services,
    tenant: &Arc<Tenant>,
    lang: impl FnOnce() -> Lang,
    is_known: impl FnOnce() -> bool,
    path: &str,
    request: &Request,
) -> Option<Response> {
    let is_ours = path.strip_prefix(PATH).is_some_and(|rest| rest.is_empty() || rest.starts_with('?'));
    if !is_ours || request.method() != Method::GET || tenant.state == TenantState::Suspended || is_known() {
        return None;
    }
    let ready = services.ready.take(tenant, lang(), path)?;
    Some(ready.answer(request.headers()))
}

/// The page sent to who asked, and kept for who comes next where `path` names one that many ask for.
pub fn answer(
    services: &Services,
    tenant: Arc<Tenant>,
    lang: Lang,
    path: Option<&str>,
    html: String,
    headers: &HeaderMap,
) -> Response {
    let now = services.ready.now();
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&html)[..8]));
    let ready = Arc::new(Ready {
        tenant,
        tag: HeaderValue::from_str(&tag).expect("a tag is hexadecimal digits in quotes"),
        gzip: (html.len() >= SMALLEST_COMPRESSED).then(|| gzip(html.as_bytes())),
        html: Bytes::from(html),
        made: now,
        renew: AtomicU64::new(now + FRESH.as_millis() as u64),
    });
    if let Some(path) = path {
        services.ready.keep(lang, path, ready.clone());
    }
    ready.answer(headers)
}

fn gzip(bytes: &[u8]) -> Bytes {
    let mut writer = flate2::write::GzEncoder::new(Vec::with_capacity(bytes.len() / 3), flate2::Compression::new(6));
    writer.write_all(bytes).expect("writing to memory cannot fail");
    Bytes::from(writer.finish().expect("writing to memory cannot fail"))
}

impl Ready {
    fn answer(&self, asked: &HeaderMap) -> Response {
        let is_known = asked.get(header::IF_NONE_MATCH).is_some_and(|sent| sent.as_bytes() == self.tag.as_bytes());
        let accepted = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
        let takes_gzip = accepted.split(',').any(|part| part.trim().split(';').next() == Some("gzip"));
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        headers.reserve(ROOM_FOR_HEADERS);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=5"));
        headers.insert(header::ETAG, self.tag.clone());
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, accept-language, cookie"));
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        let bytes = match &self.gzip {
            Some(gzip) if takes_gzip => {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                gzip
            }
            _ => &self.html,
        };
        *response.body_mut() = Body::from(bytes.clone());
        response
    }
}

/// The page's own and those of every answer.
const ROOM_FOR_HEADERS: usize = 14;

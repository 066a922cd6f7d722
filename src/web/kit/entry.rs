//! The way in: host → tenant → session → face. The only place that reads a raw Host header.
use super::assets;
use super::chrome;
use super::cookies::{Cookie, Door};
use super::csrf;
use super::error::Error;
use super::failures::{dress, neutral, suspended};
use super::guard::Served;
use super::language;
use super::ready;
use super::received::is_multipart;
use super::revisions;
use super::services::{Services, Shared};
use crate::backends::keys::Token;
use crate::backends::sessions::{Fast, Session};
use crate::tenancy::{RequestTarget, Resolution, Tenant, TenantState};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header, uri::PathAndQuery};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tower::ServiceExt;

/// The faces, each a router of slices.
#[derive(Clone)]
pub struct Faces {
    pub tenant: Router,
    pub console: Router,
}

/// Peer address of the connection, put in by the accept loop.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

#[derive(Clone)]
pub struct Entry {
    services: Shared,
    faces: Faces,
    uploads: Arc<Semaphore>,
}

/// Uploads that are received and handled at the same time.
const UPLOADS: usize = 16;
/// So long a body that is too large is awaited.
const READ_AWAY: Duration = Duration::from_secs(15);

/// A request that has to wait for something: whom it asks for what.
pub struct Visit {
    started: Instant,
    request_id: String,
    tenant: Arc<Tenant>,
    /// Below the tenant's mount, with its query.
    path: String,
}

/// Whom an answer is owed, should it never come.
pub struct Owed {
    started: Instant,
    served: Served,
}

impl Entry {
    pub fn new(services: Shared, faces: Faces) -> Entry {
        Entry { services, faces, uploads: Arc::new(Semaphore::new(UPLOADS)) }
    }

    /// What the host and the path alone decide is answered without waiting: nobody's host, a redirect, an asset or a public page from memory.
    pub fn at_once(&self, request: &Request) -> Result<Response, Visit> {
        let (started, request_id) = (Instant::now(), request_id());
        let (tenant, path) = match self.resolve(request) {
            Resolution::Neutral(status) => {
                return Ok(self.finished(neutral(&self.services, status), started, &request_id));
            }
            Resolution::Redirect(url) => return Ok(self.finished(redirect(&url), started, &request_id)),
            Resolution::Console => (self.services.console.clone(), request.uri().path().to_owned()),
            Resolution::Tenant { tenant, path } => (tenant, path),
        };
        let is_console = Arc::ptr_eq(&tenant, &self.services.console);
        let is_known = || {
            let cookie = Cookie::session(&self.services, &tenant, Door::Customer);
            is_console || cookie.token(&self.services, &tenant, request.headers()).is_some()
        };
        let lang = || language::of(&tenant, request.headers());
        if let Some(response) = ready::serve(&self.services, &tenant, lang, is_known, &path, request) {
            return Ok(self.finished(response, started, &request_id));
        }
        let Some(asset) = path.strip_prefix("/assets/") else {
            return Err(Visit { started, request_id, tenant, path });
        };
        let response = assets::serve(&self.services, &tenant, asset, request);
        Ok(self.finished(response, started, &request_id))
    }

    /// Answers what has to wait; never fails.
    pub async fn answer(&self, visit: Visit, request: Request) -> Response {
        let response = self.serve(visit.tenant, visit.path, request, &visit.request_id).await;
        self.finished(response, visit.started, &visit.request_id)
    }

    pub fn owed(&self, visit: &Visit, request: &Request) -> Owed {
        let door = door_of(&visit.path, Arc::ptr_eq(&visit.tenant, &self.services.console));
        let served = anonymous(&self.services, visit.tenant.clone(), &visit.path, door, request, &visit.request_id);
        Owed { started: visit.started, served }
    }

    /// In place of an answer that does not come: a page for a person, the bare number for a machine.
    pub fn failed(&self, owed: Owed, error: Error) -> Response {
        let (started, request_id) = (owed.started, owed.served.request_id.clone());
        let goes_on = matches!(error, Error::Late);
        let response = match owed.served.path.starts_with("/api/") {
            true => error.status().into_response(),
            false => dress(&self.services, Arc::new(owed.served), error.into_response()),
        };
        match goes_on {
            // What goes on is counted when it ends.
            true => self.headed(response, &request_id),
            false => self.finished(response, started, &request_id),
        }
    }

    fn finished(&self, response: Response, started: Instant, request_id: &str) -> Response {
        let response = self.headed(response, request_id);
        let status = response.status().as_u16();
        metrics::counter!("busbar_requests_total", "status" => class_of(status)).increment(1);
        metrics::histogram!("busbar_request_seconds").record(started.elapsed().as_secs_f64());
        tracing::debug!(status, request_id, "answered");
        response
    }

    fn headed(&self, mut response: Response, request_id: &str) -> Response {
        // "Not modified" speaks of what the browser keeps, and that came with them.
        if response.status() != StatusCode::NOT_MODIFIED {
            security_headers(&self.services, response.headers_mut());
        }
        if let Ok(value) = HeaderValue::from_str(request_id) {
            response.headers_mut().insert(REQUEST_ID.clone(), value);
        }
        response
    }

    fn resolve(&self, request: &Request) -> Resolution {
        let peer = peer_of(request);
        let settings = &self.services.settings;
        let is_proxy = settings.trusted_proxies.iter().any(|net| net.contains(&peer));
        let headers = request.headers();
        let hosts: Vec<&[u8]> = headers.get_all(header::HOST).iter().map(HeaderValue::as_bytes).collect();
        let forwarded: Vec<&[u8]> = match is_proxy {
            true => headers.get_all(&settings.forwarded_host_header).iter().map(HeaderValue::as_bytes).collect(),
            false => Vec::new(),
        };
        let target = RequestTarget {
            authority: request.uri().authority().map(|authority| authority.as_str()),
            hosts: &hosts,
            forwarded: &forwarded,
            method: request.method().as_str(),
            path_and_query: request.uri().path_and_query().map_or("/", PathAndQuery::as_str),
        };
        self.services.registry.resolve(&target)
    }

    async fn serve(&self, tenant: Arc<Tenant>, path: String, mut request: Request, request_id: &str) -> Response {
        let services = &self.services;
        let is_console = Arc::ptr_eq(&tenant, &services.console);
        let door = door_of(&path, is_console);
        let token = Cookie::session(services, &tenant, door).token(services, &tenant, request.headers());
        let (session, tenant) = match who(services, tenant.clone(), door, token.as_ref()).await {
            Ok(found) => found,
            Err(error) => {
                let served = anonymous(services, tenant, &path, door, &request, request_id);
                return dress(services, Arc::new(served), error.into_response());
            }
        };
        let mut served = anonymous(services, tenant, &path, door, &request, request_id);
        served.host = host_of(&request);
        if let (Some(session), Some(token)) = (session, token) {
            served.csrf = csrf::token(services, &served, &token);
            served.session_key = Some(token.hash());
            served.session = Some(session);
        }
        // Files come only from people who signed in, and only so many at a time: they are held in memory.
        let brings_files = served.session.is_some() && is_multipart(request.headers());
        if brings_files {
            served.limit = services.settings.max_upload_bytes;
        }
        let limit = served.limit;
        let served = Arc::new(served);
        if served.tenant.state == TenantState::Suspended {
            return suspended(services, served);
        }
        if !csrf::is_safe(request.method())
            && let Err(error) = csrf::check_origin(services, &served, request.headers())
        {
            return dress(services, served, error.into_response());
        }
        if let Some(code) = path.split('?').next().and_then(|path| path.strip_prefix("/language/")) {
            return language::switch(&served, code, request.headers());
        }
        if is_too_large(&request, limit) {
            let most = 2 * services.settings.max_upload_bytes;
            if !is_too_large(&request, most) {
                read_away(request.into_body(), most).await;
            }
            return dress(services, served, Error::TooLarge.into_response());
        }
        let _room = if brings_files { self.uploads.acquire().await.ok() } else { None };
        request = request.map(|body| Body::new(http_body_util::Limited::new(body, limit)));
        *request.uri_mut() = within_mount(request.uri(), &path);
        request.extensions_mut().insert(served.clone());
        let router = if is_console { &self.faces.console } else { &self.faces.tenant };
        let Ok(response) = router.clone().oneshot(request).await;
        dress(services, served, response)
    }
}

/// The session behind the cookie and the tenant brought up to the revision read in the same round trip.
async fn who(
    services: &Services,
    tenant: Arc<Tenant>,
    door: Door,
    token: Option<&Token>,
) -> Result<(Option<Session>, Arc<Tenant>), Error> {
    let Some(token) = token else {
        let revision = services.bus.revision(tenant.id).await;
        return Ok((None, revisions::caught_up(services, tenant, revision).await?));
    };
    let key = token.hash();
    let looked = services.sessions.load(tenant.id, &key).await;
    let session = match looked.session {
        Fast::Hit(session) => Some(session),
        // Boxed, as they are rare and their state is large: every request would carry it.
        Fast::Ended => {
            Box::pin(forget(services, &tenant, &key)).await?;
            None
        }
        Fast::Miss | Fast::Unreachable => Box::pin(from_rows(services, &tenant, &key)).await?,
    };
    let now = services.clock.now();
    let session = session.filter(|session| {
        session.tenant == tenant.id && session.expires_at > now && Door::of_kind(session.kind) == door
    });
    Ok((session, revisions::caught_up(services, tenant, looked.revision).await?))
}

/// The durable copy of a session, put back into the fast store (unless it was ended meanwhile).
async fn from_rows(services: &Services, tenant: &Tenant, key: &[u8; 32]) -> Result<Option<Session>, Error> {
    let tx = services.db.tenant(tenant.id).read().await?;
    let row = tx.session(key).await?;
    tx.commit().await?;
    let Some(session) = row.and_then(|row| serde_json::from_value::<Session>(row.data).ok()) else { return Ok(None) };
    let is_alive = services.sessions.put_if_absent(tenant.id, key, &session).await;
    Ok(is_alive.then_some(session))
}

/// A session that ended or idled out leaves no durable copy that could bring it back.
async fn forget(services: &Services, tenant: &Tenant, key: &[u8; 32]) -> Result<(), Error> {
    let tx = services.db.tenant(tenant.id).begin().await?;
    tx.delete_session(key).await?;
    Ok(tx.commit().await?)
}

fn door_of(path: &str, is_console: bool) -> Door {
    let path = path.split('?').next().unwrap_or(path);
    match path.strip_prefix("/operator") {
        _ if is_console => Door::Platform,
        Some(rest) if rest.is_empty() || rest.starts_with('/') => Door::Staff,
        _ => Door::Customer,
    }
}

fn anonymous(
    services: &Services,
    tenant: Arc<Tenant>,
    path: &str,
    door: Door,
    request: &Request,
    request_id: &str,
) -> Served {
    let lang = language::of(&tenant, request.headers());
    let path = path.split('?').next().unwrap_or(path).to_owned();
    Served {
        host: String::new(),
        tenant,
        lang,
        door,
        session: None,
        session_key: None,
        csrf: String::new(),
        path,
        request_id: request_id.to_owned(),
        peer: client_of(services, request),
        limit: services.settings.max_body_bytes,
    }
}

fn within_mount(uri: &Uri, path: &str) -> Uri {
    let mut parts = uri.clone().into_parts();
    if let Ok(path) = path.parse::<PathAndQuery>() {
        parts.path_and_query = Some(path);
    }
    Uri::from_parts(parts).unwrap_or_else(|_| uri.clone())
}

fn peer_of(request: &Request) -> IpAddr {
    request.extensions().get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0)
}

/// The person's address: the connection's peer, or what a trusted proxy says of it (the last address it did not add itself).
fn client_of(services: &Services, request: &Request) -> IpAddr {
    let peer = peer_of(request);
    let is_proxy = |address: &IpAddr| services.settings.trusted_proxies.iter().any(|net| net.contains(address));
    if !is_proxy(&peer) {
        return peer;
    }
    let header = request.headers().get("x-forwarded-for").and_then(|value| value.to_str().ok()).unwrap_or("");
    header.rsplit(',').filter_map(|part| part.trim().parse().ok()).find(|address| !is_proxy(address)).unwrap_or(peer)
}

fn host_of(request: &Request) -> String {
    let authority = request.uri().authority().map(|authority| authority.as_str());
    let host = authority.or_else(|| request.headers().get(header::HOST).and_then(|value| value.to_str().ok()));
    host.unwrap_or("").split(':').next().unwrap_or("").trim_end_matches('.').to_ascii_lowercase()
}

fn is_too_large(request: &Request, limit: usize) -> bool {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    length.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > limit)
}

/// What is too large is received and let go, within reason: a browser that finds its sending cut off may not show the answer.
async fn read_away(body: Body, most: usize) {
    let mut body = http_body_util::Limited::new(body, most);
    let reading = async { while let Some(Ok(_)) = body.frame().await {} };
    if tokio::time::timeout(READ_AWAY, reading).await.is_err() {
        tracing::debug!("a body too large was not awaited to its end");
    }
}

fn redirect(url: &str) -> Response {
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, url.to_owned())]).into_response()
}

fn security_headers(services: &Services, headers: &mut HeaderMap) {
    // Only the console's view of a mail has one of its own.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| CSP.clone());
    headers.extend(FIXED.iter().map(|(name, value)| (name.clone(), value.clone())));
    if services.settings.is_secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS.clone());
    }
}

static FIXED: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), microphone=(), geolocation=()"),
    ),
];

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
static HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");
static CSP: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self'; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
);

fn class_of(status: u16) -> &'static str {
    match status / 100 {
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

/// 64 random bits, enough to find a line in a day's log.
fn request_id() -> String {
    getrandom::u64().map(|bits| format!("{bits:016x}")).unwrap_or_else(|_| "0".repeat(16))
}

pub use chrome::Menus;

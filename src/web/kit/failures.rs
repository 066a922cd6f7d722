//! What a person sees when there is no page: a refusal or a failure in the tenant's dress, a suspended tenant, a host that is nobody's.
use super::cookies::Door;
use super::error::Failure;
use super::guard::Served;
use super::page::Page;
use super::received::{HandedBack, Typed};
use super::requests::LONGEST;
use super::services::{Services, Shared};
use crate::tenancy::Lang;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::sync::Arc;

#[derive(Serialize)]
struct ErrorView {
    status: u16,
    title: String,
    sentence: String,
    remedy: String,
    incident: String,
    /// Of a form refused as a whole, for copying.
    typed: Vec<Typed>,
    is_cut: bool,
    /// Where to prove who it is; empty where that is not what was missing.
    prove: String,
}

/// Gives a bare failure the tenant's page, and logs it once.
pub fn dress(services: &Shared, served: Arc<Served>, mut response: Response) -> Response {
    let status = response.status();
    let handed = response.extensions_mut().remove::<HandedBack>();
    let failure = response.extensions().get::<Failure>().cloned();
    // Extractors refuse in plain English; a person gets a page.
    let is = |start: &[u8]| {
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(start))
    };
    let is_page = is(b"text/html") || is(b"application/problem+json");
    let is_naked = status.is_client_error() && !is_page;
    if failure.is_none() && status != StatusCode::METHOD_NOT_ALLOWED && !is_naked {
        return response;
    }
    let (reason, words) = failure.map(|failure| (failure.reason, failure.words)).unwrap_or_default();
    let tenant = served.tenant.slug.clone();
    let request_id = served.request_id.clone();
    if status.is_server_error() {
        tracing::error!(tenant, request_id, status = status.as_u16(), reason, "failed");
    } else {
        tracing::info!(tenant, request_id, status = status.as_u16(), reason, "refused");
    }
    let mut dressed = error_page(services, served, status, words, handed);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        dressed.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    if let Some(allow) = response.headers().get(header::ALLOW) {
        dressed.headers_mut().insert(header::ALLOW, allow.clone());
    }
    dressed
}

fn error_page(
    services: &Shared,
    served: Arc<Served>,
    status: StatusCode,
    words: Option<&'static str>,
    handed: Option<HandedBack>,
) -> Response {
    // Which of them has words of its own.
    let worded = match status.as_u16() {
        403 if handed.as_ref().is_some_and(|handed| !handed.prove.is_empty()) => "proof".to_owned(),
        _ if words.is_some() => words.unwrap_or_default().to_owned(),
        404 if handed.is_some() => "off".to_owned(),
        code @ (403 | 404 | 405 | 413 | 428 | 429 | 503) => code.to_string(),
        code if code < 500 => "400".to_owned(),
        _ => "500".to_owned(),
    };
    let HandedBack { words, is_cut, prove } = handed.unwrap_or_default();
    let folder = match served.door {
        Door::Platform => "platform",
        Door::Customer | Door::Staff => "portal",
    };
    let page = Page::new(services.clone(), served.clone());
    let longest = page.whole(LONGEST as i64);
    let megabytes = (served.limit / (1024 * 1024)).max(1);
    let mut args = vec![("limit", megabytes.into()), ("longest", longest.as_str().into())];
    if let Some(after) = page.session().and_then(|session| session.after) {
        args.extend(page.after_words(&after));
    }
    let said = |part| page.t_args(&format!("error-{worded}-{part}"), &args);
    let view = ErrorView {
        status: status.as_u16(),
        title: said("title"),
        sentence: said("sentence"),
        remedy: said("remedy"),
        incident: served.request_id.clone(),
        typed: words,
        is_cut,
        prove,
    };
    page.show_as(status, &format!("{folder}/error.html"), &view).unwrap_or_else(|error| {
        tracing::error!(tenant = served.tenant.slug, request_id = served.request_id, %error, "the error page itself failed");
        status.into_response()
    })
}

pub fn suspended(services: &Shared, served: Arc<Served>) -> Response {
    let page = Page::new(services.clone(), served.clone());
    let contact = &served.tenant.document.contact;
    let view = serde_json::json!({ "phone": contact.phone, "fault_line": contact.fault_line });
    let shown = page.show_as(StatusCode::SERVICE_UNAVAILABLE, "portal/suspended.html", &view);
    shown.unwrap_or_else(|_| error_page(services, served, StatusCode::SERVICE_UNAVAILABLE, None, None))
}

/// For hosts that are nobody's: one constant page that names no tenant.
pub fn neutral(services: &Services, status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::MISDIRECTED_REQUEST);
    let lang = Lang::Cs;
    let mut context = tera::Context::new();
    context.insert("lang", lang.key());
    context.insert("base", "");
    let html = services.console.theme.render(lang, "platform/neutral.html", &context).unwrap_or_default();
    let kind = (header::CONTENT_TYPE, "text/html; charset=utf-8");
    (status, [kind, (header::CACHE_CONTROL, "no-store")], html).into_response()
}

//! Machines that call with a key: who they are, and what they are told when something is wrong (RFC 9457), since nobody reads a page.
use super::access::any_allowed;
use super::error::Error;
use super::guard::Served;
use super::page::Page;
use super::services::Shared;
use super::slices::Gate;
use crate::backends::keys::Token;
use crate::backends::throttle::RetryAfter;
use crate::data::{self, ApiKey, TenantDb};
use crate::domain::features::{Action, Role};
use crate::tenancy::Arg;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::sync::Arc;

/// What went wrong, for a program.
#[derive(Debug, Serialize)]
pub struct Problem {
    #[serde(skip)]
    pub code: StatusCode,
    status: u16,
    title: &'static str,
    detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<String>,
    /// Seconds, where it is worth trying again.
    #[serde(skip)]
    wait: Option<u64>,
}

impl Problem {
    pub fn new(code: StatusCode, detail: impl Into<String>) -> Problem {
        let title = code.canonical_reason().unwrap_or("Error");
        Problem { code, status: code.as_u16(), title, detail: detail.into(), errors: Vec::new(), wait: None }
    }

    fn too_many(page: &Page, key: &str, RetryAfter(wait): RetryAfter) -> Problem {
        // Rounded up: whoever comes at the second that was named is heard.
        let seconds = wait.as_secs_f64().ceil().max(1.0) as u64;
        let detail = page.t_args(key, &[("seconds", Arg::from(seconds as i64))]);
        Problem { wait: Some(seconds), ..Problem::new(StatusCode::TOO_MANY_REQUESTS, detail) }
    }

    pub fn with(mut self, errors: Vec<String>) -> Problem {
        self.errors = errors;
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_string(&self).unwrap_or_default();
        let kind = (header::CONTENT_TYPE, "application/problem+json");
        let mut response = (self.code, [kind, (header::CACHE_CONTROL, "no-store")], body).into_response();
        if self.code == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<data::Error> for Problem {
    fn from(error: data::Error) -> Problem {
        Error::from(error).into()
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        let code = error.status();
        if code.is_server_error() {
            tracing::error!(%error, "a call failed");
        }
        Problem::new(code, "")
    }
}

/// A machine whose key is good for what the path is for.
pub struct ApiClient {
    pub key: ApiKey,
    pub db: TenantDb,
    pub page: Page,
}

impl FromRequestParts<Shared> for ApiClient {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, services: &Shared) -> Result<Self, Problem> {
        let served = parts.extensions.get::<Arc<Served>>().cloned();
        let gate = parts.extensions.get::<Gate>().copied();
        let (Some(served), Some(gate)) = (served, gate) else {
            return Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, ""));
        };
        let page = Page::new(services.clone(), served.clone());
        let sent = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let sent = sent.and_then(|value| value.strip_prefix("Bearer "));
        let token = sent.and_then(|text| Token::from_text(text.trim()));
        let db = services.db.tenant(served.tenant.id);
        let key = match &token {
            Some(token) => {
                let tx = db.read().await?;
                let key = tx.api_key(&token.hash()).await?;
                tx.commit().await?;
                key
            }
            None => None,
        };
        let Some(key) = key else {
            // Who guesses is slowed down: the attempt stays counted.
            let attempt = services.throttle.reserve(served.tenant.id, "(api)", served.peer).await;
            return Err(match attempt {
                Ok(_counted) => Problem::new(StatusCode::UNAUTHORIZED, page.t("api-no-key")),
                Err(wait) => Problem::too_many(&page, "api-too-many", wait),
            });
        };
        let most = services.settings.api_calls_per_minute;
        let counted = services.throttle.call(served.tenant.id, &format!("api:{}", key.id), most).await;
        counted.map_err(|wait| Problem::too_many(&page, "api-too-fast", wait))?;
        let is_meant = key.scope.is_some_and(|scope| gate.features.contains(&scope));
        // A key does what the desk that made it may do.
        if !is_meant || !any_allowed(&served.tenant, Role::Lead, gate.features, Action::Submit) {
            return Err(Problem::new(StatusCode::FORBIDDEN, page.t("api-not-meant")));
        }
        Ok(ApiClient { key, db, page })
    }
}

//! The private listener: `/healthz` (alive), `/readyz` (may take traffic), `/metrics`, `/ask` (may a proxy get a certificate for this name).
use crate::web::kit::services::Shared;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Deserialize;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;

#[derive(Clone)]
pub struct Private {
    pub services: Shared,
    pub is_draining: Arc<AtomicBool>,
    pub metrics: PrometheusHandle,
}

pub async fn serve(listener: TcpListener, private: Private, stop: impl Future<Output = ()> + Send + 'static) {
    let router = Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route("/ask", get(ask))
        .with_state(private);
    if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stop).await {
        tracing::error!(%error, "the private listener stopped");
    }
}

async fn ready(State(private): State<Private>) -> (StatusCode, String) {
    if private.is_draining.load(Ordering::Relaxed) {
        return (StatusCode::SERVICE_UNAVAILABLE, "draining\n".into());
    }
    match tokio::time::timeout(Duration::from_secs(2), private.services.db.check()).await {
        Ok(Ok(())) => (StatusCode::OK, "ready\n".into()),
        Ok(Err(error)) => (StatusCode::SERVICE_UNAVAILABLE, format!("database: {error}\n")),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "database: no answer within 2 s\n".into()),
    }
}

async fn metrics(State(private): State<Private>) -> String {
    private.metrics.render()
}

#[derive(Deserialize)]
struct Asked {
    domain: String,
}

/// From memory only, and closed by default: 200 for a host some active tenant (or the console) answers on, else 404.
async fn ask(State(private): State<Private>, Query(asked): Query<Asked>) -> StatusCode {
    if private.services.registry.knows_host(&asked.domain) { StatusCode::OK } else { StatusCode::NOT_FOUND }
}

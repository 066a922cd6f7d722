//! The bare contender: axum, hand-written SQL and a page put together by hand. It does what a dashboard must do and nothing else:
//! host → tenant, session from Redis, twelve feature decisions, one customer's rows, one page. No row security, no revisions, no
//! themes, no languages, no limits, no logs. What Busbar costs beyond it is what those cost.
mod page;
mod rows;

use super::site::{Host, LimitSession};
use anyhow::{Context, Result};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use clap::Args;
use deadpool_redis::{Pool, Runtime, redis};
use sea_orm::sqlx::PgPool;
use sea_orm::sqlx::postgres::PgPoolOptions;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Args)]
pub struct Settings {
    #[arg(long)]
    listen: SocketAddr,
    #[arg(long)]
    database: String,
    #[arg(long)]
    redis: String,
    /// The hosts it serves, as JSON.
    #[arg(long)]
    hosts: PathBuf,
}

struct Tenant {
    id: i32,
    name: String,
    /// A bit for each feature.
    features: [u64; 2],
}

struct Limit {
    tenants: HashMap<String, Tenant>,
    database: PgPool,
    redis: Pool,
}

/// The features a dashboard asks for, by their number.
const ASKED: [(u32, &str, &str); 12] = [
    (31, "Odběrná místa", "/supply-points"),
    (34, "Odečty", "/readings"),
    (35, "Spotřeba", "/consumption"),
    (36, "Faktury", "/invoices"),
    (37, "Vyúčtování", "/settlements"),
    (38, "PDF", "/documents"),
    (39, "Elektronické vyúčtování", "/documents/electronic"),
    (40, "Zálohy", "/advances"),
    (41, "Platby", "/payments"),
    (42, "Odkazy", "/links"),
    (5, "Nápověda", "/help"),
    (30, "Účet", "/account"),
];

pub async fn serve(settings: Settings) -> Result<()> {
    let hosts: Vec<Host> = serde_json::from_str(&std::fs::read_to_string(&settings.hosts)?)?;
    let tenant = |host: Host| (host.host, Tenant { id: host.tenant, name: host.name, features: [u64::MAX; 2] });
    let limit = Limit {
        tenants: hosts.into_iter().map(tenant).collect(),
        database: PgPoolOptions::new()
            .max_connections(16)
            .test_before_acquire(false)
            .connect(&settings.database)
            .await?,
        redis: deadpool_redis::Config::from_url(settings.redis).create_pool(Some(Runtime::Tokio1))?,
    };
    let router = Router::new().route("/dashboard", get(dashboard)).with_state(Arc::new(limit));
    let listener = tokio::net::TcpListener::bind(settings.listen).await?;
    axum::serve(listener, router).await.context("serving")
}

async fn dashboard(State(limit): State<Arc<Limit>>, headers: HeaderMap) -> Response {
    match answer(&limit, &headers).await {
        Ok(Some(page)) => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response(),
        Ok(None) => StatusCode::UNAUTHORIZED.into_response(),
        Err(error) => {
            eprintln!("{error:#}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn answer(limit: &Limit, headers: &HeaderMap) -> Result<Option<String>> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    let host = text(header::HOST).split(':').next().unwrap_or("");
    let Some(tenant) = limit.tenants.get(host) else { return Ok(None) };
    let Some(token) = text(header::COOKIE).split("; ").find_map(|pair| pair.strip_prefix("session=")) else {
        return Ok(None);
    };
    let mut redis = limit.redis.get().await?;
    let found: Option<String> =
        redis::cmd("GET").arg(format!("limit:{}:{token}", tenant.id)).query_async(&mut redis).await?;
    drop(redis);
    let Some(session) = found.map(|found| serde_json::from_str::<LimitSession>(&found)).transpose()? else {
        return Ok(None);
    };
    let menu =
        ASKED.iter().filter(|(feature, _, _)| tenant.features[(feature / 64) as usize] >> (feature % 64) & 1 == 1);
    let menu: Vec<(&str, &str)> = menu.map(|(_, name, path)| (*name, *path)).collect();
    let mut connection = limit.database.acquire().await?;
    let rows = rows::of(&mut connection, session.tenant, session.customer).await?;
    Ok(Some(page::dashboard(&tenant.name, &session.name, &menu, &rows)))
}

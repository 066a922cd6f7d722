//! Our own accept loop: header-read timeout, a bound on connections, and on SIGTERM not ready, no new connections, open requests finish.
use super::config::Server;
use crate::web::kit::entry::{Entry, Peer};
use crate::web::kit::error::Error;
use anyhow::{Context, Result};
use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// Largest request line and headers together, in bytes; more is 431.
const MAX_HEADER_BYTES: usize = 64 * 1024;
const MAX_HEADERS: usize = 100;

pub async fn bind(address: std::net::SocketAddr, key: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("{key}: cannot listen on {address}"))
}

/// Serves until `stop` resolves, then drains.
pub async fn public(listener: TcpListener, entry: Entry, server: &Server, stop: impl Future<Output = ()>) {
    let entry = Arc::new(entry);
    let limit = Duration::from_secs(server.request_seconds);
    let builder = Arc::new(builder(server.header_seconds));
    let room = Arc::new(Semaphore::new(server.max_connections));
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let permit = tokio::select! {
            permit = room.clone().acquire_owned() => permit.expect("the semaphore is never closed"),
            () = &mut stop => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "accept failed");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let entry = entry.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let entry = entry.clone();
            async move { Ok::<_, Infallible>(answer(entry, request, Peer(peer.ip()), limit).await) }
        });
        let builder = builder.clone();
        let watcher = graceful.watcher();
        tokio::spawn(async move {
            let _room = permit;
            let connection = builder.serve_connection(TokioIo::new(without_delay(stream)), service);
            if let Err(error) = watcher.watch(connection.into_owned()).await {
                tracing::debug!(%error, "connection ended");
            }
        });
    }
    drop(listener);
    let drain = Duration::from_secs(server.drain_seconds);
    if tokio::time::timeout(drain, graceful.shutdown()).await.is_err() {
        tracing::warn!(seconds = server.drain_seconds, "open requests were cut off after the drain time");
    }
}

fn builder(header_seconds: u64) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(header_seconds))
        .max_buf_size(MAX_HEADER_BYTES)
        .max_headers(MAX_HEADERS);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(Duration::from_secs(20)))
        .max_header_list_size(MAX_HEADER_BYTES as u32)
        .max_concurrent_streams(100);
    builder
}

fn without_delay(stream: TcpStream) -> TcpStream {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY");
    }
    stream
}

/// What has to wait does so in a task of its own, which goes on when the client leaves or the time is up: a request given up between
/// two statements would hand an open transaction back to the pool (sqlx 0.9 forgets a BEGIN whose answer nobody awaited).
async fn answer(entry: Arc<Entry>, request: Request<Incoming>, peer: Peer, limit: Duration) -> Response<Body> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(peer);
    let visit = match entry.at_once(&request) {
        Ok(response) => return response,
        Err(visit) => visit,
    };
    let (owed, front) = (entry.owed(&visit, &request), entry.clone());
    let answering = tokio::spawn(async move { entry.answer(visit, request).await });
    match tokio::time::timeout(limit, answering).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => {
            tracing::error!(%error, "a request panicked");
            front.failed(owed, Error::Broken("it panicked".into()))
        }
        Err(_) => front.failed(owed, Error::Late),
    }
}

/// Resolves on SIGTERM or Ctrl-C.
pub async fn told_to_stop() {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .expect("a process may always listen to its own signals");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

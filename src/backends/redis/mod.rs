//! The line to Redis: a few shared connections out of the pool, bounded waits, and a circuit that opens when Redis is silent.
//! A caller never waits longer than [`PATIENCE`]; while the circuit is open it does not wait at all.
use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{AsyncConnectionConfig, Client, RedisError};
use deadpool_redis::{Connection, Manager, Pool};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// Longest wait for an answer, and for a connection.
const PATIENCE: Duration = Duration::from_millis(300);
/// An alarm that rings so much late tells that we were busy ourselves, in a flood of requests: that silence was not Redis'.
const BUSY: Duration = Duration::from_millis(50);
/// How long nobody asks after Redis stayed silent.
const REST: Duration = Duration::from_secs(1);
/// Silences in a row that open the circuit; a refused connection opens it at once.
const SILENCES: u32 = 2;
/// Connections shared by all requests. Each carries many commands at once.
const LINES: usize = 2;

/// Redis cannot be asked now. What to do without it is the caller's to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Redis does not answer")]
pub struct Unreachable;

/// Cheap to clone; all clones share connections and circuit.
#[derive(Clone)]
pub struct RedisLine(Arc<Inner>);

struct Inner {
    pool: Pool,
    client: Client,
    prefix: String,
    lines: Vec<Mutex<Option<Connection>>>,
    turn: AtomicUsize,
    started: Instant,
    /// Milliseconds since `started` until which nobody asks; 0 = closed.
    open_until: AtomicU64,
    silences: AtomicU32,
}

/// Does not connect yet: a Redis that is away at the start must not keep the portals down.
pub fn redis_line(url: &str, prefix: &str) -> Result<RedisLine, RedisError> {
    let waits =
        AsyncConnectionConfig::new().set_connection_timeout(Some(PATIENCE)).set_response_timeout(Some(PATIENCE));
    let manager = Manager::new_with_config(url, waits)?;
    let pool = Pool::builder(manager).max_size(LINES).build().expect("no timeouts are set that would need a runtime");
    Ok(RedisLine(Arc::new(Inner {
        pool,
        client: Client::open(url)?,
        prefix: prefix.to_owned(),
        lines: (0..LINES).map(|_| Mutex::new(None)).collect(),
        turn: AtomicUsize::new(0),
        started: Instant::now(),
        open_until: AtomicU64::new(0),
        silences: AtomicU32::new(0),
    })))
}

impl RedisLine {
    /// A key of ours: `busbar:kind:rest`. Callers put the tenant first in `rest`.
    pub(super) fn key(&self, kind: &str, rest: impl std::fmt::Display) -> String {
        format!("{}:{kind}:{rest}", self.0.prefix)
    }

    pub(super) fn client(&self) -> &Client {
        &self.0.client
    }

    /// Runs one exchange. A connection on which something went wrong is thrown away, never handed on: a reply that comes late
    /// can therefore not become another's answer.
    pub(super) async fn ask<T, F, W>(&self, work: W) -> Result<T, Unreachable>
    where
        W: Fn(MultiplexedConnection) -> F,
        F: Future<Output = Result<T, RedisError>>,
    {
        self.enter()?;
        let at = self.0.turn.fetch_add(1, Ordering::Relaxed) % LINES;
        // Redis may have been restarted behind a connection that still looked well: that one deserves a second try.
        for is_last in [false, true] {
            let asked = Instant::now();
            let was_ours = || !is_last && asked.elapsed() > PATIENCE + BUSY;
            let (connection, is_fresh) = match tokio::time::timeout(PATIENCE, self.connection(at)).await {
                Ok(Ok(found)) => found,
                Ok(Err(error)) => return Err(self.failed(&error, true)),
                Err(_) if was_ours() => continue,
                Err(_) => return Err(self.failed(&"no connection in time", false)),
            };
            match tokio::time::timeout(PATIENCE, work(connection)).await {
                Ok(Ok(answer)) => {
                    self.recovered();
                    return Ok(answer);
                }
                Ok(Err(error)) if error.is_timeout() => {
                    self.discard(at).await;
                    if was_ours() {
                        continue;
                    }
                    return Err(self.failed(&error, false));
                }
                Ok(Err(error)) if error.is_unrecoverable_error() || error.is_io_error() => {
                    self.discard(at).await;
                    if is_last || is_fresh {
                        return Err(self.failed(&error, true));
                    }
                }
                Ok(Err(error)) => {
                    // Redis answered, only not what we wanted (read-only replica, out of memory): no reason to stop asking.
                    tracing::warn!(%error, "Redis refused a command");
                    return Err(Unreachable);
                }
                Err(_) => {
                    self.discard(at).await;
                    if was_ours() {
                        continue;
                    }
                    return Err(self.failed(&"no answer in time", false));
                }
            }
        }
        Err(Unreachable)
    }

    async fn connection(&self, at: usize) -> Result<(MultiplexedConnection, bool), String> {
        let mut line = self.0.lines[at].lock().await;
        if let Some(connection) = line.as_ref() {
            return Ok(((**connection).clone(), false));
        }
        // Rare and large: boxed, so that not every exchange carries its state.
        let connection = Box::pin(self.0.pool.get()).await.map_err(|error| error.to_string())?;
        let shared = (*connection).clone();
        *line = Some(connection);
        Ok((shared, true))
    }

    async fn discard(&self, at: usize) {
        if let Some(connection) = self.0.lines[at].lock().await.take() {
            drop(Connection::take(connection));
        }
    }

    fn now(&self) -> u64 {
        self.0.started.elapsed().as_millis() as u64 + 1
    }

    /// Lets everybody in while the circuit is closed, and one to try when its rest is over.
    fn enter(&self) -> Result<(), Unreachable> {
        let until = self.0.open_until.load(Ordering::Acquire);
        if until == 0 {
            return Ok(());
        }
        let now = self.now();
        let next = now + REST.as_millis() as u64;
        let is_chosen = now >= until
            && self.0.open_until.compare_exchange(until, next, Ordering::AcqRel, Ordering::Relaxed).is_ok();
        if is_chosen { Ok(()) } else { Err(Unreachable) }
    }

    fn recovered(&self) {
        self.0.silences.store(0, Ordering::Relaxed);
        if self.0.open_until.load(Ordering::Relaxed) != 0 && self.0.open_until.swap(0, Ordering::AcqRel) != 0 {
            tracing::info!("Redis answers again");
        }
    }

    fn failed(&self, error: &dyn std::fmt::Display, is_away: bool) -> Unreachable {
        let silences = self.0.silences.fetch_add(1, Ordering::Relaxed) + 1;
        if is_away || silences >= SILENCES {
            let until = self.now() + REST.as_millis() as u64;
            if self.0.open_until.swap(until, Ordering::AcqRel) == 0 {
                tracing::warn!(%error, "Redis does not answer; going on without it");
            }
        }
        Unreachable
    }
}

#[cfg(test)]
pub(super) mod tests;

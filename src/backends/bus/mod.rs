//! The bus: which revision of a tenant is the newest, and a doorbell that says "look again". The doorbell only makes things
//! faster; correctness rests on the number, which every request reads with its session.
use super::redis::RedisLine;
use crate::domain::ids::TenantId;
use deadpool_redis::redis::{self, Script};
use futures_util::StreamExt;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::broadcast;

/// Rings a slow listener may miss before it is told that it missed some.
const ROOM: usize = 1024;
/// An instance that says nothing for this long is no longer counted.
const INSTANCE_LIFE: Duration = Duration::from_secs(15);
const HEARTBEAT: Duration = Duration::from_secs(5);
/// Pause before the doorbell's connection is tried again.
const REDIAL: Duration = Duration::from_millis(500);
/// A doorbell connection must prove that it is alive this often.
const PING: Duration = Duration::from_secs(5);

/// How far a revision has come: "live on 3/3 instances".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    pub loaded: usize,
    pub instances: usize,
}

pub enum Bus {
    Embedded(Embedded),
    Redis(Remote),
}

impl Bus {
    pub fn embedded() -> Bus {
        Bus::Embedded(Embedded { newest: Mutex::default(), bell: broadcast::channel(ROOM).0 })
    }

    /// Listens from now on, in a task that ends when the bus is dropped. Must be called within a Tokio runtime.
    pub fn redis(line: RedisLine) -> Bus {
        let bell = broadcast::channel(ROOM).0;
        let instance = uuid::Uuid::new_v4().simple().to_string();
        let listening = tokio::spawn(listen(line.clone(), bell.clone()));
        let beating = tokio::spawn(beat(line.clone(), instance.clone()));
        Bus::Redis(Remote { line, bell, instance, owed: Arc::default(), tasks: [listening, beating] })
    }

    /// Newest revision announced; none when nothing is known (never announced, or Redis is away).
    pub async fn revision(&self, tenant: TenantId) -> Option<i64> {
        match self {
            Bus::Embedded(bus) => bus.newest().get(&tenant).copied(),
            Bus::Redis(bus) => bus.revision(tenant).await,
        }
    }

    /// Says that `revision` is committed. Returns when every later [`Bus::revision`] on any instance sees it, unless Redis is
    /// away; then it is told as soon as it is back, and meanwhile instances find the revision in the database.
    pub async fn announce(&self, tenant: TenantId, revision: i64) {
        match self {
            Bus::Embedded(bus) => {
                let mut newest = bus.newest();
                let known = newest.entry(tenant).or_insert(revision);
                *known = (*known).max(revision);
                drop(newest);
                // Nobody listening is fine.
                _ = bus.bell.send(tenant);
            }
            Bus::Redis(bus) => bus.announce(tenant, revision).await,
        }
    }

    /// Tenants to look at again. After `Lagged`, look at all.
    pub fn subscribe(&self) -> broadcast::Receiver<TenantId> {
        match self {
            Bus::Embedded(bus) => bus.bell.subscribe(),
            Bus::Redis(bus) => bus.bell.subscribe(),
        }
    }

    /// This instance answers from `revision` now.
    pub async fn loaded(&self, tenant: TenantId, revision: i64) {
        if let Bus::Redis(bus) = self {
            bus.loaded(tenant, revision).await;
        }
    }

    /// How many of the living instances answer from `revision` or a later one; none when Redis is away.
    pub async fn reach(&self, tenant: TenantId, revision: i64) -> Option<Reach> {
        match self {
            Bus::Embedded(_) => Some(Reach { loaded: 1, instances: 1 }),
            Bus::Redis(bus) => bus.reach(tenant, revision).await,
        }
    }
}

pub struct Embedded {
    newest: Mutex<HashMap<TenantId, i64>>,
    bell: broadcast::Sender<TenantId>,
}

impl Embedded {
    fn newest(&self) -> MutexGuard<'_, HashMap<TenantId, i64>> {
        self.newest.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

pub struct Remote {
    line: RedisLine,
    bell: broadcast::Sender<TenantId>,
    instance: String,
    /// Announcements Redis has not heard.
    owed: Arc<Mutex<HashMap<TenantId, i64>>>,
    tasks: [tokio::task::JoinHandle<()>; 2],
}

impl Drop for Remote {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

pub(super) fn revision_key(line: &RedisLine, tenant: TenantId) -> String {
    line.key("rev", tenant.0)
}

fn channel(line: &RedisLine) -> String {
    line.key("doorbell", "revisions")
}

fn instances_key(line: &RedisLine) -> String {
    line.key("instances", "alive")
}

fn loaded_key(line: &RedisLine, tenant: TenantId) -> String {
    line.key("loaded", tenant.0)
}

/// KEYS number; ARGV revision, channel, tenant. Never backwards; always rings.
static ANNOUNCE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local known = tonumber(redis.call('GET', KEYS[1]) or '0') \
         if tonumber(ARGV[1]) > known then redis.call('SET', KEYS[1], ARGV[1]) end \
         redis.call('PUBLISH', ARGV[2], ARGV[3]) \
         return 1",
    )
});

impl Remote {
    async fn revision(&self, tenant: TenantId) -> Option<i64> {
        let key = &revision_key(&self.line, tenant);
        let found = self
            .line
            .ask(async |mut line| redis::cmd("GET").arg(key).query_async::<Option<i64>>(&mut line).await)
            .await;
        if found.is_ok() {
            self.settle();
        }
        found.ok().flatten()
    }

    async fn announce(&self, tenant: TenantId, revision: i64) {
        // This instance hears it even when Redis does not.
        _ = self.bell.send(tenant);
        if !tell(&self.line, tenant, revision).await {
            let mut owed = self.owed();
            let known = owed.entry(tenant).or_insert(revision);
            *known = (*known).max(revision);
        }
    }

    fn owed(&self) -> MutexGuard<'_, HashMap<TenantId, i64>> {
        self.owed.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Redis has just answered: tell it what it missed.
    fn settle(&self) {
        if self.owed().is_empty() {
            return;
        }
        let (line, owed) = (self.line.clone(), self.owed.clone());
        tokio::spawn(async move {
            let lock = || owed.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            let missed: Vec<(TenantId, i64)> = lock().iter().map(|(tenant, revision)| (*tenant, *revision)).collect();
            for (tenant, revision) in missed {
                if tell(&line, tenant, revision).await {
                    let mut owed = lock();
                    if owed.get(&tenant) == Some(&revision) {
                        owed.remove(&tenant);
                    }
                }
            }
        });
    }

    async fn loaded(&self, tenant: TenantId, revision: i64) {
        let (key, instance) = (&loaded_key(&self.line, tenant), &self.instance);
        let told = self
            .line
            .ask(async |mut line| {
                redis::cmd("HSET").arg(key).arg(instance).arg(revision).query_async::<()>(&mut line).await
            })
            .await;
        if told.is_err() {
            tracing::debug!(tenant = tenant.0, revision, "could not say that the revision is loaded");
        }
    }

    async fn reach(&self, tenant: TenantId, revision: i64) -> Option<Reach> {
        let mut pipe = redis::pipe();
        pipe.cmd("ZRANGEBYSCORE").arg(instances_key(&self.line)).arg(unix_now()).arg("+inf");
        pipe.cmd("HGETALL").arg(loaded_key(&self.line, tenant));
        let pipe = &pipe;
        type Found = (Vec<String>, HashMap<String, i64>);
        let (alive, loaded) = self.line.ask(async |mut line| pipe.query_async::<Found>(&mut line).await).await.ok()?;
        let has_it = |instance: &&String| loaded.get(*instance).is_some_and(|its| *its >= revision);
        Some(Reach { loaded: alive.iter().filter(has_it).count(), instances: alive.len() })
    }
}

async fn tell(line: &RedisLine, tenant: TenantId, revision: i64) -> bool {
    let mut call = ANNOUNCE.prepare_invoke();
    call.key(revision_key(line, tenant)).arg(revision).arg(channel(line)).arg(tenant.0);
    let call = &call;
    line.ask(async |mut line| call.invoke_async::<i64>(&mut line).await).await.is_ok()
}

/// Passes rings on. A connection that was lost is dialled again.
async fn listen(line: RedisLine, bell: broadcast::Sender<TenantId>) {
    loop {
        if let Err(error) = hear(&line, &bell).await {
            tracing::debug!(%error, "the doorbell's connection is gone");
        }
        tokio::time::sleep(REDIAL).await;
    }
}

async fn hear(line: &RedisLine, bell: &broadcast::Sender<TenantId>) -> Result<(), redis::RedisError> {
    let away = || redis::RedisError::from(std::io::Error::from(std::io::ErrorKind::TimedOut));
    let dialled = tokio::time::timeout(PING, line.client().get_async_pubsub()).await;
    let (mut sink, mut stream) = dialled.map_err(|_| away())??.split();
    tokio::time::timeout(PING, sink.subscribe(channel(line))).await.map_err(|_| away())??;
    let mut ping = tokio::time::interval(PING);
    loop {
        tokio::select! {
            message = stream.next() => {
                let Some(message) = message else { return Err(away()) };
                if let Ok(tenant) = message.get_payload::<i32>() {
                    _ = bell.send(TenantId(tenant));
                }
            }
            _ = ping.tick() => {
                tokio::time::timeout(PING, sink.ping::<redis::Value>()).await.map_err(|_| away())??;
            }
        }
    }
}

/// Says every few seconds that this instance is alive, and forgets those that are not.
async fn beat(line: RedisLine, instance: String) {
    loop {
        let mut pipe = redis::pipe();
        let key = instances_key(&line);
        pipe.cmd("ZADD").arg(&key).arg(unix_now() + INSTANCE_LIFE.as_secs()).arg(&instance).ignore();
        pipe.cmd("ZREMRANGEBYSCORE").arg(&key).arg("-inf").arg(format!("({}", unix_now())).ignore();
        let pipe = &pipe;
        let beaten = line.ask(async |mut line| pipe.query_async::<()>(&mut line).await).await;
        if beaten.is_err() {
            tracing::debug!("heartbeat not heard");
        }
        tokio::time::sleep(HEARTBEAT).await;
    }
}

/// Seconds since 1970 by this machine's clock: instances need agree only within the life of a heartbeat.
fn unix_now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests;

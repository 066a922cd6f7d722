//! Sessions: the fast copy that every request reads. The durable truth is a row; web keeps it and decides by it when this copy
//! is lost or away. Idle for 30 minutes ends a session, and so does ending it: both leave a mark, so that no durable row brings it back.
use super::redis::RedisLine;
use crate::domain::access::{AfterContract, Proofs};
use crate::domain::features::Role;
use crate::domain::ids::{CustomerId, TenantId};
use deadpool_redis::redis::{self, Script};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use time::OffsetDateTime;
use uuid::Uuid;

/// Unused for this long, a session ends (NIST SP 800-63B-3, AAL2).
pub const IDLE: Duration = Duration::from_secs(30 * 60);
/// Absolute life: customers 12 hours, staff 8.
pub const CUSTOMER_LIFE: Duration = Duration::from_secs(12 * 3600);
pub const STAFF_LIFE: Duration = Duration::from_secs(8 * 3600);
/// Marks outlive every session.
const MARK_LIFE: Duration = Duration::from_secs(13 * 3600);
/// Most ended sessions remembered while Redis is away.
const MAX_OWED: usize = 100_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubjectKind {
    Customer,
    Staff,
    Platform,
}

impl SubjectKind {
    pub fn key(self) -> &'static str {
        match self {
            SubjectKind::Customer => "customer",
            SubjectKind::Staff => "staff",
            SubjectKind::Platform => "platform",
        }
    }

    pub fn life(self) -> Duration {
        match self {
            SubjectKind::Customer => CUSTOMER_LIFE,
            SubjectKind::Staff | SubjectKind::Platform => STAFF_LIFE,
        }
    }
}

/// Who is signed in. The same JSON stands in the durable row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub tenant: TenantId,
    pub kind: SubjectKind,
    /// The account or the member of staff.
    pub subject: Uuid,
    pub customer: Option<CustomerId>,
    #[serde(serialize_with = "write_role", deserialize_with = "read_role")]
    pub role: Role,
    /// How well the owner of the account is known; nothing for staff.
    #[serde(default)]
    pub proofs: Proofs,
    /// As shown on pages.
    pub name: String,
    /// The browser and the system it was begun with, as coarsely as their owner would name them; empty where unknown.
    #[serde(default)]
    pub device: String,
    /// The contract was over when it began: reading alone is left. In the session, so that no request asks for it.
    #[serde(default)]
    pub after: Option<AfterContract>,
    /// The customer's number, where the log-in looks after more than one; else empty.
    #[serde(default)]
    pub number: String,
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
    /// Absolute; nothing extends it.
    #[serde(with = "time::serde::timestamp")]
    pub expires_at: OffsetDateTime,
    /// Terms of use in force at sign-in wait to be accepted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub owes_terms: bool,
}

fn write_role<S: Serializer>(role: &Role, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(role.key())
}

fn read_role<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Role, D::Error> {
    let key = String::deserialize(deserializer)?;
    Role::parse(&key).ok_or_else(|| serde::de::Error::custom("unknown role"))
}

/// SHA-256 of the token.
pub type TokenHash = [u8; 32];

/// What the fast copy says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fast {
    Hit(Session),
    /// Never heard of: the durable row decides.
    Miss,
    /// Signed out, or idle too long: no row may bring it back.
    Ended,
    /// Cannot be asked: the durable row decides.
    Unreachable,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    pub session: Fast,
    /// Newest revision of the tenant announced to Redis, read in the same round trip. Always none in the embedded profile: one
    /// process publishes a revision before it says "saved".
    pub revision: Option<i64>,
}

pub enum Sessions {
    Embedded(Embedded),
    Redis(Remote),
}

impl Sessions {
    pub fn embedded() -> Sessions {
        Sessions::Embedded(Embedded::default())
    }

    pub fn redis(line: RedisLine) -> Sessions {
        Sessions::Redis(Remote { line, owed: Arc::default() })
    }

    /// After signing in. A failure is not an error: the durable row stands in.
    pub async fn put(&self, tenant: TenantId, hash: &TokenHash, session: &Session) {
        match self {
            Sessions::Embedded(map) => map.put(tenant, hash, session),
            Sessions::Redis(remote) => {
                remote.put(tenant, hash, session).await;
            }
        }
    }

    /// Finds the session and keeps it from idling out. One round trip.
    pub async fn load(&self, tenant: TenantId, hash: &TokenHash) -> Lookup {
        match self {
            Sessions::Embedded(map) => Lookup { session: map.load(tenant, hash), revision: None },
            Sessions::Redis(remote) => remote.load(tenant, hash).await,
        }
    }

    /// Puts a durable row's session back after a [`Fast::Miss`]. False when it was ended meanwhile: the request is nobody's.
    pub async fn put_if_absent(&self, tenant: TenantId, hash: &TokenHash, session: &Session) -> bool {
        match self {
            Sessions::Embedded(map) => map.put_if_absent(tenant, hash, session),
            Sessions::Redis(remote) => remote.put_if_absent(tenant, hash, session).await,
        }
    }

    /// Call after the durable row is gone.
    pub async fn end(&self, tenant: TenantId, hash: &TokenHash) {
        self.end_many(tenant, std::slice::from_ref(hash)).await;
    }

    /// All sessions of somebody: a changed password, a disabled account.
    pub async fn end_many(&self, tenant: TenantId, hashes: &[TokenHash]) {
        match self {
            Sessions::Embedded(map) => map.end(tenant, hashes),
            Sessions::Redis(remote) => remote.end(tenant, hashes).await,
        }
    }
}

/// Sessions of this process.
#[derive(Default)]
pub struct Embedded {
    map: Mutex<Map>,
}

#[derive(Default)]
struct Map {
    entries: HashMap<(TenantId, TokenHash), Entry>,
    /// Entries that make the next insertion look for dead ones.
    prune_at: usize,
}

struct Entry {
    /// None: ended.
    session: Option<Session>,
    used: Instant,
    put: Instant,
}

impl Embedded {
    fn lock(&self) -> MutexGuard<'_, Map> {
        self.map.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn put(&self, tenant: TenantId, hash: &TokenHash, session: &Session) {
        self.lock().insert((tenant, *hash), Some(session.clone()));
    }

    fn load(&self, tenant: TenantId, hash: &TokenHash) -> Fast {
        let mut map = self.lock();
        let Some(entry) = map.entries.get_mut(&(tenant, *hash)) else { return Fast::Miss };
        if entry.used.elapsed() >= IDLE {
            entry.session = None;
        }
        match &entry.session {
            Some(session) => {
                entry.used = Instant::now();
                Fast::Hit(session.clone())
            }
            None => Fast::Ended,
        }
    }

    fn put_if_absent(&self, tenant: TenantId, hash: &TokenHash, session: &Session) -> bool {
        let mut map = self.lock();
        match map.entries.get(&(tenant, *hash)) {
            Some(entry) => entry.session.is_some(),
            None => {
                map.insert((tenant, *hash), Some(session.clone()));
                true
            }
        }
    }

    fn end(&self, tenant: TenantId, hashes: &[TokenHash]) {
        let mut map = self.lock();
        for hash in hashes {
            map.insert((tenant, *hash), None);
        }
    }
}

impl Map {
    fn insert(&mut self, key: (TenantId, TokenHash), session: Option<Session>) {
        if self.entries.len() >= self.prune_at {
            self.entries.retain(|_, entry| entry.put.elapsed() < MARK_LIFE);
            self.prune_at = (self.entries.len() * 2).max(1024);
        }
        let now = Instant::now();
        self.entries.insert(key, Entry { session, used: now, put: now });
    }
}

/// Sessions shared by all instances. Two keys each: the session itself, living as long as it is used, and a mark that it once
/// was (or was ended), living longer than any session.
pub struct Remote {
    line: RedisLine,
    /// Sessions ended while Redis was away; told to it as soon as it is back.
    owed: Arc<Mutex<Vec<(TenantId, TokenHash)>>>,
}

const LIVE: &str = "live";
const ENDED: &str = "ended";

/// KEYS session, mark; ARGV json, idle, mark life. 1 = put or already there, 0 = ended.
static PUT_IF_ABSENT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local mark = redis.call('GET', KEYS[2]) \
         if mark == 'ended' then return 0 end \
         if redis.call('EXISTS', KEYS[1]) == 1 then return 1 end \
         if mark then return 0 end \
         redis.call('SET', KEYS[2], 'live', 'EX', ARGV[3]) \
         redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2]) \
         return 1",
    )
});

impl Remote {
    fn keys(&self, tenant: TenantId, hash: &TokenHash) -> (String, String) {
        let rest = format!("{}:{}", tenant.0, hex::encode(hash));
        (self.line.key("session", &rest), self.line.key("session-mark", &rest))
    }

    async fn put(&self, tenant: TenantId, hash: &TokenHash, session: &Session) {
        let (key, mark) = self.keys(tenant, hash);
        let Ok(json) = serde_json::to_string(session) else { return };
        let mut pipe = redis::pipe();
        pipe.cmd("SET").arg(mark).arg(LIVE).arg("EX").arg(MARK_LIFE.as_secs());
        pipe.cmd("SET").arg(key).arg(json).arg("EX").arg(IDLE.as_secs());
        let pipe = &pipe;
        let put = self.line.ask(async |mut line| pipe.query_async::<((), ())>(&mut line).await).await;
        if put.is_ok() {
            self.settle();
        }
    }

    async fn load(&self, tenant: TenantId, hash: &TokenHash) -> Lookup {
        if self.is_owed(tenant, hash) {
            return Lookup { session: Fast::Ended, revision: None };
        }
        let (key, mark) = self.keys(tenant, hash);
        let revision = super::bus::revision_key(&self.line, tenant);
        let mut pipe = redis::pipe();
        pipe.cmd("GETEX").arg(key).arg("EX").arg(IDLE.as_secs());
        pipe.cmd("MGET").arg(mark).arg(revision);
        let pipe = &pipe;
        type Found = (Option<String>, (Option<String>, Option<i64>));
        let found = self.line.ask(async |mut line| pipe.query_async::<Found>(&mut line).await).await;
        let Ok((json, (mark, revision))) = found else {
            return Lookup { session: Fast::Unreachable, revision: None };
        };
        self.settle();
        let session = json.and_then(|json| serde_json::from_str::<Session>(&json).ok());
        let session = match (session, mark.as_deref()) {
            (_, Some(ENDED)) => Fast::Ended,
            (Some(session), _) => Fast::Hit(session),
            (None, Some(_)) => Fast::Ended,
            (None, None) => Fast::Miss,
        };
        Lookup { session, revision }
    }

    async fn put_if_absent(&self, tenant: TenantId, hash: &TokenHash, session: &Session) -> bool {
        if self.is_owed(tenant, hash) {
            return false;
        }
        let (key, mark) = self.keys(tenant, hash);
        let Ok(json) = serde_json::to_string(session) else { return true };
        let mut call = PUT_IF_ABSENT.prepare_invoke();
        call.key(key).key(mark).arg(json).arg(IDLE.as_secs()).arg(MARK_LIFE.as_secs());
        let call = &call;
        let put = self.line.ask(async |mut line| call.invoke_async::<i64>(&mut line).await).await;
        // With Redis away the durable row has just been read: it decides.
        put.is_ok_and(|put| put == 1) || put.is_err()
    }

    async fn end(&self, tenant: TenantId, hashes: &[TokenHash]) {
        if hashes.is_empty() {
            return;
        }
        let ended: Vec<_> = hashes.iter().map(|hash| (tenant, *hash)).collect();
        if !self.tell(&ended).await {
            let mut owed = self.owed();
            owed.extend(ended);
            if owed.len() > MAX_OWED {
                let surplus = owed.len() - MAX_OWED;
                owed.drain(..surplus);
                tracing::error!(surplus, "more sessions ended while Redis is away than can be remembered");
            }
        }
    }

    async fn tell(&self, ended: &[(TenantId, TokenHash)]) -> bool {
        let mut pipe = redis::pipe();
        for (tenant, hash) in ended {
            let (key, mark) = self.keys(*tenant, hash);
            pipe.cmd("SET").arg(mark).arg(ENDED).arg("EX").arg(MARK_LIFE.as_secs()).ignore();
            pipe.cmd("DEL").arg(key).ignore();
        }
        let pipe = &pipe;
        self.line.ask(async |mut line| pipe.query_async::<()>(&mut line).await).await.is_ok()
    }

    fn owed(&self) -> MutexGuard<'_, Vec<(TenantId, TokenHash)>> {
        self.owed.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn is_owed(&self, tenant: TenantId, hash: &TokenHash) -> bool {
        let owed = self.owed();
        !owed.is_empty() && owed.contains(&(tenant, *hash))
    }

    /// Redis has just answered: tell it what it missed.
    fn settle(&self) {
        if self.owed().is_empty() {
            return;
        }
        let remote = Remote { line: self.line.clone(), owed: self.owed.clone() };
        tokio::spawn(async move {
            let ended: Vec<_> = remote.owed().clone();
            if remote.tell(&ended).await {
                remote.owed().retain(|owed| !ended.contains(owed));
            }
        });
    }
}

#[cfg(test)]
mod tests;

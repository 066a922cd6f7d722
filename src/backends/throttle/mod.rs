//! The throttle: attempts to sign in are counted before a password is looked at, and given back to those who prove right, so a
//! thousand guesses at the same instant cost the hash no more than ten, from one address or from many. Three counters, each with
//! its own patience: the pair of account and address, the address, the account. An owner elsewhere is never shut out by somebody's
//! guessing: where they were right before, guesses made elsewhere do not count; anywhere else there is a chance every few seconds.
mod pace;
mod remote;

use super::redis::RedisLine;
use crate::domain::ids::TenantId;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

pub use remote::Remote;

/// Counters start anew after this much time.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// An address from which the right password came is the owner's for so long.
const KNOWN: Duration = Duration::from_secs(30 * 24 * 3600);
/// No wait is longer.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// So many attempts a window; then one at a time, each after a wait that is multiplied by `growth`.
#[derive(Clone, Copy)]
struct Rule {
    name: &'static str,
    attempts: u32,
    wait: Duration,
    growth: u32,
}

/// Where the account's own rule stands: it comes last.
const ACCOUNT: usize = 2;
const RULES: [Rule; 3] = [
    Rule { name: "pair", attempts: 10, wait: Duration::from_secs(30), growth: 2 },
    Rule { name: "address", attempts: 100, wait: Duration::from_secs(60), growth: 2 },
    // Whoever is guessed at from many addresses at once still has a chance every few seconds.
    Rule { name: "account", attempts: 10, wait: Duration::from_secs(5), growth: 1 },
];

/// Too many attempts; worth trying again after this long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryAfter(pub Duration);

pub enum Throttle {
    Embedded(Embedded),
    Redis(Remote),
}

impl Throttle {
    pub fn embedded() -> Throttle {
        Throttle::Embedded(Embedded::default())
    }

    pub fn redis(line: RedisLine) -> Throttle {
        Throttle::Redis(Remote { line, meanwhile: Embedded::default() })
    }

    /// Counts an attempt on the account (any spelling the caller has already made one) from the address.
    pub async fn reserve(&self, tenant: TenantId, account: &str, address: IpAddr) -> Result<Permit, RetryAfter> {
        let keys = Keys::of(tenant, account, address);
        let counters = match self {
            Throttle::Embedded(counters) => {
                let counted = counters.reserve(&keys, Instant::now())?;
                Counters::Embedded(counters.clone(), counted)
            }
            // Each instance counts for itself too: a Redis that is away, or was for a moment, grants nobody a second helping.
            Throttle::Redis(remote) => {
                // Whom another instance knows, this one learns of when it matters.
                if remote.meanwhile.is_guessed_at(&keys, Instant::now()) && remote.knows(&keys).await {
                    remote.meanwhile.learn(&keys, Instant::now());
                }
                let here = remote.meanwhile.reserve(&keys, Instant::now())?;
                match remote.reserve(&keys).await.transpose() {
                    Ok(there) => Counters::Redis(remote.clone(), here, there),
                    Err(wait) => {
                        remote.meanwhile.give_back(&keys, here, false);
                        return Err(wait);
                    }
                }
            }
        };
        Ok(Permit { keys, counters })
    }

    /// An attempt counted in an earlier request turned out to have been its owner's: counted no more, where it was.
    pub async fn give_back(&self, tenant: TenantId, account: &str, address: IpAddr) {
        let keys = Keys::of(tenant, account, address);
        let here = match self {
            Throttle::Embedded(counters) => counters,
            Throttle::Redis(remote) => &remote.meanwhile,
        };
        if here.has_counted(&keys) {
            here.give_back(&keys, Counted::All, false);
        }
        if let Throttle::Redis(remote) = self
            && remote.has_counted(&keys).await
        {
            remote.give_back(&keys, Counted::All, false).await;
        }
    }
}

/// One counted attempt. Dropped, it stays counted as a failure.
#[must_use = "an attempt that succeeded is given back"]
pub struct Permit {
    keys: Keys,
    counters: Counters,
}

enum Counters {
    Embedded(Embedded, Counted),
    /// Here, and in Redis where it answered.
    Redis(Remote, Counted, Option<Counted>),
}

/// What an attempt was counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counted {
    All,
    /// Its owner is known at this address: the pair and the address alone.
    ButAccount,
}

impl Counted {
    fn of(is_known: bool) -> Counted {
        if is_known { Counted::ButAccount } else { Counted::All }
    }

    fn rules(self) -> &'static [Rule] {
        match self {
            Counted::All => &RULES,
            Counted::ButAccount => &RULES[..ACCOUNT],
        }
    }
}

impl Permit {
    /// The right password: forgets the pair, gives the attempt back to address and account, and knows the owner here from now on.
    pub async fn succeeded(self) {
        self.give_back(true).await;
    }

    /// Nothing was learnt about the password (the server was busy): as if nobody had tried.
    pub async fn untried(self) {
        self.give_back(false).await;
    }

    async fn give_back(self, is_right: bool) {
        match self.counters {
            Counters::Embedded(counters, counted) => counters.give_back(&self.keys, counted, is_right),
            Counters::Redis(remote, here, there) => {
                remote.meanwhile.give_back(&self.keys, here, is_right);
                if let Some(there) = there {
                    remote.give_back(&self.keys, there, is_right).await;
                }
            }
        }
    }
}

/// Digests: neither names nor addresses are kept.
#[derive(Clone, Copy)]
struct Keys {
    tenant: TenantId,
    digests: [[u8; 16]; RULES.len()],
}

impl Keys {
    fn of(tenant: TenantId, account: &str, address: IpAddr) -> Keys {
        let address = neighbourhood(address);
        let digest = |parts: [&str; 2]| {
            let mut hash = Sha256::new();
            hash.update(tenant.0.to_be_bytes());
            for part in parts {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part);
            }
            let mut short = [0; 16];
            short.copy_from_slice(&hash.finalize()[..16]);
            short
        };
        Keys { tenant, digests: [digest([account, &address]), digest(["", &address]), digest([account, ""])] }
    }
}

impl Keys {
    fn counter(&self, at: usize) -> (u8, [u8; 16]) {
        (at as u8, self.digests[at])
    }

    /// Where it is kept that the owner is known at the address.
    fn known(&self) -> (u8, [u8; 16]) {
        (RULES.len() as u8, self.digests[0])
    }
}

/// An IPv6 customer has a whole /64 to write from.
fn neighbourhood(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{:x}/64", u128::from(address) >> 64),
    }
}

/// Counters of this process.
#[derive(Clone, Default)]
pub struct Embedded {
    map: Arc<Mutex<Map>>,
}

#[derive(Default)]
struct Map {
    counters: HashMap<(u8, [u8; 16]), Counter>,
    prune_at: usize,
}

#[derive(Clone, Copy)]
struct Counter {
    count: u32,
    /// No attempt before.
    next: Instant,
    /// Forgotten from then on.
    until: Instant,
}

impl Embedded {
    fn lock(&self) -> MutexGuard<'_, Map> {
        self.map.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn reserve(&self, keys: &Keys, now: Instant) -> Result<Counted, RetryAfter> {
        let mut map = self.lock();
        let counted = Counted::of(map.knows(keys, now));
        let found = std::array::from_fn::<_, { RULES.len() }, _>(|at| {
            let known = map.counters.get(&keys.counter(at)).copied();
            known.filter(|counter| counter.until > now && at < counted.rules().len())
        });
        let waits = found.iter().flatten().map(|counter| counter.next.saturating_duration_since(now));
        let wait = waits.max().unwrap_or_default();
        if !wait.is_zero() {
            return Err(RetryAfter(wait));
        }
        map.make_room(now);
        for (at, rule) in counted.rules().iter().enumerate() {
            let fresh = Counter { count: 0, next: now, until: now + WINDOW };
            let counter = rule.count(found[at].unwrap_or(fresh), now);
            map.counters.insert(keys.counter(at), counter);
        }
        Ok(counted)
    }

    /// Whether nothing but guesses at the account, made elsewhere too, is in the way.
    fn is_guessed_at(&self, keys: &Keys, now: Instant) -> bool {
        let map = self.lock();
        let waits = |at: usize| map.counters.get(&keys.counter(at)).is_some_and(|counter| counter.next > now);
        waits(ACCOUNT) && !(0..ACCOUNT).any(waits) && !map.knows(keys, now)
    }

    fn has_counted(&self, keys: &Keys) -> bool {
        self.lock().counters.contains_key(&keys.counter(0))
    }

    fn learn(&self, keys: &Keys, now: Instant) {
        self.lock().counters.insert(keys.known(), Counter { count: 0, next: now, until: now + KNOWN });
    }

    fn give_back(&self, keys: &Keys, counted: Counted, is_right: bool) {
        let now = Instant::now();
        if is_right {
            self.learn(keys, now);
        }
        let mut map = self.lock();
        for (at, rule) in counted.rules().iter().enumerate() {
            let key = keys.counter(at);
            let Some(counter) = map.counters.get_mut(&key) else { continue };
            counter.count -= counter.count.min(1);
            if counter.count < rule.attempts {
                counter.next = now;
            }
            if counter.count == 0 || (at == 0 && is_right) {
                map.counters.remove(&key);
            }
        }
    }
}

impl Map {
    fn knows(&self, keys: &Keys, now: Instant) -> bool {
        self.counters.get(&keys.known()).is_some_and(|known| known.until > now)
    }

    fn make_room(&mut self, now: Instant) {
        if self.counters.len() >= self.prune_at {
            self.counters.retain(|_, counter| counter.until > now);
            self.prune_at = (self.counters.len() * 2).max(4096);
        }
    }
}

impl Rule {
    fn count(&self, known: Counter, now: Instant) -> Counter {
        let count = known.count + 1;
        if count < self.attempts {
            return Counter { count, ..known };
        }
        let growth = self.growth.saturating_pow((count - self.attempts).min(16));
        let wait = self.wait.saturating_mul(growth).min(LONGEST);
        Counter { count, next: now + wait, until: known.until.max(now + wait + WINDOW) }
    }
}

#[cfg(test)]
mod tests;

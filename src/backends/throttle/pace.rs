//! The pace of machines: so many calls a minute for each key, whichever instance they come to. A minute is counted from its first call.
use super::{Counter, Embedded, Remote, RetryAfter, Throttle};
use crate::domain::ids::TenantId;
use deadpool_redis::redis::Script;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_secs(60);
/// Where the calls of a key are counted: beside the rules of attempts, in none of them.
const CALLS: u8 = u8::MAX;

impl Throttle {
    /// Counts one call under that name, or says how long to wait for the next.
    pub async fn call(&self, tenant: TenantId, name: &str, most: u32) -> Result<(), RetryAfter> {
        let digest = Sha256::new().chain_update(tenant.0.to_be_bytes()).chain_update(name).finalize();
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        match self {
            Throttle::Embedded(counters) => counters.call(key, most, Instant::now()),
            // Each instance counts for itself too: while Redis is away nobody calls without a limit.
            Throttle::Redis(remote) => {
                remote.meanwhile.call(key, most, Instant::now())?;
                remote.call(tenant, key, most).await
            }
        }
    }
}

impl Embedded {
    pub(super) fn call(&self, key: [u8; 16], most: u32, now: Instant) -> Result<(), RetryAfter> {
        let mut map = self.lock();
        let kept = map.counters.get(&(CALLS, key)).copied().filter(|counter| counter.until > now);
        let counter = kept.unwrap_or(Counter { count: 0, next: now, until: now + MINUTE });
        if counter.count >= most {
            return Err(RetryAfter(counter.until - now));
        }
        map.make_room(now);
        map.counters.insert((CALLS, key), Counter { count: counter.count + 1, ..counter });
        Ok(())
    }
}

/// KEYS the count of the minute; ARGV the most, a minute in milliseconds. Returns the wait, 0 for none.
static CALL: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local n = redis.call('INCR', KEYS[1]) \
         if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end \
         if n <= tonumber(ARGV[1]) then return 0 end \
         return math.max(redis.call('PTTL', KEYS[1]), 1)",
    )
});

impl Remote {
    async fn call(&self, tenant: TenantId, key: [u8; 16], most: u32) -> Result<(), RetryAfter> {
        let mut call = CALL.prepare_invoke();
        call.key(self.line.key("calls", format!("{}:{}", tenant.0, hex::encode(key))));
        call.arg(most).arg(MINUTE.as_millis() as u64);
        let call = &call;
        // While Redis is away what this instance counted is all there is.
        match self.line.ask(async |mut line| call.invoke_async::<i64>(&mut line).await).await {
            Ok(wait) if wait > 0 => Err(RetryAfter(Duration::from_millis(wait.unsigned_abs()))),
            _ => Ok(()),
        }
    }
}

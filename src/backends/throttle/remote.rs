//! Counters shared by all instances.
use super::super::redis::RedisLine;
use super::{Counted, Embedded, KNOWN, Keys, LONGEST, RULES, RetryAfter, WINDOW};
use deadpool_redis::redis::{self, Script};
use std::sync::LazyLock;
use std::time::Duration;

#[derive(Clone)]
pub struct Remote {
    pub(super) line: RedisLine,
    /// Used while Redis is away.
    pub(super) meanwhile: Embedded,
}

/// KEYS three hashes {n, next}, and whether the owner is known at the address; ARGV window, longest, then attempts, wait, growth of
/// each; times in milliseconds by Redis' own clock. Returns the wait when any that counts refuses, in which case nothing is counted;
/// else 0, or -1 where the account was not counted.
static RESERVE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local t = redis.call('TIME') \
         local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000) \
         local wait, rules = 0, 3 - redis.call('EXISTS', KEYS[4]) \
         for i = 1, rules do \
           local next = tonumber(redis.call('HGET', KEYS[i], 'next') or '0') \
           if next - now > wait then wait = next - now end \
         end \
         if wait > 0 then return wait end \
         local window, longest = tonumber(ARGV[1]), tonumber(ARGV[2]) \
         for i = 1, rules do \
           local attempts, first, growth = tonumber(ARGV[3*i]), tonumber(ARGV[3*i+1]), tonumber(ARGV[3*i+2]) \
           local n = redis.call('HINCRBY', KEYS[i], 'n', 1) \
           if n == 1 then redis.call('PEXPIRE', KEYS[i], window) end \
           if n >= attempts then \
             local pause = math.min(first * growth ^ math.min(n - attempts, 16), longest) \
             redis.call('HSET', KEYS[i], 'next', string.format('%.0f', now + pause)) \
             if redis.call('PTTL', KEYS[i]) < pause + window then redis.call('PEXPIRE', KEYS[i], string.format('%.0f', pause + window)) end \
           end \
         end \
         return rules - 3",
    )
});

/// KEYS as above; ARGV whether the password was right, how long its owner is known then, then attempts of each that was counted.
static GIVE_BACK: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if ARGV[1] == '1' then redis.call('SET', KEYS[4], '', 'PX', ARGV[2]) end \
         for i = 1, #ARGV - 2 do \
           if redis.call('EXISTS', KEYS[i]) == 1 then \
             local n = redis.call('HINCRBY', KEYS[i], 'n', -1) \
             if n < tonumber(ARGV[i+2]) then redis.call('HDEL', KEYS[i], 'next') end \
             if n <= 0 or (i == 1 and ARGV[1] == '1') then redis.call('DEL', KEYS[i]) end \
           end \
         end \
         return 0",
    )
});

impl Remote {
    /// Those of the three rules, then the one of whoever is known.
    pub(super) fn keys(&self, keys: &Keys) -> [String; RULES.len() + 1] {
        std::array::from_fn(|at| {
            let (name, digest) = match RULES.get(at) {
                Some(rule) => (rule.name, keys.digests[at]),
                None => ("known", keys.known().1),
            };
            self.line.key("attempts", format!("{}:{name}:{}", keys.tenant.0, hex::encode(digest)))
        })
    }

    /// None: Redis is away.
    pub(super) async fn reserve(&self, keys: &Keys) -> Option<Result<Counted, RetryAfter>> {
        let mut call = RESERVE.prepare_invoke();
        call.arg(WINDOW.as_millis() as u64).arg(LONGEST.as_millis() as u64);
        self.keys(keys).iter().for_each(|key| _ = call.key(key));
        for rule in RULES {
            call.arg(rule.attempts).arg(rule.wait.as_millis() as u64).arg(rule.growth);
        }
        let call = &call;
        let wait = self.line.ask(async |mut line| call.invoke_async::<i64>(&mut line).await).await.ok()?;
        Some(match u64::try_from(wait) {
            Ok(0) => Ok(Counted::All),
            Ok(wait) => Err(RetryAfter(Duration::from_millis(wait))),
            Err(_) => Ok(Counted::ButAccount),
        })
    }

    /// Whether the owner is known at the address; nobody is while Redis is away.
    pub(super) async fn knows(&self, keys: &Keys) -> bool {
        let [.., known] = self.keys(keys);
        self.has(&known).await
    }

    pub(super) async fn has_counted(&self, keys: &Keys) -> bool {
        let [pair, ..] = self.keys(keys);
        self.has(&pair).await
    }

    pub(super) async fn has(&self, key: &str) -> bool {
        let ask = async |mut line| redis::cmd("EXISTS").arg(key).query_async::<bool>(&mut line).await;
        self.line.ask(ask).await.unwrap_or(false)
    }

    pub(super) async fn give_back(&self, keys: &Keys, counted: Counted, is_right: bool) {
        let mut call = GIVE_BACK.prepare_invoke();
        call.arg(u8::from(is_right)).arg(KNOWN.as_millis() as u64);
        self.keys(keys).iter().for_each(|key| _ = call.key(key));
        counted.rules().iter().for_each(|rule| _ = call.arg(rule.attempts));
        let call = &call;
        if self.line.ask(async |mut line| call.invoke_async::<i64>(&mut line).await).await.is_err() {
            tracing::debug!("an attempt could not be given back");
        }
    }
}

//! What each gateway's last answers were like. One that does not answer is left alone for a while, then tried with one message; nobody
//! else waits for it.
use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Failures in a row after which a gateway is left alone.
const PATIENCE: u32 = 2;
/// For how long at first; doubled each time it still does not answer, up to the longest.
const FIRST_REST: Duration = Duration::from_secs(5);
const LONGEST_REST: Duration = Duration::from_secs(120);

#[derive(Default)]
struct Health {
    failures: u32,
    closed_until: Option<Instant>,
}

#[derive(Default)]
pub struct Gateways {
    known: Mutex<HashMap<String, Health>>,
    taken: Mutex<HashSet<String>>,
}

/// A gateway that one batch has to itself until this is dropped.
pub struct Taken<'a> {
    gateways: &'a Gateways,
    name: String,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.gateways.taken.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).remove(&self.name);
    }
}

impl Gateways {
    /// Whether it is worth trying.
    pub fn may(&self, name: &str) -> bool {
        self.with(name, |health| health.closed_until.is_none_or(|until| until <= Instant::now()))
    }

    /// It failed last time it was tried: one message is enough to see whether it is back.
    pub fn is_doubtful(&self, name: &str) -> bool {
        self.with(name, |health| health.failures >= PATIENCE)
    }

    pub fn answered(&self, name: &str) {
        self.with(name, |health| *health = Health::default());
    }

    pub fn failed(&self, name: &str) {
        self.with(name, |health| {
            health.failures += 1;
            if let Some(times) = health.failures.checked_sub(PATIENCE) {
                let rest = (FIRST_REST * 2_u32.pow(times.min(8))).min(LONGEST_REST);
                health.closed_until = Some(Instant::now() + rest);
            }
        });
    }

    /// Left alone because it asked for it.
    pub fn leave(&self, name: &str, wait: Duration) {
        self.with(name, |health| health.closed_until = Some(Instant::now() + wait));
    }

    /// How much longer it is left alone.
    pub fn rest(&self, name: &str) -> Option<Duration> {
        self.with(name, |health| health.closed_until.map(|until| until.saturating_duration_since(Instant::now())))
    }

    /// For one batch alone; none while another has it.
    pub fn take(&self, name: &str) -> Option<Taken<'_>> {
        let mut taken = self.taken.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        taken.insert(name.to_owned()).then(|| Taken { gateways: self, name: name.to_owned() })
    }

    fn with<T>(&self, name: &str, act: impl FnOnce(&mut Health) -> T) -> T {
        let mut known = self.known.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        act(known.entry(name.to_owned()).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_fails_is_left_alone_and_the_others_are_not() {
        let gateways = Gateways::default();
        gateways.failed("sms");
        assert!(gateways.may("sms"), "once may be chance");
        gateways.failed("sms");
        assert!(!gateways.may("sms") && gateways.is_doubtful("sms"));
        assert!(gateways.may("mail") && !gateways.is_doubtful("mail"));
        gateways.answered("sms");
        assert!(gateways.may("sms") && !gateways.is_doubtful("sms"));
    }

    #[test]
    fn one_that_asked_for_a_pause_has_it_and_one_batch_at_a_time_has_a_gateway() {
        let gateways = Gateways::default();
        gateways.leave("a", Duration::from_secs(60));
        assert!(!gateways.may("a") && gateways.rest("a").is_some_and(|rest| rest > Duration::from_secs(50)));
        assert!(gateways.may("b") && gateways.rest("b").is_none());
        let mine = gateways.take("b");
        assert!(mine.is_some() && gateways.take("b").is_none() && gateways.take("a").is_some());
        drop(mine);
        assert!(gateways.take("b").is_some());
    }
}

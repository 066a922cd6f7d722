//! What each gateway's last answers were like. One that does not answer is left alone for a while, then tried with one message; nobody
//! else waits for it.
use std::collections::HashMap;
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
}

//! Passwords: argon2id, never more at once than there are cores, and the same work for names nobody has.
use crate::domain::passwords::NO_PASSWORD;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use unicode_normalization::UnicodeNormalization;

/// OWASP's second recommendation: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Longest password in bytes; longer ones are refused before any work.
pub const MAX_BYTES: usize = 1024;
/// Longest wait for a core.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// All cores are hashing; try again soon.
    #[error("too many passwords are being checked at once")]
    Busy,
    #[error("the password is longer than {MAX_BYTES} bytes")]
    TooLong,
    /// The kept hash is not one, or memory ran out.
    #[error("the password could not be hashed")]
    Broken,
}

pub struct Hasher {
    cores: Arc<Semaphore>,
    tally: Arc<Tally>,
}

/// What argon2 was given to do since the start.
#[derive(Debug, Default)]
pub struct Tally {
    begun: AtomicUsize,
    at_work: AtomicUsize,
    most: AtomicUsize,
}

impl Tally {
    /// How often it began.
    pub fn begun(&self) -> usize {
        self.begun.load(Relaxed)
    }

    /// The most that ever ran at once.
    pub fn most_at_once(&self) -> usize {
        self.most.load(Relaxed)
    }

    /// Counted on the thread that does the work, around the work alone.
    fn of<T>(&self, work: impl FnOnce() -> T) -> T {
        self.begun.fetch_add(1, Relaxed);
        self.most.fetch_max(self.at_work.fetch_add(1, Relaxed) + 1, Relaxed);
        let done = work();
        self.at_work.fetch_sub(1, Relaxed);
        done
    }
}

impl Hasher {
    pub fn new(cores: usize) -> Hasher {
        Hasher { cores: Arc::new(Semaphore::new(cores.max(1))), tally: Arc::default() }
    }

    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// A PHC string with a salt of its own.
    pub async fn hash(&self, password: &str) -> Result<String, Error> {
        check_length(password)?;
        let password = password.to_owned();
        self.work(move || hash(&password)).await
    }

    /// The same on this thread, for commands that fill a database.
    pub fn hash_now(&self, password: &str) -> Result<String, Error> {
        check_length(password)?;
        hash(password)
    }

    /// Whether the password is the one hashed. `None` (nobody has that name) costs as much and is false.
    pub async fn verify(&self, password: &str, kept: Option<&str>) -> Result<bool, Error> {
        check_length(password)?;
        let password = composed(password);
        let kept = kept.map(str::to_owned);
        self.work(move || {
            let hash = PasswordHash::new(kept.as_deref().unwrap_or(NO_PASSWORD)).map_err(|_| Error::Broken)?;
            let is_right = argon2()?.verify_password(password.as_bytes(), &hash).is_ok();
            Ok(is_right && kept.is_some())
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (core, tally) = (self.core().await?, self.tally.clone());
        // The core is held until the work ends, even when whoever asked has gone.
        let done = tokio::task::spawn_blocking(move || {
            let _core = core;
            tally.of(work)
        });
        done.await.map_err(|_| Error::Broken)?
    }

    async fn core(&self) -> Result<OwnedSemaphorePermit, Error> {
        let core = tokio::time::timeout(PATIENCE, self.cores.clone().acquire_owned()).await;
        Ok(core.map_err(|_| Error::Busy)?.expect("the semaphore is never closed"))
    }
}

fn check_length(password: &str) -> Result<(), Error> {
    if password.len() > MAX_BYTES { Err(Error::TooLong) } else { Ok(()) }
}

fn argon2() -> Result<Argon2<'static>, Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| Error::Broken)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The same password from any keyboard: a letter and its accent are one character (NFC).
fn composed(password: &str) -> String {
    password.nfc().collect()
}

fn hash(password: &str) -> Result<String, Error> {
    argon2()?.hash_password(composed(password).as_bytes()).map(|hash| hash.to_string()).map_err(|_| Error::Broken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[tokio::test]
    async fn the_right_password_and_no_other_is_accepted() {
        let hasher = Hasher::new(2);
        let kept = hasher.hash("příliš žluťoučký").await.expect("hashed");
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert_ne!(kept, hasher.hash_now("příliš žluťoučký").expect("hashed"), "each has its own salt");
        assert_eq!(hasher.verify("příliš žluťoučký", Some(&kept)).await, Ok(true));
        let apart: String = "příliš žluťoučký".nfd().collect();
        assert_eq!(hasher.verify(&apart, Some(&kept)).await, Ok(true), "accents typed apart");
        assert_eq!(hasher.verify("prilis zlutoucky", Some(&kept)).await, Ok(false));
        assert_eq!(hasher.verify("", Some(&kept)).await, Ok(false));
        assert_eq!(hasher.verify("x", Some("not a hash")).await, Err(Error::Broken));
    }

    #[tokio::test]
    async fn an_unknown_name_costs_as_much_as_a_wrong_password() {
        let hasher = Hasher::new(1);
        let kept = hasher.hash_now("secret").expect("hashed");
        let mut times = [Vec::new(), Vec::new()];
        for round in 0..10 {
            let started = Instant::now();
            let kept = (round % 2 == 0).then_some(kept.as_str());
            assert_eq!(hasher.verify("wrong", kept).await, Ok(false));
            times[round % 2].push(started.elapsed());
        }
        let [known, unknown] = times.map(|mut times| {
            times.sort();
            times[times.len() / 2].as_secs_f64()
        });
        assert!((0.5..2.0).contains(&(known / unknown)), "known {known}, unknown {unknown}");
    }

    #[tokio::test]
    async fn a_very_long_password_is_refused_before_any_work() {
        let hasher = Hasher::new(1);
        let long = "a".repeat(MAX_BYTES + 1);
        let started = Instant::now();
        assert_eq!(hasher.verify(&long, None).await, Err(Error::TooLong));
        assert_eq!(hasher.hash_now(&long), Err(Error::TooLong));
        assert!(started.elapsed() < Duration::from_millis(5));
    }

    /// Sixty-four log-ins at once: never more at work than there are permits, and each is counted.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn never_more_hash_at_once_than_there_are_permits() {
        for permits in [1, 3] {
            let hasher = Arc::new(Hasher::new(permits));
            let mut log_ins = tokio::task::JoinSet::new();
            for at in 0..64 {
                let hasher = hasher.clone();
                log_ins.spawn(async move { hasher.verify(&format!("guess {at}"), None).await });
            }
            let all = log_ins.join_all().await;
            let checked = all.iter().filter(|answer| **answer == Ok(false)).count();
            assert!(all.iter().all(|answer| matches!(answer, Ok(false) | Err(Error::Busy))), "{all:?}");
            assert_eq!(hasher.tally().begun(), checked, "who was told to come again cost nothing");
            assert_eq!(hasher.tally().most_at_once(), permits);
        }
    }

    #[tokio::test]
    async fn with_all_cores_taken_the_answer_is_busy_within_bounds() {
        let hasher = Hasher::new(1);
        let _taken = hasher.core().await.expect("free");
        let started = Instant::now();
        assert_eq!(hasher.verify("x", None).await, Err(Error::Busy));
        assert!(started.elapsed() < PATIENCE + Duration::from_millis(500));
    }
}

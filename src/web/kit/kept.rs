//! What everybody asks for at once, kept for moments for each tenant: loaded by one while the others have what was there before; and for a
//! while without its source.
use super::error::Error;
use crate::domain::ids::TenantId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use time::OffsetDateTime;

/// So long it is not asked for anew.
pub const FRESH: Duration = Duration::from_secs(5);
/// So old it may be when the source does not answer.
pub const STALE: Duration = Duration::from_secs(60);

pub struct Kept<T> {
    slots: Mutex<HashMap<TenantId, Arc<Slot<T>>>>,
}

struct Slot<T> {
    held: Mutex<Option<Held<T>>>,
    /// Held by the one who loads.
    loading: tokio::sync::Mutex<()>,
}

/// Something and when it was so.
pub struct Held<T> {
    pub what: Arc<T>,
    pub as_of: OffsetDateTime,
    taken: Instant,
}

impl<T> Clone for Held<T> {
    fn clone(&self) -> Self {
        Held { what: self.what.clone(), as_of: self.as_of, taken: self.taken }
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Kept { slots: Mutex::default() }
    }
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Slot { held: Mutex::new(None), loading: tokio::sync::Mutex::new(()) }
    }
}

impl<T> Slot<T> {
    fn not_older(&self, age: Duration, now: Instant) -> Option<Held<T>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.clone().filter(|held| now.saturating_duration_since(held.taken) < age)
    }
}

impl<T> Kept<T> {
    /// `as_of` is the moment by the clock of the pages; `now` counts how old it is.
    pub async fn of<F>(
        &self,
        tenant: TenantId,
        as_of: OffsetDateTime,
        now: Instant,
        load: impl FnOnce() -> F,
    ) -> Result<Held<T>, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let slot = {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            slots.entry(tenant).or_default().clone()
        };
        if let Some(held) = slot.not_older(FRESH, now) {
            return Ok(held);
        }
        let _one = match slot.loading.try_lock() {
            Ok(one) => one,
            // Somebody loads it already: what was there before will do, else it is waited for.
            Err(_) => match slot.not_older(STALE, now) {
                Some(held) => return Ok(held),
                None => slot.loading.lock().await,
            },
        };
        if let Some(held) = slot.not_older(FRESH, now) {
            return Ok(held);
        }
        match load().await {
            Ok(what) => {
                let held = Held { what: Arc::new(what), as_of, taken: now };
                *slot.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(held.clone());
                Ok(held)
            }
            Err(error) => slot.not_older(STALE, now).ok_or(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use time::macros::datetime;

    const AT: OffsetDateTime = datetime!(2026-11-24 12:00 UTC);
    const ONE: TenantId = TenantId(1);

    #[tokio::test]
    async fn of_many_who_ask_at_once_one_loads_it() {
        let (kept, loads) = (Kept::<u8>::default(), AtomicUsize::new(0));
        let now = Instant::now();
        let ask = || {
            kept.of(ONE, AT, now, || async {
                loads.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(5)).await;
                Ok(7)
            })
        };
        let all = futures_util::future::join_all((0..50).map(|_| ask())).await;
        assert!(all.into_iter().all(|held| held.is_ok_and(|held| *held.what == 7)));
        assert_eq!(loads.load(Ordering::SeqCst), 1);
        kept.of(TenantId(2), AT, now, || async { Ok(8) }).await.expect("another tenant's own");
        assert_eq!(*ask().await.expect("kept").what, 7);
    }

    #[tokio::test]
    async fn it_is_loaded_anew_after_moments_and_kept_a_minute_when_that_fails() {
        let kept = Kept::<u8>::default();
        let start = Instant::now();
        let away = || async { Err(Error::Unavailable("the database".into())) };
        assert!(kept.of(ONE, AT, start, away).await.is_err());
        kept.of(ONE, AT, start, || async { Ok(1) }).await.expect("loaded");
        let later = start + FRESH;
        let held = kept.of(ONE, AT + FRESH, later, away).await.expect("what was there");
        assert_eq!((*held.what, held.as_of), (1, AT));
        assert_eq!(*kept.of(ONE, AT, later, || async { Ok(2) }).await.expect("loaded").what, 2);
        assert!(kept.of(ONE, AT, later + STALE, away).await.is_err(), "too old to be said");
    }
}

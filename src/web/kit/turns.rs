//! Turns at what is much work: so many at once for each tenant, and whoever comes then is asked to come again. Counted on each instance.
use crate::domain::ids::TenantId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Clone, Default)]
pub struct Turns(Arc<Mutex<HashMap<TenantId, usize>>>);

/// Given back when it is dropped.
pub struct Turn {
    turns: Turns,
    tenant: TenantId,
}

impl Turns {
    pub fn take(&self, tenant: TenantId, most: usize) -> Option<Turn> {
        let mut taken = self.taken();
        let count = taken.entry(tenant).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Turn { turns: self.clone(), tenant })
    }

    /// How many are at work.
    pub fn at_work(&self, tenant: TenantId) -> usize {
        self.taken().get(&tenant).copied().unwrap_or(0)
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<TenantId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(count) = self.turns.taken().get_mut(&self.tenant) {
            *count = count.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tenant_has_its_own_turns_and_gets_them_back() {
        let turns = Turns::default();
        let first = turns.take(TenantId(1), 2).unwrap();
        let _second = turns.take(TenantId(1), 2).unwrap();
        assert!(turns.take(TenantId(1), 2).is_none());
        assert!(turns.take(TenantId(2), 2).is_some());
        drop(first);
        assert!(turns.take(TenantId(1), 2).is_some());
        assert_eq!(turns.at_work(TenantId(1)), 1);
    }
}

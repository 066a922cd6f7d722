//! The tenants that are served now: one immutable snapshot, swapped whole. A request keeps the tenant it was given.
use super::hosts::{self, Names, Owner, RequestTarget, Resolution};
use super::problem::Problem;
use super::tenant::Tenant;
use crate::domain::ids::TenantId;
use arc_swap::ArcSwap;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

pub struct Registry {
    now: ArcSwap<Snapshot>,
    /// Held while a new snapshot is made from the present one.
    writing: Mutex<()>,
    takes_addresses: bool,
}

#[derive(Clone, Default)]
struct Snapshot {
    by_id: HashMap<TenantId, Arc<Tenant>>,
    by_slug: HashMap<Arc<str>, TenantId>,
    names: Names,
}

impl Registry {
    /// `takes_addresses`: IP literals may stand as hosts (development and demo only).
    pub fn new(console_host: &str, takes_addresses: bool) -> Registry {
        let mut snapshot = Snapshot::default();
        if let Ok(name) = hosts::requested_name(console_host.as_bytes(), takes_addresses) {
            snapshot.names.insert(name.as_ref().into(), Owner::Console);
        }
        Registry { now: ArcSwap::from_pointee(snapshot), writing: Mutex::default(), takes_addresses }
    }

    /// Serves this tenant from now on, instead of an earlier revision of it. A host somebody else has is refused, naming both places.
    pub fn publish(&self, tenant: Arc<Tenant>) -> Result<(), Problem> {
        self.change(|snapshot| snapshot.put(&tenant))
    }

    /// Many at once, for the start; those that clash are left out and told.
    pub fn publish_all(&self, tenants: impl IntoIterator<Item = Arc<Tenant>>) -> Vec<Problem> {
        let mut problems = Vec::new();
        _ = self.change(|snapshot| {
            problems.extend(tenants.into_iter().filter_map(|tenant| snapshot.put(&tenant).err()));
            Ok(())
        });
        problems
    }

    /// Whether it could be published.
    pub fn check(&self, tenant: &Tenant) -> Result<(), Problem> {
        self.now.load().clash(tenant).map_or(Ok(()), Err)
    }

    pub fn remove(&self, id: TenantId) {
        _ = self.change(|snapshot| {
            snapshot.take(id);
            Ok(())
        });
    }

    pub fn by_id(&self, id: TenantId) -> Option<Arc<Tenant>> {
        self.now.load().by_id.get(&id).cloned()
    }

    pub fn by_slug(&self, slug: &str) -> Option<Arc<Tenant>> {
        let now = self.now.load();
        now.by_slug.get(slug).and_then(|id| now.by_id.get(id)).cloned()
    }

    /// All tenants, by slug.
    pub fn all(&self) -> Vec<Arc<Tenant>> {
        let mut all: Vec<_> = self.now.load().by_id.values().cloned().collect();
        all.sort_by(|one, other| one.slug.cmp(&other.slug));
        all
    }

    /// Whether a certificate may be asked for under this name: a tenant's own host or alias.
    pub fn knows_host(&self, host: &str) -> bool {
        hosts::requested_name(host.as_bytes(), false)
            .is_ok_and(|name| self.now.load().names.contains_key(name.as_ref()))
    }

    pub fn resolve(&self, target: &RequestTarget<'_>) -> Resolution {
        hosts::resolve(&self.now.load().names, self.takes_addresses, target)
    }

    fn change(&self, change: impl FnOnce(&mut Snapshot) -> Result<(), Problem>) -> Result<(), Problem> {
        // A snapshot is only swapped in whole, so a writer that panicked left nothing half done.
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = Snapshot::clone(&self.now.load());
        change(&mut next)?;
        self.now.store(Arc::new(next));
        Ok(())
    }
}

impl Snapshot {
    fn put(&mut self, tenant: &Arc<Tenant>) -> Result<(), Problem> {
        if let Some(clash) = self.clash(tenant) {
            return Err(clash);
        }
        self.take(tenant.id);
        let rules = &tenant.document.hosts;
        match self.names.entry(rules.canonical.as_str().into()).or_insert_with(|| Owner::Tenants(Vec::new())) {
            Owner::Tenants(tenants) => tenants.push(tenant.clone()),
            owner => *owner = Owner::Tenants(vec![tenant.clone()]),
        }
        for alias in &rules.aliases {
            self.names.insert(alias.host.as_str().into(), Owner::Alias(tenant.clone()));
        }
        self.by_slug.insert(tenant.slug.as_str().into(), tenant.id);
        self.by_id.insert(tenant.id, tenant.clone());
        Ok(())
    }

    fn take(&mut self, id: TenantId) {
        let Some(tenant) = self.by_id.remove(&id) else { return };
        self.by_slug.remove(tenant.slug.as_str());
        let rules = &tenant.document.hosts;
        for host in std::iter::once(&rules.canonical).chain(rules.aliases.iter().map(|alias| &alias.host)) {
            let is_empty = match self.names.get_mut(host.as_str()) {
                Some(Owner::Tenants(tenants)) => {
                    tenants.retain(|other| other.id != id);
                    tenants.is_empty()
                }
                Some(Owner::Alias(other)) => other.id == id,
                Some(Owner::Console) | None => false,
            };
            if is_empty {
                self.names.remove(host.as_str());
            }
        }
    }

    /// The first reason why this tenant cannot stand beside the others.
    fn clash(&self, tenant: &Tenant) -> Option<Problem> {
        let rules = &tenant.document.hosts;
        if let Some(other) = self.by_slug.get(tenant.slug.as_str()).filter(|other| **other != tenant.id) {
            let other = self.by_id.get(other)?;
            return Some(said(tenant, 1, format!("slug \"{}\" is already that of {}", tenant.slug, other.file())));
        }
        self.canonical_clash(tenant).or_else(|| {
            rules.aliases.iter().find_map(|alias| {
                let taken = match self.names.get(alias.host.as_str())? {
                    Owner::Console => "the console's host".to_owned(),
                    Owner::Tenants(tenants) => of_others(tenants, tenant).map(|other| canonical_of(other))?,
                    Owner::Alias(other) if other.id != tenant.id => alias_of(other, &alias.host),
                    Owner::Alias(_) => return None,
                };
                Some(said(tenant, alias.line, format!("host \"{}\" is already {taken}", alias.host)))
            })
        })
    }

    fn canonical_clash(&self, tenant: &Tenant) -> Option<Problem> {
        let rules = &tenant.document.hosts;
        let taken = match self.names.get(rules.canonical.as_str())? {
            Owner::Console => "the console's host".to_owned(),
            Owner::Alias(other) if other.id != tenant.id => alias_of(other, &rules.canonical),
            Owner::Alias(_) => return None,
            Owner::Tenants(tenants) => {
                let overlaps = |other: &&Arc<Tenant>| other.id != tenant.id && overlap(other.base(), tenant.base());
                canonical_of(tenants.iter().find(overlaps)?)
            }
        };
        Some(said(tenant, rules.line, format!("host \"{}\" is already {taken}", rules.canonical)))
    }
}

fn of_others<'a>(tenants: &'a [Arc<Tenant>], tenant: &Tenant) -> Option<&'a Arc<Tenant>> {
    tenants.iter().find(|other| other.id != tenant.id)
}

/// One mount inside the other: the outer one's cookies and pages would reach into the inner one.
fn overlap(one: &str, other: &str) -> bool {
    let inside = |outer: &str, inner: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    inside(one, other) || inside(other, one)
}

fn canonical_of(tenant: &Tenant) -> String {
    format!("canonical of \"{}\" ({}:{})", tenant.slug, tenant.file(), tenant.document.hosts.line)
}

fn alias_of(tenant: &Tenant, host: &str) -> String {
    let line = tenant.document.hosts.aliases.iter().find(|alias| alias.host == host).map_or(0, |alias| alias.line);
    format!("alias of \"{}\" ({}:{line})", tenant.slug, tenant.file())
}

fn said(tenant: &Tenant, line: usize, message: String) -> Problem {
    Problem::new(&tenant.file(), (line, 0), "E0304", message)
}

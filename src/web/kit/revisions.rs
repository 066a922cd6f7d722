//! A tenant's revisions on the web side: catching up before answering, and publishing a change so that no instance answers from before it.
use super::error::Error;
use super::services::Services;
use crate::data::RevisionRow;
use crate::domain::ids::TenantId;
use crate::tenancy::{Content, Tenant, TenantState, Toggle};
use std::sync::Arc;

/// The tenant as of at least `revision`: loads it when this instance is behind.
pub async fn caught_up(services: &Services, tenant: Arc<Tenant>, revision: Option<i64>) -> Result<Arc<Tenant>, Error> {
    match revision {
        Some(newest) if newest > tenant.revision => load(services, tenant.id).await,
        _ => Ok(tenant),
    }
}

/// Reads the current revision of a tenant, compiles it and publishes it on this instance.
pub async fn load(services: &Services, id: TenantId) -> Result<Arc<Tenant>, Error> {
    let row = services.db.platform().current_revision(id).await?;
    publish(services, compile(services, &row)?).await
}

/// Publishes on this instance, and lets the others know that it has it.
pub async fn publish(services: &Services, tenant: Arc<Tenant>) -> Result<Arc<Tenant>, Error> {
    let tenant = publish_here(services, tenant)?;
    services.bus.loaded(tenant.id, tenant.revision).await;
    Ok(tenant)
}

pub fn compile(services: &Services, row: &RevisionRow) -> Result<Arc<Tenant>, Error> {
    let toggles: Vec<Toggle> = serde_json::from_str(&row.toggles)
        .map_err(|error| Error::Broken(format!("toggles of {}: {error}", row.slug)))?;
    let content = Content { document: row.document.clone(), policy: row.policy.clone(), toggles };
    services
        .compiler
        .compile(row.tenant_id, row.revision, state_of(&row.state)?, &content)
        .map(Arc::new)
        .map_err(|problems| Error::Broken(format!("revision {} of {}: {problems:?}", row.revision, row.slug)))
}

pub fn state_of(word: &str) -> Result<TenantState, Error> {
    TenantState::parse(word).ok_or_else(|| Error::Broken(format!("unknown tenant state \"{word}\"")))
}

/// Swaps the tenant in, unless this instance already has something newer.
fn publish_here(services: &Services, tenant: Arc<Tenant>) -> Result<Arc<Tenant>, Error> {
    if let Some(present) = services.registry.by_id(tenant.id)
        && present.revision > tenant.revision
    {
        return Ok(present);
    }
    services.registry.publish(tenant.clone()).map_err(|problem| Error::Broken(problem.to_string()))?;
    Ok(tenant)
}

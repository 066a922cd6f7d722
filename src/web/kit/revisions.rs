//! A tenant's revisions on the web side: catching up before answering, and publishing a change so that no instance answers from before it.
use super::error::Error;
use super::services::Services;
use crate::data::{self, AuditEntry, RevisionContent, RevisionRow, TenantDb};
use crate::domain::ids::TenantId;
use crate::tenancy::{Content, Tenant, TenantState, Toggle};
use std::sync::Arc;

/// The tenant as of at least `revision`: loads it when this instance is behind.
pub async fn caught_up(services: &Services, tenant: Arc<Tenant>, revision: Option<i64>) -> Result<Arc<Tenant>, Error> {
    match revision {
        Some(newest) if newest > tenant.revision => Box::pin(load(services, tenant.id)).await,
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

/// Who changes the switches, for the audit.
pub struct By<'a> {
    pub kind: &'a str,
    pub name: &'a str,
    pub role: &'a str,
    pub request_id: &'a str,
}

/// One transaction: expected version, dry-run compile, revision n + 1, audit. Then every instance is told, and only then it returns.
/// None when somebody else was quicker.
pub async fn switch(
    services: &Services,
    db: &TenantDb,
    tenant: &Tenant,
    expected: i64,
    toggles: Vec<Toggle>,
    by: By<'_>,
    reason: &str,
) -> Result<Option<Arc<Tenant>>, Error> {
    let content = Content { document: tenant.document_text.clone(), policy: tenant.policy_text.clone(), toggles };
    let next = services
        .compiler
        .compile(tenant.id, expected + 1, tenant.state, &content)
        .map_err(|problems| Error::Broken(format!("{problems:?}")))?;
    let text = serde_json::to_string(&content.toggles).map_err(|error| Error::Broken(error.to_string()))?;
    let kept = RevisionContent { document: content.document, policy: content.policy, toggles: text };
    let keys = |toggles: &[Toggle]| toggles.iter().map(|toggle| toggle.feature.key()).collect::<Vec<_>>();
    let entry = AuditEntry {
        actor_kind: by.kind.into(),
        actor: by.name.into(),
        role: by.role.into(),
        feature: None,
        action: "publish_revision".into(),
        object: reason.into(),
        before: serde_json::json!({ "off": keys(&tenant.toggles) }),
        after: serde_json::json!({ "off": keys(&content.toggles) }),
        request_id: by.request_id.into(),
    };
    let tx = db.begin().await?;
    match tx.publish_revision(expected, &kept, &entry, reason).await {
        Ok(_) => tx.commit().await?,
        Err(data::Error::Conflict(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    let next = publish(services, Arc::new(next)).await?;
    services.bus.announce(next.id, next.revision).await;
    Ok(Some(next))
}

//! A tenant as served: one revision of a supplier, compiled and immutable.
use super::document::Document;
use super::policy::{Contract, DecisionTable, Toggle};
use super::theme::Theme;
use crate::domain::features::{Action, Feature, Role};
use crate::domain::ids::TenantId;
use crate::domain::outages::Channels;
use std::fmt;
use std::sync::Arc;

/// Where a tenant is in its life. Only active and suspended ones have hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TenantState {
    Draft,
    Provisioning,
    Active,
    /// Its hosts answer a branded 503.
    Suspended,
    Retiring,
    Erased,
}

impl TenantState {
    pub const ALL: [TenantState; 6] = [
        TenantState::Draft,
        TenantState::Provisioning,
        TenantState::Active,
        TenantState::Suspended,
        TenantState::Retiring,
        TenantState::Erased,
    ];

    pub fn key(self) -> &'static str {
        match self {
            TenantState::Draft => "draft",
            TenantState::Provisioning => "provisioning",
            TenantState::Active => "active",
            TenantState::Suspended => "suspended",
            TenantState::Retiring => "retiring",
            TenantState::Erased => "erased",
        }
    }

    pub fn parse(key: &str) -> Option<TenantState> {
        TenantState::ALL.into_iter().find(|state| state.key() == key)
    }
}

/// How browsers reach us, for absolute links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    pub is_secure: bool,
    /// None when it is the scheme's own.
    pub port: Option<u16>,
}

/// What one revision holds: the whole truth about a tenant but for its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    pub document: String,
    /// The contract, as in `policies/<slug>.csv`.
    pub policy: String,
    pub toggles: Vec<Toggle>,
}

pub struct Tenant {
    pub id: TenantId,
    pub slug: String,
    pub revision: i64,
    pub state: TenantState,
    pub document: Document,
    pub document_text: String,
    pub policy_text: String,
    pub theme: Arc<Theme>,
    pub contract: Contract,
    /// Features the operators switched off.
    pub toggles: Vec<Toggle>,
    pub table: Arc<DecisionTable>,
    pub(super) origin: Origin,
}

impl Tenant {
    pub fn allows(&self, role: Role, feature: Feature, action: Action) -> bool {
        self.table.allows(role, feature, action)
    }

    /// Bought and not switched off, whoever asks.
    pub fn has(&self, feature: Feature) -> bool {
        self.contract.features.contains(&feature) && !self.toggles.iter().any(|toggle| toggle.feature == feature)
    }

    /// By which ways it tells of outages now.
    pub fn outage_channels(&self) -> Channels {
        Channels { mail: self.has(Feature::OutageAlertEmail), sms: self.has(Feature::OutageAlertSms) }
    }

    /// Mount prefix without a slash at its end: `` or `/VOK`.
    pub fn base(&self) -> &str {
        &self.document.hosts.mount
    }

    /// Absolute URL of a path below the mount. The only way to make one: nothing of it comes from a request's headers.
    pub fn url(&self, path: &str) -> String {
        let scheme = if self.origin.is_secure { "https" } else { "http" };
        let port = self.origin.port.map(|port| format!(":{port}")).unwrap_or_default();
        let slash = if path.starts_with('/') { "" } else { "/" };
        format!("{scheme}://{}{port}{}{slash}{path}", self.document.hosts.canonical, self.base())
    }

    /// How its document is called in messages.
    pub fn file(&self) -> String {
        document_file(&self.slug)
    }
}

pub(super) fn document_file(slug: &str) -> String {
    format!("tenants/{slug}.toml")
}

pub(super) fn contract_file(slug: &str) -> String {
    format!("policies/{slug}.csv")
}

impl fmt::Debug for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tenant({} {} r{} {})", self.id.0, self.slug, self.revision, self.state.key())
    }
}

//! All that a request leans on, handed down once. Private to the kit and the faces' own doors: handlers take guards instead.
use super::chrome::ChromeCache;
use super::kept::Kept;
use super::ready::ReadyPages;
use super::turns::Turns;
use crate::backends::{
    bus::Bus, clock::Clock, hasher::Hasher, keys::MasterKey, sessions::Sessions, throttle::Throttle, webhooks::Hooks,
};
use crate::data::Database;
use crate::domain::outages::Outage;
use crate::tenancy::{Compiler, Registry, Tenant};
use ipnet::IpNet;
use std::sync::Arc;

pub type Shared = Arc<Services>;

pub struct Services {
    pub db: Database,
    pub registry: Registry,
    pub compiler: Compiler,
    /// The console itself as a tenant: rows of tenant 0, the base theme, no contract.
    pub console: Arc<Tenant>,
    pub sessions: Sessions,
    pub bus: Bus,
    pub throttle: Throttle,
    pub hasher: Arc<Hasher>,
    pub clock: Clock,
    pub master: Arc<MasterKey>,
    pub hooks: Hooks,
    pub settings: Settings,
    pub chrome: ChromeCache,
    /// Exports at work.
    pub exports: Turns,
    /// Public pages ready to send, and the outages that stand on them.
    pub ready: ReadyPages,
    pub outages_around: Kept<Vec<Outage>>,
}

/// What the configuration says of the way requests come in.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Browsers reach us by TLS (usually at the proxy): cookies are Secure, HSTS is sent.
    pub is_secure: bool,
    /// The port browsers see, when it is not the scheme's own.
    pub port: Option<u16>,
    /// IP literals may stand as hosts, and *Messages sent* is shown.
    pub is_demo: bool,
    pub console_host: String,
    pub trusted_proxies: Vec<IpNet>,
    /// Name of the one header a trusted proxy puts the host into.
    pub forwarded_host_header: String,
    pub max_body_bytes: usize,
    pub max_upload_bytes: usize,
    /// Of one key.
    pub api_calls_per_minute: u32,
    pub text_reports: TextReports,
}

/// How a gateway says what became of a text: JSON pointers into its report, and its words.
#[derive(Clone, Debug)]
pub struct TextReports {
    pub id: String,
    pub receipt: String,
    pub state: String,
    pub delivered: Vec<String>,
    pub undelivered: Vec<String>,
}

//! Builds everything a request leans on, in the order it is needed; the first thing that is wrong stops the start with one sentence.
use super::config::Config;
use super::reload;
use super::router;
use crate::backends::bus::Bus;
use crate::backends::clock::Clock;
use crate::backends::hasher::Hasher;
use crate::backends::keys::MasterKey;
use crate::backends::mail::Mail;
use crate::backends::redis_line;
use crate::backends::sessions::Sessions;
use crate::backends::sms::{Sms, Spoken};
use crate::backends::throttle::Throttle;
use crate::backends::webhooks::Hooks;
use crate::data::{Database, DatabaseConfig};
use crate::jobs::JobServices;
use crate::tenancy::{Compiler, Files, Origin, Problem, Registry};
use crate::web::kit::chrome::ChromeCache;
use crate::web::kit::services::{Services, Settings, Shared, TextReports};
use anyhow::{Context, Result, anyhow, bail};
use std::path::Path;
use std::sync::Arc;

/// Tenants, themes and policies as the binary carries them, overridden from `files.root`.
pub fn files(config: &Config) -> Files {
    let root = &config.files.root;
    Files::new(Some(root.clone()).filter(|root| !root.as_os_str().is_empty()))
}

pub fn compiler(config: &Config) -> Result<Compiler> {
    let origin = Origin { is_secure: config.server.secure, port: config.public_port() };
    Compiler::new(files(config), origin).map_err(|problems| anyhow!(list(&problems)))
}

pub fn list(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

pub async fn database(config: &Config) -> Result<Database> {
    prepare_folder(&config.data.dir)?;
    let wanted = DatabaseConfig { url: config.database_url(), max_connections: config.database.max_connections };
    Database::connect(&wanted).await.map_err(|error| anyhow!("database.url: {error}"))
}

/// The connection that may change the schema.
pub async fn migrating_database(config: &Config) -> Result<Database> {
    prepare_folder(&config.data.dir)?;
    let wanted = DatabaseConfig { url: config.migrate_url(), max_connections: 2 };
    Database::connect(&wanted).await.map_err(|error| anyhow!("database.migrate_url: {error}"))
}

fn prepare_folder(dir: &Path) -> Result<()> {
    std::fs::create_dir_all(dir).with_context(|| format!("data.dir: cannot make {}", dir.display()))
}

/// Everything, with every tenant published. File tenants that changed become new revisions first.
pub async fn build(config: &Config) -> Result<Shared> {
    let services = bare(config).await?;
    reload::adopt_files(&services).await?;
    let published = reload::publish_all(&services).await?;
    if published == 0 {
        bail!("no tenant could be published; `busbar tenant check` says why");
    }
    Ok(services)
}

/// The same without adopting changed files: for commands that only look.
pub async fn build_read_only(config: &Config) -> Result<Shared> {
    let services = bare(config).await?;
    reload::publish_all(&services).await?;
    Ok(services)
}

async fn bare(config: &Config) -> Result<Shared> {
    let compiler = compiler(config)?;
    let db = database(config).await?;
    if !db.is_migrated().await.map_err(|error| anyhow!("database.url: {error}"))? {
        if config.is_postgres() {
            bail!("the database is not migrated; run `busbar migrate up`");
        }
        db.migrate_up().await.map_err(|error| anyhow!("migrating: {error}"))?;
    }
    db.check().await.map_err(|error| anyhow!("database.url: {error}"))?;
    let master = Arc::new(master_key(config)?);
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let (sessions, bus, throttle) = if config.redis.url.is_empty() {
        (Sessions::embedded(), Bus::embedded(), Throttle::embedded())
    } else {
        let line =
            redis_line(&config.redis.url, &config.redis.prefix).map_err(|error| anyhow!("redis.url: {error}"))?;
        (Sessions::redis(line.clone()), Bus::redis(line.clone()), Throttle::redis(line))
    };
    let console = compiler.console(&config.server.console_host).map_err(|problems| anyhow!(list(&problems)))?;
    let settings = Settings {
        is_secure: config.server.secure,
        port: config.public_port(),
        is_demo: config.demo.enabled,
        console_host: config.server.console_host.clone(),
        trusted_proxies: config.proxies()?,
        forwarded_host_header: config.server.forwarded_host_header.to_ascii_lowercase(),
        max_body_bytes: config.server.max_body_bytes,
        max_upload_bytes: config.server.max_upload_bytes,
        api_calls_per_minute: config.api.calls_per_minute,
        text_reports: TextReports {
            id: config.sms.report_id.clone(),
            receipt: config.sms.report_receipt.clone(),
            state: config.sms.report_state.clone(),
            delivered: config.sms.report_delivered.clone(),
            undelivered: config.sms.report_undelivered.clone(),
        },
    };
    Ok(Arc::new(Services {
        db,
        registry: Registry::new(&settings.console_host, settings.is_demo),
        compiler,
        console: Arc::new(console),
        sessions,
        bus,
        throttle,
        hasher: Arc::new(Hasher::new(cores)),
        clock: Clock::system(),
        master,
        hooks: Hooks::new(config.webhooks.private_addresses).map_err(|error| anyhow!("webhooks: {error}"))?,
        settings,
        chrome: ChromeCache::new(router::menus()),
        exports: Default::default(),
        ready: Default::default(),
        outages_around: Default::default(),
    }))
}

fn master_key(config: &Config) -> Result<MasterKey> {
    let given = config.secrets.master.trim();
    if let Some(path) = given.strip_prefix("file:") {
        let text = std::fs::read_to_string(path).with_context(|| format!("secrets.master: cannot read {path}"))?;
        return MasterKey::from_hex(text.trim()).map_err(|error| anyhow!("secrets.master: {error}"));
    }
    if !given.is_empty() {
        return MasterKey::from_hex(given).map_err(|error| anyhow!("secrets.master: {error}"));
    }
    MasterKey::load_or_create(&config.data.dir.join("master.key")).map_err(|error| anyhow!("data.dir: {error}"))
}

/// What jobs lean on: the same database, tenants and clock as requests, and the ways out.
pub fn job_services(config: &Config, services: &Shared) -> Result<JobServices> {
    let dir = &config.data.dir;
    let mail = match config.mail.smtp.as_str() {
        "" => Mail::folder(dir.join("mail")),
        url => Mail::smtp(url).map_err(|error| anyhow!("mail.smtp: {error}"))?,
    };
    let shared = services.clone();
    Ok(JobServices {
        db: services.db.clone(),
        tenants: Arc::new(move |id| shared.registry.by_id(id)),
        mail,
        sms: sms(config)?,
        clock: services.clock.clone(),
        hasher: services.hasher.clone(),
        master: services.master.clone(),
        hooks: services.hooks.clone(),
    })
}

fn sms(config: &Config) -> Result<Sms> {
    let own = &config.sms;
    if own.url.is_empty() {
        return Ok(Sms::folder(config.data.dir.join("sms")));
    }
    let header = |(name, value): (&String, &String)| Ok((name.clone(), secret(&format!("sms.headers.{name}"), value)?));
    let spoken = Spoken {
        url: secret("sms.url", &own.url)?,
        content_type: own.content_type.clone(),
        headers: own.headers.iter().map(header).collect::<Result<_>>()?,
        body: own.body.clone(),
        batch: own.batch,
        answers: own.answers.clone(),
        receipt: own.receipt.clone(),
        refused: own.refused.clone(),
    };
    Sms::http(spoken).map_err(|error| anyhow!(error))
}

/// What a key says itself, or what it refers to by env:NAME or file:/path.
fn secret(key: &str, value: &str) -> Result<String> {
    let found = match value.split_once(':') {
        Some(("env", name)) => std::env::var(name).with_context(|| format!("{key}: there is no {name}"))?,
        Some(("file", path)) => std::fs::read_to_string(path).with_context(|| format!("{key}: cannot read {path}"))?,
        _ => value.to_owned(),
    };
    Ok(found.trim().to_owned())
}

//! Configuration: compiled-in defaults, then a file, then `BUSBAR__SECTION__KEY`. Checked whole before any port opens.
use anyhow::{Context, Result, bail};
use config::builder::DefaultState;
use config::{Config as Source, ConfigBuilder, Environment, File, FileFormat};
use ipnet::IpNet;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

const DEFAULTS: &str = include_str!("default.toml");

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub server: Server,
    pub database: Database,
    pub redis: Redis,
    pub data: Data,
    pub files: Files,
    pub secrets: Secrets,
    pub mail: Mail,
    pub sms: Sms,
    pub webhooks: Webhooks,
    pub api: Api,
    pub demo: Demo,
    pub log: Log,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub listen: SocketAddr,
    pub private_listen: SocketAddr,
    pub console_host: String,
    pub secure: bool,
    pub public_port: u16,
    #[serde(deserialize_with = "one_or_many")]
    pub trusted_proxies: Vec<String>,
    pub forwarded_host_header: String,
    pub header_seconds: u64,
    pub request_seconds: u64,
    pub max_connections: usize,
    pub max_body_bytes: usize,
    pub max_upload_bytes: usize,
    pub drain_seconds: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub url: String,
    pub migrate_url: String,
    pub max_connections: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redis {
    pub url: String,
    pub prefix: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    pub dir: PathBuf,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    pub root: PathBuf,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    pub master: String,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(hidden)")
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    pub smtp: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sms {
    pub url: String,
    pub content_type: String,
    pub body: String,
    pub batch: usize,
    pub answers: String,
    pub receipt: String,
    pub refused: String,
    pub report_id: String,
    pub report_receipt: String,
    pub report_state: String,
    #[serde(deserialize_with = "one_or_many")]
    pub report_delivered: Vec<String>,
    #[serde(deserialize_with = "one_or_many")]
    pub report_undelivered: Vec<String>,
    pub headers: BTreeMap<String, String>,
}

impl std::fmt::Debug for Sms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sms(hidden)")
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhooks {
    pub private_addresses: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    pub calls_per_minute: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demo {
    pub enabled: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub filter: String,
    pub format: String,
}

impl Config {
    /// Reads defaults, `file` (or `busbar.toml` when it is there) and the environment; names the key that is wrong.
    pub fn load(file: Option<&Path>) -> Result<Config> {
        let mut builder = Source::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
        builder = match file {
            Some(path) => builder.add_source(File::from(path).format(FileFormat::Toml).required(true)),
            None => builder.add_source(File::with_name("busbar").format(FileFormat::Toml).required(false)),
        };
        Self::read(
            builder.add_source(
                Environment::with_prefix("BUSBAR").prefix_separator("__").separator("__").try_parsing(true),
            ),
        )
    }

    /// Defaults with some keys replaced, without looking at files or the environment.
    pub fn with(overrides: &[(&str, &str)]) -> Result<Config> {
        let mut builder = Source::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
        for (key, value) in overrides {
            builder = builder.set_override(*key, *value).context("configuration")?;
        }
        Self::read(builder)
    }

    fn read(builder: ConfigBuilder<DefaultState>) -> Result<Config> {
        let source = builder.build().context("configuration")?;
        let config: Config = source.try_deserialize().map_err(|error| anyhow::anyhow!(named(&error.to_string())))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<()> {
        self.proxies()?;
        if !self.database.url.is_empty()
            && !["postgres://", "postgresql://", "sqlite:"].iter().any(|scheme| self.database.url.starts_with(scheme))
        {
            bail!("database.url: starts with neither postgres:// nor sqlite:");
        }
        if !self.redis.url.is_empty() && !self.redis.url.starts_with("redis") {
            bail!("redis.url: does not start with redis://");
        }
        if !self.redis.url.is_empty() && !self.is_postgres() {
            bail!("redis.url is for several instances, and those need database.url on PostgreSQL, not SQLite");
        }
        if !["text", "json"].contains(&self.log.format.as_str()) {
            bail!("log.format: is \"{}\", must be \"text\" or \"json\"", self.log.format);
        }
        if self.is_postgres() && self.secrets.master.is_empty() && !self.demo.enabled {
            bail!(
                "secrets.master: several instances must share one key; set it to 64 hexadecimal digits or file:/path"
            );
        }
        Ok(())
    }

    pub fn proxies(&self) -> Result<Vec<IpNet>> {
        let one = |text: &String| {
            text.parse::<IpNet>()
                .or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from))
                .with_context(|| format!("server.trusted_proxies: \"{text}\" is neither an address nor a network"))
        };
        self.server.trusted_proxies.iter().map(one).collect()
    }

    pub fn is_postgres(&self) -> bool {
        self.database.url.starts_with("postgres")
    }

    /// `database.url`, or the SQLite file of the embedded profile.
    pub fn database_url(&self) -> String {
        if self.database.url.is_empty() {
            format!("sqlite://{}", self.data.dir.join("busbar.db").display())
        } else {
            self.database.url.clone()
        }
    }

    pub fn migrate_url(&self) -> String {
        if self.database.migrate_url.is_empty() { self.database_url() } else { self.database.migrate_url.clone() }
    }

    /// The port to write into absolute links; none when it is the scheme's own.
    pub fn public_port(&self) -> Option<u16> {
        match self.server.public_port {
            0 if self.server.secure => None,
            0 => Some(self.server.listen.port()).filter(|port| *port != 80),
            port => Some(port).filter(|port| *port != if self.server.secure { 443 } else { 80 }),
        }
    }
}

/// The library's sentence, with the nearest key we know when it complains of an unknown one.
fn named(message: &str) -> String {
    let Some(unknown) = message.split("unknown field `").nth(1).and_then(|rest| rest.split('`').next()) else {
        return format!("configuration: {message}");
    };
    let keys = DEFAULTS.lines().filter_map(|line| line.split(" = ").next()).filter(|key| !key.starts_with(['#', '[']));
    let nearest = keys.min_by_key(|key| strsim::damerau_levenshtein(key, unknown)).unwrap_or_default();
    format!("configuration: unknown key \"{unknown}\"; did you mean \"{nearest}\"?")
}

/// A list in a file; one value or several parted by commas in the environment.
fn one_or_many<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(text) => {
            text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
        }
        OneOrMany::Many(list) => list,
    })
}

//! A filled database and the sessions of some of its customers: what every contender serves.
use super::http::{Connection, cookies};
use super::load::Target;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

const MASTER: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const OWNER: &str = "owner";
const APP: &str = "app";

/// Addresses of the private services.
pub struct Services {
    pub admin: String,
    pub redis: String,
    pub postgres_pid: u32,
    pub redis_pid: u32,
    pub dir: PathBuf,
}

impl Services {
    pub fn of_environment() -> Result<Services> {
        let get = |key: &str| {
            std::env::var(key).with_context(|| format!("{key} is not set; `make bench` starts what a bench needs"))
        };
        Ok(Services {
            admin: get("BUSBAR_TEST_PG")?,
            redis: get("BUSBAR_TEST_REDIS")?,
            postgres_pid: get("BUSBAR_TEST_PG_PID")?.parse()?,
            redis_pid: get("BUSBAR_TEST_REDIS_PID")?.parse()?,
            dir: get("BUSBAR_TEST_DIR")?.into(),
        })
    }

    /// The address of a database for a role, or for the administrator.
    pub fn database(&self, name: &str, role: Option<(&str, &str)>) -> String {
        let (start, _) = self.admin.rsplit_once('/').unwrap_or((&self.admin, ""));
        match (role, start.rsplit_once('@')) {
            (Some((role, password)), Some((_, host))) => format!("postgres://{role}:{password}@{host}/{name}"),
            _ => format!("{start}/{name}"),
        }
    }

    pub fn psql(&self, database: &str, arguments: &[&str]) -> Result<String> {
        let output = Command::new("psql")
            .args(["-qAt", "-F", "\t", "-v", "ON_ERROR_STOP=1"])
            .args(arguments)
            .arg(database)
            .output()?;
        if !output.status.success() {
            bail!("psql {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// The roles of a real deployment, and an empty database for each name.
    pub fn create(&self, names: &[&str]) -> Result<()> {
        let roles = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/roles.sql");
        let roles = roles.to_str().context("the path is plain")?;
        self.psql(
            &self.admin,
            &["-v", &format!("owner_password={OWNER}"), "-v", &format!("app_password={APP}"), "-f", roles],
        )?;
        for name in names {
            self.psql(&self.admin, &["-c", &format!("create database {name} template busbar owner busbar_owner")])?;
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Book {
    tenants: Vec<BookTenant>,
}

#[derive(Deserialize)]
struct BookTenant {
    slug: String,
    host: String,
    mount: String,
    customers: Vec<BookCustomer>,
}

#[derive(Deserialize, Clone)]
struct BookCustomer {
    username: String,
    password: String,
    number: String,
    name: String,
}

/// A customer who will be signed in.
pub struct Person {
    slug: String,
    host: String,
    mount: String,
    customer: BookCustomer,
}

/// A host that the limit serves.
#[derive(Serialize, Deserialize, Clone)]
pub struct Host {
    pub host: String,
    pub tenant: i32,
    pub name: String,
}

/// The limit's session in Redis.
#[derive(Serialize, Deserialize)]
pub struct LimitSession {
    pub tenant: i32,
    pub customer: uuid::Uuid,
    pub name: String,
}

/// One filled database, and who uses it.
pub struct Site {
    pub database: String,
    pub app_url: String,
    pub dir: PathBuf,
    pub people: Vec<Person>,
    hosts: Vec<(String, String)>,
}

impl Site {
    /// Migrates and fills; chooses `people` customers spread evenly over the tenants.
    pub fn fill(
        services: &Services,
        busbar: &Path,
        database: &str,
        customers: usize,
        tenants: usize,
        people: usize,
    ) -> Result<Site> {
        let dir = services.dir.join("tmp").join(database);
        std::fs::create_dir_all(&dir)?;
        let mut site = Site {
            database: services.database(database, None),
            app_url: services.database(database, Some(("busbar", APP))),
            dir,
            people: Vec::new(),
            hosts: Vec::new(),
        };
        let owner = services.database(database, Some(("busbar_owner", OWNER)));
        site.busbar(services, busbar, &["migrate", "up"], &[("BUSBAR__DATABASE__MIGRATE_URL", &owner)])?;
        let (customers, tenants) = (customers.to_string(), tenants.to_string());
        site.busbar(services, busbar, &["demo", "--seed", "1", "--customers", &customers, "--tenants", &tenants], &[])?;
        services.psql(&site.database, &["-c", "vacuum analyze"])?;
        let book = std::fs::read_to_string(site.dir.join("demo.json")).context("busbar demo writes demo.json")?;
        let book: Book = serde_json::from_str(&book)?;
        site.hosts = book.tenants.iter().map(|tenant| (tenant.slug.clone(), tenant.host.clone())).collect();
        site.people = choose(book, people);
        Ok(site)
    }

    fn busbar(&self, services: &Services, program: &Path, arguments: &[&str], more: &[(&str, &str)]) -> Result<()> {
        let mut environment = self.environment(services, "127.0.0.1:0".parse()?);
        environment.extend(more.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        let output = Command::new(program).args(arguments).current_dir(&self.dir).envs(environment).output()?;
        if !output.status.success() {
            bail!("busbar {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    }

    /// Busbar's production profile on this database.
    pub fn environment(&self, services: &Services, listen: SocketAddr) -> Vec<(String, String)> {
        let pairs = [
            ("BUSBAR__DATABASE__URL", self.app_url.as_str()),
            ("BUSBAR__REDIS__URL", &services.redis),
            ("BUSBAR__DATA__DIR", &self.dir.display().to_string()),
            ("BUSBAR__SECRETS__MASTER", MASTER),
            ("BUSBAR__SERVER__LISTEN", &listen.to_string()),
            ("BUSBAR__SERVER__PRIVATE_LISTEN", "127.0.0.1:0"),
            ("BUSBAR__LOG__FILTER", "warn"),
        ];
        pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec()
    }

    /// Pages that need no session: what a Busbar is asked until somebody has signed in.
    pub fn front_doors(&self) -> Vec<Target> {
        let door = |person: &Person| get(&format!("{}/login", person.mount), &person.host, "");
        self.people.first().map(|person| Target { request: door(person), marks: Vec::new() }).into_iter().collect()
    }

    /// Signs everybody in at a running Busbar; the sessions outlive it.
    pub async fn sign_in(&self, address: SocketAddr) -> Result<Arc<[Target]>> {
        let mut targets = Vec::new();
        for (index, (person, request)) in self.people.iter().zip(self.log_ins()).enumerate() {
            // Everybody from an address of their own: one address may not try to sign in hundreds of people.
            let own = Ipv4Addr::new(127, 1, (index / 250) as u8, (index % 250) as u8 + 1);
            let mut connection = Connection::open_from(own, address).await?;
            let reply = connection.exchange(&request).await?;
            if reply.status != 303 {
                let body = String::from_utf8_lossy(reply.body);
                bail!("{} cannot sign in at {}: {}\n{body}", person.customer.username, person.host, reply.status);
            }
            let marks = vec![person.customer.name.clone(), "<svg".to_owned()];
            let path = format!("{}/dashboard", person.mount);
            targets.push(Target { request: get(&path, &person.host, &cookies(reply.head)), marks });
        }
        Ok(targets.into())
    }

    /// How each of the people signs in.
    pub fn log_ins(&self) -> Vec<Vec<u8>> {
        let post = |person: &Person| {
            let form = format!(
                "username={}&password={}",
                encode(&person.customer.username),
                encode(&person.customer.password)
            );
            format!(
                "POST {}/login HTTP/1.1\r\nHost: {}\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
                person.mount,
                person.host,
                form.len(),
            )
            .into_bytes()
        };
        self.people.iter().map(post).collect()
    }

    /// Sessions as the limit keeps them, and the hosts it serves.
    pub fn limit_targets(&self, services: &Services) -> Result<(Vec<Host>, Arc<[Target]>)> {
        let tenants = services.psql(&self.database, &["-c", "select slug, id from tenants"])?;
        let id_of = |slug: &str| -> Result<i32> {
            let found = tenants.lines().filter_map(|line| line.split_once('\t')).find(|(name, _)| *name == slug);
            found.and_then(|(_, id)| id.parse().ok()).with_context(|| format!("tenant {slug} has a row"))
        };
        let customers = services.psql(&self.database, &["-c", "select tenant_id, number, id from customers"])?;
        let customers: std::collections::HashMap<(&str, &str), &str> = customers
            .lines()
            .filter_map(|line| {
                let mut fields = line.split('\t');
                Some(((fields.next()?, fields.next()?), fields.next()?))
            })
            .collect();
        let mut redis = redis::Client::open(services.redis.as_str())?.get_connection()?;
        let mut targets = Vec::new();
        for (index, person) in self.people.iter().enumerate() {
            let tenant = id_of(&person.slug)?;
            let number = person.customer.number.as_str();
            let key = tenant.to_string();
            let customer =
                customers.get(&(key.as_str(), number)).with_context(|| format!("customer {number} has a row"))?;
            let session = LimitSession { tenant, customer: customer.parse()?, name: person.customer.name.clone() };
            let token = format!("{index:032x}");
            let _: () = redis::cmd("SET")
                .arg(format!("limit:{tenant}:{token}"))
                .arg(serde_json::to_string(&session)?)
                .query(&mut redis)?;
            let marks = vec![person.customer.name.clone(), "<svg".to_owned()];
            targets.push(Target { request: get("/dashboard", &person.host, &format!("session={token}")), marks });
        }
        let hosts = self
            .hosts
            .iter()
            .map(|(slug, host)| Ok(Host { host: host.clone(), tenant: id_of(slug)?, name: slug.clone() }));
        Ok((hosts.collect::<Result<_>>()?, targets.into()))
    }
}

fn choose(book: Book, people: usize) -> Vec<Person> {
    let tenants: Vec<BookTenant> = book.tenants.into_iter().filter(|tenant| !tenant.customers.is_empty()).collect();
    let count = tenants.len();
    let step = (count / people).max(1);
    let mut chosen = Vec::new();
    for round in 0.. {
        for tenant in tenants.iter().step_by(step) {
            if chosen.len() == people {
                return chosen;
            }
            if let Some(customer) = tenant.customers.get(round) {
                let mount = tenant.mount.trim_end_matches('/').to_owned();
                chosen.push(Person {
                    slug: tenant.slug.clone(),
                    host: tenant.host.clone(),
                    mount,
                    customer: customer.clone(),
                });
            }
        }
        if tenants.iter().all(|tenant| tenant.customers.len() <= round) {
            break;
        }
    }
    chosen
}

/// What a browser sends, short of the encodings: compression is the proxy's.
fn get(path: &str, host: &str, cookie: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\nAccept-Language: cs\r\nUser-Agent: bench\r\nCookie: {cookie}\r\n\r\n")
        .into_bytes()
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { (byte as char).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

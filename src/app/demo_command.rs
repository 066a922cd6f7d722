//! `busbar demo`: fills the database with synthetic customers and writes down who can log in.
use super::config::Config;
use super::demo::{self, DemoTenant, Filled, Order};
use super::{reload, state};
use crate::backends::totp;
use crate::domain::features::Feature;
use crate::domain::invoices::Settlement;
use crate::domain::requests::RequestKind;
use crate::web::kit::services::Services;
use anyhow::{Context, Result, anyhow, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// `<data.dir>/demo.json`: everything a newcomer, or a script, needs to log in.
#[derive(Serialize, Deserialize, Debug, Clone)]
pub struct Book {
    pub base: String,
    pub console: String,
    pub private: String,
    pub tenants: Vec<BookTenant>,
    pub platform: Vec<BookStaff>,
}

#[derive(Serialize, Deserialize, Debug, Clone)]
pub struct BookTenant {
    pub slug: String,
    pub host: String,
    pub mount: String,
    pub customers: Vec<BookCustomer>,
    /// Customers without a log-in, who can try the ways in.
    #[serde(default)]
    pub applicants: Vec<BookApplicant>,
    pub staff: Vec<BookStaff>,
}

#[derive(Serialize, Deserialize, Debug, Clone)]
pub struct BookCustomer {
    pub username: String,
    pub password: String,
    pub number: String,
    pub name: String,
}

/// What stands on the bill of who has no log-in yet.
#[derive(Serialize, Deserialize, Debug, Clone)]
pub struct BookApplicant {
    pub number: String,
    pub name: String,
    pub postcode: String,
    pub supply_point: String,
    pub contract_number: String,
    pub invoice_number: String,
    pub invoice_amount: String,
}

#[derive(Serialize, Deserialize, Debug, Clone)]
pub struct BookStaff {
    pub role: String,
    pub username: String,
    pub password: String,
    pub totp_secret: String,
}

/// Customers listed in the book for each tenant; there may be many more in the database.
pub const LISTED: usize = 25;

pub async fn run(config: &Config, customers: usize, seed: u64, tenants: Option<usize>) -> Result<()> {
    if let Some(book) = kept(config).await? {
        eprintln!("The demo is there already; nothing was added. (`make clean-demo` forgets it.)");
        print(&book);
        return Ok(());
    }
    let bar = ProgressBar::new(0);
    let style = "{spinner} {pos}/{len} customers {wide_bar} {per_sec} {eta}";
    bar.set_style(ProgressStyle::with_template(style).context("the progress bar")?);
    let book = fill(config, customers, seed, tenants, |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    })
    .await?;
    bar.finish();
    print(&book);
    Ok(())
}

/// The book of an earlier run whose customers are still there, with today's addresses.
async fn kept(config: &Config) -> Result<Option<Book>> {
    let path = book_path(config);
    if !path.exists() {
        return Ok(None);
    }
    let services = state::build(config).await?;
    let filled = first_filled(&services).await?;
    services.db.close().await;
    if filled.is_none() {
        return Ok(None);
    }
    let mut book = read(&path)?;
    (book.base, book.console, book.private) = addresses(config);
    write(&path, &book)?;
    Ok(Some(book))
}

/// A tenant that has customers, and how many.
async fn first_filled(services: &Services) -> Result<Option<(String, i64)>> {
    for tenant in services.registry.all() {
        let tx = services.db.tenant(tenant.id).read().await.map_err(|error| anyhow!("{error}"))?;
        let count = tx.count_customers().await.map_err(|error| anyhow!("{error}"))?;
        if count > 0 {
            return Ok(Some((tenant.slug.clone(), count)));
        }
    }
    Ok(None)
}

fn book_path(config: &Config) -> PathBuf {
    config.data.dir.join("demo.json")
}

fn read(path: &Path) -> Result<Book> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{}: run `busbar demo` first", path.display()))?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

fn write(path: &Path, book: &Book) -> Result<()> {
    std::fs::write(path, serde_json::to_string_pretty(book)?)
        .with_context(|| format!("data.dir: cannot write {}", path.display()))
}

pub async fn fill(
    config: &Config,
    customers: usize,
    seed: u64,
    tenants: Option<usize>,
    progress: impl FnMut(usize, usize),
) -> Result<Book> {
    let services = state::build(config).await?;
    if let Some(wanted) = tenants {
        reload::make_up_tenants(&services, wanted).await?;
    }
    let today = services.clock.today("Europe/Prague");
    let all = services.registry.all();
    if all.is_empty() {
        bail!("no tenants to fill");
    }
    let chosen: Vec<DemoTenant> = all
        .iter()
        .map(|tenant| DemoTenant {
            id: tenant.id,
            slug: tenant.slug.clone(),
            has_electricity: tenant.document.commodities.electricity,
            has_gas: tenant.document.commodities.gas,
            announces_settlements: tenant.has(Feature::DocumentElectronicSettlement),
            kinds: {
                let offered = |kind: &RequestKind| kind.feature().is_some_and(|feature| tenant.has(feature));
                demo::KINDS.into_iter().filter(offered).collect()
            },
            has_visits: tenant.has(Feature::BookOfficeVisit),
            has_representative: tenant.has(Feature::ContactSalesRepresentative),
            has_forms: tenant.has(Feature::FormsElectronic),
            has_bonus: tenant.has(Feature::BonusProgramme),
            has_outages: tenant.has(Feature::OutageAlertPlanned),
        })
        .collect();
    if let Some((slug, count)) = first_filled(&services).await? {
        bail!(
            "{slug} already has {count} customers; the demo fills an empty database only (`make clean-demo` empties the demo's own)"
        );
    }
    let order = Order { tenants: &chosen, customers, seed, today, listed: LISTED };
    let hash = |password: &str| services.hasher.hash_now(password).map_err(|error| anyhow!("{error}"));
    let paper = |at: usize, made: &demo::DemoCustomer, settlement: &Settlement| {
        demo::paper::pdf(&all[at], &made.customer, settlement)
    };
    let filled = demo::fill(&services.db, &order, hash, paper, progress).await?;
    let book = book(config, &services, filled);
    write(&book_path(config), &book)?;
    services.db.close().await;
    Ok(book)
}

/// Base, console and private listener, as the configuration has them.
fn addresses(config: &Config) -> (String, String, String) {
    let scheme = if config.server.secure { "https" } else { "http" };
    let port = config.public_port().map(|port| format!(":{port}")).unwrap_or_default();
    (
        format!("{scheme}://localhost{port}"),
        format!("{scheme}://{}{port}", config.server.console_host),
        format!("http://{}", config.server.private_listen),
    )
}

fn book(config: &Config, services: &Services, filled: Filled) -> Book {
    let staff = |all: Vec<demo::DemoStaff>| {
        let lines = all.into_iter().map(|one| BookStaff {
            role: one.role.key().to_owned(),
            username: one.username,
            password: one.password,
            totp_secret: one.totp_secret,
        });
        lines.collect()
    };
    let tenants = filled.tenants.into_iter().filter_map(|one| {
        let tenant = services.registry.by_slug(&one.slug)?;
        let customers = one.customers.into_iter().map(|(username, number, name)| BookCustomer {
            username,
            password: one.password.clone(),
            number,
            name,
        });
        let applicants = one.applicants.into_iter().map(|one| BookApplicant {
            number: one.number,
            name: one.name,
            postcode: one.postcode,
            supply_point: one.supply_point,
            contract_number: one.contract_number,
            invoice_number: one.invoice_number,
            invoice_amount: one.invoice_amount,
        });
        Some(BookTenant {
            applicants: applicants.collect(),
            slug: one.slug,
            host: tenant.document.hosts.canonical.clone(),
            mount: if tenant.base().is_empty() { "/".to_owned() } else { tenant.base().to_owned() },
            customers: customers.collect(),
            staff: staff(one.staff),
        })
    });
    let (base, console, private) = addresses(config);
    Book { base, console, private, tenants: tenants.collect(), platform: staff(filled.platform) }
}

/// Who can log in where, for a person at a terminal.
pub fn print(book: &Book) {
    println!("\n{:9} {:44} {:13} password", "supplier", "address", "customer");
    for tenant in &book.tenants {
        let port =
            book.base.rsplit_once(':').filter(|(start, _)| start.contains("//")).map(|(_, port)| format!(":{port}"));
        let scheme = book.base.split("//").next().unwrap_or("http:");
        let address = format!("{scheme}//{}{}{}", tenant.host, port.unwrap_or_default(), tenant.mount);
        if let Some(first) = tenant.customers.first() {
            println!("{:9} {address:44} {:13} {}", tenant.slug, first.username, first.password);
        }
    }
    if let Some(lead) = book.tenants.first().and_then(|tenant| tenant.staff.first()) {
        println!(
            "\noperators  <address>/operator           {} / the supplier's password above / one-time code",
            lead.username
        );
    }
    if let Some(one) = book.platform.first() {
        println!("console    {}   {} / {} / one-time code", book.console, one.username, one.password);
    }
    println!(
        "one-time codes: `busbar code <supplier> <username>`, or the totp_secret in demo.json in any authenticator"
    );
}

/// The one-time code of a member of the demo's staff right now; `supplier` is `console` for the platform.
pub fn code(config: &Config, supplier: &str, username: &str) -> Result<String> {
    let book = read(&book_path(config))?;
    let staff = match supplier {
        "console" => &book.platform,
        slug => {
            &book
                .tenants
                .iter()
                .find(|tenant| tenant.slug == slug)
                .with_context(|| format!("no supplier \"{slug}\""))?
                .staff
        }
    };
    let member =
        staff.iter().find(|one| one.username == username).with_context(|| format!("no \"{username}\" there"))?;
    totp::code_at(&member.totp_secret, time::OffsetDateTime::now_utc()).context("the secret cannot be read")
}

//! `busbar demo`: fills the database with synthetic customers and writes down who can log in.
use super::config::Config;
use super::{demo, reload, state};
use crate::domain::features::Feature;
use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};

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
    pub staff: Vec<BookStaff>,
}

#[derive(Serialize, Deserialize, Debug, Clone)]
pub struct BookCustomer {
    pub username: String,
    pub password: String,
    pub number: String,
    pub name: String,
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
    let chosen: Vec<demo::DemoTenant> = all
        .iter()
        .map(|tenant| demo::DemoTenant {
            id: tenant.id,
            slug: tenant.slug.clone(),
            account: tenant.document.payment.account.clone(),
            has_electricity: tenant.document.commodities.electricity,
            has_gas: tenant.document.commodities.gas,
            announces_settlements: tenant.has(Feature::DocumentElectronicSettlement),
        })
        .collect();
    if chosen.is_empty() {
        bail!("no tenants to fill");
    }
    let hash = |password: &str| services.hasher.hash_now(password);
    let style = |id| demo_style(&services, id);
    let filled = demo::fill(&services.db, &chosen, customers, seed, today, LISTED, hash, style, progress).await?;
    let book = book(config, &services, filled);
    let text = serde_json::to_string_pretty(&book)?;
    let path = config.data.dir.join("demo.json");
    std::fs::write(&path, text).with_context(|| format!("data.dir: cannot write {}", path.display()))?;
    services.db.close().await;
    Ok(book)
}

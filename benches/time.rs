//! Requests per second, latency at 70 % of them, CPU time, memory and start-up: rounds in which the contenders take turns.
use super::contender::Contender;
use super::load::{self, Outcome};
use super::meter::{self, Stack, Use};
use super::report::{self, Measured};
use super::site::{Services, Site};
use super::{Size, features, pdf};
use anyhow::{Context, Result, ensure};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Connections of the load that finds out what goes.
const CONNECTIONS: usize = 16;
/// Share of a contender's own capacity at which its latency is measured.
const LOAD: f64 = 0.7;

pub async fn run(size: &Size) -> Result<()> {
    let services = Services::of_environment()?;
    let contenders = contenders(&services, size, &busbar()?).await?;
    let mut measured: Vec<Vec<Measured>> = contenders.iter().map(|_| Vec::new()).collect();
    for round in 0..size.rounds {
        eprintln!("round {} of {}", round + 1, size.rounds);
        for (contender, rounds) in contenders.iter().zip(&mut measured) {
            rounds.push(measure(contender, &services, size).await.with_context(|| contender.name)?);
        }
    }
    let (check, pdf) = (features::nanoseconds()?, pdf::per_second()?);
    let names: Vec<&str> = contenders.iter().map(|contender| contender.name).collect();
    report::timed(size, &names, &measured, check, pdf)
}

pub fn busbar() -> Result<PathBuf> {
    Ok(PathBuf::from(env!("CARGO_BIN_EXE_busbar")))
}

/// The limit and Busbar on eight tenants, and Busbar on many.
pub async fn contenders(services: &Services, size: &Size, busbar: &Path) -> Result<Vec<Contender>> {
    eprintln!("filling: 8 tenants x {} customers", size.customers);
    services.create(&["few", "many"])?;
    let few = Site::fill(services, busbar, "few", size.customers, 8, size.people)?;
    let (hosts, targets) = few.limit_targets(services)?;
    let hosts_file = few.dir.join("hosts.json");
    std::fs::write(&hosts_file, serde_json::to_string(&hosts)?)?;
    let address = spare()?;
    let arguments = [
        "limit",
        "--listen",
        &address.to_string(),
        "--database",
        &few.database,
        "--redis",
        &services.redis,
        "--hosts",
        &hosts_file.display().to_string(),
    ];
    let mut all = vec![Contender {
        name: "limit",
        program: std::env::current_exe()?,
        arguments: arguments.map(str::to_owned).to_vec(),
        environment: Vec::new(),
        address,
        targets,
    }];
    all.push(on_site("busbar", services, &few, busbar).await?);
    if size.tenants > 0 {
        let customers = (8 * size.customers).div_ceil(size.tenants);
        eprintln!("filling: {} tenants x {customers} customers", size.tenants);
        let many = Site::fill(services, busbar, "many", customers, size.tenants, size.people)?;
        all.push(on_site("busbar, many tenants", services, &many, busbar).await?);
    }
    Ok(all)
}

pub async fn on_site(name: &'static str, services: &Services, site: &Site, busbar: &Path) -> Result<Contender> {
    let address = spare()?;
    let environment = site.environment(services, address);
    let program = busbar.to_path_buf();
    let mut contender = Contender {
        name,
        program,
        arguments: vec!["serve".into()],
        environment,
        address,
        targets: site.front_doors().into(),
    };
    let running = contender.start(&site.dir).await?;
    contender.targets = site.sign_in(address).await?;
    drop(running);
    Ok(contender)
}

fn spare() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

async fn measure(contender: &Contender, services: &Services, size: &Size) -> Result<Measured> {
    let dir = services.dir.join("tmp");
    let running = contender.start(&dir).await?;
    let stack = Stack { app: running.pid(), postgres: services.postgres_pid, redis: services.redis_pid };
    let idle = meter::resident(stack.app);
    let bytes = load::verify(contender.address, &contender.targets).await?;
    let time = Duration::from_secs(size.seconds);
    warm(contender, time / 4).await?;
    let before = stack.cpu()?;
    let full = right(load::saturate(contender.address, &contender.targets, CONNECTIONS, time).await?)?;
    let cost: Use = stack.cpu()?.since(&before, full.requests);
    let paced = right(load::pace(contender.address, &contender.targets, full.per_second() * LOAD, time).await?)?;
    let loaded = meter::resident(stack.app);
    load::verify(contender.address, &contender.targets).await?;
    Ok(Measured {
        per_second: full.per_second(),
        cost,
        p50: paced.percentile(0.50),
        p99: paced.percentile(0.99),
        idle,
        loaded,
        start: running.started_in.as_secs_f64() * 1000.0,
        bytes,
    })
}

async fn warm(contender: &Contender, time: Duration) -> Result<()> {
    right(load::saturate(contender.address, &contender.targets, CONNECTIONS, time).await?).map(drop)
}

fn right(outcome: Outcome) -> Result<Outcome> {
    ensure!(outcome.wrong == 0, "{} of {} answers were wrong", outcome.wrong, outcome.requests);
    Ok(outcome)
}

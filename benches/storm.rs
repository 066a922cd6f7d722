//! A storm: one outage, half a million notices. How long until it is decided, so that whoever wants to know will be told whatever happens; how
//! long until the workers have queued all (beside PostgreSQL's own INSERT … SELECT of the same rows) and a gateway has them; and that it has
//! each once when workers are killed on the way.
use super::Storm;
use super::contender::CORE;
use super::site::{Services, Site};
use super::time::busbar;
use anyhow::{Context, Result, bail, ensure};
use busbar::data::{Database, DatabaseConfig, Manner, Telling};
use busbar::domain::ids::{OutageId, TenantId};
use busbar::domain::outages::{Areas, Channels, Place};
use std::collections::HashMap;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use time::OffsetDateTime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const SLUG: &str = "eon";
/// Texts in one request to the gateway.
const BATCH: usize = 1000;

/// Customers with a log-in, a supply point and the wish to be told by text, touched by one outage; and an outbox that has sent before.
const FILL: &str = "
    create temp table storm as select gen_random_uuid() as customer, gen_random_uuid() as account, gen_random_uuid() as point, n
        from generate_series(1, :count) n;
    insert into customers select r.* from storm s cross join (select t as one from customers t where tenant_id = :tenant limit 1) c
        cross join lateral json_populate_record(c.one, json_build_object('id', s.customer, 'number', 'S' || s.n,
        'phone', '+420777' || lpad(s.n::text, 6, '0'))) r;
    insert into accounts select r.* from storm s cross join (select t as one from accounts t where tenant_id = :tenant limit 1) c
        cross join lateral json_populate_record(c.one, json_build_object('id', s.account, 'username', 'storm' || s.n,
        'username_key', 'storm' || s.n, 'is_disabled', false, 'phone', '+420777' || lpad(s.n::text, 6, '0'))) r;
    insert into memberships select r.* from storm s cross join (select t as one from memberships t where tenant_id = :tenant and role = 'owner' limit 1) c
        cross join lateral json_populate_record(c.one, json_build_object('customer_id', s.customer, 'account_id', s.account)) r;
    insert into supply_points select r.* from storm s cross join (select t as one from supply_points t where tenant_id = :tenant limit 1) c
        cross join lateral json_populate_record(c.one, json_build_object('id', s.point, 'customer_id', s.customer, 'code', 'S' || s.n,
        'commodity', 'electricity', 'city', 'Bouřkov', 'town_key', 'bourkov', 'contract_since', '2020-01-01', 'contract_until', null)) r;
    insert into outages select r.* from (select 1) s cross join (select t as one from outages t where tenant_id = :tenant limit 1) c
        cross join lateral json_populate_record(c.one, json_build_object('id', gen_random_uuid(), 'number', 'STORM', 'version', 1,
        'kind', 'planned', 'is_cancelled', false, 'starts_at', now() + interval '16 days', 'ends_at', now() + interval '16 days 7 hours')) r;
    insert into outage_subscriptions (tenant_id, account_id, customer_id, supply_point_id, channel, is_on, token, created_at)
        select :tenant, s.account, s.customer, s.point, 'sms', true, md5(s.point::text), now() from storm s;
    update outbox set state = 'sent', sent_at = now();
    insert into outbox select r.* from generate_series(1, 20000) s cross join (select t as one from outbox t limit 1) c
        cross join lateral json_populate_record(c.one, json_build_object('id', gen_random_uuid(), 'dedupe_key', 'history:' || s)) r;";

pub async fn run(size: &Storm) -> Result<()> {
    let services = Services::of_environment()?;
    services.create(&["storm"])?;
    let program = busbar()?;
    let site = Site::fill(&services, &program, "storm", 8, 0, 1)?;
    let tenant = services.psql(&site.database, &["-c", &format!("select id from tenants where slug = '{SLUG}'")])?;
    let tenant = TenantId(tenant.trim().parse()?);
    fill(&services, &site, tenant, size.notices)?;
    decide(&services, &site, tenant, size.notices).await?;
    drain(&services, &site, &program, size).await?;
    println!("PostgreSQL's own INSERT … SELECT of the same rows: {:.2} s", copy(&services, &site)?);
    Ok(())
}

fn fill(services: &Services, site: &Site, tenant: TenantId, count: usize) -> Result<()> {
    let sql = FILL.replace(":tenant", &tenant.0.to_string()).replace(":count", &count.to_string());
    services.psql(&site.database, &["-c", &sql, "-c", "vacuum analyze"]).map(|_| ())
}

/// All that somebody waits for at the desk.
async fn decide(services: &Services, site: &Site, tenant: TenantId, count: usize) -> Result<()> {
    let db = Database::connect(&DatabaseConfig { url: site.app_url.clone(), max_connections: 2 }).await?;
    let id = services.psql(&site.database, &["-c", "select id from outages where number = 'STORM'"])?;
    let id = OutageId(id.trim().parse().context("the outage has an id")?);
    let now = OffsetDateTime::now_utc();
    let begun = Instant::now();
    let tx = db.tenant(tenant).begin().await?;
    let mut outage = tx.outage(id).await?;
    outage.areas =
        Areas { addresses: vec![Place { municipality: "Bouřkov".into(), ..Place::default() }], ..Areas::default() };
    let touched = tx.match_outage(&outage, now.date()).await?;
    tx.commit().await?;
    ensure!(touched == count as u64, "{touched} of {count} were found");
    println!("{count} supply points of a town found in {:.2} s", begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    let tx = db.tenant(tenant).begin().await?;
    let channels = Channels { mail: false, sms: true };
    let manner = Manner { channels, language: "cs", now, today: now.date(), points: 1_000 };
    let told = tx.queue_outage_notices(&outage, Telling::Planned, manner).await?;
    tx.commit().await?;
    ensure!(told.sms == count as i64, "{} of {count} were counted", told.sms);
    println!("decided and the first told in {:.2} s", begun.elapsed().as_secs_f64());
    db.close().await;
    Ok(())
}

/// Seconds in which PostgreSQL alone writes such rows with their keys.
fn copy(services: &Services, site: &Site) -> Result<f64> {
    services.psql(&site.database, &["-c", "create table outbox_again (like outbox including all)"])?;
    let begun = Instant::now();
    services.psql(&site.database, &["-c", "insert into outbox_again select * from outbox"])?;
    Ok(begun.elapsed().as_secs_f64())
}

/// What the gateway was handed: how often each id.
type Taken = Arc<Mutex<HashMap<[u8; 36], u32>>>;

/// Workers tell the rest, while others hand over what they have told.
async fn drain(services: &Services, site: &Site, program: &Path, size: &Storm) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let taken: Taken = Arc::default();
    let gateway = tokio::spawn(serve(listener, taken.clone()));
    let distinct = || taken.lock().map(|taken| taken.len()).unwrap_or_default();
    let begun = Instant::now();
    let mut worker = start(services, site, program, &url)?;
    let spreading = "select count(*) from outbox where channel = 'spread' and state = 'ready'";
    let mut queued = None;
    for kill in 0..size.kills {
        let goal = size.notices * (kill + 1) / (size.kills + 1);
        while distinct() < goal && begun.elapsed() < Duration::from_secs(600) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        worker.kill()?;
        worker.wait()?;
        worker = start(services, site, program, &url)?;
    }
    while distinct() < size.notices {
        if begun.elapsed() > Duration::from_secs(900) {
            worker.kill()?;
            bail!("{} of {} reached the gateway", distinct(), size.notices);
        }
        if queued.is_none() && services.psql(&site.database, &["-c", spreading])?.trim() == "0" {
            queued = Some(begun.elapsed().as_secs_f64());
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let lasted = begun.elapsed().as_secs_f64();
    println!(
        "{} notices queued by the workers in {:.2} s, with the gateway in {lasted:.2} s ({:.0} a second)",
        size.notices,
        queued.unwrap_or(lasted),
        size.notices as f64 / lasted
    );
    let waiting = "select count(*) from outbox where state <> 'sent'";
    let patience = Instant::now() + Duration::from_secs(120);
    while services.psql(&site.database, &["-c", waiting])?.trim() != "0" && Instant::now() < patience {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    worker.kill()?;
    worker.wait()?;
    gateway.abort();
    let left = services.psql(&site.database, &["-c", waiting])?;
    let taken = taken.lock().map_err(|_| anyhow::anyhow!("the gateway panicked"))?;
    let again: u32 = taken.values().map(|times| times - 1).sum();
    println!(
        "{} killed; {} distinct, {again} handed over again under the same id, {} not recorded",
        size.kills,
        taken.len(),
        left.trim()
    );
    Ok(())
}

fn start(services: &Services, site: &Site, program: &Path, url: &str) -> Result<Child> {
    let mut command = Command::new("taskset");
    command.args(["-c", CORE]).arg(program).arg("serve").current_dir(&site.dir);
    command.envs(site.environment(services, "127.0.0.1:0".parse()?));
    command
        .env("BUSBAR__SMS__URL", url)
        .env("BUSBAR__SMS__BATCH", BATCH.to_string())
        .env("BUSBAR__LOG__FILTER", "error");
    Ok(command.spawn()?)
}

async fn serve(listener: TcpListener, taken: Taken) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(answer(stream, taken.clone()));
    }
}

/// Takes whatever comes and names nothing of its own.
async fn answer(mut stream: TcpStream, taken: Taken) -> Option<()> {
    let mut held: Vec<u8> = Vec::new();
    let mut part = vec![0; 256 * 1024];
    loop {
        let (head, length) = loop {
            if let Some(end) = find(&held, b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&held[..end]).to_ascii_lowercase();
                let length = head
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length: ")?.trim().parse::<usize>().ok())?;
                if held.len() >= end + 4 + length {
                    break (end + 4, length);
                }
            }
            let read = stream.read(&mut part).await.ok().filter(|read| *read > 0)?;
            held.extend_from_slice(&part[..read]);
        };
        let count = take(&held[head..head + length], &taken);
        held.drain(..head + length);
        let body = format!("[{}]", vec!["{}"; count].join(","));
        let reply = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(reply.as_bytes()).await.ok()?;
    }
}

fn take(body: &[u8], taken: &Taken) -> usize {
    let mut count = 0;
    let Ok(mut taken) = taken.lock() else { return 0 };
    let mut rest = body;
    while let Some(at) = find(rest, b"\"id\":\"") {
        let Some(id) = rest.get(at + 6..at + 42) else { break };
        *taken.entry(id.try_into().unwrap_or([0; 36])).or_default() += 1;
        count += 1;
        rest = &rest[at + 42..];
    }
    count
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

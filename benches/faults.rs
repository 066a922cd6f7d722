//! What people see while what the application leans on fails: the dashboard's latency, healthy, then with thousands of messages for a mail
//! server that says nothing and a gateway that is slow, then with a Redis that says nothing, then without one.
use super::load::{self, Outcome};
use super::site::{Services, Site};
use super::time::{busbar, on_site};
use anyhow::{Context, Result, ensure};
use std::process::Command;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Dashboards asked for in a second.
const A_SECOND: f64 = 100.0;
/// Messages of each way that wait.
const WAITING: u32 = 5_000;
/// How long the gateway takes to say that it is too busy.
const SLOW: Duration = Duration::from_secs(5);

const FILL: &str = "
    insert into outbox (tenant_id, id, channel, kind, recipient, language, payload, dedupe_key, state, attempts, next_at, subject,
        body_text, body_html, created_at, lane)
    select t.id, gen_random_uuid(), way, 'outage_planned', case way when 'mail' then 'n' || n || '@example.cz' else '+420777' || lpad(n::text, 6, '0') end,
        'cs', '{\"path\":\"/outages\",\"starts_at\":\"2027-01-08T06:30:00Z\",\"ends_at\":\"2027-01-08T14:00:00Z\",\"duration_minutes\":450,\"place\":\"Lhota\",\"reason\":\"\",\"distributor\":\"\",\"point_name\":\"Lhota 1\",\"off\":\"/outages/off?token=x\"}',
        'fault:' || way || n, 'ready', 0, now(), '', '', '', now(), t.id * 64 + case way when 'mail' then 0 else 8 end + 2
    from generate_series(1, :count) n, (values ('mail'), ('sms')) ways(way), (select id from tenants where slug = 'eon') t;";

pub async fn run(seconds: u64) -> Result<()> {
    let services = Services::of_environment()?;
    services.create(&["faults"])?;
    let site = Site::fill(&services, &busbar()?, "faults", 100, 8, 40)?;
    let silent = TcpListener::bind("127.0.0.1:0").await?;
    let slow = TcpListener::bind("127.0.0.1:0").await?;
    let mut contender = on_site("busbar", &services, &site, &busbar()?).await?;
    contender.environment.extend([
        ("BUSBAR__MAIL__SMTP".to_owned(), format!("smtp://{}", silent.local_addr()?)),
        ("BUSBAR__SMS__URL".to_owned(), format!("http://{}/", slow.local_addr()?)),
    ]);
    let (silent, slow) = (tokio::spawn(says_nothing(silent)), tokio::spawn(is_busy(slow)));
    let _running = contender.start(&site.dir).await?;
    let measure = async |name: &str| -> Result<()> {
        let time = Duration::from_secs(seconds);
        load::pace(contender.address, &contender.targets, A_SECOND, time / 4).await?;
        let seen = load::pace(contender.address, &contender.targets, A_SECOND, time).await?;
        report(name, &seen);
        Ok(())
    };
    measure("healthy").await?;
    services.psql(&site.database, &["-c", &FILL.replace(":count", &WAITING.to_string())])?;
    measure("mail silent, gateway slow").await?;
    let tried = services.psql(&site.database, &["-c", "select count(*) from outbox where attempts > 0"])?;
    ensure!(tried.trim() != "0", "nothing was even tried");
    signal("STOP", services.redis_pid)?;
    measure("and Redis silent").await?;
    signal("KILL", services.redis_pid)?;
    measure("and Redis gone").await?;
    silent.abort();
    slow.abort();
    Ok(())
}

fn report(name: &str, seen: &Outcome) {
    println!(
        "{name}: p50 {:.2} ms, p99 {:.2} ms, slowest {:.0} ms; {} of {} wrong",
        seen.percentile(0.50),
        seen.percentile(0.99),
        seen.percentile(1.0),
        seen.wrong,
        seen.requests
    );
}

fn signal(name: &str, pid: u32) -> Result<()> {
    let status = Command::new("kill").args([format!("-{name}"), pid.to_string()]).status().context("kill")?;
    ensure!(status.success(), "{name} did not reach {pid}");
    Ok(())
}

async fn says_nothing(listener: TcpListener) {
    let mut held = Vec::new();
    while let Ok((stream, _)) = listener.accept().await {
        held.push(stream);
    }
}

async fn is_busy(listener: TcpListener) {
    while let Ok((mut stream, _)) = listener.accept().await {
        tokio::spawn(async move {
            let mut part = vec![0; 64 * 1024];
            _ = stream.read(&mut part).await;
            tokio::time::sleep(SLOW).await;
            _ = stream.write_all(b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
        });
    }
}

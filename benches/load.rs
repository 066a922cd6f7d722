//! Two kinds of load: as much as goes (capacity), and arrivals at a given rate that do not wait for answers (latency).
use super::http::Connection;
use anyhow::{Context, Result, bail};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A request, and what its right answer holds.
pub struct Target {
    pub request: Vec<u8>,
    pub marks: Vec<String>,
}

pub struct Outcome {
    pub requests: u64,
    pub wrong: u64,
    pub seconds: f64,
    /// Latencies in microseconds, ascending.
    pub micros: Vec<u64>,
}

impl Outcome {
    pub fn per_second(&self) -> f64 {
        self.requests as f64 / self.seconds
    }
    /// Latency that `share` of the requests stay within, in milliseconds.
    pub fn percentile(&self, share: f64) -> f64 {
        let last = self.micros.len().saturating_sub(1);
        let index = ((self.micros.len() as f64 * share).ceil() as usize).saturating_sub(1).min(last);
        self.micros.get(index).map_or(0.0, |micros| *micros as f64 / 1000.0)
    }
}

/// Smallest page that may count as a dashboard, in bytes.
const SMALLEST: usize = 4000;

/// Every connection asks again as soon as it is answered.
pub async fn saturate(
    address: SocketAddr,
    targets: &Arc<[Target]>,
    connections: usize,
    time: Duration,
) -> Result<Outcome> {
    let end = Instant::now() + time;
    let work = move |mut connection: Connection, targets: Arc<[Target]>, number: usize| async move {
        let mut done = Vec::new();
        let mut wrong = 0;
        let mut next = number * targets.len() / connections;
        while Instant::now() < end {
            let start = Instant::now();
            let reply = connection.exchange(&targets[next % targets.len()].request).await?;
            wrong += u64::from(reply.status != 200 || reply.body.len() < SMALLEST);
            done.push(start.elapsed().as_micros() as u64);
            next += 1;
        }
        Ok((done, wrong))
    };
    spread(address, targets, connections, work).await
}

/// Poisson arrivals, `per_second` in all. A request that had to wait for a free connection counts from when it was due.
pub async fn pace(address: SocketAddr, targets: &Arc<[Target]>, per_second: f64, time: Duration) -> Result<Outcome> {
    const CONNECTIONS: usize = 64;
    let begin = Instant::now();
    let mean = CONNECTIONS as f64 / per_second;
    let work = move |mut connection: Connection, targets: Arc<[Target]>, number: usize| async move {
        let mut done = Vec::new();
        let mut wrong = 0;
        let mut random = Random(number as u64 + 1);
        let mut next = number * targets.len() / CONNECTIONS;
        let mut due = begin + Duration::from_secs_f64(mean * random.exponential());
        while due < begin + time {
            let mut start = due;
            if Instant::now() < due {
                // The timer rings up to a millisecond late; that is ours, not the server's.
                tokio::time::sleep_until(due.into()).await;
                start = Instant::now();
            }
            let reply = connection.exchange(&targets[next % targets.len()].request).await?;
            wrong += u64::from(reply.status != 200 || reply.body.len() < SMALLEST);
            done.push(start.elapsed().as_micros() as u64);
            next += 1;
            due += Duration::from_secs_f64(mean * random.exponential());
        }
        Ok((done, wrong))
    };
    spread(address, targets, CONNECTIONS, work).await
}

/// One after another on one connection: for counting.
pub async fn exactly(address: SocketAddr, targets: &[Target], count: usize) -> Result<()> {
    let mut connection = Connection::open(address).await?;
    for target in targets.iter().cycle().take(count) {
        let reply = connection.exchange(&target.request).await?;
        if !matches!(reply.status, 200 | 304) {
            bail!("answered {}", reply.status);
        }
    }
    Ok(())
}

/// The style sheet of the first page, as a browser asks for it first and as it asks again.
pub async fn assets(address: SocketAddr, targets: &[Target]) -> Result<[Target; 2]> {
    let page = targets.first().context("there is a page")?;
    let mut connection = Connection::open(address).await?;
    let reply = connection.exchange(&page.request).await?;
    let body = String::from_utf8_lossy(reply.body);
    let path = body.split('"').find(|part| part.ends_with("/style.css")).context("a page has a style sheet")?;
    let tag = path.rsplit('/').nth(1).context("its path holds its hash")?;
    let request = String::from_utf8_lossy(&page.request);
    let host = request.lines().find(|line| line.starts_with("Host:")).context("a request names its host")?;
    let asked = |more: &str| {
        let head =
            format!("GET {path} HTTP/1.1\r\n{host}\r\nAccept-Encoding: gzip, br\r\nUser-Agent: bench\r\n{more}\r\n");
        Target { request: head.into_bytes(), marks: Vec::new() }
    };
    Ok([asked(""), asked(&format!("If-None-Match: \"{tag}\"\r\n"))])
}

/// The outages of a supplier, as everybody asks for them in a storm; the first time and with the tag of what they hold.
pub async fn outages(address: SocketAddr, targets: &[Target]) -> Result<[Target; 2]> {
    let of_eon = |target: &&Target| String::from_utf8_lossy(&target.request).contains("Host: eon.");
    let page =
        String::from_utf8_lossy(&targets.iter().find(of_eon).context("somebody is E.ON's")?.request).into_owned();
    let host = page.lines().find(|line| line.starts_with("Host:")).context("a request names its host")?;
    let asked = |more: &str| {
        let head = format!(
            "GET /outages/public HTTP/1.1\r\n{host}\r\nAccept: text/html\r\nAccept-Language: cs\r\nAccept-Encoding: gzip\r\n\
             User-Agent: bench\r\n{more}\r\n"
        );
        Target { request: head.into_bytes(), marks: Vec::new() }
    };
    let mut connection = Connection::open(address).await?;
    let reply = connection.exchange(&asked("").request).await?;
    let tag =
        reply.head.lines().find_map(|line| line.to_ascii_lowercase().starts_with("etag:").then(|| line[5..].trim()));
    let tag = tag.context("the list has a tag")?.to_owned();
    Ok([asked(""), asked(&format!("If-None-Match: {tag}\r\n"))])
}

/// Every target answers with what it must hold.
pub async fn verify(address: SocketAddr, targets: &[Target]) -> Result<usize> {
    let mut connection = Connection::open(address).await?;
    let mut largest = 0;
    for target in targets {
        let reply = connection.exchange(&target.request).await?;
        let body = String::from_utf8_lossy(reply.body);
        let missing: Vec<&String> = target.marks.iter().filter(|mark| !body.contains(mark.as_str())).collect();
        if reply.status != 200 || !missing.is_empty() {
            let request = String::from_utf8_lossy(&target.request);
            bail!("{} answered {} without {missing:?}:\n{body}", request.lines().next().unwrap_or(""), reply.status);
        }
        largest = largest.max(reply.body.len());
    }
    Ok(largest)
}

async fn spread<F, W>(address: SocketAddr, targets: &Arc<[Target]>, connections: usize, work: F) -> Result<Outcome>
where
    F: Fn(Connection, Arc<[Target]>, usize) -> W,
    W: Future<Output = Result<(Vec<u64>, u64)>> + Send + 'static,
{
    let begin = Instant::now();
    let mut tasks = Vec::new();
    for number in 0..connections {
        tasks.push(tokio::spawn(work(Connection::open(address).await?, targets.clone(), number)));
    }
    let mut micros = Vec::new();
    let mut wrong = 0;
    for task in tasks {
        let (done, of_it_wrong) = task.await??;
        micros.extend(done);
        wrong += of_it_wrong;
    }
    let seconds = begin.elapsed().as_secs_f64();
    micros.sort_unstable();
    Ok(Outcome { requests: micros.len() as u64, wrong, seconds, micros })
}

/// SplitMix64: the same arrivals in every run.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
    /// Exponentially distributed with mean 1.
    fn exponential(&mut self) -> f64 {
        let uniform = ((self.next() >> 11) as f64 + 1.0) / (1u64 << 53) as f64;
        -uniform.ln()
    }
}

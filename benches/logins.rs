//! Log-ins a second beside what one core could check if it did nothing but hash: the application has a core of its own, the people, PostgreSQL
//! and Redis the other.
use super::http::{Connection, cookies};
use super::site::{Services, Site};
use super::time::{busbar, on_site};
use anyhow::{Context, Result, ensure};
use busbar::backends::hasher::Hasher;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// People at the door at once; each comes from an address of their own.
const AT_ONCE: usize = 4;
/// Passwords checked to learn how long one takes.
const CHECKS: u32 = 200;

pub async fn run(seconds: u64) -> Result<()> {
    let services = Services::of_environment()?;
    services.create(&["logins"])?;
    let site = Site::fill(&services, &busbar()?, "logins", 20, 8, 64)?;
    let contender = on_site("busbar", &services, &site, &busbar()?).await?;
    let before = seconds_to_check().await?;
    let running = contender.start(&site.dir).await?;
    let requests: Arc<[Vec<u8>]> = come_back(site.log_ins(), contender.address).await?.into();
    // Twice: the first is for warmth.
    let mut done = 0;
    for _ in 0..2 {
        let end = Instant::now() + Duration::from_secs(seconds);
        let mut people = Vec::new();
        for number in 0..AT_ONCE {
            let own = Ipv4Addr::new(127, 2, 0, number as u8 + 1);
            let (requests, mut door) = (requests.clone(), Connection::open_from(own, contender.address).await?);
            people.push(tokio::spawn(async move {
                let (mut done, mut next) = (0_u64, number);
                while Instant::now() < end {
                    let reply = door.exchange(&requests[next % requests.len()]).await?;
                    ensure!(reply.status == 303, "answered {}", reply.status);
                    (done, next) = (done + 1, next + AT_ONCE);
                }
                Ok(done)
            }));
        }
        done = 0;
        for person in people {
            done += person.await??;
        }
    }
    drop(running);
    // A shared machine is not always as fast: once before, once after.
    let hash = (before + seconds_to_check().await?) / 2.0;
    let per_second = done as f64 / seconds as f64;
    println!(
        "{per_second:.1} log-ins a second on one core; a hash takes {:.2} ms, {:.1} a second: {:.3} of it",
        hash * 1000.0,
        1.0 / hash,
        per_second * hash
    );
    Ok(())
}

/// People who came before: their browsers are known, and no mail tells them of a new device.
async fn come_back(requests: Vec<Vec<u8>>, address: SocketAddr) -> Result<Vec<Vec<u8>>> {
    let mut again = Vec::new();
    for (place, request) in requests.into_iter().enumerate() {
        let own = Ipv4Addr::new(127, 3, 0, place as u8 + 1);
        let mut door = Connection::open_from(own, address).await?;
        let reply = door.exchange(&request).await?;
        let set = cookies(reply.head);
        let device = set.split("; ").find(|one| one.contains("device=")).context("the browser is given a name")?;
        let line = request.windows(2).position(|two| two == b"\r\n").context("a request has lines")?;
        again.push([&request[..line], b"\r\nCookie: ", device.as_bytes(), &request[line..]].concat());
    }
    Ok(again)
}

async fn seconds_to_check() -> Result<f64> {
    let hasher = Hasher::new(1);
    let kept = hasher.hash("zkušební heslo").await?;
    let begun = Instant::now();
    for _ in 0..CHECKS {
        ensure!(hasher.verify("zkušební heslo", Some(&kept)).await?, "it is the password");
    }
    Ok(begun.elapsed().as_secs_f64() / f64::from(CHECKS))
}

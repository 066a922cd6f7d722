//! Log-ins a second beside what one core could check if it did nothing but hash: the application has a core of its own, the people, PostgreSQL
//! and Redis the other.
use super::contender::CORE;
use super::http::{Connection, cookies};
use super::site::{Services, Site};
use super::time::{busbar, on_site};
use anyhow::{Context, Result, ensure};
use busbar::backends::hasher::Hasher;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// People at the door at once; each comes from an address of their own.
const AT_ONCE: usize = 4;
/// Passwords checked to learn how long one takes.
const CHECKS: u32 = 25;
/// In each, first only hashes are made on the application's core, then people sign in: a shared machine is not always as fast, and what is
/// to be compared stands close together.
const ROUND: Duration = Duration::from_secs(1);

pub async fn run(count: u64) -> Result<()> {
    let services = Services::of_environment()?;
    services.create(&["logins"])?;
    let site = Site::fill(&services, &busbar()?, "logins", 20, 8, 64)?;
    let contender = on_site("busbar", &services, &site, &busbar()?).await?;
    let _running = contender.start(&site.dir).await?;
    let requests: Arc<[Vec<u8>]> = come_back(site.log_ins(), contender.address).await?.into();
    // For warmth.
    sign_in(&requests, contender.address).await?;
    let mut rounds = Vec::new();
    for _ in 0..count {
        let hash = hash_on_its_core()?;
        let a_second = sign_in(&requests, contender.address).await?;
        rounds.push((a_second * hash, a_second, hash));
    }
    rounds.sort_by(|one, other| one.0.total_cmp(&other.0));
    let quarter = |part: usize| rounds[rounds.len() * part / 4];
    let (share, a_second, hash) = quarter(2);
    println!(
        "{count} rounds, half of them between {:.3} and {:.3}; the median's {a_second:.1} log-ins a second on one core, where a hash \
         takes {:.2} ms, are {share:.3} of what it could hash",
        quarter(1).0,
        quarter(3).0,
        hash * 1000.0
    );
    Ok(())
}

/// How many a second.
async fn sign_in(requests: &Arc<[Vec<u8>]>, address: SocketAddr) -> Result<f64> {
    let begun = Instant::now();
    let mut people = Vec::new();
    for number in 0..AT_ONCE {
        let own = Ipv4Addr::new(127, 2, 0, number as u8 + 1);
        let (requests, mut door) = (requests.clone(), Connection::open_from(own, address).await?);
        people.push(tokio::spawn(async move {
            let (mut done, mut next) = (0_u64, number);
            while begun.elapsed() < ROUND {
                let reply = door.exchange(&requests[next % requests.len()]).await?;
                ensure!(reply.status == 303, "answered {}", reply.status);
                (done, next) = (done + 1, next + AT_ONCE);
            }
            Ok(done)
        }));
    }
    let mut done = 0;
    for person in people {
        done += person.await??;
    }
    // The last ones are waited for.
    Ok(done as f64 / begun.elapsed().as_secs_f64())
}

fn hash_on_its_core() -> Result<f64> {
    let output = Command::new("taskset").args(["-c", CORE]).arg(std::env::current_exe()?).arg("hash").output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// People who came before: their browsers are known, and no mail tells them of a new device.
async fn come_back(requests: Vec<Vec<u8>>, address: SocketAddr) -> Result<Vec<Vec<u8>>> {
    let mut again = Vec::new();
    for (place, request) in requests.into_iter().enumerate() {
        let own = Ipv4Addr::new(127, 3, 0, place as u8 + 1);
        let mut door = Connection::open_from(own, address).await?;
        let reply = door.exchange(&request).await?;
        ensure!(reply.status == 303, "the first time answered {}", reply.status);
        let set = cookies(reply.head);
        let device = set.split("; ").find(|one| one.contains("device=")).context("the browser is given a name")?;
        let line = request.windows(2).position(|two| two == b"\r\n").context("a request has lines")?;
        again.push([&request[..line], b"\r\nCookie: ", device.as_bytes(), &request[line..]].concat());
    }
    Ok(again)
}

/// Prints the seconds of one.
pub async fn hash() -> Result<()> {
    let hasher = Hasher::new(1);
    let kept = hasher.hash("zkušební heslo").await?;
    let begun = Instant::now();
    for _ in 0..CHECKS {
        ensure!(hasher.verify("zkušební heslo", Some(&kept)).await?, "it is the password");
    }
    println!("{}", begun.elapsed().as_secs_f64() / f64::from(CHECKS));
    Ok(())
}

//! Instructions per request in user mode of the application under Callgrind: the figure that repeats.
use super::load::{self, Target};
use super::meter::{last_dump, tell};
use super::site::Services;
use super::{Size, report, time};
use anyhow::Result;
use std::net::SocketAddr;
use std::path::Path;

/// Requests before anything is counted: plans are made, caches filled, statements prepared.
const WARM: usize = 200;

pub async fn run(size: &Size) -> Result<()> {
    let services = Services::of_environment()?;
    let contenders = time::contenders(&services, size, &time::busbar()?).await?;
    let dir = services.dir.join("tmp");
    let mut counted = Vec::new();
    for contender in &contenders {
        eprintln!("counting {}", contender.name);
        let running = contender.start_counted(&dir).await?;
        load::verify(contender.address, &contender.targets).await?;
        let counting = Counting { address: contender.address, pid: running.pid(), dir: &dir };
        tell(&dir, running.pid(), &["instrumentation", "on"])?;
        counted.push((contender.name, counting.each(&contender.targets, size.requests).await?));
        if contender.name == "busbar" {
            let [whole, known] = load::assets(contender.address, &contender.targets).await?;
            counted.push(("its style sheet", counting.each(&[whole], size.requests).await?));
            counted.push(("not modified", counting.each(&[known], size.requests).await?));
            let [list, known] = load::outages(contender.address, &contender.targets).await?;
            counted.push(("public outage list", counting.each(&[list], size.requests).await?));
            counted.push(("public outage list, not modified", counting.each(&[known], size.requests).await?));
        }
    }
    report::counted(size, &counted)
}

struct Counting<'a> {
    address: SocketAddr,
    pid: u32,
    dir: &'a Path,
}

impl Counting<'_> {
    /// Instructions of the application for one request.
    async fn each(&self, targets: &[Target], requests: usize) -> Result<f64> {
        load::exactly(self.address, targets, WARM).await?;
        tell(self.dir, self.pid, &["zero"])?;
        load::exactly(self.address, targets, requests).await?;
        tell(self.dir, self.pid, &["dump"])?;
        Ok(last_dump(self.dir, self.pid)? / requests as f64)
    }
}

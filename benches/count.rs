//! Instructions per request in user mode of the application under Callgrind: the figure that repeats.
use super::contender::Contender;
use super::load;
use super::meter::{last_dump, tell};
use super::site::Services;
use super::{Size, report, time};
use anyhow::{Context, Result};

/// Requests before anything is counted: plans are made, caches filled, statements prepared.
const WARM: usize = 200;

pub async fn run(size: &Size) -> Result<()> {
    let services = Services::of_environment()?;
    let contenders = time::contenders(&services, size, &time::busbar()?).await?;
    let mut counted = Vec::new();
    for contender in &contenders {
        eprintln!("counting {}", contender.name);
        counted
            .push((contender.name, count(contender, &services, size.requests).await.with_context(|| contender.name)?));
    }
    report::counted(size, &counted)
}

/// Instructions of the application for one request.
async fn count(contender: &Contender, services: &Services, requests: usize) -> Result<f64> {
    let dir = services.dir.join("tmp");
    let running = contender.start_counted(&dir).await?;
    load::verify(contender.address, &contender.targets).await?;
    load::exactly(contender.address, &contender.targets, WARM).await?;
    tell(&dir, running.pid(), &["instrumentation", "on"])?;
    load::exactly(contender.address, &contender.targets, contender.targets.len()).await?;
    tell(&dir, running.pid(), &["zero"])?;
    load::exactly(contender.address, &contender.targets, requests).await?;
    tell(&dir, running.pid(), &["dump"])?;
    Ok(last_dump(&dir, running.pid())? / requests as f64)
}

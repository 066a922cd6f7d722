//! Instructions per request in user mode, of the application, PostgreSQL and Redis, all under Callgrind: the figure that repeats.
use super::contender::Contender;
use super::load;
use super::meter::{Stack, Use};
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

async fn count(contender: &Contender, services: &Services, requests: usize) -> Result<Use> {
    let running = contender.start_counted(&services.dir.join("counts")).await?;
    let stack = Stack { app: running.pid(), postgres: services.postgres_pid, redis: services.redis_pid };
    let dir = services.dir.join("counts");
    load::verify(contender.address, &contender.targets).await?;
    load::exactly(contender.address, &contender.targets, WARM).await?;
    stack.tell(&dir, &["instrumentation", "on"])?;
    load::exactly(contender.address, &contender.targets, contender.targets.len()).await?;
    stack.tell(&dir, &["zero"])?;
    load::exactly(contender.address, &contender.targets, requests).await?;
    stack.tell(&dir, &["dump"])?;
    let counted = stack.instructions(&dir)?.since(&Use::default(), requests as u64);
    stack.tell(&dir, &["instrumentation", "off"])?;
    Ok(counted)
}

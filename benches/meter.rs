//! What processes used: CPU time and memory from /proc; the application's instructions from Callgrind, which counts the same
//! whatever else the machine does, and on machines whose processors' own counters cannot be read.
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

/// The processes of the stack.
pub struct Stack {
    pub app: u32,
    pub postgres: u32,
    pub redis: u32,
}

/// Microseconds of CPU used by each part.
#[derive(Clone, Copy, Default)]
pub struct Use {
    pub app: f64,
    pub postgres: f64,
    pub redis: f64,
}

impl Use {
    pub fn all(&self) -> f64 {
        self.app + self.postgres + self.redis
    }
    /// What was used since `before`, for each of `requests`.
    pub fn since(&self, before: &Use, requests: u64) -> Use {
        let each = |now: f64, then: f64| (now - then) / requests.max(1) as f64;
        Use {
            app: each(self.app, before.app),
            postgres: each(self.postgres, before.postgres),
            redis: each(self.redis, before.redis),
        }
    }
}

impl Stack {
    /// User and system time so far, in microseconds.
    pub fn cpu(&self) -> Result<Use> {
        let postgres =
            children(self.postgres).into_iter().chain([self.postgres]).map(|pid| cpu_micros(pid).unwrap_or(0.0)).sum();
        Ok(Use { app: cpu_micros(self.app)?, postgres, redis: cpu_micros(self.redis)? })
    }
}

fn cpu_micros(pid: u32) -> Result<f64> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).context("the process is alive")?;
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let field = |index: usize| fields.get(index).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    Ok((field(11) + field(12)) * 1e6 / TICKS_PER_SECOND)
}

/// The processes it started.
fn children(parent: u32) -> Vec<u32> {
    let children = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
    children.split_whitespace().filter_map(|pid| pid.parse().ok()).collect()
}

/// Resident memory in MiB.
pub fn resident(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0");
    line.split_whitespace().next().and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// Tells Callgrind in a process: "instrumentation on", "zero", "dump".
pub fn tell(dir: &Path, pid: u32, order: &[&str]) -> Result<()> {
    let prefix = format!("--vgdb-prefix={}/vgdb", dir.display());
    let told = Command::new("timeout").args(["60", "vgdb", &prefix, &format!("--pid={pid}")]).args(order).output()?;
    if !told.status.success() {
        bail!("vgdb {order:?} to {pid}: {}", String::from_utf8_lossy(&told.stderr));
    }
    Ok(())
}

/// The summary of the newest dump of a process: `counts.PID.N`.
pub fn last_dump(dir: &Path, pid: u32) -> Result<f64> {
    let newest = (1..).map(|number| dir.join(format!("counts.{pid}.{number}"))).take_while(|path| path.exists()).last();
    let path = newest.with_context(|| format!("Callgrind wrote no dump for {pid}"))?;
    let text = std::fs::read_to_string(&path)?;
    let summary = text.lines().find_map(|line| line.strip_prefix("summary: ")).context("a dump has a summary")?;
    summary.trim().parse().context("a summary is a number")
}

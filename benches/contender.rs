//! One server under measurement: started pinned to cpu 0, stopped when dropped.
use super::http::Connection;
use super::load::Target;
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The application has it for itself.
pub const CORE: &str = "0";

pub struct Contender {
    pub name: &'static str,
    pub program: PathBuf,
    pub arguments: Vec<String>,
    pub environment: Vec<(String, String)>,
    pub address: SocketAddr,
    pub targets: Arc<[Target]>,
}

pub struct Running {
    child: Child,
    /// From the start of the process to the first page.
    pub started_in: Duration,
}

impl Contender {
    pub async fn start(&self, dir: &Path) -> Result<Running> {
        self.start_within(Vec::new(), dir, Duration::from_secs(60)).await
    }

    /// Under Callgrind, which counts nothing until it is told to.
    pub async fn start_counted(&self, dir: &Path) -> Result<Running> {
        self.start_within(callgrind(dir), dir, Duration::from_secs(900)).await
    }

    async fn start_within(&self, mut words: Vec<String>, dir: &Path, patience: Duration) -> Result<Running> {
        words.push(self.program.display().to_string());
        words.extend(self.arguments.iter().cloned());
        let log = dir.join(format!("{}.log", self.name.replace(' ', "-")));
        let begin = Instant::now();
        let child = Command::new("taskset")
            .args(["-c", CORE])
            .args(&words)
            .envs(self.environment.iter().map(|(key, value)| (key, value)))
            .current_dir(dir)
            .stdout(Stdio::null())
            .stderr(File::create(&log)?)
            .spawn()
            .context("taskset")?;
        let mut running = Running { child, started_in: Duration::ZERO };
        let first = self.targets.first().context("there is something to ask for")?;
        loop {
            if let Ok(mut connection) = Connection::open(self.address).await
                && let Ok(reply) = connection.exchange(&first.request).await
                && reply.status == 200
            {
                running.started_in = begin.elapsed();
                return Ok(running);
            }
            if begin.elapsed() > patience || running.child.try_wait()?.is_some() {
                bail!("{} does not serve:\n{}", self.name, std::fs::read_to_string(&log).unwrap_or_default());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

/// The command that counts instructions.
fn callgrind(dir: &Path) -> Vec<String> {
    let (prefix, dumps) =
        (format!("--vgdb-prefix={}/vgdb", dir.display()), format!("--callgrind-out-file={}/counts.%p", dir.display()));
    ["valgrind", "-q", "--tool=callgrind", "--instr-atstart=no", &prefix, &dumps].map(str::to_owned).to_vec()
}

impl Running {
    pub fn pid(&self) -> u32 {
        // taskset replaces itself with the program.
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let patience = Instant::now() + Duration::from_secs(20);
        while Instant::now() < patience {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            _ = Command::new("sleep").arg("0.02").status();
        }
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

//! What a customer's dashboard costs: Busbar beside a bare contender that does the same work, on PostgreSQL and Redis.
//!
//! `make bench` starts the services and runs this twice: `time` (requests per second, latency, CPU time, memory, start-up) and
//! `count` (instructions of the application, under Callgrind). `limit` is the bare contender itself.
mod contender;
mod count;
mod faults;
mod features;
mod http;
mod limit;
mod load;
mod logins;
mod meter;
mod pdf;
mod report;
mod site;
mod storm;
mod time;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Rounds of load, the contenders in turn.
    Time(Size),
    /// Instructions per request, the application under Callgrind.
    Count(Size),
    /// Settlements drawn per second; needs no services.
    Pdf,
    /// One outage, half a million notices: queued, and handed to a gateway.
    Storm(Storm),
    /// Log-ins a second beside what one core can hash.
    Logins(Rounds),
    /// Seconds in which one password is checked.
    Hash,
    /// The dashboard while mail, texts and Redis fail.
    Faults(Seconds),
    /// Serve the bare contender.
    Limit(limit::Settings),
}

#[derive(Args)]
#[command(args_override_self = true)]
pub struct Storm {
    #[arg(long, default_value_t = 500_000)]
    notices: usize,
    /// Times the worker is killed on the way.
    #[arg(long, default_value_t = 0)]
    kills: usize,
}

#[derive(Args)]
pub struct Seconds {
    /// Of each load.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
}

#[derive(Args)]
pub struct Rounds {
    /// Of a second each.
    #[arg(long, default_value_t = 40)]
    rounds: u64,
}

#[derive(Args)]
#[command(args_override_self = true)]
pub struct Size {
    /// Customers of each of the eight tenants.
    #[arg(long, default_value_t = 1000)]
    customers: usize,
    /// Tenants of the second database, which holds as many customers in all; 0 leaves it out.
    #[arg(long, default_value_t = 1000)]
    tenants: usize,
    /// Customers who are signed in.
    #[arg(long, default_value_t = 40)]
    people: usize,
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Seconds of each load.
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// Requests that are counted.
    #[arg(long, default_value_t = 400)]
    requests: usize,
    /// Where the figures go, added to what stands there.
    #[arg(long, default_value = "var/bench.json")]
    out: PathBuf,
}

fn main() -> Result<ExitCode> {
    // `cargo bench` adds a word of its own.
    let cli = Cli::parse_from(std::env::args().filter(|word| word != "--bench"));
    match cli.command {
        Command::Limit(settings) => tokio::runtime::Runtime::new()?.block_on(limit::serve(settings))?,
        Command::Time(size) => client()?.block_on(time::run(&size))?,
        Command::Count(size) => client()?.block_on(count::run(&size))?,
        Command::Logins(size) => client()?.block_on(logins::run(size.rounds))?,
        Command::Hash => client()?.block_on(logins::hash())?,
        Command::Faults(size) => client()?.block_on(faults::run(size.seconds))?,
        Command::Storm(size) => client()?.block_on(storm::run(&size))?,
        Command::Pdf => {
            let (per_second, bytes) = pdf::per_second()?;
            println!("{per_second:.0} settlements per second, {bytes} bytes each");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn client() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

//! Parses the command and hands it to the app.
use busbar::app::commands::{Cli, run};
use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Runtime::new().expect("a process may start threads");
    runtime.block_on(run(cli)).unwrap_or_else(|error| {
        eprintln!("busbar: {error:#}");
        ExitCode::FAILURE
    })
}

//! A table for people and `bench.json` for machines.
use super::Size;
use super::meter::Use;
use anyhow::{Context, Result};
use serde_json::{Map, Value, json};
use std::path::Path;

/// One contender in one round. Times in milliseconds, memory in MiB, cost in microseconds of CPU per request.
pub struct Measured {
    pub per_second: f64,
    pub cost: Use,
    pub p50: f64,
    pub p99: f64,
    pub idle: f64,
    pub loaded: f64,
    pub start: f64,
    pub bytes: usize,
}

type Column = (&'static str, &'static str, fn(&Measured) -> f64);

const COLUMNS: [Column; 10] = [
    ("per_second", "req/s", |measured| measured.per_second),
    ("app_micros", "app µs", |measured| measured.cost.app),
    ("postgres_micros", "PG µs", |measured| measured.cost.postgres),
    ("redis_micros", "Redis µs", |measured| measured.cost.redis),
    ("stack_micros", "stack µs", |measured| measured.cost.all()),
    ("p50_ms", "p50 ms", |measured| measured.p50),
    ("p99_ms", "p99 ms", |measured| measured.p99),
    ("idle_mib", "idle MiB", |measured| measured.idle),
    ("loaded_mib", "busy MiB", |measured| measured.loaded),
    ("start_ms", "start ms", |measured| measured.start),
];

/// `check` in nanoseconds, `pdf` settlements per second and bytes of one.
pub fn timed(size: &Size, names: &[&str], rounds: &[Vec<Measured>], check: f64, pdf: (f64, usize)) -> Result<()> {
    println!("\nThe dashboard, medians of {} rounds; application on cpu 0, everything else on cpu 1", size.rounds);
    println!(
        "(CPU µs per request at capacity; p50 and p99 at 70 % of it; the counts of instructions are the steadier measure)\n"
    );
    print!("{:22}", "");
    COLUMNS.iter().for_each(|(_, head, _)| print!("{head:>10}"));
    println!("{:>10}", "page B");
    let mut figures = Map::new();
    for (name, rounds) in names.iter().zip(rounds) {
        print!("{name:22}");
        let mut all = Map::new();
        for (key, _, get) in COLUMNS {
            let each: Vec<f64> = rounds.iter().map(get).collect();
            print!("{:>10}", short(median(&each)));
            all.insert(key.into(), json!({"median": median(&each), "rounds": each}));
        }
        let bytes = rounds.last().map_or(0, |round| round.bytes);
        println!("{bytes:>10}");
        all.insert("page_bytes".into(), json!(bytes));
        figures.insert((*name).into(), Value::Object(all));
    }
    println!("\none feature check: {check:.2} ns");
    println!("settlements drawn by one core: {:.0} per second, {} bytes each", pdf.0, pdf.1);
    let shape =
        json!({"customers": size.customers, "tenants": size.tenants, "people": size.people, "seconds": size.seconds});
    keep(
        &size.out,
        json!({"time": {"machine": machine(), "size": shape, "contenders": figures}, "feature_check_ns": check,
            "pdf": {"per_second": pdf.0, "bytes": pdf.1}}),
    )
}

pub fn counted(size: &Size, counted: &[(&str, f64)]) -> Result<()> {
    println!(
        "\nThe dashboard, instructions of the application in user mode per request, counted over {} requests\n",
        size.requests
    );
    let mut figures = Map::new();
    for (name, count) in counted {
        println!("{name:22}{:>10.1} k", count / 1000.0);
        figures.insert((*name).into(), json!(count / 1000.0));
    }
    keep(&size.out, json!({"count": {"requests": size.requests, "customers": size.customers, "app_k": figures}}))
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => 0.0,
        count if count % 2 == 1 => sorted[count / 2],
        count => f64::midpoint(sorted[count / 2 - 1], sorted[count / 2]),
    }
}

fn short(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

fn machine() -> Value {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo")
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1).map(str::to_owned));
    json!({"cpu": cpu, "kernel": read("/proc/sys/kernel/osrelease").trim()})
}

/// Adds to what the file holds already.
fn keep(path: &Path, figures: Value) -> Result<()> {
    let mut all: Map<String, Value> =
        std::fs::read_to_string(path).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    if let Value::Object(figures) = figures {
        all.extend(figures);
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, serde_json::to_string_pretty(&all)?)
        .with_context(|| format!("cannot write {}", path.display()))?;
    println!("\nkept in {}", path.display());
    Ok(())
}

//! A migrated, filled database made once for each build of the tests; every test gets its own copy within milliseconds.
use busbar::app::config::Config;
use busbar::app::{demo_command, state};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Customers of each tenant in the template; enough for every special case of the demo.
pub const CUSTOMERS: usize = 10;
pub const SEED: u64 = 1;

pub fn is_production() -> bool {
    std::env::var("BUSBAR_TEST_PROFILE").is_ok_and(|profile| profile == "production")
}

/// Administrator's address of the tests' own PostgreSQL.
pub fn admin_url() -> String {
    std::env::var("BUSBAR_TEST_PG").expect("make test starts PostgreSQL and sets BUSBAR_TEST_PG")
}

pub fn redis_url() -> String {
    std::env::var("BUSBAR_TEST_REDIS").expect("make test starts Redis and sets BUSBAR_TEST_REDIS")
}

/// Address of a database on the tests' PostgreSQL for the ordinary role, which can neither bypass row security nor make roles.
pub fn app_url(database: &str) -> String {
    let admin = admin_url();
    let (start, _) = admin.rsplit_once('/').expect("the address ends with a database");
    let (_, host) = start.rsplit_once('@').expect("the address names a role");
    format!("postgres://busbar_test:busbar_test@{host}/{database}")
}

/// What the administrator's statement answers, bare.
pub fn psql(sql: &str) -> String {
    let output = Command::new("psql")
        .args([admin_url().as_str(), "-v", "ON_ERROR_STOP=1", "-qAtc", sql])
        .output()
        .expect("make test installs psql");
    assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

pub fn config(dir: &Path, overrides: &[(&str, &str)]) -> Config {
    let dir = dir.to_str().expect("temporary folders have plain names");
    let fixed = [
        ("data.dir", dir),
        ("demo.enabled", "true"),
        ("secrets.master", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"),
    ];
    let all: Vec<(&str, &str)> = fixed.into_iter().chain(overrides.iter().copied()).collect();
    Config::with(&all).expect("the tests' own configuration is right")
}

/// The template's folder and, on PostgreSQL, its database: made by whichever test comes first, awaited by the others.
pub async fn ready() -> (PathBuf, String) {
    let profile = if is_production() { "production" } else { "embedded" };
    let binary = std::env::current_exe().expect("a test knows its binary");
    let built = std::fs::metadata(&binary).and_then(|meta| meta.modified()).expect("the binary has a date");
    let stamp = built.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_millis();
    let instance = std::env::var("BUSBAR_TEST_RUN").unwrap_or_default();
    let name = format!("busbar_template_{stamp}{instance}");
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{profile}-{stamp}{instance}"));
    std::fs::create_dir_all(&dir).expect("the target folder is ours");
    let lock = File::create(dir.join("lock")).expect("the target folder is ours");
    lock.lock().expect("file locks work here");
    if !dir.join("demo.json").exists() {
        let overrides = if is_production() {
            psql(&format!("DROP DATABASE IF EXISTS {name}"));
            psql(&format!("CREATE DATABASE {name} OWNER busbar_test"));
            vec![("database.url", app_url(&name))]
        } else {
            Vec::new()
        };
        let overrides: Vec<(&str, &str)> = overrides.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let config = config(&dir, &overrides);
        let db = state::migrating_database(&config).await.expect("the template's database opens");
        db.migrate_up().await.expect("migrations go up");
        db.close().await;
        demo_command::fill(&config, CUSTOMERS, SEED, None, |_, _| {}).await.expect("the demo fills");
    }
    drop(lock);
    (dir, name)
}

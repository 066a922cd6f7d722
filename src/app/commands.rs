//! The command line.
use super::config::Config;
use super::{bounce_command, demo_command, private, reload, router, serve, staff_command, state};
use crate::domain::features::{Action, Feature, Role};
use crate::jobs;
use anyhow::{Context, Result, anyhow, bail};
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::watch;

#[derive(Parser)]
#[command(name = "busbar", version, about = "One binary that serves many energy suppliers' customer portals")]
pub struct Cli {
    /// Configuration file; busbar.toml in the working folder when not given.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve every tenant.
    Serve,
    /// Fill the database with synthetic customers and print who can log in.
    Demo {
        /// Customers per tenant.
        #[arg(long, default_value_t = 25)]
        customers: usize,
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// So many tenants in all: more than there are files for are made up (for measuring).
        #[arg(long)]
        tenants: Option<usize>,
    },
    /// Print the one-time code of a member of the demo's staff.
    Code {
        /// A supplier's short name, or `console`.
        supplier: String,
        username: String,
    },
    /// Bring the schema up, down by one, or say where it is.
    Migrate {
        #[command(subcommand)]
        direction: Direction,
    },
    /// Every route: face, method, path, guard, feature.
    Routes {
        #[arg(long)]
        json: bool,
    },
    /// Tenants: check files, plan and apply, explain a decision, export.
    Tenant {
        #[command(subcommand)]
        what: TenantCommand,
    },
    /// A supplier's people, and the platform's own.
    Staff {
        #[command(subcommand)]
        what: StaffCommand,
    },
    /// Take one mail that came back (RFC 3464) from the standard input: what it says is seen at the desk, and its address is left alone.
    Bounce,
    /// Print the address at which a gateway reports what became of a supplier's text messages. It is a secret.
    SmsReports { supplier: String },
    /// Themes.
    Theme {
        #[command(subcommand)]
        what: ThemeCommand,
    },
    /// Policies.
    Policy {
        #[command(subcommand)]
        what: PolicyCommand,
    },
}

#[derive(Subcommand)]
enum Direction {
    Up,
    Down,
    Status,
}

#[derive(Subcommand)]
enum TenantCommand {
    /// Read every tenant file and print all mistakes at once.
    Check,
    /// Print how the files differ from what lives in the database.
    Plan,
    /// Make it so: new revisions for what changed. A running server follows within a second.
    Apply,
    /// Say why a role may or may not do something.
    Explain {
        slug: String,
        role: String,
        feature: String,
        #[arg(default_value = "view")]
        action: String,
    },
    /// Print a tenant's document as canonical TOML.
    Export { slug: String },
}

#[derive(Subcommand)]
enum StaffCommand {
    /// Add somebody, and print their first password and the secret for their authenticator, once.
    Add {
        /// A supplier's short name, or `console`.
        supplier: String,
        username: String,
        /// As it is shown and written in the audit.
        name: String,
        /// lead, clerk, branch, dealer, representative or read_only; on the console always platform.
        #[arg(long, default_value = "lead")]
        role: String,
    },
}

#[derive(Subcommand)]
enum ThemeCommand {
    /// Parse, texts, contrast, overrides; all themes when no slug is given.
    Check { id: Option<String> },
}

#[derive(Subcommand)]
enum PolicyCommand {
    Check,
    Explain {
        slug: String,
        role: String,
        feature: String,
        #[arg(default_value = "view")]
        action: String,
    },
}

pub async fn run(cli: Cli) -> Result<ExitCode> {
    let config = Config::load(cli.config.as_deref())?;
    start_logging(&config)?;
    match cli.command {
        Command::Serve => serve(config).await?,
        Command::Demo { customers, seed, tenants } => demo_command::run(&config, customers, seed, tenants).await?,
        Command::Code { supplier, username } => println!("{}", demo_command::code(&config, &supplier, &username)?),
        Command::Migrate { direction } => migrate(&config, direction).await?,
        Command::Routes { json } => print_routes(json)?,
        Command::Tenant { what } => return tenant(&config, what).await,
        Command::Staff { what: StaffCommand::Add { supplier, username, name, role } } => {
            let handed = staff_command::add(&config, &supplier, &username, &name, &role).await?;
            let (password, secret) = (handed.password, handed.totp_secret);
            println!("user name         {username}\nfirst password    {password}\none-time secret   {secret}");
            println!("for an app        otpauth://totp/{supplier}:{username}?secret={secret}&issuer=Busbar");
        }
        Command::Bounce => return bounce_command::run(&config).await,
        Command::SmsReports { supplier } => println!("{}", bounce_command::reports_address(&config, &supplier).await?),
        Command::Theme { what: ThemeCommand::Check { id } } => {
            return Ok(report(&state::files(&config), |files| crate::tenancy::check::themes(files, id.as_deref())));
        }
        Command::Policy { what: PolicyCommand::Check } => {
            return Ok(report(&state::files(&config), crate::tenancy::check::policies));
        }
        Command::Policy { what: PolicyCommand::Explain { slug, role, feature, action } } => {
            explain(&config, &slug, &role, &feature, &action).await?
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn start_logging(config: &Config) -> Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log.filter).context("log.filter")?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if config.log.format == "json" { builder.json().try_init() } else { builder.try_init() };
    started.map_err(|error| anyhow!("logging: {error}"))
}

async fn serve(config: Config) -> Result<()> {
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().install_recorder().context("metrics")?;
    let services = state::build(&config).await?;
    let public = serve::bind(config.server.listen, "server.listen").await?;
    let side = serve::bind(config.server.private_listen, "server.private_listen").await?;
    let (stop, stopped) = watch::channel(false);
    let is_draining = Arc::new(AtomicBool::new(false));
    let until_stopped = |mut stopped: watch::Receiver<bool>| async move { _ = stopped.wait_for(|stop| *stop).await };
    let private = private::Private { services: services.clone(), is_draining: is_draining.clone(), metrics };
    let side = tokio::spawn(private::serve(side, private, until_stopped(stopped.clone())));
    let current = tokio::spawn(reload::keep_current(services.clone(), config.files.root.clone(), stopped.clone()));
    let work = tokio::spawn(jobs::run(state::job_services(&config, &services)?, stopped.clone()));
    tracing::info!(listen = %config.server.listen, private = %config.server.private_listen, tenants = services.registry.all().len(), "serving");
    let told = async {
        serve::told_to_stop().await;
        tracing::info!("draining");
        is_draining.store(true, Ordering::Relaxed);
    };
    serve::public(public, router::entry(services), &config.server, told).await;
    stop.send_replace(true);
    for task in [side, current, work] {
        if let Err(error) = task.await {
            tracing::error!(%error, "a task ended badly");
        }
    }
    Ok(())
}

async fn migrate(config: &Config, direction: Direction) -> Result<()> {
    let db = state::migrating_database(config).await?;
    let done = match direction {
        Direction::Up => db.migrate_up().await,
        Direction::Down => db.migrate_down().await,
        Direction::Status => Ok(()),
    };
    done.map_err(|error| anyhow!("migrating: {error}"))?;
    for (name, is_applied) in db.migration_status().await.map_err(|error| anyhow!("migrating: {error}"))? {
        println!("{} {name}", if is_applied { "applied" } else { "pending" });
    }
    Ok(())
}

fn print_routes(json: bool) -> Result<()> {
    let routes = router::routes();
    if json {
        println!("{}", serde_json::to_string_pretty(&routes)?);
        return Ok(());
    }
    for route in routes {
        println!(
            "{:9} {:5} {:40} {:18} {}",
            route.face,
            route.method,
            route.path,
            route.guard,
            route.feature.join(" or ")
        );
    }
    Ok(())
}

fn report(
    files: &crate::tenancy::Files,
    check: impl FnOnce(&crate::tenancy::Files) -> Vec<crate::tenancy::Problem>,
) -> ExitCode {
    let problems = check(files);
    for problem in &problems {
        println!("{problem}");
    }
    if problems.is_empty() {
        println!("no mistakes");
        return ExitCode::SUCCESS;
    }
    println!("{} mistakes", problems.len());
    ExitCode::FAILURE
}

async fn tenant(config: &Config, what: TenantCommand) -> Result<ExitCode> {
    match what {
        TenantCommand::Check => return Ok(report(&state::files(config), crate::tenancy::check::tenants)),
        TenantCommand::Plan => plan(config).await?,
        TenantCommand::Apply => {
            let services = state::build(config).await?;
            println!("{} tenants serve", services.registry.all().len());
        }
        TenantCommand::Explain { slug, role, feature, action } => {
            explain(config, &slug, &role, &feature, &action).await?
        }
        TenantCommand::Export { slug } => {
            let services = state::build_read_only(config).await?;
            let tenant = services.registry.by_slug(&slug).with_context(|| format!("no tenant \"{slug}\""))?;
            print!("{}", tenant.document.to_toml());
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn plan(config: &Config) -> Result<()> {
    let compiler = state::compiler(config)?;
    let kept =
        state::database(config).await?.platform().current_revisions().await.map_err(|error| anyhow!("{error}"))?;
    let files = compiler.file_tenants();
    for (slug, content) in &files {
        let row = kept.iter().find(|row| row.slug == *slug);
        match content {
            Err(problems) => println!("refused  {slug}\n{}", state::list(problems)),
            Ok(content) => match reload::step(row.map(|row| (row.document.as_str(), row.policy.as_str())), content) {
                reload::Step::Create => println!("create   {slug}"),
                reload::Step::Nothing => println!("same     {slug}"),
                reload::Step::Publish => {
                    println!("publish  {slug}");
                    let row = row.context("a revision to compare with")?;
                    print_difference(&row.document, &content.document);
                    print_difference(&row.policy, &content.policy);
                }
            },
        }
    }
    for row in kept
        .iter()
        .filter(|row| row.origin == crate::data::Origin::File && !files.iter().any(|(slug, _)| *slug == row.slug))
    {
        println!("orphaned {} (its file is gone; it keeps serving)", row.slug);
    }
    Ok(())
}

fn print_difference(before: &str, after: &str) {
    for line in before.lines().filter(|line| !after.lines().any(|other| other == *line)) {
        println!("  - {line}");
    }
    for line in after.lines().filter(|line| !before.lines().any(|other| other == *line)) {
        println!("  + {line}");
    }
}

async fn explain(config: &Config, slug: &str, role: &str, feature: &str, action: &str) -> Result<()> {
    let services = state::build_read_only(config).await?;
    let tenant = services.registry.by_slug(slug).with_context(|| format!("no tenant \"{slug}\""))?;
    let Some(role) = Role::parse(role.trim_start_matches("role:")) else {
        bail!("unknown role \"{role}\"; one of {}", Role::all().map(Role::key).collect::<Vec<_>>().join(", "));
    };
    let feature = Feature::parse(feature).with_context(|| format!("unknown feature \"{feature}\""))?;
    let Some(action) = Action::parse(action) else {
        bail!("unknown action \"{action}\"; one of {}", Action::all().map(Action::key).collect::<Vec<_>>().join(", "));
    };
    println!("{}", services.compiler.explain(&tenant, role, feature, action));
    Ok(())
}

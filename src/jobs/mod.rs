//! What happens unasked: what lies in the outbox is delivered all the time by every instance, the rest by the timetable and by one of them.
mod ask_for_readings;
mod bonus;
mod deliver;
mod issue_password;
mod outages;
mod tell_news;
mod timetable;

pub use timetable::{Job, turn};

use crate::backends::clock::Clock;
use crate::backends::hasher::Hasher;
use crate::backends::keys::MasterKey;
use crate::backends::mail::Mail;
use crate::backends::sms::Sms;
use crate::backends::webhooks::Hooks;
use crate::data::Database;
use crate::domain::ids::TenantId;
use crate::tenancy::Tenant;
use std::sync::Arc;
use time::Duration;
use tokio::sync::watch;

/// The tenant as it is served now; none while it is not published.
pub type Tenants = Arc<dyn Fn(TenantId) -> Option<Arc<Tenant>> + Send + Sync>;

/// All that jobs lean on.
#[derive(Clone)]
pub struct JobServices {
    pub db: Database,
    pub tenants: Tenants,
    pub mail: Mail,
    pub sms: Sms,
    pub clock: Clock,
    pub hasher: Arc<Hasher>,
    pub master: Arc<MasterKey>,
    pub hooks: Hooks,
}

/// What is done when.
static TIMETABLE: [Job; 6] = [
    // First, so that after a migration the next outage finds whom it touches.
    Job {
        name: "key_supply_points",
        every: Duration::minutes(10),
        run: |services| Box::pin(outages::key_points(services)),
    },
    Job {
        name: "ask_for_readings",
        every: Duration::minutes(10),
        run: |services| Box::pin(ask_for_readings::once(services)),
    },
    Job { name: "tell_news", every: Duration::minutes(10), run: |services| Box::pin(tell_news::once(services)) },
    Job { name: "bonus", every: Duration::hours(1), run: |services| Box::pin(bonus::once(services)) },
    Job {
        name: "forget_webhook_attempts",
        every: Duration::hours(6),
        run: |services| Box::pin(deliver::forget_webhook_attempts(services)),
    },
    Job {
        name: "forget_replies_and_imports",
        every: Duration::hours(6),
        run: |services| Box::pin(outages::forget(services)),
    },
];

/// Runs everything until `stopped` says so; returns when work in hand is finished.
pub async fn run(services: JobServices, stopped: watch::Receiver<bool>) {
    tokio::join!(deliver::run(services.clone(), stopped.clone()), timetable::run(services, &TIMETABLE, stopped));
}

/// Asks for the readings that are due to be asked for, once. For tests.
pub async fn ask_now(services: &JobServices) -> Result<usize, crate::data::Error> {
    ask_for_readings::once(services).await
}

/// Tells what became due, once. For tests.
pub async fn tell_now(services: &JobServices) -> Result<usize, crate::data::Error> {
    tell_news::once(services).await
}

/// Looks after the points of the bonus programme, once. For tests.
pub async fn look_after_bonus_now(services: &JobServices) -> Result<usize, crate::data::Error> {
    bonus::once(services).await
}

/// Delivers everything that is due now, once. For tests.
pub async fn deliver_now(services: &JobServices) -> Result<usize, crate::data::Error> {
    deliver::once(services).await
}

/// Shortens the delivery log of webhooks, once. For tests.
pub async fn forget_webhook_attempts_now(services: &JobServices) -> Result<usize, crate::data::Error> {
    deliver::forget_webhook_attempts(services).await
}

/// Forgets what calls and files with outages left behind, once. For tests.
pub async fn forget_replies_and_imports_now(services: &JobServices) -> Result<usize, crate::data::Error> {
    outages::forget(services).await
}

/// Gives supply points the keys they are found by, once. For tests.
pub async fn key_supply_points_now(services: &JobServices) -> Result<usize, crate::data::Error> {
    outages::key_points(services).await
}

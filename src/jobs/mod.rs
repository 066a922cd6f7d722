//! What happens unasked: the timetable. Each job runs in its own loop until told to stop; one that fails is logged and tried again.
mod ask_for_readings;
mod deliver_notices;
mod issue_password;

use crate::backends::clock::Clock;
use crate::backends::hasher::Hasher;
use crate::backends::letters::Letters;
use crate::backends::mail::Mail;
use crate::backends::sms::Sms;
use crate::data::Database;
use crate::domain::ids::TenantId;
use crate::tenancy::Tenant;
use std::sync::Arc;
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
    pub letters: Letters,
    pub clock: Clock,
    pub hasher: Arc<Hasher>,
}

/// Runs everything until `stopped` says so; returns when work in hand is finished.
pub async fn run(services: JobServices, stopped: watch::Receiver<bool>) {
    tokio::join!(deliver_notices::run(services.clone(), stopped.clone()), ask_for_readings::run(services, stopped));
}

/// Asks for the readings that are due to be asked for, once. For tests and commands.
pub async fn ask_now(services: &JobServices) -> Result<usize, crate::data::Error> {
    ask_for_readings::once(services).await
}

/// Delivers everything that is due now, once. For tests and commands.
pub async fn deliver_now(services: &JobServices) -> Result<usize, crate::data::Error> {
    deliver_notices::once(services).await
}

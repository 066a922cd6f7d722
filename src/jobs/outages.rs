//! What outages need unasked, page by page and supplier by supplier: supply points get the keys they are found by, and what calls and files
//! left behind is forgotten.
use super::JobServices;
use crate::data::{self, TenantTx};
use crate::domain::ids::TenantId;
use time::{Duration, OffsetDateTime};

/// So long a call that is repeated gets the answer it got.
const REPLIES_KEPT: Duration = Duration::days(7);
/// So long somebody may look a file over before it is confirmed.
const IMPORTS_KEPT: Duration = Duration::DAY;

#[derive(Clone, Copy, Debug)]
enum Chore {
    Replies,
    Imports,
    Keys,
}

impl Chore {
    /// Does a page of it; nought when nothing is left.
    async fn page(self, tx: &TenantTx, now: OffsetDateTime) -> Result<u64, data::Error> {
        match self {
            Chore::Replies => tx.forget_api_replies(now - REPLIES_KEPT).await,
            Chore::Imports => tx.forget_outage_imports(now - IMPORTS_KEPT).await,
            Chore::Keys => tx.key_supply_points().await,
        }
    }
}

pub async fn forget(services: &JobServices) -> Result<usize, data::Error> {
    all(services, &[Chore::Replies, Chore::Imports]).await
}

/// What is inserted has its keys; this is for rows that came by another way, or before there were any.
pub async fn key_points(services: &JobServices) -> Result<usize, data::Error> {
    all(services, &[Chore::Keys]).await
}

/// One supplier's failure is not another's.
async fn all(services: &JobServices, chores: &[Chore]) -> Result<usize, data::Error> {
    let mut count = 0;
    for row in services.db.platform().tenants().await? {
        for chore in chores {
            match done(services, row.id, *chore).await {
                Ok(some) => count += some,
                Err(error) => tracing::warn!(tenant = row.slug, ?chore, ?error, "a chore of outages was not done"),
            }
        }
    }
    Ok(count)
}

async fn done(services: &JobServices, tenant: TenantId, chore: Chore) -> Result<usize, data::Error> {
    let mut count = 0;
    loop {
        let tx = services.db.tenant(tenant).begin().await?;
        let some = chore.page(&tx, services.clock.now()).await?;
        tx.commit().await?;
        if some == 0 {
            return Ok(count);
        }
        count += usize::try_from(some).unwrap_or(usize::MAX);
    }
}

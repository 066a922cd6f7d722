//! What concerns many at once becomes their messages, page by page; each page is a transaction, so that whoever dies in the middle loses none
//! and doubles none. It is never given up: what is not told yet stands at the desk beside the outage.
use super::lane::{BEGIN_WITHIN, Served, next_at};
use crate::data::{self, ClaimedMessage, Left, Manner, Rendered};
use crate::jobs::JobServices;
use crate::tenancy::Tenant;
use std::time::Instant;
use time::OffsetDateTime;
use tokio::sync::watch;

/// Supply points told of in one transaction.
const PAGE: u32 = 2_000;

pub async fn serve(
    services: &JobServices,
    tenant: &Tenant,
    claimed: Vec<ClaimedMessage>,
    stopped: &watch::Receiver<bool>,
) -> Served {
    let (begun, mut served) = (Instant::now(), Served { claimed: claimed.len(), sent: 0 });
    let is_over = || *stopped.borrow() || begun.elapsed() > BEGIN_WITHIN;
    for message in claimed {
        let platform = services.db.platform();
        let done = match spread(services, tenant, &message, is_over).await {
            Ok(true) => {
                served.sent += 1;
                let words = Rendered { subject: String::new(), body_text: String::new(), body_html: String::new() };
                platform.messages_sent(&[(message, Left { words, receipt: None, parts: None })]).await
            }
            Ok(false) => platform.messages_put_off(&[message], OffsetDateTime::now_utc()).await,
            Err(error) => {
                tracing::warn!(message = %message.id, tenant = tenant.slug, %error, "not all could be told yet");
                platform.message_failed(&message, "database", Some(next_at(services.clock.now(), &message))).await
            }
        };
        if let Err(error) = done {
            tracing::warn!(tenant = tenant.slug, %error, "not recorded; the lease will end");
        }
    }
    served
}

/// Whether nobody is left.
async fn spread(
    services: &JobServices,
    tenant: &Tenant,
    message: &ClaimedMessage,
    is_over: impl Fn() -> bool,
) -> Result<bool, data::Error> {
    let mut left = message.payload.clone();
    while !is_over() {
        let manner = Manner {
            channels: tenant.outage_channels(),
            language: &message.language,
            now: services.clock.now(),
            today: services.clock.today(&tenant.document.locale.timezone),
            points: PAGE,
        };
        let tx = services.db.tenant(message.tenant_id).begin().await?;
        let more = tx.spread_outage(message.id, &left, manner).await?;
        tx.commit().await?;
        match more {
            Some(more) => left = more,
            None => return Ok(true),
        }
    }
    Ok(false)
}

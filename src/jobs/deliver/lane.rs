//! One batch of one lane: claimed, worded, sent, recorded.
use super::gateways::Gateways;
use super::hooks;
use super::spread;
use super::ways::{self, Failure};
use crate::data::{ClaimedMessage, Left, SPREAD_LEASE};
use crate::domain::notices::{Channel, Lane, Urgency};
use crate::jobs::JobServices;
use crate::tenancy::Tenant;
use std::time::{Duration as Wait, Instant};
use time::{Duration, OffsetDateTime};
use tokio::sync::watch;

/// A claim is nobody else's for this long: what a worker that died had in hand waits no longer.
const LEASE: Duration = Duration::seconds(90);
/// Nothing is begun later than this after the claim, and nothing takes longer than the other, so no lease ends in the middle.
pub(super) const BEGIN_WITHIN: Wait = Wait::from_secs(45);
const SEND_WITHIN: Wait = Wait::from_secs(30);
/// The wait before the second attempt, doubled for each after it, up to the longest.
const FIRST_WAIT: Duration = Duration::seconds(30);
pub(super) const LONGEST_WAIT: Duration = Duration::hours(4);
/// Given up after so many tries, with those waits about two days; and not before so long, for a try that died with its worker was none.
const ATTEMPTS: i16 = 20;
const AT_LEAST: Duration = Duration::hours(24);

#[derive(Clone, Copy, Debug, Default)]
pub struct Served {
    pub claimed: usize,
    pub sent: usize,
}

/// Messages claimed at once, and how many of them go to the gateway together.
fn size(services: &JobServices, lane: Lane) -> (usize, usize) {
    match (lane.urgency.is_urgent(), lane.channel) {
        (true, _) => (25, 4),
        (_, Channel::Sms) => (1000, services.sms.at_once()),
        (_, Channel::Mail | Channel::Webhook) => (100, 4),
        (_, Channel::Letter) => (100, 100),
        // Each is thousands.
        (_, Channel::Spread) => (1, 1),
    }
}

pub async fn serve(services: &JobServices, gateways: &Gateways, lane: Lane, stopped: &watch::Receiver<bool>) -> Served {
    let Some(tenant) = (services.tenants)(lane.tenant) else { return Served::default() };
    let gateway = ways::gateway(&tenant, lane.channel);
    let (mut limit, together) = size(services, lane);
    if gateways.is_doubtful(&gateway) {
        limit = 1;
    }
    let claimed = async {
        let limit = keep_pace(services, &tenant, lane, limit).await?;
        let lease = if lane.channel == Channel::Spread { SPREAD_LEASE } else { LEASE };
        services.db.platform().claim_messages(lane, limit as u64, lease).await
    };
    let mut waiting = claimed.await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the outbox cannot be claimed");
        Vec::new()
    });
    if lane.channel == Channel::Webhook {
        return hooks::serve(services, gateways, &tenant, waiting, stopped).await;
    }
    if lane.channel == Channel::Spread {
        return spread::serve(services, &tenant, waiting, stopped).await;
    }
    let mut served = Served { claimed: waiting.len(), sent: 0 };
    let begun = Instant::now();
    while !waiting.is_empty() {
        if *stopped.borrow() || begun.elapsed() > BEGIN_WITHIN || !gateways.may(&gateway) {
            give_back(services, &waiting).await;
            break;
        }
        let rest = waiting.split_off(together.min(waiting.len()));
        served.sent += send(services, gateways, &gateway, &tenant, waiting).await;
        waiting = rest;
    }
    served
}

/// How many may leave now. Somebody who waits for a code at the screen is not made to wait for a supplier's thrift.
async fn keep_pace(
    services: &JobServices,
    tenant: &Tenant,
    lane: Lane,
    limit: usize,
) -> Result<usize, crate::data::Error> {
    let Some(a_minute) = ways::pace(tenant, lane.channel).filter(|_| lane.urgency != Urgency::Security) else {
        return Ok(limit);
    };
    // A second's worth at a time, at least one.
    let count = usize::try_from(a_minute / 60).unwrap_or(1).clamp(1, limit);
    let now = OffsetDateTime::now_utc();
    let gap = Duration::seconds_f64(60.0 * count as f64 / f64::from(a_minute));
    let may = services.db.platform().keep_pace(lane, now, now + gap).await?;
    Ok(if may { count } else { 0 })
}

/// What goes to the gateway together; how many it took.
async fn send(
    services: &JobServices,
    gateways: &Gateways,
    gateway: &str,
    tenant: &Tenant,
    batch: Vec<ClaimedMessage>,
) -> usize {
    let sending = ways::send(services, tenant, &batch);
    let results = tokio::time::timeout(SEND_WITHIN, sending).await.unwrap_or_else(|_| {
        let late = || Err(Failure::Away("it took too long".into()));
        batch.iter().map(|_| late()).collect()
    });
    let mut left: Vec<(ClaimedMessage, Left)> = Vec::new();
    let (mut answered, mut away, mut pause) = (false, false, None);
    for (message, result) in batch.into_iter().zip(results) {
        match result {
            Ok(sent) => {
                answered = true;
                left.push((message, sent));
            }
            Err(failure) => {
                away |= matches!(failure, Failure::Away(_) | Failure::Wait(_));
                answered |= matches!(failure, Failure::Later("deferred") | Failure::Never("nobody"));
                if let Failure::Wait(time) = failure {
                    pause = pause.max(Some(time));
                }
                failed(services, tenant, &message, failure).await;
            }
        }
    }
    match (pause, answered, away) {
        // It said for how long, whatever it took before.
        (Some(time), ..) => gateways.leave(gateway, time),
        (None, true, _) => gateways.answered(gateway),
        (None, false, true) => gateways.failed(gateway),
        (None, false, false) => {}
    }
    if left.is_empty() {
        return 0;
    }
    if let Err(error) = services.db.platform().messages_sent(&left).await {
        tracing::error!(%error, count = left.len(), "sent, but not recorded; they may go out again");
    }
    left.len()
}

async fn failed(services: &JobServices, tenant: &Tenant, message: &ClaimedMessage, failure: Failure) {
    if failure == Failure::Never("nobody")
        && let Err(error) = ways::remember_nobody(services, message).await
    {
        tracing::warn!(message = %message.id, %error, "that nobody is there is not remembered");
    }
    let now = services.clock.now();
    let next = match failure {
        Failure::Wait(time) => next_at(now, message).max(now + time),
        _ => next_at(now, message),
    };
    failed_at(services, tenant, message, &failure, Some(next)).await;
}

/// Tried again at `next`, where that is worth it.
pub(super) async fn failed_at(
    services: &JobServices,
    tenant: &Tenant,
    message: &ClaimedMessage,
    failure: &Failure,
    next: Option<OffsetDateTime>,
) {
    let next = next.filter(|_| !matches!(failure, Failure::Never(_)) && !is_spent(message, services.clock.now()));
    let again = next.is_some();
    // Not the sentence itself: it names the address.
    tracing::warn!(message = %message.id, kind = message.kind, tenant = tenant.slug, attempts = message.attempts, again,
        reason = failure.key(), "not delivered");
    if let Err(error) = services.db.platform().message_failed(message, failure.key(), next).await {
        tracing::warn!(message = %message.id, %error, "not recorded; the lease will end");
    }
}

async fn give_back(services: &JobServices, messages: &[ClaimedMessage]) {
    if let Err(error) = services.db.platform().messages_put_off(messages, OffsetDateTime::now_utc()).await {
        tracing::warn!(count = messages.len(), %error, "not put back; the lease will end");
    }
}

fn is_spent(message: &ClaimedMessage, now: OffsetDateTime) -> bool {
    message.attempts >= ATTEMPTS && now - message.created_at >= AT_LEAST
}

/// Doubled each time, and a fifth more or less, so that what failed together does not come back together.
pub(super) fn next_at(now: OffsetDateTime, message: &ClaimedMessage) -> OffsetDateTime {
    let doubled = u32::try_from(message.attempts - 1).unwrap_or(0).min(16);
    let wait = (FIRST_WAIT * 2_i32.pow(doubled)).min(LONGEST_WAIT);
    let drawn = message.id.0.as_bytes()[15].wrapping_add(message.attempts.to_le_bytes()[0].wrapping_mul(97));
    now + wait * (0.8 + 0.4 * f64::from(drawn) / 255.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{MessageId, TenantId};
    use time::macros::datetime;

    fn message(attempts: i16) -> ClaimedMessage {
        ClaimedMessage {
            tenant_id: TenantId(1),
            id: MessageId::new(),
            channel: Channel::Mail,
            kind: "settlement_issued".into(),
            recipient: "a@example.cz".into(),
            language: "cs".into(),
            payload: serde_json::Value::Null,
            attempts,
            customer: None,
            created_at: datetime!(2026-11-23 12:00 UTC),
        }
    }

    #[test]
    fn tries_that_died_with_their_workers_use_nothing_up() {
        let made = message(1).created_at;
        assert!(!is_spent(&message(100), made + Duration::HOUR), "a hundred workers died within an hour");
        assert!(!is_spent(&message(ATTEMPTS - 1), made + Duration::WEEK));
        assert!(is_spent(&message(ATTEMPTS), made + Duration::DAY * 2));
    }

    #[test]
    fn waits_grow_stay_bounded_and_differ() {
        let now = datetime!(2026-11-23 12:00 UTC);
        let wait = |attempts| (next_at(now, &message(attempts)) - now).as_seconds_f64();
        for (attempts, whole) in [(1, 30.0), (2, 60.0), (3, 120.0), (12, 14_400.0), (i16::MAX, 14_400.0)] {
            let waits: Vec<f64> = (0..50).map(|_| wait(attempts)).collect();
            assert!(waits.iter().all(|wait| (0.8 * whole..=1.2 * whole).contains(wait)), "{attempts}: {waits:?}");
            assert!(waits.iter().any(|wait| (wait - waits[0]).abs() > 0.05 * whole), "{attempts} do not differ");
        }
        let whole: f64 = (1..ATTEMPTS).map(wait).sum::<f64>() / 3600.0;
        assert!((32.0..80.0).contains(&whole), "{whole} hours");
    }
}

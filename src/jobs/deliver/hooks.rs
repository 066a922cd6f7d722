//! Facts on their way to a supplier's own systems. Each endpoint is a gateway of its own: one that is silent costs one attempt in a while,
//! and neither another endpoint nor mail waits for it. Every try is in the delivery log.
use super::gateways::Gateways;
use super::lane::{BEGIN_WITHIN, LONGEST_WAIT, Served, failed_at, next_at};
use super::ways::Failure;
use crate::backends::webhooks::{Answer, Post, Secret};
use crate::data::{self, Attempt, ClaimedMessage, Endpoint, Left, Rendered};
use crate::domain::ids::{WebhookAttemptId, WebhookEndpointId};
use crate::domain::webhooks::signing_versions;
use crate::jobs::JobServices;
use crate::tenancy::Tenant;
use futures_util::future::join_all;
use std::collections::BTreeMap;
use std::time::{Duration as Wait, Instant};
use time::{Duration, OffsetDateTime};
use tokio::sync::watch;

/// Posted to one endpoint at once, when the first of a batch was taken.
const TOGETHER: usize = 4;
/// What another batch has in hand for the same endpoint is let finish.
const PATIENCE: Wait = Wait::from_secs(1);
/// A fact that could not be handed over for so long is given up.
const PATIENT_FOR: Duration = Duration::hours(48);
/// The next try after the endpoint failed once; after more it is left alone for longer.
const SOON: Wait = Wait::from_secs(2);

pub async fn serve(
    services: &JobServices,
    gateways: &Gateways,
    tenant: &Tenant,
    claimed: Vec<ClaimedMessage>,
    stopped: &watch::Receiver<bool>,
) -> Served {
    let count = claimed.len();
    let mut by_endpoint: BTreeMap<String, Vec<ClaimedMessage>> = BTreeMap::new();
    for message in claimed {
        by_endpoint.entry(message.recipient.clone()).or_default().push(message);
    }
    let batches = by_endpoint.into_iter().map(|(recipient, waiting)| {
        let batch = Batch { services, gateways, tenant, stopped, begun: Instant::now() };
        async move { batch.post_all(&recipient, waiting).await }
    });
    Served { claimed: count, sent: join_all(batches).await.into_iter().sum() }
}

struct Batch<'a> {
    services: &'a JobServices,
    gateways: &'a Gateways,
    tenant: &'a Tenant,
    stopped: &'a watch::Receiver<bool>,
    begun: Instant,
}

impl Batch<'_> {
    /// How many were taken.
    async fn post_all(&self, recipient: &str, mut waiting: Vec<ClaimedMessage>) -> usize {
        let gateway = format!("webhook:{}:{recipient}", self.tenant.id.0);
        let endpoint = match self.endpoint(recipient).await {
            Ok(Some(endpoint)) if endpoint.is_on => endpoint,
            Ok(found) => {
                let why = if found.is_some() { "switched_off" } else { "deleted" };
                for message in &waiting {
                    failed_at(self.services, self.tenant, message, &Failure::Never(why), None).await;
                }
                return 0;
            }
            Err(error) => {
                tracing::warn!(tenant = self.tenant.slug, ?error, "a webhook's endpoint cannot be read");
                self.put_off(&waiting, SOON).await;
                return 0;
            }
        };
        let Some(_mine) = self.gateways.take(&gateway) else {
            self.put_off(&waiting, PATIENCE).await;
            return 0;
        };
        let (mut sent, mut together) = (0, 1);
        while !waiting.is_empty() {
            let is_over = *self.stopped.borrow() || self.begun.elapsed() > BEGIN_WITHIN;
            if is_over || !self.gateways.may(&gateway) {
                self.put_off(&waiting, self.gateways.rest(&gateway).unwrap_or(SOON)).await;
                break;
            }
            let rest = waiting.split_off(together.min(waiting.len()));
            let answers = join_all(waiting.iter().map(|message| self.post(&endpoint, message))).await;
            let tried: Vec<(ClaimedMessage, OffsetDateTime, Answer)> =
                waiting.into_iter().zip(answers).map(|(message, (at, answer))| (message, at, answer)).collect();
            let is_gone = tried.iter().any(|(_, _, answer)| answer.status == Some(410));
            sent += self.record(endpoint.id, &tried, is_gone).await;
            waiting = rest;
            if is_gone {
                // Off from now on; what is left says so when its turn comes.
                self.put_off(&waiting, Wait::ZERO).await;
                break;
            }
            let answers = || tried.iter().map(|(_, _, answer)| answer);
            if let Some(pause) = answers().filter(|one| !one.is_taken()).filter_map(|one| one.retry_after).max() {
                self.gateways.leave(&gateway, pause.min(LONGEST_WAIT).unsigned_abs());
            } else if answers().any(Answer::is_away) {
                self.gateways.failed(&gateway);
                // One silent answer a batch is enough to know.
                self.put_off(&waiting, self.gateways.rest(&gateway).unwrap_or(SOON)).await;
                break;
            } else {
                self.gateways.answered(&gateway);
                together = TOGETHER;
            }
        }
        sent
    }

    /// None when it was deleted.
    async fn endpoint(&self, recipient: &str) -> Result<Option<Endpoint>, data::Error> {
        let Ok(id) = recipient.parse() else { return Ok(None) };
        let tx = self.services.db.tenant(self.tenant.id).read().await?;
        let found = tx.webhook(WebhookEndpointId(id)).await;
        tx.commit().await?;
        match found {
            Ok(endpoint) => Ok(Some(endpoint)),
            Err(data::Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn post(&self, endpoint: &Endpoint, message: &ClaimedMessage) -> (OffsetDateTime, Answer) {
        let at = self.services.clock.now();
        let versions = signing_versions(endpoint.secret_version, endpoint.rotated_at, at);
        let secret = |version| Secret::of(&self.services.master, self.tenant.id, endpoint.id, version);
        let secrets: Vec<Secret> = versions.into_iter().map(secret).collect();
        let body = message.payload.to_string();
        let post = Post { url: &endpoint.url, id: message.id.to_string(), at, body: &body, secrets: &secrets };
        (at, self.services.hooks.post(&post).await)
    }

    /// First what became of the messages, then the log: what was posted and not logged is better than posted again.
    async fn record(
        &self,
        endpoint: WebhookEndpointId,
        tried: &[(ClaimedMessage, OffsetDateTime, Answer)],
        is_gone: bool,
    ) -> usize {
        let words = |message: &ClaimedMessage| Rendered {
            subject: message.kind.clone(),
            body_text: message.payload.to_string(),
            body_html: String::new(),
        };
        let taken: Vec<(ClaimedMessage, Left)> = tried
            .iter()
            .filter(|(_, _, answer)| answer.is_taken())
            .map(|(message, _, _)| (message.clone(), Left { words: words(message), receipt: None, parts: None }))
            .collect();
        if !taken.is_empty()
            && let Err(error) = self.services.db.platform().messages_sent(&taken).await
        {
            tracing::error!(%error, count = taken.len(), "posted, but not recorded; they may go out again");
        }
        for (message, _, answer) in tried.iter().filter(|(_, _, answer)| !answer.is_taken()) {
            let failure = match (answer.status, answer.failure) {
                (Some(410), _) => Failure::Never("gone"),
                (_, word) => Failure::Later(word.unwrap_or("status")),
            };
            let now = self.services.clock.now();
            let asked = answer.retry_after.map(|wait| now + wait.min(LONGEST_WAIT));
            let next = next_at(now, message).max(asked.unwrap_or(now));
            failed_at(self.services, self.tenant, message, &failure, Some(next)).await;
        }
        let attempts: Vec<Attempt> =
            tried.iter().map(|(message, at, answer)| attempt(endpoint, message, *at, answer)).collect();
        let logged = async {
            let tx = self.services.db.tenant(self.tenant.id).begin().await?;
            tx.add_webhook_attempts(endpoint, &attempts, is_gone).await?;
            tx.commit().await
        };
        if let Err(error) = logged.await {
            tracing::warn!(tenant = self.tenant.slug, ?error, "posted, but not in the delivery log");
        }
        taken.len()
    }

    /// What waited for too long at an endpoint that does not answer is given up: it can be sent again from the log.
    async fn put_off(&self, messages: &[ClaimedMessage], wait: Wait) {
        let (spent, messages): (Vec<ClaimedMessage>, Vec<ClaimedMessage>) =
            messages.iter().cloned().partition(|message| self.services.clock.now() - message.created_at >= PATIENT_FOR);
        for message in &spent {
            failed_at(self.services, self.tenant, message, &Failure::Never("expired"), None).await;
        }
        let until = OffsetDateTime::now_utc() + wait;
        if let Err(error) = self.services.db.platform().messages_put_off(&messages, until).await {
            tracing::warn!(tenant = self.tenant.slug, %error, "not put back; the lease will end");
        }
    }
}

fn attempt(endpoint: WebhookEndpointId, message: &ClaimedMessage, at: OffsetDateTime, answer: &Answer) -> Attempt {
    Attempt {
        id: WebhookAttemptId::new(),
        endpoint,
        message: message.id,
        fact: message.kind.clone(),
        at,
        status: answer.status.and_then(|status| i16::try_from(status).ok()),
        failure: answer.failure.map(str::to_owned),
        took_ms: i32::try_from(answer.took.as_millis()).unwrap_or(i32::MAX),
        answer: answer.words.clone(),
    }
}

/// Lines of the log are kept so long.
const KEPT: Duration = Duration::days(30);

/// Forgets what is older, supplier by supplier. One supplier's failure is not another's.
pub async fn forget(services: &JobServices) -> Result<usize, data::Error> {
    let before = services.clock.now() - KEPT;
    let mut count = 0;
    for row in services.db.platform().tenants().await? {
        match forget_of(services, row.id, before).await {
            Ok(forgotten) => count += forgotten,
            Err(error) => tracing::warn!(tenant = row.slug, ?error, "the delivery log could not be shortened"),
        }
    }
    Ok(count)
}

async fn forget_of(
    services: &JobServices,
    tenant: crate::domain::ids::TenantId,
    before: OffsetDateTime,
) -> Result<usize, data::Error> {
    let mut count = 0;
    loop {
        let tx = services.db.tenant(tenant).begin().await?;
        let forgotten = tx.forget_webhook_attempts(before).await?;
        tx.commit().await?;
        if forgotten == 0 {
            return Ok(count);
        }
        count += usize::try_from(forgotten).unwrap_or(usize::MAX);
    }
}

//! What the lead can do with an endpoint: another secret, off and on, away with it, a ping, and what was sent once more.
use super::add::show_secret;
use super::log::outcome_words;
use super::one::{self, Ping};
use super::{PATH, id_of, line, list, only_lead};
use crate::backends::webhooks::{Post, Secret};
use crate::data::{Attempt, Endpoint, webhook_body};
use crate::domain::ids::{MessageId, WebhookAttemptId};
use crate::domain::typed;
use crate::domain::webhooks::{Fact, signing_versions};
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::typed::Typed;
use axum::extract::Path;
use axum::response::Response;
use serde_json::{Value as Json, json};
use time::Time;
use uuid::Uuid;

fn seen(typed: &Typed) -> i32 {
    typed.get("version").parse().unwrap_or(0)
}

pub async fn rotate(operator: Operator, Path(id): Path<String>, typed: Typed) -> Result<Response, Error> {
    only_lead(&operator)?;
    let id = id_of(&id)?;
    let tx = operator.db.begin().await?;
    if !tx.rotate_webhook(id, seen(&typed), operator.page.now()).await? {
        drop(tx);
        return one::outdated(&operator, id, "webhook-outdated").await;
    }
    let now = tx.webhook(id).await?;
    let (before, after) = (json!({ "secret": now.secret_version - 1 }), json!({ "secret": now.secret_version }));
    tx.write_audit(&line(&operator, id, "rotate_webhook", before, after)).await?;
    tx.commit().await?;
    show_secret(&operator, id, &now.url, now.secret_version)
}

pub async fn turn(operator: Operator, Path(id): Path<String>, typed: Typed) -> Result<Response, Error> {
    only_lead(&operator)?;
    let (id, is_on) = (id_of(&id)?, typed.get("turn") == "on");
    let tx = operator.db.begin().await?;
    if !tx.turn_webhook(id, seen(&typed), is_on).await? {
        drop(tx);
        return one::outdated(&operator, id, "webhook-outdated").await;
    }
    let action = if is_on { "enable_webhook" } else { "disable_webhook" };
    tx.write_audit(&line(&operator, id, action, Json::Null, Json::Null)).await?;
    tx.commit().await?;
    Ok(operator.page.go(&format!("{PATH}/{id}?done={}", if is_on { "on" } else { "off" })))
}

pub async fn delete(operator: Operator, Path(id): Path<String>, typed: Typed) -> Result<Response, Error> {
    only_lead(&operator)?;
    let id = id_of(&id)?;
    let tx = operator.db.begin().await?;
    let before = tx.webhook(id).await?;
    if !tx.delete_webhook(id, seen(&typed)).await? {
        drop(tx);
        return one::outdated(&operator, id, "webhook-outdated").await;
    }
    let was = json!({ "host": list::host(&before.url), "facts": before.wanted.to_text() });
    tx.write_audit(&line(&operator, id, "delete_webhook", was, Json::Null)).await?;
    tx.commit().await?;
    Ok(operator.page.go(&format!("{PATH}?done=deleted")))
}

/// Posted while the lead waits, so that the answer can be seen; never tried again.
pub async fn ping(operator: Operator, Path(id): Path<String>) -> Result<Response, Error> {
    only_lead(&operator)?;
    let (page, id) = (&operator.page, id_of(&id)?);
    let tx = operator.db.read().await?;
    let endpoint = tx.webhook(id).await?;
    tx.commit().await?;
    if !endpoint.is_on {
        return one::outdated(&operator, id, "webhook-ping-off").await;
    }
    let attempt = post_ping(&operator, &endpoint).await;
    let tx = operator.db.begin().await?;
    tx.add_webhook_attempts(id, std::slice::from_ref(&attempt), attempt.status == Some(410)).await?;
    let after = json!({ "status": attempt.status, "failure": attempt.failure });
    tx.write_audit(&line(&operator, id, "ping_webhook", Json::Null, after)).await?;
    tx.commit().await?;
    let outcome = outcome_words(page, attempt.status, attempt.failure.as_deref());
    let args = [("outcome", Arg::from(outcome)), ("ms", Arg::from(i64::from(attempt.took_ms)))];
    let is_taken = attempt.failure.is_none();
    let sentence = page.t_args(if is_taken { "webhook-ping-taken" } else { "webhook-ping-failed" }, &args);
    one::pinged(&operator, id, Ping { is_taken, sentence, answer: attempt.answer }).await
}

async fn post_ping(operator: &Operator, endpoint: &Endpoint) -> Attempt {
    let page = &operator.page;
    let (message, at) = (MessageId::new(), page.now());
    let body = webhook_body(Fact::TestPing, &json!({ "endpoint": endpoint.id.to_string() }), at).to_string();
    let versions = signing_versions(endpoint.secret_version, endpoint.rotated_at, at);
    let secret = |version| Secret::of(&page.services().master, page.tenant().id, endpoint.id, version);
    let secrets: Vec<Secret> = versions.into_iter().map(secret).collect();
    let post = Post { url: &endpoint.url, id: message.to_string(), at, body: &body, secrets: &secrets };
    let answer = page.services().hooks.post(&post).await;
    Attempt {
        id: WebhookAttemptId::new(),
        endpoint: endpoint.id,
        message,
        fact: Fact::TestPing.key().to_owned(),
        at,
        status: answer.status.and_then(|status| i16::try_from(status).ok()),
        failure: answer.failure.map(str::to_owned),
        took_ms: i32::try_from(answer.took.as_millis()).unwrap_or(i32::MAX),
        answer: answer.words,
    }
}

pub async fn replay(operator: Operator, Path(id): Path<String>, typed: Typed) -> Result<Response, Error> {
    only_lead(&operator)?;
    let id = id_of(&id)?;
    let message = Uuid::try_parse(typed.get("message")).map(MessageId).map_err(|_| Error::NotFound)?;
    let tx = operator.db.begin().await?;
    let endpoint = tx.webhook(id).await?;
    if let Some(why) = refused(&endpoint) {
        drop(tx);
        return one::outdated(&operator, id, why).await;
    }
    if !tx.replay_webhook(id, message, operator.page.now()).await? {
        drop(tx);
        return one::outdated(&operator, id, "webhook-waits-already").await;
    }
    let after = json!({ "message": message.to_string() });
    tx.write_audit(&line(&operator, id, "replay_webhook", Json::Null, after)).await?;
    tx.commit().await?;
    Ok(operator.page.go(&format!("{PATH}/{id}?done=replayed")))
}

/// To one that is off nothing is sent.
fn refused(endpoint: &Endpoint) -> Option<&'static str> {
    (!endpoint.is_on).then_some("webhook-replay-off")
}

pub async fn replay_failed(operator: Operator, Path(id): Path<String>, typed: Typed) -> Result<Response, Error> {
    only_lead(&operator)?;
    let (page, id) = (&operator.page, id_of(&id)?);
    let day = match typed::date(typed.get("since")) {
        Ok(day) => day,
        Err(error) => {
            let field = one::since_field(page).typed(typed.get("since")).wrong(page.date_mistake(error));
            return one::mistaken(&operator, id, field).await;
        }
    };
    let since = page.instant(day, Time::MIDNIGHT);
    // In pieces, each with its line: however many there are, nobody waits long. What fails meanwhile because it is off fails once.
    let mut count = 0;
    loop {
        let tx = operator.db.begin().await?;
        if let Some(why) = refused(&tx.webhook(id).await?) {
            drop(tx);
            return one::outdated(&operator, id, why).await;
        }
        let some = tx.replay_failed_webhooks(id, since, page.now()).await?;
        if some == 0 {
            break;
        }
        count += some;
        let after = json!({ "since": since.to_string(), "messages": some });
        tx.write_audit(&line(&operator, id, "replay_failed_webhooks", Json::Null, after)).await?;
        tx.commit().await?;
    }
    match count {
        0 => one::outdated(&operator, id, "webhook-nothing-failed").await,
        _ => Ok(page.go(&format!("{PATH}/{id}?done=replayed"))),
    }
}

//! The delivery log as the lead reads it: what was tried, what the receiver said, what can be sent again.
use super::PATH;
use super::add::fact_words;
use crate::data::{Attempt, Endpoint, LogFilter, TenantTx};
use crate::domain::ids::WebhookAttemptId;
use crate::domain::webhooks::Fact;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::page::Page;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const SHOWN: usize = 50;

#[derive(Clone, Default, Deserialize)]
pub struct Shown {
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    fact: String,
    #[serde(default)]
    before: String,
    pub done: Option<String>,
}

#[derive(Serialize)]
pub struct Log {
    outcomes: Vec<Filter>,
    kinds: Vec<Filter>,
    rows: Vec<Row>,
    newest: String,
    older: String,
    /// What is shown, for who turns its pages.
    place: String,
}

#[derive(Serialize)]
struct Filter {
    href: String,
    label: String,
    is_current: bool,
}

#[derive(Serialize)]
struct Row {
    at: String,
    fact: String,
    message: String,
    outcome: String,
    is_taken: bool,
    took: String,
    answer: String,
    /// It lies in the outbox and does not wait there.
    can_be_replayed: bool,
    /// It is to be tried again by itself.
    is_waiting: bool,
}

pub async fn read(tx: &TenantTx, page: &Page, endpoint: &Endpoint, shown: &Shown) -> Result<Log, Error> {
    let fact = Fact::parse(&shown.fact).map(|fact| fact.key().to_owned());
    let failed = match shown.outcome.as_str() {
        "failed" => Some(true),
        "taken" => Some(false),
        _ => None,
    };
    let before = Uuid::try_parse(&shown.before).ok().map(WebhookAttemptId);
    let filter = LogFilter { failed, fact: fact.clone(), before };
    let mut attempts = tx.webhook_log(endpoint.id, &filter, SHOWN as u64 + 1).await?;
    let has_older = attempts.len() > SHOWN;
    attempts.truncate(SHOWN);
    let messages: Vec<_> = attempts.iter().map(|one| one.message).collect();
    let states = tx.states_of_webhooks(&messages).await?;
    let href = |outcome: &str, fact: &str, before: &str| {
        let start = format!("{}{PATH}/{}?outcome={outcome}&fact={fact}", page.base(), endpoint.id);
        if before.is_empty() { start } else { format!("{start}&before={before}") }
    };
    let (outcome, fact) = (shown.outcome.as_str(), fact.unwrap_or_default());
    let outcomes = [("", "webhook-log-all"), ("failed", "webhook-log-failed"), ("taken", "webhook-log-taken")];
    let of_outcome = |(value, label): (&str, &str)| Filter {
        href: href(value, &fact, ""),
        label: page.t(label),
        is_current: outcome == value,
    };
    let of_kind =
        |value: &str, label: String| Filter { href: href(outcome, value, ""), label, is_current: fact == value };
    let all = [of_kind("", page.t("webhook-log-all"))];
    let last = attempts.last().map(|one| one.id.to_string()).unwrap_or_default();
    Ok(Log {
        outcomes: outcomes.into_iter().map(of_outcome).collect(),
        kinds: all.into_iter().chain(Fact::ALL.map(|fact| of_kind(fact.key(), fact.key().to_owned()))).collect(),
        rows: attempts
            .iter()
            .map(|one| {
                let state = states.get(&one.message).map_or("", String::as_str);
                row(page, one, state)
            })
            .collect(),
        newest: if before.is_some() { href(outcome, &fact, "") } else { String::new() },
        older: if has_older { href(outcome, &fact, &last) } else { String::new() },
        place: attempts.first().map_or(String::new(), |one| page.moment(one.at)),
    })
}

fn row(page: &Page, one: &Attempt, state: &str) -> Row {
    Row {
        at: page.moment(one.at),
        fact: fact_words(page, &one.fact),
        message: one.message.to_string(),
        outcome: outcome_words(page, one.status, one.failure.as_deref()),
        is_taken: one.failure.is_none(),
        took: page.t_args("webhook-took", &[("ms", Arg::from(i64::from(one.took_ms)))]),
        answer: one.answer.clone(),
        can_be_replayed: matches!(state, "sent" | "failed"),
        is_waiting: state == "ready",
    }
}

/// The receiver's status, or why there was none.
pub fn outcome_words(page: &Page, status: Option<i16>, failure: Option<&str>) -> String {
    match (status, failure) {
        (Some(status), _) => status.to_string(),
        (None, Some("timeout")) => page.t("webhook-failure-timeout"),
        (None, Some("address")) => page.t("webhook-failure-address"),
        (None, _) => page.t("webhook-failure-unreachable"),
    }
}

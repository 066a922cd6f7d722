//! One endpoint: what it is, what can be done with it, its delivery log.
use super::log::{self, Log, Shown};
use super::{id_of, list, only_lead};
use crate::data::Endpoint;
use crate::domain::ids::WebhookEndpointId;
use crate::domain::webhooks::{OVERLAP, Wanted};
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

#[derive(Serialize)]
pub struct View {
    id: String,
    name: String,
    version: i32,
    is_on: bool,
    /// What was just done; empty when nothing.
    done: String,
    /// Somebody was faster; empty when nobody was.
    conflict: String,
    facts: Vec<About>,
    /// What came of a ping.
    ping: Option<Ping>,
    since: Field,
    log: Log,
}

#[derive(Serialize)]
struct About {
    label: String,
    value: String,
    note: String,
}

#[derive(Serialize)]
pub struct Ping {
    pub is_taken: bool,
    pub sentence: String,
    pub answer: String,
}

pub async fn show(operator: Operator, Path(id): Path<String>, Query(shown): Query<Shown>) -> Result<Response, Error> {
    only_lead(&operator)?;
    let page = &operator.page;
    let done = match shown.done.as_deref() {
        Some("changed") => page.t("webhook-done-changed"),
        Some("on") => page.t("webhook-done-on"),
        Some("off") => page.t("webhook-done-off"),
        Some("replayed") => page.t("webhook-done-replayed"),
        _ => String::new(),
    };
    let view = View { done, ..view(&operator, id_of(&id)?, &shown).await? };
    page.show("operator/webhook.html", &view)
}

/// As it is now, and why nothing was done.
pub async fn outdated(operator: &Operator, id: WebhookEndpointId, why: &str) -> Result<Response, Error> {
    let view = View { conflict: operator.page.t(why), ..view(operator, id, &Shown::default()).await? };
    operator.page.show_as(StatusCode::CONFLICT, "operator/webhook.html", &view)
}

/// A day that cannot be read.
pub async fn mistaken(operator: &Operator, id: WebhookEndpointId, since: Field) -> Result<Response, Error> {
    let view = View { since, ..view(operator, id, &Shown::default()).await? };
    operator.page.show_again("operator/webhook.html", &view)
}

pub async fn pinged(operator: &Operator, id: WebhookEndpointId, ping: Ping) -> Result<Response, Error> {
    let view = View { ping: Some(ping), ..view(operator, id, &Shown::default()).await? };
    operator.page.show("operator/webhook.html", &view)
}

pub fn since_field(page: &Page) -> Field {
    Field::day("since", page.t("webhook-since")).hint(page.t("webhook-since-hint")).required()
}

async fn view(operator: &Operator, id: WebhookEndpointId, shown: &Shown) -> Result<View, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let endpoint = tx.webhook(id).await?;
    let log = log::read(&tx, page, &endpoint, shown).await?;
    tx.commit().await?;
    Ok(View {
        id: id.to_string(),
        name: list::host(&endpoint.url),
        version: endpoint.version,
        is_on: endpoint.is_on,
        done: String::new(),
        conflict: String::new(),
        facts: about(page, &endpoint),
        ping: None,
        since: since_field(page).typed(page.today().to_string()),
        log,
    })
}

fn about(page: &Page, one: &Endpoint) -> Vec<About> {
    let about = |label: &str, value: String| About { label: page.t(label), value, note: String::new() };
    let wanted = match &one.wanted {
        Wanted::All => page.t("webhook-which-all"),
        some => some.to_text().replace(' ', ", "),
    };
    let mut all = vec![
        about("webhook-address", one.url.clone()),
        about("webhook-state", list::state(page, one).0),
        about("webhook-which", wanted),
        about("webhook-last-success", list::last_success(page, one)),
        about("webhook-secret-number", page.whole(i64::from(one.secret_version))),
    ];
    let until = one.rotated_at.map(|at| at + OVERLAP).filter(|until| page.now() < *until);
    if let Some(until) = until {
        all.push(about("webhook-secret-before", page.moment(until)));
    }
    if !one.description.is_empty() {
        all.insert(0, about("webhook-description", one.description.clone()));
    }
    all
}

//! All of the supplier's endpoints and how each is doing.
use super::only_lead;
use crate::data::Endpoint;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::table::{Cell, Table};
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct View {
    /// What was just done; empty when nothing.
    done: String,
    has_endpoints: bool,
    endpoints: Table,
}

#[derive(Deserialize)]
pub struct Arrived {
    done: Option<String>,
}

pub async fn list(operator: Operator, Query(arrived): Query<Arrived>) -> Result<Response, Error> {
    only_lead(&operator)?;
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let endpoints = tx.webhooks().await?;
    tx.commit().await?;
    let columns = ["webhook-address", "webhook-state", "webhook-last-success", "#webhook-failures"];
    let mut table = Table::new(page, "webhook-title", &columns);
    for one in &endpoints {
        let (word, tone) = state(page, one);
        table.push([
            Cell::link(host(&one.url), format!("{}{}/{}", page.base(), super::PATH, one.id))
                .note(one.description.clone()),
            Cell::tag(word, tone),
            Cell::of(last_success(page, one)),
            Cell::of(page.whole(i64::from(one.failures))),
        ]);
    }
    let done = if arrived.done.as_deref() == Some("deleted") { page.t("webhook-done-deleted") } else { String::new() };
    page.show("operator/webhooks.html", &View { done, has_endpoints: !table.is_empty(), endpoints: table })
}

/// On, on but not taking anything, or off and why.
pub fn state(page: &Page, one: &Endpoint) -> (String, &'static str) {
    match (one.is_on, one.disabled_reason.as_str(), one.failures) {
        (true, _, 0) => (page.t("webhook-on"), "ok"),
        (true, _, failures) => (page.t_args("webhook-failing", &[("count", Arg::from(i64::from(failures)))]), "warn"),
        (false, "gone", _) => (page.t("webhook-gone"), "bad"),
        (false, ..) => (page.t("webhook-off"), "plain"),
    }
}

pub fn last_success(page: &Page, one: &Endpoint) -> String {
    one.last_success_at.map_or_else(|| page.t("webhook-never"), |at| page.moment(at))
}

/// What follows the host may be a secret of the receiver's.
pub fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest).to_owned()
}

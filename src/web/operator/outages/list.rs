//! The list: what comes first first, and what is over behind a link.
use super::{FEATURES, PATH, words};
use crate::data::OutageFilter;
use crate::domain::features::Action;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::table::Table;
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};

const PAGE: u64 = 50;

#[derive(Deserialize)]
pub struct Wanted {
    list: Option<String>,
    page: Option<u64>,
    done: Option<String>,
}

#[derive(Serialize)]
struct Choice {
    label: String,
    href: String,
    is_current: bool,
}

#[derive(Serialize)]
struct View {
    choices: Vec<Choice>,
    has_outages: bool,
    outages: Table,
    newer: String,
    older: String,
    place: String,
    may_add: bool,
    done: String,
}

pub async fn list(operator: Operator, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let page = &operator.page;
    let is_over = wanted.list.as_deref() == Some("over");
    let at = wanted.page.unwrap_or(1).clamp(1, 10_000);
    let filter = OutageFilter { is_over, now: page.now(), offset: (at - 1) * PAGE, limit: PAGE + 1 };
    let tx = operator.db.read().await?;
    let mut rows = tx.outages(&filter).await?;
    tx.commit().await?;
    let has_more = rows.len() as u64 > PAGE;
    rows.truncate(PAGE as usize);
    let href = |list: &str, at: u64| format!("{}{PATH}?list={list}&page={at}", page.base());
    let own = if is_over { "over" } else { "coming" };
    let choice = |key: &str, list: &str| Choice { label: page.t(key), href: href(list, 1), is_current: list == own };
    let outages = words::outages(page, &rows);
    let view = View {
        choices: vec![choice("desk-outages-coming", "coming"), choice("desk-outages-over", "over")],
        has_outages: !outages.is_empty(),
        outages,
        newer: if at > 1 { href(own, at - 1) } else { String::new() },
        older: if has_more { href(own, at + 1) } else { String::new() },
        place: page.whole(at as i64),
        may_add: page.has_any(FEATURES, Action::Submit),
        done: if wanted.done.as_deref() == Some("deleted") { page.t("desk-outage-deleted") } else { String::new() },
    };
    page.show("operator/outages.html", &view)
}

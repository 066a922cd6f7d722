//! One outage at a customer's points: what stands now, what was changed, and its entry for a calendar.
use super::{FEATURE, event, has_times, places, reason, source, state, when};
use crate::data::OutageVersion;
use crate::domain::ids::OutageId;
use crate::domain::outages::Outage;
use crate::tenancy::{Arg, format};
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::portal::calendar;
use crate::web::portal::id::Id;
use axum::response::Response;
use serde::Serialize;

#[derive(Serialize)]
struct View {
    id: String,
    when: String,
    /// Empty where the supplier does not tell it.
    lasts: String,
    places: String,
    /// It touches none of the customer's points any more.
    is_elsewhere: bool,
    reason: String,
    source: String,
    state: String,
    tone: &'static str,
    number: String,
    versions: Vec<Told>,
    has_calendar: bool,
}

#[derive(Serialize)]
struct Told {
    at: String,
    title: String,
    by: String,
    words: String,
}

pub async fn show(customer: Customer, Id(id): Id) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let (one, own) = tx.outage_of(customer.id, OutageId(id)).await?;
    let points = tx.supply_points_of(customer.id).await?;
    let versions = tx.versions_of_outage(&one).await?;
    tx.commit().await?;
    let (state, tone) = state(page, &one);
    let view = View {
        id: one.id.to_string(),
        when: when(page, &one),
        lasts: if has_times(page) { format::lasting(one.lasts()) } else { String::new() },
        places: places(page, &points, &own),
        is_elsewhere: own.is_empty(),
        reason: reason(page, &one),
        source: source(page, &one),
        state,
        tone,
        number: one.number.clone(),
        versions: history(page, &versions),
        has_calendar: page.has(FEATURE) && !own.is_empty(),
    };
    page.show("portal/outage.html", &view)
}

/// What each version changed, the oldest first; empty while there is one only.
fn history(page: &Page, newest_first: &[OutageVersion]) -> Vec<Told> {
    if newest_first.len() < 2 {
        return Vec::new();
    }
    let told = |(place, version): (usize, &OutageVersion)| {
        let before = newest_first.get(place + 1).map(|before| &before.outage);
        let (title, words) = match before {
            None => ("outage-version-first", when(page, &version.outage)),
            Some(before) => changed(page, before, &version.outage),
        };
        Told { at: page.moment(version.at), title: page.t(title), by: String::new(), words }
    };
    newest_first.iter().enumerate().map(told).rev().collect()
}

fn changed(page: &Page, before: &Outage, after: &Outage) -> (&'static str, String) {
    if after.is_cancelled && !before.is_cancelled {
        return ("outage-version-cancelled", String::new());
    }
    let mut words = Vec::new();
    if (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at) {
        let args = [("before", Arg::from(when(page, before))), ("after", Arg::from(when(page, after)))];
        words.push(page.t_args("outage-version-times", &args));
    }
    if before.reason != after.reason {
        words.push(page.t_args("outage-version-reason", &[("reason", Arg::from(reason(page, after)))]));
    }
    if before.areas != after.areas {
        words.push(page.t("outage-version-places"));
    }
    let title = if before.is_cancelled { "outage-version-restored" } else { "outage-version-changed" };
    (title, words.join(" "))
}

pub async fn entry(customer: Customer, Id(id): Id) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let (one, own) = tx.outage_of(customer.id, OutageId(id)).await?;
    let points = tx.supply_points_of(customer.id).await?;
    tx.commit().await?;
    Ok(calendar::file(page, &[event(page, &one, &points, &own)], "odstavka.ics"))
}

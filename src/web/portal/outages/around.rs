//! Outages around, for anybody: by municipality and street, as the distributor made them known; of customers and their points nothing.
use super::{FEATURE, reason, source, state, when};
use crate::domain::outages::{Outage, Place};
use crate::tenancy::{Arg, format};
use crate::web::kit::error::Error;
use crate::web::kit::form::Choice;
use crate::web::kit::guard::Visitor;
use crate::web::kit::page::Page;
use crate::web::kit::ready;
use axum::extract::{OriginalUri, Query};
use axum::http::HeaderMap;
use axum::response::Response;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

pub const PATH: &str = ready::PATH;
/// Outages on one page.
const MOST: u64 = 500;
/// Streets that one line names.
const STREETS: usize = 30;

#[derive(Deserialize)]
pub struct Wanted {
    municipality: Option<String>,
}

#[derive(Serialize)]
struct View {
    as_of: String,
    municipalities: Vec<Choice>,
    /// Empty when all are shown.
    chosen: String,
    towns: Vec<Town>,
    is_signed_in: bool,
}

#[derive(Serialize)]
struct Town {
    name: String,
    outages: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    when: String,
    lasts: String,
    streets: String,
    reason: String,
    source: String,
    state: String,
    tone: &'static str,
}

pub async fn show(
    visitor: Visitor,
    Query(wanted): Query<Wanted>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let page = &visitor.page;
    let services = page.services();
    let (db, now) = (visitor.db.clone(), page.now());
    let load = || async move {
        let tx = db.read().await?;
        let all = tx.outages_around(now, MOST).await?;
        tx.commit().await?;
        Ok(all)
    };
    let held = services.outages_around.of(page.tenant().id, now, Instant::now(), load).await?;
    let wanted = wanted.municipality.unwrap_or_default();
    let view = view(page, &held.what, held.as_of, wanted.trim());
    if page.is_signed_in() {
        return page.show("portal/outages_public.html", &view);
    }
    let html = page.render("portal/outages_public.html", &view)?;
    // Only what our own form asks is kept: to what somebody makes up there is no end.
    let ours = match view.chosen.as_str() {
        "" => PATH.to_owned(),
        town => format!("{PATH}?municipality={}", as_a_form_sends(town)),
    };
    let path = uri.path_and_query().map(|path| path.as_str()).filter(|path| *path == ours);
    Ok(ready::answer(services, page.served().tenant.clone(), page.lang(), path, html, &headers))
}

fn view(page: &Page, all: &[Outage], as_of: time::OffsetDateTime, wanted: &str) -> View {
    let mut towns: BTreeMap<&str, Vec<(&Outage, BTreeSet<&str>)>> = BTreeMap::new();
    for one in all.iter().filter(|one| one.ends_at > page.now()) {
        for (town, streets) in places(one) {
            towns.entry(town).or_default().push((one, streets));
        }
    }
    let chosen = towns.keys().copied().find(|town| *town == wanted).unwrap_or("").to_owned();
    let municipalities = towns.keys().map(|town| Choice::new(*town, *town, *town == chosen)).collect();
    let shown = towns.iter().filter(|(town, _)| wanted.is_empty() || **town == wanted);
    let shown = shown.map(|(town, outages)| Town {
        name: (*town).to_owned(),
        outages: outages.iter().map(|(one, streets)| line(page, one, streets)).collect(),
    });
    let zone = &page.tenant().document.locale.timezone;
    View {
        as_of: format!("{} {}", format::day_of(page.tenant(), page.lang(), as_of), format::clock(zone, as_of)),
        municipalities,
        towns: shown.collect(),
        chosen,
        is_signed_in: page.is_signed_in() && page.has(FEATURE),
    }
}

/// Municipalities, each with its streets, or its parts where no street is named; where there is no address, the place in its few words.
fn places(one: &Outage) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut towns: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for Place { municipality, part, street, .. } in &one.areas.addresses {
        let streets = towns.entry(municipality.as_str()).or_default();
        streets.extend([street.as_str(), part.as_str()].into_iter().find(|name| !name.is_empty()));
    }
    if towns.is_empty() && !one.place.is_empty() {
        towns.insert(one.place.as_str(), BTreeSet::new());
    }
    towns
}

fn line(page: &Page, one: &Outage, streets: &BTreeSet<&str>) -> Line {
    let (state, tone) = state(page, one);
    let mut named = streets.iter().copied().take(STREETS).collect::<Vec<_>>().join(", ");
    if streets.len() > STREETS {
        let more = i64::try_from(streets.len() - STREETS).unwrap_or(i64::MAX);
        named = format!("{named}; {}", page.t_args("outages-more-streets", &[("count", Arg::from(more))]));
    }
    Line {
        when: when(page, one),
        lasts: if super::has_times(page) { format::lasting(one.lasts()) } else { String::new() },
        streets: named,
        reason: reason(page, one),
        source: source(page, one),
        state,
        tone,
    }
}

fn as_a_form_sends(text: &str) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');
    utf8_percent_encode(text, KEPT).to_string().replace("%20", "+")
}

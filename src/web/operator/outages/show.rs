//! One outage: what it says, whom it touches, who was told, what earlier versions said, and what can be done with it.
use super::words::{self, Fact};
use super::{FEATURES, id_of};
use crate::data::OutageVersion;
use crate::domain::features::Action;
use crate::domain::outages::Phase;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::table::Table;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::{Deserialize, Serialize};

pub const SHOWN: u64 = 50;

#[derive(Deserialize)]
pub struct Wanted {
    done: Option<String>,
}

#[derive(Serialize)]
struct Event {
    at: String,
    title: String,
    by: String,
    words: String,
}

#[derive(Serialize)]
struct Doing {
    label: String,
    href: String,
}

#[derive(Serialize)]
struct View {
    title: String,
    state: String,
    tone: &'static str,
    facts: Vec<Fact>,
    due: String,
    due_tone: &'static str,
    count: String,
    points: Table,
    has_points: bool,
    areas: Vec<String>,
    events: Vec<Event>,
    doings: Vec<Doing>,
    done: String,
}

pub async fn show(operator: Operator, Path(id): Path<String>, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let page = &operator.page;
    let id = id_of(&id).ok_or(Error::NotFound)?;
    let tx = operator.db.read().await?;
    let row = tx.outage_row(id).await?;
    let touched = tx.affected_points(id, SHOWN).await?;
    let versions = tx.versions_of_outage(&row.outage).await?;
    let told = tx.told_of_version(id, row.outage.version).await?;
    let left = tx.points_left_to_tell(id, row.outage.version).await?;
    tx.commit().await?;
    let one = &row.outage;
    let mut facts = words::facts(page, one);
    facts.push(words::fact(page, "desk-outage-notices", page.whole(row.notices), words::told(page, told)));
    if left > 0 {
        let note = page.t("desk-outage-left-note");
        facts.push(words::fact(page, "desk-outage-left", page.whole(left), note));
    }
    let (state, tone) = words::phase(page, one);
    let (due, due_tone) = words::statutory(page, one);
    let points = words::points(page, &touched.first);
    let areas = one.areas.written().join("\n");
    let view = View {
        title: words::span(page, one),
        state,
        tone,
        facts,
        due,
        due_tone,
        count: count(page, touched.count, touched.first.len()),
        has_points: !points.is_empty(),
        points,
        areas: areas.lines().filter(|line| !line.is_empty()).take(200).map(str::to_owned).collect(),
        events: versions.iter().rev().map(|version| event(page, version)).collect(),
        doings: doings(page, &row, versions.len()),
        done: match wanted.done.as_deref() {
            Some(done @ ("new" | "changed" | "cancelled" | "restored")) => page.t(&format!("desk-outage-done-{done}")),
            _ => String::new(),
        },
    };
    page.show("operator/outage.html", &view)
}

/// How many, and that only the first are shown.
pub fn count(page: &Page, count: i64, shown: usize) -> String {
    let key = if count > shown as i64 { "desk-outage-count-first" } else { "desk-outage-count" };
    let args = [("count", Arg::from(count)), ("shown", Arg::from(shown as i64))];
    page.t_args(key, &args)
}

fn event(page: &Page, version: &OutageVersion) -> Event {
    let args = [("version", Arg::from(i64::from(version.outage.version)))];
    Event {
        at: page.moment(version.at),
        title: page.t_args(&format!("desk-outage-event-{}", version.what), &args),
        by: version.actor.clone(),
        words: format!("{} ({})", words::span(page, &version.outage), words::duration(&version.outage)),
    }
}

/// What is over stays as it was; what nobody was told of can go without a trace.
fn doings(page: &Page, row: &crate::data::OutageRow, versions: usize) -> Vec<Doing> {
    let one = &row.outage;
    if !page.has_any(FEATURES, Action::Change) {
        return Vec::new();
    }
    let phase = one.phase(page.now());
    let is_open = matches!(phase, Phase::Coming | Phase::Running);
    let is_before = one.ends_at > page.now();
    let all =
        [("change", is_open), ("cancel", is_open), ("undo", versions > 1 && is_before), ("delete", row.notices == 0)];
    let href = |act: &str| match act {
        "change" => format!("{}/operator/outages/{}/change", page.base(), one.id),
        act => format!("{}/operator/outages/{}/act/{act}", page.base(), one.id),
    };
    let shown = all.into_iter().filter(|(_, is_shown)| *is_shown);
    shown.map(|(act, _)| Doing { label: page.t(&format!("desk-outage-{act}")), href: href(act) }).collect()
}

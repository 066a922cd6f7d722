//! The switchboard: what the contract buys, what is off, by whom and why; a switch shows its effect before it is flipped and can be undone.
use crate::domain::features::{Action, Area, Feature};
use crate::tenancy::{Arg, Tenant, Toggle};
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::revisions;
use crate::web::kit::slices::Slice;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use time::Date;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

const AREAS: [(Area, &str); 6] = [
    (Area::Portal, "area-portal"),
    (Area::Access, "area-access"),
    (Area::Information, "area-information"),
    (Area::Requests, "area-requests"),
    (Area::Readings, "area-readings"),
    (Area::Alerts, "area-alerts"),
];
const REASON_MAX: usize = 300;

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::operator(&[], "/operator/features").get(list),
        Slice::operator(&[], "/operator/features/{key}").get(confirm).post(flip),
        Slice::operator(&[], "/operator/features/revisions/{revision}/undo").post(undo),
    ]
}

#[derive(Serialize)]
struct Switchboard {
    revision: i64,
    groups: Vec<Group>,
    history: Vec<Change>,
    saved: String,
    conflict: String,
    /// "live on 3 of 3 instances"; empty when nobody can tell.
    reach: String,
}

#[derive(Serialize)]
struct Group {
    title: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    key: &'static str,
    name: String,
    note: String,
    is_on: bool,
    is_changeable: bool,
    off_reason: String,
    off_by: String,
    off_at: String,
    /// The day it is switched on by itself.
    off_until: String,
}

#[derive(Serialize)]
struct Change {
    revision: i64,
    at: String,
    by: String,
    reason: String,
    can_undo: bool,
}

#[derive(Serialize)]
struct Confirm {
    key: &'static str,
    name: String,
    note: String,
    is_on: bool,
    affects: String,
    revision: i64,
    reason: String,
    /// Whether it can be held back until a day, and the day that was typed.
    can_hold: bool,
    until: String,
    tomorrow: String,
    error: String,
}

#[derive(Deserialize)]
struct Saved {
    saved: Option<String>,
    /// Somebody else was quicker.
    stale: Option<String>,
}

#[derive(Deserialize)]
struct Flip {
    #[serde(default)]
    reason: String,
    /// `2027-01-01`, or empty: off until somebody switches it on.
    #[serde(default)]
    until: String,
    /// The revision the operator was looking at.
    revision: i64,
    /// `on` or `off`.
    turn: String,
}

#[derive(Deserialize)]
struct Undo {
    revision: i64,
}

async fn list(operator: Operator, Query(query): Query<Saved>) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let history = tx.revisions(20).await?;
    tx.commit().await?;
    let tenant = page.tenant();
    let groups =
        AREAS.iter().map(|(area, title)| group(page, &operator, *area, title)).filter(|group| !group.rows.is_empty());
    let saved =
        query.saved.and_then(|key| Feature::parse(&key)).map(|feature| page.t(&name_key(feature))).unwrap_or_default();
    let conflict = query.stale.map(|_| page.t("operator-flip-conflict")).unwrap_or_default();
    let reach = page.services().bus.reach(tenant.id, tenant.revision).await;
    let reach = reach.map(|reach| {
        let counts = [("loaded", Arg::from(reach.loaded as i64)), ("instances", Arg::from(reach.instances as i64))];
        page.t_args("operator-reach", &counts)
    });
    let view = Switchboard {
        reach: reach.unwrap_or_default(),
        revision: tenant.revision,
        groups: groups.collect(),
        history: history
            .into_iter()
            .map(|row| Change {
                revision: row.revision,
                at: moment(page, row.created_at),
                by: row.actor,
                reason: row.reason,
                can_undo: row.revision > 1 && row.revision == tenant.revision && may_configure(&operator, None),
            })
            .collect(),
        saved,
        conflict,
    };
    page.show("operator/features.html", &view)
}

fn group(page: &Page, operator: &Operator, area: Area, title: &str) -> Group {
    let tenant = page.tenant();
    let rows = tenant
        .contract
        .features
        .iter()
        .filter(|feature| feature.area() == area)
        .map(|feature| {
            let toggle = tenant.toggles.iter().find(|toggle| toggle.feature == *feature);
            Row {
                key: feature.key(),
                name: page.t(&name_key(*feature)),
                note: page.t(&format!("{}-note", name_key(*feature))),
                is_on: tenant.has(*feature),
                is_changeable: may_configure(operator, Some(*feature)),
                off_reason: toggle.map(|toggle| toggle.reason.clone()).unwrap_or_default(),
                off_by: toggle.map(|toggle| toggle.by.clone()).unwrap_or_default(),
                off_at: toggle.map(|toggle| moment(page, toggle.at)).unwrap_or_default(),
                off_until: toggle.and_then(|toggle| toggle.until).map(|day| page.date(day)).unwrap_or_default(),
            }
        })
        .collect();
    Group { title: page.t(title), rows }
}

fn name_key(feature: Feature) -> String {
    format!("feature-{}", feature.key().replace('_', "-"))
}

fn moment(page: &Page, at: time::OffsetDateTime) -> String {
    let (day, clock) = page.local(at);
    format!("{} {:02}:{:02}", page.date(day), clock.hour(), clock.minute())
}

fn may_configure(operator: &Operator, feature: Option<Feature>) -> bool {
    let tenant = operator.page.tenant();
    match feature {
        Some(feature) => tenant.allows(operator.role, feature, Action::Configure),
        None => {
            tenant.contract.features.iter().any(|feature| tenant.allows(operator.role, *feature, Action::Configure))
        }
    }
}

/// A feature this supplier bought and this person may switch; anything else is 404.
fn switchable(operator: &Operator, key: &str) -> Result<Feature, Error> {
    Feature::parse(key).filter(|feature| may_configure(operator, Some(*feature))).ok_or(Error::NotFound)
}

async fn confirm(operator: Operator, Path(key): Path<String>) -> Result<Response, Error> {
    let feature = switchable(&operator, &key)?;
    let view = confirmation(&operator, feature, Typed::default(), "").await?;
    operator.page.show("operator/feature_confirm.html", &view)
}

#[derive(Default)]
struct Typed<'a> {
    reason: &'a str,
    until: &'a str,
}

/// `error` is the key of a sentence, or empty.
async fn confirmation(operator: &Operator, feature: Feature, typed: Typed<'_>, error: &str) -> Result<Confirm, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let customers = tx.count_customers().await?;
    tx.commit().await?;
    let is_on = page.tenant().has(feature);
    Ok(Confirm {
        key: feature.key(),
        name: page.t(&name_key(feature)),
        note: page.t(&format!("{}-note", name_key(feature))),
        is_on,
        affects: page.t_args(
            if is_on { "operator-flip-loses" } else { "operator-flip-gains" },
            &[("customers", Arg::from(customers))],
        ),
        revision: page.tenant().revision,
        reason: typed.reason.to_owned(),
        can_hold: is_on && page.tenant().has(Feature::PortalStagedNewFunctions),
        until: typed.until.to_owned(),
        tomorrow: page.today().next_day().map(|day| day.to_string()).unwrap_or_default(),
        error: if error.is_empty() { String::new() } else { page.t(error) },
    })
}

async fn flip(operator: Operator, Path(key): Path<String>, Form(typed): Form<Flip>) -> Result<Response, Error> {
    let feature = switchable(&operator, &key)?;
    let page = &operator.page;
    let kept = Typed { reason: &typed.reason, until: &typed.until };
    let reason = typed.reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_MAX || reason.chars().any(char::is_control) {
        let view = confirmation(&operator, feature, kept, "operator-flip-reason-missing").await?;
        return page.show_again("operator/feature_confirm.html", &view);
    }
    let Some(until) = held_until(page, &typed.until) else {
        let view = confirmation(&operator, feature, kept, "operator-flip-until-wrong").await?;
        return page.show_again("operator/feature_confirm.html", &view);
    };
    let is_off = match typed.turn.as_str() {
        "off" => true,
        "on" => false,
        _ => return Err(Error::BadRequest("turn is on or off")),
    };
    let mut toggles = page.tenant().toggles.clone();
    toggles.retain(|toggle| toggle.feature != feature);
    if is_off {
        toggles.push(Toggle { feature, reason: reason.to_owned(), by: operator.name.clone(), at: page.now(), until });
    }
    let note = format!("{} {}: {reason}", feature.key(), if is_off { "off" } else { "on" });
    match publish(&operator, typed.revision, toggles, &note).await? {
        Some(_) => Ok(page.go(&format!("/operator/features?saved={}", feature.key()))),
        None => {
            let view = confirmation(&operator, feature, kept, "operator-flip-conflict").await?;
            page.show_as(StatusCode::CONFLICT, "operator/feature_confirm.html", &view)
        }
    }
}

/// The day until which it is held back: none was typed, or a day to come where the contract has staged functions; else nothing.
fn held_until(page: &Page, typed: &str) -> Option<Option<Date>> {
    const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
    if typed.trim().is_empty() {
        return Some(None);
    }
    let day = Date::parse(typed.trim(), DAY).ok().filter(|day| *day > page.today())?;
    page.tenant().has(Feature::PortalStagedNewFunctions).then_some(Some(day))
}

/// Undoing revision n publishes the switches of revision n − 1 as revision n + 1.
async fn undo(operator: Operator, Path(revision): Path<i64>, Form(seen): Form<Undo>) -> Result<Response, Error> {
    let page = &operator.page;
    if !may_configure(&operator, None) || seen.revision != revision {
        return Err(Error::NotFound);
    }
    let tx = operator.db.read().await?;
    let before = tx.revision(revision - 1).await?;
    tx.commit().await?;
    let toggles: Vec<Toggle> =
        serde_json::from_str(&before.toggles).map_err(|error| Error::Broken(error.to_string()))?;
    // What the timetable let go stays off after an undo, or it would come on again within a second.
    let today = page.today();
    let lasting = |mut toggle: Toggle| {
        toggle.until = toggle.until.filter(|day| *day > today);
        toggle
    };
    let toggles = toggles.into_iter().map(lasting).collect();
    let note = format!("undo of revision {revision}");
    let is_done = publish(&operator, revision, toggles, &note).await?.is_some();
    Ok(page.go(if is_done { "/operator/features" } else { "/operator/features?stale=1" }))
}

async fn publish(
    operator: &Operator,
    expected: i64,
    toggles: Vec<Toggle>,
    reason: &str,
) -> Result<Option<Arc<Tenant>>, Error> {
    let page = &operator.page;
    let by =
        revisions::By { kind: "staff", name: &operator.name, role: operator.role.key(), request_id: page.request_id() };
    revisions::switch(page.services(), &operator.db, page.tenant(), expected, toggles, by, reason).await
}

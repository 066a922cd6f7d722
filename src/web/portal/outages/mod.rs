//! Outages (*odstávky*) as customers see them: those at their supply points, one of them, who is told; and for anybody, those around.
mod around;
mod list;
mod off;
mod one;
mod wishes;

use super::calendar;
use crate::domain::features::{Action, Feature};
use crate::domain::icalendar::{Event, When};
use crate::domain::ids::SupplyPointId;
use crate::domain::outages::{Outage, OutageKind, Phase};
use crate::domain::supply_points::SupplyPoint;
use crate::tenancy::{Arg, format};
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;

const FEATURE: Feature = Feature::OutageAlertPlanned;
/// Points that a line names one by one.
const NAMED: usize = 2;

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(&[FEATURE], "/outages").get(list::show),
        Slice::customer(&[FEATURE], "/outages/notices").own().writes(Action::View).post(wishes::save),
        Slice::customer(&[FEATURE], "/outages/{id}").get(one::show),
        Slice::customer(&[FEATURE], "/outages/{id}/calendar.ics").get(one::entry),
        Slice::visitor(&[FEATURE], "/outages/off").get(off::look).post(off::stop),
        Slice::visitor(&[FEATURE], around::PATH).get(around::show),
    ]
}

/// Whether the supplier tells when and how long; else only the day is said.
fn has_times(page: &Page) -> bool {
    page.tenant().has(Feature::OutageAlertWhenAndDuration)
}

fn when(page: &Page, outage: &Outage) -> String {
    let say = if has_times(page) { format::span } else { format::days };
    say(page.tenant(), page.lang(), outage.starts_at, outage.ends_at)
}

fn state(page: &Page, outage: &Outage) -> (String, &'static str) {
    match outage.phase(page.now()) {
        Phase::Cancelled => (page.t("outage-cancelled"), "plain"),
        Phase::Over => (page.t("outage-over"), "plain"),
        Phase::Running => (page.t("outage-running"), "bad"),
        Phase::Coming => (page.t("outage-coming"), "warn"),
    }
}

/// Why, and that it broke down where it did.
fn reason(page: &Page, outage: &Outage) -> String {
    match (outage.kind, outage.reason.as_str()) {
        (OutageKind::Fault, "") => page.t("outage-fault"),
        (OutageKind::Fault, why) => format!("{}: {why}", page.t("outage-fault")),
        (OutageKind::Planned, "") => page.t("outage-planned"),
        (OutageKind::Planned, why) => why.to_owned(),
    }
}

fn source(page: &Page, outage: &Outage) -> String {
    match outage.distributor.as_str() {
        "" => page.t("notice-outage-source-short"),
        name => page.t_args("notice-outage-source", &[("name", Arg::from(name))]),
    }
}

fn point_name(point: &SupplyPoint) -> String {
    format!("{}, {}", point.address.street, point.address.city)
}

/// Its entry in a calendar.
pub fn event(page: &Page, one: &Outage, points: &[SupplyPoint], own: &[SupplyPointId]) -> Event {
    let place = places(page, points, own);
    let link = page.tenant().url(&format!("/outages/{}", one.id));
    Event {
        uid: calendar::uid(page, &format!("outage-{}", one.id)),
        sequence: u32::try_from(one.version).unwrap_or(0),
        is_cancelled: one.is_cancelled,
        stamp: one.announced_at,
        when: match has_times(page) {
            true => When::Moments(one.starts_at, one.ends_at),
            false => When::Days(page.local(one.starts_at).0, page.local(one.ends_at).0),
        },
        summary: page.t_args("outage-calendar-summary", &[("place", Arg::from(place.as_str()))]),
        location: place,
        description: format!("{}\n{}\n{link}", reason(page, one), source(page, one)),
    }
}

/// Addresses of the points; of many the first, and how many more.
pub fn places(page: &Page, points: &[SupplyPoint], ids: &[SupplyPointId]) -> String {
    let mut names: Vec<String> = points.iter().filter(|point| ids.contains(&point.id)).map(point_name).collect();
    names.dedup();
    if names.len() > NAMED + 1 {
        let more = i64::try_from(names.len() - NAMED).unwrap_or(i64::MAX);
        names.truncate(NAMED);
        names.push(page.t_args("outage-more-places", &[("count", Arg::from(more))]));
    }
    names.join("; ")
}

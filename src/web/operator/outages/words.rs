//! Outages in words: from when to when and for how long, how it stands with the announcement, who would be told.
use crate::data::{Affected, OutageRow, Told};
use crate::domain::outages::{Announcement, Outage, Phase, announcement};
use crate::tenancy::{Arg, format};
use crate::web::kit::outages::Keeper;
use crate::web::kit::page::Page;
use crate::web::kit::table::{Cell, Table};
use serde::Serialize;
use time::{Date, OffsetDateTime};

#[derive(Serialize)]
pub struct Fact {
    pub label: String,
    pub value: String,
    pub note: String,
}

pub fn fact(page: &Page, label: &str, value: String, note: String) -> Fact {
    Fact { label: page.t(label), value, note }
}

/// `7. 9. 2026 7:30–15:00`, over midnight with both days.
pub fn span(page: &Page, one: &Outage) -> String {
    format::bare_span(page.tenant(), page.lang(), one.starts_at, one.ends_at)
}

/// `7 h 30 min`.
pub fn duration(one: &Outage) -> String {
    format::lasting(one.lasts())
}

/// The word and how good it is.
pub fn phase(page: &Page, one: &Outage) -> (String, &'static str) {
    let phase = one.phase(page.now());
    let tone = match phase {
        Phase::Coming => "info",
        Phase::Running => "warn",
        Phase::Over => "",
        Phase::Cancelled => "bad",
    };
    (page.t(&format!("desk-outage-phase-{}", phase.key())), tone)
}

/// `oznámit do 5. 12. 2026: splněno`.
pub fn statutory(page: &Page, one: &Outage) -> (String, &'static str) {
    let (starts_on, announced_on) = (page.local(one.starts_at).0, page.local(one.announced_at).0);
    let due = |day: Date| [("day", Arg::from(page.date(day)))];
    match announcement(one, starts_on, announced_on) {
        Announcement::NotOwed => (page.t("desk-outage-due-none"), ""),
        Announcement::Kept(day) => (page.t_args("desk-outage-due-kept", &due(day)), "ok"),
        Announcement::Missed(day) => (page.t_args("desk-outage-due-missed", &due(day)), "bad"),
    }
}

pub fn told(page: &Page, told: Told) -> String {
    let count = |number: i64| Arg::from(page.whole(number));
    page.t_args("desk-outage-told", &[("mail", count(told.mail)), ("sms", count(told.sms))])
}

pub fn facts(page: &Page, one: &Outage) -> Vec<Fact> {
    let none = String::new;
    let mut facts = vec![
        fact(page, "desk-outage-when", span(page, one), duration(one)),
        fact(page, "desk-outage-kind", page.t(&format!("desk-outage-kind-{}", one.kind.key())), none()),
        fact(page, "desk-outage-announced", page.date(page.local(one.announced_at).0), statutory(page, one).0),
    ];
    let words = [
        ("desk-outage-number", &one.number),
        ("desk-outage-place", &one.place),
        ("desk-outage-reason", &one.reason),
        ("desk-outage-distributor", &one.distributor),
    ];
    let said = words.into_iter().filter(|(_, text)| !text.is_empty());
    facts.extend(said.map(|(label, text)| fact(page, label, text.clone(), none())));
    facts
}

/// The first of the points an outage touches.
pub fn points(page: &Page, first: &[Affected]) -> Table {
    let columns = ["queue-customer", "desk-outage-point", "desk-outage-how"];
    let mut table = Table::new(page, "desk-outage-points", &columns);
    for one in first {
        let address = format!("{}, {}", one.address.street, one.address.city);
        table.push([
            Cell::of(one.customer_name.as_str()),
            Cell::of(address).note(one.code.as_str()),
            Cell::of(page.t(&format!("desk-outage-how-{}", one.how))),
        ]);
    }
    table
}

pub fn outages(page: &Page, rows: &[OutageRow]) -> Table {
    let columns = [
        "desk-outage-when",
        "desk-outage-place",
        "desk-outage-state",
        "desk-outage-due",
        "#desk-outage-points",
        "#desk-outage-notices",
    ];
    let mut table = Table::new(page, "desk-outages-title", &columns);
    for row in rows {
        let one = &row.outage;
        let (state, tone) = phase(page, one);
        let (due, due_tone) = statutory(page, one);
        let told = row
            .told_at
            .map(|at| page.t_args("desk-outage-told-on", &[("day", Arg::from(page.date(page.local(at).0)))]));
        table.push([
            Cell::link(span(page, one), format!("{}/operator/outages/{}", page.base(), one.id)).note(duration(one)),
            Cell::of(if one.place.is_empty() { one.number.clone() } else { one.place.clone() }),
            Cell::tag(state, tone),
            Cell::tag(due, due_tone),
            Cell::of(page.whole(row.points)),
            Cell::of(page.whole(row.notices)).note(told.unwrap_or_default()),
        ]);
    }
    table
}

/// Keeps what the desk decides, in the desk's name. `day_of` comes from the caller, for it must live as long.
pub fn keeper<'a>(
    page: &'a Page,
    actor: &'a str,
    day_of: &'a (dyn Fn(OffsetDateTime) -> Date + Send + Sync),
) -> Keeper<'a> {
    Keeper { tenant: page.tenant(), actor, now: page.now(), today: page.today(), day_of }
}

//! Who comes today: an office's day, visit by visit, and the days around it.
use crate::data::{DayRow, OfficeRow};
use crate::domain::features::Feature;
use crate::tenancy::Lang;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::table::{Cell, Table};
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use time::macros::format_description;
use time::{Date, Duration, Time};

pub const FEATURE: Feature = Feature::BookOfficeVisit;

pub fn slices() -> Vec<Slice> {
    vec![Slice::operator(&[FEATURE], "/operator/visits").get(list)]
}

#[derive(Deserialize)]
struct Wanted {
    office: Option<String>,
    day: Option<String>,
}

#[derive(Serialize)]
struct Choice {
    label: String,
    href: String,
    is_current: bool,
}

#[derive(Serialize)]
struct DayList {
    offices: Vec<Choice>,
    office: String,
    /// As the date field carries it.
    day: String,
    title: String,
    before: String,
    after: String,
    today: String,
    is_open: bool,
    has_visits: bool,
    visits: Table,
}

async fn list(operator: Operator, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let page = &operator.page;
    let day = wanted.day.as_deref().and_then(day_of).unwrap_or(page.today());
    let tx = operator.db.read().await?;
    let offices = tx.offices().await?;
    let named = offices.iter().find(|office| Some(&office.key) == wanted.office.as_ref());
    let office = named.or(offices.iter().find(|office| office.is_active)).or(offices.first());
    let rows = match office {
        Some(office) => {
            let (from, to) = (page.instant(day, Time::MIDNIGHT), page.instant(day + Duration::DAY, Time::MIDNIGHT));
            tx.day_list(office.id, from, to).await?
        }
        None => Vec::new(),
    };
    tx.commit().await?;
    let key = office.map(|office| office.key.clone()).unwrap_or_default();
    let href = |office: &str, day: Date| format!("{}/operator/visits?office={office}&day={day}", page.base());
    let choice =
        |one: &OfficeRow| Choice { label: name(page, one), href: href(&one.key, day), is_current: one.key == key };
    let visits = table(page, office, &rows);
    let view = DayList {
        offices: offices.iter().map(choice).collect(),
        before: href(&key, day - Duration::DAY),
        after: href(&key, day + Duration::DAY),
        today: if day == page.today() { String::new() } else { href(&key, page.today()) },
        is_open: office.is_some_and(|office| office.shown(false).is_open_on(day)),
        office: key,
        day: day.to_string(),
        title: page.on_day(day),
        has_visits: !visits.is_empty(),
        visits,
    };
    page.show("operator/visits.html", &view)
}

/// A day an operator could mean; the last ones of the calendar have no neighbours.
fn day_of(text: &str) -> Option<Date> {
    let day = Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?;
    (2000..=2199).contains(&day.year()).then_some(day)
}

fn name(page: &Page, office: &OfficeRow) -> String {
    office.shown(page.lang() == Lang::En).name
}

fn table(page: &Page, office: Option<&OfficeRow>, rows: &[DayRow]) -> Table {
    let columns = ["desk-visit-time", "queue-customer", "desk-visit-topic"];
    let mut table = Table::new(page, "desk-visits-title", &columns);
    let clock = |at| {
        let (_, time) = page.local(at);
        format!("{}:{:02}", time.hour(), time.minute())
    };
    for row in rows {
        let booking = &row.booking;
        let topic = office.and_then(|office| office.topics.iter().find(|topic| topic.key == booking.topic));
        let topic = topic.map(|topic| if page.lang() == Lang::En { &topic.name_en } else { &topic.name_cs });
        table.push([
            Cell::of(format!("{}–{}", clock(booking.starts_at), clock(booking.ends_at))),
            Cell::of(row.customer_name.as_str()).note(row.customer_number.as_str()),
            Cell::of(topic.unwrap_or(&booking.topic).as_str()),
        ]);
    }
    table
}

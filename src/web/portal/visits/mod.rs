//! Visits of an office (*návštěva obchodní kanceláře*): those booked, one of them, its entry for a calendar.
mod book;
mod change;
mod slots;

use super::calendar;
use super::id::Id;
use super::words;
use crate::data::{Booking, NewMessage, OfficeRow, TenantTx};
use crate::domain::features::{Action, Feature};
use crate::domain::icalendar::{Event, When};
use crate::domain::ids::{BookingId, MessageId};
use crate::domain::notices::Channel;
use crate::tenancy::{Arg, Lang};
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::table::{Cell, Table};
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashMap;
use time::{Duration, PrimitiveDateTime};

const FEATURE: Feature = Feature::BookOfficeVisit;
/// Visits so old are still listed.
const KEPT: Duration = Duration::days(365);

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(&[FEATURE], "/visits").get(list),
        Slice::customer(&[FEATURE], "/visits/new").reads(Action::Submit).get(book::offices),
        Slice::customer(&[FEATURE], "/visits/new/{key}").get(book::choose).post(book::submit),
        Slice::customer(&[FEATURE], "/visits/{id}").get(show),
        Slice::customer(&[FEATURE], "/visits/{id}/calendar.ics").get(entry),
        Slice::customer(&[FEATURE], "/visits/{id}/move").get(change::choose).post(change::shift),
        Slice::customer(&[FEATURE], "/visits/{id}/cancel").post(change::cancel),
    ]
}

#[derive(Serialize)]
struct List {
    has_visits: bool,
    visits: Table,
}

#[derive(Serialize)]
struct Detail {
    id: String,
    /// The number of its request.
    number: String,
    when: String,
    office: String,
    address: String,
    phone: String,
    topic: String,
    state: String,
    tone: &'static str,
    is_sent: bool,
    may_change: bool,
    is_cancelled: bool,
    /// Somebody changed it since the page was opened.
    conflict: String,
    sequence: i32,
}

#[derive(Deserialize)]
struct Arrived {
    sent: Option<String>,
}

/// Start and end by the office's own clock.
fn local(page: &Page, booking: &Booking) -> (PrimitiveDateTime, PrimitiveDateTime) {
    let at = |at| {
        let (day, time) = page.local(at);
        PrimitiveDateTime::new(day, time)
    };
    (at(booking.starts_at), at(booking.ends_at))
}

fn when(page: &Page, booking: &Booking) -> String {
    let (starts_at, ends_at) = local(page, booking);
    slots::when(page, starts_at, ends_at)
}

fn may_change(page: &Page, booking: &Booking) -> bool {
    !booking.is_cancelled && booking.starts_at > page.now()
}

fn state(page: &Page, booking: &Booking) -> (String, &'static str) {
    let (key, tone) = match booking {
        _ if booking.is_cancelled => ("visit-cancelled", "plain"),
        _ if booking.starts_at <= page.now() => ("visit-past", "plain"),
        _ => ("visit-booked", "ok"),
    };
    (page.t(key), tone)
}

fn is_english(page: &Page) -> bool {
    page.lang() == Lang::En
}

/// A topic's name, also of one that is offered no more.
fn topic_name(page: &Page, office: &OfficeRow, key: &str) -> String {
    let topic = office.topics.iter().find(|topic| topic.key == key);
    topic
        .map(|topic| if is_english(page) { topic.name_en.clone() } else { topic.name_cs.clone() })
        .unwrap_or_else(|| key.to_owned())
}

async fn list(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let mut bookings = tx.bookings_of(customer.id, page.now() - KEPT).await?;
    let offices: HashMap<_, _> = tx.offices().await?.into_iter().map(|office| (office.id, office)).collect();
    tx.commit().await?;
    // What is to come stands first, the nearest on top; below it what was, the newest on top.
    bookings.sort_by_key(|one| {
        let (is_over, at) = (!may_change(page, one), one.starts_at.unix_timestamp());
        (is_over, if is_over { -at } else { at })
    });
    let columns = ["visit-column-when", "visit-office", "visit-topic", "visit-column-state"];
    let mut table = Table::new(page, "visits-title", &columns);
    for one in &bookings {
        let office = offices.get(&one.office).ok_or(Error::NotFound)?;
        let (state, tone) = state(page, one);
        table.push([
            Cell::link(when(page, one), format!("{}/visits/{}", page.base(), one.id)),
            Cell::of(office.shown(is_english(page)).name),
            Cell::of(topic_name(page, office, &one.topic)),
            Cell::tag(state, tone),
        ]);
    }
    page.show("portal/visits.html", &List { has_visits: !table.is_empty(), visits: table })
}

async fn show(customer: Customer, Id(id): Id, Query(arrived): Query<Arrived>) -> Result<Response, Error> {
    let mut view = detail(&customer, BookingId(id)).await?;
    view.is_sent = arrived.sent.is_some() && view.may_change;
    customer.page.show("portal/visit.html", &view)
}

async fn detail(customer: &Customer, id: BookingId) -> Result<Detail, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let booking = tx.booking_of(customer.id, id).await?;
    let office = tx.office_by_id(booking.office).await?;
    let number = match booking.request {
        Some(request) => tx.request_by_id(request).await?.reference.to_string(),
        None => String::new(),
    };
    tx.commit().await?;
    let (state, tone) = state(page, &booking);
    Ok(Detail {
        id: booking.id.to_string(),
        number,
        when: when(page, &booking),
        office: office.shown(is_english(page)).name,
        address: words::address(&office.address),
        phone: office.phone.clone(),
        topic: topic_name(page, &office, &booking.topic),
        state,
        tone,
        is_sent: false,
        may_change: may_change(page, &booking),
        is_cancelled: booking.is_cancelled,
        conflict: String::new(),
        sequence: booking.ics_sequence,
    })
}

/// The entry for a calendar; a moved or cancelled visit replaces its older entry there.
async fn entry(customer: Customer, Id(id): Id) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let booking = tx.booking_of(customer.id, BookingId(id)).await?;
    let office = tx.office_by_id(booking.office).await?;
    tx.commit().await?;
    Ok(calendar::file(page, &[event(page, &booking, &office)], "navsteva.ics"))
}

pub fn event(page: &Page, booking: &Booking, office: &OfficeRow) -> Event {
    let name = office.shown(is_english(page)).name;
    let topic = topic_name(page, office, &booking.topic);
    Event {
        uid: calendar::uid(page, &format!("visit-{}", booking.id)),
        sequence: u32::try_from(booking.ics_sequence).unwrap_or(0),
        is_cancelled: booking.is_cancelled,
        stamp: booking.created_at,
        when: When::Moments(booking.starts_at, booking.ends_at),
        summary: page.t_args("visit-calendar-summary", &[("office", Arg::from(name))]),
        location: words::address(&office.address),
        description: format!("{topic}\n{}", page.tenant().url(&format!("/visits/{}", booking.id))),
    }
}

/// By mail, where the customer has an address: when, where, and a link to the visit and its calendar entry.
async fn notify(customer: &Customer, tx: &TenantTx, booking: &Booking, office: &str, kind: &str) -> Result<(), Error> {
    let page = &customer.page;
    let Some(recipient) = tx.customer(customer.id).await?.email else { return Ok(()) };
    let message = NewMessage {
        id: MessageId::new(),
        channel: Channel::Mail,
        customer: Some(customer.id),
        kind: kind.into(),
        recipient,
        language: page.lang().key().to_owned(),
        payload: json!({
            "path": format!("/visits/{}", booking.id),
            "when": when(page, booking),
            "office": office,
        }),
        dedupe_key: format!("{kind}:{}:{}", booking.id, booking.ics_sequence),
    };
    Ok(tx.enqueue(&[message]).await?)
}

//! A visit booked: office, topic, free slot, looked over, taken. A place is taken by one: whoever comes second is offered what is free.
use super::slots::{Choosing, Free, Place, Wanted, clock, moment_of, moment_text, when};
use super::{FEATURE, is_english, notify, words};
use crate::data::{Booked, NewBooking, OfficeRow};
use crate::domain::appointments::{Office, Slot, SlotError};
use crate::domain::ids::BookingId;
use crate::domain::requests::RequestKind;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::requests::{self, Asked, Sent};
use crate::web::portal::errand::{self, Typed};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;
use time::PrimitiveDateTime;

#[derive(Serialize)]
struct Offices {
    offices: Vec<OfficeCard>,
}

#[derive(Serialize)]
struct OfficeCard {
    name: String,
    address: String,
    phone: String,
    hours: Vec<Hours>,
    /// The nearest day that has a free slot; empty if none has.
    day: String,
    topics: Vec<Topic>,
}

#[derive(Serialize)]
struct Hours {
    day: String,
    times: String,
}

#[derive(Serialize)]
struct Topics {
    office: String,
    address: String,
    mistake: String,
    topics: Vec<Topic>,
}

#[derive(Serialize)]
struct Topic {
    name: String,
    /// To all its free slots.
    href: String,
    /// Straight to the look-over.
    times: Vec<Time>,
}

#[derive(Serialize)]
struct Time {
    clock: String,
    href: String,
}

/// Slots offered beside a topic.
const NEAREST: usize = 3;

/// Looked over before it is taken.
#[derive(Serialize)]
pub struct Review {
    pub title: String,
    pub path: String,
    pub back: String,
    pub office: String,
    pub address: String,
    pub topic: String,
    pub when: String,
    pub kept: Vec<Field>,
    pub send: String,
}

/// Offices with their topics and the nearest free slots of each: one choice, three answers.
pub async fn offices(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let mut offices = Vec::new();
    for row in tx.offices().await?.iter().filter(|row| row.is_active) {
        let free = Free::of(page, &tx, row).await?;
        let nearest = free.nearest(NEAREST);
        let office = free.office;
        offices.push(OfficeCard {
            address: words::address(&office.address),
            phone: row.phone.clone(),
            hours: hours(page, &office),
            day: nearest.first().map(|slot| page.on_day(slot.starts_at.date())).unwrap_or_default(),
            topics: links(page, &office, &nearest),
            name: office.name,
        });
    }
    tx.commit().await?;
    page.show("portal/visit_offices.html", &Offices { offices })
}

fn hours(page: &Page, office: &Office) -> Vec<Hours> {
    let days = office.hours.iter().enumerate().filter(|(_, openings)| !openings.is_empty());
    let times = |openings: &Vec<crate::domain::appointments::Opening>| {
        let all: Vec<String> = openings.iter().map(|one| format!("{}–{}", clock(one.from), clock(one.to))).collect();
        all.join(", ")
    };
    let day = |at: usize| page.t_args("visit-weekday", &[("weekday", Arg::from(at as i64 + 1))]);
    days.map(|(at, openings)| Hours { day: day(at), times: times(openings) }).collect()
}

async fn open_office(customer: &Customer, key: &str) -> Result<OfficeRow, Error> {
    let tx = customer.db.read().await?;
    let row = tx.office(key).await?;
    tx.commit().await?;
    if row.is_active { Ok(row) } else { Err(Error::NotFound) }
}

/// Slot, then the look-over: each step an address of its own; the topic is asked where none is right.
pub async fn choose(
    customer: Customer,
    Path(key): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Error> {
    let page = &customer.page;
    let row = open_office(&customer, &key).await?;
    let office = row.shown(is_english(page));
    let Some(topic) = wanted.topic.as_deref().filter(|topic| office.has_topic(topic)) else {
        return topics(page, &office, StatusCode::OK, "");
    };
    let Some(at) = wanted.at.as_deref().and_then(moment_of) else {
        let view = choosing(&customer, &row, topic, wanted.day()).await?;
        return page.show("portal/visit_slots.html", &view);
    };
    let tx = customer.db.read().await?;
    let slot = Free::of(page, &tx, &row).await?.slot_at(at);
    tx.commit().await?;
    let slot = match slot {
        Ok(slot) => slot,
        Err(error) => return refuse(&customer, &row, topic, at, error).await,
    };
    let view = Review {
        title: page.t("visit-review-title"),
        path: format!("/visits/new/{key}"),
        back: words::href(
            page,
            &format!("/visits/new/{key}"),
            &[&format!("topic={topic}"), &format!("day={}", at.date())],
        ),
        office: office.name.clone(),
        address: words::address(&office.address),
        topic: topic_of(&office, topic),
        when: when(page, slot.starts_at, slot.ends_at),
        kept: vec![
            Field::hidden("topic", topic),
            Field::hidden("at", moment_text(at)),
            Field::hidden("key", requests::new_key()),
        ],
        send: page.t("visit-send"),
    };
    page.show("portal/visit_review.html", &view)
}

fn topic_of(office: &Office, key: &str) -> String {
    office.topics.iter().find(|topic| topic.key == key).map(|topic| topic.name.clone()).unwrap_or_default()
}

/// Each topic as the way to its free slots.
fn links(page: &Page, office: &Office, nearest: &[Slot]) -> Vec<Topic> {
    let path = format!("/visits/new/{}", office.key);
    let link = |topic: &crate::domain::appointments::Topic| {
        let asked = format!("topic={}", topic.key);
        let time = |slot: &Slot| Time {
            clock: clock(slot.starts_at.time()),
            href: words::href(page, &path, &[&asked, &format!("at={}", moment_text(slot.starts_at))]),
        };
        Topic {
            name: topic.name.clone(),
            times: nearest.iter().map(time).collect(),
            href: words::href(page, &path, &[&asked]),
        }
    };
    office.topics.iter().map(link).collect()
}

fn topics(page: &Page, office: &Office, status: StatusCode, mistake: &str) -> Result<Response, Error> {
    let view = Topics {
        office: office.name.clone(),
        address: words::address(&office.address),
        mistake: mistake.to_owned(),
        topics: links(page, office, &[]),
    };
    page.show_as(status, "portal/visit_topics.html", &view)
}

async fn choosing(
    customer: &Customer,
    row: &OfficeRow,
    topic: &str,
    day: Option<time::Date>,
) -> Result<Choosing, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let free = Free::of(page, &tx, row).await?;
    tx.commit().await?;
    let place = Place { path: &format!("/visits/new/{}", row.key), query: &format!("topic={topic}") };
    let mut view = Choosing::new(page, &free, &place, day);
    view.back = "/visits/new".into();
    view.topic = topic_of(&free.office, topic);
    Ok(view)
}

async fn refuse(
    customer: &Customer,
    row: &OfficeRow,
    topic: &str,
    at: PrimitiveDateTime,
    error: SlotError,
) -> Result<Response, Error> {
    choosing(customer, row, topic, Some(at.date())).await?.refuse(&customer.page, error)
}

pub async fn submit(customer: Customer, Path(key): Path<String>, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let row = open_office(&customer, &key).await?;
    let office = row.shown(is_english(page));
    let topic = typed.get("topic");
    if !office.has_topic(topic) {
        return topics(page, &office, StatusCode::UNPROCESSABLE_ENTITY, &page.t("visit-topic-missing"));
    }
    let Some(at) = moment_of(typed.get("at")) else {
        let view = choosing(&customer, &row, topic, None).await?;
        return view.refuse(page, SlotError::NotOffered);
    };
    let ends_at = at + time::Duration::minutes(row.slot_minutes.into());
    let shown = json!([
        [page.t("visit-office"), "", office.name],
        [page.t("visit-topic"), "", topic_of(&office, topic)],
        [page.t("visit-column-when"), "", when(page, at, ends_at)],
    ]);
    let asked = Asked {
        kind: RequestKind::Appointment,
        feature: FEATURE,
        supply_point: None,
        payload: json!({ "shown": shown, "new": { "office": row.key, "topic": topic, "starts_at": moment_text(at) } }),
        words: String::new(),
        rules_pass: true,
        key: typed.key(),
    };
    let tx = customer.db.begin().await?;
    let request = match requests::add(&customer, &tx, &asked).await? {
        Sent::Done(request) => request,
        Sent::Before(request) => return Ok(page.go(&format!("/visits/{}?sent=yes", request.id))),
        Sent::Otherwise(request) => return errand::sent_otherwise(page, &request),
    };
    let slot = match Free::of(page, &tx, &row).await?.slot_at(at) {
        Ok(slot) => slot,
        Err(error) => {
            drop(tx);
            return refuse(&customer, &row, topic, at, error).await;
        }
    };
    let new = NewBooking {
        // One visit for one request: the same identifier, so that a form sent twice finds it.
        id: BookingId(request.id.0),
        office: row.id,
        topic: topic.to_owned(),
        customer: customer.id,
        request: Some(request.id),
        starts_at: page.instant(slot.starts_at.date(), slot.starts_at.time()),
        ends_at: page.instant(slot.ends_at.date(), slot.ends_at.time()),
        created_at: page.now(),
    };
    let Booked::Yes(booking) = tx.book(&new, row.capacity).await? else {
        drop(tx);
        return refuse(&customer, &row, topic, at, SlotError::Taken).await;
    };
    requests::record(&customer, &tx, &asked, &request).await?;
    notify(&customer, &tx, &booking, &office.name, "visit_booked").await?;
    tx.commit().await?;
    Ok(page.go(&format!("/visits/{}?sent=yes", booking.id)))
}

//! A visit moved to another slot of its office, or cancelled: only as it was seen, and only before it begins.
use super::book::Review;
use super::slots::{Choosing, Free, Place, Wanted, moment_of, moment_text, when};
use super::{FEATURE, detail, is_english, may_change, notify, topic_name, words};
use crate::data::{self, AuditEntry, Booked, Booking, OfficeRow, TenantTx};
use crate::domain::appointments::SlotError;
use crate::domain::ids::BookingId;
use crate::domain::requests::Actor;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::requests::{self, Step};
use crate::web::portal::errand::Typed;
use crate::web::portal::id::Id;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use time::Date;

pub async fn choose(customer: Customer, Id(id): Id, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let page = &customer.page;
    let (booking, row) = found(&customer, BookingId(id)).await?;
    if !may_change(page, &booking) || !row.is_active {
        return stale(&customer, booking.id).await;
    }
    let Some(at) = wanted.at.as_deref().and_then(moment_of) else {
        let view = choosing(&customer, &booking, &row, wanted.day()).await?;
        return page.show("portal/visit_slots.html", &view);
    };
    let tx = customer.db.read().await?;
    let free = Free::of(page, &tx, &row).await?;
    tx.commit().await?;
    let slot = match free.slot_at(at) {
        Ok(slot) => slot,
        Err(error) => return choosing(&customer, &booking, &row, Some(at.date())).await?.refuse(page, error),
    };
    let view = Review {
        title: page.t("visit-move-review-title"),
        path: format!("/visits/{}/move", booking.id),
        back: words::href(page, &format!("/visits/{}/move", booking.id), &[&format!("day={}", at.date())]),
        address: words::address(&free.office.address),
        office: free.office.name,
        topic: topic_name(page, &row, &booking.topic),
        when: when(page, slot.starts_at, slot.ends_at),
        kept: vec![Field::hidden("at", moment_text(at)), Field::hidden("sequence", booking.ics_sequence.to_string())],
        send: page.t("visit-move-send"),
    };
    page.show("portal/visit_review.html", &view)
}

async fn found(customer: &Customer, id: BookingId) -> Result<(Booking, OfficeRow), Error> {
    let tx = customer.db.read().await?;
    let booking = tx.booking_of(customer.id, id).await?;
    let office = tx.office_by_id(booking.office).await?;
    tx.commit().await?;
    Ok((booking, office))
}

async fn choosing(
    customer: &Customer,
    booking: &Booking,
    row: &OfficeRow,
    day: Option<Date>,
) -> Result<Choosing, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let free = Free::of(page, &tx, row).await?;
    tx.commit().await?;
    let path = format!("/visits/{}/move", booking.id);
    let mut view = Choosing::new(page, &free, &Place { path: &path, query: "" }, day);
    view.title = page.t("visit-move-title");
    view.back = format!("/visits/{}", booking.id);
    view.topic = topic_name(page, row, &booking.topic);
    view.held = super::when(page, booking);
    Ok(view)
}

/// It is not as the form saw it: shown as it is now.
async fn stale(customer: &Customer, id: BookingId) -> Result<Response, Error> {
    let mut view = detail(customer, id).await?;
    view.conflict = customer.page.t("visit-stale");
    customer.page.show_as(StatusCode::CONFLICT, "portal/visit.html", &view)
}

fn is_as_seen(customer: &Customer, booking: &Booking, typed: &Typed) -> bool {
    may_change(&customer.page, booking) && typed.get("sequence").parse() == Ok(booking.ics_sequence)
}

pub async fn shift(customer: Customer, Id(id): Id, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.begin().await?;
    let booking = tx.booking_of(customer.id, BookingId(id)).await?;
    let row = tx.office_by_id(booking.office).await?;
    if !is_as_seen(&customer, &booking, &typed) || !row.is_active {
        drop(tx);
        return stale(&customer, booking.id).await;
    }
    let free = Free::of(page, &tx, &row).await?;
    let at = moment_of(typed.get("at"));
    let slot = match at.ok_or(SlotError::NotOffered).and_then(|at| free.slot_at(at)) {
        Ok(slot) => slot,
        Err(error) => {
            drop(tx);
            return choosing(&customer, &booking, &row, at.map(|at| at.date())).await?.refuse(page, error);
        }
    };
    let starts_at = page.instant(slot.starts_at.date(), slot.starts_at.time());
    let ends_at = page.instant(slot.ends_at.date(), slot.ends_at.time());
    let moved = match tx.move_booking(&booking, starts_at, ends_at, row.capacity).await {
        Ok(Booked::Yes(moved)) => moved,
        Ok(Booked::Full) => {
            drop(tx);
            let view = choosing(&customer, &booking, &row, at.map(|at| at.date())).await?;
            return view.refuse(page, SlotError::Taken);
        }
        Err(data::Error::Conflict(_)) => {
            drop(tx);
            return stale(&customer, booking.id).await;
        }
        Err(error) => return Err(error.into()),
    };
    tell(&customer, &tx, &booking, &moved, "visit_moved").await?;
    notify(&customer, &tx, &moved, &row.shown(is_english(page)).name, "visit_moved").await?;
    tx.commit().await?;
    Ok(page.go(&format!("/visits/{}?sent=yes", moved.id)))
}

pub async fn cancel(customer: Customer, Id(id): Id, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.begin().await?;
    let booking = tx.booking_of(customer.id, BookingId(id)).await?;
    let row = tx.office_by_id(booking.office).await?;
    if !is_as_seen(&customer, &booking, &typed) {
        drop(tx);
        return stale(&customer, booking.id).await;
    }
    let cancelled = match tx.cancel_booking(&booking).await {
        Ok(cancelled) => cancelled,
        Err(data::Error::Conflict(_)) => {
            drop(tx);
            return stale(&customer, booking.id).await;
        }
        Err(error) => return Err(error.into()),
    };
    tell(&customer, &tx, &booking, &cancelled, "visit_cancelled").await?;
    notify(&customer, &tx, &cancelled, &row.shown(is_english(page)).name, "visit_cancelled").await?;
    tx.commit().await?;
    Ok(page.go(&format!("/visits/{}", cancelled.id)))
}

/// In the request's story and in the audit.
async fn tell(
    customer: &Customer,
    tx: &TenantTx,
    before: &Booking,
    after: &Booking,
    what: &'static str,
) -> Result<(), Error> {
    let page = &customer.page;
    if let Some(request) = before.request {
        let request = tx.request_by_id(request).await?;
        let words = if after.is_cancelled { String::new() } else { super::when(page, after) };
        let step = Step { what, words: &words, ..Step::of(Actor::Customer, &customer.name) };
        requests::tell(tx, page, &request, step).await?;
    }
    let state = |one: &Booking| json!({ "starts_at": one.starts_at.to_string(), "is_cancelled": one.is_cancelled });
    let entry = AuditEntry {
        actor_kind: "customer".into(),
        actor: customer.account.to_string(),
        role: page.role().key().into(),
        feature: Some(FEATURE),
        action: what.into(),
        object: format!("visit:{}", before.id),
        before: state(before),
        after: state(after),
        request_id: page.request_id().into(),
    };
    Ok(tx.write_audit(&entry).await?)
}

//! The customer's calendar: a secret address from which a calendar program follows outages, visits, days when something is due, readings
//! and ends of contracts. The address is shown once when it is made, made anew, ended.
mod entries;
mod feed;
mod kinds;

pub use kinds::FEATURES;

use super::security::line_of;
use crate::backends::keys::Token;
use crate::data::{AuditEntry, CalendarFeed};
use crate::domain::features::Action;
use crate::domain::icalendar::{Event, calendar};
use crate::domain::ids::CalendarFeedId;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use axum::extract::Query;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kinds::KINDS;
use serde::{Deserialize, Serialize};
use serde_json::json;

const PATH: &str = "/calendar";
const KIND: HeaderValue = HeaderValue::from_static("text/calendar; charset=utf-8");

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(FEATURES, PATH).own().writes(Action::View).get(show).post(make),
        Slice::customer(FEATURES, "/calendar/end").own().writes(Action::View).post(end),
        Slice::visitor(FEATURES, "/calendar/{key}").get(feed::read),
    ]
}

#[derive(Serialize)]
struct View {
    /// What is in it, a sentence for each kind.
    holds: Vec<String>,
    /// Empty while there is none.
    since: String,
    /// Only when it was just made.
    url: String,
    is_ended: bool,
}

impl View {
    fn of(page: &Page) -> View {
        let open = KINDS.into_iter().filter(|kind| kind.is_open(page.tenant(), page.role()));
        let holds = open.map(|kind| page.t(&format!("calendar-holds-{}", kind.key))).collect();
        View { holds, since: String::new(), url: String::new(), is_ended: false }
    }
}

#[derive(Deserialize)]
struct Arrived {
    done: Option<String>,
}

async fn show(customer: Customer, Query(arrived): Query<Arrived>) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let feeds = tx.calendar_feeds_of(customer.account, customer.id).await?;
    tx.commit().await?;
    let since = feeds.first().map(|feed| page.moment(feed.created_at)).unwrap_or_default();
    let is_ended = since.is_empty() && arrived.done.is_some();
    page.show("portal/calendar.html", &View { since, is_ended, ..View::of(page) })
}

/// A new one; those before it open nothing any more. It is shown here and never again, for only its hash is kept.
async fn make(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let token = Token::random();
    let feed = CalendarFeed {
        id: CalendarFeedId::new(),
        account: customer.account,
        customer: customer.id,
        created_at: page.now(),
        revoked_at: None,
    };
    let tx = customer.db.begin().await?;
    let ended = tx.revoke_calendar_feeds(customer.account, customer.id, page.now()).await?;
    tx.add_calendar_feed(&feed, &token.hash()).await?;
    let line = line_of(page, customer.account, "make_calendar_address");
    tx.write_audit(&AuditEntry { feature: None, after: json!({ "ended": ended }), ..line }).await?;
    tx.commit().await?;
    let url = page.tenant().url(&format!("{PATH}/{}.ics", token.to_text()));
    page.show("portal/calendar.html", &View { since: page.moment(feed.created_at), url, ..View::of(page) })
}

async fn end(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.begin().await?;
    let ended = tx.revoke_calendar_feeds(customer.account, customer.id, page.now()).await?;
    if ended > 0 {
        let line = line_of(page, customer.account, "end_calendar_address");
        tx.write_audit(&AuditEntry { feature: None, after: json!({ "ended": ended }), ..line }).await?;
    }
    tx.commit().await?;
    Ok(page.go(&format!("{PATH}?done=yes")))
}

/// The same through all changes, and nobody else's.
pub fn uid(page: &Page, name: &str) -> String {
    format!("{name}@{}", page.tenant().document.hosts.canonical)
}

fn text(page: &Page, events: &[Event]) -> String {
    calendar(page.tenant().document.portal.get(page.lang()), events)
}

/// To be kept and opened by hand.
pub fn file(page: &Page, events: &[Event], name: &str) -> Response {
    let headers = [
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    ([(header::CONTENT_TYPE, KIND)], headers, text(page, events)).into_response()
}

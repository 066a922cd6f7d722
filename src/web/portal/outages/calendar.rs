//! The secret address of a calendar that follows a customer's outages: shown once when it is made, made anew, ended.
use super::FEATURE;
use crate::backends::keys::Token;
use crate::data::{AuditEntry, CalendarFeed};
use crate::domain::ids::CalendarFeedId;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::portal::security::line_of;
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;

const PATH: &str = "/outages/calendar";

#[derive(Serialize)]
struct View {
    /// Empty while there is none.
    since: String,
    /// Only when it was just made.
    url: String,
    is_ended: bool,
}

#[derive(Deserialize)]
pub struct Arrived {
    done: Option<String>,
}

pub async fn show(customer: Customer, Query(arrived): Query<Arrived>) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let feeds = tx.calendar_feeds_of(customer.account, customer.id).await?;
    tx.commit().await?;
    let since = feeds.first().map(|feed| page.moment(feed.created_at)).unwrap_or_default();
    let is_ended = since.is_empty() && arrived.done.is_some();
    page.show("portal/outage_calendar.html", &View { since, url: String::new(), is_ended })
}

/// A new one; those before it open nothing any more. It is shown here and never again, for only its hash is kept.
pub async fn make(customer: Customer) -> Result<Response, Error> {
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
    tx.write_audit(&AuditEntry { feature: Some(FEATURE), after: json!({ "ended": ended }), ..line }).await?;
    tx.commit().await?;
    let url = page.tenant().url(&format!("/calendar/{}.ics", token.to_text()));
    page.show("portal/outage_calendar.html", &View { since: page.moment(feed.created_at), url, is_ended: false })
}

pub async fn end(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.begin().await?;
    let ended = tx.revoke_calendar_feeds(customer.account, customer.id, page.now()).await?;
    if ended > 0 {
        let line = line_of(page, customer.account, "end_calendar_address");
        tx.write_audit(&AuditEntry { feature: Some(FEATURE), after: json!({ "ended": ended }), ..line }).await?;
    }
    tx.commit().await?;
    Ok(page.go(&format!("{PATH}?done=yes")))
}

//! What a calendar program reads at the secret address: the customer's outages, each with its version.
use super::{places, reason, source};
use crate::backends::keys::Token;
use crate::data::TenantTx;
use crate::domain::icalendar::{Event, calendar};
use crate::domain::ids::{CustomerId, SupplyPointId};
use crate::domain::outages::Outage;
use crate::domain::supply_points::SupplyPoint;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Visitor;
use crate::web::kit::page::Page;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use time::Duration;

/// Outages so old stay in the calendar.
const KEPT: Duration = Duration::days(60);
/// Calendar programs ask again after this many seconds.
const AGE: u32 = 900;

/// Whoever has the address reads it; whose log-in or right has ended, it opens nothing, as if it never was.
pub async fn read(visitor: Visitor, Path(key): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    let page = &visitor.page;
    let token = key.strip_suffix(".ics").and_then(Token::from_text).ok_or(Error::NotFound)?;
    let tx = visitor.db.read().await?;
    let feed = tx.calendar_feed(&token.hash()).await?.ok_or(Error::NotFound)?;
    let member = tx.membership(feed.account, feed.customer).await?.ok_or(Error::NotFound)?;
    let is_open = tx.account(feed.account).await?.is_some_and(|account| !account.is_disabled);
    if !is_open || member.until.is_some_and(|until| until < page.today()) {
        return Err(Error::NotFound);
    }
    let events = events(page, &tx, feed.customer).await?;
    tx.commit().await?;
    Ok(answer(page, &events, None, Some(&headers)))
}

async fn events(page: &Page, tx: &TenantTx, customer: CustomerId) -> Result<Vec<Event>, Error> {
    let points = tx.supply_points_of(customer).await?;
    let outages = tx.outages_of(customer, page.now() - KEPT).await?;
    Ok(outages.iter().map(|(one, own)| event(page, one, &points, own)).collect())
}

pub fn event(page: &Page, one: &Outage, points: &[SupplyPoint], own: &[SupplyPointId]) -> Event {
    let tenant = page.tenant();
    let place = places(page, points, own);
    let link = tenant.url(&format!("/outages/{}", one.id));
    Event {
        uid: format!("outage-{}@{}", one.id, tenant.document.hosts.canonical),
        sequence: u32::try_from(one.version).unwrap_or(0),
        is_cancelled: one.is_cancelled,
        stamp: one.announced_at,
        whole_days: (!super::has_times(page)).then(|| (page.local(one.starts_at).0, page.local(one.ends_at).0)),
        starts_at: one.starts_at,
        ends_at: one.ends_at,
        summary: page.t_args("outage-calendar-summary", &[("place", Arg::from(place.as_str()))]),
        location: place,
        description: format!("{}\n{}\n{link}", reason(page, one), source(page, one)),
    }
}

/// As a file to keep, or, for who comes again, with a tag that saves sending what they have.
pub fn answer(page: &Page, events: &[Event], file: Option<&str>, asked: Option<&HeaderMap>) -> Response {
    let text = calendar(page.tenant().document.portal.get(page.lang()), events);
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    let Some(asked) = asked else {
        let name = format!("attachment; filename=\"{}\"", file.unwrap_or("kalendar.ics"));
        let headers = [(header::CONTENT_DISPOSITION, name), (header::CACHE_CONTROL, "no-store".to_owned())];
        return ([kind], headers, text).into_response();
    };
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&text)[..8]));
    let is_known = asked.get(header::IF_NONE_MATCH).is_some_and(|sent| sent.as_bytes() == tag.as_bytes());
    let headers = [(header::CACHE_CONTROL, format!("private, max-age={AGE}")), (header::ETAG, tag)];
    match is_known {
        true => (StatusCode::NOT_MODIFIED, headers).into_response(),
        false => ([kind], headers, text).into_response(),
    }
}

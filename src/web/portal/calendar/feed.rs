//! What a calendar program reads at the secret address.
use super::entries::{Whose, entries};
use super::{KIND, text};
use crate::backends::keys::Token;
use crate::data::{CalendarFeed, TenantTx};
use crate::domain::access::{Class, holds};
use crate::domain::icalendar::Event;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Visitor;
use crate::web::kit::page::Page;
use crate::web::portal::opened::after_contract;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// Calendar programs ask again after this many seconds.
const AGE: u32 = 900;

/// Whoever has the address reads it; whose log-in or right has ended, it opens nothing, as if it never was.
pub async fn read(visitor: Visitor, Path(key): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    let page = &visitor.page;
    let token = key.strip_suffix(".ics").and_then(Token::from_text).ok_or(Error::NotFound)?;
    let tx = visitor.db.read().await?;
    let feed = tx.calendar_feed(&token.hash()).await?.ok_or(Error::NotFound)?;
    let events = events(page, &tx, &feed).await?;
    tx.commit().await?;
    Ok(answer(page, &events, &headers))
}

/// As much as its owner would see signed in: by the same right, known as well as the supplier asks, and as long after the contract.
async fn events(page: &Page, tx: &TenantTx, feed: &CalendarFeed) -> Result<Vec<Event>, Error> {
    let member = tx.membership(feed.account, feed.customer).await?.ok_or(Error::NotFound)?;
    let account = tx.account(feed.account).await?.filter(|account| !account.is_disabled).ok_or(Error::NotFound)?;
    let assurance = &page.tenant().document.assurance;
    let is_known = assurance.missing(Class::Read, member.proofs.unwrap_or(account.proofs)).is_none();
    let points = tx.supply_points_of(feed.customer).await?;
    let is_over = after_contract(page, points.iter().map(|point| point.contract_until))
        .is_some_and(|after| after.is_over(page.today()));
    if !is_known || is_over || !holds(member.until, page.today()) {
        return Err(Error::NotFound);
    }
    let whose = Whose { page, customer: feed.customer, role: member.role.role(), made_at: feed.created_at };
    entries(&whose, tx, points).await
}

/// For who comes again, with a tag that saves sending what they have.
fn answer(page: &Page, events: &[Event], asked: &HeaderMap) -> Response {
    let text = text(page, events);
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&text)[..8]));
    let is_known = asked.get(header::IF_NONE_MATCH).is_some_and(|sent| sent.as_bytes() == tag.as_bytes());
    let headers = [(header::CACHE_CONTROL, format!("private, max-age={AGE}")), (header::ETAG, tag)];
    match is_known {
        true => (StatusCode::NOT_MODIFIED, headers).into_response(),
        false => ([(header::CONTENT_TYPE, KIND)], headers, text).into_response(),
    }
}

//! The link under a message about an outage: looking changes nothing; the button, or the mail program's own (RFC 8058), stops such messages
//! for that supply point without signing in.
use super::{FEATURE, point_name};
use crate::data::{AuditEntry, OutageSubscription, TenantDb};
use crate::web::kit::error::Error;
use crate::web::kit::guard::Visitor;
use crate::web::kit::page::Page;
use crate::web::kit::typed::Typed;
use crate::web::portal::security::line_of;
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Deserialize)]
pub struct Link {
    token: Option<String>,
}

#[derive(Serialize)]
struct View {
    token: String,
    /// Empty where the link is none of ours.
    place: String,
    channel: String,
    is_done: bool,
}

/// Whose link it is, and the address it is about.
async fn found(db: &TenantDb, link: &Link) -> Result<Option<(OutageSubscription, String)>, Error> {
    let Some(token) = link.token.as_deref().filter(|token| !token.is_empty()) else { return Ok(None) };
    let tx = db.read().await?;
    let Some(one) = tx.outage_subscription_by_token(token).await? else { return Ok(None) };
    let point = tx.supply_point(one.customer, one.supply_point).await?;
    tx.commit().await?;
    Ok(Some((one, point_name(&point))))
}

fn view(page: &Page, link: Link, found: Option<(OutageSubscription, String)>, is_done: bool) -> View {
    let (channel, place) = match found {
        Some((one, place)) => (page.t(&format!("notices-by-{}", one.channel)), place),
        None => Default::default(),
    };
    View { token: link.token.unwrap_or_default(), place, channel, is_done }
}

pub async fn look(visitor: Visitor, Query(link): Query<Link>) -> Result<Response, Error> {
    let found = found(&visitor.db, &link).await?;
    let is_done = found.as_ref().is_some_and(|(one, _)| !one.is_on);
    visitor.page.show("portal/outages_off.html", &view(&visitor.page, link, found, is_done))
}

/// A mail program sends `List-Unsubscribe=One-Click` to the address as it stands: the token is in the query, the form may be anything.
pub async fn stop(visitor: Visitor, Query(link): Query<Link>, _typed: Typed) -> Result<Response, Error> {
    let page = &visitor.page;
    let found = found(&visitor.db, &link).await?;
    if let Some((one, _)) = &found {
        let tx = visitor.db.begin().await?;
        if tx.turn_outage_subscription_off(&one.token).await? {
            let line = line_of(page, one.account, "stop_outage_notices");
            let after = json!({ "supply_point": one.supply_point.to_string(), "channel": one.channel, "is_on": false });
            tx.write_audit(&AuditEntry { feature: Some(FEATURE), after, ..line }).await?;
            tx.commit().await?;
        }
    }
    let is_done = found.is_some();
    page.show("portal/outages_off.html", &view(page, link, found, is_done))
}

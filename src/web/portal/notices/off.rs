//! The link under a notice: looking changes nothing; the button, or the mail program's own (RFC 8058), stops notices of that kind without
//! signing in.
use super::super::security::line_of;
use crate::backends::unsubscribe::Stop;
use crate::data::{AuditEntry, Choices};
use crate::web::kit::error::Error;
use crate::web::kit::guard::Visitor;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;

pub fn slices() -> Vec<Slice> {
    vec![Slice::visitor(&[], "/notices/off").get(look).post(stop)]
}

#[derive(Deserialize)]
struct Link {
    token: Option<String>,
}

#[derive(Serialize)]
struct View {
    token: String,
    /// Empty where the link is none of ours.
    event: String,
    channel: String,
    is_done: bool,
}

fn read(page: &Page, link: &Link) -> Option<Stop> {
    Stop::read(link.token.as_deref()?, &page.services().master, page.tenant().id)
}

fn view(page: &Page, link: Link, stop: Option<Stop>, is_done: bool) -> View {
    View {
        token: link.token.unwrap_or_default(),
        event: stop.map(|stop| page.t(&format!("event-{}", stop.event.key()))).unwrap_or_default(),
        channel: stop.map(|stop| page.t(&format!("notices-by-{}", stop.channel.key()))).unwrap_or_default(),
        is_done,
    }
}

async fn look(visitor: Visitor, Query(link): Query<Link>) -> Result<Response, Error> {
    let page = &visitor.page;
    let stop = read(page, &link);
    page.show("portal/notices_off.html", &view(page, link, stop, false))
}

/// A mail program sends `List-Unsubscribe=One-Click` to the address as it stands: the token is in the query, the form may be anything.
async fn stop(visitor: Visitor, Query(link): Query<Link>, _typed: Typed) -> Result<Response, Error> {
    let page = &visitor.page;
    let Some(stop) = read(page, &link) else {
        return page.show("portal/notices_off.html", &view(page, link, None, false));
    };
    let tx = visitor.db.begin().await?;
    if tx.account(stop.account).await?.is_some() {
        let off = Choices::from([((stop.event, stop.channel), false)]);
        tx.choose_notices(stop.account, &off, page.now()).await?;
        let line = line_of(page, stop.account, "stop_notices");
        let after = json!({ "event": stop.event.key(), "channel": stop.channel.key(), "is_on": false });
        tx.write_audit(&AuditEntry { feature: None, after, ..line }).await?;
        tx.commit().await?;
    }
    page.show("portal/notices_off.html", &view(page, link, Some(stop), true))
}

//! What somebody was told: the newest first, what is new marked; where each leads. And what they want to be told, and how to stop it.
mod choices;
mod off;

use crate::data::NoticeRow;
use crate::domain::features::{Action, Feature};
use crate::domain::ids::NoticeId;
use crate::tenancy::wording;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const PATH: &str = "/notices";
const FEATURES: &[Feature] = &[Feature::LoginWithCredentials];
const SHOWN: u64 = 30;

pub fn slices() -> Vec<Slice> {
    let page = vec![
        Slice::customer(FEATURES, PATH).own().get(list),
        Slice::customer(FEATURES, "/notices/read").own().writes(Action::View).post(read),
    ];
    [page, choices::slices(), off::slices()].into_iter().flatten().collect()
}

#[derive(Serialize)]
struct View {
    rows: Vec<Row>,
    /// The newest shown: what came meanwhile is not read yet.
    newest: String,
    has_new: bool,
    /// Where older ones are; empty when there are none.
    older: String,
}

#[derive(Serialize)]
struct Row {
    at: String,
    title: String,
    event: String,
    href: String,
    is_new: bool,
}

#[derive(Deserialize)]
struct Asked {
    before: Option<String>,
}

async fn list(customer: Customer, Query(asked): Query<Asked>) -> Result<Response, Error> {
    let page = &customer.page;
    let before = asked.before.as_deref().and_then(|id| Uuid::try_parse(id).ok()).map(NoticeId);
    let tx = customer.db.read().await?;
    let mut rows = tx.notices_for(customer.account, customer.id, before, SHOWN + 1).await?;
    tx.commit().await?;
    let older = match rows.len() as u64 > SHOWN {
        true => {
            rows.truncate(SHOWN as usize);
            rows.last().map(|row| format!("{PATH}?before={}", row.id)).unwrap_or_default()
        }
        false => String::new(),
    };
    let view = View {
        newest: rows.first().map(|row| row.id.to_string()).unwrap_or_default(),
        has_new: rows.iter().any(|row| row.read_at.is_none()),
        older,
        rows: rows.iter().map(|row| shown(page, row)).collect(),
    };
    page.show("portal/notices.html", &view)
}

fn shown(page: &Page, row: &NoticeRow) -> Row {
    let event = page.t(&format!("event-{}", row.event.key()));
    let title = wording::title(page.tenant(), page.lang(), &row.kind, &row.payload);
    Row {
        at: page.moment(row.created_at),
        title: title.unwrap_or_else(|| event.clone()),
        event,
        href: row.payload.get("path").and_then(|path| path.as_str()).unwrap_or("/dashboard").to_owned(),
        is_new: row.read_at.is_none(),
    }
}

async fn read(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let newest = Uuid::try_parse(typed.get("newest")).map_err(|_| Error::BadRequest("no notice"))?;
    let tx = customer.db.begin().await?;
    tx.read_notices(customer.account, customer.id, NoticeId(newest), customer.page.now()).await?;
    tx.commit().await?;
    Ok(customer.page.go(PATH))
}

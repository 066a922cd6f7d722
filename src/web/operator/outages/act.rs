//! Cancelling an outage, taking its last change back, deleting it: first what it will do and who will be told, then it is done.
use super::words::{self, Fact};
use super::{id_of, line, said};
use crate::data::TenantTx;
use crate::domain::ids::OutageId;
use crate::domain::outages::Outage;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Operator;
use crate::web::kit::outages::{self, Kept};
use crate::web::kit::page::Page;
use crate::web::kit::typed::Typed;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::Value as Json;
use time::OffsetDateTime;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Cancel,
    /// Back to what the version before said.
    Undo,
    Delete,
}

impl Act {
    fn parse(text: &str) -> Option<Act> {
        [Act::Cancel, Act::Undo, Act::Delete].into_iter().find(|act| act.key() == text)
    }
    fn key(self) -> &'static str {
        match self {
            Act::Cancel => "cancel",
            Act::Undo => "undo",
            Act::Delete => "delete",
        }
    }
}

#[derive(Serialize)]
struct View {
    title: String,
    lead: String,
    href: String,
    facts: Vec<Fact>,
    /// Who will be told, and how many.
    told: String,
    kept: Vec<Field>,
    button: String,
    conflict: String,
}

pub async fn ask(operator: Operator, Path((id, act)): Path<(String, String)>) -> Result<Response, Error> {
    let (id, act) = (id_of(&id).ok_or(Error::NotFound)?, Act::parse(&act).ok_or(Error::NotFound)?);
    look(&operator, id, act, StatusCode::OK, String::new()).await
}

/// Does it in a transaction that is let go, and shows what it would have done.
async fn look(
    operator: &Operator,
    id: OutageId,
    act: Act,
    status: StatusCode,
    conflict: String,
) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.begin().await?;
    let stands = tx.outage(id).await?;
    let Some(next) = next(&tx, &stands, act).await? else {
        // Somebody did it before: what became of it stands on its own page.
        return Ok(page.go(&format!("/operator/outages/{id}")));
    };
    let told = match act {
        Act::Delete => page.t("desk-outage-delete-told"),
        Act::Cancel | Act::Undo => {
            let kept = keep(operator, &tx, &stands, &next, act).await?;
            words::told(page, kept.map(|kept| kept.told).unwrap_or_default())
        }
    };
    drop(tx);
    let href = format!("{}/operator/outages/{id}", page.base());
    let view = View {
        title: page.t(&format!("desk-outage-{}-title", act.key())),
        lead: page.t(&format!("desk-outage-{}-lead", act.key())),
        href,
        facts: words::facts(page, &next),
        told,
        kept: vec![Field::hidden("sequence", stands.version.to_string())],
        button: page.t(&format!("desk-outage-{}-now", act.key())),
        conflict,
    };
    page.show_as(status, "operator/outage_act.html", &view)
}

/// The outage as it would stand; none when that cannot be done.
async fn next(tx: &TenantTx, stands: &Outage, act: Act) -> Result<Option<Outage>, Error> {
    let version = stands.version.saturating_add(1);
    Ok(match act {
        Act::Cancel if stands.is_cancelled => None,
        Act::Cancel => Some(Outage { is_cancelled: true, version, ..stands.clone() }),
        Act::Undo => {
            let versions = tx.versions_of_outage(stands).await?;
            versions.into_iter().nth(1).map(|before| Outage { version, ..before.outage })
        }
        Act::Delete => Some(stands.clone()),
    })
}

/// None when it does not stand any more as it was looked at.
async fn keep(
    operator: &Operator,
    tx: &TenantTx,
    stands: &Outage,
    next: &Outage,
    act: Act,
) -> Result<Option<Kept>, Error> {
    let page = operator.page.clone();
    let day_of = move |at: OffsetDateTime| page.local(at).0;
    let what = if act == Act::Undo { "restored" } else { "cancelled" };
    Ok(words::keeper(&operator.page, &operator.name, &day_of).decide(tx, stands, next, what).await?)
}

pub async fn submit(
    operator: Operator,
    Path((id, act)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Error> {
    let page = &operator.page;
    let (id, act) = (id_of(&id).ok_or(Error::NotFound)?, Act::parse(&act).ok_or(Error::NotFound)?);
    let tx = operator.db.begin().await?;
    let stands = tx.outage(id).await?;
    let is_stale = typed.get("sequence") != stands.version.to_string();
    let Some(next) =
        next(&tx, &stands, act).await?.filter(|_| !is_stale && stands.ends_at > page.now() || act == Act::Delete)
    else {
        drop(tx);
        return stale(&operator, id, act).await;
    };
    if act == Act::Delete {
        if is_stale || !outages::forget(&tx, &stands).await? {
            drop(tx);
            return stale(&operator, id, act).await;
        }
        tx.write_audit(&line(&operator, "delete_outage", &stands, said(&stands), Json::Null)).await?;
        tx.commit().await?;
        return Ok(page.go("/operator/outages?done=deleted"));
    }
    if keep(&operator, &tx, &stands, &next, act).await?.is_none() {
        drop(tx);
        return stale(&operator, id, act).await;
    }
    let (action, done) = match act {
        Act::Undo => ("restore_outage", "restored"),
        Act::Cancel | Act::Delete => ("cancel_outage", "cancelled"),
    };
    tx.write_audit(&line(&operator, action, &next, said(&stands), said(&next))).await?;
    tx.commit().await?;
    Ok(page.go(&format!("/operator/outages/{id}?done={done}")))
}

/// It stands otherwise than when the page was looked at.
async fn stale(operator: &Operator, id: OutageId, act: Act) -> Result<Response, Error> {
    let page: &Page = &operator.page;
    look(operator, id, act, StatusCode::CONFLICT, page.t("desk-outage-conflict")).await
}

//! Outages by a call: the same shape as of a file, all of it kept or none. A call that names itself (`Idempotency-Key`) and is repeated gets
//! the answer it got, for a week.
use crate::data::{ApiReply, AuditEntry};
use crate::domain::features::Feature;
use crate::domain::outages::import::{self, Reading};
use crate::domain::outages::{Outage, UNNUMBERED};
use crate::tenancy::Arg;
use crate::web::kit::machine::{ApiClient, Problem};
use crate::web::kit::outage_mistakes::unreadable;
use crate::web::kit::outages::{Fate, Keeper};
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

const FEATURES: &[Feature] = &[Feature::OutageAlertPlanned];

pub fn slices() -> Vec<Slice> {
    vec![Slice::key(FEATURES, "/api/outages").post(submit)]
}

async fn submit(client: ApiClient, headers: HeaderMap, body: Bytes) -> Result<Response, Problem> {
    let page = &client.page;
    let kind = headers.get(header::CONTENT_TYPE).map_or(&b""[..], |kind| kind.as_bytes());
    if !kind.starts_with(b"application/json") {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, page.t("api-json-only")));
    }
    let name = name_of(page, &headers)?;
    let request_hash = Sha256::digest(&body).to_vec();
    let tx = client.db.begin().await?;
    if let Some(before) = match &name {
        Some(name) => tx.api_reply(client.key.id, name).await?,
        None => None,
    } {
        if before.request_hash != request_hash {
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, page.t("api-other-call")));
        }
        return Ok(answered(before.status, before.body, true));
    }
    let document = &page.tenant().document;
    let reading = Reading { zone: &document.locale.timezone, now: page.now(), shapes: &document.outages.shapes };
    let read = import::read(&body, reading).map_err(|error| {
        let (mistakes, _) = unreadable(page, &error);
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, page.t("bulk-mistakes")).with(mistakes)
    })?;
    let local = page.clone();
    let day_of = move |at: OffsetDateTime| local.local(at).0;
    let keeper = Keeper {
        tenant: page.tenant(),
        actor: &client.key.name,
        now: page.now(),
        today: page.today(),
        day_of: &day_of,
    };
    let mut outages: Vec<&Outage> = read.outages.iter().collect();
    outages.sort_by_key(|one| one.version);
    let (mut told, mut differs) = (Vec::new(), Vec::new());
    for one in outages {
        let kept = keeper.keep(&tx, one).await?;
        if kept.fate == Fate::Differs {
            let args = [("number", Arg::from(one.number.as_str())), ("version", Arg::from(i64::from(one.version)))];
            differs.push(page.t_args("desk-import-differs", &args));
        }
        told.push(json!({
            "outage_id": one.number, "version": (one.version != UNNUMBERED).then_some(one.version), "result": kept.fate.key(), "supply_points": kept.points,
            "notices": kept.told.all(),
        }));
    }
    if !differs.is_empty() {
        return Err(Problem::new(StatusCode::CONFLICT, page.t("bulk-mistakes")).with(differs));
    }
    let body = json!({ "outages": told }).to_string();
    let reply = ApiReply { request_hash, status: StatusCode::OK.as_u16(), body: body.clone() };
    if let Some(name) = &name
        && !tx.keep_api_reply(client.key.id, name, &reply, page.now()).await?
    {
        return Err(Problem::new(StatusCode::CONFLICT, page.t("api-at-once")));
    }
    tx.touch_api_key(client.key.id, page.now()).await?;
    tx.write_audit(&line(&client, told)).await?;
    tx.commit().await?;
    Ok(answered(reply.status, body, false))
}

/// Up to 64 plain letters.
fn name_of(page: &Page, headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(sent) = headers.get("idempotency-key") else { return Ok(None) };
    let is_plain = |name: &&str| (1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic());
    match sent.to_str().ok().filter(is_plain) {
        Some(name) => Ok(Some(name.to_owned())),
        None => Err(Problem::new(StatusCode::BAD_REQUEST, page.t("api-name"))),
    }
}

fn answered(status: u16, body: String, is_again: bool) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    let mut response = (status, headers, body).into_response();
    if is_again {
        response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    response
}

fn line(client: &ApiClient, told: Vec<Json>) -> AuditEntry {
    AuditEntry {
        actor_kind: "api".into(),
        actor: client.key.id.to_string(),
        role: String::new(),
        feature: Some(Feature::OutageAlertPlanned),
        action: "import_outages".into(),
        object: format!("api_key:{}", client.key.id),
        before: Json::Null,
        after: json!({ "outages": told }),
        request_id: client.page.request_id().into(),
    }
}

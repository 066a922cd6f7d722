//! Somebody is erased by the hand of the desk, all in one transaction: the message that tells what stays is queued while there is still an
//! address, then everything else goes. What other requests of theirs wait for is done or refused before.
use super::requests;
use crate::data::{AuditEntry, Guarded, Move, NewMessage, Request};
use crate::domain::features::Feature;
use crate::domain::ids::MessageId;
use crate::domain::notices::Channel;
use crate::domain::requests::{Actor, RequestState};
use crate::tenancy::Lang;
use crate::web::kit::erasure::{self, FAREWELL, Said};
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::requests::{self as kit, Step};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

pub async fn approve(operator: &Operator, request: &Request, version: i32, words: &str) -> Result<Response, Error> {
    let page = &operator.page;
    let customer = request.customer.ok_or(Error::NotFound)?;
    let again = async |key: &str| {
        let view = requests::detail(operator, request.reference, words, "", &page.t(key)).await?;
        page.show_as(StatusCode::CONFLICT, "operator/request.html", &view)
    };
    let tx = operator.db.begin().await?;
    let open = tx.open_requests_of(customer).await?;
    if open.iter().any(|one| one.id != request.id) {
        drop(tx);
        return again("erasure-others-open").await;
    }
    let lang = Lang::parse(&request.language).unwrap_or(page.tenant().document.locale.default);
    let plan = erasure::plan(&tx, customer, page.today()).await?;
    let stays = plan.stays(page, lang);
    let line = |one: &Said| format!("{}: {}", one.what, one.how);
    let lines: Vec<String> = stays.iter().map(line).collect();
    let answer = format!("{words}\n\n{}", lines.join("\n")).trim().to_owned();
    let done = Move { state: RequestState::Done, outcome: &answer, closed_at: Some(page.now()) };
    let Guarded::Done(_) = tx.move_request(request.id, version, &done).await? else {
        drop(tx);
        return again("queue-conflict").await;
    };
    let erase = plan.erase(request, page.now());
    if let Some(recipient) = tx.customer(customer).await?.email {
        let message = NewMessage {
            id: MessageId::new(),
            channel: Channel::Mail,
            customer: None,
            kind: FAREWELL.into(),
            recipient,
            language: lang.key().into(),
            payload: json!({ "path": "/", "reference": request.reference.to_string(), "stays": lines }),
            dedupe_key: erase.farewell.clone(),
        };
        tx.enqueue(&[message]).await?;
    }
    let ended = tx.erase(&erase).await?;
    let retentions = plan.retentions(request, page.now());
    tx.add_retentions(&retentions).await?;
    let step = Step {
        what: "approve",
        words: &answer,
        state: Some(RequestState::Done),
        ..Step::of(Actor::Staff, &operator.name)
    };
    kit::tell(&tx, page, request, step).await?;
    tx.write_audit(&AuditEntry {
        actor_kind: "staff".into(),
        actor: operator.id.to_string(),
        role: operator.role.key().into(),
        feature: Some(Feature::LoginWithCredentials),
        action: "erase".into(),
        object: format!("customer:{customer}"),
        before: json!({ "request": request.reference.to_string(), "state": request.state.key() }),
        after: json!({ "sessions_ended": ended.len(), "retained": retentions.len() }),
        request_id: page.request_id().into(),
    })
    .await?;
    tx.commit().await?;
    page.services().sessions.end_many(page.tenant().id, &ended).await;
    Ok(page.go(&format!("/operator/requests/{}", request.reference)))
}

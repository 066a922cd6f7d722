//! A draft becomes a contract, once: its number, a request in the queue with all that was filled in, the paper, the mail; all or nothing.
use super::answers::{Answers, with_offer};
use super::fields;
use super::paper;
use super::steps;
use super::{Place, Typed, is_too_often};
use crate::data::{
    Added, AttachmentRow, AuditEntry, ContractRow, FinishedContract, Guarded, NewMessage, NewRequest, Request,
    StoredAttachment, TenantTx,
};
use crate::domain::contracts::{Contract, ContractState, Step, complete, contract_number};
use crate::domain::features::Feature;
use crate::domain::ids::{AttachmentId, MessageId, RequestId};
use crate::domain::notices::Channel;
use crate::domain::requests::{Actor, RequestKind, RequestState, deadline, term_of};
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::requests as kit;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

pub async fn send(place: &Place<'_>, tx: TenantTx, row: ContractRow, typed: &Typed) -> Result<Response, Error> {
    let page = place.page;
    let receipt = format!("{}?sent=yes", place.root);
    if row.state != ContractState::Draft {
        return Ok(page.go(&receipt));
    }
    let mut answers = Answers::of(&row);
    answers.take(Step::Review, typed);
    if typed.get("version") != row.version.to_string() {
        return steps::review(place, &answers, row.version, &Vec::new(), StatusCode::CONFLICT);
    }
    let draft = answers.draft(page);
    let contract = match with_offer(page, |offer| complete(&draft, offer)) {
        Ok(contract) => contract,
        Err(wrong) => {
            return steps::review(place, &answers, row.version, &wrong, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    // The draft is kept; it can be sent a little later.
    if place.customer.is_none() && is_too_often(page, "contract-send").await {
        return Ok(StatusCode::TOO_MANY_REQUESTS.into_response());
    }
    let settled = Answers::settled(page, &contract);
    let Added::New(request) = tx.add_request(&new_request(place, &row, &settled)).await? else {
        return Ok(page.go(&receipt));
    };
    let sequence = format!("contracts-{}", page.today().year());
    let number = contract_number(page.today().year(), tx.next_number(&sequence).await?);
    let file = paper_of(place, &contract, &settled, &number, &request)?;
    tx.add_attachment(&file).await?;
    let finished = FinishedContract {
        number: &number,
        data: &settled.json(),
        email: &contract.email,
        request: request.id,
        document: None,
        at: page.now(),
    };
    let Guarded::Done(version) = tx.finish_contract(row.id, row.version, &finished).await? else {
        return Ok(page.go(&receipt));
    };
    let name = settled.get("name");
    kit::tell(&tx, page, &request, kit::Step { what: "received", ..kit::Step::of(Actor::Customer, name) }).await?;
    if page.tenant().has(Feature::ContractEmailedForPrint) {
        tx.move_contract(row.id, version, ContractState::Emailed, page.now()).await?;
        tx.enqueue(&[mail(place, &row, &contract, &number, file.row.id)]).await?;
        kit::tell(&tx, page, &request, kit::Step { what: "contract_mailed", ..kit::Step::of(Actor::System, "") })
            .await?;
    }
    if !request.state.is_open() {
        tx.announce_contract(row.id).await?;
        let done = kit::Step { what: "done", state: Some(RequestState::Done), ..kit::Step::of(Actor::System, "") };
        kit::tell(&tx, page, &request, done).await?;
    }
    tx.write_audit(&line(place, &row, &request, "submit", json!({ "contract": number }))).await?;
    tx.commit().await?;
    Ok(page.go(&receipt))
}

/// One's own contract is made at once where the supplier says so; a visitor's waits for its signature.
fn new_request(place: &Place<'_>, row: &ContractRow, settled: &Answers) -> NewRequest {
    let page = place.page;
    let (kind, now) = (RequestKind::Contract, page.now());
    let is_done = place.feature == Feature::ContractDataEntry && kit::is_immediate(page.tenant(), kind, true);
    let shown: Vec<Json> = Step::ALL
        .into_iter()
        .flat_map(|step| fields::facts(page, settled, step))
        .map(|(label, value)| json!([label, "", value]))
        .collect();
    NewRequest {
        id: RequestId::new(),
        customer: place.customer.map(|(customer, _)| customer),
        account: place.customer.map(|(_, account)| account),
        supply_point: None,
        kind,
        year: page.today().year(),
        state: if is_done { RequestState::Done } else { RequestState::New },
        was_immediate: is_done,
        received_at: now,
        deadline: deadline(page.today(), term_of(kind).decide_days),
        money_deadline: None,
        payload: json!({ "shown": shown, "old": null, "new": null, "contract": row.id.to_string() }),
        outcome: String::new(),
        idempotency: format!("contract:{}", row.id),
        closed_at: is_done.then_some(now),
        language: page.lang().key().to_owned(),
    }
}

fn paper_of(
    place: &Place<'_>,
    contract: &Contract,
    settled: &Answers,
    number: &str,
    request: &Request,
) -> Result<StoredAttachment, Error> {
    let bytes = paper::pdf(place, contract, settled, number)?;
    let row = AttachmentRow {
        id: AttachmentId::new(),
        request: request.id,
        name: place.page.t_args("contract-file", &[("number", Arg::from(number))]),
        media_type: "application/pdf".into(),
        size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        sha256: Sha256::digest(&bytes).to_vec(),
        added_at: place.page.now(),
    };
    Ok(StoredAttachment { row, bytes })
}

fn mail(
    place: &Place<'_>,
    row: &ContractRow,
    contract: &Contract,
    number: &str,
    attachment: AttachmentId,
) -> NewMessage {
    NewMessage {
        id: MessageId::new(),
        channel: Channel::Mail,
        customer: None,
        kind: "contract_for_print".into(),
        recipient: contract.email.clone(),
        language: place.page.lang().key().to_owned(),
        payload: json!({ "path": place.root, "has_link": true, "number": number, "attachment": attachment.to_string() }),
        dedupe_key: format!("contract_for_print:{}:1", row.id),
    }
}

/// Of a visitor the trail knows the contract, not the name.
pub fn line(place: &Place<'_>, row: &ContractRow, request: &Request, action: &str, after: Json) -> AuditEntry {
    let actor = match place.customer {
        Some((_, account)) => ("customer", account.to_string()),
        None => ("visitor", row.id.to_string()),
    };
    AuditEntry {
        actor_kind: actor.0.into(),
        actor: actor.1,
        role: place.page.role().key().into(),
        feature: Some(place.feature),
        action: action.to_owned(),
        object: format!("request:{}", request.reference),
        before: Json::Null,
        after,
        request_id: place.page.request_id().into(),
    }
}

//! The contract behind a request of the queue: its paper, what became of its mail, and the way of its print: asked for, printed, posted, signed.
use super::requests::Act;
use crate::data::{ContractRow, Guarded, Move, NewMessage, Request, TenantTx};
use crate::domain::contracts::ContractState;
use crate::domain::features::{Action, Feature};
use crate::domain::ids::MessageId;
use crate::domain::notices::Channel;
use crate::domain::requests::{Actor, Reference, RequestKind, RequestState};
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::requests::{self as kit, Step};
use crate::web::kit::slices::Slice;
use axum::extract::{Form, Path};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub const FEATURES: &[Feature] = &[Feature::ContractCreateOnline, Feature::ContractDataEntry];

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::operator(FEATURES, "/operator/requests/{reference}/contract")
            .writes(Action::Change)
            .get(paper)
            .post(act),
    ]
}

/// As the page of the request shows it.
#[derive(Serialize)]
pub struct Shown {
    number: String,
    state: String,
    email: String,
    /// Text of what became of the last mail; empty where none went out.
    mail: String,
    href: String,
    acts: Vec<Act>,
    version: i32,
}

#[derive(Deserialize)]
struct Pressed {
    act: String,
    version: i32,
}

fn mails_of(row: &ContractRow) -> String {
    format!("contract_for_print:{}:", row.id)
}

/// None for requests of other kinds.
pub async fn shown(page: &Page, tx: &TenantTx, request: &Request) -> Result<Option<Shown>, Error> {
    if request.kind != RequestKind::Contract {
        return Ok(None);
    }
    let row = match tx.contract_of_request(request.id).await {
        Ok(row) => row,
        Err(crate::data::Error::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mails = tx.states_of_messages(&mails_of(&row)).await?;
    let acts = acts(page, &row).into_iter();
    // One main button: who has not taken the request takes it first.
    let is_taken = request.assignee.is_some();
    Ok(Some(Shown {
        state: page.t(&format!("contract-state-{}", row.state.key().replace('_', "-"))),
        mail: match mails.last().map(String::as_str) {
            None => String::new(),
            Some("sent") => page.t("contract-desk-mail-sent"),
            Some("failed") => page.t("contract-desk-mail-failed"),
            Some(_) => page.t("contract-desk-mail-going"),
        },
        href: format!("{}/operator/requests/{}/contract", page.base(), request.reference),
        acts: acts
            .map(|(key, kind)| Act {
                key,
                label: page.t(&format!("contract-act-{}", key.replace('_', "-"))),
                kind: if is_taken { kind } else { "" },
            })
            .collect(),
        number: row.number.unwrap_or_default(),
        email: row.email,
        version: row.version,
    }))
}

const MAIL_AGAIN: &str = "mail_again";

fn acts(page: &Page, row: &ContractRow) -> Vec<(&'static str, &'static str)> {
    use ContractState::{Posted, PrintAsked, Printed, Signed};
    if !page.has_any(FEATURES, Action::Change) {
        return Vec::new();
    }
    let state = row.state;
    let has_print = page.has(Feature::ContractPrintAndPostOnDemand);
    let steps = [(PrintAsked, has_print), (Printed, has_print), (Posted, has_print), (Signed, true)];
    let is_next = |next: ContractState| if matches!(next, Printed | Posted) { "primary" } else { "" };
    let may = steps.into_iter().filter(|(next, is_on)| *is_on && state.may_become(*next));
    let mut all: Vec<_> = may.map(|(next, _)| (next.key(), is_next(next))).collect();
    let is_open = state.may_become(Signed);
    if is_open && page.has(Feature::ContractEmailedForPrint) {
        all.push((MAIL_AGAIN, ""));
    }
    all
}

async fn paper(operator: Operator, Path(text): Path<String>) -> Result<Response, Error> {
    let reference = Reference::parse(&text).map_err(|_| Error::NotFound)?;
    let tx = operator.db.begin().await?;
    let request = tx.request(reference).await?;
    tx.contract_of_request(request.id).await?;
    let file = tx.attachments_of(request.id).await?.into_iter().next().ok_or(Error::NotFound)?;
    let file = tx.attachment(file.id).await?;
    tx.write_audit(&kit::line(&operator.page, &operator.id.to_string(), &request, "download")).await?;
    tx.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, file.row.media_type),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{reference}.pdf\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, file.bytes).into_response())
}

/// What cannot be done any more (somebody was faster) changes nothing; the page shows how it stands.
async fn act(operator: Operator, Path(text): Path<String>, Form(pressed): Form<Pressed>) -> Result<Response, Error> {
    let page = &operator.page;
    let reference = Reference::parse(&text).map_err(|_| Error::NotFound)?;
    let back = page.go(&format!("/operator/requests/{reference}"));
    let tx = operator.db.begin().await?;
    let request = tx.request(reference).await?;
    let row = tx.contract_of_request(request.id).await?;
    let is_known = pressed.act == MAIL_AGAIN || ContractState::parse(&pressed.act).is_some();
    if !is_known {
        return Err(Error::NotFound);
    }
    if pressed.version != row.version || !acts(page, &row).iter().any(|(key, _)| *key == pressed.act) {
        return Ok(back);
    }
    let done = match ContractState::parse(&pressed.act) {
        None => mail_again(page, &tx, &request, &row).await?,
        Some(state) => move_on(&operator, &tx, &request, &row, state).await?,
    };
    if !done {
        return Ok(back);
    }
    let state = (pressed.act == ContractState::Signed.key() && request.state.is_open()).then_some(RequestState::Done);
    let what = format!("contract_{}", pressed.act);
    kit::tell(&tx, page, &request, Step { what: &what, state, ..Step::of(Actor::Staff, &operator.name) }).await?;
    tx.write_audit(&kit::line(page, &operator.id.to_string(), &request, &what)).await?;
    tx.commit().await?;
    Ok(back)
}

/// False when somebody was faster. A signature finishes the request too.
async fn move_on(
    operator: &Operator,
    tx: &TenantTx,
    request: &Request,
    row: &ContractRow,
    state: ContractState,
) -> Result<bool, Error> {
    let now = operator.page.now();
    let Guarded::Done(_) = tx.move_contract(row.id, row.version, state, now).await? else { return Ok(false) };
    // Moved even where its own state stays, so that each step of the paper is told once.
    let is_done = state == ContractState::Signed && request.state.is_open();
    let to = Move {
        state: if is_done { RequestState::Done } else { request.state },
        outcome: &request.outcome,
        closed_at: if is_done { Some(now) } else { request.closed_at },
    };
    let Guarded::Done(version) = tx.move_request(request.id, request.version, &to).await? else { return Ok(false) };
    let moved = Request { version, ..request.clone() };
    if let Some(customer) = request.customer {
        kit::notify(tx, &operator.page, customer, &moved, "request_moved").await?;
    }
    Ok(true)
}

/// Pressed twice it goes once more, not twice: the version moves though the state stays.
async fn mail_again(page: &Page, tx: &TenantTx, request: &Request, row: &ContractRow) -> Result<bool, Error> {
    let Guarded::Done(_) = tx.move_contract(row.id, row.version, row.state, page.now()).await? else {
        return Ok(false);
    };
    let file = tx.attachments_of(request.id).await?.into_iter().next().ok_or(Error::NotFound)?;
    let start = mails_of(row);
    let count = tx.states_of_messages(&start).await?.len() + 1;
    let message = NewMessage {
        id: MessageId::new(),
        channel: Channel::Mail,
        customer: None,
        kind: "contract_for_print".into(),
        recipient: row.email.clone(),
        language: row.language.clone(),
        // The secret way back is known to its owner only.
        payload: json!({ "path": "/", "has_link": false, "number": row.number, "attachment": file.id.to_string() }),
        dedupe_key: format!("{start}{count}"),
    };
    tx.enqueue(&[message]).await?;
    Ok(true)
}

/// A refused request takes its contract with it.
pub async fn cancel(page: &Page, tx: &TenantTx, request: &Request) -> Result<(), Error> {
    if request.kind != RequestKind::Contract {
        return Ok(());
    }
    let Ok(row) = tx.contract_of_request(request.id).await else { return Ok(()) };
    if row.state.may_become(ContractState::Cancelled) {
        tx.move_contract(row.id, row.version, ContractState::Cancelled, page.now()).await?;
    }
    Ok(())
}

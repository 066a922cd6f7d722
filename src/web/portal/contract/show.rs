//! A contract that was sent: its number, where it stands, its paper, and the button for who has no printer.
use super::Place;
use super::answers::Answers;
use super::steps::{self, Part};
use crate::data::{ContractRow, TenantTx};
use crate::domain::contracts::ContractState;
use crate::domain::features::Feature;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::page::Page;
use crate::web::kit::requests::{self as kit, Event};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

#[derive(Serialize)]
struct View {
    number: String,
    state: String,
    tone: &'static str,
    is_sent: bool,
    /// What happened to the mail; empty where none goes out.
    mail: String,
    is_mail_lost: bool,
    parts: Vec<Part>,
    events: Vec<Event>,
    pdf: String,
    /// Where paper is asked for; empty where it cannot be now.
    print: String,
    back: String,
}

pub fn state_words(page: &Page, state: ContractState) -> String {
    page.t(&format!("contract-state-{}", state.key().replace('_', "-")))
}

pub fn tone(state: ContractState) -> &'static str {
    match state {
        ContractState::Draft => "plain",
        ContractState::Signed => "ok",
        ContractState::Cancelled => "bad",
        _ => "info",
    }
}

pub async fn show(place: &Place<'_>, tx: TenantTx, row: ContractRow, is_sent: bool) -> Result<Response, Error> {
    let page = place.page;
    let (state, Some(request)) = (row.state, row.request) else {
        let step = steps::unfinished(place, &row);
        return Ok(page.go(&format!("{}/{}", place.root, step.key())));
    };
    let events = tx.events_of(request, true).await?;
    let mails = tx.states_of_messages(&format!("contract_for_print:{}:", row.id)).await?;
    tx.commit().await?;
    let mail = mails.last().map(String::as_str);
    let key = match mail {
        None => "",
        Some("sent") => "contract-mail-sent",
        Some("failed") => "contract-mail-failed",
        Some(_) => "contract-mail-going",
    };
    let has_print = page.has(Feature::ContractPrintAndPostOnDemand) && place.feature == Feature::ContractCreateOnline;
    let mut parts = steps::parts(place, &Answers::of(&row));
    for part in &mut parts {
        // It was right on its day.
        part.mistakes.clear();
        part.href.clear();
    }
    let view = View {
        number: row.number.unwrap_or_default(),
        state: state_words(page, state),
        tone: tone(state),
        is_sent,
        mail: match key {
            "" => String::new(),
            key => page.t_args(key, &[("email", Arg::from(row.email.as_str()))]),
        },
        is_mail_lost: mail == Some("failed"),
        parts,
        events: kit::events(page, events, false),
        pdf: place.href("/pdf"),
        print: if has_print && state.may_become(ContractState::PrintAsked) {
            place.href("/print")
        } else {
            String::new()
        },
        back: page.base().to_owned() + if place.customer.is_some() { "/dashboard" } else { "/" },
    };
    page.show("portal/contract.html", &view)
}

/// The paper as it was made; never made anew.
pub async fn hand_over(tx: TenantTx, row: ContractRow) -> Result<Response, Error> {
    let files = tx.attachments_of(row.request.ok_or(Error::NotFound)?).await?;
    let file = files.into_iter().next().ok_or(Error::NotFound)?;
    let file = tx.attachment(file.id).await?;
    tx.commit().await?;
    let plain: String =
        file.row.name.chars().filter(|one| one.is_ascii_alphanumeric() || "-_.".contains(*one)).collect();
    let headers = [
        (header::CONTENT_TYPE, file.row.media_type),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{plain}\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, file.bytes).into_response())
}

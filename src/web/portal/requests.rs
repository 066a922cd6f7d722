//! *My requests*: where each stands, its clock and its whole story; the receipt after sending; withdrawing and answering.
use super::documents;
use super::errand::Typed;
use crate::data::{Guarded, Move, Request};
use crate::domain::attachments::Attachment;
use crate::domain::features::Action;
use crate::domain::ids::AttachmentId;
use crate::domain::requests::{Actor, Reference, RequestKind, RequestState};
use crate::domain::typed;
use crate::web::kit::attachments;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::requests::{self as kit, Event, Step};
pub use crate::web::kit::requests::{FEATURES, LONGEST, clock, kind_words, state_words, tone};
use crate::web::kit::slices::Slice;
use crate::web::kit::table::{Cell, Table};
use crate::web::kit::typed::Upload;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Shown at most; older ones are found by their number.
const MOST: u64 = 200;

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(FEATURES, "/requests").get(list),
        Slice::customer(FEATURES, "/requests/{reference}").get(show),
        // One's own requests may be withdrawn and answered by whoever may see them.
        Slice::customer(FEATURES, "/requests/{reference}/withdraw").writes(Action::View).post(withdraw),
        Slice::customer(FEATURES, "/requests/{reference}/answer").writes(Action::View).post(answer),
        Slice::customer(FEATURES, "/requests/{reference}/files/{id}").get(file),
    ]
}

#[derive(Serialize)]
struct List {
    has_requests: bool,
    requests: Table,
}

#[derive(Serialize)]
struct Detail {
    reference: String,
    kind: String,
    state: String,
    tone: &'static str,
    received: String,
    /// "zbývá 5 pracovních dnů, do pátku 4. 12. 2026"; empty once it is closed.
    clock: String,
    outcome: String,
    is_open: bool,
    is_sent: bool,
    is_done: bool,
    next: String,
    changes: Vec<Pair>,
    events: Vec<Event>,
    /// The words of an answer, and files with it.
    answer: Option<[Field; 2]>,
    attachments: Vec<attachments::Shown>,
    version: i32,
}

#[derive(Serialize)]
pub struct Pair {
    pub label: String,
    pub old: String,
    pub new: String,
}

#[derive(Deserialize)]
struct Arrived {
    sent: Option<String>,
}

async fn list(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let requests = tx.requests_of(customer.id, MOST).await?;
    tx.commit().await?;
    let columns = ["request-number", "request-kind", "request-received", "request-state", "request-clock"];
    let mut table = Table::new(page, "requests-caption", &columns);
    for request in &requests {
        let href = format!("{}/requests/{}", page.base(), request.reference);
        table.push([
            Cell::link(request.reference.to_string(), href),
            Cell::of(kind_words(page, request.kind)),
            Cell::of(page.moment(request.received_at)),
            Cell::tag(state_words(page, request.state), tone(request.state)),
            Cell::of(clock(page, request)),
        ]);
    }
    page.show("portal/requests.html", &List { has_requests: !table.is_empty(), requests: table })
}

fn reference_of(text: &str) -> Result<Reference, Error> {
    Reference::parse(text).map_err(|_| Error::NotFound)
}

async fn show(customer: Customer, Path(text): Path<String>, Query(arrived): Query<Arrived>) -> Result<Response, Error> {
    let view = detail(&customer, reference_of(&text)?, arrived.sent.is_some(), None).await?;
    customer.page.show("portal/request.html", &view)
}

async fn detail(
    customer: &Customer,
    reference: Reference,
    is_sent: bool,
    answer: Option<[Field; 2]>,
) -> Result<Detail, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let request = tx.request_of(customer.id, reference).await?;
    let events = tx.events_of(request.id, true).await?;
    let files = tx.attachments_of(request.id).await?;
    tx.commit().await?;
    let is_done = request.state == RequestState::Done;
    let question = request.kind == RequestKind::Question;
    let may_answer = request.state == RequestState::WaitingForCustomer || (question && request.state.is_open());
    let fields = || {
        let words = Field::long("words", page.t("request-answer")).max(LONGEST).required();
        [words, attachments::field(page, "attachment-answer")]
    };
    Ok(Detail {
        reference: request.reference.to_string(),
        kind: kind_words(page, request.kind),
        state: state_words(page, request.state),
        tone: tone(request.state),
        received: page.moment(request.received_at),
        clock: clock(page, &request),
        outcome: request.outcome.clone(),
        is_open: request.state.is_open() && page.acts(),
        is_sent,
        is_done,
        next: page.t(if is_done { "request-next-done" } else { "request-next-open" }),
        changes: changes(&request),
        events: kit::events(page, events, false),
        answer: (may_answer && page.acts()).then(|| answer.unwrap_or_else(fields)),
        attachments: attachments::shown(page, &format!("/requests/{reference}"), files),
        version: request.version,
    })
}

/// Whatever the payload shows under `shown`: label, old, new, as the customer saw it when it was sent.
pub fn changes(request: &Request) -> Vec<Pair> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let shown = request.payload["shown"].as_array().cloned().unwrap_or_default();
    shown.iter().map(|one| Pair { label: text(&one[0]), old: text(&one[1]), new: text(&one[2]) }).collect()
}

async fn withdraw(customer: Customer, Path(text): Path<String>) -> Result<Response, Error> {
    let reference = reference_of(&text)?;
    step(&customer, reference, RequestState::Withdrawn, "withdrawn", "", &[]).await?;
    Ok(customer.page.go(&format!("/requests/{reference}")))
}

async fn answer(customer: Customer, Path(text): Path<String>, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let reference = reference_of(&text)?;
    let words = match typed::long_text(typed.get("words"), LONGEST) {
        Ok(words) if words.is_empty() => Err(page.t("mistake-missing")),
        found => found.map_err(|error| page.text_mistake(error)),
    };
    let files = attachments::found(page, &typed);
    if let (Ok(words), Ok(files)) = (&words, &files) {
        step(&customer, reference, RequestState::InProgress, "answered", words, files).await?;
        return Ok(page.go(&format!("/requests/{reference}")));
    }
    let again = if typed.files.is_empty() { String::new() } else { page.t("attachment-again") };
    let words = Field::long("words", page.t("request-answer"))
        .max(LONGEST)
        .typed(typed.get("words"))
        .wrong(words.err().unwrap_or_default());
    let files = attachments::field(page, "attachment-answer").wrong(files.err().unwrap_or(again));
    let view = detail(&customer, reference, false, Some([words, files])).await?;
    page.show_again("portal/request.html", &view)
}

/// A file of one's own request.
async fn file(customer: Customer, Path((text, id)): Path<(String, Uuid)>) -> Result<Response, Error> {
    let reference = reference_of(&text)?;
    let tx = customer.db.begin().await?;
    let request = tx.request_of(customer.id, reference).await?;
    let file = tx.attachment_of(customer.id, AttachmentId(id)).await?;
    if file.row.request != request.id {
        return Err(Error::NotFound);
    }
    let object = format!("request:{reference}/{}", file.row.id);
    tx.write_audit(&documents::entry(&customer, object, request.kind.feature())).await?;
    tx.commit().await?;
    Ok(attachments::hand_over(file))
}

/// Moves it as the customer may; what cannot move so any more (it was decided meanwhile) is shown as it is now.
async fn step(
    customer: &Customer,
    reference: Reference,
    state: RequestState,
    what: &str,
    words: &str,
    files: &[(Attachment, &Upload)],
) -> Result<(), Error> {
    let page = &customer.page;
    let tx = customer.db.begin().await?;
    let request = tx.request_of(customer.id, reference).await?;
    let moves = request.state.may_become(state, Actor::Customer);
    let speaks = what == "answered" && request.state.is_open();
    if !moves && !speaks {
        return Ok(());
    }
    if moves {
        let closed_at = (!state.is_open()).then(|| page.now());
        let to = Move { state, outcome: &request.outcome, closed_at };
        if let Guarded::Stale(_) = tx.move_request(request.id, request.version, &to).await? {
            return Ok(());
        }
    }
    let state = moves.then_some(state);
    let step = Step { what, words, state, ..Step::of(Actor::Customer, &customer.name) };
    kit::tell(&tx, page, &request, step).await?;
    attachments::keep(&tx, page, &request, files).await?;
    tx.write_audit(&kit::line(page, &customer.account.to_string(), &request, what)).await?;
    Ok(tx.commit().await?)
}

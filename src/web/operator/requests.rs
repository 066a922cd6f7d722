//! The queue: what customers asked for, soonest deadline first; one request's whole story on one page, and what may be done with it.
use super::{access, contracts, erasure};
use crate::data::{Assignee, Guarded, Move, QueueFilter, QueueRow, Request, TenantTx};
use crate::domain::features::{Action, Role};
use crate::domain::ids::AttachmentId;
use crate::domain::requests::{Actor, Reference, RequestKind, RequestState, Urgency, urgency};
use crate::domain::typed;
use crate::web::kit::attachments;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
pub use crate::web::kit::requests::FEATURES;
use crate::web::kit::requests::{self as kit, Event, LONGEST, Step, clock, kind_words, state_words};
use crate::web::kit::slices::Slice;
use axum::extract::{Form, Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Rows of a page: as many as a desk's screen shows.
const ROWS: u64 = 30;
/// Letters of a query that are looked at.
const MOST_LETTERS: usize = 80;

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::operator(FEATURES, "/operator/requests").get(list),
        Slice::operator(FEATURES, "/operator/requests/{reference}").writes(Action::Change).get(show).post(act),
        Slice::operator(FEATURES, "/operator/requests/{reference}/files/{id}").get(file),
    ]
}

#[derive(Deserialize)]
struct Wanted {
    show: Option<String>,
    kind: Option<String>,
    q: Option<String>,
}

#[derive(Serialize)]
struct List {
    counts: Vec<Count>,
    choices: Vec<Choice>,
    kinds: Vec<Choice>,
    query: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Count {
    label: String,
    count: i64,
    tone: &'static str,
}

#[derive(Serialize)]
struct Choice {
    label: String,
    href: String,
    is_current: bool,
}

#[derive(Serialize)]
struct Row {
    reference: String,
    kind: String,
    customer: String,
    state: String,
    tone: &'static str,
    clock: String,
    is_late: bool,
    assignee: String,
}

async fn list(operator: Operator, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let page = &operator.page;
    let show = wanted.show.as_deref().unwrap_or("open");
    let kind = wanted.kind.as_deref().and_then(RequestKind::parse);
    let query: String = wanted.q.unwrap_or_default().chars().take(MOST_LETTERS).collect();
    let query = typed::text(&query, MOST_LETTERS).unwrap_or_default();
    let filter = QueueFilter {
        states: if show == "closed" { closed() } else { Vec::new() },
        kinds: kind.into_iter().collect(),
        assignee: match show {
            "mine" => Assignee::Staff(operator.id),
            "free" => Assignee::Nobody,
            _ => Assignee::Any,
        },
        overdue_on: (show == "late").then(|| page.today()),
        text: Some(query.clone()),
        after: None,
        limit: ROWS,
    };
    let tx = operator.db.read().await?;
    let rows = tx.queue(&filter).await?;
    let counts = tx.queue_counts(page.today()).await?;
    tx.commit().await?;
    let kind_part = kind.map(|kind| format!("&kind={}", kind.key())).unwrap_or_default();
    let shown_as = |key: &str| Choice {
        label: page.t(&format!("queue-show-{key}")),
        href: format!("{}/operator/requests?show={key}{kind_part}", page.base()),
        is_current: key == show,
    };
    let of_kind = |one: Option<RequestKind>| Choice {
        label: one.map_or_else(|| page.t("filter-all"), |kind| kind_words(page, kind)),
        href: format!(
            "{}/operator/requests?show={show}{}",
            page.base(),
            one.map(|kind| format!("&kind={}", kind.key())).unwrap_or_default()
        ),
        is_current: one == kind,
    };
    let has_contracts = contracts::FEATURES.iter().any(|one| page.tenant().has(*one));
    let offered = RequestKind::ALL.into_iter().filter(|kind| match kind.feature() {
        Some(feature) => page.tenant().has(feature),
        None => match kind {
            RequestKind::Contract => has_contracts,
            RequestKind::Access => access::FEATURES.iter().any(|one| page.tenant().has(*one)),
            _ => false,
        },
    });
    let late = Count { label: page.t("queue-show-late"), count: counts.overdue, tone: "bad" };
    let view = List {
        counts: counts
            .open
            .iter()
            .map(|(state, count)| Count { label: state_words(page, *state), count: *count, tone: "info" })
            .chain((counts.overdue > 0).then_some(late))
            .collect(),
        choices: ["open", "free", "mine", "late", "closed"].map(shown_as).into(),
        kinds: std::iter::once(None).chain(offered.map(Some)).map(of_kind).collect(),
        query,
        rows: rows.iter().map(|one| row(page, one)).collect(),
    };
    page.show("operator/requests.html", &view)
}

fn closed() -> Vec<RequestState> {
    RequestState::ALL.into_iter().filter(|state| !state.is_open()).collect()
}

fn row(page: &Page, one: &QueueRow) -> Row {
    let request = &one.request;
    let customer = one.customer.as_ref().map(|(number, name)| format!("{name} ({number})"));
    Row {
        reference: request.reference.to_string(),
        kind: kind_words(page, request.kind),
        customer: customer.unwrap_or_else(|| page.t("queue-visitor")),
        state: state_words(page, request.state),
        tone: if request.state.is_open() { "info" } else { "plain" },
        clock: clock(page, request),
        is_late: request.state.is_open() && urgency(page.today(), request.deadline) == Urgency::Overdue,
        assignee: one.assignee_name.clone().unwrap_or_default(),
    }
}

#[derive(Serialize)]
pub(super) struct Detail {
    row: Row,
    received: String,
    was_immediate: bool,
    /// Log-ins of the customer that their owners closed, with the moment.
    closed_log_ins: Vec<String>,
    outcome: String,
    changes: Vec<[String; 3]>,
    events: Vec<Event>,
    /// What may be done with it now, in the order of the buttons.
    acts: Vec<Act>,
    /// Of a contract alone.
    contract: Option<contracts::Shown>,
    /// Of an application for access alone.
    access: Option<access::requests::Shown>,
    attachments: Vec<attachments::Shown>,
    words: String,
    mistake: String,
    conflict: String,
    version: i32,
}

/// A button: what may be done, its words and how it looks.
#[derive(Serialize)]
pub(super) struct Act {
    pub key: &'static str,
    pub label: String,
    pub kind: &'static str,
}

#[derive(Deserialize)]
struct Typed {
    act: String,
    version: i32,
    #[serde(default)]
    words: String,
}

async fn show(operator: Operator, Path(text): Path<String>) -> Result<Response, Error> {
    let reference = Reference::parse(&text).map_err(|_| Error::NotFound)?;
    let view = detail(&operator, reference, "", "", "").await?;
    operator.page.show("operator/request.html", &view)
}

/// A file of a request, for those who may see it; who took it stands in the audit.
async fn file(operator: Operator, Path((text, id)): Path<(String, Uuid)>) -> Result<Response, Error> {
    let reference = Reference::parse(&text).map_err(|_| Error::NotFound)?;
    let tx = operator.db.begin().await?;
    let request = tx.request(reference).await?;
    let file = tx.attachment(AttachmentId(id)).await?;
    if file.row.request != request.id {
        return Err(Error::NotFound);
    }
    tx.write_audit(&kit::line(&operator.page, &operator.id.to_string(), &request, "download")).await?;
    tx.commit().await?;
    Ok(attachments::hand_over(file))
}

pub(super) async fn detail(
    operator: &Operator,
    reference: Reference,
    words: &str,
    mistake: &str,
    conflict: &str,
) -> Result<Detail, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let request = tx.request(reference).await?;
    let events = tx.events_of(request.id, false).await?;
    let customer = match request.customer {
        Some(id) => Some(tx.customer(id).await?),
        None => None,
    };
    let log_ins = match request.customer {
        Some(id) => tx.accounts_of(id).await?,
        None => Vec::new(),
    };
    let assignee = match request.assignee {
        Some(id) => Some(tx.staff_member(id).await?.name),
        None => None,
    };
    let contract = contracts::shown(page, &tx, &request).await?;
    let access = access::requests::shown(page, &tx, &request).await?;
    let files = match &contract {
        // Its one file is the contract itself, which has a place of its own.
        Some(_) => Vec::new(),
        None => tx.attachments_of(request.id).await?,
    };
    tx.commit().await?;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let shown = request.payload["shown"].as_array().cloned().unwrap_or_default();
    let as_row = QueueRow {
        customer: customer.map(|one| (one.number, one.name)),
        assignee_name: assignee,
        request: request.clone(),
    };
    Ok(Detail {
        row: row(page, &as_row),
        received: page.moment(request.received_at),
        was_immediate: request.was_immediate,
        closed_log_ins: log_ins
            .into_iter()
            .filter_map(|one| Some(format!("{}, {}", one.username, page.moment(one.closed_at?))))
            .collect(),
        outcome: request.outcome.clone(),
        changes: shown.iter().map(|one| [text(&one[0]), text(&one[1]), text(&one[2])]).collect(),
        events: kit::events(page, events, true),
        acts: acts(operator, &request),
        contract,
        access,
        attachments: attachments::shown(page, &format!("/operator/requests/{reference}"), files),
        words: words.to_owned(),
        mistake: mistake.to_owned(),
        conflict: conflict.to_owned(),
        version: request.version,
    })
}

/// Approve and refuse decide; the rest moves it on or speaks.
fn acts(operator: &Operator, request: &Request) -> Vec<Act> {
    let page = &operator.page;
    // A representative answers what customers wrote to them and only reads the rest.
    let is_own = operator.role != Role::Representative || request.kind == RequestKind::Representative;
    let may = |action| is_own && page.has_any(FEATURES, action);
    let mut found: Vec<(&'static str, &'static str)> = Vec::new();
    if may(Action::Change) && request.state.is_open() {
        found.push(match request.assignee {
            Some(id) if id == operator.id => ("release", ""),
            Some(_) => ("take", ""),
            None => ("take", "primary"),
        });
        found.extend([("answer", ""), ("ask", ""), ("note", "")]);
        if request.kind.needs_distributor() && request.state != RequestState::WaitingForDistributor {
            found.push(("pass", ""));
        }
    }
    if may(Action::Approve) {
        match request.state {
            // A contract is done when it is signed, access when it is made.
            state if state.is_open() && matches!(request.kind, RequestKind::Contract | RequestKind::Access) => {
                found.push(("refuse", "danger"));
            }
            state if state.is_open() => {
                // One main button: who has not taken it takes it first.
                let is_own = request.assignee == Some(operator.id);
                found.extend([("approve", if is_own { "primary" } else { "" }), ("refuse", "danger")]);
            }
            RequestState::Done if kit::can_be_undone(request.kind) => found.push(("undo", "danger")),
            _ => {}
        }
    }
    let act = |(key, kind)| Act { key, label: page.t(&format!("queue-act-{key}")), kind };
    found.into_iter().map(act).collect()
}

async fn act(operator: Operator, Path(text): Path<String>, Form(typed): Form<Typed>) -> Result<Response, Error> {
    let page = &operator.page;
    let reference = Reference::parse(&text).map_err(|_| Error::NotFound)?;
    let tx = operator.db.begin().await?;
    let request = tx.request(reference).await?;
    if !acts(&operator, &request).iter().any(|one| one.key == typed.act) {
        return Err(Error::NotFound);
    }
    let words = match typed::long_text(&typed.words, LONGEST) {
        Ok(words) if words.is_empty() && !matches!(typed.act.as_str(), "take" | "release" | "approve" | "pass") => {
            Err(page.t("queue-words-missing"))
        }
        other => other.map_err(|error| page.text_mistake(error)),
    };
    let words = match words {
        Ok(words) => words,
        Err(mistake) => {
            drop(tx);
            let view = detail(&operator, reference, &typed.words, &mistake, "").await?;
            return page.show_again("operator/request.html", &view);
        }
    };
    if typed.act == "approve" && request.kind == RequestKind::Erasure {
        drop(tx);
        return erasure::approve(&operator, &request, typed.version, &words).await;
    }
    if !perform(&operator, &tx, &request, &typed, &words).await? {
        drop(tx);
        let view = detail(&operator, reference, &typed.words, "", &page.t("queue-conflict")).await?;
        return page.show_as(StatusCode::CONFLICT, "operator/request.html", &view);
    }
    tx.commit().await?;
    Ok(page.go(&format!("/operator/requests/{reference}")))
}

/// False when somebody else was faster.
async fn perform(
    operator: &Operator,
    tx: &TenantTx,
    request: &Request,
    typed: &Typed,
    words: &str,
) -> Result<bool, Error> {
    let page = &operator.page;
    let state = match typed.act.as_str() {
        "answer" if request.state == RequestState::New => Some(RequestState::InProgress),
        "ask" => Some(RequestState::WaitingForCustomer).filter(|state| *state != request.state),
        "pass" => Some(RequestState::WaitingForDistributor),
        "approve" => Some(RequestState::Done),
        "refuse" => Some(RequestState::Refused),
        _ => None,
    };
    let guarded = match (typed.act.as_str(), state) {
        ("take", _) => tx.assign_request(request.id, typed.version, Some(operator.id)).await?,
        ("release", _) => tx.assign_request(request.id, typed.version, None).await?,
        (_, Some(state)) => {
            let decides = matches!(state, RequestState::Done | RequestState::Refused);
            let outcome = if decides { words } else { request.outcome.as_str() };
            let closed_at = (!state.is_open()).then(|| page.now());
            tx.move_request(request.id, typed.version, &Move { state, outcome, closed_at }).await?
        }
        _ if request.version == typed.version => Guarded::Done(request.version),
        _ => return Ok(false),
    };
    let Guarded::Done(version) = guarded else { return Ok(false) };
    match typed.act.as_str() {
        "approve" => {
            kit::apply(tx, request, &request.payload["new"]).await?;
            kit::follow(tx, page, request).await?;
        }
        "undo" => kit::apply(tx, request, &request.payload["old"]).await?,
        "refuse" => {
            contracts::cancel(page, tx, request).await?;
            access::requests::refuse(tx, request, words).await?;
        }
        _ => {}
    }
    let is_public = !matches!(typed.act.as_str(), "note" | "take" | "release");
    let step = Step { what: &typed.act, words, state, is_public, ..Step::of(Actor::Staff, &operator.name) };
    kit::tell(tx, page, request, step).await?;
    tx.write_audit(&kit::line(page, &operator.id.to_string(), request, &typed.act)).await?;
    if is_public && let Some(customer) = request.customer {
        let moved = Request { version, ..request.clone() };
        let notice = if typed.act == "approve" { "request_done" } else { "request_moved" };
        kit::notify(tx, page, customer, &moved, notice).await?;
    }
    Ok(true)
}

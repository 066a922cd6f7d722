//! Requests as both faces make and move them: sent once, done at once or queued as the supplier says, each step with its event, its audit
//! line and its notice in the one transaction that the caller commits.
mod changes;
pub mod flexible;
mod story;

pub use changes::{apply, can_be_undone};
pub use story::{Event, FEATURES, LONGEST, clock, event_words, events, kind_words, state_words, tone};

use super::bonus;
use super::error::Error;
use super::guard::Customer;
use super::page::Page;
use crate::data::{Added, AuditEntry, NewEvent, NewRequest, Notice, Request, TenantTx};
use crate::domain::bank;
use crate::domain::features::{Feature, Role};
use crate::domain::ids::{CustomerId, RequestId, SupplyPointId};
use crate::domain::notices;
use crate::domain::requests::{Actor, Processing, RequestKind, RequestState, deadline, decide_by, term_of};
use crate::tenancy::{self, Arg, Tenant};
use serde_json::{Value as Json, json};

/// What a customer asks for.
pub struct Asked {
    pub kind: RequestKind,
    pub feature: Feature,
    pub supply_point: Option<SupplyPointId>,
    /// What it is about: `old` and `new` values of a change, `shown` as the customer saw them, `typed` that tells one wish from another.
    pub payload: Json,
    /// What the customer said besides; it becomes the first words of the story.
    pub words: String,
    /// Nothing about it needs a human eye.
    pub rules_pass: bool,
    /// The form's own key: the same form sent twice is one request.
    pub key: String,
}

pub enum Sent {
    Done(Request),
    /// The form was sent before; this is what came of it.
    Before(Request),
    /// The same form came before with other content.
    Otherwise(Request),
}

/// How this supplier handles a kind of request; a kind not named is queued.
pub fn processing(tenant: &Tenant, kind: RequestKind) -> Processing {
    let named = tenancy::Request::parse(kind.key()).and_then(|named| tenant.document.processing.get(&named));
    named.and_then(|way| Processing::parse(way.key())).unwrap_or(Processing::Queue)
}

pub fn is_immediate(tenant: &Tenant, kind: RequestKind, rules_pass: bool) -> bool {
    processing(tenant, kind).is_done_at_once(kind, rules_pass)
}

/// The key of a form that is shown for the first time.
pub fn new_key() -> String {
    RequestId::new().to_string()
}

/// Adds the request and, where it is immediate, makes it so.
pub async fn send(customer: &Customer, tx: &TenantTx, asked: Asked) -> Result<Sent, Error> {
    let sent = add(customer, tx, &asked).await?;
    if let Sent::Done(request) = &sent {
        record(customer, tx, &asked, request).await?;
        let is_done = request.state == RequestState::Done;
        notify(tx, &customer.page, customer.id, request, if is_done { "request_done" } else { "request_received" })
            .await?;
    }
    Ok(sent)
}

/// The request alone, for kinds that take something of their own (a place, a person) before the rest is written by [`record`].
pub async fn add(customer: &Customer, tx: &TenantTx, asked: &Asked) -> Result<Sent, Error> {
    let page = &customer.page;
    let is_done = is_immediate(page.tenant(), asked.kind, asked.rules_pass);
    let (now, today, term) = (page.now(), page.today(), term_of(asked.kind));
    let new = NewRequest {
        id: RequestId::new(),
        customer: Some(customer.id),
        account: Some(customer.account),
        supply_point: asked.supply_point,
        kind: asked.kind,
        year: today.year(),
        state: if is_done { RequestState::Done } else { RequestState::New },
        was_immediate: is_done,
        received_at: now,
        deadline: decide_by(asked.kind, today),
        money_deadline: term.money_days.map(|days| deadline(today, days)),
        payload: asked.payload.clone(),
        outcome: String::new(),
        idempotency: asked.key.clone(),
        closed_at: is_done.then_some(now),
        language: page.lang().key().to_owned(),
    };
    Ok(match tx.add_request(&new).await? {
        Added::New(request) => Sent::Done(request),
        Added::Already(before) if is_same_wish(&before.payload, &new.payload) => Sent::Before(before),
        Added::Already(before) => Sent::Otherwise(before),
    })
}

/// What was typed tells, where a form kept it: what is beside it (the old values) may have changed meanwhile.
fn is_same_wish(one: &Json, other: &Json) -> bool {
    match (one.get("typed"), other.get("typed")) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

/// Its story's first lines, its effect where it is done at once, its audit line.
pub async fn record(customer: &Customer, tx: &TenantTx, asked: &Asked, request: &Request) -> Result<(), Error> {
    let page = &customer.page;
    let is_done = request.state == RequestState::Done;
    tell(
        tx,
        page,
        request,
        Step { what: "received", words: &asked.words, ..Step::of(Actor::Customer, &customer.name) },
    )
    .await?;
    if is_done {
        apply(tx, request, &request.payload["new"]).await?;
        tell(tx, page, request, Step { what: "done", state: Some(RequestState::Done), ..Step::of(Actor::System, "") })
            .await?;
        follow(tx, page, request).await?;
    }
    let entry = AuditEntry {
        actor_kind: "customer".into(),
        actor: customer.account.to_string(),
        role: page.role().key().into(),
        feature: Some(asked.feature),
        action: if is_done { "change".into() } else { "request".into() },
        object: format!("request:{}", request.reference),
        before: masked(&request.payload["old"]),
        after: masked(&request.payload["new"]),
        request_id: page.request_id().into(),
    };
    Ok(tx.write_audit(&entry).await?)
}

/// What follows from a request that was made so: a reading earns points, and decides the next advance where advances are flexible.
pub async fn follow(tx: &TenantTx, page: &Page, request: &Request) -> Result<(), Error> {
    let (Some(customer), true) = (request.customer, request.kind == RequestKind::Reading) else { return Ok(()) };
    for point in changes::points_read(request)? {
        if bonus::earn_for_reading(tx, page, customer, point).await? {
            let given = bonus::points(page, page.tenant().document.bonus.terms.self_reading);
            tell(tx, page, request, Step { what: "bonus", words: &given, ..Step::of(Actor::System, "") }).await?;
        }
    }
    if !page.tenant().has(Feature::AdvancesFlexibleByActualConsumption) {
        return Ok(());
    }
    for point in changes::points_read(request)? {
        let Some(next) = flexible::prescribe(tx, customer, point, page.today()).await? else { continue };
        changes::announce_advance(tx, request, customer, point).await?;
        let args = [("day", Arg::from(page.date(next.due_on))), ("amount", Arg::from(page.money(next.amount)))];
        let words = page.t_args("flexible-set", &args);
        tell(tx, page, request, Step { what: "advance", words: &words, ..Step::of(Actor::System, "") }).await?;
    }
    Ok(())
}

/// As the audit keeps them: who reads it need not know where money goes.
fn masked(values: &Json) -> Json {
    let mut values = values.clone();
    for key in ["bank_account", "sipo_number"] {
        if let Some(value) = values.get_mut(key).filter(|value| value.is_string()) {
            *value = bank::masked(value.as_str().unwrap_or_default()).into();
        }
    }
    // A file of readings is kept with its request; its line in the audit says how many.
    if let Some(points) = values.get_mut("points").filter(|points| points.is_array()) {
        *points = points.as_array().map_or(0, Vec::len).into();
    }
    values
}

/// The audit line of a step that changes nothing but the request itself.
pub fn line(page: &Page, actor: &str, request: &Request, action: &str) -> AuditEntry {
    AuditEntry {
        actor_kind: if page.role() == Role::Customer { "customer".into() } else { "staff".into() },
        actor: actor.to_owned(),
        role: page.role().key().into(),
        feature: request.kind.feature(),
        action: action.to_owned(),
        object: format!("request:{}", request.reference),
        before: json!({ "state": request.state.key() }),
        after: Json::Null,
        request_id: page.request_id().into(),
    }
}

/// One line of a request's story.
pub struct Step<'a> {
    pub by: Actor,
    pub actor: &'a str,
    pub what: &'a str,
    pub words: &'a str,
    pub state: Option<RequestState>,
    pub is_public: bool,
}

impl<'a> Step<'a> {
    pub fn of(by: Actor, actor: &'a str) -> Step<'a> {
        Step { by, actor, what: "", words: "", state: None, is_public: true }
    }
}

pub async fn tell(tx: &TenantTx, page: &Page, request: &Request, step: Step<'_>) -> Result<(), Error> {
    let event = NewEvent {
        at: page.now(),
        by: step.by,
        actor: step.actor.to_owned(),
        what: step.what.to_owned(),
        words: step.words.to_owned(),
        state_after: step.state,
        is_public: step.is_public,
    };
    tx.add_event(request.id, &event).await?;
    Ok(())
}

/// Tells the customer's people that something happened and where to look; nothing personal.
pub async fn notify(
    tx: &TenantTx,
    page: &Page,
    customer: CustomerId,
    request: &Request,
    kind: &str,
) -> Result<(), Error> {
    let reference = request.reference.to_string();
    let notice = Notice {
        event: notices::Event::RequestState,
        kind,
        customer,
        payload: json!({ "path": format!("/requests/{reference}"), "reference": reference }),
        cause: format!("{kind}:{}:{}", request.id, request.version),
        language: &request.language,
        now: page.now(),
        today: page.today(),
    };
    tx.tell(&notice).await?;
    Ok(())
}

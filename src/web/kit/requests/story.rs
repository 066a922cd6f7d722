//! A request's story as a timeline, and what it is about in pairs of old and new: the same words for the customer and for the desk.
use crate::data::{Request, RequestEvent};
use crate::domain::features::Feature;
use crate::domain::requests::{Actor, RequestKind, RequestState, Urgency, urgency, working_days_left};
use crate::tenancy::Arg;
use crate::web::kit::page::Page;
use serde::Serialize;

/// Any of what can be asked for; about a settlement one may complain.
pub const FEATURES: &[Feature] = &[
    Feature::ChangeContactDetails,
    Feature::ChangeContactAddress,
    Feature::ChangeMasterDataNontechnical,
    Feature::ChangeAdvanceAmount,
    Feature::ChangePaymentMethod,
    Feature::ChangeBankDetails,
    Feature::ChangeTariffRate,
    Feature::ChangeBreakerSize,
    Feature::RequestExtraordinarySettlement,
    Feature::AskQuestion,
    Feature::ReadingSelfReport,
    Feature::ContractCreateOnline,
    Feature::ContractDataEntry,
    Feature::BookOfficeVisit,
    Feature::ContactSalesRepresentative,
    Feature::FormsElectronic,
    Feature::InfoSettlements,
    Feature::AccessOnlineRequestForm,
    Feature::AccessExtraVerification,
];

/// Letters of a message.
pub const LONGEST: usize = 5_000;

/// As `ui.timeline` draws it.
#[derive(Serialize)]
pub struct Event {
    at: String,
    title: String,
    by: String,
    words: String,
}

/// `by_name`: the desk sees who of the staff it was; to the customer they are the supplier.
pub fn events(page: &Page, all: Vec<RequestEvent>, by_name: bool) -> Vec<Event> {
    all.into_iter().map(|one| event(page, one, by_name)).collect()
}

fn event(page: &Page, one: RequestEvent, by_name: bool) -> Event {
    let event = one.event;
    let by = match event.by {
        Actor::Staff if !by_name => page.tenant().document.name.get(page.lang()).to_owned(),
        Actor::System => String::new(),
        _ => event.actor,
    };
    Event { at: page.moment(event.at), title: event_words(page, &event.what), by, words: event.words }
}

/// Tone of a state's tag.
pub fn tone(state: RequestState) -> &'static str {
    match state {
        RequestState::Done => "ok",
        RequestState::Refused => "bad",
        RequestState::WaitingForCustomer => "warn",
        RequestState::Withdrawn => "plain",
        _ => "info",
    }
}

pub fn kind_words(page: &Page, kind: RequestKind) -> String {
    page.t(&format!("request-kind-{}", kind.key().replace('_', "-")))
}

pub fn state_words(page: &Page, state: RequestState) -> String {
    page.t(&format!("request-state-{}", state.key().replace('_', "-")))
}

/// What is left of the time, in working days.
pub fn clock(page: &Page, request: &Request) -> String {
    if !request.state.is_open() {
        return String::new();
    }
    let (today, day) = (page.today(), request.deadline);
    let key = match urgency(today, day) {
        Urgency::Overdue => "request-clock-over",
        Urgency::Today => "request-clock-today",
        Urgency::Soon | Urgency::Calm => "request-clock-left",
    };
    let left = working_days_left(today, day).abs();
    page.t_args(key, &[("days", Arg::from(left)), ("day", Arg::from(page.date(day)))])
}

pub fn event_words(page: &Page, what: &str) -> String {
    page.t(&format!("request-event-{}", what.replace('_', "-")))
}

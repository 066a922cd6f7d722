//! A request's story as a timeline, and what it is about in pairs of old and new: the same words for the customer and for the desk.
use crate::data::RequestEvent;
use crate::domain::requests::Actor;
use crate::web::kit::page::Page;
use serde::Serialize;

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

pub fn event_words(page: &Page, what: &str) -> String {
    page.t(&format!("request-event-{}", what.replace('_', "-")))
}

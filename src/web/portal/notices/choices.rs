//! What somebody wants to be told, event by event, by mail and by text message.
use super::super::{calendar, security::line_of};
use crate::data::{AuditEntry, Choices};
use crate::domain::access::MemberRole;
use crate::domain::features::Action;
use crate::domain::notices::{CATALOGUE, Channel, Event, Told, ways};
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;

const PATH: &str = "/account/notices";
const CHANNELS: [Channel; 2] = [Channel::Mail, Channel::Sms];

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(super::FEATURES, PATH).own().writes(Action::View).get(show).post(save)]
}

#[derive(Serialize)]
struct View {
    is_done: bool,
    events: Vec<Shown>,
    /// Where mail and texts go; empty where nowhere.
    email: String,
    phone: String,
    /// What waits can be followed by a calendar too.
    has_calendar: bool,
}

#[derive(Serialize)]
struct Shown {
    name: String,
    hint: String,
    fields: Vec<Field>,
}

#[derive(Deserialize)]
struct Arrived {
    done: Option<String>,
}

/// What this supplier tells and somebody may choose. Outages are chosen for each supply point, on their own page.
fn offered(page: &Page) -> impl Iterator<Item = &'static Told> {
    let is_on = |told: &&Told| told.features.is_empty() || told.features.iter().any(|one| page.tenant().has(*one));
    CATALOGUE.iter().filter(|told| told.is_choice && told.event != Event::Outage).filter(is_on)
}

fn name(event: Event, channel: Channel) -> String {
    format!("{}-{}", channel.key(), event.key())
}

async fn show(customer: Customer, Query(arrived): Query<Arrived>) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let choices = tx.notice_choices(customer.account).await?;
    let member = tx.membership(customer.account, customer.id).await?;
    let is_owner = member.is_some_and(|one| one.role == MemberRole::Owner);
    let person = tx.customer(customer.id).await?;
    let reach = tx.reach_of(customer.account).await?;
    tx.commit().await?;
    let (email, phone) = match is_owner {
        true => (person.email.or(reach.email), person.phone.or(reach.phone)),
        false => (reach.email, reach.phone),
    };
    let events = offered(page).map(|told| {
        let on = ways(told, is_owner, |channel| choices.get(&(told.event, channel)).copied());
        let fields = CHANNELS.into_iter().filter(|channel| *channel == Channel::Mail || phone.is_some());
        let field = |channel: Channel| {
            let label = page.t(&format!("notices-by-{}", channel.key()));
            Field::check(name(told.event, channel), label, on.contains(&channel))
        };
        Shown {
            name: page.t(&format!("event-{}", told.key)),
            hint: page.t(&format!("event-{}-hint", told.key)),
            fields: fields.map(field).collect(),
        }
    });
    let view = View {
        is_done: arrived.done.is_some(),
        events: events.collect(),
        email: email.unwrap_or_default(),
        phone: phone.unwrap_or_default(),
        has_calendar: page.has_any(calendar::FEATURES, Action::View),
    };
    page.show("portal/notice_choices.html", &view)
}

async fn save(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let pairs = offered(page).flat_map(|told| CHANNELS.map(|channel| (told.event, channel)));
    let is_on = |(event, channel)| ((event, channel), typed.get(&name(event, channel)) == "yes");
    let chosen: Choices = pairs.map(is_on).collect();
    let tx = customer.db.begin().await?;
    let before = tx.notice_choices(customer.account).await?;
    tx.choose_notices(customer.account, &chosen, page.now()).await?;
    let said = |choices: &Choices| {
        let on = choices.iter().filter(|(_, is_on)| **is_on).map(|((event, channel), _)| name(*event, *channel));
        json!(on.collect::<Vec<_>>())
    };
    let line = line_of(page, customer.account, "choose_notices");
    tx.write_audit(&AuditEntry { feature: None, before: said(&before), after: said(&chosen), ..line }).await?;
    tx.commit().await?;
    Ok(page.go(&format!("{PATH}?done=yes")))
}

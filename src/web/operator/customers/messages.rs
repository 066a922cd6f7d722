//! On a customer's card: the last messages to them, and addresses at which they cannot be reached.
use super::card::{Doing, Fact, Item, Section};
use super::{FEATURES, named};
use crate::data::{AuditEntry, MessageFilter, TenantTx};
use crate::domain::customers::Customer as Person;
use crate::domain::features::Action;
use crate::domain::notices::Channel;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::typed::Typed;
use axum::extract::Path;
use axum::response::Response;
use serde_json::json;

const SHOWN: u64 = 10;

pub async fn sent(page: &Page, tx: &TenantTx, person: &Person) -> Result<Section, Error> {
    let filter = MessageFilter { customer: Some(person.id), limit: SHOWN, ..MessageFilter::default() };
    let item = |one: crate::data::KeptMessage| Item {
        title: match one.subject.is_empty() {
            true => page.t(&format!("channel-{}", one.channel.key())),
            false => one.subject,
        },
        href: format!("/operator/messages/{}", one.id),
        tag: page.t(&format!("desk-message-{}", one.state.key())),
        tone: one.state.tone(),
        facts: vec![Fact::new(page, "customer-message-when", page.moment(one.sent_at.unwrap_or(one.created_at)))],
        ..Item::default()
    };
    let items: Vec<Item> = tx.kept_messages(&filter).await?.into_iter().map(item).collect();
    let note = if items.is_empty() { page.t("customer-messages-none") } else { String::new() };
    Ok(Section { id: "messages", title: page.t("customer-messages"), note, items })
}

/// None when everything reaches them.
pub async fn unreachable(page: &Page, tx: &TenantTx, person: &Person) -> Result<Option<Section>, Error> {
    let mut items = Vec::new();
    for (channel, address) in [(Channel::Mail, &person.email), (Channel::Sms, &person.phone)] {
        let found = tx.unreachable_among(channel, address.as_deref()).await?;
        let may = page.has_any(FEATURES, Action::Change);
        let clear = || Doing { key: channel.key(), label: page.t("customer-unreachable-clear"), kind: "" };
        items.extend(found.into_iter().map(|(address, one)| Item {
            title: address,
            facts: vec![
                Fact::new(page, "customer-unreachable-since", page.moment(one.since)),
                Fact::new(page, "customer-unreachable-why", page.t(&format!("customer-unreachable-{}", one.reason))),
            ],
            action: format!("/operator/customers/{}/reachable", person.number),
            doings: if may { vec![clear()] } else { Vec::new() },
            ..Item::default()
        }));
    }
    let section = Section { id: "unreachable", title: page.t("customer-unreachable"), note: String::new(), items };
    Ok(Some(section).filter(|section| !section.items.is_empty()))
}

/// The desk knows better.
pub async fn clear(operator: Operator, Path(number): Path<String>, typed: Typed) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.begin().await?;
    let person = named(&operator, &tx, &number).await?;
    let (channel, address) = match Channel::parse(typed.get("act")) {
        Some(Channel::Mail) => (Channel::Mail, person.email.as_deref()),
        Some(Channel::Sms) => (Channel::Sms, person.phone.as_deref()),
        _ => return Err(Error::NotFound),
    };
    let back = format!("/operator/customers/{number}?done=reachable");
    let Some(address) = address else { return Ok(page.go(&back)) };
    if tx.reach_again(channel, address, page.now()).await? {
        let entry = AuditEntry {
            actor_kind: "staff".into(),
            actor: operator.id.to_string(),
            role: operator.role.key().into(),
            feature: None,
            action: "reach_again".into(),
            object: format!("customer:{}", person.id),
            before: json!({ "unreachable": true }),
            after: json!({ "channel": channel.key() }),
            request_id: page.request_id().into(),
        };
        tx.write_audit(&entry).await?;
        tx.commit().await?;
    }
    Ok(page.go(&back))
}

//! One message: whom it went to, what became of it, its words as they left, and what may be done with it.
use super::list::{channel_words, subject};
use super::{concerned, looked, state_words, why};
use crate::data::KeptMessage;
use crate::domain::customers::Customer as Person;
use crate::domain::features::{Action, Role};
use crate::domain::ids::MessageId;
use crate::domain::notices::{Channel, MessageState};
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Serialize)]
struct One {
    id: String,
    title: String,
    done: String,
    state: String,
    tone: &'static str,
    why: String,
    facts: Vec<Fact>,
    body: String,
    customer: String,
    customer_href: String,
    /// Where it is seen as a mail program would show it.
    html_href: String,
    same_kind: String,
    acts: Vec<Act>,
    /// Something in it opened something and is not kept: it cannot be sent again.
    is_blanked: bool,
    /// Tells this page's button from another's: pressed twice it sends once.
    key: String,
}

#[derive(Serialize)]
struct Fact {
    label: String,
    value: String,
}

#[derive(Serialize)]
struct Act {
    key: &'static str,
    label: String,
    kind: &'static str,
}

#[derive(Deserialize)]
pub(super) struct Arrived {
    #[serde(default)]
    done: String,
}

/// What may be done with it, by whoever may change.
pub(super) fn offered(operator: &Operator, message: &KeptMessage, person: Option<&Person>) -> Vec<&'static str> {
    if !message.is_whole
        || operator.role == Role::Representative
        || !operator.page.has_any(super::FEATURES, Action::Change)
    {
        return Vec::new();
    }
    match message.state {
        MessageState::Waiting | MessageState::Sending | MessageState::ToPrint => Vec::new(),
        MessageState::GivenUp => vec!["retry"],
        _ => vec!["again"],
    }
    .into_iter()
    .chain((message.channel == Channel::Mail && person.is_some() && is_over(message.state)).then_some("post"))
    .collect()
}

fn is_over(state: MessageState) -> bool {
    !matches!(state, MessageState::Waiting | MessageState::Sending)
}

pub(super) async fn show(
    operator: Operator,
    Path(id): Path<Uuid>,
    Query(arrived): Query<Arrived>,
) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let message = tx.kept_message(MessageId(id)).await?;
    let person = concerned(&operator, &tx, &message).await?;
    tx.commit().await?;
    if let Some(person) = &person {
        looked(&operator, person.id).await?;
    }
    let act = |key: &'static str| Act {
        key,
        label: page.t(&format!("message-act-{key}")),
        kind: if key == "post" { "" } else { "primary" },
    };
    let base = page.base();
    let done = match arrived.done.as_str() {
        key @ ("again" | "retry" | "post") => page.t(&format!("message-done-{key}")),
        _ => String::new(),
    };
    let view = One {
        id: message.id.to_string(),
        title: subject(page, &message),
        done,
        state: state_words(page, message.state),
        tone: message.state.tone(),
        why: why(page, &message),
        facts: facts(page, &message),
        customer: person.as_ref().map(|one| format!("{} ({})", one.name, one.number)).unwrap_or_default(),
        customer_href: person
            .as_ref()
            .map(|one| format!("{base}/operator/customers/{}", one.number))
            .unwrap_or_default(),
        html_href: match message.body_html.is_empty() {
            true => String::new(),
            false => format!("{base}/operator/messages/{}/html", message.id),
        },
        same_kind: format!("{base}/operator/messages?kind={}", message.kind),
        acts: offered(&operator, &message, person.as_ref()).into_iter().map(act).collect(),
        is_blanked: !message.is_whole,
        key: Uuid::now_v7().to_string(),
        body: message.body_text,
    };
    page.show("operator/message.html", &view)
}

fn facts(page: &Page, one: &KeptMessage) -> Vec<Fact> {
    let at = |at: Option<time::OffsetDateTime>| at.map(|at| page.moment(at)).unwrap_or_default();
    let is_open = matches!(one.state, MessageState::Waiting | MessageState::Sending);
    let next = (is_open && one.attempts > 0).then_some(one.next_at);
    let all = [
        ("messages-to", one.recipient.replace('\n', ", ")),
        ("messages-channel", channel_words(page, one.channel)),
        ("message-made", at(Some(one.created_at))),
        ("message-sent", at(one.sent_at)),
        ("message-heard", at(one.fate_at)),
        ("message-attempts", one.attempts.to_string()),
        ("message-next", at(next)),
        ("message-parts", one.parts.map(|parts| parts.to_string()).unwrap_or_default()),
        ("message-receipt", one.receipt.clone().unwrap_or_default()),
        ("message-item", one.item_number.clone().unwrap_or_default()),
    ];
    let shown = all.into_iter().filter(|(_, value)| !value.is_empty());
    shown.map(|(key, value)| Fact { label: page.t(key), value }).collect()
}

/// A mail carries its own styles and must be able to do nothing else.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

pub(super) async fn html(operator: Operator, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let tx = operator.db.read().await?;
    let message = tx.kept_message(MessageId(id)).await?;
    let person = concerned(&operator, &tx, &message).await?;
    tx.commit().await?;
    if message.body_html.is_empty() {
        return Err(Error::NotFound);
    }
    if let Some(person) = &person {
        looked(&operator, person.id).await?;
    }
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, MAIL_POLICY),
    ];
    Ok((headers, message.body_html).into_response())
}

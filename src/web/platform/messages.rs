//! *Messages sent*, in the demo profile only: every mail, SMS and letter that left, readable, so that a newcomer can follow its links.
use crate::data::SentMessage;
use crate::web::kit::error::Error;
use crate::web::kit::guard::PlatformOperator;
use crate::web::kit::slices::Slice;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use uuid::Uuid;

const SHOWN: u64 = 200;

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::platform("/messages").get(list),
        Slice::platform("/messages/{id}").get(show),
        Slice::platform("/messages/{id}/html").get(html),
    ]
}

#[derive(Serialize)]
struct List {
    messages: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    id: String,
    at: String,
    tenant: String,
    channel: String,
    recipient: String,
    subject: String,
    state: String,
}

#[derive(Serialize)]
struct Message {
    row: Row,
    body: String,
    links: Vec<String>,
    /// Where it can be seen as a mail program would show it; empty for plain messages.
    html_href: String,
}

/// A mail carries its own styles and must be able to do nothing else.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox allow-top-navigation-by-user-activation";

fn only_in_demo(operator: &PlatformOperator) -> Result<(), Error> {
    if operator.page.services().settings.is_demo { Ok(()) } else { Err(Error::NotFound) }
}

async fn list(operator: PlatformOperator) -> Result<Response, Error> {
    only_in_demo(&operator)?;
    let messages = operator.platform.sent_messages(SHOWN).await?;
    let messages = messages.into_iter().map(|message| row(&operator, message).row).collect();
    operator.page.show("platform/messages.html", &List { messages })
}

async fn show(operator: PlatformOperator, Path(id): Path<String>) -> Result<Response, Error> {
    let message = row(&operator, sent(&operator, &id).await?);
    operator.page.show("platform/message.html", &message)
}

async fn html(operator: PlatformOperator, Path(id): Path<String>) -> Result<Response, Error> {
    let message = sent(&operator, &id).await?;
    if message.body_html.is_empty() {
        return Err(Error::NotFound);
    }
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, MAIL_POLICY),
    ];
    Ok((headers, message.body_html).into_response())
}

async fn sent(operator: &PlatformOperator, id: &str) -> Result<SentMessage, Error> {
    only_in_demo(operator)?;
    let id = Uuid::parse_str(id).map_err(|_| Error::NotFound)?;
    let found = operator.platform.sent_messages(SHOWN).await?.into_iter().find(|message| message.id.0 == id);
    found.ok_or(Error::NotFound)
}

fn row(operator: &PlatformOperator, message: SentMessage) -> Message {
    let page = &operator.page;
    let tenant = page.services().registry.by_id(message.tenant_id);
    let (day, clock) = page.local(message.sent_at.unwrap_or(message.created_at));
    let day = page.date(day);
    let links =
        message.body_text.split_whitespace().filter(|word| word.starts_with("http")).map(str::to_owned).collect();
    let row = Row {
        id: message.id.to_string(),
        at: format!("{day} {:02}:{:02}", clock.hour(), clock.minute()),
        tenant: tenant.map(|tenant| tenant.slug.clone()).unwrap_or_default(),
        channel: page.t(&format!("channel-{}", message.channel.key())),
        recipient: message.recipient,
        subject: message.subject,
        state: page.t(&format!("message-state-{}", message.state)),
    };
    let html_href = match message.body_html.is_empty() {
        true => String::new(),
        false => format!("/messages/{}/html", message.id),
    };
    Message { row, body: message.body_text, links, html_href }
}

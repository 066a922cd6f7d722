//! *Messages sent*, in the demo profile only: every mail, SMS and letter that left, readable, so that a newcomer can follow its links.
use crate::web::kit::error::Error;
use crate::web::kit::guard::PlatformOperator;
use crate::web::kit::slices::Slice;
use axum::extract::Path;
use axum::response::Response;
use serde::Serialize;
use uuid::Uuid;

const SHOWN: u64 = 200;

pub fn slices() -> Vec<Slice> {
    vec![Slice::platform("/messages").get(list), Slice::platform("/messages/{id}").get(show)]
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
}

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
    only_in_demo(&operator)?;
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let found = operator.platform.sent_messages(SHOWN).await?.into_iter().find(|message| message.id.0 == id);
    let message = row(&operator, found.ok_or(Error::NotFound)?);
    operator.page.show("platform/message.html", &message)
}

fn row(operator: &PlatformOperator, message: crate::data::SentMessage) -> Message {
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
        channel: page.t(&format!("channel-{}", message.channel)),
        recipient: message.recipient,
        subject: message.subject,
        state: page.t(&format!("message-state-{}", message.state)),
    };
    Message { row, body: message.body_text, links }
}

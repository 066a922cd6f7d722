//! What leaves: how it is handed over, what is said of it afterwards, and how the desk follows it.
mod came_back;
mod followed;
mod mails_out;
mod on_paper;
mod texts_out;

use crate::support::TestApp;
use busbar::data::{KeptMessage, NewMessage};
use busbar::domain::ids::{CustomerId, MessageId, TenantId};
use busbar::domain::notices::Channel;
use serde_json::{Value, json};

fn tenant(app: &TestApp, slug: &str) -> TenantId {
    app.services.registry.by_slug(slug).expect("one of the eight").id
}

/// A message that waits to leave.
fn message(channel: Channel, kind: &str, to: &str, customer: Option<CustomerId>, payload: Value) -> NewMessage {
    let id = MessageId::new();
    NewMessage {
        id,
        channel,
        customer,
        kind: kind.into(),
        recipient: to.into(),
        language: "cs".into(),
        payload,
        dedupe_key: id.to_string(),
    }
}

async fn put_out(app: &TestApp, slug: &str, all: &[NewMessage]) {
    let tx = app.services.db.tenant(tenant(app, slug)).begin().await.expect("begun");
    tx.enqueue(all).await.expect("put out");
    tx.commit().await.expect("kept");
}

async fn deliver(app: &TestApp) {
    let jobs = busbar::app::state::job_services(&app.config, &app.services).expect("the ways out");
    busbar::jobs::deliver_now(&jobs).await.expect("delivered");
}

async fn kept(app: &TestApp, slug: &str, id: MessageId) -> KeptMessage {
    let tx = app.services.db.tenant(tenant(app, slug)).read().await.expect("begun");
    tx.kept_message(id).await.expect("kept")
}

fn request() -> Value {
    json!({ "path": "/requests", "reference": "26-0001-AB", "kind": "question" })
}

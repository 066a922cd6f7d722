//! What happens unasked: who is told what and how they stop it, what becomes due, and an outbox in which nobody waits for another's
//! troubles.
mod engine;
mod news;
mod timetable;
mod told;

use crate::support::TestApp;
use busbar::app::state;
use busbar::data::{NewMessage, TenantTx};
use busbar::domain::ids::{CustomerId, MessageId, TenantId};
use busbar::domain::notices::Channel;
use busbar::jobs::JobServices;

fn jobs(app: &TestApp) -> JobServices {
    state::job_services(&app.config, &app.services).expect("the ways out")
}

fn tenant(app: &TestApp, slug: &str) -> TenantId {
    app.services.registry.by_slug(slug).expect("it serves").id
}

async fn begin(app: &TestApp, slug: &str) -> TenantTx {
    app.services.db.tenant(tenant(app, slug)).begin().await.expect("a transaction")
}

/// The demo's customer of that place.
async fn customer(tx: &TenantTx, app: &TestApp, slug: &str, index: usize) -> CustomerId {
    let tenant = app.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight");
    tx.find_customers(&tenant.customers[index].number, 1).await.expect("found").remove(0).id
}

fn message(channel: Channel, kind: &str, number: usize) -> NewMessage {
    NewMessage {
        id: MessageId::new(),
        channel,
        customer: None,
        kind: kind.into(),
        recipient: match channel {
            Channel::Sms => format!("+420777{number:06}"),
            _ => format!("nekdo{number}@example.cz"),
        },
        language: "cs".into(),
        payload: serde_json::json!({
            "path": "/requests",
            "code": "123456",
            "number": "2026001",
            "amount_halere": 100,
            "day_on": "2026-12-01",
        }),
        dedupe_key: format!("{kind}:{}:{number}", channel.key()),
    }
}

async fn queue(app: &TestApp, slug: &str, messages: &[NewMessage]) {
    let tx = begin(app, slug).await;
    tx.enqueue(messages).await.expect("queued");
    tx.commit().await.expect("kept");
}

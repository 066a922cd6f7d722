//! Webhooks: what a supplier's own systems are told, signed so that they can tell, tried again until they take it, and never into our own
//! network. Verified here by a second hand, as a receiver would.
mod delivery;
mod desk;
mod facts;
mod receiver;
mod silent;

use crate::support::{Browser, TestApp, template, value_of};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use busbar::app::state;
use busbar::data::{Attempt, Endpoint, LogFilter};
use busbar::domain::ids::{TenantId, WebhookEndpointId};
use busbar::domain::webhooks::Fact;
use hmac::{Hmac, KeyInit, Mac};
use receiver::{Posted, Receiver};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::json;
use sha2::Sha256;

/// Where tests may post to: this machine.
pub async fn app() -> TestApp {
    TestApp::start_with(&[("webhooks.private_addresses", "true")]).await
}

pub fn tenant(app: &TestApp, slug: &str) -> TenantId {
    app.services.registry.by_slug(slug).expect("one of the eight").id
}

/// One endpoint as the desk made it.
pub struct Added {
    pub id: WebhookEndpointId,
    pub secret: String,
    pub path: String,
}

/// Adds it at the desk, for these facts or for all.
pub async fn add(lead: &mut Browser, url: &str, facts: &[Fact]) -> Added {
    let form = lead.get("/operator/webhooks/new").await;
    assert_eq!(form.status, 200, "{}", form.text());
    let key = value_of(&form, "key");
    let chosen: Vec<String> = facts.iter().map(|fact| format!("fact-{}", fact.key().replace('.', "-"))).collect();
    let which = if facts.is_empty() { "all" } else { "some" };
    let mut fields = vec![("url", url), ("description", "Zkušební příjemce"), ("which", which), ("key", key.as_str())];
    fields.extend(chosen.iter().map(|name| (name.as_str(), "yes")));
    let shown = lead.post("/operator/webhooks/new", &fields).await;
    assert_eq!(shown.status, 200, "{}", shown.text());
    let id = WebhookEndpointId(key.parse().expect("an id"));
    Added { id, secret: secret_on(&shown.body), path: format!("/operator/webhooks/{id}") }
}

/// The secret on the page that shows it once.
pub fn secret_on(body: &str) -> String {
    let found = body.split("<code>").nth(1).and_then(|rest| rest.split("</code>").next()).expect("a secret");
    let secret = found.replace("&#x2F;", "/").replace("&#43;", "+").replace("&#x3D;", "=").replace("&#x2B;", "+");
    assert!(secret.starts_with("whsec_"), "{secret}");
    secret
}

/// As a receiver does it, knowing the secret and the specification and nothing of us.
pub fn is_genuine(secret: &str, posted: &Posted) -> bool {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret")).expect("Base64");
    let signed = format!("{}.{}.{}", posted.header("webhook-id"), posted.header("webhook-timestamp"), posted.body);
    let mac: Hmac<Sha256> = Hmac::new_from_slice(&key).expect("a key");
    let expected = STANDARD.encode(mac.chain_update(signed).finalize().into_bytes());
    posted.header("webhook-signature").split(' ').any(|one| one == format!("v1,{expected}"))
}

/// Something happened at a supplier that nobody but its webhooks hears of.
pub async fn happen(app: &TestApp, slug: &str, count: usize) {
    let tx = app.services.db.tenant(tenant(app, slug)).begin().await.expect("a transaction");
    for number in 0..count {
        let data = json!({ "outage": format!("O-{number}"), "kind": "planned", "secret": "no" });
        tx.announce(Fact::OutageRecorded, None, data).await.expect("put out");
    }
    tx.commit().await.expect("kept");
}

/// All that is due leaves.
pub async fn deliver(app: &TestApp) {
    let jobs = state::job_services(&app.config, &app.services).expect("the ways out");
    busbar::jobs::deliver_now(&jobs).await.expect("the outbox is read");
}

/// The outbox past the data layer.
async fn raw(app: &TestApp) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(app.config.database_url());
    options.max_connections(1).sqlx_logging(false);
    sea_orm::Database::connect(options).await.expect("the database opens")
}

/// As if the time until the next attempt had passed.
pub async fn wait_over(app: &TestApp) {
    let (db, at) = (raw(app).await, time::OffsetDateTime::now_utc() - time::Duration::MINUTE);
    let sql = "UPDATE outbox SET next_at = $1 WHERE channel = 'webhook' AND state = 'ready'";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [at.into()]);
    db.execute_raw(statement).await.expect("time passes");
}

/// When the supplier's only waiting message is tried next, and how often it was.
pub async fn waits_until(app: &TestApp) -> (time::OffsetDateTime, i16) {
    let db = raw(app).await;
    let sql = "SELECT next_at, attempts FROM outbox WHERE channel = 'webhook' AND state = 'ready'";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("rows");
    assert_eq!(rows.len(), 1, "one waits");
    (rows[0].try_get("", "next_at").expect("a moment"), rows[0].try_get("", "attempts").expect("a count"))
}

/// Messages to webhooks by state, whosesoever.
pub async fn in_outbox(app: &TestApp) -> Vec<String> {
    let db = raw(app).await;
    let sql = "SELECT state FROM outbox WHERE channel = 'webhook' ORDER BY id";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("rows");
    rows.iter().map(|row| row.try_get("", "state").expect("a word")).collect()
}

pub async fn endpoint(app: &TestApp, slug: &str, id: WebhookEndpointId) -> Endpoint {
    let tx = app.services.db.tenant(tenant(app, slug)).read().await.expect("a transaction");
    tx.webhook(id).await.expect("an endpoint")
}

/// Newest first.
pub async fn log(app: &TestApp, slug: &str, id: WebhookEndpointId) -> Vec<Attempt> {
    let tx = app.services.db.tenant(tenant(app, slug)).read().await.expect("a transaction");
    tx.webhook_log(id, &LogFilter::default(), 100).await.expect("a log")
}

/// An endpoint of E.ON that answers as scripted, then 200.
pub async fn at_eon(script: Vec<receiver::Reply>) -> (TestApp, Browser, Receiver, Added) {
    let app = app().await;
    let receiver = Receiver::start(script).await;
    let mut lead = app.operator("eon", "lead").await;
    let added = add(&mut lead, &receiver.url(), &[]).await;
    (app, lead, receiver, added)
}

pub fn is_production() -> bool {
    template::is_production()
}

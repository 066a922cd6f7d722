//! What is said of a message after it left: by the gateway's report, by a mail that came back.
use super::{deliver, kept, message, put_out, request, tenant};
use crate::support::{Browser, TestApp};
use axum::body::Body;
use busbar::app::bounce_command::take;
use busbar::backends::keys::Purpose;
use busbar::data::NewMessage;
use busbar::domain::notices::{Channel, MessageState};
use serde_json::json;

fn address(app: &TestApp, slug: &str) -> String {
    let key = app.services.master.derive(tenant(app, slug), Purpose::TextReports);
    format!("/gateway/sms/{}", key.sign(b"text reports"))
}

async fn report(browser: &mut Browser, path: &str, kind: &str, body: String) -> u16 {
    let request = browser.request("POST", path).header("content-type", kind);
    browser.send(request.body(Body::from(body)).expect("a request")).await.status
}

async fn text(app: &TestApp) -> NewMessage {
    let one = message(Channel::Sms, "proof_code", "+420777123456", None, json!({ "code": "123456" }));
    put_out(app, "eon", std::slice::from_ref(&one)).await;
    deliver(app).await;
    one
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_report_counts_once_and_nothing_said_late_takes_delivered_away() {
    let app = TestApp::start().await;
    let (path, one) = (address(&app, "eon"), text(&app).await);
    let mut gateway = app.browser("eon");
    let said = |state: &str| json!({ "id": one.id.to_string(), "state": state }).to_string();
    for (state, expected) in [
        ("sent", MessageState::Sent),
        ("failed", MessageState::Undelivered),
        ("delivered", MessageState::Delivered),
        ("delivered", MessageState::Delivered),
        ("sent", MessageState::Delivered),
        ("failed", MessageState::Delivered),
    ] {
        assert_eq!(report(&mut gateway, &path, JSON, said(state)).await, 204, "{state}");
        assert_eq!(kept(&app, "eon", one.id).await.state, expected, "{state}");
    }
    let other = text(&app).await;
    let form = format!("id={}&state=DELIVRD", other.id);
    assert_eq!(report(&mut gateway, &path, FORM, form).await, 204);
    assert_eq!(kept(&app, "eon", other.id).await.state, MessageState::Delivered);
}

#[tokio::test]
async fn a_report_without_its_token_or_of_nothing_known_has_no_effect() {
    let app = TestApp::start().await;
    let (path, one) = (address(&app, "eon"), text(&app).await);
    let said = json!({ "id": one.id.to_string(), "state": "delivered" }).to_string();
    let mut gateway = app.browser("eon");
    assert_eq!(report(&mut gateway, "/gateway/sms/guessed", JSON, said.clone()).await, 404);
    let mut other = app.browser("rwe");
    assert_eq!(report(&mut other, &path, JSON, said.clone()).await, 404, "another supplier's token");
    let own = address(&app, "rwe");
    assert_eq!(report(&mut other, &own, JSON, said.clone()).await, 404, "another supplier's message");
    for unknown in [
        json!({ "id": "0190a0a0-0000-7000-8000-000000000001", "state": "delivered" }),
        json!({ "receipt": "nothing", "state": "delivered" }),
        json!({ "id": one.id.to_string() }),
        json!([]),
        json!("delivered"),
    ] {
        assert_eq!(report(&mut gateway, &path, JSON, unknown.to_string()).await, 404, "{unknown}");
    }
    assert_eq!(report(&mut gateway, &path, JSON, "{".into()).await, 400);
    assert_eq!(kept(&app, "eon", one.id).await.state, MessageState::Sent);
}

fn bounce(id: &str, host: &str, to: &str, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mail.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n\
         --B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\r\n\
         Final-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: {status}\r\n\r\n\
         --B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{id}@{host}>\r\n\r\n--B--\r\n"
    )
}

#[tokio::test]
async fn a_mail_that_came_back_is_seen_at_the_desk_and_by_the_customer_until_the_address_is_right() {
    let app = TestApp::start().await;
    let number = app.book.tenants.iter().find(|one| one.slug == "eon").expect("a supplier").customers[0].number.clone();
    let tx = app.services.db.tenant(tenant(&app, "eon")).read().await.expect("begun");
    let person = tx.customer_by_number(&number).await.expect("a customer");
    drop(tx);
    let email = person.email.clone().expect("the demo has one");
    let one = message(Channel::Mail, "request_received", &email, Some(person.id), request());
    put_out(&app, "eon", std::slice::from_ref(&one)).await;
    deliver(&app).await;
    let host = app.services.registry.by_slug("eon").expect("served").document.hosts.canonical.clone();
    let id = one.id.to_string();
    for nothing in [
        bounce(&id, &host, "nekdo.jiny@example.cz", "5.1.1"),
        bounce(&id, "evil.example", &email, "5.1.1"),
        bounce("0190a0a0-0000-7000-8000-000000000001", &host, &email, "5.1.1"),
        bounce(&id, &host, &email, "4.4.1"),
        "Subject: hello\r\n\r\nThere.".to_owned(),
    ] {
        assert!(!take(&app.services, &nothing).await.expect("taken"), "{nothing}");
    }
    assert_eq!(kept(&app, "eon", one.id).await.state, MessageState::Sent);
    let back = bounce(&id, &host, &email.to_uppercase(), "5.1.1");
    assert!(take(&app.services, &back).await.expect("taken"));
    assert!(!take(&app.services, &back).await.expect("taken"), "once");
    assert_eq!(kept(&app, "eon", one.id).await.state, MessageState::Bounced);
    let mut customer = app.customer("eon", 0).await;
    assert!(customer.get("/account").await.body.contains("nedaří psát"));
    let mut clerk = app.operator("eon", "clerk").await;
    let card = format!("/operator/customers/{number}");
    assert!(clerk.get(&card).await.body.contains("Adresa je v pořádku"));
    let answer = clerk.post(&format!("{card}/reachable"), &[("act", "mail")]).await;
    assert_eq!(answer.status, 303);
    assert!(!clerk.get(&card).await.body.contains("Adresa je v pořádku"));
    assert!(!customer.get("/account").await.body.contains("nedaří psát"));
}

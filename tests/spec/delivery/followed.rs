//! The desk's list of what left: what it shows to whom, and what can be sent again.
use super::{deliver, kept, message, put_out, request, tenant};
use crate::support::{TestApp, value_of};
use busbar::data::NewMessage;
use busbar::domain::notices::{Channel, MessageState};
use serde_json::json;

async fn sent(app: &TestApp, payload: serde_json::Value, kind: &str) -> (NewMessage, String) {
    let number = app.book.tenants.iter().find(|one| one.slug == "eon").expect("a supplier").customers[0].number.clone();
    let tx = app.services.db.tenant(tenant(app, "eon")).read().await.expect("begun");
    let person = tx.customer_by_number(&number).await.expect("a customer");
    drop(tx);
    let one = message(Channel::Mail, kind, "jan.zelinka@example.cz", Some(person.id), payload);
    put_out(app, "eon", std::slice::from_ref(&one)).await;
    deliver(app).await;
    (one, number)
}

#[tokio::test]
async fn the_desk_sees_what_left_and_who_may_not_sees_nothing() {
    let app = TestApp::start().await;
    let (one, number) = sent(&app, request(), "request_received").await;
    let mut clerk = app.operator("eon", "clerk").await;
    let path = format!("/operator/messages/{}", one.id);
    for filter in ["", "?channel=mail&state=sent", "?kind=request_received", &format!("?customer={number}")] {
        let list = clerk.get(&format!("/operator/messages{filter}")).await;
        assert_eq!(list.status, 200, "{filter}");
        assert!(list.links().iter().any(|link| link.ends_with(&path)), "{filter}: {}", list.text());
        assert!(list.body.contains("j•••@example.cz") && !list.body.contains("jan.zelinka"), "{}", list.text());
    }
    for filter in ["?channel=sms", "?state=given_up", "?kind=nothing", "?day=2001-01-01", "?customer=0"] {
        let list = clerk.get(&format!("/operator/messages{filter}")).await;
        assert!(list.status == 200 && !list.links().iter().any(|link| link.ends_with(&path)), "{filter}");
    }
    let shown = clerk.get(&path).await;
    assert!(shown.body.contains("jan.zelinka@example.cz") && shown.body.contains(&number), "{}", shown.text());
    let html = clerk.get(&format!("{path}/html")).await;
    assert!(html.header("content-security-policy").ends_with("sandbox"), "{}", html.header("content-security-policy"));
    assert!(clerk.get(&format!("/operator/customers/{number}")).await.links().iter().any(|link| link.ends_with(&path)));
    let mut other = app.operator("rwe", "clerk").await;
    assert_eq!(other.get(&path).await.status, 404, "another supplier");
    let mut dealer = app.operator("eon", "dealer").await;
    for path in [path.as_str(), "/operator/messages", "/operator/messages/letters"] {
        assert_eq!(dealer.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn pressed_twice_it_goes_once_more_and_stands_in_the_audit() {
    let app = TestApp::start().await;
    let (one, number) = sent(&app, request(), "request_received").await;
    let mut clerk = app.operator("eon", "clerk").await;
    let path = format!("/operator/messages/{}", one.id);
    let page = clerk.get(&path).await;
    let key = value_of(&page, "key");
    for _ in 0..3 {
        assert_eq!(clerk.post(&path, &[("act", "again"), ("key", &key)]).await.status, 303);
    }
    deliver(&app).await;
    let list = clerk.get(&format!("/operator/messages?customer={number}&kind=request_received")).await;
    assert_eq!(list.links().iter().filter(|link| link.contains("/operator/messages/0")).count(), 2, "{}", list.text());
    let tx = app.services.db.tenant(tenant(&app, "eon")).read().await.expect("begun");
    let trail = tx.audit_trail(50, None).await.expect("the trail");
    assert_eq!(trail.iter().filter(|line| line.action == "send_message_again").count(), 1);
}

#[tokio::test]
async fn what_opened_something_cannot_be_sent_again() {
    let app = TestApp::start().await;
    let payload = json!({ "path": "/password/new?token=abcdefghijkl" });
    let (one, _) = sent(&app, payload, "password_forgotten").await;
    let mut clerk = app.operator("eon", "clerk").await;
    let path = format!("/operator/messages/{}", one.id);
    let page = clerk.get(&path).await;
    assert!(!page.body.contains("abcdefghijkl") && !page.body.contains("value=\"again\""), "{}", page.text());
    clerk.post(&path, &[("act", "again"), ("key", "0190a0a0-0000-7000-8000-000000000001")]).await;
    let list = clerk.get("/operator/messages?kind=password_forgotten").await;
    assert_eq!(list.links().iter().filter(|link| link.contains("/operator/messages/0")).count(), 1);
}

#[tokio::test]
async fn what_was_given_up_is_tried_again_one_or_all() {
    let app = TestApp::start().await;
    // Its feature is off at this supplier: it never left.
    let (one, _) = sent(&app, request(), "settlement_issued").await;
    let (other, _) = sent(&app, request(), "settlement_issued").await;
    assert_eq!(kept(&app, "eon", one.id).await.state, MessageState::GivenUp);
    let mut clerk = app.operator("eon", "clerk").await;
    let path = format!("/operator/messages/{}", one.id);
    assert!(clerk.get(&path).await.body.contains("vypnutá"));
    assert_eq!(clerk.post(&path, &[("act", "retry")]).await.status, 303);
    assert_eq!(kept(&app, "eon", one.id).await.state, MessageState::Waiting);
    assert!(clerk.get("/operator/messages?state=given_up").await.body.contains("Zkusit znovu všechny"));
    assert_eq!(clerk.post("/operator/messages", &[]).await.status, 303);
    assert_eq!(kept(&app, "eon", other.id).await.state, MessageState::Waiting);
    assert_eq!(app.operator("eon", "read_only").await.post("/operator/messages", &[]).await.status, 404);
}

//! Letters at the desk: printed together once, registered, posted, copied.
use super::{deliver, kept, message, put_out, request, tenant};
use crate::support::{TestApp, value_of};
use busbar::data::NewMessage;
use busbar::domain::notices::{Channel, MessageState};

async fn letters(app: &TestApp, count: usize) -> Vec<NewMessage> {
    let to = |n: usize| format!("Jan Žluťoučký {n}\nDlouhá {n}\n110 00 Praha");
    let one = |n| message(Channel::Letter, "request_received", &to(n), None, request());
    let all: Vec<NewMessage> = (0..count).map(one).collect();
    put_out(app, "eon", &all).await;
    deliver(app).await;
    all
}

#[tokio::test]
async fn a_batch_is_printed_once_registered_posted_and_copied() {
    let app = TestApp::start().await;
    let all = letters(&app, 3).await;
    assert_eq!(kept(&app, "eon", all[0].id).await.state, MessageState::ToPrint);
    let mut clerk = app.operator("eon", "clerk").await;
    assert!(clerk.get("/operator/messages/letters").await.body.contains("Jan Žluťoučký 2"));
    let printed = clerk.post("/operator/messages/letters", &[]).await;
    assert_eq!((printed.status, printed.header("content-type")), (200, "application/pdf"));
    assert_eq!(kept(&app, "eon", all[2].id).await.state, MessageState::Printed);
    let again = clerk.post("/operator/messages/letters", &[]).await;
    assert_eq!(again.status, 409, "there is nothing left");
    let batch = "/operator/messages/letters/1";
    assert!(clerk.get(batch).await.body.contains("Dlouhá 1, 110 00 Praha"));
    let early = clerk.post(batch, &[("posted_on", "2001-01-01")]).await;
    assert_eq!(early.status, 422);
    let today = value_of(&clerk.get(batch).await, "posted_on");
    assert_eq!(clerk.post(batch, &[("posted_on", &today)]).await.status, 303);
    assert_eq!(clerk.post(batch, &[("posted_on", &today)]).await.status, 409, "posted once");
    let copy = clerk.post(&format!("{batch}/copy"), &[]).await;
    assert_eq!((copy.status, copy.header("content-type")), (200, "application/pdf"));
    let register = clerk.get(&format!("{batch}/register")).await;
    assert_eq!(register.body.lines().count(), 4, "{}", register.body);
    let tx = app.services.db.tenant(tenant(&app, "eon")).read().await.expect("begun");
    let trail: Vec<String> =
        tx.audit_trail(50, None).await.expect("the trail").into_iter().map(|one| one.action).collect();
    for action in ["print_letters", "post_letters", "copy_letters"] {
        assert_eq!(trail.iter().filter(|one| *one == action).count(), 1, "{action}");
    }
    assert_eq!(app.operator("rwe", "clerk").await.get(batch).await.status, 404, "another supplier's batch");
}

#[tokio::test]
async fn of_fifty_who_print_at_once_one_gets_the_paper() {
    let app = TestApp::start().await;
    letters(&app, 5).await;
    let mut clerk = app.operator("eon", "clerk").await;
    clerk.get("/operator/messages/letters").await;
    let (_other, entry) = app.another_instance().await;
    let racers = (0..50).map(|n| {
        let mut racer = if n % 2 == 0 { clerk.clone() } else { clerk.at(&entry) };
        async move { racer.post("/operator/messages/letters", &[]).await.status }
    });
    let statuses = futures_util::future::join_all(racers).await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 200 | 409)), "{statuses:?}");
}

#[tokio::test]
async fn a_mail_can_go_by_post_to_the_customers_own_address() {
    let app = TestApp::start().await;
    let number = app.book.tenants.iter().find(|one| one.slug == "eon").expect("a supplier").customers[0].number.clone();
    let tx = app.services.db.tenant(tenant(&app, "eon")).read().await.expect("begun");
    let person = tx.customer_by_number(&number).await.expect("a customer");
    drop(tx);
    let mail = message(Channel::Mail, "request_received", "jan@example.cz", Some(person.id), request());
    put_out(&app, "eon", std::slice::from_ref(&mail)).await;
    deliver(&app).await;
    let mut clerk = app.operator("eon", "clerk").await;
    let path = format!("/operator/messages/{}", mail.id);
    let key = value_of(&clerk.get(&path).await, "key");
    for _ in 0..2 {
        assert_eq!(clerk.post(&path, &[("act", "post"), ("key", &key)]).await.status, 303);
    }
    deliver(&app).await;
    let list = clerk.get("/operator/messages/letters").await;
    assert_eq!(list.body.matches(&person.name).count(), 1, "{}", list.text());
}

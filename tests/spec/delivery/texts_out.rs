//! The gateway of text messages, as a small one of our own answers: taken, refused, slow, busy, half taken.
use crate::support::TestApp;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use busbar::app::state;
use busbar::backends::mail::Error;
use busbar::backends::sms::{Sms, Spoken, Text};
use busbar::data::NewMessage;
use busbar::domain::ids::MessageId;
use busbar::domain::notices::Channel;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;

/// What one request was.
#[derive(Clone, Debug)]
struct Seen {
    key: String,
    authorization: String,
    body: String,
}

impl Seen {
    fn texts(&self) -> Vec<Value> {
        match serde_json::from_str(&self.body).expect("JSON") {
            Value::Array(list) => list,
            one => vec![one],
        }
    }
}

#[derive(Clone)]
struct Gateway {
    url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Gateway {
    /// Answers the nth request, counted from nought, as it is told.
    async fn start(answer: impl Fn(usize, &Seen) -> (u64, Response) + Clone + Send + Sync + 'static) -> Gateway {
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let kept = seen.clone();
        let handler = move |headers: HeaderMap, body: Bytes| {
            let (kept, answer) = (kept.clone(), answer.clone());
            async move {
                let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("").to_owned());
                let one = Seen {
                    key: header("idempotency-key").unwrap_or_default(),
                    authorization: header("authorization").unwrap_or_default(),
                    body: String::from_utf8_lossy(&body).into_owned(),
                };
                let count = {
                    let mut kept = kept.lock().expect("no panic");
                    kept.push(one.clone());
                    kept.len() - 1
                };
                let (wait, response) = answer(count, &one);
                tokio::time::sleep(Duration::from_secs(wait)).await;
                response
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/send", listener.local_addr().expect("bound"));
        let router = axum::Router::new().route("/send", post(handler));
        tokio::spawn(async move { axum::serve(listener, router).await.expect("served") });
        Gateway { url, seen }
    }

    fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no panic").clone()
    }

    fn sms(&self, batch: usize) -> Sms {
        let spoken = Spoken {
            url: self.url.clone(),
            content_type: "application/json".into(),
            headers: [("authorization".to_owned(), "Bearer s3cret".to_owned())].into(),
            body: r#"{"id":"{id}","to":"{to}","text":"{text}","from":"{sender}"}"#.into(),
            batch,
            answers: "/messages".into(),
            receipt: "/name".into(),
            refused: "/error".into(),
        };
        Sms::http(spoken).expect("a gateway")
    }
}

fn texts(count: usize) -> Vec<Text> {
    let one = |n: usize| Text {
        id: Uuid::now_v7(),
        to: format!("+4207{n:08}"),
        body: "Odstavka 12. 3. 8:00-12:00".into(),
        sender: "Energie24".into(),
    };
    (0..count).map(one).collect()
}

/// Takes all, and calls each by its number.
fn taken(seen: &Seen) -> Response {
    let all: Vec<Value> = seen.texts().iter().map(|text| json!({ "name": format!("g{}", text["to"]) })).collect();
    json!({ "messages": all }).to_string().into_response()
}

#[tokio::test]
async fn a_thousand_texts_are_one_request_and_each_has_its_own_receipt() {
    let gateway = Gateway::start(|_, seen| (0, taken(seen))).await;
    let all = texts(1000);
    let answers = gateway.sms(1000).send(&all).await;
    let seen = gateway.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].authorization, "Bearer s3cret");
    for ((text, answer), sent) in all.iter().zip(answers).zip(seen[0].texts()) {
        let receipt = answer.expect("taken");
        assert_eq!((receipt.name, receipt.parts), (Some(format!("g\"{}\"", text.to)), 1));
        assert_eq!(sent, json!({ "id": text.id, "to": text.to, "text": text.body, "from": "Energie24" }));
    }
}

#[tokio::test]
async fn one_bad_number_stops_no_others_and_nobody_is_sent_twice() {
    let is_bad = |text: &Value| text["to"].as_str().is_some_and(|to| to.ends_with("17") || to.ends_with("63"));
    let gateway = Gateway::start(move |_, seen| match seen.texts().iter().any(is_bad) {
        true => (0, StatusCode::UNPROCESSABLE_ENTITY.into_response()),
        false => (0, taken(seen)),
    })
    .await;
    let all = texts(90);
    let answers = gateway.sms(100).send(&all).await;
    for (n, answer) in answers.iter().enumerate() {
        match n {
            17 | 63 => assert!(matches!(answer, Err(Error::Never(_))), "{n}: {answer:?}"),
            _ => assert!(answer.is_ok(), "{n}: {answer:?}"),
        }
    }
    let accepted: Vec<Value> =
        gateway.seen().iter().map(Seen::texts).filter(|texts| !texts.iter().any(is_bad)).flatten().collect();
    assert_eq!(accepted.len(), 88, "each once");
    assert!(gateway.seen().len() < 40, "halved, not one by one: {}", gateway.seen().len());
}

#[tokio::test]
async fn what_is_tried_again_has_the_same_key() {
    for batch in [1, 10] {
        let gateway = Gateway::start(|n, seen| match n {
            0 => (0, StatusCode::INTERNAL_SERVER_ERROR.into_response()),
            _ => (0, taken(seen)),
        })
        .await;
        let (sms, all) = (gateway.sms(batch), texts(batch));
        assert!(sms.send(&all).await.iter().all(|answer| matches!(answer, Err(Error::Later(_)))));
        assert!(sms.send(&all).await.iter().all(Result::is_ok));
        let keys: Vec<String> = gateway.seen().into_iter().map(|seen| seen.key).collect();
        assert_eq!(keys[0], keys[1]);
        assert_eq!(keys[0] == all[0].id.to_string(), batch == 1);
    }
}

#[tokio::test]
async fn a_busy_gateway_says_how_long_to_wait_and_a_wrong_key_is_nobodys_refusal() {
    let gateway = Gateway::start(|n, _| match n {
        0 => (0, (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "7")]).into_response()),
        1 => (0, StatusCode::TOO_MANY_REQUESTS.into_response()),
        2 => (0, StatusCode::UNAUTHORIZED.into_response()),
        _ => (0, StatusCode::BAD_REQUEST.into_response()),
    })
    .await;
    let sms = gateway.sms(1);
    assert_eq!(sms.send(&texts(1)).await, [Err(Error::Wait(Duration::from_secs(7)))]);
    assert!(matches!(sms.send(&texts(1)).await[0], Err(Error::Later(_))));
    assert!(matches!(sms.send(&texts(1)).await[0], Err(Error::Later(_))));
    assert!(matches!(sms.send(&texts(1)).await[0], Err(Error::Never(_))));
}

#[tokio::test]
async fn a_batch_may_be_taken_in_part() {
    let gateway = Gateway::start(|_, _| {
        let each = json!([{ "name": 7 }, { "error": "blocked" }, { "name": "", "error": null }]);
        (0, json!({ "messages": each }).to_string().into_response())
    })
    .await;
    let answers = gateway.sms(3).send(&texts(3)).await;
    assert_eq!(answers[0].as_ref().expect("taken").name.as_deref(), Some("7"));
    assert!(matches!(answers[1], Err(Error::Never(_))));
    assert_eq!(answers[2].as_ref().expect("taken").name, None);
}

#[tokio::test]
async fn a_slow_gateway_is_tried_later_and_holds_up_nobody_for_long() {
    let gateway = Gateway::start(|_, seen| (12, taken(seen))).await;
    let begun = std::time::Instant::now();
    let answers = gateway.sms(1).send(&texts(60)).await;
    assert!(answers.iter().all(|answer| matches!(answer, Err(Error::Later(_)))));
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
    assert!(gateway.seen().len() <= 8, "once it is away nothing more is tried");
}

#[tokio::test]
async fn a_text_leaves_plain_under_the_suppliers_name_and_its_receipt_is_kept() {
    let gateway =
        Gateway::start(|_, seen| (0, json!({ "name": format!("r{}", seen.key) }).to_string().into_response()));
    let gateway = gateway.await;
    let app = TestApp::start_with(&[("sms.url", &gateway.url), ("sms.receipt", "/name")]).await;
    let tenant = app.book.tenants.iter().find(|tenant| tenant.slug == "eon").expect("a supplier");
    let tenant = app.services.registry.by_slug(&tenant.slug).expect("served").id;
    let id = MessageId::new();
    let message = NewMessage {
        id,
        channel: Channel::Sms,
        customer: None,
        kind: "proof_code".into(),
        recipient: "+420777123456".into(),
        language: "cs".into(),
        payload: json!({ "code": "123456" }),
        dedupe_key: id.to_string(),
    };
    let tx = app.services.db.tenant(tenant).begin().await.expect("begun");
    tx.enqueue(&[message]).await.expect("put out");
    tx.commit().await.expect("kept");
    let jobs = state::job_services(&app.config, &app.services).expect("the ways out");
    busbar::jobs::deliver_now(&jobs).await.expect("delivered");
    let seen = gateway.seen();
    let sent = &seen[0].texts()[0];
    assert_eq!((&sent["sender"], &sent["id"]), (&json!("Energie24"), &json!(id.to_string())));
    assert!(sent["text"].as_str().is_some_and(|text| text.is_ascii()), "{sent}");
}

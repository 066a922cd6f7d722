//! Outages by a call with a key: made by the lead and shown once, meant for one thing, revoked at once; a call repeated does nothing twice.
use super::Ground;
use crate::support::{Answer, Browser, template};
use axum::body::Body;
use serde_json::{Value as Json, json};

const PATH: &str = "/api/outages";

impl Ground {
    /// The lead who made the key, and the key.
    pub async fn key(&self) -> (Browser, String) {
        let mut lead = self.app.operator("eon", "lead").await;
        let key = made(&mut lead).await;
        (lead, key)
    }

    pub fn body(&self, version: i32, to: &str) -> Json {
        let day = self.day(20);
        json!({ "outages": [{
            "outage_id": "K1", "version": version, "kind": "planned", "starts_at": format!("{day}T08:00"),
            "ends_at": format!("{day}T{to}"), "tz": "Europe/Prague", "cancelled": false, "reason": "Údržba",
            "eans": [self.point.code], "addresses": [], "parcels": [],
        }] })
    }
}

/// One more key, by the lead who has signed in.
pub async fn made(lead: &mut Browser) -> String {
    lead.get("/operator/api-keys").await;
    let made = lead.post("/operator/api-keys", &[("name", "Dispečink"), ("step", "make")]).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let secret = made.body.split("<p><code>").nth(1).and_then(|rest| rest.split('<').next()).expect("a key");
    let again = lead.get("/operator/api-keys").await;
    assert!(again.text().contains("Dispečink") && !again.body.contains(secret), "shown once");
    secret.to_owned()
}

pub async fn call(browser: &mut Browser, key: &str, name: &str, body: &str) -> Answer {
    let mut request = browser.request("POST", PATH).header("content-type", "application/json");
    if !key.is_empty() {
        request = request.header("authorization", format!("Bearer {key}"));
    }
    if !name.is_empty() {
        request = request.header("idempotency-key", name);
    }
    browser.send(request.body(Body::from(body.to_owned())).expect("a request")).await
}

fn is_problem(answer: &Answer) -> bool {
    answer.headers.get("content-type").is_some_and(|kind| kind == "application/problem+json")
}

#[tokio::test]
async fn a_call_keeps_outages_and_repeated_does_nothing_twice() {
    let ground = Ground::new().await;
    let (_lead, key) = ground.key().await;
    let mut machine = ground.app.browser("eon");
    let body = ground.body(1, "12:00").to_string();
    let first = call(&mut machine, &key, "call-1", &body).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let told: Json = serde_json::from_str(&first.body).expect("JSON");
    let one = &told["outages"][0];
    assert_eq!((&one["result"], &one["supply_points"], &one["notices"]), (&json!("new"), &json!(1), &json!(1)));
    let again = call(&mut machine, &key, "call-1", &body).await;
    assert_eq!((again.status, &again.body), (200, &first.body));
    assert_eq!(again.headers.get("idempotent-replayed").map(|value| value.as_bytes()), Some(&b"true"[..]));
    let other = call(&mut machine, &key, "call-1", &ground.body(2, "13:00").to_string()).await;
    assert!(other.status == 422 && is_problem(&other), "{}", other.body);
    let second = call(&mut machine, &key, "", &ground.body(2, "13:00").to_string()).await;
    assert!(second.body.contains("\"changed\""), "{}", second.body);
    let older = call(&mut machine, &key, "", &body).await;
    assert!(older.body.contains("\"older\""), "{}", older.body);
    let differs = call(&mut machine, &key, "", &ground.body(2, "14:00").to_string()).await;
    assert!(differs.status == 409 && is_problem(&differs), "{}", differs.body);
    assert_eq!(ground.queued("K1").await.len(), 2);
}

#[tokio::test]
async fn without_a_good_key_nobody_is_heard_and_mistakes_are_told_to_programs() {
    let mut ground = Ground::new().await;
    let (mut lead, key) = ground.key().await;
    let mut machine = ground.app.browser("eon");
    let body = ground.body(1, "12:00").to_string();
    for bad in ["", "nonsense", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let answer = call(&mut machine, bad, "", &body).await;
        assert!(answer.status == 401 && is_problem(&answer), "{bad}: {} {}", answer.status, answer.body);
    }
    // A person's cookies are no key, and a key of one supplier is nobody's at another.
    let answer = call(&mut ground.clerk.clone(), "", "", &body).await;
    assert_eq!(answer.status, 401);
    assert_eq!(call(&mut ground.app.browser("pre"), &key, "", &body).await.status, 404);
    for (wrong, status) in [("{", 422), ("{\"outages\":[]}", 422), (&ground.body(1, "7:00").to_string()[..], 422)] {
        let answer = call(&mut machine, &key, "", wrong).await;
        assert!(answer.status == status && is_problem(&answer), "{wrong}: {} {}", answer.status, answer.body);
    }
    let request = machine.request("POST", PATH).header("authorization", format!("Bearer {key}"));
    let request = request.header("content-type", "text/plain").body(Body::from(body.clone())).expect("a request");
    assert_eq!(machine.send(request).await.status, 415);

    let page = lead.get("/operator/api-keys").await;
    let id = crate::support::value_of(&page, "id");
    assert_eq!(lead.post("/operator/api-keys", &[("id", &id), ("step", "revoke")]).await.status, 200);
    assert_eq!(call(&mut machine, &key, "", &body).await.status, 401);
    assert_eq!(ground.clerk.get("/operator/api-keys").await.status, 404, "keys are the lead's");
}

#[tokio::test]
async fn a_call_is_told_what_is_wrong_by_its_path_and_what_the_supplier_does_not_take() {
    let ground = Ground::new().await;
    let (_lead, key) = ground.key().await;
    let mut machine = ground.app.browser("eon");
    let mut late = ground.body(1, "7:00");
    late["outages"][0]["eans"] = json!(["1"]);
    let list = r#"{"outages_in_town":null}"#;
    for (body, said) in
        [(late.to_string().as_str(), &["outages[0].eans", "outages[0].ends_at"][..]), (list, &["cez-by-town"])]
    {
        let answer = call(&mut machine, &key, "", body).await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        assert!(said.iter().all(|word| answer.body.contains(word)), "{}", answer.body);
    }
    ground.take("[outages]\nshapes = [\"cez-by-town\"]\n");
    let nothing = call(&mut machine, &key, "", list).await;
    assert_eq!((nothing.status, nothing.body.as_str()), (200, r#"{"outages":[]}"#), "nothing is planned");
}

/// Fifty calls of the same name at once: one does it, and everybody who is answered gets the same.
#[tokio::test]
async fn fifty_calls_of_one_name_are_one_call() {
    let ground = Ground::new().await;
    let (_lead, key) = ground.key().await;
    let body = ground.body(1, "12:00").to_string();
    let mut racers = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (mut machine, key, body) = (ground.app.browser("eon"), key.clone(), body.clone());
        racers.spawn(async move { call(&mut machine, &key, "one", &body).await });
    }
    let answers = racers.join_all().await;
    let fresh = answers.iter().filter(|one| one.status == 200 && !one.headers.contains_key("idempotent-replayed"));
    assert_eq!(fresh.count(), 1);
    assert!(
        answers.iter().all(|one| matches!(one.status, 200 | 409 | 503)),
        "{:?}",
        answers.iter().map(|one| one.status).collect::<Vec<_>>()
    );
    assert_eq!(ground.queued("K1").await.len(), 1);
}

/// A key calls so often and no oftener, whichever instance it comes to; another key is heard all the same.
#[tokio::test]
async fn a_key_that_calls_too_often_is_told_when_to_come_again() {
    let ground = Ground::on(crate::support::TestApp::start_with(&[("api.calls_per_minute", "3")]).await).await;
    let (_services, second) = ground.app.another_instance().await;
    let (mut lead, key) = ground.key().await;
    assert!(lead.get("/operator/api-keys").await.text().contains("nejvýše 3krát za minutu"));
    let mut here = ground.app.browser("eon");
    let mut there = if template::is_production() { here.at(&second) } else { here.clone() };
    let body = ground.body(1, "12:00").to_string();
    assert_eq!(call(&mut here, &key, "", &body).await.status, 200);
    for _ in 0..2 {
        assert_eq!(call(&mut there, &key, "", &body).await.status, 200);
    }
    for machine in [&mut here, &mut there] {
        let answer = call(machine, &key, "", &body).await;
        assert!(answer.status == 429 && is_problem(&answer), "{} {}", answer.status, answer.body);
        let wait: u64 = answer.header("retry-after").parse().expect("seconds");
        assert!((1..=60).contains(&wait), "{wait}");
        assert!(answer.body.contains(&format!("za {wait} s")), "{}", answer.body);
    }
    let other = made(&mut lead).await;
    assert_eq!(call(&mut here, &other, "", &body).await.status, 200);
}

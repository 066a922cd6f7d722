//! What happens in the portal is told, in the catalogue's words and in no others.
use super::receiver::Posted;
use super::*;
use crate::outages::Ground;
use crate::outages::api::{call, made};
use crate::suppliers::Portal;
use crate::support::applicant::{PASSWORD, applies, path_in, token_in};
use busbar::data::{FinishedContract, Guarded, Move, NewContract};
use busbar::domain::contracts::ContractState;
use busbar::domain::ids::ContractId;
use busbar::domain::requests::RequestState;
use serde_json::Value;
use time::OffsetDateTime;

async fn portal(slug: &'static str) -> (Portal, Receiver) {
    let app = app().await;
    let receiver = Receiver::start(Vec::new()).await;
    add(&mut app.operator(slug, "lead").await, &receiver.url(), &[]).await;
    let (visitor, customer) = (app.browser(slug), app.customer(slug, 0).await);
    (Portal::from(app, slug, visitor, customer), receiver)
}

/// What was told of a fact, in the order it happened. Nobody's address, name or telephone is in any of it.
async fn told(app: &TestApp, receiver: &Receiver, fact: Fact) -> Vec<Value> {
    deliver(app).await;
    let of = |one: &Posted| one.json();
    let mut all: Vec<Value> = receiver.posted().iter().map(of).collect();
    for one in &all {
        let fact = Fact::parse(one["type"].as_str().expect("a name")).expect("one of the catalogue");
        let fields: Vec<&String> = one["data"].as_object().expect("fields").keys().collect();
        assert!(fields.iter().all(|field| fact.fields().contains(&field.as_str())), "{one}");
        assert!(!one.to_string().contains('@'), "{one}");
    }
    all.retain(|one| one["type"] == fact.key());
    all.into_iter().map(|mut one| one["data"].take()).collect()
}

#[tokio::test]
async fn a_change_of_contact_is_a_request_and_what_it_changed() {
    let (mut portal, receiver) = portal("eon").await;
    let book = portal.app.book.tenants.iter().find(|one| one.slug == "eon").expect("one of the eight");
    let (number, password) = (book.customers[0].number.clone(), book.customers[0].password.clone());
    let entries = [("email", "nova@priklad.example"), ("phone", "+420 777 123 456"), ("password", password.as_str())];
    portal.settles("/account/contact", &entries).await;
    let created = told(&portal.app, &receiver, Fact::RequestCreated).await;
    assert_eq!(created.len(), 1, "{created:?}");
    assert_eq!((&created[0]["customer"], &created[0]["kind"]), (&json!(number), &json!("contact")));
    let reference = created[0]["request"].as_str().expect("a reference");
    assert!(reference.starts_with("26-"), "{reference}");
    let changed = told(&portal.app, &receiver, Fact::ContactChanged).await;
    for one in &changed {
        assert_eq!((&one["request"], &one["changed"]), (&json!(reference), &json!("contact")));
    }
    assert_eq!(created[0]["state"] == "done", !changed.is_empty(), "{created:?} {changed:?}");
}

#[tokio::test]
async fn a_reading_is_told_by_its_supply_point_and_meter() {
    let (mut portal, receiver) = portal("eon").await;
    portal.sends_a_reading("electricity", "reading").await;
    let told = told(&portal.app, &receiver, Fact::ReadingReported).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0]["supply_point"].as_str().is_some_and(|code| code.starts_with("8591824")), "{told:?}");
    assert!(["meter", "read_on", "request", "customer"].iter().all(|field| told[0][field].is_string()), "{told:?}");
}

#[tokio::test]
async fn a_request_that_moves_is_told_as_it_is_now() {
    let (mut portal, receiver) = portal("pp").await;
    let words = [("subject", "Přepis"), ("words", "Jak přepíšu odběr?")];
    portal.settles("/questions/new", &words).await;
    let created = told(&portal.app, &receiver, Fact::RequestCreated).await.remove(0);
    let tx = portal.app.services.db.tenant(tenant(&portal.app, "pp")).begin().await.expect("a transaction");
    let reference = created["request"].as_str().expect("a reference");
    let reference = busbar::domain::requests::Reference::parse(reference).expect("a reference");
    let request = tx.request(reference).await.expect("the request");
    let to = Move { state: RequestState::Refused, outcome: "Ne.", closed_at: Some(OffsetDateTime::now_utc()) };
    assert!(matches!(tx.move_request(request.id, request.version, &to).await.expect("moved"), Guarded::Done(_)));
    assert!(matches!(tx.move_request(request.id, request.version, &to).await.expect("stale"), Guarded::Stale(_)));
    tx.commit().await.expect("kept");
    let moved = told(&portal.app, &receiver, Fact::RequestMoved).await;
    assert_eq!(moved.len(), 1, "what did not move is not told: {moved:?}");
    assert_eq!((&moved[0]["request"], &moved[0]["state"]), (&created["request"], &json!("refused")));
}

#[tokio::test]
async fn an_account_is_told_when_it_is_opened() {
    let (portal, receiver) = portal("cez").await;
    let (mut browser, _) = applies(&portal.app, "cez", &[]).await;
    let words = portal.app.mails("registration_link", 1).await.remove(0).body_text;
    let token = token_in(&path_in(&browser, &words));
    let form = [("token", token.as_str()), ("username", "novy.zakaznik"), ("new", PASSWORD)];
    assert_eq!(browser.post("/registration/finish", &form).await.status, 200);
    let opened = told(&portal.app, &receiver, Fact::AccountOpened).await;
    assert_eq!(opened.len(), 1, "{opened:?}");
    assert_eq!(opened[0]["customer"], json!(portal.app.applicant("cez").number));
    assert!(opened[0]["account"].is_string() && !opened[0].to_string().contains("novy.zakaznik"));
}

#[tokio::test]
async fn a_contract_is_told_when_it_is_signed() {
    let (portal, receiver) = portal("eon").await;
    let tx = portal.app.services.db.tenant(tenant(&portal.app, "eon")).begin().await.expect("a transaction");
    let (id, at) = (ContractId::new(), OffsetDateTime::now_utc());
    let new = NewContract {
        id,
        customer: None,
        email: "kdosi@priklad.example".into(),
        token_hash: None,
        data: json!({}),
        created_at: at,
        language: "cs".into(),
    };
    tx.start_contract(&new).await.expect("begun");
    let request =
        tx.queue(&busbar::data::QueueFilter { limit: 1, ..Default::default() }).await.expect("a queue").remove(0);
    let finished = FinishedContract {
        number: "S-26-1",
        data: &json!({}),
        email: "kdosi@priklad.example",
        request: request.request.id,
        document: None,
        at,
    };
    tx.finish_contract(id, 1, &finished).await.expect("finished");
    tx.move_contract(id, 2, ContractState::Emailed, at).await.expect("mailed");
    tx.move_contract(id, 3, ContractState::Signed, at).await.expect("signed");
    tx.commit().await.expect("kept");
    let told = told(&portal.app, &receiver, Fact::ContractConcluded).await;
    let reference = request.request.reference.to_string();
    assert_eq!(told, [json!({ "customer": null, "request": reference, "contract": "S-26-1" })]);
}

/// What was told of outages since the last time: which fact, of which number, source and version.
async fn outages_told(ground: &Ground, receiver: &Receiver, seen: &mut usize) -> Vec<(String, Value)> {
    deliver(&ground.app).await;
    let all: Vec<Value> = receiver.posted().iter().skip(*seen).map(Posted::json).collect();
    *seen += all.len();
    for one in &all {
        let is_named = |word: &str| one.to_string().contains(word);
        assert!(!is_named(&ground.point.code) && !is_named(&ground.point.address.street), "{one}");
        assert!(one["data"].as_object().expect("fields").values().all(|value| !value.is_null()), "{one}");
    }
    all.into_iter().map(|mut one| (one["type"].as_str().unwrap_or_default().to_owned(), one["data"].take())).collect()
}

#[tokio::test]
async fn an_outage_is_told_whatever_way_it_came_and_not_by_a_look() {
    let mut ground = Ground::on(app().await).await;
    let receiver = Receiver::start(Vec::new()).await;
    let wanted = [Fact::OutageRecorded, Fact::OutageChanged, Fact::OutageCancelled];
    let mut lead = ground.app.operator("eon", "lead").await;
    add(&mut lead, &receiver.url(), &wanted).await;
    let mut seen = 0;
    let short = |told: &[(String, Value)]| -> Vec<(String, String, i64)> {
        let one = |(fact, data): &(String, Value)| {
            (
                fact.clone(),
                data["source"].as_str().unwrap_or_default().to_owned(),
                data["version"].as_i64().unwrap_or(0),
            )
        };
        told.iter().map(one).collect()
    };
    let says = |fact: &str, source: &str, version| (format!("outage.{fact}"), source.to_owned(), version);

    let form = ground.form(20);
    assert_eq!(ground.send("/operator/outages/new", &form, "review").await.status, 200);
    assert!(outages_told(&ground, &receiver, &mut seen).await.is_empty(), "a look");
    let path = ground.written(20).await;
    let told = outages_told(&ground, &receiver, &mut seen).await;
    assert_eq!(short(&told), [says("recorded", "desk", 1)]);
    let data = &told[0].1;
    assert_eq!((&data["kind"], &data["points"]), (&json!("planned"), &json!(1)));
    assert!(path.ends_with(data["outage"].as_str().expect("an id")), "{data}");
    assert!(data["number"].as_str().is_some_and(|number| number.starts_with("O-")), "{data}");
    assert!(data["starts_at"].as_str().is_some_and(|at| at.ends_with('Z')), "{data}");
    for (act, fact, version) in [("cancel", "cancelled", 2), ("undo", "changed", 3)] {
        let look = ground.clerk.get(&format!("{path}/act/{act}")).await;
        let form = [("sequence", value_of(&look, "sequence"))];
        assert!(outages_told(&ground, &receiver, &mut seen).await.is_empty(), "a look before {act}");
        assert_eq!(ground.send(&format!("{path}/act/{act}"), &form, "send").await.status, 303, "{act}");
        assert_eq!(short(&outages_told(&ground, &receiver, &mut seen).await), [says(fact, "desk", version)]);
    }

    let row = ground.row("A1", 1, "8:00-12:00", "");
    ground.import(&[row]).await;
    assert_eq!(short(&outages_told(&ground, &receiver, &mut seen).await), [says("recorded", "distributor", 1)]);

    let key = made(&mut lead).await;
    let mut machine = ground.app.browser("eon");
    for (version, to, fact) in [(1, "12:00", Some("recorded")), (1, "12:00", None), (2, "13:00", Some("changed"))] {
        let body = ground.body(version, to).to_string();
        assert_eq!(call(&mut machine, &key, "", &body).await.status, 200);
        let expected: Vec<_> = fact.iter().map(|fact| says(fact, "distributor", i64::from(version))).collect();
        assert_eq!(short(&outages_told(&ground, &receiver, &mut seen).await), expected);
    }

    let tx = ground.tx().await;
    assert!(tx.turn_outage_subscription_off(&ground.token).await.expect("asked"));
    tx.commit().await.expect("kept");
    let mistake = ground.written(10).await;
    assert_eq!(short(&outages_told(&ground, &receiver, &mut seen).await), [says("recorded", "desk", 1)]);
    let look = ground.clerk.get(&format!("{mistake}/act/delete")).await;
    let form = [("sequence", value_of(&look, "sequence"))];
    assert_eq!(ground.send(&format!("{mistake}/act/delete"), &form, "send").await.status, 303);
    assert_eq!(short(&outages_told(&ground, &receiver, &mut seen).await), [says("cancelled", "desk", 2)]);
}

//! Everything that is theirs, and nothing of anybody else's (GDPR, articles 15 and 20).
use super::desk::{person, tenant_of, trail};
use crate::support::{Answer, Browser, TestApp};
use axum::body::Body;
use axum::http::header;
use busbar::data::{NewEvent, NewRequest};
use busbar::domain::consumption::MonthlyConsumption;
use busbar::domain::ids::RequestId;
use busbar::domain::requests::{Actor, RequestKind, RequestState};
use busbar::domain::supply_points::Register;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::time::{Duration, Instant};

const PATH: &str = "/account/privacy/export";

fn password(app: &TestApp, slug: &str) -> String {
    app.book.tenants.iter().find(|one| one.slug == slug).expect("one of the eight").customers[0].password.clone()
}

/// Name and content of each file in it.
fn unpacked(answer: &Answer) -> BTreeMap<String, Vec<u8>> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/zip");
    let mut zip = zip::ZipArchive::new(Cursor::new(&answer.bytes)).expect("a whole archive");
    let mut files = BTreeMap::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).expect("a file");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("its content");
        let name = file.name().expect("a name").into_owned();
        files.insert(name, bytes);
    }
    files
}

fn text(files: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    let bytes = files.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", files.keys()));
    String::from_utf8(bytes.clone()).expect("UTF-8")
}

async fn export(browser: &mut Browser, password: &str) -> Answer {
    browser.get("/account/privacy").await;
    browser.post(PATH, &[("password", password)]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_takes_everything_away_in_one_file() {
    let app = TestApp::start().await;
    let mut customer = app.customer("eon", 0).await;
    let person = person(&app, "eon", 0).await;
    let tx = app.services.db.tenant(tenant_of(&app, "eon")).begin().await.expect("a transaction");
    let payments = tx.payments_of(person.id, 1_000).await.expect("a list").len();
    let request = question(&tx, person.id).await;
    tx.commit().await.expect("kept");
    app.operator("eon", "clerk").await.get(&format!("/operator/customers/{}", person.number)).await;
    let answer = export(&mut customer, &password(&app, "eon")).await;
    assert!(answer.header("content-disposition").contains(&person.number), "{:?}", answer.headers);
    let files = unpacked(&answer);
    let readme = text(&files, "README.txt");
    assert!(readme.contains("Výpis osobních údajů") && readme.contains("Your personal data"), "{readme}");
    assert!(readme.contains("haléře") && readme.contains("hellers"), "{readme}");
    let json: serde_json::Value = serde_json::from_str(&text(&files, "export.json")).expect("JSON");
    assert_eq!(json["customers"][0]["number"], person.number);
    assert_eq!(json["payments"].as_array().map(Vec::len), Some(payments));
    assert_eq!(json["looks"][0]["role"], "clerk");
    for noun in busbar::data::export::NOUNS {
        let rows = json[noun.table].as_array().map(Vec::len);
        let table = text(&files, &format!("{}.csv", noun.table));
        let records = busbar::domain::csv::records(table.trim_start_matches('\u{feff}'), ';').expect("a table");
        assert_eq!(rows, Some(records.len() - 1), "{}", noun.table);
    }
    let story = text(&files, "request_events.csv");
    assert!(story.contains(";'=HYPERLINK(1);"), "a formula is text: {story}");
    assert!(!story.contains("jen pro nás"), "a note of the desk is not public: {story}");
    assert!(text(&files, "requests.csv").contains(&request));
    let papers: Vec<&Vec<u8>> =
        files.iter().filter(|(name, _)| name.starts_with("documents/")).map(|(_, bytes)| bytes).collect();
    assert!(!papers.is_empty() && papers.iter().all(|bytes| bytes.starts_with(b"%PDF")), "{:?}", files.keys());
    let secrets = files
        .iter()
        .any(|(name, bytes)| !name.starts_with("documents/") && String::from_utf8_lossy(bytes).contains("$argon2"));
    assert!(!secrets, "a password's hash was handed over");
    assert_eq!(trail(&app, "eon").await.iter().filter(|row| row.action == "export").count(), 1);
}

/// A question whose words a spreadsheet would run, with a note that only the desk sees.
pub async fn question(tx: &busbar::data::TenantTx, customer: busbar::domain::ids::CustomerId) -> String {
    let id = RequestId::new();
    let now = time::OffsetDateTime::now_utc();
    let new = NewRequest {
        id,
        customer: Some(customer),
        account: None,
        supply_point: None,
        kind: RequestKind::Question,
        year: 2026,
        state: RequestState::New,
        was_immediate: false,
        received_at: now,
        deadline: now.date(),
        money_deadline: None,
        payload: serde_json::json!({}),
        outcome: String::new(),
        idempotency: id.to_string(),
        closed_at: None,
        language: "cs".into(),
    };
    let busbar::data::Added::New(request) = tx.add_request(&new).await.expect("added") else { panic!("it is new") };
    for (words, is_public) in [("=HYPERLINK(1)", true), ("jen pro nás", false)] {
        let event = NewEvent {
            at: now,
            by: Actor::Customer,
            actor: "x".into(),
            what: "received".into(),
            words: words.into(),
            state_after: None,
            is_public,
        };
        tx.add_event(id, &event).await.expect("told");
    }
    request.reference.to_string()
}

#[tokio::test]
async fn nothing_is_handed_over_without_the_password() {
    let app = TestApp::start().await;
    let mut customer = app.customer("eon", 0).await;
    let page = customer.get("/account/privacy").await.text();
    for word in ["10 let", "Kdo se na váš účet díval", "Stáhnout moje údaje"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    for wrong in ["", "jiné heslo"] {
        let answer = customer.post(PATH, &[("password", wrong)]).await;
        assert!(answer.status == 422 && answer.body.contains("password-error"), "{}: {}", answer.status, answer.text());
    }
    assert!(trail(&app, "eon").await.iter().all(|row| row.action != "export"));
    assert_eq!(app.services.exports.at_work(tenant_of(&app, "eon")), 0);
}

/// Of all the others in the house: no id, no number, no address, no code of a point, no number of an invoice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_anybody_else_is_ever_in_it() {
    let app = TestApp::start().await;
    for tenant in &app.book.tenants {
        let tx = app.services.db.tenant(tenant_of(&app, &tenant.slug)).read().await.expect("a transaction");
        let mut marks = Vec::new();
        for one in &tenant.customers {
            let person = tx.customer_by_number(&one.number).await.expect("the demo has it");
            let mut own = vec![person.id.to_string(), person.number.clone()];
            own.extend(person.email.clone());
            for point in tx.supply_points_of(person.id).await.expect("a list") {
                own.extend([point.id.to_string(), point.code]);
            }
            for invoice in tx.latest_invoices(person.id, 100).await.expect("a list") {
                own.extend([invoice.id.to_string(), invoice.number]);
            }
            marks.push(own);
        }
        drop(tx);
        for index in [0, 1] {
            let mut customer = app.customer(&tenant.slug, index).await;
            let files = unpacked(&export(&mut customer, &tenant.customers[index].password).await);
            let all: String = files
                .iter()
                .filter(|(name, _)| !name.starts_with("documents/"))
                .map(|(name, bytes)| format!("{name}\n{}", String::from_utf8_lossy(bytes)))
                .collect();
            for (other, own) in marks.iter().enumerate() {
                let found = own.iter().filter(|mark| all.contains(mark.as_str())).count();
                match other == index {
                    true => assert!(found >= own.len() - 1, "{}: {index} lacks something of theirs", tenant.slug),
                    false => assert_eq!(found, 0, "{}: {index} has something of {other}", tenant.slug),
                }
            }
        }
    }
}

#[tokio::test]
async fn the_third_at_once_is_asked_to_wait() {
    let app = TestApp::start().await;
    let mut customer = app.customer("eon", 0).await;
    let tenant = tenant_of(&app, "eon");
    let first = app.services.exports.take(tenant, 2).expect("a turn");
    let second = app.services.exports.take(tenant, 2).expect("a turn");
    let answer = export(&mut customer, &password(&app, "eon")).await;
    assert!(answer.status == 429 && answer.header("retry-after") == "60", "{}", answer.status);
    assert!(answer.text().contains("Zkuste to prosím za minutu"), "{}", answer.text());
    let mut elsewhere = app.customer("rwe", 0).await;
    assert_eq!(export(&mut elsewhere, &password(&app, "rwe")).await.status, 200, "another supplier's turns");
    drop((first, second));
    assert_eq!(export(&mut customer, &password(&app, "eon")).await.status, 200);
}

/// Bad input 52: somebody asks for very much and turns away.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_work_ends_within_a_second_when_nobody_takes_it() {
    let app = TestApp::start().await;
    let tenant = tenant_of(&app, "eon");
    let person = person(&app, "eon", 0).await;
    let tx = app.services.db.tenant(tenant).begin().await.expect("a transaction");
    let point = tx.supply_points_of(person.id).await.expect("a list").remove(0).id;
    let first = time::Date::from_ordinal_date(1000, 1).expect("a day");
    let months: Vec<MonthlyConsumption> = (0..60_000)
        .map(|at| MonthlyConsumption {
            customer: person.id,
            supply_point: point,
            register: Register::High,
            month: first + time::Duration::days(at),
            energy_wh: at.wrapping_mul(7_919_777_123),
            volume_ml: None,
        })
        .collect();
    tx.insert_consumption(&months).await.expect("many rows");
    tx.commit().await.expect("kept");
    let mut customer = app.customer("eon", 0).await;
    customer.get("/account/privacy").await;
    let form = format!("password={}&csrf={}", crate::support::browser::encode(&password(&app, "eon")), customer.csrf);
    let request = customer.request("POST", PATH).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let request = request.body(Body::from(form)).expect("a request");
    let response = match app.entry.at_once(&request) {
        Ok(response) => response,
        Err(visit) => app.entry.answer(visit, request).await,
    };
    assert_eq!(response.status(), 200);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(app.services.exports.at_work(tenant), 1, "it waits for whoever takes it");
    drop(response);
    let turned_away = Instant::now();
    while app.services.exports.at_work(tenant) > 0 {
        assert!(turned_away.elapsed() < Duration::from_secs(1), "it works on for nobody");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

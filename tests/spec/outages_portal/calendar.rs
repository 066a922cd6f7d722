//! The calendar that follows a customer's outages: read by a library that is not ours.
use super::ground::{Ground, coming};
use axum::body::Body;
use axum::http::header;
use busbar::domain::outages::Outage;
use ical::IcalParser;
use ical::parser::ical::component::IcalEvent;
use time::macros::datetime;

fn events(text: &str) -> Vec<IcalEvent> {
    assert!(text.split_inclusive('\n').all(|line| line.ends_with("\r\n") && line.len() <= 77), "{text}");
    let mut calendars: Vec<_> = IcalParser::new(text.as_bytes()).collect();
    assert_eq!(calendars.len(), 1);
    calendars.remove(0).expect("a calendar").events
}

fn property(event: &IcalEvent, name: &str) -> String {
    let found = event.properties.iter().find(|one| one.name == name);
    found.and_then(|one| one.value.clone()).unwrap_or_else(|| panic!("no {name}"))
}

async fn address(ground: &Ground) -> String {
    let mut browser = ground.app.customer("eon", 0).await;
    let page = browser.get("/outages/calendar").await;
    assert!(page.text().contains("Kdo tuto adresu má"), "{}", page.text());
    let made = browser.post("/outages/calendar", &[]).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let url = made.body.split("/calendar/").find(|rest| rest.contains(".ics")).expect("an address");
    format!("/calendar/{}.ics", url.split(".ics").next().expect("a token"))
}

#[tokio::test]
async fn a_calendar_follows_the_outages_and_is_told_what_changed() {
    let ground = Ground::of().await;
    let path = address(&ground).await;
    let starts_at = datetime!(2036-09-07 05:30 UTC);
    let one = Outage {
        starts_at,
        ends_at: starts_at + time::Duration::minutes(450),
        reason: "Údržba; vedení, \\ a sloup\nBEGIN:VEVENT".into(),
        ..coming(&ground.point, ground.now())
    };
    ground.record(&one).await;
    let mut program = ground.app.browser("eon");
    let answer = program.get(&path).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/calendar; charset=utf-8"));
    assert!(answer.header("cache-control").starts_with("private, max-age="), "{}", answer.header("cache-control"));
    assert_eq!(answer.header("set-cookie"), "");
    let all = events(&answer.body);
    assert_eq!(all.len(), 1);
    assert_eq!(property(&all[0], "DTSTART"), "20360907T053000Z");
    assert_eq!(property(&all[0], "DTEND"), "20360907T130000Z");
    assert_eq!(property(&all[0], "SEQUENCE"), "1");
    assert_eq!(property(&all[0], "STATUS"), "CONFIRMED");
    assert_eq!(
        property(&all[0], "UID"),
        format!("outage-{}@{}", one.id, program.host.split(':').next().expect("a host"))
    );
    assert!(property(&all[0], "DESCRIPTION").contains("Údržba\\; vedení\\, \\\\ a sloup\\nBEGIN:VEVENT"));

    let request = program.request("GET", &path).header(header::IF_NONE_MATCH, answer.header("etag"));
    let again = program.send(request.body(Body::empty()).expect("a request")).await;
    assert!(again.status == 304 && again.body.is_empty());
    ground.record(&Outage { version: 2, is_cancelled: true, ..one }).await;
    let changed = program.get(&path).await;
    let all = events(&changed.body);
    assert_eq!((property(&all[0], "SEQUENCE").as_str(), property(&all[0], "STATUS").as_str()), ("2", "CANCELLED"));
    assert_ne!(changed.header("etag"), answer.header("etag"));
}

#[tokio::test]
async fn an_address_that_was_ended_is_as_one_that_never_was() {
    let ground = Ground::of().await;
    let (mut browser, mut program) = (ground.app.customer("eon", 0).await, ground.app.browser("eon"));
    let first = address(&ground).await;
    let second = address(&ground).await;
    assert_eq!(program.get(&first).await.status, 404, "a new one ends the one before");
    assert_eq!(program.get(&second).await.status, 200);
    assert!(!browser.get("/outages/calendar").await.body.contains(".ics"), "it is shown once");
    assert_eq!(browser.post("/outages/calendar/end", &[]).await.status, 303);
    let plain = |answer: crate::support::Answer| {
        let body = answer.body.replace(answer.header("x-request-id"), "");
        (answer.status, body)
    };
    let ended = plain(program.get(&second).await);
    assert_eq!(ended.0, 404);
    let made_up = "/calendar/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics";
    assert_eq!(plain(program.get(made_up).await), ended);
    assert_eq!(plain(program.get("/calendar/nic.ics").await), ended);
    let mut elsewhere = ground.app.browser("pre");
    assert_eq!(elsewhere.get(&second).await.status, 404);
}

#[tokio::test]
async fn one_outage_is_put_into_a_calendar_by_hand() {
    let ground = Ground::of().await;
    let one = coming(&ground.point, ground.now());
    ground.record(&one).await;
    let mut browser = ground.app.customer("eon", 0).await;
    let answer = browser.get(&format!("/outages/{}/calendar.ics", one.id)).await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-disposition").contains("odstavka.ics"));
    assert!(property(&events(&answer.body)[0], "SUMMARY").contains("Odstávka elektřiny"));
}

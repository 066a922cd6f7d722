//! The public list: by municipality and street, of nobody in particular, ready for a whole town.
use super::ground::{Ground, by_address, coming};
use crate::support::browser::encode;
use crate::support::value_of;
use axum::body::Body;
use axum::http::header;
use busbar::domain::outages::Outage;

#[tokio::test]
async fn anybody_sees_outages_by_municipality_and_street_and_nothing_of_customers() {
    let ground = Ground::of().await;
    let both = busbar::domain::outages::Areas { eans: vec![ground.point.code.clone()], ..by_address(&ground.point) };
    ground.record(&Outage { areas: both, ..coming(&ground.point, ground.now()) }).await;
    let nobody = Outage {
        number: "2".into(),
        place: "Nikde".into(),
        areas: busbar::domain::outages::Areas { eans: vec!["859182400900000099".into()], ..Default::default() },
        ..coming(&ground.point, ground.now())
    };
    ground.record(&nobody).await;
    let mut stranger = ground.app.browser("eon");
    let home = stranger.get("/").await;
    assert!(home.links().iter().any(|link| link.ends_with("/outages/public")));
    let page = stranger.get("/outages/public").await;
    let text = page.text().replace('\u{a0}', " ");
    let city = ground.point.address.city.clone();
    for word in [city.as_str(), "Zkušební", "7 h 30 min", "Stav k", "Podle údajů distributora"] {
        assert!(text.contains(word), "no {word}: {text}");
    }
    assert!(!page.body.contains(&ground.point.code) && !text.contains("Nikde"), "{text}");
    assert!(!text.contains(&ground.point.address.street), "the house number is theirs: {text}");
    let one = stranger.get(&format!("/outages/public?municipality={}", encode(&city))).await;
    assert!(one.body.contains(" selected") && one.text().contains("Zkušební"), "{}", one.text());
    let none = stranger.get("/outages/public?municipality=Jinde").await;
    assert!(none.text().contains("Žádná odstávka"), "{}", none.text());
    let english = stranger.request("GET", "/outages/public").header(header::COOKIE, "lang=en");
    let english = stranger.send(english.body(Body::empty()).expect("a request")).await;
    assert!(english.text().contains("As of"), "{}", english.text());
}

#[tokio::test]
async fn a_page_asked_for_again_is_ready_compressed_and_known_by_its_tag() {
    let ground = Ground::of().await;
    let mut stranger = ground.app.browser("eon");
    let first = stranger.get("/outages/public").await;
    assert_eq!((first.status, first.header("cache-control")), (200, "public, max-age=5"));
    assert_eq!(first.header("set-cookie"), "");
    let request = stranger.request("GET", "/outages/public").body(Body::empty()).expect("a request");
    let ready = ground.app.entry.at_once(&request);
    assert!(ready.is_ok_and(|answer| answer.status() == 200), "it waits for nobody");
    let request = stranger.request("GET", "/outages/public").header(header::IF_NONE_MATCH, first.header("etag"));
    assert_eq!(stranger.send(request.body(Body::empty()).expect("a request")).await.status, 304);
    let request = stranger.request("GET", "/outages/public").header(header::ACCEPT_ENCODING, "gzip");
    let packed = stranger.send(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.bytes.len() < first.bytes.len(), "{} of {}", packed.bytes.len(), first.bytes.len());
    // Who is signed in is known on it, and gets no other's page.
    let mut customer = ground.app.customer("eon", 0).await;
    let own = customer.get("/outages/public").await;
    assert!(own.header("cache-control") == "no-store" && own.text().contains("na vašich odběrných místech"));
}

#[tokio::test]
async fn what_somebody_makes_up_is_not_kept() {
    let ground = Ground::of().await;
    let mut stranger = ground.app.browser("eon");
    for place in 0..1_000 {
        let path = format!("/outages/public?{}={place}", if place % 2 == 0 { "x" } else { "municipality" });
        assert_eq!(stranger.get(&path).await.status, 200);
        let request = stranger.request("GET", &path).body(Body::empty()).expect("a request");
        assert!(ground.app.entry.at_once(&request).is_err(), "{path}");
    }
}

#[tokio::test]
async fn switched_off_it_is_gone_at_once() {
    let ground = Ground::of().await;
    let mut stranger = ground.app.browser("eon");
    assert_eq!(stranger.get("/outages/public").await.status, 200);
    let mut lead = ground.app.operator("eon", "lead").await;
    let page = lead.get("/operator/features/outage_alert_planned").await;
    let revision = value_of(&page, "revision");
    let form = [("reason", "Zkouška"), ("revision", revision.as_str()), ("turn", "off")];
    assert_eq!(lead.post("/operator/features/outage_alert_planned", &form).await.status, 303);
    assert_eq!(stranger.get("/outages/public").await.status, 404);
    assert!(!stranger.get("/").await.body.contains("/outages/public"));
}

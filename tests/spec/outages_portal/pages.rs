//! The customer's page and one outage, with what changed.
use super::ground::{Ground, by_address, coming};
use busbar::domain::features::Feature;
use busbar::domain::outages::Outage;
use time::Duration;

#[tokio::test]
async fn an_empty_page_says_so_and_another_suppliers_has_none() {
    let ground = Ground::of().await;
    let mut browser = ground.app.customer("eon", 0).await;
    let page = browser.get("/outages").await;
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    assert!(text.contains("není ohlášena žádná odstávka") && text.contains("zdarma"), "{text}");
    assert!(page.links().iter().any(|link| link.ends_with("/calendar")));
    let mut other = ground.app.customer("pre", 0).await;
    assert_eq!(other.get("/outages").await.status, 404);
    assert!(!other.get("/dashboard").await.body.contains("/outages"));
}

#[tokio::test]
async fn a_customer_sees_when_where_why_and_what_changed() {
    let ground = Ground::of().await;
    let one = coming(&ground.point, ground.now());
    ground.record(&one).await;
    let mut browser = ground.app.customer("eon", 0).await;
    let list = browser.get("/outages").await.text().replace('\u{a0}', " ");
    for word in ["7 h 30 min", "Údržba vedení", "Plánovaná", ground.point.address.street.as_str()] {
        assert!(list.contains(word), "no {word}: {list}");
    }
    let second = Outage {
        version: 2,
        starts_at: one.starts_at + Duration::DAY,
        ends_at: one.ends_at + Duration::DAY,
        reason: "Výměna sloupu".into(),
        areas: by_address(&ground.point),
        ..one.clone()
    };
    ground.record(&second).await;
    let path = format!("/outages/{}", one.id);
    let detail = browser.get(&path).await.text().replace('\u{a0}', " ");
    for word in ["Podle údajů distributora", "Ohlášena", "Změněna", "Nově", "předtím", "Výměna sloupu", "upřesnil"]
    {
        assert!(detail.contains(word), "no {word}: {detail}");
    }
    assert!(browser.get("/outages").await.text().contains("Změněno proti dřívějšímu oznámení"));
    ground.record(&Outage { version: 3, is_cancelled: true, ..second }).await;
    let detail = browser.get(&path).await.text();
    assert!(detail.contains("Zrušená") && detail.contains("Zrušena"), "{detail}");
    let mut other = ground.app.customer("eon", 1).await;
    assert_eq!(other.get(&path).await.status, 404, "another's outage");
    assert_eq!(other.get(&format!("{path}/calendar.ics")).await.status, 404);
}

#[tokio::test]
async fn what_runs_is_said_first_and_what_is_over_stands_below() {
    let ground = Ground::of().await;
    let now = ground.now();
    let running =
        Outage { starts_at: now - Duration::HOUR, ends_at: now + Duration::HOUR, ..coming(&ground.point, now) };
    ground.record(&running).await;
    let over = Outage {
        number: "2".into(),
        starts_at: now - Duration::hours(30),
        ends_at: now - Duration::hours(28),
        ..coming(&ground.point, now)
    };
    ground.record(&over).await;
    let mut browser = ground.app.customer("eon", 0).await;
    let text = browser.get("/outages").await.text();
    let at = |word: &str| text.find(word).unwrap_or_else(|| panic!("no {word}: {text}"));
    assert!(at("Právě teď nejde elektřina") < at("Probíhající a plánované"), "{text}");
    assert!(at("Právě probíhá") < at("Skončila"));
}

#[tokio::test]
async fn what_is_chosen_is_kept_is_in_the_history_and_only_for_ones_own_points() {
    let ground = Ground::of().await;
    let (mail, sms) = ground.boxes();
    let mut browser = ground.app.customer("eon", 0).await;
    let page = browser.get("/outages").await;
    assert!(page.body.contains(&format!("name=\"{mail}\"")) && !page.body.contains(" checked"), "{}", page.body);
    assert_eq!(browser.post("/outages/notices", &[(mail.as_str(), "yes"), (sms.as_str(), "yes")]).await.status, 303);
    let page = browser.get("/outages?done=yes").await;
    assert!(page.text().contains("Uloženo"), "{}", page.text());
    assert_eq!(
        page.body.matches(" checked").count(),
        [mail.as_str(), sms.as_str()].iter().filter(|one| page.body.contains(**one)).count()
    );
    let mut other = ground.app.customer("eon", 1).await;
    other.get("/outages").await;
    assert_eq!(other.post("/outages/notices", &[(mail.as_str(), "yes")]).await.status, 303);
    assert!(!other.get("/outages").await.body.contains(" checked"), "a point that is not theirs");
    assert_eq!(browser.post("/outages/notices", &[]).await.status, 303);
    assert!(!browser.get("/outages").await.body.contains(" checked"));
    let tx = super::ground::begin(&ground.app).await;
    let lines = tx.audit_trail(50, Some(Feature::OutageAlertPlanned)).await.expect("the history");
    assert_eq!(lines.iter().filter(|line| line.action == "choose_outage_notices").count(), 3);
}

#[tokio::test]
async fn a_notice_stands_in_the_portals_inbox_once_for_each_version() {
    let ground = Ground::of().await;
    let (mail, sms) = ground.boxes();
    let mut browser = ground.app.customer("eon", 0).await;
    browser.get("/outages").await;
    browser.post("/outages/notices", &[(mail.as_str(), "yes"), (sms.as_str(), "yes")]).await;
    let one = coming(&ground.point, ground.now());
    ground.record(&one).await;
    ground.record(&one).await;
    let inbox = browser.get("/notices").await;
    let text = inbox.text();
    assert_eq!(text.matches("Odstávka elektřiny").count(), 1, "{text}");
    assert!(text.contains(&ground.point.address.street), "{text}");
    assert!(inbox.links().iter().any(|link| link.ends_with(&format!("/outages/{}", one.id))));
    ground.record(&Outage { version: 2, ends_at: one.ends_at + Duration::HOUR, ..one.clone() }).await;
    ground.record(&Outage { version: 3, is_cancelled: true, ..one }).await;
    let text = browser.get("/notices").await.text();
    let at = |word: &str| text.find(word).unwrap_or_else(|| panic!("no {word}: {text}"));
    assert!(at("nebude") < at("Změna odstávky"), "the newest first: {text}");
}

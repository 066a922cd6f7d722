//! The link under a message about an outage.
use super::ground::{Ground, coming};
use axum::body::Body;
use axum::http::header;
use busbar::domain::outages::Outage;

#[tokio::test]
async fn the_link_in_the_mail_stops_messages_without_a_log_in() {
    let ground = Ground::of().await;
    let (mail, _) = ground.boxes();
    let mut browser = ground.app.customer("eon", 0).await;
    browser.get("/outages").await;
    browser.post("/outages/notices", &[(mail.as_str(), "yes")]).await;
    let one = coming(&ground.point, ground.now());
    assert_eq!(ground.record(&one).await.mail, 1);
    let sent = ground.app.mails("outage_planned", 1).await;
    let link = sent[0].body_text.split("/outages/off?token=").nth(1).expect("a link").split_whitespace().next();
    let path = format!("/outages/off?token={}", link.expect("a token"));

    let mut stranger = ground.app.browser("eon");
    for _ in 0..2 {
        let page = stranger.get(&path).await;
        assert!(page.text().contains("Vypnout zprávy") && page.text().contains(&ground.point.address.street));
    }
    assert!(browser.get("/outages").await.body.contains(" checked"), "looking changes nothing");
    let unknown = stranger.post("/outages/off?token=xxxx", &[]).await;
    assert!(unknown.status == 200 && !unknown.text().contains(&ground.point.address.street), "{}", unknown.text());

    // As a mail program does it: no cookie, no page before, the form of RFC 8058.
    let mut program = ground.app.browser("eon");
    let request = program
        .request("POST", &path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("List-Unsubscribe=One-Click"))
        .expect("a request");
    let answer = program.send(request).await;
    assert!(answer.status == 200 && answer.text().contains("Hotovo"), "{}", answer.text());
    assert!(!browser.get("/outages").await.body.contains(" checked"));
    assert!(stranger.get(&path).await.text().contains("Hotovo"), "it says that it is off");
    let second = Outage { version: 2, reason: "Jiná".into(), ..one };
    assert_eq!(ground.record(&second).await.mail, 0, "who stopped it is told nothing more");
}

//! A forgotten password: neutral to strangers, a link that works once, and every session ended.
use crate::support::{Browser, TestApp};
use busbar::app::demo_command::BookCustomer;
use busbar::data::SentMessage;
use std::time::{Duration, Instant};

const NEW: &str = "sedm modrých slonů na ledě";

fn first(app: &TestApp, slug: &str) -> BookCustomer {
    app.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight").customers[0].clone()
}

/// Links of the mails sent so far, oldest first; they go out after the answer, so there is patience for so many.
async fn links(app: &TestApp, count: usize) -> Vec<String> {
    let patience = Instant::now() + Duration::from_secs(10);
    loop {
        let is_link = |one: &SentMessage| one.kind == "password_forgotten" && one.sent_at.is_some();
        let mut sent: Vec<_> = app.messages().await.into_iter().filter(is_link).collect();
        if sent.len() >= count || Instant::now() > patience {
            sent.sort_by_key(|one| one.id);
            return sent.iter().map(|one| link(&one.body_text)).collect();
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

fn link(body: &str) -> String {
    let start = body.find("http").unwrap_or_else(|| panic!("no link: {body}"));
    body[start..].split_whitespace().next().expect("a link").to_owned()
}

/// What of a link comes after the portal's own address.
fn path(browser: &Browser, link: &str) -> String {
    let home = format!("/{}", browser.mount.trim_start_matches('/'));
    let rest = link.splitn(4, '/').nth(3).map(|rest| format!("/{rest}")).expect("a path");
    rest.strip_prefix(home.trim_end_matches('/')).unwrap_or(&rest).to_owned()
}

fn token(path: &str) -> String {
    path.split("token=").nth(1).expect("a token").to_owned()
}

#[tokio::test]
async fn whoever_asks_sees_the_same_and_only_the_owner_gets_a_link() {
    let app = TestApp::start().await;
    let who = first(&app, "cez");
    let mut visitor = app.browser("cez");
    assert!(visitor.get("/login").await.body.contains("/VOK/password\""));
    let known = visitor.post("/password", &[("username", &who.username)]).await;
    let unknown = visitor.post("/password", &[("username", "nikdo-takový")]).await;
    assert_eq!((known.status, &known.body), (200, &unknown.body));
    assert_eq!(unknown.status, 200);
    let missing = visitor.post("/password", &[("username", " ")]).await;
    assert!(missing.status == 422 && missing.body.contains("username-error"), "{}", missing.text());
    let links = links(&app, 1).await;
    assert_eq!(links.len(), 1);
    assert!(links[0].contains("/VOK/password/new?token="), "{links:?}");
    for _ in 0..9 {
        visitor.post("/password", &[("username", &who.username)]).await;
    }
    let often = visitor.post("/password", &[("username", &who.username)]).await;
    assert_eq!(often.status, 429, "{}", often.text());
}

#[tokio::test]
async fn the_newest_link_sets_a_password_once_and_looking_uses_nothing_up() {
    let app = TestApp::start().await;
    let who = first(&app, "eon");
    let mut signed_in = app.customer("eon", 0).await;
    let mut visitor = app.browser("eon");
    visitor.post("/password", &[("username", &who.username)]).await;
    links(&app, 1).await;
    visitor.post("/password", &[("username", &who.username)]).await;
    let links = links(&app, 2).await;
    let (old, newest) = (path(&visitor, &links[0]), path(&visitor, &links[1]));
    assert!(visitor.get(&old).await.text().contains("Odkaz už neplatí"), "a newer one was asked for");
    for _ in 0..3 {
        assert!(visitor.get(&newest).await.text().contains("Zvolte si nové heslo"), "a mail scanner may look");
    }
    assert_eq!(app.browser("rwe").get(&newest).await.status, 422, "another supplier's portal");
    let token = token(&newest);
    let weak = visitor.post("/password/new", &[("token", &token), ("new", "Energie24 Energie24")]).await;
    assert!(weak.status == 422 && weak.text().contains("stojí na slově"), "{}", weak.text());
    let form = [("token", token.as_str()), ("new", NEW)];
    let done = visitor.post("/password/new", &form).await;
    assert!(done.status == 200 && done.text().contains("Heslo je změněné"), "{}", done.text());
    assert_eq!(signed_in.get("/dashboard").await.status, 303, "every session is ended");
    assert!(visitor.post("/password/new", &form).await.text().contains("Odkaz už neplatí"), "once");
    let mut door = app.browser("eon");
    assert_eq!(door.post("/login", &[("username", &who.username), ("password", &who.password)]).await.status, 422);
    assert_eq!(door.post("/login", &[("username", &who.username), ("password", NEW)]).await.status, 303);
    assert_eq!(
        app.messages().await.iter().filter(|one| one.kind == "password_changed").count(),
        1,
        "the owner is told"
    );
}

/// Fifty at the same instant, on two instances: one password is set, the others hear that the link is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_use_one_link_at_once_one_wins() {
    let app = TestApp::start().await;
    let (_services, second) = app.another_instance().await;
    let who = first(&app, "rwe");
    let mut visitor = app.browser("rwe");
    visitor.post("/password", &[("username", &who.username)]).await;
    let token = token(&path(&visitor, &links(&app, 1).await[0]));
    let mut racers = tokio::task::JoinSet::new();
    for index in 0..50 {
        let mut browser = visitor.at(if index % 2 == 0 { &app.entry } else { &second });
        let token = token.clone();
        racers.spawn(async move {
            let new = format!("{NEW} {index}");
            let answer = browser.post("/password/new", &[("token", &token), ("new", &new)]).await;
            (answer.status, new)
        });
    }
    let all = racers.join_all().await;
    let won: Vec<&String> = all.iter().filter(|(status, _)| *status == 200).map(|(_, new)| new).collect();
    assert_eq!(won.len(), 1, "{all:?}");
    assert!(all.iter().all(|(status, _)| matches!(status, 200 | 422 | 503)), "{all:?}");
    let form = [("username", who.username.as_str()), ("password", won[0].as_str())];
    assert_eq!(app.browser("rwe").post("/login", &form).await.status, 303, "the winner's password is the one");
}

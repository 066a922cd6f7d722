//! The desk: an offer from its first word to its withdrawal, codes uploaded, points put right.
use super::{NOBODY, balance, db, give, id_of, new_key, offer, redeem, today};
use crate::support::{Answer, Browser, TestApp, value_of};
use busbar::domain::bonus::CodeSource;
use busbar::domain::features::Feature;
use time::Duration;

fn form(app: &TestApp, page: &Answer, step: &'static str) -> Vec<(&'static str, String)> {
    let text = |name, value: &str| (name, value.to_owned());
    vec![
        text("offer", &value_of(page, "offer")),
        text("partner", "Kino Nové"),
        text("title_cs", "Dva lístky"),
        text("title_en", "Two tickets"),
        text("description_cs", "Pro dva."),
        text("description_en", "For two."),
        text("conditions_cs", "Ne na premiéry.\nRezervujte."),
        text("conditions_en", "No premieres.\nBook."),
        text("price", "120"),
        text("valid_from", &today(app).to_string()),
        text("valid_until", &(today(app) + Duration::days(30)).to_string()),
        text("source", "list"),
        text("stock", ""),
        text("step", step),
    ]
}

async fn post(browser: &mut Browser, path: &str, form: &[(&'static str, String)]) -> Answer {
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(path, &form).await
}

async fn trail(app: &TestApp) -> Vec<String> {
    let tx = db(app).read().await.expect("a transaction");
    let all = tx.audit_trail(100, Some(Feature::BonusProgramme)).await.expect("the trail");
    all.into_iter().map(|one| one.action).collect()
}

#[tokio::test]
async fn an_offer_is_written_looked_over_stocked_published_and_withdrawn() {
    let app = TestApp::start().await;
    let mut clerk = app.operator("eon", "clerk").await;
    let new = "/operator/bonus/new";
    let page = clerk.get(new).await;
    let mut wrong = form(&app, &page, "review");
    (wrong[8].1, wrong[10].1, wrong[2].1) = ("0".into(), "2020-01-01".into(), String::new());
    let again = post(&mut clerk, new, &wrong).await;
    let text = again.text();
    assert!(again.status == 422 && text.contains("celý počet bodů") && text.contains("Konec nesmí být"), "{text}");
    assert!(again.body.contains("Kino Nové"), "what was typed is kept");
    let review = post(&mut clerk, new, &form(&app, &page, "review")).await;
    assert!(review.status == 200 && review.text().contains("Tak nabídku uvidí zákazníci"), "{}", review.text());
    let saved = post(&mut clerk, new, &form(&app, &page, "save")).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    assert_eq!(post(&mut clerk, new, &form(&app, &page, "save")).await.location(), saved.location(), "pressed twice");
    let path = saved.location().split('?').next().expect("a path").to_owned();
    let mut customer = app.customer("eon", NOBODY).await;
    assert!(!customer.get("/bonus").await.text().contains("Dva lístky"), "a draft");
    let early = clerk.post(&format!("{path}/state"), &[("version", "1"), ("turn", "publish")]).await;
    assert!(early.status == 422 && early.text().contains("nemá žádné kódy"), "{}", early.text());
    clerk.get(&path).await;
    let codes = format!("{path}/codes");
    let twice = clerk.upload(&codes, &[("version", "1"), ("codes", "A1\nA2\nA1")], &[]).await;
    assert!(twice.status == 422 && twice.text().contains("Řádek 3: kód A1 je už na řádku 1"), "{}", twice.text());
    let file: &[u8] = b"kod;note\r\nA1;x\r\nA2;y\r\n";
    assert_eq!(clerk.upload(&codes, &[("version", "1")], &[("file", "kody.csv", file)]).await.status, 303);
    let there = clerk.upload(&codes, &[("version", "2"), ("codes", "A2\nA3")], &[]).await;
    assert!(there.status == 422 && there.text().contains("už nabídka má: A2"), "{}", there.text());
    let stale = clerk.post(&format!("{path}/state"), &[("version", "1"), ("turn", "publish")]).await;
    assert_eq!(stale.status, 409);
    let state = format!("{path}/state");
    assert_eq!(clerk.post(&state, &[("version", "2"), ("turn", "publish")]).await.status, 303);
    assert!(customer.get("/bonus").await.text().contains("Dva lístky"));
    assert_eq!(clerk.get(&format!("{path}/edit")).await.status, 409, "published words stay");
    assert_eq!(clerk.post(&state, &[("version", "3"), ("turn", "withdraw")]).await.status, 303);
    assert!(!customer.get("/bonus").await.text().contains("Dva lístky"));
    assert_eq!(clerk.post(&state, &[("version", "4"), ("turn", "publish")]).await.status, 303, "undone");
    let trail = trail(&app).await;
    for action in ["write_bonus_offer", "add_bonus_codes", "publish_bonus_offer", "withdraw_bonus_offer"] {
        assert!(trail.iter().any(|one| one == action), "{action}: {trail:?}");
    }
    let mut looking = app.operator("eon", "read_only").await;
    assert_eq!(looking.get("/operator/bonus").await.status, 200);
    assert_eq!(looking.get(new).await.status, 404);
    assert_eq!(looking.post(&state, &[("version", "5"), ("turn", "withdraw")]).await.status, 404);
}

#[tokio::test]
async fn a_correction_has_its_reason_is_made_once_and_never_goes_below_zero() {
    let app = TestApp::start().await;
    let customer = id_of(&app, NOBODY).await;
    give(&app, customer, 100, today(&app) + Duration::days(100)).await;
    let number = &app.book.tenants.iter().find(|one| one.slug == "eon").expect("eon").customers[NOBODY].number;
    let mut clerk = app.operator("eon", "clerk").await;
    let path = format!("/operator/customers/{number}/bonus");
    assert!(clerk.get(&format!("/operator/customers/{number}")).await.text().contains("100 bodů"));
    let key = value_of(&clerk.get(&path).await, "key");
    let fields = |direction, count, reason| {
        [("direction", direction), ("count", count), ("reason", reason), ("key", key.as_str())]
    };
    for (form, words) in [
        (fields("take", "50", " "), "Doplňte"),
        (fields("take", "101", "omyl"), "má jen 100 bodů"),
        (fields("take", "-5", "omyl"), "celý počet bodů"),
        (fields("", "5", "omyl"), "přičítáte, nebo odečítáte"),
    ] {
        let answer = clerk.post(&path, &form).await;
        assert!(answer.status == 422, "{words}: {}", answer.text());
        assert!(words == "Doplňte" || answer.text().contains(words), "{words}: {}", answer.text());
    }
    for _ in 0..2 {
        assert_eq!(clerk.post(&path, &fields("take", "100", "dvojí připsání")).await.status, 303);
    }
    assert_eq!(balance(&app, customer).await, 0);
    let mut browser = app.customer("eon", NOBODY).await;
    assert!(browser.get("/bonus").await.text().contains("dvojí připsání"), "the customer sees why");
    assert_eq!(trail(&app).await.iter().filter(|one| *one == "correct_bonus").count(), 1);
    let mut looking = app.operator("eon", "read_only").await;
    assert_eq!(looking.get(&path).await.status, 200);
    assert_eq!(looking.post(&path, &fields("add", "5", "x")).await.status, 404);
}

#[tokio::test]
async fn points_come_back_for_a_code_once() {
    let app = TestApp::start().await;
    let customer = id_of(&app, NOBODY).await;
    give(&app, customer, 100, today(&app) + Duration::days(100)).await;
    let one = offer(&app, CodeSource::Made, 5, 60).await;
    let mut browser = app.customer("eon", NOBODY).await;
    browser.get("/bonus").await;
    let code = redeem(&mut browser, &one, &new_key()).await.location().to_owned();
    let id = code.split('?').next().and_then(|path| path.rsplit('/').next()).expect("an id");
    let number = &app.book.tenants.iter().find(|one| one.slug == "eon").expect("eon").customers[NOBODY].number;
    let mut clerk = app.operator("eon", "clerk").await;
    let path = format!("/operator/customers/{number}/bonus");
    clerk.get(&path).await;
    for _ in 0..2 {
        assert_eq!(clerk.post(&format!("{path}/codes/{id}"), &[]).await.status, 303);
    }
    assert_eq!(balance(&app, customer).await, 100);
    assert!(browser.get(&code).await.text().contains("jsme vám vrátili"));
}

//! Points spent (bad input 46): more than there are, twice at once, another's code, what expired while the page was open.
use super::{NOBODY, balance, db, give, id_of, new_key, offer, redeem, today};
use crate::support::TestApp;
use busbar::domain::bonus::{CodeSource, OfferState};
use time::{Duration, OffsetDateTime};
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_who_want_the_last_code_one_has_it() {
    let app = TestApp::start().await;
    let (_, other) = app.another_instance().await;
    let one = offer(&app, CodeSource::List, 1, 100).await;
    let mut browsers = Vec::new();
    for index in [NOBODY, NOBODY + 1] {
        let customer = id_of(&app, index).await;
        give(&app, customer, 10_000, today(&app) + Duration::days(100)).await;
        let mut browser = app.customer("eon", index).await;
        assert_eq!(browser.get(&format!("/bonus/offers/{}", one.id)).await.status, 200);
        browsers.push((customer, browser));
    }
    let mut racers = JoinSet::new();
    for at in 0..50 {
        let browser = &browsers[at % 2].1;
        let mut browser = if at % 4 < 2 { browser.clone() } else { browser.at(&other) };
        let one = one.clone();
        racers.spawn(async move { redeem(&mut browser, &one, &new_key()).await.status });
    }
    let all = racers.join_all().await;
    assert_eq!(all.iter().filter(|status| **status == 303).count(), 1, "{all:?}");
    assert!(all.iter().all(|status| matches!(status, 303 | 409 | 503)), "{all:?}");
    let left = balance(&app, browsers[0].0).await + balance(&app, browsers[1].0).await;
    assert_eq!(left, 19_900, "paid for once");
    let tx = db(&app).read().await.expect("a transaction");
    assert_eq!(tx.bonus_offer(one.id).await.expect("the offer").left(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_points_are_spent_once_and_the_other_tab_sees_what_is_left() {
    let app = TestApp::start().await;
    let (_, other) = app.another_instance().await;
    let one = offer(&app, CodeSource::Made, 100, 100).await;
    let customer = id_of(&app, NOBODY).await;
    give(&app, customer, 150, today(&app) + Duration::days(100)).await;
    let mut first = app.customer("eon", NOBODY).await;
    first.get("/bonus").await;
    let mut second = first.at(&other);
    let (a, b) = (new_key(), new_key());
    let (a, b) = tokio::join!(redeem(&mut first, &one, &a), redeem(&mut second, &one, &b));
    let (won, lost) = if a.status == 303 { (a, b) } else { (b, a) };
    assert_eq!((won.status, lost.status), (303, 409));
    assert!(lost.text().contains("Teď máte 50 bodů"), "{}", lost.text());
    assert_eq!(balance(&app, customer).await, 50);
}

#[tokio::test]
async fn a_form_sent_twice_is_one_code_and_the_mail_keeps_no_copy_of_it() {
    let app = TestApp::start().await;
    let one = offer(&app, CodeSource::List, 5, 100).await;
    let customer = id_of(&app, NOBODY).await;
    give(&app, customer, 500, today(&app) + Duration::days(100)).await;
    let mut browser = app.customer("eon", NOBODY).await;
    browser.get("/bonus").await;
    let key = new_key();
    let first = redeem(&mut browser, &one, &key).await;
    assert_eq!((first.status, balance(&app, customer).await), (303, 400));
    assert_eq!(redeem(&mut browser, &one, &key).await.location(), first.location());
    assert_eq!(balance(&app, customer).await, 400);
    let page = browser.get(first.location()).await;
    assert!(page.text().contains("Kód je váš") && page.text().contains("KOD-1"), "{}", page.text());
    assert!(browser.get("/bonus").await.text().contains("KOD-1"));
    let kept = app.kept_messages().await;
    let mail = kept.iter().find(|one| one.kind == "bonus_code").expect("a mail");
    assert!(!mail.body_text.contains("KOD-1") && mail.body_text.contains("Zkušební nabídka"), "{}", mail.body_text);
    let sent = app.messages().await;
    assert!(sent.iter().any(|one| one.kind == "bonus_code" && one.body_text.contains("KOD-1")));
    let mut stranger = app.customer("eon", NOBODY + 1).await;
    let path = first.location().split('?').next().expect("a path").to_owned();
    assert_eq!(stranger.get(&path).await.status, 404, "another's");
}

#[tokio::test]
async fn what_cannot_be_had_is_refused_with_a_sentence_and_costs_nothing() {
    let app = TestApp::start().await;
    let customer = id_of(&app, NOBODY).await;
    give(&app, customer, 99, today(&app) + Duration::days(100)).await;
    // What passed its day an hour ago is on nobody's page any more, though it is not written off yet.
    give(&app, customer, 500, today(&app) - Duration::days(2)).await;
    let mut browser = app.customer("eon", NOBODY).await;
    browser.get("/bonus").await;
    let dear = offer(&app, CodeSource::Made, 10, 100).await;
    let answer = redeem(&mut browser, &dear, &new_key()).await;
    assert!(answer.status == 409 && answer.text().contains("Teď máte 99 bodů"), "{}", answer.text());
    let cheap = offer(&app, CodeSource::Made, 10, 10).await;
    for price in ["1", "-10", "", "0"] {
        let form = [("key", new_key()), ("price", price.to_owned())];
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = browser.post(&format!("/bonus/offers/{}", cheap.id), &form).await;
        assert!(answer.status == 409 && answer.text().contains("Cena nabídky se mezitím změnila"), "{}", answer.text());
    }
    for (from, until, words) in [(1, 3, "začne platit"), (-5, -3, "platila do")] {
        let mut one = offer(&app, CodeSource::Made, 10, 10).await;
        one.state = OfferState::Draft;
        let (tx, now) = (db(&app).begin().await.expect("a transaction"), OffsetDateTime::now_utc());
        tx.turn_bonus_offer(one.id, 1, OfferState::Draft, now).await.expect("turned");
        (one.version, one.valid_from, one.valid_until) =
            (2, today(&app) + Duration::days(from), today(&app) + Duration::days(until));
        assert!(tx.rewrite_bonus_offer(&one, now).await.expect("rewritten"));
        tx.commit().await.expect("kept");
        assert_eq!(redeem(&mut browser, &one, &new_key()).await.status, 404, "a draft is not there");
        let tx = db(&app).begin().await.expect("a transaction");
        tx.turn_bonus_offer(one.id, 3, OfferState::Published, now).await.expect("turned");
        tx.commit().await.expect("kept");
        let answer = redeem(&mut browser, &one, &new_key()).await;
        assert!(answer.status == 409 && answer.text().contains(words), "{words}: {}", answer.text());
    }
    assert_eq!(balance(&app, customer).await, 99);
    for odd in ["/bonus/offers/x", "/bonus/codes/x", "/bonus/codes/0190a0a0-0000-7000-8000-000000000001"] {
        assert_eq!(browser.get(odd).await.status, 404, "{odd}");
    }
}

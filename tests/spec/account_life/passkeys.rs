//! Passkeys: what they open, once, for whom, and what they never do.
use super::{customer, mails, turn_on};
use crate::support::authenticator::{Authenticator, adds, asked_for_new, asked_who};
use crate::support::{Answer, Browser, TestApp};
use busbar::data::PasskeyPurpose;
use busbar::domain::ids::AccountId;

const PATH: &str = "/account/security/passkeys";
const REFUSED: &str = "Tímto klíčem se přihlásit nejde.";

async fn comes(browser: &mut Browser, device: &mut Authenticator) -> Answer {
    let options = asked_who(browser).await;
    browser.post("/login/passkey", &[("answer", &device.signs(&options))]).await
}

fn assert_refused(answer: &Answer, why: &str) {
    assert!(answer.status == 422 && answer.text().contains(REFUSED), "{why}: {} {}", answer.status, answer.text());
}

async fn account_of(app: &TestApp, slug: &str, username: &str) -> AccountId {
    let tenant = app.services.registry.by_slug(slug).expect("one of the eight").id;
    let tx = app.services.db.tenant(tenant).read().await.expect("a transaction");
    tx.account_by_username(username).await.expect("a lookup").expect("the demo has it").id
}

/// One press in place of name, password and code; and its owner reads of it where the account is reached.
#[tokio::test]
async fn a_passkey_signs_in_by_itself_and_counts_as_both_factors() {
    let app = TestApp::start().await;
    let who = customer(&app, "cez", 0);
    let mut owner = app.customer("cez", 0).await;
    turn_on(&app, &mut owner, &who).await;
    let mut device = Authenticator::at(&app, "cez");
    adds(&mut owner, &mut device, "Můj telefon", &who.password).await;
    let told = mails(&app, "passkey_added").await;
    assert!(told.len() == 1 && told[0].body_text.contains("Můj telefon"), "{told:?}");
    let list = owner.get(PATH).await.text();
    assert!(list.contains("Můj telefon") && list.contains("Ještě nepoužit"), "{list}");
    let mut browser = app.browser("cez");
    let options = asked_who(&mut browser).await;
    let form = [("answer", device.signs(&options)), ("next", "/advances".to_owned())];
    let form = [(form[0].0, form[0].1.as_str()), (form[1].0, form[1].1.as_str())];
    let entered = browser.post("/login/passkey", &form).await;
    assert_eq!((entered.status, entered.location()), (303, "/VOK/advances"), "{}", entered.text());
    assert_eq!(browser.get("/dashboard").await.status, 200);
    let list = owner.get(PATH).await.text();
    assert!(list.contains("Naposledy použit"), "{list}");
    assert!(owner.get("/account/security").await.text().contains("Klíčů máte: 1."));
    let tenant = app.services.registry.by_slug("cez").expect("there").id;
    let tx = app.services.db.tenant(tenant).read().await.expect("a transaction");
    let trail = tx.audit_trail(50, None).await.expect("the trail");
    assert!(trail.iter().any(|line| line.action == "add_passkey"));
}

/// Of many at once with one answer, on two instances, one is signed in; and nobody afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_with_one_answer_one_is_signed_in() {
    let app = TestApp::start().await;
    let (_services, second) = app.another_instance().await;
    let who = customer(&app, "eon", 2);
    let mut owner = app.customer("eon", 2).await;
    let mut device = Authenticator::at(&app, "eon");
    adds(&mut owner, &mut device, "klíč", &who.password).await;
    let mut browser = app.browser("eon");
    let answer = device.signs(&asked_who(&mut browser).await);
    let mut racers = tokio::task::JoinSet::new();
    for index in 0..50 {
        let mut racer = browser.at(if index % 2 == 0 { &app.entry } else { &second });
        let answer = answer.clone();
        racers.spawn(async move { racer.post("/login/passkey", &[("answer", &answer)]).await.status });
    }
    let all = racers.join_all().await;
    assert_eq!(all.iter().filter(|status| **status == 303).count(), 1, "{all:?}");
    assert!(all.iter().all(|status| matches!(status, 303 | 422 | 429 | 503)), "{all:?}");
    let again = browser.post("/login/passkey", &[("answer", &answer)]).await.status;
    assert!(matches!(again, 422 | 429), "the same answer again: {again}");
}

#[tokio::test]
async fn a_challenge_is_answered_once_in_time_and_by_the_browser_that_asked() {
    let app = TestApp::start().await;
    let who = customer(&app, "eon", 0);
    let mut owner = app.customer("eon", 0).await;
    let mut device = Authenticator::at(&app, "eon");
    adds(&mut owner, &mut device, "klíč", &who.password).await;
    let mut browser = app.browser("eon");
    let answer = device.signs(&asked_who(&mut browser).await);
    let stranger = app.browser("eon").post("/login/passkey", &[("answer", &answer)]).await;
    assert_refused(&stranger, "without the cookie");
    let mut other = app.browser("eon");
    asked_who(&mut other).await;
    assert_refused(&other.post("/login/passkey", &[("answer", &answer)]).await, "another challenge");
    let cookies = browser.cookies.clone();
    assert_eq!(browser.post("/login/passkey", &[("answer", &answer)]).await.status, 303);
    assert!(!browser.cookies.contains_key("passkey"), "the cookie goes with the challenge");
    let mut again = app.browser("eon");
    again.cookies = cookies;
    assert_refused(&again.post("/login/passkey", &[("answer", &answer)]).await, "twice");
    // What waits longer than five minutes is gone.
    let tenant = app.services.registry.by_slug("eon").expect("there").id;
    let tx = app.services.db.tenant(tenant).begin().await.expect("a transaction");
    let now = app.services.clock.now();
    let end = now + time::Duration::minutes(5);
    tx.add_passkey_challenge(PasskeyPurpose::SignIn, &[7; 32], "{}", now, end).await.expect("a row");
    let taken = tx.use_passkey_challenge(PasskeyPurpose::SignIn, &[7; 32], end).await.expect("a change");
    assert_eq!(taken, None, "in the sixth minute");
}

/// An office behind one address: however many come in rightly, nobody after them is kept out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_and_twenty_right_sign_ins_from_one_address_block_nobody() {
    let app = TestApp::start().await;
    let who = customer(&app, "eon", 0);
    let mut owner = app.customer("eon", 0).await;
    let mut device = Authenticator::at(&app, "eon");
    adds(&mut owner, &mut device, "klíč", &who.password).await;
    for number in 1..=120 {
        let entered = comes(&mut app.browser("eon"), &mut device).await;
        assert_eq!(entered.status, 303, "{number}: {}", entered.text());
    }
    app.customer("eon", 1).await;
    // What is asked for and never answered counts on.
    let mut browser = app.browser("eon");
    let mut last = 200;
    for _ in 0..100 {
        last = browser.post("/login/passkey/challenge", &[]).await.status;
    }
    assert_eq!((last, browser.post("/login/passkey/challenge", &[]).await.status), (200, 429));
}

#[tokio::test]
async fn each_supplier_is_a_world_of_its_own_to_a_passkey() {
    let app = TestApp::start().await;
    let who = customer(&app, "eon", 0);
    let mut owner = app.customer("eon", 0).await;
    let mut device = Authenticator::at(&app, "eon");
    adds(&mut owner, &mut device, "klíč", &who.password).await;
    let mut there = app.browser("cez");
    assert_refused(&comes(&mut there, &mut device).await, "another supplier, this one's origin");
    let mut moved = device.clone();
    moved.origin = Authenticator::at(&app, "cez").origin;
    assert_refused(&comes(&mut there, &mut moved).await, "another supplier's origin");
    let mut here = app.browser("eon");
    assert_refused(&comes(&mut here, &mut moved).await, "a foreign origin");
    let mut beside = device.clone();
    beside.origin.push('1');
    assert_refused(&comes(&mut here, &mut beside).await, "another port");
    // A challenge of one supplier, answered at another.
    let options = asked_who(&mut here).await;
    let mut carried = app.browser("cez");
    carried.cookies = here.cookies.clone();
    let answer = device.signs(&options);
    assert_refused(&carried.post("/login/passkey", &[("answer", &answer)]).await, "another supplier's challenge");
    assert_eq!(here.post("/login/passkey", &[("answer", &answer)]).await.status, 303);
}

/// Who is nobody's, was removed, belongs to somebody shut out, or is not recognised by its device hears the same sentence.
#[tokio::test]
async fn whatever_is_wrong_about_a_passkey_the_answer_is_the_same() {
    let app = TestApp::start().await;
    let who = customer(&app, "eon", 0);
    let mut owner = app.customer("eon", 0).await;
    let mut device = Authenticator::at(&app, "eon");
    adds(&mut owner, &mut device, "klíč", &who.password).await;
    let mut browser = app.browser("eon");
    device.is_verified = false;
    assert_refused(&comes(&mut browser, &mut device).await, "nobody was recognised");
    device.is_verified = true;
    for odd in ["", "{}", "null", "[]", "ěšč", &"a".repeat(20_000)] {
        asked_who(&mut browser).await;
        assert_refused(&browser.post("/login/passkey", &[("answer", odd)]).await, "no answer at all");
    }
    let mut unknown = Authenticator::at(&app, "eon");
    let (options, _) = asked_for_new(&mut owner, "nikdy", &who.password).await;
    unknown.makes(&options);
    assert_refused(&comes(&mut browser, &mut unknown).await, "never added");
    let tenant = app.services.registry.by_slug("eon").expect("there").id;
    let account = account_of(&app, "eon", &who.username).await;
    for (is_disabled, expected) in [(true, 422), (false, 303)] {
        let tx = app.services.db.tenant(tenant).begin().await.expect("a transaction");
        assert!(tx.disable_log_in(account, is_disabled).await.expect("a change"));
        tx.commit().await.expect("kept");
        let answer = comes(&mut app.browser("eon"), &mut device).await;
        assert_eq!(answer.status, expected, "disabled {is_disabled}: {}", answer.text());
    }
    // Away with it: by password, and only one's own.
    let mut other = app.customer("eon", 1).await;
    let list = owner.get(PATH).await;
    let id = list.body.split("?remove=").nth(1).and_then(|rest| rest.split('"').next()).expect("a link").to_owned();
    assert_eq!(other.get(&format!("{PATH}?remove={id}")).await.status, 404);
    let page = owner.get(&format!("{PATH}?remove={id}")).await;
    assert!(page.status == 200 && page.text().contains("klíč"), "{}", page.text());
    let wrong = owner.post(PATH, &[("act", "remove"), ("id", &id), ("password", "wrong")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("id=\"password-error\""), "{}", wrong.text());
    let form = [("act", "remove"), ("id", id.as_str()), ("password", who.password.as_str())];
    assert_eq!(owner.post(PATH, &form).await.status, 303);
    assert_eq!(owner.post(PATH, &form).await.status, 404, "it is gone");
    assert_eq!(mails(&app, "passkey_removed").await.len(), 1);
    assert_refused(&comes(&mut app.browser("eon"), &mut device).await, "removed");
}

/// An authenticator that has signed less often than before exists twice.
#[tokio::test]
async fn a_counter_that_goes_back_opens_nothing_and_is_in_the_audit() {
    let app = TestApp::start().await;
    let who = customer(&app, "eon", 0);
    let mut owner = app.customer("eon", 0).await;
    let mut device = Authenticator::at(&app, "eon");
    adds(&mut owner, &mut device, "klíč", &who.password).await;
    let mut copy = device.clone();
    assert_eq!(comes(&mut app.browser("eon"), &mut device).await.status, 303);
    assert_eq!(comes(&mut app.browser("eon"), &mut device).await.status, 303);
    assert_refused(&comes(&mut app.browser("eon"), &mut copy).await, "a copy of yesterday");
    let tenant = app.services.registry.by_slug("eon").expect("there").id;
    let tx = app.services.db.tenant(tenant).read().await.expect("a transaction");
    let trail = tx.audit_trail(50, None).await.expect("the trail");
    assert_eq!(trail.iter().filter(|line| line.action == "refuse_cloned_passkey").count(), 1);
    drop(tx);
    assert_eq!(comes(&mut app.browser("eon"), &mut device).await.status, 303, "the one that counts on");
}

#[tokio::test]
async fn adding_a_passkey_wants_a_name_the_password_and_one_answer() {
    let app = TestApp::start().await;
    let who = customer(&app, "rwe", 0);
    let mut owner = app.customer("rwe", 0).await;
    owner.get(PATH).await;
    let password = who.password.as_str();
    for (name, password, field) in [("", password, "name"), ("klíč", "wrong", "password"), ("klíč", "", "password")]
    {
        let answer = owner.post(PATH, &[("act", "begin"), ("name", name), ("password", password)]).await;
        assert!(answer.status == 422 && answer.body.contains(&format!("id=\"{field}-error\"")), "{}", answer.text());
        assert!(name.is_empty() || answer.body.contains("value=\"klíč\""), "what was typed is kept");
        assert!(!answer.body.contains(&who.password));
    }
    let mut device = Authenticator::at(&app, "rwe");
    let (options, token) = asked_for_new(&mut owner, "klíč", password).await;
    let answer = device.makes(&options);
    let form = [("act", "add"), ("token", token.as_str()), ("answer", &answer)];
    let mut other = app.customer("rwe", 1).await;
    other.get(PATH).await;
    assert_eq!(other.post(PATH, &form).await.status, 422, "somebody else's challenge");
    assert_eq!(owner.post(PATH, &form).await.status, 303);
    assert_eq!(owner.post(PATH, &form).await.status, 422, "twice");
    assert_eq!(mails(&app, "passkey_added").await.len(), 1);
    let (options, token) = asked_for_new(&mut owner, "týž", password).await;
    assert_eq!(options["excludeCredentials"].as_array().map(Vec::len), Some(1), "no device is asked twice");
    let again = device.makes(&options);
    let again = owner.post(PATH, &[("act", "add"), ("token", &token), ("answer", &again)]).await;
    assert!(again.status == 422 && again.text().contains("přidat nepodařilo"), "{}", again.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_are_ten_passkeys_at_most_however_many_are_added_at_once() {
    let app = TestApp::start().await;
    let who = customer(&app, "eon", 0);
    let mut owner = app.customer("eon", 0).await;
    let mut asked = Vec::new();
    for number in 0..12 {
        let (options, token) = asked_for_new(&mut owner, &format!("klíč {number}"), &who.password).await;
        asked.push((Authenticator::at(&app, "eon").makes(&options), token));
    }
    let mut racers = tokio::task::JoinSet::new();
    for (answer, token) in asked {
        let mut racer = owner.clone();
        racers.spawn(async move {
            racer.post(PATH, &[("act", "add"), ("token", &token), ("answer", &answer)]).await.status
        });
    }
    let all = racers.join_all().await;
    assert_eq!(all.iter().filter(|status| **status == 303).count(), 10, "{all:?}");
    let page = owner.get(PATH).await;
    assert!(page.text().contains("Klíčů máte deset") && !page.body.contains("name=\"name\""), "{}", page.text());
}

/// The password changes, and passkeys stay: the mail says so. The access is closed, and nothing of them is left.
#[tokio::test]
async fn passkeys_outlive_a_password_and_end_with_the_account() {
    let app = TestApp::start().await;
    let who = customer(&app, "eon", 0);
    let mut owner = app.customer("eon", 0).await;
    let mut device = Authenticator::at(&app, "eon");
    adds(&mut owner, &mut device, "klíč", &who.password).await;
    owner.get("/account/security").await;
    let new = "sedm modrých slonů na ledě";
    let changed = owner.post("/account/security/password", &[("password", &who.password), ("new", new)]).await;
    assert_eq!(changed.status, 303, "{}", changed.text());
    let told = mails(&app, "password_changed").await;
    assert!(told[0].body_text.contains("Přístupové klíče platí dál, je jich 1."), "{}", told[0].body_text);
    assert_eq!(comes(&mut app.browser("eon"), &mut device).await.status, 303);
    owner.get("/account/security/close").await;
    assert_eq!(owner.post("/account/security/close", &[("password", new)]).await.status, 303);
    assert_refused(&comes(&mut app.browser("eon"), &mut device).await, "a closed account");
    let account = account_of(&app, "eon", &who.username).await;
    let tenant = app.services.registry.by_slug("eon").expect("there").id;
    let tx = app.services.db.tenant(tenant).read().await.expect("a transaction");
    assert!(tx.passkeys_of(account).await.expect("a list").is_empty());
}

/// Who cannot or will not use one is told how things stand, and signs in as ever.
#[tokio::test]
async fn without_script_the_pages_say_how_it_stands() {
    let app = TestApp::start().await;
    let mut owner = app.customer("eon", 0).await;
    let page = owner.get(PATH).await;
    assert!(page.text().contains("Váš prohlížeč tu přístupový klíč vytvořit neumí"), "{}", page.text());
    let door = app.browser("eon").get("/login").await;
    assert!(door.body.contains("data-passkey-with>") && !door.body.contains("has-passkeys"), "the script shows it");
    let script = door.body.split("<script src=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a script");
    let script = app.browser("eon").get(script.trim_start_matches(&app.browser("eon").mount)).await;
    assert!(script.status == 200 && script.header("cache-control").contains("immutable"), "{}", script.status);
}

/// Challenges are made for nobody in particular, so they are counted by address like log-ins.
#[tokio::test]
async fn challenges_and_answers_are_counted() {
    let app = TestApp::start().await;
    let mut statuses = Vec::new();
    for _ in 0..101 {
        statuses.push(app.browser("eon").post("/login/passkey/challenge", &[]).await.status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 100, "{statuses:?}");
    let refused = app.browser("eon").post("/login/passkey/challenge", &[]).await;
    assert!(refused.status == 429 && refused.text().contains("Příliš mnoho pokusů"), "{}", refused.text());
    assert!(!refused.header("retry-after").is_empty());
}

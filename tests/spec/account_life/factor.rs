//! The second factor of a customer: what it asks, what it gives, and that nothing goes round it.
use super::{code, customer, mails, sign_in, turn_on, within};
use crate::support::{TestApp, value_of};

#[tokio::test]
async fn with_the_second_factor_on_a_password_alone_opens_nothing() {
    let app = TestApp::start().await;
    let who = customer(&app, "cez", 0);
    let mut owner = app.customer("cez", 0).await;
    let (secret, codes) = turn_on(&app, &mut owner, &who).await;
    assert_eq!(codes.len(), 10);
    assert!(owner.get("/account/security").await.text().contains("Zbývá záložních kódů: 10"));
    assert_eq!(mails(&app, "factor_on").await.len(), 1);
    let mut browser = app.browser("cez");
    let step = sign_in(&mut browser, &who).await;
    assert!(step.status == 303 && step.location().contains("/VOK/login/code?token="), "{}", step.location());
    assert_eq!(browser.get("/dashboard").await.status, 303, "nobody is signed in yet");
    let page = browser.get(&within(&browser, step.location())).await;
    assert!(page.text().contains("Kód z telefonu") && !page.body.contains(&who.password));
    let token = value_of(&page, "token");
    for (wrong, status) in [("000000", 422), ("", 422), ("not a code", 422), (code(&app, &secret, -1).as_str(), 422)] {
        let again = browser.post("/login/code", &[("token", &token), ("code", wrong)]).await;
        assert_eq!(again.status, status, "{wrong}: {}", again.text());
        assert!(again.body.contains("id=\"code-error\""), "the field says what to do");
    }
    let right = code(&app, &secret, 0);
    let elsewhere = app.browser("eon").post("/login/code", &[("token", &token), ("code", &right)]).await;
    assert_eq!(elsewhere.status, 422, "another supplier's portal");
    let entered = browser.post("/login/code", &[("token", &token), ("code", &right)]).await;
    assert_eq!((entered.status, entered.location()), (303, "/VOK/dashboard"), "{}", entered.text());
    assert_eq!(browser.get("/dashboard").await.status, 200);
    let mut replay = app.browser("cez");
    let gone = replay.post("/login/code", &[("token", &token), ("code", &code(&app, &secret, 1))]).await;
    assert!(gone.status == 422 && gone.text().contains("Přihlaste se znovu"), "a step counts once");
    let step = sign_in(&mut replay, &who).await;
    let token = step.location().split("token=").nth(1).expect("a token").to_owned();
    let again = replay.post("/login/code", &[("token", &token), ("code", &right)]).await;
    assert_eq!(again.status, 422, "a code counts once");
}

#[tokio::test]
async fn a_recovery_code_lets_in_once_and_its_owner_hears_of_it() {
    let app = TestApp::start().await;
    let who = customer(&app, "eon", 0);
    let mut owner = app.customer("eon", 0).await;
    let (_, codes) = turn_on(&app, &mut owner, &who).await;
    let typed = codes[3].to_lowercase().replace('-', " ");
    for (round, expected) in [(0, 303), (1, 422)] {
        let mut browser = app.browser("eon");
        let step = sign_in(&mut browser, &who).await;
        let token = step.location().split("token=").nth(1).expect("a token").to_owned();
        let answer = browser.post("/login/code", &[("token", &token), ("code", &typed)]).await;
        assert_eq!(answer.status, expected, "round {round}: {}", answer.text());
    }
    assert_eq!(mails(&app, "recovery_code_used").await.len(), 1);
    assert!(owner.get("/account/security").await.text().contains("Zbývá záložních kódů: 9"));
}

#[tokio::test]
async fn turning_off_or_new_codes_want_the_password_and_a_code() {
    let app = TestApp::start().await;
    let who = customer(&app, "rwe", 0);
    let mut owner = app.customer("rwe", 0).await;
    let (secret, codes) = turn_on(&app, &mut owner, &who).await;
    let path = "/account/security/factor";
    let right = code(&app, &secret, 0);
    for (password, typed) in [("wrong", right.as_str()), (&who.password, "000000"), (&who.password, ""), ("", &right)] {
        let answer = owner.post(path, &[("act", "off"), ("password", password), ("code", typed)]).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        assert!(!answer.body.contains(&who.password));
    }
    let fields = [("act", "codes"), ("password", who.password.as_str()), ("code", right.as_str())];
    let renewed = owner.post(path, &fields).await;
    assert!(renewed.status == 200 && !renewed.body.contains(&codes[0]), "{}", renewed.text());
    let off = [("act", "off"), ("password", who.password.as_str()), ("code", codes[0].as_str())];
    assert_eq!(owner.post(path, &off).await.status, 422, "codes before the new ones are void");
    let next = code(&app, &secret, 1);
    let off = [("act", "off"), ("password", who.password.as_str()), ("code", next.as_str())];
    assert_eq!(owner.post(path, &off).await.status, 303);
    assert_eq!(mails(&app, "factor_off").await.len(), 1);
    assert!(sign_in(&mut app.browser("rwe"), &who).await.location().ends_with("/dashboard"));
}

/// The link of a forgotten password sets a password and signs nobody in.
#[tokio::test]
async fn a_forgotten_password_does_not_go_round_the_second_factor() {
    let app = TestApp::start().await;
    let who = customer(&app, "eon", 1);
    let mut owner = app.customer("eon", 1).await;
    turn_on(&app, &mut owner, &who).await;
    let mut stranger = app.browser("eon");
    stranger.post("/password", &[("username", &who.username)]).await;
    let mail = loop {
        if let Some(mail) = mails(&app, "password_forgotten").await.pop() {
            break mail;
        }
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    };
    let token = mail.body_text.split("token=").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a link");
    let new = "sedm modrých slonů na ledě";
    assert_eq!(stranger.post("/password/new", &[("token", token), ("new", new)]).await.status, 200);
    assert_eq!(stranger.get("/dashboard").await.status, 303);
    let step = stranger.post("/login", &[("username", &who.username), ("password", new)]).await;
    assert!(step.location().contains("/login/code?token="), "{}", step.location());
}

/// Wrong codes are counted like wrong passwords, and a right password does not start the count anew.
#[tokio::test]
async fn guessing_codes_is_stopped_like_guessing_passwords() {
    let app = TestApp::start().await;
    let who = customer(&app, "pre", 0);
    let mut owner = app.customer("pre", 0).await;
    turn_on(&app, &mut owner, &who).await;
    let mut guesser = app.browser("pre");
    let mut statuses = Vec::new();
    for guess in 0..12 {
        let step = sign_in(&mut guesser, &who).await;
        let token = step.location().split("token=").nth(1).expect("a token").to_owned();
        let guess = format!("{guess:06}");
        statuses.push(guesser.post("/login/code", &[("token", &token), ("code", &guess)]).await.status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 422).count(), 10, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 2, "{statuses:?}");
}

/// Fifty at the same instant, on two instances, with one step and one code: one is signed in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_use_one_step_at_once_one_comes_in() {
    let app = TestApp::start().await;
    let (_services, second) = app.another_instance().await;
    let who = customer(&app, "eon", 2);
    let mut owner = app.customer("eon", 2).await;
    let (_, codes) = turn_on(&app, &mut owner, &who).await;
    let mut browser = app.browser("eon");
    let step = sign_in(&mut browser, &who).await;
    let token = step.location().split("token=").nth(1).expect("a token").to_owned();
    let mut racers = tokio::task::JoinSet::new();
    for index in 0..50 {
        let mut racer = browser.at(if index % 2 == 0 { &app.entry } else { &second });
        let (token, code) = (token.clone(), codes[0].clone());
        racers.spawn(async move { racer.post("/login/code", &[("token", &token), ("code", &code)]).await.status });
    }
    let all = racers.join_all().await;
    assert_eq!(all.iter().filter(|status| **status == 303).count(), 1, "{all:?}");
    assert!(all.iter().all(|status| matches!(status, 303 | 422 | 429 | 503)), "{all:?}");
    assert!(owner.get("/account/security").await.text().contains("Zbývá záložních kódů: 9"));
}

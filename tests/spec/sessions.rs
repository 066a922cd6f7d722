//! Signing in and out: whose cookie, how long, and what an attacker learns.
use crate::support::{TestApp, template, value_of};
use busbar::app::staff_command;

#[tokio::test]
async fn two_tenants_may_share_a_username() {
    let app = TestApp::start().await;
    let first = app.book.tenants.iter().find(|tenant| tenant.slug == "eon").expect("eon").customers[0].clone();
    let second = app.book.tenants.iter().find(|tenant| tenant.slug == "cez").expect("cez").customers[0].clone();
    assert_eq!(first.username, second.username, "the demo gives the first customers of all tenants the same username");
    assert_ne!(first.number, second.number);
    let mut eon = app.customer("eon", 0).await;
    let mut cez = app.customer("cez", 0).await;
    let (eon, cez) = (eon.get("/dashboard").await.body, cez.get("/dashboard").await.body);
    assert!(eon.contains(&first.name) && !eon.contains(&second.number));
    assert!(cez.contains(&second.name) && !cez.contains(&first.number));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let app = TestApp::start().await;
    let known = app.book.tenants[0].customers[0].username.clone();
    let slug = app.book.tenants[0].slug.clone();
    let wrong = app.browser(&slug).post("/login", &[("username", &known), ("password", "wrong")]).await;
    let unknown = app.browser(&slug).post("/login", &[("username", "nobody-at-all"), ("password", "wrong")]).await;
    assert_eq!((wrong.status, unknown.status), (422, 422));
    let neutral = |answer: &crate::support::Answer, name: &str| {
        let id = answer.header("x-request-id").to_owned();
        answer.body.replace(name, "").replace(&id, "")
    };
    assert_eq!(neutral(&wrong, &known), neutral(&unknown, "nobody-at-all"));
}

#[tokio::test]
async fn what_was_typed_is_kept_except_the_password() {
    let app = TestApp::start().await;
    let answer = app.browser("pre").post("/login", &[("username", "josef.novák"), ("password", "tajné-heslo")]).await;
    assert!(answer.body.contains("josef.novák"));
    assert!(!answer.body.contains("tajné-heslo"));
}

#[tokio::test]
async fn after_a_wrong_password_every_way_on_is_still_there() {
    let app = TestApp::start().await;
    let mut browser = app.browser("eon");
    let first = browser.get("/login").await;
    let again = browser.post("/login", &[("username", "nikdo"), ("password", "omyl")]).await;
    assert_eq!(again.status, 422);
    let ways = |answer: &crate::support::Answer| {
        let mut links = answer.links();
        links.sort();
        links.dedup();
        links
    };
    assert!(first.body.contains("/outages/public"), "the supplier tells of outages");
    assert_eq!(ways(&again), ways(&first));
}

#[tokio::test]
async fn a_new_sign_in_gets_a_new_token() {
    let app = TestApp::start().await;
    let mut browser = app.customer("eon", 0).await;
    let first = browser.cookies["customer"].clone();
    let customer = app.book.tenants.iter().find(|tenant| tenant.slug == "eon").expect("eon").customers[0].clone();
    // The token of a page's form: somebody signed in cannot be signed in as another from outside.
    browser.get("/dashboard").await;
    let again = browser.post("/login", &[("username", &customer.username), ("password", &customer.password)]).await;
    assert_eq!(again.status, 303, "{}", again.body);
    assert_ne!(first, browser.cookies["customer"], "session fixation");
}

#[tokio::test]
async fn signing_out_ends_the_session_on_every_instance() {
    let app = TestApp::start().await;
    let mut browser = app.customer("eon", 0).await;
    let mut copy = browser.clone();
    assert_eq!(browser.get("/dashboard").await.status, 200);
    let other = if crate::support::template::is_production() { Some(app.another_instance().await) } else { None };
    if let Some((_, entry)) = &other {
        assert_eq!(copy.at(entry).get("/dashboard").await.status, 200, "the second instance knows the session");
    }
    assert_eq!(browser.post("/logout", &[]).await.status, 303);
    assert_eq!(copy.get("/dashboard").await.status, 303, "a kept cookie is dead");
    if let Some((_, entry)) = &other {
        assert_eq!(copy.at(entry).get("/dashboard").await.status, 303, "and dead on the second instance");
    }
}

#[tokio::test]
async fn sessions_outlive_a_restart() {
    let app = TestApp::start().await;
    let mut browser = app.customer("eon", 0).await;
    let (_, restarted) = app.another_instance().await;
    assert_eq!(browser.at(&restarted).get("/dashboard").await.status, 200);
    browser.get("/dashboard").await;
}

#[tokio::test]
async fn a_customers_cookie_opens_no_operators_page_and_the_other_way_round() {
    let app = TestApp::start().await;
    let mut customer = app.customer("eon", 0).await;
    assert_eq!(customer.get("/operator/features").await.status, 303);
    let staff_cookie = customer.cookies["customer"].clone();
    customer.cookies.insert("staff".into(), staff_cookie);
    assert_eq!(customer.get("/operator/features").await.status, 303, "renamed cookie");
    let mut operator = app.operator("eon", "lead").await;
    assert_eq!(operator.get("/dashboard").await.status, 303);
}

#[tokio::test]
async fn staff_need_the_second_factor_and_a_code_works_once() {
    let app = TestApp::start().await;
    let member = app.book.tenants.iter().find(|tenant| tenant.slug == "eon").expect("eon").staff[0].clone();
    let code = busbar::backends::totp::code_at(&member.totp_secret, app.services.clock.now()).expect("a code");
    let form = |totp: &'static str| [("username", ""), ("password", ""), ("totp", totp)];
    let _ = form;
    let mut without = app.browser("eon");
    let answer =
        without.post("/operator/login", &[("username", &member.username), ("password", &member.password)]).await;
    assert_eq!(answer.status, 422);
    let all = [("username", member.username.as_str()), ("password", member.password.as_str()), ("totp", code.as_str())];
    assert_eq!(app.browser("eon").post("/operator/login", &all).await.status, 303);
    assert_eq!(app.browser("eon").post("/operator/login", &all).await.status, 422, "the same code again");
}

/// 1,000 wrong log-ins at once, on two instances, from one address and from a hundred and twenty-five: at most ten reach the password
/// check before the delay, counted at the check itself; and the owner comes in from where they came in before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_wrong_passwords_is_stopped_before_the_hash() {
    for addresses in [1, 125_u16] {
        let app = TestApp::start().await;
        let (services, second) = app.another_instance().await;
        // Instances without Redis count for themselves; there is one then.
        let instances = if template::is_production() { [&app.entry, &second] } else { [&app.entry; 2] };
        let customer = app.book.tenants.iter().find(|tenant| tenant.slug == "eon").expect("eon").customers[2].clone();
        let home = "192.0.2.7".parse().expect("an address");
        let right = [("username", customer.username.as_str()), ("password", &customer.password)];
        assert_eq!(app.browser("eon").post_from(home, "/login", &right).await.status, 303);
        let begun = || app.services.hasher.tally().begun() + services.hasher.tally().begun();
        let (before, started) = (begun(), std::time::Instant::now());
        let mut tasks = tokio::task::JoinSet::new();
        for at in 0..1000_u16 {
            let mut browser = app.browser("eon").at(instances[usize::from(at % 2)]);
            let username = customer.username.clone();
            let peer = [198, 51, 100, (at / 2 % addresses) as u8].into();
            tasks.spawn(async move {
                let wrong = [("username", username.as_str()), ("password", "wrong")];
                browser.post_from(peer, "/login", &wrong).await.status
            });
        }
        let statuses = tasks.join_all().await;
        // On a slow machine the flood outlives the delay: one more for every five seconds.
        let most = 10 + started.elapsed().as_secs() as usize / 5;
        let checked = begun() - before;
        assert!(checked <= most, "{checked} wrong passwords from {addresses} addresses were looked at");
        let told = |wanted: u16| statuses.iter().filter(|status| **status == wanted).count();
        assert_eq!(told(429) + told(422) + told(503), 1000, "{statuses:?}");
        assert_eq!(told(422), checked);
        for instance in instances {
            let owner = app.browser("eon").at(instance).post_from(home, "/login", &right).await;
            assert_eq!(owner.status, 303, "the owner, from the address they came from before");
        }
        let within = std::time::Duration::from_secs(30);
        assert!(started.elapsed() < within, "{:?}", started.elapsed());
    }
}

/// The owner is away from home while somebody guesses from everywhere: a chance comes every few seconds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_in_a_strange_place_comes_in_within_half_a_minute() {
    let app = TestApp::start().await;
    let customer = app.book.tenants.iter().find(|tenant| tenant.slug == "eon").expect("eon").customers[2].clone();
    let wrong = [("username", customer.username.as_str()), ("password", "wrong")];
    for last in 0..20_u8 {
        app.browser("eon").post_from([198, 51, 100, last].into(), "/login", &wrong).await;
    }
    let right = [("username", customer.username.as_str()), ("password", &customer.password)];
    let started = std::time::Instant::now();
    loop {
        let answer = app.browser("eon").post_from([203, 0, 113, 1].into(), "/login", &right).await;
        assert!(started.elapsed() < std::time::Duration::from_secs(30), "{}", answer.text());
        if answer.status == 303 {
            return;
        }
        let wait: u64 = answer.header("retry-after").parse().expect("it says when to come again");
        assert!(wait <= 5, "{wait}");
        tokio::time::sleep(std::time::Duration::from_secs(wait)).await;
    }
}

#[tokio::test]
async fn next_leads_only_within_the_portal() {
    let app = TestApp::start().await;
    let customer = app.book.tenants.iter().find(|tenant| tenant.slug == "cez").expect("cez").customers[0].clone();
    for (next, goal) in [
        ("/advances", "/VOK/advances"),
        ("//evil.example", "/VOK/dashboard"),
        ("/\\evil", "/VOK/dashboard"),
        ("javascript:alert(1)", "/VOK/dashboard"),
    ] {
        let form = [("username", customer.username.as_str()), ("password", customer.password.as_str()), ("next", next)];
        let answer = app.browser("cez").post("/login", &form).await;
        assert_eq!(answer.location(), goal, "{next}");
    }
}

#[tokio::test]
async fn odd_cookies_are_nobody() {
    let app = TestApp::start().await;
    for value in ["", "x", "AAAA.BBBB", &"a".repeat(9000), "ěšč", "%00"] {
        let mut browser = app.browser("eon");
        let request = browser.request("GET", "/dashboard").header("cookie", format!("customer={value}").into_bytes());
        let answer = browser.send(request.body(axum::body::Body::empty()).expect("a request")).await;
        assert_eq!(answer.status, 303, "{value:.20}");
    }
}

/// Whoever is in can leave, and whoever is not is not sent to a door that is not there.
#[tokio::test]
async fn signing_out_works_with_the_log_in_switched_off() {
    let app = TestApp::start().await;
    let mut customer = app.customer("bicorn", 0).await;
    let mut operator = app.operator("bicorn", "lead").await;
    let form = operator.get("/operator/features/login_with_credentials").await;
    let revision = value_of(&form, "revision");
    let fields = [("reason", "údržba"), ("revision", revision.as_str()), ("turn", "off")];
    assert_eq!(operator.post("/operator/features/login_with_credentials", &fields).await.status, 303);
    let stranger = app.browser("bicorn").get("/dashboard").await;
    assert_eq!((stranger.status, stranger.location()), (303, "/"));
    customer.get("/dashboard").await;
    assert_eq!(customer.post("/logout", &[]).await.status, 303);
    assert_eq!(customer.get("/dashboard").await.status, 303);
}

#[tokio::test]
async fn next_may_carry_the_mount() {
    let app = TestApp::start().await;
    let customer = app.book.tenants.iter().find(|tenant| tenant.slug == "pre").expect("pre").customers[0].clone();
    for next in ["/payments", "/mujucet/payments"] {
        let form = [("username", customer.username.as_str()), ("password", &customer.password), ("next", next)];
        assert_eq!(app.browser("pre").post("/login", &form).await.location(), "/mujucet/payments");
    }
}

/// The first operator of a new supplier comes by the command line, with a second factor like everybody.
#[tokio::test]
async fn a_member_added_by_command_signs_in_and_is_in_the_audit() {
    let app = TestApp::start().await;
    let add =
        async |username: &str, role: &str| staff_command::add(&app.config, "eon", username, "Jana Nová", role).await;
    let handed = add("jana", "lead").await.expect("added");
    let code = busbar::backends::totp::code_at(&handed.totp_secret, app.services.clock.now()).expect("a secret");
    let form = [("username", "jana"), ("password", handed.password.as_str()), ("totp", code.as_str())];
    let mut browser = app.browser("eon");
    assert_eq!(browser.post("/operator/login", &form).await.status, 303);
    assert_eq!(browser.get("/operator/features").await.status, 200);
    assert!(add("jana", "lead").await.is_err_and(|error| error.to_string().contains("already")));
    assert!(add("petr", "customer").await.is_err() && add("p r", "lead").await.is_err());
}

const NEW: &str = "tři tlusté kočky na střeše";

/// Another password ends every other session, everywhere, within the answer; the old one opens nothing any more.
#[tokio::test]
async fn another_password_ends_all_other_sessions_at_once_on_every_instance() {
    let app = TestApp::start().await;
    let (_services, second) = app.another_instance().await;
    let who = app.book.tenants.iter().find(|tenant| tenant.slug == "cez").expect("cez").customers[0].clone();
    let mut here = app.customer("cez", 0).await;
    // Instances without Redis keep sessions to themselves; there is one then.
    let elsewhere = if template::is_production() { &second } else { &app.entry };
    let mut there = app.customer("cez", 0).await.at(elsewhere);
    assert_eq!(there.get("/dashboard").await.status, 200);
    let before = here.cookies.clone();
    let page = here.get("/account/security").await;
    assert!(
        page.text().contains("toto zařízení") && page.text().contains("Odhlásit všechna ostatní"),
        "{}",
        page.text()
    );
    let form = [("password", who.password.as_str()), ("new", NEW)];
    let changed = here.post("/account/security/password", &form).await;
    assert_eq!(changed.status, 303, "{}", changed.text());
    assert_eq!(there.get("/dashboard").await.status, 303, "signed out elsewhere");
    assert_ne!(here.cookies, before, "a new session with a new token");
    assert!(here.get("/account/security?done=password").await.text().contains("Heslo je změněné"));
    let mut visitor = app.browser("cez");
    let old = [("username", who.username.as_str()), ("password", who.password.as_str())];
    assert_eq!(visitor.post("/login", &old).await.status, 422, "the old password");
    // Typed on a keyboard that sends a letter and its accent apart.
    let apart: String = unicode_normalization::UnicodeNormalization::nfd(NEW).collect();
    assert_eq!(visitor.post("/login", &[("username", &who.username), ("password", &apart)]).await.status, 303);
    let messages = app.messages().await;
    assert_eq!(messages.iter().filter(|one| one.kind == "password_changed").count(), 1);
    let mails = format!("{messages:?}");
    assert!(!mails.contains(NEW) && !mails.contains(&who.password), "no mail holds a password");
}

#[tokio::test]
async fn a_password_anybody_would_try_is_refused_and_the_present_one_must_be_right() {
    let app = TestApp::start().await;
    let who = app.book.tenants.iter().find(|tenant| tenant.slug == "pp").expect("pp").customers[0].clone();
    let mut customer = app.customer("pp", 0).await;
    let megabyte = "a b c".repeat(50_000);
    for (present, new, said) in [
        (who.password.as_str(), "krátké", "aspoň 15 znaků; zadali jste 6"),
        (&who.password, "Prazska plynarenska 1", "stojí na slově „Pražská“"),
        (&who.password, "               ", "Vyplňte"),
        (&who.password, "aaaaaaaaaaaaaaaaaaaa", "stejné znaky"),
        (&who.password, "tři tlusté\u{0}kočky na střeše", "znaky"),
        (&who.password, &megabyte, "bajtů"),
        ("špatné heslo", NEW, "heslo"),
        ("", NEW, "heslo"),
    ] {
        customer.get("/account/security").await;
        let answer = customer.post("/account/security/password", &[("password", present), ("new", new)]).await;
        let tried: String = new.chars().take(40).collect();
        assert_eq!(answer.status, 422, "{tried}: {}", answer.text());
        assert!(answer.text().contains(said), "{tried}: {}", answer.text());
        assert!(!answer.body.contains(&format!("value=\"{tried}")), "a password is never shown again");
    }
    assert!(app.messages().await.iter().all(|one| one.kind != "password_changed"));
    let mut visitor = app.browser("pp");
    let form = [("username", who.username.as_str()), ("password", who.password.as_str())];
    assert_eq!(visitor.post("/login", &form).await.status, 303, "the old password still opens");
}

#[tokio::test]
async fn one_button_ends_all_other_sessions_and_no_own_one() {
    let app = TestApp::start().await;
    let (mut here, mut there) = (app.customer("eon", 0).await, app.customer("eon", 0).await);
    let mut another = app.customer("eon", 1).await;
    here.get("/account/security").await;
    assert_eq!(here.post("/account/security/others", &[]).await.status, 303);
    assert_eq!(here.get("/dashboard").await.status, 200);
    assert_eq!(there.get("/dashboard").await.status, 303);
    assert_eq!(another.get("/dashboard").await.status, 200, "another's session");
    assert!(!here.get("/account/security").await.text().contains("Odhlásit všechna ostatní"));
}

//! Nothing secret or personal in any log, however much is logged: the real binary at its most talkative, twenty things looked for.
use crate::crash::{Remote, Running};
use crate::support::applicant::{EMAIL, PASSWORD, on_the_bill, token_in};
use crate::support::{TestApp, value_in};
use std::process::Stdio;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_password_token_code_or_personal_thing_is_in_any_log() {
    let app = TestApp::start().await;
    let tenant = app.book.tenants.iter().find(|tenant| tenant.slug == "3e").expect("3e").clone();
    let (customer, who) = (&tenant.customers[0], app.applicant("3e"));
    let path = app.config.data.dir.join("log.txt");
    let log = || {
        let file = std::fs::OpenOptions::new().create(true).append(true).open(&path).expect("a file");
        Stdio::from(file)
    };
    let running = Running::start_saying(&app, "trace", log).await;
    let browser = Remote::of(&running, &tenant);
    let mut secrets: Vec<String> =
        vec!["spatne-heslo-12345".into(), customer.password.clone(), PASSWORD.into(), EMAIL.into()];
    browser
        .post("/login", &[("username", &customer.username), ("password", "spatne-heslo-12345")])
        .await
        .expect("told");
    let answer = browser.post("/login", &[("username", &customer.username), ("password", &customer.password)]).await;
    let answer = answer.expect("in");
    assert_eq!(answer.status().as_u16(), 303);
    secrets.extend(answer.headers().get_all("set-cookie").iter().filter_map(|one| {
        let value = one.to_str().ok()?.split('=').nth(1)?.split(';').next()?.to_owned();
        (value.len() > 20).then_some(value)
    }));
    let page = browser.get("/account/contact").await.expect("a form");
    let [csrf, key] = ["csrf", "key"].map(|field| value_in(&page, field));
    secrets.push(csrf.clone());
    let fields = [
        ("csrf", csrf.as_str()),
        ("key", key.as_str()),
        ("phone", "+420 777 246 813"),
        ("email", "tajna.adresa@priklad.example"),
        ("step", "send"),
        ("password", customer.password.as_str()),
    ];
    browser.post("/account/contact", &fields).await.expect("changed");
    secrets.extend(["777246813", "777 246 813", "tajna.adresa"].map(str::to_owned));
    let stranger = Remote::of(&running, &tenant);
    stranger.post("/password", &[("username", &customer.username)]).await.expect("asked");
    let identifiers = app.services.registry.by_slug("3e").expect("3e").document.access.identifiers();
    let mut form: Vec<(String, String)> =
        identifiers.into_iter().map(|what| (what.key().to_owned(), on_the_bill(&who, what))).collect();
    secrets.extend(form.iter().map(|(_, value)| value.clone()));
    form.push(("email".into(), EMAIL.into()));
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    stranger.post("/registration", &form).await.expect("applied");
    let words = mailed(&app, "/registration/finish?token=").await;
    let token = token_in(words.split_whitespace().find(|word| word.contains("token=")).expect("a link"));
    stranger.get(&format!("/registration/finish?token={token}")).await.expect("looked at");
    let fields = [("token", token.as_str()), ("username", "novak.jan"), ("new", PASSWORD)];
    let done = stranger.post("/registration/finish", &fields).await.expect("made");
    assert_eq!(done.status().as_u16(), 200);
    stranger.post("/login", &[("username", "novak.jan"), ("password", PASSWORD)]).await.expect("in");
    let reset = mailed(&app, "/password/new?token=").await;
    secrets.push(token_in(reset.split_whitespace().find(|word| word.contains("/password/new")).expect("a link")));
    secrets.push(token);
    secrets.extend([who.name.clone(), customer.name.clone(), app.config.secrets.master.clone()]);
    running.kill();
    secrets.retain(|one| one.len() > 3);
    assert!(secrets.len() >= 15, "{}", secrets.len());
    let log = std::fs::read_to_string(&path).expect("a log");
    assert!(log.lines().count() >= 10, "it was talkative: {} lines", log.lines().count());
    for secret in &secrets {
        let line = log.lines().find(|line| line.contains(secret.as_str()));
        assert!(line.is_none(), "{secret} is in the log: {}", line.unwrap_or_default());
    }
}

/// The plain words of a mail in the folder that has this link, with patience for its delivery.
async fn mailed(app: &TestApp, link: &str) -> String {
    let patience = Instant::now() + Duration::from_secs(30);
    loop {
        if let Ok(folder) = std::fs::read_dir(app.config.data.dir.join("mail")) {
            for entry in folder.flatten().filter(|entry| entry.path().extension().is_some_and(|one| one == "eml")) {
                let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
                let words = crate::support::applicant::plain_part(&text);
                if words.contains(link) {
                    return words;
                }
            }
        }
        assert!(Instant::now() < patience, "no mail with {link}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

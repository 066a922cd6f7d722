//! A server killed in the middle: nothing that was acknowledged is lost, and nothing is half done.
use crate::support::{TestApp, template, value_in};
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The real binary on the test's own database.
struct Running {
    child: Child,
    base: String,
}

impl Running {
    async fn start(app: &TestApp) -> Running {
        let spare =
            || TcpListener::bind("127.0.0.1:0").and_then(|one| one.local_addr()).expect("a free port").to_string();
        let (listen, private) = (spare(), spare());
        let mut command = Command::new(env!("CARGO_BIN_EXE_busbar"));
        command.arg("serve").stdout(Stdio::null()).stderr(Stdio::null());
        let settings = [
            ("BUSBAR__SERVER__LISTEN", listen.clone()),
            ("BUSBAR__SERVER__PRIVATE_LISTEN", private),
            ("BUSBAR__DEMO__ENABLED", "true".into()),
            ("BUSBAR__DATA__DIR", app.config.data.dir.display().to_string()),
            ("BUSBAR__DATABASE__URL", app.config.database_url()),
            ("BUSBAR__SECRETS__MASTER", app.config.secrets.master.clone()),
            ("BUSBAR__LOG__FILTER", "error".into()),
        ];
        command.envs(settings);
        if template::is_production() {
            command
                .env("BUSBAR__REDIS__URL", &app.config.redis.url)
                .env("BUSBAR__REDIS__PREFIX", &app.config.redis.prefix);
        }
        let child = command.spawn().expect("the binary was built with the tests");
        let running = Running { child, base: format!("http://{listen}") };
        let patience = Instant::now() + Duration::from_secs(60);
        while std::net::TcpStream::connect(&listen).is_err() {
            assert!(Instant::now() < patience, "the server did not start");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        running
    }

    /// As a power cut would: no chance to tidy up.
    fn kill(mut self) {
        self.child.kill().expect("it was running");
        self.child.wait().expect("it has ended");
    }
}

fn client() -> reqwest::Client {
    let never = reqwest::redirect::Policy::none();
    reqwest::Client::builder().cookie_store(true).redirect(never).build().expect("a client")
}

/// Five times: a customer changes their telephone again and again, the server dies at some moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_kill_and_nothing_is_half_done() {
    let app = TestApp::start().await;
    let tenant = app.book.tenants.iter().find(|tenant| tenant.slug == "cez").expect("cez").clone();
    let customer = &tenant.customers[0];
    let mut acknowledged: BTreeMap<String, String> = BTreeMap::new();
    let mut next = 0;
    for round in 0..5_u64 {
        let running = Running::start(&app).await;
        let browser = client();
        let base = running.base.clone();
        let at = |path: &str| format!("{base}/VOK{path}");
        let post = |path: &str, form: Vec<(&str, String)>| {
            browser.post(at(path)).header("host", &tenant.host).form(&form).send()
        };
        let login = vec![("username", customer.username.clone()), ("password", customer.password.clone())];
        assert_eq!(post("/login", login).await.expect("an answer").status().as_u16(), 303);
        let ends = Instant::now() + Duration::from_millis(250 + round * 130);
        let killer = std::thread::spawn(move || {
            #[expect(clippy::disallowed_methods, reason = "a thread of its own that only waits")]
            std::thread::sleep(ends.saturating_duration_since(Instant::now()));
            running.kill();
        });
        loop {
            let form = browser.get(at("/account/contact")).header("host", &tenant.host).send().await;
            let Ok(form) = form else { break };
            let Ok(page) = form.text().await else { break };
            let phone = format!("+420777{next:06}");
            next += 1;
            let fields = vec![
                ("csrf", value_in(&page, "csrf")),
                ("key", value_in(&page, "key")),
                ("phone", phone.clone()),
                ("email", value_in(&page, "email")),
                ("step", "send".to_owned()),
            ];
            let Ok(sent) = post("/account/contact", fields).await else { break };
            assert_eq!(sent.status().as_u16(), 303);
            let location = sent.headers()["location"].to_str().expect("ASCII").to_owned();
            let reference = location.rsplit('/').next().and_then(|rest| rest.split('?').next()).expect("a number");
            acknowledged.insert(reference.to_owned(), phone);
        }
        killer.join().expect("the killer ends");
    }
    assert!(acknowledged.len() >= 5, "hardly anything was acknowledged: {}", acknowledged.len());
    let id = app.services.registry.by_slug("cez").expect("cez").id;
    let tx = app.services.db.tenant(id).read().await.expect("the database is whole");
    let person = tx.find_customers(&customer.number, 1).await.expect("found").remove(0);
    let requests = tx.requests_of(person.id, 1000).await.expect("the requests");
    let kept: BTreeMap<String, String> = requests
        .iter()
        .filter(|one| one.was_immediate)
        .map(|one| (one.reference.to_string(), one.payload["new"]["phone"].as_str().unwrap_or_default().to_owned()))
        .collect();
    for (reference, phone) in &acknowledged {
        assert_eq!(kept.get(reference), Some(phone), "{reference} was acknowledged");
    }
    let newest = requests.iter().find(|one| one.was_immediate).expect("at least one");
    assert_eq!(
        person.phone.as_deref(),
        newest.payload["new"]["phone"].as_str(),
        "a request is done when its change is"
    );
    for one in &requests {
        let events = tx.events_of(one.id, false).await.expect("the story");
        assert!(!one.was_immediate || events.len() >= 2, "{} has half a story", one.reference);
    }
    println!("{} changes acknowledged over five kills, {} kept", acknowledged.len(), kept.len());
}

//! A server killed in the middle: nothing that was acknowledged is lost, and nothing is half done.
mod notices;
mod visits;

use crate::support::{TestApp, template, value_in};
use busbar::app::demo_command::{BookCustomer, BookTenant};
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The real binary on the test's own database.
pub struct Running {
    child: Child,
    pub base: String,
}

impl Running {
    pub async fn start(app: &TestApp) -> Running {
        Running::start_saying(app, "error", Stdio::null).await
    }

    /// With a log: its filter, and where it goes.
    pub async fn start_saying(app: &TestApp, filter: &str, log: impl Fn() -> Stdio) -> Running {
        Running::start_with(app, filter, log, &[]).await
    }

    /// With settings of its own besides.
    pub async fn start_with(app: &TestApp, filter: &str, log: impl Fn() -> Stdio, more: &[(&str, String)]) -> Running {
        let spare =
            || TcpListener::bind("127.0.0.1:0").and_then(|one| one.local_addr()).expect("a free port").to_string();
        let (listen, private) = (spare(), spare());
        let mut command = Command::new(env!("CARGO_BIN_EXE_busbar"));
        command.arg("serve").stdout(log()).stderr(log());
        let settings = [
            ("BUSBAR__SERVER__LISTEN", listen.clone()),
            ("BUSBAR__SERVER__PRIVATE_LISTEN", private),
            ("BUSBAR__DEMO__ENABLED", "true".into()),
            ("BUSBAR__DATA__DIR", app.config.data.dir.display().to_string()),
            ("BUSBAR__DATABASE__URL", app.config.database_url()),
            ("BUSBAR__SECRETS__MASTER", app.config.secrets.master.clone()),
            ("BUSBAR__LOG__FILTER", filter.into()),
        ];
        command.envs(settings);
        if template::is_production() {
            command
                .env("BUSBAR__REDIS__URL", &app.config.redis.url)
                .env("BUSBAR__REDIS__PREFIX", &app.config.redis.prefix);
        }
        command.envs(more.iter().map(|(key, value)| (key, value)));
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
    pub fn kill(mut self) {
        self.child.kill().expect("it was running");
        self.child.wait().expect("it has ended");
    }

    fn killed_after(self, wait: Duration) -> JoinHandle<()> {
        let ends = Instant::now() + wait;
        std::thread::spawn(move || {
            #[expect(clippy::disallowed_methods, reason = "a thread of its own that only waits")]
            std::thread::sleep(ends.saturating_duration_since(Instant::now()));
            self.kill();
        })
    }
}

/// A customer's browser at a server that may be gone at any moment.
pub struct Remote {
    pub client: reqwest::Client,
    pub base: String,
    pub host: String,
}

impl Remote {
    pub fn of(running: &Running, tenant: &BookTenant) -> Remote {
        let never = reqwest::redirect::Policy::none();
        let client = reqwest::Client::builder().cookie_store(true).redirect(never).build().expect("a client");
        let base = format!("{}{}", running.base, tenant.mount.trim_end_matches('/'));
        Remote { client, base, host: tenant.host.clone() }
    }

    async fn signed_in(running: &Running, tenant: &BookTenant, customer: &BookCustomer) -> Remote {
        let remote = Remote::of(running, tenant);
        let login = [("username", customer.username.as_str()), ("password", customer.password.as_str())];
        let answer = remote.post("/login", &login).await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 303);
        remote
    }

    pub async fn get(&self, path: &str) -> reqwest::Result<String> {
        let request = self.client.get(format!("{}{path}", self.base)).header("host", &self.host);
        request.send().await?.text().await
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> reqwest::Result<reqwest::Response> {
        self.client.post(format!("{}{path}", self.base)).header("host", &self.host).form(form).send().await
    }
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
        let browser = Remote::signed_in(&running, &tenant, customer).await;
        let killer = running.killed_after(Duration::from_millis(250 + round * 130));
        loop {
            let Ok(page) = browser.get("/account/contact").await else { break };
            let phone = format!("+420777{next:06}");
            next += 1;
            let kept = ["csrf", "key", "email"].map(|field| value_in(&page, field));
            let [csrf, key, email] = kept.each_ref().map(String::as_str);
            let fields = [("csrf", csrf), ("key", key), ("phone", &phone), ("email", email), ("step", "send")];
            let Ok(sent) = browser.post("/account/contact", &fields).await else { break };
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

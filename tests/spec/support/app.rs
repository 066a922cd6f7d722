//! A whole Busbar in this process: its own copy of the template, one or more instances, no sockets unless asked for.
use super::browser::Browser;
use super::template;
use busbar::app::config::Config;
use busbar::app::demo_command::Book;
use busbar::app::{router, state};
use busbar::data::SentMessage;
use busbar::web::kit::entry::Entry;
use busbar::web::kit::services::Shared;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

pub struct TestApp {
    pub config: Config,
    pub book: Book,
    pub services: Shared,
    pub entry: Entry,
    dir: PathBuf,
    database: Option<String>,
}

static COUNT: AtomicU32 = AtomicU32::new(0);

impl TestApp {
    pub async fn start() -> TestApp {
        Self::start_with(&[]).await
    }

    pub async fn start_with(overrides: &[(&str, &str)]) -> TestApp {
        let (from, name) = template::ready().await;
        let unique = format!("{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let dir = std::env::temp_dir().join(format!("busbar-test-{unique}"));
        std::fs::create_dir_all(&dir).expect("the temporary folder is writable");
        let mut all: Vec<(String, String)> =
            overrides.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let database = template::is_production().then(|| format!("busbar_test_{unique}"));
        match &database {
            Some(database) => {
                template::psql(&format!("CREATE DATABASE {database} TEMPLATE {name} OWNER busbar_test"));
                all.push(("database.url".into(), template::app_url(database)));
                all.push(("database.max_connections".into(), "8".into()));
                // Each test has its own numbered keys' namespace by its own database number.
                all.push(("redis.url".into(), template::redis_url()));
                all.push(("redis.prefix".into(), database.clone()));
            }
            None => {
                std::fs::copy(from.join("busbar.db"), dir.join("busbar.db")).expect("the template has a database");
            }
        }
        let all: Vec<(&str, &str)> = all.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let config = template::config(&dir, &all);
        let book = std::fs::read_to_string(from.join("demo.json")).expect("the template has a book");
        let book = serde_json::from_str(&book).expect("the book is what the demo wrote");
        let services = state::build(&config).await.expect("the application stands up");
        let entry = router::entry(services.clone());
        TestApp { config, book, services, entry, dir, database }
    }

    /// Another instance on the same database (and Redis, in production).
    pub async fn another_instance(&self) -> (Shared, Entry) {
        let services = state::build(&self.config).await.expect("a second instance stands up");
        let entry = router::entry(services.clone());
        (services, entry)
    }

    /// A browser at a tenant's own address.
    pub fn browser(&self, slug: &str) -> Browser {
        let tenant = self.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight");
        Browser::new(self.entry.clone(), &tenant.host, &tenant.mount)
    }

    pub fn console(&self) -> Browser {
        Browser::new(self.entry.clone(), "console.localhost", "")
    }

    /// A browser in which the tenant's `index`-th customer is signed in.
    pub async fn customer(&self, slug: &str, index: usize) -> Browser {
        let tenant = self.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight");
        let customer = &tenant.customers[index];
        let mut browser = self.browser(slug);
        let answer =
            browser.post("/login", &[("username", &customer.username), ("password", &customer.password)]).await;
        assert_eq!(answer.status, 303, "customer {index} of {slug} signs in: {}", answer.body);
        browser
    }

    pub async fn operator(&self, slug: &str, role: &str) -> Browser {
        let tenant = self.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight");
        let member = tenant.staff.iter().find(|member| member.role == role).expect("the demo has this role");
        let mut browser = self.browser(slug);
        self.sign_in_staff(&mut browser, "/operator/login", &member.username, &member.password, &member.totp_secret)
            .await;
        browser
    }

    pub async fn platform_operator(&self) -> Browser {
        let member = &self.book.platform[0];
        let mut browser = self.console();
        self.sign_in_staff(&mut browser, "/login", &member.username, &member.password, &member.totp_secret).await;
        browser
    }

    /// Everything that waits in the outbox leaves; then all that ever left, newest first.
    pub async fn messages(&self) -> Vec<SentMessage> {
        let mut sent = self.kept_messages().await;
        // As their readers have them: what is kept leaves out what opens something.
        for one in sent.iter_mut().filter(|one| one.body_text.contains("••••")) {
            one.body_text = self.words_as_sent(one);
        }
        sent
    }

    /// The same as they are kept.
    pub async fn kept_messages(&self) -> Vec<SentMessage> {
        let jobs = state::job_services(&self.config, &self.services).expect("mail goes to a folder");
        busbar::jobs::deliver_now(&jobs).await.expect("the outbox is read");
        let sent = self.services.db.platform().sent_messages(500).await.expect("what was sent is kept");
        sent.iter().for_each(|one| self.assert_own_links(one));
        sent
    }

    /// Every address in a message is one of the tenant's own, whatever headers the request had that caused it.
    fn assert_own_links(&self, message: &SentMessage) {
        let Some(tenant) = self.services.registry.by_id(message.tenant_id) else { return };
        let home = tenant.url("/");
        let home = home.trim_end_matches('/');
        for body in [&message.body_text, &message.body_html] {
            for link in body.split("http").skip(1).filter(|rest| rest.starts_with("://") || rest.starts_with("s://")) {
                let link = format!("http{link}");
                let link = link.split(|end: char| end.is_whitespace() || end == '"' || end == '<').next().unwrap_or("");
                let is_own = link == home || link.starts_with(&format!("{home}/"));
                let is_standard = link.starts_with("http://www.w3.org/");
                assert!(is_own || is_standard, "{} of {}: {link}", message.kind, tenant.slug);
            }
        }
    }

    /// This test's database as its administrator sees it: every tenant's rows.
    pub fn admin_url(&self) -> String {
        match &self.database {
            Some(database) => {
                let admin = template::admin_url();
                let (start, _) = admin.rsplit_once('/').expect("the address ends with a database");
                format!("{start}/{database}")
            }
            None => self.config.database_url(),
        }
    }

    /// Connections to this test's PostgreSQL database that are idle within a transaction; none on SQLite.
    pub fn open_transactions(&self) -> Option<String> {
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND datname = ";
        self.database.as_ref().map(|database| template::psql(&format!("{sql}'{database}'")))
    }

    async fn sign_in_staff(&self, browser: &mut Browser, path: &str, username: &str, password: &str, secret: &str) {
        let code =
            busbar::backends::totp::code_at(secret, self.services.clock.now()).expect("the demo's secret is right");
        let form = [("username", username), ("password", password), ("totp", code.as_str())];
        let answer = browser.post(path, &form).await;
        assert_eq!(answer.status, 303, "{username} signs in at {path}: {}", answer.body);
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.dir);
        if let Some(database) = &self.database {
            template::psql(&format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"));
        }
    }
}

//! Workers killed while they deliver, a mail server that breaks off and says no for now, a gateway that answers with errors, a Redis that
//! is cut off again and again: nothing told is lost; in the portal and by text nobody is told twice; a mail may come again as the same
//! message, at most for what a worker had in hand when it was killed. `BUSBAR_STORM=100,10000` asks for a hundred kills and ten thousand
//! notices.
use super::Running;
use crate::support::TestApp;
use crate::support::smtp::{MailServer, Say};
use crate::support::{flaky, template};
use busbar::data::{Choices, Notice};
use busbar::domain::ids::{AccountId, CustomerId};
use busbar::domain::notices::{Channel, Event};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Mails of one lane in hand at once: four batches, in each four with the server.
const IN_HAND: usize = 16;

fn size() -> (usize, usize) {
    let asked = std::env::var("BUSBAR_STORM").ok();
    let asked = asked.as_deref().and_then(|text| text.split_once(','));
    asked.and_then(|(kills, notices)| Some((kills.parse().ok()?, notices.parse().ok()?))).unwrap_or((6, 400))
}

/// A gateway that honours the idempotency key, as gateways promise: a text is its id, however often it is handed over.
#[derive(Clone, Default)]
struct TextGateway {
    /// By id: to whom and what, each way it was ever said.
    taken: Arc<Mutex<BTreeMap<String, BTreeSet<String>>>>,
    asked: Arc<Mutex<usize>>,
}

impl TextGateway {
    async fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/", listener.local_addr().expect("bound"));
        let own = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(own.clone().answer(stream));
            }
        });
        url
    }

    async fn answer(self, mut stream: TcpStream) -> Option<()> {
        let mut held = String::new();
        loop {
            let body = loop {
                if let Some((head, rest)) = held.split_once("\r\n\r\n") {
                    let head = head.to_ascii_lowercase();
                    let length =
                        head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok())?;
                    if rest.len() >= length {
                        let body = rest[..length].to_owned();
                        held = rest[length..].to_owned();
                        break body;
                    }
                }
                let mut part = vec![0; 65_536];
                let read = stream.read(&mut part).await.ok().filter(|read| *read > 0)?;
                held.push_str(&String::from_utf8_lossy(&part[..read]));
            };
            let turn = {
                let mut asked = self.asked.lock().expect("no panic");
                *asked += 1;
                *asked
            };
            // Every seventh time it is busy, every eleventh it takes the texts and breaks off before it says so.
            if turn % 7 == 0 {
                stream.write_all(b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n").await.ok()?;
                continue;
            }
            let texts: Vec<serde_json::Value> = serde_json::from_str(&body).ok()?;
            let mut answers = Vec::new();
            for text in &texts {
                let of = |key: &str| text[key].as_str().unwrap_or_default().to_owned();
                let said = format!("{} {}", of("to"), of("text"));
                self.taken.lock().expect("no panic").entry(of("id")).or_default().insert(said);
                answers.push(json!({ "id": format!("g-{}", of("id")) }));
            }
            if turn % 11 == 0 {
                return None;
            }
            let body = json!(answers).to_string();
            let head =
                format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.write_all(format!("{head}{body}").as_bytes()).await.ok()?;
        }
    }
}

struct Ground {
    app: TestApp,
    people: Vec<(AccountId, CustomerId)>,
}

impl Ground {
    async fn run(&self, sql: &str) -> Vec<i64> {
        let raw = sea_orm::Database::connect(self.app.admin_url()).await.expect("the database");
        let rows = raw.query_all_raw(Statement::from_string(raw.get_database_backend(), sql)).await.expect(sql);
        _ = raw.close().await;
        rows.iter().map(|row| row.try_get_by_index(0).expect("a number")).collect()
    }

    /// As if the time had passed for which a dead worker holds its batch, and that between two tries.
    async fn time_passes(&self) {
        self.run("UPDATE outbox SET next_at = created_at WHERE state = 'ready' RETURNING CAST(attempts AS bigint)")
            .await;
    }

    /// Only between two tries: what a worker has in hand stays in its hands.
    async fn a_while_passes(&self) {
        let past = "UPDATE outbox SET next_at = created_at WHERE state = 'ready' AND locked_until IS NULL \
                    RETURNING CAST(attempts AS bigint)";
        self.run(past).await;
    }

    /// Of the messages told here.
    async fn ids(&self) -> BTreeSet<String> {
        let raw = sea_orm::Database::connect(self.app.admin_url()).await.expect("the database");
        let sql = "SELECT id FROM outbox WHERE dedupe_key LIKE 'storm:%'";
        let rows = raw.query_all_raw(Statement::from_string(raw.get_database_backend(), sql)).await.expect(sql);
        _ = raw.close().await;
        rows.iter().map(|row| row.try_get_by_index::<uuid::Uuid>(0).expect("an id").to_string()).collect()
    }

    async fn waiting(&self) -> i64 {
        self.run("SELECT CAST(COUNT(*) AS bigint) FROM outbox WHERE state = 'ready'").await[0]
    }
}

/// Some of PRE's customers who want to be told by mail and by text.
async fn ground() -> Ground {
    let app = TestApp::start().await;
    let jobs = busbar::app::state::job_services(&app.config, &app.services).expect("the ways out");
    busbar::jobs::deliver_now(&jobs).await.expect("what the demo left is out of the way");
    let tenant = app.services.registry.by_slug("pre").expect("it serves").id;
    let book = app.book.tenants.iter().find(|tenant| tenant.slug == "pre").expect("one of the eight").clone();
    let tx = app.services.db.tenant(tenant).begin().await.expect("a transaction");
    let mut people = Vec::new();
    for one in &book.customers {
        let customer = tx.find_customers(&one.number, 1).await.expect("found").remove(0);
        let Some(account) = tx.account_by_username(&one.username).await.expect("looked up") else { continue };
        if customer.email.is_none() || customer.phone.is_none() {
            continue;
        }
        let both =
            Choices::from([((Event::InvoiceDue, Channel::Mail), true), ((Event::InvoiceDue, Channel::Sms), true)]);
        tx.choose_notices(account.id, &both, app.services.clock.now()).await.expect("chosen");
        people.push((account.id, customer.id));
    }
    tx.commit().await.expect("kept");
    assert!(!people.is_empty());
    Ground { app, people }
}

async fn tell(ground: &Ground, notices: usize) {
    let app = &ground.app;
    let tenant = app.services.registry.by_slug("pre").expect("it serves").id;
    let now = app.services.clock.now();
    let numbers: Vec<usize> = (0..notices).collect();
    for chunk in numbers.chunks(200) {
        let tx = app.services.db.tenant(tenant).begin().await.expect("a transaction");
        for number in chunk {
            let payload = json!({ "path": "/invoices", "number": number.to_string(), "amount_halere": 100, "day_on": "2026-12-01" });
            let notice = Notice {
                event: Event::InvoiceDue,
                kind: "invoice_due",
                customer: ground.people[number % ground.people.len()].1,
                payload,
                cause: format!("storm:{number}"),
                language: "cs",
                now,
                today: now.date(),
            };
            tx.tell(&notice).await.expect("told");
        }
        tx.commit().await.expect("kept");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_dies_on_the_way_everybody_is_told_and_nobody_twice_where_it_can_be_helped() {
    let (kills, notices) = size();
    let ground = ground().await;
    tell(&ground, notices).await;
    let broken = Arc::new(Mutex::new(0_usize));
    let counted = broken.clone();
    let mails = MailServer::start(move |turn, _| match turn % 97 {
        31 => Say::Refuse("451 try again later"),
        61 => {
            *counted.lock().expect("no panic") += 1;
            Say::DropAfterData
        }
        _ => Say::Take,
    });
    let (mails, texts) = (mails.await, TextGateway::default());
    let mut more = vec![
        ("BUSBAR__MAIL__SMTP", mails.url.clone()),
        ("BUSBAR__SMS__URL", texts.start().await),
        ("BUSBAR__SMS__BATCH", "50".to_owned()),
        // The same address in all links, whichever port the worker has.
        ("BUSBAR__SERVER__PUBLIC_PORT", "8080".to_owned()),
    ];
    let cuts = Arc::new(Mutex::new(0_usize));
    if template::is_production() {
        let (counted, redis) = (cuts.clone(), template::redis_url());
        let to = redis.trim_start_matches("redis://").trim_end_matches('/').to_owned();
        let way = flaky::start(to, move || *counted.lock().expect("no panic") += 1).await;
        more.push(("BUSBAR__REDIS__URL", format!("redis://{way}")));
    }
    let taken = || mails.taken().len();
    for round in 0..kills {
        let running = Running::start_with(&ground.app, "error", Stdio::null, &more).await;
        // Somewhere in the middle of what is left: each round gets its share before it dies.
        let goal = taken() + (notices - taken().min(notices)) / (kills - round + 1);
        let patience = Instant::now() + Duration::from_secs(20);
        while taken() < goal && Instant::now() < patience && ground.waiting().await > 0 {
            tokio::time::sleep(Duration::from_millis(7)).await;
        }
        running.kill();
        ground.time_passes().await;
    }
    let running = Running::start_with(&ground.app, "error", Stdio::null, &more).await;
    let patience = Instant::now() + Duration::from_secs(600);
    while ground.waiting().await > 0 {
        assert!(Instant::now() < patience, "{} still wait", ground.waiting().await);
        tokio::time::sleep(Duration::from_millis(300)).await;
        ground.a_while_passes().await;
    }
    running.kill();
    // The timetable tells of other things meanwhile; those are not counted.
    let ours: BTreeSet<String> = ground.ids().await;
    let named =
        |one: &crate::support::smtp::Taken| one.header("Message-ID").trim_start_matches('<').chars().take(36).collect();
    let all: Vec<String> = mails.taken().iter().map(named).filter(|id| ours.contains(id)).collect();
    let distinct: BTreeSet<&String> = all.iter().collect();
    let again = all.len() - distinct.len();
    let breaks = *broken.lock().expect("no panic");
    assert_eq!(distinct.len(), notices, "each mail left");
    assert!(again <= kills * IN_HAND + breaks, "{again} came again; {kills} kills, {breaks} broken off");
    let mut told = texts.taken.lock().expect("no panic").clone();
    told.retain(|id, _| ours.contains(id));
    assert_eq!(told.len(), notices, "each text left");
    let other: Vec<_> = told.values().filter(|said| said.len() != 1).collect();
    assert!(other.is_empty(), "the same id is the same text: {other:?}");
    let inbox = "SELECT CAST(COUNT(*) AS bigint) FROM notices WHERE cause LIKE 'storm:%'";
    assert_eq!(ground.run(inbox).await, [notices as i64], "each stands in the portal once");
    let failed = "SELECT CAST(COUNT(*) AS bigint) FROM outbox WHERE state = 'failed' AND dedupe_key LIKE 'storm:%'";
    assert_eq!(ground.run(failed).await, [0]);
    let cuts = *cuts.lock().expect("no panic");
    assert!(cuts > 0 || !template::is_production(), "Redis was never cut off");
    eprintln!(
        "{cuts} cuts of Redis, {kills} kills, {notices} notices: 0 missing, {again} mails again ({breaks} broken off by the server), each text under one id"
    );
}

//! The front of the house over real sockets: slow and oversized clients, draining, headers.
use crate::support::{TestApp, ids_of};
use busbar::app::{router, serve};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

struct Front {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

async fn front(app: &TestApp) -> Front {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    let (stop, stopped) = oneshot::channel();
    let server = app.config.server.clone();
    let entry = router::entry(app.services.clone());
    let task = tokio::spawn(async move {
        serve::public(listener, entry, &server, async move { _ = stopped.await }).await;
    });
    Front { address, stop: Some(stop), task }
}

async fn ask(address: SocketAddr, bytes: &[u8]) -> String {
    let mut answer = Vec::new();
    let exchange = async {
        let mut stream = TcpStream::connect(address).await.expect("the front listens");
        // A server that has heard enough may close while we still speak.
        _ = stream.write_all(bytes).await;
        stream.read_to_end(&mut answer).await
    };
    _ = tokio::time::timeout(Duration::from_secs(8), exchange).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_dribbles_its_headers_is_dropped() {
    let app = TestApp::start_with(&[("server.header_seconds", "1")]).await;
    let front = front(&app).await;
    let mut slow = TcpStream::connect(front.address).await.expect("the front listens");
    slow.write_all(b"GET / HTTP/1.1\r\nHost: eon.localhost\r\nX-A: ").await.expect("written");
    let started = Instant::now();
    let mut rest = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(10), slow.read_to_end(&mut rest)).await;
    assert!(closed.is_ok(), "still open after {:?}", started.elapsed());
}

/// It was a white page, and nothing said that the work goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_waits_too_long_is_told_so_and_the_work_goes_on() {
    let app = TestApp::start_with(&[("server.request_seconds", "1")]).await;
    let front = front(&app).await;
    let tenant = app.services.registry.by_slug("eon").expect("it serves").id;
    let book = app.book.tenants.iter().find(|one| one.slug == "eon").expect("there");
    let person = &book.customers[0];
    // Somebody else holds the account for longer than the person waits.
    let holder = app.services.db.tenant(tenant).begin().await.expect("a transaction");
    let (account, _) = ids_of(&holder, &person.username).await;
    holder.touch_login(account, None, app.services.clock.now()).await.expect("held");
    let form = format!("username={}&password={}", person.username, person.password.replace(' ', "+"));
    let head = "Host: eon.localhost\r\nAccept-Language: en\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close";
    let request = format!("POST /login HTTP/1.1\r\n{head}\r\nContent-Length: {}\r\n\r\n{form}", form.len());
    let answer = ask(front.address, request.as_bytes()).await;
    assert_eq!(status(&answer), 503, "{answer}");
    assert!(answer.contains("taking longer than usual") && answer.contains("E.ON"), "{answer}");
    assert!(answer.to_lowercase().contains("content-security-policy"), "{answer}");
    holder.commit().await.expect("let go");
    for _ in 0..100 {
        let tx = app.services.db.tenant(tenant).read().await.expect("a transaction");
        if tx.audit_trail(5, None).await.expect("the trail").iter().any(|line| line.action == "sign_in") {
            return;
        }
        drop(tx);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the work did not go on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn oversized_requests_get_the_right_number() {
    let app = TestApp::start().await;
    let front = front(&app).await;
    let body = b"POST /login HTTP/1.1\r\nHost: eon.localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 104857600\r\nConnection: close\r\n\r\n";
    assert_eq!(status(&ask(front.address, body).await), 413);
    // One that a person may well send is let finish, so that they see what is wrong.
    let head = "POST /login HTTP/1.1\r\nHost: eon.localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n";
    let body = format!("{head}Content-Length: 9000000\r\n\r\n{}", "a".repeat(9_000_000));
    let mut stream = TcpStream::connect(front.address).await.expect("the front listens");
    stream.write_all(body.as_bytes()).await.expect("all of it is received");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("and answered");
    assert!(status(&answer) == 413 && answer.contains("tlačítkem Zpět"), "{answer}");
    let long = format!("GET /{} HTTP/1.1\r\nHost: eon.localhost\r\nConnection: close\r\n\r\n", "a".repeat(70_000));
    assert!(matches!(status(&ask(front.address, long.as_bytes()).await), 414 | 431));
    let many: String = (0..500).map(|n| format!("X-{n}: a\r\n")).collect();
    let many = format!("GET / HTTP/1.1\r\nHost: eon.localhost\r\nConnection: close\r\n{many}\r\n");
    assert_eq!(status(&ask(front.address, many.as_bytes()).await), 431);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn raw_requests_get_their_tenant_or_nothing() {
    let app = TestApp::start().await;
    let front = front(&app).await;
    let rows: [(&str, u16); 9] = [
        ("GET / HTTP/1.1\r\nHost: eon.localhost\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: EON.localhost.:8080\r\n", 200),
        ("GET http://eon.localhost/ HTTP/1.1\r\nHost: cez.localhost\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: nobody.example\r\n", 421),
        ("GET / HTTP/1.1\r\nHost: eon.localhost\r\nHost: cez.localhost\r\n", 400),
        ("GET / HTTP/1.1\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: eon.localhost, cez.localhost\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: user@eon.localhost\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: nobody.example\r\nX-Forwarded-Host: eon.localhost\r\n", 421),
    ];
    for (request, expected) in rows {
        let answer = ask(front.address, format!("{request}Connection: close\r\n\r\n").as_bytes()).await;
        assert_eq!(status(&answer), expected, "{request}\n{answer:.300}");
        if expected != 200 {
            assert!(!answer.to_lowercase().contains("set-cookie"), "{request}");
            assert!(!answer.contains("Energie24"), "a neutral page names a tenant: {request}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn open_requests_finish_after_the_order_to_stop() {
    let app = TestApp::start().await;
    let mut front = front(&app).await;
    let mut stream = TcpStream::connect(front.address).await.expect("the front listens");
    stream.write_all(b"POST /login HTTP/1.1\r\nHost: eon.localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 21\r\n\r\nusername=a&").await.expect("written");
    tokio::time::sleep(Duration::from_millis(200)).await;
    front.stop.take().expect("once").send(()).expect("listening");
    tokio::time::sleep(Duration::from_millis(200)).await;
    stream.write_all(b"password=b").await.expect("written");
    let mut answer = vec![0; 64];
    let count = stream.read(&mut answer).await.expect("an answer");
    assert_eq!(status(&String::from_utf8_lossy(&answer[..count])), 422);
    assert!(TcpStream::connect(front.address).await.is_err(), "new connections are refused");
    drop(stream);
    tokio::time::timeout(Duration::from_secs(5), front.task).await.expect("drained").expect("ended well");
}

#[tokio::test]
async fn every_page_carries_the_security_headers() {
    let app = TestApp::start().await;
    for path in ["/", "/login", "/help", "/nothing-here"] {
        let answer = app.browser("eon").get(path).await;
        assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{path}");
        assert!(!answer.header("content-security-policy").contains("unsafe"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("x-frame-options"), "DENY");
        assert!(!answer.body.contains(" style=\"") && !answer.body.contains("<script>"), "{path}: inline code");
    }
}

#[tokio::test]
async fn assets_are_immutable_and_compressed() {
    let app = TestApp::start().await;
    let mut browser = app.browser("eon");
    let page = browser.get("/").await;
    let css = page.links().into_iter().find(|link| link.ends_with("style.css")).expect("a style sheet");
    let request = browser
        .request("GET", &css)
        .header("accept-encoding", "br")
        .body(axum::body::Body::empty())
        .expect("a request");
    let answer = browser.send(request).await;
    assert_eq!((answer.status, answer.header("content-encoding")), (200, "br"));
    assert!(answer.header("cache-control").contains("immutable"));
    let etag = answer.header("etag").to_owned();
    let request =
        browser.request("GET", &css).header("if-none-match", etag).body(axum::body::Body::empty()).expect("a request");
    assert_eq!(browser.send(request).await.status, 304);
    assert_eq!(browser.get("/assets/0000/style.css").await.status, 404);
}

/// A first visit: at most 40 KB in four requests (page, style, mark, icons), one more where one can sign in (the script of passkeys), and
/// beside them at most 32 KB of fonts.
#[tokio::test]
async fn a_first_visit_weighs_little() {
    let app = TestApp::start().await;
    for tenant in &app.book.tenants {
        let mut browser = app.browser(&tenant.slug);
        let page = browser.get("/").await;
        let mut wanted: Vec<String> =
            page.links().into_iter().filter(|link| link.contains("/assets/") && !link.ends_with(".woff2")).collect();
        wanted.iter_mut().for_each(|link| link.truncate(link.find('#').unwrap_or(link.len())));
        wanted.sort();
        wanted.dedup();
        let scripts = wanted.iter().filter(|path| path.ends_with("/passkeys.js")).count();
        assert!(wanted.len() - scripts <= 3 && scripts <= 1, "{}: {wanted:?}", tenant.slug);
        let (mut weight, mut fonts) = (page.bytes.len(), 0);
        for path in &wanted {
            let path = path.strip_prefix(browser.mount.as_str()).expect("within the mount");
            let request = browser.request("GET", path).header("accept-encoding", "br").body(axum::body::Body::empty());
            weight += browser.send(request.expect("a request")).await.bytes.len();
        }
        let theme = &app.services.registry.by_slug(&tenant.slug).expect("it serves").theme;
        for font in &theme.tokens.fonts {
            fonts += theme.asset_named(&font.file).expect("a checked theme has its fonts").bytes.len();
        }
        assert!(weight <= 40 * 1024 && fonts <= 32 * 1024, "{}: {weight} bytes, fonts {fonts}", tenant.slug);
    }
}

/// A dashboard is at most 14 KB of HTML, also with two commodities and everything a supplier can buy.
#[tokio::test]
async fn a_dashboard_weighs_little() {
    let app = TestApp::start().await;
    for tenant in &app.book.tenants {
        for index in 0..2 {
            let mut browser = app.customer(&tenant.slug, index).await;
            let bytes = browser.get("/dashboard").await.bytes.len();
            assert!(bytes <= 14 * 1024, "{}, customer {index}: {bytes} bytes", tenant.slug);
        }
    }
}

/// Many clients ask for pages and leave at once: no connection goes back to the pool within a transaction of theirs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_leave_in_the_middle_leave_no_open_transaction() {
    let app = TestApp::start().await;
    let front = front(&app).await;
    let browser = app.customer("eon", 0).await;
    let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = format!("GET /dashboard HTTP/1.1\r\nHost: eon.localhost\r\nCookie: {}\r\n\r\n", cookies.join("; "));
    for round in 0..100u64 {
        let mut streams = Vec::new();
        for _ in 0..8 {
            let mut stream = TcpStream::connect(front.address).await.expect("the front listens");
            stream.write_all(request.as_bytes()).await.expect("written");
            streams.push(stream);
        }
        tokio::time::sleep(Duration::from_micros(round * 97 % 9000)).await;
        drop(streams);
        tokio::time::sleep(Duration::from_millis(20)).await;
        // A request at work may be between two statements: only a transaction that never ends is nobody's.
        let patience = Instant::now() + Duration::from_secs(20);
        while app.open_transactions().is_some_and(|open| open != "0") {
            assert!(Instant::now() < patience, "round {round}: a connection within a transaction that nobody works in");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    assert_eq!(app.customer("eon", 0).await.get("/dashboard").await.status, 200);
}

/// What cannot be read is refused on a page of the supplier's, not in a library's words.
#[tokio::test]
async fn refusals_of_odd_input_are_pages() {
    let app = TestApp::start().await;
    let mut browser = app.customer("eon", 0).await;
    for path in ["/help?q=a&q=b", "/consumption?year=1&year=2", "/settlements?commodity=%ff&commodity=x"] {
        let answer = browser.get(path).await;
        assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
        assert!(answer.header("content-type").starts_with("text/html"), "{path}: {}", answer.body);
        assert!(!answer.body.contains("deserialize"), "{path}");
    }
    let request = app.browser("eon").request("POST", "/login").header("content-type", "application/json");
    let answer = app.browser("eon").send(request.body(axum::body::Body::from("{}")).expect("a request")).await;
    assert!(answer.status == 415 && answer.header("content-type").starts_with("text/html"), "{}", answer.body);
}

/// Addresses of help articles are words of their language; the other language has others.
#[tokio::test]
async fn a_help_article_of_the_other_language_leads_to_help() {
    let app = TestApp::start().await;
    let mut browser = app.browser("eon");
    let help = browser.get("/help").await;
    let article = help.links().into_iter().find(|link| link.starts_with("/help/")).expect("an article");
    assert_eq!(browser.get(&article).await.status, 200);
    browser.get("/language/en").await;
    let answer = browser.get(&article).await;
    assert!(answer.status == 200 || answer.location() == "/help", "{article}: {}", answer.status);
}

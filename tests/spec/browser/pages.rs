//! Every page of every supplier as a person's browser sees it: accessible, whole at any width, in both schemes, from one host only.
//! Pictures go to the folder that BUSBAR_SCREENSHOTS names (`make screenshots`).
use super::{chromium, serving};
use crate::support::{TestApp, template};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fantoccini::{Client, Locator};
use serde_json::Value;

/// axe-core 4, by Deque Systems, under the Mozilla Public License 2.0.
const AXE: &str = include_str!("../../support/axe/axe.min.js");
/// WCAG 2.2 up to level AA, and axe's own good practice.
const RUN: &str = "const done = arguments[0]; \
    axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }) \
    .then(found => done(found.violations.map(one => one.id + ': ' + one.nodes.map(node => node.html).join(' '))))";
/// How far the page is wider than the window, and the hosts it loaded from.
const MEASURE: &str = "return { over: document.documentElement.scrollWidth - document.documentElement.clientWidth, \
    foreign: performance.getEntriesByType('resource').map(one => new URL(one.name).host).filter(host => host !== location.host) }";

/// How much of what stood there moved while the page came in (cumulative layout shift).
const SHIFT: &str = "const done = arguments[0]; let moved = 0; \
    new PerformanceObserver(list => list.getEntries().forEach(one => moved += one.value)) \
    .observe({ type: 'layout-shift', buffered: true }); setTimeout(() => done(moved), 60)";

/// A form whose token got old.
const SEND_OLD: &str = "const form = document.querySelector('main form'); form.csrf.value = 'old'; \
    form.subject.value = 'Přepis odběru'; form.words.value = 'Dobrý den,\\njak přepíšu odběr na syna? '.repeat(9); form.submit()";
const PAGES: [&str; 53] = [
    "",
    "/contract",
    "/login",
    "/help",
    "/accessibility",
    "/terms",
    "/notices/off",
    "/dashboard",
    "/notices",
    "/account/notices",
    "/supply-points",
    "/readings",
    "/consumption",
    "/invoices",
    "/settlements",
    "/advances",
    "/payments",
    "/account",
    "/links",
    "/bonus",
    "/bonus/leave",
    "/requests",
    "/contracts",
    "/advances/flexible",
    "/outages",
    "/calendar",
    "/outages/public",
    "/account/contact",
    "/account/address",
    "/advances/change",
    "/readings/new",
    "/extraordinary-settlement",
    "/questions/new",
    "/visits/new",
    "/readings/bulk",
    "/overpayments",
    "/forecast",
    "/account/security",
    "/account/people",
    "/account/customers",
    "/account/privacy",
    "/account/privacy/erasure",
    "/account/terms",
    "/account/bank",
    "/account/payment-method",
    "/password",
    "/registration",
    "/login/code",
    "/account/security/factor",
    "/account/security/passkeys",
    "/account/security/reach",
    "/account/security/close",
    "/login/email",
];

/// The first detail page of each kind is looked at as well.
const DETAILS: [&str; 2] = ["/supply-points", "/settlements"];

pub async fn sign_in(client: &Client, base: &str, username: &str, password: &str) {
    client.goto(&format!("{base}/login")).await.expect("the log-in page");
    let field = async |name: &str| client.find(Locator::Css(name)).await.expect("a field");
    field("input[name=username]").await.send_keys(username).await.expect("typed");
    field("input[name=password]").await.send_keys(&format!("{password}\u{e007}")).await.expect("typed, then Enter");
    client.wait().for_element(Locator::Css(".site-who")).await.expect("a page after signing in");
}

async fn every_page_is_whole(slug: &str) {
    if template::is_production() {
        // The same pages; the embedded profile has looked at them.
        return;
    }
    let app = TestApp::start().await;
    let address = serving(&app).await;
    let tenant = app.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight");
    let base = format!("http://{}:{}{}", tenant.host, address.port(), tenant.mount.trim_end_matches('/'));
    let client = chromium::start(true).await;
    let mut wrong = Vec::new();
    let mut seen = 0;
    for page in PAGES {
        if page == "/dashboard" {
            sign_in(&client, &base, &tenant.customers[0].username, &tenant.customers[0].password).await;
        }
        client.goto(&format!("{base}{page}")).await.expect("an answer");
        if client.find(Locator::Css(".error-page")).await.is_ok() {
            // Not bought: its 404 stands in the console, rightly.
            _ = chromium::console(&client).await;
            continue;
        }
        look(&client, slug, page, &mut wrong).await;
        seen += 1;
        let start = format!("main a[href*=\"{page}/\"]");
        if DETAILS.contains(&page)
            && let Ok(link) = client.find(Locator::Css(&start)).await
        {
            link.click().await.expect("clicked");
            client.wait().for_element(Locator::Css("main h1")).await.expect("a detail");
            look(&client, slug, &format!("{page}/detail"), &mut wrong).await;
            seen += 1;
        }
    }
    client.goto(&format!("{base}/nothing-here")).await.expect("an answer");
    assert!(client.find(Locator::Css(".error-page")).await.is_ok(), "the page that is not there says so");
    _ = chromium::console(&client).await;
    look(&client, slug, "/not-found", &mut wrong).await;
    if slug == "pp" {
        client.goto(&format!("{base}/questions/new")).await.expect("a form");
        client.execute(SEND_OLD, Vec::new()).await.expect("sent");
        client.wait().for_element(Locator::Css(".error-page pre")).await.expect("what was typed");
        _ = chromium::console(&client).await;
        look(&client, slug, "/handed-back", &mut wrong).await;
    }
    client.close().await.expect("closed");
    assert!(seen >= 7, "only {seen} pages of {slug} were looked at");
    assert!(wrong.is_empty(), "{slug}: {} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// One page at two widths and in two schemes, and once as narrow as WCAG asks (320 CSS pixels).
pub async fn look(client: &Client, slug: &str, page: &str, wrong: &mut Vec<String>) {
    for message in chromium::console(client).await {
        wrong.push(format!("{page}: the console says {message}"));
    }
    let moved = client.execute_async(SHIFT, Vec::new()).await.expect("measured");
    if moved.as_f64().is_none_or(|moved| moved > 0.001) {
        wrong.push(format!("{page}: what stood there moved by {moved}"));
    }
    chromium::set_width(client, 320).await;
    let measured = client.execute(MEASURE, Vec::new()).await.expect("measured");
    if measured["over"].as_i64() != Some(0) {
        wrong.push(format!("{page}: {} px too wide at 320", measured["over"]));
    }
    if measured["foreign"].as_array().is_none_or(|hosts| !hosts.is_empty()) {
        wrong.push(format!("{page}: loads from {}", measured["foreign"]));
    }
    client.execute(AXE, Vec::new()).await.expect("axe stands");
    for (width, scheme) in [(1280, "light"), (1280, "dark"), (390, "dark"), (390, "light")] {
        chromium::set_width(client, width).await;
        chromium::set_scheme(client, scheme).await;
        let found = client.execute_async(RUN, Vec::new()).await.expect("axe runs");
        let found = found.as_array().into_iter().flatten().filter_map(Value::as_str);
        wrong
            .extend(found.map(|one| format!("{page} {width} {scheme}: {}", one.chars().take(300).collect::<String>())));
        if let Ok(folder) = std::env::var("BUSBAR_SCREENSHOTS") {
            let name = format!("{slug}{}-{width}-{scheme}.png", page.replace('/', "_"));
            let bytes = STANDARD.decode(chromium::picture(client).await).expect("base64");
            std::fs::create_dir_all(&folder).expect("the folder is writable");
            std::fs::write(std::path::Path::new(&folder).join(name), bytes).expect("the folder is writable");
        }
    }
}

macro_rules! suppliers {
    ($($name:ident $slug:literal),*) => { $(
        /// portal_intuitive_ui
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            every_page_is_whole($slug).await;
        }
    )* };
}

suppliers! {
    every_page_of_3e_is_whole_and_accessible "3e",
    every_page_of_bicorn_is_whole_and_accessible "bicorn",
    every_page_of_cez_is_whole_and_accessible "cez",
    every_page_of_eon_is_whole_and_accessible "eon",
    every_page_of_pp_is_whole_and_accessible "pp",
    every_page_of_pre_is_whole_and_accessible "pre",
    every_page_of_rwe_is_whole_and_accessible "rwe",
    every_page_of_uet_is_whole_and_accessible "uet"
}

//! One supplier never sees another's: not by host, not by cookie, not by identifier.
use crate::support::{Answer, Browser, TestApp};
use busbar::app::router;
use std::collections::BTreeMap;

const EIGHT: [&str; 8] = ["3e", "bicorn", "cez", "eon", "pp", "pre", "rwe", "uet"];

/// Identifiers and words that belong to one tenant's customer and must not be seen anywhere else.
struct Marks {
    words: Vec<String>,
    ids: BTreeMap<&'static str, Vec<String>>,
}

/// Every detail page and document the customer's own pages link to.
async fn marks(app: &TestApp, slug: &str) -> Marks {
    let tenant = app.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight");
    let mut words = vec![tenant.customers[0].number.clone()];
    let mut ids: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let mut browser = app.customer(slug, 0).await;
    for route in customer_pages() {
        let page = browser.get(route).await;
        if page.status != 200 {
            continue;
        }
        for link in page.links() {
            let path = link.strip_prefix(tenant.mount.trim_end_matches('/')).unwrap_or(&link).to_owned();
            for (pattern, list) in [
                ("/supply-points/", "/supply-points/{id}"),
                ("/settlements/", "/settlements/{id}"),
                ("/invoices/", "/invoices/{id}/pdf"),
            ] {
                if let Some(id) = path
                    .strip_prefix(pattern)
                    .and_then(|rest| rest.split(['/', '?']).next())
                    .filter(|id| id.len() == 36)
                {
                    ids.entry(list).or_default().push(id.to_owned());
                    words.push(id.to_owned());
                }
            }
        }
    }
    words.sort();
    words.dedup();
    Marks { words, ids }
}

fn customer_pages() -> Vec<&'static str> {
    router::routes()
        .iter()
        .filter(|route| route.guard == "customer" && route.method == "GET" && !route.path.contains('{'))
        .map(|route| route.path)
        .collect()
}

fn assert_clean(answer: &Answer, foreign: &Marks, what: &str) {
    for word in &foreign.words {
        let around = answer.body.find(word.as_str()).map(|at| &answer.body[at.saturating_sub(80)..at]);
        assert_eq!(around, None, "{what}: shows {word}, which is another tenant's");
    }
}

/// Every route × every ordered pair of tenants: own session with the other's ids, the other's session on own host.
#[tokio::test]
async fn no_foreign_byte_on_any_route_for_any_pair_of_tenants() {
    let app = TestApp::start().await;
    let mut all = BTreeMap::new();
    let mut sessions: BTreeMap<&str, Browser> = BTreeMap::new();
    for slug in EIGHT {
        all.insert(slug, marks(&app, slug).await);
        sessions.insert(slug, app.customer(slug, 0).await);
    }
    assert!(
        all.values().filter(|marks| !marks.ids.is_empty()).count() >= 6,
        "the crawl found too little to be a proof"
    );
    let routes = router::routes();
    let mut asked = 0;
    for own in EIGHT {
        for other in EIGHT.into_iter().filter(|other| *other != own) {
            let foreign = &all[other];
            for route in routes.iter().filter(|route| route.face != "platform") {
                for path in paths(route.path, foreign) {
                    // Own session, the other's identifiers.
                    let mut browser = sessions[own].clone();
                    let answer = ask(&mut browser, route.method, &path).await;
                    let what = format!("{own} asking {} {path} of {other}", route.method);
                    assert!(!answer.body.is_empty() || answer.status != 200, "{what}");
                    if route.path.contains('{') && route.guard == "customer" {
                        assert!(matches!(answer.status, 404 | 403), "{what}: {}", answer.status);
                    }
                    assert_clean_except_asked(&answer, foreign, &path, &what);
                    // The other's session cookie carried to our host.
                    let mut thief = sessions[own].clone();
                    thief.cookies = sessions[other].cookies.clone();
                    let answer = ask(&mut thief, route.method, &path).await;
                    assert_clean_except_asked(
                        &answer,
                        foreign,
                        &path,
                        &format!("stolen cookie of {other} on {own}: {path}"),
                    );
                    if route.guard == "customer" {
                        assert!(
                            matches!(answer.status, 303 | 404 | 403),
                            "a cookie of {other} opened {path} on {own}: {}",
                            answer.status
                        );
                    }
                    asked += 2;
                }
            }
        }
    }
    println!("{asked} cross-tenant requests, none with a foreign byte");
}

fn assert_clean_except_asked(answer: &Answer, foreign: &Marks, path: &str, what: &str) {
    let echo_free = Answer {
        body: answer.body.replace(path, ""),
        ..Answer { status: answer.status, headers: answer.headers.clone(), bytes: Vec::new(), body: String::new() }
    };
    // A log-in link may carry the asked path back (`next=`): that is the asker's own input.
    let encoded = path.to_owned();
    let body = echo_free.body.replace(&encoded, "");
    assert_clean(&Answer { body, ..echo_free }, foreign, what);
}

fn paths(path: &'static str, foreign: &Marks) -> Vec<String> {
    match path.contains("{id}") {
        true => {
            let key = foreign.ids.keys().find(|key| path.starts_with(key.split("{id}").next().unwrap_or("?")));
            let ids = key.and_then(|key| foreign.ids.get(key)).map(Vec::as_slice).unwrap_or(&[]);
            ids.iter().take(2).map(|id| path.replace("{id}", id)).collect()
        }
        false => {
            vec![path.replace("{slug}", "unknown").replace("{key}", "info_supply_points").replace("{revision}", "1")]
        }
    }
}

async fn ask(browser: &mut Browser, method: &str, path: &str) -> Answer {
    // Log-out would end the session the next requests need; it is proved elsewhere.
    if path.ends_with("/logout") {
        return browser.get("/login").await;
    }
    if method == "GET" { browser.get(path).await } else { browser.post(path, &[]).await }
}

/// Another customer of the same tenant is as foreign as another tenant.
#[tokio::test]
async fn another_customers_identifiers_answer_404() {
    let app = TestApp::start().await;
    for slug in EIGHT {
        let foreign = marks(&app, slug).await;
        let mut browser = app.customer(slug, 1).await;
        for (pattern, ids) in &foreign.ids {
            for id in ids {
                let answer = browser.get(&pattern.replace("{id}", id)).await;
                assert_eq!(answer.status, 404, "{slug}: {pattern} {id}");
            }
        }
    }
}

/// One and the same 404 for what is another's, unknown, or no identifier at all.
#[tokio::test]
async fn odd_identifiers_all_answer_the_same_404() {
    let app = TestApp::start().await;
    let mut browser = app.customer("eon", 0).await;
    for id in ["0190a0a0-0000-7000-8000-000000000001", "not-a-uuid", "-1", "99999999999999999999", "%00", "%2e%2e"] {
        let answer = browser.get(&format!("/supply-points/{id}")).await;
        assert_eq!(answer.status, 404, "{id}");
    }
}

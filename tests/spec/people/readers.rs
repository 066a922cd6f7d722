//! Who only reads sees what the customer sees, and finds nothing to send anywhere.
use super::invited;
use crate::support::TestApp;
use busbar::app::router;
use std::collections::BTreeSet;

/// What concerns the log-in alone.
const OWN: [&str; 8] = [
    "/account/security",
    "/account/customers",
    "/account/assurance",
    "/account/terms",
    "/account/notices",
    "/notices",
    "/outages",
    "/calendar",
];

fn filled(path: &str) -> String {
    let id = "0190a0a0-0000-7000-8000-000000000001";
    path.replace("{id}", id)
        .replace("{slug}", "x")
        .replace("{key}", "x")
        .replace("{reference}", "x")
        .replace("{step}", "x")
}

#[tokio::test]
async fn every_unsafe_route_refuses_a_reader() {
    let app = TestApp::start().await;
    let mut refused = 0;
    for slug in ["eon", "pp", "3e", "rwe"] {
        let mut owner = app.customer(slug, 0).await;
        let mut reader = invited(&app, &mut owner, slug, "reader", "jana.ctenarka").await;
        reader.get("/account/security").await;
        for route in router::routes().iter().filter(|route| route.guard == "customer" && route.method != "GET") {
            if OWN.iter().any(|own| route.path.starts_with(own)) {
                continue;
            }
            let answer = reader.post(&filled(route.path), &[("words", "x")]).await;
            assert_eq!(answer.status, 404, "{slug}: POST {}: {}", route.path, answer.text());
            refused += 1;
        }
    }
    assert!(refused > 80, "only {refused}");
}

/// Every page a reader is led to is there, and none has a form but those of the log-in itself.
#[tokio::test]
async fn pages_lead_a_reader_nowhere_and_offer_nothing_to_send() {
    let app = TestApp::start().await;
    for slug in ["3e", "bicorn", "cez", "eon", "pp", "pre", "rwe", "uet"] {
        let mut owner = app.customer(slug, 0).await;
        let mut reader = invited(&app, &mut owner, slug, "reader", "jana.ctenarka").await;
        let mount = reader.mount.clone();
        let mut waiting = vec!["/dashboard".to_owned(), "/account".to_owned()];
        let mut seen: BTreeSet<String> = waiting.iter().cloned().collect();
        while let Some(path) = waiting.pop() {
            let answer = reader.get(&path).await;
            assert!(matches!(answer.status, 200 | 303), "{slug}: a reader is led to {path}: {}", answer.status);
            for form in answer.body.split("<form").skip(1).filter(|form| form.contains("method=\"post\"")) {
                let action = form.split("action=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("");
                let action = action.strip_prefix(mount.as_str()).unwrap_or(action);
                let is_own = action == "/logout" || OWN.iter().any(|own| action.starts_with(own));
                assert!(is_own, "{slug}: {path} offers a reader {action}");
            }
            for link in answer.links() {
                let path = link.strip_prefix(mount.as_str()).unwrap_or(&link).to_owned();
                let is_page = path.starts_with('/') && !path.starts_with("/assets") && !path.starts_with("/language");
                if is_page
                    && !path.contains("logout")
                    && !path.starts_with("/help")
                    && !OWN.iter().any(|own| path.starts_with(&format!("{own}/")))
                    && seen.len() < 120
                    && seen.insert(path.clone())
                {
                    waiting.push(path);
                }
            }
        }
        assert!(seen.len() > 8, "{slug}: {seen:?}");
    }
}

//! What must never break, whatever is built next.
use crate::support::{Browser, TestApp};
use busbar::app::router;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Lower rooms first; a room may use only rooms before it, and rooms of one line do not know each other.
const STOREYS: [&[&str]; 4] = [&["domain"], &["tenancy", "data", "backends"], &["web", "jobs"], &["app"]];
const FACES: [&str; 4] = ["portal", "operator", "platform", "api"];

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).expect("the source folder is readable").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn all_sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    let text = |path: &PathBuf| std::fs::read_to_string(path).expect("a source file is readable");
    let name = |path: &PathBuf| path.strip_prefix(&root).expect("under src").to_string_lossy().replace('\\', "/");
    found.iter().map(|path| (name(path), text(path))).collect()
}

/// Files that are declared `#[cfg(test)] mod …;`.
fn test_files() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (file, text) in all_sources() {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        for rest in text.split("#[cfg(test)]\n").skip(1) {
            let line =
                rest.lines().next().unwrap_or_default().trim_start_matches("pub ").trim_start_matches("pub(crate) ");
            if let Some(name) = line.strip_prefix("mod ").and_then(|name| name.strip_suffix(';')) {
                found.insert(format!("{folder}/{name}.rs"));
            }
        }
    }
    found
}

fn storey(room: &str) -> Option<usize> {
    STOREYS.iter().position(|rooms| rooms.contains(&room))
}

/// Rooms named after `crate::`, whether alone or in a braced list.
fn rooms_used(text: &str) -> BTreeSet<String> {
    text.split("crate::")
        .skip(1)
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or("").split(',').map(str::trim).map(str::to_owned).collect(),
            None => vec![rest.to_owned()],
        })
        .map(|path: String| path.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect())
        .collect()
}

#[test]
fn rooms_point_one_way() {
    let mut broken = Vec::new();
    for (file, text) in all_sources() {
        let Some(room) = file.split('/').next().filter(|_| file.contains('/')) else { continue };
        let own = storey(room).unwrap_or_else(|| panic!("{file}: a room DESIGN does not know"));
        for used in rooms_used(&text) {
            let Some(other) = storey(&used) else { continue };
            if used != room && other >= own {
                broken.push(format!("{file} uses crate::{used}"));
            }
        }
    }
    assert!(broken.is_empty(), "backward or sideways arrows:\n{}", broken.join("\n"));
}

#[test]
fn faces_do_not_know_each_other() {
    let mut broken = Vec::new();
    for (file, text) in all_sources() {
        let Some(rest) = file.strip_prefix("web/") else { continue };
        let own = rest.split('/').next().unwrap_or("");
        for face in FACES.iter().filter(|face| **face != own) {
            if text.contains(&format!("web::{face}")) {
                broken.push(format!("{file} uses web::{face}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent: Vec<String> =
        all_sources().into_iter().filter(|(_, text)| !text.starts_with("//!")).map(|(file, _)| file).collect();
    assert!(silent.is_empty(), "no //! in {silent:?}");
}

#[test]
fn sql_is_spoken_only_in_data() {
    let marks = ["sea_orm::", "DatabaseConnection", "execute_raw", "query_all_raw", "Statement::from"];
    let loud: Vec<String> = all_sources()
        .into_iter()
        .filter(|(file, text)| !file.starts_with("data/") && marks.iter().any(|mark| text.contains(mark)))
        .map(|(file, _)| file)
        .collect();
    assert!(loud.is_empty(), "SQL outside src/data: {loud:?}");
}

#[test]
fn no_supplier_is_named_in_code_outside_the_demo() {
    let names =
        ["bicorn", "pražská", "\"e.on", "\"eon\"", "\"cez\"", "\"pre\"", "\"uet\"", "\"rwe\"", "\"3e\"", "energie24"];
    let tests = test_files();
    let guilty: Vec<String> = all_sources()
        .into_iter()
        .filter(|(file, _)| !file.starts_with("app/demo") && !tests.contains(file))
        .filter_map(|(file, text)| {
            let code = text.split("#[cfg(test)]").next().unwrap_or("").to_lowercase();
            let code: String =
                code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
            names.iter().find(|name| code.contains(**name)).map(|name| format!("{file}: {name}"))
        })
        .collect();
    assert!(guilty.is_empty(), "{guilty:?}");
}

/// Pages anybody may open: doors, help, and links whose token is their proof.
const OPEN: [&str; 49] = [
    // The link under a message about an outage stops it without a log-in (RFC 8058); the token is the proof.
    "GET /outages/off",
    "POST /outages/off",
    // What the distributor made known is for anybody; a calendar program cannot sign in, its secret address is the proof.
    "GET /outages/public",
    "GET /calendar/{key}",
    // Stopping a kind of notice asks for no log-in (RFC 8058); the signed link is the proof.
    "GET /notices/off",
    "POST /notices/off",
    // What one is asked to accept can be read before.
    "GET /terms",
    "GET /confirm-email",
    "POST /confirm-email",
    "GET /",
    "GET /login",
    "POST /login",
    // A passkey instead of a password: the challenge is bound to the browser that asked, its answer is the proof.
    "POST /login/passkey",
    "POST /login/passkey/challenge",
    // Between the password and the code nobody is signed in yet; the token of the step is the proof.
    "GET /login/code",
    "POST /login/code",
    // The link may be opened elsewhere than where one is signed in; the token in the mail is the proof.
    "GET /login/email",
    "POST /login/email",
    // Whoever forgot the password is not signed in; the token in the mail is the proof.
    "GET /password",
    "POST /password",
    "GET /password/new",
    "POST /password/new",
    // Whoever registers has no log-in yet: a bill and the links and codes that follow are the proof.
    "GET /registration",
    "POST /registration",
    "GET /registration/finish",
    "POST /registration/finish",
    "GET /registration/code",
    "POST /registration/code",
    // Who is invited may have no log-in yet; the token in the mail is the proof.
    "GET /invitation",
    "POST /invitation",
    "POST /logout",
    "GET /help",
    "GET /help/{slug}",
    "GET /operator/login",
    "POST /operator/login",
    "GET /accessibility",
    // A gateway has no log-in; the supplier's own token in the address is the proof.
    "POST /gateway/sms/{token}",
    // Whoever is invited is no member yet; the token in the mail is the proof.
    "GET /operator/invitation",
    "POST /operator/invitation",
    // The way to the supplier's own provider and back: what it signs is the proof, and the code where it asked for none.
    "POST /operator/login/oidc",
    "GET /operator/login/oidc",
    "POST /operator/login/code",
    // A contract by who is no customer yet: the secret in the address is the proof.
    "GET /contract",
    "POST /contract",
    "GET /contract/{token}",
    "GET /contract/{token}/pdf",
    "POST /contract/{token}/print",
    "GET /contract/{token}/{step}",
    "POST /contract/{token}/{step}",
];

#[test]
fn every_route_is_guarded_and_has_a_feature() {
    for route in router::routes() {
        let name = format!("{} {}", route.method, route.path);
        match route.guard {
            "visitor" | "staff_door" => assert!(OPEN.contains(&name.as_str()), "{name} is open to anybody"),
            "platform_door" => assert_eq!(route.path, "/login"),
            "customer" => assert!(
                !route.feature.is_empty() || route.path == "/dashboard",
                "{name} belongs to no feature and cannot be switched off"
            ),
            "operator" => assert!(route.path.starts_with("/operator"), "{name}"),
            "platform_operator" => {}
            "key" => assert!(route.path.starts_with("/api/") && !route.feature.is_empty(), "{name}"),
            other => panic!("{name}: unknown guard {other}"),
        }
    }
}

fn filled(path: &str) -> String {
    path.replace("{id}", "0190a0a0-0000-7000-8000-000000000001")
        .replace("{slug}", "eon")
        .replace("{key}", "info_supply_points")
        .replace("{revision}", "1")
}

/// What a stranger gets from each route: a door, or nothing.
#[tokio::test]
async fn nobody_comes_in_without_signing_in() {
    let app = TestApp::start().await;
    for route in router::routes() {
        let path = filled(route.path);
        let mut browser = if route.face == "platform" { app.console() } else { app.browser("rwe") };
        let answer = if route.method == "GET" { browser.get(&path).await } else { browser.post(&path, &[]).await };
        let name = format!("{} {}", route.method, route.path);
        match route.guard {
            "customer" | "operator" | "platform_operator" => {
                let is_door = answer.status == 303 && answer.location().contains("/login");
                assert!(
                    is_door || answer.status == 404,
                    "{name} answers a stranger {}: {}",
                    answer.status,
                    answer.body
                );
            }
            "key" => assert!(matches!(answer.status, 401 | 404), "{name} answers without a key: {}", answer.status),
            _ => assert_ne!(answer.status, 500, "{name}"),
        }
    }
}

/// A signed-in form without its token, or with another session's, changes nothing.
#[tokio::test]
async fn every_form_wants_its_token() {
    let app = TestApp::start().await;
    let customer = app.customer("eon", 0).await;
    let operator = app.operator("eon", "lead").await;
    let platform = app.platform_operator().await;
    for route in router::routes().into_iter().filter(|route| route.method == "POST") {
        let browser: &Browser = match (route.face, route.guard) {
            ("portal", _) => &customer,
            ("operator", "operator") => &operator,
            ("platform", "platform_operator") => &platform,
            _ => continue,
        };
        if route.path == "/login" {
            continue;
        }
        for token in ["", "forged"] {
            let mut browser = browser.clone();
            let answer = browser.post(&filled(route.path), &[("csrf", token)]).await;
            assert!(matches!(answer.status, 403 | 404), "{} took token {token:?}: {}", route.path, answer.status);
        }
        let mut foreign = browser.clone();
        let request = foreign.request("POST", &filled(route.path)).header("origin", "http://evil.example");
        let answer = foreign.send(request.body(axum::body::Body::empty()).expect("a request")).await;
        assert!(matches!(answer.status, 403 | 404), "{} took a foreign origin: {}", route.path, answer.status);
    }
}

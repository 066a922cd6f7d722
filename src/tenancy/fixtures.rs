//! Files for unit tests: the real tenants and policies over tiny themes, and whatever a test puts in their place.
use super::compiler::Compiler;
use super::files::Files;
use super::registry::Registry;
use super::tenant::{Content, Origin, Tenant, TenantState};
use crate::domain::ids::TenantId;
use std::collections::BTreeMap;
use std::sync::Arc;

pub const SLUGS: [&str; 8] = ["3e", "bicorn", "cez", "eon", "pp", "pre", "rwe", "uet"];

const BASE: &str = r##"schema = 1
[light]
primary = "#0b4f8a"
accent = "#b34700"
paper = "#ffffff"
surface = "#f4f6f8"
ink = "#14202b"
muted = "#4a5a68"
line = "#c8d0d8"
danger = "#a4161a"
warning = "#7a4b00"
success = "#1b6b3a"
focus = "#0b4f8a"
chart-1 = "#0b4f8a"
chart-2 = "#b34700"
[dark]
primary = "#8cc4f5"
accent = "#ffb27a"
paper = "#101418"
surface = "#1a2026"
ink = "#eef2f5"
muted = "#b4c0ca"
line = "#3a444d"
danger = "#ff9c9c"
warning = "#ffd27a"
success = "#8fe0ab"
focus = "#8cc4f5"
chart-1 = "#8cc4f5"
chart-2 = "#ffb27a"
[shape]
radius = "8px"
density = "comfortable"
[type]
text = "system-ui, sans-serif"
heading = "system-ui, sans-serif"
[mark]
file = "mark.svg"
alt = { cs = "Značka", en = "Mark" }
"##;

pub const MARK: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\"><path d=\"M0 0h8v8z\"/></svg>";

/// The real tenants and policies, and themes as small as they can be.
pub fn originals() -> BTreeMap<String, Vec<u8>> {
    let real = Files::new(None);
    let mut files = BTreeMap::new();
    for path in real.list("tenants").into_iter().chain(real.list("policies")) {
        let bytes = real.read(&path).expect("a listed file is there").into_owned();
        files.insert(path, bytes);
    }
    let mut put = |path: &str, text: &str| files.insert(path.to_owned(), text.as_bytes().to_vec());
    put("themes/base/theme.toml", BASE);
    put("themes/base/assets/mark.svg", MARK);
    put("themes/base/assets/base.css", "body{margin:0}");
    put("themes/base/texts/cs/frame.ftl", "hello = Dobrý den & vítejte\ncount = { $n } kusů\n");
    put("themes/base/texts/en/frame.ftl", "hello = Hello & welcome\ncount = { $n } pieces\n");
    put("themes/base/portal/home.html", "<p>{{ t(key=\"hello\") }}</p>");
    for slug in SLUGS {
        put(&format!("themes/{slug}/theme.toml"), "schema = 1\nparent = \"base\"\n");
    }
    files
}

/// The originals with some files in place of theirs; an empty text takes a file away.
pub fn files(changes: &[(&str, &str)]) -> Files {
    let mut files = originals();
    for (path, text) in changes {
        if text.is_empty() {
            files.remove(*path);
        } else {
            files.insert((*path).to_owned(), text.as_bytes().to_vec());
        }
    }
    Files::given(files)
}

pub fn compiler(changes: &[(&str, &str)]) -> Compiler {
    Compiler::new(files(changes), Origin { is_secure: false, port: Some(8080) }).expect("the fixtures are right")
}

pub fn content(slug: &str) -> Content {
    let files = originals();
    let text = |path: String| String::from_utf8(files[&path].clone()).expect("the files are UTF-8");
    Content {
        document: text(format!("tenants/{slug}.toml")),
        policy: text(format!("policies/{slug}.csv")),
        toggles: Vec::new(),
    }
}

pub fn tenant(compiler: &Compiler, number: i32, content: &Content, state: TenantState) -> Tenant {
    compiler.compile(TenantId(number), 1, state, content).expect("the fixtures are right")
}

/// All eight, as they are after a start.
pub fn registry(compiler: &Compiler) -> Registry {
    let registry = Registry::new("console.localhost", false);
    for (number, slug) in (1..).zip(SLUGS) {
        let tenant = tenant(compiler, number, &content(slug), TenantState::Active);
        registry.publish(Arc::new(tenant)).expect("the eight do not clash");
    }
    registry
}

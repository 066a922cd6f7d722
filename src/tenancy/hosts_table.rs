//! The rules of hosts, one row for each thing a client may send.
use super::fixtures;
use super::hosts::{RequestTarget, Resolution};
use super::registry::Registry;
use super::tenant::TenantState;
use std::sync::Arc;

/// What the answer is: `eon /path`, `> url`, `console`, or a status.
fn answer(registry: &Registry, target: &RequestTarget<'_>) -> String {
    match registry.resolve(target) {
        Resolution::Tenant { tenant, path } => format!("{} {path}", tenant.slug),
        Resolution::Redirect(url) => format!("> {url}"),
        Resolution::Console => "console".to_owned(),
        Resolution::Neutral(status) => status.to_string(),
    }
}

fn get<'a>(hosts: &'a [&'a [u8]], path: &'a str) -> RequestTarget<'a> {
    RequestTarget { authority: None, hosts, forwarded: &[], method: "GET", path_and_query: path }
}

fn eight() -> Registry {
    fixtures::registry(&fixtures::compiler(&[]))
}

#[test]
fn one_host_header_of_a_plain_request() {
    let long_label = format!("{}.localhost", "a".repeat(64));
    let name_of_253 =
        [&"a".repeat(63), &"b".repeat(63), &"c".repeat(63), &"d".repeat(61)].map(String::as_str).join(".");
    let name_of_254 = format!("{name_of_253}e");
    let rows: &[(&str, &str)] = &[
        // known, in every way of writing that means the same
        ("eon.localhost", "eon /x?y=1"),
        ("EON.localhost", "eon /x?y=1"),
        ("eOn.LocalHost", "eon /x?y=1"),
        ("eon.localhost.", "eon /x?y=1"),
        ("eon.localhost:8080", "eon /x?y=1"),
        ("eon.localhost:1", "eon /x?y=1"),
        ("eon.localhost:65535", "eon /x?y=1"),
        ("EON.LOCALHOST.:8080", "eon /x?y=1"),
        ("3e.localhost", "3e /x?y=1"),
        ("eon\u{ff0e}localhost", "eon /x?y=1"),
        ("eon\u{3002}localhost", "eon /x?y=1"),
        ("\u{ff25}ON.localhost", "eon /x?y=1"),
        // known, but not like this
        ("eon.localhost..", "400"),
        (".eon.localhost", "400"),
        ("eon..localhost", "400"),
        ("eon.localhost:", "400"),
        ("eon.localhost:0", "400"),
        ("eon.localhost:65536", "400"),
        ("eon.localhost:080808", "400"),
        ("eon.localhost:80:80", "400"),
        ("eon.localhost:http", "400"),
        ("eon.localhost:-1", "400"),
        ("eon.localhost:+80", "400"),
        (" eon.localhost", "400"),
        ("eon.localhost ", "400"),
        ("eon.local host", "400"),
        ("eon.localhost, pp.localhost", "400"),
        ("eon.localhost,pp.localhost", "400"),
        ("user@eon.localhost", "400"),
        ("user:password@eon.localhost", "400"),
        ("eon.localhost/", "400"),
        ("eon.localhost/VOK", "400"),
        ("eon.localhost?x", "400"),
        ("eon.localhost#x", "400"),
        ("http://eon.localhost", "400"),
        ("eon%2elocalhost", "400"),
        ("eon%00.localhost", "400"),
        ("eon\0.localhost", "400"),
        ("eon\t.localhost", "400"),
        ("eon.localhost\r\nx: y", "400"),
        ("eon_x.localhost", "400"),
        ("eon.localhost\\", "400"),
        ("*.localhost", "400"),
        ("-eon.localhost", "400"),
        ("eon-.localhost", "400"),
        ("", "400"),
        (".", "400"),
        (":8080", "400"),
        (&long_label, "400"),
        (&name_of_254, "400"),
        // addresses
        ("127.0.0.1", "400"),
        ("127.0.0.1:8080", "400"),
        ("2130706433", "400"),
        ("0x7f.1", "400"),
        ("127.1", "400"),
        ("[::1]", "400"),
        ("[::1]:8080", "400"),
        ("[::1", "400"),
        ("::1", "400"),
        ("[eon.localhost]", "400"),
        // nobody's: known only in part
        ("unknown.example", "421"),
        ("localhost", "421"),
        ("x.eon.localhost", "421"),
        ("eon.localhost.example", "421"),
        ("evileon.localhost", "421"),
        ("eon.localhos", "421"),
        (&name_of_253, "421"),
        // other scripts
        ("пример.example", "421"),
        ("xn--e1afmkfd.example", "421"),
        ("e\u{301}on.localhost", "421"),
        ("\u{e9}on.localhost", "421"),
        ("\u{435}on.localhost", "421"),
        ("xn--zzzzzzzzzz-.localhost", "400"),
        ("xn--.localhost", "400"),
        ("eon\u{200b}.localhost", "eon /x?y=1"),
        ("eon\u{202e}.localhost", "400"),
        // the console
        ("console.localhost", "console"),
        ("CONSOLE.localhost:8080", "console"),
        ("x.console.localhost", "421"),
    ];
    let registry = eight();
    for (host, expected) in rows {
        assert_eq!(answer(&registry, &get(&[host.as_bytes()], "/x?y=1")), *expected, "{host:?}");
    }
    assert!(rows.len() >= 60);
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    assert_eq!(answer(&eight(), &get(&[b"eon\xff.localhost"], "/")), "400");
}

#[test]
fn a_name_is_the_same_composed_and_decomposed() {
    let document = fixtures::content("eon").document.replace("eon.localhost", "žárovka.example");
    let content = super::tenant::Content { document, ..fixtures::content("eon") };
    let compiler = fixtures::compiler(&[]);
    let registry = Registry::new("console.localhost", false);
    registry
        .publish(Arc::new(fixtures::tenant(&compiler, 1, &content, TenantState::Active)))
        .expect("nobody else is there");
    for name in ["žárovka.example", "z\u{30c}a\u{301}rovka.example", "ŽÁROVKA.example", "xn--rovka-wqa21i.example"]
    {
        assert_eq!(answer(&registry, &get(&[name.as_bytes()], "/")), "eon /", "{name}");
    }
}

#[test]
fn which_of_several_names_counts() {
    let registry = eight();
    let eon: &[u8] = b"eon.localhost";
    let pp: &[u8] = b"pp.localhost";
    type Row<'a> = (Option<&'a str>, &'a [&'a [u8]], &'a [&'a [u8]], &'a str);
    let rows: &[Row<'_>] = &[
        (None, &[], &[], "400"),
        (None, &[eon, pp], &[], "400"),
        (None, &[eon, eon], &[], "400"),
        (Some("eon.localhost"), &[], &[], "eon /"),
        // the request line wins over the header
        (Some("eon.localhost"), &[pp], &[], "eon /"),
        (Some("eon.localhost:8080"), &[eon], &[], "eon /"),
        (Some("user@eon.localhost"), &[eon], &[], "400"),
        (Some("unknown.example"), &[eon], &[], "421"),
        (Some("eon.localhost"), &[eon, pp], &[], "400"),
        // what a trusted proxy says wins over both; the caller passes nothing from others
        (None, &[b"10.0.0.1"], &[eon], "eon /"),
        (None, &[pp], &[eon], "eon /"),
        (Some("pp.localhost"), &[pp], &[eon], "eon /"),
        (None, &[pp], &[eon, pp], "400"),
        (None, &[pp], &[b"eon.localhost, pp.localhost"], "400"),
        (None, &[pp], &[b""], "400"),
        (None, &[], &[eon], "400"),
    ];
    for (authority, hosts, forwarded, expected) in rows {
        let target = RequestTarget { authority: *authority, hosts, forwarded, method: "GET", path_and_query: "/" };
        assert_eq!(answer(&registry, &target), *expected, "{authority:?} {hosts:?} {forwarded:?}");
    }
}

#[test]
fn mounts_aliases_and_methods() {
    let rows: &[(&str, &str, &str, &str)] = &[
        ("GET", "cez.localhost", "/VOK", "cez /"),
        ("GET", "cez.localhost", "/VOK/", "cez /"),
        ("GET", "cez.localhost", "/VOK/login?next=/x", "cez /login?next=/x"),
        ("GET", "cez.localhost", "/VOK?lang=cs", "cez /?lang=cs"),
        ("POST", "cez.localhost", "/VOK/login", "cez /login"),
        ("GET", "cez.localhost", "/", "> http://cez.localhost:8080/VOK/"),
        ("HEAD", "cez.localhost", "/?x", "> http://cez.localhost:8080/VOK/"),
        ("POST", "cez.localhost", "/", "404"),
        ("GET", "cez.localhost", "/login", "404"),
        ("GET", "cez.localhost", "/VOKX", "404"),
        ("GET", "cez.localhost", "/vok", "404"),
        ("GET", "cez.localhost", "/%56OK", "404"),
        ("GET", "cez.localhost", "//VOK", "404"),
        ("GET", "pre.localhost", "/mujucet/", "pre /"),
        ("GET", "pre.localhost", "/VOK/", "404"),
        ("OPTIONS", "eon.localhost", "*", "400"),
        ("GET", "energie24.localhost", "/help?x=1", "> http://eon.localhost:8080/help?x=1"),
        ("HEAD", "energie24.localhost", "/", "> http://eon.localhost:8080/"),
        ("POST", "energie24.localhost", "/login", "421"),
        ("DELETE", "energie24.localhost", "/", "421"),
        ("GET", "vok.localhost", "/login", "> http://cez.localhost:8080/VOK/login"),
        ("GET", "vok.localhost", "/VOK/login", "> http://cez.localhost:8080/VOK/login"),
        ("GET", "vok.localhost", "/VOK", "> http://cez.localhost:8080/VOK/"),
        ("GET", "VOK.LOCALHOST.:9", "/", "> http://cez.localhost:8080/VOK/"),
        ("POST", "console.localhost", "/login", "console"),
    ];
    let registry = eight();
    for (method, host, path, expected) in rows {
        let hosts: &[&[u8]] = &[host.as_bytes()];
        let target = RequestTarget { method, ..get(hosts, path) };
        assert_eq!(answer(&registry, &target), *expected, "{method} {host}{path}");
    }
}

#[test]
fn only_active_and_suspended_tenants_have_hosts() {
    let compiler = fixtures::compiler(&[]);
    for (state, expected) in [
        (TenantState::Draft, ("421", "421")),
        (TenantState::Provisioning, ("421", "421")),
        (TenantState::Active, ("eon /", "> http://eon.localhost:8080/")),
        (TenantState::Suspended, ("eon /", "> http://eon.localhost:8080/")),
        (TenantState::Retiring, ("421", "421")),
        (TenantState::Erased, ("421", "421")),
    ] {
        let registry = Registry::new("console.localhost", false);
        registry.publish(Arc::new(fixtures::tenant(&compiler, 1, &fixtures::content("eon"), state))).expect("alone");
        let own = answer(&registry, &get(&[b"eon.localhost"], "/"));
        let alias = answer(&registry, &get(&[b"energie24.localhost"], "/"));
        assert_eq!((own.as_str(), alias.as_str()), expected, "{state:?}");
    }
}

#[test]
fn addresses_stand_as_hosts_only_in_development() {
    let registry = Registry::new("127.0.0.1", true);
    assert_eq!(answer(&registry, &get(&[b"127.0.0.1:8080"], "/")), "console");
    assert_eq!(answer(&registry, &get(&[b"[::1]:8080"], "/")), "421");
    assert_eq!(answer(&registry, &get(&[b"127.0.0.300"], "/")), "400");
}

#[test]
fn tenants_may_share_a_host_on_different_mounts() {
    let compiler = fixtures::compiler(&[]);
    let registry = eight();
    let moved = |slug: &str, mount: &str| {
        let document = fixtures::content(slug).document.replace("pp.localhost\"\n", "cez.localhost\"\n");
        let document = document.replace("mount = \"/\"", &format!("mount = \"{mount}\""));
        super::tenant::Content { document, ..fixtures::content(slug) }
    };
    let beside = compiler
        .compile(crate::domain::ids::TenantId(5), 2, TenantState::Active, &moved("pp", "/plyn"))
        .expect("a good document");
    registry.publish(Arc::new(beside)).expect("another mount");
    assert_eq!(answer(&registry, &get(&[b"cez.localhost"], "/plyn/help")), "pp /help");
    assert_eq!(answer(&registry, &get(&[b"cez.localhost"], "/VOK/help")), "cez /help");
    assert_eq!(answer(&registry, &get(&[b"cez.localhost"], "/")), "404");
    assert_eq!(answer(&registry, &get(&[b"pp.localhost"], "/")), "421");
    for mount in ["/", "/VOK", "/VOK/plyn"] {
        let inside = compiler
            .compile(crate::domain::ids::TenantId(5), 3, TenantState::Active, &moved("pp", mount))
            .expect("a good document");
        let clash = registry.publish(Arc::new(inside)).expect_err("one mount inside the other");
        assert!(clash.message.contains("canonical of \"cez\" (tenants/cez.toml:9)"), "{clash}");
    }
}

#[test]
fn a_host_belongs_to_one_tenant_and_a_clash_names_both_files() {
    let compiler = fixtures::compiler(&[]);
    let registry = eight();
    let rows = [
        (
            "canonical = \"pre.localhost\"",
            "canonical = \"PP.localhost\"",
            "tenants/pre.toml:9  E0304 host \"pp.localhost\" is already canonical of \"pp\" (tenants/pp.toml:9)",
        ),
        (
            "canonical = \"pre.localhost\"",
            "canonical = \"energie24.localhost\"",
            "tenants/pre.toml:9  E0304 host \"energie24.localhost\" is already alias of \"eon\" (tenants/eon.toml:10)",
        ),
        (
            "mujucet.localhost",
            "vok.localhost",
            "tenants/pre.toml:10  E0304 host \"vok.localhost\" is already alias of \"cez\" (tenants/cez.toml:10)",
        ),
        (
            "mujucet.localhost",
            "uet.localhost",
            "tenants/pre.toml:10  E0304 host \"uet.localhost\" is already canonical of \"uet\" (tenants/uet.toml:9)",
        ),
        (
            "canonical = \"pre.localhost\"",
            "canonical = \"console.localhost\"",
            "tenants/pre.toml:9  E0304 host \"console.localhost\" is already the console's host",
        ),
        (
            "mujucet.localhost",
            "console.localhost",
            "tenants/pre.toml:10  E0304 host \"console.localhost\" is already the console's host",
        ),
    ];
    for (before, after, expected) in rows {
        let mut content = fixtures::content("pre");
        content.document = content.document.replace(before, after);
        let tenant = fixtures::tenant(&compiler, 6, &content, TenantState::Active);
        assert_eq!(registry.check(&tenant).map_err(|clash| clash.to_string()), Err(expected.to_owned()));
        assert!(registry.publish(Arc::new(tenant)).is_err());
        assert_eq!(
            answer(&registry, &get(&[b"pre.localhost"], "/mujucet")),
            "pre /",
            "the last good revision serves on"
        );
    }
}

#[test]
fn a_new_revision_gives_up_its_old_names() {
    let compiler = fixtures::compiler(&[]);
    let registry = eight();
    let mut content = fixtures::content("eon");
    content.document =
        content.document.replace("\"eon.localhost\"", "\"nove.localhost\"").replace("energie24", "energie25");
    let next = fixtures::tenant(&compiler, 4, &content, TenantState::Active);
    registry.publish(Arc::new(next)).expect("free names");
    for (host, expected) in [
        ("eon.localhost", "421"),
        ("energie24.localhost", "421"),
        ("nove.localhost", "eon /"),
        ("energie25.localhost", "> http://nove.localhost:8080/"),
    ] {
        assert_eq!(answer(&registry, &get(&[host.as_bytes()], "/")), expected, "{host}");
    }
    registry.remove(crate::domain::ids::TenantId(4));
    assert_eq!(answer(&registry, &get(&[b"nove.localhost"], "/")), "421");
    assert!(registry.by_slug("eon").is_none() && registry.all().len() == 7);
}

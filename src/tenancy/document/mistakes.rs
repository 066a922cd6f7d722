//! One row for each kind of mistake a document can have, and what is told.
use super::*;
use crate::tenancy::fixtures::{self, SLUGS};

fn eon() -> String {
    fixtures::content("eon").document
}

fn told(text: &str) -> String {
    let problems = Document::parse("tenants/eon.toml", text).expect_err(text);
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_eight_are_right_and_their_export_says_the_same() {
    for slug in SLUGS {
        let document = Document::parse("x", &fixtures::content(slug).document).expect(slug);
        let exported = document.to_toml();
        let again = Document::parse("x", &exported).expect("an export is a document");
        assert_eq!(again.to_toml(), exported);
        let without_lines = |mut document: Document| {
            document.hosts.line = 0;
            document.hosts.aliases.iter_mut().for_each(|alias| alias.line = 0);
            document
        };
        assert_eq!(without_lines(again), without_lines(document));
    }
}

#[test]
fn each_mistake_has_its_place_and_code() {
    let rows = [
        ("rate = \"D02d\"", "rate = \"D99d\"", "E0217 unknown distribution rate \"D99d\""),
        ("\"84.00\", ", "", "E0217 \"month\" has 7 prices; a list has 8"),
        ("\"84.00\"", "\"-1\"", "E0217 \"-1\" is no price in crowns like 256.00"),
        (
            "from = \"2026-01-01\"\nrate = \"D02d\"",
            "from = \"2026-02-30\"\nrate = \"D02d\"",
            "E0217 \"2026-02-30\" is no day",
        ),
        ("ampere_over_1x25 = \"3.40\"\n", "", "E0201 missing key \"breaker_prices.ampere_over_1x25\""),
        ("schema = 1", "schema = 2", "tenants/eon.toml:2:10  E0206 schema 2 is unknown"),
        ("schema = 1", "schema = \"1\"", "tenants/eon.toml:2:10  E0202 \"schema\" must be a whole number, is a string"),
        ("schema = 1\n", "", "E0201 missing key \"schema\""),
        ("slug = \"eon\"", "slug = \"E.ON\"", "tenants/eon.toml:3:8  E0204"),
        ("slug = \"eon\"", "slug = \"console\"", "tenants/eon.toml:3:8  E0205 slug \"console\" is a reserved word"),
        ("slug = \"eon\"", "slug = 7", "tenants/eon.toml:3:8  E0202"),
        (
            "portal = {",
            "portl = {",
            "tenants/eon.toml:5:1  E0203 unknown key \"portl\"  help: did you mean \"portal\"?",
        ),
        ("portal = {", "portl = {", "E0201 missing key \"portal\""),
        ("en = \"Energie24\" }", "de = \"Energie24\" }", "E0203 unknown key \"portal.de\""),
        ("cs = \"Energie24\"", "cs = \"\"", "E0207"),
        ("cs = \"Energie24\"", "cs = \"E\\u0000\"", "E0207"),
        (
            "portal = { cs = \"Energie24\", en = \"Energie24\" }",
            "portal = \"Energie24\"",
            "E0202 \"portal\" must be a table, is a string",
        ),
        ("[hosts]", "[host]", "tenants/eon.toml:8:2  E0203 unknown section \"host\"  help: did you mean \"hosts\"?"),
        (
            "canonical = \"eon.localhost\"",
            "canonical = \"eon.localhost:8080\"",
            "tenants/eon.toml:9:13  E0301 host \"eon.localhost:8080\": a port has no place here",
        ),
        (
            "canonical = \"eon.localhost\"",
            "canonical = \"*.localhost\"",
            "E0301 host \"*.localhost\": wildcards are not known",
        ),
        (
            "canonical = \"eon.localhost\"",
            "canonical = \"eon.localhost/x\"",
            "E0301 host \"eon.localhost/x\": a path has no place here",
        ),
        ("canonical = \"eon.localhost\"", "canonical = \"eon.localhost.\"", "E0301"),
        ("canonical = \"eon.localhost\"", "canonical = \"127.0.0.1\"", "E0301"),
        ("canonical = \"eon.localhost\"", "canonical = \"\"", "E0301"),
        ("canonical = \"eon.localhost\"\n", "", "E0201 missing key \"hosts.canonical\""),
        ("energie24.localhost", "EON.localhost", "tenants/eon.toml:10:12  E0303 host \"eon.localhost\" stands twice"),
        ("mode = \"redirect\"", "mode = \"proxy\"", "E0208 unknown alias mode \"proxy\""),
        (", mode = \"redirect\"", "", "E0201 missing key \"hosts.aliases.mode\""),
        ("mount = \"/\"", "mount = \"VOK\"", "E0302"),
        ("mount = \"/\"", "mount = \"/VOK/\"", "E0302"),
        ("mount = \"/\"", "mount = \"/../x\"", "E0302"),
        ("default = \"cs\"", "default = \"de\"", "E0208 unknown language \"de\""),
        (
            "enabled = [\"cs\", \"en\"]",
            "enabled = [\"en\"]",
            "E0209 the default language \"cs\" is not among the enabled ones",
        ),
        ("enabled = [\"cs\", \"en\"]", "enabled = []", "E0209"),
        ("enabled = [\"cs\", \"en\"]", "enabled = [\"cs\", \"cs\"]", "E0209 a language is enabled twice"),
        ("enabled = [\"cs\", \"en\"]", "enabled = [\"cs\", 1]", "E0202"),
        (
            "enabled = [\"cs\", \"en\"]",
            "enabled = \"cs\"",
            "E0202 \"locale.enabled\" must be a list of strings, is a string",
        ),
        ("currency = \"CZK\"", "currency = \"EUR\"", "E0208 unknown currency \"EUR\""),
        (
            "Europe/Prague",
            "Europe/Prag",
            "E0208 unknown timezone \"Europe/Prag\"  help: did you mean \"Europe/Prague\"?",
        ),
        ("gas = true", "gas = \"yes\"", "E0202 \"commodities.gas\" must be true or false, is a string"),
        (
            "invoice-amount",
            "invoice-amont",
            "E0208 unknown identifier \"invoice-amont\"  help: did you mean \"invoice-amount\"?",
        ),
        ("registered-letter", "pigeon", "E0208 unknown delivery \"pigeon\""),
        ("tariff = \"queue\"", "tariff = \"sometimes\"", "E0208 unknown processing \"sometimes\""),
        (
            "tariff = \"queue\"",
            "tarif = \"queue\"",
            "E0203 unknown key \"processing.tarif\"  help: did you mean \"tariff\"?",
        ),
        (
            "initial_password_days = 60",
            "initial_password_days = 0",
            "E0210 \"parameters.initial_password_days\" is 0, must be 1 to 365",
        ),
        ("initial_password_days = 60", "initial_password_days = 60.5", "E0202"),
        (
            "session_hours = 12",
            "session_hours = 12\naccess_after_contract_months = 121",
            "E0210 \"parameters.access_after_contract_months\" is 121, must be 0 to 120",
        ),
        (
            "points_for_self_reading = 50",
            "points_for_self_reading = -1",
            "E0210 \"bonus.points_for_self_reading\" is -1, must be 0 to 10000",
        ),
        ("points_for_e_invoice = 30", "points_for_e_invoice = \"30\"", "E0202"),
        (
            "points_for_payment_on_time",
            "points_for_payments_on_time",
            "E0203 unknown key \"bonus.points_for_payments_on_time\"  help: did you mean \"points_for_payment_on_time\"?",
        ),
        (
            "expires_after_months = 24",
            "expires_after_months = 0",
            "E0210 \"bonus.expires_after_months\" is 0, must be 1 to 120",
        ),
        ("name = { cs = \"Energie+Bonus\", en = \"Energie+Bonus\" }\n", "", "E0201 missing key \"bonus.name\""),
        ("phone = \"+420 800 000 041\"", "phone = \"call us\"", "E0211"),
        ("email = \"zakaznici@", "email = \"Zákazníci <zakaznici@", "E0211"),
        ("site_url = \"https://", "site_url = \"javascript:", "E0211"),
        (
            "2900300008/0800",
            "2900300009/0800",
            "E0212 \"payment.account\" is \"2900300009/0800\", no valid Czech account number",
        ),
        (
            "company_id = \"99000041\"",
            "company_id = \"99000042\"",
            "E0217 \"company.company_id\" is \"99000042\", must be a company number (IČO)",
        ),
        ("vat_id = \"CZ", "vat_id = \"SK", "E0217"),
        ("register = \"", "register = \"\\n", "E0217"),
        ("vat_id = ", "vatid = ", "E0203 unknown key \"company.vatid\"  help: did you mean \"vat_id\"?"),
        ("mail_from = \"noreply@energie24.example\"", "mail_from = \"a@b.cz\\nBcc: x@y.cz\"", "E0211"),
        (
            "mail_from",
            "smtp = \"smtp://user:secret@mail\"\nmail_from",
            "E0213 \"outbound.smtp\" must refer to a secret, not be one  help: write env:NAME or file:/path",
        ),
        ("mail_from", "bounce_to = \"a@b.cz, c@d.cz\"\nmail_from", "E0211"),
        ("sms_sender = \"Energie24\"", "sms_sender = \"Plynárna\"", "E0220 \"outbound.sms_sender\""),
        ("sms_sender", "sms_letters = \"czehc\"\nsms_sender", "E0208 unknown letters \"czehc\""),
        ("sms_sender", "letters = \"register\"\nsms_sender", "E0208 unknown kind of letters \"register\""),
        (
            "[outbound]",
            "[outages]\nshapes = [\"cez-by-twon\"]\n[outbound]",
            "E0208 unknown shape \"cez-by-twon\"  help: did you mean \"cez-by-town\"?",
        ),
        ("[outbound]", "[staff_login]\n[outbound]", "E0201 missing key \"staff_login.client_secret\""),
        (
            "[outbound]",
            "[staff_login]\nissuer = \"http://login.example.com\"\n[outbound]",
            "E0218 \"staff_login.issuer\" is \"http://login.example.com\", must be an https address",
        ),
        ("[outbound]", "[staff_login]\nclient_id = \"\"\n[outbound]", "E0218 \"staff_login.client_id\""),
        (
            "[outbound]",
            "[staff_login]\nclient_secret = \"hunter2\"\n[outbound]",
            "E0213 \"staff_login.client_secret\" must refer to a secret, not be one  help: write env:NAME or file:/path",
        ),
        (
            "[outbound]",
            "[staff_login]\nclient = \"x\"\n[outbound]",
            "E0203 unknown key \"staff_login.client\"  help: did you mean \"client_id\"?",
        ),
        ("gas = true", "gas = true\ngas = false", "E0104 duplicate key"),
        ("[contact]", "[hosts]\n[contact]", "E0104"),
        ("gas = true", "gas = ", "E0104"),
        ("gas = true", "\tgas = true", "tenants/eon.toml:21:1  E0103 a tab"),
        ("schema = 1", "\u{0}schema = 1", "E0104"),
    ];
    let eon = eon();
    for (before, after, expected) in rows {
        assert!(eon.contains(before), "{before}");
        let told = told(&eon.replacen(before, after, 1));
        assert!(
            told.lines()
                .any(|line| line.starts_with(expected) || line.split("  ").skip(1).any(|_| line.contains(expected))),
            "{after:?}\n  expected {expected}\n  told {told}"
        );
    }
}

#[test]
fn a_secret_is_not_repeated() {
    let told = told(&eon().replace("mail_from", "smtp = \"smtp://user:hunter2@mail\"\nmail_from"));
    assert!(!told.contains("hunter2"), "{told}");
    for good in ["env:EON_SMTP", "file:/run/secrets/eon"] {
        let document =
            Document::parse("x", &eon().replace("mail_from", &format!("smtp = \"{good}\"\nmail_from"))).expect(good);
        assert_eq!(document.outbound.smtp.map(|secret| secret.to_string()).as_deref(), Some(good));
    }
}

#[test]
fn a_provider_of_staff_is_written_as_it_was_read() {
    let section = "[staff_login]\nissuer = \"https://login.example.com/realms/eon\"\nclient_id = \"portal\"\n\
                   client_secret = \"env:EON_LOGIN\"\n[outbound]";
    let document = Document::parse("x", &eon().replace("[outbound]", section)).expect("a document");
    let again = Document::parse("x", &document.to_toml()).expect("an export is a document");
    let own = again.staff_login.expect("kept");
    assert_eq!((own.issuer.as_str(), own.client_id.as_str()), ("https://login.example.com/realms/eon", "portal"));
    assert_eq!(own.client_secret, SecretRef::Env("EON_LOGIN".into()));
}

#[test]
fn shapes_of_distributors_are_off_unless_written_down_and_written_as_they_were_read() {
    assert_eq!(Document::parse("x", &eon()).expect("a document").outages, Outages::default());
    let on = eon().replace("[outbound]", "[outages]\nshapes = [\"cez-by-ean\", \"cez-by-town\"]\n[outbound]");
    let document = Document::parse("x", &on).expect("a document");
    assert_eq!(document.outages.shapes, [Shape::CezByEan, Shape::CezByTown]);
    assert_eq!(Document::parse("x", &document.to_toml()).expect("an export").outages, document.outages);
}

#[test]
fn whole_files_are_judged_too() {
    assert!(told(&format!("\u{feff}{}", eon())).contains(":1:1  E0102"));
    assert!(told(&format!("{}#{}", eon(), "x".repeat(70_000))).contains("E0101"));
    assert!(told("").contains("E0201 missing key \"slug\""));
    assert!(Document::parse("x", &eon().replace('\n', "\r\n")).is_ok(), "forms send CR LF");
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let text = eon()
        .replace("schema = 1", "schema = 3")
        .replace("gas = true", "gas = 1")
        .replace("/0800", "/08")
        .replace("[locale]", "[locales]");
    let problems = Document::parse("x", &text).expect_err("four mistakes");
    assert!(problems.len() >= 5, "{problems:?}");
    assert!(problems.is_sorted_by_key(|problem| problem.line));
}

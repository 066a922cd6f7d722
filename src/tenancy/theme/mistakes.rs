//! What themes do, and one row for each kind of mistake in them.
use super::Theme;
use super::load::Themes;
use crate::tenancy::fixtures;
use crate::tenancy::lang::Lang;
use std::sync::Arc;

fn load(changes: &[(&str, &str)]) -> Themes {
    Themes::load(&fixtures::files(changes)).expect("the fixtures are right")
}

fn theme(themes: &Themes, id: &str) -> Arc<Theme> {
    themes.get(id).expect("the fixtures have it").clone()
}

fn page(theme: &Theme, lang: Lang, template: &str) -> String {
    let mut context = tera::Context::new();
    context.insert("base", "/VOK");
    context.insert("n", &3);
    context.insert("key", "hello");
    theme.render(lang, template, &context).expect("the template is right")
}

#[test]
fn folding_changes_no_byte() {
    let called = "{{ t(key = 'hello' ) }}|{{ t(key=\"hello\") | upper }}|{% set x = t(key=\"hello\") %}{{ x }}|{{ t(key=key) }}|{{ t(key=\"count\", n=n) }}|{{ asset(name=\"base.css\") }}";
    let themes = load(&[("themes/base/portal/a.html", called), ("themes/base/mail/a.txt", called)]);
    let base = theme(&themes, "base");
    let css = base.asset_path("base.css").expect("the fixtures have it");
    let escaped = "Hello &amp; welcome";
    let expected = format!("{escaped}|HELLO &amp; WELCOME|{escaped}|{escaped}|3 pieces|/VOK{css}");
    assert_eq!(page(&base, Lang::En, "portal/a.html").replace("&#x2F;", "/"), expected);
    let plain =
        format!("Dobrý den & vítejte|DOBRÝ DEN & VÍTEJTE|Dobrý den & vítejte|Dobrý den & vítejte|3 kusů|/VOK{css}");
    assert_eq!(page(&base, Lang::Cs, "mail/a.txt"), plain);
}

#[test]
fn a_theme_of_tokens_and_texts_shares_its_parents_templates() {
    let themes = load(&[("themes/eon/texts/cs/own.ftl", "hello = Dobrý den od E.ON\n")]);
    let (base, eon, pp) = (theme(&themes, "base"), theme(&themes, "eon"), theme(&themes, "pp"));
    for lang in Lang::ALL {
        assert!(Arc::ptr_eq(&base.teras[lang.index()], &eon.teras[lang.index()]));
    }
    assert_eq!(page(&eon, Lang::Cs, "portal/home.html"), "<p>Dobrý den od E.ON</p>");
    assert_eq!(page(&eon, Lang::En, "portal/home.html"), "<p>Hello &amp; welcome</p>");
    assert_eq!(page(&pp, Lang::Cs, "portal/home.html"), "<p>Dobrý den &amp; vítejte</p>");
    assert_eq!(eon.text(Lang::Cs, "hello"), "Dobrý den od E.ON");
    assert_eq!(eon.text_args(Lang::En, "count", &[("n", 2.into())]), "2 pieces");
    assert_eq!(eon.text(Lang::Cs, "nobody-wrote-it"), "nobody-wrote-it");
}

#[test]
fn an_override_extends_the_file_it_overrides() {
    let themes = load(&[
        ("themes/base/portal/layout.html", "[{% block main %}base{% endblock main %}]"),
        ("themes/base/portal/page.html", "{% extends \"portal/layout.html\" %}{% block main %}page{% endblock main %}"),
        (
            "themes/cez/portal/layout.html",
            "{% extends \"base/portal/layout.html\" %}{% block main %}cez {{ super() }}{% endblock main %}",
        ),
        ("themes/vip/theme.toml", "schema = 1\nparent = \"cez\"\n"),
        ("themes/vip/portal/page.html", "vip"),
    ]);
    let at = |id: &str, template: &str| page(&theme(&themes, id), Lang::Cs, template);
    assert_eq!(at("pp", "portal/layout.html"), "[base]");
    assert_eq!(at("cez", "portal/layout.html"), "[cez base]");
    assert_eq!(at("cez", "portal/page.html"), "[page]");
    assert_eq!(at("vip", "portal/page.html"), "vip");
    assert_eq!(at("vip", "portal/layout.html"), "[cez base]");
    assert_eq!(theme(&themes, "vip").chain, ["vip", "cez", "base"]);
}

#[test]
fn an_override_that_fails_gives_way_to_its_parent() {
    let themes = load(&[("themes/eon/portal/home.html", "{{ nobody.gave.this }}")]);
    let eon = theme(&themes, "eon");
    assert_eq!(page(&eon, Lang::Cs, "portal/home.html"), "<p>Dobrý den &amp; vítejte</p>");
    assert_eq!(eon.failures(), 1);
    assert!(eon.render(Lang::Cs, "portal/nothing.html", &tera::Context::new()).is_err());
}

#[test]
fn tokens_are_inherited_one_by_one_and_written_as_variables() {
    let themes = load(&[(
        "themes/eon/theme.toml",
        "schema = 1\nparent = \"base\"\n[light]\nprimary = \"#ffdd00\"\n[shape]\nradius = \"2px\"\n",
    )]);
    let (base, eon) = (theme(&themes, "base"), theme(&themes, "eon"));
    let css = |theme: &Theme| {
        String::from_utf8(theme.asset_named("style.css").expect("always there").bytes.to_vec()).expect("text")
    };
    let (base_css, eon_css) = (css(&base), css(&eon));
    assert!(eon_css.contains("--primary:#ffdd00;--on-primary:#111111;--accent:#b34700;"), "{eon_css}");
    assert!(eon_css.contains("--radius:2px") && base_css.contains("--radius:8px"));
    assert!(base_css.contains("--on-primary:#ffffff"));
    assert!(base_css.contains("@media (prefers-color-scheme:dark){:root{--primary:#8cc4f5;"));
    assert_ne!(base.asset_path("style.css"), eon.asset_path("style.css"));
    assert_eq!(base.asset_path("mark.svg"), eon.asset_path("mark.svg"));
}

#[test]
fn assets_are_found_only_under_the_hash_of_their_content() {
    let css = "p{color:red}\n".repeat(100);
    let themes = load(&[("themes/base/assets/base.css", &css)]);
    let base = theme(&themes, "base");
    let path = base.asset_path("base.css").expect("it is there");
    let (hash, name) = path.trim_start_matches("/assets/").split_once('/').expect("hash and name");
    let asset = base.asset(hash, name).expect("its own hash");
    assert_eq!(asset.media_type, "text/css; charset=utf-8");
    let (br, gzip) = (asset.br.as_ref().expect("text shrinks"), asset.gzip.as_ref().expect("text shrinks"));
    assert!(br.len() < css.len() / 5 && gzip.len() < css.len() / 5);
    let mut unpacked = Vec::new();
    brotli::BrotliDecompress(&mut br.as_ref(), &mut unpacked).expect("it was packed by us");
    assert_eq!(unpacked, css.as_bytes());
    assert!(base.asset("0000000000000000", name).is_none() && base.asset(hash, "other.css").is_none());
}

#[test]
fn fonts_are_declared_from_the_assets() {
    let font = "\n[[font]]\nfamily = \"Open Sans\"\nfile = \"fonts/open-sans.woff2\"\nweight = \"300 700\"\n";
    let toml = format!("schema = 1\nparent = \"base\"\n{font}");
    let themes = load(&[("themes/eon/theme.toml", &toml), ("themes/eon/assets/fonts/open-sans.woff2", "woff2")]);
    let css =
        theme(&themes, "eon").asset_named("style.css").map(|asset| String::from_utf8_lossy(&asset.bytes).into_owned());
    let css = css.expect("always there");
    assert!(css.starts_with("@font-face{font-family:\"Open Sans\";src:url(\"../"), "{css}");
    assert!(css.contains("/fonts/open-sans.woff2\") format(\"woff2\");font-weight:300 700;font-style:normal"), "{css}");
}

#[test]
fn each_mistake_has_its_place_and_code() {
    let eon = "schema = 1\nparent = \"base\"\n";
    let with = |more: &str| format!("{eon}{more}");
    let rows: Vec<(&str, String, &str)> = vec![
        ("themes/eon/theme.toml", with("colour = 1\n"), "themes/eon/theme.toml:3:1  E0203 unknown key \"colour\""),
        (
            "themes/eon/theme.toml",
            with("[ligth]\nink = \"#000000\"\n"),
            "themes/eon/theme.toml:3:2  E0203 unknown section \"ligth\"  help: did you mean \"light\"?",
        ),
        (
            "themes/eon/theme.toml",
            with("[light]\nprimry = \"#000000\"\n"),
            "themes/eon/theme.toml:4:1  E0203 unknown key \"light.primry\"  help: did you mean \"primary\"?",
        ),
        (
            "themes/eon/theme.toml",
            with("[light]\nprimary = \"red;background:url(//evil)\"\n"),
            "themes/eon/theme.toml:4:11  E0503",
        ),
        ("themes/eon/theme.toml", with("[light]\nprimary = \"#12\"\n"), "E0503"),
        ("themes/eon/theme.toml", with("[light]\nprimary = \"#GGGGGG\"\n"), "E0503"),
        (
            "themes/eon/theme.toml",
            with("[light]\nink = \"#bbbbbb\"\n"),
            "themes/eon/theme.toml:4  E0508 [light] \"ink\" on \"paper\" has contrast 1.92, needs 4.5",
        ),
        (
            "themes/eon/theme.toml",
            with("[dark]\npaper = \"#ffffff\"\n"),
            "themes/eon/theme.toml:4  E0508 [dark] \"ink\" on \"paper\"",
        ),
        (
            "themes/eon/theme.toml",
            with("[light]\nprimary = \"#ffdd00\"\non-primary = \"#ffffff\"\n"),
            "themes/eon/theme.toml:5  E0508 [light] \"on-primary\" on \"primary\"",
        ),
        ("themes/eon/theme.toml", with("[shape]\nradius = \"12px;}\"\n"), "E0504 \"radius\""),
        ("themes/eon/theme.toml", with("[shape]\ndensity = \"tight\"\n"), "E0504 \"density\""),
        ("themes/eon/theme.toml", with("[type]\ntext = \"x; } body { display: none\"\n"), "E0504 \"text\""),
        (
            "themes/eon/theme.toml",
            with("[[font]]\nfamily = \"A\"\nfile = \"../x.woff2\"\nweight = \"400\"\n"),
            "E0504 \"file\"",
        ),
        (
            "themes/eon/theme.toml",
            with("[[font]]\nfamily = \"A\"\nfile = \"a.woff2\"\nweight = \"400\"\n"),
            "themes/eon/theme.toml:3  E0509 there is no asset \"a.woff2\"",
        ),
        (
            "themes/eon/theme.toml",
            with("[mark]\nfile = \"mrak.svg\"\nalt = { cs = \"x\", en = \"x\" }\n"),
            "E0509 there is no asset \"mrak.svg\"  help: did you mean \"mark.svg\"?",
        ),
        (
            "themes/eon/theme.toml",
            with("[mark]\nfile = \"mark.svg\"\nalt = { cs = \"x\" }\n"),
            "E0201 missing key \"mark.alt.en\"",
        ),
        (
            "themes/eon/theme.toml",
            "schema = 1\nparent = \"bse\"\n".into(),
            "themes/eon/theme.toml:2:10  E0501 unknown parent \"bse\"  help: did you mean \"base\"?",
        ),
        ("themes/base/theme.toml", "schema = 1\nparent = \"eon\"\n".into(), "E0501 parent \"base\" leads in a circle"),
        (
            "themes/base/theme.toml",
            "schema = 1\n".into(),
            "themes/base/theme.toml  E0502 a theme without parent must give \"light.primary\"",
        ),
        ("themes/new/portal/x.html", "x".into(), "themes/new/theme.toml  E0105 the file is missing"),
        ("themes/eon/notes.doc", "x".into(), "themes/eon/notes.doc  E0510"),
        ("themes/eon/assets/a.exe", "x".into(), "themes/eon/assets/a.exe  E0505 unknown kind of asset \".exe\""),
        ("themes/eon/assets/a.svg", "<svg onload=\"x()\"/>".into(), "themes/eon/assets/a.svg  E0507"),
        ("themes/eon/assets/a.svg", "<svg><script/></svg>".into(), "E0507 the picture contains \"<script\""),
        ("themes/eon/assets/a.svg", "<svg><image href=\"https://evil/x\"/></svg>".into(), "E0507"),
        ("themes/eon/texts/de/x.ftl", "a = b\n".into(), "themes/eon/texts/de/x.ftl  E0510"),
        ("themes/eon/texts/cs/x.ftl", "a = b\nnothing\n".into(), "themes/eon/texts/cs/x.ftl:2:8  E0601"),
        (
            "themes/base/texts/cs/x.ftl",
            "new = b\nhello = x\n".into(),
            "themes/base/texts/cs/x.ftl:2  E0602 text \"hello\" stands already in themes/base/texts/cs/frame.ftl:1",
        ),
        (
            "themes/base/portal/x.html",
            "\n{{ t(key=\"helo\") }}".into(),
            "themes/base/portal/x.html:2:4  E0603 text \"helo\" has no wording in cs  help: did you mean \"hello\"?",
        ),
        ("themes/base/portal/x.html", "{{ t(key=\"count\") }}".into(), "themes/base/portal/x.html:1:4  E0604"),
        (
            "themes/base/portal/x.html",
            "{{ asset(name=\"bse.css\") }}".into(),
            "themes/base/portal/x.html:1:4  E0605 no asset \"bse.css\"  help: did you mean \"base.css\"?",
        ),
        (
            "themes/base/portal/x.html",
            "{% extends \"portal/nothing.html\" %}".into(),
            "themes/base/portal/x.html  E0606",
        ),
        ("themes/base/portal/x.html", "{% extends \"portal/x.html\" %}".into(), "themes/base/portal/x.html  E0606"),
        ("themes/base/portal/x.html", "{% include \"portal/x.html\" %}".into(), "themes/base/portal/x.html  E0606"),
        (
            "themes/eon/portal/x.html",
            "{% include \"theme/cez/portal/x.html\" %}".into(),
            "themes/eon/portal/x.html:1:12  E0607",
        ),
        (
            "themes/eon/portal/x.html",
            "{% include \"../../etc/passwd\" %}".into(),
            "themes/eon/portal/x.html:1:12  E0607",
        ),
        ("themes/base/portal/x.html", "a\n  {{ x | shout }}".into(), "themes/base/portal/x.html:2:"),
        ("themes/base/portal/x.html", "a\n  {{ x".into(), "themes/base/portal/x.html:2:"),
        ("themes/base/portal/x.html", "{% if x %}".into(), "themes/base/portal/x.html:1:"),
        ("themes/base/portal/x.html", "x".repeat(300_000), "themes/base/portal/x.html  E0506"),
    ];
    for (path, text, expected) in rows {
        let changed = [(path, text.as_str())];
        let problems = Themes::load(&fixtures::files(&changed)).err().unwrap_or_default();
        let told = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(
            told.lines().any(|line| line.contains(expected)),
            "{path} {:.80}\n  expected {expected}\n  told {told}",
            text
        );
    }
}

#[test]
fn both_languages_are_judged() {
    let problems = Themes::load(&fixtures::files(&[
        ("themes/base/texts/cs/more.ftl", "only-czech = x\n"),
        ("themes/base/portal/x.html", "{{ t(key=\"only-czech\") }}{{ t(key=\"nobody\") }}"),
    ]));
    let told: Vec<String> = problems.expect_err("texts are missing").iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 3, "{told:?}");
}

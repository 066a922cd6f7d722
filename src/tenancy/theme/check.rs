//! `busbar theme check`: what the loader refuses, and beyond it what would be bad on a page. Remarks (codes with W) stop nothing.
use super::fold::{Kind, calls, next_tag};
use super::load::Themes;
use super::source::{self, Source};
use super::{Theme, catalogue, templates};
use crate::tenancy::files::Files;
use crate::tenancy::lang::Lang;
use crate::tenancy::problem::{Problem, place};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// One theme, or all.
pub fn check(files: &Files, id: Option<&str>) -> Vec<Problem> {
    let themes = match Themes::load(files) {
        Ok(themes) => themes,
        Err(problems) => return problems,
    };
    if let Some(unknown) = id.filter(|id| themes.get(id).is_none()) {
        return vec![
            Problem::of_file("themes", "E0501", format!("unknown theme \"{unknown}\"")).nearest(unknown, themes.ids()),
        ];
    }
    let sources = source::read_all(files).unwrap_or_default();
    let chosen = sources.iter().filter(|source| id.is_none_or(|id| source.id == id));
    let mut problems: Vec<Problem> = Vec::new();
    for source in chosen {
        let Some(theme) = themes.get(&source.id) else { continue };
        problems.extend(texts(source, theme));
        problems.extend(mails(source, theme));
        problems.extend(catalogue::walk(theme));
        for (name, text) in &source.templates {
            let path = source.path(name);
            problems.extend(markup(&path, text));
            problems.extend(variables(&path, name, text, theme));
            problems.extend(overrides(&path, name, text, source, &sources));
        }
        for (name, asset) in source.assets.iter().filter(|(name, _)| name.ends_with(".css")) {
            let text = String::from_utf8_lossy(&asset.bytes);
            problems.extend(found(&source.path(&format!("assets/{name}")), &text, &REMOTE_CSS));
        }
    }
    problems
}

/// Both languages say the same things, and nobody writes what is never read.
fn texts(source: &Source, theme: &Theme) -> Vec<Problem> {
    let mut problems = Vec::new();
    for lang in Lang::ALL {
        for file in source.texts.get(&lang).into_iter().flatten() {
            for (key, line) in &file.lines {
                let others = Lang::ALL.into_iter().filter(|other| *other != lang);
                let lacking = others.filter(|other| !theme.voice.texts(*other).keys().any(|known| known == key));
                problems.extend(lacking.map(|other| {
                    Problem::new(&file.path, (*line, 0), "E0609", format!("text \"{key}\" has no wording in {other}"))
                }));
            }
        }
    }
    if let Some(parent) = &theme.parent {
        let used: BTreeSet<&str> = source.templates.values().flat_map(|text| keys_in(text)).collect();
        for (lang, files) in &source.texts {
            for file in files {
                let is_idle = |key: &String| {
                    !key.starts_with('-') && !parent.has_text(*lang, key) && !used.contains(key.as_str())
                };
                let idle = file.lines.iter().filter(|(key, _)| is_idle(key));
                problems.extend(idle.map(|(key, line)| {
                    let message = format!("text \"{key}\" overrides nothing and stands in no template of this theme");
                    Problem::new(&file.path, (*line, 0), "W0610", message)
                }));
            }
        }
    }
    problems
}

fn keys_in(template: &str) -> Vec<&str> {
    let mut keys = Vec::new();
    let mut at = 0;
    while let Some(tag) = next_tag(template, at) {
        if tag.kind != Kind::Comment {
            let inner = &template[tag.start + 2..tag.end - 2];
            keys.extend(calls(inner).into_iter().filter(|call| call.function == "t").map(|call| call.name));
        }
        at = tag.end;
    }
    keys
}

/// Every mail has a subject and a plain twin; what goes by text message alone has neither.
fn mails(source: &Source, theme: &Theme) -> Vec<Problem> {
    let notices: BTreeSet<&str> = source
        .templates
        .keys()
        .filter_map(|name| name.strip_prefix("mail/")?.split_once('/').map(|(notice, _)| notice))
        .collect();
    let parts = |notice: &str| ["subject.txt", "body.txt"].map(|part| format!("mail/{notice}/{part}"));
    let has = |name: &str| theme.has_template(Lang::Cs, name);
    let is_mail = |notice: &&&str| !has(&format!("mail/{notice}/sms.txt")) || has(&format!("mail/{notice}/body.html"));
    let lacking = notices.iter().filter(is_mail).flat_map(|notice| parts(notice)).filter(|name| !has(name));
    lacking.map(|name| Problem::of_file(&source.path(&name), "E0611", "the mail lacks this part")).collect()
}

/// What pages may not contain: the needle in lower case, the code, the complaint.
type Forbidden = (&'static str, &'static str, &'static str);

const REMOTE_CSS: [Forbidden; 3] = [
    ("url(http", "E0613", "loads from another host"),
    ("url(//", "E0613", "loads from another host"),
    ("@import", "E0613", "imports a style sheet"),
];

const REMOTE: [Forbidden; 6] = [
    ("src=\"http", "E0613", "loads from another host"),
    ("src=\"//", "E0613", "loads from another host"),
    ("srcset=\"http", "E0613", "loads from another host"),
    ("action=\"http", "E0613", "sends a form to another host"),
    ("url(http", "E0613", "loads from another host"),
    ("javascript:", "E0612", "a script in an address"),
];

fn markup(path: &str, text: &str) -> Vec<Problem> {
    if !super::fold::is_markup(path) {
        return Vec::new();
    }
    let mut problems = found(path, text, &REMOTE);
    // A mail has no style sheet to lean on, and no content policy.
    let is_mail = path.contains("/mail/");
    for (at, tag) in tags(text) {
        let mut refuse = |code, message: &str| problems.push(Problem::new(path, place(text, at), code, message));
        let lower = tag.to_ascii_lowercase();
        let is = |name: &str| {
            lower.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\n', '/']))
        };
        let has =
            |attribute: &str| lower.split([' ', '\n', '\t']).any(|word| word.split('=').next() == Some(attribute));
        if is("script") && !has("src") && !lower.contains("type=\"application/json\"") {
            refuse("E0612", "a script within the page; the content policy forbids it");
        }
        if is("style") && !is_mail {
            refuse("E0612", "a style sheet within the page; the content policy forbids it");
        }
        if has("style") && !is_mail {
            refuse("E0612", "a style within the element; the content policy forbids it");
        }
        if lower.split([' ', '\n', '\t']).skip(1).any(is_handler) {
            refuse("E0612", "an event handler within the element; the content policy forbids it");
        }
        if is("img") && !has("alt") {
            refuse("E0614", "a picture without alt");
        }
        if is("link") && (lower.contains("href=\"http") || lower.contains("href=\"//")) {
            refuse("E0613", "loads from another host");
        }
    }
    problems
}

fn is_handler(word: &str) -> bool {
    let name = word.split('=').next().unwrap_or_default();
    word.contains('=') && name.len() > 3 && name.starts_with("on") && name.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Opening tags of HTML with their place, without `<` and `>`.
fn tags(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices('<').filter_map(|(at, _)| {
        let rest = &text[at + 1..];
        let is_opening = rest.starts_with(|letter: char| letter.is_ascii_alphabetic());
        let end = rest.find('>')?;
        is_opening.then(|| (at, rest[..end].trim_end_matches('/')))
    })
}

fn found(path: &str, text: &str, forbidden: &[Forbidden]) -> Vec<Problem> {
    let lower = text.to_ascii_lowercase();
    let places = forbidden
        .iter()
        .flat_map(|(needle, code, complaint)| lower.match_indices(needle).map(move |(at, _)| (at, *code, *complaint)));
    places.map(|(at, code, complaint)| Problem::new(path, place(text, at), code, complaint)).collect()
}

/// What every page is given; `v` is its own view. What a page sets is for the parts it includes, whose names begin with `_`.
const GIVEN: [&str; 14] = [
    "base",
    "lang",
    "portal_name",
    "supplier_name",
    "csrf",
    "who",
    "number",
    "acts",
    "needed",
    "needed_href",
    "head",
    "top",
    "bottom",
    "v",
];

fn variables(path: &str, name: &str, text: &str, theme: &Theme) -> Vec<Problem> {
    let is_page = ["portal/", "operator/", "platform/"].iter().any(|folder| name.starts_with(folder));
    let is_part = name.rsplit('/').next().is_some_and(|file| file.starts_with('_'));
    if !is_page || is_part {
        return Vec::new();
    }
    let tera = &theme.teras[Lang::Cs.index()];
    let wanted = tera.get_template_variables(&templates::name(&theme.id, name)).unwrap_or_default();
    let own = set_in(text);
    let unknown = wanted.into_iter().filter(|wanted| !GIVEN.contains(wanted) && !own.contains(wanted));
    let told = |unknown: &str| {
        let message = format!("variable \"{unknown}\" is given to no page");
        Problem::of_file(path, "E0615", message).nearest(unknown, GIVEN)
    };
    let mut problems: Vec<Problem> = unknown.map(told).collect();
    problems.sort_by(|one, other| one.message.cmp(&other.message));
    problems
}

/// Names that the template's `{% set name = … %}` define.
fn set_in(template: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    let mut at = 0;
    while let Some(tag) = next_tag(template, at) {
        let mut words = template[tag.start + 2..tag.end - 2].trim_start_matches('-').split_whitespace();
        if tag.kind == Kind::Statement && words.next() == Some("set") {
            names.extend(words.next());
        }
        at = tag.end;
    }
    names
}

/// An override that says the same as its parent, or was made from an older one (`{# based-on: 0123456789abcdef #}`).
fn overrides(path: &str, name: &str, text: &str, source: &Source, sources: &[Source]) -> Vec<Problem> {
    let Some(above) = overridden(name, source, sources) else { return Vec::new() };
    if above == text {
        return vec![Problem::of_file(path, "W0616", "is the same as the template it overrides")];
    }
    let noted = text.split("based-on:").nth(1).and_then(|rest| rest.split_whitespace().next());
    let now = hex::encode(&Sha256::digest(above.as_bytes())[..8]);
    match noted {
        Some(noted) if noted != now => {
            let message = format!("the template it was made from has changed (now {now})");
            vec![Problem::of_file(path, "W0617", message).with_help("compare, then note the new hash")]
        }
        _ => Vec::new(),
    }
}

fn overridden<'a>(name: &str, source: &Source, sources: &'a [Source]) -> Option<&'a str> {
    let parent = sources.iter().find(|other| Some(&other.id) == source.file.parent.as_ref())?;
    parent.templates.get(name).map(String::as_str).or_else(|| overridden(name, parent, sources))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenancy::fixtures;

    fn told(changes: &[(&str, &str)]) -> Vec<String> {
        check(&fixtures::files(changes), None).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn good_themes_have_nothing_to_tell() {
        let page = "{% for row in v.rows %}{% set x = row.y %}<img src=\"{{ asset(name=\"mark.svg\") }}\" alt=\"\">{{ x }}{{ loop.index }}{% endfor %}{{ top | safe }}";
        assert_eq!(told(&[("themes/base/portal/x.html", page)]), Vec::<String>::new());
        let part = ("themes/base/portal/_part.html", "<p>{{ choice }}</p>");
        let whole = ("themes/base/portal/x.html", "{% set choice = v.one %}{% include \"portal/_part.html\" %}");
        assert_eq!(told(&[part, whole]), Vec::<String>::new(), "what a page sets for its part");
    }

    #[test]
    fn a_component_that_a_theme_breaks_is_told() {
        let good = "{% component ui.tag(label: string) %}<b>{{ label }}</b>{% endcomponent ui.tag %}";
        let bad = "{% component ui.tag(label: string) %}{{ nothing }}{% endcomponent ui.tag %}";
        let base =
            [("themes/base/ui/tag.html", good), ("themes/base/ui/catalogue.html", "{{ <ui.tag label=\"x\" /> }}")];
        assert_eq!(told(&base), Vec::<String>::new());
        let told = told(&[base[0], base[1], ("themes/eon/ui/tag.html", bad)]);
        assert!(
            told.len() == 2 && told.iter().all(|one| one.contains("themes/eon") && one.contains("E0616")),
            "{told:?}"
        );
    }

    #[test]
    fn each_kind_of_bad_page() {
        let rows = [
            ("portal/x.html", "\n<script>x()</script>", ":2:1  E0612 a script"),
            ("portal/x.html", "<style>p{}</style>", "E0612 a style sheet"),
            ("portal/x.html", "<p style=\"color:red\">", "E0612 a style within"),
            ("portal/x.html", "<a href=\"#\" onclick=\"x()\">", "E0612 an event handler"),
            ("portal/x.html", "<a href=\"javascript:x()\">", "E0612 a script in an address"),
            ("portal/x.html", "<img src=\"x.svg\">", "E0614 a picture without alt"),
            ("portal/x.html", "<script src=\"https://cdn.example/x.js\"></script>", "E0613"),
            ("portal/x.html", "<link rel=\"stylesheet\" href=\"//cdn.example/x.css\">", "E0613"),
            ("portal/x.html", "<form action=\"https://evil.example\">", "E0613"),
            ("assets/x.css", "p{background:url(https://evil.example/x.png)}", "E0613"),
            ("assets/x.css", "@import \"x.css\";", "E0613"),
            (
                "portal/x.html",
                "{{ suplier_name }}",
                "E0615 variable \"suplier_name\" is given to no page  help: did you mean \"supplier_name\"?",
            ),
            ("mail/outage/body.html", "x", "themes/base/mail/outage/body.txt  E0611"),
            ("texts/cs/x.ftl", "new = x\n", "themes/base/texts/cs/x.ftl:1  E0609 text \"new\" has no wording in en"),
        ];
        for (name, text, expected) in rows {
            let told = told(&[(&format!("themes/base/{name}"), text)]);
            assert!(told.iter().any(|line| line.contains(expected)), "{text}\n  expected {expected}\n  told {told:?}");
        }
    }

    #[test]
    fn idle_texts_and_overrides_are_remarked() {
        let same = "<p>{{ t(key=\"hello\") }}</p>";
        let old = "{# based-on: 0123456789abcdef #}<p>other</p>";
        let told = told(&[
            ("themes/eon/portal/home.html", same),
            ("themes/pp/portal/home.html", old),
            ("themes/pp/texts/cs/x.ftl", "nobody = x\n"),
            ("themes/pp/texts/en/x.ftl", "nobody = x\n"),
        ]);
        let codes = ["W0616", "W0610", "W0610", "W0617"].to_vec();
        assert_eq!(
            told.iter()
                .map(|line| line.split("  ").nth(1).unwrap_or_default().get(..5).unwrap_or_default())
                .collect::<Vec<_>>(),
            codes,
            "{told:?}"
        );
    }

    #[test]
    fn one_theme_can_be_chosen() {
        let files = fixtures::files(&[("themes/eon/portal/x.html", "<style>")]);
        assert!(check(&files, Some("pp")).is_empty() && !check(&files, Some("eon")).is_empty());
        assert_eq!(check(&files, Some("eno")).len(), 1);
    }
}

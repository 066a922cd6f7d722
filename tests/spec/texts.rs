//! Words: every sentence a program says exists in every language, and none is kept that nobody says.
use busbar::tenancy::Lang;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn files(dir: &Path, suffix: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).expect("a readable folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, suffix, found);
        } else if path.to_string_lossy().ends_with(suffix) {
            found.push(path);
        }
    }
}

fn read_all(dir: &str, suffix: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    files(&root.join(dir), suffix, &mut found);
    let name = |path: &PathBuf| path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
    found.iter().map(|path| (name(path), std::fs::read_to_string(path).expect("a text file"))).collect()
}

/// Keys of the base theme's texts by language.
fn keys() -> BTreeMap<&'static str, BTreeSet<String>> {
    let of = |lang: Lang| {
        let texts = read_all(&format!("themes/base/texts/{}", lang.key()), ".ftl");
        let keys = texts.iter().flat_map(|(_, text)| text.lines()).filter_map(|line| {
            let (key, _) = line.split_once(" =")?;
            let is_key = key.starts_with(|letter: char| letter.is_ascii_lowercase()) && !key.contains(' ');
            is_key.then(|| key.to_owned())
        });
        keys.collect()
    };
    Lang::ALL.into_iter().map(|lang| (lang.key(), of(lang))).collect()
}

/// Everything that could be a key.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !(letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-'))
}

fn is_word(word: &str) -> bool {
    word.contains('-') && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Beginnings of keys that are put together: `format!("feature-{}", …)`.
fn beginnings(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("-{").filter_map(|(at, _)| words(&text[..=at]).last()).filter(|start| is_word(start))
}

/// Endings of keys whose beginning is a word of the program: `format!("{word}-title")`.
fn endings(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("}-").filter_map(|(at, _)| words(&text[at + 1..]).next()).filter(|end| end.len() > 1)
}

#[test]
fn both_languages_have_the_same_keys() {
    let keys = keys();
    let (cs, en) = (&keys["cs"], &keys["en"]);
    assert!(cs.len() > 300, "the keys were not found");
    assert_eq!(cs.symmetric_difference(en).collect::<Vec<_>>(), Vec::<&String>::new());
}

/// Templates are checked when they are loaded; this is the same for keys that stand in Rust.
#[test]
fn every_key_in_the_program_has_a_wording() {
    let keys = &keys()["cs"];
    let mut missing = Vec::new();
    for (file, text) in read_all("src", ".rs") {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for call in ["page.t(\"", "page.t_args(\"", " t(\"", "(t(\"", "Table::new(page, \""] {
            for rest in code.split(call).skip(1) {
                let key = rest.split('"').next().unwrap_or_default();
                if is_word(key) && !keys.contains(key) {
                    missing.push(format!("{file}: {key}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "no wording for {missing:#?}");
}

#[test]
fn no_wording_is_kept_that_nobody_says() {
    let sources = read_all("src", ".rs");
    let templates: Vec<_> = [".html", ".txt"].iter().flat_map(|suffix| read_all("themes", suffix)).collect();
    let texts = read_all("themes/base/texts", ".ftl");
    let mut said: BTreeSet<&str> = BTreeSet::new();
    let (mut starts, mut ends): (BTreeSet<&str>, BTreeSet<&str>) = (BTreeSet::new(), BTreeSet::new());
    for (_, text) in sources.iter().chain(&templates) {
        said.extend(words(text));
        starts.extend(beginnings(text));
        ends.extend(endings(text));
    }
    let within: Vec<&str> = texts.iter().flat_map(|(_, text)| text.split("{ ").skip(1)).collect();
    let is_said = |key: &String| {
        said.contains(key.as_str())
            || starts.iter().any(|start| key.starts_with(start))
            || ends.iter().any(|end| key.strip_suffix(end).is_some_and(|start| said.contains(start)))
            || within.iter().any(|rest| rest.starts_with(&format!("{key} ")))
    };
    let idle: Vec<String> = keys()["cs"].iter().filter(|key| !is_said(key)).cloned().collect();
    assert!(idle.is_empty(), "nobody says {idle:#?}");
}

/// After the `>` of an HTML tag, whose attributes may hold Tera's own tags.
fn end_of_tag(tag: &str) -> Option<usize> {
    let (mut at, bytes) = (0, tag.as_bytes());
    while at < bytes.len() {
        if tag[at..].starts_with("{%") || tag[at..].starts_with("{{") {
            at += tag[at..].find(['}']).map_or(2, |end| end + 1);
        } else if bytes[at] == b'>' {
            return Some(at + 1);
        }
        at += tag[at..].chars().next().map_or(1, char::len_utf8);
    }
    None
}

/// What a template says by itself, outside `t()`, is a mark or a name, never a sentence.
#[test]
fn no_template_speaks_a_language_of_its_own() {
    /// Names and marks that are the same in every language.
    const MARKS: [&str; 8] = ["Busbar", "PDF", "CSV", "ISDOC", "Kč", "kWh", "MWh", "m³"];
    let mut loud = Vec::new();
    for (file, text) in read_all("themes", ".html") {
        // Names of files are the same in every language.
        let text = text
            .replace("tenants/{{", "{{")
            .replace("}}.toml", "}}")
            .replace("policies/{{", "{{")
            .replace("}}.csv", "}}");
        let mut plain = String::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find(['<', '{']) {
            plain.push_str(&rest[..at]);
            plain.push(' ');
            let close = match &rest[at..] {
                tag if tag.starts_with("{{") => tag.find("}}").map(|end| at + end + 2),
                tag if tag.starts_with("{%") => tag.find("%}").map(|end| at + end + 2),
                tag if tag.starts_with("{#") => tag.find("#}").map(|end| at + end + 2),
                tag => end_of_tag(tag).map(|end| at + end),
            };
            rest = &rest[close.unwrap_or(at + 1)..];
        }
        plain.push_str(rest);
        let words = plain.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.chars().count() > 1);
        let words = words.filter(|word| word.chars().any(char::is_alphabetic) && !MARKS.contains(word));
        loud.extend(words.map(|word| format!("{file}: {word}")));
    }
    assert!(loud.is_empty(), "not from the texts: {loud:#?}");
}

//! The words: Fluent, one bundle for each theme and language, a child's messages over its parent's, key by key.
use crate::tenancy::lang::Lang;
use crate::tenancy::problem::{Problem, place};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// A value put into a text. Numbers choose the plural.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    Text(String),
    Number(i64),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Arg {
        Arg::Text(text.to_owned())
    }
}
impl From<String> for Arg {
    fn from(text: String) -> Arg {
        Arg::Text(text)
    }
}
impl From<&String> for Arg {
    fn from(text: &String) -> Arg {
        Arg::Text(text.clone())
    }
}
macro_rules! from_numbers {
    ($($number:ty),+) => {$(
        impl From<$number> for Arg {
            fn from(number: $number) -> Arg {
                i64::try_from(number).map_or_else(|_| Arg::Text(number.to_string()), Arg::Number)
            }
        }
    )+};
}
from_numbers!(u8, i16, u16, i32, u32, i64, u64, usize);

/// One `.ftl` file.
#[derive(Clone, Debug)]
pub struct TextFile {
    pub path: String,
    pub resource: Arc<FluentResource>,
    /// Line of each message.
    pub lines: BTreeMap<String, usize>,
}

impl TextFile {
    pub fn parse(path: &str, text: &str) -> Result<TextFile, Vec<Problem>> {
        let resource = FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| {
            let told = |error: &fluent_syntax::parser::ParserError| {
                let at = error.slice.as_ref().map_or(error.pos.start, |slice| slice.start.max(error.pos.start));
                Problem::new(path, place(text, at), "E0601", error.kind.to_string())
            };
            errors.iter().map(told).collect::<Vec<_>>()
        })?;
        let mut lines = BTreeMap::new();
        let mut problems = Vec::new();
        for name in resource.entries().filter_map(name_of) {
            let line = line_of(text, &name);
            if let Some(before) = lines.insert(name.clone(), line) {
                problems.push(Problem::new(
                    path,
                    (before, 0),
                    "E0602",
                    format!("text \"{name}\" stands twice in this file"),
                ));
            }
        }
        if problems.is_empty() {
            Ok(TextFile { path: path.to_owned(), resource: Arc::new(resource), lines })
        } else {
            Err(problems)
        }
    }
}

fn name_of(entry: &ast::Entry<&str>) -> Option<String> {
    match entry {
        ast::Entry::Message(message) => Some(message.id.name.to_owned()),
        ast::Entry::Term(term) => Some(format!("-{}", term.id.name)),
        _ => None,
    }
}

fn line_of(text: &str, name: &str) -> usize {
    let is_it = |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('='));
    text.lines().position(is_it).map_or(0, |index| index + 1)
}

/// All texts of a theme in one language.
pub struct Texts {
    bundle: FluentBundle<Arc<FluentResource>>,
    /// From the base to the child.
    files: Vec<Arc<FluentResource>>,
    keys: BTreeSet<String>,
    /// Texts that want no arguments, as they are said: Fluent would put each together anew.
    plain: HashMap<String, String>,
}

impl Texts {
    /// The own files over those of the parent.
    pub fn new(lang: Lang, parent: Option<&Texts>, own: &[TextFile]) -> Texts {
        let mut files: Vec<Arc<FluentResource>> = parent.map(|parent| parent.files.clone()).unwrap_or_default();
        files.extend(own.iter().map(|file| file.resource.clone()));
        let mut keys = parent.map(|parent| parent.keys.clone()).unwrap_or_default();
        keys.extend(own.iter().flat_map(|file| file.lines.keys().cloned()));
        let locale = lang.key().parse().expect("two letters are a language");
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // The marks around arguments would be copied from pages and break searching in them.
        bundle.set_use_isolating(false);
        files.iter().for_each(|file| bundle.add_resource_overriding(file.clone()));
        let mut texts = Texts { bundle, files, keys, plain: HashMap::new() };
        let whole = |key: &String| {
            Some((key.clone(), texts.format(key, &[]).filter(|(_, is_whole)| *is_whole)?.0.into_owned()))
        };
        texts.plain = texts.keys.iter().filter_map(whole).collect();
        texts
    }

    pub fn has(&self, key: &str) -> bool {
        self.bundle.get_message(key).is_some_and(|message| message.value().is_some())
    }

    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(String::as_str)
    }

    /// None when there is no such text.
    pub fn get(&self, key: &str, args: &[(&str, Arg)]) -> Option<Cow<'_, str>> {
        if args.is_empty()
            && let Some(text) = self.plain.get(key)
        {
            return Some(Cow::Borrowed(text));
        }
        self.format(key, args).map(|(text, _)| text)
    }

    /// The text, and whether everything it wanted was given.
    pub fn format(&self, key: &str, args: &[(&str, Arg)]) -> Option<(Cow<'_, str>, bool)> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        if args.is_empty() {
            let text = self.bundle.format_pattern(pattern, None, &mut errors);
            return Some((text, errors.is_empty()));
        }
        let mut given = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            let value: FluentValue<'_> = match value {
                Arg::Text(text) => text.as_str().into(),
                Arg::Number(number) => (*number).into(),
            };
            given.set(*name, value);
        }
        let text = self.bundle.format_pattern(pattern, Some(&given), &mut errors).into_owned();
        Some((Cow::Owned(text), errors.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lang: Lang, sources: &[&str]) -> Texts {
        let files: Vec<TextFile> =
            sources.iter().map(|text| TextFile::parse("x.ftl", text).expect("a good file")).collect();
        Texts::new(lang, None, &files)
    }

    #[test]
    fn czech_counts_in_its_own_way() {
        let texts = texts(
            Lang::Cs,
            &["points = { $n ->\n    [one] { $n } místo\n    [few] { $n } místa\n   *[other] { $n } míst\n}\n"],
        );
        let say = |n: i64| texts.get("points", &[("n", Arg::from(n))]).map(Cow::into_owned);
        assert_eq!([1, 2, 5, 0].map(say).map(Option::unwrap_or_default), ["1 místo", "2 místa", "5 míst", "0 míst"]);
    }

    #[test]
    fn a_child_overrides_key_by_key() {
        let texts =
            texts(Lang::En, &["a = base a\nb = base b { -brand }\n-brand = Base\n", "a = child a\n-brand = Child\n"]);
        assert_eq!(texts.get("a", &[]).as_deref(), Some("child a"));
        assert_eq!(texts.get("b", &[]).as_deref(), Some("base b Child"));
        assert!(texts.get("c", &[]).is_none());
    }

    #[test]
    fn mistakes_have_their_line() {
        let problems = TextFile::parse("cs.ftl", "good = x\nbad text\n").expect_err("a line without =");
        assert_eq!((problems[0].line, problems[0].code), (2, "E0601"));
        let problems = TextFile::parse("cs.ftl", "a = x\nb = y\na = z\n").expect_err("a key twice");
        assert_eq!(problems[0].code, "E0602");
    }
}

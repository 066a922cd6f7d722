//! Words and asset paths put into a template's source once, at load, instead of at every rendering: `{{ t(key="home-title") }}` becomes the text itself.
//!
//! What a child theme overrides stays a call, so that one compiled template serves every theme of the chain.
use super::templates::Voice;
use crate::tenancy::lang::Lang;
use crate::tenancy::problem::{Problem, place};
use std::collections::BTreeSet;

/// What is not the same in every theme and therefore stays a call.
#[derive(Debug, Default)]
pub struct Varying {
    pub texts: BTreeSet<String>,
    pub assets: BTreeSet<String>,
}

pub struct Folder<'a> {
    pub path: &'a str,
    pub lang: Lang,
    pub voice: &'a Voice,
    pub varying: &'a Varying,
    pub problems: Vec<Problem>,
}

/// Keys and arguments of one call as far as they are literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call<'a> {
    pub function: &'static str,
    pub name: &'a str,
    /// From its first letter to after its closing bracket, when it has no other argument.
    pub start: usize,
    pub end: Option<usize>,
}

impl Folder<'_> {
    pub fn fold(&mut self, source: &str) -> String {
        let mut out = String::with_capacity(source.len() + source.len() / 4);
        let mut at = 0;
        while let Some(tag) = next_tag(source, at) {
            self.plain(&source[at..tag.start], &mut out);
            match tag.kind {
                Kind::Comment => {}
                Kind::Expression | Kind::Statement => self.tag(source, &tag, &mut out),
            }
            at = tag.end;
        }
        self.plain(&source[at..], &mut out);
        out
    }

    /// Text between tags. How far a line of markup is indented is for those who write it, not for those who load it.
    fn plain(&self, text: &str, out: &mut String) {
        let mut lines = text.split('\n');
        out.push_str(lines.next().unwrap_or_default());
        for line in lines {
            out.push('\n');
            out.push_str(if is_markup(self.path) { line.trim_start_matches(' ') } else { line });
        }
    }

    fn tag(&mut self, source: &str, tag: &Tag, out: &mut String) {
        let inner = &source[tag.start + 2..tag.end - 2];
        let calls = calls(inner);
        for call in &calls {
            self.check(source, tag.start + 2 + call.start, call);
        }
        if tag.kind == Kind::Expression
            && let [call] = &calls[..]
            && call.end.is_some_and(|end| inner[..call.start].trim().is_empty() && inner[end..].trim().is_empty())
            && let Some(text) = self.whole(call)
        {
            out.push_str(&text);
            return;
        }
        out.push_str(&source[tag.start..tag.start + 2]);
        let mut at = 0;
        for call in &calls {
            if let (Some(end), Some(literal)) = (call.end, self.literal(call)) {
                out.push_str(&inner[at..call.start]);
                out.push_str(&literal);
                at = end;
            }
        }
        out.push_str(&inner[at..]);
        out.push_str(&source[tag.end - 2..tag.end]);
    }

    fn check(&mut self, source: &str, at: usize, call: &Call<'_>) {
        let texts = self.voice.texts(self.lang);
        let problem = match call.function {
            "t" if !texts.has(call.name) => {
                let message = format!("text \"{}\" has no wording in {}", call.name, self.lang);
                Problem::new(self.path, place(source, at), "E0603", message).nearest(call.name, texts.keys())
            }
            "t" if call.end.is_some() && texts.format(call.name, &[]).is_none_or(|(_, is_whole)| !is_whole) => {
                let message =
                    format!("text \"{}\" in {} wants arguments that are not given here", call.name, self.lang);
                Problem::new(self.path, place(source, at), "E0604", message)
            }
            "asset" if !self.voice.assets.contains_key(call.name) => {
                let names = self.voice.assets.keys().map(String::as_str);
                Problem::new(self.path, place(source, at), "E0605", format!("no asset \"{}\"", call.name))
                    .nearest(call.name, names)
            }
            _ => return,
        };
        self.problems.push(problem);
    }

    /// What replaces a tag that is nothing but this call.
    fn whole(&self, call: &Call<'_>) -> Option<String> {
        match call.function {
            "asset" if !self.varying.assets.contains(call.name) => {
                self.voice.assets.get(call.name).map(|asset| format!("{{{{ base }}}}{}", asset.path))
            }
            "t" => self.text(call).map(|text| if is_markup(self.path) { escaped(&text) } else { text }),
            _ => None,
        }
    }

    /// What replaces a call inside a larger expression.
    fn literal(&self, call: &Call<'_>) -> Option<String> {
        let text = self.text(call).filter(|_| call.function == "t")?;
        (!text.contains(['"', '\\'])).then(|| format!("\"{text}\""))
    }

    fn text(&self, call: &Call<'_>) -> Option<String> {
        if call.function != "t" || self.varying.texts.contains(call.name) {
            return None;
        }
        let (text, is_whole) = self.voice.texts(self.lang).format(call.name, &[])?;
        // A line break would move the lines that errors name; a bracket would open a tag.
        (is_whole && !text.contains(['\n', '{', '}'])).then(|| text.into_owned())
    }
}

/// As Tera decides about escaping.
pub fn is_markup(path: &str) -> bool {
    [".html", ".htm", ".xml"].iter().any(|suffix| path.ends_with(suffix))
}

fn escaped(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    match tera::escape_html(text, &mut out).ok().and_then(|()| String::from_utf8(out).ok()) {
        Some(escaped) => escaped,
        None => text.to_owned(),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Expression,
    Statement,
    Comment,
}

#[derive(Debug)]
pub struct Tag {
    pub kind: Kind,
    pub start: usize,
    /// After the closing bracket.
    pub end: usize,
}

/// The next tag at or after a place; quotes inside tags are respected. An unclosed tag is left to Tera to complain of.
pub fn next_tag(source: &str, from: usize) -> Option<Tag> {
    let bytes = source.as_bytes();
    let start = (from..bytes.len().saturating_sub(1))
        .find(|at| bytes[*at] == b'{' && matches!(bytes[*at + 1], b'{' | b'%' | b'#'))?;
    let (kind, closing) = match bytes[start + 1] {
        b'{' => (Kind::Expression, "}}"),
        b'%' => (Kind::Statement, "%}"),
        _ => (Kind::Comment, "#}"),
    };
    let mut quote = None;
    let mut at = start + 2;
    while at < bytes.len() {
        match (quote, bytes[at]) {
            // A backslash speaks for the next letter.
            (Some(_), b'\\') => at += 1,
            (Some(open), byte) if open == byte => quote = None,
            (None, byte @ (b'"' | b'\'' | b'`')) if kind != Kind::Comment => quote = Some(byte),
            (None, _) if bytes[at..].starts_with(closing.as_bytes()) => {
                return Some(Tag { kind, start, end: at + 2 });
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Calls of `t(key="…")` and `asset(name="…")` in the inside of a tag.
pub fn calls(inner: &str) -> Vec<Call<'_>> {
    let bytes = inner.as_bytes();
    let mut found = Vec::new();
    let mut quote = None;
    for at in 0..bytes.len() {
        match (quote, bytes[at]) {
            (Some(open), byte) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, byte @ (b'"' | b'\'' | b'`')) => quote = Some(byte),
            (None, _) => {
                let is_start =
                    at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || matches!(bytes[at - 1], b'_' | b'.'));
                if is_start && inner.is_char_boundary(at) {
                    found.extend(call(inner, at, "t", "key").or_else(|| call(inner, at, "asset", "name")));
                }
            }
        }
    }
    found
}

fn call<'a>(inner: &'a str, start: usize, function: &'static str, argument: &str) -> Option<Call<'a>> {
    let rest = inner[start..].strip_prefix(function)?.strip_prefix('(')?.trim_start();
    let rest = rest.strip_prefix(argument)?.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`'))?;
    let (name, rest) = rest[1..].split_once(quote)?;
    // A string that goes on (`"a" ~ b`) is not literal.
    let rest = rest.trim_start();
    let end = match rest.strip_prefix(')') {
        Some(after) => Some(inner.len() - after.len()),
        None if rest.starts_with(',') => None,
        None => return None,
    };
    Some(Call { function, name, start, end })
}

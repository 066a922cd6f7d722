//! Strict reading of TOML: every key is asked for by name, what nobody asked for is a mistake, every mistake has its place.
use super::lang::Localized;
use super::problem::{Problem, place, place_of};
use std::cell::RefCell;
use std::ops::Range;
use toml_edit::{Document, Item, TableLike, Value};

/// No definition file of ours comes near it; a larger one is a mistake or an attack.
pub const LARGEST_FILE: usize = 64 * 1024;

/// A TOML file with the mistakes found so far.
pub struct Source<'a> {
    pub file: &'a str,
    pub text: &'a str,
    document: Document<&'a str>,
    problems: RefCell<Vec<Problem>>,
}

impl<'a> Source<'a> {
    /// Refuses what no section could make sense of: not UTF-8 TOML, too large, a byte order mark, tabs.
    pub fn parse(file: &'a str, text: &'a str) -> Result<Source<'a>, Vec<Problem>> {
        if text.len() > LARGEST_FILE {
            let message = format!("the file has {} bytes; at most {LARGEST_FILE} are read", text.len());
            return Err(vec![Problem::of_file(file, "E0101", message)]);
        }
        if text.starts_with('\u{feff}') {
            let problem = Problem::new(file, (1, 1), "E0102", "the file begins with a byte order mark");
            return Err(vec![problem.with_help("save it as UTF-8 without BOM")]);
        }
        if let Some(at) = text.find('\t') {
            let problem = Problem::new(file, place(text, at), "E0103", "a tab");
            return Err(vec![problem.with_help("indent with spaces")]);
        }
        let document = Document::parse(text).map_err(|error| {
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            vec![Problem::new(file, place_of(text, error.span()), "E0104", message)]
        })?;
        Ok(Source { file, text, document, problems: RefCell::default() })
    }

    pub fn root(&self) -> Section<'_> {
        Section {
            source: self,
            table: self.document.as_table(),
            name: String::new(),
            at: 0..0,
            asked: RefCell::default(),
        }
    }

    pub fn refuse(&self, span: Option<Range<usize>>, code: &'static str, message: impl Into<String>) {
        self.add(Problem::new(self.file, place_of(self.text, span), code, message));
    }

    pub fn add(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    /// All mistakes, in the order of the file.
    pub fn finish(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|problem| (problem.line, problem.col));
        problems
    }
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Found<T> {
    pub value: T,
    pub span: Option<Range<usize>>,
}

/// One table of the file. Call `done` when all its keys were asked for.
pub struct Section<'s> {
    pub source: &'s Source<'s>,
    table: &'s dyn TableLike,
    name: String,
    at: Range<usize>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'s> Section<'s> {
    pub fn text(&self, key: &'static str) -> Option<Found<&'s str>> {
        self.typed(key, "a string", Item::as_str)
    }

    pub fn number(&self, key: &'static str) -> Option<Found<i64>> {
        self.typed(key, "a whole number", Item::as_integer)
    }

    pub fn flag(&self, key: &'static str) -> Option<Found<bool>> {
        self.typed(key, "true or false", Item::as_bool)
    }

    /// A list of strings; elements of other types are refused one by one.
    pub fn texts(&self, key: &'static str) -> Option<Vec<Found<&'s str>>> {
        let list = self.typed(key, "a list of strings", Item::as_array)?;
        let element = |value: &'s Value| match value.as_str() {
            Some(text) => Some(Found { value: text, span: value.span() }),
            None => {
                self.refuse_type(value.span(), key, "a list of strings", value.type_name());
                None
            }
        };
        Some(list.value.iter().filter_map(element).collect())
    }

    /// A table, written as a section or inline.
    pub fn section(&self, key: &'static str) -> Option<Section<'s>> {
        let found = self.typed(key, "a table", Item::as_table_like)?;
        Some(self.inner(key.to_owned(), found.value, found.span))
    }

    /// A list of tables, written `[[key]]` or inline.
    pub fn sections(&self, key: &'static str) -> Vec<Section<'s>> {
        self.ask(key);
        let Some(item) = self.table.get(key) else { return Vec::new() };
        if let Some(tables) = item.as_array_of_tables() {
            return tables.iter().map(|table| self.inner(key.to_owned(), table, table.span())).collect();
        }
        let Some(list) = item.as_array() else {
            self.refuse_type(item.span(), key, "a list of tables", item.type_name());
            return Vec::new();
        };
        let element = |value: &'s Value| match value.as_inline_table() {
            Some(table) => Some(self.inner(key.to_owned(), table, value.span())),
            None => {
                self.refuse_type(value.span(), key, "a list of tables", value.type_name());
                None
            }
        };
        list.iter().filter_map(element).collect()
    }

    /// A text in both languages: `{ cs = "…", en = "…" }`.
    pub fn localized(&self, key: &'static str) -> Option<Found<Localized>> {
        let inner = self.section(key)?;
        let part = |key| inner.required(key, inner.text(key)).map(|found| found.value.to_owned());
        let (cs, en) = (part("cs"), part("en"));
        let span = Some(inner.at.clone());
        inner.done();
        Some(Found { value: Localized { cs: cs?, en: en? }, span })
    }

    /// Says that the key is missing when it is.
    pub fn required<T>(&self, key: &'static str, found: Option<T>) -> Option<T> {
        if found.is_none() && self.table.get(key).is_none() {
            let whole = self.name_of(key);
            self.source.refuse(Some(self.at.clone()), "E0201", format!("missing key \"{whole}\""));
        }
        found
    }

    pub fn refuse(&self, span: Option<Range<usize>>, code: &'static str, message: impl Into<String>) {
        self.source.refuse(span, code, message);
    }

    pub fn add(&self, problem: Problem) {
        self.source.add(problem);
    }

    pub fn place(&self, span: Option<Range<usize>>) -> (usize, usize) {
        place_of(self.source.text, span)
    }

    pub fn span(&self) -> Option<Range<usize>> {
        Some(self.at.clone())
    }

    /// Where a key itself stands.
    pub fn key_place(&self, key: &str) -> (usize, usize) {
        let span = self.table.get_key_value(key).and_then(|(key, _)| key.span());
        self.place(span.or_else(|| self.span()))
    }

    /// Refuses every key that was never asked for.
    pub fn done(self) {
        let asked = self.asked.borrow();
        for (key, item) in self.table.iter().filter(|(key, _)| !asked.contains(key)) {
            let span = self.table.get_key_value(key).and_then(|(key, _)| key.span()).or_else(|| item.span());
            let what = if item.is_table() || item.is_array_of_tables() { "section" } else { "key" };
            let message = format!("unknown {what} \"{}\"", self.name_of(key));
            let problem = Problem::new(self.source.file, self.place(span), "E0203", message);
            self.source.add(problem.nearest(key, asked.iter().copied()));
        }
    }

    fn typed<T>(&self, key: &'static str, wanted: &str, convert: impl Fn(&'s Item) -> Option<T>) -> Option<Found<T>> {
        self.ask(key);
        let item = self.table.get(key)?;
        let value = convert(item);
        if value.is_none() {
            self.refuse_type(item.span(), key, wanted, item.type_name());
        }
        value.map(|value| Found { value, span: item.span() })
    }

    fn refuse_type(&self, span: Option<Range<usize>>, key: &str, wanted: &str, is: &str) {
        let whole = self.name_of(key);
        self.source.refuse(span, "E0202", format!("\"{whole}\" must be {wanted}, is {}", article(is)));
    }

    fn inner(&self, key: String, table: &'s dyn TableLike, span: Option<Range<usize>>) -> Section<'s> {
        let name = self.name_of(&key);
        Section {
            source: self.source,
            table,
            name,
            at: span.unwrap_or_else(|| self.at.clone()),
            asked: RefCell::default(),
        }
    }

    fn ask(&self, key: &'static str) {
        self.asked.borrow_mut().push(key);
    }

    fn name_of(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }
}

fn article(noun: &str) -> String {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { format!("an {noun}") } else { format!("a {noun}") }
}

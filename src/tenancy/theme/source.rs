//! What lies in the themes' folders, read and sorted by kind, parents before children.
use super::assets::Asset;
use super::file::ThemeFile;
use super::texts::TextFile;
use crate::tenancy::files::Files;
use crate::tenancy::lang::Lang;
use crate::tenancy::problem::Problem;
use bytes::Bytes;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Debug, Default)]
pub struct Source {
    pub id: String,
    pub file: ThemeFile,
    /// By name below the theme's folder: `portal/home.html`.
    pub templates: BTreeMap<String, String>,
    pub texts: BTreeMap<Lang, Vec<TextFile>>,
    /// By name below `assets/`.
    pub assets: BTreeMap<String, Arc<Asset>>,
}

const LARGEST_TEMPLATE: usize = 256 * 1024;
/// Deeper families than this are a mistake.
const LONGEST_CHAIN: usize = 5;

impl Source {
    pub fn theme_file(&self) -> String {
        self.path("theme.toml")
    }

    pub fn path(&self, name: &str) -> String {
        format!("themes/{}/{name}", self.id)
    }

    /// Fonts and mark that `theme.toml` names and nobody has.
    pub fn missing_assets(&self, assets: &BTreeMap<String, Arc<Asset>>) -> Vec<Problem> {
        let fonts = self.file.fonts.iter().map(|(font, line)| (font.file.as_str(), *line));
        let mark = self.file.mark.iter().map(|(mark, line)| (mark.file.as_str(), *line));
        let is_missing = |(name, _): &(&str, usize)| !assets.contains_key(*name);
        let told = |(name, line): (&str, usize)| {
            let problem = Problem::new(&self.theme_file(), (line, 0), "E0509", format!("there is no asset \"{name}\""));
            problem.nearest(name, assets.keys().map(String::as_str))
        };
        fonts.chain(mark).filter(is_missing).map(told).collect()
    }
}

pub fn read_all(files: &Files) -> Result<Vec<Source>, Vec<Problem>> {
    let mut sources: BTreeMap<String, Source> = BTreeMap::new();
    let mut problems = Vec::new();
    for path in files.list("themes") {
        let Some((id, name)) = path.trim_start_matches("themes/").split_once('/') else {
            if !path.ends_with(".md") {
                problems.push(Problem::of_file(&path, "E0510", "nobody reads this file"));
            }
            continue;
        };
        let source = sources.entry(id.to_owned()).or_insert_with(|| Source { id: id.to_owned(), ..Source::default() });
        let Some(bytes) = files.read(&path) else {
            problems.push(Problem::of_file(&path, "E0105", "the file cannot be read"));
            continue;
        };
        if let Err(found) = source.take(&path, name, bytes) {
            problems.extend(found);
        }
    }
    for source in sources.values() {
        if files.read(&source.theme_file()).is_none() {
            problems.push(Problem::of_file(&source.theme_file(), "E0105", "the file is missing"));
        }
    }
    if problems.is_empty() { Ok(sources.into_values().collect()) } else { Err(problems) }
}

impl Source {
    fn take(&mut self, path: &str, name: &str, bytes: Cow<'static, [u8]>) -> Result<(), Vec<Problem>> {
        let (folder, rest) = name.split_once('/').unwrap_or(("", name));
        match folder {
            "" if name == "theme.toml" => self.file = ThemeFile::parse(path, text(path, &bytes)?)?,
            "" if name.ends_with(".md") => {}
            "assets" => {
                let bytes = match bytes {
                    Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                    Cow::Owned(bytes) => Bytes::from(bytes),
                };
                let asset = Asset::new(path, rest, bytes).map_err(|problem| vec![problem])?;
                self.assets.insert(rest.to_owned(), Arc::new(asset));
            }
            "texts" => self.take_texts(path, rest, text(path, &bytes)?)?,
            // What the writer of documents reads itself.
            "documents" if rest.starts_with("fonts/") || name.ends_with(".toml") => {}
            _ if !folder.is_empty() && (name.ends_with(".html") || name.ends_with(".txt")) => {
                if bytes.len() > LARGEST_TEMPLATE {
                    let message = format!("the template has {} bytes; at most {LARGEST_TEMPLATE}", bytes.len());
                    return Err(vec![Problem::of_file(path, "E0506", message)]);
                }
                self.templates.insert(name.to_owned(), text(path, &bytes)?.to_owned());
            }
            _ => return Err(vec![Problem::of_file(path, "E0510", "nobody reads this file")]),
        }
        Ok(())
    }

    fn take_texts(&mut self, path: &str, rest: &str, text: &str) -> Result<(), Vec<Problem>> {
        let lang =
            rest.split_once('/').filter(|(_, name)| name.ends_with(".ftl")).and_then(|(lang, _)| Lang::parse(lang));
        let Some(lang) = lang else {
            let problem = Problem::of_file(path, "E0510", "nobody reads this file");
            return Err(vec![problem.with_help("texts are in texts/cs/*.ftl and texts/en/*.ftl")]);
        };
        let file = TextFile::parse(path, text)?;
        let others = self.texts.entry(lang).or_default();
        let twice: Vec<Problem> = file
            .lines
            .iter()
            .filter_map(|(key, line)| {
                let other = others.iter().find(|other| other.lines.contains_key(key))?;
                let message = format!("text \"{key}\" stands already in {}:{}", other.path, other.lines[key]);
                Some(Problem::new(path, (*line, 0), "E0602", message))
            })
            .collect();
        others.push(file);
        if twice.is_empty() { Ok(()) } else { Err(twice) }
    }
}

fn text<'a>(path: &str, bytes: &'a [u8]) -> Result<&'a str, Vec<Problem>> {
    std::str::from_utf8(bytes).map_err(|_| vec![Problem::of_file(path, "E0106", "the file is not UTF-8")])
}

/// Parents before children. A parent that does not exist and a circle of parents are mistakes.
pub fn in_order(sources: Vec<Source>) -> (Vec<Source>, Vec<Problem>) {
    let ids: Vec<String> = sources.iter().map(|source| source.id.clone()).collect();
    let mut waiting = sources;
    let mut ordered: Vec<Source> = Vec::new();
    let mut problems = Vec::new();
    for _ in 0..LONGEST_CHAIN {
        let is_ready = |source: &Source| {
            source.file.parent.as_ref().is_none_or(|parent| ordered.iter().any(|done| done.id == *parent))
        };
        let (ready, rest): (Vec<Source>, Vec<Source>) = waiting.into_iter().partition(is_ready);
        ordered.extend(ready);
        waiting = rest;
    }
    for source in waiting {
        let parent = source.file.parent.as_deref().unwrap_or_default();
        let message = if ids.iter().any(|id| id == parent) {
            format!("parent \"{parent}\" leads in a circle, nowhere, or further than {LONGEST_CHAIN} themes")
        } else {
            format!("unknown parent \"{parent}\"")
        };
        let problem = Problem::new(&source.theme_file(), source.file.parent_place, "E0501", message);
        let others = ids.iter().map(String::as_str).filter(|id| *id != source.id);
        problems.push(if ids.iter().any(|id| id == parent) { problem } else { problem.nearest(parent, others) });
    }
    (ordered, problems)
}

//! All themes, from their files to compiled and shared snapshots.
use super::Theme;
use super::fold::{Folder, Kind, Varying, next_tag};
use super::source::{self, Source};
use super::templates::{self, Voice};
use super::texts::Texts;
use super::tokens::{Palette, Tokens};
use crate::tenancy::files::Files;
use crate::tenancy::lang::Lang;
use crate::tenancy::problem::Problem;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use tera::Tera;

#[derive(Debug, Default)]
pub struct Themes {
    by_id: BTreeMap<String, Arc<Theme>>,
}

impl Themes {
    /// Every theme below `themes/`, or every mistake in them.
    pub fn load(files: &Files) -> Result<Themes, Vec<Problem>> {
        let sources = source::read_all(files)?;
        let (sources, problems) = source::in_order(sources);
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut drafts: Vec<Draft> = Vec::new();
        let mut problems = Vec::new();
        for source in &sources {
            let parent =
                source.file.parent.as_ref().and_then(|id| drafts.iter().position(|draft| draft.source.id == *id));
            match Draft::new(source, parent.map(|at| (at, &drafts[at]))) {
                Ok(draft) => drafts.push(draft),
                // Without its parent a child cannot be judged.
                Err(found) => return Err(problems.into_iter().chain(found).collect()),
            }
        }
        problems.extend(drafts.iter().flat_map(Draft::illegible));
        let parts = parts(&drafts);
        match compile(&drafts, &parts) {
            Ok(_) if !problems.is_empty() => Err(problems),
            Ok(teras) => Ok(finish(drafts, teras, &parts)),
            Err(found) => Err(problems.into_iter().chain(found).collect()),
        }
    }

    pub fn get(&self, id: &str) -> Option<&Arc<Theme>> {
        self.by_id.get(id)
    }

    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.by_id.keys().map(String::as_str)
    }
}

/// A theme with everything but its templates.
struct Draft<'s> {
    source: &'s Source,
    /// Where its parent stands in the list of drafts.
    parent: Option<usize>,
    chain: Vec<String>,
    tokens: Tokens,
    voice: Arc<Voice>,
}

impl<'s> Draft<'s> {
    fn new(source: &'s Source, parent: Option<(usize, &Draft<'s>)>) -> Result<Draft<'s>, Vec<Problem>> {
        let above = parent.map(|(_, draft)| draft);
        let tokens = source.file.tokens(&source.theme_file(), above.map(|draft| &draft.tokens))?;
        let mut assets = above.map(|draft| draft.voice.assets.clone()).unwrap_or_default();
        assets.extend(source.assets.iter().map(|(name, asset)| (name.clone(), asset.clone())));
        let mut problems = source.missing_assets(&assets);
        let mut css = tokens.to_css(|name| assets.get(name).map(|asset| asset.path.as_str())).into_bytes();
        for sheet in SHEETS.iter().filter_map(|name| assets.get(*name)) {
            css.extend_from_slice(&sheet.bytes);
        }
        match super::Asset::new(&source.theme_file(), STYLE_CSS, css.into()) {
            Ok(asset) => _ = assets.insert(STYLE_CSS.to_owned(), Arc::new(asset)),
            Err(problem) => problems.push(problem),
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let texts = Lang::ALL.map(|lang| match (source.texts.get(&lang), above) {
            (None, Some(above)) => above.voice.texts[lang.index()].clone(),
            (own, above) => Arc::new(Texts::new(
                lang,
                above.map(|draft| &*draft.voice.texts[lang.index()]),
                own.map_or(&[], Vec::as_slice),
            )),
        });
        let mut chain = vec![source.id.clone()];
        chain.extend(above.into_iter().flat_map(|draft| draft.chain.iter().cloned()));
        let voice = Arc::new(Voice { texts, assets });
        Ok(Draft { source, parent: parent.map(|(at, _)| at), chain, tokens, voice })
    }

    /// Its templates by their names inside Tera, words and asset paths put in.
    fn folded(&self, lang: Lang, varying: &Varying, problems: &mut Vec<Problem>) -> Vec<(String, String)> {
        let folded = self.source.templates.iter().map(|(name, text)| {
            let path = self.source.path(name);
            let mut folder = Folder { path: &path, lang, voice: &self.voice, varying, problems: Vec::new() };
            let folded = folder.fold(text);
            problems.append(&mut folder.problems);
            (templates::name(&self.source.id, name), folded)
        });
        folded.collect()
    }

    fn illegible(&self) -> Vec<Problem> {
        let file = self.source.theme_file();
        let in_scheme = |scheme: &'static str, palette: &Palette| {
            let told = |(text, ground, has, needed): (&str, &str, f64, f64)| {
                let line = self.source.file.line_of(scheme, text, ground);
                let message = format!("[{scheme}] \"{text}\" on \"{ground}\" has contrast {has:.2}, needs {needed}");
                Problem::new(&file, (line, 0), "E0508", message)
            };
            palette.illegible().into_iter().map(told).collect::<Vec<_>>()
        };
        [in_scheme("light", &self.tokens.light), in_scheme("dark", &self.tokens.dark)].concat()
    }
}

/// All a page's style in one request: the tokens, then the base's sheet, then the theme's own.
pub const STYLE_CSS: &str = "style.css";
const SHEETS: [&str; 2] = ["base.css", "theme.css"];

type Teras = [Arc<Tera>; Lang::COUNT];

/// Compiles the templates of all themes, one thread a language.
fn compile(drafts: &[Draft<'_>], parts: &BTreeSet<String>) -> Result<Vec<Teras>, Vec<Problem>> {
    let owners = owners(drafts, parts);
    let varying = Lang::ALL.map(|lang| varying(drafts, lang));
    // Youngest first: each name is looked for in the order of the chain. Themes of other branches have no templates in a set.
    let mut by_depth: Vec<&Draft<'_>> = drafts.iter().collect();
    by_depth.sort_by_key(|draft| std::cmp::Reverse(draft.chain.len()));
    let prefixes: Vec<String> = by_depth.iter().map(|draft| templates::prefix(&draft.source.id)).collect();
    let of_language = |lang: Lang| in_language(drafts, &owners, lang, &varying[lang.index()], &prefixes);
    let compiled = std::thread::scope(|scope| {
        let threads = Lang::ALL.map(|lang| scope.spawn(move || of_language(lang)));
        threads.map(|thread| thread.join())
    });
    let mut by_language = Vec::new();
    let mut problems = Vec::new();
    for teras in compiled {
        match teras {
            Ok(Ok(teras)) => by_language.push(teras),
            Ok(Err(found)) => problems.extend(found),
            Err(_) => problems.push(Problem::of_file("themes", "E0608", "compiling the templates panicked")),
        }
    }
    if !problems.is_empty() {
        // The same template is wrong in both languages.
        problems.sort_by(|one, other| {
            (&one.file, one.line, one.col, &one.message).cmp(&(&other.file, other.line, other.col, &other.message))
        });
        problems.dedup();
        return Err(problems);
    }
    let of_theme = |index: usize| std::array::from_fn(|lang: usize| by_language[lang][index].clone());
    Ok((0..drafts.len()).map(of_theme).collect())
}

/// Names of templates that others extend, include or take components from. All other templates are pages.
fn parts(drafts: &[Draft<'_>]) -> BTreeSet<String> {
    let mut parts = BTreeSet::new();
    for (name, text) in drafts.iter().flat_map(|draft| &draft.source.templates) {
        let mut at = 0;
        while let Some(tag) = next_tag(text, at) {
            at = tag.end;
            if tag.kind != Kind::Statement {
                continue;
            }
            let inside = text[tag.start + 2..tag.end - 2].trim_start_matches('-').trim_start();
            let (word, rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
            match word {
                "extends" | "include" => parts.extend(rest.split('"').nth(1).map(str::to_owned)),
                "component" => _ = parts.insert(name.clone()),
                _ => {}
            }
        }
    }
    parts
}

/// Whose compiled set serves each theme: its own when it has a part of its own, which changes what other templates mean; else its
/// parent's, where its pages stand beside their namesakes. A compiled set takes megabytes.
fn owners(drafts: &[Draft<'_>], parts: &BTreeSet<String>) -> Vec<usize> {
    let mut owners: Vec<usize> = Vec::new();
    for (index, draft) in drafts.iter().enumerate() {
        let has_part = draft.source.templates.keys().any(|name| parts.contains(name));
        owners.push(draft.parent.filter(|_| !has_part).map_or(index, |parent| owners[parent]));
    }
    owners
}

fn in_language(
    drafts: &[Draft<'_>],
    owners: &[usize],
    lang: Lang,
    varying: &Varying,
    prefixes: &[String],
) -> Result<Vec<Arc<Tera>>, Vec<Problem>> {
    let mut teras: Vec<Arc<Tera>> = Vec::new();
    let mut problems = Vec::new();
    for (index, draft) in drafts.iter().enumerate() {
        if owners[index] != index {
            teras.push(teras[owners[index]].clone());
            continue;
        }
        let mut tera = match draft.parent {
            Some(parent) => Tera::clone(&teras[parent]),
            None => templates::empty(lang, prefixes)?,
        };
        let residents = drafts.iter().zip(owners).filter(|(_, owner)| **owner == index);
        let folded: Vec<(String, String)> =
            residents.flat_map(|(draft, _)| draft.folded(lang, varying, &mut problems)).collect();
        if let Err(error) = tera.add_raw_templates(folded) {
            problems.extend(templates::problems(&error));
        }
        teras.push(Arc::new(tera));
    }
    if problems.is_empty() { Ok(teras) } else { Err(problems) }
}

/// What some child says differently, and therefore cannot be folded into the templates they share.
fn varying(drafts: &[Draft<'_>], lang: Lang) -> Varying {
    let children = || drafts.iter().filter(|draft| draft.parent.is_some());
    let files = children().filter_map(|draft| draft.source.texts.get(&lang)).flatten();
    let own: BTreeSet<String> = files.flat_map(|file| file.lines.keys().cloned()).collect();
    // A term changes every text it stands in: then only calls are safe.
    let has_terms = own.iter().any(|key| key.starts_with('-'));
    let texts = if has_terms {
        drafts.iter().flat_map(|draft| draft.voice.texts(lang).keys().map(str::to_owned)).collect()
    } else {
        own
    };
    let assets =
        children().flat_map(|draft| draft.source.assets.keys().cloned()).chain([STYLE_CSS.to_owned()]).collect();
    Varying { texts, assets }
}

fn finish(drafts: Vec<Draft<'_>>, teras: Vec<Teras>, parts: &BTreeSet<String>) -> Themes {
    let mut themes: Vec<Arc<Theme>> = Vec::new();
    for (draft, teras) in drafts.into_iter().zip(teras) {
        let parent = draft.parent.map(|at| themes[at].clone());
        let mut pages = parent.as_ref().map(|parent| parent.pages.clone()).unwrap_or_default();
        let own = draft.source.templates.keys().filter(|name| !parts.contains(*name));
        pages.extend(own.map(|name| (name.clone(), templates::name(&draft.source.id, name))));
        let theme = Theme {
            id: draft.source.id.clone(),
            chain: draft.chain,
            tokens: draft.tokens,
            voice: draft.voice,
            teras,
            pages,
            parent,
            failures: AtomicU64::new(0),
        };
        themes.push(Arc::new(theme));
    }
    Themes { by_id: themes.into_iter().map(|theme| (theme.id.clone(), theme)).collect() }
}

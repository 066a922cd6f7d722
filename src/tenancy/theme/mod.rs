//! How a supplier looks and speaks: colours first, texts second, templates last. A theme is immutable once loaded.
mod assets;
mod catalogue;
pub mod check;
mod colour;
mod file;
mod fold;
mod load;
#[cfg(test)]
mod mistakes;
mod source;
mod templates;
mod texts;
mod tokens;

pub use assets::Asset;
pub use colour::Colour;
pub use load::Themes;
pub use texts::Arg;
pub use tokens::{COLOURS, Density, FontFace, Mark, Palette, Tokens};

use super::lang::Lang;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use templates::Voice;

pub struct Theme {
    pub id: String,
    /// From itself up to the base.
    pub chain: Vec<String>,
    pub tokens: Tokens,
    voice: Arc<Voice>,
    /// By language; shared with the parent unless it changes a part that pages are made of.
    teras: [Arc<tera::Tera>; Lang::COUNT],
    /// Pages by their plain names: the full name of its own, else of its parent's.
    pages: BTreeMap<String, String>,
    parent: Option<Arc<Theme>>,
    failures: AtomicU64,
}

#[derive(Debug)]
pub struct ThemeError {
    pub template: String,
    pub theme: String,
    pub reason: String,
}

impl Theme {
    /// Renders a template by its name without prefix, `portal/invoices.html`: this theme's own, else its parent's.
    ///
    /// When an override fails, the parent's template answers instead: the customer gets a page, the log an alarm.
    pub fn render(&self, lang: Lang, template: &str, context: &tera::Context) -> Result<String, ThemeError> {
        let error = match self.render_own(lang, template, context) {
            Ok(text) => return Ok(text),
            Err(error) => error,
        };
        self.failures.fetch_add(1, Ordering::Relaxed);
        let is_other = |parent: &Theme| {
            !Arc::ptr_eq(&parent.teras[lang.index()], &self.teras[lang.index()])
                || parent.full_name(template) != self.full_name(template)
        };
        let parent = self.parent.as_ref().filter(|parent| is_other(parent));
        let Some(parent) = parent else { return Err(error) };
        tracing::error!(
            theme = self.id,
            template,
            reason = error.reason,
            "an override failed; its parent's template answers"
        );
        parent.render(lang, template, context)
    }

    /// The same without the parent's help: for the checker, which wants to know.
    fn render_own(&self, lang: Lang, template: &str, context: &tera::Context) -> Result<String, ThemeError> {
        let tera = &self.teras[lang.index()];
        let name = self.full_name(template);
        templates::render(tera, &self.voice, name, context).map_err(|error| self.error(template, error))
    }

    /// What Tera calls it. A part keeps its plain name, which Tera looks for in the order of the chain.
    fn full_name<'a>(&'a self, template: &'a str) -> &'a str {
        self.pages.get(template).map_or(template, String::as_str)
    }

    /// How often rendering failed since the theme was loaded; not 0 means degraded.
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    pub fn has_template(&self, lang: Lang, template: &str) -> bool {
        let tera = &self.teras[lang.index()];
        self.chain.iter().any(|id| tera.contains_template(&templates::name(id, template)))
    }

    /// The text without arguments; the key itself when nobody wrote it.
    pub fn text<'a>(&'a self, lang: Lang, key: &'a str) -> Cow<'a, str> {
        self.voice.texts(lang).get(key, &[]).unwrap_or(Cow::Borrowed(key))
    }

    pub fn text_args(&self, lang: Lang, key: &str, args: &[(&str, Arg)]) -> String {
        self.voice.texts(lang).get(key, args).map_or_else(|| key.to_owned(), Cow::into_owned)
    }

    pub fn has_text(&self, lang: Lang, key: &str) -> bool {
        self.voice.texts(lang).has(key)
    }

    /// `/assets/<hash>/<name>`, below the mount.
    pub fn asset_path(&self, name: &str) -> Option<&str> {
        self.voice.assets.get(name).map(|asset| asset.path.as_str())
    }

    /// Only under the hash of its content, so that it may be kept for ever.
    pub fn asset(&self, hash: &str, name: &str) -> Option<&Asset> {
        self.voice.assets.get(name).map(Arc::as_ref).filter(|asset| asset.hash == hash)
    }

    pub fn asset_named(&self, name: &str) -> Option<&Asset> {
        self.voice.assets.get(name).map(Arc::as_ref)
    }

    pub fn assets(&self) -> &BTreeMap<String, Arc<Asset>> {
        &self.voice.assets
    }

    fn error(&self, template: &str, error: tera::Error) -> ThemeError {
        ThemeError { template: template.to_owned(), theme: self.id.clone(), reason: templates::whole_reason(&error) }
    }
}

impl fmt::Display for ThemeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of theme {}: {}", self.template, self.theme, self.reason)
    }
}

impl std::error::Error for ThemeError {}

impl fmt::Debug for Theme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Theme({})", self.chain.join(" < "))
    }
}

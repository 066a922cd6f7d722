//! Tera: one compiled set for each theme that has templates of its own, shared by all below it that have none; functions, filters, and errors with places.
use super::assets::Asset;
use super::texts::{Arg, Texts};
use crate::domain::percent;
use crate::tenancy::lang::Lang;
use crate::tenancy::problem::Problem;
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::error::Error as _;
use std::sync::Arc;
use tera::{Kwargs, State, Tera, TeraResult, Value};

/// What a theme says where a compiled template asks: words and asset paths.
pub struct Voice {
    pub texts: [Arc<Texts>; Lang::COUNT],
    pub assets: BTreeMap<String, Arc<Asset>>,
}

impl Voice {
    pub fn texts(&self, lang: Lang) -> &Texts {
        &self.texts[lang.index()]
    }
}

thread_local! {
    /// The theme being rendered on this thread: one compiled template answers for many themes, and rendering never leaves its thread.
    static SPEAKING: RefCell<Option<Arc<Voice>>> = const { RefCell::new(None) };
}

/// Puts back who spoke before, also when rendering panics.
struct Turn(Option<Arc<Voice>>);

impl Turn {
    fn of(voice: &Arc<Voice>) -> Turn {
        Turn(SPEAKING.with(|speaking| speaking.replace(Some(voice.clone()))))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        SPEAKING.with(|speaking| speaking.replace(self.0.take()));
    }
}

pub fn render(tera: &Tera, voice: &Arc<Voice>, template: &str, context: &tera::Context) -> TeraResult<String> {
    let _turn = Turn::of(voice);
    tera.render(template, context)
}

/// Name of a theme's template inside Tera.
pub fn name(theme: &str, template: &str) -> String {
    format!("{}{template}", prefix(theme))
}

pub fn prefix(theme: &str) -> String {
    if theme == "base" { "base/".to_owned() } else { format!("theme/{theme}/") }
}

/// The file behind a name.
fn path_of(name: &str) -> String {
    format!("themes/{}", name.strip_prefix("theme/").unwrap_or(name))
}

/// An empty set with our functions and filters. `prefixes` from the youngest theme to the base.
pub fn empty(lang: Lang, prefixes: &[String]) -> Result<Tera, Vec<Problem>> {
    let mut tera = Tera::default();
    tera.set_fallback_prefixes(prefixes.iter().cloned()).map_err(|error| problems(&error))?;
    tera.register_function("t", move |kwargs: Kwargs, _: &State| text(lang, &kwargs));
    tera.register_function("asset", asset);
    tera.register_filter("urlencode", |value: &str, _: Kwargs, _: &State| percent::encoded(value).to_string());
    tera.register_filter("json", json);
    Ok(tera)
}

fn text(lang: Lang, kwargs: &Kwargs) -> TeraResult<String> {
    let key: &str = kwargs.must_get("key")?;
    let args: Vec<(&str, Arg)> = kwargs
        .iter()
        .filter_map(|(name, value)| name.as_str().map(|name| (name, value)))
        .filter(|(name, _)| *name != "key")
        .map(|(name, value)| (name, argument(value)))
        .collect();
    SPEAKING.with_borrow(|speaking| {
        let found = speaking.as_ref().and_then(|voice| voice.texts(lang).get(key, &args).map(Cow::into_owned));
        Ok(found.unwrap_or_else(|| {
            tracing::warn!(key, %lang, "a text is missing");
            key.to_owned()
        }))
    })
}

fn argument(value: &Value) -> Arg {
    match (value.as_i64(), value.as_str()) {
        (Some(number), _) => Arg::Number(number),
        (None, Some(text)) => Arg::Text(text.to_owned()),
        (None, None) => Arg::Text(value.to_string()),
    }
}

fn asset(kwargs: Kwargs, state: &State) -> TeraResult<String> {
    let name: &str = kwargs.must_get("name")?;
    let base: String = state.get("base")?.unwrap_or_default();
    SPEAKING.with_borrow(|speaking| {
        let path =
            speaking.as_ref().and_then(|voice| voice.assets.get(name)).map(|asset| format!("{base}{}", asset.path));
        path.ok_or_else(|| tera::Error::message(format!("no asset \"{name}\"")))
    })
}

fn json(value: &Value, _: Kwargs, _: &State) -> TeraResult<String> {
    serde_json::to_string(value).map_err(tera::Error::message)
}

/// An error with its causes, for the log.
pub fn whole_reason(error: &tera::Error) -> String {
    let mut reason = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        reason.push_str(": ");
        reason.push_str(&cause.to_string());
        source = cause.source();
    }
    reason
}

/// Tera's reports (`error: … --> name:line:col`, several parted by empty lines) as problems.
pub fn problems(error: &tera::Error) -> Vec<Problem> {
    use tera::ErrorKind;
    match error.kind() {
        ErrorKind::MissingParent { current, parent } => {
            return vec![Problem::of_file(
                &path_of(current),
                "E0606",
                format!("extends \"{parent}\", which does not exist"),
            )];
        }
        ErrorKind::CircularExtend { tpl, .. } => {
            return vec![Problem::of_file(&path_of(tpl), "E0606", "extends itself in a circle")];
        }
        ErrorKind::CircularInclude { tpl, .. } => {
            return vec![Problem::of_file(&path_of(tpl), "E0606", "includes itself in a circle")];
        }
        _ => {}
    }
    let report = whole_reason(error);
    let mut found = Vec::new();
    for part in report.split("error: ").filter(|part| !part.trim().is_empty()) {
        let message = part.lines().next().unwrap_or_default();
        let place = part.lines().find_map(|line| line.trim_start().strip_prefix("--> "));
        let mut pieces = place.unwrap_or_default().rsplitn(3, ':');
        let (col, line) =
            (pieces.next().and_then(|col| col.parse().ok()), pieces.next().and_then(|line| line.parse().ok()));
        match (pieces.next(), line, col) {
            (Some(name), Some(line), Some(col)) => {
                found.push(Problem::new(&path_of(name), (line, col), "E0607", message))
            }
            _ => found.push(Problem::of_file("themes", "E0607", message)),
        }
    }
    found
}

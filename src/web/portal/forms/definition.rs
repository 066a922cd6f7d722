//! A form's fields as they are kept: JSON with a question in each language, read into the domain's fields and the page's.
//!
//! `[{ "key": "ean", "kind": "ean", "required": true, "cs": "EAN", "en": "EAN code", "hint_cs": "…", "hint_en": "…", "max": 100,
//! "least": "1", "most": "10", "earliest": "2026-01-01", "latest": "…", "options": [{ "key": "a", "cs": "…", "en": "…" }] }]`
use crate::domain::forms::{Field, FieldKind, check_definition};
use crate::tenancy::Lang;
use crate::web::kit::error::Error;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value as Json;
use time::Date;
use time::macros::format_description;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    key: String,
    kind: String,
    #[serde(default)]
    required: bool,
    cs: String,
    en: String,
    #[serde(default)]
    hint_cs: String,
    #[serde(default)]
    hint_en: String,
    max: Option<usize>,
    least: Option<Decimal>,
    most: Option<Decimal>,
    earliest: Option<String>,
    latest: Option<String>,
    #[serde(default)]
    options: Vec<KeptOption>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptOption {
    key: String,
    cs: String,
    en: String,
}

/// A field with its words in one language.
pub struct Question {
    pub field: Field,
    pub label: String,
    pub hint: String,
    /// What each option is called, in the order of the field's.
    pub options: Vec<String>,
}

fn said(lang: Lang, cs: String, en: String) -> String {
    if lang == Lang::En { en } else { cs }
}

/// `Broken` when the rows hold a form that must not be shown.
pub fn questions(kept: &Json, lang: Lang) -> Result<Vec<Question>, Error> {
    let kept: Vec<Kept> =
        serde_json::from_value(kept.clone()).map_err(|error| Error::Broken(format!("form: {error}")))?;
    let all = kept.into_iter().map(|one| question(one, lang)).collect::<Result<Vec<_>, _>>()?;
    let fields: Vec<Field> = all.iter().map(|one| one.field.clone()).collect();
    match check_definition(&fields) {
        Ok(()) => Ok(all),
        Err(wrong) => Err(Error::Broken(format!("form: {wrong:?}"))),
    }
}

fn question(one: Kept, lang: Lang) -> Result<Question, Error> {
    let kind = FieldKind::parse(&one.kind).ok_or_else(|| Error::Broken(format!("form: kind {}", one.kind)))?;
    let plain = Field::new(&one.key, kind);
    let (keys, options) = one.options.into_iter().map(|option| (option.key, said(lang, option.cs, option.en))).unzip();
    Ok(Question {
        field: Field {
            is_required: one.required,
            most_letters: one.max.unwrap_or(plain.most_letters),
            least: one.least,
            most: one.most,
            earliest: day(one.earliest)?,
            latest: day(one.latest)?,
            options: keys,
            ..plain
        },
        label: said(lang, one.cs, one.en),
        hint: said(lang, one.hint_cs, one.hint_en),
        options,
    })
}

fn day(text: Option<String>) -> Result<Option<Date>, Error> {
    let format = format_description!("[year]-[month]-[day]");
    text.map(|text| Date::parse(&text, format).map_err(|_| Error::Broken(format!("form: day {text}")))).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use time::macros::date;

    #[test]
    fn a_kept_form_is_read_in_each_language() {
        let kept = json!([
            { "key": "why", "kind": "choice", "required": true, "cs": "Proč", "en": "Why",
              "options": [{ "key": "a", "cs": "Stěhování", "en": "Moving" }] },
            { "key": "day", "kind": "date", "cs": "Kdy", "en": "When", "hint_cs": "Den", "earliest": "2026-01-31" },
        ]);
        let all = questions(&kept, Lang::En).unwrap_or_default();
        assert_eq!((all[0].label.as_str(), all[0].options[0].as_str()), ("Why", "Moving"));
        assert_eq!(all[0].field.options, ["a"]);
        assert_eq!(all[1].field.earliest, Some(date!(2026 - 01 - 31)));
        assert_eq!(questions(&kept, Lang::Cs).unwrap_or_default()[1].hint, "Den");
    }

    #[test]
    fn a_form_that_must_not_be_shown_is_refused() {
        for wrong in [
            json!({}),
            json!([{ "key": "a", "kind": "poem", "cs": "", "en": "" }]),
            json!([{ "key": "a", "kind": "choice", "cs": "", "en": "" }]),
            json!([{ "key": "a", "kind": "text", "cs": "", "en": "", "colour": "red" }]),
            json!([{ "key": "a", "kind": "date", "cs": "", "en": "", "latest": "2026-02-30" }]),
        ] {
            assert!(questions(&wrong, Lang::Cs).is_err(), "{wrong}");
        }
    }
}

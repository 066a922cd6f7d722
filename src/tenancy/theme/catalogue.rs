//! The catalogue rendered by the checker: a component that a theme overrides must still draw what it is given.
use super::Theme;
use super::tokens::COLOURS;
use crate::tenancy::lang::Lang;
use crate::tenancy::problem::Problem;
use serde_json::{Value, json};

pub const TEMPLATE: &str = "ui/catalogue.html";
/// Kinds of fields as `ui.field` knows them.
const KINDS: [&str; 11] =
    ["text", "email", "tel", "password", "date", "long", "file", "choice", "radio", "check", "checks"];

/// The mistakes of one theme, told of the file of its youngest template folder.
pub fn walk(theme: &Theme) -> Vec<Problem> {
    let context = samples(theme);
    let broken = Lang::ALL.into_iter().filter(|lang| theme.has_template(*lang, TEMPLATE)).filter_map(|lang| {
        let error = theme.render_own(lang, TEMPLATE, &context).err()?;
        let path = format!("themes/{}/{TEMPLATE}", theme.id);
        Some(Problem::of_file(&path, "E0616", format!("a component fails in {lang}: {}", error.reason)))
    });
    broken.collect()
}

fn samples(theme: &Theme) -> tera::Context {
    let mut context = tera::Context::new();
    context.insert("base", "");
    context.insert("lang", "cs");
    context.insert("theme", &theme.id);
    context.insert("themes", &theme.chain);
    context.insert("colours", &COLOURS);
    context.insert("qr", "<svg></svg>");
    context.insert("fields", &KINDS.map(field));
    context.insert("facts", &json!([{ "label": "a", "value": "b", "note": "c" }]));
    context.insert("charts", &json!([{ "svg": "<svg></svg>", "about": "d" }]));
    let cell = json!({ "text": "a", "href": "/a", "tone": "", "code": "gas", "word": "b", "note": "c", "mark": "d" });
    let table = json!({
        "caption": "a",
        "columns": [{ "label": "a", "is_number": false }, { "label": "b", "is_number": true }],
        "rows": [{ "cells": [cell, cell], "is_marked": true }],
        "totals": [{ "label": "a", "value": "b", "is_result": true }],
    });
    context.insert("table", &table);
    context
}

fn field(kind: &str) -> Value {
    json!({
        "name": kind, "label": "a", "hint": "b", "value": "c", "error": "d", "kind": kind, "inputmode": "numeric",
        "autocomplete": "off", "plain": true, "max": 10, "min_day": "2026-01-01", "accept": ".pdf", "unit": "kWh",
        "is_required": true, "described": "e", "register": ["1", "2"],
        "options": [{ "value": "a", "label": "b", "note": "c", "is_chosen": true }],
    })
}

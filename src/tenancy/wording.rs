//! The words of notices: what their templates see, and a notice's one line, as it stands in a mailbox and in the portal.
use super::{COLOURS, Lang, Tenant, Tokens, format};
use crate::domain::features::Feature;
use crate::domain::money::Money;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

/// A notice's one line, without the name of the portal it is read in.
pub fn title(tenant: &Tenant, lang: Lang, kind: &str, payload: &Json) -> Option<String> {
    let subject = subject(tenant, lang, kind, payload)?;
    let ours = format!(" – {}", tenant.document.portal.get(lang));
    Some(subject.strip_suffix(&ours).unwrap_or(&subject).to_owned())
}

/// `mail/<kind>/subject.txt` in one line.
fn subject(tenant: &Tenant, lang: Lang, kind: &str, payload: &Json) -> Option<String> {
    let said = tenant.theme.render(lang, &format!("mail/{kind}/subject.txt"), &context(tenant, lang, payload)?).ok()?;
    Some(one_line(&said))
}

pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a notice's templates see, none where the payload's path is not one of the portal: `lang portal_name supplier_name portal_url phone email brand link v`; `link` is the
/// tenant's own absolute URL of the payload's `path`, `password` one that was issued for this mail alone, `brand` the theme's light colours, radius and fonts.
pub fn context(tenant: &Tenant, lang: Lang, payload: &Json) -> Option<tera::Context> {
    let mut context = tera::Context::new();
    let document = &tenant.document;
    context.insert("lang", lang.key());
    context.insert("portal_name", document.portal.get(lang));
    context.insert("supplier_name", document.name.get(lang));
    context.insert("portal_url", &tenant.url("/"));
    context.insert("phone", &document.contact.phone);
    context.insert("email", &document.contact.email);
    context.insert("brand", &brand(&tenant.theme.tokens));
    let path = payload.get("path").and_then(|path| path.as_str()).unwrap_or("/");
    let is_ours = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    if !is_ours || path.chars().any(char::is_control) {
        return None;
    }
    context.insert("link", &tenant.url(path));
    context.insert("v", &shown(tenant, lang, payload));
    Some(context)
}

/// What a payload carries as facts, as people read them: `amount_halere` as `amount`, `due_on` as `due`, and what starts and ends as
/// [`when`] says it.
fn shown(tenant: &Tenant, lang: Lang, payload: &Json) -> Json {
    let mut payload = payload.clone();
    let Some(fields) = payload.as_object_mut() else { return payload };
    let said: Vec<(String, String)> = fields
        .iter()
        .filter_map(|(key, value)| match (key.strip_suffix("_halere"), key.strip_suffix("_on")) {
            (Some(name), _) => Some((name.to_owned(), format::money(lang, Money(value.as_i64()?)))),
            (_, Some(name)) => {
                let day = Date::parse(value.as_str()?, format_description!("[year]-[month]-[day]")).ok()?;
                Some((name.to_owned(), format::date(tenant, lang, day)))
            }
            _ => None,
        })
        .collect();
    let said = said.into_iter().chain(when(tenant, lang, fields));
    let said: Vec<(String, String)> = said.collect();
    fields.extend(said.into_iter().map(|(name, text)| (name, text.into())));
    payload
}

/// Of `starts_at` and `ends_at`: `day`, `when` (with the times and `lasts` where the supplier tells when and how long), and `short` for text
/// messages; of `before_starts_at` and `before_ends_at`, what was said before: `before_when`, `before_short`, empty when nothing was.
fn when(tenant: &Tenant, lang: Lang, fields: &serde_json::Map<String, Json>) -> Vec<(String, String)> {
    let has_times = tenant.has(Feature::OutageAlertWhenAndDuration);
    let zone = &tenant.document.locale.timezone;
    let instant = |name: &str| OffsetDateTime::parse(fields.get(name)?.as_str()?, &Rfc3339).ok();
    let pair = |prefix: &str| Some((instant(&format!("{prefix}starts_at"))?, instant(&format!("{prefix}ends_at"))?));
    let Some((starts_at, ends_at)) = pair("") else { return Vec::new() };
    let long = |(starts_at, ends_at)| match has_times {
        true => format::span(tenant, lang, starts_at, ends_at),
        false => format::days(tenant, lang, starts_at, ends_at),
    };
    let short = |(starts_at, ends_at)| format::short_span(zone, starts_at, ends_at, has_times);
    let before = pair("before_");
    let said = [
        ("day", format::day_of(tenant, lang, starts_at)),
        ("when", long((starts_at, ends_at))),
        ("lasts", if has_times { format::lasting(ends_at - starts_at) } else { String::new() }),
        ("short", short((starts_at, ends_at))),
        ("before_when", before.map(long).unwrap_or_default()),
        ("before_short", before.map(short).unwrap_or_default()),
    ];
    said.map(|(name, text)| (name.to_owned(), text)).into()
}

/// Mail programs know neither our style sheet nor its variables: what a mail wears is written into it.
fn brand(tokens: &Tokens) -> BTreeMap<String, String> {
    let colours = COLOURS.iter().filter_map(|name| Some((name.replace('-', "_"), tokens.light.get(name)?.to_string())));
    let rest = [("radius", &tokens.radius), ("font", &tokens.text_font), ("heading", &tokens.heading_font)];
    colours.chain(rest.map(|(name, value)| (name.to_owned(), value.clone()))).collect()
}

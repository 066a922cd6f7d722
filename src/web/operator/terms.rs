//! Terms of use as the lead publishes them: written, looked over as customers will see them, published as a version that stays as it is.
use crate::data::{AuditEntry, TermsVersion};
use crate::domain::features::{Action, Feature};
use crate::domain::typed::{self, TextError};
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::table::{Cell, Table};
use crate::web::kit::typed::Typed;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;
use time::Date;
use time::macros::format_description;

pub const FEATURES: &[Feature] = &[Feature::LoginWithCredentials];
const PATH: &str = "/operator/terms";
const LONGEST: usize = 30_000;

pub fn slices() -> Vec<Slice> {
    vec![Slice::operator(FEATURES, PATH).writes(Action::Configure).get(show).post(publish)]
}

#[derive(Serialize)]
struct View {
    has_versions: bool,
    versions: Table,
    /// None for who may only read.
    fields: Vec<Field>,
    has_mistakes: bool,
    /// What customers will see, before it is published.
    preview: Option<Preview>,
    saved: String,
    conflict: String,
}

#[derive(Serialize)]
struct Preview {
    day: String,
    cs: Vec<String>,
    en: Vec<String>,
    kept: Vec<Field>,
}

async fn show(operator: Operator) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let versions = tx.versions_of_terms().await?;
    tx.commit().await?;
    let mut typed = Typed::default();
    if let Some(newest) = versions.first() {
        typed.put("text_cs", newest.text_cs.clone());
        typed.put("text_en", newest.text_en.clone());
    }
    typed.put("valid_from", page.today().to_string());
    let fields = match page.has_any(FEATURES, Action::Configure) {
        true => fields(page, &typed, &Wrong::default(), next_number(&versions)),
        false => Vec::new(),
    };
    page.show("operator/terms.html", &view(page, &versions, fields))
}

fn next_number(versions: &[TermsVersion]) -> i32 {
    versions.first().map_or(1, |newest| newest.number + 1)
}

fn view(page: &Page, versions: &[TermsVersion], fields: Vec<Field>) -> View {
    let columns = ["#terms-number", "terms-valid-from", "terms-published"];
    let mut table = Table::new(page, "terms-versions", &columns);
    for one in versions {
        table.push([
            Cell::of(one.number.to_string()),
            Cell::of(page.date(one.valid_from)),
            Cell::of(page.moment(one.published_at)),
        ]);
    }
    View {
        has_versions: !table.is_empty(),
        versions: table,
        has_mistakes: fields.iter().any(|field| !field.error.is_empty()),
        fields,
        preview: None,
        saved: String::new(),
        conflict: String::new(),
    }
}

#[derive(Default)]
struct Wrong {
    day: String,
    cs: String,
    en: String,
}

fn fields(page: &Page, typed: &Typed, wrong: &Wrong, number: i32) -> Vec<Field> {
    vec![
        Field::hidden("number", number.to_string()),
        Field::day("valid_from", page.t("terms-valid-from"))
            .hint(page.t("terms-valid-from-hint"))
            .not_before(page.today().to_string())
            .required()
            .typed(typed.get("valid_from"))
            .wrong(wrong.day.as_str()),
        Field::long("text_cs", page.t("terms-text-cs"))
            .hint(page.t("terms-text-hint"))
            .max(LONGEST)
            .required()
            .typed(typed.get("text_cs"))
            .wrong(wrong.cs.as_str()),
        Field::long("text_en", page.t("terms-text-en"))
            .max(LONGEST)
            .required()
            .typed(typed.get("text_en"))
            .wrong(wrong.en.as_str()),
    ]
}

fn day_of(text: &str) -> Option<Date> {
    let day = Date::parse(text.trim(), format_description!("[year]-[month]-[day]")).ok()?;
    (2000..=2199).contains(&day.year()).then_some(day)
}

async fn publish(operator: Operator, typed: Typed) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.begin().await?;
    let versions = tx.versions_of_terms().await?;
    let number = next_number(&versions);
    // Neither into the past nor before the version it takes over from.
    let earliest = versions.first().map_or(page.today(), |newest| newest.valid_from.max(page.today()));
    let day = day_of(typed.get("valid_from")).filter(|day| *day >= earliest);
    let text = |name: &str| match typed::long_text(typed.get(name), LONGEST) {
        Ok(text) if text.is_empty() => Err(page.t("mistake-missing")),
        other => other.map_err(|error: TextError| page.text_mistake(error)),
    };
    let (cs, en) = (text("text_cs"), text("text_en"));
    let wrong = Wrong {
        day: match day {
            Some(_) => String::new(),
            None => page.t_args("terms-day-wrong", &[("day", Arg::from(page.date(earliest)))]),
        },
        cs: cs.clone().err().unwrap_or_default(),
        en: en.clone().err().unwrap_or_default(),
    };
    let step = typed.get("step");
    let (Some(day), Ok(cs), Ok(en), true) = (day, cs, en, step != "edit") else {
        tx.commit().await?;
        let wrong = if step == "edit" { Wrong::default() } else { wrong };
        let fields = fields(page, &typed, &wrong, number);
        let view = view(page, &versions, fields);
        let status = if view.has_mistakes { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        return page.show_as(status, "operator/terms.html", &view);
    };
    let is_stale = typed.get("number") != number.to_string();
    let new = TermsVersion {
        number,
        valid_from: day,
        text_cs: cs,
        text_en: en,
        published_by: Some(operator.id),
        published_at: page.now(),
    };
    if step != "publish" && !is_stale {
        tx.commit().await?;
        let view = View { preview: Some(preview(page, &typed, &new)), ..view(page, &versions, Vec::new()) };
        return page.show("operator/terms.html", &view);
    }
    if is_stale || !tx.add_terms_of_use(&new).await? {
        drop(tx);
        let fields = fields(page, &typed, &Wrong::default(), number);
        let view = View { conflict: page.t("terms-conflict"), ..view(page, &versions, fields) };
        return page.show_as(StatusCode::CONFLICT, "operator/terms.html", &view);
    }
    tx.write_audit(&line(&operator, &new)).await?;
    tx.commit().await?;
    Ok(page.go(PATH))
}

fn preview(page: &Page, typed: &Typed, new: &TermsVersion) -> Preview {
    let parts =
        |text: &str| text.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let kept = ["valid_from", "text_cs", "text_en"].map(|name| Field::hidden(name, typed.get(name)));
    Preview {
        day: page.on_day(new.valid_from),
        cs: parts(&new.text_cs),
        en: parts(&new.text_en),
        kept: kept.into_iter().chain([Field::hidden("number", new.number.to_string())]).collect(),
    }
}

fn line(operator: &Operator, new: &TermsVersion) -> AuditEntry {
    AuditEntry {
        actor_kind: "staff".into(),
        actor: operator.id.to_string(),
        role: operator.role.key().into(),
        feature: Some(Feature::LoginWithCredentials),
        action: "publish_terms".into(),
        object: format!("terms_of_use:{}", new.number),
        before: serde_json::Value::Null,
        after: json!({ "valid_from": new.valid_from.to_string() }),
        request_id: operator.page.request_id().into(),
    }
}

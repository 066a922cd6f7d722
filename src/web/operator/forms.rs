//! Electronic forms at the desk: which there are, and whether customers see them.
use crate::data::{AuditEntry, FormRow, Guarded};
use crate::domain::features::{Action, Feature};
use crate::tenancy::Lang;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;

pub const FEATURE: Feature = Feature::FormsElectronic;

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::operator(&[FEATURE], "/operator/forms").get(list),
        Slice::operator(&[FEATURE], "/operator/forms/{slug}").writes(Action::Configure).post(switch),
    ]
}

#[derive(Serialize)]
struct List {
    forms: Vec<Row>,
    may_switch: bool,
    conflict: String,
}

#[derive(Serialize)]
struct Row {
    slug: String,
    title: String,
    lead: String,
    questions: usize,
    is_active: bool,
    version: i32,
}

#[derive(Deserialize)]
struct Typed {
    turn: String,
    version: i32,
}

fn row(page: &Page, one: &FormRow) -> Row {
    let is_english = page.lang() == Lang::En;
    Row {
        slug: one.slug.clone(),
        title: if is_english { one.title_en.clone() } else { one.title_cs.clone() },
        lead: if is_english { one.lead_en.clone() } else { one.lead_cs.clone() },
        questions: one.fields.as_array().map_or(0, Vec::len),
        is_active: one.is_active,
        version: one.version,
    }
}

async fn view(operator: &Operator, conflict: String) -> Result<List, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let rows = tx.electronic_forms(false).await?;
    tx.commit().await?;
    let may_switch = page.has_any(&[FEATURE], Action::Configure);
    Ok(List { forms: rows.iter().map(|one| row(page, one)).collect(), may_switch, conflict })
}

async fn list(operator: Operator) -> Result<Response, Error> {
    operator.page.show("operator/forms.html", &view(&operator, String::new()).await?)
}

async fn switch(operator: Operator, Path(slug): Path<String>, Form(typed): Form<Typed>) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.begin().await?;
    let form = tx.electronic_form(&slug).await?;
    let is_active = match typed.turn.as_str() {
        "on" => true,
        "off" => false,
        _ => return Err(Error::NotFound),
    };
    let wanted = FormRow { is_active, version: typed.version, ..form.clone() };
    let is_seen = typed.version == form.version;
    if !is_seen || matches!(tx.save_electronic_form(&wanted).await?, Guarded::Stale(_)) {
        drop(tx);
        let view = view(&operator, page.t("desk-forms-stale")).await?;
        return page.show_as(StatusCode::CONFLICT, "operator/forms.html", &view);
    }
    let entry = AuditEntry {
        actor_kind: "staff".into(),
        actor: operator.id.to_string(),
        role: page.role().key().into(),
        feature: Some(FEATURE),
        action: "switch_form".into(),
        object: format!("form:{slug}"),
        before: json!({ "is_active": form.is_active }),
        after: json!({ "is_active": is_active }),
        request_id: page.request_id().into(),
    };
    tx.write_audit(&entry).await?;
    tx.commit().await?;
    Ok(page.go("/operator/forms"))
}

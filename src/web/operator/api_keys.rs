//! Keys machines call with: made by the lead, shown once, named, and revoked when they are not needed any more.
use crate::backends::keys::Token;
use crate::data::{ApiKey, AuditEntry};
use crate::domain::features::{Action, Feature};
use crate::domain::ids::ApiKeyId;
use crate::domain::typed;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value as Json, json};

/// What a key can be made for.
pub const FEATURES: &[Feature] = &[Feature::OutageAlertPlanned];
const SCOPE: Feature = Feature::OutageAlertPlanned;
const PATH: &str = "/operator/api-keys";

pub fn slices() -> Vec<Slice> {
    vec![Slice::operator(FEATURES, PATH).reads(Action::Configure).writes(Action::Configure).get(list).post(submit)]
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    scope: String,
    made: String,
    used: String,
    revoked: String,
}

#[derive(Serialize)]
struct View {
    keys: Vec<Row>,
    field: Field,
    has_mistakes: bool,
    /// Shown once.
    secret: String,
    address: String,
    /// How often a key may call.
    pace: String,
    done: String,
}

async fn list(operator: Operator) -> Result<Response, Error> {
    show(&operator, StatusCode::OK, "", String::new(), String::new(), String::new()).await
}

async fn show(
    operator: &Operator,
    status: StatusCode,
    name: &str,
    wrong: String,
    secret: String,
    done: String,
) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let keys = tx.api_keys().await?;
    tx.commit().await?;
    let field = Field::text("name", page.t("api-key-name")).hint(page.t("api-key-name-hint")).max(60).required();
    let view = View {
        keys: keys.iter().map(|key| row(page, key)).collect(),
        field: field.typed(name).wrong(wrong.as_str()),
        has_mistakes: !wrong.is_empty(),
        secret,
        address: page.tenant().url("/api/outages"),
        pace: page.t_args("api-keys-pace", &[("count", Arg::from(page.services().settings.api_calls_per_minute))]),
        done,
    };
    page.show_as(status, "operator/api_keys.html", &view)
}

fn row(page: &Page, key: &ApiKey) -> Row {
    let moment = |at: Option<time::OffsetDateTime>| at.map_or(String::new(), |at| page.moment(at));
    let scope = key.scope.map_or(String::new(), |scope| page.t(&format!("feature-{}", scope.key().replace('_', "-"))));
    Row {
        id: key.id.to_string(),
        name: key.name.clone(),
        scope,
        made: page.moment(key.created_at),
        used: moment(key.last_used_at),
        revoked: moment(key.revoked_at),
    }
}

async fn submit(operator: Operator, typed: Typed) -> Result<Response, Error> {
    let page = &operator.page;
    if typed.step() == "revoke" {
        return revoke(operator, typed).await;
    }
    let name = match typed::text(typed.get("name"), 60) {
        Ok(name) if name.is_empty() => Err(page.t("mistake-missing")),
        other => other.map_err(|error| page.text_mistake(error)),
    };
    let name = match name {
        Ok(name) => name,
        Err(wrong) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return show(&operator, status, typed.get("name"), wrong, String::new(), String::new()).await;
        }
    };
    let token = Token::random();
    let key = ApiKey {
        id: ApiKeyId::new(),
        name,
        scope: Some(SCOPE),
        staff: operator.id,
        created_at: page.now(),
        last_used_at: None,
        revoked_at: None,
    };
    let tx = operator.db.begin().await?;
    tx.add_api_key(&key, &token.hash()).await?;
    let after = json!({ "name": key.name, "scope": SCOPE.key() });
    tx.write_audit(&line(&operator, "make_api_key", key.id, Json::Null, after)).await?;
    tx.commit().await?;
    show(&operator, StatusCode::OK, "", String::new(), token.to_text(), String::new()).await
}

async fn revoke(operator: Operator, typed: Typed) -> Result<Response, Error> {
    let page = &operator.page;
    let id = uuid::Uuid::try_parse(typed.get("id")).map(ApiKeyId).map_err(|_| Error::NotFound)?;
    let tx = operator.db.begin().await?;
    if let Some(key) = tx.revoke_api_key(id, page.now()).await? {
        tx.write_audit(&line(&operator, "revoke_api_key", id, json!({ "name": key.name }), Json::Null)).await?;
        tx.commit().await?;
    } else {
        drop(tx);
    }
    show(&operator, StatusCode::OK, "", String::new(), String::new(), page.t("api-key-revoked")).await
}

fn line(operator: &Operator, action: &str, id: ApiKeyId, before: Json, after: Json) -> AuditEntry {
    AuditEntry {
        actor_kind: "staff".into(),
        actor: operator.id.to_string(),
        role: operator.role.key().into(),
        feature: Some(SCOPE),
        action: action.into(),
        object: format!("api_key:{id}"),
        before,
        after,
        request_id: operator.page.request_id().into(),
    }
}

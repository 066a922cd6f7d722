//! The switchboard: what the contract buys, what is off, by whom and why; a switch shows its effect before it is flipped and can be undone.
use crate::data::{self, AuditEntry, RevisionContent};
use crate::domain::features::{Action, Area, Feature};
use crate::tenancy::{Arg, Content, Tenant, TenantState, Toggle};
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::revisions;
use crate::web::kit::slices::Slice;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const AREAS: [(Area, &str); 6] = [
    (Area::Portal, "area-portal"),
    (Area::Access, "area-access"),
    (Area::Information, "area-information"),
    (Area::Requests, "area-requests"),
    (Area::Readings, "area-readings"),
    (Area::Alerts, "area-alerts"),
];
const REASON_MAX: usize = 300;

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::operator(&[], "/operator/features").get(list),
        Slice::operator(&[], "/operator/features/{key}").get(confirm).post(flip),
        Slice::operator(&[], "/operator/features/revisions/{revision}/undo").post(undo),
    ]
}

#[derive(Serialize)]
struct Switchboard {
    revision: i64,
    groups: Vec<Group>,
    history: Vec<Change>,
    saved: String,
    /// "live on 3 of 3 instances"; empty when nobody can tell.
    reach: String,
}

#[derive(Serialize)]
struct Group {
    title: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    key: &'static str,
    name: String,
    note: String,
    is_on: bool,
    is_changeable: bool,
    off_reason: String,
    off_by: String,
    off_at: String,
}

#[derive(Serialize)]
struct Change {
    revision: i64,
    at: String,
    by: String,
    reason: String,
    can_undo: bool,
}

#[derive(Serialize)]
struct Confirm {
    key: &'static str,
    name: String,
    note: String,
    is_on: bool,
    affects: String,
    revision: i64,
    reason: String,
    error: String,
}

#[derive(Deserialize)]
struct Saved {
    saved: Option<String>,
}

#[derive(Deserialize)]
struct Flip {
    #[serde(default)]
    reason: String,
    /// The revision the operator was looking at.
    revision: i64,
    /// `on` or `off`.
    turn: String,
}

#[derive(Deserialize)]
struct Undo {
    revision: i64,
}

async fn list(operator: Operator, Query(query): Query<Saved>) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let history = tx.revisions(20).await?;
    tx.commit().await?;
    let tenant = page.tenant();
    let groups =
        AREAS.iter().map(|(area, title)| group(page, &operator, *area, title)).filter(|group| !group.rows.is_empty());
    let saved =
        query.saved.and_then(|key| Feature::parse(&key)).map(|feature| page.t(&name_key(feature))).unwrap_or_default();
    let reach = page.services().bus.reach(tenant.id, tenant.revision).await;
    let reach = reach.map(|reach| {
        let counts = [("loaded", Arg::from(reach.loaded as i64)), ("instances", Arg::from(reach.instances as i64))];
        page.t_args("operator-reach", &counts)
    });
    let view = Switchboard {
        reach: reach.unwrap_or_default(),
        revision: tenant.revision,
        groups: groups.collect(),
        history: history
            .into_iter()
            .map(|row| Change {
                revision: row.revision,
                at: moment(page, row.created_at),
                by: row.actor,
                reason: row.reason,
                can_undo: row.revision > 1 && row.revision == tenant.revision && may_configure(&operator, None),
            })
            .collect(),
        saved,
    };
    page.show("operator/features.html", &view)
}

fn group(page: &Page, operator: &Operator, area: Area, title: &str) -> Group {
    let tenant = page.tenant();
    let rows = tenant
        .contract
        .features
        .iter()
        .filter(|feature| feature.area() == area)
        .map(|feature| {
            let toggle = tenant.toggles.iter().find(|toggle| toggle.feature == *feature);
            Row {
                key: feature.key(),
                name: page.t(&name_key(*feature)),
                note: page.t(&format!("{}-note", name_key(*feature))),
                is_on: tenant.has(*feature),
                is_changeable: may_configure(operator, Some(*feature)),
                off_reason: toggle.map(|toggle| toggle.reason.clone()).unwrap_or_default(),
                off_by: toggle.map(|toggle| toggle.by.clone()).unwrap_or_default(),
                off_at: toggle.map(|toggle| moment(page, toggle.at)).unwrap_or_default(),
            }
        })
        .collect();
    Group { title: page.t(title), rows }
}

fn name_key(feature: Feature) -> String {
    format!("feature-{}", feature.key().replace('_', "-"))
}

fn moment(page: &Page, at: time::OffsetDateTime) -> String {
    let (day, clock) = page.local(at);
    format!("{} {:02}:{:02}", page.date(day), clock.hour(), clock.minute())
}

fn may_configure(operator: &Operator, feature: Option<Feature>) -> bool {
    let tenant = operator.page.tenant();
    match feature {
        Some(feature) => tenant.allows(operator.role, feature, Action::Configure),
        None => {
            tenant.contract.features.iter().any(|feature| tenant.allows(operator.role, *feature, Action::Configure))
        }
    }
}

/// A feature this supplier bought and this person may switch; anything else is 404.
fn switchable(operator: &Operator, key: &str) -> Result<Feature, Error> {
    Feature::parse(key).filter(|feature| may_configure(operator, Some(*feature))).ok_or(Error::NotFound)
}

async fn confirm(operator: Operator, Path(key): Path<String>) -> Result<Response, Error> {
    let feature = switchable(&operator, &key)?;
    let view = confirmation(&operator, feature, String::new(), String::new()).await?;
    operator.page.show("operator/feature_confirm.html", &view)
}

async fn confirmation(operator: &Operator, feature: Feature, reason: String, error: String) -> Result<Confirm, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let customers = tx.count_customers().await?;
    tx.commit().await?;
    let is_on = page.tenant().has(feature);
    Ok(Confirm {
        key: feature.key(),
        name: page.t(&name_key(feature)),
        note: page.t(&format!("{}-note", name_key(feature))),
        is_on,
        affects: page.t_args(
            if is_on { "operator-flip-loses" } else { "operator-flip-gains" },
            &[("customers", Arg::from(customers))],
        ),
        revision: page.tenant().revision,
        reason,
        error,
    })
}

async fn flip(operator: Operator, Path(key): Path<String>, Form(typed): Form<Flip>) -> Result<Response, Error> {
    let feature = switchable(&operator, &key)?;
    let page = &operator.page;
    let reason = typed.reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_MAX || reason.chars().any(char::is_control) {
        let error = page.t("operator-flip-reason-missing");
        let view = confirmation(&operator, feature, typed.reason.clone(), error).await?;
        return page.show_again("operator/feature_confirm.html", &view);
    }
    let mut toggles = page.tenant().toggles.clone();
    toggles.retain(|toggle| toggle.feature != feature);
    if typed.turn == "off" {
        toggles.push(Toggle { feature, reason: reason.to_owned(), by: operator.name.clone(), at: page.now() });
    }
    let note = format!("{} {}: {reason}", feature.key(), if typed.turn == "off" { "off" } else { "on" });
    match publish(&operator, typed.revision, toggles, &note).await? {
        Some(_) => Ok(page.go(&format!("/operator/features?saved={}", feature.key()))),
        None => {
            let error = page.t("operator-flip-conflict");
            let view = confirmation(&operator, feature, typed.reason, error).await?;
            page.show_as(StatusCode::CONFLICT, "operator/feature_confirm.html", &view)
        }
    }
}

/// Undoing revision n publishes the switches of revision n − 1 as revision n + 1.
async fn undo(operator: Operator, Path(revision): Path<i64>, Form(seen): Form<Undo>) -> Result<Response, Error> {
    let page = &operator.page;
    if !may_configure(&operator, None) || seen.revision != revision {
        return Err(Error::NotFound);
    }
    let tx = operator.db.read().await?;
    let before = tx.revision(revision - 1).await?;
    tx.commit().await?;
    let toggles: Vec<Toggle> =
        serde_json::from_str(&before.toggles).map_err(|error| Error::Broken(error.to_string()))?;
    let note = format!("undo of revision {revision}");
    publish(&operator, revision, toggles, &note).await?;
    Ok(page.go("/operator/features"))
}

/// One transaction: expected version, dry-run compile, revision n + 1, audit. Then every instance is told, and only then the answer leaves.
async fn publish(
    operator: &Operator,
    expected: i64,
    toggles: Vec<Toggle>,
    reason: &str,
) -> Result<Option<Arc<Tenant>>, Error> {
    let page = &operator.page;
    let services = page.services();
    let tenant = page.tenant();
    let content = Content { document: tenant.document_text.clone(), policy: tenant.policy_text.clone(), toggles };
    let next = services
        .compiler
        .compile(tenant.id, expected + 1, TenantState::Active, &content)
        .map_err(|problems| Error::Broken(format!("{problems:?}")))?;
    let text = serde_json::to_string(&content.toggles).map_err(|error| Error::Broken(error.to_string()))?;
    let kept = RevisionContent { document: content.document, policy: content.policy, toggles: text };
    let keys = |toggles: &[Toggle]| toggles.iter().map(|toggle| toggle.feature.key()).collect::<Vec<_>>();
    let entry = AuditEntry {
        actor_kind: "staff".into(),
        actor: operator.name.clone(),
        role: operator.role.key().into(),
        feature: None,
        action: "publish_revision".into(),
        object: reason.into(),
        before: serde_json::json!({ "off": keys(&tenant.toggles) }),
        after: serde_json::json!({ "off": keys(&content.toggles) }),
        request_id: page.request_id().into(),
    };
    let tx = operator.db.begin().await?;
    match tx.publish_revision(expected, &kept, &entry, reason).await {
        Ok(_) => tx.commit().await?,
        Err(data::Error::Conflict(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    let next = revisions::publish(services, Arc::new(next)).await?;
    services.bus.announce(next.id, next.revision).await;
    Ok(Some(next))
}

//! Suppliers at a glance, and one supplier's page.
use crate::tenancy::Tenant;
use crate::web::kit::error::Error;
use crate::web::kit::guard::PlatformOperator;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use axum::extract::Path;
use axum::response::Response;
use serde::Serialize;

pub fn slices() -> Vec<Slice> {
    vec![Slice::platform("/").get(list), Slice::platform("/tenants/{slug}").get(show)]
}

#[derive(Serialize)]
struct List {
    rows: Vec<Row>,
    total: usize,
}

#[derive(Serialize)]
struct Row {
    slug: String,
    name: String,
    portal: String,
    url: String,
    state: String,
    origin: String,
    revision: i64,
    theme: String,
    features: usize,
    switched_off: usize,
}

#[derive(Serialize)]
struct Detail {
    row: Row,
    toml: String,
    policy: String,
    features: Vec<FeatureRow>,
    aliases: Vec<String>,
    history: Vec<Change>,
    plan_command: String,
}

#[derive(Serialize)]
struct FeatureRow {
    key: &'static str,
    name: String,
    is_on: bool,
    why: String,
}

#[derive(Serialize)]
struct Change {
    revision: i64,
    at: String,
    by: String,
    reason: String,
}

async fn list(operator: PlatformOperator) -> Result<Response, Error> {
    let page = &operator.page;
    let kept = operator.platform.tenants().await?;
    let rows: Vec<Row> = kept
        .into_iter()
        .filter_map(|kept| {
            let tenant = page.services().registry.by_id(kept.id)?;
            Some(row(page, &tenant, &kept.origin.to_string()))
        })
        .collect();
    let total = rows.len();
    page.show("platform/tenants.html", &List { rows, total })
}

fn row(page: &Page, tenant: &Tenant, origin: &str) -> Row {
    let lang = page.lang();
    Row {
        slug: tenant.slug.clone(),
        name: tenant.document.name.get(lang).to_owned(),
        portal: tenant.document.portal.get(lang).to_owned(),
        url: tenant.url("/"),
        state: page.t(&format!("tenant-state-{}", tenant.state.key())),
        origin: origin.to_owned(),
        revision: tenant.revision,
        theme: tenant.theme.id.clone(),
        features: tenant.contract.features.len(),
        switched_off: tenant.toggles.len(),
    }
}

async fn show(operator: PlatformOperator, Path(slug): Path<String>) -> Result<Response, Error> {
    let page = &operator.page;
    let tenant = page.services().registry.by_slug(&slug).ok_or(Error::NotFound)?;
    let kept =
        operator.platform.tenants().await?.into_iter().find(|kept| kept.id == tenant.id).ok_or(Error::NotFound)?;
    let history = operator.platform.revisions(tenant.id, 20).await?;
    let features = tenant.contract.features.iter().map(|feature| FeatureRow {
        key: feature.key(),
        name: page.t(&format!("feature-{}", feature.key().replace('_', "-"))),
        is_on: tenant.has(*feature),
        why: tenant
            .toggles
            .iter()
            .find(|toggle| toggle.feature == *feature)
            .map(|toggle| toggle.reason.clone())
            .unwrap_or_default(),
    });
    let view = Detail {
        features: features.collect(),
        row: row(page, &tenant, &kept.origin.to_string()),
        toml: tenant.document.to_toml(),
        policy: tenant.policy_text.clone(),
        aliases: tenant.document.hosts.aliases.iter().map(|alias| alias.host.clone()).collect(),
        history: history
            .into_iter()
            .map(|change| {
                let (day, clock) = page.local(change.created_at);
                let day = page.date(day);
                let at = format!("{day} {:02}:{:02}", clock.hour(), clock.minute());
                Change { revision: change.revision, at, by: change.actor, reason: change.reason }
            })
            .collect(),
        plan_command: format!("busbar tenant export {slug}"),
    };
    page.show("platform/tenant.html", &view)
}

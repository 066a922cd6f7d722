//! Bringing a new supplier live from a form or an uploaded document: check everything, keep it, publish it, ask its first page. No restart.
use crate::data;
use crate::domain::features::Feature;
use crate::domain::ids::TenantId;
use crate::tenancy::{Content, RequestTarget, Resolution, Tenant, TenantState};
use crate::web::kit::error::Error;
use crate::web::kit::guard::PlatformOperator;
use crate::web::kit::page::Page;
use crate::web::kit::revisions;
use crate::web::kit::slices::Slice;
use axum::extract::Multipart;
use axum::response::Response;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub fn slices() -> Vec<Slice> {
    vec![Slice::platform("/onboard").get(form).post(submit)]
}

#[derive(Serialize)]
struct Form {
    values: BTreeMap<&'static str, String>,
    themes: Vec<Choice>,
    features: Vec<Choice>,
    problems: Vec<String>,
}

#[derive(Serialize)]
struct Choice {
    key: String,
    name: String,
    is_chosen: bool,
}

#[derive(Serialize)]
struct Done {
    slug: String,
    name: String,
    url: String,
    steps: Vec<String>,
    commands: Vec<String>,
}

/// Text fields of the form, in the order shown.
const FIELDS: [&str; 14] = [
    "slug",
    "name_cs",
    "name_en",
    "portal_cs",
    "portal_en",
    "host",
    "mount",
    "theme",
    "phone",
    "fault_line",
    "email",
    "address",
    "account",
    "mail_from",
];
const DOCUMENT: &str = "document";
const POLICY: &str = "policy";

#[derive(Default)]
struct Typed {
    values: BTreeMap<String, String>,
    features: BTreeSet<Feature>,
}

async fn form(operator: PlatformOperator) -> Result<Response, Error> {
    let mut typed = Typed::default();
    typed.values.insert("theme".into(), "base".into());
    typed.features.extend(STARTING_SET);
    operator.page.show("platform/onboard.html", &view(&operator.page, &typed, Vec::new()))
}

/// What a new supplier is offered ticked: the smallest portal that makes sense.
const STARTING_SET: [Feature; 7] = [
    Feature::LoginWithCredentials,
    Feature::CommodityElectricity,
    Feature::PortalHelp,
    Feature::InfoCustomerAccount,
    Feature::InfoSupplyPoints,
    Feature::InfoInvoiceOverview,
    Feature::InfoAdvanceSchedule,
];

fn view(page: &Page, typed: &Typed, problems: Vec<String>) -> Form {
    let value = |key: &str| typed.values.get(key).cloned().unwrap_or_default();
    let values = FIELDS.iter().copied().chain([DOCUMENT, POLICY]).map(|key| (key, value(key))).collect();
    let theme = value("theme");
    let themes = page.services().compiler.theme_ids().into_iter().map(|id| Choice {
        is_chosen: id == theme,
        name: id.clone(),
        key: id,
    });
    let features = Feature::all().filter(|feature| feature.is_switch()).map(|feature| Choice {
        key: feature.key().to_owned(),
        name: page.t(&format!("feature-{}", feature.key().replace('_', "-"))),
        is_chosen: typed.features.contains(&feature),
    });
    Form { values, themes: themes.collect(), features: features.collect(), problems }
}

async fn submit(operator: PlatformOperator, parts: Multipart) -> Result<Response, Error> {
    let page = &operator.page;
    let typed = read(parts).await?;
    let content = match content(&typed) {
        Ok(content) => content,
        Err(missing) => return again(page, &typed, vec![page.t(missing)]),
    };
    let services = page.services();
    let tried = match services.compiler.compile(TenantId(i32::MAX), 1, TenantState::Active, &content) {
        Ok(tenant) => tenant,
        Err(problems) => return again(page, &typed, problems.iter().map(ToString::to_string).collect()),
    };
    if let Err(clash) = services.registry.check(&tried) {
        return again(page, &typed, vec![clash.to_string()]);
    }
    let tenant = match create(&operator, &content, &tried).await {
        Ok(tenant) => tenant,
        Err(Error::Broken(reason)) if reason.contains("Conflict") => {
            return again(page, &typed, vec![page.t("onboard-slug-taken")]);
        }
        Err(error) => return Err(error),
    };
    let target = RequestTarget {
        authority: None,
        hosts: &[tenant.document.hosts.canonical.as_bytes()],
        forwarded: &[],
        method: "GET",
        path_and_query: &format!("{}/", tenant.base()),
    };
    match services.registry.resolve(&target) {
        Resolution::Tenant { tenant: found, .. } if found.id == tenant.id => {}
        other => return Err(Error::Broken(format!("{} is kept, but its address leads to {other:?}", tenant.slug))),
    }
    let done = Done {
        slug: tenant.slug.clone(),
        name: tenant.document.name.get(page.lang()).to_owned(),
        url: tenant.url("/"),
        steps: ["onboard-step-checked", "onboard-step-kept", "onboard-step-live"].map(|key| page.t(key)).to_vec(),
        commands: vec![
            format!("busbar staff add {} <username> <name>", tenant.slug),
            format!("busbar tenant export {}", tenant.slug),
        ],
    };
    page.show("platform/onboard_done.html", &done)
}

fn again(page: &Page, typed: &Typed, problems: Vec<String>) -> Result<Response, Error> {
    page.show_again("platform/onboard.html", &view(page, typed, problems))
}

async fn create(operator: &PlatformOperator, content: &Content, tried: &Tenant) -> Result<Arc<Tenant>, Error> {
    let page = &operator.page;
    let kept = data::RevisionContent {
        document: content.document.clone(),
        policy: content.policy.clone(),
        toggles: "[]".to_owned(),
    };
    let entry = data::AuditEntry {
        actor_kind: "platform".into(),
        actor: operator.name.clone(),
        role: page.role().key().into(),
        feature: None,
        action: "create_tenant".into(),
        object: tried.slug.clone(),
        before: serde_json::Value::Null,
        after: serde_json::json!({ "document": content.document, "policy": content.policy }),
        request_id: page.request_id().into(),
    };
    let made = operator.platform.create_tenant(&tried.slug, data::Origin::Console, &kept, &entry, "onboarding").await;
    let id = match made {
        Ok(id) => id,
        Err(data::Error::Conflict(_)) => return Err(Error::Broken("Conflict".into())),
        Err(error) => return Err(error.into()),
    };
    let tenant = revisions::load(page.services(), id).await?;
    page.services().bus.announce(id, tenant.revision).await;
    Ok(tenant)
}

async fn read(mut parts: Multipart) -> Result<Typed, Error> {
    let mut typed = Typed::default();
    let broken = |_| Error::BadRequest("the form could not be read");
    while let Some(field) = parts.next_field().await.map_err(broken)? {
        let Some(name) = field.name().map(str::to_owned) else { continue };
        let text = field.text().await.map_err(broken)?;
        match name.strip_suffix("_file") {
            Some(target) if !text.trim().is_empty() => _ = typed.values.insert(target.to_owned(), text),
            Some(_) => {}
            None if name == "feature" => typed.features.extend(Feature::parse(&text)),
            None => _ = typed.values.entry(name).or_insert(text),
        }
    }
    Ok(typed)
}

/// The document and policy: as uploaded or pasted, else written from the form's fields.
fn content(typed: &Typed) -> Result<Content, &'static str> {
    let value = |key: &str| typed.values.get(key).map(|text| text.trim()).unwrap_or("");
    let document = match value(DOCUMENT) {
        "" if value("slug").is_empty() || value("host").is_empty() => return Err("onboard-nothing-given"),
        "" => written(typed),
        given => given.to_owned(),
    };
    let policy = match value(POLICY) {
        "" => contract(value("slug"), &document, &typed.features),
        given => given.to_owned(),
    };
    Ok(Content { document, policy, toggles: Vec::new() })
}

fn contract(slug: &str, document: &str, features: &BTreeSet<Feature>) -> String {
    let from_document = || {
        let line = document.lines().find_map(|line| line.trim().strip_prefix("slug"))?;
        line.split('"').nth(1).map(str::to_owned)
    };
    let slug = if slug.is_empty() { from_document().unwrap_or_default() } else { slug.to_owned() };
    features.iter().map(|feature| format!("g2, {}, {slug}\n", feature.key())).collect()
}

/// The fields of the form as a tenant document; its own loader then judges it like any file.
fn written(typed: &Typed) -> String {
    let text =
        |key: &str| toml_edit::Value::from(typed.values.get(key).map(|text| text.trim()).unwrap_or("")).to_string();
    let or = |key: &str, other: &str| match typed.values.get(key).map(|text| text.trim()) {
        Some(given) if !given.is_empty() => text(key),
        _ => text(other),
    };
    let has = |feature| typed.features.contains(&feature);
    let account = match typed.values.get("account").map(|text| text.trim()) {
        Some(given) if !given.is_empty() => format!("\n[payment]\naccount = {}\n", text("account")),
        _ => String::new(),
    };
    format!(
        "schema = 1\nslug = {slug}\nname = {{ cs = {name_cs}, en = {name_en} }}\nportal = {{ cs = {portal_cs}, en = {portal_en} }}\ntheme = {theme}\n\n\
         [hosts]\ncanonical = {host}\naliases = []\nmount = {mount}\n\n\
         [locale]\ndefault = \"cs\"\nenabled = [\"cs\", \"en\"]\ncurrency = \"CZK\"\ntimezone = \"Europe/Prague\"\n\n\
         [commodities]\nelectricity = {electricity}\ngas = {gas}\n\n\
         [contact]\nphone = {phone}\nfault_line = {fault}\nemail = {email}\naddress = {address}\n{account}\n\
         [outbound]\nmail_from = {mail_from}\n",
        slug = text("slug"),
        name_cs = text("name_cs"),
        name_en = or("name_en", "name_cs"),
        portal_cs = or("portal_cs", "name_cs"),
        portal_en = or("portal_en", "portal_cs"),
        theme = text("theme"),
        host = text("host"),
        mount = if typed.values.get("mount").is_none_or(|mount| mount.trim().is_empty()) {
            "\"/\"".into()
        } else {
            text("mount")
        },
        electricity = has(Feature::CommodityElectricity),
        gas = has(Feature::CommodityGas),
        phone = text("phone"),
        fault = or("fault_line", "phone"),
        email = text("email"),
        address = text("address"),
        mail_from = or("mail_from", "email"),
    )
}

//! An endpoint added or changed: its address, what it is for, what it is told of. The secret is shown on the page that answers, and then
//! never again.
use super::list::host;
use super::{PATH, id_of, line, one, only_lead};
use crate::backends::webhooks::{BadUrl, Secret};
use crate::data::{Endpoint, NewEndpoint};
use crate::domain::ids::WebhookEndpointId;
use crate::domain::typed::{self, TextError};
use crate::domain::webhooks::{Fact, Wanted};
use crate::web::kit::error::Error;
use crate::web::kit::form::{Choice, Field};
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::typed::Typed;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use uuid::Uuid;

const LONGEST_URL: usize = 2_000;
const LONGEST_WORDS: usize = 200;

#[derive(Serialize)]
struct View {
    title: String,
    action: String,
    button: String,
    back: String,
    fields: Vec<Field>,
    facts: Vec<Field>,
    has_mistakes: bool,
}

#[derive(Serialize)]
struct SecretView {
    id: String,
    host: String,
    secret: String,
    /// It takes over from another, which signs a while too.
    is_rotated: bool,
}

/// Shown once, as the answer to the form that made it.
pub fn show_secret(operator: &Operator, id: WebhookEndpointId, url: &str, version: i32) -> Result<Response, Error> {
    let page = &operator.page;
    let secret = Secret::of(&page.services().master, page.tenant().id, id, version).to_text();
    let view = SecretView { id: id.to_string(), host: host(url), secret, is_rotated: version > 1 };
    page.show("operator/webhook_secret.html", &view)
}

pub async fn form(operator: Operator) -> Result<Response, Error> {
    only_lead(&operator)?;
    let mut typed = Typed::default();
    typed.put("which", "all");
    typed.put("key", WebhookEndpointId::new().to_string());
    show(&operator, None, &typed, &Wrong::default())
}

#[derive(Default)]
struct Wrong {
    url: String,
    description: String,
    facts: String,
}

fn fact_field(fact: Fact) -> String {
    format!("fact-{}", fact.key().replace('.', "-"))
}

fn show(operator: &Operator, changed: Option<&Endpoint>, typed: &Typed, wrong: &Wrong) -> Result<Response, Error> {
    let page = &operator.page;
    let which = |value: &str, label: &str| Choice::new(value, page.t(label), typed.get("which") == value);
    let fields = vec![
        Field::text("url", page.t("webhook-address"))
            .hint(page.t("webhook-address-hint"))
            .max(LONGEST_URL)
            .plain()
            .autocomplete("off")
            .required()
            .typed(typed.get("url"))
            .wrong(wrong.url.as_str()),
        Field::text("description", page.t("webhook-description"))
            .hint(page.t("webhook-description-hint"))
            .max(LONGEST_WORDS)
            .typed(typed.get("description"))
            .wrong(wrong.description.as_str()),
        Field::radio(
            "which",
            page.t("webhook-which"),
            vec![which("all", "webhook-which-all"), which("some", "webhook-which-some")],
        )
        .wrong(wrong.facts.as_str()),
    ];
    let name = if changed.is_some() { "version" } else { "key" };
    let kept = Field::hidden(name, typed.get(name));
    let facts = Fact::ALL.into_iter().filter(|fact| fact.can_be_chosen()).map(|fact| {
        let name = fact_field(fact);
        let is_chosen = typed.get(&name) == "yes";
        Field::check(name, fact_words(page, fact.key()), is_chosen)
    });
    let has_mistakes = fields.iter().any(|field| !field.error.is_empty());
    let view = View {
        title: page.t(if changed.is_some() { "webhook-change" } else { "webhook-add" }),
        action: changed.map_or(format!("{PATH}/new"), |one| format!("{PATH}/{}/change", one.id)),
        button: page.t(if changed.is_some() { "webhook-save" } else { "webhook-add-send" }),
        back: changed.map_or(String::new(), |one| one.id.to_string()),
        fields: fields.into_iter().chain([kept]).collect(),
        facts: facts.collect(),
        has_mistakes,
    };
    let status = if has_mistakes { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page.show_as(status, "operator/webhook_form.html", &view)
}

/// The fact's own name with what it means.
pub fn fact_words(page: &Page, key: &str) -> String {
    match Fact::parse(key) {
        Some(_) => format!("{key}: {}", page.t(&format!("webhook-fact-{}", key.replace('.', "-")))),
        None => key.to_owned(),
    }
}

struct Asked {
    url: String,
    description: String,
    wanted: Wanted,
}

fn read(page: &Page, typed: &Typed) -> Result<Asked, Wrong> {
    let text = |name: &str, longest| {
        typed::text(typed.get(name), longest).map_err(|error: TextError| page.text_mistake(error))
    };
    let url = text("url", LONGEST_URL).and_then(|url| {
        if url.is_empty() {
            return Err(page.t("mistake-missing"));
        }
        page.services().hooks.check(&url).map(String::from).map_err(|bad| {
            page.t(match bad {
                BadUrl::NotAUrl => "webhook-url-wrong",
                BadUrl::NotSecure => "webhook-url-plain",
                BadUrl::Credentials => "webhook-url-credentials",
                BadUrl::Private => "webhook-url-private",
            })
        })
    });
    let description = text("description", LONGEST_WORDS);
    let chosen = Fact::ALL.into_iter().filter(|fact| fact.can_be_chosen() && typed.get(&fact_field(*fact)) == "yes");
    let chosen: BTreeSet<Fact> = chosen.collect();
    let wanted = match typed.get("which") {
        "all" => Ok(Wanted::All),
        "some" if !chosen.is_empty() => Ok(Wanted::Some(chosen)),
        _ => Err(page.t("webhook-which-missing")),
    };
    match (url, description, wanted) {
        (Ok(url), Ok(description), Ok(wanted)) => Ok(Asked { url, description, wanted }),
        (url, description, wanted) => Err(Wrong {
            url: url.err().unwrap_or_default(),
            description: description.err().unwrap_or_default(),
            facts: wanted.err().unwrap_or_default(),
        }),
    }
}

fn told(asked: &Asked) -> Json {
    json!({ "host": host(&asked.url), "facts": asked.wanted.to_text() })
}

pub async fn submit(operator: Operator, typed: Typed) -> Result<Response, Error> {
    only_lead(&operator)?;
    let page = &operator.page;
    let asked = match read(page, &typed) {
        Ok(asked) => asked,
        Err(wrong) => return show(&operator, None, &typed, &wrong),
    };
    let id = Uuid::try_parse(typed.get("key")).map_or_else(|_| WebhookEndpointId::new(), WebhookEndpointId);
    let new = NewEndpoint {
        id,
        url: asked.url.clone(),
        description: asked.description.clone(),
        wanted: asked.wanted.clone(),
        created_at: page.now(),
    };
    let tx = operator.db.begin().await?;
    if !tx.add_webhook(&new).await? {
        // The same form once more: the secret was shown.
        return Ok(page.go(&format!("{PATH}/{id}")));
    }
    tx.write_audit(&line(&operator, id, "add_webhook", Json::Null, told(&asked))).await?;
    tx.commit().await?;
    show_secret(&operator, id, &asked.url, 1)
}

pub async fn change_form(operator: Operator, Path(id): Path<String>) -> Result<Response, Error> {
    only_lead(&operator)?;
    let tx = operator.db.read().await?;
    let endpoint = tx.webhook(id_of(&id)?).await?;
    tx.commit().await?;
    let mut typed = Typed::default();
    typed.put("url", endpoint.url.clone());
    typed.put("description", endpoint.description.clone());
    typed.put("version", endpoint.version.to_string());
    typed.put("which", if endpoint.wanted == Wanted::All { "all" } else { "some" });
    if let Wanted::Some(facts) = &endpoint.wanted {
        facts.iter().for_each(|fact| typed.put(&fact_field(*fact), "yes"));
    }
    show(&operator, Some(&endpoint), &typed, &Wrong::default())
}

pub async fn change(operator: Operator, Path(id): Path<String>, typed: Typed) -> Result<Response, Error> {
    only_lead(&operator)?;
    let (page, id) = (&operator.page, id_of(&id)?);
    let tx = operator.db.begin().await?;
    let before = tx.webhook(id).await?;
    let asked = match read(page, &typed) {
        Ok(asked) => asked,
        Err(wrong) => {
            drop(tx);
            return show(&operator, Some(&before), &typed, &wrong);
        }
    };
    let seen = typed.get("version").parse().unwrap_or(0);
    if !tx.change_webhook_facts(id, seen, &asked.url, &asked.description, &asked.wanted).await? {
        drop(tx);
        return one::outdated(&operator, id, "webhook-outdated").await;
    }
    let was = json!({ "host": host(&before.url), "facts": before.wanted.to_text() });
    tx.write_audit(&line(&operator, id, "change_webhook", was, told(&asked))).await?;
    tx.commit().await?;
    Ok(page.go(&format!("{PATH}/{id}?done=changed")))
}

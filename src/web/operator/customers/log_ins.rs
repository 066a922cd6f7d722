//! A customer's log-ins at the desk: let in or not, signed out everywhere, helped to a new password. Each doing stands in the audit.
use super::card::{Doing, Fact, Item, Section};
use super::{WAYS_IN, named};
use crate::data::{AccountRow, AuditEntry, TenantTx};
use crate::domain::customers::Customer as Person;
use crate::domain::features::{Action, Feature};
use crate::domain::ids::AccountId;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::links;
use crate::web::kit::page::Page;
use axum::extract::{Form, Path};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    act: String,
}

/// What is said after a doing.
pub fn done(act: &str) -> Option<&'static str> {
    match act {
        "disable" => Some("log-in-disabled"),
        "enable" => Some("log-in-enabled"),
        "end" => Some("log-in-ended"),
        "link" => Some("log-in-link-sent"),
        "reachable" => Some("customer-reachable"),
        _ => None,
    }
}

pub async fn section(page: &Page, tx: &TenantTx, person: &Person) -> Result<Section, Error> {
    let may = page.has_any(WAYS_IN, Action::Change);
    let has_address = person.email.is_some();
    let item = |one: &AccountRow| Item {
        title: one.username.clone(),
        tag: page.t(if one.is_disabled { "log-in-off" } else { "log-in-on" }),
        tone: if one.is_disabled { "bad" } else { "ok" },
        facts: vec![
            Fact::new(page, "log-in-created", page.moment(one.created_at)),
            Fact::new(page, "log-in-used", one.last_login_at.map(|at| page.moment(at)).unwrap_or_default()),
        ],
        action: format!("/operator/customers/{}/log-ins/{}", person.number, one.id),
        doings: if may { doings(page, one, has_address) } else { Vec::new() },
        ..Item::default()
    };
    let items: Vec<Item> = tx.accounts_of(person.id).await?.iter().map(item).collect();
    let note = match (items.is_empty(), has_address) {
        (_, false) if page.tenant().document.access.email_required => "log-in-impossible",
        (true, _) => "log-ins-none",
        _ => "",
    };
    let note = if note.is_empty() { String::new() } else { page.t(note) };
    Ok(Section { id: "log-ins", title: page.t("log-ins-title"), note, items })
}

fn doings(page: &Page, one: &AccountRow, has_address: bool) -> Vec<Doing> {
    let doing = |key: &'static str, kind| Doing { key, label: page.t(&format!("log-in-act-{key}")), kind };
    // What its owner closed is not the supplier's to open.
    if one.closed_at.is_some() {
        return Vec::new();
    }
    if one.is_disabled {
        return vec![doing("enable", "")];
    }
    let link = has_address.then(|| doing("link", ""));
    link.into_iter().chain([doing("end", ""), doing("disable", "danger")]).collect()
}

pub async fn act(
    operator: Operator,
    Path((number, id)): Path<(String, Uuid)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Error> {
    let page = &operator.page;
    let id = AccountId(id);
    let tx = operator.db.begin().await?;
    let person = named(&operator, &tx, &number).await?;
    let log_ins = tx.accounts_of(person.id).await?;
    let one = log_ins.iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    let offered = doings(page, one, person.email.is_some());
    let Some(doing) = offered.iter().find(|doing| doing.key == typed.act) else {
        // Pressed twice, or somebody was faster: the card shows how it stands.
        done(&typed.act).ok_or(Error::NotFound)?;
        return Ok(page.go(&format!("/operator/customers/{number}#log-ins")));
    };
    let mut ended = Vec::new();
    match doing.key {
        "enable" => _ = tx.disable_log_in(id, false).await?,
        "link" => _ = links::send_new_password(&tx, page, id, page.tenant().document.locale.default).await?,
        key => {
            if key == "disable" {
                tx.disable_log_in(id, true).await?;
            }
            ended = tx.delete_sessions_of(id.0).await?;
        }
    }
    tx.write_audit(&line(&operator, &person, one, doing.key, ended.len())).await?;
    tx.commit().await?;
    page.services().sessions.end_many(page.tenant().id, &ended).await;
    Ok(page.go(&format!("/operator/customers/{number}?done={}#log-ins", doing.key)))
}

fn line(operator: &Operator, person: &Person, one: &AccountRow, act: &str, ended: usize) -> AuditEntry {
    AuditEntry {
        actor_kind: "staff".into(),
        actor: operator.id.to_string(),
        role: operator.role.key().into(),
        feature: Some(Feature::LoginWithCredentials),
        action: format!("log_in_{act}"),
        object: format!("account:{}", one.id),
        before: json!({ "is_disabled": one.is_disabled }),
        after: json!({ "customer": person.id, "sessions_ended": ended }),
        request_id: operator.page.request_id().into(),
    }
}

//! Webhooks, looked after by the lead: which of the supplier's own systems are told of what, with which secret, and how it went. No feature
//! names them: they are the supplier's wiring and nothing a customer sees, so like its staff they are the lead's at every supplier.
mod add;
mod list;
mod log;
mod one;
mod press;

use crate::data::AuditEntry;
use crate::domain::features::Role;
use crate::domain::ids::WebhookEndpointId;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::slices::Slice;
use serde_json::Value as Json;
use uuid::Uuid;

const PATH: &str = "/operator/webhooks";

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::operator(&[], "/operator/webhooks").get(list::list),
        Slice::operator(&[], "/operator/webhooks/new").get(add::form).post(add::submit),
        Slice::operator(&[], "/operator/webhooks/{id}").get(one::show),
        Slice::operator(&[], "/operator/webhooks/{id}/change").get(add::change_form).post(add::change),
        Slice::operator(&[], "/operator/webhooks/{id}/rotate").post(press::rotate),
        Slice::operator(&[], "/operator/webhooks/{id}/state").post(press::turn),
        Slice::operator(&[], "/operator/webhooks/{id}/delete").post(press::delete),
        Slice::operator(&[], "/operator/webhooks/{id}/ping").post(press::ping),
        Slice::operator(&[], "/operator/webhooks/{id}/replay").post(press::replay),
        Slice::operator(&[], "/operator/webhooks/{id}/replay-failed").post(press::replay_failed),
    ]
}

/// For everybody else there is no such page.
fn only_lead(operator: &Operator) -> Result<(), Error> {
    if operator.role == Role::Lead { Ok(()) } else { Err(Error::NotFound) }
}

fn id_of(text: &str) -> Result<WebhookEndpointId, Error> {
    Uuid::try_parse(text).map(WebhookEndpointId).map_err(|_| Error::NotFound)
}

fn line(operator: &Operator, id: WebhookEndpointId, action: &str, before: Json, after: Json) -> AuditEntry {
    AuditEntry {
        actor_kind: "staff".into(),
        actor: operator.id.to_string(),
        role: operator.role.key().into(),
        feature: None,
        action: action.into(),
        object: format!("webhook:{id}"),
        before,
        after,
        request_id: operator.page.request_id().into(),
    }
}

//! Outages at the desk: what is coming and whom it touches, written down, changed, cancelled and imported; each shown before it is done.
mod act;
mod form;
mod import;
mod list;
mod show;
mod words;

use crate::data::AuditEntry;
use crate::domain::features::{Action, Feature};
use crate::domain::ids::OutageId;
use crate::domain::outages::Outage;
use crate::web::kit::guard::Operator;
use crate::web::kit::slices::Slice;
use serde_json::{Value as Json, json};

pub const FEATURE: Feature = Feature::OutageAlertPlanned;
const FEATURES: &[Feature] = &[FEATURE];
pub const PATH: &str = "/operator/outages";

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::operator(FEATURES, PATH).get(list::list),
        Slice::operator(FEATURES, "/operator/outages/new").reads(Action::Submit).get(form::start).post(form::submit),
        Slice::operator(FEATURES, "/operator/outages/import")
            .reads(Action::Submit)
            .get(import::start)
            .post(import::submit),
        Slice::operator(FEATURES, "/operator/outages/import/template").reads(Action::Submit).get(import::template),
        Slice::operator(FEATURES, "/operator/outages/{id}").get(show::show),
        Slice::operator(FEATURES, "/operator/outages/{id}/change")
            .reads(Action::Change)
            .writes(Action::Change)
            .get(form::again)
            .post(form::change),
        Slice::operator(FEATURES, "/operator/outages/{id}/act/{act}")
            .reads(Action::Change)
            .writes(Action::Change)
            .get(act::ask)
            .post(act::submit),
    ]
}

/// An outage's id in an address; what is none is nobody's.
fn id_of(text: &str) -> Option<OutageId> {
    uuid::Uuid::try_parse(text).ok().map(OutageId)
}

fn line(operator: &Operator, action: &str, one: &Outage, before: Json, after: Json) -> AuditEntry {
    AuditEntry {
        actor_kind: "staff".into(),
        actor: operator.id.to_string(),
        role: operator.role.key().into(),
        feature: Some(FEATURE),
        action: action.into(),
        object: format!("outage:{}", one.id),
        before,
        after,
        request_id: operator.page.request_id().into(),
    }
}

/// What the audit keeps of an outage.
fn said(one: &Outage) -> Json {
    json!({
        "number": one.number, "version": one.version, "starts_at": one.starts_at.unix_timestamp(),
        "ends_at": one.ends_at.unix_timestamp(), "is_cancelled": one.is_cancelled,
    })
}

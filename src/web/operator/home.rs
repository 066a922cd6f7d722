//! The operator's desk: what there is to do, and what changed last.
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::slices::Slice;
use axum::response::Response;
use serde::Serialize;

pub fn slices() -> Vec<Slice> {
    vec![Slice::operator(&[], "/operator").get(show)]
}

#[derive(Serialize)]
struct Desk {
    name: String,
    role: String,
    customers: String,
    features_on: usize,
    features_off: usize,
    revision: i64,
}

async fn show(operator: Operator) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let customers = tx.count_customers().await?;
    tx.commit().await?;
    let tenant = page.tenant();
    let desk = Desk {
        name: operator.name.clone(),
        role: page.t(&format!("role-{}", operator.role.key().replace('_', "-"))),
        customers: customers.to_string(),
        features_on: tenant.contract.features.iter().filter(|feature| tenant.has(**feature)).count(),
        features_off: tenant.toggles.len(),
        revision: tenant.revision,
    };
    page.show("operator/home.html", &desk)
}

//! What the supplier keeps of a customer and why, who looked at it, and the way to take it away.
mod erasure;
mod export;
mod readme;

use super::proof::Proof;
use crate::domain::access::{MemberRole, holds};
use crate::domain::features::{Action, Feature};
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::table::{Cell, Table};
use axum::response::Response;
use serde::Serialize;
use time::Duration;

/// The law gives it to whoever has an account; no supplier's operator can take it away but with the log-in itself.
const FEATURES: &[Feature] = &[Feature::LoginWithCredentials];

/// What is kept, as its texts are named: `privacy-<word>-what`, `-why` and `-long`.
const KEPT: [&str; 8] = ["identity", "contacts", "supply", "readings", "invoices", "requests", "log-ins", "looks"];
/// Days back in which whoever looked is shown, and how many at most.
const LOOKED_DAYS: i64 = 365;
const MOST_LOOKS: u64 = 200;

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(FEATURES, "/account/privacy").get(show),
        Slice::customer(FEATURES, "/account/privacy/export").writes(Action::View).post(export::send),
        Slice::customer(FEATURES, "/account/privacy/erasure")
            .writes(Action::View)
            .get(erasure::show)
            .post(erasure::send),
    ]
}

#[derive(Serialize)]
struct View {
    kept: Table,
    /// Only who owns takes everything away, or wishes it erased.
    is_owner: bool,
    has_looks: bool,
    looks: Table,
    /// For password managers, which look for it beside the password.
    username: String,
    /// Asked before everything is handed over.
    confirm: Vec<Field>,
    has_mistakes: bool,
    /// Why nothing was handed over; empty when there is no such reason.
    refused: String,
}

async fn show(customer: Customer) -> Result<Response, Error> {
    let view = view(&customer, &Proof::NotYet, String::new()).await?;
    customer.page.show("portal/privacy.html", &view)
}

async fn view(customer: &Customer, proof: &Proof, refused: String) -> Result<View, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let rows = tx.looks_at(customer.id, page.now() - Duration::days(LOOKED_DAYS), MOST_LOOKS).await?;
    let username = tx.credentials_of(customer.account).await?.map(|(username, _)| username).unwrap_or_default();
    tx.commit().await?;
    let mut looks = Table::new(page, "privacy-looks-title", &["privacy-looks-when", "privacy-looks-who"]);
    for look in rows {
        let role = page.t(&format!("role-{}", look.role.key().replace('_', "-")));
        looks.push([Cell::of(page.moment(look.at)), Cell::of(role)]);
    }
    let field = proof.field(page).hint(page.t("security-present-hint"));
    Ok(View {
        kept: kept(page),
        is_owner: is_owner(customer).await?,
        has_looks: !looks.is_empty(),
        looks,
        username,
        has_mistakes: !field.error.is_empty(),
        confirm: vec![field],
        refused,
    })
}

pub(super) async fn is_owner(customer: &Customer) -> Result<bool, Error> {
    let tx = customer.db.read().await?;
    let own = tx.membership(customer.account, customer.id).await?;
    tx.commit().await?;
    Ok(own.is_some_and(|own| own.role == MemberRole::Owner && holds(own.until, customer.page.today())))
}

fn kept(page: &Page) -> Table {
    let mut table =
        Table::new(page, "privacy-kept-title", &["privacy-kept-what", "privacy-kept-why", "privacy-kept-long"]);
    let args = [("supplier", Arg::from(page.tenant().document.name.get(page.lang())))];
    for word in KEPT {
        let said = |part: &str| Cell::of(page.t_args(&format!("privacy-{word}-{part}"), &args));
        table.push([said("what"), said("why"), said("long")]);
    }
    table
}

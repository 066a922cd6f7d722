//! Contracts signed (*podpis smlouvy*): recorded by whoever signed them with the customer, with access offered, given, handed over or sent
//! afterwards, as the supplier has it. A dealer sees and serves their own only.
mod access;
mod record;
mod show;

use crate::data::{AccountRow, Signing, TenantTx};
use crate::domain::features::{Feature, Role};
use crate::domain::ids::SigningId;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use axum::response::Response;
use serde::Serialize;
use uuid::Uuid;

pub const FEATURES: &[Feature] = &[
    Feature::AccessOfferedAtContractSigning,
    Feature::AccessGivenAtContractSigning,
    Feature::AccessStaffRegistrationAtSigning,
    Feature::AccessDealerRegistration,
];

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::operator(FEATURES, "/operator/signings").get(list),
        Slice::operator(FEATURES, "/operator/signings/new").get(record::form).post(record::submit),
        Slice::operator(FEATURES, "/operator/signings/{id}").get(show::show).post(access::act),
    ]
}

#[derive(Serialize)]
struct View {
    rows: Vec<Row>,
    is_dealer: bool,
}

#[derive(Serialize)]
struct Row {
    id: String,
    contract: String,
    customer: String,
    signed: String,
    state: String,
    tone: &'static str,
}

const LISTED: u64 = 100;

async fn list(operator: Operator) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let own = is_limited(&operator).then_some(operator.id);
    let mut rows = Vec::new();
    for one in tx.signings(own, LISTED).await? {
        let person = tx.customer(one.customer).await?;
        let (state, tone) = state(page, &account(&tx, &one).await?);
        rows.push(Row {
            id: one.id.to_string(),
            contract: one.contract_number.clone(),
            customer: format!("{} ({})", person.name, person.number),
            signed: page.date(one.signed_on),
            state,
            tone,
        });
    }
    tx.commit().await?;
    page.show("operator/signings.html", &View { rows, is_dealer: is_limited(&operator) })
}

/// A dealer's world is what they signed.
fn is_limited(operator: &Operator) -> bool {
    operator.role == Role::Dealer
}

/// One's own, or for staff anybody's; another dealer's is not there.
async fn found(operator: &Operator, tx: &TenantTx, id: Uuid) -> Result<Signing, Error> {
    let signing = tx.signing(SigningId(id)).await?;
    if is_limited(operator) && signing.staff != operator.id {
        return Err(Error::NotFound);
    }
    Ok(signing)
}

/// The customer's log-in, whoever made it.
async fn account(tx: &TenantTx, signing: &Signing) -> Result<Option<AccountRow>, Error> {
    Ok(tx.accounts_of(signing.customer).await?.into_iter().find(AccountRow::is_theirs))
}

/// Invited until the owner has a password of their own, then active.
fn state(page: &Page, account: &Option<AccountRow>) -> (String, &'static str) {
    let (key, tone) = match account {
        None => ("signing-state-none", "plain"),
        Some(one) if one.must_change => ("signing-state-invited", "info"),
        Some(_) => ("signing-state-active", "ok"),
    };
    (page.t(key), tone)
}

//! Access as the supplier's people see it: letters to print and post, applications in the queue, and who tried with wrong data.
mod letters;
mod paper;
pub mod requests;
pub mod sheet;

use crate::data::{ApplicationState, FailedIdentification, LetterState};
use crate::domain::features::{Action, Feature};
use crate::domain::ids::CustomerId;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use axum::extract::Path;
use axum::response::Response;
use serde::Serialize;
use time::Duration;
use uuid::Uuid;

pub const FEATURES: &[Feature] = &[
    Feature::AccessSelfRegistration,
    Feature::AccessOnlineRequestForm,
    Feature::AccessInvoiceIdentification,
    Feature::AccessPasswordByRegisteredLetter,
    Feature::AccessAutoEmailedPassword,
    Feature::AccessExtraVerification,
];

pub fn slices() -> Vec<Slice> {
    let mut all = vec![
        // Names and addresses of whoever gets a letter: for those who decide, not for all who look.
        Slice::operator(FEATURES, "/operator/access").reads(Action::Approve).get(show),
        Slice::operator(FEATURES, "/operator/access/attempts/{id}").writes(Action::Change).post(unlock),
    ];
    all.extend(letters::slices());
    all.extend(requests::slices());
    all
}

#[derive(Serialize)]
struct View {
    has_letters: bool,
    /// May print, post and unlock; others look.
    may_change: bool,
    waiting: Vec<letters::Shown>,
    printed: Vec<letters::Shown>,
    posted: Vec<letters::Shown>,
    counts: Vec<Count>,
    attempts: Vec<Attempt>,
    today: String,
}

#[derive(Serialize)]
struct Count {
    label: String,
    count: i64,
}

#[derive(Serialize)]
struct Attempt {
    id: String,
    customer: String,
    tries: String,
    last: String,
    /// Until when it is locked; empty when it is not.
    locked: String,
}

const LISTED: u64 = 50;
/// Days that the counts look back.
const DAYS: i64 = 30;

async fn show(operator: Operator) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let waiting = tx.access_letters(LetterState::Waiting, LISTED).await?;
    let printed = tx.access_letters(LetterState::Printed, LISTED).await?;
    let mut posted = tx.access_letters(LetterState::Posted, LISTED).await?;
    posted.reverse();
    let counts = tx.count_applications(page.now() - Duration::days(DAYS)).await?;
    let attempts = tx.failed_identifications(LISTED).await?;
    tx.commit().await?;
    let shown = |all: Vec<_>| all.iter().map(|one| letters::shown(page, one)).collect::<Vec<_>>();
    let goes_by_letter =
        page.tenant().has(Feature::AccessPasswordByRegisteredLetter) || page.tenant().document.assurance.wants_letter();
    let view = View {
        has_letters: goes_by_letter || !waiting.is_empty() || !printed.is_empty(),
        may_change: page.has_any(FEATURES, Action::Change),
        waiting: shown(waiting),
        printed: shown(printed),
        posted: shown(posted),
        counts: counts.iter().map(|(state, count)| counted(page, *state, *count)).collect(),
        attempts: attempts.iter().map(|one| attempt(page, one)).collect(),
        today: page.today().to_string(),
    };
    page.show("operator/access.html", &view)
}

fn counted(page: &Page, state: ApplicationState, count: i64) -> Count {
    Count { label: page.t(&format!("access-state-{}", state.key())), count }
}

fn attempt(page: &Page, one: &FailedIdentification) -> Attempt {
    let locked = one.locked_until.filter(|until| *until > page.now());
    Attempt {
        id: one.customer.to_string(),
        customer: format!("{} ({})", one.name, one.number),
        tries: page.t_args("access-tries", &[("count", Arg::from(i64::from(one.tries)))]),
        last: page.moment(one.last_at),
        locked: locked.map(|until| page.moment(until)).unwrap_or_default(),
    }
}

/// Whoever called and is the customer may try again at once.
async fn unlock(operator: Operator, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let page = &operator.page;
    let customer = CustomerId(id);
    let tx = operator.db.begin().await?;
    if tx.forget_failed_identifications(customer).await? {
        let line = requests::line(&operator, &format!("customer:{customer}"), "unlock_identification");
        tx.write_audit(&line).await?;
        tx.commit().await?;
    }
    Ok(page.go("/operator/access"))
}

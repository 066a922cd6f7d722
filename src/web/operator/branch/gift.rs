//! The gift of the campaign: one a customer, handed over at a branch and counted there.
use super::{found, line};
use crate::domain::customers::Customer;
use crate::domain::features::Feature;
use crate::tenancy::Lang;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::typed::Typed;
use axum::extract::Path;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;
use time::Time;

/// What to hand over, or that it was.
#[derive(Serialize)]
pub struct Shown {
    what: String,
    is_given: bool,
    branch: String,
}

#[derive(Serialize)]
pub struct Report {
    from: String,
    to: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    branch: String,
    count: i64,
}

fn what(page: &Page, what: &(String, String)) -> String {
    if page.lang() == Lang::Cs { what.0.clone() } else { what.1.clone() }
}

/// None where no campaign runs or the feature is off.
pub async fn shown(operator: &Operator, person: &Customer, branch: &str) -> Result<Option<Shown>, Error> {
    let page = &operator.page;
    let Some(campaign) = &page.tenant().document.gift else { return Ok(None) };
    if !page.tenant().has(Feature::AccessBranchGift) || !campaign.runs_on(page.today()) {
        return Ok(None);
    }
    let tx = operator.db.read().await?;
    let is_given = tx.has_gift(person.id).await?;
    tx.commit().await?;
    Ok(Some(Shown { what: what(page, &campaign.what), is_given, branch: branch.to_owned() }))
}

/// How many at which branch in the campaign.
pub async fn report(operator: &Operator) -> Result<Option<Report>, Error> {
    let page = &operator.page;
    let Some(campaign) = &page.tenant().document.gift else { return Ok(None) };
    if !page.tenant().has(Feature::AccessBranchGift) {
        return Ok(None);
    }
    let tx = operator.db.read().await?;
    let counts = tx.gifts_by_branch(page.instant(campaign.from, Time::MIDNIGHT)).await?;
    tx.commit().await?;
    let rows = counts.into_iter().map(|(branch, count)| Row { branch, count }).collect();
    Ok(Some(Report { from: page.date(campaign.from), to: page.date(campaign.to), rows }))
}

/// Once a customer; a second press changes nothing.
pub async fn give(operator: Operator, Path(number): Path<String>, typed: Typed) -> Result<Response, Error> {
    let page = &operator.page;
    let (person, _) = found(&operator, &number).await?;
    let branches = &page.tenant().document.access.branches;
    let branch = branches.iter().find(|one| *one == typed.get("branch")).cloned().unwrap_or_default();
    let is_on = page.tenant().document.gift.as_ref().is_some_and(|campaign| campaign.runs_on(page.today()));
    let tx = operator.db.begin().await?;
    if is_on && tx.give_gift(person.id, operator.id, &branch, page.now()).await? {
        let mut entry = line(&operator, &person, "give_gift", json!({ "branch": branch }));
        entry.feature = Some(Feature::AccessBranchGift);
        tx.write_audit(&entry).await?;
        tx.commit().await?;
    }
    Ok(page.go(&format!("/operator/branch/{}", person.number)))
}

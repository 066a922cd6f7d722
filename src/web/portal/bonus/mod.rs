//! The bonus programme (*bonus*): how many points there are, what earns them, what they buy, every change; joining and leaving.
mod leave;
mod offer;

use super::id::Id;
use crate::data::{AuditEntry, BonusCode, BonusOffer};
use crate::domain::bonus::{OfferState, Purse, Reason, Refusal};
use crate::domain::features::Feature;
use crate::domain::ids::BonusCodeId;
use crate::tenancy::Arg;
use crate::web::kit::bonus;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::table::Table;
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const FEATURE: Feature = Feature::BonusProgramme;
/// Changes on a page.
const ENTRIES: usize = 20;
/// Codes listed, the newest.
const CODES: u64 = 50;

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(&[FEATURE], "/bonus").get(show),
        Slice::customer(&[FEATURE], "/bonus/join").post(leave::join),
        Slice::customer(&[FEATURE], "/bonus/leave").get(leave::ask).post(leave::leave),
        Slice::customer(&[FEATURE], "/bonus/offers/{id}").get(offer::look).post(offer::redeem),
        Slice::customer(&[FEATURE], "/bonus/codes/{id}").get(code),
    ]
}

#[derive(Serialize)]
struct View {
    name: String,
    done: String,
    is_member: bool,
    /// A member because everybody is: it is said.
    is_automatic: bool,
    balance: String,
    /// In words, for who hears the page.
    points: String,
    expiry: String,
    earns: Vec<Earns>,
    months: String,
    offers: Vec<Card>,
    codes: Vec<Code>,
    has_changes: bool,
    changes: Table,
    place: String,
    newer: String,
    older: String,
}

#[derive(Serialize)]
struct Earns {
    what: String,
    points: String,
}

/// An offer as the list shows it.
#[derive(Serialize)]
struct Card {
    title: String,
    partner: String,
    description: String,
    price: String,
    until: String,
    left: String,
    href: String,
    /// Why it cannot be had now, or how many points are missing; empty when it can.
    why_not: String,
}

#[derive(Serialize)]
struct Code {
    title: String,
    partner: String,
    code: String,
    taken: String,
    href: String,
    is_returned: bool,
}

#[derive(Deserialize)]
struct Arrived {
    done: Option<String>,
    before: Option<String>,
}

async fn show(customer: Customer, Query(arrived): Query<Arrived>) -> Result<Response, Error> {
    let page = &customer.page;
    let today = page.today();
    // A number that is none shows the newest.
    let before = arrived.before.as_deref().and_then(|text| text.parse().ok()).filter(|seq| *seq > 0);
    let tx = customer.db.read().await?;
    let row = tx.bonus_member(customer.id).await?;
    let purse = tx.bonus_purse(customer.id).await?;
    let offers = tx.bonus_offers().await?;
    let codes = tx.bonus_codes_of(customer.id, CODES).await?;
    let mut entries = tx.bonus_entries_of(customer.id, before.unwrap_or(i32::MAX), ENTRIES as u64 + 1).await?;
    tx.commit().await?;
    let is_cut = entries.len() > ENTRIES;
    entries.truncate(ENTRIES);
    let is_member = bonus::is_member(page, row.as_ref());
    let balance = if is_member { purse.balance(today) } else { 0 };
    let path = |rest: &str| format!("{}/bonus{rest}", page.base());
    let older = entries.last().filter(|_| is_cut).map(|last| path(&format!("?before={}#changes", last.seq)));
    let changes = bonus::ledger(page, &entries, &offers);
    let on_sale = |one: &&BonusOffer| {
        let sale = one.sale();
        sale.state == OfferState::Published && sale.valid_until >= today
    };
    let view = View {
        name: bonus::name(page),
        done: match arrived.done.as_deref() {
            Some("joined") if is_member => page.t("bonus-joined"),
            Some("left") if !is_member => page.t("bonus-left"),
            _ => String::new(),
        },
        is_member,
        is_automatic: page.tenant().has(Feature::BonusAutoEnrolment),
        balance: page.whole(balance),
        points: bonus::points(page, balance),
        expiry: if is_member { expiry(page, &purse) } else { String::new() },
        earns: earns(page),
        months: months(page),
        offers: offers.iter().filter(on_sale).map(|one| card(page, one, balance, is_member)).collect(),
        codes: codes.iter().filter_map(|one| shown(page, one, &offers)).collect(),
        has_changes: !changes.is_empty(),
        changes,
        place: page.t(if before.is_some() { "bonus-place-older" } else { "bonus-place-newest" }),
        newer: before.map(|_| path("#changes")).unwrap_or_default(),
        older: older.unwrap_or_default(),
    };
    page.show("portal/bonus.html", &view)
}

/// The next points that go, and when.
fn expiry(page: &Page, purse: &Purse) -> String {
    let Some((day, count)) = purse.next_expiry(page.today()) else { return String::new() };
    let args = [("points", Arg::from(bonus::points(page, count))), ("day", Arg::from(page.date(day)))];
    page.t_args("bonus-expiry", &args)
}

fn earns(page: &Page) -> Vec<Earns> {
    let tenant = page.tenant();
    // What the portal cannot do cannot earn.
    let is_there = |reason: Reason| reason != Reason::SelfReading || tenant.has(Feature::ReadingSelfReport);
    [Reason::SelfReading, Reason::EInvoice, Reason::PaymentOnTime]
        .into_iter()
        .map(|reason| (reason, tenant.document.bonus.terms.points_for(reason)))
        .filter(|(reason, given)| *given > 0 && is_there(*reason))
        .map(|(reason, given)| Earns {
            what: page.t(&format!("bonus-earns-{}", reason.key().replace('_', "-"))),
            points: bonus::points(page, given),
        })
        .collect()
}

fn months(page: &Page) -> String {
    page.t_args("bonus-months", &[("count", Arg::from(page.tenant().document.bonus.terms.expires_after_months))])
}

fn card(page: &Page, one: &BonusOffer, balance: i64, is_member: bool) -> Card {
    let refusal = one.sale().refusal(balance, page.today());
    let why_not = match refusal {
        Some(Refusal::Short(balance)) if is_member => {
            page.t_args("bonus-missing", &[("points", Arg::from(bonus::points(page, one.price - balance)))])
        }
        None | Some(Refusal::Short(_)) => String::new(),
        Some(other) => why(page, other),
    };
    Card {
        title: bonus::words(page, &one.title).to_owned(),
        partner: one.partner.clone(),
        description: bonus::words(page, &one.description).to_owned(),
        price: bonus::points(page, one.price),
        until: page.t_args("bonus-until", &[("day", Arg::from(page.date(one.valid_until)))]),
        left: page.t_args("bonus-left-count", &[("count", Arg::from(i64::from(one.left())))]),
        href: format!("{}/bonus/offers/{}", page.base(), one.id),
        why_not,
    }
}

/// Why an offer cannot be had, in a sentence.
fn why(page: &Page, refusal: Refusal) -> String {
    match refusal {
        Refusal::Withdrawn => page.t("bonus-withdrawn"),
        Refusal::NotYet(day) => page.t_args("bonus-not-yet", &[("day", Arg::from(page.date(day)))]),
        Refusal::Over(day) => page.t_args("bonus-over", &[("day", Arg::from(page.date(day)))]),
        Refusal::NoneLeft => page.t("bonus-none-left"),
        Refusal::Short(balance) => page.t_args("bonus-short", &[("points", Arg::from(bonus::points(page, balance)))]),
    }
}

fn shown(page: &Page, one: &BonusCode, offers: &[BonusOffer]) -> Option<Code> {
    let offer = offers.iter().find(|offer| offer.id == one.offer)?;
    Some(Code {
        title: bonus::words(page, &offer.title).to_owned(),
        partner: offer.partner.clone(),
        code: one.code.clone(),
        taken: page.moment(one.taken_at),
        href: format!("{}/bonus/codes/{}", page.base(), one.id),
        is_returned: one.returned_at.is_some(),
    })
}

#[derive(Serialize)]
struct CodeView {
    code: Code,
    is_new: bool,
    until: String,
    conditions: Vec<String>,
    price: String,
}

#[derive(Deserialize)]
struct Shown {
    new: Option<String>,
}

async fn code(customer: Customer, Id(id): Id, Query(shown_as): Query<Shown>) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let code = tx.bonus_code_of(customer.id, BonusCodeId(id)).await?;
    let offer = tx.bonus_offer(code.offer).await?;
    tx.commit().await?;
    let view = CodeView {
        until: page.t_args("bonus-until", &[("day", Arg::from(page.date(offer.valid_until)))]),
        conditions: lines(bonus::words(page, &offer.conditions)),
        price: bonus::points(page, code.price),
        is_new: shown_as.new.is_some() && code.returned_at.is_none(),
        code: shown(page, &code, std::slice::from_ref(&offer)).ok_or(Error::NotFound)?,
    };
    page.show("portal/bonus_code.html", &view)
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// A line of the audit about what the customer did.
fn line(customer: &Customer, action: &str, object: String, after: Value) -> AuditEntry {
    AuditEntry {
        actor_kind: "customer".into(),
        actor: customer.account.to_string(),
        role: customer.page.role().key().into(),
        feature: Some(FEATURE),
        action: action.into(),
        object,
        before: json!(null),
        after,
        request_id: customer.page.request_id().into(),
    }
}

//! Offers for points at the desk: what there is and how much of it was taken, one offer as customers see it, published and withdrawn.
mod codes;
mod form;

use crate::data::{AuditEntry, BonusOffer};
use crate::domain::bonus::{CodeSource, OfferState};
use crate::domain::features::{Action, Feature};
use crate::domain::ids::BonusOfferId;
use crate::tenancy::Arg;
use crate::web::kit::bonus;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::table::{Cell, Table};
use crate::web::kit::typed::Typed;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

pub const FEATURE: Feature = Feature::BonusProgramme;
const CHANGES: Action = Action::Change;

pub fn slices() -> Vec<Slice> {
    let slice = |path| Slice::operator(&[FEATURE], path).writes(CHANGES);
    vec![
        slice("/operator/bonus").get(list),
        slice("/operator/bonus/new").reads(CHANGES).get(form::blank).post(form::add),
        slice("/operator/bonus/{id}").get(show),
        slice("/operator/bonus/{id}/edit").reads(CHANGES).get(form::edit).post(form::change),
        slice("/operator/bonus/{id}/codes").post(codes::add),
        slice("/operator/bonus/{id}/state").post(turn),
    ]
}

#[derive(Serialize)]
struct List {
    has_offers: bool,
    offers: Table,
    may_change: bool,
}

/// An offer as customers see it, and what may be done with it.
#[derive(Serialize)]
struct View {
    id: String,
    version: i32,
    state: String,
    tone: &'static str,
    is_draft: bool,
    is_published: bool,
    may_change: bool,
    seen: Seen,
    taken: String,
    done: String,
    conflict: String,
    /// Where the partner's codes are uploaded; none where they are not.
    codes: Vec<Field>,
    mistakes: Vec<String>,
}

/// What customers see, in both languages.
#[derive(Serialize)]
struct Seen {
    partner: String,
    price: String,
    valid: String,
    source: String,
    cs: Words,
    en: Words,
}

#[derive(Serialize)]
struct Words {
    title: String,
    description: Vec<String>,
    conditions: Vec<String>,
}

#[derive(Deserialize)]
struct Arrived {
    done: Option<String>,
}

fn id_of(text: &str) -> Result<BonusOfferId, Error> {
    Uuid::try_parse(text).map(BonusOfferId).map_err(|_| Error::NotFound)
}

fn tone(state: OfferState) -> &'static str {
    match state {
        OfferState::Draft => "info",
        OfferState::Published => "ok",
        OfferState::Withdrawn => "plain",
    }
}

fn state_words(page: &Page, state: OfferState) -> String {
    page.t(&format!("desk-bonus-state-{}", state.key()))
}

fn taken(page: &Page, one: &BonusOffer) -> String {
    let args = [("taken", Arg::from(i64::from(one.taken))), ("stock", Arg::from(i64::from(one.stock)))];
    page.t_args("desk-bonus-taken", &args)
}

async fn list(operator: Operator) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let offers = tx.bonus_offers().await?;
    tx.commit().await?;
    let columns = [
        "desk-bonus-column-offer",
        "#desk-bonus-column-price",
        "desk-bonus-column-valid",
        "#desk-bonus-column-taken",
        "desk-bonus-column-state",
    ];
    let mut table = Table::new(page, "desk-bonus-title", &columns);
    for one in &offers {
        let href = format!("{}/operator/bonus/{}", page.base(), one.id);
        table.push([
            Cell::link(bonus::words(page, &one.title), href).note(one.partner.as_str()),
            Cell::of(page.whole(one.price)),
            Cell::of(page.period(one.valid_from, one.valid_until)),
            Cell::of(taken(page, one)),
            Cell::tag(state_words(page, one.state), tone(one.state)),
        ]);
    }
    let may_change = page.has_any(&[FEATURE], CHANGES);
    page.show("operator/bonus.html", &List { has_offers: !table.is_empty(), offers: table, may_change })
}

fn seen(page: &Page, one: &BonusOffer) -> Seen {
    let lines = |text: &str| text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let words = |title: &str, description: &str, conditions: &str| Words {
        title: title.to_owned(),
        description: lines(description),
        conditions: lines(conditions),
    };
    Seen {
        partner: one.partner.clone(),
        price: bonus::points(page, one.price),
        valid: page.period(one.valid_from, one.valid_until),
        source: page.t(match one.source {
            CodeSource::List => "desk-bonus-source-list",
            CodeSource::Made => "desk-bonus-source-made",
        }),
        cs: words(&one.title.0, &one.description.0, &one.conditions.0),
        en: words(&one.title.1, &one.description.1, &one.conditions.1),
    }
}

fn view(page: &Page, one: &BonusOffer) -> View {
    let may_change = page.has_any(&[FEATURE], CHANGES);
    let takes_codes = may_change && one.source == CodeSource::List && one.state != OfferState::Withdrawn;
    View {
        id: one.id.to_string(),
        version: one.version,
        state: state_words(page, one.state),
        tone: tone(one.state),
        is_draft: one.state == OfferState::Draft,
        is_published: one.state == OfferState::Published,
        may_change,
        seen: seen(page, one),
        taken: taken(page, one),
        done: String::new(),
        conflict: String::new(),
        codes: if takes_codes { codes::fields(page, "") } else { Vec::new() },
        mistakes: Vec::new(),
    }
}

async fn show(operator: Operator, Path(id): Path<String>, Query(arrived): Query<Arrived>) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let offer = tx.bonus_offer(id_of(&id)?).await?;
    tx.commit().await?;
    let done = match arrived.done.as_deref() {
        Some("saved") => page.t("desk-bonus-done-saved"),
        Some("published") => page.t("desk-bonus-done-published"),
        Some("withdrawn") => page.t("desk-bonus-done-withdrawn"),
        Some("codes") => page.t("desk-bonus-done-codes"),
        _ => String::new(),
    };
    page.show("operator/bonus_offer.html", &View { done, ..view(page, &offer) })
}

/// The offer as it is now, and why nothing was done.
fn refused(page: &Page, offer: &BonusOffer, status: StatusCode, why: &str) -> Result<Response, Error> {
    page.show_as(status, "operator/bonus_offer.html", &View { conflict: page.t(why), ..view(page, offer) })
}

/// Published, withdrawn, published again.
async fn turn(operator: Operator, Path(id): Path<String>, typed: Typed) -> Result<Response, Error> {
    let page = &operator.page;
    let to = match typed.get("turn") {
        "publish" => OfferState::Published,
        "withdraw" => OfferState::Withdrawn,
        _ => return Err(Error::NotFound),
    };
    let tx = operator.db.begin().await?;
    let offer = tx.bonus_offer(id_of(&id)?).await?;
    let is_seen = typed.get("version").parse() == Ok(offer.version);
    let can_turn = match to {
        OfferState::Published => offer.state != OfferState::Published,
        _ => offer.state == OfferState::Published,
    };
    if !is_seen || !can_turn {
        drop(tx);
        return refused(page, &offer, StatusCode::CONFLICT, "desk-bonus-conflict");
    }
    let why_not = match to {
        OfferState::Published if offer.stock == 0 => Some("desk-bonus-publish-none"),
        OfferState::Published if offer.valid_until < page.today() => Some("desk-bonus-until-wrong"),
        _ => None,
    };
    if let Some(why) = why_not {
        drop(tx);
        return refused(page, &offer, StatusCode::UNPROCESSABLE_ENTITY, why);
    }
    if !tx.turn_bonus_offer(offer.id, offer.version, to, page.now()).await? {
        drop(tx);
        return refused(page, &offer, StatusCode::CONFLICT, "desk-bonus-conflict");
    }
    let (before, after) = (json!({ "state": offer.state.key() }), json!({ "state": to.key() }));
    let action = if to == OfferState::Published { "publish_bonus_offer" } else { "withdraw_bonus_offer" };
    tx.write_audit(&line(&operator, action, &offer, before, after)).await?;
    tx.commit().await?;
    Ok(page.go(&format!("/operator/bonus/{}?done={}", offer.id, to.key())))
}

fn line(operator: &Operator, action: &str, offer: &BonusOffer, before: Value, after: Value) -> AuditEntry {
    AuditEntry {
        actor_kind: "staff".into(),
        actor: operator.id.to_string(),
        role: operator.role.key().into(),
        feature: Some(FEATURE),
        action: action.into(),
        object: format!("bonus_offer:{}", offer.id),
        before,
        after,
        request_id: operator.page.request_id().into(),
    }
}

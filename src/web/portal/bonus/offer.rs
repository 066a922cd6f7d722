//! An offer looked over and had for points: one form, one code. Points and code go in one transaction, or neither does.
use super::super::id::Id;
use super::{bonus, line, lines, why};
use crate::backends::keys;
use crate::data::{BonusCode, BonusOffer, Debit, NewMessage, TenantTx};
use crate::domain::bonus::{Kind, OfferState, Reason, Refusal, made_code};
use crate::domain::ids::{BonusOfferId, MessageId};
use crate::domain::notices::Channel;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::requests;
use crate::web::kit::typed::Typed;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;

#[derive(Serialize)]
struct View {
    id: String,
    title: String,
    partner: String,
    description: Vec<String>,
    conditions: Vec<String>,
    price: String,
    until: String,
    left: String,
    balance: String,
    /// What remains afterwards; empty when it cannot be had.
    remains: String,
    /// Why it cannot be had; empty when it can.
    why_not: String,
    kept: Vec<Field>,
}

/// What stands in the way of having it.
enum Bar {
    NotMember,
    /// It costs something else than the page said.
    OtherPrice,
    Refused(Refusal),
}

fn view(customer: &Customer, offer: &BonusOffer, balance: i64, bar: Option<&Bar>, key: String) -> View {
    let page = &customer.page;
    let why_not = match bar {
        None => String::new(),
        Some(Bar::NotMember) => page.t("bonus-not-member"),
        Some(Bar::OtherPrice) => page.t("bonus-other-price"),
        Some(Bar::Refused(refusal)) => why(page, *refusal),
    };
    let can_be_had = matches!(bar, None | Some(Bar::OtherPrice));
    View {
        id: offer.id.to_string(),
        title: bonus::words(page, &offer.title).to_owned(),
        partner: offer.partner.clone(),
        description: lines(bonus::words(page, &offer.description)),
        conditions: lines(bonus::words(page, &offer.conditions)),
        price: bonus::points(page, offer.price),
        until: page.t_args("bonus-until", &[("day", Arg::from(page.date(offer.valid_until)))]),
        left: page.t_args("bonus-left-count", &[("count", Arg::from(i64::from(offer.left().max(0))))]),
        balance: bonus::points(page, balance),
        remains: if can_be_had { bonus::points(page, balance - offer.price) } else { String::new() },
        why_not,
        kept: match can_be_had {
            true => vec![Field::hidden("key", key), Field::hidden("price", offer.price.to_string())],
            false => Vec::new(),
        },
    }
}

/// The offer, the points there are, and what stands in the way. What is still being written is not there.
async fn ground(customer: &Customer, tx: &TenantTx, id: BonusOfferId) -> Result<(BonusOffer, i64, Option<Bar>), Error> {
    let page = &customer.page;
    let offer = tx.bonus_offer(id).await?;
    if offer.state == OfferState::Draft {
        return Err(Error::NotFound);
    }
    let row = tx.bonus_member(customer.id).await?;
    let is_member = bonus::is_member(page, row.as_ref());
    let balance = if is_member { tx.bonus_purse(customer.id).await?.balance(page.today()) } else { 0 };
    let bar = match offer.sale().refusal(balance, page.today()) {
        _ if !is_member => Some(Bar::NotMember),
        refusal => refusal.map(Bar::Refused),
    };
    Ok((offer, balance, bar))
}

pub async fn look(customer: Customer, Id(id): Id) -> Result<Response, Error> {
    let tx = customer.db.read().await?;
    let (offer, balance, bar) = ground(&customer, &tx, BonusOfferId(id)).await?;
    tx.commit().await?;
    let view = view(&customer, &offer, balance, bar.as_ref(), requests::new_key());
    customer.page.show("portal/bonus_offer.html", &view)
}

pub async fn redeem(customer: Customer, Id(id): Id, typed: Typed) -> Result<Response, Error> {
    let (page, key) = (&customer.page, typed.key());
    let tx = customer.db.begin().await?;
    // From here on nobody else spends this customer's points.
    tx.hold_bonus(customer.id, page.now()).await?;
    if let Some(before) = tx.bonus_code_of_form(customer.id, &key).await? {
        return Ok(page.go(&format!("/bonus/codes/{}?new=yes", before.id)));
    }
    let (offer, balance, bar) = ground(&customer, &tx, BonusOfferId(id)).await?;
    let bar = match bar {
        None if typed.get("price") != offer.price.to_string() => Some(Bar::OtherPrice),
        other => other,
    };
    if let Some(bar) = bar {
        drop(tx);
        return refused(&customer, &offer, balance, bar);
    }
    let Some(code) = take(&customer, &tx, &offer, &key).await? else {
        drop(tx);
        return refused(&customer, &offer, balance, Bar::Refused(Refusal::NoneLeft));
    };
    notify(&customer, &tx, &offer, &code).await?;
    let after = json!({ "offer": offer.id.to_string(), "points": offer.price });
    tx.write_audit(&line(&customer, "redeem_bonus", format!("bonus_code:{}", code.id), after)).await?;
    tx.commit().await?;
    Ok(page.go(&format!("/bonus/codes/{}?new=yes", code.id)))
}

/// The code and its price; none when somebody was faster.
async fn take(customer: &Customer, tx: &TenantTx, offer: &BonusOffer, key: &str) -> Result<Option<BonusCode>, Error> {
    let page = &customer.page;
    let made = made_code(keys::random());
    let (today, now) = (page.today(), page.now());
    let Some(code) = tx.take_bonus_code(offer, customer.id, key, made, today, now).await? else { return Ok(None) };
    let debit = Debit {
        kind: Kind::Redeemed,
        reason: Reason::Offer,
        points: offer.price,
        cause: format!("code:{}", code.id),
        words: String::new(),
        offer: Some(offer.id),
        staff: None,
    };
    let is_paid = tx.debit_bonus(customer.id, &debit, today, now).await?.is_ok();
    Ok(is_paid.then_some(code))
}

/// As it is now: 409 where it was another when the page was opened.
fn refused(customer: &Customer, offer: &BonusOffer, balance: i64, bar: Bar) -> Result<Response, Error> {
    let status = match bar {
        Bar::NotMember => StatusCode::UNPROCESSABLE_ENTITY,
        Bar::OtherPrice | Bar::Refused(_) => StatusCode::CONFLICT,
    };
    let view = view(customer, offer, balance, Some(&bar), requests::new_key());
    customer.page.show_as(status, "portal/bonus_offer.html", &view)
}

/// The code by mail, where the customer has an address; what is kept of the mail leaves it out.
async fn notify(customer: &Customer, tx: &TenantTx, offer: &BonusOffer, code: &BonusCode) -> Result<(), Error> {
    let page = &customer.page;
    let Some(recipient) = tx.customer(customer.id).await?.email else { return Ok(()) };
    let message = NewMessage {
        id: MessageId::new(),
        channel: Channel::Mail,
        customer: Some(customer.id),
        kind: "bonus_code".into(),
        recipient,
        language: page.lang().key().to_owned(),
        payload: json!({
            "path": format!("/bonus/codes/{}", code.id),
            "title": bonus::words(page, &offer.title),
            "partner": offer.partner,
            "until": page.date(offer.valid_until),
            "secret": code.code,
        }),
        dedupe_key: format!("bonus_code:{}", code.id),
    };
    Ok(tx.enqueue(&[message]).await?)
}

//! A customer's points at the desk: every change, their codes, a correction with its reason, points given back for a code. Opening it is a
//! look at the customer like the card's.
use super::card::{Fact, Item, Section};
use super::named;
use crate::data::{AuditEntry, Credit, Debit, Look, TenantTx};
use crate::domain::bonus::{Kind, MOST_POINTS, Reason};
use crate::domain::customers::Customer as Person;
use crate::domain::features::{Action, Feature};
use crate::domain::ids::BonusCodeId;
use crate::domain::typed;
use crate::tenancy::Arg;
use crate::web::kit::bonus;
use crate::web::kit::error::Error;
use crate::web::kit::form::{Choice, Field};
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::requests::new_key;
use crate::web::kit::table::Table;
use crate::web::kit::typed::Typed;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

pub const FEATURE: Feature = Feature::BonusProgramme;
const CHANGES: u64 = 200;
const CODES: u64 = 100;
/// Letters of a reason.
const LONGEST: usize = 200;

#[derive(Serialize)]
struct View {
    name: String,
    number: String,
    done: String,
    conflict: String,
    balance: String,
    standing: String,
    has_changes: bool,
    changes: Table,
    codes: Vec<Code>,
    /// None for who may only read.
    fields: Vec<Field>,
    has_mistakes: bool,
}

#[derive(Serialize)]
struct Code {
    id: String,
    title: String,
    code: String,
    taken: String,
    price: String,
    is_returned: bool,
}

#[derive(Deserialize)]
pub struct Arrived {
    done: Option<String>,
}

/// On the card: how many points there are, and the way here.
pub async fn section(page: &Page, tx: &TenantTx, person: &Person) -> Result<Section, Error> {
    let row = tx.bonus_member(person.id).await?;
    let is_member = bonus::is_member(page, row.as_ref());
    let balance = tx.bonus_purse(person.id).await?.balance(page.today());
    let facts = vec![
        Fact::new(page, "customer-bonus-standing", standing(page, is_member)),
        Fact::new(page, "customer-bonus-balance", bonus::points(page, balance)),
    ];
    let item = Item {
        title: page.t("customer-bonus-open"),
        href: format!("/operator/customers/{}/bonus", person.number),
        facts,
        ..Item::default()
    };
    Ok(Section { id: "bonus", title: page.t("customer-bonus"), note: String::new(), items: vec![item] })
}

fn standing(page: &Page, is_member: bool) -> String {
    page.t(if is_member { "customer-bonus-member" } else { "customer-bonus-no-member" })
}

async fn view(page: &Page, tx: &TenantTx, person: &Person, fields: Vec<Field>) -> Result<View, Error> {
    let row = tx.bonus_member(person.id).await?;
    let balance = tx.bonus_purse(person.id).await?.balance(page.today());
    let entries = tx.bonus_entries_of(person.id, i32::MAX, CHANGES).await?;
    let offers = tx.bonus_offers().await?;
    let codes = tx.bonus_codes_of(person.id, CODES).await?;
    let changes = bonus::ledger(page, &entries, &offers);
    let title =
        |id| offers.iter().find(|offer| offer.id == id).map(|offer| bonus::words(page, &offer.title).to_owned());
    let code = |one: &crate::data::BonusCode| Code {
        id: one.id.to_string(),
        title: title(one.offer).unwrap_or_default(),
        code: one.code.clone(),
        taken: page.moment(one.taken_at),
        price: bonus::points(page, one.price),
        is_returned: one.returned_at.is_some(),
    };
    Ok(View {
        name: person.name.clone(),
        number: person.number.clone(),
        done: String::new(),
        conflict: String::new(),
        balance: bonus::points(page, balance),
        standing: standing(page, bonus::is_member(page, row.as_ref())),
        has_changes: !changes.is_empty(),
        changes,
        codes: codes.iter().map(code).collect(),
        has_mistakes: fields.iter().any(|field| !field.error.is_empty()),
        fields,
    })
}

pub async fn show(
    operator: Operator,
    Path(number): Path<String>,
    Query(arrived): Query<Arrived>,
) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let person = named(&operator, &tx, &number).await?;
    let mut typed = Typed::default();
    typed.put("key", new_key());
    let fields = match page.has_any(&[FEATURE], Action::Change) {
        true => fields(page, &typed, &Wrong::default()),
        false => Vec::new(),
    };
    let view = view(page, &tx, &person, fields).await?;
    let look = Look { staff: operator.id, role: operator.role, at: page.now() };
    let has_looked = tx.has_looked(person.id, &look).await?;
    tx.commit().await?;
    if !has_looked {
        let tx = operator.db.begin().await?;
        tx.add_look(person.id, &look).await?;
        tx.commit().await?;
    }
    let done = match arrived.done.as_deref() {
        Some("corrected") => page.t("customer-bonus-done-corrected"),
        Some("returned") => page.t("customer-bonus-done-returned"),
        _ => String::new(),
    };
    page.show("operator/customer_bonus.html", &View { done, ..view })
}

#[derive(Default)]
struct Wrong {
    direction: String,
    count: String,
    reason: String,
}

fn fields(page: &Page, typed: &Typed, wrong: &Wrong) -> Vec<Field> {
    let choice = |key: &str, label: &str| Choice::new(key, page.t(label), typed.get("direction") == key);
    let options = vec![choice("add", "customer-bonus-add"), choice("take", "customer-bonus-take")];
    vec![
        Field::radio("direction", page.t("customer-bonus-direction"), options).wrong(wrong.direction.as_str()),
        Field::digits("count", page.t("customer-bonus-count"))
            .max(9)
            .required()
            .typed(typed.get("count"))
            .wrong(wrong.count.as_str()),
        Field::text("reason", page.t("customer-bonus-reason"))
            .hint(page.t("customer-bonus-reason-hint"))
            .max(LONGEST)
            .required()
            .typed(typed.get("reason"))
            .wrong(wrong.reason.as_str()),
        Field::hidden("key", typed.key()),
    ]
}

pub async fn correct(operator: Operator, Path(number): Path<String>, typed: Typed) -> Result<Response, Error> {
    let (page, key) = (&operator.page, typed.key());
    let tx = operator.db.begin().await?;
    let person = named(&operator, &tx, &number).await?;
    let count = typed::whole_number(typed.get("count")).ok().filter(|count| (1..=MOST_POINTS).contains(count));
    let reason = match typed::text(typed.get("reason"), LONGEST) {
        Ok(reason) if reason.is_empty() => Err(page.t("mistake-missing")),
        other => other.map_err(|error| page.text_mistake(error)),
    };
    let is_known = ["add", "take"].contains(&typed.get("direction"));
    let mut wrong = Wrong {
        direction: if is_known { String::new() } else { page.t("customer-bonus-direction-missing") },
        count: match count {
            Some(_) => String::new(),
            None => page.t_args("customer-bonus-count-wrong", &[("most", Arg::from(page.whole(MOST_POINTS)))]),
        },
        reason: reason.clone().err().unwrap_or_default(),
    };
    let goal = format!("/operator/customers/{number}/bonus?done=corrected");
    let cause = format!("desk:{key}");
    if let (Some(count), Ok(reason), true) = (count, reason, is_known) {
        tx.hold_bonus(person.id, page.now()).await?;
        // The same form sent twice is one correction.
        if tx.has_bonus_cause(person.id, &cause).await? {
            return Ok(page.go(&goal));
        }
        let refusal = match typed.get("direction") {
            "add" => add(&operator, &tx, &person, count, cause, &reason).await?,
            _ => take(&operator, &tx, &person, count, cause, &reason).await?,
        };
        let Some(refusal) = refusal else {
            let points = if typed.get("direction") == "add" { count } else { -count };
            let after = json!({ "points": points, "reason": reason });
            tx.write_audit(&line(&operator, "correct_bonus", &person, after)).await?;
            tx.commit().await?;
            return Ok(page.go(&goal));
        };
        wrong.count = refusal;
    }
    drop(tx);
    let tx = operator.db.read().await?;
    let view = view(page, &tx, &person, fields(page, &typed, &wrong)).await?;
    tx.commit().await?;
    page.show_again("operator/customer_bonus.html", &view)
}

/// Why it cannot be done; none when it is.
async fn add(
    operator: &Operator,
    tx: &TenantTx,
    person: &Person,
    count: i64,
    cause: String,
    reason: &str,
) -> Result<Option<String>, Error> {
    let page = &operator.page;
    let credit = Credit {
        kind: Kind::Corrected,
        reason: Reason::Desk,
        points: count,
        cause,
        words: reason.to_owned(),
        offer: None,
        staff: Some(operator.id),
        expires_on: page.tenant().document.bonus.terms.holds_until(page.today()),
    };
    let row = tx.bonus_member(person.id).await?;
    let is_done = bonus::is_member(page, row.as_ref()) && tx.credit_bonus(person.id, &credit, page.now()).await?;
    Ok((!is_done).then(|| page.t("customer-bonus-not-member")))
}

async fn take(
    operator: &Operator,
    tx: &TenantTx,
    person: &Person,
    count: i64,
    cause: String,
    reason: &str,
) -> Result<Option<String>, Error> {
    let page = &operator.page;
    let debit = Debit {
        kind: Kind::Corrected,
        reason: Reason::Desk,
        points: count,
        cause,
        words: reason.to_owned(),
        offer: None,
        staff: Some(operator.id),
    };
    let short = tx.debit_bonus(person.id, &debit, page.today(), page.now()).await?.err();
    Ok(short
        .map(|short| page.t_args("customer-bonus-short", &[("points", Arg::from(bonus::points(page, short.balance)))])))
}

/// The code is no longer valid, its price comes back as new points.
pub async fn give_back(operator: Operator, Path((number, id)): Path<(String, Uuid)>) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.begin().await?;
    let person = named(&operator, &tx, &number).await?;
    tx.hold_bonus(person.id, page.now()).await?;
    let code = tx.bonus_code_of(person.id, BonusCodeId(id)).await?;
    let goal = format!("/operator/customers/{number}/bonus?done=returned");
    if !tx.return_bonus_code(person.id, code.id, page.now()).await? {
        return Ok(page.go(&goal));
    }
    let credit = Credit {
        kind: Kind::Returned,
        reason: Reason::CodeReturned,
        points: code.price,
        cause: format!("returned:{}", code.id),
        words: String::new(),
        offer: Some(code.offer),
        staff: Some(operator.id),
        expires_on: page.tenant().document.bonus.terms.holds_until(page.today()),
    };
    if !tx.credit_bonus(person.id, &credit, page.now()).await? {
        drop(tx);
        let tx = operator.db.read().await?;
        let view = view(page, &tx, &person, Vec::new()).await?;
        tx.commit().await?;
        let view = View { conflict: page.t("customer-bonus-not-member"), ..view };
        return page.show_as(StatusCode::CONFLICT, "operator/customer_bonus.html", &view);
    }
    let after = json!({ "code": code.id.to_string(), "points": code.price });
    tx.write_audit(&line(&operator, "return_bonus_code", &person, after)).await?;
    tx.commit().await?;
    Ok(page.go(&goal))
}

fn line(operator: &Operator, action: &str, person: &Person, after: Value) -> AuditEntry {
    AuditEntry {
        actor_kind: "staff".into(),
        actor: operator.id.to_string(),
        role: operator.role.key().into(),
        feature: Some(FEATURE),
        action: action.into(),
        object: format!("customer:{}", person.id),
        before: Value::Null,
        after,
        request_id: operator.page.request_id().into(),
    }
}

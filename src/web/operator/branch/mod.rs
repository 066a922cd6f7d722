//! Access at a branch (*pobočka*): whoever sits opposite shows an identity card, gets a log-in by link or on paper, and a small attention while the
//! campaign runs.
mod gift;

use crate::data::{AccountRow, AuditEntry};
use crate::domain::access::{Delivery, Proof, Proofs};
use crate::domain::customers::Customer;
use crate::domain::features::Feature;
use crate::domain::typed;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::{Choice, Field};
use crate::web::kit::granting::{self, Grant, needs_email};
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use crate::web::operator::access::sheet;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value as Json, json};

pub const FEATURES: &[Feature] = &[Feature::AccessRequestAtBranch];

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::operator(FEATURES, "/operator/branch").get(form).post(submit),
        Slice::operator(FEATURES, "/operator/branch/{number}").get(show).post(print),
        Slice::operator(FEATURES, "/operator/branch/{number}/seen").post(seen),
        Slice::operator(&[Feature::AccessBranchGift], "/operator/branch/{number}/gift").post(gift::give),
    ]
}

/// What was shown: the kinds of identity card.
const CARDS: [&str; 3] = ["id-card", "passport", "residence-permit"];

#[derive(Serialize)]
struct View {
    fields: Vec<Field>,
    has_mistakes: bool,
    /// The customer has a log-in already: where it is looked after.
    known: String,
    gifts: Option<gift::Report>,
}

async fn form(operator: Operator, Query(typed): Query<Typed>) -> Result<Response, Error> {
    let view = view(&operator, &typed, &[]).await?;
    operator.page.show("operator/branch.html", &view)
}

type Wrong = [(&'static str, String)];

async fn view(operator: &Operator, typed: &Typed, wrong: &Wrong) -> Result<View, Error> {
    let page = &operator.page;
    let field = |field: Field| {
        let sentence = wrong.iter().find(|(name, _)| *name == field.name).map(|(_, sentence)| sentence.clone());
        let value = typed.get(&field.name).to_owned();
        field.typed(value).wrong(sentence.unwrap_or_default())
    };
    let chosen = |name: &str, value: &str| typed.get(name) == value;
    let hands =
        ["link", "sheet"].map(|way| Choice::new(way, page.t(&format!("branch-hand-{way}")), chosen("hand", way)));
    let email = Field::email("email", page.t("signing-email")).max(254).hint(page.t("branch-email-hint"));
    let number = Field::text("number", page.t("access-customer")).plain().max(40).required();
    let mut fields = vec![
        field(number),
        field(card_field(page, typed.get("card"))),
        field(email),
        field(Field::radio("hand", page.t("branch-hand"), hands.into())),
    ];
    let branches = &page.tenant().document.access.branches;
    if !branches.is_empty() {
        let options = branches.iter().map(|one| Choice::new(one, one, chosen("branch", one))).collect();
        fields.push(field(Field::choice("branch", page.t("branch-where"), options)));
    }
    let gifts = gift::report(operator).await?;
    Ok(View { has_mistakes: !wrong.is_empty(), fields, known: String::new(), gifts })
}

/// What was shown at the counter.
fn card_field(page: &Page, chosen: &str) -> Field {
    let cards = CARDS.map(|card| Choice::new(card, page.t(&format!("branch-{card}")), chosen == card));
    Field::radio("card", page.t("branch-card"), cards.into()).hint(page.t("branch-card-hint"))
}

async fn submit(operator: Operator, typed: Typed) -> Result<Response, Error> {
    let page = &operator.page;
    let mut wrong: Vec<(&'static str, String)> = Vec::new();
    let card = CARDS.iter().find(|card| **card == typed.get("card"));
    if card.is_none() {
        wrong.push(("card", page.t("branch-card-missing")));
    }
    let hand = typed.get("hand");
    let email = match typed.get("email").trim() {
        "" if needs_email(page) => Err(page.t("mistake-email-required")),
        "" if hand == "link" => Err(page.t("branch-email-missing")),
        "" => Ok(None),
        some => typed::email(some).map(Some).map_err(|error| page.email_mistake(error)),
    };
    let email = email.unwrap_or_else(|sentence| {
        wrong.push(("email", sentence));
        None
    });
    if !matches!(hand, "link" | "sheet") {
        wrong.push(("hand", page.t("branch-hand-missing")));
    }
    let branches = &page.tenant().document.access.branches;
    let branch = branches.iter().find(|one| *one == typed.get("branch"));
    if branch.is_none() && !branches.is_empty() {
        wrong.push(("branch", page.t("branch-where-missing")));
    }
    let mut opened = String::new();
    let tx = operator.db.begin().await?;
    let number = typed.get("number").trim().to_owned();
    let person = tx.customer_of_number(std::slice::from_ref(&number)).await?;
    match &person {
        None if number.is_empty() => wrong.push(("number", page.t("mistake-missing"))),
        None => wrong.push(("number", page.t("access-customer-unknown"))),
        Some(person) => {
            if let Some(known) = tx.accounts_of(person.id).await?.into_iter().find(AccountRow::is_theirs) {
                let args = [("username", Arg::from(known.username.as_str()))];
                wrong.push(("number", page.t_args("branch-known", &args)));
                opened = format!("{}/operator/branch/{}", page.base(), person.number);
            }
        }
    }
    let (Some(person), true) = (person, wrong.is_empty()) else {
        drop(tx);
        let view = View { known: opened, ..view(&operator, &typed, &wrong).await? };
        return page.show_again("operator/branch.html", &view);
    };
    let grant = Grant {
        customer: person.id,
        number: &person.number,
        email: email.as_deref(),
        proofs: Proofs::of(&[Proof::Branch]),
        language: page.tenant().document.locale.default.key(),
        username: None,
        password_hash: None,
    };
    let granted = granting::create(&tx, page, &grant).await?.ok_or(Error::NotFound)?;
    match hand {
        "link" => granting::deliver(&tx, page, &grant, &granted, Delivery::Handover).await?,
        _ => granting::after(&tx, page, &grant, &granted).await?,
    }
    let after = json!({ "username": granted.username, "card": card, "branch": branch, "hand": hand });
    tx.write_audit(&line(&operator, &person, "create_access_at_branch", after)).await?;
    tx.commit().await?;
    let branch = branch.map(|one| format!("?branch={}", crate::web::kit::access::encode(one))).unwrap_or_default();
    Ok(page.go(&format!("/operator/branch/{}{branch}", person.number)))
}

pub fn line(operator: &Operator, person: &Customer, action: &str, after: Json) -> AuditEntry {
    AuditEntry {
        actor_kind: "staff".into(),
        actor: operator.id.to_string(),
        role: operator.page.role().key().into(),
        feature: Some(FEATURES[0]),
        action: action.into(),
        object: format!("customer:{}", person.id),
        before: Json::Null,
        after,
        request_id: operator.page.request_id().into(),
    }
}

#[derive(Serialize)]
struct Made {
    number: String,
    name: String,
    username: String,
    email: String,
    /// The first password may still be printed.
    can_print: bool,
    /// Somebody at a branch saw an identity card.
    is_seen: bool,
    cards: Vec<Field>,
    gift: Option<gift::Shown>,
}

/// The customer of that number with their log-in.
async fn found(operator: &Operator, number: &str) -> Result<(Customer, AccountRow), Error> {
    let tx = operator.db.read().await?;
    let person = tx.customer_of_number(&[number.to_owned()]).await?.ok_or(Error::NotFound)?;
    let account = tx.accounts_of(person.id).await?.into_iter().find(|one| !one.is_disabled).ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok((person, account))
}

async fn show(operator: Operator, Path(number): Path<String>, Query(typed): Query<Typed>) -> Result<Response, Error> {
    let page: &Page = &operator.page;
    let (person, account) = found(&operator, &number).await?;
    let gift = gift::shown(&operator, &person, typed.get("branch")).await?;
    let view = Made {
        number: person.number,
        name: person.name,
        username: account.username,
        email: account.email.unwrap_or_default(),
        can_print: account.must_change,
        is_seen: account.proofs.has(Proof::Branch),
        cards: vec![card_field(page, "").wrong(if typed.get("card") == "missing" {
            page.t("branch-card-missing")
        } else {
            String::new()
        })],
        gift,
    };
    page.show("operator/branch_made.html", &view)
}

/// Who they are was proved by a card: what a supplier keeps for people it has seen is open from the next sign-in on.
async fn seen(operator: Operator, Path(number): Path<String>, typed: Typed) -> Result<Response, Error> {
    let page = &operator.page;
    let (person, account) = found(&operator, &number).await?;
    let Some(card) = CARDS.iter().find(|card| **card == typed.get("card")) else {
        return Ok(page.go(&format!("/operator/branch/{}?card=missing", person.number)));
    };
    let tx = operator.db.begin().await?;
    tx.prove(account.id, person.id, Proof::Branch).await?;
    let entry = line(&operator, &person, "prove_at_branch", json!({ "username": account.username, "card": card }));
    tx.write_audit(&entry).await?;
    tx.commit().await?;
    Ok(page.go(&format!("/operator/branch/{}", person.number)))
}

async fn print(operator: Operator, Path(number): Path<String>) -> Result<Response, Error> {
    let (person, account) = found(&operator, &number).await?;
    let back = format!("/operator/branch/{}", person.number);
    let entry = line(&operator, &person, "access_sheet", json!({ "username": account.username }));
    sheet::print(&operator, &person, &account, &back, entry).await
}

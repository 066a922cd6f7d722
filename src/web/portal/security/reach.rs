//! How the owner of the log-in is reached: an address and a telephone of the log-in's own, apart from where the supplier writes. The
//! password is proved; a new address counts once the link sent to it is followed, and the old one hears of it.
use super::super::proof::Proof;
use super::{FEATURES, PATH, line, line_of, notices};
use crate::backends::keys::Token;
use crate::data::{AccountReach, AuditEntry, StepKind};
use crate::domain::features::Action;
use crate::domain::typed;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::{Customer, Visitor};
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::extract::Query;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;
use time::Duration;

const TEMPLATE: &str = "portal/reach.html";
/// A link to confirm an address works so long.
const LINK: Duration = Duration::hours(48);

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(FEATURES, "/account/security/reach").own().writes(Action::View).get(show).post(change),
        // The mail may be read elsewhere than where one is signed in; the token in it is the proof.
        Slice::visitor(FEATURES, "/login/email").get(look).post(confirm),
    ]
}

#[derive(Serialize)]
struct View {
    /// For password managers, which keep a password beside its name.
    username: String,
    fields: Vec<Field>,
    has_mistakes: bool,
}

fn view(page: &Page, reach: &AccountReach, typed: &Typed, wrong: [String; 2], proof: &Proof) -> View {
    let [email, phone] = wrong;
    let hint = match &reach.customers {
        Some(address) => page.t_args("reach-email-hint", &[("address", address.as_str().into())]),
        None => page.t("reach-email-none"),
    };
    let fields = vec![
        Field::email("email", page.t("reach-email")).hint(hint).typed(typed.get("email")).max(254).wrong(email),
        Field::phone("phone", page.t("reach-phone")).typed(typed.get("phone")).max(30).wrong(phone),
        proof.field(page).hint(page.t("security-present-hint")),
    ];
    let has_mistakes = fields.iter().any(|field| !field.error.is_empty());
    View { username: reach.username.clone(), fields, has_mistakes }
}

async fn show(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let reach = tx.reach_of(customer.account).await?;
    tx.commit().await?;
    let mut typed = Typed::default();
    typed.put("email", reach.email.clone().unwrap_or_default());
    typed.put("phone", reach.phone.clone().unwrap_or_default());
    page.show(TEMPLATE, &view(page, &reach, &typed, Default::default(), &Proof::NotYet))
}

async fn change(customer: Customer, mut typed: Typed) -> Result<Response, Error> {
    let (page, account) = (&customer.page, customer.account);
    typed.put("step", "send");
    let tx = customer.db.read().await?;
    let reach = tx.reach_of(account).await?;
    tx.commit().await?;
    let email = match typed.get("email").trim() {
        "" => Ok(None),
        text => typed::email(text).map(Some).map_err(|error| page.email_mistake(error)),
    };
    let phone = match typed.get("phone").trim() {
        "" => Ok(None),
        text => typed::phone(text).map(Some).map_err(|error| page.phone_mistake(error)),
    };
    let is_same = email.as_ref() == Ok(&reach.email) && phone.as_ref() == Ok(&reach.phone);
    let mut wrong = [email.clone().err().unwrap_or_default(), phone.clone().err().unwrap_or_default()];
    if is_same {
        wrong[0] = page.t("mistake-unchanged");
    }
    let is_wrong = wrong.iter().any(|sentence| !sentence.is_empty());
    // Guessing the password costs an attempt, so the rest is looked at first.
    let proof = if is_wrong { Proof::NotYet } else { Proof::of(&customer, &typed).await? };
    let (Ok(email), Ok(phone), Proof::Given) = (email, phone, &proof) else {
        return Ok(proof.answered(page.show_again(TEMPLATE, &view(page, &reach, &typed, wrong, &proof))?));
    };
    let tx = customer.db.begin().await?;
    if phone != reach.phone {
        tx.change_account_phone(account, phone.as_deref()).await?;
        notices::warn(&tx, page, account, "login_phone_changed").await?;
    }
    let is_waiting = email != reach.email && email.is_some();
    tx.end_account_steps(account, Some(StepKind::Email)).await?;
    match &email {
        Some(email) if is_waiting => {
            let (token, now) = (Token::random(), page.now());
            let data = json!({ "email": email });
            tx.add_account_step(StepKind::Email, account, data, &token.hash(), now, now + LINK).await?;
            let path = format!("/login/email?token={}", token.to_text());
            notices::send(&tx, page, email.clone(), "login_email_confirm", json!({ "path": path })).await?;
        }
        None if reach.email.is_some() => {
            notices::warn(&tx, page, account, "login_email_changed").await?;
            tx.change_account_email(account, None).await?;
        }
        _ => {}
    }
    let before = json!({ "email": reach.email, "phone": reach.phone });
    let after = json!({ "email": if is_waiting { &reach.email } else { &email }, "phone": phone });
    tx.write_audit(&AuditEntry { before, after, ..line(&customer, "change_reach", 0) }).await?;
    tx.commit().await?;
    Ok(page.go(&format!("{PATH}?done={}", if is_waiting { "email" } else { "reach" })))
}

#[derive(Serialize)]
struct Confirming {
    token: String,
    /// Empty before the button was pressed.
    outcome: &'static str,
}

async fn look(visitor: Visitor, Query(typed): Query<Typed>) -> Result<Response, Error> {
    let view = Confirming { token: typed.get("token").to_owned(), outcome: "" };
    visitor.page.show("portal/login_email.html", &view)
}

async fn confirm(visitor: Visitor, typed: Typed) -> Result<Response, Error> {
    let page = &visitor.page;
    let show = |outcome| page.show("portal/login_email.html", &Confirming { token: String::new(), outcome });
    let Some(token) = Token::from_text(typed.get("token")) else { return show("gone") };
    let tx = visitor.db.begin().await?;
    let step = tx.use_account_step(StepKind::Email, &token.hash(), page.now()).await?;
    let Some((account, email)) = step.and_then(|step| Some((step.account, step.data["email"].as_str()?.to_owned())))
    else {
        return show("gone");
    };
    let reach = tx.reach_of(account).await?;
    notices::warn(&tx, page, account, "login_email_changed").await?;
    tx.change_account_email(account, Some(&email)).await?;
    let (before, after) = (json!({ "email": reach.email }), json!({ "email": email }));
    tx.write_audit(&AuditEntry { before, after, ..line_of(page, account, "confirm_email") }).await?;
    tx.commit().await?;
    show("done")
}

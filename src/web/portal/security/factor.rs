//! The second factor: turned on with the password and a first code, turned off or given new recovery codes with the password and a code.
use super::super::proof::Proof;
use super::{FEATURES, codes, notices};
use crate::backends::keys::Token;
use crate::backends::totp;
use crate::data::StepKind;
use crate::domain::features::Action;
use crate::tenancy::Arg;
use crate::web::kit::doors::Refusal;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::qr;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;
use time::Duration;

const TEMPLATE: &str = "portal/factor.html";
/// Time to add the secret to an application.
const SETTING_UP: Duration = Duration::minutes(15);

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(FEATURES, "/account/security/factor").own().writes(Action::View).get(show).post(submit)]
}

#[derive(Default, Serialize)]
struct View {
    /// `off`, `set_up`, `on` or `codes`.
    stage: &'static str,
    /// For password managers, which keep a password beside its name.
    username: String,
    fields: Vec<Field>,
    has_mistakes: bool,
    left: String,
    token: String,
    qr: String,
    secret: String,
    codes: Vec<String>,
}

impl View {
    fn asks(mut self, fields: Vec<Field>) -> View {
        self.has_mistakes = fields.iter().any(|field| !field.error.is_empty());
        self.fields = fields;
        self
    }
}

async fn show(customer: Customer) -> Result<Response, Error> {
    let view = view(&customer, &Proof::NotYet, String::new()).await?;
    customer.page.show(TEMPLATE, &view)
}

/// As it stands: to be turned on, or turned off.
async fn view(customer: &Customer, proof: &Proof, wrong: String) -> Result<View, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let is_on = tx.factor_of(customer.account).await?.is_some();
    let left = tx.recovery_codes_left(customer.account).await?;
    let username = tx.credentials_of(customer.account).await?.map(|(username, _)| username).unwrap_or_default();
    tx.commit().await?;
    let password = proof.field(page).hint(page.t("security-present-hint"));
    if !is_on {
        return Ok(View { stage: "off", username, ..View::default() }.asks(vec![password]));
    }
    let left = page.t_args("factor-left", &[("count", Arg::from(left as i64))]);
    let code = codes::field(page, wrong).hint(page.t("login-code-hint"));
    Ok(View { stage: "on", username, left, ..View::default() }.asks(vec![password, code]))
}

async fn submit(customer: Customer, mut typed: Typed) -> Result<Response, Error> {
    let act = typed.get("act").to_owned();
    if act == "confirm" {
        return confirm(&customer, &typed).await;
    }
    typed.put("step", "send");
    let proof = Proof::of(&customer, &typed).await?;
    if !matches!(proof, Proof::Given) {
        let view = view(&customer, &proof, String::new()).await?;
        return Ok(proof.answered(customer.page.show_again(TEMPLATE, &view)?));
    }
    match act.as_str() {
        "begin" => begin(&customer).await,
        "off" | "codes" => change(&customer, &typed, &act).await,
        _ => Err(Error::BadRequest("no such button")),
    }
}

/// The secret waits, bound to this page, until a code of it comes.
async fn begin(customer: &Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let (token, now, secret) = (Token::random(), page.now(), totp::new_secret());
    let tx = customer.db.begin().await?;
    if tx.factor_of(customer.account).await?.is_some() {
        return Ok(page.go("/account/security/factor"));
    }
    let username = tx.credentials_of(customer.account).await?.map(|(username, _)| username).unwrap_or_default();
    let data = json!({ "secret": secret, "username": username });
    tx.end_account_steps(customer.account, Some(StepKind::Factor)).await?;
    tx.add_account_step(StepKind::Factor, customer.account, data, &token.hash(), now, now + SETTING_UP).await?;
    tx.commit().await?;
    page.show(TEMPLATE, &set_up(page, &token, &secret, &username, String::new()))
}

fn set_up(page: &Page, token: &Token, secret: &str, username: &str, wrong: String) -> View {
    let issuer = page.tenant().document.portal.get(page.lang());
    let qr = qr::svg(&totp::url(secret, issuer, username), &page.t("factor-qr")).unwrap_or_default();
    let secret = secret.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
    let view = View { stage: "set_up", token: token.to_text(), qr, secret, ..View::default() };
    view.asks(vec![codes::field(page, wrong).hint(page.t("factor-code-hint"))])
}

async fn confirm(customer: &Customer, typed: &Typed) -> Result<Response, Error> {
    let (page, account) = (&customer.page, customer.account);
    let back = || Ok(page.go("/account/security/factor"));
    let Some(token) = Token::from_text(typed.get("token")) else { return back() };
    let tx = customer.db.begin().await?;
    let step = tx.use_account_step(StepKind::Factor, &token.hash(), page.now()).await?;
    let Some(step) = step.filter(|step| step.account == account) else { return back() };
    let said = |key: &str| step.data[key].as_str().unwrap_or_default().to_owned();
    let secret = said("secret");
    let Some(matching) = totp::matching_step(&secret, typed.get("code"), page.now()) else {
        // What was used up in this transaction is not: the same page is asked again.
        drop(tx);
        let view = set_up(page, &token, &secret, &said("username"), page.t("factor-wrong"));
        return page.show_again(TEMPLATE, &view);
    };
    if !tx.turn_on_factor(account, &secret, matching).await? {
        return back();
    }
    let codes = codes::renew(&tx, account).await?;
    let own = page.session_key().ok_or(Error::NotFound)?;
    let ended = tx.delete_other_sessions_of(account.0, &own).await?;
    notices::warn(&tx, page, account, "factor_on").await?;
    tx.write_audit(&super::line(customer, "turn_on_factor", ended.len())).await?;
    tx.commit().await?;
    page.services().sessions.end_many(page.tenant().id, &ended).await;
    page.show(TEMPLATE, &View { stage: "codes", codes, ..View::default() })
}

/// Turned off, or new recovery codes: the password was right, now the code.
async fn change(customer: &Customer, typed: &Typed, act: &str) -> Result<Response, Error> {
    let (page, account) = (&customer.page, customer.account);
    let wrong = async |status, sentence: String| {
        let view = view(customer, &Proof::Given, sentence).await?;
        page.show_as(status, TEMPLATE, &view)
    };
    if typed.get("code").trim().is_empty() {
        return wrong(StatusCode::UNPROCESSABLE_ENTITY, page.t("mistake-missing")).await;
    }
    let entrance = match codes::count(page, account).await {
        Ok(entrance) => entrance,
        Err(refusal) => return wrong(StatusCode::TOO_MANY_REQUESTS, codes::sentence(page, refusal)).await,
    };
    let tx = customer.db.begin().await?;
    if !codes::is_right(&tx, page, account, typed.get("code")).await? {
        drop(tx);
        return wrong(StatusCode::UNPROCESSABLE_ENTITY, codes::sentence(page, Refusal::Wrong)).await;
    }
    entrance.succeeded().await;
    if act == "codes" {
        let codes = codes::renew(&tx, account).await?;
        tx.write_audit(&super::line(customer, "renew_recovery_codes", 0)).await?;
        tx.commit().await?;
        return page.show(TEMPLATE, &View { stage: "codes", codes, ..View::default() });
    }
    tx.turn_off_factor(account).await?;
    notices::warn(&tx, page, account, "factor_off").await?;
    tx.write_audit(&super::line(customer, "turn_off_factor", 0)).await?;
    tx.commit().await?;
    Ok(page.go("/account/security?done=factor-off"))
}

//! The second page of signing in: a one-time code, or a recovery code. Only the token of the step says whose; the password is not sent
//! again. Tries are counted like passwords.
use super::arrival::come_in;
use super::security::codes;
use crate::backends::keys::Token;
use crate::data::StepKind;
use crate::domain::features::Feature;
use crate::web::kit::doors::{self, Refusal};
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Visitor;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Serialize;

const FEATURES: &[Feature] = &[Feature::LoginWithCredentials];
const TEMPLATE: &str = "portal/login_code.html";

pub fn slices() -> Vec<Slice> {
    vec![Slice::visitor(FEATURES, "/login/code").get(look).post(submit)]
}

#[derive(Serialize)]
struct View {
    /// Empty when the step is gone.
    token: String,
    fields: Vec<Field>,
    has_mistakes: bool,
}

fn view(page: &Page, token: &Token, wrong: String) -> View {
    let has_mistakes = !wrong.is_empty();
    let field = codes::field(page, wrong).hint(page.t("login-code-hint"));
    View { token: token.to_text(), fields: vec![field], has_mistakes }
}

const GONE: View = View { token: String::new(), fields: Vec::new(), has_mistakes: false };

fn gone(page: &Page) -> Result<Response, Error> {
    page.show_again(TEMPLATE, &GONE)
}

async fn look(visitor: Visitor, Query(typed): Query<Typed>) -> Result<Response, Error> {
    let page = &visitor.page;
    let Some(token) = Token::from_text(typed.get("token")) else { return page.show(TEMPLATE, &GONE) };
    let tx = visitor.db.read().await?;
    let step = tx.account_step(StepKind::Code, &token.hash(), page.now()).await?;
    tx.commit().await?;
    page.show(TEMPLATE, &step.map_or(GONE, |_| view(page, &token, String::new())))
}

async fn submit(visitor: Visitor, headers: HeaderMap, typed: Typed) -> Result<Response, Error> {
    let page = &visitor.page;
    let Some(token) = Token::from_text(typed.get("token")) else { return gone(page) };
    let tx = visitor.db.read().await?;
    let step = tx.account_step(StepKind::Code, &token.hash(), page.now()).await?;
    let account = match &step {
        Some(step) => tx.account(step.account).await?.filter(|account| !account.is_disabled),
        None => None,
    };
    tx.commit().await?;
    let Some(account) = account else { return gone(page) };
    let wrong = |status, sentence: String| page.show_as(status, TEMPLATE, &view(page, &token, sentence));
    if typed.get("code").trim().is_empty() {
        return wrong(StatusCode::UNPROCESSABLE_ENTITY, page.t("mistake-missing"));
    }
    let entrance = match codes::count(page, account.id).await {
        Ok(entrance) => entrance,
        Err(refusal) => {
            return doors::refuse(page, refusal, TEMPLATE, view(page, &token, codes::sentence(page, refusal)));
        }
    };
    let tx = visitor.db.begin().await?;
    // Used up before the code is: of many at once with one code, one has both.
    let Some(step) = tx.use_account_step(StepKind::Code, &token.hash(), page.now()).await? else {
        return gone(page);
    };
    if !codes::is_right(&tx, page, account.id, typed.get("code")).await? {
        // What was used up in this transaction is not.
        drop(tx);
        return wrong(StatusCode::UNPROCESSABLE_ENTITY, codes::sentence(page, Refusal::Wrong));
    }
    entrance.succeeded().await;
    let next = step.data["next"].as_str().unwrap_or_default();
    come_in(page, tx, &headers, account, next).await
}

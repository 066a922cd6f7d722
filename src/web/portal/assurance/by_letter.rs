//! The proof by letter: a code to the contract's address, one letter a day. Tries are throttled like those of a password.
use super::{Goal, Wrong, again, line, proved};
use crate::data::{LetterKind, LetterState};
use crate::domain::access::Proof;
use crate::web::kit::doors::{self, Refusal};
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::letter_codes;
use crate::web::kit::typed::Typed;
use axum::response::Response;
use time::Duration;

/// From one letter to the next.
pub const APART: Duration = Duration::DAY;

pub async fn order(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let (goal, now) = (Goal::of(page, &typed), page.now());
    let tx = customer.db.begin().await?;
    let letters = tx.access_letters_of(customer.account).await?;
    if letters.iter().any(|one| one.kind == LetterKind::Code && now - one.created_at < APART) {
        drop(tx);
        let wrong = Wrong { refused: page.t("assurance-letter-too-often"), ..Wrong::default() };
        return again(&customer, &goal, wrong).await;
    }
    tx.write_access_letter(customer.account, customer.id, LetterKind::Code, page.lang().key(), now).await?;
    tx.write_audit(&line(&customer, "ask_proof", Proof::Letter)).await?;
    tx.commit().await?;
    Ok(page.go(&goal.href("letter")))
}

pub async fn enter(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let goal = Goal::of(page, &typed);
    let key = format!("letter:{}", customer.account);
    let permit = match page.services().throttle.reserve(page.tenant().id, &key, page.peer()).await {
        Ok(permit) => permit,
        Err(wait) => {
            let letter = doors::sentence(page, Refusal::TooMany(wait.0));
            return again(&customer, &goal, Wrong { letter, ..Wrong::default() }).await;
        }
    };
    let hash = letter_codes::hash(page, customer.account, typed.get("letter_code"));
    let tx = customer.db.begin().await?;
    let letters = tx.access_letters_of(customer.account).await?;
    // A letter to another customer's address proves nothing here.
    let newest = letters.iter().find(|one| one.kind == LetterKind::Code && one.state != LetterState::Void);
    let is_own = newest.is_some_and(|one| one.customer == customer.id);
    if is_own && tx.use_letter_code(customer.account, &hash, page.now()).await? {
        permit.succeeded().await;
        return proved(&customer, tx, Proof::Letter, &goal).await;
    }
    drop(tx);
    again(&customer, &goal, Wrong { letter: page.t("customers-code-wrong"), ..Wrong::default() }).await
}

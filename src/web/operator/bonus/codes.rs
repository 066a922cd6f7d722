//! A partner's codes uploaded: pasted or as a file. All of them are added or none, and the second of two is named.
use super::{View, id_of, line, refused, view};
use crate::domain::bonus::{CodeMistake, CodeSource, MOST_CODES, OfferState, read_codes};
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::typed::Typed;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

/// Letters of a pasted list.
const LONGEST: usize = 400_000;
/// Mistakes told at once.
const TOLD: usize = 20;

pub fn fields(page: &Page, typed: &str) -> Vec<Field> {
    vec![
        Field::long("codes", page.t("desk-bonus-codes-text")).max(LONGEST).typed(typed),
        Field::file("file", page.t("desk-bonus-codes-file"), ".csv,.txt"),
    ]
}

pub async fn add(operator: Operator, Path(id): Path<String>, typed: Typed) -> Result<Response, Error> {
    let page = &operator.page;
    let text = match typed.file("file") {
        Some(file) => String::from_utf8_lossy(&file.bytes).into_owned(),
        None => typed.get("codes").to_owned(),
    };
    let tx = operator.db.begin().await?;
    let offer = tx.bonus_offer(id_of(&id)?).await?;
    let is_seen = typed.get("version").parse() == Ok(offer.version);
    if !is_seen || offer.source != CodeSource::List || offer.state == OfferState::Withdrawn {
        drop(tx);
        return refused(page, &offer, StatusCode::CONFLICT, "desk-bonus-conflict");
    }
    let found = match read_codes(&text) {
        Ok(codes) if codes.is_empty() => Err(vec![page.t("desk-bonus-codes-missing")]),
        Ok(codes) => {
            let there = tx.bonus_codes_there(offer.id, &codes).await?;
            match there.is_empty() {
                true => Ok(codes),
                false => {
                    let named: Vec<&str> = there.iter().take(TOLD).map(String::as_str).collect();
                    Err(vec![page.t_args("desk-bonus-codes-there", &[("codes", Arg::from(named.join(", ")))])])
                }
            }
        }
        Err(mistakes) => Err(mistakes.iter().take(TOLD).map(|one| sentence(page, one)).collect()),
    };
    let codes = match found {
        Ok(codes) => codes,
        Err(mistakes) => {
            drop(tx);
            let kept = if text.len() <= LONGEST { text.as_str() } else { "" };
            let view = View { mistakes, codes: fields(page, kept), ..view(page, &offer) };
            return page.show_again("operator/bonus_offer.html", &view);
        }
    };
    if !tx.add_bonus_codes(offer.id, offer.version, &codes, page.now()).await? {
        drop(tx);
        return refused(page, &offer, StatusCode::CONFLICT, "desk-bonus-conflict");
    }
    tx.write_audit(&line(&operator, "add_bonus_codes", &offer, Value::Null, json!({ "codes": codes.len() }))).await?;
    tx.commit().await?;
    Ok(page.go(&format!("/operator/bonus/{}?done=codes", offer.id)))
}

fn sentence(page: &Page, mistake: &CodeMistake) -> String {
    match mistake {
        CodeMistake::Twice { line, code, first } => page.t_args(
            "desk-bonus-codes-twice",
            &[("line", Arg::from(*line)), ("code", Arg::from(code.as_str())), ("first", Arg::from(*first))],
        ),
        CodeMistake::Odd { line } => page.t_args("desk-bonus-codes-odd", &[("line", Arg::from(*line))]),
        CodeMistake::TooMany => page.t_args("desk-bonus-codes-many", &[("most", Arg::from(MOST_CODES))]),
    }
}

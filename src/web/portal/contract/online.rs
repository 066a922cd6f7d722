//! A contract by a visitor: no account, the way back is a secret in the address. It is told by mail only to whoever gave theirs.
use super::steps;
use super::{Place, Typed, is_too_often, send, show};
use crate::backends::keys::Token;
use crate::data::{ContractRow, Guarded, NewContract, TenantTx};
use crate::domain::contracts::{ContractState, Step};
use crate::domain::features::Feature;
use crate::domain::ids::{AccountId, ContractId};
use crate::domain::requests::Actor;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Visitor;
use crate::web::kit::requests as kit;
use crate::web::kit::slices::Slice;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value as Json, json};

const FEATURES: &[Feature] = &[Feature::ContractCreateOnline];

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::visitor(FEATURES, "/contract").get(open).post(start),
        Slice::visitor(FEATURES, "/contract/{token}").get(look),
        Slice::visitor(FEATURES, "/contract/{token}/pdf").get(paper),
        Slice::visitor(&[Feature::ContractPrintAndPostOnDemand], "/contract/{token}/print").post(print),
        Slice::visitor(FEATURES, "/contract/{token}/{step}").get(step).post(save),
    ]
}

#[derive(Serialize)]
struct Open {
    action: String,
    has_mail: bool,
    has_print: bool,
}

async fn open(visitor: Visitor) -> Result<Response, Error> {
    let page = &visitor.page;
    let view = Open {
        action: format!("{}/contract", page.base()),
        has_mail: page.tenant().has(Feature::ContractEmailedForPrint),
        has_print: page.tenant().has(Feature::ContractPrintAndPostOnDemand),
    };
    page.show("portal/contract_open.html", &view)
}

/// An empty draft; a customer who is signed in keeps it as theirs.
async fn start(visitor: Visitor) -> Result<Response, Error> {
    let page = &visitor.page;
    if is_too_often(page, "contract-start").await {
        return Ok(StatusCode::TOO_MANY_REQUESTS.into_response());
    }
    let token = Token::random();
    let tx = visitor.db.begin().await?;
    let new = NewContract {
        id: ContractId::new(),
        customer: page.session().and_then(|session| session.customer),
        email: String::new(),
        token_hash: Some(token.hash()),
        data: json!({}),
        created_at: page.now(),
        language: page.lang().key().to_owned(),
    };
    tx.start_contract(&new).await?;
    tx.commit().await?;
    Ok(page.go(&format!("/contract/{}/{}", token.to_text(), Step::Person.key())))
}

/// The contract behind the secret, whoever knows it; 404 for anything else.
async fn found<'a>(visitor: &'a Visitor, tx: &TenantTx, text: &str) -> Result<(Place<'a>, ContractRow), Error> {
    let page = &visitor.page;
    if !page.tenant().has(Feature::ContractCreateOnline) {
        return Err(Error::NotFound);
    }
    let token = Token::from_text(text).ok_or(Error::NotFound)?;
    let row = tx.contract_by_token(&token.hash()).await?;
    // Only who began it signed in speaks as that customer.
    let own = page.session().filter(|session| session.customer.is_some() && session.customer == row.customer);
    let customer = own.and_then(|session| Some((session.customer?, AccountId(session.subject))));
    let place = Place {
        page,
        root: format!("/contract/{}", token.to_text()),
        feature: Feature::ContractCreateOnline,
        customer,
    };
    Ok((place, row))
}

async fn look(visitor: Visitor, Path(token): Path<String>, Query(typed): Query<Typed>) -> Result<Response, Error> {
    let tx = visitor.db.read().await?;
    let (place, row) = found(&visitor, &tx, &token).await?;
    show::show(&place, tx, row, typed.get("sent") == "yes").await
}

async fn paper(visitor: Visitor, Path(token): Path<String>) -> Result<Response, Error> {
    let tx = visitor.db.read().await?;
    let (_, row) = found(&visitor, &tx, &token).await?;
    show::hand_over(tx, row).await
}

async fn step(visitor: Visitor, Path((token, step)): Path<(String, String)>) -> Result<Response, Error> {
    let step = Step::parse(&step).ok_or(Error::NotFound)?;
    let tx = visitor.db.read().await?;
    let (place, row) = found(&visitor, &tx, &token).await?;
    tx.commit().await?;
    steps::show(&place, &row, step)
}

async fn save(visitor: Visitor, Path((token, step)): Path<(String, String)>, typed: Typed) -> Result<Response, Error> {
    let step = Step::parse(&step).ok_or(Error::NotFound)?;
    let tx = visitor.db.begin().await?;
    let (place, row) = found(&visitor, &tx, &token).await?;
    match step {
        Step::Review => send::send(&place, tx, row, &typed).await,
        _ => steps::save(&place, tx, row, step, &typed).await,
    }
}

/// Once; pressed again it shows what was asked for.
async fn print(visitor: Visitor, Path(token): Path<String>) -> Result<Response, Error> {
    let page = &visitor.page;
    let tx = visitor.db.begin().await?;
    let (place, row) = found(&visitor, &tx, &token).await?;
    let wanted = ContractState::PrintAsked;
    let id = row.request.ok_or(Error::NotFound)?;
    if row.state.may_become(wanted) {
        let request = tx.request_by_id(id).await?;
        if let Guarded::Done(_) = tx.move_contract(row.id, row.version, wanted, page.now()).await? {
            let name = super::answers::Answers::of(&row);
            let said = kit::Step { what: "contract_print_asked", ..kit::Step::of(Actor::Customer, name.get("name")) };
            kit::tell(&tx, page, &request, said).await?;
            let place = Place { feature: Feature::ContractPrintAndPostOnDemand, ..place };
            tx.write_audit(&send::line(&place, &row, &request, wanted.key(), Json::Null)).await?;
            tx.commit().await?;
            return Ok(page.go(&place.root));
        }
    }
    Ok(page.go(&place.root))
}

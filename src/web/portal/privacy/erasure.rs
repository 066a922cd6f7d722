//! The wish to be erased: first what goes and what stays until when, then the password and the one button that cannot be taken back. People
//! at the desk do it; the wish itself changes nothing yet.
use crate::data::{Request, TenantTx};
use crate::domain::features::Feature;
use crate::domain::requests::{RequestKind, RequestState};
use crate::web::kit::erasure::{self, Plan, Said};
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::requests::{self, Asked, Sent};
use crate::web::kit::typed::Typed;
use crate::web::portal::errand;
use crate::web::portal::proof::Proof;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;

#[derive(Serialize)]
struct View {
    goes: Vec<Said>,
    stays: Vec<Said>,
    is_running: bool,
    /// Where the wish stands that was sent already; empty when there is none.
    pending: String,
    handling: String,
    /// For password managers, which look for it beside the password.
    username: String,
    fields: Vec<Field>,
    has_mistakes: bool,
}

pub async fn show(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    if !super::is_owner(&customer).await? {
        return Err(Error::NotFound);
    }
    let tx = customer.db.read().await?;
    let plan = erasure::plan(&tx, customer.id, page.today()).await?;
    let pending = pending(&tx, &customer).await?;
    let username = username(&tx, &customer).await?;
    tx.commit().await?;
    let fields = vec![sure(&customer, ""), proof_field(&customer, &Proof::NotYet)];
    page.show("portal/erasure.html", &View { username, ..view(&customer, &plan, pending.as_ref(), fields) })
}

fn view(customer: &Customer, plan: &Plan, pending: Option<&Request>, fields: Vec<Field>) -> View {
    let page = &customer.page;
    View {
        goes: plan.goes(page),
        stays: plan.stays(page, page.lang()),
        is_running: plan.is_running(),
        pending: pending.map(|one| one.reference.to_string()).unwrap_or_default(),
        username: String::new(),
        handling: errand::handling(page, RequestKind::Erasure, false),
        has_mistakes: fields.iter().any(|field| !field.error.is_empty()),
        fields,
    }
}

fn sure(customer: &Customer, wrong: &str) -> Field {
    Field::check("sure", customer.page.t("erasure-sure"), false).required().wrong(wrong)
}

fn proof_field(customer: &Customer, proof: &Proof) -> Field {
    proof.field(&customer.page).hint(customer.page.t("security-present-hint"))
}

async fn username(tx: &TenantTx, customer: &Customer) -> Result<String, Error> {
    Ok(tx.credentials_of(customer.account).await?.map(|(username, _)| username).unwrap_or_default())
}

async fn pending(tx: &TenantTx, customer: &Customer) -> Result<Option<Request>, Error> {
    let open = tx.open_requests_of(customer.id).await?;
    Ok(open.into_iter().find(|one| one.kind == RequestKind::Erasure))
}

pub async fn send(customer: Customer, mut typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    if !super::is_owner(&customer).await? {
        return Err(Error::NotFound);
    }
    typed.put("step", "send");
    let is_sure = typed.get("sure") == "yes";
    // Guessing a password costs an attempt: the box is looked at first.
    let proof = if is_sure { Proof::of(&customer, &typed).await? } else { Proof::NotYet };
    let tx = customer.db.begin().await?;
    let plan = erasure::plan(&tx, customer.id, page.today()).await?;
    let pending = pending(&tx, &customer).await?;
    if !is_sure || !matches!(proof, Proof::Given) {
        let username = username(&tx, &customer).await?;
        tx.commit().await?;
        let wrong = if is_sure { String::new() } else { page.t("erasure-sure-missing") };
        let fields = vec![sure(&customer, &wrong), proof_field(&customer, &proof)];
        let view = View { username, ..view(&customer, &plan, pending.as_ref(), fields) };
        return Ok(proof.answered(page.show_again("portal/erasure.html", &view)?));
    }
    let request = match pending {
        Some(request) => request,
        None => match requests::send(&customer, &tx, asked(&customer, &tx, &plan).await?).await? {
            Sent::Done(request) | Sent::Before(request) | Sent::Otherwise(request) => request,
        },
    };
    tx.commit().await?;
    Ok(page.go(&format!("/requests/{}?sent=yes", request.reference)))
}

async fn asked(customer: &Customer, tx: &TenantTx, plan: &Plan) -> Result<Asked, Error> {
    let page = &customer.page;
    let goes = plan.goes(page).into_iter().map(|one| json!([one.what, "", one.how]));
    let stays = plan.stays(page, page.lang()).into_iter().map(|one| json!([one.what, "", one.how]));
    let shown: Vec<_> = goes.chain(stays).collect();
    // One wish until it is decided, from however many windows: its key counts those that were refused or taken back.
    let all = tx.requests_of(customer.id, 1_000).await?;
    let before = all.iter().filter(|one| one.kind == RequestKind::Erasure && one.state != RequestState::New).count();
    Ok(Asked {
        kind: RequestKind::Erasure,
        feature: Feature::LoginWithCredentials,
        supply_point: None,
        payload: json!({ "shown": shown, "typed": before }),
        words: String::new(),
        rules_pass: false,
        key: format!("erasure:{}:{before}", customer.id),
    })
}

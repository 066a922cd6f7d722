//! The application behind a request of the queue: what fits, whose log-in there is already, and the decision.
use super::FEATURES;
use crate::data::{Application, ApplicationState, AuditEntry, Guarded, Move, Request, TenantTx};
use crate::domain::access::{Delivery, Proofs};
use crate::domain::features::{Action, Feature};
use crate::domain::requests::{Actor, Reference, RequestKind, RequestState};
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::granting::{self, Grant, way_of};
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::requests::{self as kit, Step};
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value as Json, json};

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::operator(FEATURES, "/operator/requests/{reference}/access")
            .reads(Action::Approve)
            .writes(Action::Approve)
            .get(form)
            .post(approve),
    ]
}

/// As the page of the request shows it.
#[derive(Serialize)]
pub struct Shown {
    /// Whom the data led to; empty when nobody.
    customer: String,
    email: String,
    /// Log-ins the customer has already.
    known: Vec<String>,
    state: String,
    /// Where it is approved; empty when it cannot be.
    href: String,
}

/// None for requests of other kinds.
pub async fn shown(page: &Page, tx: &TenantTx, request: &Request) -> Result<Option<Shown>, Error> {
    if request.kind != RequestKind::Access {
        return Ok(None);
    }
    let Some(application) = tx.application_of_request(request.id).await? else { return Ok(None) };
    let (mut customer, mut known) = (String::new(), Vec::new());
    if let Some(id) = application.customer {
        let person = tx.customer(id).await?;
        customer = format!("{} ({})", person.name, person.number);
        known = tx.accounts_of(id).await?.into_iter().filter(|one| !one.is_disabled).map(|one| one.username).collect();
    }
    let may = application.state == ApplicationState::Desk && page.has_any(FEATURES, Action::Approve);
    Ok(Some(Shown {
        customer,
        email: application.email,
        known,
        state: page.t(&format!("access-state-{}", application.state.key())),
        href: if may {
            format!("{}/operator/requests/{}/access", page.base(), request.reference)
        } else {
            String::new()
        },
    }))
}

#[derive(Serialize)]
struct View {
    reference: String,
    lead: String,
    facts: Vec<Fact>,
    fields: Vec<Field>,
    has_mistakes: bool,
    stale: String,
    version: i32,
}

#[derive(Serialize)]
struct Fact {
    label: String,
    value: String,
    note: String,
}

async fn form(operator: Operator, Path(text): Path<String>) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let (request, application) = found(&tx, &text).await?;
    let number = match application.customer {
        Some(id) => tx.customer(id).await?.number,
        None => String::new(),
    };
    tx.commit().await?;
    page.show("operator/access_approve.html", &view(page, &request, &application, &number, "", ""))
}

async fn found(tx: &TenantTx, text: &str) -> Result<(Request, Application), Error> {
    let reference = Reference::parse(text).map_err(|_| Error::NotFound)?;
    let request = tx.request(reference).await?;
    let application = tx.application_of_request(request.id).await?.ok_or(Error::NotFound)?;
    Ok((request, application))
}

fn view(page: &Page, request: &Request, application: &Application, number: &str, wrong: &str, stale: &str) -> View {
    let shown = request.payload["shown"].as_array().cloned().unwrap_or_default();
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let facts = shown.iter().map(|one| Fact { label: text(&one[0]), value: text(&one[2]), note: text(&one[1]) });
    let field = Field::text("customer", page.t("access-customer")).plain().max(40).required().typed(number);
    View {
        reference: request.reference.to_string(),
        lead: page.t_args(
            &format!("access-approve-{}", delivery(page).key()),
            &[("email", Arg::from(application.email.as_str()))],
        ),
        facts: facts.collect(),
        fields: vec![field.hint(page.t("access-customer-hint")).wrong(wrong)],
        has_mistakes: !wrong.is_empty(),
        stale: stale.to_owned(),
        version: request.version,
    }
}

fn delivery(page: &Page) -> Delivery {
    way_of(page).map_or(Delivery::Email, |way| way.password)
}

/// The log-in is made and sent on its way, once; of two who decide at once one wins.
async fn approve(operator: Operator, Path(text): Path<String>, typed: Typed) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.begin().await?;
    let (request, application) = found(&tx, &text).await?;
    let number = typed.get("customer").trim();
    let again = |wrong: &str| {
        page.show_again("operator/access_approve.html", &view(page, &request, &application, number, wrong, ""))
    };
    if number.is_empty() {
        return again(&page.t("mistake-missing"));
    }
    let Some(person) = tx.customer_of_number(&[number.to_owned()]).await? else {
        return again(&page.t("access-customer-unknown"));
    };
    let password = delivery(page);
    let grant = Grant {
        customer: person.id,
        number: &person.number,
        email: Some(&application.email),
        // What the letter or the link proves is proved when it is used.
        proofs: Proofs::default(),
        language: &application.language,
        username: None,
        password_hash: None,
    };
    let stale = || {
        let view = view(page, &request, &application, number, "", &page.t("queue-conflict"));
        page.show_as(StatusCode::CONFLICT, "operator/access_approve.html", &view)
    };
    let seen = typed.get("version").parse::<i32>().unwrap_or(0);
    let to = Move { state: RequestState::Done, outcome: "", closed_at: Some(page.now()) };
    if application.state != ApplicationState::Desk || !request.state.is_open() {
        return stale();
    }
    let Guarded::Done(_) = tx.move_request(request.id, seen, &to).await? else { return stale() };
    let granted = granting::create(&tx, page, &grant).await?.ok_or(Error::NotFound)?;
    if !tx.grant_application(&application, Some(granted.account)).await? {
        return stale();
    }
    granting::deliver(&tx, page, &grant, &granted, password).await?;
    let step = Step { what: "approve", state: Some(RequestState::Done), ..Step::of(Actor::Staff, &operator.name) };
    kit::tell(&tx, page, &request, step).await?;
    let after = json!({ "account": granted.account, "username": granted.username, "customer": person.number });
    let entry = line(&operator, &format!("request:{}", request.reference), "create_access");
    tx.write_audit(&AuditEntry { after, ..entry }).await?;
    tx.commit().await?;
    Ok(page.go(&format!("/operator/requests/{}", request.reference)))
}

/// A refused request takes its application with it; whoever applied is told, with the reason.
pub async fn refuse(tx: &TenantTx, request: &Request, words: &str) -> Result<(), Error> {
    if request.kind != RequestKind::Access {
        return Ok(());
    }
    let Some(application) = tx.application_of_request(request.id).await? else { return Ok(()) };
    if !tx.refuse_application(&application).await? {
        return Ok(());
    }
    let payload = json!({ "path": "/", "reference": request.reference.to_string(), "reason": words });
    granting::mail(tx, "access_refused", &application.email, &application.language, payload).await
}

pub fn line(operator: &Operator, object: &str, action: &str) -> AuditEntry {
    let page = &operator.page;
    AuditEntry {
        actor_kind: "staff".into(),
        actor: operator.id.to_string(),
        role: page.role().key().into(),
        feature: FEATURES.iter().copied().find(|feature: &Feature| page.tenant().has(*feature)),
        action: action.into(),
        object: object.into(),
        before: Json::Null,
        after: Json::Null,
        request_id: page.request_id().into(),
    }
}

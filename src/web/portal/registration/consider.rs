//! What comes of an application: nothing when the data do not fit, else the next step of the supplier's way.
use super::ground::begun;
use crate::backends::keys::Token;
use crate::data::{AccountRow, Application, ApplicationState, AuditEntry, NewRequest, TenantTx};
use crate::domain::access::{Delivery, Typed, Verdict, Way, compare};
use crate::domain::features::Feature;
use crate::domain::ids::{CustomerId, RequestId};
use crate::domain::requests::{Actor, Reference, RequestKind, RequestState, deadline, term_of};
use crate::web::kit::error::Error;
use crate::web::kit::granting::{self, Grant};
use crate::web::kit::guard::Visitor;
use crate::web::kit::page::Page;
use crate::web::kit::requests::{self as kit, Step};
use serde_json::{Value as Json, json};
use time::Duration;

/// Wrong attempts at one customer's data after which their form is locked, and for how long.
pub const MOST_TRIES: i32 = 5;
pub const LOCKED: Duration = Duration::hours(24);
/// Applications for one customer in a day.
const MOST_A_DAY: u64 = 5;

#[derive(Clone, Debug, Default)]
pub struct Applicant {
    pub data: Typed,
    pub email: String,
}

/// Whether a link in a mail comes first. Where nothing is chosen and nothing else is asked, the password itself goes to that address.
pub fn goes_by_link(way: &Way) -> bool {
    way.extra.is_some() || way.username == Delivery::OwnChoice || way.password != Delivery::Email
}

pub async fn consider(visitor: &Visitor, way: &Way, applicant: Applicant) -> Result<(), Error> {
    let page = &visitor.page;
    let tx = visitor.db.begin().await?;
    let Some(customer) = tx.identify(&applicant.data).await? else { return Ok(()) };
    // Counted before it is compared: of many at once each is.
    let Some(tries) = tx.try_identification(customer, page.now()).await? else { return Ok(()) };
    let verdicts = compare(&applicant.data, &tx.known_of(customer).await?);
    if !verdicts.iter().all(|one| one.fits) {
        if tries >= MOST_TRIES {
            tx.lock_identification(customer, page.now() + LOCKED).await?;
        }
        tx.write_audit(&line(page, customer, "identification_failed", json!({ "tries": tries }))).await?;
        return Ok(tx.commit().await?);
    }
    tx.forget_failed_identifications(customer).await?;
    if let Some(known) = tx.accounts_of(customer).await?.into_iter().find(AccountRow::is_theirs) {
        // Somebody has the log-in already: they are told, and nobody else gets one this way; nor whoever was shut out of theirs.
        if let Some(to) = tx.address_of(known.id).await?.filter(|_| !known.is_disabled) {
            let payload = json!({ "path": "/password", "username": known.username });
            granting::mail(&tx, "registration_known", &to, page.lang().key(), payload).await?;
        }
        tx.write_audit(&line(page, customer, "register_again", Json::Null)).await?;
        return Ok(tx.commit().await?);
    }
    // So many a day, and of those the newest: whoever has the bill floods nobody with mail or codes.
    if tx.begun_applications(customer, page.now() - Duration::DAY).await? >= MOST_A_DAY {
        return Ok(tx.commit().await?);
    }
    tx.end_applications(customer, page.now()).await?;
    if way.by_staff {
        queue(&tx, page, &applicant, &verdicts, Queued::New(Some(customer))).await?;
    } else if goes_by_link(way) {
        let token = Token::random();
        let new = begun(page, ApplicationState::Mailed, Some(customer), &applicant.email);
        tx.add_application(&Application { extra: way.extra, token_hash: Some(token.hash()), ..new }).await?;
        let path = format!("/registration/finish?token={}", token.to_text());
        granting::mail(&tx, "registration_link", &applicant.email, page.lang().key(), json!({ "path": path })).await?;
        tx.write_audit(&line(page, customer, "apply", Json::Null)).await?;
    } else {
        let number = tx.customer(customer).await?.number;
        let grant = Grant {
            customer,
            number: &number,
            email: Some(&applicant.email),
            proofs: Default::default(),
            language: page.lang().key(),
            username: None,
            password_hash: None,
        };
        let granted = granting::create(&tx, page, &grant).await?.ok_or(Error::NotFound)?;
        granting::deliver(&tx, page, &grant, &granted, way.password).await?;
        let account = json!({ "account": granted.account, "username": granted.username });
        tx.write_audit(&line(page, customer, "create_access", account)).await?;
    }
    Ok(tx.commit().await?)
}

/// A form that people look at, whatever fits.
pub async fn ask_people(visitor: &Visitor, way: &Way, applicant: &Applicant) -> Result<Reference, Error> {
    let page = &visitor.page;
    let tx = visitor.db.begin().await?;
    let found = tx.identify(&applicant.data).await?;
    let verdicts = match found {
        Some(customer) => compare(&applicant.data, &tx.known_of(customer).await?),
        None => way.identify_by.iter().map(|what| Verdict { what: *what, fits: false }).collect(),
    };
    let reference = queue(&tx, page, applicant, &verdicts, Queued::New(found)).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok(reference)
}

/// What comes into the queue: a new application of whoever the data led to, or one that was begun before.
pub enum Queued<'a> {
    New(Option<CustomerId>),
    Known(&'a Application),
}

/// Into the queue, with what fits beside what was typed; the applicant gets the number by mail. What fits is for the desk alone. None
/// where the application was moved on meanwhile.
pub async fn queue(
    tx: &TenantTx,
    page: &Page,
    applicant: &Applicant,
    verdicts: &[Verdict],
    queued: Queued<'_>,
) -> Result<Option<Reference>, Error> {
    let (kind, now) = (RequestKind::Access, page.now());
    let mut shown: Vec<Json> = applicant
        .data
        .iter()
        .zip(verdicts)
        .map(|((what, text), verdict)| {
            let said = page.t(if verdict.fits { "identify-fits" } else { "identify-fits-not" });
            json!([page.t(&format!("identify-{}", what.key())), said, text])
        })
        .collect();
    shown.push(json!([page.t("registration-email"), "", applicant.email]));
    let new = NewRequest {
        id: RequestId::new(),
        // Whoever has the customer's number is not the customer yet: nothing of it is shown to or mailed by them.
        customer: None,
        account: None,
        supply_point: None,
        kind,
        year: page.today().year(),
        state: RequestState::New,
        was_immediate: false,
        received_at: now,
        deadline: deadline(page.today(), term_of(kind).decide_days),
        money_deadline: None,
        payload: json!({ "shown": shown, "old": null, "new": null }),
        outcome: String::new(),
        idempotency: format!("access:{}", RequestId::new()),
        closed_at: None,
        language: page.lang().key().to_owned(),
    };
    let crate::data::Added::New(request) = tx.add_request(&new).await? else {
        return Err(Error::Broken("a new key was taken".into()));
    };
    let customer = match queued {
        Queued::New(customer) => {
            let new = begun(page, ApplicationState::Desk, customer, &applicant.email);
            tx.add_application(&Application { request: Some(request.id), ..new }).await?;
            customer
        }
        Queued::Known(application) => {
            if !tx.send_application_to_desk(application, request.id).await? {
                return Ok(None);
            }
            application.customer
        }
    };
    kit::tell(tx, page, &request, Step { what: "received", ..Step::of(Actor::Customer, "") }).await?;
    let payload = json!({ "path": "/", "reference": request.reference.to_string() });
    granting::mail(tx, "access_received", &applicant.email, page.lang().key(), payload).await?;
    let object = json!({ "request": request.reference.to_string() });
    let entry = match customer {
        Some(customer) => line(page, customer, "apply", object),
        None => AuditEntry { object: format!("request:{}", request.reference), ..line_of(page, "apply", object) },
    };
    tx.write_audit(&entry).await?;
    Ok(Some(request.reference))
}

pub fn line(page: &Page, customer: CustomerId, action: &str, after: Json) -> AuditEntry {
    AuditEntry { object: format!("customer:{customer}"), ..line_of(page, action, after) }
}

fn line_of(page: &Page, action: &str, after: Json) -> AuditEntry {
    AuditEntry {
        actor_kind: "visitor".into(),
        actor: String::new(),
        role: page.role().key().into(),
        feature: feature_of(page),
        action: action.into(),
        object: String::new(),
        before: Json::Null,
        after,
        request_id: page.request_id().into(),
    }
}

/// The first of the ways that is on.
fn feature_of(page: &Page) -> Option<Feature> {
    crate::domain::access::ON_LINE.iter().copied().find(|feature| page.tenant().has(*feature))
}

//! Terms of use: for anybody to read, and for who has an account to accept. Who has not accepted the newest version may read everything; what
//! asks for something is accepted before (see the guard of customers).
use crate::backends::sessions::Session;
use crate::data::{AuditEntry, TermsVersion};
use crate::domain::features::{Action, Feature};
use crate::tenancy::{Arg, Lang};
use crate::web::kit::access::{encode, safe_next};
use crate::web::kit::doors;
use crate::web::kit::error::Error;
use crate::web::kit::guard::{Customer, Visitor};
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;

const FEATURES: &[Feature] = &[Feature::LoginWithCredentials];
const PATH: &str = "/account/terms";

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::visitor(&[], "/terms").get(read),
        Slice::customer(FEATURES, PATH).own().writes(Action::View).get(show).post(accept),
    ]
}

#[derive(Serialize)]
struct View {
    /// Empty while none is in force.
    version: String,
    paragraphs: Vec<String>,
    /// When they were accepted; empty while they are not, and for strangers.
    accepted: String,
    is_asked: bool,
    number: i32,
    next: String,
}

#[derive(Deserialize)]
struct Wanted {
    next: Option<String>,
}

fn view(page: &Page, terms: Option<TermsVersion>) -> View {
    let Some(terms) = terms else {
        let (version, accepted, next) = (String::new(), String::new(), String::new());
        return View { version, paragraphs: Vec::new(), accepted, is_asked: false, number: 0, next };
    };
    let args = [("number", Arg::from(i64::from(terms.number))), ("day", Arg::from(page.date(terms.valid_from)))];
    let text = match page.lang() {
        Lang::En if !terms.text_en.is_empty() => terms.text_en,
        _ => terms.text_cs,
    };
    View {
        version: page.t_args("terms-version", &args),
        paragraphs: text.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect(),
        accepted: String::new(),
        is_asked: false,
        number: terms.number,
        next: String::new(),
    }
}

async fn read(visitor: Visitor) -> Result<Response, Error> {
    let tx = visitor.db.read().await?;
    let terms = tx.terms_in_force(visitor.page.today()).await?;
    tx.commit().await?;
    visitor.page.show("portal/terms.html", &view(&visitor.page, terms))
}

async fn show(customer: Customer, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let terms = tx.terms_in_force(page.today()).await?;
    let accepted = match &terms {
        Some(terms) => tx.acceptance_of_terms(customer.account, terms.number).await?,
        None => None,
    };
    tx.commit().await?;
    let is_asked = terms.is_some() && accepted.is_none();
    let next = safe_next(wanted.next.as_deref()).unwrap_or("").to_owned();
    let accepted = accepted.map(|at| page.t_args("terms-accepted", &[("at", Arg::from(page.moment(at)))]));
    let view = View { is_asked, next, accepted: accepted.unwrap_or_default(), ..view(page, terms) };
    page.show("portal/terms.html", &view)
}

/// A version that was read and is not the newest any more is asked for anew.
async fn accept(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let next = safe_next(Some(typed.get("next"))).unwrap_or("/dashboard").to_owned();
    let tx = customer.db.begin().await?;
    let owed = tx.owed_terms(customer.account, page.today()).await?;
    let Some(number) = owed else { return Ok(page.go(&next)) };
    if typed.get("number") != number.to_string() {
        return Ok(page.go(&format!("{PATH}?next={}", encode(&next))));
    }
    if !tx.accept_terms(customer.account, number, page.now()).await? {
        return Ok(page.go(&next));
    }
    tx.write_audit(&AuditEntry {
        actor_kind: "customer".into(),
        actor: customer.account.to_string(),
        role: page.role().key().into(),
        feature: Some(Feature::LoginWithCredentials),
        action: "accept_terms".into(),
        object: format!("account:{}", customer.account),
        before: serde_json::Value::Null,
        after: json!({ "version": number }),
        request_id: page.request_id().into(),
    })
    .await?;
    // The session remembers what is owed: it is begun anew, unless it was ended meanwhile.
    let (session, key) = page.session().cloned().zip(page.session_key()).ok_or(Error::NotFound)?;
    let session = Session { owes_terms: false, ..session };
    let is_alive = tx.delete_session(&key).await?;
    let held = tx.touch_login(customer.account, None, page.now()).await?;
    let opened = match held {
        Some(held) if is_alive => Some(doors::open(page, &tx, &session, Some(held)).await?),
        _ => None,
    };
    tx.commit().await?;
    page.services().sessions.end(page.tenant().id, &key).await;
    match opened {
        Some(opened) => Ok(opened.answer(page, session, &next).await),
        None => Ok(page.go("/login")),
    }
}

//! One signed contract: whose, how far its access is, and what may be done next.
use super::{access, account, found, state};
use crate::backends::keys::Token;
use crate::data::Signing;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::qr;
use axum::extract::Path;
use axum::response::Response;
use serde::Serialize;
use uuid::Uuid;

#[derive(Serialize)]
struct View {
    id: String,
    contract: String,
    facts: Vec<Fact>,
    acts: Vec<Act>,
    /// What to do first, in a sentence.
    next: String,
}

#[derive(Serialize)]
struct Fact {
    label: String,
    value: String,
    note: String,
}

#[derive(Serialize)]
struct Act {
    key: &'static str,
    label: String,
    kind: &'static str,
}

pub async fn show(operator: Operator, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let signing = found(&operator, &tx, id).await?;
    let person = tx.customer(signing.customer).await?;
    let known = account(&tx, &signing).await?;
    tx.commit().await?;
    let fact = |key: &str, value: String| Fact { label: page.t(key), value, note: String::new() };
    let mut facts = vec![
        fact("signing-number", person.number.clone()),
        fact("signing-name", person.name.clone()),
        fact("signing-email", signing.email.clone().unwrap_or_else(|| page.t("signing-no-email"))),
        fact("signing-signed_on", page.date(signing.signed_on)),
        fact("signing-wish", page.t(&format!("signing-wish-{}", signing.wish.key()))),
        fact("signing-state", state(page, &known).0),
    ];
    if let Some(one) = known.as_ref().filter(|_| !super::is_limited(&operator)) {
        facts.push(fact("signing-username", one.username.clone()));
    }
    let acts = access::acts(&operator, &signing, &known);
    let next = acts.first().map(|act| page.t(&format!("signing-next-{act}"))).unwrap_or_default();
    let act = |(at, key): (usize, &'static str)| Act {
        key,
        label: page.t(&format!("signing-act-{key}")),
        kind: if at == 0 { "primary" } else { "" },
    };
    let view = View {
        id: signing.id.to_string(),
        contract: signing.contract_number.clone(),
        facts,
        acts: acts.into_iter().enumerate().map(act).collect(),
        next,
    };
    page.show("operator/signing_one.html", &view)
}

#[derive(Serialize)]
struct Handing {
    id: String,
    /// The portal's own page for the customer.
    url: String,
    code: String,
}

/// What is turned towards the customer: a code for their telephone, and a way to open it here.
pub fn handing(page: &Page, signing: &Signing, token: &Token) -> Result<Response, Error> {
    let url = page.tenant().url(&format!("/registration/finish?token={}", token.to_text()));
    let code = qr::svg(&url, &page.t("signing-hand-code")).unwrap_or_default();
    page.show("operator/signing_hand.html", &Handing { id: signing.id.to_string(), url, code })
}

//! What a supplier wants proved before more may be done: why, by which ways, and on to what was meant.
mod by_letter;
mod by_link;
mod by_text;

use super::opened;
use crate::data::{AuditEntry, LetterKind, LetterState, TenantTx};
use crate::domain::access::{Class, Proof};
use crate::domain::features::{Action, Feature};
use crate::tenancy::Arg;
use crate::web::kit::access::{assurance, encode, safe_next};
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::extract::Query;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;

const FEATURES: &[Feature] = &[Feature::LoginWithCredentials];
const TEMPLATE: &str = "portal/assurance.html";

pub fn slices() -> Vec<Slice> {
    let own = |path| Slice::customer(FEATURES, path).own().writes(Action::View);
    vec![
        own("/account/assurance").get(show),
        own("/account/assurance/email").post(by_link::send),
        own("/account/assurance/link").get(by_link::look).post(by_link::confirm),
        own("/account/assurance/sms").post(by_text::send),
        own("/account/assurance/code").post(by_text::enter),
        own("/account/assurance/letter").post(by_letter::order),
        own("/account/assurance/letter-code").post(by_letter::enter),
    ]
}

/// For what, and where to afterwards. Both travel with every form of the page.
struct Goal {
    class: Class,
    next: String,
}

impl Goal {
    fn of(page: &Page, typed: &Typed) -> Goal {
        let next = safe_next(Some(typed.get("next")).filter(|next| !next.is_empty())).unwrap_or("/dashboard");
        let next = next.strip_prefix(page.base()).filter(|rest| rest.starts_with('/')).unwrap_or(next);
        Goal { class: Class::parse(typed.get("for")).unwrap_or(Class::Contract), next: next.to_owned() }
    }
    fn href(&self, sent: &str) -> String {
        format!("{}&sent={sent}", assurance("", self.class, &self.next))
    }
    fn query(&self) -> String {
        format!("for={}&next={}", self.class.key(), encode(&self.next))
    }
}

#[derive(Default, Serialize)]
struct View {
    class: &'static str,
    next: String,
    why: String,
    wanted: String,
    done: String,
    refused: String,
    /// Fields with something wrong about them.
    mistakes: Vec<Field>,
    /// Each empty where that way is not there or would not do.
    email: String,
    phone: String,
    text_code: Vec<Field>,
    letter: String,
    may_order: bool,
    letter_code: Vec<Field>,
    branch: Vec<String>,
    visit: bool,
}

/// What was wrong, of a code by text and of one by letter.
#[derive(Default)]
struct Wrong {
    text: String,
    letter: String,
    refused: String,
}

async fn show(customer: Customer, Query(typed): Query<Typed>) -> Result<Response, Error> {
    let page = &customer.page;
    let goal = Goal::of(page, &typed);
    let done = match typed.get("sent") {
        "email" => page.t("assurance-sent-email"),
        "sms" => page.t("assurance-sent-sms"),
        "letter" => page.t("assurance-sent-letter"),
        _ => String::new(),
    };
    match view(&customer, &goal, Wrong::default()).await? {
        Some(view) => page.show(TEMPLATE, &View { done, ..view }),
        None => Ok(page.go(&goal.next)),
    }
}

/// The page again, with what was wrong.
async fn again(customer: &Customer, goal: &Goal, wrong: Wrong) -> Result<Response, Error> {
    match view(customer, goal, wrong).await? {
        Some(view) => customer.page.show_again(TEMPLATE, &view),
        None => Ok(customer.page.go(&goal.next)),
    }
}

/// None where nothing is missing any more.
async fn view(customer: &Customer, goal: &Goal, wrong: Wrong) -> Result<Option<View>, Error> {
    let page = &customer.page;
    let proofs = page.session().map(|session| session.proofs).unwrap_or_default();
    let Some(wanted) = page.tenant().document.assurance.missing(goal.class, proofs) else { return Ok(None) };
    let tx = customer.db.read().await?;
    let person = tx.customer(customer.id).await?;
    let email = if wanted == Proof::Email { tx.address_of(customer.account).await? } else { None };
    let letters = tx.access_letters_of(customer.account).await?;
    tx.commit().await?;
    let letters: Vec<_> = letters
        .iter()
        .filter(|one| one.kind == LetterKind::Code && one.customer == customer.id && one.state != LetterState::Void)
        .filter(|one| one.used_at.is_none() && one.expires_at.is_none_or(|end| end > page.now()))
        .collect();
    let letter = match letters.first() {
        Some(one) => match one.posted_on {
            Some(day) => page.t_args("assurance-letter-posted", &[("day", Arg::from(page.date(day)))]),
            None => page.t("assurance-letter-waiting"),
        },
        None => page.t("assurance-letter-none"),
    };
    let is_recent = |at| page.now() - at < by_letter::APART;
    let code = |name: &str, label: &str, wrong: String| {
        Field::text(name, page.t(label)).plain().autocomplete("one-time-code").max(20).required().wrong(wrong)
    };
    let (by_text, by_letter) = (wanted <= Proof::Sms && person.phone.is_some(), wanted <= Proof::Letter);
    let text_code: Vec<Field> = by_text.then(|| code("code", "assurance-code", wrong.text)).into_iter().collect();
    let letter_code = by_letter.then(|| code("letter_code", "assurance-letter-code", wrong.letter));
    let letter_code: Vec<Field> = letter_code.into_iter().collect();
    let contact = &page.tenant().document.contact;
    Ok(Some(View {
        class: goal.class.key(),
        next: goal.next.clone(),
        why: page.t(&format!("assurance-why-{}", goal.class.key())),
        wanted: page.t(&format!("assurance-needed-{}", wanted.key())),
        done: String::new(),
        mistakes: [&text_code, &letter_code]
            .into_iter()
            .flatten()
            .filter(|field| !field.error.is_empty())
            .cloned()
            .collect(),
        refused: wrong.refused,
        email: email.as_deref().map(masked).unwrap_or_default(),
        phone: person.phone.as_deref().filter(|_| by_text).map(masked).unwrap_or_default(),
        text_code,
        letter: if by_letter { letter } else { String::new() },
        may_order: by_letter && !letters.iter().any(|one| is_recent(one.created_at)),
        letter_code,
        branch: [contact.address.as_str(), contact.hours.get(page.lang()), contact.phone.as_str()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .collect(),
        visit: page.offers(Feature::BookOfficeVisit),
    }))
}

/// Enough to know one's own by.
fn masked(address: &str) -> String {
    let end = address.find('@').unwrap_or(address.len().saturating_sub(3));
    let start: String = address.chars().take(if address.starts_with('+') { 4 } else { 2 }).collect();
    format!("{start}…{}", address.get(end..).unwrap_or_default())
}

/// It is proved: kept, told to the session under a new token, and on to what was meant.
async fn proved(customer: &Customer, tx: TenantTx, proof: Proof, goal: &Goal) -> Result<Response, Error> {
    let page = &customer.page;
    let proofs = tx.prove(customer.account, customer.id, proof).await?;
    tx.write_audit(&line(customer, "prove", proof)).await?;
    let mut session = page.session().cloned().ok_or(Error::NotFound)?;
    session.proofs = proofs;
    session.owes_terms = tx.owed_terms(customer.account, page.today()).await?.is_some();
    opened::go_on(page, tx, session, &goal.next).await
}

fn line(customer: &Customer, action: &str, proof: Proof) -> AuditEntry {
    AuditEntry {
        actor_kind: "customer".into(),
        actor: customer.account.to_string(),
        role: customer.page.role().key().into(),
        feature: Some(Feature::LoginWithCredentials),
        action: action.into(),
        object: format!("account:{}", customer.account),
        before: serde_json::Value::Null,
        after: json!({ "proof": proof.key(), "customer": customer.id }),
        request_id: customer.page.request_id().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn an_address_is_shown_as_much_as_its_owner_needs() {
        assert_eq!(masked("jana.novakova@example.cz"), "ja…@example.cz");
        assert_eq!(masked("+420 600 001 234"), "+420…234");
        assert_eq!(masked(""), "…");
    }
}

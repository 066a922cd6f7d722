//! A question, answered in a thread; and the complaint about a settlement, with its own clock.
use super::errand::{self, Errand, Next, Typed};
use super::id::Id;
use super::requests::LONGEST;
use crate::domain::features::{Action, Feature};
use crate::domain::ids::InvoiceId;
use crate::domain::requests::RequestKind;
use crate::domain::typed;
use crate::web::kit::attachments;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::requests::Asked;
use crate::web::kit::slices::Slice;
use axum::response::Response;
use serde_json::{Value as Json, json};

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(&[Feature::AskQuestion], "/questions/new").get(question).post(ask),
        // Whoever may see a settlement may complain about it.
        Slice::customer(&[Feature::InfoSettlements], "/settlements/{id}/complaint")
            .writes(Action::View)
            .get(complaint)
            .post(complain),
    ]
}

async fn question(customer: Customer) -> Result<Response, Error> {
    errand::ask(&customer.page, errand(&customer.page, RequestKind::Question, "/questions/new", &Typed::default()).0)
}

async fn ask(customer: Customer, typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let found = errand(page, RequestKind::Question, "/questions/new", &typed);
    finish(&customer, RequestKind::Question, Feature::AskQuestion, typed, found, Json::Null).await
}

async fn complaint(customer: Customer, Id(id): Id) -> Result<Response, Error> {
    let (errand, _, _) = about_bill(&customer, InvoiceId(id), &Typed::default()).await?;
    errand::ask(&customer.page, errand)
}

async fn complain(customer: Customer, Id(id): Id, typed: Typed) -> Result<Response, Error> {
    let (errand, words, number) = about_bill(&customer, InvoiceId(id), &typed).await?;
    let about = json!({ "invoice": id.to_string(), "number": number });
    finish(&customer, RequestKind::Complaint, Feature::InfoSettlements, typed, (errand, words), about).await
}

async fn about_bill(
    customer: &Customer,
    id: InvoiceId,
    typed: &Typed,
) -> Result<(Errand, Option<[String; 2]>, String), Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let invoice = tx.invoice(customer.id, id).await?;
    tx.commit().await?;
    super::offered::Offered::of(page).admit(invoice.commodity)?;
    let (errand, words) = errand(page, RequestKind::Complaint, &format!("/settlements/{id}/complaint"), typed);
    let errand = errand
        .fact(page.t("settlement-number"), invoice.number.as_str())
        .fact(page.t("invoice-period"), page.period(invoice.period_from, invoice.period_to))
        .fact(page.t("settlement-total"), page.money(invoice.total));
    Ok((Errand { back: format!("/settlements/{id}"), ..errand }, words, invoice.number))
}

/// Subject and words.
fn errand(page: &Page, kind: RequestKind, path: &str, typed: &Typed) -> (Errand, Option<[String; 2]>) {
    let is_shown_again = !typed.get("step").is_empty();
    let checked = |found: Result<String, typed::TextError>| match found {
        Ok(text) if text.is_empty() => Err(page.t("mistake-missing")),
        other => other.map_err(|error| page.text_mistake(error)),
    };
    let subject = checked(typed::text(typed.get("subject"), 120));
    let words = checked(typed::long_text(typed.get("words"), LONGEST));
    let wrong = |found: &Result<String, String>| found.clone().err().filter(|_| is_shown_again).unwrap_or_default();
    let word = if kind == RequestKind::Complaint { "complaint" } else { "question" };
    let mut errand = Errand::new(page, word, path, "/requests").handled(page, kind, false);
    errand.fields = vec![
        Field::text("subject", page.t("question-subject"))
            .max(120)
            .required()
            .typed(typed.get("subject"))
            .wrong(wrong(&subject)),
        Field::long("words", page.t("question-words"))
            .hint(page.t("question-words-hint"))
            .max(LONGEST)
            .required()
            .typed(typed.get("words"))
            .wrong(wrong(&words)),
    ];
    let hint = if kind == RequestKind::Complaint { "attachment-complaint" } else { "attachment-question" };
    errand.files = Some(attachments::field(page, hint));
    let (Ok(subject), Ok(words)) = (subject, words) else { return (errand, None) };
    let errand =
        errand.fact(page.t("question-subject"), subject.as_str()).fact(page.t("question-words"), words.as_str());
    (errand, Some([subject, words]))
}

async fn finish(
    customer: &Customer,
    kind: RequestKind,
    feature: Feature,
    typed: Typed,
    (errand, found): (Errand, Option<[String; 2]>),
    about: Json,
) -> Result<Response, Error> {
    if let Next::Show(page) = errand::next(&customer.page, &typed, errand)? {
        return Ok(*page);
    }
    let [subject, words] = found.ok_or_else(|| Error::Broken("a form without mistakes has values".into()))?;
    let shown = json!([[customer.page.t("question-subject"), "", subject]]);
    let payload = json!({ "shown": shown, "subject": subject, "about": about });
    let asked = Asked { kind, feature, supply_point: None, payload, words, rules_pass: false, key: typed.key() };
    let tx = customer.db.begin().await?;
    errand::send(customer, tx, &typed, asked).await
}

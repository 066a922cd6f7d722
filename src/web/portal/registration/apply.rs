//! The form: what stands on a bill, and the address to answer to.
use super::consider::{self, Applicant};
use super::ground::{Said, gone, identifier_field, say};
use crate::domain::access::{Way, bare};
use crate::domain::typed;
use crate::web::kit::doors::{self, Refusal};
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::granting::way_of;
use crate::web::kit::guard::Visitor;
use crate::web::kit::page::Page;
use crate::web::kit::typed::Typed;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;

/// Letters of one answer that are looked at.
const LONGEST: usize = 80;

#[derive(Serialize)]
struct View {
    lead: String,
    /// How it goes on, in the order it happens.
    steps: Vec<String>,
    fields: Vec<Field>,
    has_mistakes: bool,
    refused: String,
}

pub async fn form(visitor: Visitor) -> Result<Response, Error> {
    let page = &visitor.page;
    let Some(way) = way_of(page) else { return Err(Error::NotFound) };
    page.show("portal/registration.html", &view(page, &way, &Typed::default(), None, ""))
}

/// `mistakes`: none where nothing was typed yet.
fn view(page: &Page, way: &Way, typed: &Typed, mistakes: Option<&Found>, refused: &str) -> View {
    let wrong = |name: &str| {
        let found = mistakes.and_then(|found| found.mistakes.iter().find(|(field, _)| *field == name));
        found.map(|(_, sentence)| sentence.clone()).unwrap_or_default()
    };
    let mut fields: Vec<Field> = way
        .identify_by
        .iter()
        .map(|what| identifier_field(page, *what, typed.get(what.key())).wrong(wrong(what.key())))
        .collect();
    let email = Field::email("email", page.t("registration-email")).hint(page.t("registration-email-hint"));
    fields.push(email.max(254).required().typed(typed.get("email")).wrong(wrong("email")));
    View {
        lead: page.t(if way.by_staff { "registration-lead-staff" } else { "registration-lead" }),
        steps: steps(page, way),
        has_mistakes: mistakes.is_some_and(|found| !found.mistakes.is_empty()),
        fields,
        refused: refused.to_owned(),
    }
}

/// What will happen, said before anything is typed.
fn steps(page: &Page, way: &Way) -> Vec<String> {
    use crate::domain::access::{Delivery, Extra};
    let mut steps = vec!["registration-step-data"];
    if way.by_staff {
        steps.push("registration-step-staff");
    } else if consider::goes_by_link(way) {
        steps.push("registration-step-link");
    }
    match way.extra {
        Some(Extra::Sms) => steps.push("registration-step-sms"),
        Some(Extra::Operator) => steps.push("registration-step-staff"),
        Some(Extra::Letter) | None => {}
    }
    steps.push(match (way.extra, way.password) {
        (Some(Extra::Letter), _) | (_, Delivery::RegisteredLetter) => "registration-step-letter",
        (_, Delivery::Email) => "registration-step-mailed",
        (_, Delivery::Handover) => "registration-step-activation",
        (_, Delivery::OwnChoice) => "registration-step-own",
    });
    steps.into_iter().map(|key| page.t(key)).collect()
}

struct Found {
    applicant: Applicant,
    /// By the name of the field.
    mistakes: Vec<(&'static str, String)>,
}

fn read(page: &Page, way: &Way, typed: &Typed) -> Found {
    let mut found = Found { applicant: Applicant::default(), mistakes: Vec::new() };
    for what in &way.identify_by {
        match typed::text(typed.get(what.key()), LONGEST) {
            Ok(text) if text.is_empty() => found.mistakes.push((what.key(), page.t("mistake-missing"))),
            Ok(text) => found.applicant.data.push((*what, text)),
            Err(error) => found.mistakes.push((what.key(), page.text_mistake(error))),
        }
    }
    match typed::email(typed.get("email")) {
        Ok(email) => found.applicant.email = email,
        Err(error) => found.mistakes.push(("email", page.email_mistake(error))),
    }
    found
}

pub async fn submit(visitor: Visitor, typed: Typed) -> Result<Response, Error> {
    let page = &visitor.page;
    let Some(way) = way_of(page) else { return gone(page) };
    let found = read(page, &way, &typed);
    if !found.mistakes.is_empty() {
        return page.show_again("portal/registration.html", &view(page, &way, &typed, Some(&found), ""));
    }
    // Counted for the number that leads, whether it is anybody's or not: the answer to too many says nothing.
    let leading = found.applicant.data.iter().find(|(what, _)| what.leads()).map(|(_, text)| bare(text));
    let key = format!("registration:{}", leading.unwrap_or_default());
    if let Err(wait) = page.services().throttle.reserve(page.tenant().id, &key, page.peer()).await {
        let refused = doors::sentence(page, Refusal::TooMany(wait.0));
        let view = view(page, &way, &typed, None, &refused);
        let mut response = page.show_as(StatusCode::TOO_MANY_REQUESTS, "portal/registration.html", &view)?;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.0.as_secs().max(1)));
        return Ok(response);
    }
    if way.by_staff && !way.must_match {
        // People will look at it, so there is something to say at once: the number to ask by.
        let reference = consider::ask_people(&visitor, &way, &found.applicant).await?;
        let said = Said {
            title: page.t("registration-received-title"),
            tone: "ok",
            sentences: vec![page.t("registration-received"), page.t("registration-received-mail")],
            reference: reference.to_string(),
            has_login: false,
        };
        return say(page, &said);
    }
    let sent =
        [("registration-sent"), (if way.by_staff { "registration-sent-staff" } else { "registration-sent-more" })];
    let said = Said {
        title: page.t("registration-sent-title"),
        tone: "ok",
        sentences: sent.map(|key| page.t(key)).into(),
        ..Said::default()
    };
    let answer = say(page, &said)?;
    // Afterwards: how long it takes to answer says nothing about whether the data fit.
    tokio::spawn(async move {
        if let Err(error) = consider::consider(&visitor, &way, found.applicant).await {
            tracing::error!(%error, request_id = visitor.page.request_id(), "a registration was not considered");
        }
    });
    Ok(answer)
}

//! One step after another: shown as it was left, kept as it is typed, mistakes at their fields; then everything at once, to be looked over.
use super::answers::{Answers, with_offer};
use super::fields::{self, Wrong};
use super::{Place, Typed};
use crate::data::{ContractRow, Guarded, TenantTx};
use crate::domain::contracts::{ContractState, Step, problems};
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

#[derive(Serialize)]
struct Mark {
    label: String,
    is_done: bool,
    is_current: bool,
}

#[derive(Serialize)]
struct StepView {
    title: String,
    lead: String,
    marks: Vec<Mark>,
    fields: Vec<Field>,
    has_mistakes: bool,
    /// Somebody saved this contract from another window meanwhile.
    is_late: bool,
    version: i32,
    action: String,
    previous: String,
    next: String,
}

#[derive(Serialize)]
struct ReviewView {
    marks: Vec<Mark>,
    parts: Vec<Part>,
    /// All steps but this one are right.
    is_ready: bool,
    is_late: bool,
    fields: Vec<Field>,
    has_mistakes: bool,
    version: i32,
    action: String,
    previous: String,
}

/// One step as it was filled in, with what is still wrong in it.
#[derive(Serialize)]
pub struct Part {
    pub title: String,
    pub facts: Vec<Fact>,
    pub mistakes: Vec<String>,
    pub href: String,
}

#[derive(Serialize)]
pub struct Fact {
    pub label: String,
    pub value: String,
    pub note: String,
}

pub fn title(place: &Place<'_>, step: Step) -> String {
    place.page.t(&format!("contract-step-{}", step.key()))
}

fn wrong_in(place: &Place<'_>, answers: &Answers, step: Step) -> Wrong {
    let draft = answers.draft(place.page);
    with_offer(place.page, |offer| problems(&draft, offer, step))
}

fn marks(place: &Place<'_>, answers: &Answers, current: Step) -> Vec<Mark> {
    let mark = |step: Step| Mark {
        label: title(place, step),
        is_done: step != Step::Review && wrong_in(place, answers, step).is_empty(),
        is_current: step == current,
    };
    Step::ALL.map(mark).into()
}

fn neighbour(step: Step, by: isize) -> Option<Step> {
    let at = Step::ALL.iter().position(|one| *one == step)?;
    Step::ALL.get(at.checked_add_signed(by)?).copied()
}

/// The first step that is not right yet.
pub fn unfinished(place: &Place<'_>, row: &ContractRow) -> Step {
    let answers = Answers::of(row);
    let wrong = |step: &Step| !wrong_in(place, &answers, *step).is_empty();
    Step::ALL.into_iter().find(wrong).unwrap_or(Step::Review)
}

pub fn show(place: &Place<'_>, row: &ContractRow, step: Step) -> Result<Response, Error> {
    let page = place.page;
    if row.state != ContractState::Draft {
        return Ok(page.go(&place.root));
    }
    let answers = Answers::of(row);
    match step {
        Step::Review => review(place, &answers, row.version, &Wrong::new(), StatusCode::OK),
        _ => form(place, &answers, row.version, step, &Wrong::new(), StatusCode::OK),
    }
}

fn form(
    place: &Place<'_>,
    answers: &Answers,
    version: i32,
    step: Step,
    wrong: &Wrong,
    status: StatusCode,
) -> Result<Response, Error> {
    let page = place.page;
    let step_href = |step: Step| place.href(&format!("/{}", step.key()));
    let view = StepView {
        title: title(place, step),
        lead: page.t(&format!("contract-lead-{}", step.key())),
        marks: marks(place, answers, step),
        fields: fields::fields(page, answers, wrong, step),
        has_mistakes: !wrong.is_empty(),
        is_late: status == StatusCode::CONFLICT,
        version,
        action: step_href(step),
        previous: neighbour(step, -1).map(step_href).unwrap_or_default(),
        next: neighbour(step, 1).map(step_href).unwrap_or_default(),
    };
    page.show_as(status, "portal/contract_step.html", &view)
}

pub fn review(
    place: &Place<'_>,
    answers: &Answers,
    version: i32,
    wrong: &Wrong,
    status: StatusCode,
) -> Result<Response, Error> {
    let page = place.page;
    let parts = parts(place, answers);
    let view = ReviewView {
        marks: marks(place, answers, Step::Review),
        is_ready: parts.iter().all(|part| part.mistakes.is_empty()),
        parts,
        is_late: status == StatusCode::CONFLICT,
        fields: fields::fields(page, answers, wrong, Step::Review),
        has_mistakes: wrong.iter().any(|(field, _)| field.step() == Step::Review),
        version,
        action: place.href("/review"),
        previous: place.href("/payment"),
    };
    page.show_as(status, "portal/contract_review.html", &view)
}

/// Every step but the last.
pub fn parts(place: &Place<'_>, answers: &Answers) -> Vec<Part> {
    let page = place.page;
    let fact = |(label, value)| Fact { label, value, note: String::new() };
    let part = |step: Step| Part {
        title: title(place, step),
        facts: fields::facts(page, answers, step).into_iter().map(fact).collect(),
        mistakes: wrong_in(place, answers, step)
            .into_iter()
            .map(|(field, problem)| {
                format!("{}: {}", fields::label(page, field.key()), fields::mistake(page, field, problem))
            })
            .collect(),
        href: place.href(&format!("/{}", step.key())),
    };
    Step::ALL.into_iter().filter(|step| *step != Step::Review).map(part).collect()
}

/// Kept whatever is wrong with it; on to the next step when nothing is.
pub async fn save(
    place: &Place<'_>,
    tx: TenantTx,
    row: ContractRow,
    step: Step,
    typed: &Typed,
) -> Result<Response, Error> {
    let page = place.page;
    if row.state != ContractState::Draft {
        return Ok(page.go(&place.root));
    }
    let before = Answers::of(&row);
    let mut answers = before.clone();
    answers.take(step, typed);
    let mut version = row.version;
    // The same form sent twice is kept once.
    if answers != before {
        let seen = typed.get("version").parse().unwrap_or_default();
        let kept = tx.save_contract(row.id, seen, &answers.json(), &answers.email(), page.now()).await?;
        match kept {
            Guarded::Done(now) => version = now,
            Guarded::Stale(now) if now.state != ContractState::Draft => return Ok(page.go(&place.root)),
            Guarded::Stale(now) => {
                return form(place, &answers, now.version, step, &Wrong::new(), StatusCode::CONFLICT);
            }
        }
        tx.commit().await?;
    }
    let wrong = wrong_in(place, &answers, step);
    match neighbour(step, 1) {
        Some(next) if wrong.is_empty() => Ok(page.go(&format!("{}/{}", place.root, next.key()))),
        _ => form(place, &answers, version, step, &wrong, StatusCode::UNPROCESSABLE_ENTITY),
    }
}

//! How this month's prompts for readings do: how many went out, how many meters were read since.
use crate::data::TenantTx;
use crate::domain::calendar::month_start;
use crate::domain::features::Feature;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use axum::response::Response;
use serde::Serialize;

pub const FEATURES: &[Feature] = &[Feature::ReadingMonthlyEmailPrompt];

pub fn slices() -> Vec<Slice> {
    vec![Slice::operator(FEATURES, "/operator/reading-prompts").get(show)]
}

#[derive(Serialize)]
struct View {
    month: String,
    rhythm: String,
    facts: Vec<Fact>,
}

#[derive(Serialize)]
struct Fact {
    label: String,
    value: String,
    note: String,
}

async fn show(operator: Operator) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let facts = facts(page, &tx).await?;
    tx.commit().await?;
    let parameters = &page.tenant().document.parameters;
    let rhythm =
        [("day", Arg::from(parameters.reading_prompt_day)), ("days", Arg::from(parameters.reading_reminder_days))];
    let view = View { month: page.month(page.today()), rhythm: page.t_args("prompts-rhythm", &rhythm), facts };
    page.show("operator/reading_prompts.html", &view)
}

async fn facts(page: &Page, tx: &TenantTx) -> Result<Vec<Fact>, Error> {
    let today = page.today();
    let month = month_start(today, 0);
    let start = |kind: &str| format!("{kind}:{}-{:02}:", month.year(), u8::from(month.month()));
    let asked = tx.asked_on(&start("reading_prompt")).await?;
    let states = tx.states_of_messages(&start("reading_prompt")).await?;
    let reminded = tx.asked_on(&start("reading_reminder")).await?.len();
    let all = tx.promptable(today, month).await?;
    let filled = all.iter().filter(|one| one.has_reading && asked.contains_key(&one.customer.to_string())).count();
    let count = |state: &str| states.iter().filter(|one| *one == state).count();
    let fact = |key: &str, number: usize, of: Option<usize>| Fact {
        label: page.t(key),
        value: page.whole(i64::try_from(number).unwrap_or(i64::MAX)),
        note: match of {
            Some(of) if of > 0 => format!("{} %", number * 100 / of),
            _ => String::new(),
        },
    };
    Ok(vec![
        fact("prompts-customers", all.len(), None),
        fact("prompts-asked", asked.len(), None),
        fact("prompts-sent", count("sent"), Some(asked.len())),
        fact("prompts-failed", count("failed"), Some(asked.len())),
        fact("prompts-filled", filled, Some(asked.len())),
        fact("prompts-reminded", reminded, Some(asked.len())),
    ])
}

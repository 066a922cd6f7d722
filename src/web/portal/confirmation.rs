//! The confirmation of a request on the supplier's paper: the same number, values and steps as its page.
use super::documents;
use super::requests::{self, FEATURES};
use crate::backends::documents::{Align, Block, Column, Letter, Row, Table, letter_pdf};
use crate::data::{Request, RequestEvent};
use crate::domain::customers::Customer as Person;
use crate::domain::requests::{Reference, RequestState};
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::requests as kit;
use crate::web::kit::slices::Slice;
use axum::extract::Path;
use axum::response::Response;

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(FEATURES, "/requests/{reference}/pdf").get(download)]
}

async fn download(customer: Customer, Path(text): Path<String>) -> Result<Response, Error> {
    let page = &customer.page;
    let reference = Reference::parse(&text).map_err(|_| Error::NotFound)?;
    let tx = customer.db.begin().await?;
    let request = tx.request_of(customer.id, reference).await?;
    let events = tx.events_of(request.id, true).await?;
    let person = tx.customer(customer.id).await?;
    let object = format!("request:{}", request.reference);
    tx.write_audit(&documents::entry(&customer, object, request.kind.feature())).await?;
    tx.commit().await?;
    let letter = letter(page, &request, events, &person);
    let pdf = letter_pdf(&page.letterhead(), &letter).map_err(|error| Error::Broken(error.to_string()))?;
    let name = format!("{}-{}.pdf", page.t("confirmation-file"), request.reference);
    Ok(documents::attachment("application/pdf", &name, pdf))
}

fn letter(page: &Page, request: &Request, events: Vec<RequestEvent>, person: &Person) -> Letter {
    let document = &page.tenant().document;
    let is_done = request.state == RequestState::Done;
    let mut blocks = vec![Block::Paragraph(page.t(if is_done { "confirmation-done" } else { "confirmation-lead" }))];
    let changes = requests::changes(request);
    if !changes.is_empty() {
        blocks.push(Block::Table(table(page, &changes)));
    }
    if !request.outcome.is_empty() {
        blocks.push(Block::Paragraph(request.outcome.clone()));
    }
    blocks.push(Block::Heading(page.t("request-story")));
    let story = events.into_iter().map(|one| (page.moment(one.event.at), kit::event_words(page, &one.event.what)));
    blocks.push(Block::Facts(story.collect()));
    let args = [
        ("supplier", Arg::from(document.name.get(page.lang()))),
        ("portal", Arg::from(document.portal.get(page.lang()))),
    ];
    let clock = requests::clock(page, request);
    let particulars = [
        (page.t("request-kind"), requests::kind_words(page, request.kind)),
        (page.t("request-received"), page.moment(request.received_at)),
        (page.t("request-state"), requests::state_words(page, request.state)),
        (page.t("request-clock"), clock),
    ];
    Letter {
        title: page.t("confirmation-title"),
        reference: request.reference.to_string(),
        written_on: page.today(),
        particulars: particulars.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        recipient: vec![
            person.name.clone(),
            person.mailing.street.clone(),
            format!("{} {}", person.mailing.postcode, person.mailing.city),
        ],
        blocks,
        footer: page.t_args("confirmation-footer", &args),
    }
}

fn table(page: &Page, changes: &[requests::Pair]) -> Table {
    let column = |key: &str| Column { words: page.t(key), align: Align::Left };
    let cell = |text: &str| if text.is_empty() { "–".to_owned() } else { text.to_owned() };
    let row =
        |one: &requests::Pair| Row { cells: vec![one.label.clone(), cell(&one.old), cell(&one.new)], is_total: false };
    Table {
        title: page.t("errand-changes"),
        columns: ["errand-what", "errand-old", "errand-new"].map(column).into(),
        rows: changes.iter().map(row).collect(),
    }
}

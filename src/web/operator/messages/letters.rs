//! Letters on paper: what waits is printed as one PDF, to whoever is first; the register says what went where under which number; a second
//! print says it is a copy.
use super::list::subject;
use super::{FEATURES, line};
use crate::backends::documents::{Block, Letter, letters_pdf};
use crate::data::{KeptMessage, LetterBatch};
use crate::domain::csv;
use crate::domain::features::{Action, Role};
use crate::domain::ids::MessageId;
use crate::domain::postal::{ItemError, following, item_number};
use crate::domain::typed;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Operator;
use crate::web::kit::page::Page;
use crate::web::kit::table::{Cell, Table};
use crate::web::kit::typed::Typed;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;
use time::Date;

/// Letters in one batch: what a printer's tray holds.
const MOST: u64 = 200;
const BATCHES: u64 = 30;

#[derive(Serialize)]
struct Waiting {
    has_waiting: bool,
    waiting: Table,
    can_print: bool,
    has_batches: bool,
    batches: Table,
    /// Somebody was faster.
    stale: String,
}

/// A representative prints for nobody.
fn is_desk(operator: &Operator) -> Result<(), Error> {
    if operator.role == Role::Representative { Err(Error::NotFound) } else { Ok(()) }
}

pub(super) async fn waiting(operator: Operator) -> Result<Response, Error> {
    overview(&operator, StatusCode::OK, String::new()).await
}

async fn overview(operator: &Operator, status: StatusCode, stale: String) -> Result<Response, Error> {
    is_desk(operator)?;
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let letters = tx.waiting_letters(MOST).await?;
    let all = tx.letter_batches(BATCHES).await?;
    tx.commit().await?;
    let columns = ["messages-subject", "letters-recipient", "messages-when"];
    let mut waiting = Table::new(page, "letters-waiting", &columns);
    for one in &letters {
        let href = format!("{}/operator/messages/{}", page.base(), one.id);
        let name = one.recipient.lines().next().unwrap_or_default();
        waiting.push([Cell::link(subject(page, one), href), Cell::of(name), Cell::of(page.moment(one.created_at))]);
    }
    let columns = ["letters-batch", "#letters-count", "letters-printed", "letters-posted"];
    let mut batches = Table::new(page, "letters-batches", &columns);
    for one in &all {
        let href = format!("{}/operator/messages/letters/{}", page.base(), one.number);
        batches.push([
            Cell::link(one.number.to_string(), href),
            Cell::of(page.whole(one.letters.into())),
            Cell::of(page.moment(one.printed_at)),
            Cell::of(one.posted_on.map(|day| page.date(day)).unwrap_or_else(|| page.t("letters-not-posted"))),
        ]);
    }
    let view = Waiting {
        has_waiting: !waiting.is_empty(),
        can_print: letters.iter().any(|one| one.is_whole) && page.has_any(FEATURES, Action::Change),
        waiting,
        has_batches: !batches.is_empty(),
        batches,
        stale,
    };
    page.show_as(status, "operator/letters.html", &view)
}

/// All that wait, to the first who presses; whoever is second sees what is left.
pub(super) async fn print(operator: Operator) -> Result<Response, Error> {
    is_desk(&operator)?;
    let page = &operator.page;
    let stale = || overview(&operator, StatusCode::CONFLICT, page.t("letters-stale"));
    let tx = operator.db.begin().await?;
    let letters: Vec<KeptMessage> = tx.waiting_letters(MOST).await?.into_iter().filter(|one| one.is_whole).collect();
    let ids: Vec<MessageId> = letters.iter().map(|one| one.id).collect();
    if ids.is_empty() {
        drop(tx);
        return stale().await;
    }
    let Some(batch) = tx.print_letters(&ids, operator.id, page.now()).await? else {
        drop(tx);
        return stale().await;
    };
    // Drawn before it is settled: what cannot be drawn still waits.
    let bytes = drawn(page, &batch, &letters, None)?;
    let after = json!({ "letters": batch.letters });
    tx.write_audit(&line(&operator, format!("letter_batch:{}", batch.number), "print_letters", after)).await?;
    tx.commit().await?;
    Ok(paper(page, &batch, bytes))
}

/// The same on paper once more, marked so.
pub(super) async fn copy(operator: Operator, Path(number): Path<i64>) -> Result<Response, Error> {
    is_desk(&operator)?;
    let page = &operator.page;
    let tx = operator.db.begin().await?;
    let batch = tx.letter_batch(number).await?;
    let letters = tx.letters_of(batch.id).await?;
    let bytes = drawn(page, &batch, &letters, Some(page.today()))?;
    tx.write_audit(&line(&operator, format!("letter_batch:{number}"), "copy_letters", json!({}))).await?;
    tx.commit().await?;
    Ok(paper(page, &batch, bytes))
}

fn drawn(page: &Page, batch: &LetterBatch, letters: &[KeptMessage], copied: Option<Date>) -> Result<Vec<u8>, Error> {
    let day = page.local(batch.printed_at).0;
    let copy = copied.map(|copied| {
        let args = [("printed", Arg::from(page.date(day))), ("copied", Arg::from(page.date(copied)))];
        page.t_args("letters-copy", &args)
    });
    let sheet = |(at, one): (usize, &KeptMessage)| {
        let place = [("batch", Arg::from(batch.number.to_string())), ("place", Arg::from((at + 1).to_string()))];
        let words = one.body_text.replace("\r\n", "\n");
        let paragraphs =
            words.split("\n\n").map(|words| words.trim().replace('\n', " ")).filter(|words| !words.is_empty());
        Letter {
            title: one.subject.clone(),
            reference: String::new(),
            written_on: day,
            particulars: vec![
                (page.t("letter-written"), page.date(day)),
                (page.t("letters-mark"), page.t_args("letters-place", &place)),
            ],
            recipient: one.recipient.lines().map(str::to_owned).collect(),
            blocks: copy.iter().cloned().chain(paragraphs).map(Block::Paragraph).collect(),
            footer: page.t("letter-footer"),
        }
    };
    let all: Vec<Letter> = letters.iter().enumerate().map(sheet).collect();
    letters_pdf(&page.letterhead(), &all).map_err(|error| Error::Broken(error.to_string()))
}

fn paper(page: &Page, batch: &LetterBatch, bytes: Vec<u8>) -> Response {
    let name = format!("{}-{}.pdf", page.t("letters-file"), batch.number);
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}

#[derive(Serialize)]
struct Register {
    number: i64,
    title: String,
    printed: String,
    posted: String,
    letters: Table,
    fields: Vec<Field>,
    has_mistakes: bool,
    can_post: bool,
    can_print: bool,
    /// Somebody was faster.
    stale: String,
}

fn fields(page: &Page, typed: [&str; 2], wrong: [String; 2]) -> Vec<Field> {
    let ([day, number], [wrong_day, wrong_number]) = (typed, wrong);
    let day = Field::day("posted_on", page.t("letter-posted-on")).required().typed(day).wrong(wrong_day);
    if !page.tenant().document.outbound.is_registered {
        return vec![day];
    }
    let item = Field::text("number", page.t("letters-first-number")).plain().max(20).required().typed(number);
    vec![day, item.hint(page.t("letters-first-hint")).wrong(wrong_number)]
}

pub(super) async fn show(operator: Operator, Path(number): Path<i64>) -> Result<Response, Error> {
    let fields = fields(&operator.page, [&operator.page.today().to_string(), ""], Default::default());
    batch_page(&operator, number, StatusCode::OK, fields, false, String::new()).await
}

async fn batch_page(
    operator: &Operator,
    number: i64,
    status: StatusCode,
    fields: Vec<Field>,
    has_mistakes: bool,
    stale: String,
) -> Result<Response, Error> {
    is_desk(operator)?;
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let batch = tx.letter_batch(number).await?;
    let letters = tx.letters_of(batch.id).await?;
    tx.commit().await?;
    let columns = ["#letters-order", "letters-item", "letters-recipient", "letters-address", "messages-subject"];
    let mut table = Table::new(page, "letters-register", &columns);
    for (at, one) in letters.iter().enumerate() {
        let [name, address] = split(&one.recipient);
        let href = format!("{}/operator/messages/{}", page.base(), one.id);
        table.push([
            Cell::of((at + 1).to_string()),
            Cell::of(one.item_number.clone().unwrap_or_else(|| "–".to_owned())),
            Cell::of(name),
            Cell::of(address),
            Cell::link(subject(page, one), href),
        ]);
    }
    let may = page.has_any(FEATURES, Action::Change);
    let view = Register {
        number,
        title: page.t_args("letters-batch-title", &[("number", Arg::from(number.to_string()))]),
        printed: page.moment(batch.printed_at),
        posted: batch.posted_on.map(|day| page.date(day)).unwrap_or_default(),
        letters: table,
        fields,
        has_mistakes,
        can_post: may && batch.posted_on.is_none(),
        can_print: may,
        stale,
    };
    page.show_as(status, "operator/letter_batch.html", &view)
}

/// Name, and the rest in one line.
fn split(recipient: &str) -> [String; 2] {
    let mut lines = recipient.lines();
    let name = lines.next().unwrap_or_default().to_owned();
    [name, lines.collect::<Vec<_>>().join(", ")]
}

pub(super) async fn posted(operator: Operator, Path(number): Path<i64>, form: Typed) -> Result<Response, Error> {
    is_desk(&operator)?;
    let page = &operator.page;
    let is_registered = page.tenant().document.outbound.is_registered;
    let tx = operator.db.begin().await?;
    let batch = tx.letter_batch(number).await?;
    let letters = tx.letters_of(batch.id).await?;
    let day = match typed::date(form.get("posted_on")) {
        Err(error) => Err(page.date_mistake(error)),
        Ok(day) if day > page.today() => Err(page.t("letter-posted-future")),
        Ok(day) if day < page.local(batch.printed_at).0 => Err(page.t("letter-posted-early")),
        Ok(day) => Ok(day),
    };
    let numbers = match item_number(form.get("number")) {
        _ if !is_registered => Ok(Vec::new()),
        Ok(first) => {
            let each = letters.iter().enumerate().map(|(at, one)| Some((one.id, following(&first, at)?)));
            each.collect::<Option<Vec<_>>>().ok_or_else(|| page.t("letters-roll-ends"))
        }
        Err(ItemError::Empty) => Err(page.t("mistake-missing")),
        Err(ItemError::Form) => Err(page.t("letter-number-form")),
        Err(ItemError::Check) => Err(page.t("letter-number-check")),
    };
    let (day, numbers) = match (day, numbers) {
        (Ok(day), Ok(numbers)) => (day, numbers),
        (day, numbers) => {
            drop(tx);
            let wrong = [day.err().unwrap_or_default(), numbers.err().unwrap_or_default()];
            let fields = fields(page, [form.get("posted_on"), form.get("number")], wrong);
            return batch_page(&operator, number, StatusCode::UNPROCESSABLE_ENTITY, fields, true, String::new()).await;
        }
    };
    if !tx.post_letters(batch.id, day, &numbers).await? {
        drop(tx);
        return batch_page(&operator, number, StatusCode::CONFLICT, Vec::new(), false, page.t("letters-posted-stale"))
            .await;
    }
    let after = json!({ "posted_on": day.to_string(), "first_number": numbers.first().map(|(_, number)| number) });
    tx.write_audit(&line(&operator, format!("letter_batch:{number}"), "post_letters", after)).await?;
    tx.commit().await?;
    Ok(page.go(&format!("/operator/messages/letters/{number}")))
}

/// For the post office.
pub(super) async fn register(operator: Operator, Path(number): Path<i64>) -> Result<Response, Error> {
    is_desk(&operator)?;
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let batch = tx.letter_batch(number).await?;
    let letters = tx.letters_of(batch.id).await?;
    tx.commit().await?;
    let head =
        ["letters-order", "letters-item", "letters-recipient", "letters-address", "messages-subject", "letters-posted"];
    let mut rows = vec![head.map(|key| page.t(key)).to_vec()];
    for (at, one) in letters.iter().enumerate() {
        let [name, address] = split(&one.recipient);
        rows.push(vec![
            (at + 1).to_string(),
            one.item_number.clone().unwrap_or_default(),
            name,
            address,
            one.subject.clone(),
            batch.posted_on.map(|day| page.date(day)).unwrap_or_default(),
        ]);
    }
    let text = csv::written(rows.iter().map(|row| row.iter().map(String::as_str).collect()));
    let name = format!("{}-{number}.csv", page.t("letters-file"));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}

//! Readings of many points in one file: a template to fill in, a look at what was understood of it, and all of it taken or none.
use super::ground::Ground;
use super::said::{doubted, register_of, sentence};
use crate::domain::bulk_readings::{self, CellError, CellProblem, Column, Row, UploadError};
use crate::domain::csv::{self, Encoding, NoText};
use crate::domain::features::Feature;
use crate::domain::requests::RequestKind;
use crate::domain::self_readings::{self, Checked};
use crate::domain::supply_points::Register;
use crate::tenancy::Arg;
use crate::web::kit::attachments;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::requests::Asked;
use crate::web::kit::slices::Slice;
use crate::web::kit::table::{Cell, Table};
use crate::web::kit::typed::Upload;
use crate::web::portal::documents::attachment;
use crate::web::portal::errand::{self, Typed};
use crate::web::portal::words;
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use time::Date;

const FEATURES: &[Feature] = &[Feature::ReadingSelfReport];
pub const PATH: &str = "/readings/bulk";
/// Name of the template, and of what is kept with the request.
const FILE: &str = "odecty.csv";
/// Rows shown of what was understood; the file has the rest.
const SHOWN: usize = 100;
/// Mistakes shown; with them mended, the rest is seen.
const MISTAKES: usize = 20;

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::customer(FEATURES, PATH).get(start).post(submit),
        Slice::customer(FEATURES, "/readings/bulk/template").get(template),
    ]
}

#[derive(Serialize)]
struct Start {
    file: Field,
    mistakes: Vec<String>,
    /// How many there are beyond those.
    more: String,
}

#[derive(Serialize)]
struct Review {
    /// How the file was read.
    understood: String,
    table: Table,
    more: String,
    doubts: Vec<String>,
    handling: String,
    kept: Vec<Field>,
}

/// Why a file is not taken: sentences for the first mistakes, and how many there are in all.
struct Mistakes {
    first: Vec<String>,
    count: usize,
}

impl Mistakes {
    fn one(sentence: String) -> Mistakes {
        Mistakes { first: vec![sentence], count: 1 }
    }
}

/// The readings of one point on one day, found possible.
struct Judged<'g> {
    ground: &'g Ground,
    read_on: Date,
    checked: Checked,
}

async fn start(customer: Customer) -> Result<Response, Error> {
    again(&customer.page, StatusCode::OK, Mistakes { first: Vec::new(), count: 0 })
}

fn again(page: &Page, status: StatusCode, mistakes: Mistakes) -> Result<Response, Error> {
    let file = Field::file("file", page.t("bulk-file"), ".csv,.txt,text/csv").hint(page.t("bulk-file-hint")).required();
    let file = if mistakes.first.is_empty() { file } else { file.wrong(page.t("bulk-file-wrong")) };
    let beyond = mistakes.count.saturating_sub(mistakes.first.len()) as i64;
    let more = if beyond > 0 { page.t_args("bulk-more", &[("count", Arg::from(beyond))]) } else { String::new() };
    page.show_as(status, "portal/bulk.html", &Start { file, mistakes: mistakes.first, more })
}

async fn submit(customer: Customer, mut typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let refuse = |mistakes| again(page, StatusCode::UNPROCESSABLE_ENTITY, mistakes);
    let content = match (typed.is_sent(), typed.file("file")) {
        (true, _) => Bytes::copy_from_slice(typed.get("content").as_bytes()),
        (false, Some(file)) => file.bytes.clone(),
        (false, None) => return refuse(Mistakes::one(page.t("bulk-no-file"))),
    };
    let upload = match bulk_readings::read(&content) {
        Ok(upload) => upload,
        Err(error) => return refuse(unreadable(page, error)),
    };
    let content = plain(&upload.rows);
    let key = key_of(&customer, &content);
    let tx = customer.db.begin().await?;
    if let Some(before) = tx.request_of_form(customer.id, &key).await? {
        if typed.is_sent() {
            return Ok(page.go(&format!("/requests/{}?sent=yes", before.reference)));
        }
        let args = [
            ("day", Arg::from(page.date(page.local(before.received_at).0))),
            ("reference", Arg::from(before.reference.to_string())),
        ];
        return again(page, StatusCode::CONFLICT, Mistakes::one(page.t_args("bulk-before", &args)));
    }
    let grounds = Ground::all(&tx, &customer).await?;
    let judged = match judge(page, &grounds, &upload.rows) {
        Ok(judged) => judged,
        Err(mistakes) => return refuse(mistakes),
    };
    let rules_pass = judged.iter().all(|one| one.checked.doubts.is_empty());
    if !typed.is_sent() || (!rules_pass && typed.get("sure") != "yes") {
        return page.show("portal/bulk_review.html", &review(page, &upload, &judged, content));
    }
    let asked = asked(page, &judged, rules_pass, key);
    let file = Upload { field: attachments::FIELD.to_owned(), name: FILE.to_owned(), bytes: content.into() };
    typed.files = vec![file];
    errand::send(&customer, tx, &typed, asked).await
}

/// What the file said, and nothing else: the same readings in another file are the same wish.
fn plain(rows: &[Row]) -> String {
    let mut lines = vec!["ean;registr;datum;stav".to_owned()];
    lines.extend(rows.iter().map(|row| format!("{};{};{};{}", row.code, mark(row.register), row.read_on, row.state)));
    lines.join("\n")
}

/// As people and files write it.
fn mark(register: Register) -> &'static str {
    match register {
        Register::High => "VT",
        Register::Low => "NT",
        Register::Volume => "m3",
    }
}

fn key_of(customer: &Customer, content: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(format!("{}\n{content}", customer.id)).into();
    let mut start = [0; 16];
    start.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(start).into_uuid().to_string()
}

fn judge<'g>(page: &Page, grounds: &'g [Ground], rows: &[Row]) -> Result<Vec<Judged<'g>>, Mistakes> {
    let by_code: HashMap<&str, &Ground> = grounds.iter().map(|ground| (ground.point.code.as_str(), ground)).collect();
    let mut days: BTreeMap<(&str, Date), Vec<&Row>> = BTreeMap::new();
    for row in rows {
        days.entry((&row.code, row.read_on)).or_default().push(row);
    }
    let mut last: HashMap<&str, usize> = HashMap::new();
    let (mut judged, mut wrong) = (Vec::new(), Vec::new());
    for ((code, read_on), rows) in days {
        let line = rows[0].line;
        let Some(ground) = by_code.get(code) else {
            wrong.push((line, page.t_args("bulk-unknown", &[("code", Arg::from(code))])));
            continue;
        };
        if let Some(other) = last.insert(code, line) {
            wrong.push((line, page.t_args("bulk-two-days", &[("line", Arg::from(other as i64))])));
            continue;
        }
        let states: Vec<(Register, String)> = rows.iter().map(|row| (row.register, row.state.to_string())).collect();
        let entered: Vec<(Register, &str)> =
            states.iter().map(|(register, state)| (*register, state.as_str())).collect();
        match self_readings::check(&ground.known(page), read_on, &entered) {
            Ok(checked) => judged.push(Judged { ground, read_on, checked }),
            Err(problems) => wrong.extend(problems.iter().map(|problem| {
                let own = rows.iter().find(|row| Some(row.register) == register_of(problem));
                (own.map_or(line, |row| row.line), sentence(page, problem))
            })),
        }
    }
    if wrong.is_empty() {
        return Ok(judged);
    }
    wrong.sort();
    let count = wrong.len();
    let on_line = |(line, said): (usize, String)| {
        page.t_args("bulk-line", &[("line", Arg::from(line as i64)), ("said", Arg::from(said))])
    };
    Err(Mistakes { first: wrong.into_iter().take(MISTAKES).map(on_line).collect(), count })
}

fn review(page: &Page, upload: &bulk_readings::Upload, judged: &[Judged<'_>], content: String) -> Review {
    let columns = ["bulk-point", "self-reading-day", "reading-register", "#errand-old", "#errand-new", "#reading-used"];
    let mut table = Table::new(page, "bulk-caption", &columns);
    let mut doubts = Vec::new();
    let (mut shown, mut count) = (0, 0);
    for one in judged {
        let point = &one.ground.point;
        doubts.extend(one.checked.doubts.iter().map(|doubt| format!("{}: {}", point.code, doubted(page, doubt))));
        for accepted in &one.checked.accepted {
            count += 1;
            if shown == SHOWN {
                continue;
            }
            shown += 1;
            let unit = words::unit(accepted.register);
            let last = one.ground.last(accepted.register).map(|last| page.quantity(last.state, unit));
            let used = accepted.consumption.map(|used| page.quantity(used, unit));
            table.push([
                Cell::of(point.code.as_str()).note(words::address(&point.address)),
                Cell::of(page.date(one.read_on)),
                Cell::of(page.t(words::register(accepted.register))),
                Cell::of(last.unwrap_or_default()),
                Cell::of(page.quantity(accepted.state, unit)),
                Cell::of(used.unwrap_or_default()),
            ]);
        }
    }
    let rules_pass = doubts.is_empty();
    let args = [
        ("encoding", Arg::from(encoding_words(page, upload.encoding))),
        ("count", Arg::from(count as i64)),
        ("points", Arg::from(judged.len() as i64)),
        ("skipped", Arg::from(upload.skipped as i64)),
    ];
    let beyond = count - shown;
    Review {
        understood: page.t_args("bulk-understood", &args),
        table,
        more: if beyond > 0 {
            page.t_args("bulk-more-rows", &[("count", Arg::from(beyond as i64))])
        } else {
            String::new()
        },
        doubts,
        handling: errand::handling(page, RequestKind::Reading, rules_pass),
        kept: vec![Field::hidden("content", content)],
    }
}

fn asked(page: &Page, judged: &[Judged<'_>], rules_pass: bool, key: String) -> Asked {
    let points: Vec<_> = judged
        .iter()
        .map(|one| {
            let states: Vec<_> = one.checked.accepted.iter().map(super::json_of).collect();
            json!({
                "supply_point": one.ground.point.id.to_string(),
                "read_on": one.read_on.to_string(),
                "meter": one.ground.meter.id.to_string(),
                "meter_serial": one.ground.meter.serial,
                "states": states,
            })
        })
        .collect();
    let count: usize = judged.iter().map(|one| one.checked.accepted.len()).sum();
    let shown = json!([
        [page.t("bulk-points"), "", page.whole(judged.len() as i64)],
        [page.t("bulk-states"), "", page.whole(count as i64)],
    ]);
    let codes: Vec<_> = judged.iter().flat_map(|one| one.checked.doubts.iter().map(|doubt| doubt.code())).collect();
    Asked {
        kind: RequestKind::Reading,
        feature: Feature::ReadingSelfReport,
        supply_point: None,
        payload: json!({ "shown": shown, "old": null, "new": { "points": points }, "doubts": codes }),
        words: String::new(),
        rules_pass,
        key,
    }
}

/// The customer's points and registers with what they showed last: the state is to be filled in.
async fn template(customer: Customer) -> Result<Response, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let grounds = Ground::all(&tx, &customer).await?;
    tx.commit().await?;
    let head = ["EAN/EIC", "registr", "datum", "stav", "minulý stav", "minulý odečet", "elektroměr", "adresa"];
    let mut rows: Vec<[String; 8]> = vec![head.map(str::to_owned)];
    for ground in &grounds {
        for register in &ground.meter.registers {
            let last = ground.last(*register);
            rows.push([
                ground.point.code.clone(),
                mark(*register).to_owned(),
                page.date(page.today()),
                String::new(),
                last.map(|last| last.state.to_string()).unwrap_or_default(),
                last.map(|last| page.date(last.read_on)).unwrap_or_default(),
                ground.meter.serial.clone(),
                words::address(&ground.point.address),
            ]);
        }
    }
    let text = csv::written(rows.iter().map(|row| row.iter().map(String::as_str).collect()));
    Ok(attachment("text/csv; charset=utf-8", FILE, text.into_bytes()))
}

fn encoding_words(page: &Page, encoding: Encoding) -> String {
    page.t(match encoding {
        Encoding::Utf8 | Encoding::Utf8Marked => "bulk-utf8",
        Encoding::Windows1250 => "bulk-1250",
    })
}

fn unreadable(page: &Page, error: UploadError) -> Mistakes {
    let column = |column| Arg::from(page.t(column_words(column)));
    match error {
        UploadError::NoText(NoText::Empty) => Mistakes::one(page.t("bulk-empty")),
        UploadError::NoText(NoText::Utf16) => Mistakes::one(page.t("bulk-utf16")),
        UploadError::NoText(NoText::Binary { .. }) => Mistakes::one(page.t("bulk-binary")),
        UploadError::Quotes(at) => Mistakes::one(page.t_args("bulk-quotes", &[("line", Arg::from(at.line as i64))])),
        UploadError::HeaderMissing(one) => {
            Mistakes::one(page.t_args("bulk-header-missing", &[("column", column(one))]))
        }
        UploadError::HeaderTwice(one) => Mistakes::one(page.t_args("bulk-header-twice", &[("column", column(one))])),
        UploadError::NoRows => Mistakes::one(page.t("bulk-no-rows")),
        UploadError::TooManyRows { limit } => {
            Mistakes::one(page.t_args("bulk-long", &[("limit", Arg::from(limit as i64))]))
        }
        UploadError::Cells { first, count } => {
            Mistakes { first: first.iter().map(|error| cell_words(page, error)).collect(), count }
        }
    }
}

fn column_words(column: Column) -> &'static str {
    match column {
        Column::Code => "bulk-column-code",
        Column::Register => "bulk-column-register",
        Column::Day => "bulk-column-day",
        Column::State => "bulk-column-state",
    }
}

fn cell_words(page: &Page, error: &CellError) -> String {
    let said = match error.problem {
        CellProblem::Missing => page.t("mistake-missing"),
        CellProblem::Code(error) => page.code_mistake(error),
        CellProblem::Register => page.t("bulk-register"),
        CellProblem::Day(error) => page.date_mistake(error),
        CellProblem::State(error) => page.number_mistake(error),
        CellProblem::Twice { line } => page.t_args("bulk-twice", &[("line", Arg::from(line as i64))]),
    };
    let args = [
        ("line", Arg::from(error.line as i64)),
        ("column", Arg::from(error.column as i64)),
        ("name", Arg::from(page.t(column_words(error.of)))),
        ("said", Arg::from(said)),
    ];
    page.t_args("bulk-cell", &args)
}

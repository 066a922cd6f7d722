//! Outages from a file: what was understood and what it would do, then all of it is kept or none. The same file again is recognised.
use super::{FEATURE, words};
use crate::data::{AuditEntry, OutageImport, TenantTx, Told};
use crate::domain::csv::Encoding;
use crate::domain::ids::OutageImportId;
use crate::domain::outages::Outage;
use crate::domain::outages::import::{self, MOST_ROWS, Reading};
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Operator;
use crate::web::kit::outage_mistakes::unreadable;
use crate::web::kit::outages::{Fate, Kept};
use crate::web::kit::page::Page;
use crate::web::kit::table::{Cell, Table};
use crate::web::kit::typed::Typed;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// Rows shown of what was understood.
const SHOWN: usize = 100;

#[derive(Serialize)]
struct Start {
    file: Field,
    mistakes: Vec<String>,
    more: String,
    columns: Vec<&'static str>,
    /// What of distributors is taken besides.
    shapes: Vec<String>,
}

#[derive(Serialize)]
struct Review {
    understood: String,
    facts: Vec<words::Fact>,
    table: Table,
    more: String,
    kept: Vec<Field>,
}

pub async fn start(operator: Operator) -> Result<Response, Error> {
    again(&operator.page, StatusCode::OK, Vec::new(), String::new())
}

fn again(page: &Page, status: StatusCode, mistakes: Vec<String>, more: String) -> Result<Response, Error> {
    let limit = page.t_args("desk-import-hint", &[("limit", Arg::from(page.whole(MOST_ROWS as i64)))]);
    let file = Field::file("file", page.t("desk-import-file"), ".csv,.json,.txt,text/csv,application/json")
        .hint(limit)
        .required();
    let file = if mistakes.is_empty() { file } else { file.wrong(page.t("desk-import-again")) };
    let shapes = &page.tenant().document.outages.shapes;
    let shapes = shapes.iter().map(|shape| page.t(&format!("desk-import-{}", shape.key()))).collect();
    let view = Start { file, mistakes, more, columns: import::COLUMNS.to_vec(), shapes };
    page.show_as(status, "operator/outage_import.html", &view)
}

pub async fn template(_operator: Operator) -> Result<Response, Error> {
    let example = [
        "110060912345",
        "1",
        "planned",
        "2026-12-20 08:00",
        "2026-12-20 12:00",
        "Europe/Prague",
        "",
        "Údržba vedení",
        "859182400900000013",
        "Lhota, Lipová: 106, 107, 126-131|Brno, Líšeň, Polní: 1-9; ev. 7; or. 12/3",
        "673412 1123/2",
        "",
        "",
    ];
    let text = crate::domain::csv::written([import::COLUMNS.to_vec(), example.to_vec()]);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"odstavky.csv\""),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, text).into_response())
}

pub async fn submit(operator: Operator, typed: Typed) -> Result<Response, Error> {
    match typed.is_sent() {
        true => confirm(operator, typed).await,
        false => review(operator, typed).await,
    }
}

fn reading(page: &Page) -> Reading<'_> {
    let document = &page.tenant().document;
    Reading { zone: &document.locale.timezone, now: page.now(), shapes: &document.outages.shapes }
}

async fn review(operator: Operator, typed: Typed) -> Result<Response, Error> {
    let page = &operator.page;
    let refuse = |mistakes, more| again(page, StatusCode::UNPROCESSABLE_ENTITY, mistakes, more);
    let Some(file) = typed.file("file") else { return refuse(vec![page.t("desk-import-none")], String::new()) };
    let hash = Sha256::digest(&file.bytes).to_vec();
    let tx = operator.db.begin().await?;
    if let Some(before) = tx.kept_outage_import(&hash).await? {
        let day = page.moment(before.kept_at.unwrap_or(before.created_at));
        let said = page.t_args("desk-import-before", &[("day", Arg::from(day))]);
        return again(page, StatusCode::CONFLICT, vec![said], String::new());
    }
    let read = match import::read(&file.bytes, reading(page)) {
        Ok(read) if read.outages.is_empty() => return refuse(vec![page.t("desk-import-empty")], String::new()),
        Ok(read) => read,
        Err(error) => {
            let (mistakes, more) = unreadable(page, &error);
            return refuse(mistakes, more);
        }
    };
    let all = keep_all(&operator, &tx, &read.outages).await?;
    // A look only: what was kept for it goes with the transaction.
    drop(tx);
    let differs = differing(page, &all);
    if !differs.is_empty() {
        return again(page, StatusCode::CONFLICT, differs, String::new());
    }
    let laid_by = OutageImport {
        id: OutageImportId::new(),
        file_hash: hash,
        file_name: file.name.chars().filter(|letter| !letter.is_control()).take(100).collect(),
        content: String::from_utf8_lossy(&file.bytes).into_owned(),
        counts: counts(&all),
        staff: operator.id,
        created_at: page.now(),
        kept_at: None,
    };
    // What was read in other letters is kept in ours.
    let laid_by = match crate::domain::csv::decoded(&file.bytes) {
        Ok((text, _)) => OutageImport { content: text, ..laid_by },
        Err(_) => laid_by,
    };
    let tx = operator.db.begin().await?;
    tx.lay_outage_import_by(&laid_by).await?;
    tx.commit().await?;
    page.show("operator/outage_import_review.html", &look(page, &read, &all, &laid_by))
}

type All = Vec<(Outage, Kept)>;

/// In the order of versions, so that the newest stands in the end.
async fn keep_all(operator: &Operator, tx: &TenantTx, outages: &[Outage]) -> Result<All, Error> {
    let page = operator.page.clone();
    let day_of = move |at: OffsetDateTime| page.local(at).0;
    let keeper = words::keeper(&operator.page, &operator.name, &day_of);
    let mut sorted: Vec<&Outage> = outages.iter().collect();
    sorted.sort_by_key(|one| one.version);
    let mut all = Vec::new();
    for one in sorted {
        all.push((one.clone(), keeper.keep(tx, one).await?));
    }
    Ok(all)
}

/// Versions that said something else before: the file cannot be right, and is not taken.
fn differing(page: &Page, all: &All) -> Vec<String> {
    let differs = all.iter().filter(|(_, kept)| kept.fate == Fate::Differs).take(import::FIRST);
    let said = |(one, _): &(Outage, Kept)| {
        let args = [("number", Arg::from(one.number.as_str())), ("version", Arg::from(i64::from(one.version)))];
        page.t_args("desk-import-differs", &args)
    };
    differs.map(said).collect()
}

fn counts(all: &All) -> Json {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for (_, kept) in all {
        *counts.entry(kept.fate.key()).or_default() += 1;
    }
    json!(counts)
}

fn look(page: &Page, read: &import::File, all: &All, laid_by: &OutageImport) -> Review {
    let columns =
        ["desk-outage-number", "desk-import-fate", "desk-outage-when", "#desk-outage-points", "#desk-outage-notices"];
    let mut table = Table::new(page, "desk-import-caption", &columns);
    for (one, kept) in all.iter().take(SHOWN) {
        table.push([
            Cell::of(one.number.as_str()).note(one.place.as_str()),
            Cell::of(page.t(&format!("desk-import-{}", kept.fate.key()))),
            Cell::of(words::span(page, one)).note(words::duration(one)),
            Cell::of(page.whole(kept.points)),
            Cell::of(page.whole(kept.told.all())),
        ]);
    }
    let fate = |key: &str| laid_by.counts[key].as_i64().unwrap_or(0);
    let told = all
        .iter()
        .fold(Told::default(), |sum, (_, kept)| Told { mail: sum.mail + kept.told.mail, sms: sum.sms + kept.told.sms });
    let fates = ["new", "changed", "cancelled", "same", "older"];
    let mut facts: Vec<words::Fact> = fates
        .iter()
        .map(|key| words::fact(page, &format!("desk-import-{key}"), page.whole(fate(key)), String::new()))
        .collect();
    facts.push(words::fact(page, "desk-outage-notices", page.whole(told.all()), words::told(page, told)));
    let encoding = match read.encoding {
        Encoding::Utf8 | Encoding::Utf8Marked => page.t("bulk-utf8"),
        Encoding::Windows1250 => page.t("bulk-1250"),
    };
    let args = [("count", Arg::from(all.len() as i64)), ("encoding", Arg::from(encoding))];
    let beyond = all.len().saturating_sub(SHOWN) as i64;
    Review {
        understood: page.t_args("desk-import-understood", &args),
        facts,
        table,
        more: if beyond > 0 { page.t_args("bulk-more-rows", &[("count", Arg::from(beyond))]) } else { String::new() },
        kept: vec![Field::hidden("import", laid_by.id.to_string())],
    }
}

async fn confirm(operator: Operator, typed: Typed) -> Result<Response, Error> {
    let page = &operator.page;
    let id = uuid::Uuid::try_parse(typed.get("import")).map(OutageImportId).map_err(|_| Error::NotFound)?;
    let tx = operator.db.begin().await?;
    let Some(laid_by) = tx.keep_outage_import(id, operator.id, page.now()).await? else {
        return again(page, StatusCode::CONFLICT, vec![page.t("desk-import-gone")], String::new());
    };
    let read = match import::read(laid_by.content.as_bytes(), reading(page)) {
        Ok(read) => read,
        Err(error) => {
            let (mistakes, more) = unreadable(page, &error);
            return again(page, StatusCode::UNPROCESSABLE_ENTITY, mistakes, more);
        }
    };
    let all = keep_all(&operator, &tx, &read.outages).await?;
    let differs = differing(page, &all);
    if !differs.is_empty() {
        return again(page, StatusCode::CONFLICT, differs, String::new());
    }
    let entry = AuditEntry {
        actor_kind: "staff".into(),
        actor: operator.id.to_string(),
        role: operator.role.key().into(),
        feature: Some(FEATURE),
        action: "import_outages".into(),
        object: format!("outage_import:{id}"),
        before: Json::Null,
        after: json!({ "file": laid_by.file_name, "counts": counts(&all) }),
        request_id: page.request_id().into(),
    };
    tx.write_audit(&entry).await?;
    tx.commit().await?;
    Ok(page.go("/operator/outages"))
}

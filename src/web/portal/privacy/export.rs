//! Everything that is kept of the customer, in one ZIP that is sent while it is made. Each page of rows is a transaction of its own: a slow
//! line holds no connection, and rows that come meanwhile may be in one file and not in another. Who turns away ends the work at once.
use super::{is_owner, readme, view};
use crate::backends::documents::isdoc::file_stem;
use crate::data::export::{Kind, NOUNS, Noun};
use crate::data::{self, AuditEntry, TenantDb};
use crate::domain::csv;
use crate::domain::features::Feature;
use crate::domain::ids::{AccountId, AttachmentId, CustomerId, DocumentId};
use crate::web::kit::archive::{Archive, Gone};
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::typed::Typed;
use crate::web::portal::proof::Proof;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value as Json;
use std::time::Duration;
use uuid::Uuid;

/// At work at once for a supplier; whoever comes then is asked to wait.
const AT_ONCE: usize = 2;
const WAIT_SECONDS: u16 = 60;
/// However slowly it is taken, once it ends.
const LONGEST: Duration = Duration::from_secs(30 * 60);
/// Excel wants to be told that it is UTF-8.
const MARK: &str = "\u{feff}";

/// The customer, and the log-in of whoever asks.
type Whose = (CustomerId, AccountId);

enum Stopped {
    Gone,
    Failed(data::Error),
}

impl From<Gone> for Stopped {
    fn from(_: Gone) -> Stopped {
        Stopped::Gone
    }
}

impl From<data::Error> for Stopped {
    fn from(error: data::Error) -> Stopped {
        Stopped::Failed(error)
    }
}

pub async fn send(customer: Customer, mut typed: Typed) -> Result<Response, Error> {
    let page = &customer.page;
    typed.put("step", "send");
    if !is_owner(&customer).await? {
        return Err(Error::NotFound);
    }
    let proof = Proof::of(&customer, &typed).await?;
    if !matches!(proof, Proof::Given) {
        let view = view(&customer, &proof, String::new()).await?;
        return Ok(proof.answered(page.show_again("portal/privacy.html", &view)?));
    }
    let Some(turn) = page.services().exports.take(page.tenant().id, AT_ONCE) else {
        let view = view(&customer, &Proof::NotYet, page.t("export-busy")).await?;
        let mut response = page.show_as(StatusCode::TOO_MANY_REQUESTS, "portal/privacy.html", &view)?;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(WAIT_SECONDS));
        return Ok(response);
    };
    let tx = customer.db.begin().await?;
    let person = tx.customer(customer.id).await?;
    tx.write_audit(&line(&customer)).await?;
    tx.commit().await?;
    let readme = readme::text(page);
    let (archive, body) = Archive::start();
    let whose = (customer.id, customer.account);
    let (db, request_id) = (customer.db.clone(), page.request_id().to_owned());
    tokio::spawn(async move {
        let _turn = turn;
        let filling = tokio::time::timeout(LONGEST, fill(&archive, &db, whose, readme));
        let filled = tokio::select! {
            () = archive.abandoned() => return,
            filled = filling => filled,
        };
        match filled {
            Ok(Ok(()) | Err(Stopped::Gone)) => {}
            Ok(Err(Stopped::Failed(error))) => tracing::error!(%error, request_id, "an export broke off"),
            Err(_) => tracing::warn!(request_id, "an export was taken too slowly"),
        }
    });
    let name = format!("export-{}.zip", file_stem(&person.number));
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, body).into_response())
}

fn line(customer: &Customer) -> AuditEntry {
    AuditEntry {
        actor_kind: "customer".into(),
        actor: customer.account.to_string(),
        role: customer.page.role().key().into(),
        feature: Some(Feature::LoginWithCredentials),
        action: "export".into(),
        object: format!("customer:{}", customer.id),
        before: Json::Null,
        after: Json::Null,
        request_id: customer.page.request_id().into(),
    }
}

async fn fill(archive: &Archive, db: &TenantDb, whose: Whose, readme: String) -> Result<(), Stopped> {
    archive.file("README.txt").await?;
    archive.write(readme).await?;
    archive.file("export.json").await?;
    archive.write("{").await?;
    for (at, noun) in NOUNS.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        archive.write(format!("{comma}\n\"{}\":[", noun.table)).await?;
        pages(archive, db, whose, noun, object).await?;
        archive.write("]").await?;
    }
    archive.write("\n}\n").await?;
    for noun in NOUNS {
        archive.file(format!("{}.csv", noun.table)).await?;
        let names: Vec<&str> = noun.columns.iter().map(|column| column.name).collect();
        archive.write(format!("{MARK}{}\r\n", names.join(";"))).await?;
        pages(archive, db, whose, noun, row).await?;
    }
    files(archive, db, whose).await?;
    archive.finish().await?;
    Ok(())
}

/// Each row as `write` writes it; the flag says whether it is the first.
async fn pages(
    archive: &Archive,
    db: &TenantDb,
    whose: Whose,
    noun: &Noun,
    write: fn(&Noun, &[Json], bool) -> String,
) -> Result<(), Stopped> {
    let (mut after, mut is_first) = (None, true);
    loop {
        let tx = db.read().await?;
        let (rows, next) = tx.export_page(noun, whose.0, whose.1, after).await?;
        tx.commit().await?;
        let mut text = String::new();
        for cells in &rows {
            text.push_str(&write(noun, cells, is_first));
            is_first = false;
        }
        archive.write(text).await?;
        match next {
            Some(_) => after = next,
            None => return Ok(()),
        }
    }
}

fn object(noun: &Noun, cells: &[Json], is_first: bool) -> String {
    let pairs = noun.columns.iter().zip(cells).map(|(column, cell)| (column.name.to_owned(), cell.clone()));
    let object: serde_json::Map<String, Json> = pairs.collect();
    format!("{}\n{}", if is_first { "" } else { "," }, Json::Object(object))
}

fn row(_: &Noun, cells: &[Json], _: bool) -> String {
    let said = |cell: &Json| match cell {
        Json::Null => String::new(),
        Json::String(text) => csv::cell(text, ';'),
        other => csv::cell(&other.to_string(), ';'),
    };
    let cells: Vec<String> = cells.iter().map(said).collect();
    format!("{}\r\n", cells.join(";"))
}

/// Papers one at a time: of the supplier, then those the customer sent.
async fn files(archive: &Archive, db: &TenantDb, whose: Whose) -> Result<(), Stopped> {
    for (table, folder) in [("documents", "documents"), ("attachments", "attachments")] {
        let Some(noun) = NOUNS.iter().find(|noun| noun.table == table) else { continue };
        let mut after = None;
        loop {
            let tx = db.read().await?;
            let (rows, next) = tx.export_page(noun, whose.0, whose.1, after).await?;
            tx.commit().await?;
            for id in rows.iter().filter_map(|cells| id_of(noun, cells)) {
                let tx = db.read().await?;
                let (name, bytes) = match table {
                    "documents" => {
                        let document = tx.document(whose.0, DocumentId(id)).await?;
                        (document.name, document.bytes)
                    }
                    _ => {
                        let file = tx.attachment(AttachmentId(id)).await?;
                        (file.row.name, file.bytes)
                    }
                };
                tx.commit().await?;
                archive.file(format!("{folder}/{id}-{}", file_stem(&name))).await?;
                archive.write(bytes).await?;
            }
            match next {
                Some(_) => after = next,
                None => break,
            }
        }
    }
    Ok(())
}

fn id_of(noun: &Noun, cells: &[Json]) -> Option<Uuid> {
    let at = noun.columns.iter().position(|column| column.name == "id" && column.kind == Kind::Id)?;
    cells.get(at)?.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_cell_of_a_table_runs_in_a_spreadsheet() {
        let cells = [json!("=1+1"), json!("@x"), json!("+420"), json!("\tx"), json!(-5), json!(null), json!("a;b")];
        let line = row(&NOUNS[0], &cells, true);
        assert_eq!(line, "'=1+1;'@x;'+420;'\tx;'-5;;\"a;b\"\r\n");
    }
}

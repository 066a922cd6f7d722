//! Files that come with a request: judged by their content before anything is sent, kept with it, handed over as they came.
use super::error::Error;
use super::form::Field;
use super::page::Page;
use super::typed::{Typed, Upload};
use crate::data::{AttachmentRow, Request, StoredAttachment, TenantTx};
use crate::domain::attachments::{self, Attachment, AttachmentError, MOST_BYTES, MOST_FILES, MOST_IN_ALL, Unwelcome};
use crate::domain::ids::AttachmentId;
use crate::domain::percent;
use crate::tenancy::Arg;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The field they come in.
pub const FIELD: &str = "files";
const ACCEPTED: &str = ".pdf,.jpg,.jpeg,.png,.webp,.heic,.txt,.csv";
/// A phone then offers its camera.
const PICTURES: &str = "image/jpeg,image/png,image/webp,image/heic";

/// The question for papers; `hint` says which are of use here.
pub fn field(page: &Page, hint: &str) -> Field {
    asking(page, "attachment-label", hint, ACCEPTED)
}

/// The question for a photograph.
pub fn photo(page: &Page, hint: &str) -> Field {
    asking(page, "attachment-photo", hint, PICTURES)
}

fn asking(page: &Page, label: &str, hint: &str, accept: &'static str) -> Field {
    let hint = format!("{} {}", page.t(hint), page.t_args("attachment-hint", &limits("")));
    Field::file(FIELD, page.t(label), accept).several().hint(hint)
}

/// What came in the field, or what is wrong with the first file that cannot be taken.
pub fn found<'t>(page: &Page, typed: &'t Typed) -> Result<Vec<(Attachment, &'t Upload)>, String> {
    let sent: Vec<&Upload> = typed.files.iter().filter(|file| file.field == FIELD).collect();
    attachments::accept_all(sent.iter().map(|file| file.bytes.len())).map_err(|error| sentence(page, "", error))?;
    let judged = sent.into_iter().map(|file| {
        let accepted = attachments::accept(&file.name, &file.bytes);
        accepted.map(|one| (one, file)).map_err(|error| sentence(page, &file.name, error))
    });
    judged.collect()
}

fn sentence(page: &Page, name: &str, error: AttachmentError) -> String {
    let key = match error {
        AttachmentError::Empty => "attachment-empty",
        AttachmentError::TooLarge { .. } => "attachment-large",
        AttachmentError::TooMany { .. } => "attachment-many",
        AttachmentError::TooMuch { .. } => "attachment-much",
        AttachmentError::Kind(Unwelcome::Zip) => "attachment-zip",
        AttachmentError::Kind(Unwelcome::Svg | Unwelcome::Html) => "attachment-active",
        AttachmentError::Kind(Unwelcome::Executable) => "attachment-program",
        AttachmentError::Kind(Unwelcome::Unknown) => "attachment-unknown",
        AttachmentError::Extension(_) => "attachment-extension",
        AttachmentError::Pixels { .. } => "attachment-pixels",
    };
    page.t_args(key, &limits(name))
}

fn limits(name: &str) -> [(&'static str, Arg); 4] {
    let megabytes = |bytes: usize| Arg::from((bytes / (1024 * 1024)) as i64);
    [
        ("name", Arg::from(name)),
        ("most", Arg::from(MOST_FILES as i64)),
        ("size", megabytes(MOST_BYTES)),
        ("all", megabytes(MOST_IN_ALL)),
    ]
}

/// In the transaction of the request or of the answer they came with.
pub async fn keep(tx: &TenantTx, page: &Page, request: &Request, files: &[(Attachment, &Upload)]) -> Result<(), Error> {
    for (judged, file) in files {
        let row = AttachmentRow {
            id: AttachmentId::new(),
            request: request.id,
            name: judged.name.clone(),
            media_type: judged.kind.media_type().to_owned(),
            size: judged.bytes as i64,
            sha256: Sha256::digest(&file.bytes).to_vec(),
            added_at: page.now(),
        };
        tx.add_attachment(&StoredAttachment { row, bytes: file.bytes.to_vec() }).await?;
    }
    Ok(())
}

/// As lists show it.
#[derive(Serialize)]
pub struct Shown {
    pub name: String,
    pub size: String,
    pub added: String,
    pub href: String,
}

/// `path`: the request's page within the mount.
pub fn shown(page: &Page, path: &str, rows: Vec<AttachmentRow>) -> Vec<Shown> {
    let one = |row: AttachmentRow| Shown {
        size: page.size(row.size),
        added: page.moment(row.added_at),
        href: format!("{}{path}/files/{}", page.base(), row.id),
        name: row.name,
    };
    rows.into_iter().map(one).collect()
}

/// To be kept, never shown within our pages: what is in it is a stranger's.
pub fn hand_over(file: StoredAttachment) -> Response {
    let ascii: String = file.row.name.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    let headers = [
        (header::CONTENT_TYPE, file.row.media_type),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{}", percent::encoded(&file.row.name)),
        ),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, file.bytes).into_response()
}

fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-_. ".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_carried_whole_in_utf_8_and_safely_in_ascii() {
        assert_eq!(percent::encoded("Revizní zpráva.pdf").to_string(), "Revizn%C3%AD%20zpr%C3%A1va.pdf");
        assert_eq!(percent::encoded("a\"\r\n;").to_string(), "a%22%0D%0A%3B");
        assert!(!is_plain('"') && !is_plain('\r') && !is_plain('í'));
    }
}

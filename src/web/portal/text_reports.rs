//! What a gateway reports of texts that left: delivered, or not. It has no log-in; the token in the address, the supplier's own, is its proof.
//! Said twice or late, nothing changes.
use crate::backends::keys::Purpose;
use crate::data::{Heard, Meant};
use crate::domain::ids::MessageId;
use crate::domain::notices::{Channel, Fate};
use crate::web::kit::error::Error;
use crate::web::kit::guard::Visitor;
use crate::web::kit::page::Page;
use crate::web::kit::services::TextReports;
use crate::web::kit::slices::Slice;
use axum::body::Bytes;
use axum::extract::{Form, FromRequest, Path, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use uuid::Uuid;

/// What the token in the address signs.
pub const SIGNED: &[u8] = b"text reports";
/// Reports in one request.
const MOST: usize = 1000;

pub fn slices() -> Vec<Slice> {
    vec![Slice::visitor(&[], "/gateway/sms/{token}").post(report)]
}

async fn report(visitor: Visitor, Path(token): Path<String>, request: Request) -> Result<Response, Error> {
    let page = &visitor.page;
    if !page.services().master.derive(page.tenant().id, Purpose::TextReports).verify(SIGNED, &token) {
        return Err(Error::NotFound);
    }
    let all = match said(request).await? {
        Value::Array(all) if all.len() <= MOST => all,
        Value::Array(_) => return Err(Error::TooLarge),
        one => vec![one],
    };
    let mut is_known = false;
    let tx = visitor.db.begin().await?;
    for one in &all {
        let Some((meant, fate)) = read(page, one) else { continue };
        is_known |= tx.hear_fate(Channel::Sms, &meant, fate, page.now()).await? != Heard::Unknown;
    }
    tx.commit().await?;
    if is_known { Ok(StatusCode::NO_CONTENT.into_response()) } else { Err(Error::NotFound) }
}

/// JSON, or the fields of a form.
async fn said(request: Request) -> Result<Value, Error> {
    const UNREADABLE: Error = Error::BadRequest("a report that cannot be read");
    let kind = request.headers().get(header::CONTENT_TYPE).map_or(&b""[..], |kind| kind.as_bytes());
    if kind.starts_with(b"application/x-www-form-urlencoded") {
        let form = Form::<Vec<(String, String)>>::from_request(request, &()).await;
        let Form(pairs) = form.map_err(|_| UNREADABLE)?;
        return Ok(Value::Object(pairs.into_iter().map(|(name, value)| (name, Value::String(value))).collect()));
    }
    let body = Bytes::from_request(request, &()).await.map_err(|_| UNREADABLE)?;
    serde_json::from_slice(&body).map_err(|_| UNREADABLE)
}

/// Which text, and what is said of it: nothing where the word is one of those on the way, such as *sent*.
fn read(page: &Page, one: &Value) -> Option<(Meant, Option<Fate>)> {
    let settings: &TextReports = &page.services().settings.text_reports;
    let at = |pointer: &str| match one.pointer(pointer) {
        Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let id = at(&settings.id).and_then(|id| Uuid::try_parse(&id).ok()).map(|id| Meant::Id(MessageId(id)));
    let meant = id.or_else(|| at(&settings.receipt).map(Meant::Receipt))?;
    let word = at(&settings.state)?;
    let is_one = |words: &[String]| words.iter().any(|one| one.eq_ignore_ascii_case(&word));
    let fate = match (is_one(&settings.delivered), is_one(&settings.undelivered)) {
        (true, _) => Some(Fate::Delivered),
        (_, true) => Some(Fate::Undelivered),
        _ => None,
    };
    Some((meant, fate))
}

//! The print queue of letters with a password or a code. The secret is made at the press of the button and stands on that paper alone: printed
//! once, then recorded with its registered number and day. A spoilt or lost letter is void, and a new one waits.
use super::FEATURES;
use super::paper;
use super::requests::line;
use crate::backends::keys;
use crate::data::{AccessLetter, LetterKind};
use crate::domain::access::{activation_code, initial_password};
use crate::domain::features::Action;
use crate::domain::ids::AccessLetterId;
use crate::domain::postal::{ItemError, item_number};
use crate::domain::typed;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Operator;
use crate::web::kit::letter_codes;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;
use time::{Duration, Time};
use uuid::Uuid;

pub fn slices() -> Vec<Slice> {
    let path = |path| Slice::operator(FEATURES, path).reads(Action::Approve).writes(Action::Change);
    vec![
        path("/operator/access/letters/{id}/print").post(print),
        path("/operator/access/letters/{id}/posted").get(form).post(posted),
        path("/operator/access/letters/{id}/again").post(again),
    ]
}

#[derive(Serialize)]
pub struct Shown {
    pub id: String,
    pub what: String,
    pub name: String,
    pub address: String,
    pub written: String,
    pub printed: String,
    pub number: String,
    pub posted: String,
    pub expires: String,
}

pub fn shown(page: &Page, one: &AccessLetter) -> Shown {
    Shown {
        id: one.id.to_string(),
        what: page.t(&format!("letter-kind-{}", one.kind.key())),
        name: one.name.clone(),
        address: format!("{}, {} {}", one.address.street, one.address.postcode, one.address.city),
        written: page.moment(one.created_at),
        printed: one.printed_at.map(|at| page.moment(at)).unwrap_or_default(),
        number: one.registered_number.clone().unwrap_or_default(),
        posted: one.posted_on.map(|day| page.date(day)).unwrap_or_default(),
        expires: one.expires_at.map(|at| page.moment(at)).unwrap_or_default(),
    }
}

fn days(page: &Page) -> Duration {
    Duration::days(page.tenant().document.parameters.initial_password_days)
}

/// The paper, to the first who presses; whoever is second sees that it was printed.
async fn print(operator: Operator, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let letter = tx.access_letter(AccessLetterId(id)).await?;
    tx.commit().await?;
    let expires_at = page.now() + days(page);
    let (secret, hash) = match letter.kind {
        LetterKind::Password => {
            let password = initial_password(keys::random());
            let hash = page.services().hasher.hash(&password).await;
            (password, Some(hash.map_err(|error| Error::Unavailable(format!("{error:?}")))?))
        }
        LetterKind::Code => (activation_code(keys::random()), None),
    };
    let code_hash = (letter.kind == LetterKind::Code).then(|| letter_codes::hash(page, letter.account, &secret));
    // Drawn before anything is changed: a letter that cannot be drawn still waits.
    let bytes = paper::pdf(page, &letter, &secret, page.local(expires_at).0)?;
    let tx = operator.db.begin().await?;
    if !tx.print_access_letter(&letter, operator.id, code_hash.as_ref(), page.now(), expires_at).await? {
        return stale(page);
    }
    if let Some(hash) = hash
        && !tx.reissue_password(letter.account, &hash, expires_at).await?
    {
        // Its owner has chosen a password meanwhile: nothing of it is touched.
        drop(tx);
        return stale(page);
    }
    tx.write_audit(&line(&operator, &format!("letter:{}", letter.id), "print_letter")).await?;
    tx.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.pdf\"", page.t("letter-file"))),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

#[derive(Serialize)]
struct Posting {
    letter: Shown,
    fields: Vec<Field>,
    has_mistakes: bool,
    /// Somebody was faster: how it stands.
    stale: String,
}

fn fields(page: &Page, number: &str, day: &str, wrong: [String; 2]) -> Vec<Field> {
    let [wrong_number, wrong_day] = wrong;
    let item = Field::text("number", page.t("letter-number")).plain().max(20).required().typed(number);
    vec![
        item.hint(page.t("letter-number-hint")).wrong(wrong_number),
        Field::day("posted_on", page.t("letter-posted-on")).required().typed(day).wrong(wrong_day),
    ]
}

async fn form(operator: Operator, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.read().await?;
    let letter = tx.access_letter(AccessLetterId(id)).await?;
    tx.commit().await?;
    let fields = fields(page, "", &page.today().to_string(), Default::default());
    let view = Posting { letter: shown(page, &letter), fields, has_mistakes: false, stale: String::new() };
    page.show("operator/access_posted.html", &view)
}

async fn posted(operator: Operator, Path(id): Path<Uuid>, typed: Typed) -> Result<Response, Error> {
    let page = &operator.page;
    let number = item_number(typed.get("number")).map_err(|error| match error {
        ItemError::Empty => page.t("mistake-missing"),
        ItemError::Form => page.t("letter-number-form"),
        ItemError::Check => page.t("letter-number-check"),
    });
    let tx = operator.db.begin().await?;
    let letter = tx.access_letter(AccessLetterId(id)).await?;
    let printed = letter.printed_at.map(|at| page.local(at).0);
    let day = match typed::date(typed.get("posted_on")) {
        Err(error) => Err(page.date_mistake(error)),
        Ok(day) if day > page.today() => Err(page.t("letter-posted-future")),
        Ok(day) if printed.is_some_and(|printed| day < printed) => Err(page.t("letter-posted-early")),
        Ok(day) => Ok(day),
    };
    let (number, day) = match (number, day) {
        (Ok(number), Ok(day)) => (number, day),
        (number, day) => {
            let wrong = [number.err().unwrap_or_default(), day.err().unwrap_or_default()];
            let fields = fields(page, typed.get("number"), typed.get("posted_on"), wrong);
            let view = Posting { letter: shown(page, &letter), fields, has_mistakes: true, stale: String::new() };
            return page.show_again("operator/access_posted.html", &view);
        }
    };
    // Its time begins when it is on the way.
    let expires_at = page.instant(day, Time::MIDNIGHT) + days(page) + Duration::DAY;
    if !tx.post_access_letter(&letter, &number, day, expires_at).await? {
        drop(tx);
        return stale(page);
    }
    if letter.kind == LetterKind::Password {
        tx.extend_issued_password(letter.account, expires_at).await?;
    }
    let after = json!({ "registered_number": number, "posted_on": day.to_string() });
    let entry = line(&operator, &format!("letter:{}", letter.id), "post_letter");
    tx.write_audit(&crate::data::AuditEntry { after, ..entry }).await?;
    tx.commit().await?;
    Ok(page.go("/operator/access"))
}

/// The letter is void and a new one waits; what stood in the old one opens nothing any more.
async fn again(operator: Operator, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let page = &operator.page;
    let tx = operator.db.begin().await?;
    let old = tx.access_letter(AccessLetterId(id)).await?;
    if tx.void_access_letters(old.account, old.kind).await? == 0 {
        return stale(page);
    }
    let new = tx.write_access_letter(old.account, old.customer, old.kind, &old.language, page.now()).await?;
    if old.kind == LetterKind::Password {
        tx.void_issued_password(old.account).await?;
    }
    let after = json!({ "instead": format!("letter:{new}") });
    let entry = line(&operator, &format!("letter:{}", old.id), "void_letter");
    tx.write_audit(&crate::data::AuditEntry { after, ..entry }).await?;
    tx.commit().await?;
    Ok(page.go("/operator/access"))
}

/// What was to be done was done by somebody else, or the letter was used or void: the queue as it stands.
fn stale(page: &Page) -> Result<Response, Error> {
    #[derive(Serialize)]
    struct View {
        sentence: String,
    }
    let args = [("path", Arg::from("/operator/access"))];
    let view = View { sentence: page.t_args("letter-stale", &args) };
    page.show_as(StatusCode::CONFLICT, "operator/access_stale.html", &view)
}

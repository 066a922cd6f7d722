//! An errand as every page of a customer's face runs it: asked, looked over (old beside new, who decides and when), sent once, receipt.
use crate::data::{Request, TenantTx};
use crate::domain::requests::{RequestKind, decide_by};
use crate::tenancy::Arg;
use crate::web::kit::attachments;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::requests::{self, Asked, Sent};
pub use crate::web::kit::typed::Typed;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

#[derive(Serialize)]
pub struct Fact {
    pub label: String,
    pub value: String,
    pub note: String,
}

/// What will be different.
#[derive(Serialize)]
pub struct Change {
    pub label: String,
    pub old: String,
    pub new: String,
}

/// A page of an errand: the same for asking and for looking over.
#[derive(Serialize)]
pub struct Errand {
    pub title: String,
    pub lead: String,
    /// Where it is sent, within the mount.
    pub path: String,
    pub back: String,
    /// Whose and of which point.
    pub facts: Vec<Fact>,
    pub fields: Vec<Field>,
    pub has_mistakes: bool,
    /// What stands beside the form: limits, a calculation, the papers needed.
    pub notes: Vec<String>,
    /// Asked about what is odd but possible.
    pub doubts: Vec<String>,
    /// Asked once more under the look-over: the password, where money moves.
    pub confirm: Vec<Field>,
    /// Asked for under the look-over too: a file that came with the form would be lost on the way there.
    pub files: Option<Field>,
    pub changes: Vec<Change>,
    /// Who decides, and by when.
    pub handling: String,
    pub send: String,
    /// Carried from the form to the look-over.
    pub kept: Vec<Field>,
}

impl Errand {
    /// `word` begins the text keys: `<word>-title`, `-lead` and `-send`.
    pub fn new(page: &Page, word: &str, path: impl Into<String>, back: &str) -> Errand {
        Errand {
            title: page.t(&format!("{word}-title")),
            lead: page.t(&format!("{word}-lead")),
            path: path.into(),
            back: back.into(),
            facts: Vec::new(),
            fields: Vec::new(),
            has_mistakes: false,
            notes: Vec::new(),
            doubts: Vec::new(),
            confirm: Vec::new(),
            files: None,
            changes: Vec::new(),
            handling: String::new(),
            send: page.t(&format!("{word}-send")),
            kept: Vec::new(),
        }
    }

    pub fn handled(mut self, page: &Page, kind: RequestKind, rules_pass: bool) -> Errand {
        self.handling = handling(page, kind, rules_pass);
        self
    }

    pub fn change(mut self, label: String, old: impl Into<String>, new: impl Into<String>) -> Errand {
        let (old, new) = (old.into(), new.into());
        if old != new {
            self.changes.push(Change { label, old, new });
        }
        self
    }

    pub fn fact(mut self, label: String, value: impl Into<String>) -> Errand {
        self.facts.push(Fact { label, value: value.into(), note: String::new() });
        self
    }
}

/// Before it is sent: who decides, and by when.
pub fn handling(page: &Page, kind: RequestKind, rules_pass: bool) -> String {
    if requests::is_immediate(page.tenant(), kind, rules_pass) {
        return page.t("errand-at-once");
    }
    let day = decide_by(kind, page.today());
    let key = if kind.needs_distributor() { "errand-by-distributor" } else { "errand-by-people" };
    page.t_args(key, &[("day", Arg::from(page.on_day(day)))])
}

/// The form, the first time.
pub fn ask(page: &Page, mut errand: Errand) -> Result<Response, Error> {
    errand.fields.push(Field::hidden("key", requests::new_key()));
    page.show("portal/errand.html", &errand)
}

/// A form that was sent before leads to what came of it, also when what it asked for has meanwhile become so.
pub async fn sent_before(customer: &Customer, tx: &TenantTx, typed: &Typed) -> Result<Option<Response>, Error> {
    if !typed.is_sent() {
        return Ok(None);
    }
    match tx.request_of_form(customer.id, &typed.key()).await? {
        Some(request) if request.payload["typed"] == typed.digest() => Ok(Some(receipt(&customer.page, &request))),
        Some(request) => Ok(Some(sent_otherwise(&customer.page, &request)?)),
        None => Ok(None),
    }
}

fn receipt(page: &Page, request: &Request) -> Response {
    page.go(&format!("/requests/{}?sent=yes", request.reference))
}

/// What to do with a form that came back.
pub enum Next {
    /// Shown as it is: with mistakes, or to be mended.
    Show(Box<Response>),
    /// It was looked over and shall be sent.
    Send,
}

/// Mistakes send it back, the first press shows it for looking over, the second sends it.
pub fn next(page: &Page, typed: &Typed, mut errand: Errand) -> Result<Next, Error> {
    errand.has_mistakes = errand.fields.iter().any(|field| !field.error.is_empty());
    let key = typed.key();
    if errand.has_mistakes || typed.step() == "edit" {
        errand.fields.push(Field::hidden("key", key));
        let status = if errand.has_mistakes { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        return Ok(Next::Show(Box::new(page.show_as(status, "portal/errand.html", &errand)?)));
    }
    let is_doubted = !errand.doubts.is_empty() && typed.get("sure") != "yes";
    let mut is_unproved = errand.confirm.iter().any(|field| !field.error.is_empty());
    if let Some(files) = errand.files.clone().filter(|_| typed.is_sent()) {
        let mistake = attachments::found(page, typed).err();
        let is_lost = mistake.is_none() && typed.file(attachments::FIELD).is_some() && (is_doubted || is_unproved);
        is_unproved |= mistake.is_some();
        errand.files =
            Some(files.wrong(if is_lost { page.t("attachment-again") } else { mistake.unwrap_or_default() }));
    }
    if typed.is_sent() && !is_doubted && !is_unproved {
        return Ok(Next::Send);
    }
    errand.kept = errand.fields.iter().map(|field| Field::hidden(field.name.clone(), typed.get(&field.name))).collect();
    errand.kept.push(Field::hidden("key", key));
    let status = if is_unproved { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(Next::Show(Box::new(page.show_as(status, "portal/errand_review.html", &errand)?)))
}

/// What it starts from is another meanwhile: shown again as it is now, with what was typed.
pub fn outdated(page: &Page, typed: &Typed, mut errand: Errand) -> Result<Response, Error> {
    errand.has_mistakes = true;
    errand.fields.push(Field::hidden("key", typed.key()));
    page.show_as(StatusCode::CONFLICT, "portal/errand.html", &errand)
}

/// Sends it and leads to the receipt; a form that was sent before leads to the same one.
pub async fn send(customer: &Customer, tx: TenantTx, typed: &Typed, mut asked: Asked) -> Result<Response, Error> {
    let page = &customer.page;
    asked.payload["typed"] = typed.digest().into();
    let request = match requests::send(customer, &tx, asked).await? {
        Sent::Done(request) => {
            let files = attachments::found(page, typed).unwrap_or_default();
            attachments::keep(&tx, page, &request, &files).await?;
            request
        }
        Sent::Before(request) => request,
        Sent::Otherwise(request) => return sent_otherwise(page, &request),
    };
    tx.commit().await?;
    Ok(receipt(page, &request))
}

/// The form came before with other content: nothing is done, and what came of it is shown.
pub fn sent_otherwise(page: &Page, request: &Request) -> Result<Response, Error> {
    #[derive(Serialize)]
    struct View {
        reference: String,
    }
    let view = View { reference: request.reference.to_string() };
    page.show_as(StatusCode::CONFLICT, "portal/errand_conflict.html", &view)
}

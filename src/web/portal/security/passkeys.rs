//! The passkeys of an account: which there are, one more, one less. The password is proved for both; what a passkey is asked is bound to the
//! account and to one page.
use super::super::passkeys::{ANSWERING, relying_party};
use super::super::proof::Proof;
use super::{FEATURES, line, notices};
use crate::backends::keys::Token;
use crate::data::{self, AuditEntry, PasskeyPurpose};
use crate::domain::features::Action;
use crate::domain::ids::PasskeyId;
use crate::domain::typed;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use crate::web::kit::typed::Typed;
use axum::extract::Query;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value as Json, json};
use uuid::Uuid;

const TEMPLATE: &str = "portal/passkeys.html";
const PATH: &str = "/account/security/passkeys";
/// More than anybody has devices.
const MOST: usize = 10;
const LONGEST_NAME: usize = 60;

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(FEATURES, PATH).own().writes(Action::View).get(show).post(submit)]
}

/// How many there are, in a sentence.
pub fn count(page: &Page, count: usize) -> String {
    match count {
        0 => page.t("passkeys-none"),
        count => page.t_args("passkeys-count", &[("count", Arg::from(count as i64))]),
    }
}

#[derive(Serialize)]
struct Shown {
    id: String,
    name: String,
    since: String,
    /// Empty where it never was.
    used: String,
}

#[derive(Default, Serialize)]
struct View {
    /// `list`, `set_up` or `remove`.
    stage: &'static str,
    /// What was just done, and what could not be; empty when nothing.
    done: String,
    refused: String,
    /// For password managers, which keep a password beside its name.
    username: String,
    fields: Vec<Field>,
    has_mistakes: bool,
    passkeys: Vec<Shown>,
    is_full: bool,
    /// The one that is to be set up or removed.
    id: String,
    name: String,
    token: String,
    /// What the page's script asks the authenticator.
    options: String,
}

impl View {
    fn asks(mut self, fields: Vec<Field>) -> View {
        self.has_mistakes = fields.iter().any(|field| !field.error.is_empty());
        self.fields = fields;
        self
    }
}

fn name_field(page: &Page, value: &str, wrong: String) -> Field {
    let field = Field::text("name", page.t("passkeys-name")).hint(page.t("passkeys-name-hint")).typed(value);
    field.autocomplete("off").max(LONGEST_NAME).required().wrong(wrong)
}

async fn show(customer: Customer, Query(typed): Query<Typed>) -> Result<Response, Error> {
    let page = &customer.page;
    let view = match typed.get("remove") {
        "" => list(&customer, "", String::new(), &Proof::NotYet).await?,
        id => removing(&customer, id, &Proof::NotYet).await?,
    };
    let done = match typed.get("done") {
        "added" => page.t("passkeys-added"),
        "removed" => page.t("passkeys-removed"),
        _ => String::new(),
    };
    page.show(TEMPLATE, &View { done, ..view })
}

async fn list(customer: &Customer, name: &str, wrong: String, proof: &Proof) -> Result<View, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let all = tx.passkeys_of(customer.account).await?;
    let username = username(customer, &tx).await?;
    tx.commit().await?;
    let is_full = all.len() >= MOST;
    let passkeys = all.into_iter().map(|one| Shown {
        id: one.id.to_string(),
        name: one.name,
        since: page.moment(one.created_at),
        used: one.last_used_at.map(|at| page.moment(at)).unwrap_or_default(),
    });
    let view = View { stage: "list", username, passkeys: passkeys.collect(), is_full, ..View::default() };
    let fields = vec![name_field(page, name, wrong), proof.field(page).hint(page.t("security-present-hint"))];
    Ok(if is_full { view } else { view.asks(fields) })
}

async fn username(customer: &Customer, tx: &data::TenantTx) -> Result<String, Error> {
    Ok(tx.credentials_of(customer.account).await?.map(|(username, _)| username).unwrap_or_default())
}

async fn removing(customer: &Customer, id: &str, proof: &Proof) -> Result<View, Error> {
    let page = &customer.page;
    let tx = customer.db.read().await?;
    let all = tx.passkeys_of(customer.account).await?;
    let username = username(customer, &tx).await?;
    tx.commit().await?;
    let one = all.into_iter().find(|one| one.id.to_string() == id).ok_or(Error::NotFound)?;
    let view = View { stage: "remove", username, id: id.to_owned(), name: one.name, ..View::default() };
    Ok(view.asks(vec![proof.field(page).hint(page.t("security-present-hint"))]))
}

/// The list again, with a sentence about what did not go.
async fn refuse(customer: &Customer, key: &str) -> Result<Response, Error> {
    let view = list(customer, "", String::new(), &Proof::NotYet).await?;
    let refused = customer.page.t(key);
    customer.page.show_again(TEMPLATE, &View { refused, ..view })
}

async fn submit(customer: Customer, mut typed: Typed) -> Result<Response, Error> {
    let act = typed.get("act").to_owned();
    typed.put("step", "send");
    match act.as_str() {
        "begin" => begin(&customer, &typed).await,
        "add" => add(&customer, &typed).await,
        "remove" => remove(&customer, &typed).await,
        _ => Err(Error::BadRequest("no such button")),
    }
}

/// The password is proved; what the authenticator is to answer waits, bound to this page.
async fn begin(customer: &Customer, typed: &Typed) -> Result<Response, Error> {
    let (page, account) = (&customer.page, customer.account);
    let name = match typed::text(typed.get("name"), LONGEST_NAME) {
        Ok(name) if name.is_empty() => Err(page.t("mistake-missing")),
        read => read.map_err(|error| page.text_mistake(error)),
    };
    // Guessing the password costs an attempt, so the rest is looked at first.
    let proof = if name.is_err() { Proof::NotYet } else { Proof::of(customer, typed).await? };
    let (Ok(name), Proof::Given) = (&name, &proof) else {
        let view = list(customer, typed.get("name"), name.err().unwrap_or_default(), &proof).await?;
        return Ok(proof.answered(page.show_again(TEMPLATE, &view)?));
    };
    let (token, now) = (Token::random(), page.now());
    let tx = customer.db.begin().await?;
    let known = tx.passkeys_of(account).await?;
    if known.len() >= MOST {
        drop(tx);
        return refuse(customer, "passkeys-full").await;
    }
    let known: Vec<Vec<u8>> = known.into_iter().map(|one| one.handle).collect();
    let username = username(customer, &tx).await?;
    let asked = relying_party(page)?.ask_for_new(account.0, &username, &known);
    let asked = asked.map_err(|error| Error::Broken(error.to_string()))?;
    let state = json!({ "name": name, "asked": asked.state }).to_string();
    tx.add_passkey_challenge(PasskeyPurpose::Register(account), &token.hash(), &state, now, now + ANSWERING).await?;
    tx.commit().await?;
    let (token, options) = (token.to_text(), asked.options.to_string());
    page.show(TEMPLATE, &View { stage: "set_up", name: name.clone(), token, options, ..View::default() })
}

/// The authenticator's answer; a challenge is answered once, rightly or not.
async fn add(customer: &Customer, typed: &Typed) -> Result<Response, Error> {
    let (page, account) = (&customer.page, customer.account);
    let Some(token) = Token::from_text(typed.get("token")) else { return refuse(customer, "passkeys-gone").await };
    let tx = customer.db.begin().await?;
    let purpose = PasskeyPurpose::Register(account);
    let Some(state) = tx.use_passkey_challenge(purpose, &token.hash(), page.now()).await? else {
        drop(tx);
        return refuse(customer, "passkeys-gone").await;
    };
    let state: Json = serde_json::from_str(&state).map_err(|error| Error::Broken(error.to_string()))?;
    let said = |key: &str| state[key].as_str().unwrap_or_default();
    let Ok(made) = relying_party(page)?.take_new(said("asked"), typed.get("answer")) else {
        tx.commit().await?;
        return refuse(customer, "passkeys-not-added").await;
    };
    tx.hold_passkeys_of(account).await?;
    if tx.passkeys_of(account).await?.len() >= MOST {
        drop(tx);
        return refuse(customer, "passkeys-full").await;
    }
    let new = data::Passkey {
        id: PasskeyId::new(),
        account,
        handle: made.handle,
        credential: made.kept,
        counter: made.counter,
        name: said("name").to_owned(),
        created_at: page.now(),
        last_used_at: None,
    };
    if !tx.add_passkey(&new).await? {
        drop(tx);
        return refuse(customer, "passkeys-not-added").await;
    }
    tell(customer, &tx, "passkey_added", &new.name).await?;
    let after = json!({ "passkey": new.id, "name": new.name });
    tx.write_audit(&AuditEntry { after, ..line(customer, "add_passkey", 0) }).await?;
    tx.commit().await?;
    Ok(page.go(&format!("{PATH}?done=added")))
}

async fn remove(customer: &Customer, typed: &Typed) -> Result<Response, Error> {
    let page = &customer.page;
    let proof = Proof::of(customer, typed).await?;
    let view = removing(customer, typed.get("id"), &proof).await?;
    if !matches!(proof, Proof::Given) {
        return Ok(proof.answered(page.show_again(TEMPLATE, &view)?));
    }
    let id = Uuid::try_parse(&view.id).map(PasskeyId).map_err(|_| Error::NotFound)?;
    let tx = customer.db.begin().await?;
    if !tx.remove_passkey(customer.account, id).await? {
        return Err(Error::NotFound);
    }
    tell(customer, &tx, "passkey_removed", &view.name).await?;
    let before = json!({ "passkey": id, "name": view.name });
    tx.write_audit(&AuditEntry { before, ..line(customer, "remove_passkey", 0) }).await?;
    tx.commit().await?;
    Ok(page.go(&format!("{PATH}?done=removed")))
}

async fn tell(customer: &Customer, tx: &data::TenantTx, kind: &str, name: &str) -> Result<(), Error> {
    let payload = json!({ "path": "/account/security/passkeys", "name": name });
    notices::tell(tx, &customer.page, customer.account, kind, payload).await
}

//! The link in the mail: looking uses nothing up; the button makes the account, or asks for what else the supplier wants.
use super::consider::{self, Applicant, Queued};
use super::extra;
use super::ground::{Said, gone, say};
use crate::backends::keys::Token;
use crate::data::{AccountRow, Application, ApplicationState, Began, TenantTx};
use crate::domain::access::{Delivery, Extra, Identifier, Proof, Proofs, Way, compare, username_problem};
use crate::domain::customers::Customer as Person;
use crate::domain::passwords;
use crate::tenancy::Arg;
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::granting::{self, Grant, way_of};
use crate::web::kit::guard::Visitor;
use crate::web::kit::page::Page;
use crate::web::kit::typed::Typed;
use crate::web::portal::security::password::known_words;
use axum::extract::Query;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;

#[derive(Serialize)]
pub struct View {
    pub path: &'static str,
    pub title: String,
    pub lead: String,
    pub token: String,
    pub fields: Vec<Field>,
    pub has_mistakes: bool,
    pub send: String,
    /// Another code, where one was sent.
    pub again: String,
}

/// The application behind a link, with whom it is about; none when the link is used, void or nobody's.
pub struct Ground {
    pub way: Way,
    pub token: Token,
    pub application: Application,
    pub person: Person,
}

pub async fn ground(visitor: &Visitor, token: &str, wanted: ApplicationState) -> Result<Option<Ground>, Error> {
    let page = &visitor.page;
    let Some(token) = Token::from_text(token) else { return Ok(None) };
    let tx = visitor.db.read().await?;
    let found = tx.application_of_link(&token.hash(), page.now()).await?;
    let Some(application) = found.filter(|one| one.state == wanted) else { return Ok(None) };
    let is_handed = application.began == Began::Handover;
    let way = if is_handed { Some(Way::handed_over()) } else { way_of(page) };
    let Some(way) = way else { return Ok(None) };
    let Some(customer) = application.customer else { return Ok(None) };
    let person = tx.customer(customer).await?;
    tx.commit().await?;
    Ok(Some(Ground { way, token, application, person }))
}

/// What its owner chooses: a username, a password, or neither.
pub fn choices(page: &Page, ground: &Ground, typed: &Typed, is_sent: bool) -> Vec<Field> {
    let mut fields = Vec::new();
    if ground.way.username == Delivery::OwnChoice {
        let name = typed.get("username").trim();
        let wrong = match username_problem(name) {
            Some(_) if is_sent && name.is_empty() => page.t("mistake-missing"),
            Some(_) if is_sent => page.t("registration-username-odd"),
            _ => String::new(),
        };
        let field = Field::text("username", page.t("registration-username")).plain().autocomplete("username").max(64);
        fields.push(field.hint(page.t("registration-username-hint")).required().typed(name).wrong(wrong));
    }
    if ground.way.password == Delivery::OwnChoice {
        let known = known_words(page, typed.get("username"), &ground.person);
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let wrong = match passwords::check(typed.get("new"), &known) {
            Err(error) if is_sent => page.new_password_mistake(&error),
            _ => String::new(),
        };
        fields.push(page.new_password(wrong));
    }
    fields
}

pub fn view(page: &Page, ground: &Ground, fields: Vec<Field>) -> View {
    let has_choice = !fields.is_empty();
    let word = match ground.application.extra {
        _ if ground.application.began == Began::Handover => "handed",
        Some(Extra::Sms) => "sms",
        Some(Extra::Operator) => "operator",
        _ if has_choice => "choose",
        _ => "issue",
    };
    View {
        path: "/registration/finish",
        title: page.t("registration-finish-title"),
        lead: page.t_args(
            &format!("registration-finish-{word}"),
            &[
                ("name", Arg::from(ground.person.name.as_str())),
                ("number", Arg::from(ground.person.number.as_str())),
                ("phone", Arg::from(extra::tail(ground.person.phone.as_deref()))),
                ("email", Arg::from(ground.application.email.as_str())),
            ],
        ),
        token: ground.token.to_text(),
        has_mistakes: fields.iter().any(|field| !field.error.is_empty()),
        fields,
        send: page.t(&format!("registration-finish-{word}-send")),
        again: String::new(),
    }
}

/// Something else is asked first: a code, or a person.
fn is_asked_later(ground: &Ground) -> bool {
    ground.application.began == Began::Handover
        || matches!(ground.application.extra, Some(Extra::Sms | Extra::Operator))
}

pub async fn look(visitor: Visitor, Query(typed): Query<Typed>) -> Result<Response, Error> {
    let page = &visitor.page;
    let Some(ground) = ground(&visitor, typed.get("token"), ApplicationState::Mailed).await? else {
        return gone(page);
    };
    let fields = if is_asked_later(&ground) { Vec::new() } else { choices(page, &ground, &Typed::default(), false) };
    page.show("portal/registration_finish.html", &view(page, &ground, fields))
}

pub async fn submit(visitor: Visitor, typed: Typed) -> Result<Response, Error> {
    let page = &visitor.page;
    let Some(ground) = ground(&visitor, typed.get("token"), ApplicationState::Mailed).await? else {
        return gone(page);
    };
    match ground.application.extra {
        // The address that the desk wrote down is proved by a code before anything is chosen.
        _ if ground.application.began == Began::Handover => return extra::send_code(&visitor, &ground).await,
        Some(Extra::Sms) if ground.person.phone.is_some() => return extra::send_code(&visitor, &ground).await,
        // Without a number there is nobody to send a code to: people look.
        Some(Extra::Sms | Extra::Operator) => return hand_to_people(&visitor, &ground).await,
        Some(Extra::Letter) | None => {}
    }
    let fields = choices(page, &ground, &typed, true);
    if fields.iter().any(|field| !field.error.is_empty()) {
        return page.show_again("portal/registration_finish.html", &view(page, &ground, fields));
    }
    match make(&visitor, &ground, &typed, &[Proof::Email]).await? {
        Made::Done(answer) => Ok(answer),
        Made::NameTaken => {
            let fields = name_taken(page, fields);
            page.show_again("portal/registration_finish.html", &view(page, &ground, fields))
        }
    }
}

pub fn name_taken(page: &Page, fields: Vec<Field>) -> Vec<Field> {
    let mend = |field: Field| match field.name.as_str() {
        "username" => field.wrong(page.t("registration-username-taken")),
        _ => field,
    };
    fields.into_iter().map(mend).collect()
}

pub enum Made {
    Done(Response),
    NameTaken,
}

/// The account, once: whoever follows the link second finds it void.
pub async fn make(visitor: &Visitor, ground: &Ground, typed: &Typed, proofs: &[Proof]) -> Result<Made, Error> {
    let page = &visitor.page;
    let chooses = ground.way.password == Delivery::OwnChoice;
    let hash = match chooses {
        true => Some(
            page.services()
                .hasher
                .hash(typed.get("new"))
                .await
                .map_err(|error| Error::Unavailable(format!("{error:?}")))?,
        ),
        false => None,
    };
    let names = ground.way.username == Delivery::OwnChoice;
    let grant = Grant {
        customer: ground.person.id,
        number: &ground.person.number,
        email: Some(ground.application.email.as_str()).filter(|email| !email.is_empty()),
        proofs: Proofs::of(proofs),
        language: page.lang().key(),
        username: names.then(|| typed.get("username").trim()),
        password_hash: hash.as_deref(),
    };
    let tx = visitor.db.begin().await?;
    if has_log_in(&tx, ground).await? {
        return Ok(Made::Done(gone(page)?));
    }
    let Some(granted) = granting::create(&tx, page, &grant).await? else { return Ok(Made::NameTaken) };
    if !tx.grant_application(&ground.application, Some(granted.account)).await? {
        return Ok(Made::Done(gone(page)?));
    }
    let password = match ground.application.extra {
        Some(Extra::Letter) => Delivery::RegisteredLetter,
        _ => ground.way.password,
    };
    if chooses {
        granting::say_ready(&tx, page, &grant, &granted).await?;
        granting::after(&tx, page, &grant, &granted).await?;
    } else {
        granting::deliver(&tx, page, &grant, &granted, password).await?;
    }
    let made = json!({ "account": granted.account, "username": granted.username });
    tx.write_audit(&consider::line(page, grant.customer, "create_access", made)).await?;
    tx.commit().await?;
    let word = match (chooses, password) {
        (true, _) if page.tenant().document.assurance.wants_letter() => "own-letter",
        (true, _) => "own",
        (false, Delivery::RegisteredLetter) => "letter",
        (false, _) => "mailed",
    };
    let said = Said {
        title: page.t("registration-done-title"),
        tone: "ok",
        sentences: vec![
            page.t_args(&format!("registration-done-{word}"), &[("username", Arg::from(granted.username.as_str()))]),
        ],
        reference: String::new(),
        has_login: chooses,
    };
    Ok(Made::Done(say(page, &said)?))
}

/// Somebody came by a log-in meanwhile.
async fn has_log_in(tx: &TenantTx, ground: &Ground) -> Result<bool, Error> {
    Ok(tx.accounts_of(ground.person.id).await?.iter().any(AccountRow::is_theirs))
}

/// The address is proved, the rest is for a person at the supplier's to look at.
async fn hand_to_people(visitor: &Visitor, ground: &Ground) -> Result<Response, Error> {
    let page = &visitor.page;
    let tx = visitor.db.begin().await?;
    let known = tx.known_of(ground.person.id).await?;
    let data = vec![(Identifier::CustomerNumber, known.number.clone())];
    let verdicts = compare(&data, &known);
    let applicant = Applicant { data, email: ground.application.email.clone() };
    let Some(reference) = consider::queue(&tx, page, &applicant, &verdicts, Queued::Known(&ground.application)).await?
    else {
        return gone(page);
    };
    tx.commit().await?;
    let said = Said {
        title: page.t("registration-received-title"),
        tone: "ok",
        sentences: vec![page.t("registration-received"), page.t("registration-received-mail")],
        reference: reference.to_string(),
        has_login: false,
    };
    say(page, &said)
}

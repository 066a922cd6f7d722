//! What all pages of the registration share.
use crate::data::{Application, ApplicationState, Began};
use crate::domain::access::Identifier;
use crate::domain::ids::{ApplicationId, CustomerId};
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::granting::LINK;
use crate::web::kit::page::Page;
use axum::response::Response;
use serde::Serialize;

/// An application as it begins on line.
pub fn begun(page: &Page, state: ApplicationState, customer: Option<CustomerId>, email: &str) -> Application {
    let now = page.now();
    Application {
        id: ApplicationId::new(),
        began: Began::Online,
        state,
        extra: None,
        customer,
        request: None,
        account: None,
        staff: None,
        email: email.to_owned(),
        token_hash: None,
        code_hash: None,
        tries: 0,
        version: 1,
        created_at: now,
        expires_at: now + LINK,
        language: page.lang().key().to_owned(),
    }
}

/// One page for what there is to say: a title, sentences, perhaps a way on.
#[derive(Default, Serialize)]
pub struct Said {
    pub title: String,
    pub tone: &'static str,
    pub sentences: Vec<String>,
    /// The number to ask by.
    pub reference: String,
    pub has_login: bool,
}

pub fn say(page: &Page, said: &Said) -> Result<Response, Error> {
    page.show("portal/registration_said.html", said)
}

/// The link is used, void or nobody's: what to do now.
pub fn gone(page: &Page) -> Result<Response, Error> {
    let said = Said {
        title: page.t("registration-gone-title"),
        tone: "warn",
        sentences: vec![page.t("registration-gone")],
        ..Said::default()
    };
    page.show_again("portal/registration_said.html", &said)
}

/// The question for one thing that stands on a bill.
pub fn identifier_field(page: &Page, what: Identifier, typed: &str) -> Field {
    let word = what.key();
    let field = match what {
        Identifier::Name => Field::text(word, page.t(&format!("identify-{word}"))).autocomplete("name"),
        Identifier::Postcode => Field::digits(word, page.t(&format!("identify-{word}"))).autocomplete("postal-code"),
        Identifier::InvoiceAmount => Field::number(word, page.t(&format!("identify-{word}"))).unit("Kč"),
        _ => Field::text(word, page.t(&format!("identify-{word}"))).plain().autocomplete("off"),
    };
    field.hint(page.t(&format!("identify-{word}-hint"))).max(80).required().typed(typed)
}

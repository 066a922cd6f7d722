//! Proof that it is still the customer: the present password, asked under the look-over of what moves money. Attempts count like those at
//! the log-in.
use super::errand::Typed;
use crate::web::kit::doors::{self, Entrance, Refusal};
use crate::web::kit::error::Error;
use crate::web::kit::form::Field;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

pub enum Proof {
    /// The form is not being sent yet.
    NotYet,
    Given,
    Missing,
    Refused(Refusal),
}

impl Proof {
    /// Looked at before any transaction is open: a password takes its time.
    pub async fn of(customer: &Customer, typed: &Typed) -> Result<Proof, Error> {
        if !typed.is_sent() {
            return Ok(Proof::NotYet);
        }
        let password = typed.get("password");
        if password.is_empty() {
            return Ok(Proof::Missing);
        }
        let tx = customer.db.read().await?;
        let credentials = tx.credentials_of(customer.account).await?;
        tx.commit().await?;
        let (username, hash) = credentials.unzip();
        let entrance = match Entrance::open(&customer.page, username.as_deref().unwrap_or_default()).await {
            Ok(entrance) => entrance,
            Err(refusal) => return Ok(Proof::Refused(refusal)),
        };
        match entrance.verify(password, hash).await {
            Ok(entrance) => entrance.succeeded().await,
            Err(refusal) => return Ok(Proof::Refused(refusal)),
        }
        Ok(Proof::Given)
    }

    /// The field with what was wrong about it; what was typed is never shown again.
    pub fn field(&self, page: &Page) -> Field {
        let wrong = match self {
            Proof::NotYet | Proof::Given => String::new(),
            Proof::Missing => page.t("proof-missing"),
            Proof::Refused(Refusal::Wrong) => page.t("proof-wrong"),
            Proof::Refused(refusal) => doors::sentence(page, *refusal),
        };
        Field::password("password", page.t("proof-password")).hint(page.t("proof-hint")).required().wrong(wrong)
    }

    /// The look-over shown again: who tried too often waits.
    pub fn answered(&self, mut response: Response) -> Response {
        if let Proof::Refused(Refusal::TooMany(wait)) = self {
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        response
    }
}

//! The one way a request fails. A form mistake is not an error, it is an answer (422) and never comes through here.
use crate::data;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Unknown, another's, or a feature that is not offered: all look the same.
    #[error("not found")]
    NotFound,
    /// The request itself is no HTTP form or header we understand.
    #[error("bad request: {0}")]
    BadRequest(&'static str),
    /// A form without its token, or sent by another site.
    #[error("forged request: {0}")]
    Forged(&'static str),
    /// Asked for after the contract, when only reading is left.
    #[error("the contract is over")]
    ContractOver,
    /// Newer terms of use are in force than those accepted: they come before whatever is asked for.
    #[error("terms of use wait to be accepted")]
    TermsFirst,
    #[error("body too large")]
    TooLarge,
    /// Something we lean on does not answer; worth trying again after so many seconds.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// The time is up while the work goes on.
    #[error("not answered in time")]
    Late,
    #[error("broken: {0}")]
    Broken(String),
}

impl Error {
    pub fn status(&self) -> StatusCode {
        match self {
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::BadRequest(_) => StatusCode::BAD_REQUEST,
            Error::Forged(_) | Error::ContractOver => StatusCode::FORBIDDEN,
            Error::TermsFirst => StatusCode::PRECONDITION_REQUIRED,
            Error::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Error::Unavailable(_) | Error::Late => StatusCode::SERVICE_UNAVAILABLE,
            Error::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<data::Error> for Error {
    fn from(error: data::Error) -> Self {
        match error {
            data::Error::NotFound => Error::NotFound,
            data::Error::Unavailable => Error::Unavailable("the database".into()),
            data::Error::Unfit => Error::BadRequest("a letter that no row can hold"),
            other => Error::Broken(format!("{other:?}")),
        }
    }
}

/// Left on a response for [`super::failures`] to dress in the tenant's page and to log once.
#[derive(Clone, Debug)]
pub struct Failure {
    /// For the log only; never shown.
    pub reason: String,
    /// Words of its own, where those of its status do not fit.
    pub words: Option<&'static str>,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        let words = match self {
            Error::ContractOver => Some("after"),
            Error::Late => Some("late"),
            _ => None,
        };
        response.extensions_mut().insert(Failure { reason: self.to_string(), words });
        response
    }
}

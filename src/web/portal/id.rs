//! An object's identifier out of the path: anything that is none answers the same 404 as an unknown one.
use crate::web::kit::error::Error;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use uuid::Uuid;

pub struct Id(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| Error::NotFound)?;
        Uuid::try_parse(&text).map(Id).map_err(|_| Error::NotFound)
    }
}

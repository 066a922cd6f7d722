//! What can go wrong with rows, in five words.
use sea_orm::{DbErr, RuntimeErr, SqlErr};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such row, or not this tenant's or customer's: the caller cannot tell.
    #[error("not found")]
    NotFound,
    /// A unique key or an expected version stood in the way.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The database does not answer, or not in time.
    #[error("the database does not answer")]
    Unavailable,
    /// A letter that a row can neither hold nor be compared with: NUL.
    #[error("a letter that no row can hold")]
    Unfit,
    #[error("{0}")]
    Broken(String),
}

/// PostgreSQL's names for such a letter: in a text, and in JSON.
const UNFIT: [&str; 2] = ["22021", "22P05"];

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(name)) => return Error::Conflict(name),
            Some(SqlErr::ForeignKeyConstraintViolation(name)) => return Error::Conflict(name),
            _ => {}
        }
        match error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Error::Unavailable,
            DbErr::RecordNotFound(_) | DbErr::RecordNotUpdated => Error::NotFound,
            DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))
                if error.as_database_error().and_then(|one| one.code()).is_some_and(|one| UNFIT.contains(&&*one)) =>
            {
                Error::Unfit
            }
            other => Error::Broken(other.to_string()),
        }
    }
}

/// A stored word that the domain does not know: the row was written by something newer or by hand.
pub fn odd(column: &str, value: &str) -> Error {
    Error::Broken(format!("unknown {column} \"{value}\" in a row"))
}

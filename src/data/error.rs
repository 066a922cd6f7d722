//! What can go wrong with rows, in four words.
use sea_orm::{DbErr, SqlErr};

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
    #[error("{0}")]
    Broken(String),
}

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
            other => Error::Broken(other.to_string()),
        }
    }
}

/// A stored word that the domain does not know: the row was written by something newer or by hand.
pub fn odd(column: &str, value: &str) -> Error {
    Error::Broken(format!("unknown {column} \"{value}\" in a row"))
}

//! Many rows in few statements. Whose they are is said by whoever calls: [`super::scope`] for a tenant's tables, the outbox for its own.
#![expect(clippy::disallowed_methods, reason = "the callers add the tenant")]
use super::error::Error;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityName, EntityTrait, IdenStatic, Iterable,
    Statement, Value,
};
use serde_json::Value as Json;
use time::format_description::well_known::Rfc3339;

/// Rows that say all their columns, unless there is one with a key of theirs. PostgreSQL takes them as one parameter: thousands cost it no
/// thousands of placeholders to read.
pub(super) async fn add_missing<A>(tx: &DatabaseTransaction, rows: Vec<A>) -> Result<(), Error>
where
    A: ActiveModelTrait + Send,
{
    let columns = || <A::Entity as EntityTrait>::Column::iter();
    if tx.get_database_backend() != DbBackend::Postgres {
        for chunk in in_chunks(rows, 30_000 / columns().count().max(1)) {
            let insert = <A::Entity as EntityTrait>::insert_many(chunk);
            insert.on_conflict(OnConflict::new().do_nothing().to_owned()).exec_without_returning(tx).await?;
        }
        return Ok(());
    }
    let names: Vec<String> = columns().map(|column| format!("\"{}\"", column.as_str())).collect();
    let (table, names) = (A::Entity::default().table_name().to_owned(), names.join(", "));
    let sql = format!(
        "INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{table}, $1::json) ON CONFLICT DO NOTHING"
    );
    for chunk in in_chunks(rows, 5_000) {
        let objects: Result<Vec<Json>, Error> = chunk
            .into_iter()
            .map(|row| {
                let field = |column: <A::Entity as EntityTrait>::Column| match row.get(column).into_value() {
                    Some(value) => Ok((column.as_str().to_owned(), json_of(value)?)),
                    None => Err(Error::Broken(format!("{table}: a row without {}", column.as_str()))),
                };
                Ok(Json::Object(columns().map(field).collect::<Result<_, Error>>()?))
            })
            .collect();
        let values = [Value::from(Json::Array(objects?).to_string())];
        tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, &sql, values)).await?;
    }
    Ok(())
}

/// As PostgreSQL reads it back from JSON.
fn json_of(value: Value) -> Result<Json, Error> {
    Ok(match value {
        Value::Bool(value) => value.into(),
        Value::SmallInt(value) => value.into(),
        Value::Int(value) => value.into(),
        Value::BigInt(value) => value.into(),
        Value::String(value) => value.into(),
        Value::Uuid(value) => value.map(|id| id.to_string()).into(),
        Value::TimeDateTimeWithTimeZone(at) => {
            at.map(|at| at.format(&Rfc3339)).transpose().map_err(|error| Error::Broken(error.to_string()))?.into()
        }
        other => return Err(Error::Broken(format!("no way to send {other:?} as JSON"))),
    })
}

pub(super) fn in_chunks<T>(rows: Vec<T>, size: usize) -> Vec<Vec<T>> {
    let mut chunks = Vec::new();
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        chunks.push(rows.by_ref().take(size.max(1)).collect());
    }
    chunks
}

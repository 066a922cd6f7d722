//! What a customer takes away (GDPR, articles 15 and 20): rows of each table page by page, in the order of their keys, so that however many
//! there are, few are held at once.
mod nouns;

pub use nouns::{EXEMPT, NOUNS};

use super::error::Error;
use super::scope::TenantTx;
use crate::domain::ids::{AccountId, CustomerId};
use sea_orm::prelude::Uuid;
use sea_orm::{QueryResult, Value as Bound};
use serde_json::Value as Json;
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime};

/// How a cell is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Small,
    Int,
    Big,
    Text,
    Id,
    Day,
    Moment,
    Flag,
    Json,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A number, a word: itself.
    Plain,
    Halere,
    WattHours,
    KilowattHours,
    Millilitres,
    /// Units of the meter's register: kWh or m³.
    Register,
    Amperes,
    Bytes,
    Thousandths,
    TenThousandths,
    HundredThousandths,
}

pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    pub unit: Unit,
}

/// A table as it is handed over.
pub struct Noun {
    /// Also the name of its file.
    pub table: &'static str,
    /// The column that says whose a row is, and how: `$1` is the tenant, `$2` the customer, `$3` the log-in of whoever asks.
    pub owned: (&'static str, &'static str),
    pub columns: &'static [Column],
    /// Columns that tell one row from another, in the order of the pages.
    pub key: &'static [&'static str],
    /// Columns that are not handed over, with the reason.
    pub withheld: &'static [(&'static str, &'static str)],
}

const fn col(name: &'static str, kind: Kind, unit: Unit) -> Column {
    Column { name, kind, unit }
}

const fn plain(name: &'static str, kind: Kind) -> Column {
    col(name, kind, Unit::Plain)
}

/// Cells in the order of the noun's columns.
pub type Cells = Vec<Json>;

/// Where the next page begins.
#[derive(Clone, Debug)]
pub struct Place(Vec<Bound>);

/// Rows of a page.
const PAGE: usize = 500;

impl TenantTx {
    /// One page of the customer's rows, and of log-ins only that of whoever asks; and where the next begins, none when there is no more.
    pub async fn export_page(
        &self,
        noun: &Noun,
        customer: CustomerId,
        account: AccountId,
        after: Option<Place>,
    ) -> Result<(Vec<Cells>, Option<Place>), Error> {
        let quoted = |name: &&str| format!("\"{name}\"");
        let names: Vec<String> = noun.columns.iter().map(|column| quoted(&column.name)).collect();
        let (column, is_own) = noun.owned;
        let mut sql =
            format!("SELECT {} FROM {} WHERE tenant_id = $1 AND {column} {is_own}", names.join(", "), noun.table);
        let mut values = vec![Bound::from(customer.0)];
        if is_own.contains("$3") {
            values.push(Bound::from(account.0));
        }
        let first = values.len() + 2;
        let key = noun.key.iter().map(quoted).collect::<Vec<_>>().join(", ");
        if let Some(Place(place)) = after {
            let marks: Vec<String> = (0..place.len()).map(|at| format!("${}", at + first)).collect();
            sql.push_str(&format!(" AND ({key}) > ({})", marks.join(", ")));
            values.extend(place);
        }
        sql.push_str(&format!(" ORDER BY {key} LIMIT {PAGE}"));
        let rows = self.rows_of(sql, values).await?;
        let next = match rows.last().filter(|_| rows.len() == PAGE) {
            Some(last) => Some(place_of(noun, last)?),
            None => None,
        };
        let cells = |row: &QueryResult| noun.columns.iter().map(|column| cell(row, column)).collect();
        Ok((rows.iter().map(cells).collect::<Result<_, Error>>()?, next))
    }
}

fn place_of(noun: &Noun, row: &QueryResult) -> Result<Place, Error> {
    let of = |name: &&str| {
        let column = noun.columns.iter().find(|column| column.name == *name);
        let column = column.ok_or_else(|| Error::Broken(format!("{} is ordered by what it withholds", noun.table)))?;
        bound(row, column)
    };
    Ok(Place(noun.key.iter().map(of).collect::<Result<_, _>>()?))
}

fn bound(row: &QueryResult, column: &Column) -> Result<Bound, Error> {
    let name = column.name;
    Ok(match column.kind {
        Kind::Small => row.try_get::<i16>("", name)?.into(),
        Kind::Int => row.try_get::<i32>("", name)?.into(),
        Kind::Big => row.try_get::<i64>("", name)?.into(),
        Kind::Text | Kind::Json => row.try_get::<String>("", name)?.into(),
        Kind::Id => row.try_get::<Uuid>("", name)?.into(),
        Kind::Day => row.try_get::<Date>("", name)?.into(),
        Kind::Moment => row.try_get::<OffsetDateTime>("", name)?.into(),
        Kind::Flag => row.try_get::<bool>("", name)?.into(),
    })
}

fn cell(row: &QueryResult, column: &Column) -> Result<Json, Error> {
    let name = column.name;
    Ok(match column.kind {
        Kind::Small => row.try_get::<Option<i16>>("", name)?.into(),
        Kind::Int => row.try_get::<Option<i32>>("", name)?.into(),
        Kind::Big => row.try_get::<Option<i64>>("", name)?.into(),
        Kind::Text => row.try_get::<Option<String>>("", name)?.into(),
        Kind::Id => row.try_get::<Option<Uuid>>("", name)?.map(|id| id.to_string()).into(),
        Kind::Day => row.try_get::<Option<Date>>("", name)?.map(|day| day.to_string()).into(),
        Kind::Moment => {
            let at = row.try_get::<Option<OffsetDateTime>>("", name)?;
            at.and_then(|at| at.format(&Rfc3339).ok()).into()
        }
        Kind::Flag => row.try_get::<Option<bool>>("", name)?.into(),
        Kind::Json => {
            let text = row.try_get::<Option<String>>("", name)?;
            text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Json::Null)
        }
    })
}

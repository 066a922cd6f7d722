//! Readings of many points in one file: a row is a point, a register, a day and a state. All of it is taken or none; whether a state can be so
//! is the business of `self_readings`.
#[cfg(test)]
mod tests;

use super::content::folded;
use super::csv::{self, Encoding, NoText, Record, Unbalanced};
use super::supply_points::{CodeError, Register, parse_ean, parse_eic};
use super::typed::{self, DateError, NumberError};
use rust_decimal::prelude::ToPrimitive;
use std::collections::HashMap;
use time::Date;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    Code,
    Register,
    Day,
    State,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Counted from 1, the header included.
    pub line: usize,
    /// EAN or EIC, checked.
    pub code: String,
    pub register: Register,
    pub read_on: Date,
    /// Decimals cut off.
    pub state: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    pub encoding: Encoding,
    pub separator: char,
    pub rows: Vec<Row>,
    /// Rows whose state was left empty: a template need not be filled to the end.
    pub skipped: usize,
}

/// What is wrong with a cell. An unknown code, register, day or state says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellProblem {
    Missing,
    Code(CodeError),
    /// Not VT, NT or m³, or not one this kind of point has.
    Register,
    Day(DateError),
    State(NumberError),
    /// The same point, register and day stood on that line already.
    Twice {
        line: usize,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellError {
    pub line: usize,
    /// Counted from 1 as in the file.
    pub column: usize,
    pub of: Column,
    pub problem: CellProblem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadError {
    NoText(NoText),
    Quotes(Unbalanced),
    /// No header, or one without or twice with that column. The register may be left out where all points are gas or single-rate.
    HeaderMissing(Column),
    HeaderTwice(Column),
    NoRows,
    TooManyRows {
        limit: usize,
    },
    /// The first twenty, and how many there are.
    Cells {
        first: Vec<CellError>,
        count: usize,
    },
}

/// Of a thousand points read four times a year; what is more goes in two files.
pub const MOST_ROWS: usize = 5_000;
const FIRST: usize = 20;

/// Column names without accents, as people and our own template write them.
const NAMES: [(Column, &[&str]); 4] = [
    (Column::Code, &["ean", "eic", "ean/eic", "odberne misto", "kod", "code", "supply point"]),
    (Column::Register, &["registr", "tarif", "pasmo", "register", "tariff"]),
    (Column::Day, &["datum", "datum odectu", "den", "date", "day", "read on"]),
    (Column::State, &["stav", "stav meridla", "hodnota", "odecet", "state", "reading", "value"]),
];

/// A file as it came.
pub fn read(content: &[u8]) -> Result<Upload, UploadError> {
    let (text, encoding) = csv::decoded(content).map_err(UploadError::NoText)?;
    let separator = csv::separator(&text);
    let records = csv::records(&text, separator).map_err(UploadError::Quotes)?;
    let (header, records) = records.split_first().ok_or(UploadError::NoRows)?;
    let columns = Columns::find(&header.cells)?;
    if records.is_empty() {
        return Err(UploadError::NoRows);
    }
    if records.len() > MOST_ROWS {
        return Err(UploadError::TooManyRows { limit: MOST_ROWS });
    }
    let (mut rows, mut skipped, mut first, mut count) = (Vec::new(), 0, Vec::new(), 0);
    let mut lines = HashMap::new();
    for record in records {
        if columns.is_left_empty(record) {
            skipped += 1;
            continue;
        }
        let row = columns.row(record).and_then(|row| {
            let key = (row.code.clone(), row.register, row.read_on);
            match *lines.entry(key).or_insert(row.line) {
                line if line == row.line => Ok(row),
                line => Err(vec![columns.error(record, Column::Code, CellProblem::Twice { line })]),
            }
        });
        match row {
            Ok(row) => rows.push(row),
            Err(errors) => {
                count += errors.len();
                first.extend(errors.into_iter().take(FIRST - first.len().min(FIRST)));
            }
        }
    }
    match (count, rows.len()) {
        (0, 0) => Err(UploadError::NoRows),
        (0, _) => Ok(Upload { encoding, separator, rows, skipped }),
        _ => Err(UploadError::Cells { first, count }),
    }
}

/// Where each column stands, from nought.
struct Columns {
    code: usize,
    register: Option<usize>,
    day: usize,
    state: usize,
}

impl Columns {
    fn find(header: &[String]) -> Result<Columns, UploadError> {
        let place = |column: Column| {
            let names = NAMES.iter().find(|names| names.0 == column).map_or(&[][..], |names| names.1);
            let is_it = |cell: &&String| names.contains(&folded(cell).trim().replace('_', " ").as_str());
            match header.iter().filter(is_it).count() {
                0 => Err(UploadError::HeaderMissing(column)),
                1 => header.iter().position(|cell| is_it(&cell)).ok_or(UploadError::HeaderMissing(column)),
                _ => Err(UploadError::HeaderTwice(column)),
            }
        };
        let register = match place(Column::Register) {
            Err(UploadError::HeaderMissing(_)) => None,
            found => Some(found?),
        };
        Ok(Columns { code: place(Column::Code)?, register, day: place(Column::Day)?, state: place(Column::State)? })
    }

    fn is_left_empty(&self, record: &Record) -> bool {
        record.cells.get(self.state).is_none_or(|cell| cell.trim().is_empty())
    }

    fn row(&self, record: &Record) -> Result<Row, Vec<CellError>> {
        let mut errors = Vec::new();
        let mut keep = |of, problem| errors.push(self.error(record, of, problem));
        let text = |at: usize| record.cells.get(at).map_or("", |cell| csv::bare(cell.trim()));
        let code = read_code(text(self.code)).map_err(|problem| keep(Column::Code, problem)).ok();
        let register = self.register.map_or("", text);
        let register = match code.as_ref().map(|code| read_register(register, code.len() == 16)) {
            Some(None) => {
                keep(Column::Register, CellProblem::Register);
                None
            }
            found => found.flatten(),
        };
        let day = typed::date(text(self.day)).map_err(|error| match error {
            DateError::Empty => CellProblem::Missing,
            error => CellProblem::Day(error),
        });
        let read_on = day.map_err(|problem| keep(Column::Day, problem)).ok();
        let state = read_state(text(self.state)).map_err(|problem| keep(Column::State, problem)).ok();
        match (code, register, read_on, state) {
            (Some(code), Some(register), Some(read_on), Some(state)) => {
                Ok(Row { line: record.line, code, register, read_on, state })
            }
            _ => Err(errors),
        }
    }

    fn error(&self, record: &Record, of: Column, problem: CellProblem) -> CellError {
        let at = match of {
            Column::Code => self.code,
            Column::Register => self.register.unwrap_or(self.code),
            Column::Day => self.day,
            Column::State => self.state,
        };
        CellError { line: record.line, column: at + 1, of, problem }
    }
}

/// An EIC has letters and sixteen characters, all else is meant as an EAN.
fn read_code(text: &str) -> Result<String, CellProblem> {
    if text.is_empty() {
        return Err(CellProblem::Missing);
    }
    let is_eic = text.chars().any(char::is_alphabetic);
    if is_eic { parse_eic(text) } else { parse_ean(text) }.map_err(CellProblem::Code)
}

/// An empty one is the only register of gas, and VT of electricity.
fn read_register(text: &str, is_gas: bool) -> Option<Register> {
    let register = match folded(text).as_str() {
        "" if is_gas => Register::Volume,
        "" | "vt" | "t1" | "i" | "high" => Register::High,
        "nt" | "t2" | "ii" | "low" => Register::Low,
        "m3" | "m³" | "plyn" | "gas" | "volume" => Register::Volume,
        _ => return None,
    };
    ((register == Register::Volume) == is_gas).then_some(register)
}

fn read_state(text: &str) -> Result<i64, CellProblem> {
    match typed::decimal(text) {
        Ok(value) if value.is_sign_negative() => Err(CellProblem::State(NumberError::NotANumber)),
        Ok(value) => value.trunc().to_i64().ok_or(CellProblem::State(NumberError::TooLong)),
        Err(NumberError::Empty) => Err(CellProblem::Missing),
        Err(error) => Err(CellProblem::State(error)),
    }
}

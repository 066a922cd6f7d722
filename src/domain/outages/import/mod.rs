//! Outages in a file or in a call: our own format, as CSV (`outage_id; version; kind; starts_at; ends_at; tz; cancelled; reason; eans;
//! addresses; parcels`, besides them perhaps `distributor` and `announced_at`) and as JSON with fields of the same names; and what distributors
//! publish, where the supplier takes it. All of it is taken or none; what is wrong is pointed at by line and column, or by its path.
mod feeds;
mod json;

use super::written::{self, Unwritten};
use super::{Areas, NoInstant, Outage, OutageKind, Source, Wrong, instant, place_of, shown};
use crate::domain::csv::{self, Encoding, NoText, Record, Unbalanced};
use crate::domain::ids::OutageId;
use crate::domain::typed;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, PrimitiveDateTime, Time};

pub use feeds::Shape;

pub const MOST_ROWS: usize = 2_000;
/// Mistakes that are told; with them mended, the rest is seen.
pub const FIRST: usize = 20;

/// The columns, in the order of the template; the first ten and `parcels` are its own, the rest may be left out.
pub const COLUMNS: [&str; 13] = [
    "outage_id",
    "version",
    "kind",
    "starts_at",
    "ends_at",
    "tz",
    "cancelled",
    "reason",
    "eans",
    "addresses",
    "parcels",
    "distributor",
    "announced_at",
];
/// Without these there is no outage.
const NEEDED: [&str; 4] = ["outage_id", "version", "starts_at", "ends_at"];

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    Missing,
    /// Longer than so many letters, or with letters that hide something.
    Letters(usize),
    Version,
    Kind,
    /// Not a day and a time of day.
    Time,
    /// Clocks never show it: the hour that summer time leaves out.
    LeftOut,
    Zone,
    YesOrNo,
    Unwritten(Unwritten),
    Wrong(Wrong),
    /// The same number and version stood there already.
    Twice(Spot),
    /// Of JSON: a field is missing, unknown or not of the kind it should be; what its reader says of it.
    Shape(String),
}

/// Where in a file something is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// In a CSV, both from 1 on.
    Cell { line: usize, column: usize, name: String },
    /// In a JSON: `outages[3].starts_at`.
    Path(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellError {
    pub spot: Spot,
    pub problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    NoText(NoText),
    Quotes(Unbalanced),
    /// Begins like JSON and is none.
    Json {
        line: usize,
        column: usize,
    },
    /// What a distributor publishes, and the supplier does not take it.
    ShapeOff(Shape),
    HeaderMissing(&'static str),
    HeaderTwice(&'static str),
    Empty,
    TooMany,
    Cells {
        first: Vec<CellError>,
        count: usize,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub encoding: Encoding,
    pub is_json: bool,
    /// In the order of the file.
    pub outages: Vec<Outage>,
}

/// What a reader has to know: the zone of times without one, when it is read, and which shapes of distributors the supplier takes.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    pub zone: &'a str,
    pub now: OffsetDateTime,
    pub shapes: &'a [Shape],
}

/// One outage as words.
#[derive(Default)]
struct Words<'a> {
    outage_id: &'a str,
    version: &'a str,
    kind: &'a str,
    starts_at: &'a str,
    ends_at: &'a str,
    tz: &'a str,
    cancelled: &'a str,
    reason: &'a str,
    distributor: &'a str,
    announced_at: &'a str,
}

/// What is wrong with one outage, by the name of its field.
type Problems = Vec<(String, Problem)>;
type Found = Result<Outage, Problems>;

/// One outage as it was found, and where.
struct Row {
    origin: Origin,
    found: Found,
}

enum Origin {
    /// The line, and which of our columns the file has where.
    Line(usize, Rc<[Option<&'static str>]>),
    Path(String),
}

impl Row {
    /// In a JSON, at that path.
    fn of(path: String, found: Found) -> Row {
        Row { origin: Origin::Path(path), found }
    }
}

impl Origin {
    fn spot(&self, name: &str) -> Spot {
        match self {
            Origin::Line(line, columns) => {
                let column = columns.iter().position(|one| *one == Some(name)).map_or(0, |at| at + 1);
                Spot::Cell { line: *line, column, name: name.to_owned() }
            }
            Origin::Path(path) => Spot::Path(json::joined(path, name)),
        }
    }
}

/// A file as it came: JSON when it begins like it, else CSV.
pub fn read(content: &[u8], reading: Reading<'_>) -> Result<File, FileError> {
    let (text, encoding) = csv::decoded(content).map_err(FileError::NoText)?;
    let is_json = text.trim_start().starts_with(['{', '[']);
    // A distributor who plans nothing says so by an empty list.
    let (rows, may_be_empty) = if is_json { json::rows(&text, reading)? } else { (of_csv(&text, reading)?, false) };
    let (mut outages, mut errors) = (Vec::new(), Vec::new());
    let mut seen: HashMap<(String, i32), Spot> = HashMap::new();
    for Row { origin, found } in rows {
        match found {
            Ok(one) => match seen.entry((one.number.clone(), one.version)) {
                Entry::Occupied(before) => {
                    let problem = Problem::Twice(before.get().clone());
                    errors.push(CellError { spot: origin.spot("outage_id"), problem });
                }
                Entry::Vacant(place) => {
                    place.insert(origin.spot(""));
                    outages.push(one);
                }
            },
            Err(problems) => {
                errors.extend(
                    problems.into_iter().map(|(name, problem)| CellError { spot: origin.spot(&name), problem }),
                );
            }
        }
    }
    match errors.len() {
        0 if outages.is_empty() && !may_be_empty => Err(FileError::Empty),
        0 => Ok(File { encoding, is_json, outages }),
        count => Err(FileError::Cells { first: errors.into_iter().take(FIRST).collect(), count }),
    }
}

fn of_csv(text: &str, reading: Reading<'_>) -> Result<Vec<Row>, FileError> {
    let records = csv::records(text, csv::separator(text)).map_err(FileError::Quotes)?;
    let (header, records) = records.split_first().ok_or(FileError::Empty)?;
    let name = |cell: &String| {
        let bare = cell.trim().to_lowercase();
        COLUMNS.into_iter().find(|name| *name == bare)
    };
    let columns: Rc<[Option<&'static str>]> = header.cells.iter().map(name).collect();
    for name in COLUMNS {
        match columns.iter().filter(|column| **column == Some(name)).count() {
            0 if NEEDED.contains(&name) => return Err(FileError::HeaderMissing(name)),
            0 | 1 => {}
            _ => return Err(FileError::HeaderTwice(name)),
        }
    }
    if records.len() > MOST_ROWS {
        return Err(FileError::TooMany);
    }
    let row = |record: &Record| Row {
        origin: Origin::Line(record.line, Rc::clone(&columns)),
        found: outage_of_record(record, &columns, reading),
    };
    Ok(records.iter().map(row).collect())
}

fn outage_of_record(record: &Record, columns: &[Option<&'static str>], reading: Reading<'_>) -> Found {
    let cell = |name: &str| {
        let at = columns.iter().position(|column| *column == Some(name));
        at.and_then(|at| record.cells.get(at)).map_or("", |cell| csv::bare(cell.trim()))
    };
    let words = Words {
        outage_id: cell("outage_id"),
        version: cell("version"),
        kind: cell("kind"),
        starts_at: cell("starts_at"),
        ends_at: cell("ends_at"),
        tz: cell("tz"),
        cancelled: cell("cancelled"),
        reason: cell("reason"),
        distributor: cell("distributor"),
        announced_at: cell("announced_at"),
    };
    let mut problems = Vec::new();
    let mut areas = Areas::default();
    let mut keep = |name: &str, error| problems.push((name.to_owned(), Problem::Unwritten(error)));
    match written::eans(cell("eans")) {
        Ok(eans) => areas.eans = eans,
        Err(error) => keep("eans", error),
    }
    match written::places(cell("addresses")) {
        Ok(places) => areas.addresses = places,
        Err(error) => keep("addresses", error),
    }
    match written::parcels(cell("parcels")) {
        Ok(parcels) => areas.parcels = parcels,
        Err(error) => keep("parcels", error),
    }
    outage(&words, areas, problems, reading)
}

fn outage(words: &Words<'_>, areas: Areas, mut problems: Problems, reading: Reading<'_>) -> Found {
    let mut keep = |name: &str, problem: Problem| problems.push((name.to_owned(), problem));
    let text = |text: &str, most: usize| typed::text(text, most).map_err(|_| Problem::Letters(most));
    let number = text(words.outage_id, 64).map_err(|problem| keep("outage_id", problem)).unwrap_or_default();
    if words.outage_id.trim().is_empty() {
        keep("outage_id", Problem::Missing);
    }
    let reason = text(words.reason, 300).map_err(|problem| keep("reason", problem)).unwrap_or_default();
    let distributor = text(words.distributor, 100).map_err(|problem| keep("distributor", problem)).unwrap_or_default();
    let version = words.version.trim().parse::<i32>().ok().filter(|version| *version > 0);
    if version.is_none() {
        keep("version", Problem::Version);
    }
    let kind = match words.kind.trim() {
        "" => Some(OutageKind::Planned),
        kind => OutageKind::parse(&kind.to_lowercase()),
    };
    if kind.is_none() {
        keep("kind", Problem::Kind);
    }
    let is_cancelled = match words.cancelled.trim().to_lowercase().as_str() {
        "" | "0" | "false" | "no" | "ne" => Some(false),
        "1" | "true" | "yes" | "ano" | "x" => Some(true),
        _ => None,
    };
    if is_cancelled.is_none() {
        keep("cancelled", Problem::YesOrNo);
    }
    let zone = if words.tz.trim().is_empty() { reading.zone } else { words.tz.trim() };
    let mut at = |name: &'static str, text: &str| match moment(text, zone) {
        Ok(at) => Some(at),
        Err(Problem::Zone) => {
            keep("tz", Problem::Zone);
            None
        }
        Err(problem) => {
            keep(name, problem);
            None
        }
    };
    let (starts_at, ends_at) = (at("starts_at", words.starts_at), at("ends_at", words.ends_at));
    let announced_at = match words.announced_at.trim() {
        "" => Some(reading.now),
        text => at("announced_at", text),
    };
    let (Some(version), Some(kind), Some(is_cancelled), Some(starts_at), Some(ends_at), Some(announced_at)) =
        (version, kind, is_cancelled, starts_at, ends_at, announced_at)
    else {
        return Err(problems);
    };
    let one = Outage {
        id: OutageId::new(),
        source: Source::Distributor,
        number,
        version,
        kind,
        starts_at,
        ends_at,
        is_cancelled,
        reason,
        place: place_of(&areas),
        distributor,
        announced_at,
        areas,
    };
    judge(&one, &mut problems, reading.now);
    if problems.is_empty() { Ok(one) } else { Err(problems) }
}

/// What such an outage cannot be, by the field to be mended.
fn judge(one: &Outage, problems: &mut Problems, now: OffsetDateTime) {
    for wrong in one.wrong(now) {
        let name = match wrong {
            // Of what is cancelled, the places are known from before.
            Wrong::Nowhere
                if one.is_cancelled || problems.iter().any(|(_, one)| matches!(one, Problem::Unwritten(_))) =>
            {
                continue;
            }
            Wrong::Nowhere | Wrong::TooMany => "addresses",
            Wrong::Ends | Wrong::TooLong => "ends_at",
            Wrong::TooFar => "starts_at",
            Wrong::Version => "version",
        };
        problems.push((name.to_owned(), Problem::Wrong(wrong)));
    }
}

/// `2026-09-07T05:30:00Z`, or without an offset what clocks of the zone show: `2026-09-07 07:30`, `7. 9. 2026 7:30`. Of a time they show
/// twice it is the first, unless it says which: `25. 10. 2026 2:30 (UTC+1)`.
pub fn moment(text: &str, zone: &str) -> Result<OffsetDateTime, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::Missing);
    }
    if let Ok(at) = OffsetDateTime::parse(text, &Rfc3339) {
        let at = at.checked_to_offset(time::UtcOffset::UTC);
        return at.filter(|at| (2000..=2100).contains(&at.year())).ok_or(Problem::Time);
    }
    let (text, ahead) = match text.strip_suffix(')').and_then(|text| text.rsplit_once("(UTC")) {
        Some((text, hours)) => (text.trim_end(), Some(hours.replace('\u{2212}', "-").parse::<i8>())),
        None => (text, None),
    };
    let (day, clock) = text.rsplit_once([' ', 'T', '\u{a0}']).ok_or(Problem::Time)?;
    let said = PrimitiveDateTime::new(typed::date(day).map_err(|_| Problem::Time)?, clock_of(clock)?);
    let first = instant(said.date(), said.time(), zone).map_err(|error| match error {
        NoInstant::LeftOut(_) => Problem::LeftOut,
        NoInstant::Zone => Problem::Zone,
    })?;
    let Some(ahead) = ahead else { return Ok(first) };
    let hours = ahead.map_err(|_| Problem::Time)?;
    let at = said.assume_utc().checked_sub(Duration::hours(hours.into())).ok_or(Problem::Time)?;
    if shown(at, zone) == Ok(said) { Ok(at) } else { Err(Problem::Time) }
}

/// `7:30`, `07:30`, `07:30:00`.
fn clock_of(text: &str) -> Result<Time, Problem> {
    let text = text.trim();
    let short = format_description!("[hour padding:none]:[minute]");
    let long = format_description!("[hour padding:none]:[minute]:[second]");
    Time::parse(text, short).or_else(|_| Time::parse(text, long)).map_err(|_| Problem::Time)
}

#[cfg(test)]
mod tests;

//! Outages in a file or in a call: our own format, as CSV (`outage_id; version; kind; starts_at; ends_at; tz; cancelled; reason; eans;
//! addresses; parcels`, besides them perhaps `distributor` and `announced_at`) and as JSON with fields of the same names. All of it is taken
//! or none; what is wrong is pointed at by line and column.
use super::written::{self, Unwritten};
use super::{Areas, NoInstant, Outage, OutageKind, Parcel, Place, Source, Wrong, instant, place_of};
use crate::domain::csv::{self, Encoding, NoText, Record, Unbalanced};
use crate::domain::ids::OutageId;
use crate::domain::typed;
use serde::Deserialize;
use std::collections::HashMap;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime, Time};

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
    /// The same number and version stood on that line already.
    Twice(usize),
}

/// Where it is: line and column of a CSV, place in the list and name of the field of a JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellError {
    pub line: usize,
    /// From 1 on as in the file; nought in JSON, which has none.
    pub column: usize,
    pub name: &'static str,
    pub problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    NoText(NoText),
    Quotes(Unbalanced),
    /// Neither of our JSON shapes; what its reader says of it.
    Json {
        line: usize,
        column: usize,
    },
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

/// What a reader has to know: the zone of times without one, and when it is read.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    pub zone: &'a str,
    pub now: OffsetDateTime,
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

/// One outage of a JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Object {
    outage_id: String,
    version: i32,
    #[serde(default)]
    kind: String,
    starts_at: String,
    ends_at: String,
    #[serde(default)]
    tz: String,
    #[serde(default)]
    cancelled: bool,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    eans: Vec<String>,
    #[serde(default)]
    addresses: Vec<Place>,
    #[serde(default)]
    parcels: Vec<Parcel>,
    #[serde(default)]
    distributor: String,
    #[serde(default)]
    announced_at: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Shape {
    All { outages: Vec<Object> },
    List(Vec<Object>),
    One(Box<Object>),
}

type Found = Result<Outage, Vec<(&'static str, Problem)>>;

/// A file as it came: JSON when it begins like it, else CSV.
pub fn read(content: &[u8], reading: Reading<'_>) -> Result<File, FileError> {
    let (text, encoding) = csv::decoded(content).map_err(FileError::NoText)?;
    let is_json = text.trim_start().starts_with(['{', '[']);
    let rows = if is_json { of_json(&text, reading)? } else { of_csv(&text, reading)? };
    let (mut outages, mut errors) = (Vec::new(), Vec::new());
    let mut seen: HashMap<(String, i32), usize> = HashMap::new();
    for (line, columns, found) in rows {
        let column = |name: &str| columns.iter().position(|one| *one == Some(name)).map_or(0, |at| at + 1);
        let mut keep =
            |name: &'static str, problem| errors.push(CellError { line, column: column(name), name, problem });
        match found {
            Ok(one) => match *seen.entry((one.number.clone(), one.version)).or_insert(line) {
                before if before != line => keep("outage_id", Problem::Twice(before)),
                _ => outages.push(one),
            },
            Err(problems) => problems.into_iter().for_each(|(name, problem)| keep(name, problem)),
        }
    }
    match errors.len() {
        0 if outages.is_empty() => Err(FileError::Empty),
        0 => Ok(File { encoding, is_json, outages }),
        count => Err(FileError::Cells { first: errors.into_iter().take(FIRST).collect(), count }),
    }
}

type Row = (usize, Vec<Option<&'static str>>, Found);

fn of_csv(text: &str, reading: Reading<'_>) -> Result<Vec<Row>, FileError> {
    let records = csv::records(text, csv::separator(text)).map_err(FileError::Quotes)?;
    let (header, records) = records.split_first().ok_or(FileError::Empty)?;
    let name = |cell: &String| {
        let bare = cell.trim().to_lowercase();
        COLUMNS.into_iter().find(|name| *name == bare)
    };
    let columns: Vec<Option<&'static str>> = header.cells.iter().map(name).collect();
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
    let row = |record: &Record| (record.line, columns.clone(), outage_of_record(record, &columns, reading));
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
    let mut keep = |name, error| problems.push((name, Problem::Unwritten(error)));
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

fn of_json(text: &str, reading: Reading<'_>) -> Result<Vec<Row>, FileError> {
    let no_shape = |error: serde_json::Error| FileError::Json { line: error.line(), column: error.column() };
    // Read twice, since an untagged shape cannot say where it failed.
    let value: serde_json::Value = serde_json::from_str(text).map_err(no_shape)?;
    let objects = match serde_json::from_value(value) {
        Ok(Shape::All { outages }) => outages,
        Ok(Shape::List(list)) => list,
        Ok(Shape::One(one)) => vec![*one],
        Err(_) => return Err(FileError::Json { line: 1, column: 1 }),
    };
    if objects.len() > MOST_ROWS {
        return Err(FileError::TooMany);
    }
    let row = |(at, one): (usize, Object)| {
        let version = one.version.to_string();
        let words = Words {
            outage_id: &one.outage_id,
            version: &version,
            kind: &one.kind,
            starts_at: &one.starts_at,
            ends_at: &one.ends_at,
            tz: &one.tz,
            cancelled: if one.cancelled { "true" } else { "" },
            reason: &one.reason,
            distributor: &one.distributor,
            announced_at: &one.announced_at,
        };
        let mut problems = Vec::new();
        let mut keep = |name, error| problems.push((name, Problem::Unwritten(error)));
        let mut areas = Areas::default();
        match written::eans(&one.eans.join(" ")) {
            Ok(eans) => areas.eans = eans,
            Err(error) => keep("eans", error),
        }
        for place in one.addresses {
            // Read as a person would write it, which bounds and cleans its words.
            match Place::parse(&place.to_string()) {
                Ok(place) => areas.addresses.push(place),
                Err(error) => keep("addresses", error),
            }
        }
        for parcel in one.parcels {
            match Parcel::parse(&parcel.to_string()) {
                Ok(parcel) => areas.parcels.push(parcel),
                Err(error) => keep("parcels", error),
            }
        }
        (at + 1, Vec::new(), outage(&words, areas, problems, reading))
    };
    Ok(objects.into_iter().enumerate().map(row).collect())
}

fn outage(words: &Words<'_>, areas: Areas, mut problems: Vec<(&'static str, Problem)>, reading: Reading<'_>) -> Found {
    let mut keep = |name: &'static str, problem: Problem| problems.push((name, problem));
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
    for wrong in one.wrong(reading.now) {
        match wrong {
            // Of what is cancelled, the places are known from before.
            Wrong::Nowhere
                if one.is_cancelled || problems.iter().any(|(_, one)| matches!(one, Problem::Unwritten(_))) => {}
            Wrong::Nowhere | Wrong::TooMany => problems.push(("addresses", Problem::Wrong(wrong))),
            Wrong::Ends | Wrong::TooLong => problems.push(("ends_at", Problem::Wrong(wrong))),
            Wrong::TooFar => problems.push(("starts_at", Problem::Wrong(wrong))),
            Wrong::Version => problems.push(("version", Problem::Wrong(wrong))),
        }
    }
    if problems.is_empty() { Ok(one) } else { Err(problems) }
}

/// `2026-09-07T05:30:00Z`, or without an offset what clocks of the zone show: `2026-09-07 07:30`, `7. 9. 2026 7:30`.
pub fn moment(text: &str, zone: &str) -> Result<OffsetDateTime, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::Missing);
    }
    if let Ok(at) = OffsetDateTime::parse(text, &Rfc3339) {
        let at = at.checked_to_offset(time::UtcOffset::UTC);
        return at.filter(|at| (2000..=2100).contains(&at.year())).ok_or(Problem::Time);
    }
    let (day, clock) = text.rsplit_once([' ', 'T', '\u{a0}']).ok_or(Problem::Time)?;
    let shown = PrimitiveDateTime::new(typed::date(day).map_err(|_| Problem::Time)?, clock_of(clock)?);
    instant(shown.date(), shown.time(), zone).map_err(|error| match error {
        NoInstant::LeftOut(_) => Problem::LeftOut,
        NoInstant::Zone => Problem::Zone,
    })
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

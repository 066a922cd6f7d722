//! Our own JSON: `{"outages": [...]}`, the list alone, or one outage. Each is read by itself, so that each mistake has its path.
use super::super::written::{self, Unwritten};
use super::super::{Areas, Parcel, Place};
use super::feeds::{self, Shape};
use super::{FileError, Found, MOST_ROWS, Problem, Problems, Reading, Row, Words, outage};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

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

/// A path and what stands below it; the whole file is `.`.
pub(super) fn joined(path: &str, name: &str) -> String {
    match (path, name) {
        ("", "") => ".".to_owned(),
        (one, "") | ("", one) => one.to_owned(),
        (path, name) if name.starts_with('[') => format!("{path}{name}"),
        (path, name) => format!("{path}.{name}"),
    }
}

/// What stands there, or where below it there is a mistake.
pub(super) fn of<T: DeserializeOwned>(value: Value) -> Result<T, Problems> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        // The reader calls the whole of what it reads `.`.
        let path = error.path().to_string();
        let path = if path == "." { String::new() } else { short(&path) };
        vec![(path, Problem::Shape(short(&error.into_inner().to_string())))]
    })
}

/// Names that nobody knows stand in it as they came.
fn short(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(200).collect()
}

/// The outages, and whether there may be none.
pub(super) fn rows(text: &str, reading: Reading<'_>) -> Result<(Vec<Row>, bool), FileError> {
    let no_json = |error: serde_json::Error| FileError::Json { line: error.line(), column: error.column() };
    let value: Value = serde_json::from_str(text).map_err(no_json)?;
    if let Some(shape) = Shape::of(&value) {
        return match reading.shapes.contains(&shape) {
            true => Ok((feeds::rows(value, shape, reading.now)?, true)),
            false => Err(FileError::ShapeOff(shape)),
        };
    }
    let (list, under) = match value {
        Value::Object(mut all) if all.contains_key("outages") => {
            match of::<Vec<Value>>(all.remove("outages").unwrap_or_default()) {
                Ok(list) => (list, "outages"),
                Err(problems) => return Ok((vec![Row::of("outages".into(), Err(problems))], false)),
            }
        }
        Value::Array(list) => (list, ""),
        one => return Ok((vec![Row::of(String::new(), found(one, reading))], false)),
    };
    if list.len() > MOST_ROWS {
        return Err(FileError::TooMany);
    }
    let row = |(at, one)| Row::of(format!("{under}[{at}]"), found(one, reading));
    Ok((list.into_iter().enumerate().map(row).collect(), false))
}

fn found(value: Value, reading: Reading<'_>) -> Found {
    let one: Object = of(value)?;
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
    let (mut problems, mut areas) = (Vec::new(), Areas::default());
    let mut keep = |name: String, error: Unwritten| problems.push((name, Problem::Unwritten(error)));
    match written::eans(&one.eans.join(" ")) {
        Ok(eans) => areas.eans = eans,
        Err(error) => keep("eans".into(), error),
    }
    for (at, place) in one.addresses.iter().enumerate() {
        // Read as a person would write it, which bounds and cleans its words.
        match Place::parse(&place.to_string()) {
            Ok(place) => areas.addresses.push(place),
            Err(error) => keep(format!("addresses[{at}]"), error),
        }
    }
    for (at, parcel) in one.parcels.iter().enumerate() {
        match Parcel::parse(&parcel.to_string()) {
            Ok(parcel) => areas.parcels.push(parcel),
            Err(error) => keep(format!("parcels[{at}]"), error),
        }
    }
    outage(&words, areas, problems, reading)
}

//! What distributors publish: the two recorded shapes of ČEZ Distribuce. They are undocumented and number no versions, so a supplier takes
//! them only where its document says so (`[outages] shapes`). Nothing is fetched here: a file or a call brings them.
use super::super::{
    Areas, NoInstant, Numbers, Outage, OutageKind, Parcel, Place, Source, UNNUMBERED, instant, place_of,
};
use super::json::{joined, of};
use super::{FileError, Found, MOST_ROWS, Problem, Problems, Row, judge};
use crate::domain::ids::OutageId;
use crate::domain::outages::written::Unwritten;
use crate::domain::supply_points::parse_ean;
use crate::domain::words::words;
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

words! {
    /// A shape a distributor publishes its outages in.
    Shape {
        /// All outages of a municipality: times in UTC; a list that is null or not there is no outage.
        CezByTown = "cez-by-town",
        /// Those of one supply point: what clocks in Prague show; an end before the start is on the next day; only this one says what was
        /// cancelled. Whose they are it does not say: whoever asked writes `ean` beside `data`.
        CezByEan = "cez-by-ean",
    }
}

impl Shape {
    /// What this looks like; none when it is not a distributor's. Of a list, the first one decides.
    pub(super) fn of(value: &Value) -> Option<Shape> {
        let one = value.as_array().map_or(Some(value), |list| list.first())?.as_object()?;
        let is_town = |list: &Value| list.get(0).is_some_and(|one| one.get("opened_at").is_some());
        match () {
            () if one.contains_key("outages_in_town") || one.get("outages").is_some_and(is_town) => {
                Some(Shape::CezByTown)
            }
            () if one.contains_key("data") => Some(Shape::CezByEan),
            () => None,
        }
    }
}

const DISTRIBUTOR: &str = "ČEZ Distribuce";
const ZONE: &str = "Europe/Prague";

#[derive(Deserialize)]
struct TownOutage {
    /// The number the other shape calls the same outage by.
    announcement_key: Option<String>,
    id: Option<Value>,
    #[serde(with = "time::serde::rfc3339")]
    opened_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    fix_expected_at: OffsetDateTime,
    #[serde(default)]
    addresses: Addresses,
}

#[derive(Default, Deserialize)]
struct Addresses {
    towns: Option<Vec<Town>>,
}

#[derive(Deserialize)]
struct Town {
    name: String,
    cadastral_territories: Option<Vec<Territory>>,
    town_districts: Option<Vec<District>>,
}

#[derive(Deserialize)]
struct Territory {
    plots: Option<Vec<Plot>>,
}

#[derive(Deserialize)]
struct Plot {
    cadastral_code: Value,
    plot: String,
}

#[derive(Deserialize)]
struct District {
    town_parts: Option<Vec<Part>>,
}

#[derive(Deserialize)]
struct Part {
    name: String,
    streets: Option<Vec<Street>>,
}

/// Without numbers it is the whole street. Numbers nobody can read are a mistake, lest they be taken for none.
#[derive(Deserialize)]
struct Street {
    name: Option<String>,
    house_nums: Option<Numbers>,
    ev_nums: Option<Numbers>,
    street_nums: Option<Numbers>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PointOutage {
    number: Value,
    cancelled: Option<bool>,
    cancel_date: Option<String>,
    date: String,
    from_time: String,
    to_time: String,
    parts: Option<Vec<PointPart>>,
}

#[derive(Deserialize)]
struct PointPart {
    description: Option<String>,
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// One answer or a list of them, of one shape. An outage that several tell is one, with the places of all.
pub(super) fn rows(value: Value, shape: Shape, now: OffsetDateTime) -> Result<Vec<Row>, FileError> {
    let answers = match value {
        Value::Array(list) => list.into_iter().enumerate().map(|(at, one)| (format!("[{at}]"), one)).collect(),
        one => vec![(String::new(), one)],
    };
    let mut rows: Vec<Row> = Vec::new();
    // Row and the other tellings of it, by the number.
    let mut places: HashMap<String, (usize, Vec<Outage>)> = HashMap::new();
    for (path, found) in answers.into_iter().flat_map(|(path, answer)| answered(path, answer, shape, now)) {
        match found {
            Ok(one) => match places.get_mut(&one.number) {
                Some((_, others)) => others.push(one),
                None => {
                    places.insert(one.number.clone(), (rows.len(), Vec::new()));
                    rows.push(Row::of(path, Ok(one)));
                }
            },
            Err(problems) => rows.push(Row::of(path, Err(problems))),
        }
    }
    if rows.len() > MOST_ROWS {
        return Err(FileError::TooMany);
    }
    for (at, others) in places.into_values() {
        let Some(row) = rows.get_mut(at) else { continue };
        let Ok(one) = &row.found else { continue };
        let whole = one.joined(others);
        let mut problems = Problems::new();
        judge(&whole, &mut problems, now);
        row.found = if problems.is_empty() { Ok(whole) } else { Err(problems) };
    }
    Ok(rows)
}

/// The outages of one answer, each with its path.
fn answered(path: String, answer: Value, shape: Shape, now: OffsetDateTime) -> Vec<(String, Found)> {
    let Value::Object(mut answer) = answer else {
        return vec![(path, Err(vec![(String::new(), Problem::Shape(shape.key().to_owned()))]))];
    };
    let ean = answer.get("ean").map(word).unwrap_or_default();
    let names: &[&str] = match shape {
        Shape::CezByTown => &["outages", "outages_in_town"],
        Shape::CezByEan => &["data"],
    };
    let mut all = Vec::new();
    for name in names {
        let own = joined(&path, name);
        match of::<Option<Vec<Value>>>(answer.remove(*name).unwrap_or_default()) {
            Err(problems) => all.push((own, Err(problems))),
            Ok(list) => all.extend(list.unwrap_or_default().into_iter().enumerate().map(|(at, one)| {
                let found = match shape {
                    Shape::CezByTown => of_town(one, now),
                    Shape::CezByEan => of_point(one, &ean, now),
                };
                (format!("{own}[{at}]"), found)
            })),
        }
    }
    all
}

fn of_town(value: Value, now: OffsetDateTime) -> Found {
    let one: TownOutage = of(value)?;
    let number = one.announcement_key.or(one.id.as_ref().map(word)).unwrap_or_default();
    let mut areas = Areas::default();
    for town in one.addresses.towns.unwrap_or_default() {
        let plots = town.cadastral_territories.into_iter().flatten().flat_map(|one| one.plots.unwrap_or_default());
        areas.parcels.extend(plots.map(|one| Parcel { cadastral_code: word(&one.cadastral_code), plot: one.plot }));
        let parts = town.town_districts.into_iter().flatten().flat_map(|one| one.town_parts.unwrap_or_default());
        for part in parts {
            areas.addresses.extend(part.streets.into_iter().flatten().map(|street| Place {
                municipality: town.name.clone(),
                part: part.name.clone(),
                street: street.name.unwrap_or_default(),
                house_numbers: street.house_nums.unwrap_or_default(),
                evidence_numbers: street.ev_nums.unwrap_or_default(),
                orientation_numbers: street.street_nums.unwrap_or_default(),
            }));
        }
    }
    let utc = |at: OffsetDateTime| at.to_offset(time::UtcOffset::UTC);
    made(number, "announcement_key", [utc(one.opened_at), utc(one.fix_expected_at)], false, String::new(), areas, now)
}

fn of_point(value: Value, ean: &str, now: OffsetDateTime) -> Found {
    let one: PointOutage = of(value)?;
    let wrong = |name: &str, problem: Problem| vec![(name.to_owned(), problem)];
    let ean = match ean {
        "" => return Err(wrong("ean", Problem::Missing)),
        ean => parse_ean(ean)
            .map_err(|error| wrong("ean", Problem::Unwritten(Unwritten::Ean(ean.chars().take(60).collect(), error))))?,
    };
    let shown = |name: &str, text: &str| {
        let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
        PrimitiveDateTime::parse(text, format).map_err(|_| wrong(name, Problem::Time))
    };
    let day = shown("date", &one.date)?.date();
    let (from, to) = (shown("fromTime", &one.from_time)?.time(), shown("toTime", &one.to_time)?.time());
    let last = if to <= from { day.checked_add(Duration::DAY) } else { Some(day) };
    let last = last.ok_or_else(|| wrong("date", Problem::Time))?;
    let at = |name: &str, day, clock| {
        instant(day, clock, ZONE).map_err(|error| match error {
            NoInstant::LeftOut(_) => wrong(name, Problem::LeftOut),
            NoInstant::Zone => wrong(name, Problem::Time),
        })
    };
    let span = [at("fromTime", day, from)?, at("toTime", last, to)?];
    let reason = one.parts.into_iter().flatten().find_map(|part| part.description).unwrap_or_default();
    let areas = Areas { eans: vec![ean], ..Areas::default() };
    let is_cancelled = one.cancelled.unwrap_or(false) || one.cancel_date.is_some();
    made(word(&one.number), "number", span, is_cancelled, reason, areas, now)
}

/// `name`: of the field its number stands in.
fn made(
    number: String,
    name: &str,
    [starts_at, ends_at]: [OffsetDateTime; 2],
    is_cancelled: bool,
    reason: String,
    areas: Areas,
    now: OffsetDateTime,
) -> Found {
    let clean = |text: &str, most: usize| crate::domain::typed::text(text, most).map_err(|_| Problem::Letters(most));
    let named = |name: &str| {
        let name = name.to_owned();
        move |problem| vec![(name, problem)]
    };
    let number = clean(&number, 64).map_err(named(name))?;
    if number.is_empty() {
        return Err(vec![(name.to_owned(), Problem::Missing)]);
    }
    Ok(Outage {
        id: OutageId::new(),
        source: Source::Distributor,
        number,
        version: UNNUMBERED,
        kind: OutageKind::Planned,
        starts_at,
        ends_at,
        is_cancelled,
        reason: clean(&reason, 300).map_err(named("parts"))?,
        place: place_of(&areas),
        distributor: DISTRIBUTOR.to_owned(),
        announced_at: now,
        areas,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::outages::import::{CellError, File, Reading, Spot, read};
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-08-24 12:00 UTC);
    const TOWN: &str = r#"{"outages":null,"outages_in_town":[{"id":77,"announcement_key":"110060912345",
        "opened_at":"2026-09-07T05:30:00Z","fix_expected_at":"2026-09-07T13:00:00Z","addresses":{"towns":[{"name":"Lhota",
        "code":"535451","district":"Mělník","cadastral_territories":[{"name":"Lhota","code":"681385","plots":[
        {"cadastral_code":"681385","plot":"1123/2"}]}],"town_districts":[{"town_parts":[{"name":"Lhota","streets":[
        {"name":"Lipová","house_nums":"106, 107, 126-131","ev_nums":"","street_nums":null}]}]}]}]}}]}"#;
    const EAN: &str = r#"{"ean":"859182400900000013","data":[{"cancelled":true,"cancelDate":null,"date":"2026-09-07T00:00:00",
        "fromTime":"1970-01-01T07:30:00","toTime":"1970-01-01T15:00:00","number":110060912345,"parts":[{"description":"Údržba",
        "city":"Lhota","cityPart":"Lhota","zip":"277 14","streets":[{"streetName":"Lipová","streetNumbers":[
        {"buildingId":"106","parcelaId":"1","cadastralTerritoryCode":"681385"}]}]}]},{"cancelled":false,
        "date":"2026-10-24T00:00:00","fromTime":"1970-01-01T22:00:00","toTime":"1970-01-01T04:00:00","number":"2"}],"statusCode":200}"#;

    fn taken(text: &str, shapes: &[Shape]) -> Result<Vec<Outage>, FileError> {
        let reading = Reading { zone: "Europe/Bratislava", now: NOW, shapes };
        read(text.as_bytes(), reading).map(|File { outages, .. }| outages)
    }

    fn mistake(text: &str) -> (String, Problem) {
        match taken(text, Shape::ALL) {
            Err(FileError::Cells { first, .. }) => match &first[0] {
                CellError { spot: Spot::Path(path), problem } => (path.clone(), problem.clone()),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_the_supplier_does_not_take_is_refused_by_its_name() {
        assert_eq!(taken(TOWN, &[]), Err(FileError::ShapeOff(Shape::CezByTown)));
        assert_eq!(taken(EAN, &[Shape::CezByTown]), Err(FileError::ShapeOff(Shape::CezByEan)));
        assert!(taken(EAN, &[Shape::CezByEan]).is_ok());
    }

    #[test]
    fn the_list_of_a_town_is_in_utc_and_no_list_is_no_outage() {
        let all = taken(TOWN, Shape::ALL).unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!(
            (all[0].starts_at, all[0].ends_at),
            (datetime!(2026-09-07 05:30 UTC), datetime!(2026-09-07 13:00 UTC))
        );
        assert_eq!(all[0].areas.addresses[0].to_string(), "Lhota, Lhota, Lipová: 106, 107, 126-131");
        assert_eq!(all[0].areas.parcels[0].to_string(), "681385 1123/2");
        assert_eq!(taken(r#"{"outages":null,"outages_in_town":null}"#, Shape::ALL), Ok(Vec::new()));
    }

    #[test]
    fn the_list_of_an_ean_shows_clocks_of_prague_and_ends_on_the_next_day() {
        let all = taken(EAN, Shape::ALL).unwrap();
        assert_eq!(
            (all[0].starts_at, all[0].ends_at),
            (datetime!(2026-09-07 05:30 UTC), datetime!(2026-09-07 13:00 UTC))
        );
        assert!(all[0].is_cancelled && !all[1].is_cancelled);
        assert_eq!((all[0].reason.as_str(), all[0].areas.eans.len()), ("Údržba", 1));
        // The night in which summer time ends has an hour more.
        assert_eq!(all[1].lasts().whole_hours(), 7);
        let nobodys = EAN.replace("\"ean\":\"859182400900000013\",", "");
        assert_eq!(mistake(&nobodys), ("data[0].ean".to_owned(), Problem::Missing));
    }

    #[test]
    fn numbers_nobody_can_read_are_told_and_are_no_whole_street() {
        let street = "outages_in_town[0].addresses.towns[0].town_districts[0].town_parts[0].streets[0]";
        for (name, text) in [
            ("house_nums", TOWN.replace("126-131", "126 až 131")),
            ("ev_nums", TOWN.replace("\"ev_nums\":\"\"", "\"ev_nums\":\"E7\"")),
            ("street_nums", TOWN.replace("\"street_nums\":null", "\"street_nums\":\"12/\"")),
        ] {
            let (path, problem) = mistake(&text);
            assert_eq!(path, format!("{street}.{name}"));
            assert!(matches!(problem, Problem::Shape(why) if why.contains("is no house number")), "{name}");
        }
    }

    #[test]
    fn one_number_is_one_outage_with_the_places_of_all_who_tell_it() {
        let other = EAN
            .replace("859182400900000013", "859182400900000020")
            .replace("\"cancelled\":true", "\"cancelled\":false");
        let all = taken(&format!("[{other},{EAN},{EAN}]"), Shape::ALL).unwrap();
        assert_eq!(all.len(), 2);
        assert!(all[0].is_cancelled && all[0].areas.len() == 2, "{all:?}");
        let town = taken(TOWN, Shape::ALL).unwrap();
        let whole = town[0].joined(all.into_iter().take(1));
        assert_eq!((whole.areas.len(), whole.reason.as_str(), whole.place.as_str()), (4, "Údržba", "Lhota, Lipová"));
    }
}

//! What distributors publish, read into our own shape: the two recorded shapes of ČEZ Distribuce. Nothing is fetched here: the sources are
//! undocumented, so they are off unless a supplier agreed on them; a file or a call brings the same.
use crate::domain::ids::OutageId;
use crate::domain::outages::{Areas, Numbers, Outage, OutageKind, Parcel, Place, Source, instant, place_of};
use serde::Deserialize;
use std::collections::BTreeMap;
use time::macros::format_description;
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time};

#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    #[error("not the shape we know: {0}")]
    Shape(#[from] serde_json::Error),
    #[error("outage {0}: {1} is no time")]
    Time(String, String),
}

const DISTRIBUTOR: &str = "ČEZ Distribuce";
const ZONE: &str = "Europe/Prague";

#[derive(Deserialize)]
struct Town {
    #[serde(default)]
    outages: Option<Vec<TownOutage>>,
    #[serde(default)]
    outages_in_town: Option<Vec<TownOutage>>,
}

#[derive(Deserialize)]
struct TownOutage {
    /// The number the other shape calls the same outage by.
    announcement_key: Option<String>,
    id: Option<serde_json::Value>,
    #[serde(with = "time::serde::rfc3339")]
    opened_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    fix_expected_at: OffsetDateTime,
    #[serde(default)]
    addresses: Addresses,
}

#[derive(Default, Deserialize)]
struct Addresses {
    #[serde(default)]
    towns: Option<Vec<TownOf>>,
}

#[derive(Deserialize)]
struct TownOf {
    name: String,
    #[serde(default)]
    cadastral_territories: Option<Vec<Territory>>,
    #[serde(default)]
    town_districts: Option<Vec<District>>,
}

#[derive(Deserialize)]
struct Territory {
    #[serde(default)]
    plots: Option<Vec<Plot>>,
}

#[derive(Deserialize)]
struct Plot {
    cadastral_code: serde_json::Value,
    plot: String,
}

#[derive(Deserialize)]
struct District {
    #[serde(default)]
    town_parts: Option<Vec<Part>>,
}

#[derive(Deserialize)]
struct Part {
    name: String,
    #[serde(default)]
    streets: Option<Vec<Street>>,
}

#[derive(Deserialize)]
struct Street {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    house_nums: Option<String>,
    #[serde(default)]
    ev_nums: Option<String>,
    #[serde(default)]
    street_nums: Option<String>,
}

fn word(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A list nobody can read is left out: then the whole street counts, and nobody is forgotten.
fn numbers(text: Option<String>) -> Numbers {
    Numbers::parse(text.as_deref().unwrap_or("")).unwrap_or_default()
}

/// By municipality: times in UTC; no list is no outage.
pub fn by_town(json: &str, now: OffsetDateTime) -> Result<Vec<Outage>, FeedError> {
    let town: Town = serde_json::from_str(json)?;
    let all = [town.outages, town.outages_in_town].into_iter().flatten().flatten();
    let outage = |one: TownOutage| {
        let number = one.announcement_key.or(one.id.as_ref().map(word)).unwrap_or_default();
        let mut areas = Areas::default();
        for town in one.addresses.towns.unwrap_or_default() {
            let plots = town
                .cadastral_territories
                .unwrap_or_default()
                .into_iter()
                .flat_map(|one| one.plots.unwrap_or_default());
            areas.parcels.extend(plots.map(|one| Parcel { cadastral_code: word(&one.cadastral_code), plot: one.plot }));
            let parts =
                town.town_districts.unwrap_or_default().into_iter().flat_map(|one| one.town_parts.unwrap_or_default());
            for part in parts {
                for street in part.streets.unwrap_or_default() {
                    areas.addresses.push(Place {
                        municipality: town.name.clone(),
                        part: part.name.clone(),
                        street: street.name.unwrap_or_default(),
                        house_numbers: numbers(street.house_nums),
                        evidence_numbers: numbers(street.ev_nums),
                        orientation_numbers: numbers(street.street_nums),
                    });
                }
            }
        }
        made(number, one.opened_at, one.fix_expected_at, false, String::new(), areas, now)
    };
    Ok(all.map(outage).filter(|one| !one.number.is_empty()).collect())
}

#[derive(Deserialize)]
struct Point {
    #[serde(default)]
    data: Option<Vec<PointOutage>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PointOutage {
    number: serde_json::Value,
    #[serde(default)]
    cancelled: Option<bool>,
    #[serde(default)]
    cancel_date: Option<String>,
    date: String,
    from_time: String,
    to_time: String,
    #[serde(default)]
    parts: Option<Vec<PointPart>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PointPart {
    #[serde(default)]
    description: Option<String>,
}

/// By EAN: what clocks in Prague show; an end before the start is on the next day; only this one says what was cancelled.
pub fn by_ean(json: &str, ean: &str, now: OffsetDateTime) -> Result<Vec<Outage>, FeedError> {
    let point: Point = serde_json::from_str(json)?;
    let outage = |one: PointOutage| {
        let number = word(&one.number);
        let wrong = |text: &str| FeedError::Time(number.clone(), text.to_owned());
        let day = shown(&one.date).map_err(|()| wrong(&one.date))?.date();
        let clock = |text: &str| shown(text).map(PrimitiveDateTime::time).map_err(|()| wrong(text));
        let (from, to) = (clock(&one.from_time)?, clock(&one.to_time)?);
        let last = if to <= from { day + Duration::DAY } else { day };
        let at = |day: Date, time: Time| instant(day, time, ZONE).map_err(|_| wrong(&format!("{day} {time}")));
        let reason = one.parts.iter().flatten().find_map(|part| part.description.clone()).unwrap_or_default();
        let areas = Areas { eans: vec![ean.to_owned()], ..Areas::default() };
        let is_cancelled = one.cancelled.unwrap_or(false) || one.cancel_date.is_some();
        Ok(made(number.clone(), at(day, from)?, at(last, to)?, is_cancelled, reason, areas, now))
    };
    point.data.unwrap_or_default().into_iter().map(outage).collect()
}

fn shown(text: &str) -> Result<PrimitiveDateTime, ()> {
    PrimitiveDateTime::parse(text, format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]")).map_err(drop)
}

fn made(
    number: String,
    starts_at: OffsetDateTime,
    ends_at: OffsetDateTime,
    is_cancelled: bool,
    reason: String,
    areas: Areas,
    now: OffsetDateTime,
) -> Outage {
    Outage {
        id: OutageId::new(),
        source: Source::Distributor,
        number,
        version: 1,
        kind: OutageKind::Planned,
        starts_at,
        ends_at,
        is_cancelled,
        reason,
        place: place_of(&areas),
        distributor: DISTRIBUTOR.to_owned(),
        announced_at: now,
        areas,
    }
}

/// One outage told by both shapes, and by many EANs, is one: by its number, with the places of all. Whoever says it is cancelled is right.
pub fn merged(all: Vec<Outage>) -> Vec<Outage> {
    let mut by_number: BTreeMap<String, Outage> = BTreeMap::new();
    for one in all {
        let Some(there) = by_number.get_mut(&one.number) else {
            by_number.insert(one.number.clone(), one);
            continue;
        };
        there.is_cancelled |= one.is_cancelled;
        if there.reason.is_empty() {
            there.reason = one.reason;
        }
        let Areas { eans, addresses, parcels } = one.areas;
        let own = &mut there.areas;
        own.eans.extend(eans.into_iter().filter(|ean| !own.eans.contains(ean)).collect::<Vec<_>>());
        own.addresses.extend(addresses.into_iter().filter(|one| !own.addresses.contains(one)).collect::<Vec<_>>());
        own.parcels.extend(parcels.into_iter().filter(|one| !own.parcels.contains(one)).collect::<Vec<_>>());
        there.place = place_of(&there.areas);
    }
    by_number.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-08-24 12:00 UTC);
    const TOWN: &str = r#"{"outages":null,"outages_in_town":[{"id":77,"announcement_key":"110060912345",
        "opened_at":"2026-09-07T05:30:00Z","fix_expected_at":"2026-09-07T13:00:00Z","addresses":{"towns":[{"name":"Lhota",
        "code":"535451","district":"Mělník","cadastral_territories":[{"name":"Lhota","code":"681385","plots":[
        {"cadastral_code":"681385","plot":"1123/2"}]}],"town_districts":[{"town_parts":[{"name":"Lhota","streets":[
        {"name":"Lipová","house_nums":"106, 107, 126-131","ev_nums":"","street_nums":null}]}]}]}]}}]}"#;
    const EAN: &str = r#"{"data":[{"cancelled":true,"cancelDate":null,"date":"2026-09-07T00:00:00",
        "fromTime":"1970-01-01T07:30:00","toTime":"1970-01-01T15:00:00","number":110060912345,"parts":[{"description":"Údržba",
        "city":"Lhota","cityPart":"Lhota","zip":"277 14","streets":[{"streetName":"Lipová","streetNumbers":[
        {"buildingId":"106","parcelaId":"1","cadastralTerritoryCode":"681385"}]}]}]},{"cancelled":false,
        "date":"2026-10-24T00:00:00","fromTime":"1970-01-01T22:00:00","toTime":"1970-01-01T04:00:00","number":"2"}],"statusCode":200}"#;

    #[test]
    fn the_list_of_a_town_is_in_utc_and_no_list_is_no_outage() {
        let all = by_town(TOWN, NOW).unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!(
            (all[0].starts_at, all[0].ends_at),
            (datetime!(2026-09-07 05:30 UTC), datetime!(2026-09-07 13:00 UTC))
        );
        assert_eq!(all[0].areas.addresses[0].to_string(), "Lhota, Lhota, Lipová: 106, 107, 126-131");
        assert_eq!(all[0].areas.parcels[0].to_string(), "681385 1123/2");
        for nothing in [r#"{"outages":null,"outages_in_town":null}"#, "{}"] {
            assert_eq!(by_town(nothing, NOW).unwrap(), []);
        }
    }

    #[test]
    fn the_list_of_an_ean_shows_clocks_of_prague_and_ends_on_the_next_day() {
        let all = by_ean(EAN, "859182400900000013", NOW).unwrap();
        assert_eq!(
            (all[0].starts_at, all[0].ends_at),
            (datetime!(2026-09-07 05:30 UTC), datetime!(2026-09-07 13:00 UTC))
        );
        assert!(all[0].is_cancelled && !all[1].is_cancelled);
        // The night in which summer time ends has an hour more.
        assert_eq!(all[1].lasts().whole_hours(), 7);
        assert_eq!(by_ean(r#"{"statusCode":200}"#, "1", NOW).unwrap(), []);
        assert!(by_ean("<html>", "1", NOW).is_err());
    }

    #[test]
    fn one_number_is_one_outage() {
        let mut all = by_town(TOWN, NOW).unwrap();
        all.extend(by_ean(EAN, "859182400900000013", NOW).unwrap());
        let merged = merged(all);
        assert_eq!(merged.len(), 2);
        assert!(merged[0].is_cancelled && merged[0].areas.len() == 3, "{merged:?}");
        assert_eq!(merged[0].reason, "Údržba");
    }
}

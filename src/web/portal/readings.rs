//! Meter readings, year by year: each register's state, where it comes from, and what was used since the one before.
use super::offered::Points;
use super::words::{self, Choice};
use crate::domain::features::Feature;
use crate::domain::ids::SupplyPointId;
use crate::domain::readings::{Reading, ReadingKind};
use crate::domain::supply_points::SupplyPoint;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Customer;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

pub fn slices() -> Vec<Slice> {
    vec![Slice::customer(&[Feature::InfoMeterReadings], "/readings").get(list)]
}

#[derive(Deserialize)]
struct Filter {
    point: Option<String>,
    year: Option<String>,
}

/// A reading in a list; the dashboard shows the same.
#[derive(Serialize)]
pub struct Row {
    pub day: String,
    pub meter: String,
    pub register: String,
    pub state: String,
    pub kind: String,
    pub source: String,
    pub used: String,
    /// A meter came or went.
    pub is_exchange: bool,
}

#[derive(Serialize)]
struct List {
    doings: Vec<Choice>,
    years: Vec<Choice>,
    points: Vec<PointReadings>,
}

#[derive(Serialize)]
struct PointReadings {
    commodity: String,
    code: &'static str,
    identifier: String,
    address: String,
    rows: Vec<Row>,
    has_exchange: bool,
}

async fn list(customer: Customer, Query(filter): Query<Filter>) -> Result<Response, Error> {
    let page = &customer.page;
    let only = filter.point.as_deref().map(|id| Uuid::try_parse(id).map_err(|_| Error::NotFound)).transpose()?;
    let tx = customer.db.read().await?;
    let points = Points::of(&tx, page, customer.id).await?;
    let only = only.map(SupplyPointId);
    if only.is_some_and(|only| !points.has(only)) {
        return Err(Error::NotFound);
    }
    let mut all: Vec<(&SupplyPoint, Vec<Reading>)> = Vec::new();
    for point in points.shown.iter().filter(|point| only.is_none_or(|only| point.id == only)) {
        all.push((point, tx.readings_of_point(customer.id, point.id).await?));
    }
    tx.commit().await?;
    let years = words::years(all.iter().flat_map(|(_, readings)| readings.iter().map(|reading| reading.read_on)));
    let wanted = filter.year.and_then(|year| year.parse().ok()).filter(|year| years.contains(year));
    let year = wanted.or(years.first().copied());
    let rest = only.map(|only| format!("point={only}")).unwrap_or_default();
    let mut rows = Rows::of(page);
    let view = List {
        doings: words::doings(page, &[(Feature::ReadingSelfReport, "readings-new", "/readings/new")]),
        years: words::year_choices(page, "/readings", &years, year, false, &rest),
        points: all
            .into_iter()
            .map(|(point, readings)| point_readings(page, point, readings, year, &mut rows))
            .collect(),
    };
    page.show("portal/readings.html", &view)
}

fn point_readings(
    page: &Page,
    point: &SupplyPoint,
    readings: Vec<Reading>,
    year: Option<i32>,
    rows: &mut Rows,
) -> PointReadings {
    let chosen = newest_first(readings).into_iter().filter(|reading| year == Some(reading.read_on.year()));
    let rows: Vec<Row> = chosen.map(|reading| rows.row(&reading)).collect();
    PointReadings {
        commodity: page.t(words::commodity(point.commodity)),
        code: point.commodity.key(),
        identifier: point.code.clone(),
        address: words::address(&point.address),
        has_exchange: rows.iter().any(|row| row.is_exchange),
        rows,
    }
}

/// Newest day first; on the day of an exchange the new meter above the old; high tariff above low.
fn newest_first(mut readings: Vec<Reading>) -> Vec<Reading> {
    readings.sort_by_key(|reading| {
        let is_old = reading.kind == ReadingKind::Removed;
        (std::cmp::Reverse(reading.read_on), is_old, reading.meter_serial.clone(), reading.register)
    });
    readings
}

/// Makes rows; looks each word up once.
pub struct Rows<'a> {
    page: &'a Page,
    said: HashMap<&'static str, String>,
}

impl<'a> Rows<'a> {
    pub fn of(page: &'a Page) -> Rows<'a> {
        Rows { page, said: HashMap::new() }
    }

    fn say(&mut self, key: &'static str) -> String {
        let page = self.page;
        self.said.entry(key).or_insert_with(|| page.t(key)).clone()
    }

    pub fn row(&mut self, reading: &Reading) -> Row {
        let unit = words::unit(reading.register);
        Row {
            day: self.page.date(reading.read_on),
            meter: reading.meter_serial.clone(),
            register: self.say(words::register(reading.register)),
            state: self.page.quantity(reading.state, unit),
            kind: self.say(words::reading_kind(reading.kind)),
            source: self.say(words::reading_source(reading.kind)),
            used: reading.consumption.map(|used| self.page.quantity(used, unit)).unwrap_or_default(),
            is_exchange: matches!(reading.kind, ReadingKind::Installed | ReadingKind::Removed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{CustomerId, MeterId, ReadingId};
    use crate::domain::supply_points::Register;
    use time::macros::date;

    fn reading(serial: &str, register: Register, kind: ReadingKind) -> Reading {
        Reading {
            id: ReadingId::new(),
            customer: CustomerId::new(),
            supply_point: SupplyPointId::new(),
            meter: MeterId::new(),
            meter_serial: serial.into(),
            register,
            read_on: date!(2026 - 05 - 04),
            state: 1,
            kind,
            consumption: None,
        }
    }

    #[test]
    fn an_exchange_is_two_rows_the_new_meter_first() {
        let rows = newest_first(vec![
            reading("A", Register::Low, ReadingKind::Removed),
            reading("A", Register::High, ReadingKind::Removed),
            reading("B", Register::Low, ReadingKind::Installed),
            reading("B", Register::High, ReadingKind::Installed),
        ]);
        let order: Vec<_> = rows.iter().map(|row| (row.meter_serial.as_str(), row.register)).collect();
        assert_eq!(order, [("B", Register::High), ("B", Register::Low), ("A", Register::High), ("A", Register::Low)]);
    }
}

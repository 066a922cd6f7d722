//! A month's use from a customer's own readings: what the flexible advance is counted from.
use super::super::calendar::month_start;
use super::super::ids::SupplyPointId;
use super::super::readings::{Reading, ReadingKind};
use super::Usage;
use time::Date;

/// What the customer's newest own reading says of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    pub read_on: Date,
    /// From the reading before it.
    pub days: i64,
    pub usage: Vec<Usage>,
}

/// Half up; a month is a twelfth of a year of 365 days.
pub fn a_month(usage: Usage, days: i64) -> Usage {
    let days = days.max(1) * 24;
    Usage { kwh: (usage.kwh.max(0) * 365 * 2 + days / 2) / days, ..usage }
}

/// The use since the reading before, made a month's: nobody reads on the same day each time. None when the newest own reading is older
/// than last month's first day.
pub fn measured(readings: &[Reading], point: SupplyPointId, today: Date) -> Option<Measured> {
    let own = |one: &&Reading| one.supply_point == point && one.kind == ReadingKind::Customer;
    let read_on = readings.iter().filter(own).map(|one| one.read_on).max()?;
    if read_on < month_start(today, -1) {
        return None;
    }
    let mut shortest = None;
    let mut usage = Vec::new();
    for one in readings.iter().filter(own).filter(|one| one.read_on == read_on) {
        let is_before = |before: &&Reading| {
            before.register == one.register && before.meter == one.meter && before.read_on < read_on
        };
        let before = readings.iter().filter(is_before).map(|before| before.read_on).max()?;
        let days = (read_on - before).whole_days();
        usage.push(a_month(Usage { register: one.register, kwh: one.consumption? }, days));
        shortest = Some(days);
    }
    Some(Measured { read_on, days: shortest?, usage })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{CustomerId, MeterId, ReadingId};
    use crate::domain::supply_points::Register;
    use time::macros::date;

    fn reading(
        read_on: Date,
        kind: ReadingKind,
        consumption: Option<i64>,
        meter: MeterId,
        point: SupplyPointId,
    ) -> Reading {
        Reading {
            id: ReadingId::new(),
            customer: CustomerId::new(),
            supply_point: point,
            meter,
            meter_serial: "1".into(),
            register: Register::High,
            read_on,
            state: 1,
            kind,
            consumption,
        }
    }

    #[test]
    fn the_use_of_a_period_is_made_a_months() {
        let of = |kwh, days| a_month(Usage { register: Register::High, kwh }, days).kwh;
        assert_eq!((of(3_650, 365), of(60, 61), of(0, 30), of(10, 0)), (304, 30, 0, 304));
    }

    #[test]
    fn only_a_fresh_reading_of_the_customers_own_counts() {
        let (meter, point) = (MeterId::new(), SupplyPointId::new());
        let old = reading(date!(2026 - 10 - 01), ReadingKind::Distributor, None, meter, point);
        let own = reading(date!(2026 - 11 - 02), ReadingKind::Customer, Some(320), meter, point);
        let all = [own.clone(), old.clone()];
        let found = measured(&all, point, date!(2026 - 11 - 24)).expect("a month's use");
        assert_eq!((found.read_on, found.days, found.usage[0].kwh), (date!(2026 - 11 - 02), 32, 304));
        assert!(measured(&all, point, date!(2027 - 01 - 01)).is_none(), "too old");
        assert!(measured(std::slice::from_ref(&old), point, date!(2026 - 11 - 24)).is_none(), "the distributor's");
        assert!(measured(std::slice::from_ref(&own), point, date!(2026 - 11 - 24)).is_none(), "nothing before it");
    }
}

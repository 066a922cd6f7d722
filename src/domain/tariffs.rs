//! Distribution rates (*distribuční sazba*) and main breakers (*jistič*): what may be asked for on a day, with which papers, and what a breaker costs.
//! Which rate a point gets is the distributor's decision; ERÚ sets rates and prices yearly, so all of it is data with days.
use super::money::Money;
use super::supply_points::Breaker;
use time::Date;
use time::macros::date;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Category {
    /// D rates.
    Household,
    /// C rates.
    Business,
}

/// A paper the distributor wants to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Document {
    RevisionReport,
    StorageHeatingDeclaration,
    DirectHeatingDeclaration,
    HeatPumpDeclaration,
    ElectricCarDeclaration,
    WeekendUseDeclaration,
    PublicLightingDeclaration,
}

/// When the low tariff (NT) runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LowTariff {
    /// Never: a single rate.
    Never,
    HoursADay(u8),
    /// From Friday noon to ten on Sunday evening.
    Weekends,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// `D25d`, as in rows.
    pub code: &'static str,
    pub category: Category,
    pub low: LowTariff,
    /// Granted from and until these days; who has it keeps it.
    pub granted_from: Option<Date>,
    pub granted_until: Option<Date>,
    /// One of each is needed.
    pub documents: &'static [Document],
}

/// Heating at home has had one rate for all since then.
const CLOSED: Option<Date> = Some(date!(2016 - 03 - 31));
const OPENED: Option<Date> = Some(date!(2016 - 04 - 01));
/// Heat pumps put to use until and from then on have different rates.
const OLD_PUMPS: Option<Date> = Some(date!(2005 - 03 - 31));
const NEW_PUMPS: Option<Date> = Some(date!(2005 - 04 - 01));

const fn rate(code: &'static str, category: Category, low: LowTariff, documents: &'static [Document]) -> Rate {
    Rate { code, category, low, granted_from: None, granted_until: None, documents }
}

/// ERÚ's price decision for low voltage has them all. Taken from what distributors and suppliers publish of it: which household rates were
/// closed and what replaced them, the hours of D25d, D26d, D45d, D56d, D57d, D61d, C25d and C26d; decree 541/2005 Coll. names C55d. Still to
/// be checked against the decision: the hours of D27d, D35d and the C rates from C27d on, and that no C rate was closed in 2016. C60d is left
/// out: it is for what has no meter.
const RATES: [Rate; 22] = {
    use Category::{Business, Household};
    use Document::{
        DirectHeatingDeclaration, ElectricCarDeclaration, HeatPumpDeclaration, PublicLightingDeclaration,
        RevisionReport, StorageHeatingDeclaration, WeekendUseDeclaration,
    };
    use LowTariff::{HoursADay, Never, Weekends};
    let storage: &[Document] = &[RevisionReport, StorageHeatingDeclaration];
    let direct: &[Document] = &[RevisionReport, DirectHeatingDeclaration];
    let pump: &[Document] = &[RevisionReport, HeatPumpDeclaration];
    let car: &[Document] = &[RevisionReport, ElectricCarDeclaration];
    [
        rate("D01d", Household, Never, &[]),
        rate("D02d", Household, Never, &[]),
        rate("D25d", Household, HoursADay(8), storage),
        rate("D26d", Household, HoursADay(8), storage),
        rate("D27d", Household, HoursADay(8), car),
        Rate { granted_until: CLOSED, ..rate("D35d", Household, HoursADay(16), direct) },
        Rate { granted_until: CLOSED, ..rate("D45d", Household, HoursADay(20), direct) },
        Rate { granted_until: OLD_PUMPS, ..rate("D55d", Household, HoursADay(22), pump) },
        Rate { granted_from: NEW_PUMPS, granted_until: CLOSED, ..rate("D56d", Household, HoursADay(22), pump) },
        Rate { granted_from: OPENED, ..rate("D57d", Household, HoursADay(20), direct) },
        rate("D61d", Household, Weekends, &[RevisionReport, WeekendUseDeclaration]),
        rate("C01d", Business, Never, &[]),
        rate("C02d", Business, Never, &[]),
        rate("C03d", Business, Never, &[]),
        rate("C25d", Business, HoursADay(8), storage),
        rate("C26d", Business, HoursADay(8), storage),
        rate("C27d", Business, HoursADay(8), car),
        rate("C35d", Business, HoursADay(16), direct),
        rate("C45d", Business, HoursADay(20), direct),
        Rate { granted_until: OLD_PUMPS, ..rate("C55d", Business, HoursADay(22), pump) },
        Rate { granted_from: NEW_PUMPS, ..rate("C56d", Business, HoursADay(22), pump) },
        rate("C62d", Business, Never, &[PublicLightingDeclaration]),
    ]
};

impl Document {
    /// The word in texts.
    pub fn key(self) -> &'static str {
        match self {
            Document::RevisionReport => "revision_report",
            Document::StorageHeatingDeclaration => "storage_heating_declaration",
            Document::DirectHeatingDeclaration => "direct_heating_declaration",
            Document::HeatPumpDeclaration => "heat_pump_declaration",
            Document::ElectricCarDeclaration => "electric_car_declaration",
            Document::WeekendUseDeclaration => "weekend_use_declaration",
            Document::PublicLightingDeclaration => "public_lighting_declaration",
        }
    }
}

impl Rate {
    /// Letter case forgiven.
    pub fn find(code: &str) -> Option<&'static Rate> {
        RATES.iter().find(|rate| rate.code.eq_ignore_ascii_case(code.trim()))
    }

    pub fn is_two_rate(&self) -> bool {
        self.low != LowTariff::Never
    }

    pub fn is_granted_on(&self, day: Date) -> bool {
        self.granted_from.is_none_or(|from| from <= day) && self.granted_until.is_none_or(|until| day <= until)
    }

    /// From one register to two or back: somebody has to come to the meter.
    pub fn needs_other_meter(&self, current: &Rate) -> bool {
        self.is_two_rate() != current.is_two_rate()
    }
}

/// Rates of the category one may ask for on a day, but for the current one.
pub fn offered_on(day: Date, category: Category, current: Option<&str>) -> Vec<&'static Rate> {
    let current = current.and_then(Rate::find);
    let is_offered = |rate: &&Rate| rate.category == category && rate.is_granted_on(day) && Some(*rate) != current;
    RATES.iter().filter(is_offered).collect()
}

/// Ampere values of main breakers by phases, as price lists step them.
const AMPERES: [(u8, &[u16]); 2] = [(1, &[10, 16, 20, 25]), (3, &[10, 16, 20, 25, 32, 40, 50, 63])];

/// Breakers one may ask for, but for the current one.
pub fn offered_breakers(current: Option<Breaker>) -> Vec<Breaker> {
    let all =
        AMPERES.iter().flat_map(|(phases, amps)| amps.iter().map(|amps| Breaker { phases: *phases, amps: *amps }));
    all.filter(|breaker| Some(*breaker) != current).collect()
}

/// What breakers cost a month on one distribution rate, without VAT, from a day on until the next list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakerPrices {
    pub valid_from: Date,
    pub rate: String,
    /// By `Breaker::band`, the first is band 1.
    pub bands: [Money; 8],
    /// Each ampere over 1×25 A, and over 3×63 A.
    pub ampere_over_single: Money,
    pub ampere_over_three: Money,
}

impl BreakerPrices {
    pub fn month(&self, breaker: Breaker) -> Money {
        if let Some(band) = breaker.band() {
            return self.bands[usize::from(band.clamp(1, 8)) - 1];
        }
        let (limit, last, ampere) = match breaker.phases {
            1 => (25, self.bands[0], self.ampere_over_single),
            _ => (63, self.bands[7], self.ampere_over_three),
        };
        Money(last.0 + ampere.0 * i64::from(breaker.amps.saturating_sub(limit)))
    }
}

/// The list that holds for a rate on a day.
pub fn prices_on<'p>(lists: &'p [BreakerPrices], rate: &str, day: Date) -> Option<&'p BreakerPrices> {
    let own = lists.iter().filter(|list| list.rate == rate && list.valid_from <= day);
    own.max_by_key(|list| list.valid_from)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = date!(2026 - 11 - 23);

    fn codes(day: Date, category: Category, current: Option<&str>) -> Vec<&'static str> {
        offered_on(day, category, current).iter().map(|rate| rate.code).collect()
    }

    #[test]
    fn closed_rates_are_kept_but_not_offered() {
        let now = codes(TODAY, Category::Household, Some("d25d"));
        assert_eq!(now, ["D01d", "D02d", "D26d", "D27d", "D57d", "D61d"]);
        let then = codes(date!(2016 - 03 - 31), Category::Household, None);
        assert!(then.contains(&"D45d") && then.contains(&"D56d") && !then.contains(&"D57d"));
        assert!(Rate::find("D45d").is_some() && Rate::find("D55d").is_some_and(Rate::is_two_rate));
        let pumps = |day| {
            let all = [Category::Household, Category::Business].map(|category| codes(day, category, None)).concat();
            all.into_iter().filter(|code| code.contains("55") || code.contains("56")).collect::<Vec<_>>()
        };
        assert_eq!(pumps(date!(2005 - 03 - 31)), ["D55d", "C55d"]);
        assert_eq!(pumps(date!(2005 - 04 - 01)), ["D56d", "C56d"]);
        assert_eq!(pumps(TODAY), ["C56d"]);
        assert!(codes(TODAY, Category::Business, None).iter().all(|code| code.starts_with('C')));
    }

    #[test]
    fn rates_say_what_they_need() {
        let (single, night) = (Rate::find("D02d").unwrap(), Rate::find("D25d").unwrap());
        assert!(!single.is_two_rate() && night.is_two_rate() && night.needs_other_meter(single));
        assert!(!night.needs_other_meter(Rate::find("D57d").unwrap()));
        assert!(single.documents.is_empty());
        let keys: Vec<&str> = Rate::find("D56d").unwrap().documents.iter().map(|one| one.key()).collect();
        assert_eq!(keys, ["revision_report", "heat_pump_declaration"]);
        assert_eq!(Rate::find("D99d"), None);
    }

    #[test]
    fn breakers_are_offered_but_for_ones_own() {
        let own = Breaker { phases: 3, amps: 25 };
        assert_eq!(offered_breakers(None).len(), 12);
        assert!(!offered_breakers(Some(own)).contains(&own));
        assert!(offered_breakers(None).iter().all(|breaker| breaker.band().is_some()));
    }

    #[test]
    fn another_breaker_costs_the_difference_of_its_list() {
        let list = |valid_from, times: i64| BreakerPrices {
            valid_from,
            rate: "D25d".into(),
            bands: [100, 160, 200, 256, 320, 400, 500, 630].map(|czk: i64| Money(czk * 100 * times)),
            ampere_over_single: Money(400),
            ampere_over_three: Money(1_000),
        };
        let lists = [list(date!(2027 - 01 - 01), 2), list(date!(2026 - 01 - 01), 1)];
        let (small, large) = (Breaker { phases: 3, amps: 25 }, Breaker { phases: 3, amps: 32 });
        let more = |rate, day, from, to| prices_on(&lists, rate, day).map(|list| list.month(to) - list.month(from));
        assert_eq!(more("D25d", TODAY, small, large), Some(Money(6_400)));
        assert_eq!(more("D25d", date!(2027 - 06 - 01), large, small), Some(Money(-12_800)));
        assert_eq!(more("D25d", date!(2025 - 06 - 01), small, large), None);
        assert_eq!(more("D02d", TODAY, small, large), None);
        assert_eq!(lists[1].month(Breaker { phases: 3, amps: 80 }), Money(63_000 + 17 * 1_000));
        assert_eq!(lists[1].month(Breaker { phases: 1, amps: 32 }), Money(10_000 + 7 * 400));
    }
}

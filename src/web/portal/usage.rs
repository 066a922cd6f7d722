//! Consumption gathered by month, and its chart against the year before.
use super::words::{CUBIC_METRES, KWH};
use crate::domain::calendar::month_start;
use crate::domain::consumption::MonthlyConsumption;
use crate::domain::supply_points::Register;
use crate::tenancy::Arg;
use crate::web::kit::chart::{Bars, Layout, Point};
use crate::web::kit::format::{cubic_metres_of, kwh_of};
use crate::web::kit::page::Page;
use serde::Serialize;
use time::Date;

/// One month; none where nothing is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    pub energy_wh: Option<i64>,
    pub high_wh: Option<i64>,
    pub low_wh: Option<i64>,
    pub volume_ml: Option<i64>,
}

impl Used {
    pub fn add(&mut self, row: &MonthlyConsumption) {
        plus(&mut self.energy_wh, Some(row.energy_wh));
        match row.register {
            Register::High => plus(&mut self.high_wh, Some(row.energy_wh)),
            Register::Low => plus(&mut self.low_wh, Some(row.energy_wh)),
            Register::Volume => plus(&mut self.volume_ml, row.volume_ml),
        }
    }

    pub fn sum(months: &[Used]) -> Used {
        months.iter().fold(Used::default(), |mut sum, month| {
            plus(&mut sum.energy_wh, month.energy_wh);
            plus(&mut sum.high_wh, month.high_wh);
            plus(&mut sum.low_wh, month.low_wh);
            plus(&mut sum.volume_ml, month.volume_ml);
            sum
        })
    }
}

fn plus(sum: &mut Option<i64>, value: Option<i64>) {
    if let Some(value) = value {
        *sum = Some(sum.unwrap_or(0) + value);
    }
}

/// What a chart of two years draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// kWh of the year against the year before.
    Energy,
    /// m³ of the year against the year before; gas only.
    Volume,
    /// High and low tariff of the year on top of each other; two-rate meters only.
    Registers,
}

/// Two years of months from `start`: the year before, then the year itself.
pub struct TwoYears {
    start: Date,
    months: [Used; 24],
}

impl TwoYears {
    pub fn gather<'a>(rows: impl Iterator<Item = &'a MonthlyConsumption>, start: Date) -> TwoYears {
        let mut months = [Used::default(); 24];
        for row in rows {
            let index = months_between(start, row.month);
            if let Some(month) = usize::try_from(index).ok().and_then(|index| months.get_mut(index)) {
                month.add(row);
            }
        }
        TwoYears { start, months }
    }

    pub fn before(&self) -> &[Used] {
        &self.months[..12]
    }

    pub fn now(&self) -> &[Used] {
        &self.months[12..]
    }

    pub fn is_empty(&self) -> bool {
        self.months.iter().all(|month| month.energy_wh.is_none())
    }

    /// First day of each month of the later year.
    pub fn days(&self) -> impl Iterator<Item = Date> {
        let start = self.start;
        (12..24).map(move |count| month_start(start, count))
    }

    /// A picture of kWh for a page whose sentence and link say the rest. `about` names what is drawn.
    pub fn picture(&self, page: &Page, id: &str, about: &str) -> String {
        let points = self.points(page, Shown::Energy);
        let (lang, layout, points) = (page.lang(), Layout::Beside, points.as_slice());
        let (title, description, unit, series, gap) = (about, "", KWH, ["", ""], "");
        Bars { id, title, description, unit, series, gap, lang, layout, points, is_quiet: true }.svg()
    }

    /// Month by month. `about` names what is drawn, `years` the two years.
    pub fn chart(&self, page: &Page, shown: Shown, id: &str, about: &str, years: [&str; 2]) -> String {
        let (high, low) = (page.t("register-high"), page.t("register-low"));
        let (unit, series, layout) = match shown {
            Shown::Energy => (KWH, years, Layout::Beside),
            Shown::Volume => (CUBIC_METRES, years, Layout::Beside),
            Shown::Registers => (KWH, [high.as_str(), low.as_str()], Layout::Stacked),
        };
        let points = self.points(page, shown);
        let (description, gap) = (self.sentence(page), page.t("usage-gap"));
        let (description, gap, lang, points) = (description.as_str(), gap.as_str(), page.lang(), points.as_slice());
        Bars { id, title: about, description, unit, series, gap, lang, layout, points, is_quiet: false }.svg()
    }

    fn points(&self, page: &Page, shown: Shown) -> Vec<Point> {
        let months = self.days().zip(self.now().iter().zip(self.before()));
        months
            .map(|(day, (now, before))| Point {
                label: page.short_month(day),
                values: match shown {
                    Shown::Energy => [now.energy_wh.map(kwh_of), before.energy_wh.map(kwh_of)],
                    Shown::Volume => [now.volume_ml.map(cubic_metres_of), before.volume_ml.map(cubic_metres_of)],
                    Shown::Registers => [now.high_wh.map(kwh_of), now.low_wh.map(kwh_of)],
                },
            })
            .collect()
    }

    /// The chart in one sentence: this year, the year before, and the difference over the months known in both.
    pub fn sentence(&self, page: &Page) -> String {
        let (now, before) = (Used::sum(self.now()).energy_wh, Used::sum(self.before()).energy_wh);
        let said = |energy: Option<i64>| page.quantity(energy.map_or(0, kwh_of), KWH);
        let Some(before_wh) = before.filter(|energy| *energy > 0) else {
            return page.t_args("usage-only-now", &[("now", Arg::from(said(now)))]);
        };
        let (shared_now, shared_before) = self
            .now()
            .iter()
            .zip(self.before())
            .filter_map(|(now, before)| Some((now.energy_wh?, before.energy_wh?)))
            .fold((0, 0), |sum: (i64, i64), month| (sum.0 + month.0, sum.1 + month.1));
        let percent = if shared_before > 0 { (shared_now - shared_before) * 100 / shared_before } else { 0 };
        let key = match percent.signum() {
            1 => "usage-more",
            -1 => "usage-less",
            _ => "usage-same",
        };
        let args = [
            ("now", Arg::from(said(now))),
            ("before", Arg::from(said(Some(before_wh)))),
            ("percent", Arg::from(percent.abs())),
        ];
        page.t_args(key, &args)
    }
}

/// A row of the table beside the chart.
#[derive(Serialize)]
pub struct MonthRow {
    pub month: String,
    pub high: String,
    pub low: String,
    pub volume: String,
    pub energy: String,
    pub before: String,
}

pub fn row(page: &Page, name: String, now: &Used, before: &Used) -> MonthRow {
    let energy = |value: Option<i64>| value.map_or_else(gap, |value| page.whole(kwh_of(value)));
    MonthRow {
        month: name,
        high: energy(now.high_wh),
        low: energy(now.low_wh),
        volume: now.volume_ml.map_or_else(gap, |value| page.whole(cubic_metres_of(value))),
        energy: energy(now.energy_wh),
        before: energy(before.energy_wh),
    }
}

fn gap() -> String {
    "–".to_owned()
}

fn months_between(from: Date, to: Date) -> i32 {
    (to.year() - from.year()) * 12 + i32::from(u8::from(to.month())) - i32::from(u8::from(from.month()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{CustomerId, SupplyPointId};
    use time::macros::date;

    fn used(month: Date, register: Register, energy_wh: i64) -> MonthlyConsumption {
        let volume_ml = (register == Register::Volume).then_some(1_000_000);
        MonthlyConsumption {
            customer: CustomerId::new(),
            supply_point: SupplyPointId::new(),
            register,
            month,
            energy_wh,
            volume_ml,
        }
    }

    #[test]
    fn months_are_counted_over_the_new_year() {
        assert_eq!(months_between(date!(2024 - 11 - 01), date!(2026 - 10 - 01)), 23);
    }

    #[test]
    fn registers_add_up_and_months_outside_are_left_out() {
        let rows = [
            used(date!(2025 - 01 - 01), Register::High, 100),
            used(date!(2025 - 01 - 01), Register::Low, 50),
            used(date!(2024 - 12 - 01), Register::High, 7),
            used(date!(2023 - 12 - 01), Register::High, 999),
            used(date!(2026 - 01 - 01), Register::High, 999),
        ];
        let years = TwoYears::gather(rows.iter(), date!(2024 - 01 - 01));
        assert_eq!(
            years.now()[0],
            Used { energy_wh: Some(150), high_wh: Some(100), low_wh: Some(50), volume_ml: None }
        );
        assert_eq!(years.before()[11].energy_wh, Some(7));
        assert_eq!(Used::sum(years.now()).energy_wh, Some(150));
        assert_eq!(years.now()[1].energy_wh, None);
    }
}

//! One meter's three years: what was used each month, what the meter showed, and what was settled. Everything follows from the
//! monthly use, so readings, consumption and settlements agree to the last kilowatt-hour.
use super::draw::Draw;
use crate::domain::calendar::month_start;
use crate::domain::consumption::MonthlyConsumption;
use crate::domain::ids::{CustomerId, MeterId, ReadingId, SupplyPointId};
use crate::domain::invoices::SettledReading;
use crate::domain::readings::{Reading, ReadingKind, gas_energy_kwh};
use crate::domain::supply_points::{Commodity, Meter, Register};
use rust_decimal::Decimal;
use time::{Date, Duration};

/// Share of a year's use in each month, in thousandths: heating in winter, little in summer.
const SEASON_ELECTRICITY: [i64; 12] = [112, 100, 95, 80, 68, 60, 57, 58, 66, 85, 102, 117];
const SEASON_GAS: [i64; 12] = [182, 158, 124, 76, 36, 14, 11, 11, 28, 76, 122, 162];

/// What shall be shown by a point's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Story {
    Plain,
    /// The meter was replaced within the last settled year.
    Exchange,
    /// The meter passed its last digit within the last settled year.
    RollOver,
}

pub struct Plan {
    pub customer: CustomerId,
    pub point: SupplyPointId,
    pub commodity: Commodity,
    pub registers: Vec<Register>,
    /// A year's use of each register, kWh or m³.
    pub year: Vec<i64>,
    /// Last day of the newest settled period; periods are twelve months each.
    pub settled_until: Date,
    pub today: Date,
    pub story: Story,
    pub serial: String,
}

pub struct History {
    pub meters: Vec<Meter>,
    pub readings: Vec<Reading>,
    pub months: Vec<MonthlyConsumption>,
    /// Oldest first, three of them: last day and what was read.
    pub periods: Vec<(Date, Vec<SettledReading>)>,
}

pub const YEARS: i32 = 3;
const DIGITS: u8 = 5;
/// Volume coefficient and gross calorific value (kWh/m³) of the demo's gas.
pub fn gas_factors() -> (Decimal, Decimal) {
    (Decimal::new(9_812, 4), Decimal::new(106_894, 4))
}

/// Last day of the month `months` after (or before) the one of `day`.
pub fn month_end(day: Date, months: i32) -> Date {
    month_start(day, months + 1) - Duration::DAY
}

/// Months of use, from 36 before the end of the settled time to the last whole month.
fn uses(plan: &Plan, draw: &mut Draw) -> Vec<(Date, Vec<i64>)> {
    let season = if plan.commodity == Commodity::Gas { SEASON_GAS } else { SEASON_ELECTRICITY };
    let first = month_start(plan.settled_until, 1 - 12 * YEARS);
    let mut all = Vec::new();
    let mut month = first;
    while month_end(month, 0) < plan.today {
        let share = season[usize::from(u8::from(month.month())) - 1];
        let year_by_year = 1000 + 40 * i64::from((month.year() - first.year()) % 3) - 30;
        let used = plan.year.iter().map(|year| {
            let weather = draw.between(920, 1080);
            (year * share / 1000 * weather / 1000 * year_by_year / 1000).max(1)
        });
        all.push((month, used.collect()));
        month = month_start(month, 1);
    }
    all
}

struct Device {
    id: MeterId,
    serial: String,
    states: Vec<i64>,
    installed_on: Date,
    removed_on: Option<Date>,
    /// State and day of the reading before, for each register.
    before: Vec<(i64, Date)>,
}

pub fn history(plan: &Plan, draw: &mut Draw) -> History {
    let full = 10_i64.pow(DIGITS.into());
    let uses = uses(plan, draw);
    let start = uses.first().map_or(plan.today, |(month, _)| *month - Duration::DAY);
    let exchange_on = (plan.story == Story::Exchange).then(|| month_end(plan.settled_until, -6));
    let first_states: Vec<i64> = plan
        .registers
        .iter()
        .enumerate()
        .map(|(at, _)| match plan.story {
            // Two and a half years of use short of the last digit, so that it is passed in the last settled year.
            Story::RollOver if at == 0 => full - uses.iter().take(28).map(|(_, used)| used[0]).sum::<i64>(),
            _ => draw.between(1_000, 20_000),
        })
        .collect();
    let mut device = Device {
        id: MeterId(draw.id(start)),
        serial: plan.serial.clone(),
        before: first_states.iter().map(|state| (*state, start)).collect(),
        states: first_states,
        installed_on: start - Duration::days(draw.between(400, 3_000)),
        removed_on: None,
    };
    let mut out = History { meters: Vec::new(), readings: Vec::new(), months: Vec::new(), periods: Vec::new() };
    let mut settled: Vec<SettledReading> = Vec::new();
    let mut opened: Vec<(i64, Date)> = device.before.clone();
    let mut in_period = vec![0_i64; plan.registers.len()];
    let mut since_opened = in_period.clone();
    let mut gas_so_far = 0;
    let mut since_read = in_period.clone();
    for at in 0..plan.registers.len() {
        let reading = reading(plan, &device, at, start, ReadingKind::Distributor, None, draw);
        out.readings.push(reading);
    }
    for (number, (month, used)) in uses.iter().enumerate() {
        let last_day = month_end(*month, 0);
        for (at, amount) in used.iter().enumerate() {
            device.states[at] = (device.states[at] + amount) % full;
            in_period[at] += amount;
            since_opened[at] += amount;
            since_read[at] += amount;
            let (energy_wh, volume_ml) = match plan.registers[at] {
                Register::Volume => {
                    let (k, hs) = gas_factors();
                    let whole = gas_energy_kwh(in_period[at], k, hs);
                    let own = whole - gas_so_far;
                    gas_so_far = whole;
                    (own * 1000, Some(amount * 1_000_000))
                }
                _ => (amount * 1000, None),
            };
            out.months.push(MonthlyConsumption {
                customer: plan.customer,
                supply_point: plan.point,
                register: plan.registers[at],
                month: *month,
                energy_wh,
                volume_ml,
            });
        }
        let is_year_end = (number + 1) % 12 == 0 && last_day <= plan.settled_until;
        let is_exchange = exchange_on == Some(last_day);
        if is_exchange {
            for at in 0..plan.registers.len() {
                out.readings.push(reading(
                    plan,
                    &device,
                    at,
                    last_day,
                    ReadingKind::Removed,
                    Some(since_read[at]),
                    draw,
                ));
                settled.push(settled_reading(plan, &device, at, opened[at], last_day, since_opened[at]));
            }
            device.removed_on = Some(last_day);
            out.meters.push(meter(plan, &device));
            let states: Vec<i64> = plan.registers.iter().map(|_| draw.between(0, 9)).collect();
            let before = states.iter().map(|state| (*state, last_day)).collect();
            let id = MeterId(draw.id(last_day));
            device = Device {
                id,
                serial: format!("{}N", plan.serial),
                states,
                installed_on: last_day,
                removed_on: None,
                before,
            };
            opened = device.before.clone();
            since_read.fill(0);
            since_opened.fill(0);
            for at in 0..plan.registers.len() {
                out.readings.push(reading(plan, &device, at, last_day, ReadingKind::Installed, None, draw));
            }
        } else if (number + 1) % 3 == 0 {
            let kind = match number % 4 {
                _ if is_year_end => ReadingKind::Distributor,
                1 | 2 => ReadingKind::Customer,
                _ => ReadingKind::Estimate,
            };
            for (at, used) in since_read.iter_mut().enumerate() {
                out.readings.push(reading(plan, &device, at, last_day, kind, Some(std::mem::take(used)), draw));
            }
        }
        if is_year_end {
            for at in 0..plan.registers.len() {
                settled.push(settled_reading(plan, &device, at, opened[at], last_day, since_opened[at]));
            }
            share_gas_energy(&mut settled, &in_period, plan);
            out.periods.push((last_day, std::mem::take(&mut settled)));
            opened = device.states.iter().map(|state| (*state, last_day)).collect();
            in_period.fill(0);
            since_opened.fill(0);
            gas_so_far = 0;
        }
    }
    out.meters.push(meter(plan, &device));
    out
}

fn reading(
    plan: &Plan,
    device: &Device,
    at: usize,
    day: Date,
    kind: ReadingKind,
    consumption: Option<i64>,
    draw: &mut Draw,
) -> Reading {
    Reading {
        id: ReadingId(draw.id(day)),
        customer: plan.customer,
        supply_point: plan.point,
        meter: device.id,
        meter_serial: device.serial.clone(),
        register: plan.registers[at],
        read_on: day,
        state: device.states[at],
        kind,
        consumption,
    }
}

fn settled_reading(
    plan: &Plan,
    device: &Device,
    at: usize,
    from: (i64, Date),
    to_on: Date,
    quantity: i64,
) -> SettledReading {
    let register = plan.registers[at];
    let factors = (register == Register::Volume).then(gas_factors);
    SettledReading {
        meter_serial: device.serial.clone(),
        register,
        from_on: from.1,
        from_state: from.0,
        to_on,
        to_state: device.states[at],
        quantity,
        energy_kwh: factors.map_or(quantity, |(k, hs)| gas_energy_kwh(quantity, k, hs)),
        gas_factors: factors,
    }
}

/// Two meters in one year: their rounded energies must make the energy of the whole volume.
fn share_gas_energy(settled: &mut [SettledReading], in_period: &[i64], plan: &Plan) {
    if plan.commodity != Commodity::Gas {
        return;
    }
    let (k, hs) = gas_factors();
    let whole = gas_energy_kwh(in_period.iter().sum(), k, hs);
    let others: i64 = settled.iter().rev().skip(1).map(|one| one.energy_kwh).sum();
    if let Some(last) = settled.last_mut() {
        last.energy_kwh = whole - others;
    }
}

fn meter(plan: &Plan, device: &Device) -> Meter {
    Meter {
        id: device.id,
        supply_point: plan.point,
        serial: device.serial.clone(),
        digits: DIGITS,
        multiplier: 1,
        installed_on: device.installed_on,
        removed_on: device.removed_on,
        registers: plan.registers.clone(),
    }
}

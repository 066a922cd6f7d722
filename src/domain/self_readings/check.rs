//! The rules: the day first, then each register by itself.
use super::super::consumption::Season;
use super::super::readings::{self, Reading, ReadingKind, Refused, Scale, gas_energy_kwh};
use super::super::supply_points::{Commodity, Register};
use super::super::typed::{self, NumberError};
use super::{Accepted, Checked, Doubt, Known, Problem};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use time::{Date, Duration};

const ZERO_DAYS: i64 = 60;
/// A day or two says little: the usual is that of a week at least, and of so many kWh or m³.
const LEAST_DAYS: i64 = 7;
const LEAST_USUAL: i64 = 50;

/// The first and last day a reading may bear.
pub fn allowed_days(known: &Known<'_>) -> (Date, Date) {
    let window = known.today - Duration::days(known.window_days);
    let unsettled = known.settled_to.map_or(window, |day| day + Duration::days(1));
    let earliest = window.max(known.contract_since).max(unsettled).max(known.meter.installed_on);
    let latest = [known.contract_until, known.meter.removed_on].into_iter().flatten().fold(known.today, Date::min);
    (earliest, latest)
}

/// `typed` as it came from the form, one entry a register; a blank one for a register the meter lacks is nothing.
pub fn check(known: &Known<'_>, read_on: Date, typed: &[(Register, &str)]) -> Result<Checked, Vec<Problem>> {
    let mut problems = check_day(known, read_on).err().into_iter().collect::<Vec<_>>();
    let is_day_right = problems.is_empty();
    for (register, text) in typed {
        if !known.meter.registers.contains(register) && !text.trim().is_empty() {
            problems.push(Problem::UnknownRegister(*register));
        }
    }
    let mut checked = Checked { accepted: Vec::new(), doubts: Vec::new() };
    for register in known.meter.registers.iter().copied() {
        let text = typed.iter().find(|entry| entry.0 == register).map_or("", |entry| entry.1);
        match read_state(register, text, known.meter.digits) {
            Err(problem) => problems.push(problem),
            Ok(state) if is_day_right => match judge(known, read_on, register, state, &mut checked.doubts) {
                Ok(accepted) => checked.accepted.push(accepted),
                Err(problem) => problems.push(problem),
            },
            Ok(_) => {}
        }
    }
    if problems.is_empty() { Ok(checked) } else { Err(problems) }
}

fn check_day(known: &Known<'_>, read_on: Date) -> Result<(), Problem> {
    let (earliest, latest) = allowed_days(known);
    if read_on > latest {
        return Err(Problem::DateFuture { latest });
    }
    if read_on < earliest {
        return Err(Problem::DateTooOld { earliest });
    }
    let own = known.readings.iter().filter(|reading| reading.meter == known.meter.id);
    let stands = |reading: &&Reading| {
        reading.read_on > read_on || (reading.read_on == read_on && reading.kind != ReadingKind::Customer)
    };
    match own.filter(stands).map(|reading| reading.read_on).max() {
        Some(last) => Err(Problem::DateBeforeLast { last }),
        None => Ok(()),
    }
}

/// A whole state; what stands behind the decimal comma is cut off, not rounded.
fn read_state(register: Register, text: &str, digits: u8) -> Result<i64, Problem> {
    match typed::decimal(text) {
        Err(NumberError::Empty) => Err(Problem::MissingRegister(register)),
        Err(NumberError::TooLong) => Err(Problem::Digits { register, digits }),
        Err(reason) => Err(Problem::NotWhole { register, reason }),
        Ok(value) if value.is_sign_negative() => Err(Problem::NotWhole { register, reason: NumberError::NotANumber }),
        Ok(value) => value.trunc().to_i64().ok_or(Problem::Digits { register, digits }),
    }
}

fn judge(
    known: &Known<'_>,
    read_on: Date,
    register: Register,
    state: i64,
    doubts: &mut Vec<Doubt>,
) -> Result<Accepted, Problem> {
    let own = |reading: &&Reading| reading.meter == known.meter.id && reading.register == register;
    let own = known.readings.iter().filter(own);
    let replaces = own.clone().any(|reading| reading.read_on == read_on);
    let digits = known.meter.digits.clamp(1, 12);
    let full = 10_i64.pow(digits.into());
    let previous = own.filter(|reading| reading.read_on < read_on && (0..full).contains(&reading.state));
    let previous = previous.max_by_key(|reading| reading.read_on);
    if state >= full {
        return Err(Problem::Digits { register, digits });
    }
    let Some(previous) = previous else {
        return Ok(Accepted { register, state, consumption: None, rolled_over: false, energy_kwh: None, replaces });
    };
    let days = (read_on - previous.read_on).whole_days();
    let usual = usual(known, register, previous.read_on, read_on);
    let multiplier = known.meter.multiplier.max(1);
    // Where nothing is usual, a tenth of the dial is the most a roll-over may hide.
    let plausible = usual.map_or(full / 10 * i64::from(multiplier), |usual| usual.high.saturating_mul(10));
    let used =
        readings::consumption(previous.state, state, Scale { digits, multiplier, plausible }).map_err(|refused| {
            match refused {
                Refused::Digits => Problem::Digits { register, digits },
                Refused::BeforePrevious => {
                    Problem::BeforePrevious { register, state: previous.state, read_on: previous.read_on }
                }
            }
        })?;
    let rolled_over = state < previous.state;
    if rolled_over {
        doubts.push(Doubt::RolledOver { register, previous: previous.state, used });
    }
    match usual {
        Some(usual) if used > usual.high.saturating_mul(10) => {
            return Err(Problem::TooHigh { register, used, usual: usual.days });
        }
        Some(usual) if used > usual.high.saturating_mul(3) => {
            doubts.push(Doubt::TooHigh { register, used, usual: usual.days });
        }
        _ if used == 0 && days > ZERO_DAYS => doubts.push(Doubt::Zero { register, days }),
        // used < 0.3 × usual, in whole numbers.
        Some(usual) if days >= LEAST_DAYS && used.saturating_mul(10) < usual.days.saturating_mul(3) => {
            doubts.push(Doubt::TooLow { register, used, usual: usual.days });
        }
        _ => {}
    }
    let factors = known.gas_factors.filter(|_| known.commodity == Commodity::Gas);
    let energy_kwh = factors.map(|(coefficient, calorific)| gas_energy_kwh(used, coefficient, calorific));
    Ok(Accepted { register, state, consumption: Some(used), rolled_over, energy_kwh, replaces })
}

#[derive(Clone, Copy)]
struct Usual {
    /// For just these days.
    days: i64,
    /// What the upper bounds are taken from.
    high: i64,
}

fn usual(known: &Known<'_>, register: Register, after: Date, until: Date) -> Option<Usual> {
    let yearly = known.yearly.iter().find(|entry| entry.0 == register).map(|entry| entry.1).filter(|use_| *use_ > 0)?;
    let season = Season::of(known.commodity);
    let over = |after| (season.share(after, until) * Decimal::from(yearly)).round().to_i64();
    let week = over(after.min(until - Duration::days(LEAST_DAYS)))?;
    Some(Usual { days: over(after)?, high: week.max(LEAST_USUAL) })
}

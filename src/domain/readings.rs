//! Meter readings (*odečty*): what a register showed on a day, and what was used since.
use super::ids::{CustomerId, MeterId, ReadingId, SupplyPointId};
use super::supply_points::Register;
use time::Date;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadingKind {
    Distributor,
    Customer,
    Estimate,
    Correction,
    Installed,
    Removed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub id: ReadingId,
    pub customer: CustomerId,
    pub supply_point: SupplyPointId,
    pub meter: MeterId,
    pub meter_serial: String,
    pub register: Register,
    pub read_on: Date,
    /// Whole kWh or whole m³ as shown on the meter.
    pub state: i64,
    pub kind: ReadingKind,
    /// Used since the previous reading of the same meter and register, in kWh or m³; none for the first.
    pub consumption: Option<i64>,
}

impl ReadingKind {
    pub const ALL: [ReadingKind; 6] = [
        ReadingKind::Distributor,
        ReadingKind::Customer,
        ReadingKind::Estimate,
        ReadingKind::Correction,
        ReadingKind::Installed,
        ReadingKind::Removed,
    ];

    /// The word in rows, routes and texts.
    pub fn key(self) -> &'static str {
        match self {
            ReadingKind::Distributor => "distributor",
            ReadingKind::Customer => "customer",
            ReadingKind::Estimate => "estimate",
            ReadingKind::Correction => "correction",
            ReadingKind::Installed => "installed",
            ReadingKind::Removed => "removed",
        }
    }

    pub fn parse(key: &str) -> Option<ReadingKind> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }
}

/// Why a state was not taken for consumption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Lower than the state before, and a roll-over is not plausible.
    BeforePrevious,
    /// More digits than the meter has.
    Digits,
}

/// What a meter counts to, and by how much its state is multiplied.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    pub digits: u8,
    pub multiplier: u16,
    /// The most that is plausible between the two readings, in kWh or m³; a roll-over beyond it is a mistyped state.
    pub plausible: i64,
}

/// Used between two states of one register. A lower state is a roll-over when that is plausible: new + 10^digits − previous.
pub fn consumption(previous: i64, new: i64, scale: Scale) -> Result<i64, Refused> {
    let full = 10_i64.pow(scale.digits.into());
    if new >= full || new < 0 {
        return Err(Refused::Digits);
    }
    let multiplier = i64::from(scale.multiplier);
    if new >= previous {
        return Ok((new - previous) * multiplier);
    }
    let rolled = (new + full - previous) * multiplier;
    if rolled <= scale.plausible { Ok(rolled) } else { Err(Refused::BeforePrevious) }
}

/// Over a meter exchange: what the old one counted and what the new one has counted since; states of two meters are never compared.
pub fn consumption_over_exchange(old: (i64, i64), new: (i64, i64)) -> i64 {
    (old.1 - old.0) + (new.1 - new.0)
}

/// Gas in whole kWh, half up: volume (m³) × coefficient × gross calorific value (kWh/m³); decree 108/2011 Coll., annex 1.
pub fn gas_energy_kwh(volume_m3: i64, coefficient: rust_decimal::Decimal, calorific: rust_decimal::Decimal) -> i64 {
    use rust_decimal::prelude::ToPrimitive;
    let energy = rust_decimal::Decimal::from(volume_m3) * coefficient * calorific;
    energy.round_dp_with_strategy(0, rust_decimal::RoundingStrategy::MidpointAwayFromZero).to_i64().unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    #[test]
    fn states_become_consumption_over_roll_overs_too() {
        let five = Scale { digits: 5, multiplier: 1, plausible: 5_000 };
        assert_eq!(consumption(99_950, 120, five), Ok(170));
        assert_eq!(consumption(12_345, 14_490, five), Ok(2_145));
        assert_eq!(consumption(9_990, 15, Scale { digits: 4, multiplier: 40, plausible: 5_000 }), Ok(1_000));
        assert_eq!(consumption(14_490, 12_345, five), Err(Refused::BeforePrevious));
        assert_eq!(consumption(1, 100_000, five), Err(Refused::Digits));
    }

    #[test]
    fn gas_is_converted_and_rounded_half_up() {
        assert_eq!(gas_energy_kwh(1_000, Decimal::new(978, 3), Decimal::new(10_555, 3)), 10_323);
        assert_eq!(gas_energy_kwh(1_234, Decimal::new(9_812, 4), Decimal::new(106_894, 4)), 12_943);
    }

    #[test]
    fn an_exchange_adds_both_meters() {
        assert_eq!(consumption_over_exchange((12_345, 14_000), (3, 250)), 1_902);
    }
}

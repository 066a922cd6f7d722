//! Self-readings (*samoodečty*): whether what a customer read off the meter can be so. Mistakes are refused, oddities asked about;
//! what was asked is confirmed with a reason. Source: distributors' reasons for refusal (domain.md 3.9).
mod check;
#[cfg(test)]
mod tests;

pub use check::{allowed_days, check};

use super::readings::Reading;
use super::supply_points::{Commodity, Meter, Register};
use super::typed::NumberError;
use rust_decimal::Decimal;
use time::Date;

/// What is known of the point and its meter on the day of entry.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    pub today: Date,
    pub commodity: Commodity,
    pub meter: &'a Meter,
    /// In any order; those of other meters are passed over, states of two meters are never compared.
    pub readings: &'a [Reading],
    pub contract_since: Date,
    pub contract_until: Option<Date>,
    /// The last day that was settled.
    pub settled_to: Option<Date>,
    /// A reading may be dated so many days back.
    pub window_days: i64,
    /// kWh or m³ a year, from the last 12 months or the estimate; a register that is not here has no usual.
    pub yearly: &'a [(Register, i64)],
    /// Gas: volume coefficient and gross calorific value, to show an estimate in kWh.
    pub gas_factors: Option<(Decimal, Decimal)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub register: Register,
    /// Decimals cut off.
    pub state: i64,
    /// kWh or m³ since the reading before; none for the meter's first.
    pub consumption: Option<i64>,
    pub rolled_over: bool,
    /// Gas: an estimate, for orientation only.
    pub energy_kwh: Option<i64>,
    /// Takes the place of a self-reading of the same day.
    pub replaces: bool,
}

/// One entry per register of the meter, and what to ask before it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub accepted: Vec<Accepted>,
    pub doubts: Vec<Doubt>,
}

/// Odd but possible: the customer confirms it with a reason. `usual` is what this point would use in those days, kWh or m³.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Under 0.3 of the usual.
    TooLow { register: Register, used: i64, usual: i64 },
    /// Over three times the usual.
    TooHigh { register: Register, used: i64, usual: i64 },
    /// Nothing used for more than 60 days.
    Zero { register: Register, days: i64 },
    /// The meter went round.
    RolledOver { register: Register, previous: i64, used: i64 },
}

/// Cannot be so; nothing the customer says changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    DateFuture {
        latest: Date,
    },
    DateTooOld {
        earliest: Date,
    },
    DateBeforeLast {
        last: Date,
    },
    MissingRegister(Register),
    UnknownRegister(Register),
    NotWhole {
        register: Register,
        reason: NumberError,
    },
    Digits {
        register: Register,
        digits: u8,
    },
    BeforePrevious {
        register: Register,
        state: i64,
        read_on: Date,
    },
    /// Over ten times the usual.
    TooHigh {
        register: Register,
        used: i64,
        usual: i64,
    },
}

impl Doubt {
    /// The word in texts and rows.
    pub fn code(self) -> &'static str {
        match self {
            Doubt::TooLow { .. } => "TOO_LOW",
            Doubt::TooHigh { .. } => "TOO_HIGH",
            Doubt::Zero { .. } => "ZERO",
            Doubt::RolledOver { .. } => "ROLLED_OVER",
        }
    }
}

impl Problem {
    /// The word in texts and rows.
    pub fn code(self) -> &'static str {
        match self {
            Problem::DateFuture { .. } => "DATE_FUTURE",
            Problem::DateTooOld { .. } => "DATE_TOO_OLD",
            Problem::DateBeforeLast { .. } => "DATE_BEFORE_LAST",
            Problem::MissingRegister(_) => "MISSING_REGISTER",
            Problem::UnknownRegister(_) => "UNKNOWN_REGISTER",
            Problem::NotWhole { .. } => "NOT_WHOLE",
            Problem::Digits { .. } => "DIGITS",
            Problem::BeforePrevious { .. } => "BEFORE_PREVIOUS",
            Problem::TooHigh { .. } => "TOO_HIGH",
        }
    }

    /// Whether staff who know better may take it all the same.
    pub fn staff_may_confirm(self) -> bool {
        matches!(self, Problem::TooHigh { .. })
    }
}

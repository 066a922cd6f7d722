//! Invoices and settlements (*faktury, vyúčtování*).
#[cfg(test)]
mod tests;

use super::ids::{CustomerId, DocumentId, InvoiceId, SupplyPointId};
use super::money::Money;
use super::supply_points::{Commodity, Register};
use rust_decimal::Decimal;
use time::Date;

/// Decree 207/2021 Coll. §2: ordinary, extraordinary, corrective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvoiceKind {
    Settlement,
    ExtraordinarySettlement,
    CorrectiveSettlement,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    pub id: InvoiceId,
    pub customer: CustomerId,
    pub supply_point: SupplyPointId,
    pub commodity: Commodity,
    pub number: String,
    pub kind: InvoiceKind,
    pub period_from: Date,
    pub period_to: Date,
    pub issued_on: Date,
    pub tax_point_on: Date,
    pub due_on: Date,
    /// With VAT, before advances.
    pub total: Money,
    /// What is left to pay after advances; negative is an overpayment to be returned.
    pub payable: Money,
    /// What has come in (or was returned, negative) against `payable`.
    pub paid: Money,
    pub variable_symbol: String,
    /// The stored PDF, when there is one.
    pub document: Option<DocumentId>,
}

/// What a line charges; its words are in the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    Energy,
    StandingCharge,
    Distribution,
    BreakerOrCapacity,
    SystemServices,
    Infrastructure,
    EnergyTax,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    MegawattHour,
    Month,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub position: i16,
    pub kind: LineKind,
    pub register: Option<Register>,
    /// Three decimals.
    pub quantity: Decimal,
    pub unit: Unit,
    /// CZK per unit without VAT, up to five decimals.
    pub unit_price: Decimal,
    /// Without VAT, rounded to the heller.
    pub amount: Money,
}

/// Readings a settlement was computed from, one row per meter and register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledReading {
    pub meter_serial: String,
    pub register: Register,
    pub from_on: Date,
    pub from_state: i64,
    pub to_on: Date,
    pub to_state: i64,
    /// kWh or m³.
    pub quantity: i64,
    /// Gas only: volume coefficient and gross calorific value (kWh/m³), four decimals each.
    pub gas_factors: Option<(Decimal, Decimal)>,
    pub energy_kwh: i64,
}

/// Made by `new`; one that does not reconcile is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    pub invoice: Invoice,
    pub readings: Vec<SettledReading>,
    pub lines: Vec<Line>,
    /// Per cent: 21.
    pub vat_rate: Decimal,
    pub base: Money,
    pub vat: Money,
    pub total: Money,
    pub advances_paid: Money,
    pub payable: Money,
}

impl InvoiceKind {
    pub const ALL: [InvoiceKind; 3] =
        [InvoiceKind::Settlement, InvoiceKind::ExtraordinarySettlement, InvoiceKind::CorrectiveSettlement];

    /// The word in rows, routes and texts.
    pub fn key(self) -> &'static str {
        match self {
            InvoiceKind::Settlement => "settlement",
            InvoiceKind::ExtraordinarySettlement => "extraordinary",
            InvoiceKind::CorrectiveSettlement => "corrective",
        }
    }

    pub fn parse(key: &str) -> Option<InvoiceKind> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }
}

impl LineKind {
    pub const ALL: [LineKind; 7] = [
        LineKind::Energy,
        LineKind::StandingCharge,
        LineKind::Distribution,
        LineKind::BreakerOrCapacity,
        LineKind::SystemServices,
        LineKind::Infrastructure,
        LineKind::EnergyTax,
    ];

    /// The word in rows, routes and texts.
    pub fn key(self) -> &'static str {
        match self {
            LineKind::Energy => "energy",
            LineKind::StandingCharge => "standing_charge",
            LineKind::Distribution => "distribution",
            LineKind::BreakerOrCapacity => "breaker_or_capacity",
            LineKind::SystemServices => "system_services",
            LineKind::Infrastructure => "infrastructure",
            LineKind::EnergyTax => "energy_tax",
        }
    }

    pub fn parse(key: &str) -> Option<LineKind> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }
}

impl Unit {
    pub const ALL: [Unit; 2] = [Unit::MegawattHour, Unit::Month];

    /// The word in rows, routes and texts.
    pub fn key(self) -> &'static str {
        match self {
            Unit::MegawattHour => "mwh",
            Unit::Month => "month",
        }
    }

    pub fn parse(key: &str) -> Option<Unit> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }
}

/// How an invoice stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing is open either way.
    Settled,
    /// To be paid, and there is still time.
    Due {
        open: Money,
    },
    Overdue {
        open: Money,
    },
    /// An overpayment the supplier still has to return.
    ToBeReturned {
        open: Money,
    },
}

impl Invoice {
    /// Positive: still to be paid; negative: still to be returned.
    pub fn open(&self) -> Money {
        self.payable - self.paid
    }

    pub fn standing(&self, today: Date) -> Standing {
        let open = self.open();
        match open {
            Money(0) => Standing::Settled,
            Money(less) if less < 0 => Standing::ToBeReturned { open: -open },
            _ if self.due_on < today => Standing::Overdue { open },
            _ => Standing::Due { open },
        }
    }
}

/// Quantity × unit price, rounded to the heller; what no amount can hold stops at the largest.
fn amount(quantity: Decimal, unit_price: Decimal) -> Money {
    let is_negative = quantity.is_sign_negative() != unit_price.is_sign_negative();
    let largest = if is_negative { Decimal::MIN } else { Decimal::MAX };
    Money::rounded(quantity.checked_mul(unit_price).unwrap_or(largest))
}

impl Line {
    /// With its amount.
    pub fn priced(
        position: i16,
        kind: LineKind,
        register: Option<Register>,
        quantity: Decimal,
        unit: Unit,
        unit_price: Decimal,
    ) -> Line {
        Line { position, kind, register, quantity, unit, unit_price, amount: amount(quantity, unit_price) }
    }
}

/// The sums under the lines of a settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums {
    pub base: Money,
    pub vat: Money,
    pub total: Money,
    pub payable: Money,
}

/// Base is the sum of the rounded lines; VAT is taken from the base, not line by line; what advances covered is taken off.
pub fn sums(lines: &[Line], vat_rate: Decimal, advances_paid: Money) -> Sums {
    let base: Money = lines.iter().map(|line| line.amount).sum();
    let vat = super::money::vat_from_base(base, vat_rate);
    let total = base + vat;
    Sums { base, vat, total, payable: total - advances_paid }
}

impl Settlement {
    /// Sums its lines up; the invoice carries the same figures, whatever it carried before.
    pub fn new(
        invoice: Invoice,
        readings: Vec<SettledReading>,
        lines: Vec<Line>,
        vat_rate: Decimal,
        advances_paid: Money,
    ) -> Settlement {
        let Sums { base, vat, total, payable } = sums(&lines, vat_rate, advances_paid);
        let invoice = Invoice { total, payable, ..invoice };
        Settlement { invoice, readings, lines, vat_rate, base, vat, total, advances_paid, payable }
    }

    /// Whether the document adds up to the heller: lines, base, VAT, total, advances and the invoice's own figures.
    pub fn reconciles(&self) -> bool {
        let sums = sums(&self.lines, self.vat_rate, self.advances_paid);
        let is_priced = self.lines.iter().all(|line| line.amount == amount(line.quantity, line.unit_price));
        is_priced
            && (sums.base, sums.vat, sums.total, sums.payable) == (self.base, self.vat, self.total, self.payable)
            && (self.invoice.total, self.invoice.payable) == (self.total, self.payable)
    }
}

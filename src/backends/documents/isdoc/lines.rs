//! The lines of a settlement, with the readings behind the energy.
use super::super::Error;
use super::xml::Xml;
use super::{Isdoc, Sign, plain};
use crate::domain::invoices::{Line, LineKind, SettledReading, Settlement, Unit};
use crate::domain::money::vat_from_base;
use crate::domain::supply_points::Register;
use rust_decimal::Decimal;

pub(super) fn lines(xml: &mut Xml, input: &Isdoc<'_>, sign: Sign) -> Result<(), Error> {
    for (at, line) in input.settlement.lines.iter().enumerate() {
        let description = input.descriptions.get(at).map_or("", String::as_str);
        xml.within("InvoiceLine", |xml| one(xml, input.settlement, line, description, sign))?;
    }
    Ok(())
}

fn one(xml: &mut Xml, settlement: &Settlement, line: &Line, description: &str, sign: Sign) -> Result<(), Error> {
    let rate = settlement.vat_rate;
    let amount = sign.money(line.amount);
    // For people: the tax of the document is taken from its base, and rules where the sum of these differs by a heller.
    let vat = vat_from_base(amount, rate);
    let (quantity, price) = quantity_and_price(line, sign);
    xml.leaf("ID", &line.position.to_string())?;
    xml.leaf_with("InvoicedQuantity", &[("unitCode", unit(line.unit))], &plain(quantity))?;
    xml.money("LineExtensionAmount", amount)?;
    xml.money("LineExtensionAmountTaxInclusive", amount + vat)?;
    xml.money("LineExtensionTaxAmount", vat)?;
    xml.leaf("UnitPrice", &unit_price(price))?;
    xml.leaf("UnitPriceTaxInclusive", &unit_price(price * (Decimal::ONE + rate / Decimal::ONE_HUNDRED)))?;
    xml.within("ClassifiedTaxCategory", |xml| {
        xml.leaf("Percent", &plain(rate))?;
        xml.leaf("VATCalculationMethod", "0")
    })?;
    let measured = measured(settlement, line);
    if !measured.is_empty() {
        xml.leaf("Note", &measured)?;
    }
    if description.is_empty() {
        return Ok(());
    }
    xml.within("Item", |xml| xml.leaf("Description", description))
}

/// The sign of a line is turned in what makes it negative: less energy, or a lower price.
fn quantity_and_price(line: &Line, sign: Sign) -> (Decimal, Decimal) {
    match sign {
        Sign::Kept => (line.quantity, line.unit_price),
        Sign::Turned if line.unit_price.is_sign_negative() => (line.quantity, -line.unit_price),
        Sign::Turned => (-line.quantity, line.unit_price),
    }
}

/// As Czech invoices name their units.
fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::MegawattHour => "MWh",
        Unit::Month => "měs",
    }
}

/// Exact, two decimals at least.
fn unit_price(price: Decimal) -> String {
    let mut price = price.normalize();
    if price.scale() < 2 {
        price.rescale(2);
    }
    price.to_string()
}

/// The readings behind a line of energy, in signs and numbers that need no language; empty for other lines.
fn measured(settlement: &Settlement, line: &Line) -> String {
    if line.kind != LineKind::Energy {
        return String::new();
    }
    let is_of_line = |reading: &&SettledReading| line.register.is_none_or(|register| register == reading.register);
    settlement.readings.iter().filter(is_of_line).map(reading).collect::<Vec<_>>().join("; ")
}

/// `4711: 1000 (2025-11-01) – 2234 (2026-10-31) = 1234 m³ × 0.9812 × 10.6894 kWh/m³ = 12943 kWh`.
fn reading(one: &SettledReading) -> String {
    let states = format!(
        "{}: {} ({}) – {} ({}) = {}",
        one.meter_serial, one.from_state, one.from_on, one.to_state, one.to_on, one.quantity
    );
    match (one.register, one.gas_factors) {
        (Register::Volume, Some((volume, heat))) => {
            format!("{states} m³ × {volume} × {heat} kWh/m³ = {} kWh", one.energy_kwh)
        }
        (Register::Volume, None) => format!("{states} m³ = {} kWh", one.energy_kwh),
        _ => format!("{states} kWh"),
    }
}

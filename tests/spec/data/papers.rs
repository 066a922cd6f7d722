//! The papers and texts of the one customer who has everything.
use super::whole::LETTERS;
use busbar::data::StoredDocument;
use busbar::domain::content::{HelpArticle, Link};
use busbar::domain::ids::*;
use busbar::domain::invoices::{Invoice, InvoiceKind, Line, LineKind, SettledReading, Settlement, Unit};
use busbar::domain::money::Money;
use busbar::domain::supply_points::{Register, SupplyPoint};
use rust_decimal::Decimal;
use time::macros::{date, datetime};

pub fn document(customer: CustomerId, bytes: Vec<u8>) -> StoredDocument {
    StoredDocument {
        id: DocumentId::new(),
        customer,
        kind: "settlement".into(),
        name: "vyúčtování č. 1.pdf".into(),
        media_type: "application/pdf".into(),
        sha256: vec![0xff; 32],
        bytes,
        created_at: datetime!(2026-11-23 12:00:00.000001 UTC),
    }
}

pub fn settlements(customer: CustomerId, points: &[SupplyPoint], document: DocumentId) -> Vec<Settlement> {
    let invoice = |point: &SupplyPoint, number: &str, kind, issued_on, document| Invoice {
        id: InvoiceId::new(),
        customer,
        supply_point: point.id,
        commodity: point.commodity,
        number: number.into(),
        kind,
        period_from: date!(2024 - 02 - 29),
        period_to: date!(2025 - 12 - 31),
        issued_on,
        tax_point_on: date!(2025 - 12 - 30),
        due_on: date!(9999 - 12 - 31),
        total: Money(i64::MAX),
        payable: Money(i64::MIN),
        paid: Money(-1),
        variable_symbol: "0123456789".into(),
        document,
    };
    let settled = |register, gas_factors| SettledReading {
        meter_serial: LETTERS.into(),
        register,
        from_on: date!(2024 - 02 - 29),
        from_state: i64::MAX,
        to_on: date!(2025 - 12 - 31),
        to_state: 0,
        quantity: i64::MIN,
        gas_factors,
        energy_kwh: i64::MAX,
    };
    let rate = Decimal::new(21_000, 3);
    let largest = Decimal::new(i64::MAX, 3);
    let dearest = Decimal::new(i64::MIN, 5);
    vec![
        Settlement::new(
            invoice(&points[1], "2", InvoiceKind::CorrectiveSettlement, date!(2026 - 01 - 15), Some(document)),
            vec![settled(Register::Volume, Some((Decimal::new(9_999, 4), Decimal::new(i32::MAX.into(), 4))))],
            vec![
                Line::priced(1, LineKind::Energy, Some(Register::Volume), largest, Unit::MegawattHour, dearest),
                Line::priced(2, LineKind::Infrastructure, None, -largest, Unit::Month, Decimal::new(1, 5)),
            ],
            rate,
            Money(i64::MAX),
        ),
        Settlement::new(
            invoice(&points[0], "1", InvoiceKind::Settlement, date!(2025 - 01 - 15), None),
            vec![settled(Register::High, None)],
            vec![
                Line::priced(
                    1,
                    LineKind::Energy,
                    Some(Register::High),
                    largest,
                    Unit::MegawattHour,
                    Decimal::new(1, 5),
                ),
                Line::priced(2, LineKind::StandingCharge, None, Decimal::new(-1, 3), Unit::Month, Decimal::ZERO),
            ],
            rate,
            Money(i64::MAX),
        ),
    ]
}

pub fn link(position: i16) -> Link {
    Link {
        id: LinkId::new(),
        position,
        title: LETTERS.into(),
        url: "https://příklad.cz/?a=1&b=2".into(),
        note: String::new(),
        language: "cs".into(),
        is_active: true,
    }
}

pub fn article(slug: &str, position: i16) -> HelpArticle {
    HelpArticle {
        id: HelpArticleId::new(),
        slug: slug.into(),
        language: "cs".into(),
        page: "/invoices".into(),
        position,
        title: LETTERS.into(),
        body: format!("{LETTERS}\n\nDruhý odstavec."),
    }
}

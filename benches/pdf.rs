//! How many settlements one core draws in a second.
use anyhow::{Result, anyhow};
use busbar::backends::documents::{
    Align, Column, DocumentStyle, Headline, Qr, Row, SettlementSheet, Table, settlement_pdf,
};
use std::hint::black_box;
use std::time::{Duration, Instant};
use time::macros::date;

const LINES: usize = 12;
const WARM: usize = 5;
const AT_LEAST: Duration = Duration::from_secs(3);

/// Settlements per second, and bytes of one: a page with a code to pay by, twelve lines, two readings, the sums.
pub fn per_second() -> Result<(f64, usize)> {
    let (style, sheet) = (style(), sheet());
    let draw = || settlement_pdf(black_box(&style), black_box(&sheet)).map_err(|error| anyhow!("{error}"));
    let mut bytes = 0;
    for _ in 0..WARM {
        bytes = draw()?.len();
    }
    let begin = Instant::now();
    let mut drawn = 0_u32;
    while begin.elapsed() < AT_LEAST {
        black_box(draw()?);
        drawn += 1;
    }
    Ok((f64::from(drawn) / begin.elapsed().as_secs_f64(), bytes))
}

fn style() -> DocumentStyle {
    DocumentStyle {
        supplier: "Ukázková energie, a.s.".into(),
        portal: "Můj účet".into(),
        colour: [0x00, 0x5e, 0xa8],
        mark: None,
        language: "cs".into(),
        address: vec!["Vzorová 1, 110 00 Praha 1".into()],
        contact: vec!["800 000 000".into(), "podpora@energie.example".into()],
        page_words: "Strana {page} z {pages}".into(),
    }
}

fn sheet() -> SettlementSheet {
    let fact = |words: &str, value: &str| (words.to_owned(), value.to_owned());
    SettlementSheet {
        title: "Vyúčtování".into(),
        number: "2026000123".into(),
        issued_on: date!(2026 - 11 - 10),
        customer_words: "Zákazník".into(),
        customer: vec!["Jana Vzorová".into(), "Příkladná 12".into(), "602 00 Brno".into()],
        facts_words: "Údaje o vyúčtování".into(),
        facts: vec![
            fact("Zákaznické číslo", "1000000017"),
            fact("Období", "1. 11. 2025 – 31. 10. 2026"),
            fact("Vystaveno", "10. 11. 2026"),
            fact("Splatnost", "27. 11. 2026"),
            fact("Variabilní symbol", "1234567890"),
        ],
        headline: Some(Headline {
            words: "K úhradě".into(),
            amount: "205,39\u{a0}Kč".into(),
            lines: vec!["Splatnost: 27. 11. 2026".into(), "Účet: 19-2000145399/0800".into()],
        }),
        tables: vec![readings(), lines(), sums()],
        notes: vec!["Vyúčtování můžete reklamovat do 30 dnů; odpovíme do 15 dnů od doručení reklamace.".into()],
        qr: Some(Qr {
            payload: "SPD*1.0*ACC:CZ6508000000192000145399*AM:205.39*CC:CZK*DT:20261127*X-VS:1234567890".into(),
            caption: "QR Platba".into(),
            alt: "QR kód pro platbu".into(),
        }),
        footer: "Ukázka se smyšlenými údaji.".into(),
    }
}

fn readings() -> Table {
    let row = |cells: [&str; 4]| (cells.map(str::to_owned).to_vec(), false);
    let rows = vec![
        row(["71004321 VT", "1. 11. 2025 · 12 345", "31. 10. 2026 · 14 490", "2 145 kWh"]),
        row(["71004321 NT", "1. 11. 2025 · 45 678", "31. 10. 2026 · 50 478", "4 800 kWh"]),
    ];
    table("Odečty", &["Měřidlo a registr", "Počáteční stav", "Konečný stav", "Rozdíl"], rows)
}

fn lines() -> Table {
    let row =
        |at: usize| (vec![format!("Položka {at}"), "2,145 MWh".into(), "2 890,00".into(), "6 199,05 Kč".into()], false);
    let mut rows: Vec<_> = (1..=LINES).map(row).collect();
    rows.push((vec!["Základ daně".into(), String::new(), String::new(), "29 921,81 Kč".into()], true));
    table("Položky bez DPH", &["Položka", "Množství", "Cena za jednotku", "Částka"], rows)
}

fn sums() -> Table {
    let row = |words: &str, amount: &str, is_total| (vec![words.to_owned(), amount.to_owned()], is_total);
    let rows = vec![
        row("Základ daně", "29 921,81 Kč", false),
        row("DPH 21 %", "6 283,58 Kč", false),
        row("Celkem s DPH", "36 205,39 Kč", true),
        row("Zaplacené zálohy", "-36 000,00 Kč", false),
        row("Výsledek", "205,39 Kč", true),
    ];
    table("Souhrn", &["Položka", "Částka"], rows)
}

fn table(title: &str, columns: &[&str], rows: Vec<(Vec<String>, bool)>) -> Table {
    let align = |at| if at == 0 { Align::Left } else { Align::Right };
    let column = |(at, words): (usize, &&str)| Column { words: (*words).to_owned(), align: align(at) };
    Table {
        title: title.into(),
        columns: columns.iter().enumerate().map(column).collect(),
        rows: rows.into_iter().map(|(cells, is_total)| Row { cells, is_total }).collect(),
    }
}

//! Documents: what a reader, a screen reader and an archive get.
use super::*;
use std::path::PathBuf;
use std::process::Command;
use time::macros::date;

fn style() -> DocumentStyle {
    DocumentStyle {
        supplier: "Žluťoučká energie, a.s.".into(),
        portal: "Můj účet".into(),
        colour: [0x00, 0x5e, 0xa8],
        mark: Some(Mark { path: "M13 2 3 14h7l-1 8 10-12h-7z".into(), view_box: [0.0, 0.0, 24.0, 24.0] }),
        language: "cs".into(),
        address: vec!["Dlouhá 12, 110 00 Praha 1".into(), "IČO 12345678, DIČ CZ12345678".into()],
        contact: vec!["800 123 456".into(), "podpora@energie.example".into()],
        page_words: "Strana {page} z {pages}".into(),
    }
}

fn table(title: &str, rows: usize) -> Table {
    let column = |words: &str, align| Column { words: words.into(), align };
    let mut table = Table {
        title: title.into(),
        columns: vec![
            column("Položka", Align::Left),
            column("Množství", Align::Right),
            column("Cena za jednotku", Align::Right),
            column("Celkem bez DPH", Align::Right),
        ],
        rows: Vec::new(),
    };
    for row in 1..=rows {
        let cells = [
            format!("Silová elektřina, vysoký tarif {row}"),
            "1,234 MWh".into(),
            "2 345,67000 Kč".into(),
            "2 894,56 Kč".into(),
        ];
        table.rows.push(Row { cells: cells.to_vec(), is_total: false });
    }
    table.rows.push(Row {
        cells: vec!["Součet".into(), String::new(), String::new(), "12 345,60 Kč".into()],
        is_total: true,
    });
    table
}

fn sheet(rows: usize) -> SettlementSheet {
    let fact = |words: &str, value: &str| (words.to_owned(), value.to_owned());
    SettlementSheet {
        title: "Vyúčtování dodávky elektřiny".into(),
        number: "Daňový doklad č. 2026004711".into(),
        issued_on: date!(2026 - 11 - 23),
        customer_words: "Zákazník".into(),
        customer: vec!["Jiřina Příkopová-Třešňáková".into(), "Náměstí Svobody 1234/56".into(), "602 00 Brno".into()],
        facts_words: "Údaje o dokladu".into(),
        facts: vec![
            fact("Zúčtovací období", "24. 11. 2025 – 23. 11. 2026"),
            fact("Odběrné místo", "859182400100000017"),
            fact("Adresa odběrného místa", "Náměstí Svobody 1234/56, 602 00 Brno-střed, Česká republika"),
            fact("Datum splatnosti", "7. 12. 2026"),
            fact("Variabilní symbol", "2026004711"),
        ],
        headline: Some(Headline {
            words: "Nedoplatek k úhradě".into(),
            amount: "1\u{a0}234,50\u{a0}Kč".into(),
            lines: vec!["Splatné 7. 12. 2026".into(), "Účet 2900300008/0800, variabilní symbol 2026004711".into()],
        }),
        tables: vec![table("Dodávka a distribuce", rows), table("Rekapitulace DPH", 2)],
        notes: vec!["Reklamaci vyúčtování lze uplatnit do 30 dnů ode dne splatnosti.".repeat(3)],
        qr: Some(Qr {
            payload: "SPD*1.0*ACC:CZ6508000000192000145399*AM:1234.50*CC:CZK*X-VS:2026004711*MSG:VYUCTOVANI".into(),
            caption: "QR Platba".into(),
            alt: "QR kód pro platbu 1 234,50 Kč".into(),
        }),
        footer: "Žluťoučká energie, a.s., zapsaná v obchodním rejstříku vedeném Městským soudem v Praze.".into(),
    }
}

/// Where the PDFs of this run may be looked at.
fn kept(name: &str, pdf: &[u8]) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("busbar-documents-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("temporary folder");
    let path = dir.join(name);
    std::fs::write(&path, pdf).expect("written");
    path
}

/// What `pdftotext` reads; none where it is not installed.
fn text_of(name: &str, pdf: &[u8]) -> Option<String> {
    let output = Command::new("pdftotext").args(["-layout"]).arg(kept(name, pdf)).arg("-").output().ok()?;
    assert!(output.status.success(), "pdftotext: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).expect("UTF-8").replace('\u{a0}', " "))
}

#[test]
fn the_words_and_numbers_can_be_read_out_again() {
    let pdf = settlement_pdf(&style(), &sheet(6)).expect("drawn");
    assert!(pdf.starts_with(b"%PDF-1.7"));
    assert!(pdf.len() < 120_000, "{} bytes", pdf.len());
    let Some(text) = text_of("one-page.pdf", &pdf) else { return };
    for words in [
        "Vyúčtování dodávky elektřiny",
        "Jiřina Příkopová-Třešňáková",
        "Nedoplatek k úhradě",
        "1 234,50 Kč",
        "Silová elektřina, vysoký tarif 6",
        "859182400100000017",
        "Strana 1 z 1",
    ] {
        assert!(text.contains(words), "{words} is not in:\n{text}");
    }
}

#[test]
fn a_long_table_goes_on_with_its_head_on_every_page() {
    let pdf = settlement_pdf(&style(), &sheet(120)).expect("drawn");
    let Some(text) = text_of("many-pages.pdf", &pdf) else { return };
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    assert!(pages.len() >= 3, "{} pages", pages.len());
    for (at, page) in pages.iter().enumerate() {
        assert!(page.contains("Cena za jednotku"), "page {} has no head:\n{page}", at + 1);
        assert!(page.contains(&format!("Strana {} z {}", at + 1, pages.len())));
    }
    assert_eq!((1..=120).filter(|row| text.contains(&format!("tarif {row} "))).count(), 120, "no row is lost");
}

#[test]
fn the_same_sheet_is_the_same_bytes() {
    let first = settlement_pdf(&style(), &sheet(40)).expect("drawn");
    let drawn = std::thread::spawn(|| settlement_pdf(&style(), &sheet(40)).expect("drawn")).join().expect("ended");
    assert!(first == drawn);
    let mut other = sheet(40);
    other.facts[4].1.push('1');
    assert!(first != settlement_pdf(&style(), &other).expect("drawn"));
}

#[test]
fn odd_input_is_drawn_all_the_same() {
    let mut sheet = sheet(1);
    sheet.title = "東京 \u{7} \u{202e}x".into();
    sheet.customer = vec!["a".repeat(500), String::new()];
    sheet.facts = vec![("b".repeat(300), "c".repeat(300))];
    sheet.tables[0].rows.push(Row { cells: vec!["d".repeat(2000)], is_total: true });
    sheet.tables.push(Table { title: String::new(), columns: Vec::new(), rows: Vec::new() });
    sheet.notes = vec!["e ".repeat(8000)];
    sheet.footer = String::new();
    settlement_pdf(&style(), &sheet).expect("drawn");
    sheet.qr = Some(Qr { payload: "f".repeat(5000), caption: String::new(), alt: "g".into() });
    assert_eq!(settlement_pdf(&style(), &sheet), Err(Error::Qr(5000)));
    sheet.qr = None;
    sheet.headline = None;
    settlement_pdf(&DocumentStyle { mark: None, language: "en".into(), ..style() }, &sheet).expect("drawn");
}

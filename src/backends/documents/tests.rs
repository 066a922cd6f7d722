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

/// What `pdftotext` reads, `-layout` as it stands or `-raw` as it was drawn; none where it is not installed.
fn text_of(name: &str, pdf: &[u8], how: &str) -> Option<String> {
    let Ok(output) = Command::new("pdftotext").arg(how).arg(kept(name, pdf)).arg("-").output() else {
        println!("SKIPPED: pdftotext (poppler-utils) is not installed, {name} is not read again");
        return None;
    };
    assert!(output.status.success(), "pdftotext: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).expect("UTF-8").replace('\u{a0}', " "))
}

#[test]
fn the_words_and_numbers_can_be_read_out_again() {
    let pdf = settlement_pdf(&style(), &sheet(6)).expect("drawn");
    assert!(pdf.starts_with(b"%PDF-1.7"));
    assert!(pdf.len() < 120_000, "{} bytes", pdf.len());
    let Some(text) = text_of("one-page.pdf", &pdf, "-layout") else { return };
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
    let Some(text) = text_of("many-pages.pdf", &pdf, "-layout") else { return };
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

const LETTERS: &str = "áčďéěíňóřšťúůýž ÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ";

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(words, value)| ((*words).to_owned(), (*value).to_owned())).collect()
}

fn signer(name: &str, role: &str) -> Signer {
    Signer { place_and_date: "V ______________ dne ______________".into(), name: name.into(), role: role.into() }
}

fn term(number: &str, text: String) -> Term {
    Term { number: number.into(), text }
}

fn contract() -> Letter {
    let party = pairs(&[("Dodavatel", "Žluťoučká energie, a.s., IČO 12345678"), ("Zákazník", "Jiřina Příkopová")]);
    let article = "Dodavatel dodá a zákazník odebere elektřinu v místě, jež je určeno touto smlouvou. ".repeat(7);
    Letter {
        title: "Smlouva o dodávce elektřiny".into(),
        reference: "S-2026-004711".into(),
        written_on: date!(2026 - 11 - 23),
        particulars: pairs(&[("Datum", "23. 11. 2026"), ("Naše značka", "S-2026-004711/Př")]),
        recipient: vec!["Jiřina Příkopová-Třešňáková".into(), "Náměstí Svobody 1234/56".into(), "602 00 Brno".into()],
        blocks: vec![
            Block::Paragraph(format!("Smluvní strany uzavírají tuto smlouvu. {LETTERS}")),
            Block::Heading("I. Smluvní strany".into()),
            Block::Facts(party),
            Block::Heading("II. Předmět smlouvy".into()),
            Block::Terms((1..=9).map(|at| term(&format!("2.{at}"), article.trim().to_owned())).collect()),
            Block::Table(table("Ceník", 60)),
            Block::Signatures(vec![
                signer("Ing. Karel Šťastný", "za dodavatele"),
                signer("Jiřina Příkopová", "zákazník"),
            ]),
        ],
        footer: "Žluťoučká energie, a.s., zapsaná v obchodním rejstříku vedeném Městským soudem v Praze.".into(),
    }
}

/// The other letters the portal writes.
fn short_letters() -> Vec<(&'static str, Letter)> {
    let letter = |title: &str, blocks| Letter { title: title.into(), reference: String::new(), blocks, ..contract() };
    let headline = |words: &str, amount: &str, line: &str| Headline {
        words: words.into(),
        amount: amount.into(),
        lines: vec![line.to_owned()],
    };
    let receipt =
        Block::Facts(pairs(&[("Elektroměr", "71004321"), ("Stav VT", "14 490 kWh"), ("Stav NT", "50 478 kWh")]));
    let password = headline("Jednorázové heslo", "k7Q-mXr-94T", "Platí do 22. 1. 2027.");
    let owed = headline("K úhradě", "1\u{a0}234,50\u{a0}Kč", "Splatné 7. 12. 2026");
    vec![
        ("receipt", letter("Potvrzení o odečtu", vec![receipt, Block::Paragraph("Děkujeme.".into())])),
        ("confirmation", letter("Potvrzení žádosti", vec![Block::Paragraph("Vaši žádost jsme přijali.".into())])),
        ("password", letter("Přístup do portálu", vec![Block::Highlight { headline: password, code: None }])),
        (
            "copy",
            letter(
                "Opis vyúčtování",
                vec![
                    Block::Highlight { headline: owed, code: sheet(1).qr },
                    Block::Table(table("Dodávka", 12)),
                    Block::NextPage,
                    Block::Heading("Příloha".into()),
                    Block::Signatures(vec![signer("Ing. Karel Šťastný", "za dodavatele")]),
                ],
            ),
        ),
    ]
}

fn words_of_table(table: &Table) -> String {
    let head = table.columns.iter().map(|column| column.words.clone());
    let cells = table.rows.iter().flat_map(|row| row.cells.clone());
    std::iter::once(table.title.clone()).chain(head).chain(cells).collect()
}

/// Everything a letter says, in the order it says it.
fn words_of(letter: &Letter) -> String {
    let mut words = letter.recipient.concat();
    let facts =
        |facts: &[(String, String)]| facts.iter().map(|(key, value)| format!("{key}:{value}")).collect::<String>();
    words += &facts(&letter.particulars);
    words += &letter.title;
    words += &letter.reference;
    for block in &letter.blocks {
        words += &match block {
            Block::Heading(text) | Block::Paragraph(text) => text.clone(),
            Block::Facts(pairs) => facts(pairs),
            Block::Table(table) => words_of_table(table),
            Block::Terms(terms) => terms.iter().map(|term| format!("{}{}", term.number, term.text)).collect(),
            Block::Highlight { headline, code } => {
                let caption = code.as_ref().map_or("", |code| code.caption.as_str());
                format!("{}{}{}{caption}", headline.words, headline.amount, headline.lines.concat())
            }
            Block::Signatures(signers) => signers
                .iter()
                .map(|signer| format!("{}{}{}", signer.place_and_date, signer.name, signer.role))
                .collect(),
            Block::NextPage => String::new(),
        };
    }
    squeezed(&words)
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// What stands between heads and feet, in the order it was drawn; a table's head that is seen again is left out.
fn body_of(text: &str, letter: &Letter) -> String {
    let style = style();
    let first_head = squeezed(&format!("{}{}{}", style.supplier, style.address.concat(), style.contact.concat()));
    let next_head = squeezed(&format!("{}{} {}", style.supplier, letter.title, letter.reference));
    let table_head: String = table("", 0).columns.iter().map(|column| squeezed(&column.words)).collect();
    let pages: Vec<String> = text.split('\u{c}').map(squeezed).filter(|page| !page.is_empty()).collect();
    let mut body = String::new();
    for (at, page) in pages.iter().enumerate() {
        let foot = squeezed(&format!("{}Strana{}z{}", letter.footer, at + 1, pages.len()));
        let page = page.strip_suffix(&foot).unwrap_or_else(|| panic!("page {} has no foot:\n{page}", at + 1));
        let head = if at == 0 { &first_head } else { &next_head };
        let page = page.strip_prefix(head).unwrap_or_else(|| panic!("page {} has no head:\n{page}", at + 1));
        body += page.strip_prefix(&table_head).unwrap_or(page);
    }
    body
}

#[test]
fn a_letter_says_what_it_was_given_and_nothing_else() {
    for (name, letter) in std::iter::once(("contract", contract())).chain(short_letters()) {
        let pdf = letter_pdf(&style(), &letter).expect("drawn");
        let Some(text) = text_of(&format!("{name}.pdf"), &pdf, "-raw") else { return };
        pretty(&body_of(&text, &letter), &words_of(&letter));
    }
}

/// Where two long texts part.
fn pretty(left: &str, right: &str) {
    let same = left.chars().zip(right.chars()).take_while(|(left, right)| left == right).count();
    let part = |text: &str| text.chars().skip(same.saturating_sub(30)).take(90).collect::<String>();
    assert!(left == right, "read:  …{}…\ngiven: …{}…", part(left), part(right));
}

#[test]
fn a_contract_goes_on_over_pages_with_the_head_of_its_table() {
    let pdf = letter_pdf(&style(), &contract()).expect("drawn");
    let Some(text) = text_of("contract-pages.pdf", &pdf, "-layout") else { return };
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    assert!(pages.len() >= 3, "{} pages", pages.len());
    for (at, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("Strana {} z {}", at + 1, pages.len())));
        assert!(
            !page.contains("vysoký tarif") || page.contains("Cena za jednotku"),
            "page {} has no head:\n{page}",
            at + 1
        );
    }
    let last = pages.last().expect("pages");
    assert!(last.contains("za dodavatele") && last.contains("zákazník"), "both sign on one page:\n{last}");
    assert!(LETTERS.split(' ').all(|letters| text.contains(letters)), "every Czech letter can be read out again");
}

#[test]
fn a_heading_stays_with_what_it_is_over() {
    let mut turned = 0;
    for lines in 30..60 {
        let mut blocks: Vec<Block> = (0..lines).map(|at| Block::Paragraph(format!("Věta {at}."))).collect();
        blocks.push(Block::Heading("Ceny".into()));
        blocks.push(Block::Table(table("", 3)));
        let pdf = letter_pdf(&style(), &Letter { blocks, ..contract() }).expect("drawn");
        let Some(text) = text_of("heading.pdf", &pdf, "-layout") else { return };
        let pages: Vec<&str> = text.split('\u{c}').collect();
        let page = pages.iter().position(|page| page.contains("Ceny")).expect("a heading");
        assert!(pages[page].contains("vysoký tarif 1"), "{lines} lines before it:\n{}", pages[page]);
        turned += page;
    }
    assert!(turned > 0, "the heading came to the foot of a page");
}

#[test]
fn the_same_letter_is_the_same_bytes() {
    let first = letter_pdf(&style(), &contract()).expect("drawn");
    assert!(first.starts_with(b"%PDF-1.7"));
    assert!(first == letter_pdf(&style(), &contract()).expect("drawn"));
    assert!(first != letter_pdf(&style(), &Letter { reference: String::new(), ..contract() }).expect("drawn"));
}

#[test]
fn odd_letters_are_drawn_all_the_same() {
    let empty = Letter { blocks: Vec::new(), recipient: Vec::new(), particulars: Vec::new(), ..contract() };
    letter_pdf(&style(), &empty).expect("drawn");
    let long = |letter: &str| format!("{letter} ").repeat(9_000);
    let mut table = table(&long("t"), 1);
    table.rows.push(Row { cells: vec!["d".repeat(20_000)], is_total: false });
    let odd = Letter {
        title: "東京 \u{7} \u{202e}x".into(),
        blocks: vec![
            Block::Paragraph(long("p")),
            Block::Paragraph(String::new()),
            Block::Facts(vec![(long("k"), long("v")), (String::new(), String::new())]),
            Block::Terms(vec![term(&"9.".repeat(400), long("t")), term("", String::new())]),
            Block::Terms(Vec::new()),
            Block::Table(table),
            Block::Signatures(Vec::new()),
            Block::Signatures(vec![signer(&long("s"), ""); 3]),
            Block::NextPage,
        ],
        ..contract()
    };
    letter_pdf(&style(), &odd).expect("drawn");
}

#[test]
fn a_row_longer_than_a_page_loses_nothing() {
    let mut table = table("", 0);
    table.rows.insert(0, Row { cells: vec!["slovo ".repeat(2_000)], is_total: false });
    let letter = Letter { blocks: vec![Block::Table(table)], ..contract() };
    let pdf = letter_pdf(&style(), &letter).expect("drawn");
    let Some(text) = text_of("long-row.pdf", &pdf, "-layout") else { return };
    assert_eq!(text.split_whitespace().filter(|word| *word == "slovo").count(), 2_000);
}

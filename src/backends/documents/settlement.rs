//! The settlement: letterhead, who and what, the amount with its code to pay by, tables that go on over pages, notes.
use super::desk::Desk;
use super::face::Cut;
use super::layout::{BOTTOM, COLUMN, INK, Kind, MARGIN, MUTED, RIGHT, regular};
use super::{DocumentStyle, Error, SettlementSheet};

const GAP: f32 = 24.0;

/// Draws the settlement. The same input gives the same bytes.
pub fn settlement_pdf(style: &DocumentStyle, settlement: &SettlementSheet) -> Result<Vec<u8>, Error> {
    let mut desk = Desk::new(style, &settlement.title, &settlement.number)?;
    desk.title(&settlement.title, &settlement.number);
    who_and_what(&mut desk, settlement);
    desk.highlight(settlement.headline.as_ref(), settlement.qr.as_ref())?;
    for table in &settlement.tables {
        desk.table(table);
    }
    for note in &settlement.notes {
        self::note(&mut desk, note);
    }
    desk.finish(&settlement.footer, settlement.issued_on)
}

/// Customer on the left, facts on the right, the longer of them rules.
fn who_and_what(desk: &mut Desk<'_>, settlement: &SettlementSheet) {
    let top = desk.sheet.y;
    let half = (COLUMN - GAP) * 0.42;
    desk.label(MARGIN, half, &settlement.customer_words);
    desk.person(MARGIN, half, &settlement.customer);
    let left_end = desk.sheet.y;
    desk.sheet.y = top;
    let x = MARGIN + half + GAP;
    desk.label(x, RIGHT - x, &settlement.facts_words);
    for (words, value) in &settlement.facts {
        fact(desk, x, words, value);
    }
    desk.sheet.y = desk.sheet.y.max(left_end) + 16.0;
}

fn fact(desk: &mut Desk<'_>, x: f32, words: &str, value: &str) {
    let sheet = &mut desk.sheet;
    let node = sheet.node(None, Kind::Paragraph);
    let size = 9.0;
    let words_width = (RIGHT - x) * 0.5;
    let top = sheet.y;
    sheet.paragraph(x, words_width - 6.0, &format!("{words}: "), regular(size, MUTED), Some(node));
    let words_end = sheet.y;
    sheet.y = top;
    let value_x = x + words_width;
    for line in sheet.faces.wrap(value, Cut::Regular, size, RIGHT - value_x) {
        sheet.y += size * 1.4;
        sheet.text_to(RIGHT, sheet.y - size * 0.35, &line, regular(size, INK), Some(node));
    }
    sheet.y = sheet.y.max(words_end) + 1.5;
}

/// Small print; one that is longer than a page goes on over the next.
fn note(desk: &mut Desk<'_>, note: &str) {
    let size = 8.5;
    let lines = desk.sheet.faces.wrap(note, Cut::Regular, size, COLUMN).len() as f32;
    desk.make_room((lines * size * 1.4).min(BOTTOM * 0.8));
    let node = desk.sheet.node(None, Kind::Paragraph);
    desk.flow(MARGIN, COLUMN, note, regular(size, MUTED), Some(node));
    desk.sheet.y += 5.0;
}

//! The settlement: letterhead, who and what, the amount with its code to pay by, tables that go on over pages, notes.
use super::face::{Cut, faces};
use super::layout::{BOTTOM, COLUMN, INK, Kind, MARGIN, MUTED, Mark, RIGHT, RULE, Sheet};
use super::write::{About, write};
use super::{Align, DocumentStyle, Error, Headline, Qr, Row, SettlementSheet, Table, paper, qr};

const GAP: f32 = 24.0;
const QR_SIDE: f32 = 104.0;
/// Type size and padding of table cells.
const CELL: f32 = 8.5;
const PAD: f32 = 3.5;

/// Draws the settlement. The same input gives the same bytes.
pub fn settlement_pdf(style: &DocumentStyle, settlement: &SettlementSheet) -> Result<Vec<u8>, Error> {
    let mut sheet = Sheet::new(faces()?);
    let running = format!("{} {}", settlement.title, settlement.number);
    let mut desk = Desk { sheet: &mut sheet, style, running: &running };
    paper::letterhead(desk.sheet, style);
    desk.title(settlement);
    desk.who_and_what(settlement);
    desk.payment(settlement.headline.as_ref(), settlement.qr.as_ref())?;
    for table in &settlement.tables {
        desk.table(table);
    }
    desk.notes(&settlement.notes);
    paper::feet(&mut sheet, style, &settlement.footer);
    let (author, creator, language) = (style.supplier.as_str(), style.portal.as_str(), style.language.as_str());
    write(&sheet, &About { title: running, author, creator, language, date: settlement.issued_on })
}

struct Desk<'a> {
    sheet: &'a mut Sheet,
    style: &'a DocumentStyle,
    running: &'a str,
}

impl Desk<'_> {
    fn heading(&mut self, level: u16, words: &str, size: f32) {
        let words = self.sheet.faces.printable(words);
        let node = self.sheet.node(None, Kind::Heading(level, words.clone()));
        let page = self.sheet.pages.len() - 1;
        let top = self.sheet.y;
        self.sheet.headings.push((words.clone(), page, top));
        let colour = if level == 1 { INK } else { paper::readable(self.style.colour) };
        self.sheet.paragraph(MARGIN, COLUMN, &words, Cut::Bold, size, colour, Some(node));
    }

    fn title(&mut self, settlement: &SettlementSheet) {
        self.heading(1, &settlement.title, 20.0);
        let node = self.sheet.node(None, Kind::Paragraph);
        self.sheet.paragraph(MARGIN, COLUMN, &settlement.number, Cut::Regular, 10.5, MUTED, Some(node));
        self.sheet.y += 14.0;
    }

    /// Customer on the left, facts on the right, the longer of them rules.
    fn who_and_what(&mut self, settlement: &SettlementSheet) {
        let top = self.sheet.y;
        let half = (COLUMN - GAP) * 0.42;
        let node = self.sheet.node(None, Kind::Paragraph);
        self.label(MARGIN, half, &settlement.customer_words);
        for (at, line) in settlement.customer.iter().enumerate() {
            let cut = if at == 0 { Cut::Bold } else { Cut::Regular };
            self.sheet.paragraph(MARGIN, half, line, cut, 10.0, INK, Some(node));
        }
        let left_end = self.sheet.y;
        self.sheet.y = top;
        let x = MARGIN + half + GAP;
        self.label(x, RIGHT - x, &settlement.facts_words);
        for (words, value) in &settlement.facts {
            self.fact(x, words, value);
        }
        self.sheet.y = self.sheet.y.max(left_end) + 16.0;
    }

    fn label(&mut self, x: f32, width: f32, words: &str) {
        if words.is_empty() {
            return;
        }
        let node = self.sheet.node(None, Kind::Paragraph);
        self.sheet.paragraph(x, width, words, Cut::Bold, 8.0, MUTED, Some(node));
        self.sheet.y += 2.0;
    }

    fn fact(&mut self, x: f32, words: &str, value: &str) {
        let node = self.sheet.node(None, Kind::Paragraph);
        let size = 9.0;
        let words_width = (RIGHT - x) * 0.5;
        let top = self.sheet.y;
        self.sheet.paragraph(x, words_width - 6.0, &format!("{words}: "), Cut::Regular, size, MUTED, Some(node));
        let words_end = self.sheet.y;
        self.sheet.y = top;
        let value_x = x + words_width;
        for line in self.sheet.faces.wrap(value, Cut::Regular, size, RIGHT - value_x) {
            self.sheet.y += size * 1.4;
            let y = self.sheet.y - size * 0.35;
            self.sheet.text_to(RIGHT, y, &line, Cut::Regular, size, INK, Some(node));
        }
        self.sheet.y = self.sheet.y.max(words_end) + 1.5;
    }

    /// The amount on a tinted ground, the code to pay by beside it.
    fn payment(&mut self, headline: Option<&Headline>, code: Option<&Qr>) -> Result<(), Error> {
        if headline.is_none() && code.is_none() {
            return Ok(());
        }
        let lines = headline.map_or(0, |headline| headline.lines.len());
        let height = if code.is_some() { QR_SIDE + 28.0 } else { 62.0 + 13.0 * lines as f32 };
        let height = height.max(62.0 + 13.0 * lines as f32);
        if !self.sheet.has_room(height) {
            self.next_page();
        }
        let top = self.sheet.y;
        self.sheet.rectangle(MARGIN, top, COLUMN, height, paper::tint(self.style.colour));
        self.sheet.rectangle(MARGIN, top, 3.0, height, self.style.colour);
        let width = if code.is_some() { COLUMN - QR_SIDE - 48.0 } else { COLUMN - 32.0 };
        if let Some(headline) = headline {
            let node = self.sheet.node(None, Kind::Paragraph);
            self.sheet.y = top + 10.0;
            self.sheet.paragraph(MARGIN + 16.0, width, &headline.words, Cut::Regular, 10.0, INK, Some(node));
            self.sheet.paragraph(MARGIN + 16.0, width, &headline.amount, Cut::Bold, 22.0, INK, Some(node));
            for line in &headline.lines {
                let node = self.sheet.node(None, Kind::Paragraph);
                self.sheet.paragraph(MARGIN + 16.0, width, line, Cut::Regular, 9.0, INK, Some(node));
            }
        }
        let text_end = self.sheet.y;
        if let Some(code) = code {
            let x = RIGHT - QR_SIDE - 12.0;
            let node = self.sheet.node(None, Kind::Figure(code.alt.clone()));
            // The ground under the code is white, or scanners stumble.
            self.sheet.rectangle(x, top + 8.0, QR_SIDE, QR_SIDE, [255; 3]);
            let path = qr::path(&code.payload, x, top + 8.0, QR_SIDE)?;
            self.sheet.mark(Mark::Shape { path, colour: [0; 3] }, Some(node));
            let caption = self.sheet.node(None, Kind::Paragraph);
            let width = self.sheet.faces.width(&code.caption, Cut::Regular, 8.0);
            let middle = x + (QR_SIDE - width) / 2.0;
            self.sheet.text(middle, top + QR_SIDE + 20.0, &code.caption, Cut::Regular, 8.0, MUTED, Some(caption));
        }
        self.sheet.y = (top + height).max(text_end + 8.0) + 18.0;
        Ok(())
    }

    fn table(&mut self, table: &Table) {
        let widths = self.column_widths(table);
        // A heading never stands alone at the foot of a page.
        if !self.sheet.has_room(74.0) {
            self.next_page();
        }
        if !table.title.is_empty() {
            self.heading(2, &table.title, 11.5);
            self.sheet.y += 3.0;
        }
        let node = self.sheet.node(None, Kind::Table);
        let head = self.sheet.node(Some(node), Kind::TableHead);
        let head_row = self.sheet.node(Some(head), Kind::Row);
        self.table_head(table, &widths, Some(head_row));
        let body = self.sheet.node(Some(node), Kind::TableBody);
        for row in &table.rows {
            let lines = self.wrapped(row, &widths);
            let height = height_of(&lines);
            if !self.sheet.has_room(height) {
                self.next_page();
                // Seen again, not heard again.
                self.table_head(table, &widths, None);
            }
            let row_node = self.sheet.node(Some(body), Kind::Row);
            self.table_row(table, row, &lines, &widths, row_node);
        }
        self.sheet.y += 18.0;
    }

    /// Each column as wide as its longest text; when that is too much, the wide ones give way.
    fn column_widths(&self, table: &Table) -> Vec<f32> {
        let faces = self.sheet.faces;
        let width = |text: &str, cut| faces.width(&faces.printable(text), cut, CELL);
        let natural: Vec<f32> = (0..table.columns.len())
            .map(|at| {
                let cells = table.rows.iter().filter_map(|row| row.cells.get(at));
                let widest = cells.map(|cell| width(cell, Cut::Bold)).fold(0.0, f32::max);
                widest.max(width(&table.columns[at].words, Cut::Bold)) + 2.0 * PAD
            })
            .collect();
        let total: f32 = natural.iter().sum();
        if total <= COLUMN {
            // What is left over goes to the text columns, or to all when there are none.
            let takes = |at: usize| table.columns[at].align == Align::Left;
            let takers = (0..natural.len()).filter(|at| takes(*at)).count();
            let (share, all) = match takers {
                0 => ((COLUMN - total) / natural.len().max(1) as f32, true),
                takers => ((COLUMN - total) / takers as f32, false),
            };
            return natural
                .iter()
                .enumerate()
                .map(|(at, width)| if all || takes(at) { width + share } else { *width })
                .collect();
        }
        shrink(&natural, COLUMN)
    }

    fn table_head(&mut self, table: &Table, widths: &[f32], meaning: Option<usize>) {
        let lines: Vec<Vec<String>> = table
            .columns
            .iter()
            .zip(widths)
            .map(|(column, width)| self.sheet.faces.wrap(&column.words, Cut::Bold, CELL, width - 2.0 * PAD))
            .collect();
        let height = height_of(&lines);
        self.sheet.rectangle(MARGIN, self.sheet.y, COLUMN, height, paper::tint(self.style.colour));
        self.cells(table, &lines, widths, Cut::Bold, meaning, Kind::ColumnHead);
        self.sheet.y += height;
        self.sheet.rectangle(MARGIN, self.sheet.y, COLUMN, 1.0, self.style.colour);
        self.sheet.y += 1.0;
    }

    fn table_row(&mut self, table: &Table, row: &Row, lines: &[Vec<String>], widths: &[f32], node: usize) {
        let cut = if row.is_total { Cut::Bold } else { Cut::Regular };
        if row.is_total {
            self.sheet.rectangle(MARGIN, self.sheet.y, COLUMN, 0.8, MUTED);
        }
        self.cells(table, lines, widths, cut, Some(node), Kind::Cell);
        self.sheet.y += height_of(lines);
        self.sheet.rectangle(MARGIN, self.sheet.y, COLUMN, 0.4, RULE);
    }

    fn cells(
        &mut self,
        table: &Table,
        lines: &[Vec<String>],
        widths: &[f32],
        cut: Cut,
        row: Option<usize>,
        kind: Kind,
    ) {
        let mut x = MARGIN;
        for ((column, lines), width) in table.columns.iter().zip(lines).zip(widths) {
            let cell = row.map(|row| self.sheet.node(Some(row), kind.clone()));
            for (at, line) in lines.iter().enumerate() {
                // A cell without anything in it would fall out of the tree, and the columns would no longer match.
                let line = if line.is_empty() { "\u{a0}" } else { line };
                let y = self.sheet.y + PAD + CELL * (1.0 + 1.3 * at as f32);
                match column.align {
                    Align::Left => self.sheet.text(x + PAD, y, line, cut, CELL, INK, cell),
                    Align::Right => self.sheet.text_to(x + width - PAD, y, line, cut, CELL, INK, cell),
                }
            }
            x += width;
        }
    }

    fn wrapped(&self, row: &Row, widths: &[f32]) -> Vec<Vec<String>> {
        let cut = if row.is_total { Cut::Bold } else { Cut::Regular };
        let cell = |at: usize| row.cells.get(at).map_or("", String::as_str);
        let wrap = |(at, width): (usize, &f32)| self.sheet.faces.wrap(cell(at), cut, CELL, width - 2.0 * PAD);
        widths.iter().enumerate().map(wrap).collect()
    }

    fn notes(&mut self, notes: &[String]) {
        for note in notes {
            let lines = self.sheet.faces.wrap(note, Cut::Regular, 8.5, COLUMN).len() as f32;
            if !self.sheet.has_room((lines * 8.5 * 1.4).min(BOTTOM * 0.8)) {
                self.next_page();
            }
            let node = self.sheet.node(None, Kind::Paragraph);
            self.sheet.paragraph(MARGIN, COLUMN, note, Cut::Regular, 8.5, MUTED, Some(node));
            self.sheet.y += 5.0;
        }
    }

    fn next_page(&mut self) {
        self.sheet.next_page();
        paper::running_head(self.sheet, self.style, self.running);
    }
}

fn height_of(lines: &[Vec<String>]) -> f32 {
    let most = lines.iter().map(Vec::len).max().unwrap_or(1).max(1);
    2.0 * PAD + CELL * (1.3 * most as f32)
}

/// Takes from the widest until all fit.
fn shrink(natural: &[f32], room: f32) -> Vec<f32> {
    let mut sorted = natural.to_vec();
    sorted.sort_by(f32::total_cmp);
    let mut left = room;
    let mut cap = room;
    for (at, width) in sorted.iter().enumerate() {
        let fair = left / (sorted.len() - at) as f32;
        if *width > fair {
            cap = fair;
            break;
        }
        left -= width;
    }
    natural.iter().map(|width| width.min(cap)).collect()
}

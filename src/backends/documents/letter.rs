//! Letters: contracts, confirmations, receipts, passwords by post: one paper for everything that is not a settlement.
use super::desk::{Desk, height_of};
use super::face::Cut;
use super::layout::{COLUMN, INK, Kind, MARGIN, MUTED, RIGHT, Type, bold, leading, regular};
use super::table::LEAST;
use super::{Block, DocumentStyle, Error, Letter, Signer, Term};

/// Left edge and top of the address, behind the window of a DL envelope: 110 mm and 45 mm.
const ADDRESS_X: f32 = 311.8;
const ADDRESS_Y: f32 = 127.6;
const GAP: f32 = 24.0;
/// Size of running text.
const TEXT: f32 = 10.0;
/// Height of a pair of signatures.
const SIGNATURES: f32 = 128.0;

/// Draws the letter. The same input gives the same bytes.
pub fn letter_pdf(style: &DocumentStyle, letter: &Letter) -> Result<Vec<u8>, Error> {
    let mut desk = Desk::new(style, &letter.title, &letter.reference)?;
    desk.letter(letter)?;
    desk.finish(&letter.footer, letter.written_on)
}

/// Several in one, to be printed at once: each begins its own paper and counts its own pages.
pub fn letters_pdf(style: &DocumentStyle, letters: &[Letter]) -> Result<Vec<u8>, Error> {
    let first = letters.first().ok_or_else(|| Error::Pdf("no letters".into()))?;
    let mut desk = Desk::new(style, &first.title, &first.reference)?;
    let mut parts = Vec::with_capacity(letters.len());
    for (at, letter) in letters.iter().enumerate() {
        let start = if at == 0 { 0 } else { desk.next_paper(&letter.title, &letter.reference) };
        parts.push((start, letter.footer.clone()));
        desk.letter(letter)?;
    }
    desk.finish_parts(&parts, first.written_on)
}

impl Desk<'_> {
    fn letter(&mut self, letter: &Letter) -> Result<(), Error> {
        self.addressed(letter);
        self.title(&letter.title, &letter.reference);
        for (at, block) in letter.blocks.iter().enumerate() {
            self.block(block, letter.blocks.get(at + 1))?;
        }
        Ok(())
    }

    /// Particulars on the left, the address on the right.
    fn addressed(&mut self, letter: &Letter) {
        let top = self.sheet.y.max(ADDRESS_Y);
        self.sheet.y = top;
        self.person(ADDRESS_X, RIGHT - ADDRESS_X, &letter.recipient);
        let address_end = self.sheet.y;
        self.sheet.y = top;
        for (words, value) in &letter.particulars {
            self.fact(ADDRESS_X - GAP, 0.42, 9.0, words, value);
        }
        self.sheet.y = self.sheet.y.max(address_end) + 30.0;
    }

    fn block(&mut self, block: &Block, next: Option<&Block>) -> Result<(), Error> {
        match block {
            Block::Heading(words) => {
                // Never alone at the foot of a page.
                self.make_room(24.0 + next.map_or(0.0, least));
                self.sheet.y += 4.0;
                self.heading(2, words, 11.5);
                self.sheet.y += 3.0;
            }
            Block::Paragraph(words) => {
                let node = self.sheet.node(None, Kind::Paragraph);
                self.flow(MARGIN, COLUMN, words, regular(TEXT, INK), Some(node));
                self.sheet.y += 7.0;
            }
            Block::Facts(facts) => {
                for (words, value) in facts {
                    self.fact(RIGHT, 0.36, TEXT, words, value);
                }
                self.sheet.y += 9.0;
            }
            Block::Table(table) => self.table(table),
            Block::Terms(terms) => self.terms(terms),
            Block::Highlight { headline, code } => self.highlight(Some(headline), code.as_ref())?,
            Block::Signatures(signers) => signers.chunks(2).for_each(|pair| self.signatures(pair)),
            Block::NextPage => self.next_page(),
        }
        Ok(())
    }

    /// Words in `share` of the line from the margin to `right`, the value beside them.
    fn fact(&mut self, right: f32, share: f32, size: f32, words: &str, value: &str) {
        let words = format!("{words}: ");
        let words_width = (right - MARGIN) * share;
        let (label_width, value_width) = (words_width - 8.0, right - MARGIN - words_width);
        let faces = self.sheet.faces;
        let lines = |text: &str, width| faces.wrap(text, Cut::Regular, size, width).len();
        let rows = lines(&words, label_width).max(lines(value, value_width));
        // A value longer than a third of a page is no fact; it goes on where it must.
        self.make_room(rows.min(20) as f32 * leading(size));
        let node = self.sheet.node(None, Kind::Paragraph);
        let top = self.sheet.y;
        self.sheet.paragraph(MARGIN, label_width, &words, regular(size, MUTED), Some(node));
        let (words_end, page) = (self.sheet.y, self.sheet.pages.len());
        self.sheet.y = top;
        self.flow(MARGIN + words_width, value_width, value, regular(size, INK), Some(node));
        if self.sheet.pages.len() == page {
            self.sheet.y = self.sheet.y.max(words_end);
        }
        self.sheet.y += 2.0;
    }

    /// A list: numbers hang at the margin, texts stand under one another.
    fn terms(&mut self, terms: &[Term]) {
        if terms.is_empty() {
            return;
        }
        let faces = self.sheet.faces;
        let number_width = |term: &Term| faces.width(&faces.printable(&term.number), Cut::Regular, TEXT);
        let indent = terms.iter().map(number_width).fold(0.0, f32::max).min(COLUMN / 3.0) + 8.0;
        let list = self.sheet.node(None, Kind::List);
        for term in terms {
            let lines = faces.wrap(&term.text, Cut::Regular, TEXT, COLUMN - indent).len();
            self.make_room(lines.min(2) as f32 * leading(TEXT));
            let item = self.sheet.node(Some(list), Kind::Item);
            let number = self.sheet.node(Some(item), Kind::Number);
            let text = self.sheet.node(Some(item), Kind::ItemText);
            let top = self.sheet.y;
            self.sheet.line(MARGIN, &term.number, false, regular(TEXT, MUTED), Some(number));
            self.sheet.y = top;
            self.flow(MARGIN + indent, COLUMN - indent, &term.text, regular(TEXT, INK), Some(text));
            self.sheet.y += 4.0;
        }
        self.sheet.y += 5.0;
    }

    /// One or two side by side: place and day, room to sign, a line, and who signs.
    fn signatures(&mut self, pair: &[Signer]) {
        let width = (COLUMN - GAP) / 2.0;
        self.make_room(SIGNATURES);
        let top = self.sheet.y + 12.0;
        let mut end = top;
        for (at, signer) in pair.iter().enumerate() {
            let x = MARGIN + at as f32 * (width + GAP);
            self.sheet.y = top;
            self.signature_part(x, width, &signer.place_and_date, regular(9.5, INK));
            self.sheet.y = self.sheet.y.max(top + leading(9.5)) + 46.0;
            self.sheet.rectangle(x, self.sheet.y, width, 0.7, INK);
            self.sheet.y += 3.0;
            self.signature_part(x, width, &signer.name, bold(9.5, INK));
            self.signature_part(x, width, &signer.role, regular(9.0, MUTED));
            end = end.max(self.sheet.y);
        }
        self.sheet.y = end + 12.0;
    }

    fn signature_part(&mut self, x: f32, width: f32, words: &str, set: Type) {
        if !words.is_empty() {
            let node = self.sheet.node(None, Kind::Paragraph);
            self.sheet.paragraph(x, width, words, set, Some(node));
        }
    }
}

/// Room a block wants at least, in points, under the heading it belongs to.
fn least(block: &Block) -> f32 {
    match block {
        Block::Heading(_) | Block::NextPage => 0.0,
        Block::Paragraph(_) | Block::Facts(_) | Block::Terms(_) => 2.0 * leading(TEXT),
        Block::Table(_) => LEAST,
        Block::Highlight { headline, code } => height_of(Some(headline), code.as_ref()),
        Block::Signatures(_) => SIGNATURES,
    }
}

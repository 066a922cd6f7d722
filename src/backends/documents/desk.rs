//! The desk: what settlements and letters are put together from, on a supplier's paper, page after page.
use super::face::{Cut, faces};
use super::layout::{COLUMN, INK, Kind, MARGIN, MUTED, Mark, Meaning, RIGHT, Sheet, Type, bold, leading, regular};
use super::write::{About, write};
use super::{DocumentStyle, Error, Headline, Qr, paper, qr};
use time::Date;

const QR_SIDE: f32 = 104.0;

pub(super) struct Desk<'a> {
    pub(super) sheet: Sheet,
    pub(super) style: &'a DocumentStyle,
    /// Title and number: the document's name, and the head of the pages after the first.
    running: String,
}

impl<'a> Desk<'a> {
    /// The first page with its letterhead.
    pub(super) fn new(style: &'a DocumentStyle, title: &str, number: &str) -> Result<Desk<'a>, Error> {
        let mut sheet = Sheet::new(faces()?);
        paper::letterhead(&mut sheet, style);
        Ok(Desk { sheet, style, running: format!("{title} {number}").trim_end().to_owned() })
    }

    /// The feet, and the PDF.
    pub(super) fn finish(self, footer: &str, date: Date) -> Result<Vec<u8>, Error> {
        self.finish_parts(&[(0, footer.to_owned())], date)
    }

    /// The same of several in one, each with its own pages.
    pub(super) fn finish_parts(mut self, parts: &[(usize, String)], date: Date) -> Result<Vec<u8>, Error> {
        paper::feet(&mut self.sheet, self.style, parts);
        let (author, creator) = (self.style.supplier.as_str(), self.style.portal.as_str());
        write(&self.sheet, &About { title: self.running, author, creator, language: &self.style.language, date })
    }

    /// A page with its letterhead, as if it were the first.
    pub(super) fn next_paper(&mut self, title: &str, number: &str) -> usize {
        self.running = format!("{title} {number}").trim_end().to_owned();
        self.sheet.next_page();
        paper::letterhead(&mut self.sheet, self.style);
        self.sheet.pages.len() - 1
    }

    pub(super) fn next_page(&mut self) {
        self.sheet.next_page();
        paper::running_head(&mut self.sheet, self.style, &self.running);
    }

    /// Turns the page unless `height` points are left on it.
    pub(super) fn make_room(&mut self, height: f32) {
        if !self.sheet.has_room(height) {
            self.next_page();
        }
    }

    pub(super) fn heading(&mut self, level: u16, words: &str, size: f32) {
        let words = self.sheet.faces.printable(words).into_owned();
        let node = self.sheet.node(None, Kind::Heading(level, words.clone()));
        let page = self.sheet.pages.len() - 1;
        let top = self.sheet.y;
        self.sheet.headings.push((words.clone(), page, top));
        let colour = if level == 1 { INK } else { paper::readable(self.style.colour) };
        self.sheet.paragraph(MARGIN, COLUMN, &words, bold(size, colour), Some(node));
    }

    /// The document's title, and under it the number it goes by.
    pub(super) fn title(&mut self, title: &str, number: &str) {
        self.heading(1, title, 20.0);
        if !number.is_empty() {
            let node = self.sheet.node(None, Kind::Paragraph);
            self.sheet.paragraph(MARGIN, COLUMN, number, regular(10.5, MUTED), Some(node));
        }
        self.sheet.y += 14.0;
    }

    pub(super) fn label(&mut self, x: f32, width: f32, words: &str) {
        if words.is_empty() {
            return;
        }
        let node = self.sheet.node(None, Kind::Paragraph);
        self.sheet.paragraph(x, width, words, bold(8.0, MUTED), Some(node));
        self.sheet.y += 2.0;
    }

    /// Name and address, the name bold.
    pub(super) fn person(&mut self, x: f32, width: f32, lines: &[String]) {
        let node = self.sheet.node(None, Kind::Paragraph);
        for (at, line) in lines.iter().enumerate() {
            let cut = if at == 0 { Cut::Bold } else { Cut::Regular };
            self.sheet.paragraph(x, width, line, Type { cut, size: 10.0, colour: INK }, Some(node));
        }
    }

    /// A paragraph that may go on over pages; neither its first nor its last line is left alone.
    pub(super) fn flow(&mut self, x: f32, width: f32, text: &str, set: Type, meaning: Meaning) {
        let lines = self.sheet.faces.wrap(text, set.cut, set.size, width);
        let count = lines.len();
        for (at, line) in lines.iter().enumerate() {
            let left = count - at;
            let together = if at == 0 || left == 2 { left.min(2) } else { 1 };
            self.make_room(together as f32 * leading(set.size));
            self.sheet.line(x, line, left == 1, set, meaning);
        }
    }

    /// The amount on a tinted ground, the code to pay by beside it.
    pub(super) fn highlight(&mut self, headline: Option<&Headline>, code: Option<&Qr>) -> Result<(), Error> {
        if headline.is_none() && code.is_none() {
            return Ok(());
        }
        let height = height_of(headline, code);
        self.make_room(height);
        let top = self.sheet.y;
        self.sheet.rectangle(MARGIN, top, COLUMN, height, paper::tint(self.style.colour));
        self.sheet.rectangle(MARGIN, top, 3.0, height, self.style.colour);
        let width = if code.is_some() { COLUMN - QR_SIDE - 48.0 } else { COLUMN - 32.0 };
        if let Some(headline) = headline {
            self.headline(headline, width);
        }
        let text_end = self.sheet.y;
        if let Some(code) = code {
            self.code(code, top)?;
        }
        self.sheet.y = (top + height).max(text_end + 8.0) + 18.0;
        Ok(())
    }

    fn headline(&mut self, headline: &Headline, width: f32) {
        let x = MARGIN + 16.0;
        let node = self.sheet.node(None, Kind::Paragraph);
        self.sheet.y += 10.0;
        self.sheet.paragraph(x, width, &headline.words, regular(10.0, INK), Some(node));
        if !headline.amount.is_empty() {
            self.sheet.paragraph(x, width, &headline.amount, bold(22.0, INK), Some(node));
        }
        for line in &headline.lines {
            let node = self.sheet.node(None, Kind::Paragraph);
            self.sheet.paragraph(x, width, line, regular(9.0, INK), Some(node));
        }
    }

    fn code(&mut self, code: &Qr, top: f32) -> Result<(), Error> {
        let x = RIGHT - QR_SIDE - 12.0;
        let node = self.sheet.node(None, Kind::Figure(code.alt.clone()));
        // The ground under the code is white, or scanners stumble.
        self.sheet.rectangle(x, top + 8.0, QR_SIDE, QR_SIDE, [255; 3]);
        let (path, squares) = qr::path(&code.payload)?;
        let step = QR_SIDE / squares;
        self.sheet.mark(Mark::Shape { x, y: top + 8.0, step, path, colour: [0; 3] }, Some(node));
        let caption = self.sheet.node(None, Kind::Paragraph);
        let width = self.sheet.faces.width(&code.caption, Cut::Regular, 8.0);
        let middle = x + (QR_SIDE - width) / 2.0;
        self.sheet.text(middle, top + QR_SIDE + 20.0, &code.caption, regular(8.0, MUTED), Some(caption));
        Ok(())
    }
}

/// Height of a highlight.
pub(super) fn height_of(headline: Option<&Headline>, code: Option<&Qr>) -> f32 {
    let text = 62.0 + 13.0 * headline.map_or(0, |headline| headline.lines.len()) as f32;
    if code.is_some() { text.max(QR_SIDE + 28.0) } else { text }
}

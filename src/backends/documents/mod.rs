//! Documents: a settlement as a tagged PDF (PDF/A-2a, PDF/UA-1). Draws what it is given: every word, number and colour comes from
//! the caller, and the same sheet is the same bytes on any machine and any day.
mod face;
pub mod isdoc;
mod layout;
mod mark;
mod paper;
mod qr;
mod settlement;
mod write;

pub use mark::Mark;
pub use settlement::settlement_pdf;

use time::Date;

/// How a supplier's documents look.
#[derive(Clone, Debug)]
pub struct DocumentStyle {
    pub supplier: String,
    pub portal: String,
    /// Red, green, blue. Used for bars and, where it can be read on white, for headings.
    pub colour: [u8; 3],
    pub mark: Option<Mark>,
    /// `cs` or `en`.
    pub language: String,
    /// Lines.
    pub address: Vec<String>,
    /// Lines: telephone, mail, site.
    pub contact: Vec<String>,
    /// Page number, for instance `Strana {page} z {pages}`.
    pub page_words: String,
}

/// One settlement, all words and numbers ready to print.
#[derive(Clone, Debug)]
pub struct SettlementSheet {
    pub title: String,
    pub number: String,
    /// When it was issued: the document's date.
    pub issued_on: Date,
    /// Heading over the customer's lines.
    pub customer_words: String,
    /// Name and address, lines.
    pub customer: Vec<String>,
    /// Heading over `facts`.
    pub facts_words: String,
    pub facts: Vec<(String, String)>,
    /// What is to be paid or returned, printed large.
    pub headline: Option<Headline>,
    pub tables: Vec<Table>,
    /// Paragraphs after the tables.
    pub notes: Vec<String>,
    pub qr: Option<Qr>,
    /// Small print at the bottom of each page.
    pub footer: String,
}

#[derive(Clone, Debug)]
pub struct Headline {
    pub words: String,
    pub amount: String,
    /// Under the amount: until when, to which account.
    pub lines: Vec<String>,
}

/// A code to scan.
#[derive(Clone, Debug)]
pub struct Qr {
    pub payload: String,
    /// Under the code.
    pub caption: String,
    /// What the code is, for those who cannot see it.
    pub alt: String,
}

#[derive(Clone, Debug)]
pub struct Table {
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

#[derive(Clone, Debug)]
pub struct Column {
    pub words: String,
    pub align: Align,
}

#[derive(Clone, Debug)]
pub struct Row {
    /// As many as there are columns; missing ones are empty.
    pub cells: Vec<String>,
    /// Printed bold under a line.
    pub is_total: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The fonts within the binary are broken.
    #[error("a font of the documents cannot be read")]
    Font,
    /// More than a QR code holds.
    #[error("{0} bytes are too many for a QR code")]
    Qr(usize),
    /// The PDF would not be one that lasts, or that all can read.
    #[error("the document cannot be written: {0}")]
    Pdf(String),
    /// Not in practice: XML is written into memory.
    #[error("the electronic invoice cannot be written: {0}")]
    Xml(String),
    /// More than a ZIP archive of the old kind holds: 4 GiB.
    #[error("the document is too large to be packed")]
    Large,
}

#[cfg(test)]
mod tests;

//! Documents: settlements and letters as tagged PDFs (PDF/A-2a, PDF/UA-1). Draws what it is given: every word, number and colour comes from
//! the caller, and the same sheet is the same bytes on any machine and any day.
mod desk;
mod face;
pub mod isdoc;
mod layout;
mod letter;
mod mark;
mod paper;
mod qr;
mod settlement;
mod table;
mod write;

pub use letter::{letter_pdf, letters_pdf};
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

/// Anything else a supplier writes, all words ready to print.
#[derive(Clone, Debug)]
pub struct Letter {
    pub title: String,
    /// The number it goes by: of a contract, a request, a file. May be empty.
    pub reference: String,
    /// The document's date; the words that tell it are among the particulars.
    pub written_on: Date,
    /// Beside the address: day, mark, who deals with it.
    pub particulars: Vec<(String, String)>,
    /// Name and address, lines; they stand behind the window of a DL envelope.
    pub recipient: Vec<String>,
    pub blocks: Vec<Block>,
    /// Small print at the bottom of each page.
    pub footer: String,
}

/// A part of a letter, from margin to margin.
#[derive(Clone, Debug)]
pub enum Block {
    Heading(String),
    Paragraph(String),
    /// Words and their values, one pair a line.
    Facts(Vec<(String, String)>),
    Table(Table),
    Terms(Vec<Term>),
    /// On a tinted ground: what must not be overlooked, with a code to scan beside it.
    Highlight {
        headline: Headline,
        code: Option<Qr>,
    },
    /// Two side by side.
    Signatures(Vec<Signer>),
    /// What follows begins a page: an annex.
    NextPage,
}

/// An article or a point; its number hangs at the margin.
#[derive(Clone, Debug)]
pub struct Term {
    pub number: String,
    pub text: String,
}

#[derive(Clone, Debug)]
pub struct Signer {
    /// Filled in, or with room to write.
    pub place_and_date: String,
    /// Under the line.
    pub name: String,
    /// In what capacity.
    pub role: String,
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

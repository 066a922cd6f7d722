//! Tables as the component `ui.table` draws them: on a phone each row becomes a card, so every cell knows its column's label.
use super::page::Page;
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub struct Table {
    /// What the table holds, for who cannot see it.
    pub caption: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    totals: Vec<Total>,
}

#[derive(Clone, Debug, Serialize)]
struct Column {
    label: String,
    is_number: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Row {
    cells: Vec<Cell>,
    is_marked: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Total {
    label: String,
    value: String,
    is_result: bool,
}

/// A cell: its text, perhaps with a commodity before it, a note and a mark behind it, as a link or as a tag.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Cell {
    text: String,
    href: String,
    tone: &'static str,
    code: &'static str,
    word: String,
    note: String,
    mark: String,
}

impl Table {
    /// `columns` are text keys; a `#` before one makes its column one of numbers.
    pub fn new(page: &Page, caption: &str, columns: &[&str]) -> Table {
        let column =
            |key: &&str| Column { label: page.t(key.trim_start_matches('#')), is_number: key.starts_with('#') };
        Table { caption: page.t(caption), columns: columns.iter().map(column).collect(), ..Table::default() }
    }
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
    pub fn push<const N: usize>(&mut self, cells: [Cell; N]) {
        self.push_row(cells.into(), false);
    }
    /// A row that stands out: the next one due.
    pub fn push_marked<const N: usize>(&mut self, cells: [Cell; N]) {
        self.push_row(cells.into(), true);
    }
    pub fn push_row(&mut self, cells: Vec<Cell>, is_marked: bool) {
        debug_assert_eq!(cells.len(), self.columns.len(), "a row has a cell for each column");
        self.rows.push(Row { cells, is_marked });
    }
    pub fn total(&mut self, label: impl Into<String>, value: impl Into<String>, is_result: bool) {
        self.totals.push(Total { label: label.into(), value: value.into(), is_result });
    }
}

impl Cell {
    pub fn of(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), ..Cell::default() }
    }
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Cell {
        Cell { text: text.into(), href: href.into(), ..Cell::default() }
    }
    pub fn tag(text: impl Into<String>, tone: &'static str) -> Cell {
        Cell { text: text.into(), tone, ..Cell::default() }
    }
    pub fn commodity(mut self, word: impl Into<String>, code: &'static str) -> Cell {
        self.word = word.into();
        self.code = code;
        self
    }
    pub fn note(mut self, note: impl Into<String>) -> Cell {
        self.note = note.into();
        self
    }
    pub fn mark(mut self, mark: impl Into<String>) -> Cell {
        self.mark = mark.into();
        self
    }
}

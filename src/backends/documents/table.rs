//! Tables: columns as wide as they need, a head on every page they reach, sums in bold.
use super::desk::Desk;
use super::face::Cut;
use super::layout::{COLUMN, INK, Kind, MARGIN, MUTED, RULE, Type};
use super::{Align, Column, Row, Table, paper};

/// Type size and padding of cells.
const CELL: f32 = 8.5;
const PAD: f32 = 3.5;
/// Lines of a row that fit on any page; a longer row is cut.
const TALLEST: usize = 50;

/// Room a table wants at least, in points.
pub(super) const LEAST: f32 = 74.0;

/// The lines of each cell of a row.
type Lines = Vec<Vec<String>>;

impl Desk<'_> {
    pub(super) fn table(&mut self, table: &Table) {
        let widths = self.column_widths(table);
        self.make_room(self.least_of_table(table, &widths));
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
            for lines in parts(self.wrapped(row, &widths)) {
                if !self.sheet.has_room(height_of(&lines)) {
                    self.next_page();
                    // Seen again, not heard again.
                    self.table_head(table, &widths, None);
                }
                let row_node = self.sheet.node(Some(body), Kind::Row);
                self.table_row(table, row, &lines, &widths, row_node);
            }
        }
        self.sheet.y += 18.0;
    }

    /// Title, head and first row: neither of the first two stands alone at the foot of a page.
    fn least_of_table(&self, table: &Table, widths: &[f32]) -> f32 {
        let first = table.rows.first().map(|row| parts(self.wrapped(row, widths)));
        let row = first.and_then(|parts| parts.first().map(|lines| height_of(lines))).unwrap_or(0.0);
        (22.0 + height_of(&self.head_lines(table, widths)) + row).max(LEAST)
    }

    fn head_lines(&self, table: &Table, widths: &[f32]) -> Lines {
        let wrap =
            |(column, width): (&Column, &f32)| self.sheet.faces.wrap(&column.words, Cut::Bold, CELL, width - 2.0 * PAD);
        table.columns.iter().zip(widths).map(wrap).collect()
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
        let lines = self.head_lines(table, widths);
        let height = height_of(&lines);
        self.sheet.rectangle(MARGIN, self.sheet.y, COLUMN, height, paper::tint(self.style.colour));
        self.cells(table, &lines, widths, Cut::Bold, meaning.map(|row| (row, Kind::ColumnHead)));
        self.sheet.y += height;
        self.sheet.rectangle(MARGIN, self.sheet.y, COLUMN, 1.0, self.style.colour);
        self.sheet.y += 1.0;
    }

    fn table_row(&mut self, table: &Table, row: &Row, lines: &[Vec<String>], widths: &[f32], node: usize) {
        if row.is_total {
            self.sheet.rectangle(MARGIN, self.sheet.y, COLUMN, 0.8, MUTED);
        }
        self.cells(table, lines, widths, cut(row), Some((node, Kind::Cell)));
        self.sheet.y += height_of(lines);
        self.sheet.rectangle(MARGIN, self.sheet.y, COLUMN, 0.4, RULE);
    }

    /// Cells of a row; without a meaning they are an ornament.
    fn cells(
        &mut self,
        table: &Table,
        lines: &[Vec<String>],
        widths: &[f32],
        cut: Cut,
        meaning: Option<(usize, Kind)>,
    ) {
        let set = Type { cut, size: CELL, colour: INK };
        let mut x = MARGIN;
        for ((column, lines), width) in table.columns.iter().zip(lines).zip(widths) {
            let cell = meaning.as_ref().map(|(row, kind)| self.sheet.node(Some(*row), kind.clone()));
            for (at, line) in lines.iter().enumerate() {
                // A cell without anything in it would fall out of the tree, and the columns would no longer match.
                let line = if line.is_empty() { "\u{a0}" } else { line };
                let y = self.sheet.y + PAD + CELL * (1.0 + 1.3 * at as f32);
                match column.align {
                    Align::Left => self.sheet.text(x + PAD, y, line, set, cell),
                    Align::Right => self.sheet.text_to(x + width - PAD, y, line, set, cell),
                }
            }
            x += width;
        }
    }

    fn wrapped(&self, row: &Row, widths: &[f32]) -> Lines {
        let cell = |at: usize| row.cells.get(at).map_or("", String::as_str);
        let wrap = |(at, width): (usize, &f32)| self.sheet.faces.wrap(cell(at), cut(row), CELL, width - 2.0 * PAD);
        widths.iter().enumerate().map(wrap).collect()
    }
}

fn cut(row: &Row) -> Cut {
    if row.is_total { Cut::Bold } else { Cut::Regular }
}

/// A row that no page could hold becomes several, each cell going on in its column.
fn parts(lines: Lines) -> Vec<Lines> {
    let most = lines.iter().map(Vec::len).max().unwrap_or(0);
    if most <= TALLEST {
        return vec![lines];
    }
    let part = |from: usize| {
        let cut = |cell: &Vec<String>| match cell.get(from..) {
            Some(rest) if !rest.is_empty() => rest.iter().take(TALLEST).cloned().collect(),
            _ => vec![String::new()],
        };
        lines.iter().map(cut).collect()
    };
    (0..most).step_by(TALLEST).map(part).collect()
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

//! Comma-separated values as spreadsheets write and read them (RFC 4180, with the semicolons of Czech Excel). Cells are text; what they mean is
//! the business of whoever asked for them.
mod encoding;

pub use encoding::{Encoding, NoText, decoded};

/// The cells of one row and the line it starts on, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub line: usize,
    pub cells: Vec<String>,
}

/// A quotation mark that is not closed, or is followed by something else than the separator; line and column count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unbalanced {
    pub line: usize,
    pub column: usize,
}

/// Semicolon, tab or comma: the most frequent in the first line outside quotation marks; a semicolon when there is none.
pub fn separator(text: &str) -> char {
    let mut counts = [(';', 0), ('\t', 0), (',', 0)];
    let mut is_quoted = false;
    for letter in text.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            '\r' | '\n' if !is_quoted => break,
            _ if !is_quoted => counts.iter_mut().filter(|count| count.0 == letter).for_each(|count| count.1 += 1),
            _ => {}
        }
    }
    let most = counts.iter().map(|count| count.1).max().unwrap_or(0);
    counts.iter().find(|count| count.1 == most).map_or(';', |count| count.0)
}

/// Rows that are not blank. Lines end with CRLF, LF or CR; within quotation marks they are part of the cell.
pub fn records(text: &str, separator: char) -> Result<Vec<Record>, Unbalanced> {
    let mut records = Vec::new();
    let mut record = Record { line: 1, cells: Vec::new() };
    let mut letters = text.chars().peekable();
    let mut line = 1;
    loop {
        let column = record.cells.len() + 1;
        let started = Unbalanced { line, column };
        let mut cell = String::new();
        if letters.next_if_eq(&'"').is_some() {
            loop {
                match letters.next().ok_or(started)? {
                    '"' if letters.next_if_eq(&'"').is_none() => break,
                    letter => {
                        let is_end = letter == '\n' || (letter == '\r' && letters.peek() != Some(&'\n'));
                        line += usize::from(is_end);
                        cell.push(letter);
                    }
                }
            }
            if letters.peek().is_some_and(|letter| *letter != separator && !matches!(letter, '\r' | '\n')) {
                return Err(started);
            }
        } else {
            while let Some(letter) = letters.next_if(|letter| *letter != separator && !matches!(letter, '\r' | '\n')) {
                cell.push(letter);
            }
        }
        record.cells.push(cell);
        match letters.next() {
            Some(letter) if letter == separator => continue,
            Some('\r') => drop(letters.next_if_eq(&'\n')),
            _ => {}
        }
        line += 1;
        let done = std::mem::replace(&mut record, Record { line, cells: Vec::new() });
        if done.cells.iter().any(|cell| !cell.trim().is_empty()) {
            records.push(done);
        }
        if letters.peek().is_none() {
            return Ok(records);
        }
    }
}

/// A cell a spreadsheet will not run as a formula: one that starts like it gets an apostrophe; quotation marks where needed.
pub fn cell(text: &str, separator: char) -> String {
    let safe = if text.starts_with(is_formula) { format!("'{text}") } else { text.to_owned() };
    if safe.contains([separator, '"', '\r', '\n']) {
        return format!("\"{}\"", safe.replace('"', "\"\""));
    }
    safe
}

/// The cell without the apostrophe that `cell` gave it.
pub fn bare(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(is_formula)).unwrap_or(cell)
}

fn is_formula(letter: char) -> bool {
    matches!(letter, '=' | '+' | '-' | '@' | '\t' | '\r')
}

/// A whole file for Czech Excel: UTF-8 with its mark, semicolons, CRLF.
pub fn written<'a>(rows: impl IntoIterator<Item = Vec<&'a str>>) -> String {
    let mut out = String::from("\u{feff}");
    for row in rows {
        let cells: Vec<String> = row.into_iter().map(|text| cell(text, ';')).collect();
        out.push_str(&cells.join(";"));
        out.push_str("\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cells(text: &str, separator: char) -> Vec<Vec<String>> {
        records(text, separator).unwrap().into_iter().map(|record| record.cells).collect()
    }

    #[test]
    fn the_separator_is_recognised_by_the_first_line() {
        for (text, found) in
            [("a;b;c\n1,5;2", ';'), ("a,b\n", ','), ("a\tb", '\t'), ("\"a,b,c\";d", ';'), ("a", ';'), ("", ';')]
        {
            assert_eq!(separator(text), found, "{text:?}");
        }
    }

    #[test]
    fn rows_end_in_any_way_and_quotes_hold_anything() {
        for end in ["\n", "\r\n", "\r"] {
            assert_eq!(cells(&["a;b", "1;2", "", ";", ""].join(end), ';'), [["a", "b"], ["1", "2"]], "{end:?}");
        }
        assert_eq!(cells("\"a;\"\"b\"\"\";\"c\r\nd\"\n;x", ';'), [["a;\"b\"", "c\r\nd"], ["", "x"]]);
        let found = records("\"a\r\nb\";1\r\n\r\nc;2", ';').unwrap();
        assert_eq!(found.iter().map(|record| record.line).collect::<Vec<_>>(), [1, 4]);
    }

    #[test]
    fn unbalanced_quotes_are_pointed_at() {
        assert_eq!(records("a;b\n1;\"2\n3;4", ';'), Err(Unbalanced { line: 2, column: 2 }));
        assert_eq!(records("\"a\"b;c", ';'), Err(Unbalanced { line: 1, column: 1 }));
    }

    #[test]
    fn nothing_that_leaves_is_a_formula() {
        for (text, safe) in [
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@a", "'@a"),
            ("\ta", "'\ta"),
            ("1-1", "1-1"),
        ] {
            assert_eq!(cell(text, ';'), safe);
            assert_eq!(bare(safe), text);
        }
        assert_eq!(cell("=a;\"b\"", ';'), "\"'=a;\"\"b\"\"\"");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(rows in prop::collection::vec(prop::collection::vec("(?s)[^']{0,12}", 1..5), 1..6)) {
            let text = written(rows.iter().map(|row| row.iter().map(String::as_str).collect::<Vec<_>>()));
            let found = records(text.strip_prefix('\u{feff}').unwrap_or(&text), ';').unwrap();
            let found: Vec<Vec<String>> = found.iter().map(|record| record.cells.iter().map(|cell| bare(cell).to_owned()).collect()).collect();
            let kept: Vec<Vec<String>> = rows.into_iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty() || cell.starts_with(is_formula))).collect();
            prop_assert_eq!(found, kept);
        }

        #[test]
        fn no_text_makes_it_panic(text in "[a;,\"\r\n\t']{0,40}|(?s).{0,40}") {
            let _ = records(&text, separator(&text));
        }
    }
}

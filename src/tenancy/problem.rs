//! A mistake in a file somebody wrote, told so that they can mend it: where, what, and the nearest right name.
use std::fmt;
use std::ops::Range;

/// One mistake. All of a file's mistakes are collected, not only the first.
///
/// Codes are stable: E01 files and TOML, E02 tenant documents, E03 hosts, E04 policies, E05 themes, E06 texts and templates.
/// A code that starts with `W` is a remark: it stops nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub file: String,
    /// From 1; 0 when the whole file is meant.
    pub line: usize,
    /// From 1, in characters; 0 when the whole line is meant.
    pub col: usize,
    pub code: &'static str,
    pub message: String,
    pub help: Option<String>,
}

impl Problem {
    pub fn new(file: &str, (line, col): (usize, usize), code: &'static str, message: impl Into<String>) -> Problem {
        Problem { file: file.to_owned(), line, col, code, message: message.into(), help: None }
    }

    /// About the file as a whole.
    pub fn of_file(file: &str, code: &'static str, message: impl Into<String>) -> Problem {
        Problem::new(file, (0, 0), code, message)
    }

    pub fn with_help(mut self, help: impl Into<String>) -> Problem {
        self.help = Some(help.into());
        self
    }

    /// Offers the nearest of the right names, when one is near.
    pub fn nearest<'a>(mut self, wrong: &str, right: impl IntoIterator<Item = &'a str>) -> Problem {
        self.help = nearest(wrong, right).map(|name| format!("did you mean \"{name}\"?"));
        self
    }

    /// Whether it is only a remark.
    pub fn is_remark(&self) -> bool {
        self.code.starts_with('W')
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if self.col > 0 {
            write!(f, ":{}", self.col)?;
        }
        write!(f, "  {} {}", self.code, self.message)?;
        match &self.help {
            Some(help) => write!(f, "  help: {help}"),
            None => Ok(()),
        }
    }
}

/// The right name most like the wrong one; none when nothing is alike.
pub fn nearest<'a>(wrong: &str, right: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let alike = |name: &str| strsim::normalized_damerau_levenshtein(wrong, name);
    let best = right.into_iter().map(|name| (alike(name), name)).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 >= 0.6).then_some(best.1)
}

/// Line and column, both from 1, of a byte offset.
pub fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset)];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// As `place`, for the span of a parsed item; the top of the file when the parser kept none.
pub fn place_of(text: &str, span: Option<Range<usize>>) -> (usize, usize) {
    span.map_or((1, 1), |span| place(text, span.start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_reads_as_one_line() {
        let problem = Problem::new("tenants/eon.toml", (21, 3), "E0203", "unknown key \"portl\"")
            .nearest("portl", ["portal", "name"]);
        assert_eq!(
            problem.to_string(),
            "tenants/eon.toml:21:3  E0203 unknown key \"portl\"  help: did you mean \"portal\"?"
        );
    }

    #[test]
    fn nothing_is_offered_when_nothing_is_alike() {
        assert_eq!(nearest("xyz", ["canonical", "mount"]), None);
    }

    #[test]
    fn places_count_characters() {
        assert_eq!(place("a\nčeský x", 10), (2, 7));
        assert_eq!(place("", 5), (1, 1));
    }
}

//! Offers of partners (*nabídky partnerů*): when one can be had, and the codes it is had by.
use crate::domain::words::words;
use std::collections::HashMap;
use time::Date;

words! {
    OfferState {
        Draft = "draft",
        Published = "published",
        Withdrawn = "withdrawn",
    }
}

words! {
    /// Where the codes come from.
    CodeSource {
        /// The partner's own, uploaded.
        List = "list",
        /// Made when somebody takes one; the partner accepts any.
        Made = "made",
    }
}

/// What decides whether an offer can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sale {
    pub state: OfferState,
    /// Both days belong to it.
    pub valid_from: Date,
    pub valid_until: Date,
    pub price: i64,
    pub left: i64,
}

/// Why an offer cannot be had now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Withdrawn,
    NotYet(Date),
    Over(Date),
    NoneLeft,
    /// So many points there are.
    Short(i64),
}

impl Sale {
    pub fn refusal(&self, balance: i64, today: Date) -> Option<Refusal> {
        match self {
            _ if self.state != OfferState::Published => Some(Refusal::Withdrawn),
            _ if today < self.valid_from => Some(Refusal::NotYet(self.valid_from)),
            _ if today > self.valid_until => Some(Refusal::Over(self.valid_until)),
            _ if self.left <= 0 => Some(Refusal::NoneLeft),
            _ if balance < self.price => Some(Refusal::Short(balance)),
            _ => None,
        }
    }
}

/// Codes in one upload.
pub const MOST_CODES: usize = 5_000;
const LONGEST_CODE: usize = 64;

/// A line of an upload that cannot be taken, counted from one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeMistake {
    /// The same stands in the earlier line already.
    Twice {
        line: usize,
        code: String,
        first: usize,
    },
    /// Longer than a code, or with letters no code has.
    Odd {
        line: usize,
    },
    TooMany,
}

/// Codes one on a line; of a table the first column. A heading (*kód*, *code*) and empty lines are left out.
pub fn read_codes(text: &str) -> Result<Vec<String>, Vec<CodeMistake>> {
    let (mut codes, mut mistakes, mut seen) = (Vec::new(), Vec::new(), HashMap::new());
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line_number = at + 1;
        let code = line.split([';', ',', '\t']).next().unwrap_or("").trim().trim_matches('"').trim();
        let is_heading = codes.is_empty() && ["kód", "kod", "code"].contains(&code.to_lowercase().as_str());
        if code.is_empty() || is_heading {
            continue;
        }
        let is_plain = code.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_./+*#".contains(letter));
        if !is_plain || code.len() > LONGEST_CODE {
            mistakes.push(CodeMistake::Odd { line: line_number });
        } else if let Some(first) = seen.get(code) {
            mistakes.push(CodeMistake::Twice { line: line_number, code: code.to_owned(), first: *first });
        } else {
            seen.insert(code.to_owned(), line_number);
            codes.push(code.to_owned());
        }
    }
    if codes.len() > MOST_CODES {
        mistakes.push(CodeMistake::TooMany);
    }
    if mistakes.is_empty() { Ok(codes) } else { Err(mistakes) }
}

/// Letters that nobody takes for one another, read out or written by hand.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// `ABCD-EFGH-JKLM` out of random bytes: 60 bits, not to be guessed.
pub fn made_code(random: [u8; 12]) -> String {
    let letters: Vec<char> = random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    letters.chunks(4).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn an_offer_is_had_while_it_lasts_and_is_paid_for() {
        let sale = Sale {
            state: OfferState::Published,
            valid_from: date!(2026 - 11 - 01),
            valid_until: date!(2026 - 11 - 30),
            price: 100,
            left: 1,
        };
        let day = date!(2026 - 11 - 30);
        assert_eq!(sale.refusal(100, day), None);
        assert_eq!(sale.refusal(99, day), Some(Refusal::Short(99)));
        assert_eq!(sale.refusal(100, date!(2026 - 10 - 31)), Some(Refusal::NotYet(sale.valid_from)));
        assert_eq!(sale.refusal(100, date!(2026 - 12 - 01)), Some(Refusal::Over(sale.valid_until)));
        assert_eq!(Sale { left: 0, ..sale }.refusal(100, day), Some(Refusal::NoneLeft));
        for state in [OfferState::Draft, OfferState::Withdrawn] {
            assert_eq!(Sale { state, ..sale }.refusal(100, day), Some(Refusal::Withdrawn));
        }
    }

    #[test]
    fn codes_are_read_from_lines_and_tables_and_the_second_of_two_is_named() {
        assert_eq!(
            read_codes("\u{feff}Kód;Poznámka\r\nAB-1;první\r\n\r\n\"AB-2\"\r\n").expect("two"),
            ["AB-1", "AB-2"]
        );
        assert_eq!(read_codes("").expect("none"), Vec::<String>::new());
        let twice = CodeMistake::Twice { line: 3, code: "A".into(), first: 1 };
        assert_eq!(read_codes("A\nB\nA\nč\n").expect_err("two mistakes"), [twice, CodeMistake::Odd { line: 4 }]);
        let many: String = (0..=MOST_CODES).map(|number| format!("K{number}\n")).collect();
        assert_eq!(read_codes(&many).expect_err("too many"), [CodeMistake::TooMany]);
    }

    #[test]
    fn a_made_code_can_be_read_out() {
        assert_eq!(made_code([0, 1, 2, 3, 31, 32, 33, 34, 7, 8, 9, 255]), "ABCD-9ABC-HJK9");
    }
}

//! House numbers (*čísla popisná, orientační a evidenční*) as distributors list them: `106, 107, 126-131, 12/3, 12a`.
use serde::{Deserialize, Serialize};
use std::fmt;

/// A number with its letter; 12 comes before 12a, and 12a before 13.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number {
    pub digits: u32,
    /// In small, NUL when there is none.
    letter: char,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Item {
    /// Both ends belong to it; the parity does not matter.
    Range(Number, Number),
    /// House number and orientation number of one door.
    Door(Number, Number),
}

/// Which numbers of a street; an empty list names none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Numbers(Vec<Item>);

/// What is no number, as it was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no house number")]
pub struct NoNumber(pub String);

/// Numbers of one address that a list may have.
pub const MOST: usize = 2_000;

impl Number {
    pub fn plain(digits: u32) -> Number {
        Number { digits, letter: '\0' }
    }

    /// `12`, `12a`, `12 A`.
    pub fn parse(text: &str) -> Option<Number> {
        let text = text.trim();
        let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
        let digits = text.get(..end).filter(|digits| (1..=5).contains(&digits.len()))?.parse().ok()?;
        let mut rest = text.get(end..)?.trim().chars().flat_map(char::to_lowercase);
        let letter = match (rest.next(), rest.next()) {
            (None, _) => '\0',
            (Some(letter @ 'a'..='z'), None) => letter,
            _ => return None,
        };
        Some(Number { digits, letter })
    }
}

impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.digits)?;
        if self.letter != '\0' { write!(out, "{}", self.letter) } else { Ok(()) }
    }
}

impl Numbers {
    /// Separated by commas or semicolons; a range by a dash of any kind.
    pub fn parse(text: &str) -> Result<Numbers, NoNumber> {
        let parts = text.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty());
        let items = parts.map(|part| item(part).ok_or_else(|| NoNumber(part.chars().take(40).collect())));
        let items = items.collect::<Result<Vec<Item>, NoNumber>>()?;
        if items.len() > MOST {
            return Err(NoNumber(format!("> {MOST}")));
        }
        Ok(Numbers(items))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn has(&self, number: Number) -> bool {
        self.0.iter().any(|item| match *item {
            Item::Range(from, to) => (from..=to).contains(&number),
            Item::Door(house, orientation) => number == house || number == orientation,
        })
    }

    /// Of a door that is listed with both of its numbers, only by the first.
    pub fn has_first(&self, number: Number) -> bool {
        self.has_alone(number) || self.0.iter().any(|item| matches!(*item, Item::Door(house, _) if house == number))
    }

    /// A door that says both of its numbers.
    pub fn has_door(&self, house: Number, orientation: Number) -> bool {
        self.0.contains(&Item::Door(house, orientation))
    }

    /// Of the one number alone: not as a half of a door.
    pub fn has_alone(&self, number: Number) -> bool {
        self.0.iter().any(|item| matches!(*item, Item::Range(from, to) if (from..=to).contains(&number)))
    }
}

fn item(text: &str) -> Option<Item> {
    if let Some((house, orientation)) = text.split_once('/') {
        return Some(Item::Door(Number::parse(house)?, Number::parse(orientation)?));
    }
    match text.split_once(['-', '–', '—']) {
        None => Number::parse(text).map(|one| Item::Range(one, one)),
        Some((from, to)) => {
            let (from, to) = (Number::parse(from)?, Number::parse(to)?);
            Some(if from <= to { Item::Range(from, to) } else { Item::Range(to, from) })
        }
    }
}

impl fmt::Display for Numbers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, item) in self.0.iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            match item {
                Item::Range(from, to) if from == to => write!(out, "{comma}{from}")?,
                Item::Range(from, to) => write!(out, "{comma}{from}-{to}")?,
                Item::Door(house, orientation) => write!(out, "{comma}{house}/{orientation}")?,
            }
        }
        Ok(())
    }
}

impl TryFrom<String> for Numbers {
    type Error = NoNumber;
    fn try_from(text: String) -> Result<Numbers, NoNumber> {
        Numbers::parse(&text)
    }
}

impl From<Numbers> for String {
    fn from(numbers: Numbers) -> String {
        numbers.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn lists_are_read_as_distributors_write_them() {
        let list = Numbers::parse("106, 107,126-131; 12/3,14a – 16").unwrap();
        for there in ["106", "107", "126", "128", "131", "12", "3", "14a", "15", "15c", "16"] {
            assert!(list.has(number(there)), "{there}");
        }
        for not_there in ["105", "108", "125", "132", "14", "16a", "130123"] {
            assert!(!Number::parse(not_there).is_some_and(|one| list.has(one)), "{not_there}");
        }
        assert!(list.has_door(number("12"), number("3")) && !list.has_door(number("3"), number("12")));
        assert_eq!(list.to_string(), "106, 107, 126-131, 12/3, 14a-16");
        assert!(Numbers::parse(" , ").unwrap().is_empty());
    }

    #[test]
    fn what_is_no_number_is_named() {
        for (text, wrong) in [("12, abc", "abc"), ("1-2-3", "1-2-3"), ("/3", "/3"), ("12ab", "12ab"), ("١٢", "١٢")]
        {
            assert_eq!(Numbers::parse(text), Err(NoNumber(wrong.into())));
        }
    }

    proptest! {
        #[test]
        fn a_range_has_exactly_its_members(one in 1_u32..3_000, two in 1_u32..3_000, probe in 0_u32..3_100) {
            let list = Numbers::parse(&format!("{one}-{two}")).unwrap();
            prop_assert_eq!(list.has(Number::plain(probe)), (one.min(two)..=one.max(two)).contains(&probe));
        }

        #[test]
        fn a_list_is_read_back_as_it_was_written(items in prop::collection::vec((1_u32..9_999, 1_u32..9_999, 0..3), 0..9)) {
            let text: Vec<String> = items.iter().map(|(one, two, kind)| match kind {
                0 => one.to_string(),
                1 => format!("{one}-{two}"),
                _ => format!("{one}/{two}b"),
            }).collect();
            let list = Numbers::parse(&text.join(", ")).unwrap();
            prop_assert_eq!(Numbers::parse(&list.to_string()), Ok(list));
        }

        #[test]
        fn nothing_written_makes_it_panic(text in "[-0-9a/,; –]{0,30}|.{0,20}") {
            let _ = Numbers::parse(&text);
        }
    }
}

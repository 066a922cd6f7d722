//! The public number of a request, to be read out on the phone: year, the supplier's running number, one check character by ISO 7064 MOD 11-2
//! (as in ORCID and ISNI), which catches every single wrong character and every swap of two neighbours.
use std::fmt;

/// Shown `26-0004-7X`: two digits of the year, at least five of the running number, the check character 0–9 or X.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    year: u8,
    sequence: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceError {
    /// Not written as a reference.
    Form,
    /// A mistyped character or two swapped ones.
    Check,
}

const LEAST_DIGITS: usize = 5;

impl Reference {
    /// `sequence` runs within a supplier and year and is never negative.
    pub fn new(year: i32, sequence: i64) -> Reference {
        Reference { year: year.rem_euclid(100) as u8, sequence: sequence.saturating_abs() }
    }

    /// The year of this century.
    pub fn year(self) -> i32 {
        2000 + i32::from(self.year)
    }

    pub fn sequence(self) -> i64 {
        self.sequence
    }

    /// Spaces, dashes and small letters are forgiven, and O for 0 and I or L for 1.
    pub fn parse(typed: &str) -> Result<Reference, ReferenceError> {
        let bare: String = typed
            .chars()
            .filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '–' | '—' | '/'))
            .map(|letter| match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let check = bare.chars().next_back().ok_or(ReferenceError::Form)?;
        let body = &bare[..bare.len() - check.len_utf8()];
        let is_digits = body.bytes().all(|byte| byte.is_ascii_digit()) && (check.is_ascii_digit() || check == 'X');
        if !is_digits || body.len() < 2 + LEAST_DIGITS {
            return Err(ReferenceError::Form);
        }
        let (year, sequence) = body.split_at(2);
        // A longer number never starts with a nought: each request has one spelling.
        if sequence.len() > LEAST_DIGITS && sequence.starts_with('0') {
            return Err(ReferenceError::Form);
        }
        let year = year.parse().map_err(|_| ReferenceError::Form)?;
        let sequence = sequence.parse().map_err(|_| ReferenceError::Form)?;
        if check_character(body) == check { Ok(Reference { year, sequence }) } else { Err(ReferenceError::Check) }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = format!("{:02}{:0width$}", self.year, self.sequence, width = LEAST_DIGITS);
        let rest = format!("{}{}", &body[2..], check_character(&body));
        write!(f, "{}", &body[..2])?;
        let mut left = rest.as_str();
        while !left.is_empty() {
            let (group, more) = left.split_at(left.len().min(4));
            write!(f, "-{group}")?;
            left = more;
        }
        Ok(())
    }
}

/// ISO 7064 MOD 11-2: Σ digit × 2^place, check included, is 1 modulo 11; ten is written X.
fn check_character(digits: &str) -> char {
    let sum = digits.bytes().fold(0, |sum, byte| (sum + u32::from(byte.wrapping_sub(b'0'))) * 2 % 11);
    match (12 - sum) % 11 {
        10 => 'X',
        digit => char::from_digit(digit, 10).unwrap_or('X'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_check_character_is_that_of_iso_7064() {
        // ORCID's own examples.
        for (body, check) in [("000000021825009", '7'), ("000000015109370", '0'), ("000000021694233", 'X')] {
            assert_eq!(check_character(body), check, "{body}");
        }
    }

    #[test]
    fn a_reference_is_short_in_groups_and_forgiving_to_read() {
        let reference = Reference::new(2026, 47);
        let shown = reference.to_string();
        assert_eq!(shown.len(), 10);
        assert!(shown.starts_with("26-0004-7"), "{shown}");
        let check = &shown[9..];
        for typed in
            [format!("26 0004 7{check}"), format!("26ooo47{check}").to_lowercase(), format!(" 26–00O4-7{check}")]
        {
            assert_eq!(Reference::parse(&typed), Ok(reference), "{typed}");
        }
        assert_eq!((reference.year(), reference.sequence()), (2026, 47));
        let long = Reference::new(2026, 1_234_567).to_string();
        assert!(long.starts_with("26-1234-567"), "{long}");
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        for typed in [
            "",
            "26",
            "260004",
            "X6-0004-7",
            "26-0000-047X",
            "2026000123456789012345678",
            "２６０００４７１",
            "26-0004-7Ž",
        ] {
            assert_eq!(Reference::parse(typed), Err(ReferenceError::Form), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn references_are_read_back(year in 2000..2100, sequence in 0_i64..) {
            let reference = Reference::new(year, sequence);
            prop_assert_eq!(Reference::parse(&reference.to_string()), Ok(reference));
        }

        #[test]
        fn one_wrong_character_is_caught(year in 2000..2100, sequence in 0_i64..10_000_000, at in 0_usize..20, wrong in "[0-9X]") {
            let shown = Reference::new(year, sequence).to_string().replace('-', "");
            let at = at % shown.len();
            let mut mistyped = shown.clone();
            mistyped.replace_range(at..=at, &wrong);
            prop_assume!(mistyped != shown);
            prop_assert!(Reference::parse(&mistyped).is_err(), "{} for {}", mistyped, shown);
        }

        #[test]
        fn swapped_neighbours_are_caught(year in 2000..2100, sequence in 0_i64..10_000_000, at in 0_usize..20) {
            let shown = Reference::new(year, sequence).to_string().replace('-', "");
            let mut swapped: Vec<char> = shown.chars().collect();
            let at = at % (swapped.len() - 1);
            swapped.swap(at, at + 1);
            let swapped: String = swapped.into_iter().collect();
            prop_assume!(swapped != shown);
            prop_assert!(Reference::parse(&swapped).is_err(), "{} for {}", swapped, shown);
        }

        #[test]
        fn nothing_typed_makes_it_panic(typed in ".{0,30}|[0-9Xx -]{0,30}") {
            let _ = Reference::parse(&typed);
        }
    }
}

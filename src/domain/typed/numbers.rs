//! Numbers as Czech people write them: decimal comma or point, thousands parted by spaces of any width.
use super::super::money::Money;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    Empty,
    NotANumber,
    /// More than the field takes; a whole number takes none.
    TooManyDecimals,
    /// More digits than anything here can have.
    TooLong,
    /// `12.345`: twelve thousand, or twelve and a bit? To be asked.
    Ambiguous,
}

const MOST_DIGITS: usize = 18;
/// Whole crowns of an amount: a thousand billion is beyond any customer.
const MOST_CROWNS: usize = 12;

/// Both parts of a number as bare digits.
struct Parts {
    is_negative: bool,
    whole: String,
    fraction: String,
}

/// A whole number of at most 18 digits. `12,5` has too many decimals, and so has `12,0`.
pub fn whole_number(typed: &str) -> Result<i64, NumberError> {
    let value = read(typed, 0)?;
    value.to_i64().ok_or(NumberError::TooLong)
}

/// A number with as many decimals as were typed, 18 digits in all.
pub fn decimal(typed: &str) -> Result<Decimal, NumberError> {
    read(typed, MOST_DIGITS)
}

/// An amount in crowns with at most two decimals; `1 500,-`, `Kč` and `CZK` behind it are forgiven.
pub fn amount(typed: &str) -> Result<Money, NumberError> {
    let bare = super::trimmed(typed);
    let bare = ["Kč", "kč", "KČ", "CZK", "czk"].iter().find_map(|unit| bare.strip_suffix(unit)).unwrap_or(bare);
    let bare = super::trimmed(bare);
    let bare = [",-", ",–", ",—", ".-"].iter().find_map(|dash| bare.strip_suffix(dash)).unwrap_or(bare);
    let value = read(bare, 2)?;
    if value.trunc().abs() >= Decimal::from(10_i64.pow(MOST_CROWNS as u32)) {
        return Err(NumberError::TooLong);
    }
    Ok(Money::rounded(value))
}

fn read(typed: &str, decimals: usize) -> Result<Decimal, NumberError> {
    let Parts { is_negative, whole, fraction } = parts(typed)?;
    if whole.len() + fraction.len() > MOST_DIGITS {
        return Err(NumberError::TooLong);
    }
    if fraction.len() > decimals {
        return Err(NumberError::TooManyDecimals);
    }
    let digits: i64 = format!("{whole}{fraction}").parse().map_err(|_| NumberError::TooLong)?;
    if is_negative && digits == 0 {
        return Err(NumberError::NotANumber);
    }
    Ok(Decimal::new(if is_negative { -digits } else { digits }, fraction.len() as u32))
}

/// Spaces part thousands; of comma and point the last one parts decimals, unless it stands again and again and so can only part thousands.
fn parts(typed: &str) -> Result<Parts, NumberError> {
    let text = super::trimmed(typed);
    if text.is_empty() {
        return Err(NumberError::Empty);
    }
    let unsigned = text.strip_prefix(['-', '−']);
    let is_negative = unsigned.is_some();
    let text = unsigned.unwrap_or(text);
    let is_known = |letter: char| letter.is_ascii_digit() || is_space(letter) || matches!(letter, ',' | '.');
    if !text.chars().all(is_known) {
        return Err(NumberError::NotANumber);
    }
    let marks: Vec<char> = text.chars().filter(|letter| matches!(letter, ',' | '.')).collect();
    let repeats = marks.len() > 1 && marks.iter().all(|mark| *mark == marks[0]);
    let (whole, fraction) = match text.rsplit_once([',', '.']) {
        Some(cut) if !repeats => cut,
        _ => (text, ""),
    };
    let thousands = marks.first().copied().filter(|_| marks.len() > 1);
    let is_cut = !marks.is_empty() && !repeats;
    let is_short = (1..=3).contains(&whole.len()) && !whole.starts_with('0') && digits(whole);
    if marks == ['.'] && fraction.len() == 3 && digits(fraction) && is_short {
        return Err(NumberError::Ambiguous);
    }
    if is_cut && (!digits(fraction) || Some(marks[marks.len() - 1]) == thousands) {
        return Err(NumberError::NotANumber);
    }
    let whole = grouped(whole, thousands).ok_or(NumberError::NotANumber)?;
    Ok(Parts { is_negative, whole, fraction: fraction.to_owned() })
}

/// The digits of a whole number, plain or in threes parted all alike.
fn grouped(text: &str, mark: Option<char>) -> Option<String> {
    let is_mark = |letter: char| mark.map_or(is_space(letter), |mark| letter == mark);
    let groups: Vec<&str> = text.split(is_mark).collect();
    let is_plain = groups.len() == 1 && mark.is_none();
    let in_threes = groups.len() > 1 && groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3);
    ((is_plain || in_threes) && groups.iter().all(|group| digits(group))).then(|| groups.concat())
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Space, no-break space, figure, thin and narrow no-break space.
fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}')
}

#[cfg(test)]
mod tests {
    use super::NumberError::*;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn commas_points_and_spaces_are_understood() {
        for (typed, value) in [
            ("12,5", (125, 1)),
            ("12.5", (125, 1)),
            ("12 345", (12_345, 0)),
            ("12\u{a0}345", (12_345, 0)),
            ("12\u{202f}345,97", (1_234_597, 2)),
            ("  1234.567 ", (1_234_567, 3)),
            ("12,345", (12_345, 3)),
            ("0.345", (345, 3)),
            ("12 345.678", (12_345_678, 3)),
            ("1.234,50", (123_450, 2)),
            ("1,234.50", (123_450, 2)),
            ("1.234.567", (1_234_567, 0)),
            ("007", (7, 0)),
            ("−5", (-5, 0)),
        ] {
            assert_eq!(decimal(typed), Ok(Decimal::new(value.0, value.1)), "{typed}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_and_says_why() {
        for (typed, error) in [
            ("", Empty),
            (" \u{a0} ", Empty),
            ("1e308", NotANumber),
            ("NaN", NotANumber),
            ("inf", NotANumber),
            ("-0", NotANumber),
            ("-0,00", NotANumber),
            ("0x10", NotANumber),
            ("١٢٣", NotANumber),
            ("１２３", NotANumber),
            ("+5", NotANumber),
            ("1 23", NotANumber),
            ("12 3456", NotANumber),
            ("1234 567", NotANumber),
            ("1.23.456", NotANumber),
            ("1,234,56", NotANumber),
            ("1.234,567.8", NotANumber),
            ("12,", NotANumber),
            (",5", NotANumber),
            ("--5", NotANumber),
            ("5\n", NotANumber),
            ("5\0", NotANumber),
            ("12.345", Ambiguous),
            ("-12.345", Ambiguous),
            ("123456789012345678901234567890", TooLong),
            ("0,123456789012345678901234567890", TooLong),
        ] {
            assert_eq!(decimal(typed), Err(error), "{typed:?}");
        }
    }

    #[test]
    fn whole_numbers_have_no_decimals() {
        assert_eq!(whole_number("12 345"), Ok(12_345));
        assert_eq!(whole_number("12,5"), Err(TooManyDecimals));
        assert_eq!(whole_number("12.345"), Err(Ambiguous));
        assert_eq!(whole_number("999999999999999999"), Ok(999_999_999_999_999_999));
        assert_eq!(whole_number("9999999999999999999"), Err(TooLong));
    }

    #[test]
    fn amounts_go_down_to_the_heller() {
        for (typed, hellers) in [
            ("1 500", 150_000),
            ("1500,-", 150_000),
            ("1 500,– Kč", 150_000),
            ("205,39 Kč", 20_539),
            ("3020 CZK", 302_000),
            ("0,5", 50),
            ("-100", -10_000),
        ] {
            assert_eq!(amount(typed), Ok(Money(hellers)), "{typed}");
        }
        assert_eq!(amount("0.005"), Err(TooManyDecimals));
        assert_eq!(amount("12.345"), Err(Ambiguous));
        assert_eq!(amount("1000000000000"), Err(TooLong));
        assert_eq!(amount("Kč"), Err(Empty));
    }

    /// As pages write it: thousands by no-break spaces, decimal comma.
    fn czech(hellers: i64) -> String {
        let whole = (hellers / 100).unsigned_abs().to_string();
        let groups: Vec<String> =
            whole.as_bytes().rchunks(3).rev().map(|three| String::from_utf8_lossy(three).into_owned()).collect();
        let sign = if hellers < 0 { "−" } else { "" };
        format!("{sign}{},{:02}\u{a0}Kč", groups.join("\u{a0}"), (hellers % 100).abs())
    }

    proptest! {
        #[test]
        fn nothing_typed_makes_it_panic(typed in ".{0,60}") {
            let _ = (whole_number(&typed), decimal(&typed), amount(&typed));
        }

        #[test]
        fn nothing_like_a_number_makes_it_panic(typed in "[-+0-9 .,\u{a0}eE]{0,40}") {
            let _ = (whole_number(&typed), decimal(&typed), amount(&typed));
        }

        #[test]
        fn an_amount_on_a_page_is_read_back(hellers in -99_999_999_999_999_i64..99_999_999_999_999) {
            prop_assume!(hellers != 0);
            prop_assert_eq!(amount(&czech(hellers)), Ok(Money(hellers)));
        }

        #[test]
        fn a_whole_number_is_read_back(value in 0_i64..1_000_000_000_000_000_000) {
            prop_assert_eq!(whole_number(&value.to_string()), Ok(value));
        }
    }
}

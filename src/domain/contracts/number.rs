//! The number of a contract: year, the supplier's running number, two check digits by ISO 7064 MOD 97-10, which catch every single wrong digit
//! and every swap of two neighbours. Ten digits, so that it serves as a variable symbol too.
use super::super::bank::modulo_97;

/// `sequence` runs within a supplier and year; past a million in a year the number grows longer than a variable symbol.
pub fn contract_number(year: i32, sequence: i64) -> String {
    let body = format!("{:02}{:06}", year.rem_euclid(100), sequence.saturating_abs());
    let check = 98 - modulo_97(&format!("{body}00"));
    format!("{body}{check:02}")
}

/// Digits only when the number is one of ours; spaces forgiven.
pub fn parse_contract_number(typed: &str) -> Option<String> {
    let number: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
    if number.len() < 10 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let is_padded = number.len() > 10 && number[2..].starts_with('0');
    // These would pass the modulo, but are never issued.
    let is_issued = !["00", "01", "99"].iter().any(|check| number.ends_with(check));
    (!is_padded && is_issued && modulo_97(&number) == 1).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_has_ten_digits_and_is_checked() {
        // 26000047 × 100 modulo 97 is 16, and 98 − 16 = 82.
        assert_eq!(contract_number(2026, 47), "2600004782");
        assert_eq!(parse_contract_number("26 0000 4782").as_deref(), Some("2600004782"));
        for typed in ["", "2600004728", "2600004783", "260000478", "２６００００４７82", "26000A4782"] {
            assert_eq!(parse_contract_number(typed), None, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn nothing_typed_makes_it_panic(typed in ".{0,30}|[0-9 ]{0,30}") {
            let _ = parse_contract_number(&typed);
        }

        #[test]
        fn a_number_is_read_back_and_mistyping_is_caught(year in 2000..2100, sequence in 0_i64.., at in 0_usize..30, wrong in 0_u8..10) {
            let number = contract_number(year, sequence);
            prop_assert_eq!(parse_contract_number(&number), Some(number.clone()));
            let at = at % (number.len() - 1);
            let mut digits = number.clone().into_bytes();
            digits[at] = b'0' + wrong;
            let mistyped = String::from_utf8(digits).unwrap();
            prop_assert!(mistyped == number || parse_contract_number(&mistyped).is_none());
            let mut swapped = number.clone().into_bytes();
            swapped.swap(at, at + 1);
            let swapped = String::from_utf8(swapped).unwrap();
            prop_assert!(swapped == number || parse_contract_number(&swapped).is_none());
        }
    }
}

//! Numbers of registered mail (*podací číslo*), as the Universal Postal Union's standard S10 has them: two letters of the service, eight
//! digits, a check digit, the country: `RR 1234 5678 5 CZ`.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemError {
    Empty,
    /// Not thirteen letters and digits in that order.
    Form,
    /// A mistyped digit or two swapped ones.
    Check,
}

const WEIGHTS: [u32; 8] = [8, 6, 4, 2, 3, 5, 9, 7];

/// Spaces, dashes and small letters are forgiven; answered as thirteen characters.
pub fn item_number(typed: &str) -> Result<String, ItemError> {
    let bare: String = typed
        .chars()
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '–'))
        .flat_map(char::to_uppercase)
        .collect();
    if bare.is_empty() {
        return Err(ItemError::Empty);
    }
    let is = |range: std::ops::Range<usize>, test: fn(&u8) -> bool| {
        bare.as_bytes().get(range).is_some_and(|part| part.iter().all(test))
    };
    let has_form = bare.len() == 13
        && is(0..2, u8::is_ascii_uppercase)
        && is(2..11, u8::is_ascii_digit)
        && is(11..13, u8::is_ascii_uppercase);
    if !has_form {
        return Err(ItemError::Form);
    }
    let digits: Vec<u32> = bare.bytes().skip(2).take(9).map(|byte| u32::from(byte - b'0')).collect();
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let check = match 11 - sum % 11 {
        10 => 0,
        11 => 5,
        digit => digit,
    };
    if digits[8] == check { Ok(bare) } else { Err(ItemError::Check) }
}

/// The number of the nth item after one, as they follow on a roll of labels; none past the last of the roll.
pub fn following(number: &str, nth: usize) -> Option<String> {
    let serial: usize = number.get(2..10)?.parse().ok()?;
    let serial = format!("{:08}", serial + nth);
    let bare = |digit: u8| format!("{}{serial}{digit}{}", &number[..2], number.get(11..).unwrap_or_default());
    (serial.len() == 8).then(|| (0..=9).map(bare).find(|one| item_number(one).is_ok()))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_follow_as_on_a_roll() {
        assert_eq!(following("RR123456785CZ", 0).as_deref(), Some("RR123456785CZ"));
        assert_eq!(following("RR123456785CZ", 1).as_deref(), Some("RR123456799CZ"));
        assert_eq!(following("RR999999990CZ", 1), None);
        assert_eq!(following("RR", 1), None);
    }

    #[test]
    fn numbers_are_checked_by_the_standard() {
        // The standard's own example, and one whose remainder gives nought.
        assert_eq!(item_number("RR 4731 2482 9 GB").as_deref(), Ok("RR473124829GB"));
        assert_eq!(item_number("rr-1234-5678-5-cz").as_deref(), Ok("RR123456785CZ"));
        assert_eq!(item_number("RR123456786CZ"), Err(ItemError::Check));
        assert_eq!(item_number("RR213456785CZ"), Err(ItemError::Check));
        assert_eq!(item_number("  "), Err(ItemError::Empty));
        for odd in ["RR12345678CZ", "R1123456785CZ", "RR1234567850CZ", "123", "ŘŘ123456785CZ", "RR１２３４５６７８５CZ"]
        {
            assert_eq!(item_number(odd), Err(ItemError::Form), "{odd}");
        }
    }

    proptest! {
        #[test]
        fn nothing_typed_makes_it_panic(typed in ".{0,30}") {
            let _ = item_number(&typed);
        }
    }
}

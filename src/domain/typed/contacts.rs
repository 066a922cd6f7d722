//! Where people can be reached: one e-mail address, a phone number in E.164, a postcode (*PSČ*).

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailError {
    Empty,
    Form,
    /// More than one address.
    Several,
    /// Over 254 bytes, or 64 before the @.
    TooLong,
    /// Letters outside ASCII, in the name or the domain; the `xn--` form of a domain is taken.
    International,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneError {
    Empty,
    /// Something else than digits, spaces, dashes, brackets and a leading plus.
    NotANumber,
    /// So many digits; a Czech number has nine, a foreign one 8–15 with the country's code.
    Length(usize),
    /// No Czech number starts so.
    Prefix,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostcodeError {
    Empty,
    Form,
}

/// One address as RFC 5321 allows it without quotes; the domain comes back in lower case, the rest as typed.
pub fn email(typed: &str) -> Result<String, EmailError> {
    let text = super::trimmed(typed);
    if text.is_empty() {
        return Err(EmailError::Empty);
    }
    if text.len() > 254 {
        return Err(EmailError::TooLong);
    }
    if text.matches('@').count() > 1 || text.contains([',', ';']) {
        return Err(EmailError::Several);
    }
    let (local, domain) = text.split_once('@').ok_or(EmailError::Form)?;
    let is_strange = |letter: char| !letter.is_ascii() && !letter.is_whitespace() && !letter.is_control();
    if text.chars().any(is_strange) {
        return Err(EmailError::International);
    }
    if local.len() > 64 {
        return Err(EmailError::TooLong);
    }
    let is_atom = |atom: &str| !atom.is_empty() && atom.bytes().all(is_atom_byte);
    let labels: Vec<&str> = domain.split('.').collect();
    let is_top = |label: &&str| label.len() > 1 && !label.bytes().all(|byte| byte.is_ascii_digit());
    let is_domain = labels.len() > 1 && labels.iter().all(|label| is_label(label)) && labels.last().is_some_and(is_top);
    if !local.split('.').all(is_atom) || !is_domain {
        return Err(EmailError::Form);
    }
    Ok(format!("{local}@{}", domain.to_ascii_lowercase()))
}

fn is_atom_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&byte)
}

fn is_label(label: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&label.len()) && label.bytes().all(is_letter) && !label.starts_with('-') && !label.ends_with('-')
}

/// E.164: `+420777123456`. Nine digits alone are Czech; a foreign number needs its plus or 00.
pub fn phone(typed: &str) -> Result<String, PhoneError> {
    let text = super::trimmed(typed);
    if text.is_empty() {
        return Err(PhoneError::Empty);
    }
    let bare: String = text
        .chars()
        .filter(|letter| !matches!(letter, ' ' | '\u{a0}' | '\u{202f}' | '-' | '–' | '(' | ')' | '.' | '/'))
        .collect();
    let foreign = bare.strip_prefix('+').or_else(|| bare.strip_prefix("00"));
    let number = match foreign {
        Some(number) => number.to_owned(),
        None => format!("420{bare}"),
    };
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(PhoneError::NotANumber);
    }
    match number.strip_prefix("420") {
        Some(czech) if czech.len() != 9 => Err(PhoneError::Length(czech.len())),
        Some(czech) if czech.starts_with(['0', '1']) => Err(PhoneError::Prefix),
        None if !(8..=15).contains(&number.len()) => Err(PhoneError::Length(number.len())),
        None if number.starts_with('0') => Err(PhoneError::Prefix),
        _ => Ok(format!("+{number}")),
    }
}

/// `110 00` from five digits with or without spaces.
pub fn postcode(typed: &str) -> Result<String, PostcodeError> {
    let text = super::trimmed(typed);
    if text.is_empty() {
        return Err(PostcodeError::Empty);
    }
    let digits: String = text.chars().filter(|letter| !matches!(letter, ' ' | '\u{a0}' | '\u{202f}')).collect();
    if digits.len() != 5 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(PostcodeError::Form);
    }
    Ok(format!("{} {}", &digits[..3], &digits[3..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_address_is_taken_and_its_domain_lowered() {
        assert_eq!(email(" Jan.Novak+portal@Example.CZ ").as_deref(), Ok("Jan.Novak+portal@example.cz"));
        assert_eq!(email("a@xn--hkyrky-ptac70bc.cz").as_deref(), Ok("a@xn--hkyrky-ptac70bc.cz"));
        let long = format!("a@{}.cz", "b".repeat(254));
        for (typed, error) in [
            ("", EmailError::Empty),
            ("jan", EmailError::Form),
            ("jan@", EmailError::Form),
            ("@example.cz", EmailError::Form),
            ("jan@example", EmailError::Form),
            ("jan@example.cz.", EmailError::Form),
            ("jan@exa mple.cz", EmailError::Form),
            ("Jan <jan@example.cz>", EmailError::Form),
            ("\"jan\"@example.cz", EmailError::Form),
            ("jan@example.cz\r\nBcc: x", EmailError::Form),
            (".jan@example.cz", EmailError::Form),
            ("jan@-example.cz", EmailError::Form),
            ("jan@[127.0.0.1]", EmailError::Form),
            ("jan@127.0.0.1", EmailError::Form),
            ("jan@@example.cz", EmailError::Several),
            ("jan@example.cz, eva@example.cz", EmailError::Several),
            ("jan@háčky.cz", EmailError::International),
            (long.as_str(), EmailError::TooLong),
        ] {
            assert_eq!(email(typed), Err(error), "{typed:?}");
        }
    }

    #[test]
    fn phones_become_e164() {
        for typed in ["+420 777 123 456", "+420777123456", "00420 777123456", "777 123 456", "777\u{a0}123\u{a0}456"] {
            assert_eq!(phone(typed).as_deref(), Ok("+420777123456"), "{typed}");
        }
        assert_eq!(phone("+421 905 123 456").as_deref(), Ok("+421905123456"));
        for (typed, error) in [
            ("", PhoneError::Empty),
            ("77712345", PhoneError::Length(8)),
            ("+420 77712345", PhoneError::Length(8)),
            ("420777123456", PhoneError::Length(12)),
            ("+42", PhoneError::Length(2)),
            ("+1234567890123456", PhoneError::Length(16)),
            ("777 123 45O", PhoneError::NotANumber),
            ("+", PhoneError::NotANumber),
            ("+ +420777123456", PhoneError::NotANumber),
            ("٧٧٧١٢٣٤٥٦", PhoneError::NotANumber),
            ("112345678", PhoneError::Prefix),
        ] {
            assert_eq!(phone(typed), Err(error), "{typed:?}");
        }
    }

    #[test]
    fn postcodes_get_their_space() {
        for typed in ["11000", "110 00", "1 1 0 0 0", "110\u{a0}00"] {
            assert_eq!(postcode(typed).as_deref(), Ok("110 00"), "{typed}");
        }
        for typed in ["1100", "110000", "11O00", "１１０００"] {
            assert_eq!(postcode(typed), Err(PostcodeError::Form), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn what_was_taken_is_taken_again_unchanged(typed in "[+0-9 @a-zA-Z.-]{0,30}|.{0,30}") {
            for once in [email(&typed).map_err(drop), phone(&typed).map_err(drop), postcode(&typed).map_err(drop)].into_iter().flatten() {
                let again = [email(&once).ok(), phone(&once).ok(), postcode(&once).ok()];
                prop_assert!(again.contains(&Some(once)));
            }
        }
    }
}

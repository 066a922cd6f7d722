//! Passwords that people choose: long rather than odd (NIST SP 800-63B), and not made of what a stranger would try first.
use super::content::folded;

/// Letters a password has at least.
pub const LEAST: usize = 15;
/// Bytes it has at most: checked before anything is hashed.
pub const MOST_BYTES: usize = 1_024;
/// Letters that remain at least when the words everybody knows are taken out.
const LEAST_OWN: usize = 8;
/// Shorter words stand in too many others.
const SHORTEST_WORD: usize = 4;

/// A hash (PHC string, argon2id, of the usual cost) that no password fits: of whoever has no password yet, or does not exist.
pub const NO_PASSWORD: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordError {
    Empty,
    /// `count` letters were typed.
    Short {
        count: usize,
    },
    Long,
    /// NUL and other control characters: no keyboard has them, no log-in would take them twice.
    Control,
    /// The supplier's name, one's own, or the like, and little besides.
    Known {
        word: String,
    },
    /// One letter over and over.
    Monotonous,
}

/// `known`: names of the supplier, the portal, the person; words of them are looked for, whatever their case and accents.
pub fn check(typed: &str, known: &[&str]) -> Result<(), PasswordError> {
    if typed.len() > MOST_BYTES {
        return Err(PasswordError::Long);
    }
    if typed.trim().is_empty() {
        return Err(PasswordError::Empty);
    }
    if typed.chars().any(char::is_control) {
        return Err(PasswordError::Control);
    }
    let count = typed.chars().count();
    if count < LEAST {
        return Err(PasswordError::Short { count });
    }
    let mut rest = folded(typed);
    let mut letters: Vec<char> = rest.chars().filter(|letter| !letter.is_whitespace()).collect();
    letters.sort_unstable();
    letters.dedup();
    if letters.len() < 3 {
        return Err(PasswordError::Monotonous);
    }
    let mut found = None;
    for word in known.iter().flat_map(|name| name.split(|letter: char| !letter.is_alphanumeric())) {
        let plain = folded(word);
        if plain.chars().count() >= SHORTEST_WORD && rest.contains(&plain) {
            rest = rest.replace(&plain, " ");
            found.get_or_insert(word);
        }
    }
    match found {
        Some(word) if rest.chars().filter(|letter| letter.is_alphanumeric()).count() < LEAST_OWN => {
            Err(PasswordError::Known { word: word.to_owned() })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KNOWN: [&str; 3] = ["Pražská plynárenská", "Zákaznický portál", "Jan Novák"];

    #[test]
    fn long_and_ones_own_is_good_short_or_known_is_not() {
        let known = |word: &str| Err(PasswordError::Known { word: word.to_owned() });
        for (typed, expected) in [
            ("correct horse battery", Ok(())),
            ("příliš žluťoučký kůň", Ok(())),
            ("🐎🐎🐎🔋🔋🔋📎📎📎🌍🌍🌍🎈🎈🎈", Ok(())),
            ("Novák a jeho tři tlusté kočky", Ok(())),
            ("fourteen chars", Err(PasswordError::Short { count: 14 })),
            ("Prazska plynarenska 1", known("Pražská")),
            ("PORTÁLportálPORTÁL9", known("portál")),
            ("               ", Err(PasswordError::Empty)),
            ("", Err(PasswordError::Empty)),
            ("aaaaaaaaaaaaaaaaaaaa", Err(PasswordError::Monotonous)),
            ("correct\0horse battery", Err(PasswordError::Control)),
        ] {
            assert_eq!(check(typed, &KNOWN), expected, "{typed:?}");
        }
        assert_eq!(check(&"ab c".repeat(MOST_BYTES), &[]), Err(PasswordError::Long));
        assert_eq!(check(&"abcd".repeat(MOST_BYTES / 4), &[]), Ok(()));
    }

    proptest! {
        #[test]
        fn nothing_typed_makes_it_panic(typed in ".{0,60}", known in ".{0,20}") {
            let _ = check(&typed, &[&known]);
        }
    }
}

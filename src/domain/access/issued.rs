//! What the portal makes for somebody: a first password, a code in a letter, a username. Made of random bytes given by the caller.
use crate::domain::content::folded;

/// Thirty-two letters, so that every byte gives each alike; none is taken for another in print.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

fn letters(random: &[u8]) -> String {
    let letters: Vec<char> = random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
}

/// Sixteen letters in groups of four, to be typed from paper or a mail: 80 bits.
pub fn initial_password(random: [u8; 16]) -> String {
    letters(&random)
}

/// Eight letters in two groups, as activation letters have them: 40 bits, with few tries and an end.
pub fn activation_code(random: [u8; 8]) -> String {
    letters(&random)
}

/// Twenty-four letters in groups of four, to come back with where the second factor is lost: 120 bits, so a plain hash keeps it.
pub fn recovery_code(random: [u8; RECOVERY_LETTERS]) -> String {
    letters(&random)
}

/// Letters of a recovery code.
pub const RECOVERY_LETTERS: usize = 24;

/// As it is compared: case, spaces and dashes do not count, and what paper confuses is read as what was meant.
pub fn normalised_code(typed: &str) -> String {
    typed
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .map(|letter| match letter {
            'I' | '1' => 'L',
            'O' | '0' => 'Q',
            other => other,
        })
        .collect()
}

/// A username for who did not choose one: the customer's number, with another number where it is taken.
pub fn spare_username(number: &str, taken: usize) -> String {
    match taken {
        0 => number.to_owned(),
        more => format!("{number}-{}", more + 1),
    }
}

/// Why a username cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsernameProblem {
    Short,
    Long,
    Letters,
}

/// Six to sixty-four letters, digits and `. - _ @ +`: an e-mail address is a good one.
pub fn username_problem(typed: &str) -> Option<UsernameProblem> {
    let typed = typed.trim();
    match typed.chars().count() {
        0..6 => Some(UsernameProblem::Short),
        65.. => Some(UsernameProblem::Long),
        _ if typed.chars().all(|letter| letter.is_alphanumeric() || ".-_@+".contains(letter))
            && !folded(typed).is_empty() =>
        {
            None
        }
        _ => Some(UsernameProblem::Letters),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn what_is_made_is_made_of_letters_that_paper_does_not_confuse() {
        let every: Vec<u8> = (0..=255).collect();
        let kinds: BTreeSet<char> = letters(&every).chars().filter(|one| *one != '-').collect();
        assert_eq!(kinds.len(), 32);
        assert!(kinds.iter().all(|one| !"IO01".contains(*one)), "{kinds:?}");
        let random = std::array::from_fn(|at| at as u8);
        assert_eq!(initial_password(random), "2345-6789-ABCD-EFGH");
        assert_eq!(recovery_code([31; 24]), ["ZZZZ"; 6].join("-"));
        assert_eq!(activation_code([31, 30, 29, 0, 1, 2, 3, 4]), "ZYX2-3456");
    }

    #[test]
    fn a_code_is_read_as_it_was_meant() {
        for typed in ["lzy2-3456", " LZY2 3456 ", "IZY2–3456", "1zy23456"] {
            assert_eq!(normalised_code(typed), "LZY23456", "{typed}");
        }
    }

    #[test]
    fn a_username_is_long_enough_plain_and_may_be_an_address() {
        for good in ["novak.jan", "jan@example.cz", "žluťoučký", "700042"] {
            assert_eq!(username_problem(good), None, "{good}");
        }
        assert_eq!(username_problem(" novak "), Some(UsernameProblem::Short));
        assert_eq!(username_problem(&"n".repeat(65)), Some(UsernameProblem::Long));
        for odd in ["jan novák", "<script>", "novak\u{202e}", "novák\0x"] {
            assert_eq!(username_problem(odd), Some(UsernameProblem::Letters), "{odd:?}");
        }
        assert_eq!((spare_username("7011", 0), spare_username("7011", 1)), ("7011".into(), "7011-2".into()));
    }
}

//! Words: names, notes, questions. Emoji and right-to-left writing are welcome; what hides or reorders letters is not.
//! A letter and its accent become one character (NFC): what looks the same is the same, whatever keyboard it came from.
use unicode_normalization::UnicodeNormalization;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// Counted in characters.
    TooLong { limit: usize, count: usize },
    /// NUL, line ends in a one-line field and the like.
    Control,
    /// Overrides of the direction of writing.
    Bidi,
    /// Characters of no width; a joiner is left inside an emoji only.
    Invisible,
}

/// One line of at most `max` characters, trimmed and composed; may be empty.
pub fn text(typed: &str, max: usize) -> Result<String, TextError> {
    let text: String = super::trimmed(typed).nfc().collect();
    checked(&text, max, |_| false)?;
    Ok(text)
}

/// Several lines; line ends become `\n` and count as one character each.
pub fn long_text(typed: &str, max: usize) -> Result<String, TextError> {
    let text = typed.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim_matches(|letter: char| letter == '\n' || letter == '\t' || letter == ' ');
    let text: String = text.nfc().collect();
    checked(&text, max, |letter| matches!(letter, '\n' | '\t'))?;
    Ok(text)
}

fn checked(text: &str, max: usize, is_allowed: fn(char) -> bool) -> Result<(), TextError> {
    let count = text.chars().count();
    if count > max {
        return Err(TextError::TooLong { limit: max, count });
    }
    let mut before = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            _ if is_allowed(letter) => {}
            '\u{2028}' | '\u{2029}' => return Err(TextError::Control),
            _ if letter.is_control() => return Err(TextError::Control),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => return Err(TextError::Bidi),
            '\u{200d}' if before.is_some_and(is_emoji) && letters.peek().copied().is_some_and(is_emoji) => {}
            _ if is_invisible(letter) => return Err(TextError::Invisible),
            _ => {}
        }
        before = Some(letter);
    }
    Ok(())
}

fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Pictographs, their skin tones and the selector that colours them: what a joiner may stand between.
fn is_emoji(letter: char) -> bool {
    matches!(letter, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn people_may_be_called_what_they_are_called() {
        for name in ["Žofie Řeháková-Dvořáková", "O’Brien", "שלום", "Jan 👩‍👩‍👧 Novák", "❤️‍🔥", "Nguyễn Thị", "x\u{301}"]
        {
            assert_eq!(text(&format!("\u{a0} {name}\t"), 40).as_deref(), Ok(name));
        }
        assert_eq!(text("   ", 5).as_deref(), Ok(""));
    }

    #[test]
    fn a_letter_and_its_accent_are_kept_as_one() {
        assert_eq!(text("Z\u{30c}ofie R\u{30c}eha\u{301}kova\u{301}", 14).as_deref(), Ok("Žofie Řeháková"));
        assert_eq!(long_text("me\u{30c}r\u{30c}ic\u{30c}\nstoji\u{301}", 12).as_deref(), Ok("měřič\nstojí"));
    }

    #[test]
    fn what_hides_or_reorders_is_refused() {
        for (typed, error) in [
            ("Jan\0", TextError::Control),
            ("Jan\r\nBcc: x", TextError::Control),
            ("Jan\u{7f}", TextError::Control),
            ("a\u{2028}b", TextError::Control),
            ("a\u{202e}b", TextError::Bidi),
            ("a\u{2066}b", TextError::Bidi),
            ("a\u{200b}b", TextError::Invisible),
            ("a\u{200d}b", TextError::Invisible),
            ("👩\u{200d}b", TextError::Invisible),
            ("\u{feff}a", TextError::Invisible),
        ] {
            assert_eq!(text(typed, 40), Err(error), "{typed:?}");
        }
    }

    #[test]
    fn the_limit_is_said_with_the_count() {
        assert_eq!(text("žžž", 3).as_deref(), Ok("žžž"));
        assert_eq!(text("žžžž", 3), Err(TextError::TooLong { limit: 3, count: 4 }));
        assert_eq!(long_text(&"a".repeat(5_001), 5_000), Err(TextError::TooLong { limit: 5_000, count: 5_001 }));
    }

    #[test]
    fn long_text_keeps_its_lines() {
        assert_eq!(
            long_text("\n Dobrý den,\r\n\r\nměřič\tstojí.\r\n", 40).as_deref(),
            Ok("Dobrý den,\n\nměřič\tstojí.")
        );
        assert_eq!(long_text("a\0b", 40), Err(TextError::Control));
    }

    proptest! {
        #[test]
        fn what_was_taken_is_taken_again_unchanged(typed in "(?s).{0,30}") {
            if let Ok(once) = text(&typed, 30) {
                prop_assert_eq!(text(&once, 30), Ok(once));
            }
            if let Ok(once) = long_text(&typed, 30) {
                prop_assert_eq!(long_text(&once, 30), Ok(once));
            }
        }
    }
}

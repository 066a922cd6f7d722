//! Text messages: which letters fit, how many pieces a gateway counts (3GPP TS 23.038 and 23.040), and Czech written without its marks.
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The basic table of TS 23.038, apart from its escape.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡\
    ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Its extension: each is an escape and a letter, so it takes two places.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// Letters of a sender's name.
const LONGEST_SENDER: usize = 11;

/// How a text is written in the air.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    Gsm7,
    /// One letter outside the tables makes the whole text so.
    Ucs2,
}

/// How a supplier's texts are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Letters {
    /// Without diacritical marks: 160 letters a piece instead of 70.
    #[default]
    Plain,
    Czech,
}

impl Letters {
    pub const ALL: [Letters; 2] = [Letters::Plain, Letters::Czech];

    pub fn key(self) -> &'static str {
        match self {
            Letters::Plain => "plain",
            Letters::Czech => "czech",
        }
    }

    pub fn parse(text: &str) -> Option<Letters> {
        Self::ALL.into_iter().find(|one| one.key() == text)
    }

    pub fn written(self, text: &str) -> String {
        match self {
            Letters::Plain => transliterated(text),
            Letters::Czech => text.to_owned(),
        }
    }
}

impl Alphabet {
    pub fn of(text: &str) -> Alphabet {
        if text.chars().all(|letter| places(letter).is_some()) { Alphabet::Gsm7 } else { Alphabet::Ucs2 }
    }

    fn weight(self, letter: char) -> usize {
        match self {
            Alphabet::Gsm7 => places(letter).unwrap_or(1),
            Alphabet::Ucs2 => letter.len_utf16(),
        }
    }

    /// Places in a text that is one piece, and in each piece of a longer one: those begin with a header that joins them again.
    fn room(self) -> (usize, usize) {
        match self {
            Alphabet::Gsm7 => (160, 153),
            Alphabet::Ucs2 => (70, 67),
        }
    }
}

/// Septets a letter takes; none where the tables have no such letter.
fn places(letter: char) -> Option<usize> {
    match letter {
        letter if BASIC.contains(letter) => Some(1),
        letter if EXTENSION.contains(letter) => Some(2),
        _ => None,
    }
}

/// The pieces a text is sent in. No letter is cut in two: neither an escape and what it escapes, nor a surrogate pair.
pub fn pieces(text: &str) -> Vec<&str> {
    let alphabet = Alphabet::of(text);
    let (single, joined) = alphabet.room();
    if text.chars().map(|letter| alphabet.weight(letter)).sum::<usize>() <= single {
        return vec![text];
    }
    let (mut pieces, mut start, mut full) = (Vec::new(), 0, 0);
    for (at, letter) in text.char_indices() {
        let weight = alphabet.weight(letter);
        if full + weight > joined {
            pieces.push(&text[start..at]);
            (start, full) = (at, 0);
        }
        full += weight;
    }
    pieces.push(&text[start..]);
    pieces
}

/// How many pieces are paid for.
pub fn count(text: &str) -> i16 {
    i16::try_from(pieces(text).len()).unwrap_or(i16::MAX)
}

/// The way Czechs write where there are no marks: *Přerušení dodávky* is *Preruseni dodavky*. Of typography the plain signs are left. A
/// letter that has no plain form stays what it is.
pub fn transliterated(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.nfd().filter(|letter| !is_combining_mark(*letter)) {
        match letter {
            '„' | '“' | '”' | '«' | '»' => plain.push('"'),
            '‚' | '‘' | '’' => plain.push('\''),
            '–' | '—' | '‑' | '−' => plain.push('-'),
            '…' => plain.push_str("..."),
            '\u{a0}' | '\u{202f}' | '\u{2009}' => plain.push(' '),
            '×' => plain.push('x'),
            '·' | '•' => plain.push('.'),
            'ł' => plain.push('l'),
            'Ł' => plain.push('L'),
            'đ' => plain.push('d'),
            'Đ' => plain.push('D'),
            '²' => plain.push('2'),
            '³' => plain.push('3'),
            other => plain.push(other),
        }
    }
    plain
}

/// A name shown in place of a number: up to eleven letters and digits, not only digits, as networks take them.
pub fn is_sender(text: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, ' ' | '-' | '.' | '&' | '_');
    (1..=LONGEST_SENDER).contains(&text.len())
        && text.chars().all(is_plain)
        && text.chars().any(|letter| letter.is_ascii_alphabetic())
        && text.trim() == text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_tables_have_127_and_10_letters() {
        assert_eq!((BASIC.chars().count(), EXTENSION.chars().count()), (127, 10));
    }

    #[test]
    fn pieces_are_counted_at_their_edges() {
        for (text, expected) in [
            (String::new(), 1),
            ("a".repeat(160), 1),
            ("a".repeat(161), 2),
            ("a".repeat(306), 2),
            ("a".repeat(307), 3),
            ("€".repeat(80), 1),
            ("€".repeat(81), 2),
            // 76 pairs are 152 places: the last of 153 stays empty.
            ("€".repeat(152), 2),
            ("€".repeat(153), 3),
            ("č".repeat(70), 1),
            ("č".repeat(71), 2),
            ("č".repeat(134), 2),
            ("č".repeat(135), 3),
            ("😀".repeat(35), 1),
            ("😀".repeat(36), 2),
            ("😀".repeat(66), 2),
            ("😀".repeat(67), 3),
        ] {
            assert_eq!(count(&text), expected, "{} letters of {:?}", text.chars().count(), text.chars().next());
        }
        assert_eq!(count(&format!("{}č", "a".repeat(70))), 2, "one letter makes all of it long");
    }

    #[test]
    fn czech_is_written_without_its_marks() {
        for (czech, plain) in [
            ("Příliš žluťoučký kůň úpěl ďábelské ódy.", "Prilis zlutoucky kun upel dabelske ody."),
            ("ČŘŽŠĚŤĎŇÁÉÍÓÚŮÝ", "CRZSETDNAEIOUUY"),
            ("„Odstávka“ 8:00–12:00…\u{a0}3×25 A", "\"Odstavka\" 8:00-12:00... 3x25 A"),
            ("Müller, Łódź, Đorđe", "Muller, Lodz, Dorde"),
        ] {
            assert_eq!(transliterated(czech), plain);
            assert_eq!(Alphabet::of(plain), Alphabet::Gsm7);
        }
        assert_eq!(Letters::Czech.written("kůň"), "kůň");
        assert_eq!(Letters::Plain.written("kůň"), "kun");
    }

    #[test]
    fn a_sender_is_a_short_plain_name() {
        for good in ["Energie24", "E.ON", "PRE", "Prazska pl."] {
            assert!(is_sender(good), "{good}");
        }
        for bad in ["", "Elektroenergo", "777123456", "Energie ", "Plynárna", "a\nb", "a{b"] {
            assert!(!is_sender(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn pieces_are_the_text_and_each_fits(text in "[a-zA-Z€{}č😀\u{e000}\n ]{0,700}") {
            let alphabet = Alphabet::of(&text);
            let (single, joined) = alphabet.room();
            let pieces = pieces(&text);
            prop_assert_eq!(pieces.concat(), text.clone());
            let room = if pieces.len() == 1 { single } else { joined };
            for piece in &pieces {
                prop_assert!(piece.chars().map(|letter| alphabet.weight(letter)).sum::<usize>() <= room);
            }
            // No piece is begun before the one before it is full, but for a letter of two places.
            for piece in pieces.iter().rev().skip(1) {
                prop_assert!(piece.chars().map(|letter| alphabet.weight(letter)).sum::<usize>() >= joined - 1);
            }
        }

        #[test]
        fn czech_without_marks_is_always_the_cheaper_alphabet(text in "[a-zA-ZáčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ0-9 .,:–„“…]{0,300}") {
            let plain = transliterated(&text);
            prop_assert_eq!(Alphabet::of(&plain), Alphabet::Gsm7);
            prop_assert!(count(&plain) <= count(&text));
            prop_assert_eq!(transliterated(&plain), plain.clone());
        }
    }
}

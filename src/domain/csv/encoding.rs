//! In which letters a file is written: UTF-8 with or without its mark, or windows-1250 as Czech Excel saves it.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8Marked,
    Windows1250,
}

/// Why a file is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoText {
    Empty,
    /// UTF-16: to be saved again as CSV UTF-8.
    Utf16,
    /// NUL or letters of no encoding; `at` counts bytes from the start.
    Binary {
        at: usize,
    },
}

/// 0x80–0xFF of windows-1250; what stands at the five free places is no letter.
const UPPER: &str = "\
     €\u{fffd}‚\u{fffd}„…†‡\u{fffd}‰Š‹ŚŤŽŹ\u{fffd}‘’“”•–—\u{fffd}™š›śťžź\
     \u{a0}ˇ˘Ł¤Ą¦§¨©Ş«¬\u{ad}®Ż°±˛ł´µ¶·¸ąş»Ľ˝ľż\
     ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢß\
     ŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙";

/// The text without its mark, and how it was written.
pub fn decoded(content: &[u8]) -> Result<(String, Encoding), NoText> {
    let (bare, is_marked) = match content.strip_prefix(b"\xef\xbb\xbf") {
        Some(bare) => (bare, true),
        None => (content, false),
    };
    if bare.is_empty() {
        return Err(NoText::Empty);
    }
    if content.starts_with(b"\xff\xfe") || content.starts_with(b"\xfe\xff") {
        return Err(NoText::Utf16);
    }
    if let Some(at) = content.iter().position(|byte| *byte == 0) {
        return Err(NoText::Binary { at });
    }
    match std::str::from_utf8(bare) {
        Ok(text) => Ok((text.to_owned(), if is_marked { Encoding::Utf8Marked } else { Encoding::Utf8 })),
        Err(error) if is_marked => Err(NoText::Binary { at: error.valid_up_to() + 3 }),
        Err(_) => windows_1250(bare).map(|text| (text, Encoding::Windows1250)),
    }
}

fn windows_1250(content: &[u8]) -> Result<String, NoText> {
    let upper: Vec<char> = UPPER.chars().collect();
    let letter = |(at, byte): (usize, &u8)| match byte.checked_sub(0x80) {
        None => Ok(char::from(*byte)),
        Some(place) => match upper.get(usize::from(place)) {
            Some(letter) if *letter != char::REPLACEMENT_CHARACTER => Ok(*letter),
            _ => Err(NoText::Binary { at }),
        },
    };
    content.iter().enumerate().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn czech_files_are_read_in_any_of_their_encodings() {
        let text = "Odběrné místo;stav\r\n";
        let marked = [&b"\xef\xbb\xbf"[..], text.as_bytes()].concat();
        assert_eq!(decoded(text.as_bytes()), Ok((text.into(), Encoding::Utf8)));
        assert_eq!(decoded(&marked), Ok((text.into(), Encoding::Utf8Marked)));
        let old = b"Odb\xecrn\xe9 m\xedsto;\x8e\x9a\x9d\x9e\xf9\xf8\xe8\xcf";
        assert_eq!(decoded(old), Ok(("Odběrné místo;Žšťžůřčď".replace('ď', "Ď"), Encoding::Windows1250)));
        assert_eq!(UPPER.chars().count(), 128);
    }

    #[test]
    fn what_is_no_text_is_said() {
        assert_eq!(decoded(b""), Err(NoText::Empty));
        assert_eq!(decoded(b"\xef\xbb\xbf"), Err(NoText::Empty));
        assert_eq!(decoded(b"\xff\xfeE\0A\0"), Err(NoText::Utf16));
        assert_eq!(decoded(b"EAN\0"), Err(NoText::Binary { at: 3 }));
        assert_eq!(decoded(b"PK\x03\x04\0"), Err(NoText::Binary { at: 4 }));
        assert_eq!(decoded(b"a\x81"), Err(NoText::Binary { at: 1 }));
        assert_eq!(decoded(b"\xef\xbb\xbfa\xff"), Err(NoText::Binary { at: 4 }));
    }

    proptest! {
        #[test]
        fn utf8_comes_back_as_it_was(text in "[^\0\u{feff}].{0,50}") {
            let text = text.replace('\0', " ");
            prop_assert_eq!(decoded(text.as_bytes()).map(|found| found.0), Ok(text));
        }

        #[test]
        fn no_bytes_make_it_panic(content in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = decoded(&content);
        }
    }
}

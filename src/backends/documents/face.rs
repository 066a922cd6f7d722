//! Type: the two cuts documents are set in, their widths, and breaking text into lines. No shaping: the letters of Europe need none.
use super::Error;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use std::borrow::Cow;
use std::sync::LazyLock;
use ttf_parser::Face;

const REGULAR: &[u8] = include_bytes!("fonts/OpenSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("fonts/OpenSans-Bold.ttf");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    Regular,
    Bold,
}

pub(super) struct Faces {
    regular: One,
    bold: One,
}

struct One {
    font: Font,
    /// By code point, as far as the font reaches.
    glyphs: Vec<Option<Glyph>>,
    /// For letters the font lacks.
    missing: Glyph,
}

#[derive(Clone, Copy)]
struct Glyph {
    number: u16,
    /// In parts of the type size.
    advance: f32,
}

static FACES: LazyLock<Option<Faces>> =
    LazyLock::new(|| Some(Faces { regular: One::read(REGULAR)?, bold: One::read(BOLD)? }));

pub(super) fn faces() -> Result<&'static Faces, Error> {
    FACES.as_ref().ok_or(Error::Font)
}

impl One {
    /// Looks every letter up once: documents are set from the table that this leaves.
    fn read(bytes: &'static [u8]) -> Option<One> {
        let face = Face::parse(bytes, 0).ok()?;
        let units = f32::from(face.units_per_em());
        let glyph = |glyph: ttf_parser::GlyphId| Glyph {
            number: glyph.0,
            advance: f32::from(face.glyph_hor_advance(glyph).unwrap_or(0)) / units,
        };
        let mut letters = Vec::new();
        for subtable in face.tables().cmap?.subtables.into_iter().filter(|subtable| subtable.is_unicode()) {
            subtable.codepoints(|letter| letters.extend(char::from_u32(letter)));
        }
        let last = letters.iter().max().map_or(0, |letter| *letter as usize);
        let mut glyphs = vec![None; last + 1];
        for letter in letters {
            glyphs[letter as usize] = face.glyph_index(letter).map(glyph);
        }
        Some(One { font: Font::new(bytes.into(), 0)?, glyphs, missing: glyph(ttf_parser::GlyphId(0)) })
    }

    fn has(&self, character: char) -> bool {
        matches!(self.glyphs.get(character as usize), Some(Some(_)))
    }

    fn glyph(&self, character: char) -> Glyph {
        self.glyphs.get(character as usize).copied().flatten().unwrap_or(self.missing)
    }
}

impl Faces {
    fn cut(&self, cut: Cut) -> &One {
        match cut {
            Cut::Regular => &self.regular,
            Cut::Bold => &self.bold,
        }
    }

    pub(super) fn font(&self, cut: Cut) -> Font {
        self.cut(cut).font.clone()
    }

    /// Width in points.
    pub(super) fn width(&self, text: &str, cut: Cut, size: f32) -> f32 {
        text.chars().map(|character| self.cut(cut).glyph(character).advance).sum::<f32>() * size
    }

    pub(super) fn glyphs(&self, text: &str, cut: Cut) -> Vec<KrillaGlyph> {
        let one = self.cut(cut);
        text.char_indices()
            .map(|(at, character)| {
                let Glyph { number, advance } = one.glyph(character);
                let range = at..at + character.len_utf8();
                KrillaGlyph::new(GlyphId::new(u32::from(number)), advance, 0.0, 0.0, 0.0, range, None)
            })
            .collect()
    }

    /// What can be printed: control characters become spaces, letters the fonts lack a question mark.
    pub(super) fn printable<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let printable = |character: char| match character {
            '\u{202f}' => '\u{a0}',
            '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{feff}' => '\u{2060}',
            character if character.is_control() => ' ',
            character if !self.regular.has(character) => '?',
            character => character,
        };
        if text.chars().all(|character| character != '\u{2060}' && printable(character) == character) {
            return Cow::Borrowed(text);
        }
        text.chars().map(printable).filter(|character| *character != '\u{2060}').collect()
    }

    /// Lines no wider than `width` points; a word that is wider than a line is cut.
    pub(super) fn wrap(&self, text: &str, cut: Cut, size: f32, width: f32) -> Vec<String> {
        let one = self.cut(cut);
        let advance = |from: f32, word: &str| word.chars().fold(from, |sum, letter| sum + one.glyph(letter).advance);
        let space = one.glyph(' ').advance;
        let mut lines = Vec::new();
        let (mut line, mut reach) = (String::new(), 0.0);
        for word in self.printable(text).split(' ').filter(|word| !word.is_empty()) {
            let joined = advance(if line.is_empty() { 0.0 } else { reach + space }, word);
            if joined * size <= width {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
                reach = joined;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            reach = 0.0;
            for character in word.chars() {
                let next = one.glyph(character).advance;
                if (reach + next) * size > width && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    reach = 0.0;
                }
                line.push(character);
                reach += next;
            }
        }
        if !line.is_empty() || lines.is_empty() {
            lines.push(line);
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_never_wider_than_asked() {
        let faces = faces().expect("fonts");
        let text =
            "Vyúčtování dodávky elektřiny za období nejnezpravděpodobnostňovávatelnějšího 1. 1. 2026 – 31. 12. 2026";
        for width in [30.0, 60.0, 120.0, 500.0] {
            let lines = faces.wrap(text, Cut::Bold, 9.0, width);
            assert!(lines.iter().all(|line| faces.width(line, Cut::Bold, 9.0) <= width), "{width}: {lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
        assert_eq!(faces.wrap("", Cut::Regular, 9.0, 10.0), [""]);
    }

    #[test]
    fn a_hard_space_does_not_break() {
        let lines = faces().expect("fonts").wrap("zaplatíte 12\u{a0}345,00\u{202f}Kč dnes", Cut::Regular, 10.0, 75.0);
        assert_eq!(lines, ["zaplatíte", "12\u{a0}345,00\u{a0}Kč", "dnes"]);
    }

    #[test]
    fn every_czech_letter_is_in_the_fonts() {
        let faces = faces().expect("fonts");
        let text = "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ „“–—…€§°²³×·− Київ";
        assert_eq!(faces.printable(text), text);
        assert_eq!(faces.printable("東\u{7}\u{200b}a"), "? a");
    }
}

//! Type: the two cuts documents are set in, their widths, and breaking text into lines. No shaping: the letters of Europe need none.
use super::Error;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use std::sync::LazyLock;
use ttf_parser::Face;

const REGULAR: &[u8] = include_bytes!("../../../themes/base/documents/fonts/OpenSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../../themes/base/documents/fonts/OpenSans-Bold.ttf");

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
    face: Face<'static>,
    units: f32,
}

static FACES: LazyLock<Option<Faces>> =
    LazyLock::new(|| Some(Faces { regular: One::read(REGULAR)?, bold: One::read(BOLD)? }));

pub(super) fn faces() -> Result<&'static Faces, Error> {
    FACES.as_ref().ok_or(Error::Font)
}

impl One {
    fn read(bytes: &'static [u8]) -> Option<One> {
        let face = Face::parse(bytes, 0).ok()?;
        let units = f32::from(face.units_per_em());
        Some(One { font: Font::new(bytes.into(), 0)?, face, units })
    }

    /// Glyph and advance in parts of the type size.
    fn glyph(&self, character: char) -> (ttf_parser::GlyphId, f32) {
        let glyph = self.face.glyph_index(character).unwrap_or_default();
        (glyph, f32::from(self.face.glyph_hor_advance(glyph).unwrap_or(0)) / self.units)
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
        text.chars().map(|character| self.cut(cut).glyph(character).1).sum::<f32>() * size
    }

    pub(super) fn glyphs(&self, text: &str, cut: Cut) -> Vec<KrillaGlyph> {
        let one = self.cut(cut);
        text.char_indices()
            .map(|(at, character)| {
                let (glyph, advance) = one.glyph(character);
                let range = at..at + character.len_utf8();
                KrillaGlyph::new(GlyphId::new(u32::from(glyph.0)), advance, 0.0, 0.0, 0.0, range, None)
            })
            .collect()
    }

    /// What can be printed: control characters become spaces, letters the fonts lack a question mark.
    pub(super) fn printable(&self, text: &str) -> String {
        let printable = |character: char| match character {
            '\u{202f}' => '\u{a0}',
            '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{feff}' => '\u{2060}',
            character if character.is_control() => ' ',
            character if self.regular.face.glyph_index(character).is_none() => '?',
            character => character,
        };
        text.chars().map(printable).filter(|character| *character != '\u{2060}').collect()
    }

    /// Lines no wider than `width` points; a word that is wider than a line is cut.
    pub(super) fn wrap(&self, text: &str, cut: Cut, size: f32, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in self.printable(text).split(' ').filter(|word| !word.is_empty()) {
            let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&joined, cut, size) <= width {
                line = joined;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for character in word.chars() {
                line.push(character);
                if self.width(&line, cut, size) > width && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::take(&mut line));
                    line.push(character);
                }
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

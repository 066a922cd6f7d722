//! What stands on every page: the bar, who writes, the small print and the page's number.
use super::DocumentStyle;
use super::face::Cut;
use super::layout::{COLUMN, Colour, HEIGHT, INK, MARGIN, MUTED, Mark, Page, RIGHT, RULE, Sheet, WIDTH, bold, regular};

const BAR: f32 = 8.0;

/// The supplier's colour where white paper lets one read it (WCAG 2.2: 4.5 to 1), else ink.
pub(super) fn readable(colour: Colour) -> Colour {
    if 1.05 / (luminance(colour) + 0.05) >= 4.5 { colour } else { INK }
}

fn luminance(colour: Colour) -> f32 {
    let linear = colour.map(|part| {
        let part = f32::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

/// The colour thinned with white, for backgrounds.
pub(super) fn tint(colour: Colour) -> Colour {
    colour.map(|part| (f32::from(part) * 0.08 + 255.0 * 0.92).round() as u8)
}

/// Letterhead of the first page.
pub(super) fn letterhead(sheet: &mut Sheet, style: &DocumentStyle) {
    sheet.rectangle(0.0, 0.0, WIDTH, BAR, style.colour);
    let node = sheet.node(None, super::layout::Kind::Paragraph);
    let mut x = MARGIN;
    let height = 26.0;
    let drawn = style.mark.as_ref().and_then(|mark| Some((mark.draw(height)?, mark.width(height))));
    if let Some((path, width)) = drawn {
        sheet.mark(Mark::Shape { x, y: 36.0, step: 1.0, path, colour: style.colour }, None);
        x += width + 10.0;
    }
    sheet.text(x, 55.0, &style.supplier, bold(17.0, readable(style.colour)), Some(node));
    let mut y = 44.0;
    for line in style.address.iter().chain(&style.contact) {
        sheet.text_to(RIGHT, y, line, regular(8.0, MUTED), Some(node));
        y += 11.0;
    }
    sheet.y = y.max(74.0) + 18.0;
}

/// Head of the pages that follow.
pub(super) fn running_head(sheet: &mut Sheet, style: &DocumentStyle, title: &str) {
    sheet.rectangle(0.0, 0.0, WIDTH, BAR / 2.0, style.colour);
    sheet.text(MARGIN, 36.0, &style.supplier, bold(8.5, MUTED), None);
    sheet.text_to(RIGHT, 36.0, title, regular(8.5, MUTED), None);
    sheet.y = 58.0;
}

/// Feet, once it is known how many pages there are. `parts`: where each begins and its footer; pages are counted anew in each.
pub(super) fn feet(sheet: &mut Sheet, style: &DocumentStyle, parts: &[(usize, String)]) {
    let mut all = std::mem::take(&mut sheet.pages).into_iter();
    let count = all.len();
    for (part, (start, footer)) in parts.iter().enumerate() {
        let end = parts.get(part + 1).map_or(count, |(next, _)| *next);
        feet_of(sheet, style, footer, all.by_ref().take(end - start).collect());
    }
}

fn feet_of(sheet: &mut Sheet, style: &DocumentStyle, footer: &str, all: Vec<Page>) {
    let pages = all.len();
    let lines = sheet.faces.wrap(footer, Cut::Regular, 7.5, COLUMN - 90.0);
    for (at, page) in all.into_iter().enumerate() {
        sheet.pages.push(page);
        let top = HEIGHT - 58.0;
        sheet.rectangle(MARGIN, top, COLUMN, 0.5, RULE);
        for (row, line) in lines.iter().take(3).enumerate() {
            sheet.text(MARGIN, top + 13.0 + row as f32 * 10.0, line, regular(7.5, MUTED), None);
        }
        let words = style.page_words.replace("{page}", &(at + 1).to_string()).replace("{pages}", &pages.to_string());
        sheet.text_to(RIGHT, top + 13.0, &words, regular(7.5, MUTED), None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_too_light_to_read_is_not_used_for_words() {
        assert_eq!(readable([0xf2, 0x4f, 0x00]), INK);
        assert_eq!(readable([0xff, 0xe0, 0x00]), INK);
        assert_eq!(readable([0x00, 0x4a, 0x8f]), [0x00, 0x4a, 0x8f]);
    }
}

//! `theme.toml`, strictly: what one theme says of itself, before it inherits.
use super::colour::Colour;
use super::tokens::{COLOURS, DERIVED, Density, FontFace, Mark, Palette, Tokens, index};
use crate::tenancy::lang::Localized;
use crate::tenancy::problem::Problem;
use crate::tenancy::reader::{Found, Section, Source};

/// A colour given here, and its line.
pub type Given = [Option<(Colour, usize)>; COLOURS.len()];

#[derive(Clone, Debug, Default)]
pub struct ThemeFile {
    pub parent: Option<String>,
    pub parent_place: (usize, usize),
    pub light: Given,
    pub dark: Given,
    radius: Option<String>,
    density: Option<Density>,
    text_font: Option<String>,
    heading_font: Option<String>,
    pub fonts: Vec<(FontFace, usize)>,
    pub mark: Option<(Mark, usize)>,
}

impl ThemeFile {
    pub fn parse(file: &str, text: &str) -> Result<ThemeFile, Vec<Problem>> {
        let source = Source::parse(file, text)?;
        let theme = read(source.root());
        let problems = source.finish();
        if problems.is_empty() { Ok(theme) } else { Err(problems) }
    }

    /// Where the colours of a pair are given here; 0 when both are inherited or derived.
    pub fn line_of(&self, scheme: &str, text: &str, ground: &str) -> usize {
        let given = if scheme == "dark" { &self.dark } else { &self.light };
        let line = |name: &str| index(name).and_then(|at| given[at]).map(|(_, line)| line);
        line(text).or_else(|| line(ground)).unwrap_or(0)
    }

    /// This file's tokens over its parent's. Without a parent everything must be given.
    pub fn tokens(&self, file: &str, parent: Option<&Tokens>) -> Result<Tokens, Vec<Problem>> {
        let mut problems = Vec::new();
        let missing =
            |what: &str| Problem::of_file(file, "E0502", format!("a theme without parent must give \"{what}\""));
        let light = palette("light", &self.light, parent.map(|parent| &parent.light), &missing, &mut problems);
        let dark = palette("dark", &self.dark, parent.map(|parent| &parent.dark), &missing, &mut problems);
        let mut fonts: Vec<FontFace> = self.fonts.iter().map(|(font, _)| font.clone()).collect();
        fonts.extend(parent.into_iter().flat_map(|parent| parent.fonts.iter().cloned()));
        let radius = self.radius.clone().or_else(|| parent.map(|parent| parent.radius.clone()));
        let density = self.density.or_else(|| parent.map(|parent| parent.density));
        let text_font = self.text_font.clone().or_else(|| parent.map(|parent| parent.text_font.clone()));
        let heading_font = self.heading_font.clone().or_else(|| parent.map(|parent| parent.heading_font.clone()));
        let mark = self.mark.as_ref().map(|mark| mark.0.clone()).or_else(|| parent.map(|parent| parent.mark.clone()));
        for (what, is_missing) in [
            ("shape.radius", radius.is_none()),
            ("shape.density", density.is_none()),
            ("type.text", text_font.is_none()),
            ("type.heading", heading_font.is_none()),
            ("mark", mark.is_none()),
        ] {
            problems.extend(is_missing.then(|| missing(what)));
        }
        match (light, dark, radius, density, text_font, heading_font, mark) {
            (Some(light), Some(dark), Some(radius), Some(density), Some(text_font), Some(heading_font), Some(mark)) => {
                Ok(Tokens { light, dark, radius, density, text_font, heading_font, fonts, mark })
            }
            _ => Err(problems),
        }
    }
}

fn palette(
    scheme: &str,
    given: &Given,
    parent: Option<&Palette>,
    missing: &impl Fn(&str) -> Problem,
    problems: &mut Vec<Problem>,
) -> Option<Palette> {
    let mut colours: [Option<Colour>; COLOURS.len()] = std::array::from_fn(|at| given[at].map(|(colour, _)| colour));
    let ground = |name: &str| index(name).unwrap_or_default();
    for (at, name) in COLOURS.iter().enumerate() {
        // A text colour is not inherited over a new background: it is derived again.
        let is_stale = DERIVED.iter().any(|(derived, from)| derived == name && given[ground(from)].is_some());
        if colours[at].is_none() && !is_stale {
            colours[at] = parent.map(|parent| parent.0[at]);
        }
    }
    for (name, from) in DERIVED {
        let (at, from_colour) = (ground(name), colours[ground(from)]);
        if colours[at].is_none() {
            colours[at] = from_colour.map(Colour::text_on);
        }
    }
    let is_derived = |name: &str| DERIVED.iter().any(|(derived, _)| *derived == name);
    for (name, _) in COLOURS.iter().zip(&colours).filter(|(name, colour)| colour.is_none() && !is_derived(name)) {
        problems.push(missing(&format!("{scheme}.{name}")));
    }
    let mut complete = [Colour(0, 0, 0); COLOURS.len()];
    for (at, colour) in colours.into_iter().enumerate() {
        complete[at] = colour?;
    }
    Some(Palette(complete))
}

fn read(root: Section<'_>) -> ThemeFile {
    if let Some(schema) = root.required("schema", root.number("schema"))
        && schema.value != 1
    {
        root.refuse(schema.span, "E0206", format!("schema {} is unknown; this version reads schema 1", schema.value));
    }
    let mut theme = ThemeFile::default();
    if let Some(parent) = root.text("parent") {
        theme.parent_place = root.place(parent.span);
        theme.parent = Some(parent.value.to_owned());
    }
    theme.light = root.section("light").map(colours).unwrap_or_default();
    theme.dark = root.section("dark").map(colours).unwrap_or_default();
    if let Some(shape) = root.section("shape") {
        theme.radius = checked(&shape, "radius", shape.text("radius"), is_length, "a length like 12px or 0.5rem");
        theme.density = checked(
            &shape,
            "density",
            shape.text("density"),
            |text| Density::parse(text).is_some(),
            "comfortable or compact",
        )
        .and_then(|text| Density::parse(&text));
        shape.done();
    }
    if let Some(fonts) = root.section("type") {
        theme.text_font = checked(&fonts, "text", fonts.text("text"), is_stack, "a list of font families");
        theme.heading_font = checked(&fonts, "heading", fonts.text("heading"), is_stack, "a list of font families");
        fonts.done();
    }
    theme.fonts = root.sections("font").into_iter().filter_map(font).collect();
    theme.mark = root.section("mark").and_then(mark);
    root.done();
    theme
}

fn colours(section: Section<'_>) -> Given {
    let mut given = Given::default();
    for (at, name) in COLOURS.iter().enumerate() {
        let Some(found) = section.text(name) else { continue };
        let line = section.place(found.span.clone()).0;
        match Colour::parse(found.value) {
            Some(colour) => given[at] = Some((colour, line)),
            None => section.refuse(
                found.span,
                "E0503",
                format!("\"{name}\" is \"{}\", must be a colour like #1a2b3c", found.value),
            ),
        }
    }
    section.done();
    given
}

fn font(section: Section<'_>) -> Option<(FontFace, usize)> {
    let line = section.place(section.span()).0;
    let needed = |key| section.required(key, section.text(key));
    let family = checked(&section, "family", needed("family"), is_family, "the name of a font family");
    let file = checked(&section, "file", needed("file"), is_font_file, "a woff2 file among the assets");
    let weight = checked(&section, "weight", needed("weight"), is_weight, "a weight like 400 or 300 700");
    let is_style = |text: &str| matches!(text, "normal" | "italic");
    let style = checked(&section, "style", section.text("style"), is_style, "normal or italic");
    section.done();
    Some((
        FontFace { family: family?, file: file?, weight: weight?, style: style.unwrap_or_else(|| "normal".to_owned()) },
        line,
    ))
}

fn mark(section: Section<'_>) -> Option<(Mark, usize)> {
    let line = section.place(section.span()).0;
    let is_picture = |text: &str| text.ends_with(".svg") || text.ends_with(".png") || text.ends_with(".webp");
    let file = checked(
        &section,
        "file",
        section.required("file", section.text("file")),
        is_picture,
        "a picture among the assets",
    );
    let alt = section.required("alt", section.localized("alt")).map(|found: Found<Localized>| found.value);
    section.done();
    Some((Mark { file: file?, alt: alt? }, line))
}

fn checked(
    section: &Section<'_>,
    key: &str,
    found: Option<Found<&str>>,
    is_good: impl Fn(&str) -> bool,
    wanted: &str,
) -> Option<String> {
    let found = found?;
    if is_good(found.value) {
        return Some(found.value.to_owned());
    }
    section.refuse(found.span, "E0504", format!("\"{key}\" is \"{}\", must be {wanted}", found.value));
    None
}

fn is_length(text: &str) -> bool {
    let number = ["px", "rem", "em"].iter().find_map(|unit| text.strip_suffix(unit));
    let is_number = |number: &str| {
        !number.is_empty()
            && number.len() <= 6
            && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            && number.parse::<f32>().is_ok()
    };
    text == "0" || number.is_some_and(is_number)
}

/// Families parted by commas: words, or names in quotes. Nothing that could end the declaration.
fn is_stack(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 200
        && text.split(',').all(|family| {
            let family = family.trim();
            let inner =
                family.strip_prefix(['"', '\'']).and_then(|rest| rest.strip_suffix(['"', '\''])).unwrap_or(family);
            is_family(inner)
        })
}

fn is_family(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 60
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || " -_".contains(letter))
}

fn is_font_file(text: &str) -> bool {
    text.ends_with(".woff2")
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte))
        && !text.contains("..")
}

fn is_weight(text: &str) -> bool {
    let is_one = |text: &str| text.parse::<u16>().is_ok_and(|weight| (1..=1000).contains(&weight));
    text.split(' ').count() <= 2 && text.split(' ').all(is_one)
}

//! Design tokens: what of a theme is not words or templates. Typed, complete after inheritance, written out at the head of `style.css`.
use super::colour::Colour;
use crate::tenancy::lang::Localized;
use std::fmt::Write;

/// Names of the colours, as in `theme.toml` and as CSS variables.
pub const COLOURS: [&str; 15] = [
    "primary",
    "on-primary",
    "accent",
    "on-accent",
    "paper",
    "surface",
    "ink",
    "muted",
    "line",
    "danger",
    "warning",
    "success",
    "focus",
    "chart-1",
    "chart-2",
];

/// Which of them are derived when absent: the name, and what it is derived from.
pub const DERIVED: [(&str, &str); 2] = [("on-primary", "primary"), ("on-accent", "accent")];

/// What must be legible on what, and how well. 4.5 is text, 3 is what is seen but not read: marks, lines of charts, the focus ring.
pub const PAIRS: [(&str, &str, f64); 18] = [
    ("ink", "paper", 4.5),
    ("ink", "surface", 4.5),
    ("muted", "paper", 4.5),
    ("muted", "surface", 4.5),
    ("on-primary", "primary", 4.5),
    ("on-accent", "accent", 4.5),
    ("danger", "paper", 4.5),
    ("danger", "surface", 4.5),
    ("warning", "paper", 4.5),
    ("warning", "surface", 4.5),
    ("success", "paper", 4.5),
    ("success", "surface", 4.5),
    ("focus", "paper", 3.0),
    ("focus", "surface", 3.0),
    ("chart-1", "surface", 3.0),
    ("chart-2", "surface", 3.0),
    ("chart-1", "paper", 3.0),
    ("chart-2", "paper", 3.0),
];

pub fn index(name: &str) -> Option<usize> {
    COLOURS.iter().position(|colour| *colour == name)
}

/// One scheme, in the order of `COLOURS`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Palette(pub [Colour; COLOURS.len()]);

impl Palette {
    pub fn get(&self, name: &str) -> Option<Colour> {
        index(name).map(|index| self.0[index])
    }

    /// Every pair that cannot be read: text, background, the ratio it has, the ratio it needs.
    pub fn illegible(&self) -> Vec<(&'static str, &'static str, f64, f64)> {
        let ratio = |text: &str, ground: &str| match (self.get(text), self.get(ground)) {
            (Some(text), Some(ground)) => text.contrast(ground),
            _ => 0.0,
        };
        PAIRS
            .into_iter()
            .map(|(text, ground, needed)| (text, ground, ratio(text, ground), needed))
            .filter(|(_, _, has, needed)| has < needed)
            .collect()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Density {
    Comfortable,
    Compact,
}

impl Density {
    pub fn parse(key: &str) -> Option<Density> {
        match key {
            "comfortable" => Some(Density::Comfortable),
            "compact" => Some(Density::Compact),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FontFace {
    pub family: String,
    /// Name of the asset, a woff2.
    pub file: String,
    /// CSS weight, one or a range: `400`, `300 700`.
    pub weight: String,
    pub style: String,
}

/// The supplier's sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub file: String,
    pub alt: Localized,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    pub light: Palette,
    pub dark: Palette,
    /// CSS length.
    pub radius: String,
    pub density: Density,
    /// CSS font stacks.
    pub text_font: String,
    pub heading_font: String,
    pub fonts: Vec<FontFace>,
    pub mark: Mark,
}

impl Tokens {
    /// `font_path` gives the hashed path of a font's file below `/assets/`.
    pub fn to_css<'a>(&self, font_path: impl Fn(&str) -> Option<&'a str>) -> String {
        let mut css = String::with_capacity(2048);
        let mut put = |text: std::fmt::Arguments<'_>| css.write_fmt(text).expect("writing to a string cannot fail");
        for font in &self.fonts {
            // Relative to /assets/<hash>/style.css, so that it holds under every mount.
            let path = font_path(&font.file).and_then(|path| path.strip_prefix("/assets/")).unwrap_or_default();
            put(format_args!(
                "@font-face{{font-family:\"{}\";src:url(\"../{path}\") format(\"woff2\");font-weight:{};font-style:{};font-display:optional}}\n",
                font.family, font.weight, font.style
            ));
        }
        let density = match self.density {
            Density::Comfortable => "1",
            Density::Compact => "0.8",
        };
        put(format_args!(":root{{color-scheme:light dark;\n--radius:{};--density:{density};\n", self.radius));
        put(format_args!("--font-text:{};\n--font-heading:{};\n", self.text_font, self.heading_font));
        let colours = |palette: &Palette| -> String {
            COLOURS.iter().zip(palette.0).map(|(name, colour)| format!("--{name}:{colour};")).collect()
        };
        put(format_args!("{}}}\n", colours(&self.light)));
        put(format_args!("@media (prefers-color-scheme:dark){{:root{{{}}}}}\n", colours(&self.dark)));
        css
    }
}

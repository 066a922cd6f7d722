//! Bar charts as SVG, drawn on the server: a scale, a unit, values on hover, two series told apart by pattern and shade.
//! The same figures stand in a table beside it; that is the template's part.
use super::format;
use crate::tenancy::Lang;
use std::fmt::Write;

/// How the two series of a point stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// The second before the first: a year ago, then now.
    Beside,
    /// The second on top of the first: registers that add up.
    Stacked,
}

pub struct Point {
    /// Short, under the axis.
    pub label: String,
    /// A gap where there is no value. The second series may be missing altogether.
    pub values: [Option<i64>; 2],
}

pub struct Bars<'a> {
    /// Unique on the page.
    pub id: &'a str,
    pub title: &'a str,
    pub description: &'a str,
    pub unit: &'a str,
    pub lang: Lang,
    pub layout: Layout,
    pub points: &'a [Point],
}

const WIDTH: i64 = 480;
const HEIGHT: i64 = 228;
const LEFT: i64 = 52;
const TOP: i64 = 32;
const BOTTOM: i64 = 24;
const FLOOR: i64 = HEIGHT - BOTTOM;
const ROOM: i64 = FLOOR - TOP;
/// More labels than this under the axis would touch.
const MOST_LABELS: usize = 12;

impl Bars<'_> {
    pub fn svg(&self) -> String {
        let mut out = String::with_capacity(1_200 + self.points.len() * 220);
        let id = self.id;
        _ = write!(
            out,
            "<svg class=\"chart__svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\">\
             <title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>{}",
            escaped(self.title),
            escaped(self.description),
            pattern(id)
        );
        let (top, step) = scale(self.highest());
        self.push_scale(&mut out, top, step);
        self.push_bars(&mut out, top);
        self.push_labels(&mut out);
        out.push_str("</svg>");
        out
    }

    fn highest(&self) -> i64 {
        let tallest = |point: &Point| match self.layout {
            Layout::Beside => point.values.iter().flatten().copied().max().unwrap_or(0),
            Layout::Stacked => point.values.iter().flatten().sum(),
        };
        self.points.iter().map(tallest).max().unwrap_or(0)
    }

    fn push_scale(&self, out: &mut String, top: i64, step: i64) {
        _ = write!(out, "<g class=\"chart__scale\" stroke=\"var(--line)\" stroke-width=\"1\"><path d=\"");
        for value in (0..=top / step).map(|count| count * step) {
            _ = write!(out, "M{LEFT} {}H{WIDTH}", FLOOR - value * ROOM / top);
        }
        out.push_str("\"/></g><g class=\"chart__words\" fill=\"var(--muted)\" font-size=\"12\" text-anchor=\"end\">");
        for value in (0..=top / step).map(|count| count * step) {
            let y = FLOOR - value * ROOM / top + 4;
            _ = write!(out, "<text x=\"{}\" y=\"{y}\">{}</text>", LEFT - 6, format::whole(self.lang, value));
        }
        _ = write!(out, "<text x=\"{}\" y=\"12\">{}</text></g>", LEFT - 6, escaped(self.unit));
    }

    fn push_bars(&self, out: &mut String, top: i64) {
        let slot = self.slot();
        let bar = match self.layout {
            Layout::Beside => (slot * 2 / 5).clamp(1, 28),
            Layout::Stacked => (slot * 3 / 5).clamp(1, 40),
        };
        for series in [1, 0] {
            _ = match series {
                0 => write!(out, "<g class=\"chart__bar chart__bar--1\" fill=\"var(--chart-1)\">"),
                _ => write!(
                    out,
                    "<g class=\"chart__bar chart__bar--2\" fill=\"url(#{}-p)\" stroke=\"var(--chart-2)\">",
                    self.id
                ),
            };
            for (index, point) in self.points.iter().enumerate() {
                let Some(value) = point.values[series].filter(|value| *value > 0) else { continue };
                let middle = LEFT + slot * index as i64 + slot / 2;
                let height = (value * ROOM / top).max(1);
                let (x, below) = match (self.layout, series) {
                    (Layout::Beside, 0) => (middle, 0),
                    (Layout::Beside, _) => (middle - bar, 0),
                    (Layout::Stacked, 0) => (middle - bar / 2, 0),
                    (Layout::Stacked, _) => (middle - bar / 2, point.values[0].unwrap_or(0).max(0) * ROOM / top),
                };
                let said = format::quantity(self.lang, value, self.unit);
                let (label, y) = (escaped(&point.label), FLOOR - below - height);
                _ = write!(
                    out,
                    "<rect x=\"{x}\" y=\"{y}\" width=\"{bar}\" height=\"{height}\"><title>{label}: {said}</title></rect>"
                );
            }
            out.push_str("</g>");
        }
    }

    fn push_labels(&self, out: &mut String) {
        let every = self.points.len().div_ceil(MOST_LABELS).max(1);
        let slot = self.slot();
        out.push_str("<g class=\"chart__words\" fill=\"var(--muted)\" font-size=\"12\" text-anchor=\"middle\">");
        for (index, point) in self.points.iter().enumerate().step_by(every) {
            let x = LEFT + slot * index as i64 + slot / 2;
            _ = write!(out, "<text x=\"{x}\" y=\"{}\">{}</text>", HEIGHT - 6, escaped(&point.label));
        }
        out.push_str("</g>");
    }

    /// Width of one point's place.
    fn slot(&self) -> i64 {
        (WIDTH - LEFT) / (self.points.len().max(1) as i64)
    }
}

/// Stripes that tell the second series from the first without colour.
fn pattern(id: &str) -> String {
    format!(
        "<defs><pattern id=\"{id}-p\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><rect width=\"5\" height=\"5\" fill=\"var(--surface)\"/>\
         <rect width=\"2\" height=\"5\" fill=\"var(--chart-2)\"/></pattern></defs>"
    )
}

/// A round top of the scale at or above `highest`, and a round step that divides it into two to five parts.
fn scale(highest: i64) -> (i64, i64) {
    let highest = highest.max(4);
    let mut power = 1;
    loop {
        for step in [1, 2, 5].map(|round| round * power) {
            if step * 4 >= highest {
                return ((highest + step - 1) / step * step, step);
            }
        }
        power *= 10;
    }
}

/// Text made safe inside an element or an attribute.
pub fn escaped(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return text.into();
    }
    text.chars()
        .fold(String::with_capacity(text.len() + 16), |mut out, letter| {
            match letter {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                other => out.push(other),
            }
            out
        })
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(values: &[[Option<i64>; 2]], layout: Layout) -> String {
        let points: Vec<Point> = values
            .iter()
            .enumerate()
            .map(|(index, values)| Point { label: format!("m{index}"), values: *values })
            .collect();
        Bars { id: "c", title: "A & B", description: "d", unit: "kWh", lang: Lang::Cs, layout, points: &points }.svg()
    }

    fn bars(svg: &str) -> usize {
        svg.matches("<rect x=").count()
    }

    #[test]
    fn nothing_one_twelve_and_thirty_six_points_are_all_drawn() {
        for (count, labels) in [(0, 0), (1, 1), (12, 12), (36, 12)] {
            let svg = drawn(&vec![[Some(100), Some(80)]; count], Layout::Beside);
            assert_eq!(bars(&svg), count * 2, "{count} points");
            let feet = svg.matches(&format!("y=\"{}\"", HEIGHT - 6)).count();
            assert_eq!(feet, labels, "{count} points");
            assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"));
        }
    }

    #[test]
    fn it_is_named_described_and_carries_no_inline_style() {
        let svg = drawn(&[[Some(1), None]], Layout::Beside);
        for part in [
            "role=\"img\"",
            "aria-labelledby=\"c-t c-d\"",
            "<title id=\"c-t\">A &amp; B</title>",
            "<desc id=\"c-d\">d</desc>",
        ] {
            assert!(svg.contains(part), "no {part}");
        }
        assert!(!svg.contains("style"));
    }

    #[test]
    fn gaps_stay_empty() {
        let svg = drawn(&[[Some(10), None], [None, None], [None, Some(5)], [Some(0), Some(0)]], Layout::Beside);
        assert_eq!(bars(&svg), 2);
    }

    #[test]
    fn registers_stack_up_to_their_sum() {
        let svg = drawn(&[[Some(60), Some(40)]], Layout::Stacked);
        let numbers = |attribute: &str| -> Vec<i64> {
            let mark = format!(" {attribute}=\"");
            let bars = svg.split("<rect x=").skip(1);
            bars.filter_map(|bar| bar.split(&mark).nth(1)?.split('"').next()?.parse().ok()).collect()
        };
        let (tops, heights) = (numbers("y"), numbers("height"));
        // The second series is drawn first, standing on the first.
        assert_eq!(tops[0] + heights[0], tops[1]);
        assert_eq!(tops[1] + heights[1], FLOOR);
    }

    #[test]
    fn the_scale_is_round_and_reaches_over_the_highest_bar() {
        for (highest, top, step) in
            [(0, 4, 1), (4, 4, 1), (5, 6, 2), (540, 600, 200), (1_234, 1_500, 500), (2_000, 2_000, 500)]
        {
            assert_eq!(scale(highest), (top, step), "{highest}");
        }
        for highest in (1..5_000).step_by(7) {
            let (top, step) = scale(highest);
            assert!(top >= highest && top % step == 0 && (2..=5).contains(&(top / step)), "{highest}: {top}/{step}");
        }
    }

    #[test]
    fn bars_stay_within_the_picture() {
        let values: Vec<_> = (0..36).map(|index| [Some(index * 100), Some(9_999)]).collect();
        let svg = drawn(&values, Layout::Beside);
        for bar in svg.split("<rect x=\"").skip(1) {
            let x: i64 = bar.split('"').next().expect("x").parse().expect("a number");
            assert!((LEFT - 1..WIDTH).contains(&x), "{x}");
            let y: i64 = bar
                .split(" y=\"")
                .nth(1)
                .and_then(|rest| rest.split('"').next())
                .expect("y")
                .parse()
                .expect("a number");
            assert!((0..=FLOOR).contains(&y), "{y}");
        }
    }
}

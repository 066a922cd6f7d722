//! Bar charts as SVG, drawn on the server: a scale, a unit, two series told apart by pattern and shade. Each point can be reached by
//! keyboard and finger and then says its values. The same figures stand in a table beside it; that is the template's part.
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
    /// What the series are called when a point says its values; an empty name leaves its series unsaid where it has no value.
    pub series: [&'a str; 2],
    /// Said where there is no value.
    pub gap: &'a str,
    pub lang: Lang,
    pub layout: Layout,
    pub points: &'a [Point],
    /// A picture beside which the values are not wanted one by one: its points cannot be reached.
    pub is_quiet: bool,
}

const WIDTH: i64 = 480;
const HEIGHT: i64 = 236;
const LEFT: i64 = 52;
const TOP: i64 = 40;
const BOTTOM: i64 = 24;
const FLOOR: i64 = HEIGHT - BOTTOM;
const ROOM: i64 = FLOOR - TOP;
/// More labels than this under the axis would touch.
const MOST_LABELS: usize = 12;

impl Bars<'_> {
    pub fn svg(&self) -> String {
        let mut out = String::with_capacity(2_000 + self.points.len() * 200);
        let id = self.id;
        let role = if self.is_quiet { "img" } else { "group" };
        let labelled = if self.is_quiet { String::new() } else { format!(" {id}-d") };
        _ = write!(
            out,
            "<svg class=\"chart__svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"{role}\" aria-labelledby=\"{id}-t{labelled}\">\
             <title id=\"{id}-t\">{}</title>",
            escaped(self.title)
        );
        if !self.is_quiet {
            _ = write!(out, "<desc id=\"{id}-d\">{}</desc>", escaped(self.description));
        }
        let (top, step) = scale(self.highest());
        self.push_scale(&mut out, top, step);
        for series in [1, 0] {
            self.push_bars(&mut out, series, top);
        }
        self.push_labels(&mut out);
        if !self.is_quiet {
            self.push_points(&mut out);
        }
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
        out.push_str("<path class=\"chart__scale\" d=\"");
        for value in (0..=top / step).map(|count| count * step) {
            _ = write!(out, "M{LEFT} {}H{WIDTH}", FLOOR - value * ROOM / top);
        }
        _ = write!(
            out,
            "\"/><g class=\"chart__words chart__words--scale\" transform=\"translate({} 4)\" aria-hidden=\"true\">",
            LEFT - 6
        );
        for value in (0..=top / step).map(|count| count * step) {
            let y = FLOOR - value * ROOM / top;
            _ = write!(out, "<text y=\"{y}\">{}</text>", format::whole(self.lang, value));
        }
        _ = write!(out, "<text y=\"10\">{}</text></g>", escaped(self.unit));
    }

    /// All bars of a series are one path: strokes as wide as a bar, from its top to its foot. The style sheet stripes the second.
    fn push_bars(&self, out: &mut String, series: usize, top: i64) {
        let slot = self.slot();
        let bar = match self.layout {
            Layout::Beside => (slot * 2 / 5).clamp(1, 28),
            Layout::Stacked => (slot * 3 / 5).clamp(1, 40),
        };
        let second = if series == 0 { "" } else { " chart__bar--2" };
        _ = write!(out, "<path class=\"chart__bar{second}\" stroke-width=\"{bar}\" d=\"");
        for (index, point) in self.points.iter().enumerate() {
            let Some(value) = point.values[series].filter(|value| *value > 0) else { continue };
            let middle = LEFT + slot * index as i64 + slot / 2;
            let height = (value * ROOM / top).max(1);
            let (x, below) = match (self.layout, series) {
                (Layout::Beside, 0) => (middle + bar / 2, 0),
                (Layout::Beside, _) => (middle - bar / 2, 0),
                (Layout::Stacked, 0) => (middle, 0),
                (Layout::Stacked, _) => (middle, point.values[0].unwrap_or(0).max(0) * ROOM / top),
            };
            for (mark, number) in [("M", x), (" ", FLOOR - below - height), ("v", height)] {
                out.push_str(mark);
                push_number(out, number);
            }
        }
        out.push_str("\"/>");
    }

    fn push_labels(&self, out: &mut String) {
        let every = self.points.len().div_ceil(MOST_LABELS).max(1);
        let slot = self.slot();
        _ = write!(
            out,
            "<g class=\"chart__words\" transform=\"translate({LEFT} {})\" aria-hidden=\"true\">",
            HEIGHT - 6
        );
        for (index, point) in self.points.iter().enumerate().step_by(every) {
            out.push_str("<text x=\"");
            push_number(out, slot * index as i64 + slot / 2);
            out.push_str("\">");
            out.push_str(&escaped(&point.label));
            out.push_str("</text>");
        }
        out.push_str("</g>");
    }

    /// What is pointed at: the whole height of a point's place, and the values it says above the bars.
    fn push_points(&self, out: &mut String) {
        let slot = self.slot();
        out.push_str("<g class=\"chart__points\">");
        for (index, point) in self.points.iter().enumerate() {
            let said = self.said(point);
            let x = LEFT + slot * index as i64;
            _ = write!(
                out,
                "<g tabindex=\"0\" role=\"img\" aria-label=\"{said}\"><path d=\"M{x} {FLOOR}h{slot}V22h-{slot}z\"/>\
                 <text x=\"{WIDTH}\" y=\"14\">{said}</text></g>"
            );
        }
        out.push_str("</g>");
    }

    fn said(&self, point: &Point) -> String {
        let mut said = format!("{}:", escaped(&point.label));
        let mut separator = " ";
        for (value, name) in point.values.iter().zip(self.series) {
            if value.is_none() && name.is_empty() {
                continue;
            }
            let value = value.map_or_else(|| self.gap.into(), |value| format::quantity(self.lang, value, self.unit));
            _ = write!(
                said,
                "{separator}{}{}{}",
                escaped(name),
                if name.is_empty() { "" } else { " " },
                escaped(&value)
            );
            separator = ", ";
        }
        said
    }

    /// Width of one point's place.
    fn slot(&self) -> i64 {
        (WIDTH - LEFT) / (self.points.len().max(1) as i64)
    }
}

/// A coordinate, from 0 to 999: dozens of them stand in each chart, and `write!` is ten times slower.
fn push_number(out: &mut String, number: i64) {
    for (place, least) in [(100, 100), (10, 10), (1, 0)] {
        if number >= least {
            out.push((b'0' + (number / place % 10) as u8) as char);
        }
    }
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
        let (title, series, lang) = ("A & B", ["now", "before"], Lang::Cs);
        let (points, is_quiet) = (points.as_slice(), false);
        Bars { id: "c", title, description: "d", unit: "kWh", series, gap: "none", lang, layout, points, is_quiet }
            .svg()
    }

    /// Left edge, foot, width and height of every bar, the second series first.
    fn bars(svg: &str) -> Vec<[i64; 4]> {
        let mut found = Vec::new();
        for path in svg.split("<path class=\"chart__bar").skip(1) {
            let value =
                |name: &str| path.split(name).nth(1).and_then(|rest| rest.split('"').next()).expect("an attribute");
            let width: i64 = value(" stroke-width=\"").parse().expect("a width");
            for stroke in value(" d=\"").split('M').skip(1) {
                let (middle, rest) = stroke.split_once(' ').expect("a place");
                let (top, height) = rest.split_once('v').expect("a height");
                let [middle, top, height] =
                    [middle, top, height].map(|number| number.parse::<i64>().expect("a number"));
                found.push([middle - width / 2, top + height, width, height]);
            }
        }
        found
    }

    #[test]
    fn nothing_one_twelve_and_thirty_six_points_are_all_drawn() {
        for (count, labels) in [(0, 0), (1, 1), (12, 12), (36, 12)] {
            let svg = drawn(&vec![[Some(100), Some(80)]; count], Layout::Beside);
            assert_eq!(bars(&svg).len(), count * 2, "{count} points");
            let under = svg
                .split(&format!("translate({LEFT} {})", HEIGHT - 6))
                .nth(1)
                .and_then(|rest| rest.split("</g>").next());
            assert_eq!(under.map(|under| under.matches("<text").count()), Some(labels), "{count} points");
            assert_eq!(svg.matches("tabindex=\"0\"").count(), count, "each point can be reached");
            assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"));
        }
    }

    #[test]
    fn it_is_named_described_and_carries_no_inline_style() {
        let svg = drawn(&[[Some(1), None]], Layout::Beside);
        for part in [
            "role=\"group\"",
            "aria-labelledby=\"c-t c-d\"",
            "<title id=\"c-t\">A &amp; B</title>",
            "<desc id=\"c-d\">d</desc>",
            "aria-label=\"m0: now 1\u{a0}kWh, before none\"",
        ] {
            assert!(svg.contains(part), "no {part}: {svg}");
        }
        assert!(!svg.contains("style"));
    }

    #[test]
    fn coordinates_are_written_as_they_are() {
        for number in 0..1000 {
            let mut out = String::new();
            push_number(&mut out, number);
            assert_eq!(out, number.to_string());
        }
    }

    #[test]
    fn gaps_stay_empty() {
        let svg = drawn(&[[Some(10), None], [None, None], [None, Some(5)], [Some(0), Some(0)]], Layout::Beside);
        assert_eq!(bars(&svg).len(), 2);
    }

    #[test]
    fn registers_stack_up_to_their_sum() {
        let svg = drawn(&[[Some(60), Some(40)]], Layout::Stacked);
        let [second, first] = bars(&svg)[..] else { panic!("two bars: {svg}") };
        assert_eq!(first[1], FLOOR);
        assert_eq!(second[1], FLOOR - first[3], "the second stands on the first");
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
        for [x, foot, width, height] in bars(&drawn(&values, Layout::Beside)) {
            assert!(x >= LEFT - 1 && x + width <= WIDTH, "{x}");
            assert!(foot <= FLOOR && foot - height >= TOP, "{foot} {height}");
        }
    }
}

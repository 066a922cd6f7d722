//! A supplier's mark: the path of an SVG, without arcs, drawn in one colour.
use krilla::geom::{Path, PathBuilder};

#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The `d` of a `<path>`: M L H V C S Q T Z, absolute or relative.
    pub path: String,
    /// Left, top, width, height, as in `viewBox`.
    pub view_box: [f32; 4],
}

impl Mark {
    /// Width at the given height.
    pub(super) fn width(&self, height: f32) -> f32 {
        if self.view_box[3] > 0.0 { self.view_box[2] / self.view_box[3] * height } else { 0.0 }
    }

    /// In points from its own corner. None when the path uses something we do not draw: the document then shows the supplier's name alone.
    pub(super) fn draw(&self, height: f32) -> Option<Path> {
        let [left, top, _, box_height] = self.view_box;
        let scale = height / box_height;
        if !scale.is_finite() || scale <= 0.0 {
            return None;
        }
        let place = |[px, py]: [f32; 2]| [(px - left) * scale, (py - top) * scale];
        let mut pen = Pen { path: PathBuilder::new(), at: [0.0; 2], start: [0.0; 2], control: None };
        let mut words = Words(&self.path);
        let mut command = words.command()?;
        loop {
            pen.step(command, &mut words, &place)?;
            command = match words.peek() {
                None => break,
                Some(next) if next.is_ascii_alphabetic() => words.command()?,
                // More numbers repeat the command; after a move they are lines.
                Some(_) => match command {
                    'M' => 'L',
                    'm' => 'l',
                    'Z' | 'z' => return None,
                    same => same,
                },
            };
        }
        pen.path.finish()
    }
}

struct Pen {
    path: PathBuilder,
    at: [f32; 2],
    start: [f32; 2],
    /// Last control point and whether it was a cubic's.
    control: Option<([f32; 2], bool)>,
}

impl Pen {
    fn step(&mut self, command: char, words: &mut Words<'_>, place: &dyn Fn([f32; 2]) -> [f32; 2]) -> Option<()> {
        let from = if command.is_ascii_lowercase() { self.at } else { [0.0; 2] };
        let mut point = || Some([words.number()? + from[0], words.number()? + from[1]]);
        let mirrored = |is_cubic: bool| match self.control {
            Some((control, kind)) if kind == is_cubic => [2.0 * self.at[0] - control[0], 2.0 * self.at[1] - control[1]],
            _ => self.at,
        };
        let mut control = None;
        match command.to_ascii_uppercase() {
            'M' => {
                self.at = point()?;
                self.start = self.at;
                let [x, y] = place(self.at);
                self.path.move_to(x, y);
            }
            'L' | 'H' | 'V' => {
                self.at = match command.to_ascii_uppercase() {
                    'L' => point()?,
                    'H' => [words.number()? + from[0], self.at[1]],
                    _ => [self.at[0], words.number()? + from[1]],
                };
                let [x, y] = place(self.at);
                self.path.line_to(x, y);
            }
            'C' | 'S' => {
                let first = if command.eq_ignore_ascii_case(&'C') { point()? } else { mirrored(true) };
                let (second, end) = (point()?, point()?);
                let ([x1, y1], [x2, y2], [x, y]) = (place(first), place(second), place(end));
                self.path.cubic_to(x1, y1, x2, y2, x, y);
                (self.at, control) = (end, Some((second, true)));
            }
            'Q' | 'T' => {
                let middle = if command.eq_ignore_ascii_case(&'Q') { point()? } else { mirrored(false) };
                let end = point()?;
                let ([x1, y1], [x, y]) = (place(middle), place(end));
                self.path.quad_to(x1, y1, x, y);
                (self.at, control) = (end, Some((middle, false)));
            }
            'Z' => {
                self.path.close();
                self.at = self.start;
            }
            _ => return None,
        }
        self.control = control;
        Some(())
    }
}

struct Words<'a>(&'a str);

impl Words<'_> {
    fn peek(&mut self) -> Option<char> {
        self.0 = self.0.trim_start_matches(|character: char| character.is_ascii_whitespace() || character == ',');
        self.0.chars().next()
    }

    fn command(&mut self) -> Option<char> {
        let command = self.peek().filter(char::is_ascii_alphabetic)?;
        self.0 = &self.0[1..];
        Some(command)
    }

    fn number(&mut self) -> Option<f32> {
        self.peek()?;
        let (mut end, mut has_dot, mut has_exponent) = (0, false, false);
        for (at, byte) in self.0.bytes().enumerate() {
            let after_exponent = at > 0 && matches!(self.0.as_bytes()[at - 1], b'e' | b'E');
            match byte {
                b'0'..=b'9' => {}
                b'+' | b'-' if at == 0 || after_exponent => {}
                b'.' if !has_dot && !has_exponent => has_dot = true,
                b'e' | b'E' if at > 0 && !has_exponent => has_exponent = true,
                _ => break,
            }
            end = at + 1;
        }
        let number = self.0[..end].parse().ok().filter(|number: &f32| number.is_finite())?;
        self.0 = &self.0[end..];
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(path: &str) -> Option<Path> {
        Mark { path: path.into(), view_box: [0.0, 0.0, 24.0, 24.0] }.draw(12.0)
    }

    #[test]
    fn the_usual_commands_are_drawn() {
        for path in
            ["M0 0h24v24H0z", "M12,2 4-5.5 .5.5z", "m2 2c1 1 2 2 3 3s1-1 2 0q1 1 2 2t1e0 1Z", "M1 1L2 2M3 3l1-1"]
        {
            assert!(drawn(path).is_some(), "{path}");
        }
    }

    #[test]
    fn anything_else_is_no_mark_and_no_panic() {
        for path in ["", "0 0", "M", "M1", "A1 1 0 0 0 1 1", "M0 0Z1 1", "M0 0 L1 e", "M 0 0 Lé", "M1e99 0L0 0"] {
            assert!(drawn(path).is_none(), "{path}");
        }
    }
}

//! QR codes as SVG: dark squares on white whatever the colour scheme, so that every banking application reads them.
use fast_qr::{ECL, QRBuilder, QRCode};
use std::fmt::Write;

/// Squares of white around the code that readers need (ISO/IEC 18004).
const QUIET: usize = 4;

/// The code of `text` at error correction level M, announced as `label`; none when the text does not fit.
pub fn svg(text: &str, label: &str) -> Option<String> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let side = code.size + 2 * QUIET;
    let mut out = String::with_capacity(4096);
    let opening = format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qr\" viewBox=\"0 0 {side} {side}\" width=\"200\" \
         height=\"200\" role=\"img\" aria-label=\"{}\" shape-rendering=\"crispEdges\"><rect width=\"{side}\" \
         height=\"{side}\" fill=\"#fff\"/><path fill=\"#000\" d=\"",
        super::chart::escaped(label)
    );
    out.write_fmt(opening).ok()?;
    push_runs(&mut out, &code);
    out.push_str("\"/></svg>");
    Some(out)
}

/// One rectangle for each run of dark squares in a row.
fn push_runs(out: &mut String, code: &QRCode) {
    for y in 0..code.size {
        let row = &code[y][..code.size];
        let mut x = 0;
        while x < code.size {
            let run = row[x..].iter().take_while(|square| square.value()).count();
            if run > 0 {
                _ = write!(out, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAYMENT: &str =
        "SPD*1.0*ACC:CZ6508000000192000145399*AM:1500.00*CC:CZK*DT:20261215*MSG:ZALOHA*X-VS:1234567890";

    /// Draws the path again and compares it with the code, square by square.
    #[test]
    fn the_path_covers_exactly_the_dark_squares() {
        let drawn = svg(PAYMENT, "QR").expect("fits");
        let code = QRBuilder::new(PAYMENT).ecl(ECL::M).build().expect("fits");
        let width = code.size;
        let mut dark = vec![false; width * width];
        let path = drawn.split(" d=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a path");
        for run in path.split('M').skip(1) {
            let (x, rest) = run.split_once(' ').expect("x and y");
            let (y, rest) = rest.split_once('h').expect("a run");
            let length: usize = rest.split('v').next().expect("a length").parse().expect("a number");
            let (x, y): (usize, usize) = (x.parse().expect("a number"), y.parse().expect("a number"));
            (x..x + length).for_each(|x| dark[(y - QUIET) * width + x - QUIET] = true);
        }
        let expected: Vec<bool> =
            (0..width).flat_map(|y| code[y][..width].iter().map(|square| square.value())).collect();
        assert!(dark == expected);
    }

    #[test]
    fn the_label_is_escaped_and_what_does_not_fit_is_refused() {
        assert!(svg("A", "a \"b\" <c>").expect("fits").contains("aria-label=\"a &quot;b&quot; &lt;c&gt;\""));
        assert_eq!(svg(&"x".repeat(3_000), "QR"), None);
    }
}

//! A QR code as one path around its dark areas: no seams between modules, and half the bytes of a rectangle for each.
use super::Error;
use fast_qr::{ECL, QRBuilder, QRCode};
use krilla::geom::{Path, PathBuilder};

/// Light modules around the code (ISO/IEC 18004 asks for four).
const QUIET: usize = 4;

/// The code in whole modules, its quiet zone with it, and how many of them a side has.
pub(super) fn path(payload: &str) -> Result<(Path, f32), Error> {
    let code = QRBuilder::new(payload).ecl(ECL::M).build().map_err(|_| Error::Qr(payload.len()))?;
    let mut path = PathBuilder::new();
    for corners in outlines(&code) {
        for (at, [x, y]) in corners.into_iter().enumerate() {
            let (x, y) = ((QUIET + x) as f32, (QUIET + y) as f32);
            if at == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
        }
        path.close();
    }
    let path = path.finish().ok_or(Error::Qr(payload.len()))?;
    Ok((path, (code.size + 2 * QUIET) as f32))
}

/// The corners of every outline, walked with the dark on the right hand.
fn outlines(code: &QRCode) -> Vec<Vec<[usize; 2]>> {
    let side = code.size + 1;
    let is_light = |x: usize, y: usize| x >= code.size || y >= code.size || !code[y][x].value();
    // Where one may go on from each corner: a bit each for right, down, left and up.
    let mut exits = vec![0_u8; side * side];
    for (x, y) in (0..code.size).flat_map(|y| (0..code.size).map(move |x| (x, y))) {
        if is_light(x, y) {
            continue;
        }
        let corner = y * side + x;
        exits[corner] |= u8::from(is_light(x, y.wrapping_sub(1)));
        exits[corner + 1] |= u8::from(is_light(x + 1, y)) << 1;
        exits[corner + side + 1] |= u8::from(is_light(x, y + 1)) << 2;
        exits[corner + side] |= u8::from(is_light(x.wrapping_sub(1), y)) << 3;
    }
    let mut outlines = Vec::new();
    for start in 0..exits.len() {
        while exits[start] != 0 {
            let (mut corners, mut corner, mut heading) = (Vec::new(), start, None);
            loop {
                let exit = exits[corner].trailing_zeros();
                exits[corner] &= !(1 << exit);
                if heading.replace(exit) != Some(exit) {
                    corners.push([corner % side, corner / side]);
                }
                corner = match exit {
                    0 => corner + 1,
                    1 => corner + side,
                    2 => corner - 1,
                    _ => corner - side,
                };
                if corner == start {
                    break;
                }
            }
            outlines.push(corners);
        }
    }
    outlines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outlines_go_around_exactly_the_dark_modules() {
        for payload in ["A", "SPD*1.0*ACC:CZ6508000000192000145399*AM:1500.00*CC:CZK", &"Žluťoučký kůň ".repeat(30)]
        {
            let code = QRBuilder::new(payload).ecl(ECL::M).build().expect("fits");
            let outlines = outlines(&code);
            let sides = || outlines.iter().flat_map(|corners| corners.iter().zip(corners.iter().cycle().skip(1)));
            for (x, y) in (0..code.size).flat_map(|y| (0..code.size).map(move |x| (x, y))) {
                // A ray from the left edge to the module crosses an odd number of upright sides.
                let is_crossed = |([x1, y1], [x2, y2]): &(&[usize; 2], &[usize; 2])| {
                    x1 == x2 && *x1 <= x && *y1.min(y2) <= y && y < *y1.max(y2)
                };
                assert_eq!(sides().filter(is_crossed).count() % 2 == 1, code[y][x].value(), "{payload}: {x} {y}");
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(path(&"x".repeat(3_000)).err(), Some(Error::Qr(3_000)));
    }
}

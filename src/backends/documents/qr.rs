//! A QR code as one path of rectangles.
use super::Error;
use krilla::geom::{Path, PathBuilder, Rect};
use qrcode::{Color, EcLevel, QrCode};

/// Light modules around the code (ISO/IEC 18004 asks for four).
const QUIET: f32 = 4.0;

/// The code within a square of `side` points.
pub(super) fn path(payload: &str, x: f32, y: f32, side: f32) -> Result<Path, Error> {
    let code = QrCode::with_error_correction_level(payload, EcLevel::M).map_err(|_| Error::Qr(payload.len()))?;
    let modules = code.width();
    let step = side / (modules as f32 + 2.0 * QUIET);
    let colours = code.to_colors();
    let mut path = PathBuilder::new();
    for (row, line) in colours.chunks(modules).enumerate() {
        let mut column = 0;
        while column < modules {
            let run = line[column..].iter().take_while(|colour| **colour == Color::Dark).count();
            if run > 0 {
                let left = x + (QUIET + column as f32) * step;
                let top = y + (QUIET + row as f32) * step;
                if let Some(rect) = Rect::from_xywh(left, top, run as f32 * step, step) {
                    path.push_rect(rect);
                }
            }
            column += run.max(1);
        }
    }
    path.finish().ok_or(Error::Qr(payload.len()))
}

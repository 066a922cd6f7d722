//! What a file is and how large a picture: magic bytes and headers.
use super::{FileKind, Unwelcome};

/// By magic bytes.
pub fn kind_of(content: &[u8]) -> Result<FileKind, Unwelcome> {
    let starts = |magic: &[u8]| content.starts_with(magic);
    let brand = content.get(8..12).unwrap_or_default();
    let is_heic = content.get(4..8) == Some(b"ftyp")
        && matches!(brand, b"heic" | b"heix" | b"heim" | b"heis" | b"mif1" | b"msf1" | b"hevc");
    match () {
        () if starts(b"%PDF-") => Ok(FileKind::Pdf),
        () if starts(&[0xff, 0xd8, 0xff]) => Ok(FileKind::Jpeg),
        () if starts(b"\x89PNG\r\n\x1a\n") => Ok(FileKind::Png),
        () if starts(b"RIFF") && brand == b"WEBP" => Ok(FileKind::Webp),
        () if is_heic => Ok(FileKind::Heic),
        () if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") || starts(b"PK\x07\x08") => Err(Unwelcome::Zip),
        () if starts(b"MZ") && content.contains(&0) => Err(Unwelcome::Executable),
        () if starts(b"\x7fELF") || starts(b"#!") => Err(Unwelcome::Executable),
        () if [b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"]
            .iter()
            .any(|magic| starts(*magic)) =>
        {
            Err(Unwelcome::Executable)
        }
        () => text_kind(content),
    }
}

/// Text has no control characters but tabs and line ends, and is not the source of a page or a drawing.
fn text_kind(content: &[u8]) -> Result<FileKind, Unwelcome> {
    if content.iter().any(|byte| (*byte < 0x20 && !b"\t\r\n".contains(byte)) || *byte == 0x7f) {
        return Err(Unwelcome::Unknown);
    }
    let lower = content.to_ascii_lowercase();
    let has = |word: &str| lower.windows(word.len()).any(|window| window == word.as_bytes());
    match () {
        () if has("<svg") => Err(Unwelcome::Svg),
        () if ["<!doctype", "<html", "<script", "<body", "<iframe"].iter().any(|tag| has(tag)) => Err(Unwelcome::Html),
        () if has("<?xml") => Err(Unwelcome::Unknown),
        () => Ok(FileKind::Text),
    }
}

/// Width and height of a PNG or JPEG by its header; zeros when the header is broken, none for other kinds.
pub fn pixels(kind: FileKind, content: &[u8]) -> Option<(u32, u32)> {
    match kind {
        FileKind::Png => Some(png_size(content).unwrap_or_default()),
        FileKind::Jpeg => Some(jpeg_size(content).unwrap_or_default()),
        _ => None,
    }
}

/// IHDR is always the first chunk.
fn png_size(content: &[u8]) -> Option<(u32, u32)> {
    let header = content.get(12..24)?.strip_prefix(b"IHDR")?;
    let number = |at: usize| header.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    Some((number(0)?, number(4)?))
}

/// Segments are walked to the first start of frame (SOF0–SOF15 but DHT, JPG and DAC).
fn jpeg_size(content: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from(*content.get(at)?) << 8 | u32::from(*content.get(at + 1)?));
    let mut at = 2;
    loop {
        let marker = match (content.get(at)?, content.get(at + 1)?) {
            (0xff, 0xff) => {
                at += 1;
                continue;
            }
            (0xff, marker) => *marker,
            _ => return None,
        };
        match marker {
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => return Some((number(at + 7)?, number(at + 5)?)),
            0x01 | 0xd0..=0xd7 => at += 2,
            0xd9 | 0xda => return None,
            _ => at += 2 + usize::try_from(number(at + 2)?.max(2)).ok()?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AttachmentError, accept};
    use super::*;
    use proptest::prelude::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut out = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        out.extend(width.to_be_bytes());
        out.extend(height.to_be_bytes());
        out
    }

    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        // An application segment of six bytes, a filling byte, the start of frame.
        let mut out = b"\xff\xd8\xff\xe0\x00\x06JFIF\xff\xff\xc2\x00\x11\x08".to_vec();
        out.extend(height.to_be_bytes());
        out.extend(width.to_be_bytes());
        out
    }

    #[test]
    fn kinds_are_known_by_their_first_bytes() {
        for (content, kind) in [
            (&b"%PDF-1.4"[..], Ok(FileKind::Pdf)),
            (&png(1, 1), Ok(FileKind::Png)),
            (&jpeg(1, 1), Ok(FileKind::Jpeg)),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Ok(FileKind::Webp)),
            (b"\0\0\0\x18ftypheic\0\0", Ok(FileKind::Heic)),
            ("stav;měřič\r\n".as_bytes(), Ok(FileKind::Text)),
            (b"EAN;stav\n\x9e\xe8", Ok(FileKind::Text)),
            (b"MZDY 2026", Ok(FileKind::Text)),
            (b"\xef\xbb\xbf<?xml version=\"1.0\"?><SVG onload=x>", Err(Unwelcome::Svg)),
            (b"  <!DOCTYPE html>", Err(Unwelcome::Html)),
            (b"hello <script>", Err(Unwelcome::Html)),
            (b"PK\x03\x04....", Err(Unwelcome::Zip)),
            (b"MZ\x90\0", Err(Unwelcome::Executable)),
            (b"\x7fELF", Err(Unwelcome::Executable)),
            (b"#!/bin/sh\n", Err(Unwelcome::Executable)),
            (b"<?xml version=\"1.0\"?><a/>", Err(Unwelcome::Unknown)),
            (b"a\0b", Err(Unwelcome::Unknown)),
            (b"GIF89a\x01\0", Err(Unwelcome::Unknown)),
        ] {
            assert_eq!(kind_of(content), kind, "{content:?}");
        }
    }

    #[test]
    fn pictures_are_measured_before_they_are_decoded() {
        assert_eq!(pixels(FileKind::Png, &png(640, 480)), Some((640, 480)));
        assert_eq!(pixels(FileKind::Jpeg, &jpeg(640, 480)), Some((640, 480)));
        assert_eq!(pixels(FileKind::Pdf, b"%PDF-"), None);
        for (width, height) in [(20_000, 20_000), (0, 10), (10, 0), (u32::MAX, u32::MAX)] {
            assert_eq!(accept("a.png", &png(width, height)), Err(AttachmentError::Pixels { width, height }));
        }
        assert!(accept("a.png", &png(8_000, 5_000)).is_ok());
        assert_eq!(accept("a.jpg", &jpeg(9_000, 9_000)), Err(AttachmentError::Pixels { width: 9_000, height: 9_000 }));
        assert_eq!(accept("a.jpg", b"\xff\xd8\xff\xd9"), Err(AttachmentError::Pixels { width: 0, height: 0 }));
    }

    proptest! {
        #[test]
        fn a_broken_header_is_no_panic(rest in prop::collection::vec(any::<u8>(), 0..80)) {
            let with = |start: &[u8]| [start, &rest].concat();
            let _ = pixels(FileKind::Jpeg, &with(b"\xff\xd8\xff"));
            let _ = pixels(FileKind::Png, &with(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"));
        }
    }
}

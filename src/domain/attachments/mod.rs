//! What customers may attach: judged by its first bytes, never by its name alone. Nothing is decoded here; a picture's size is read from its header.
mod content;

pub use content::{kind_of, pixels};

pub const MOST_BYTES: usize = 10 * 1024 * 1024;
pub const MOST_FILES: usize = 5;
/// Of all files together; the way in refuses a little more than that unread (`server.max_upload_bytes`).
pub const MOST_IN_ALL: usize = 19 * 1024 * 1024;
/// A photograph of 40 megapixels is beyond any phone's need.
pub const MOST_PIXELS: u64 = 40_000_000;
const NAME_LENGTH: usize = 120;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    Pdf,
    Jpeg,
    Png,
    Webp,
    Heic,
    /// Plain text, CSV too.
    Text,
}

/// What is not taken, recognised so that the customer is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unwelcome {
    Svg,
    Html,
    /// ZIP and what is one inside: docx, xlsx, jar.
    Zip,
    Executable,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttachmentError {
    Empty,
    TooLarge {
        bytes: usize,
    },
    TooMany {
        count: usize,
    },
    TooMuch {
        bytes: usize,
    },
    Kind(Unwelcome),
    /// The name's ending promises something else than the content is.
    Extension(FileKind),
    /// A picture without a size, or of more than 40 megapixels.
    Pixels {
        width: u32,
        height: u32,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub name: String,
    pub kind: FileKind,
    pub bytes: usize,
}

impl FileKind {
    pub fn media_type(self) -> &'static str {
        match self {
            FileKind::Pdf => "application/pdf",
            FileKind::Jpeg => "image/jpeg",
            FileKind::Png => "image/png",
            FileKind::Webp => "image/webp",
            FileKind::Heic => "image/heic",
            FileKind::Text => "text/plain",
        }
    }

    /// Endings it may bear; the first is the usual one.
    fn extensions(self) -> &'static [&'static str] {
        match self {
            FileKind::Pdf => &["pdf"],
            FileKind::Jpeg => &["jpg", "jpeg", "jpe"],
            FileKind::Png => &["png"],
            FileKind::Webp => &["webp"],
            FileKind::Heic => &["heic", "heif"],
            FileKind::Text => &["txt", "csv"],
        }
    }
}

/// One file as it came, by its content and its name.
pub fn accept(name: &str, content: &[u8]) -> Result<Attachment, AttachmentError> {
    if content.is_empty() {
        return Err(AttachmentError::Empty);
    }
    if content.len() > MOST_BYTES {
        return Err(AttachmentError::TooLarge { bytes: content.len() });
    }
    let kind = kind_of(content).map_err(AttachmentError::Kind)?;
    if let Some((width, height)) = pixels(kind, content)
        && (width == 0 || height == 0 || u64::from(width) * u64::from(height) > MOST_PIXELS)
    {
        return Err(AttachmentError::Pixels { width, height });
    }
    Ok(Attachment { name: cleaned(name, kind)?, kind, bytes: content.len() })
}

/// Before any is looked at: how many a request has, and how large they are together.
pub fn accept_all(sizes: impl ExactSizeIterator<Item = usize>) -> Result<(), AttachmentError> {
    let count = sizes.len();
    let bytes = sizes.sum();
    match () {
        () if count > MOST_FILES => Err(AttachmentError::TooMany { count }),
        () if bytes > MOST_IN_ALL => Err(AttachmentError::TooMuch { bytes }),
        () => Ok(()),
    }
}

/// The last part of the path, without control and reserved characters, at most 120 characters with an ending that fits the content.
fn cleaned(name: &str, kind: FileKind) -> Result<String, AttachmentError> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_kept = |letter: &char| {
        let is_hidden =
            matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
        !letter.is_control() && !is_hidden && !"<>:\"|?*".contains(*letter)
    };
    let plain: String = last.chars().filter(is_kept).collect();
    let plain = plain.trim_matches(|letter: char| letter == '.' || letter.is_whitespace());
    let usual = kind.extensions()[0];
    let (stem, extension) = plain.rsplit_once('.').unwrap_or((plain, usual));
    let extension = extension.to_lowercase();
    if !kind.extensions().contains(&extension.as_str()) {
        return Err(AttachmentError::Extension(kind));
    }
    let stem: String = stem.chars().take(NAME_LENGTH - extension.len() - 1).collect();
    let stem = stem.trim_end_matches(|letter: char| letter == '.' || letter.is_whitespace());
    Ok(format!("{}.{extension}", if stem.is_empty() { "attachment" } else { stem }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PDF: &[u8] = b"%PDF-1.7\n";

    #[test]
    fn names_lose_their_path_and_what_is_hidden_in_them() {
        for (typed, name) in [
            ("Revizní zpráva.PDF", "Revizní zpráva.pdf"),
            ("C:\\Users\\jan\\scan.pdf", "scan.pdf"),
            ("../../etc/passwd.pdf", "passwd.pdf"),
            ("scan", "scan.pdf"),
            ("", "attachment.pdf"),
            (".pdf", "pdf.pdf"),
            ("a\u{202e}b\0\r\n\".pdf", "ab.pdf"),
            ("a . .pdf", "a.pdf"),
        ] {
            assert_eq!(accept(typed, PDF).map(|file| file.name).as_deref(), Ok(name), "{typed:?}");
        }
        let long = accept(&format!("{}.pdf", "ž".repeat(300)), PDF).map(|file| file.name.chars().count());
        assert_eq!(long, Ok(120));
    }

    #[test]
    fn a_name_must_not_promise_another_content() {
        for name in ["photo.jpg", "run.pdf.exe", "scan.pdf.html"] {
            assert_eq!(accept(name, PDF), Err(AttachmentError::Extension(FileKind::Pdf)), "{name}");
        }
        assert_eq!(accept("a.csv", b"a;b").map(|file| file.kind), Ok(FileKind::Text));
        assert_eq!(accept("photo.jpg", b"<svg onload=x>"), Err(AttachmentError::Kind(Unwelcome::Svg)));
    }

    #[test]
    fn files_are_few_and_not_large() {
        assert_eq!(accept("a.txt", b""), Err(AttachmentError::Empty));
        let large = vec![b'a'; MOST_BYTES + 1];
        assert_eq!(accept("a.txt", &large), Err(AttachmentError::TooLarge { bytes: MOST_BYTES + 1 }));
        assert!(accept("a.txt", &large[1..]).is_ok());
        assert_eq!(accept_all([MOST_IN_ALL, 0, 0, 0, 0].into_iter()), Ok(()));
        assert_eq!(accept_all([1; 6].into_iter()), Err(AttachmentError::TooMany { count: 6 }));
        let bytes = MOST_IN_ALL + 1;
        assert_eq!(accept_all([MOST_IN_ALL, 1].into_iter()), Err(AttachmentError::TooMuch { bytes }));
    }

    proptest! {
        #[test]
        fn no_name_or_content_makes_it_panic(name in ".{0,200}", content in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = accept(&name, &content);
        }

        #[test]
        fn a_cleaned_name_is_clean(name in "(?s).{0,200}") {
            if let Ok(file) = accept(&name, PDF) {
                prop_assert!(file.name.chars().count() <= 120);
                prop_assert!(!file.name.contains(['/', '\\', '\0', '\n', '"']) && !file.name.starts_with('.'));
                prop_assert_eq!(accept(&file.name, PDF).map(|again| again.name), Ok(file.name));
            }
        }
    }
}

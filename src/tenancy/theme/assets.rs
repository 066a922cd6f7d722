//! What pages load beside themselves: content-hashed, compressed once, kept in memory.
use crate::tenancy::problem::Problem;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::Write;
use std::sync::{LazyLock, Mutex, PoisonError};

#[derive(Clone, Debug)]
pub struct Asset {
    pub bytes: Bytes,
    /// None where compressing gains nothing.
    pub br: Option<Bytes>,
    pub gzip: Option<Bytes>,
    pub media_type: &'static str,
    pub etag: String,
    pub hash: String,
    /// `/assets/<hash>/<name>`.
    pub path: String,
}

const MEDIA_TYPES: [(&str, &str); 12] = [
    ("css", "text/css; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("webp", "image/webp"),
    ("ico", "image/x-icon"),
    ("woff2", "font/woff2"),
    ("txt", "text/plain; charset=utf-8"),
    ("json", "application/json"),
    ("webmanifest", "application/manifest+json"),
    ("pdf", "application/pdf"),
];
const LARGEST: usize = 4 * 1024 * 1024;
/// Below this the header of an encoding costs more than it gains.
const SMALLEST_COMPRESSED: usize = 256;

impl Asset {
    pub fn new(file: &str, name: &str, bytes: Bytes) -> Result<Asset, Problem> {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let media_type = MEDIA_TYPES.iter().find(|(known, _)| *known == extension).map(|(_, media_type)| *media_type);
        let Some(media_type) = media_type else {
            let problem = Problem::of_file(file, "E0505", format!("unknown kind of asset \".{extension}\""));
            return Err(problem.nearest(extension, MEDIA_TYPES.iter().map(|(known, _)| *known)));
        };
        if bytes.len() > LARGEST {
            return Err(Problem::of_file(
                file,
                "E0506",
                format!("the asset has {} bytes; at most {LARGEST}", bytes.len()),
            ));
        }
        if extension == "svg" {
            check_svg(file, &bytes)?;
        }
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        let hash = hex::encode(&digest[..8]);
        let is_text = media_type.starts_with("text/") || ["svg", "json", "webmanifest"].contains(&extension);
        let (br, gzip) =
            if is_text && bytes.len() >= SMALLEST_COMPRESSED { compressed(digest, &bytes) } else { (None, None) };
        let path = format!("/assets/{hash}/{name}");
        Ok(Asset { bytes, br, gzip, media_type, etag: format!("\"{hash}\""), hash, path })
    }
}

/// Pictures are shown by `<img>`, where scripts sleep; opened directly they would wake.
fn check_svg(file: &str, bytes: &[u8]) -> Result<(), Problem> {
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let without_names = text.replace("http://www.w3.org/", "");
    let forbidden =
        ["<script", "<foreignobject", "<!entity", "<iframe", "@import", "javascript:", "http://", "https://", " on"];
    let is_handler = |text: &str| {
        text.match_indices(" on").any(|(at, _)| {
            let rest = text[at + 3..].trim_start_matches(|letter: char| letter.is_ascii_lowercase());
            rest.starts_with('=')
        })
    };
    let found = forbidden.iter().find(|word| match **word {
        " on" => is_handler(&without_names),
        word => without_names.contains(word),
    });
    match found {
        Some(word) => Err(Problem::of_file(file, "E0507", format!("the picture contains \"{}\"", word.trim()))),
        None => Ok(()),
    }
}

type Pair = (Option<Bytes>, Option<Bytes>);

/// By content, for the life of the process: eight themes share most of theirs, and a reload changes few.
static COMPRESSED: LazyLock<Mutex<HashMap<[u8; 32], Pair>>> = LazyLock::new(Mutex::default);

fn compressed(digest: [u8; 32], bytes: &[u8]) -> Pair {
    let known = COMPRESSED.lock().unwrap_or_else(PoisonError::into_inner).get(&digest).cloned();
    if let Some(pair) = known {
        return pair;
    }
    let smaller = |packed: Vec<u8>| (packed.len() < bytes.len()).then(|| Bytes::from(packed));
    let pair = (smaller(brotli(bytes)), smaller(gzip(bytes)));
    COMPRESSED.lock().unwrap_or_else(PoisonError::into_inner).insert(digest, pair.clone());
    pair
}

/// High enough to be small, low enough not to be noticed at the start (a few milliseconds for all themes).
const BROTLI_QUALITY: u32 = 5;

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(bytes.len() / 3);
    let mut writer = brotli::CompressorWriter::new(&mut packed, 4096, BROTLI_QUALITY, 20);
    writer.write_all(bytes).expect("writing to memory cannot fail");
    drop(writer);
    packed
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::with_capacity(bytes.len() / 3), flate2::Compression::new(6));
    writer.write_all(bytes).expect("writing to memory cannot fail");
    writer.finish().expect("writing to memory cannot fail")
}

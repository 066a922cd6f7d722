//! Text within an address or a header (RFC 3986, RFC 8187): all but unreserved letters as %XX of their UTF-8.
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub fn encoded(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

/// The same with slashes as they are.
pub fn encoded_path(path: &str) -> PercentEncode<'_> {
    const RESERVED_IN_PATHS: &AsciiSet = &RESERVED.remove(b'/');
    utf8_percent_encode(path, RESERVED_IN_PATHS)
}

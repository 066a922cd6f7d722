//! `.isdocx`: a ZIP with the manifest, the `.isdoc` and the PDF. Own writer, because the standard asks for a flag (bit 11: names are UTF-8)
//! on every entry, and those who write archives for us set it for names beyond ASCII only. PKWARE's APPNOTE 6.3.
use super::super::Error;
use super::xml::Xml;
use super::{Attachment, Isdoc, written};

const MANIFEST: &str = "http://isdoc.cz/namespace/2013/manifest";
/// ZIP 2.0.
const ZIP: u16 = 20;
const UTF8: u16 = 1 << 11;
const STORED: u16 = 0;
/// Midnight of the format's first day, 1 January 1980: an archive does not tell when it was packed.
const TIME: u16 = 0;
const DATE: u16 = (1 << 5) | 1;

/// The archive. Its files are named after the invoice's number; the PDF is the document's preview.
pub fn isdocx(input: &Isdoc<'_>, pdf: &[u8]) -> Result<Vec<u8>, Error> {
    let stem = file_stem(&input.settlement.invoice.number);
    let (main, preview) = (format!("{stem}.isdoc"), format!("{stem}.pdf"));
    let isdoc = written(input, Some(&Attachment { name: &preview, bytes: pdf }))?;
    let manifest = manifest(&main)?;
    zip(&[("manifest.xml", &manifest), (&main, &isdoc), (&preview, pdf)])
}

/// Letters, digits, dash, dot and underscore of ASCII; the manifest takes an address, and so do mail and web.
pub fn file_stem(number: &str) -> String {
    let kept = |letter: char| if letter.is_ascii_alphanumeric() || "-_.".contains(letter) { letter } else { '-' };
    let stem: String = number.trim().chars().map(kept).take(100).collect();
    let stem = stem.trim_start_matches('.');
    if stem.is_empty() { "faktura".to_owned() } else { stem.to_owned() }
}

fn manifest(main: &str) -> Result<Vec<u8>, Error> {
    let mut xml = Xml::new()?;
    xml.within_with("manifest", &[("xmlns", MANIFEST)], |xml| xml.empty("maindocument", &[("filename", main)]))?;
    Ok(xml.bytes())
}

fn zip(files: &[(&str, &[u8])]) -> Result<Vec<u8>, Error> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let at = length(archive.len())?;
        let shape = shape(name, bytes)?;
        put32(&mut archive, 0x0403_4b50);
        archive.extend_from_slice(&shape);
        archive.extend_from_slice(name.as_bytes());
        archive.extend_from_slice(bytes);
        put32(&mut directory, 0x0201_4b50);
        put16(&mut directory, ZIP);
        directory.extend_from_slice(&shape);
        // No comment, first disk, no attributes within or without.
        directory.extend_from_slice(&[0; 10]);
        put32(&mut directory, at);
        directory.extend_from_slice(name.as_bytes());
    }
    let (at, size) = (length(archive.len())?, length(directory.len())?);
    let count = u16::try_from(files.len()).map_err(|_| Error::Large)?;
    archive.extend_from_slice(&directory);
    put32(&mut archive, 0x0605_4b50);
    put32(&mut archive, 0);
    put16(&mut archive, count);
    put16(&mut archive, count);
    put32(&mut archive, size);
    put32(&mut archive, at);
    put16(&mut archive, 0);
    Ok(archive)
}

/// What a file's own head and its line in the directory have in common.
fn shape(name: &str, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    let size = length(bytes.len())?;
    let mut shape = Vec::new();
    for part in [ZIP, UTF8, STORED, TIME, DATE] {
        put16(&mut shape, part);
    }
    for part in [crc.sum(), size, size] {
        put32(&mut shape, part);
    }
    put16(&mut shape, u16::try_from(name.len()).map_err(|_| Error::Large)?);
    put16(&mut shape, 0);
    Ok(shape)
}

fn length(bytes: usize) -> Result<u32, Error> {
    u32::try_from(bytes).map_err(|_| Error::Large)
}

fn put16(bytes: &mut Vec<u8>, number: u16) {
    bytes.extend_from_slice(&number.to_le_bytes());
}

fn put32(bytes: &mut Vec<u8>, number: u32) {
    bytes.extend_from_slice(&number.to_le_bytes());
}

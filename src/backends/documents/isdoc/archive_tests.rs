//! The archive as others open it, and every kind of document by the schema of the standard.
use super::tests::{corrective, electricity, gas, input, odd, one, original};
use super::*;
use base64::Engine;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn the_archive_holds_manifest_document_and_pdf() {
    let settled = electricity();
    let pdf: Vec<u8> = b"%PDF-1.7 ".iter().copied().cycle().take(70_000).collect();
    let archive = isdocx(&input(&settled), &pdf).expect("packed");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&archive)).expect("a ZIP");
    let names: Vec<String> = zip.file_names().map(|name| name.expect("a name").into_owned()).collect();
    assert_eq!(names, ["manifest.xml", "2026000123.isdoc", "2026000123.pdf"]);
    // Reading to the end checks each sum, as `unzip -t` does.
    let mut read = |name: &str| {
        let mut bytes = Vec::new();
        let mut file = zip.by_name(name).expect("there");
        assert_eq!(file.compression(), zip::CompressionMethod::Stored);
        file.read_to_end(&mut bytes).expect("whole");
        bytes
    };
    let manifest = String::from_utf8(read("manifest.xml")).expect("UTF-8");
    assert!(manifest.contains(r#"<manifest xmlns="http://isdoc.cz/namespace/2013/manifest">"#), "{manifest}");
    assert!(manifest.contains(r#"<maindocument filename="2026000123.isdoc"/>"#), "{manifest}");
    assert!(read("2026000123.pdf") == pdf);
    let xml = String::from_utf8(read("2026000123.isdoc")).expect("UTF-8");
    assert_eq!(one(&xml, "Filename"), "2026000123.pdf");
    let digest = base64::engine::general_purpose::STANDARD.decode(one(&xml, "DigestValue")).expect("base 64");
    assert_eq!(digest, Sha1::digest(&pdf).as_slice());
}

#[test]
fn every_entry_says_that_its_name_is_utf_8() {
    let settled = electricity();
    let archive = isdocx(&input(&settled), b"%PDF-").expect("packed");
    let flags = |signature: [u8; 4], offset: usize| {
        let heads = archive.windows(offset + 2).filter(|window| window[..4] == signature);
        heads.map(|head| u16::from_le_bytes([head[offset], head[offset + 1]])).collect::<Vec<_>>()
    };
    assert_eq!(flags(*b"PK\x03\x04", 6), [1 << 11; 3]);
    assert_eq!(flags(*b"PK\x01\x02", 8), [1 << 11; 3]);
}

#[test]
fn files_are_named_so_that_every_system_takes_them() {
    for (number, stem) in
        [("2026000123", "2026000123"), ("FV 2026/č.1", "FV-2026--.1"), ("../../etc", "-..-etc"), ("", "faktura")]
    {
        assert_eq!(archive::file_stem(number), stem);
    }
}

/// The standard's schemas, which are not ours to hand on: beside the repository where there are any.
fn schema(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/isdoc/xsd").join(name);
    path.exists().then_some(path)
}

fn assert_valid(schema: &Path, name: &str, xml: &[u8]) {
    let file = std::env::temp_dir().join(format!("busbar-isdoc-{}-{name}", std::process::id()));
    std::fs::write(&file, xml).expect("written");
    let output = Command::new("xmllint").args(["--noout", "--nonet", "--schema"]).arg(schema).arg(&file).output();
    let output = output.expect("xmllint runs");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    std::fs::remove_file(&file).expect("removed");
}

#[test]
fn documents_are_valid_by_the_schema_of_the_standard() {
    let (Some(invoices), Some(manifests)) = (schema("isdoc-invoice-6.0.2.xsd"), schema("isdoc-manifest-6.0.2.xsd"))
    else {
        println!("SKIPPED: ../shared/isdoc/xsd is not there, ISDOC is not checked against its schema");
        return;
    };
    if Command::new("xmllint").arg("--version").output().is_err() {
        println!("SKIPPED: xmllint (libxml2-utils) is not installed, ISDOC is not checked against its schema");
        return;
    }
    let (electricity, gas, less, more) = (electricity(), gas(), corrective(-500), corrective(500));
    let mut business = input(&electricity);
    business.customer.company_id = Some("25568736".into());
    business.customer.vat_id = Some("CZ25568736".into());
    let sipo = Payment { method: PaymentMethod::Sipo, account: "2000145399/9999".into() };
    let cases = [
        ("electricity", input(&electricity)),
        ("gas", input(&gas)),
        ("credit-note", Isdoc { original: Some(original()), ..input(&less) }),
        ("debit-note", Isdoc { original: Some(original()), ..input(&more) }),
        ("corrective-alone", input(&less)),
        ("business", business),
        ("odd", odd(&electricity)),
        ("sipo", Isdoc { payment: sipo, note: None, contract: None, ..input(&electricity) }),
    ];
    for (name, case) in cases {
        assert_valid(&invoices, name, &isdoc(&case).expect("written"));
    }
    let archive = isdocx(&input(&electricity), b"%PDF-").expect("packed");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&archive)).expect("a ZIP");
    for (name, schema) in [("manifest.xml", manifests), ("2026000123.isdoc", invoices)] {
        let mut bytes = Vec::new();
        zip.by_name(name).expect("there").read_to_end(&mut bytes).expect("whole");
        assert_valid(&schema, name, &bytes);
    }
}

//! What files of readings come to.
use super::super::csv::{Encoding, NoText};
use super::super::supply_points::{CodeError, Register};
use super::super::typed::{DateError, NumberError};
use super::*;
use proptest::prelude::*;
use time::macros::date;

fn cells(text: &str) -> Vec<(usize, usize, CellProblem)> {
    match read(text.as_bytes()) {
        Err(UploadError::Cells { first, .. }) => {
            first.into_iter().map(|error| (error.line, error.column, error.problem)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn columns_come_in_any_order_and_language() {
    let czech = "Stav měřidla;Datum odečtu;Registr;EAN/EIC\r\n\"12 345,97\";31. 12. 2026;VT;859182400900000013\r\n\
                 4800;31.12.2026;nt;8591 8240 0900 0000 13\r\n17;2026-12-31;;27zg900z0000001z\r\n";
    let upload = read(czech.as_bytes()).unwrap();
    let row = |line, code: &str, register, state| Row {
        line,
        code: code.into(),
        register,
        read_on: date!(2026 - 12 - 31),
        state,
    };
    let rows = [
        row(2, "859182400900000013", Register::High, 12_345),
        row(3, "859182400900000013", Register::Low, 4_800),
        row(4, "27ZG900Z0000001Z", Register::Volume, 17),
    ];
    assert_eq!((upload.encoding, upload.separator), (Encoding::Utf8, ';'));
    assert_eq!(upload.rows, rows);
    let english = "\u{feff}date,state,supply_point\r2026-12-31,'17,27ZG900Z0000001Z\r";
    assert_eq!(
        read(english.as_bytes()).map(|upload| upload.rows),
        Err(UploadError::Cells {
            first: vec![CellError {
                line: 2,
                column: 2,
                of: Column::State,
                problem: CellProblem::State(NumberError::NotANumber)
            }],
            count: 1,
        })
    );
    let english = read(english.replace('\'', "").as_bytes()).unwrap();
    assert_eq!((english.encoding, english.separator, english.rows.len()), (Encoding::Utf8Marked, ',', 1));
    let old = read(b"Ode\xe8et\tDatum\tEAN\n5\t1.1.2026\t859182400900000013").unwrap();
    assert_eq!((old.encoding, old.separator, old.rows[0].state), (Encoding::Windows1250, '\t', 5));
}

#[test]
fn each_wrong_cell_is_pointed_at() {
    let file = "ean;registr;datum;stav\n\
                859182400900000031;vt;1.1.2026;5\n\
                859182400900000013;m3;1.1.2026;5\n\
                27ZG900Z0000001Z;NT;1.1.2026;5\n\
                859182400900000013;vt;30.2.2026;12.345\n\
                ;;;\n\
                859182400900000013;vt;;\n\
                859182400900000013;vt;1.1.2026;5\n\
                859182400900000013;T1;1. 1. 2026;6\n";
    let expected = [
        (2, 1, CellProblem::Code(CodeError::CheckDigit)),
        (3, 2, CellProblem::Register),
        (4, 2, CellProblem::Register),
        (5, 3, CellProblem::Day(DateError::NotADate)),
        (5, 4, CellProblem::State(NumberError::Ambiguous)),
        (9, 1, CellProblem::Twice { line: 8 }),
    ];
    assert_eq!(cells(file), expected);
}

#[test]
fn only_the_first_twenty_are_listed_but_all_are_counted() {
    let file = format!("ean;datum;stav\n{}", "1;2;x\n".repeat(15));
    match read(file.as_bytes()) {
        Err(UploadError::Cells { first, count }) => assert_eq!((first.len(), count), (20, 45)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_that_is_none_is_refused_whole() {
    for (content, error) in [
        (&b""[..], UploadError::NoText(NoText::Empty)),
        (b"\xff\xfeE\0", UploadError::NoText(NoText::Utf16)),
        (b"PK\x03\x04\0\0", UploadError::NoText(NoText::Binary { at: 4 })),
        (b"\r\n\r\n", UploadError::NoRows),
        (b"ean;datum;stav\r\n", UploadError::NoRows),
        (b"ean;datum\n1;2", UploadError::HeaderMissing(Column::State)),
        (b"ean;datum;stav;hodnota\n1;2;3;4", UploadError::HeaderTwice(Column::State)),
        (b"ean;datum;stav\n\"1;2;3", UploadError::Quotes(Unbalanced { line: 2, column: 1 })),
    ] {
        assert_eq!(read(content), Err(error), "{content:?}");
    }
    let long = format!("ean;datum;stav\n{}", "1;2;3\n".repeat(MOST_ROWS + 1));
    assert_eq!(read(long.as_bytes()), Err(UploadError::TooManyRows { limit: MOST_ROWS }));
}

#[test]
fn a_row_without_a_state_is_left_out_and_counted() {
    let file = "ean;datum;stav\n859182400900000013;1.1.2026;\n27ZG900Z0000001Z;1.1.2026;5\n;;\n";
    let upload = read(file.as_bytes()).unwrap();
    assert_eq!((upload.rows.len(), upload.skipped), (1, 1));
    assert_eq!(read(b"ean;datum;stav\n859182400900000013;1.1.2026;\n"), Err(UploadError::NoRows));
}

proptest! {
    #[test]
    fn no_file_makes_it_panic(rows in "(ean;datum;stav;registr\n)?[0-9;,\"a=\n\t.-]{0,60}", bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let _ = read(rows.as_bytes());
        let _ = read(&bytes);
    }
}

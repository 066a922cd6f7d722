//! Files and calls as distributors and billing systems write them, right and wrong.
use super::*;
use proptest::prelude::*;
use time::macros::datetime;

const READING: Reading<'_> = Reading { zone: "Europe/Prague", now: datetime!(2026-08-24 12:00 UTC), shapes: &[] };
const HEAD: &str = "outage_id;version;kind;starts_at;ends_at;tz;cancelled;reason;eans;addresses;parcels";

fn errors(text: &str) -> Vec<CellError> {
    match read(text.as_bytes(), READING) {
        Err(FileError::Cells { first, .. }) => first,
        other => panic!("{other:?}"),
    }
}

fn cells(text: &str) -> Vec<(usize, usize, String, Problem)> {
    let cell = |one: CellError| match one.spot {
        Spot::Cell { line, column, name } => (line, column, name, one.problem),
        Spot::Path(path) => panic!("{path}"),
    };
    errors(text).into_iter().map(cell).collect()
}

#[test]
fn a_csv_and_a_json_say_the_same() {
    let csv = format!(
        "\u{feff}{HEAD}\r\n110060912345;1;planned;2026-09-07 07:30;2026-09-07 15:00;;;Údržba;859182400900000013;\
         Lhota, Lipová: 106, 107, 126-131|Brno, Líšeň, ;673412 1123/2\r\n"
    );
    let json = r#"{"outages":[{"outage_id":"110060912345","version":1,"kind":"planned",
        "starts_at":"2026-09-07T05:30:00Z","ends_at":"2026-09-07T15:00:00","tz":"Europe/Prague","cancelled":false,
        "reason":"Údržba","eans":["859182400900000013"],
        "addresses":[{"municipality":"Lhota","street":"Lipová","house_numbers":"106, 107, 126-131"},
                     {"municipality":"Brno","part":"Líšeň"}],
        "parcels":[{"cadastral_code":"673412","plot":"1123/2"}]}]}"#;
    let (csv, json) = (read(csv.as_bytes(), READING).unwrap(), read(json.as_bytes(), READING).unwrap());
    let (csv, json) = (&csv.outages[0], &json.outages[0]);
    assert!(csv.says_what(json), "{csv:?} {json:?}");
    assert_eq!(csv.starts_at, datetime!(2026-09-07 05:30 UTC));
    assert_eq!(csv.lasts().whole_minutes(), 450);
    assert_eq!(csv.place, "Lhota, Lipová; Brno – Líšeň");
}

#[test]
fn every_mistake_is_pointed_at_by_line_and_column() {
    let text = format!(
        "{HEAD}\n1;1;planned;2026-03-29 02:30;2026-03-29 05:00;;;;;Lhota;\n2;0;x;včera;2026-09-07 15:00;;perhaps;;1;Lhota: x;7\n\
         3;1;;2026-09-07 15:00;2026-09-07 15:00;;;;;Lhota;\n3;1;;2026-09-07 15:00;2026-09-07 16:00;Mars/Base;;;;Lhota;\n4;1;;7. 9. 2026 7:30;7. 9. 2026 9:00;;;;;;"
    );
    let found = cells(&text);
    let at: Vec<(usize, usize, &str)> = found.iter().map(|one| (one.0, one.1, one.2.as_str())).collect();
    let wanted = [
        (2, 4, "starts_at"),
        (3, 9, "eans"),
        (3, 10, "addresses"),
        (3, 11, "parcels"),
        (3, 2, "version"),
        (3, 3, "kind"),
        (3, 7, "cancelled"),
        (3, 4, "starts_at"),
        (4, 5, "ends_at"),
        (5, 6, "tz"),
        (5, 6, "tz"),
        (6, 10, "addresses"),
    ];
    assert_eq!(at, wanted);
    assert_eq!((&found[0].3, &found[8].3), (&Problem::LeftOut, &Problem::Wrong(Wrong::Ends)));
}

#[test]
fn the_same_version_twice_is_said_and_what_is_cancelled_needs_no_places() {
    let twice = format!(
        "{HEAD}\n1;1;;2026-09-07 7:00;2026-09-07 8:00;;;;;Lhota;\n1;1;;2026-09-07 7:00;2026-09-07 8:00;;;;;Lhota;"
    );
    let found = cells(&twice);
    assert_eq!((found[0].0, found[0].1, found.len()), (3, 1, 1));
    assert!(matches!(found[0].3, Problem::Twice(Spot::Cell { line: 2, .. })), "{found:?}");
    let cancelled = format!("{HEAD}\n1;2;;2026-09-07 7:00;2026-09-07 8:00;;ano;;;;");
    assert!(read(cancelled.as_bytes(), READING).unwrap().outages[0].is_cancelled);
    for (text, error) in [
        ("outage_id;version;starts_at\n", FileError::HeaderMissing("ends_at")),
        ("outage_id;version;starts_at;ends_at;version\n", FileError::HeaderTwice("version")),
        ("outage_id;version;starts_at;ends_at\n", FileError::Empty),
        ("[]", FileError::Empty),
        ("{\"outages\":[", FileError::Json { line: 1, column: 12 }),
    ] {
        assert_eq!(read(text.as_bytes(), READING), Err(error));
    }
}

#[test]
fn every_mistake_in_a_json_is_pointed_at_by_its_path() {
    let good = r#"{"outage_id":"1","version":1,"starts_at":"2026-09-07 7:00","ends_at":"2026-09-07 8:00","addresses":[{"municipality":"Lhota"}]}"#;
    let late =
        good.replace("\"ends_at\":\"2026-09-07 8:00\"", "\"ends_at\":\"2026-09-07 6:00\"").replace("\"1\"", "\"2\"");
    let no_time = good.replace("2026-09-07 7:00", "včera").replace("\"1\"", "\"3\"");
    let no_number = good.replace("\"Lhota\"", "\"Lhota\",\"house_numbers\":\"x\"");
    let no_place = good.replace("Lhota", "7").replace("\"1\"", "\"5\"");
    let text = good.replace("\"version\":1", "\"version\":\"1\"");
    let unknown = good.replace("outage_id", "id");
    let all = [good, &late, &no_time, &no_number, &no_place, &text, &unknown, good].join(",");
    let wanted = [
        "[1].ends_at",
        "[2].starts_at",
        "[3].addresses[0].house_numbers",
        "[4].addresses[0]",
        "[5].version",
        "[6].id",
        "[7].outage_id",
    ];
    for (text, under) in [(format!("[{all}]"), ""), (format!("{{\"outages\":[{all}]}}"), "outages")] {
        let found = errors(&text);
        let paths: Vec<Spot> = found.iter().map(|one| one.spot.clone()).collect();
        assert_eq!(paths, wanted.map(|path| Spot::Path(format!("{under}{path}"))));
        assert_eq!(found[6].problem, Problem::Twice(Spot::Path(format!("{under}[0]"))));
    }
    assert_eq!(errors(&late)[0].spot, Spot::Path("ends_at".into()));
    assert_eq!(errors("{}")[0].spot, Spot::Path(".".into()));
    assert_eq!(errors(r#"{"outages":7}"#)[0].spot, Spot::Path("outages".into()));
    let long = errors(&format!(r#"{{"{}\u0007":1}}"#, "x".repeat(9_000)));
    assert_eq!(long[0].spot, Spot::Path("x".repeat(200)));
}

#[test]
fn a_time_of_no_use_is_refused_and_panics_nowhere() {
    for text in
        ["9999-12-31T23:59:59-01:00", "-0001-01-01T00:00:00Z", "0000-01-01T00:00:00+01:00", "1999-12-31T23:59:59Z"]
    {
        assert_eq!(moment(text, "Europe/Prague"), Err(Problem::Time), "{text}");
    }
    assert_eq!(moment("2026-09-07T07:30:00+02:00", "Europe/Prague"), Ok(datetime!(2026-09-07 05:30 UTC)));
    for (text, at) in [
        ("25. 10. 2026 2:30", Ok(datetime!(2026-10-25 00:30 UTC))),
        ("25. 10. 2026 2:30 (UTC+2)", Ok(datetime!(2026-10-25 00:30 UTC))),
        ("25. 10. 2026 2:30\u{a0}(UTC+1)", Ok(datetime!(2026-10-25 01:30 UTC))),
        // Not what clocks show then.
        ("25. 10. 2026 2:30 (UTC+3)", Err(Problem::Time)),
        ("7. 9. 2026 7:30 (UTC+1)", Err(Problem::Time)),
        ("7. 9. 2026 7:30 (UTC)", Err(Problem::Time)),
    ] {
        assert_eq!(moment(text, "Europe/Prague"), at, "{text}");
    }
}

proptest! {
    #[test]
    fn no_file_makes_it_panic(text in "(?s).{0,60}", row in "[0-9a-z;:. |,-]{0,60}") {
        let _ = read(text.as_bytes(), READING);
        let _ = read(format!("{HEAD}\n{row}").as_bytes(), READING);
    }
}

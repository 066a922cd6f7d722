//! The note that lies in the export: what each file is, what each column holds and in which units, in both languages.
use crate::data::export::{Column, Kind, NOUNS, Unit};
use crate::tenancy::Lang;
use crate::web::kit::page::Page;

pub fn text(page: &Page) -> String {
    Lang::ALL.into_iter().map(|lang| part(page, lang)).collect::<Vec<_>>().join("\r\n\r\n")
}

fn part(page: &Page, lang: Lang) -> String {
    let t = |key: &str| page.tenant().theme.text(lang, key).into_owned();
    let supplier = page.tenant().document.name.get(lang);
    let mut lines =
        vec![format!("{} – {supplier}", t("export-title")), String::new(), t("export-about"), String::new()];
    for noun in NOUNS {
        lines.push(format!("{}.csv – {}", noun.table, t(&format!("export-{}", noun.table.replace('_', "-")))));
        let column = |column: &Column| format!("    {}: {}", column.name, t(&format!("export-unit-{}", unit(column))));
        lines.extend(noun.columns.iter().map(column));
    }
    lines.push(String::new());
    lines.push(t("export-files"));
    lines.join("\r\n")
}

fn unit(column: &Column) -> &'static str {
    match (column.unit, column.kind) {
        (Unit::Halere, _) => "halere",
        (Unit::WattHours, _) => "wh",
        (Unit::KilowattHours, _) => "kwh",
        (Unit::Millilitres, _) => "ml",
        (Unit::Register, _) => "register",
        (Unit::Amperes, _) => "amperes",
        (Unit::Bytes, _) => "bytes",
        (Unit::Thousandths, _) => "thousandths",
        (Unit::TenThousandths, _) => "ten-thousandths",
        (Unit::HundredThousandths, _) => "hundred-thousandths",
        (Unit::Plain, Kind::Text) => "text",
        (Unit::Plain, Kind::Id) => "id",
        (Unit::Plain, Kind::Day) => "day",
        (Unit::Plain, Kind::Moment) => "moment",
        (Unit::Plain, Kind::Flag) => "flag",
        (Unit::Plain, Kind::Json) => "json",
        (Unit::Plain, Kind::Small | Kind::Int | Kind::Big) => "number",
    }
}

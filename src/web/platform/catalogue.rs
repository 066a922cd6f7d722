//! The living catalogue: every component of the design system, as each theme draws it. What it draws is made up.
use crate::tenancy::COLOURS;
use crate::web::kit::chart::{Bars, Layout, Point};
use crate::web::kit::error::Error;
use crate::web::kit::form::{Choice, Field};
use crate::web::kit::guard::PlatformOperator;
use crate::web::kit::page::Page;
use crate::web::kit::qr;
use crate::web::kit::slices::Slice;
use crate::web::kit::table::{Cell, Table};
use axum::extract::Path;
use axum::response::Response;
use serde::Serialize;

pub fn slices() -> Vec<Slice> {
    vec![Slice::platform("/catalogue").get(first), Slice::platform("/catalogue/{theme}").get(show)]
}

#[derive(Serialize)]
struct Chart {
    svg: String,
    about: String,
}

#[derive(Serialize)]
struct Fact {
    label: String,
    value: String,
    note: String,
}

async fn first(operator: PlatformOperator) -> Response {
    operator.page.go("/catalogue/base")
}

async fn show(operator: PlatformOperator, Path(id): Path<String>) -> Result<Response, Error> {
    let page = &operator.page;
    let compiler = &page.services().compiler;
    let theme = compiler.theme(&id).ok_or(Error::NotFound)?;
    let mut context = samples(page);
    context.insert("themes", &compiler.theme_ids());
    page.show_in(&theme, "ui/catalogue.html", context)
}

fn samples(page: &Page) -> tera::Context {
    let mut context = tera::Context::new();
    context.insert("colours", &COLOURS);
    context.insert("fields", &fields(page));
    context.insert("facts", &facts(page));
    context.insert("table", &table(page));
    context.insert("charts", &charts(page));
    context.insert("qr", &qr::svg("SPD*1.0*ACC:CZ0000000000000000000000*AM:1.00*CC:CZK", "QR").unwrap_or_default());
    context
}

fn fields(page: &Page) -> Vec<Field> {
    let t = |key: &str| page.t(key);
    let options = || {
        vec![
            Choice::new("transfer", t("method-transfer"), true),
            Choice::new("sipo", t("method-sipo"), false).note(t("pay-by-sipo")),
        ]
    };
    vec![
        Field::text("sample-name", t("account-name")).hint(t("account-lead")).typed("Jana Nová").required(),
        Field::digits("sample-state", t("reading-state"))
            .unit("kWh")
            .register("14390")
            .typed("14 390")
            .wrong(t("form-check")),
        Field::email("sample-email", t("account-email")).typed("jana@").wrong(t("form-check")),
        Field::phone("sample-phone", t("account-phone")).typed("+420 800 000 000"),
        Field::password("sample-password", t("login-password")),
        Field::day("sample-day", t("reading-day")).typed("2026-11-23"),
        Field::long("sample-long", t("operator-reason")).max(5_000),
        Field::file("sample-file", t("onboard-document-file"), ".toml"),
        Field::choice("sample-choice", t("account-method"), options()),
        Field::radio("sample-radio", t("account-method"), options()),
        Field::check("sample-check", t("operator-at-once"), true),
    ]
}

fn facts(page: &Page) -> Vec<Fact> {
    let fact = |label: &str, value: &str, note: String| Fact { label: page.t(label), value: value.into(), note };
    vec![
        fact("account-number", "1000000001", String::new()),
        fact("account-bank", "2900300008/0800", page.t("not-given")),
    ]
}

fn table(page: &Page) -> Table {
    let columns = ["advance-due", "advance-point", "#advance-amount", "advance-state"];
    let mut table = Table::new(page, "advances-coming-caption", &columns);
    let place = |key: &str, code| Cell::of("Modelová 4, Brno").commodity(page.t(key), code);
    table.push_marked([
        Cell::of("15. 12. 2026").mark(page.t("advance-next-tag")),
        place("commodity-electricity", "electricity"),
        Cell::of("3 250,00 Kč"),
        Cell::tag(page.t("bill-owed"), "warn"),
    ]);
    table.push([
        Cell::link("15. 11. 2026", "#numbers"),
        place("commodity-gas", "gas"),
        Cell::of("2 040,00 Kč").note("SIPO"),
        Cell::tag(page.t("bill-paid"), "ok"),
    ]);
    table.total(page.t("usage-total"), "5 290,00 Kč", true);
    table
}

/// One point, twelve with gaps and a zero, thirty-six, and two registers on top of each other.
fn charts(page: &Page) -> Vec<Chart> {
    let drawn = |count: i64, layout| {
        let value = |index: i64| Some(400 + (index * 137) % 500);
        let point = |index: i64| Point {
            label: (index % 12 + 1).to_string(),
            values: match index {
                4 => [None, None],
                7 => [Some(0), value(index + 3)],
                _ => [value(index), value(index + 5)],
            },
        };
        let points: Vec<Point> = (0..count).map(point).collect();
        let (id, about, gap) = (format!("sample-{count}-{layout:?}"), page.t("usage-lead"), page.t("usage-gap"));
        let before = page.t("usage-key-before");
        let bars = Bars {
            id: &id,
            title: &about,
            description: &about,
            unit: "kWh",
            series: ["", &before],
            gap: &gap,
            lang: page.lang(),
            layout,
            points: &points,
            is_quiet: false,
        };
        Chart { svg: bars.svg(), about: about.clone() }
    };
    vec![drawn(12, Layout::Beside), drawn(12, Layout::Stacked), drawn(1, Layout::Beside), drawn(36, Layout::Beside)]
}

//! What is wrong with outages as somebody wrote them, in sentences: for the form, for a file and for a call.
use super::page::Page;
use crate::domain::csv::NoText;
use crate::domain::outages::Wrong;
use crate::domain::outages::import::{CellError, FileError, MOST_ROWS, Problem, Spot};
use crate::domain::outages::written::Unwritten;
use crate::tenancy::Arg;

/// The first mistakes, and how many there are beyond them.
pub fn unreadable(page: &Page, error: &FileError) -> (Vec<String>, String) {
    let column = |name: &str| [("column", Arg::from(name))];
    let one = |said: String| (vec![said], String::new());
    match error {
        FileError::NoText(NoText::Empty) | FileError::Empty => one(page.t("desk-import-empty")),
        FileError::NoText(NoText::Utf16) => one(page.t("bulk-utf16")),
        FileError::NoText(NoText::Binary { .. }) => one(page.t("bulk-binary")),
        FileError::Quotes(at) => one(page.t_args("bulk-quotes", &[("line", Arg::from(at.line as i64))])),
        FileError::Json { line, column } => {
            let args = [("line", Arg::from(*line as i64)), ("column", Arg::from(*column as i64))];
            one(page.t_args("desk-import-json", &args))
        }
        FileError::ShapeOff(shape) => {
            let args =
                [("what", Arg::from(page.t(&format!("desk-import-{}", shape.key())))), ("shape", shape.key().into())];
            one(page.t_args("desk-import-shape-off", &args))
        }
        FileError::HeaderMissing(name) => one(page.t_args("bulk-header-missing", &column(name))),
        FileError::HeaderTwice(name) => one(page.t_args("bulk-header-twice", &column(name))),
        FileError::TooMany => one(page.t_args("bulk-long", &[("limit", Arg::from(page.whole(MOST_ROWS as i64)))])),
        FileError::Cells { first, count } => {
            let beyond = count.saturating_sub(first.len()) as i64;
            let more =
                if beyond > 0 { page.t_args("bulk-more", &[("count", Arg::from(beyond))]) } else { String::new() };
            (first.iter().map(|cell| said(page, cell)).collect(), more)
        }
    }
}

pub fn said(page: &Page, cell: &CellError) -> String {
    let said = match &cell.problem {
        Problem::Missing => page.t("mistake-missing"),
        Problem::Letters(most) => page.t_args("desk-import-letters", &[("most", Arg::from(*most as i64))]),
        Problem::Version => page.t("desk-outage-version"),
        Problem::Kind => page.t("desk-import-kind"),
        Problem::Time => page.t("desk-import-time"),
        Problem::LeftOut => page.t("desk-outage-left-out"),
        Problem::Zone => page.t("desk-import-zone"),
        Problem::YesOrNo => page.t("desk-import-yes-no"),
        Problem::Unwritten(error) => unwritten(page, error),
        Problem::Wrong(wrong) => said_wrong(page, *wrong),
        Problem::Twice(Spot::Cell { line, .. }) => {
            page.t_args("desk-import-twice", &[("line", Arg::from(*line as i64))])
        }
        Problem::Twice(Spot::Path(path)) => page.t_args("desk-import-twice-at", &[("path", path.as_str().into())]),
        Problem::Shape(why) => page.t_args("desk-import-shape", &[("why", why.as_str().into())]),
    };
    match &cell.spot {
        Spot::Cell { line, column, name } => {
            let args = [
                ("line", Arg::from(*line as i64)),
                ("column", Arg::from(*column as i64)),
                ("name", Arg::from(name.as_str())),
                ("said", Arg::from(said)),
            ];
            page.t_args("bulk-cell", &args)
        }
        Spot::Path(path) => format!("{path}: {said}"),
    }
}

pub fn said_wrong(page: &Page, wrong: Wrong) -> String {
    page.t(match wrong {
        Wrong::Ends => "desk-outage-ends",
        Wrong::TooLong => "desk-outage-too-long",
        Wrong::TooFar => "desk-outage-too-far",
        Wrong::Nowhere => "desk-outage-nowhere",
        Wrong::TooMany => "desk-outage-too-many",
        Wrong::Version => "desk-outage-version",
    })
}

pub fn unwritten(page: &Page, error: &Unwritten) -> String {
    let (key, text) = match error {
        Unwritten::Ean(text, error) => return format!("{text}: {}", page.code_mistake(*error)),
        Unwritten::Place(text) => ("desk-outage-no-place", text),
        Unwritten::Number(text) => ("desk-outage-no-number", text),
        Unwritten::Parcel(text) => ("desk-outage-no-parcel", text),
        Unwritten::TooMany => return said_wrong(page, Wrong::TooMany),
    };
    page.t_args(key, &[("text", text.as_str().into())])
}

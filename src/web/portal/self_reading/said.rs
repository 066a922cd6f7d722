//! What is wrong or odd with a reading, in words.
use crate::domain::self_readings::{Doubt, Problem};
use crate::domain::supply_points::Register;
use crate::tenancy::Arg;
use crate::web::kit::page::Page;
use crate::web::portal::words;
use time::Date;

pub fn register_of(problem: &Problem) -> Option<Register> {
    match problem {
        Problem::DateFuture { .. } | Problem::DateTooOld { .. } | Problem::DateBeforeLast { .. } => None,
        Problem::MissingRegister(register) | Problem::UnknownRegister(register) => Some(*register),
        Problem::NotWhole { register, .. }
        | Problem::Digits { register, .. }
        | Problem::BeforePrevious { register, .. }
        | Problem::TooHigh { register, .. } => Some(*register),
    }
}

pub fn sentence(page: &Page, problem: &Problem) -> String {
    let day = |key: &str, day: Date| page.t_args(key, &[("day", Arg::from(page.date(day)))]);
    match *problem {
        Problem::DateFuture { latest } => day("reading-date-future", latest),
        Problem::DateTooOld { earliest } => day("reading-date-old", earliest),
        Problem::DateBeforeLast { last } => day("reading-date-before", last),
        Problem::MissingRegister(_) => page.t("reading-missing"),
        Problem::UnknownRegister(_) => page.t("reading-unknown"),
        Problem::NotWhole { reason, .. } => page.number_mistake(reason),
        Problem::Digits { digits, .. } => page.t_args("reading-digits", &[("digits", Arg::from(digits))]),
        Problem::BeforePrevious { register, state, read_on } => page.t_args(
            "reading-before",
            &[
                ("state", Arg::from(page.quantity(state, words::unit(register)))),
                ("day", Arg::from(page.date(read_on))),
            ],
        ),
        Problem::TooHigh { register, used, usual } => {
            page.t_args("reading-absurd", &usage(page, register, used, usual))
        }
    }
}

fn usage(page: &Page, register: Register, used: i64, usual: i64) -> [(&'static str, Arg); 3] {
    let said = |value| Arg::from(page.quantity(value, words::unit(register)));
    [("register", Arg::from(page.t(words::register(register)))), ("used", said(used)), ("usual", said(usual))]
}

pub fn doubted(page: &Page, doubt: &Doubt) -> String {
    match *doubt {
        Doubt::TooLow { register, used, usual } => page.t_args("reading-low", &usage(page, register, used, usual)),
        Doubt::TooHigh { register, used, usual } => page.t_args("reading-high", &usage(page, register, used, usual)),
        Doubt::Zero { days, .. } => page.t_args("reading-zero", &[("days", Arg::from(days))]),
        Doubt::RolledOver { register, previous, used } => page.t_args(
            "reading-rolled",
            &[
                ("previous", Arg::from(page.quantity(previous, words::unit(register)))),
                ("used", Arg::from(page.quantity(used, words::unit(register)))),
            ],
        ),
    }
}

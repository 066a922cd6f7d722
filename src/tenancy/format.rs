//! Numbers, money, days and quantities as people read them, in pages and in notices. Symbols and separators only; every word comes from
//! the texts.
use super::theme::Arg;
use super::{Lang, Tenant};
use crate::domain::money::Money;
use crate::domain::outages::{is_shown_twice, shown};
use rust_decimal::Decimal;
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime};

/// No-break space: an amount, a date or a quantity never falls apart at the end of a line.
pub const NBSP: &str = "\u{a0}";
const MINUS: char = '\u{2212}';

/// `1 234,50 Kč`, in English `CZK 1,234.50`.
pub fn money(lang: Lang, amount: Money) -> String {
    let mut out = String::with_capacity(24);
    if amount.0 < 0 {
        out.push(MINUS);
    }
    if lang == Lang::En {
        out.push_str("CZK");
        out.push_str(NBSP);
    }
    let hellers = amount.0.unsigned_abs();
    push_grouped(&mut out, lang, hellers / 100);
    out.push(point(lang));
    push_two(&mut out, hellers % 100);
    if lang == Lang::Cs {
        out.push_str(NBSP);
        out.push_str("Kč");
    }
    out
}

/// `12 345`, in English `12,345`.
pub fn whole(lang: Lang, number: i64) -> String {
    let mut out = String::with_capacity(16);
    if number < 0 {
        out.push(MINUS);
    }
    push_grouped(&mut out, lang, number.unsigned_abs());
    out
}

/// At least `places` decimals, more when the number has them: prices `2 890,00`, factors `0,9812`.
pub fn decimal(lang: Lang, number: Decimal, places: u32) -> String {
    let mut number = number.normalize();
    if number.scale() < places {
        number.rescale(places);
    }
    let plain = number.abs().to_string();
    let (units, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut out = String::with_capacity(plain.len() + 8);
    if number.is_sign_negative() && !number.is_zero() {
        out.push(MINUS);
    }
    match units.parse() {
        Ok(units) => push_grouped(&mut out, lang, units),
        Err(_) => out.push_str(units),
    }
    if !rest.is_empty() {
        out.push(point(lang));
        out.push_str(rest);
    }
    out
}

/// A whole number with its unit: `1 234 kWh`.
pub fn quantity(lang: Lang, number: i64, unit: &str) -> String {
    let mut out = whole(lang, number);
    out.push_str(NBSP);
    out.push_str(unit);
    out
}

/// Watt-hours as whole kWh, half up.
pub fn kwh_of(watt_hours: i64) -> i64 {
    rounded(watt_hours, 1_000)
}

/// Millilitres of a cubic metre (m³ × 1 000 000) as whole m³, half up.
pub fn cubic_metres_of(millilitres: i64) -> i64 {
    rounded(millilitres, 1_000_000)
}

fn rounded(value: i64, unit: i64) -> i64 {
    (value.abs() + unit / 2) / unit * value.signum()
}

/// `23. 11. 2026`, in English `23 Nov 2026`.
pub fn date(tenant: &Tenant, lang: Lang, day: Date) -> String {
    match lang {
        Lang::Cs => czech_date(day),
        Lang::En => {
            let month = tenant.theme.text(lang, SHORT_MONTHS[month_index(day)]);
            format!("{}{NBSP}{month}{NBSP}{}", day.day(), day.year())
        }
    }
}

/// `v pátek 27. 11. 2026`.
pub fn on_day(tenant: &Tenant, lang: Lang, day: Date) -> String {
    let weekday = i64::from(day.weekday().number_from_monday());
    let args = [("weekday", Arg::from(weekday)), ("date", Arg::from(date(tenant, lang, day)))];
    tenant.theme.text_args(lang, "on-day", &args)
}

/// `7 h 30 min`: symbols, the same in every language.
pub fn lasting(length: Duration) -> String {
    let (hours, minutes) = (length.whole_minutes() / 60, length.whole_minutes() % 60);
    match (hours, minutes) {
        (0, minutes) => format!("{minutes}{NBSP}min"),
        (hours, 0) => format!("{hours}{NBSP}h"),
        (hours, minutes) => format!("{hours}{NBSP}h {minutes}{NBSP}min"),
    }
}

/// What clocks of the zone show; in a zone nobody knows, what UTC is.
fn local(zone: &str, at: OffsetDateTime) -> PrimitiveDateTime {
    let utc = at.to_offset(time::UtcOffset::UTC);
    shown(at, zone).unwrap_or_else(|_| PrimitiveDateTime::new(utc.date(), utc.time()))
}

/// `7:30`; a time that clocks show twice that night says which of the two it is: `2:30 (UTC+2)`.
pub fn clock(zone: &str, at: OffsetDateTime) -> String {
    let local = local(zone, at);
    let clock = format!("{}:{:02}", local.hour(), local.minute());
    if !is_shown_twice(at, zone) {
        return clock;
    }
    let ahead = (local.assume_utc() - at).whole_hours();
    format!("{clock}{NBSP}(UTC{}{})", if ahead < 0 { MINUS } else { '+' }, ahead.abs())
}

/// `v pondělí 7. 9. 2026 7:30–15:00`, over midnight `7. 9. 2026 22:00 – 8. 9. 2026 2:00`, in the supplier's zone.
pub fn span(tenant: &Tenant, lang: Lang, starts_at: OffsetDateTime, ends_at: OffsetDateTime) -> String {
    span_by(tenant, lang, starts_at, ends_at, on_day)
}

/// The same without the day of the week, where no sentence leads to it.
pub fn bare_span(tenant: &Tenant, lang: Lang, starts_at: OffsetDateTime, ends_at: OffsetDateTime) -> String {
    span_by(tenant, lang, starts_at, ends_at, date)
}

fn span_by(
    tenant: &Tenant,
    lang: Lang,
    starts_at: OffsetDateTime,
    ends_at: OffsetDateTime,
    day: fn(&Tenant, Lang, Date) -> String,
) -> String {
    let zone = &tenant.document.locale.timezone;
    let (first, last) = (local(zone, starts_at).date(), local(zone, ends_at).date());
    let (from, to) = (clock(zone, starts_at), clock(zone, ends_at));
    match first == last {
        true => format!("{} {from}–{to}", day(tenant, lang, first)),
        false => format!("{} {from} – {} {to}", date(tenant, lang, first), date(tenant, lang, last)),
    }
}

/// The days alone: `v pondělí 7. 9. 2026`.
pub fn days(tenant: &Tenant, lang: Lang, starts_at: OffsetDateTime, ends_at: OffsetDateTime) -> String {
    let zone = &tenant.document.locale.timezone;
    let (first, last) = (local(zone, starts_at).date(), local(zone, ends_at).date());
    match first == last {
        true => on_day(tenant, lang, first),
        false => format!("{} – {}", date(tenant, lang, first), date(tenant, lang, last)),
    }
}

/// The day of an instant in the supplier's zone: `7. 9. 2026`.
pub fn day_of(tenant: &Tenant, lang: Lang, at: OffsetDateTime) -> String {
    date(tenant, lang, local(&tenant.document.locale.timezone, at).date())
}

/// For a text message, of letters every telephone knows: `7.9.2026 7:30-15:00 (7 h 30 min)`.
pub fn short_span(zone: &str, starts_at: OffsetDateTime, ends_at: OffsetDateTime, has_times: bool) -> String {
    let day = |at: PrimitiveDateTime| format!("{}.{}.{}", at.day(), u8::from(at.month()), at.year());
    let (first, last) = (local(zone, starts_at), local(zone, ends_at));
    let is_one_day = first.date() == last.date();
    let said = match (has_times, is_one_day) {
        (false, true) => day(first),
        (false, false) => format!("{}-{}", day(first), day(last)),
        (true, _) => {
            let to = if is_one_day { String::new() } else { format!("{} ", day(last)) };
            let (from, until) = (clock(zone, starts_at), clock(zone, ends_at));
            format!("{} {from}-{to}{until} ({})", day(first), lasting(ends_at - starts_at))
        }
    };
    said.replace(NBSP, " ")
}

/// `23. 11. 2026`: no words in it, so it needs no texts.
pub fn czech_date(day: Date) -> String {
    format!("{}.{NBSP}{}.{NBSP}{}", day.day(), u8::from(day.month()), day.year())
}

pub fn point(lang: Lang) -> char {
    match lang {
        Lang::Cs => ',',
        Lang::En => '.',
    }
}

fn push_grouped(out: &mut String, lang: Lang, number: u64) {
    let separator = match lang {
        Lang::Cs => NBSP,
        Lang::En => ",",
    };
    let mut digits = [0u8; 20];
    let mut start = digits.len();
    let mut rest = number;
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    let count = digits.len() - start;
    for (index, digit) in digits[start..].iter().enumerate() {
        if index > 0 && (count - index).is_multiple_of(3) {
            out.push_str(separator);
        }
        out.push(*digit as char);
    }
}

fn push_two(out: &mut String, number: u64) {
    out.push((b'0' + (number / 10 % 10) as u8) as char);
    out.push((b'0' + (number % 10) as u8) as char);
}

pub const SHORT_MONTHS: [&str; 12] = [
    "month-short-1",
    "month-short-2",
    "month-short-3",
    "month-short-4",
    "month-short-5",
    "month-short-6",
    "month-short-7",
    "month-short-8",
    "month-short-9",
    "month-short-10",
    "month-short-11",
    "month-short-12",
];

pub fn month_index(day: Date) -> usize {
    usize::from(u8::from(day.month())) - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    #[test]
    fn money_has_groups_two_decimals_and_never_breaks() {
        let rows = [
            (0, "0,00\u{a0}Kč", "CZK\u{a0}0.00"),
            (5, "0,05\u{a0}Kč", "CZK\u{a0}0.05"),
            (99_999, "999,99\u{a0}Kč", "CZK\u{a0}999.99"),
            (123_450, "1\u{a0}234,50\u{a0}Kč", "CZK\u{a0}1,234.50"),
            (-20_539, "−205,39\u{a0}Kč", "−CZK\u{a0}205.39"),
            (10_000_000_000, "100\u{a0}000\u{a0}000,00\u{a0}Kč", "CZK\u{a0}100,000,000.00"),
            (
                i64::MIN,
                "−92\u{a0}233\u{a0}720\u{a0}368\u{a0}547\u{a0}758,08\u{a0}Kč",
                "−CZK\u{a0}92,233,720,368,547,758.08",
            ),
        ];
        for (hellers, czech, english) in rows {
            assert_eq!(money(Lang::Cs, Money(hellers)), czech);
            assert_eq!(money(Lang::En, Money(hellers)), english);
        }
    }

    #[test]
    fn decimals_keep_what_they_have_and_fill_up_to_the_places_asked() {
        let rows = [
            (Decimal::new(2_145, 3), 3, "2,145"),
            (Decimal::new(48, 1), 3, "4,800"),
            (Decimal::new(2890, 0), 2, "2\u{a0}890,00"),
            (Decimal::new(98_120, 5), 2, "0,9812"),
            (Decimal::new(1200, 2), 0, "12"),
            (Decimal::new(-5, 1), 2, "−0,50"),
            (Decimal::new(0, 3), 0, "0"),
        ];
        for (number, places, czech) in rows {
            assert_eq!(decimal(Lang::Cs, number, places), czech);
        }
        assert_eq!(decimal(Lang::En, Decimal::new(1_234_567, 2), 2), "12,345.67");
    }

    #[test]
    fn quantities_round_half_up_to_whole_units() {
        assert_eq!((kwh_of(1_499), kwh_of(1_500), kwh_of(-1_500), kwh_of(0)), (1, 2, -2, 0));
        assert_eq!((cubic_metres_of(499_999), cubic_metres_of(500_000)), (0, 1));
        assert_eq!(quantity(Lang::Cs, 12_943, "kWh"), "12\u{a0}943\u{a0}kWh");
        assert_eq!(whole(Lang::En, -1_000), "−1,000");
    }

    #[test]
    fn a_czech_date_is_day_month_year_with_no_break_spaces() {
        assert_eq!(czech_date(date!(2026 - 11 - 23)), "23.\u{a0}11.\u{a0}2026");
        assert_eq!(czech_date(date!(2026 - 01 - 05)), "5.\u{a0}1.\u{a0}2026");
    }

    /// Around the night clocks are put back, and the one they are put forward.
    #[test]
    fn the_clock_that_is_shown_is_read_back_as_the_same_instant() {
        const PRAGUE: &str = "Europe/Prague";
        for night in [datetime!(2026-10-24 20:00 UTC), datetime!(2026-03-28 20:00 UTC)] {
            for minutes in (0..16 * 60).step_by(15) {
                let at = night + Duration::minutes(minutes);
                let text = format!("{} {}", local(PRAGUE, at).date(), clock(PRAGUE, at));
                assert_eq!(crate::domain::outages::import::moment(&text, PRAGUE), Ok(at), "{text}");
            }
        }
    }

    #[test]
    fn an_outage_is_said_as_long_as_it_lasts_also_when_clocks_change() {
        const PRAGUE: &str = "Europe/Prague";
        let rows = [
            (
                datetime!(2026-09-07 05:30 UTC),
                datetime!(2026-09-07 13:00 UTC),
                "7.9.2026 7:30-15:00 (7 h 30 min)",
                "7.9.2026",
            ),
            (
                datetime!(2026-10-24 23:30 UTC),
                datetime!(2026-10-25 02:30 UTC),
                "25.10.2026 1:30-3:30 (3 h)",
                "25.10.2026",
            ),
            (
                datetime!(2026-10-25 01:30 UTC),
                datetime!(2026-10-25 01:45 UTC),
                "25.10.2026 2:30 (UTC+1)-2:45 (UTC+1) (15 min)",
                "25.10.2026",
            ),
            (
                datetime!(2026-09-07 20:00 UTC),
                datetime!(2026-09-08 00:00 UTC),
                "7.9.2026 22:00-8.9.2026 2:00 (4 h)",
                "7.9.2026-8.9.2026",
            ),
        ];
        for (starts_at, ends_at, whole, days) in rows {
            assert_eq!(short_span(PRAGUE, starts_at, ends_at, true), whole);
            assert_eq!(short_span(PRAGUE, starts_at, ends_at, false), days);
        }
        assert_eq!(lasting(Duration::minutes(450)), "7\u{a0}h 30\u{a0}min");
    }
}

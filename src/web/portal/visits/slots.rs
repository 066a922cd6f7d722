//! Free slots of an office as a customer chooses among them: those of a day, and the days around that have any.
use crate::data::{OfficeRow, TenantTx};
use crate::domain::appointments::{Office, Slot, SlotError};
use crate::tenancy::{Arg, Lang};
use crate::web::kit::error::Error;
use crate::web::kit::page::Page;
use crate::web::portal::words;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, Duration, PrimitiveDateTime, Time};

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const MOMENT: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]T[hour]:[minute]");
/// Days with free slots that are offered at once.
const DAYS: usize = 8;

/// What the address asks for; what cannot be read is as if it were not there.
#[derive(Deserialize, Default)]
pub struct Wanted {
    pub topic: Option<String>,
    pub day: Option<String>,
    pub at: Option<String>,
}

impl Wanted {
    pub fn day(&self) -> Option<Date> {
        self.day.as_deref().and_then(|text| Date::parse(text, DAY).ok())
    }
}

/// A start as the links and forms carry it: `2026-11-30T08:20`, the office's own clock.
pub fn moment_of(text: &str) -> Option<PrimitiveDateTime> {
    PrimitiveDateTime::parse(text, MOMENT).ok()
}

pub fn moment_text(at: PrimitiveDateTime) -> String {
    format!("{}T{:02}:{:02}", at.date(), at.hour(), at.minute())
}

/// `8:20`.
pub fn clock(time: Time) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}

/// `v pondělí 30. 11. 2026 od 8:20 do 8:40`.
pub fn when(page: &Page, starts_at: PrimitiveDateTime, ends_at: PrimitiveDateTime) -> String {
    let args = [
        ("day", Arg::from(page.on_day(starts_at.date()))),
        ("from", Arg::from(clock(starts_at.time()))),
        ("to", Arg::from(clock(ends_at.time()))),
    ];
    page.t_args("visit-when", &args)
}

/// An office with what is taken in the days it takes visits for.
pub struct Free {
    pub office: Office,
    taken: BTreeMap<Date, Vec<PrimitiveDateTime>>,
    now: PrimitiveDateTime,
}

impl Free {
    pub async fn of(page: &Page, tx: &TenantTx, row: &OfficeRow) -> Result<Free, Error> {
        let office = row.shown(page.lang() == Lang::En);
        let (today, clock) = page.local(page.now());
        let first = page.instant(today, Time::MIDNIGHT);
        let last = page.instant(today + Duration::days(office.ahead_days + 1), Time::MIDNIGHT);
        let mut taken: BTreeMap<Date, Vec<PrimitiveDateTime>> = BTreeMap::new();
        for (at, count) in tx.bookings_on(row.id, first, last).await? {
            let (day, time) = page.local(at);
            let starts = std::iter::repeat_n(PrimitiveDateTime::new(day, time), usize::from(count));
            taken.entry(day).or_default().extend(starts);
        }
        Ok(Free { office, taken, now: PrimitiveDateTime::new(today, clock) })
    }

    fn taken_on(&self, day: Date) -> &[PrimitiveDateTime] {
        self.taken.get(&day).map_or(&[], Vec::as_slice)
    }

    pub fn slot_at(&self, at: PrimitiveDateTime) -> Result<Slot, SlotError> {
        self.office.slot_at(at, self.taken_on(at.date()), self.now)
    }

    fn on(&self, day: Date) -> Vec<Slot> {
        self.office.free_slots(day, self.taken_on(day), self.now)
    }

    fn all_days(&self) -> impl Iterator<Item = Date> {
        (0..=self.office.ahead_days).map(|days| self.now.date() + Duration::days(days))
    }

    /// Days that have a free slot.
    fn days(&self) -> Vec<Date> {
        self.all_days().filter(|day| !self.on(*day).is_empty()).collect()
    }

    /// The first slots of the nearest day that has any.
    pub fn nearest(&self, most: usize) -> Vec<Slot> {
        let mut slots = self.all_days().map(|day| self.on(day)).find(|slots| !slots.is_empty()).unwrap_or_default();
        slots.truncate(most);
        slots
    }
}

/// The page on which a slot is chosen.
#[derive(Serialize)]
pub struct Choosing {
    pub title: String,
    pub back: String,
    /// Why the slot that was wanted cannot be had.
    pub notice: String,
    pub office: String,
    pub address: String,
    pub topic: String,
    /// The slot held now, where one is being moved.
    pub held: String,
    day: String,
    slots: Vec<Link>,
    days: Vec<Link>,
    earlier: String,
    later: String,
}

#[derive(Serialize)]
struct Link {
    label: String,
    href: String,
    is_current: bool,
}

/// `path` and `query` lead to this page again; a day without free slots gives way to the next that has some.
pub struct Place<'a> {
    pub path: &'a str,
    pub query: &'a str,
}

impl Choosing {
    pub fn new(page: &Page, free: &Free, place: &Place<'_>, wanted: Option<Date>) -> Choosing {
        let days = free.days();
        let from = wanted.unwrap_or(free.now.date());
        let day = days.iter().copied().find(|day| *day >= from).or(days.last().copied());
        let at = day.and_then(|day| days.iter().position(|one| *one == day)).unwrap_or(0);
        let href = |rest: String| {
            let parts: Vec<&str> = [place.query, rest.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
            words::href(page, place.path, &parts)
        };
        let of_day = |day: &Date| href(format!("day={day}"));
        let shown = days.iter().skip(at).take(DAYS).map(|one| Link {
            label: page.on_day(*one),
            href: of_day(one),
            is_current: Some(*one) == day,
        });
        let slots = day.map(|day| free.on(day)).unwrap_or_default();
        let slots = slots.into_iter().map(|slot| Link {
            label: clock(slot.starts_at.time()),
            href: href(format!("at={}", moment_text(slot.starts_at))),
            is_current: false,
        });
        Choosing {
            title: page.t("visit-new-title"),
            back: "/visits".into(),
            notice: String::new(),
            office: free.office.name.clone(),
            address: words::address(&free.office.address),
            topic: String::new(),
            held: String::new(),
            day: day.map(|day| page.on_day(day)).unwrap_or_default(),
            slots: slots.collect(),
            days: shown.collect(),
            earlier: at.checked_sub(1).and_then(|at| days.get(at)).map(of_day).unwrap_or_default(),
            later: days.get(at + 1).map(of_day).unwrap_or_default(),
        }
    }

    /// Shown again since the slot cannot be had: taken is a conflict, the rest a mistake.
    pub fn refuse(mut self, page: &Page, error: SlotError) -> Result<Response, Error> {
        self.notice = page.t(match error {
            SlotError::Taken => "visit-taken",
            SlotError::TooSoon => "visit-too-soon",
            SlotError::TooFar => "visit-too-far",
            SlotError::NotOffered => "visit-not-offered",
        });
        let status = match error {
            SlotError::Taken => StatusCode::CONFLICT,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        page.show_as(status, "portal/visit_slots.html", &self)
    }
}

//! Numbers, money, days and quantities in the language of the page.
use super::page::Page;
use crate::domain::money::Money;
use crate::tenancy::Arg;
pub use crate::tenancy::format::*;
use rust_decimal::Decimal;
use time::Date;

const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8", "month-9", "month-10",
    "month-11", "month-12",
];
/// The same in the language of the page.
impl Page {
    pub fn money(&self, amount: Money) -> String {
        money(self.lang(), amount)
    }
    /// As a person would type it into a field: `3020`, `3020,50`.
    pub fn plain_money(&self, amount: Money) -> String {
        let (crowns, hellers) = (amount.0 / 100, amount.0 % 100);
        if hellers == 0 { crowns.to_string() } else { format!("{crowns}{}{hellers:02}", point(self.lang())) }
    }
    pub fn whole(&self, number: i64) -> String {
        whole(self.lang(), number)
    }
    pub fn decimal(&self, number: Decimal, places: u32) -> String {
        decimal(self.lang(), number, places)
    }
    pub fn quantity(&self, number: i64, unit: &str) -> String {
        quantity(self.lang(), number, unit)
    }

    /// Of a file: "340 kB", "1,2 MB"; a kilobyte has 1,000 bytes.
    pub fn size(&self, bytes: i64) -> String {
        match bytes {
            1_000_000.. => format!("{}\u{a0}MB", self.decimal(Decimal::new(bytes / 100_000, 1), 1)),
            1_000..1_000_000 => self.quantity((bytes + 500) / 1_000, "kB"),
            _ => format!("{bytes}\u{a0}B"),
        }
    }

    /// `23. 11. 2026`, in English `23 Nov 2026`.
    pub fn date(&self, day: Date) -> String {
        date(self.tenant(), self.lang(), day)
    }

    /// Day and time of day in the tenant's zone.
    pub fn moment(&self, at: time::OffsetDateTime) -> String {
        let (day, clock) = self.local(at);
        format!("{} {}:{:02}", self.date(day), clock.hour(), clock.minute())
    }

    /// First to last day.
    pub fn period(&self, from: Date, to: Date) -> String {
        format!("{}{NBSP}– {}", self.date(from), self.date(to))
    }

    /// `v pátek 27. 11. 2026`.
    pub fn on_day(&self, day: Date) -> String {
        on_day(self.tenant(), self.lang(), day)
    }

    /// How far away a day is: `dnes`, `za 4 dny`, `před 4 dny`.
    pub fn distance(&self, day: Date) -> String {
        let days = (day - self.today()).whole_days();
        let key = if days < 0 { "days-ago" } else { "days-ahead" };
        self.t_args(key, &[("days", Arg::from(days.abs()))])
    }

    /// The same of a due day: what is past is `4 dny po splatnosti`.
    pub fn due_distance(&self, day: Date) -> String {
        let days = (day - self.today()).whole_days();
        let key = if days < 0 { "days-overdue" } else { "days-ahead" };
        self.t_args(key, &[("days", Arg::from(days.abs()))])
    }

    /// `listopad 2026`.
    pub fn month(&self, day: Date) -> String {
        format!("{} {}", self.t(MONTHS[month_index(day)]), day.year())
    }

    /// Three letters for the foot of a chart.
    pub fn short_month(&self, day: Date) -> String {
        self.t(SHORT_MONTHS[month_index(day)])
    }
}

//! iCalendar (RFC 5545): appointments, outages and days that count as customers' calendars read them. Times are UTC; who knows the zone
//! converts before.
use time::{Date, OffsetDateTime, UtcOffset};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The same through all changes: `outage-12@host`.
    pub uid: String,
    /// Counts the changes; a calendar keeps the highest.
    pub sequence: u32,
    pub is_cancelled: bool,
    /// When this version was made.
    pub stamp: OffsetDateTime,
    pub when: When,
    pub summary: String,
    /// Left out when empty, as is the description.
    pub location: String,
    pub description: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Moments(OffsetDateTime, OffsetDateTime),
    /// Days alone, the last one included: nobody is busy because of them.
    Days(Date, Date),
}

/// `product` names the portal (`PRODID`). Lines end with CRLF and are folded at 75 octets.
pub fn calendar(product: &str, events: &[Event]) -> String {
    let mut out = String::new();
    line(&mut out, "BEGIN:VCALENDAR");
    line(&mut out, "VERSION:2.0");
    line(&mut out, &format!("PRODID:-//{}//CS", escaped(product)));
    line(&mut out, "CALSCALE:GREGORIAN");
    for event in events {
        event.write(&mut out);
    }
    line(&mut out, "END:VCALENDAR");
    out
}

impl Event {
    fn write(&self, out: &mut String) {
        line(out, "BEGIN:VEVENT");
        line(out, &format!("UID:{}", escaped(&self.uid)));
        line(out, &format!("SEQUENCE:{}", self.sequence));
        line(out, if self.is_cancelled { "STATUS:CANCELLED" } else { "STATUS:CONFIRMED" });
        line(out, &format!("DTSTAMP:{}", instant(self.stamp)));
        let (starts, ends) = match self.when {
            When::Moments(from, to) => (format!(":{}", instant(from)), format!(":{}", instant(to))),
            When::Days(from, to) => (date(from), date(to.next_day().unwrap_or(to))),
        };
        line(out, &format!("DTSTART{starts}"));
        line(out, &format!("DTEND{ends}"));
        if matches!(self.when, When::Days(..)) {
            line(out, "TRANSP:TRANSPARENT");
        }
        for (name, text) in
            [("SUMMARY", &self.summary), ("LOCATION", &self.location), ("DESCRIPTION", &self.description)]
        {
            if !text.is_empty() {
                line(out, &format!("{name}:{}", escaped(text)));
            }
        }
        line(out, "END:VEVENT");
    }
}

/// `;VALUE=DATE:20260907`.
fn date(day: Date) -> String {
    format!(";VALUE=DATE:{:04}{:02}{:02}", day.year(), u8::from(day.month()), day.day())
}

/// `20260907T053000Z`.
fn instant(at: OffsetDateTime) -> String {
    let at = at.to_offset(UtcOffset::UTC);
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    format!("{:04}{:02}{:02}T{hour:02}{minute:02}{second:02}Z", at.year(), u8::from(at.month()), at.day())
}

/// Backslash, semicolon, comma and line ends escaped; other control characters dropped, so that no text adds a line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            _ if letter.is_control() => {}
            _ => out.push(letter),
        }
    }
    out
}

const FOLD: usize = 75;

/// Folded between characters, never within one.
fn line(out: &mut String, content: &str) {
    let mut width = 0;
    for letter in content.chars() {
        if width + letter.len_utf8() > FOLD {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(letter);
        width += letter.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::datetime;

    fn event(starts_at: OffsetDateTime, ends_at: OffsetDateTime, summary: &str) -> Event {
        Event {
            uid: "outage-1@example.cz".into(),
            sequence: 2,
            is_cancelled: false,
            stamp: datetime!(2026-08-20 10:00 UTC),
            when: When::Moments(starts_at, ends_at),
            summary: summary.into(),
            location: String::new(),
            description: String::new(),
        }
    }

    #[test]
    fn an_event_is_written_in_utc_also_over_the_change_of_time() {
        for (from, to, expected) in [
            (
                datetime!(2026-09-07 07:30 +2),
                datetime!(2026-09-07 15:00 +2),
                "DTSTART:20260907T053000Z\r\nDTEND:20260907T130000Z",
            ),
            (
                datetime!(2026-10-25 01:30 +2),
                datetime!(2026-10-25 03:30 +1),
                "DTSTART:20261024T233000Z\r\nDTEND:20261025T023000Z",
            ),
            (
                datetime!(2026-09-07 22:00 +2),
                datetime!(2026-09-08 02:00 +2),
                "DTSTART:20260907T200000Z\r\nDTEND:20260908T000000Z",
            ),
        ] {
            let text = calendar("E", &[event(from, to, "x")]);
            assert!(text.contains(expected), "{text}");
        }
    }

    #[test]
    fn whole_days_tell_no_times() {
        let (from, to) = (datetime!(2026-12-31 07:30 UTC), datetime!(2026-12-31 15:00 UTC));
        let text = calendar("E", &[Event { when: When::Days(from.date(), to.date()), ..event(from, to, "x") }]);
        assert!(
            text.contains("DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\nTRANSP:TRANSPARENT\r\n"),
            "{text}"
        );
        assert!(!text.contains("T0730"), "{text}");
    }

    #[test]
    fn a_calendar_is_whole_and_a_cancelled_event_says_so() {
        let cancelled = Event {
            is_cancelled: true,
            ..event(
                datetime!(2026-09-07 05:30 UTC),
                datetime!(2026-09-07 13:00 UTC),
                "Odstávka; Praha, 1\\2\r\nBEGIN:VEVENT\u{0}",
            )
        };
        let expected = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Energie24//CS",
            "CALSCALE:GREGORIAN",
            "BEGIN:VEVENT",
            "UID:outage-1@example.cz",
            "SEQUENCE:2",
            "STATUS:CANCELLED",
            "DTSTAMP:20260820T100000Z",
            "DTSTART:20260907T053000Z",
            "DTEND:20260907T130000Z",
            "SUMMARY:Odstávka\\; Praha\\, 1\\\\2\\nBEGIN:VEVENT",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ];
        assert_eq!(calendar("Energie24", &[cancelled]), expected.join("\r\n"));
    }

    proptest! {
        #[test]
        fn lines_are_short_and_unfold_to_what_was_meant(summary in "(?s).{1,200}") {
            let at = datetime!(2026-09-07 05:30 UTC);
            let text = calendar("E", &[event(at, at, &summary)]);
            prop_assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])));
            let unfolded = text.replace("\r\n ", "");
            let wanted = format!("SUMMARY:{}\r\n", escaped(&summary));
            prop_assert!(wanted == "SUMMARY:\r\n" || unfolded.contains(&wanted));
            prop_assert_eq!(unfolded.matches("\r\nEND:").count(), 2);
        }
    }
}

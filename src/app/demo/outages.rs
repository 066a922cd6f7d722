//! Outages around the first customers: one is coming, one runs today, one was moved, one was cancelled, one is over.
use super::customer::DemoCustomer;
use super::draw::Draw;
use crate::data::{OutageSubscription, TenantTx};
use crate::domain::ids::{AccountId, OutageId};
use crate::domain::outages::{Areas, Numbers, Outage, OutageKind, Place, Source, instant, place_of};
use crate::domain::supply_points::{Commodity, SupplyPoint};
use anyhow::Result;
use time::macros::time;
use time::{Date, Duration, OffsetDateTime, Time};

const ZONE: &str = "Europe/Prague";

/// When, from when to when, and what became of it; days from today.
struct Story {
    number: &'static str,
    day: i64,
    hours: (Time, Time),
    kind: OutageKind,
    reason: &'static str,
    /// Announced so many days before today.
    announced: i64,
    then: Then,
}

#[derive(PartialEq, Eq)]
enum Then {
    Stays,
    Moves,
    IsCancelled,
}

fn stories() -> [Story; 5] {
    let planned = |number, day, hours, reason, announced, then| Story {
        number,
        day,
        hours,
        kind: OutageKind::Planned,
        reason,
        announced,
        then,
    };
    [
        planned("U-2026-001", 18, (time!(8:00), time!(12:30)), "Údržba vedení", 2, Then::Stays),
        planned("U-2026-002", 0, (time!(0:30), time!(23:30)), "Výměna transformátoru", 20, Then::Stays),
        planned("U-2026-003", 9, (time!(7:30), time!(15:00)), "Oprava rozvaděče", 12, Then::Moves),
        planned("U-2026-004", 25, (time!(9:00), time!(11:00)), "Ořez stromů u vedení", 5, Then::IsCancelled),
        Story {
            kind: OutageKind::Fault,
            ..planned("U-2026-005", -3, (time!(14:10), time!(16:40)), "Poškozený kabel", 3, Then::Stays)
        },
    ]
}

fn at(day: Date, clock: Time) -> OffsetDateTime {
    instant(day, clock, ZONE).unwrap_or(day.with_time(clock).assume_utc())
}

/// By the point's own address and its neighbours', or by its EAN.
fn areas(point: &SupplyPoint, is_by_address: bool) -> Areas {
    let (street, number) = point.address.street.rsplit_once(' ').unwrap_or((&point.address.street, ""));
    let number: u32 = number.split('/').next().and_then(|house| house.parse().ok()).unwrap_or(0);
    if !is_by_address || number == 0 {
        return Areas { eans: vec![point.code.clone()], ..Areas::default() };
    }
    let numbers = format!("{}-{}", number.saturating_sub(6).max(1), number + 6);
    let place = Place {
        municipality: point.address.city.clone(),
        street: street.to_owned(),
        house_numbers: Numbers::parse(&numbers).unwrap_or_default(),
        ..Place::default()
    };
    Areas { addresses: vec![place], ..Areas::default() }
}

pub async fn keep(tx: &TenantTx, people: &[DemoCustomer], draw: &mut Draw, today: Date) -> Result<()> {
    let all = people.iter().flat_map(|person| person.points.iter());
    let points: Vec<&SupplyPoint> = all.filter(|point| point.commodity == Commodity::Electricity).collect();
    let Some(first) = points.first() else { return Ok(()) };
    let wish = OutageSubscription {
        account: AccountId(first.customer.0),
        customer: first.customer,
        supply_point: first.id,
        channel: "mail".into(),
        is_on: true,
        token: draw.id(today).simple().to_string(),
        created_at: at(today, time!(6:00)),
    };
    tx.set_outage_subscription(&wish).await?;
    for (place, story) in stories().into_iter().enumerate() {
        let point = points[place % points.len()];
        let day = today + Duration::days(story.day);
        let areas = areas(point, place % 2 == 0);
        let mut one = Outage {
            id: OutageId(draw.id(today - Duration::days(story.announced))),
            source: Source::Distributor,
            number: story.number.into(),
            version: 1,
            kind: story.kind,
            starts_at: at(day, story.hours.0),
            ends_at: at(day, story.hours.1),
            is_cancelled: false,
            reason: story.reason.into(),
            place: match place_of(&areas) {
                // Anybody reads it: where it is known by a meter alone, no more than the town is said.
                place if place.is_empty() => point.address.city.clone(),
                place => place,
            },
            distributor: point.distributor.clone(),
            announced_at: at(today - Duration::days(story.announced), time!(8:00)),
            areas,
        };
        let recorded_at = one.announced_at + Duration::hours(1);
        tx.record_outage(&one, "Referent Ukázkový", recorded_at).await?;
        one.version = 2;
        match story.then {
            Then::Stays => {}
            Then::Moves => {
                one.ends_at -= Duration::hours(1);
                tx.record_outage(&one, "Referent Ukázkový", recorded_at + Duration::DAY).await?;
            }
            Then::IsCancelled => {
                one.is_cancelled = true;
                tx.record_outage(&one, "Referent Ukázkový", recorded_at + Duration::DAY).await?;
            }
        }
        tx.match_outage(&one, day).await?;
    }
    Ok(())
}

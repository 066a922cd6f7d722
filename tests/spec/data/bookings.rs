//! A place of a slot is won by one, moved and given back.
use super::asked::{booking, office};
use super::requests::{change, kept};
use busbar::data::{Booked, Booking, DayRow, Error, NewBooking, OfficeRow, TenantTx};
use busbar::domain::ids::*;
use time::macros::{datetime, offset};
use time::{Duration, OffsetDateTime};

const SLOT: OffsetDateTime = datetime!(2026-11-30 09:00 UTC);
const NEXT: OffsetDateTime = datetime!(2026-11-30 09:20 UTC);

async fn booked(tx: &TenantTx, new: &NewBooking, capacity: u16) -> Booking {
    match tx.book(new, capacity).await.expect("an answer") {
        Booked::Yes(booking) => booking,
        Booked::Full => panic!("no place at {}", new.starts_at),
    }
}

#[tokio::test]
async fn an_office_comes_back_as_written_and_is_shown_in_a_language() {
    let (ground, a, b, _) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let mut one = office("praha", u16::MAX / 2);
    tx.save_office(&one).await.expect("an office");
    assert_eq!(tx.office("praha").await.expect("by its word"), one);
    assert_eq!(tx.office_by_id(one.id).await.expect("by its id"), one);
    (one.phone, one.is_active, one.topics[1].is_active) = (String::new(), false, true);
    tx.save_office(&one).await.expect("over it");
    let keys: Vec<_> = tx.offices().await.expect("a list").into_iter().map(|one| (one.key, one.topics.len())).collect();
    assert_eq!(keys, [("praha".to_owned(), 2), ("stálá".to_owned(), 2)]);
    assert_eq!(tx.office("praha").await.expect("the same"), one);
    let shown = one.shown(true);
    assert_eq!((shown.name.as_str(), shown.topics[1].name.as_str()), ("Prague", "An invoice"));
    assert_eq!((shown.hours, shown.closed, shown.capacity), (one.hours.clone(), one.closed.clone(), one.capacity));
    let twin = OfficeRow { id: OfficeId::new(), ..one };
    assert!(matches!(tx.save_office(&twin).await, Err(Error::Conflict(_))), "one word, one office");
    drop(tx);
    let tx = change(&ground.db.tenant(b)).await;
    assert!(tx.offices().await.expect("a list").is_empty());
    assert!(matches!(tx.office("praha").await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_visit_is_booked_moved_and_cancelled_and_its_place_is_free_again() {
    let (ground, a, _, whole) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let (customer, one) = (whole.customer.id, office("praha", 2));
    tx.save_office(&one).await.expect("an office");
    let new = NewBooking { starts_at: SLOT.to_offset(offset!(+1)), ..booking(&one, customer, SLOT) };
    let first = booked(&tx, &new, 2).await;
    assert_eq!((first.starts_at, first.is_cancelled, first.ics_sequence), (SLOT, false, 0));
    let second = booked(&tx, &booking(&one, customer, SLOT), 2).await;
    let third = booking(&one, customer, SLOT);
    assert_eq!(tx.book(&third, 2).await.expect("an answer"), Booked::Full);
    let next = booked(&tx, &booking(&one, customer, NEXT), 2).await;
    let on = async || tx.bookings_on(one.id, SLOT, NEXT + Duration::minutes(20)).await.expect("counts");
    assert_eq!(on().await, [(SLOT, 2), (NEXT, 1)]);

    let full = tx.move_booking(&next, SLOT, NEXT, 2).await.expect("an answer");
    assert_eq!(full, Booked::Full);
    let Booked::Yes(moved) = tx.move_booking(&first, NEXT, NEXT + Duration::minutes(20), 2).await.expect("an answer")
    else {
        panic!("there is a place")
    };
    assert_eq!((moved.id, moved.starts_at, moved.ics_sequence), (first.id, NEXT, 1));
    assert_eq!(on().await, [(SLOT, 1), (NEXT, 2)]);
    for stale in [tx.move_booking(&first, SLOT, NEXT, 2).await.map(|_| ()), tx.cancel_booking(&first).await.map(|_| ())]
    {
        assert!(matches!(stale, Err(Error::Conflict(_))), "from what it was before: {stale:?}");
    }

    let cancelled = tx.cancel_booking(&moved).await.expect("cancelled");
    assert_eq!((cancelled.is_cancelled, cancelled.ics_sequence), (true, 2));
    assert!(matches!(tx.cancel_booking(&cancelled).await, Err(Error::Conflict(_))), "once");
    assert!(matches!(tx.move_booking(&cancelled, SLOT, NEXT, 2).await, Err(Error::Conflict(_))), "it is over");
    assert_eq!(on().await, [(SLOT, 1), (NEXT, 1)]);
    let again = booked(&tx, &booking(&one, customer, NEXT), 2).await;

    let line = |booking: &Booking| DayRow {
        booking: booking.clone(),
        customer_number: whole.customer.number.clone(),
        customer_name: whole.customer.name.clone(),
    };
    let mut list = tx.day_list(one.id, SLOT, SLOT + Duration::days(1)).await.expect("a day");
    list.sort_by_key(|line| (line.booking.starts_at, line.booking.id));
    assert_eq!(list, [line(&second), line(&next), line(&again)]);
    assert_eq!(tx.booking_of(customer, second.id).await.expect("their own"), second);
    assert_eq!(tx.booking(cancelled.id).await.expect("for staff"), cancelled);
    assert!(matches!(tx.booking_of(CustomerId::new(), second.id).await, Err(Error::NotFound)));
    let own: Vec<_> = tx.bookings_of(customer, NEXT).await.expect("a list").iter().map(|one| one.id).collect();
    assert_eq!(own.len(), 3, "cancelled ones too, past ones not");
}

#[tokio::test]
async fn offices_topics_and_visits_of_another_tenant_are_out_of_reach() {
    let (ground, a, b, whole) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let one = office("praha", 1);
    tx.save_office(&one).await.expect("an office");
    let visit = booked(&tx, &booking(&one, whole.customer.id, SLOT), 1).await;
    let unknown = NewBooking { topic: "nothing".into(), ..booking(&one, whole.customer.id, NEXT) };
    assert!(matches!(tx.book(&unknown, 1).await, Err(Error::Conflict(_))), "a topic nobody offers");
    drop(tx);
    let tx = change(&ground.db.tenant(a)).await;
    tx.save_office(&one).await.expect("an office");
    booked(&tx, &booking(&one, whole.customer.id, SLOT), 1).await;
    tx.commit().await.expect("kept");
    let tx = change(&ground.db.tenant(b)).await;
    assert!(matches!(tx.booking(visit.id).await, Err(Error::NotFound)));
    assert!(matches!(tx.cancel_booking(&visit).await, Err(Error::Conflict(_))));
    assert!(tx.bookings_on(one.id, SLOT, NEXT).await.expect("counts").is_empty());
    assert!(tx.day_list(one.id, SLOT, NEXT).await.expect("a day").is_empty());
    let refused = tx.book(&booking(&one, whole.customer.id, NEXT), 1).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
}

/// The last of three places, twenty times.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_who_want_the_last_place_one_has_it() {
    let (ground, a, _, whole) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let one = office("praha", 3);
    tx.save_office(&one).await.expect("an office");
    tx.commit().await.expect("kept");
    for round in 0..20 {
        let at = SLOT + Duration::minutes(20 * round);
        let tx = change(&ground.db.tenant(a)).await;
        for _ in 0..2 {
            booked(&tx, &booking(&one, whole.customer.id, at), 3).await;
        }
        tx.commit().await.expect("kept");
        let mut racers = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let (db, new) = (ground.db.tenant(a), booking(&one, whole.customer.id, at));
            racers.spawn(async move {
                let tx = change(&db).await;
                let booked = tx.book(&new, 3).await.expect("an answer");
                tx.commit().await.expect("kept");
                booked != Booked::Full
            });
        }
        let won = racers.join_all().await.into_iter().filter(|won| *won).count();
        assert_eq!(won, 1, "round {round}");
        let tx = change(&ground.db.tenant(a)).await;
        assert_eq!(tx.bookings_on(one.id, at, at + Duration::minutes(1)).await.expect("counts"), [(at, 3)]);
    }
}

/// Visits moved and booked at once to one slot with one place.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_is_won_by_one_whether_booked_or_moved_to() {
    let (ground, a, _, whole) = kept().await;
    let tx = change(&ground.db.tenant(a)).await;
    let one = office("praha", 1);
    tx.save_office(&one).await.expect("an office");
    let mut visits = Vec::new();
    for hour in 1..=5 {
        visits.push(booked(&tx, &booking(&one, whole.customer.id, SLOT + Duration::hours(hour)), 1).await);
    }
    tx.commit().await.expect("kept");
    let mut racers = tokio::task::JoinSet::new();
    for visit in visits {
        let (db, new) = (ground.db.tenant(a), booking(&one, whole.customer.id, SLOT));
        racers.spawn(async move {
            let tx = change(&db).await;
            let moved = tx.move_booking(&visit, SLOT, NEXT, 1).await.expect("an answer");
            tx.commit().await.expect("kept");
            moved != Booked::Full
        });
        let db = ground.db.tenant(a);
        racers.spawn(async move {
            let tx = change(&db).await;
            let booked = tx.book(&new, 1).await.expect("an answer");
            tx.commit().await.expect("kept");
            booked != Booked::Full
        });
    }
    assert_eq!(racers.join_all().await.into_iter().filter(|won| *won).count(), 1);
}

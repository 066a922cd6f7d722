//! A server killed while customers book, move and cancel visits: a visit, its request, its story, its mails and its audit lines are all there or none.
use super::{Remote, Running};
use crate::support::visits::{OFFICE, free, open_office};
use crate::support::{TestApp, value_in};
use busbar::app::demo_command::BookCustomer;
use busbar::data::{AuditRow, Booking, TenantTx};
use busbar::domain::features::Feature;
use busbar::domain::ids::{BookingId, CustomerId, OfficeId, TenantId};
use busbar::domain::requests::{RequestKind, RequestState};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use time::OffsetDateTime;

const CAPACITY: u16 = 2;
const ROUNDS: u64 = 6;

/// As the server last said it was.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Visit {
    /// The office's clock: `2026-11-30T08:20`.
    at: String,
    sequence: i32,
    is_cancelled: bool,
}

/// Sent, but nobody answered: done or not, never in part.
#[derive(Clone, Debug)]
enum Doubt {
    Booked(String),
    Changed(BookingId, Visit),
}

struct Visitor {
    customer: BookCustomer,
    id: CustomerId,
    visits: BTreeMap<BookingId, Visit>,
    doubt: Option<Doubt>,
    chance: u64,
    /// Answers: taken, moved, cancelled, refused since the slot is full.
    told: [usize; 4],
}

impl Visitor {
    fn below(&mut self, limit: usize) -> usize {
        self.chance = self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.chance >> 33) as usize % limit
    }

    /// One thing after the other, until nobody answers.
    async fn busy(mut self, browser: Remote, slots: Vec<String>) -> Visitor {
        let Ok(page) = browser.get("/dashboard").await else { return self };
        let csrf = value_in(&page, "csrf");
        while self.step(&browser, &csrf, &slots).await.is_ok() {}
        self
    }

    async fn step(&mut self, browser: &Remote, csrf: &str, slots: &[String]) -> reqwest::Result<()> {
        let at = slots[self.below(slots.len())].clone();
        let live: Vec<BookingId> =
            self.visits.iter().filter(|(_, visit)| !visit.is_cancelled).map(|(id, _)| *id).collect();
        let turn = self.below(3);
        if live.is_empty() || (turn == 0 && live.len() < 4) {
            return self.book(browser, csrf, at).await;
        }
        let id = live[self.below(live.len())];
        let before = self.visits[&id].clone();
        let is_cancelled = turn == 1 || before.at == at;
        let at = if is_cancelled { before.at.clone() } else { at };
        let after = Visit { at, sequence: before.sequence + 1, is_cancelled };
        self.change(browser, csrf, id, before.sequence, after).await
    }

    async fn book(&mut self, browser: &Remote, csrf: &str, at: String) -> reqwest::Result<()> {
        let key = uuid::Uuid::now_v7().to_string();
        self.doubt = Some(Doubt::Booked(at.clone()));
        let form = [("csrf", csrf), ("key", &key), ("topic", "smlouva"), ("at", &at)];
        let answer = browser.post(OFFICE, &form).await?;
        self.doubt = None;
        if answer.status().as_u16() != 303 {
            return self.is_full(answer).await;
        }
        let place = answer.headers()["location"].to_str().expect("ASCII").to_owned();
        let id = place.rsplit('/').next().and_then(|rest| rest.split('?').next()).expect("a visit");
        let id = BookingId(id.parse().expect("an identifier"));
        self.visits.insert(id, Visit { at, sequence: 0, is_cancelled: false });
        self.told[0] += 1;
        Ok(())
    }

    async fn change(
        &mut self,
        browser: &Remote,
        csrf: &str,
        id: BookingId,
        seen: i32,
        after: Visit,
    ) -> reqwest::Result<()> {
        self.doubt = Some(Doubt::Changed(id, after.clone()));
        let (seen, what) = (seen.to_string(), if after.is_cancelled { "cancel" } else { "move" });
        let form = [("csrf", csrf), ("sequence", &seen), ("at", &after.at)];
        let answer = browser.post(&format!("/visits/{id}/{what}"), &form).await?;
        self.doubt = None;
        if answer.status().as_u16() != 303 {
            return self.is_full(answer).await;
        }
        self.told[if after.is_cancelled { 2 } else { 1 }] += 1;
        self.visits.insert(id, after);
        Ok(())
    }

    async fn is_full(&mut self, answer: reqwest::Response) -> reqwest::Result<()> {
        let status = answer.status().as_u16();
        let page = answer.text().await?;
        assert!(status == 409 && page.contains("Termín je už obsazen"), "{status}: {page}");
        self.told[3] += 1;
        Ok(())
    }
}

struct Rows<'a> {
    app: &'a TestApp,
    tx: &'a TenantTx,
    office: OfficeId,
    trail: &'a [AuditRow],
}

impl Rows<'_> {
    fn visit(&self, booking: &Booking) -> Visit {
        let (day, time) = self.app.services.clock.local(booking.starts_at, "Europe/Prague");
        let at = format!("{day}T{:02}:{:02}", time.hour(), time.minute());
        Visit { at, sequence: booking.ics_sequence, is_cancelled: booking.is_cancelled }
    }

    fn audited(&self, object: &str) -> usize {
        self.trail.iter().filter(|line| line.object == object).count()
    }

    /// What was answered is there, what was not is there whole or not at all; the visitor knows it all from now on.
    async fn agree_with(&self, visitor: &mut Visitor) {
        let all = self.tx.bookings_of(visitor.id, OffsetDateTime::UNIX_EPOCH).await.expect("the visits");
        let mut found: BTreeMap<BookingId, Visit> =
            all.iter().filter(|one| one.office == self.office).map(|one| (one.id, self.visit(one))).collect();
        let kept = found.clone();
        let doubt = visitor.doubt.take();
        for (id, visit) in &visitor.visits {
            let now = found.remove(id).unwrap_or_else(|| panic!("{id} was acknowledged and is gone"));
            let is_answered_for = match &doubt {
                Some(Doubt::Changed(one, after)) if one == id => now == *visit || now == *after,
                _ => now == *visit,
            };
            assert!(is_answered_for, "{id} was {visit:?} and is {now:?}; open: {doubt:?}");
        }
        let unanswered: Vec<&Visit> = found.values().collect();
        match (&doubt, unanswered.as_slice()) {
            (_, []) => {}
            (Some(Doubt::Booked(at)), [one]) => {
                assert_eq!(**one, Visit { at: at.clone(), sequence: 0, is_cancelled: false });
            }
            (doubt, more) => panic!("nobody booked {more:?}; open: {doubt:?}"),
        }
        visitor.visits = kept;
    }

    /// Every visit has its request, story, mails and audit lines; every request its visit.
    async fn are_whole(&self, visitor: &Visitor) {
        let requests = self.tx.requests_of(visitor.id, 10_000).await.expect("the requests");
        let requests: Vec<_> = requests
            .into_iter()
            .filter(|one| one.kind == RequestKind::Appointment && one.payload["new"]["office"] == "zkusebni")
            .collect();
        let ids: BTreeSet<_> = requests.iter().map(|one| BookingId(one.id.0)).collect();
        assert_eq!(ids, visitor.visits.keys().copied().collect(), "requests and visits go together");
        let mails = self.tx.customer(visitor.id).await.expect("the customer").email.map_or(0, |_| 1);
        for request in &requests {
            let booking = self.tx.booking(BookingId(request.id.0)).await.expect("its visit");
            let (id, changes) = (booking.id, booking.ics_sequence as usize);
            assert_eq!(booking.request, Some(request.id));
            assert!(request.was_immediate && request.state == RequestState::Done, "{request:?}");
            let story = self.tx.events_of(request.id, false).await.expect("the story");
            let told: Vec<&str> = story.iter().map(|one| one.event.what.as_str()).collect();
            let mut expected = vec!["received", "done"];
            expected.resize(2 + changes, "visit_moved");
            if booking.is_cancelled {
                *expected.last_mut().expect("at least two") = "visit_cancelled";
            }
            assert_eq!(told, expected, "{}", request.reference);
            assert!(story.iter().zip(1..).all(|(one, seq)| one.seq == seq), "{story:?}");
            let mut sent = 0;
            for kind in ["visit_booked", "visit_moved", "visit_cancelled"] {
                sent += self.tx.states_of_messages(&format!("{kind}:{id}:")).await.expect("the mails").len();
            }
            assert_eq!(sent, mails * (1 + changes), "mails of {}", request.reference);
            assert_eq!(self.audited(&format!("request:{}", request.reference)), 1, "{}", request.reference);
            assert_eq!(self.audited(&format!("visit:{id}")), changes, "{}", request.reference);
        }
    }

    async fn is_never_overfull(&self, visitors: &[Visitor]) {
        let (from, to) = (OffsetDateTime::UNIX_EPOCH, self.app.services.clock.now() + time::Duration::days(60));
        let taken = self.tx.bookings_on(self.office, from, to).await.expect("the office's slots");
        assert!(taken.iter().all(|(_, count)| *count <= CAPACITY), "{taken:?}");
        let live = visitors.iter().flat_map(|one| one.visits.values()).filter(|visit| !visit.is_cancelled).count();
        assert_eq!(taken.iter().map(|(_, count)| usize::from(*count)).sum::<usize>(), live, "{taken:?}");
        let list = self.tx.day_list(self.office, from, to).await.expect("who comes");
        assert_eq!(list.len(), live);
    }
}

/// Everything that must hold while no server runs.
async fn check(app: &TestApp, tenant: TenantId, office: OfficeId, visitors: &mut [Visitor]) {
    let tx = app.services.db.tenant(tenant).read().await.expect("the database is whole");
    let trail = tx.audit_trail(100_000, Some(Feature::BookOfficeVisit)).await.expect("the trail");
    let rows = Rows { app, tx: &tx, office, trail: &trail };
    for visitor in &mut *visitors {
        rows.agree_with(visitor).await;
        rows.are_whole(visitor).await;
    }
    rows.is_never_overfull(visitors).await;
    assert_eq!(tx.broken_audit_link().await.expect("the trail"), None);
}

/// Six times: five customers want the same few places, and the server dies at some moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_is_booked_moved_and_cancelled_whole_or_not_at_all_though_the_server_is_killed() {
    let app = TestApp::start().await;
    let office = open_office(&app, CAPACITY).await;
    let mut slots = free(&mut app.customer("pp", 0).await).await;
    slots.truncate(6);
    let tenant = app.book.tenants.iter().find(|tenant| tenant.slug == "pp").expect("pp").clone();
    let id = app.services.registry.by_slug("pp").expect("pp").id;
    let tx = app.services.db.tenant(id).read().await.expect("a look");
    let mut visitors = Vec::new();
    for (at, customer) in tenant.customers.iter().take(5).enumerate() {
        let person = tx.find_customers(&customer.number, 1).await.expect("found").remove(0);
        visitors.push(Visitor {
            customer: customer.clone(),
            id: person.id,
            visits: BTreeMap::new(),
            doubt: None,
            chance: at as u64 + 1,
            told: [0; 4],
        });
    }
    drop(tx);
    let mut unanswered = 0;
    for round in 0..ROUNDS {
        let running = Running::start(&app).await;
        let mut browsers = Vec::new();
        for visitor in &visitors {
            browsers.push(Remote::signed_in(&running, &tenant, &visitor.customer).await);
        }
        let killer = running.killed_after(Duration::from_millis(400 + round * 277 % 600));
        let busy = visitors.drain(..).zip(browsers);
        let busy: Vec<_> = busy.map(|(one, browser)| tokio::spawn(one.busy(browser, slots.clone()))).collect();
        for one in busy {
            visitors.push(one.await.expect("nothing but an end"));
        }
        killer.join().expect("the killer ends");
        unanswered += visitors.iter().filter(|one| one.doubt.is_some()).count();
        check(&app, id, office, &mut visitors).await;
    }
    let told = |at: usize| visitors.iter().map(|one| one.told[at]).sum::<usize>();
    let [booked, moved, cancelled, full] = [0, 1, 2, 3].map(told);
    println!(
        "{booked} booked, {moved} moved, {cancelled} cancelled, {full} refused, {unanswered} unanswered over {ROUNDS} kills"
    );
    assert!(booked >= 6 && moved > 0 && cancelled > 0 && unanswered > 0, "too little happened to tell");
}

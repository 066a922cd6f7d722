//! The calendar that follows what awaits a customer: read by a library that is not ours.
use crate::outages_portal::{Ground, coming};
use crate::people::{invited, known_by};
use crate::support::visits::open_office;
use crate::support::{Answer, Browser, TestApp, value_of};
use axum::body::Body;
use axum::http::header;
use busbar::data::{Booked, NewBooking, TenantTx};
use busbar::domain::access::{Proof, Proofs};
use busbar::domain::ids::{BookingId, CustomerId, ReadingId};
use busbar::domain::outages::Outage;
use busbar::domain::readings::{Reading, ReadingKind};
use ical::IcalParser;
use ical::parser::ical::component::IcalEvent;
use sea_orm::ConnectionTrait;
use std::collections::BTreeSet;
use time::macros::datetime;
use time::{Date, Duration};

fn events(text: &str) -> Vec<IcalEvent> {
    assert!(text.split_inclusive('\n').all(|line| line.ends_with("\r\n") && line.len() <= 77), "{text}");
    let mut calendars: Vec<_> = IcalParser::new(text.as_bytes()).collect();
    assert_eq!(calendars.len(), 1);
    calendars.remove(0).expect("a calendar").events
}

/// Those whose name begins so.
fn of(answer: &Answer, start: &str) -> Vec<IcalEvent> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    events(&answer.body).into_iter().filter(|event| property(event, "UID").starts_with(start)).collect()
}

fn names(all: &[IcalEvent]) -> BTreeSet<String> {
    all.iter().map(|event| property(event, "UID").split('@').next().unwrap_or_default().to_owned()).collect()
}

fn property(event: &IcalEvent, name: &str) -> String {
    let found = event.properties.iter().find(|one| one.name == name);
    found.and_then(|one| one.value.clone()).unwrap_or_else(|| panic!("no {name}"))
}

fn compact(day: Date) -> String {
    day.to_string().replace('-', "")
}

/// Of the calendar of whoever is signed in.
pub async fn address(browser: &mut Browser) -> String {
    let page = browser.get("/calendar").await;
    assert!(page.text().contains("Kdo tuto adresu má"), "{}", page.text());
    let made = browser.post("/calendar", &[]).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let url = made.body.split("/calendar/").find(|rest| rest.contains(".ics")).expect("an address");
    format!("/calendar/{}.ics", url.split(".ics").next().expect("a token"))
}

/// The demo's first customer of a supplier, and a program that reads their calendar.
struct Followed {
    app: TestApp,
    slug: &'static str,
    customer: CustomerId,
    program: Browser,
    path: String,
}

impl Followed {
    async fn of(slug: &'static str) -> Followed {
        let app = TestApp::start().await;
        let path = address(&mut app.customer(slug, 0).await).await;
        let book = app.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight");
        let number = book.customers[0].number.clone();
        let program = app.browser(slug);
        let mut followed = Followed { app, slug, customer: CustomerId::new(), program, path };
        followed.customer = followed.tx().await.find_customers(&number, 1).await.expect("found").remove(0).id;
        followed
    }

    async fn tx(&self) -> TenantTx {
        let tenant = self.app.services.registry.by_slug(self.slug).expect("one of the eight").id;
        self.app.services.db.tenant(tenant).begin().await.expect("a transaction")
    }

    fn today(&self) -> Date {
        self.app.services.clock.today("Europe/Prague")
    }

    async fn read(&mut self) -> Answer {
        self.program.get(&self.path.clone()).await
    }

    /// What comes from the supplier's other systems.
    async fn changes(&self, sql: &str) {
        let raw = sea_orm::Database::connect(self.app.admin_url()).await.expect("the database");
        let changed = raw.execute_unprepared(sql).await.expect("changed").rows_affected();
        assert!(changed > 0, "{sql}");
        raw.close().await.expect("closed");
    }
}

#[tokio::test]
async fn a_calendar_follows_the_outages_and_is_told_what_changed() {
    let ground = Ground::of().await;
    let path = address(&mut ground.app.customer("eon", 0).await).await;
    let starts_at = datetime!(2036-09-07 05:30 UTC);
    let one = Outage {
        starts_at,
        ends_at: starts_at + time::Duration::minutes(450),
        reason: "Údržba; vedení, \\ a sloup\nBEGIN:VEVENT".into(),
        ..coming(&ground.point, ground.now())
    };
    ground.record(&one).await;
    let mut program = ground.app.browser("eon");
    let answer = program.get(&path).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/calendar; charset=utf-8"));
    assert!(answer.header("cache-control").starts_with("private, max-age="), "{}", answer.header("cache-control"));
    assert_eq!(answer.header("set-cookie"), "");
    let all = of(&answer, "outage-");
    assert_eq!(all.len(), 1);
    assert_eq!(property(&all[0], "DTSTART"), "20360907T053000Z");
    assert_eq!(property(&all[0], "DTEND"), "20360907T130000Z");
    assert_eq!(property(&all[0], "SEQUENCE"), "1");
    assert_eq!(property(&all[0], "STATUS"), "CONFIRMED");
    assert_eq!(
        property(&all[0], "UID"),
        format!("outage-{}@{}", one.id, program.host.split(':').next().expect("a host"))
    );
    assert!(property(&all[0], "DESCRIPTION").contains("Údržba\\; vedení\\, \\\\ a sloup\\nBEGIN:VEVENT"));

    let request = program.request("GET", &path).header(header::IF_NONE_MATCH, answer.header("etag"));
    let again = program.send(request.body(Body::empty()).expect("a request")).await;
    assert!(again.status == 304 && again.body.is_empty());
    ground.record(&Outage { version: 2, is_cancelled: true, ..one }).await;
    let changed = program.get(&path).await;
    let all = of(&changed, "outage-");
    assert_eq!((property(&all[0], "SEQUENCE").as_str(), property(&all[0], "STATUS").as_str()), ("2", "CANCELLED"));
    assert_ne!(changed.header("etag"), answer.header("etag"));
}

#[tokio::test]
async fn an_address_that_was_ended_is_as_one_that_never_was() {
    let ground = Ground::of().await;
    let (mut browser, mut program) = (ground.app.customer("eon", 0).await, ground.app.browser("eon"));
    let first = address(&mut ground.app.customer("eon", 0).await).await;
    let second = address(&mut ground.app.customer("eon", 0).await).await;
    assert_eq!(program.get(&first).await.status, 404, "a new one ends the one before");
    assert_eq!(program.get(&second).await.status, 200);
    assert!(!browser.get("/calendar").await.body.contains(".ics"), "it is shown once");
    assert_eq!(browser.post("/calendar/end", &[]).await.status, 303);
    let plain = |answer: Answer| {
        let body = answer.body.replace(answer.header("x-request-id"), "");
        (answer.status, body)
    };
    let ended = plain(program.get(&second).await);
    assert_eq!(ended.0, 404);
    let made_up = "/calendar/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics";
    assert_eq!(plain(program.get(made_up).await), ended);
    assert_eq!(plain(program.get("/calendar/nic.ics").await), ended);
    let mut elsewhere = ground.app.browser("pre");
    assert_eq!(elsewhere.get(&second).await.status, 404);
}

#[tokio::test]
async fn one_outage_is_put_into_a_calendar_by_hand() {
    let ground = Ground::of().await;
    let one = coming(&ground.point, ground.now());
    ground.record(&one).await;
    let mut browser = ground.app.customer("eon", 0).await;
    let answer = browser.get(&format!("/outages/{}/calendar.ics", one.id)).await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-disposition").contains("odstavka.ics"));
    assert!(property(&events(&answer.body)[0], "SUMMARY").contains("Odstávka elektřiny"));
}

#[tokio::test]
async fn what_is_due_stands_on_its_day_until_it_is_paid() {
    let mut followed = Followed::of("eon").await;
    let (customer, due) = (followed.customer, followed.today() + Duration::days(9));
    let tx = followed.tx().await;
    let instalments = tx.instalments_of(customer, followed.today() - Duration::days(60)).await.expect("instalments");
    let bill = tx.latest_invoices(customer, 1).await.expect("invoices").remove(0);
    drop(tx);
    let open = instalments.iter().filter(|one| one.open().is_positive());
    let expected: BTreeSet<String> = open.map(|one| format!("advance-{}-{}", one.schedule, one.due_on)).collect();
    assert!(!expected.is_empty());
    let owe =
        |due| format!("UPDATE invoices SET payable = 123400, paid = 0, due_on = '{due}' WHERE id = {}", hex(bill.id.0));
    followed.changes(&owe(due)).await;
    let first = followed.read().await;
    assert_eq!(names(&of(&first, "advance-")), expected);
    let bills = of(&first, &format!("bill-{}", bill.id));
    assert_eq!((bills.len(), property(&bills[0], "DTSTART")), (1, compact(due)));
    assert_eq!(property(&bills[0], "DTEND"), compact(due + Duration::DAY));
    let summary = property(&bills[0], "SUMMARY").replace('\u{a0}', " ");
    assert!(summary.contains(&bill.number) && summary.contains("1 234"), "{summary}");
    assert!(property(&bills[0], "DESCRIPTION").contains(&bill.variable_symbol));

    followed.changes(&owe(due + Duration::DAY)).await;
    let moved = of(&followed.read().await, &format!("bill-{}", bill.id));
    assert_eq!(
        (moved.len(), property(&moved[0], "DTSTART")),
        (1, compact(due + Duration::DAY)),
        "only where it is now"
    );
    assert_ne!(property(&moved[0], "UID"), property(&bills[0], "UID"));
    followed.changes("UPDATE instalments SET paid = amount").await;
    followed.changes("UPDATE invoices SET paid = payable").await;
    let paid = followed.read().await;
    assert!(of(&paid, "advance-").is_empty() && of(&paid, "bill-").is_empty(), "{}", paid.body);
}

#[tokio::test]
async fn the_days_of_a_reading_leave_once_it_was_read_and_a_contract_says_its_end() {
    let mut followed = Followed::of("eon").await;
    let tx = followed.tx().await;
    let customer = followed.customer;
    let points = tx.supply_points_of(customer).await.expect("points");
    let settled = tx.invoices_of(customer, Default::default()).await.expect("invoices");
    let last = |point| settled.iter().filter(|one| one.supply_point == point).map(|one| one.period_to).max();
    let wanted: Vec<Date> = points.iter().filter_map(|one| last(one.id)).map(|day| day + Duration::days(351)).collect();
    let expected: BTreeSet<String> =
        points.iter().zip(&wanted).map(|(one, day)| format!("reading-{}-{day}", one.id)).collect();
    assert!(wanted.len() == points.len() && !points.is_empty());
    let first = followed.read().await;
    assert_eq!(names(&of(&first, "reading-")), expected);
    let (point, day) = (&points[0], wanted[0]);
    let window = of(&first, &format!("reading-{}", point.id));
    assert_eq!(property(&window[0], "DTSTART"), compact(day));
    assert_eq!(property(&window[0], "DTEND"), compact(day + Duration::days(15)), "its last day is one of it");

    let meter = tx.meters_of(customer, point.id).await.expect("meters").remove(0);
    let reading = Reading {
        id: ReadingId::new(),
        customer,
        supply_point: point.id,
        meter: meter.id,
        meter_serial: meter.serial,
        register: meter.registers[0],
        read_on: day,
        state: 1,
        kind: ReadingKind::Customer,
        consumption: None,
    };
    tx.insert_readings(&[reading]).await.expect("read");
    tx.commit().await.expect("kept");
    assert!(of(&followed.read().await, &format!("reading-{}", point.id)).is_empty(), "it was read");
    for end in [followed.today() + Duration::days(100), followed.today() + Duration::days(200)] {
        followed
            .changes(&format!("UPDATE supply_points SET contract_until = '{end}' WHERE id = {}", hex(point.id.0)))
            .await;
        let ends = of(&followed.read().await, "contract-");
        assert_eq!(names(&ends), BTreeSet::from([format!("contract-{}-{end}", point.id)]));
        assert_eq!(property(&ends[0], "DTSTART"), compact(end));
    }
}

/// reading_monthly_email_prompt: where the supplier asks every month, the calendar says on which days.
#[tokio::test]
async fn where_readings_are_wanted_every_month_this_and_the_next_one_stand_there() {
    let mut followed = Followed::of("3e").await;
    let all = of(&followed.read().await, &format!("reading-{}", followed.customer));
    assert_eq!(all.len(), 2, "{:?}", names(&all));
    assert!(all.iter().all(|one| property(one, "DTSTART").ends_with("01") && property(one, "DTEND").ends_with("01")));
}

#[tokio::test]
async fn a_visit_is_the_same_entry_wherever_it_is_read_and_counts_its_changes() {
    let mut followed = Followed::of("pp").await;
    let office = open_office(&followed.app, 1).await;
    let starts_at = followed.app.services.clock.now().replace_nanosecond(0).expect("a moment") + Duration::days(3);
    let new = NewBooking {
        id: BookingId::new(),
        office,
        topic: "smlouva".into(),
        customer: followed.customer,
        request: None,
        starts_at,
        ends_at: starts_at + Duration::minutes(20),
        created_at: starts_at - Duration::days(3),
    };
    let tx = followed.tx().await;
    let Booked::Yes(booking) = tx.book(&new, 1).await.expect("booked") else { panic!("full") };
    tx.commit().await.expect("kept");
    let entry = format!("/visits/{}/calendar.ics", booking.id);
    let said = |all: &[IcalEvent]| {
        let say = |name| property(&all[0], name);
        (all.len(), say("UID"), say("SEQUENCE"), say("STATUS"), say("DTSTART"), say("SUMMARY"))
    };
    let first = said(&of(&followed.read().await, "visit-"));
    assert_eq!((first.0, first.2.as_str(), first.3.as_str()), (1, "0", "CONFIRMED"));
    let by_hand = followed.app.customer("pp", 0).await.get(&entry).await;
    assert_eq!(said(&events(&by_hand.body)), first);
    let tx = followed.tx().await;
    let later = starts_at + Duration::DAY;
    let moved = tx.move_booking(&booking, later, later + Duration::minutes(20), 1).await.expect("moved");
    let Booked::Yes(moved) = moved else { panic!("full") };
    tx.commit().await.expect("kept");
    let second = said(&of(&followed.read().await, "visit-"));
    assert_eq!((second.0, &second.1, second.2.as_str()), (1, &first.1, "1"));
    assert_ne!(second.4, first.4);
    let tx = followed.tx().await;
    tx.cancel_booking(&moved).await.expect("cancelled");
    tx.commit().await.expect("kept");
    let third = said(&of(&followed.read().await, "visit-"));
    assert_eq!((third.0, &third.1, third.2.as_str(), third.3.as_str()), (1, &first.1, "2", "CANCELLED"));
}

/// Of a page that is off, or not for who made the address, nothing stands in the calendar; and the page does not promise it.
#[tokio::test]
async fn a_calendar_holds_no_more_than_its_owners_pages() {
    let mut followed = Followed::of("eon").await;
    let mut owner = followed.app.customer("eon", 0).await;
    let has = |page: &Answer, words: &str| page.text().contains(words);
    let (advances, readings) = ("splatné nezaplacené zálohy", "čekáme stav měřidla");
    let page = owner.get("/calendar").await;
    assert!(has(&page, advances) && has(&page, readings) && !has(&page, "návštěvy kanceláře"), "{}", page.text());
    let mut reader = invited(&followed.app, &mut owner, "eon", "reader", "jana.ctenarka").await;
    let theirs = address(&mut reader).await;
    let seen = followed.program.get(&theirs).await;
    assert!(!of(&seen, "advance-").is_empty() && of(&seen, "reading-").is_empty(), "who only looks reads no meters");
    assert!(!has(&reader.get("/calendar").await, readings));

    let mut lead = followed.app.operator("eon", "lead").await;
    let switch = "/operator/features/info_advance_schedule";
    let revision = value_of(&lead.get(switch).await, "revision");
    let form = [("reason", "Zkouška vypínače"), ("revision", revision.as_str()), ("turn", "off")];
    assert_eq!(lead.post(switch, &form).await.status, 303);
    assert!(of(&followed.read().await, "advance-").is_empty());
    assert!(!has(&owner.get("/calendar").await, advances));
}

#[tokio::test]
async fn an_address_opens_as_much_as_its_owner_proved_and_as_long_as_they_may_read() {
    let mut followed = Followed::of("rwe").await;
    for (proofs, status) in [(Proofs::default(), 404), (Proofs::of(&[Proof::Email]), 200)] {
        let app = TestApp::start().await;
        let (mut browser, ..) = known_by(&app, "rwe", 0, proofs).await;
        let path = address(&mut browser).await;
        assert_eq!(app.browser("rwe").get(&path).await.status, status, "{proofs:?}");
    }
    assert_eq!(followed.read().await.status, 200);
    let end = followed.today() - Duration::days(700);
    followed.changes(&format!("UPDATE supply_points SET contract_until = '{end}'")).await;
    assert_eq!(followed.read().await.status, 404, "the time after the contract is over");
}

/// An id as the database at hand writes it.
fn hex(id: sea_orm::prelude::Uuid) -> String {
    match crate::support::template::is_production() {
        true => format!("'{id}'"),
        false => format!("X'{}'", id.simple()),
    }
}

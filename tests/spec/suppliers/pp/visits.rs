//! Visits of Pražská plynárenská's offices: chosen, booked, confirmed, moved, cancelled, listed; and a place that many want at once.
use crate::support::visits::{OFFICE, free, open_office, starts};
use crate::support::{Answer, Browser, TestApp, ids_of, value_of};
use busbar::app::state;
use busbar::data::{Booked, NewAccount, NewBooking, TenantTx};
use busbar::domain::ids::{AccountId, BookingId, CustomerId};
use busbar::jobs::deliver_now;
use time::macros::format_description;

async fn change(app: &TestApp) -> TenantTx {
    let tenant = app.services.registry.by_slug("pp").expect("pp");
    app.services.db.tenant(tenant.id).begin().await.expect("a transaction")
}

async fn with_office(capacity: u16) -> (TestApp, Browser) {
    let app = TestApp::start().await;
    open_office(&app, capacity).await;
    let customer = app.customer("pp", 0).await;
    (app, customer)
}

/// Books the slot and opens the visit.
async fn booked(customer: &mut Browser, at: &str) -> String {
    let review = customer.get(&format!("{OFFICE}?topic=smlouva&at={at}")).await;
    assert!(review.status == 200 && review.text().contains("Zkušební kancelář"), "{}", review.text());
    let key = value_of(&review, "key");
    let answer = customer.post(OFFICE, &[("topic", "smlouva"), ("at", at), ("key", &key)]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location().split('?').next().unwrap_or_default().to_owned()
}

fn clock(at: &str) -> String {
    at.split('T').nth(1).expect("a time").trim_start_matches('0').to_owned()
}

/// book_office_visit
#[tokio::test]
async fn a_customer_books_a_visit_and_the_office_sees_it_in_its_day() {
    let (app, mut customer) = with_office(2).await;
    assert!(customer.get("/dashboard").await.links().iter().any(|link| link == "/visits/new"));
    assert!(customer.get("/visits").await.links().iter().any(|link| link == "/visits/new"));
    let offices = customer.get("/visits/new").await;
    assert!(offices.text().contains("Zkušební 1, 110 00 Praha"), "{}", offices.text());
    for link in ["/visits", &format!("{OFFICE}?topic=smlouva")] {
        assert!(offices.links().iter().any(|one| one == link), "no way to {link}: {:?}", offices.links());
    }
    let near = starts(&offices);
    assert!(!near.is_empty(), "no nearest time: {}", offices.text());
    let trial = offices.links().into_iter().find(|link| link.starts_with(&format!("{OFFICE}?topic=smlouva&at=")));
    let review = customer.get(&trial.expect("a time at the trial office")).await;
    assert!(review.status == 200 && review.text().contains("Zkontrolujte termín"), "{}", review.text());
    let topics = customer.get(OFFICE).await.text();
    assert!(topics.contains("Smlouva") && topics.contains("Faktura") && !topics.contains("Staré"), "{topics}");
    let free = free(&mut customer).await;
    assert!(free.len() > 3, "{free:?}");
    let visit = booked(&mut customer, &free[1]).await;
    let receipt = customer.get(&format!("{visit}?sent=yes")).await.text();
    assert!(
        receipt.contains("Termín máte sjednaný") && receipt.contains(&format!("od {}", clock(&free[1]))),
        "{receipt}"
    );
    assert!(customer.get("/visits").await.text().contains("sjednáno"));
    let requests = customer.get("/requests").await.text();
    let number = receipt.split("Číslo").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap_or("-");
    assert!(requests.contains(number), "{number}: {requests}");
    assert!(requests.contains("Návštěva kanceláře") && requests.contains("vyřízeno"), "{requests}");

    let number = app.book.tenants.iter().find(|tenant| tenant.slug == "pp").expect("pp").customers[0].number.clone();
    for role in ["lead", "clerk", "branch"] {
        let mut operator = app.operator("pp", role).await;
        let day = free[1].split('T').next().expect("a day");
        let list = operator.get(&format!("/operator/visits?office=zkusebni&day={day}")).await;
        assert!(list.status == 200 && list.text().contains(&number), "{}", list.text());
        for (direction, href) in [("prev", "rel=\"prev\""), ("next", "rel=\"next\"")] {
            assert!(list.body.contains(href), "no way to the {direction} day");
        }
        let other = operator.get("/operator/visits?office=zkusebni&day=2026-01-06").await.text();
        assert!(other.contains("není nikdo objednaný"), "{other}");
        for odd in ["day=x", "day=9999-12-31", "office=nic", "day=-9999-01-01"] {
            assert_eq!(operator.get(&format!("/operator/visits?{odd}")).await.status, 200, "{odd}");
        }
    }
    let mut other = app.customer("pp", 1).await;
    for path in [visit.clone(), format!("{visit}/move"), format!("{visit}/calendar.ics")] {
        assert_eq!(other.get(&path).await.status, 404, "{path} is another's");
    }
}

/// book_office_visit: the mail says when and where and links to the visit; the calendar entry keeps its identity through changes.
#[tokio::test]
async fn the_confirmation_links_to_the_visit_and_its_calendar_entry() {
    let (app, mut customer) = with_office(1).await;
    let free = free(&mut customer).await;
    let visit = booked(&mut customer, &free[0]).await;
    let entry = customer.get(&format!("{visit}/calendar.ics")).await;
    assert_eq!((entry.status, entry.header("content-type")), (200, "text/calendar; charset=utf-8"));
    assert!(entry.header("content-disposition").contains("navsteva.ics"));
    let unfolded = entry.body.replace("\r\n ", "");
    let uid = unfolded.lines().find(|line| line.starts_with("UID:")).expect("an identity").to_owned();
    for line in ["BEGIN:VEVENT", "SEQUENCE:0", "STATUS:CONFIRMED", "LOCATION:Zkušební 1\\, 110\u{a0}00 Praha"] {
        assert!(unfolded.contains(line), "{line}: {unfolded}");
    }
    // The office's morning is written in UTC: eight in Prague is six or seven.
    let day = free[0].split('T').next().expect("a day").replace('-', "");
    assert!(unfolded.contains(&format!("DTSTART:{day}T0")) && !unfolded.contains("T080000Z"), "{unfolded}");

    let form = customer.get(&visit).await;
    let cancel = [("sequence", value_of(&form, "sequence"))];
    let cancel: Vec<_> = cancel.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(customer.post(&format!("{visit}/cancel"), &cancel).await.status, 303);
    let entry = customer.get(&format!("{visit}/calendar.ics")).await.body.replace("\r\n ", "");
    assert!(entry.contains(&uid) && entry.contains("SEQUENCE:1") && entry.contains("STATUS:CANCELLED"), "{entry}");

    let jobs = state::job_services(&app.config, &app.services).expect("the jobs stand up");
    deliver_now(&jobs).await.expect("sent");
    let tenant = app.services.registry.by_slug("pp").expect("pp");
    let sent = app.services.db.platform().sent_messages(20).await.expect("what was sent");
    let mail = |kind: &str| sent.iter().find(|one| one.kind == kind).unwrap_or_else(|| panic!("no {kind}"));
    let words = &mail("visit_booked").body_text;
    let link = tenant.url(&visit);
    for part in ["Zkušební kancelář", &format!("od {}", clock(&free[0])), &link, &format!("{link}/calendar.ics")] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert!(mail("visit_cancelled").body_text.contains("zrušili"));
}

/// book_office_visit
#[tokio::test]
async fn a_visit_is_moved_and_cancelled_only_as_it_was_seen() {
    let (app, mut customer) = with_office(1).await;
    let slots = free(&mut customer).await;
    let visit = booked(&mut customer, &slots[0]).await;
    let choosing = customer.get(&format!("{visit}/move")).await;
    assert!(choosing.text().contains("Teď máte sjednáno") && !starts(&choosing).contains(&slots[0]));
    let review = customer.get(&format!("{visit}/move?at={}", slots[2])).await;
    let sequence = value_of(&review, "sequence");
    let to = |at| [("at", at), ("sequence", sequence.as_str())];
    let taken = booked(&mut app.customer("pp", 1).await, &slots[1]).await;
    assert!(taken.starts_with("/visits/"));
    let refused = customer.post(&format!("{visit}/move"), &to(slots[1].as_str())).await;
    assert!(refused.status == 409 && refused.text().contains("Termín je už obsazen"), "{}", refused.text());
    assert!(starts(&refused).contains(&slots[2]), "the free ones are offered");
    for odd in ["", "x", "2020-01-01T08:00", "2999-01-01T08:00"] {
        assert_eq!(customer.post(&format!("{visit}/move"), &to(odd)).await.status, 422, "{odd}");
    }
    assert_eq!(customer.post(&format!("{visit}/move"), &to(slots[2].as_str())).await.status, 303);
    let again = customer.post(&format!("{visit}/move"), &to(slots[3].as_str())).await;
    assert!(again.status == 409 && again.text().contains("mezitím změnila"), "{}", again.text());
    let late = customer.post(&format!("{visit}/cancel"), &[("sequence", &sequence)]).await;
    assert_eq!(late.status, 409, "cancelled as it was before the move");
    let entry = customer.get(&format!("{visit}/calendar.ics")).await.body;
    assert!(entry.contains("SEQUENCE:1") && entry.contains("STATUS:CONFIRMED"), "{entry}");
    assert!(free(&mut customer).await.contains(&slots[0]), "the old place is free again");

    let page = customer.get(&visit).await;
    assert!(page.text().contains(&format!("od {}", clock(&slots[2]))), "{}", page.text());
    let sequence = value_of(&page, "sequence");
    assert_eq!(customer.post(&format!("{visit}/cancel"), &[("sequence", &sequence)]).await.status, 303);
    let gone = customer.get(&visit).await;
    assert!(gone.text().contains("zrušeno") && !gone.body.contains("/move"), "{}", gone.text());
    assert_eq!(customer.get(&format!("{visit}/move")).await.status, 409);
    assert!(free(&mut customer).await.contains(&slots[2]));
    let link = customer.get("/requests").await.links().into_iter().find(|link| link.starts_with("/requests/"));
    let story = customer.get(&link.expect("the visit's request")).await.text();
    assert!(story.contains("Návštěva přesunuta") && story.contains("Návštěva zrušena"), "{story}");
    let tx = change(&app).await;
    let trail = tx.audit_trail(20, None).await.expect("the trail");
    for action in ["visit_moved", "visit_cancelled"] {
        assert!(trail.iter().any(|entry| entry.action == action), "{action} is not in the audit");
    }
}

/// book_office_visit: the same form twice is one visit; what cannot be had is said, and nothing is kept.
#[tokio::test]
async fn odd_bookings_keep_nothing_and_a_form_sent_twice_books_once() {
    let (app, mut customer) = with_office(2).await;
    let slots = free(&mut customer).await;
    let key = value_of(&customer.get(&format!("{OFFICE}?topic=smlouva&at={}", slots[0])).await, "key");
    let form = |topic: &'static str, at: &str| {
        vec![("topic".to_owned(), topic.to_owned()), ("at".into(), at.into()), ("key".into(), key.clone())]
    };
    for (topic, at, status) in [
        ("", slots[0].as_str(), 422),
        ("stare", &slots[0], 422),
        ("smlouva", "", 422),
        ("smlouva", "2026-02-30T08:00", 422),
        ("smlouva", "2020-01-06T08:00", 422),
        ("smlouva", "2999-01-07T08:00", 422),
        ("smlouva", &slots[0].replace(":00", ":01").replace(":20", ":21").replace(":40", ":41"), 422),
    ] {
        let fields = form(topic, at);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = customer.post(OFFICE, &fields).await;
        assert_eq!(answer.status, status, "{topic} {at}: {}", answer.text());
        assert!(answer.body.contains("role=\"alert\""), "{topic} {at} is not explained");
    }
    assert!(customer.get("/visits").await.text().contains("nemáte sjednanou"));
    assert_eq!(customer.get("/visits/new/nikde").await.status, 404);
    let fields = form("smlouva", &slots[0]);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let first = customer.post(OFFICE, &fields).await;
    let second = customer.post(OFFICE, &fields).await;
    assert_eq!((first.status, first.location()), (303, second.location()));
    let otherwise = form("smlouva", &slots[1]);
    let otherwise: Vec<_> = otherwise.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(customer.post(OFFICE, &otherwise).await.status, 409);
    let tx = change(&app).await;
    let tenant = &app.book.tenants.iter().find(|tenant| tenant.slug == "pp").expect("pp").customers[0];
    let (_, customer) = ids_of(&tx, &tenant.username).await;
    let visits = tx.bookings_of(customer, time::OffsetDateTime::UNIX_EPOCH).await.expect("visits");
    assert_eq!(visits.len(), 1);
}

/// Fifty customers, each signed in.
async fn crowd(app: &TestApp) -> Vec<Browser> {
    const PASSWORD: &str = "zkouska-mnoha-lidi";
    let hash = app.services.hasher.hash_now(PASSWORD).expect("a hash");
    let tx = change(app).await;
    let known = &app.book.tenants.iter().find(|tenant| tenant.slug == "pp").expect("pp").customers[0];
    let (_, customer) = ids_of(&tx, &known.username).await;
    let pattern = tx.customer(customer).await.expect("the first customer");
    let people: Vec<_> = (0..50)
        .map(|at| {
            let number = format!("9{at:09}");
            busbar::domain::customers::Customer { id: CustomerId::new(), number, ..pattern.clone() }
        })
        .collect();
    tx.insert_customers(&people).await.expect("customers");
    let accounts: Vec<_> = people
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let now = app.services.clock.now();
            NewAccount::of(AccountId::new(), &format!("zavodnik{at}"), &hash, one.id, now)
        })
        .collect();
    tx.insert_accounts(&accounts).await.expect("accounts");
    let ids: Vec<AccountId> = accounts.iter().map(|one| one.id).collect();
    tx.insert_acceptances(&ids, 1, app.services.clock.now()).await.expect("terms of use are accepted");
    tx.commit().await.expect("kept");
    let mut browsers = Vec::new();
    for account in &accounts {
        let mut browser = app.browser("pp");
        let form = [("username", account.username.as_str()), ("password", PASSWORD)];
        assert_eq!(browser.post("/login", &form).await.status, 303, "{}", account.username);
        assert_eq!(browser.get("/visits").await.status, 200);
        browser.get("/dashboard").await;
        browsers.push(browser);
    }
    browsers
}

/// So many slots in the order in which they come; one of the two places of each is gone already.
async fn last_places(app: &TestApp, customer: &mut Browser, many: usize) -> Vec<String> {
    let today = time::OffsetDateTime::now_utc().date();
    let mut slots: Vec<String> = Vec::new();
    for days in 1..=14 {
        let day = today + time::Duration::days(days);
        let page = customer.get(&format!("{OFFICE}?topic=smlouva&day={day}")).await;
        slots.extend(starts(&page).into_iter().filter(|at| at.starts_with(&day.to_string())));
    }
    assert!(slots.len() > many && slots.is_sorted(), "{slots:?}");
    let known = &app.book.tenants.iter().find(|tenant| tenant.slug == "pp").expect("pp").customers[0];
    let tx = change(app).await;
    let (_, customer) = ids_of(&tx, &known.username).await;
    let office = tx.office("zkusebni").await.expect("the office");
    for at in &slots[..many] {
        let (day, clock) = at.split_once('T').expect("a day and a time");
        let day = time::Date::parse(day, format_description!("[year]-[month]-[day]")).expect("a day");
        let clock = time::Time::parse(clock, format_description!("[hour]:[minute]")).expect("a time");
        let starts_at = app.services.clock.instant(day, clock, "Europe/Prague");
        let first = NewBooking {
            id: BookingId::new(),
            office: office.id,
            topic: "smlouva".into(),
            customer,
            request: None,
            starts_at,
            ends_at: starts_at + time::Duration::minutes(20),
            created_at: app.services.clock.now(),
        };
        assert!(matches!(tx.book(&first, office.capacity).await, Ok(Booked::Yes(_))), "{at}");
    }
    tx.commit().await.expect("kept");
    slots
}

/// Whose place it became, and what a page of the others looked like. Each of the others is offered the slots of that day that are free.
fn judge(at: &str, next: &[String], answers: &[Answer]) {
    let won = answers.iter().filter(|answer| answer.status == 303).count();
    assert_eq!(won, 1, "{at}: {:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    let day = next[0].split('T').next().expect("a day");
    let free: Vec<&String> = next.iter().take_while(|one| one.starts_with(day)).collect();
    for answer in answers.iter().filter(|answer| answer.status != 303) {
        assert_eq!(answer.status, 409, "{at}: {}", answer.text());
        assert!(answer.body.contains("Termín je už obsazen"), "{at}: {}", answer.text());
        assert_eq!(starts(answer).iter().collect::<Vec<_>>(), free, "{at}");
    }
}

/// book_office_visit: fifty people, one place, two instances, a hundred times: one of them has it, the others are offered the next free ones.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_people_race_for_the_last_place_and_one_has_it() {
    const ROUNDS: usize = 100;
    let (app, mut customer) = with_office(2).await;
    let (_services, other) = app.another_instance().await;
    let crowd = crowd(&app).await;
    let slots = last_places(&app, &mut customer, ROUNDS).await;
    for (round, at) in slots[..ROUNDS].iter().enumerate() {
        let people = crowd.iter().enumerate().map(|(number, browser)| {
            let entry = if number % 2 == 0 { &app.entry } else { &other };
            let (mut browser, at) = (browser.at(entry), at.clone());
            let key = uuid::Uuid::now_v7().to_string();
            tokio::spawn(async move { browser.post(OFFICE, &[("topic", "smlouva"), ("at", &at), ("key", &key)]).await })
        });
        let mut answers = Vec::new();
        for person in people.collect::<Vec<_>>() {
            answers.push(person.await.expect("an answer"));
        }
        judge(at, &slots[round + 1..], &answers);
    }
    let tx = change(&app).await;
    let office = tx.office("zkusebni").await.expect("the office");
    let from = app.services.clock.now();
    let taken = tx.bookings_on(office.id, from, from + time::Duration::days(20)).await.expect("counts");
    assert_eq!(taken.len(), ROUNDS, "{taken:?}");
    assert!(taken.iter().all(|(_, count)| *count == 2), "no slot has more visits than places: {taken:?}");
    println!("{ROUNDS} rounds, 50 people each, two instances: one winner each");
}

/// book_office_visit, contact_sales_representative, forms_electronic: a newcomer to the demonstration finds something to come for.
#[tokio::test]
async fn the_demo_offers_two_offices_a_representative_and_two_forms() {
    let app = TestApp::start().await;
    let mut customer = app.customer("pp", 0).await;
    let links = customer.get("/visits/new").await.links();
    let offices = links.iter().filter_map(|link| link.strip_prefix("/visits/new/")?.split('?').next());
    assert_eq!(offices.collect::<std::collections::BTreeSet<_>>().len(), 2, "{links:?}");
    let links = customer.get("/forms").await.links();
    let forms: Vec<_> = links.iter().filter(|link| link.starts_with("/forms/")).collect();
    assert_eq!(forms.len(), 2);
    for form in forms {
        assert_eq!(customer.get(form).await.status, 200, "{form} is readable");
    }
    let page = customer.get("/representative").await;
    assert!(page.text().contains("Zástupce Ukázkový") || page.text().contains("zatím není určen"), "{}", page.text());
}

/// What every supplier's desk and first customers find in a fresh demonstration: something new, something late, something done.
#[tokio::test]
async fn the_demos_queues_and_my_requests_are_not_empty() {
    let app = TestApp::start().await;
    for tenant in &app.book.tenants {
        let slug = tenant.slug.as_str();
        let mut operator = app.operator(slug, "clerk").await;
        let queue = operator.get("/operator/requests").await;
        // RWE's contract buys no request of the kinds the demo tells of.
        if slug == "rwe" {
            continue;
        }
        let text = queue.text();
        assert!(queue.status == 200 && text.contains("přijato") && text.contains("vyřizujeme"), "{slug}: {text}");
        assert!(operator.get("/operator/requests?show=late").await.text().contains("lhůta uplynula"), "{slug}");
        let closed = operator.get("/operator/requests?show=closed").await;
        let link = closed.links().into_iter().find(|link| link.contains("/operator/requests/")).expect("a closed one");
        let path = link.strip_prefix(operator.mount.as_str()).unwrap_or(&link).to_owned();
        assert!(operator.get(&path).await.text().contains("Schváleno"), "{slug} {path}");
        for index in 0..2 {
            let mut customer = app.customer(slug, index).await;
            let list = customer.get("/requests").await;
            let mount = customer.mount.clone();
            let own = list.links().into_iter().find(|link| link.starts_with(&format!("{mount}/requests/")));
            let own = own.unwrap_or_else(|| panic!("{slug} {index}: {}", list.text()));
            let detail = customer.get(own.strip_prefix(mount.as_str()).unwrap_or(&own)).await;
            assert!(detail.status == 200 && detail.text().contains("Přijato"), "{slug} {own}");
        }
    }
}

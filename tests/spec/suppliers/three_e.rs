//! 3E (Europe Easy Energy): Zákaznický portál, electricity, changes at once.
use super::{Portal, contract};
use crate::support::value_of;
use busbar::app::state;
use busbar::backends::clock::Clock;
use busbar::domain::ids::ReadingId;
use busbar::domain::readings::ReadingKind;
use busbar::jobs;

/// change_contact_details, processing_immediate: the new telephone stands on the very next page.
#[tokio::test]
async fn a_customers_new_telephone_holds_at_once() {
    let mut portal = Portal::of("3e").await;
    let (password, email) = (portal.password(), ("email", "zakaznik1@3e.example"));
    let entries = [("phone", "777 123 456"), email, ("password", &password)];
    let receipt = portal.settles("/account/contact", &entries).await;
    assert!(receipt.text().contains("Hotovo"), "{}", receipt.text());
    portal.says("/account", &["+420777123456"]).await;
}

/// reading_self_report, reading_electricity_meter: sent and among the readings at once.
#[tokio::test]
async fn a_customer_sends_the_state_of_the_electricity_meter() {
    let mut portal = Portal::of("3e").await;
    let receipt = portal.sends_a_reading("electricity", "reading").await;
    assert!(receipt.text().contains("Hotovo"), "{}", receipt.text());
    let day = portal.app.services.clock.today("Europe/Prague");
    let day = format!("{}. {}. {}", day.day(), u8::from(day.month()), day.year());
    portal.says("/readings", &["samoodečet", &day]).await;
}

/// portal_online, portal_free_of_charge, portal_product_name, portal_own_address
#[tokio::test]
async fn the_portal_is_online_free_and_under_its_own_name() {
    Portal::of("3e").await.is_online_free_and_under_its_own_name("Zákaznický portál", true).await;
}

/// portal_intuitive_ui
#[tokio::test]
async fn the_portal_works_as_an_ordinary_web_site() {
    Portal::of("3e").await.works_as_an_ordinary_web_site().await;
}

/// commodity_electricity
#[tokio::test]
async fn a_customer_sees_electricity_and_no_gas() {
    let mut portal = Portal::of("3e").await;
    portal.says("/supply-points", &["Elektřina", "8591824"]).await;
    assert!(!portal.page("/supply-points").await.text().contains("27ZG"));
}

/// login_with_credentials
#[tokio::test]
async fn a_customer_signs_in_with_name_and_password() {
    let mut portal = Portal::of("3e").await;
    portal.page("/dashboard").await;
    portal.is_not_offered("/links").await;
}

/// contract_data_entry
#[tokio::test]
async fn a_customer_fills_in_a_contract_and_has_it_at_once() {
    let mut portal = Portal::of("3e").await;
    assert!(portal.links("/dashboard", "/contracts").await.contains(&"/contracts".to_owned()));
    portal.says("/contracts", &["Zatím jste tu žádnou smlouvu nevyplnili"]).await;
    let root = contract::begin(&mut portal.customer, "/contracts/new").await;
    let person = portal.page(&format!("{root}/person")).await;
    assert!(!value_of(&person, "name").is_empty(), "who signs in is known already");
    // Begun anew, it goes on with the draft that is there.
    let again = portal.customer.post("/contracts/new", &[]).await;
    assert_eq!(again.location(), root);
    contract::fill(&portal.app, &mut portal.customer, &root).await;
    let answer = contract::step(&mut portal.customer, &root, "review", &[("consent", "yes".into())]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let receipt = portal.page(&format!("{root}?sent=yes")).await;
    let number = contract::number(&receipt);
    portal.customer.post(&format!("{root}/review"), &[("consent", "yes"), ("version", "5")]).await;
    let list = portal.page("/contracts").await.text();
    assert!(list.matches(&number).count() == 1 && list.contains("přijatá"), "{list}");
    assert!(portal.page(&format!("{root}/pdf")).await.bytes.starts_with(b"%PDF-"));
    let requests = portal.page("/requests").await.text();
    assert!(requests.contains("Smlouva") && requests.contains("vyřízeno"), "immediate: {requests}");
}

/// contract_data_entry
#[tokio::test]
async fn a_contract_is_its_owner_s_alone_and_says_what_is_wrong() {
    let mut portal = Portal::of("3e").await;
    let root = contract::begin(&mut portal.customer, "/contracts/new").await;
    let answer = contract::step(
        &mut portal.customer,
        &root,
        "product",
        &[("product", "free".into()), ("start_on", "zítra".into())],
    )
    .await;
    assert!(answer.status == 422 && answer.body.contains("value=\"zítra\""), "{}", answer.text());
    for word in ["Vyberte jednu z možností", "Takové datum není"] {
        assert!(answer.text().contains(word), "no {word}: {}", answer.text());
    }
    let mut other = portal.app.customer("3e", 1).await;
    for path in [root.clone(), format!("{root}/person"), format!("{root}/pdf")] {
        assert_eq!(other.get(&path).await.status, 404, "{path}");
    }
    let answer = other.post(&format!("{root}/person"), &[("name", "Cizí"), ("version", "1")]).await;
    assert!(matches!(answer.status, 403 | 404), "{}", answer.status);
    assert_eq!(portal.customer.get(&format!("{root}/nonsense")).await.status, 404);
}

/// Mails of a kind, by whether they were put out already.
async fn prompts(portal: &Portal, kind: &str) -> Vec<String> {
    let all = portal.app.services.db.platform().sent_messages(100_000).await.expect("the outbox");
    all.into_iter().filter(|message| message.kind == kind).map(|message| message.recipient).collect()
}

/// reading_monthly_email_prompt
#[tokio::test]
async fn each_month_whoever_has_not_read_the_meter_is_asked_once_and_reminded_once() {
    let portal = Portal::of("3e").await;
    let mut services = state::job_services(&portal.app.config, &portal.app.services).expect("the ways out");
    let year = portal.app.services.clock.now().year() + 1;
    let on = |day: u8| {
        let day = time::Date::from_calendar_date(year, time::Month::March, day).expect("a day of March");
        day.midnight().assume_utc() + time::Duration::hours(11)
    };
    services.clock = Clock::fixed(on(1));
    let asked = jobs::ask_now(&services).await.expect("asked");
    assert!(asked > 1, "{asked}");
    assert_eq!(prompts(&portal, "reading_prompt").await.len(), asked, "nobody else's customers are asked");
    assert_eq!(jobs::ask_now(&services).await.expect("asked again"), 0, "once");
    services.clock.set(on(5));
    assert_eq!(jobs::ask_now(&services).await.expect("asked again"), 0, "not yet");
    let email = read_the_meter(&portal, on(4).date()).await;
    services.clock.set(on(6));
    assert_eq!(jobs::ask_now(&services).await.expect("reminded"), asked - 1, "all but who read it");
    assert!(!prompts(&portal, "reading_reminder").await.contains(&email));
    services.clock.set(on(30));
    assert_eq!(jobs::ask_now(&services).await.expect("nothing more"), 0);
    let mut operator = portal.app.operator("3e", "lead").await;
    let board = operator.get("/operator/reading-prompts").await;
    assert!(board.status == 200 && board.text().contains("Výzvy odcházejí od 1. dne"), "{}", board.text());
    let sent = jobs::deliver_now(&services).await.expect("delivered");
    assert!(sent >= 2 * asked - 1, "{sent}");
    let mail = portal.app.config.data.dir.join("mail");
    let texts = std::fs::read_dir(mail).expect("mails").flatten();
    let links =
        texts.filter(|one| std::fs::read_to_string(one.path()).is_ok_and(|text| text.contains("/readings/new")));
    assert_eq!(links.count(), 2 * asked - 1, "each with the way to the form");
}

/// The first customer's own reading of a day; their address.
async fn read_the_meter(portal: &Portal, day: time::Date) -> String {
    let tenant = portal.app.services.registry.by_slug("3e").expect("it serves");
    let book = portal.app.book.tenants.iter().find(|one| one.slug == "3e").expect("one of the eight");
    let tx = portal.app.services.db.tenant(tenant.id).begin().await.expect("a transaction");
    let customer = tx.find_customers(&book.customers[0].number, 1).await.expect("found").remove(0);
    let mut reading = tx.readings_of(customer.id, 1).await.expect("readings").remove(0);
    (reading.id, reading.read_on, reading.kind) = (ReadingId::new(), day, ReadingKind::Customer);
    (reading.state, reading.consumption) = (reading.state + 300, Some(300));
    tx.insert_readings(&[reading]).await.expect("kept");
    tx.commit().await.expect("committed");
    customer.email.expect("3E wants one")
}

/// reading_monthly_email_prompt
#[tokio::test]
async fn switched_off_nobody_is_asked() {
    let portal = Portal::of("3e").await;
    let mut operator = portal.app.operator("3e", "lead").await;
    let place = "/operator/features/reading_monthly_email_prompt";
    let revision = value_of(&operator.get(place).await, "revision");
    let form = [("reason", "zkouška"), ("revision", revision.as_str()), ("turn", "off")];
    assert_eq!(operator.post(place, &form).await.status, 303);
    let services = state::job_services(&portal.app.config, &portal.app.services).expect("the ways out");
    assert_eq!(jobs::ask_now(&services).await.expect("nobody"), 0);
    assert!(prompts(&portal, "reading_prompt").await.is_empty());
}

/// advances_flexible_by_actual_consumption
#[tokio::test]
async fn the_next_advance_follows_what_was_really_used_and_says_when_it_is_an_estimate() {
    let mut portal = Portal::of("3e").await;
    assert!(portal.links("/dashboard", "/advances/flexible").await.contains(&"/advances/flexible".to_owned()));
    let before = portal.page("/advances/flexible").await.text();
    for word in ["odhad", "Kč/MWh", "Stálé platy", "DPH", "Záloha celkem"] {
        assert!(before.contains(word), "no {word}: {before}");
    }
    let receipt = portal.sends_a_reading("electricity", "reading").await;
    assert!(receipt.text().contains("je podle skutečné spotřeby"), "the receipt says what follows: {}", receipt.text());
    let after = portal.page("/advances/flexible").await.text();
    assert!(after.contains("Podle vašeho stavu ze dne"), "{after}");
    assert_ne!(before, after);
    let total = after.split("Záloha celkem ").nth(1).and_then(|rest| rest.split(" Kč").next()).expect("a total");
    let prescribed = after.split("K úhradě ").nth(1).and_then(|rest| rest.split(" Kč").next()).expect("an instalment");
    assert!(prescribed.ends_with(&format!(": {total}")), "the next instalment is what was counted: {after}");
    let advances = portal.page("/advances").await.text();
    assert!(advances.contains(&format!("{total} Kč")), "and stands in the schedule: {advances}");
}

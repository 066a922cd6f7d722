//! E.ON: Energie24, both commodities in one application.
use super::Portal;
use crate::outages_portal::{Ground, coming};
use crate::support::value_of;
use busbar::data::Told;
use busbar::domain::notices::Channel;
use busbar::domain::outages::Outage;

/// reading_self_report, reading_electricity_meter, reading_gas_meter
#[tokio::test]
async fn a_customer_reports_both_meters() {
    for commodity in ["electricity", "gas"] {
        let receipt = Portal::of("eon").await.sends_a_reading(commodity, "reading").await;
        assert!(receipt.text().contains("26-"), "a number to read out: {}", receipt.text());
    }
}

/// change_contact_details, change_advance_amount, processing_mixed_online_and_staff: some at once, some by people, and it is said before.
#[tokio::test]
async fn some_changes_hold_at_once_and_some_wait_for_people() {
    let mut portal = Portal::of("eon").await;
    let contact = portal.page("/account/contact").await;
    assert!(contact.text().contains("platí hned"), "{}", contact.text());
    let path = portal.customer.get("/advances/change").await.location().to_owned();
    let receipt = portal.settles(&path, &[("amount", "3 900")]).await;
    assert!(receipt.text().contains("Hotovo"), "{}", receipt.text());
    let receipt = portal.sends_a_reading("electricity", "settlement").await;
    assert!(receipt.text().contains("Přijali jsme"), "{}", receipt.text());
}

/// request_extraordinary_settlement, request_extraordinary_settlement_free
#[tokio::test]
async fn a_settlement_outside_the_cycle_is_free() {
    let mut portal = Portal::of("eon").await;
    let (path, _) = portal.next_reading("gas", "settlement", 1).await;
    portal.says(&path, &["Cena", "0,00 Kč"]).await;
    portal.sends_a_reading("gas", "settlement").await;
}

/// portal_online, portal_free_of_charge, portal_product_name, portal_own_address
#[tokio::test]
async fn energie24_is_online_free_and_under_its_own_name() {
    Portal::of("eon").await.is_online_free_and_under_its_own_name("Energie24", true).await;
}

/// portal_intuitive_ui
#[tokio::test]
async fn energie24_works_as_an_ordinary_web_site() {
    Portal::of("eon").await.works_as_an_ordinary_web_site().await;
}

/// commodity_electricity, commodity_gas, single_app_two_commodities, info_supply_points
#[tokio::test]
async fn electricity_and_gas_stand_side_by_side() {
    Portal::of("eon").await.says("/supply-points", &["Elektřina", "Plyn", "8591824", "27ZG"]).await;
}

/// info_supply_point_technical
#[tokio::test]
async fn a_supply_point_shows_product_rate_breaker_and_since_when() {
    let mut portal = Portal::of("eon").await;
    let page = portal.first_detail("/supply-points", "/supply-points/").await;
    let text = page.text();
    for word in ["Produkt", "Distribuční sazba", "Jistič", "A", "Platí od", "Distributor"] {
        assert!(text.contains(word), "no {word}: {text}");
    }
}

/// info_consumption_history
#[tokio::test]
async fn a_customer_sees_what_was_used_in_the_past_as_chart_and_table() {
    let mut portal = Portal::of("eon").await;
    let page = portal.page("/consumption").await;
    assert!(page.body.contains("<svg") && page.body.contains("<table"), "{}", page.text());
    assert!(page.text().contains("kWh") && page.text().contains("m³"));
}

/// info_settlements
#[tokio::test]
async fn a_settlement_shows_readings_lines_tax_advances_and_what_is_left() {
    let mut portal = Portal::of("eon").await;
    let page = portal.first_detail("/settlements", "/settlements/").await;
    let text = page.text();
    for word in ["DPH", "Základ", "záloh", "Kč", "Celkem"] {
        assert!(text.contains(word), "no {word}: {text}");
    }
}

/// document_invoice_pdf_download
#[tokio::test]
async fn a_customer_downloads_a_copy_of_the_invoice_as_pdf() {
    let mut portal = Portal::of("eon").await;
    let links = portal.links("/settlements", "/").await;
    let link =
        links.into_iter().find(|link| link.starts_with("/invoices/") && link.ends_with("/pdf")).expect("a download");
    let answer = portal.page(&link).await;
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert!(answer.header("content-disposition").contains(".pdf"));
    assert!(answer.bytes.starts_with(b"%PDF-"));
}

/// info_advance_schedule
#[tokio::test]
async fn a_customer_sees_the_prescribed_advances_with_symbol_account_and_qr() {
    let mut portal = Portal::of("eon").await;
    portal.says("/advances", &["Variabilní symbol", "Kč", "/0800"]).await;
    assert!(portal.page("/advances").await.body.contains("<svg"), "no QR code");
}

/// change_tariff_rate
#[tokio::test]
async fn another_rate_is_asked_of_the_distributor_with_its_papers() {
    let mut portal = Portal::of("eon").await;
    let path = portal.first_electricity("rate").await;
    let form = portal.page(&path).await;
    let offered = form.body.matches("name=\"rate\"").count();
    assert!(offered >= 5 && form.text().contains("zpráva o revizi"), "{}", form.text());
    for closed in ["D45d", "D56d", "C25d"] {
        assert!(!form.body.contains(&format!("value=\"{closed}\"")), "{closed} is offered");
        let key = value_of(&form, "key");
        let answer = portal.post_step(&path, &[("rate", closed)], &key, "send").await;
        assert!(answer.status == 422 && answer.text().contains("Vyberte jednu"), "{closed}: {}", answer.text());
    }
    let (reference, receipt) = portal.settle(&path, &[("rate", "D27d")], &[]).await;
    let text = receipt.text();
    assert!(
        text.contains("Přijali jsme") && text.contains("D27d") && text.contains("doklad o elektromobilu"),
        "{text}"
    );
    portal.clerk_sees(&reference, &["D27d", "zpráva o revizi", "Předat distributorovi"], &[]).await;
    // The same cannot wait twice.
    let key = value_of(&portal.page(&path).await, "key");
    let again = portal.post_step(&path, &[("rate", "D61d")], &key, "send").await;
    assert!(again.status == 422 && again.text().contains(&reference), "{}", again.text());
    portal.clerk_does(&reference, "pass").await;
    portal.says(&format!("/requests/{reference}"), &["čeká na distributora"]).await;
    portal.clerk_does(&reference, "approve").await;
    portal.says(&format!("/requests/{reference}"), &["vyřízeno", "Schváleno"]).await;
    let point = path.trim_end_matches("/rate").to_owned();
    portal.says(&point, &["D27d"]).await;
}

/// change_breaker_size
#[tokio::test]
async fn another_breaker_is_asked_of_the_distributor_with_a_warning_of_its_cost() {
    let mut portal = Portal::of("eon").await;
    let path = portal.first_electricity("breaker").await;
    portal.says(&path, &["3×32 A", "za každý přidaný ampér", "Jistič"]).await;
    // What each costs, and how much more or less that is, by the list of the point's rate.
    let text = portal.page(&path).await.text();
    let d25d = ["3×50 A 512,00 Kč měsíčně, o 256,00 Kč více", "1×25 A 108,00 Kč měsíčně, o 148,00 Kč méně"];
    let d02d = ["3×50 A 400,00 Kč měsíčně, o 200,00 Kč více", "1×25 A 84,00 Kč měsíčně, o 116,00 Kč méně"];
    let expected = if text.contains("sazbu D25d") { d25d } else { d02d };
    for one in expected {
        assert!(text.contains(one), "{one}: {text}");
    }
    let key = value_of(&portal.page(&path).await, "key");
    let wild = portal.post_step(&path, &[("breaker", "3x999")], &key, "send").await;
    assert!(wild.status == 422 && wild.text().contains("Vyberte jednu"), "{}", wild.text());
    let (reference, receipt) = portal.settle(&path, &[("breaker", "3x50")], &[]).await;
    assert!(receipt.text().contains("Platba za příkon měsíčně"), "{}", receipt.text());
    assert!(receipt.text().contains("3×50 A") && receipt.text().contains("Přijali jsme"), "{}", receipt.text());
    portal.clerk_sees(&reference, &["3×50 A", "Předat distributorovi"], &[]).await;
    portal.clerk_does(&reference, "pass").await;
    portal.says(&format!("/requests/{reference}"), &["čeká na distributora"]).await;
}

/// info_consumption_history: what has been used says how the next settlement will come out.
#[tokio::test]
async fn a_customer_sees_how_the_next_settlement_will_come_out() {
    Portal::of("eon").await.forecasts_the_next_settlement().await;
}

/// bonus_programme
#[tokio::test]
async fn a_customer_sees_points_and_offers_swaps_them_for_a_code_and_every_change_is_listed() {
    let mut portal = Portal::of("eon").await;
    portal
        .says(
            "/bonus",
            &["Energie+Bonus", "bodů", "Lístek do kina", "Kino Ukázka", "Samoodečet", "Záloha zaplacená včas"],
        )
        .await;
    let offer = portal.first_detail("/bonus", "/bonus/offers/").await;
    assert!(offer.text().contains("Zůstane vám") && offer.text().contains("Podmínky"), "{}", offer.text());
    let path = portal.links("/bonus", "/bonus/offers/").await.remove(0);
    let form = [("key", value_of(&offer, "key")), ("price", value_of(&offer, "price"))];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let sent = portal.customer.post(&path, &form).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let code = portal.page(sent.location()).await;
    assert!(code.text().contains("Kód je váš"), "{}", code.text());
    portal.says("/bonus", &["Vaše kódy", "Nabídka partnera", "−80"]).await;
}

/// bonus_auto_enrolment
#[tokio::test]
async fn whoever_has_an_account_is_a_member_without_a_form_until_they_leave() {
    let mut portal = Portal::of("eon").await;
    portal.says("/bonus", &["Členem jste bez přihlášky", "Máte"]).await;
    assert!(!portal.page("/bonus").await.text().contains("Vstoupit do programu"));
    portal.says("/bonus/leave", &["Propadne vám", "Další body už nepřibudou"]).await;
    assert_eq!(portal.customer.post("/bonus/leave", &[]).await.status, 303);
    portal.says("/bonus", &["Vstoupit do programu", "Odchod z programu"]).await;
}

/// What a message about an outage must say: the day, from when until when, how long, where, why, and whose words they are.
fn says_it_all(words: &str, one: &Outage, street: &str) {
    let plain = words.replace('\u{a0}', " ");
    let zone = "Europe/Prague";
    let (from, to) =
        (busbar::domain::outages::shown(one.starts_at, zone), busbar::domain::outages::shown(one.ends_at, zone));
    let clock = |at: time::PrimitiveDateTime| format!("{}:{:02}", at.hour(), at.minute());
    let (from, to) = (from.expect("a zone"), to.expect("a zone"));
    let year = from.year().to_string();
    for word in [clock(from).as_str(), &clock(to), &year, "7 h 30 min", street, "Údržba vedení", "údajů distributora"]
    {
        // A text message is sent without Czech letters, so that it is one piece.
        let bare = busbar::domain::notices::sms::transliterated(word);
        assert!(plain.contains(word) || plain.contains(&bare), "no {word}: {plain}");
    }
}

/// outage_alert_planned, outage_alert_email, outage_alert_sms, outage_alert_when_and_duration
#[tokio::test]
async fn a_customer_who_switched_it_on_is_told_of_an_outage_its_change_and_its_end() {
    let ground = Ground::of().await;
    let (mail, sms) = ground.boxes();
    let one = coming(&ground.point, ground.now());
    assert_eq!(
        ground.record(&Outage { number: "0".into(), ..coming(&ground.point, ground.now()) }).await,
        Told::default(),
        "nobody asked for it"
    );
    let mut browser = ground.app.customer("eon", 0).await;
    let page = browser.get("/outages").await.text();
    assert!(
        page.contains("zdarma") && page.contains("E-maily posíláme na") && page.contains("SMS posíláme na"),
        "{page}"
    );
    assert_eq!(browser.post("/outages/notices", &[(mail.as_str(), "yes"), (sms.as_str(), "yes")]).await.status, 303);

    assert_eq!(ground.record(&one).await, Told { mail: 1, sms: 1 });
    assert_eq!(ground.record(&one).await, Told { mail: 1, sms: 1 }, "the feed sent it twice");
    let told = ground.app.mails("outage_planned", 2).await;
    assert_eq!(told.len(), 2, "once by each way");
    let street = ground.point.address.street.as_str();
    for message in &told {
        says_it_all(&message.body_text, &one, street);
    }
    let text = told.iter().find(|one| one.channel == Channel::Sms).expect("a text message");
    assert!(text.body_text.chars().count() <= 160, "one text message: {}", text.body_text);
    let letter = told.iter().find(|one| one.channel == Channel::Mail).expect("a mail");
    assert!(letter.subject.contains("Odstávka elektřiny") && letter.body_text.contains("/outages/off?token="));

    let moved = Outage {
        version: 2,
        starts_at: one.starts_at + time::Duration::DAY,
        ends_at: one.ends_at + time::Duration::DAY,
        ..one.clone()
    };
    ground.record(&moved).await;
    let changed = ground.app.mails("outage_changed", 2).await;
    assert_eq!(changed.len(), 2);
    for message in &changed {
        says_it_all(&message.body_text, &moved, street);
        let says_before = ["Předtím", "Predtim"].iter().any(|word| message.body_text.contains(word));
        assert!(says_before, "what it was: {}", message.body_text);
    }
    ground.record(&Outage { version: 3, is_cancelled: true, ..moved }).await;
    let cancelled = ground.app.mails("outage_cancelled", 2).await;
    let says_no = |words: &str| ["nebude", "zrušil", "zrusil"].iter().any(|word| words.contains(word));
    assert!(cancelled.len() == 2 && cancelled.iter().all(|one| says_no(&one.body_text)), "{cancelled:?}");
}

/// outage_alert_planned, outage_alert_email, outage_alert_sms, outage_alert_when_and_duration
#[tokio::test]
async fn what_of_outages_is_switched_off_is_neither_offered_nor_sent() {
    let ground = Ground::of().await;
    let (mail, sms) = ground.boxes();
    let mut browser = ground.app.customer("eon", 0).await;
    browser.get("/outages").await;
    browser.post("/outages/notices", &[(mail.as_str(), "yes"), (sms.as_str(), "yes")]).await;
    let mut lead = ground.app.operator("eon", "lead").await;
    let mut off = async |feature: &str| {
        let path = format!("/operator/features/{feature}");
        let revision = value_of(&lead.get(&path).await, "revision");
        let form = [("reason", "Zkouška"), ("revision", revision.as_str()), ("turn", "off")];
        assert_eq!(lead.post(&path, &form).await.status, 303, "{feature}");
    };
    off("outage_alert_sms").await;
    let page = browser.get("/outages").await;
    assert!(page.body.contains(&mail) && !page.body.contains(&sms) && !page.text().contains("SMS"), "{}", page.text());
    let one = coming(&ground.point, ground.now());
    assert_eq!(ground.record(&one).await, Told { mail: 1, sms: 0 });
    off("outage_alert_when_and_duration").await;
    let told = ground.app.mails("outage_planned", 1).await;
    assert!(
        !told[0].body_text.contains("30\u{a0}min") && told[0].body_text.contains("Údržba"),
        "{}",
        told[0].body_text
    );
    assert!(!browser.get("/outages").await.text().contains("Jak dlouho"));
    // What waits when it is switched off does not leave.
    let second = Outage { version: 2, reason: "Jiná".into(), ..one.clone() };
    assert_eq!(ground.record(&second).await, Told { mail: 1, sms: 0 });
    off("outage_alert_email").await;
    let page = browser.get("/outages").await;
    assert!(!page.body.contains(&mail) && page.text().contains("Plánovaná"), "{}", page.text());
    assert_eq!(ground.app.mails("outage_changed", 0).await.len(), 0, "it waited, and it was switched off");
    off("outage_alert_planned").await;
    assert_eq!(browser.get("/outages").await.status, 404);
    assert!(!browser.get("/dashboard").await.body.contains("/outages"));
}

//! RWE: the article only names it (portal_online); the rest is public knowledge of its on-line service, marked so in its contract.
use super::Portal;
use crate::people::{book, known_by, sign_in};
use crate::support::TestApp;
use busbar::app::{router, state};
use busbar::backends::clock::Clock;
use busbar::domain::access::{Proof, Proofs};

/// portal_online
#[tokio::test]
async fn the_online_service_is_online() {
    Portal::of("rwe").await.is_online_free_and_under_its_own_name("RWE", false).await;
}

/// commodity_electricity, commodity_gas, info_invoice_overview, info_advance_schedule, info_payment_overview (not from the article)
#[tokio::test]
async fn a_customer_sees_gas_and_electricity_invoices_advances_and_payments() {
    let mut portal = Portal::of("rwe").await;
    portal.says("/supply-points", &["Elektřina", "Plyn"]).await;
    for path in ["/invoices", "/advances", "/payments", "/readings", "/consumption"] {
        portal.page(path).await;
    }
}

/// Nobody is asked to pay twice: an advance that comes by SIPO or direct debit has no payment code.
#[tokio::test]
async fn an_advance_that_comes_by_itself_has_no_payment_code() {
    let portal = Portal::of("rwe").await;
    let mut seen = 0;
    let count = portal.app.book.tenants.iter().find(|tenant| tenant.slug == "rwe").expect("rwe").customers.len();
    for index in 0..count {
        let mut customer = portal.app.customer("rwe", index).await;
        let advances = customer.get("/advances").await;
        if advances.text().contains("Nemusíte nic posílat") {
            let next = customer.get("/dashboard").await;
            seen += 1;
            assert!(!advances.body.contains("pay__code") && !next.body.contains("/advances/qr"), "customer {index}");
        }
    }
    assert!(seen >= 1, "the demo has nobody who pays by SIPO or direct debit");
}

/// Not from the article: a complaint about a settlement has its number and its clock here too.
#[tokio::test]
async fn a_customer_complains_about_a_settlement_and_follows_it() {
    let mut portal = Portal::of("rwe").await;
    let bill =
        portal.links("/settlements", "/settlements/").await.into_iter().find(|link| link.len() > 40).expect("a bill");
    let entries = [("subject", "Spotřeba"), ("words", "Konečný stav neodpovídá mému odečtu.")];
    let receipt = portal.settles(&format!("{bill}/complaint"), &entries).await;
    assert!(receipt.text().contains("Přijali jsme") && receipt.text().contains("pracovních dn"), "{}", receipt.text());
    portal.says("/requests", &["Reklamace vyúčtování", "přijato"]).await;
}

/// What the supplier owes: how much in all, by when, and what was sent already.
#[tokio::test]
async fn overpayments_say_how_much_is_owed_until_when_and_what_was_sent() {
    let mut portal = Portal::of("rwe").await;
    // Whose last bill left something that was not sent yet depends on the day.
    let mut place = 0;
    while !portal.page("/overpayments").await.text().contains("Na cestě k vám ") {
        place += 1;
        portal.customer = portal.app.customer("rwe", place).await;
    }
    assert!(portal.links("/settlements", "/overpayments").await.contains(&"/overpayments".to_owned()));
    let bills = portal.page("/settlements").await.text();
    let page = portal.page("/overpayments").await;
    let text = page.text();
    let hellers = |part: &str| -> i64 {
        let amount: String =
            part.split(" Kč").next().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
        amount.parse().unwrap_or_else(|_| panic!("{part}: {text}"))
    };
    let total = hellers(text.split("Na cestě k vám ").nth(1).expect("something is on its way"));
    let open = page.body.split("<li class=\"card stack\">").skip(1).filter(|card| card.contains("Zatím neodesláno"));
    let amount = |card: &str| card.split("class=\"figure\">").nth(1).map(|rest| rest.replace('\u{a0}', " "));
    let sum: i64 = open.map(|card| hellers(&amount(card).expect("an amount"))).sum();
    assert_eq!(total, sum, "{text}");
    assert!(text.contains("Vrátíme do ") && !text.contains("Lhůta pro vrácení uplynula"), "{text}");
    assert_eq!(
        bills.matches("Přeplatek").count(),
        page.body.matches("Vyúčtování vystaveno").count(),
        "{bills}\n{text}"
    );

    let mut services = state::build(&portal.app.config).await.expect("a second instance stands up");
    let later = portal.app.services.clock.now() + time::Duration::days(60);
    std::sync::Arc::get_mut(&mut services).expect("nobody else has it yet").clock = Clock::fixed(later);
    let mut browser = portal.visitor.at(&router::entry(services));
    let book = portal.app.book.tenants.iter().find(|one| one.slug == "rwe").expect("one of the eight");
    let who = &book.customers[place];
    let who = [("username", who.username.as_str()), ("password", &who.password)];
    assert_eq!(browser.post("/login", &who).await.status, 303);
    let late = browser.get("/overpayments").await;
    assert!(late.text().contains("Lhůta pro vrácení uplynula") && late.body.contains("/complaint"), "{}", late.text());
}

/// login_with_credentials (not from the article): whoever came by e-mail reads everything; only who typed the code of the letter changes.
#[tokio::test]
async fn who_came_by_e_mail_reads_and_who_typed_the_letters_code_changes_too() {
    let app = TestApp::start().await;
    let (mut mailed, ..) = known_by(&app, "rwe", 0, Proofs::of(&[Proof::Email])).await;
    for path in ["/supply-points", "/invoices", "/settlements", "/readings", "/consumption"] {
        assert_eq!(mailed.get(path).await.status, 200, "{path}");
    }
    let bills = mailed.get("/settlements").await.links();
    let bill = bills.iter().find(|link| link.starts_with("/settlements/") && link.len() > 40).expect("a bill").clone();
    let complaint = format!("{bill}/complaint");
    let form = mailed.get(&complaint).await;
    assert!(form.text().contains("K odeslání je potřeba jednou opsat kód z dopisu"), "{}", form.text());
    let words = [("subject", "Spotřeba"), ("words", "Stav neodpovídá mému odečtu.")];
    let refused = mailed.post(&complaint, &words).await;
    assert!(refused.status == 403 && refused.text().contains("Stav neodpovídá mému odečtu."), "{}", refused.text());
    let page = mailed.get("/account/assurance?for=contact&next=/requests").await;
    assert!(page.text().contains("Kód pošleme dopisem na adresu ze smlouvy"), "{}", page.text());

    let (mut whole, answer) =
        sign_in(&app, "rwe", &book(&app, "rwe", 0).username, &book(&app, "rwe", 0).password).await;
    assert_eq!(answer.status, 303);
    let form = whole.get(&complaint).await;
    assert!(!form.text().contains("K odeslání je potřeba"), "nothing is missing");
    assert_eq!(whole.post(&complaint, &words).await.status, 200, "looked over");
}

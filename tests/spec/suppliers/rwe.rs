//! RWE: the article only names it (portal_online); the rest is public knowledge of its on-line service, marked so in its contract.
use super::Portal;

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
    for index in 0..10 {
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

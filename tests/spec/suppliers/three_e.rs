//! 3E (Europe Easy Energy): Zákaznický portál, electricity, changes at once.
use super::Portal;

/// change_contact_details, processing_immediate: the new telephone stands on the very next page.
#[tokio::test]
async fn a_customers_new_telephone_holds_at_once() {
    let mut portal = Portal::of("3e").await;
    let receipt =
        portal.settles("/account/contact", &[("phone", "777 123 456"), ("email", "zakaznik1@3e.example")]).await;
    assert!(receipt.text().contains("Hotovo"), "{}", receipt.text());
    portal.says("/account", &["+420777123456"]).await;
}

/// reading_self_report, reading_electricity_meter: sent and among the readings at once.
#[tokio::test]
async fn a_customer_sends_the_state_of_the_electricity_meter() {
    let mut portal = Portal::of("3e").await;
    let receipt = portal.sends_a_reading("electricity", "reading").await;
    assert!(receipt.text().contains("Hotovo"), "{}", receipt.text());
    portal.says("/readings", &["samoodečet", "24. 11. 2026"]).await;
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

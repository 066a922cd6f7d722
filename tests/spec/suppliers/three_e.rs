//! 3E (Europe Easy Energy): Zákaznický portál, electricity, changes at once.
use super::Portal;

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

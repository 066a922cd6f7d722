//! United Energy Trading: Zákaznický portál with help.
use super::Portal;

/// reading_self_report, request_extraordinary_settlement
#[tokio::test]
async fn a_customer_reports_a_reading_and_asks_for_a_settlement() {
    let mut portal = Portal::of("uet").await;
    portal.sends_a_reading("gas", "settlement").await;
    portal.sends_a_reading("electricity", "reading").await;
}

/// portal_online, portal_free_of_charge, portal_product_name, portal_own_address
#[tokio::test]
async fn the_portal_is_online_free_and_under_its_own_name() {
    Portal::of("uet").await.is_online_free_and_under_its_own_name("Zákaznický portál", true).await;
}

/// portal_linked_from_supplier_site
#[tokio::test]
async fn the_suppliers_site_links_to_it_and_back() {
    Portal::of("uet").await.is_linked_with_the_suppliers_site().await;
}

/// portal_intuitive_ui
#[tokio::test]
async fn the_portal_works_as_an_ordinary_web_site() {
    Portal::of("uet").await.works_as_an_ordinary_web_site().await;
}

/// portal_help
#[tokio::test]
async fn help_is_on_every_page_and_searchable_without_signing_in() {
    let mut portal = Portal::of("uet").await;
    for path in ["/dashboard", "/consumption", "/advances", "/settlements"] {
        assert!(portal.page(path).await.body.contains("/help"), "{path}");
    }
    let index = portal.visitor.get("/help").await;
    assert_eq!(index.status, 200);
    let found = portal.visitor.get("/help?q=z%C3%A1loh").await;
    assert!(found.links().iter().any(|link| link.starts_with("/help/")), "{}", found.text());
    let nothing = portal.visitor.get("/help?q=%25_").await;
    assert!(!nothing.links().iter().any(|link| link.starts_with("/help/")), "wildcards are taken literally");
}

/// info_consumption_history
#[tokio::test]
async fn a_customer_sees_their_consumption() {
    Portal::of("uet").await.says("/consumption", &["kWh"]).await;
}

/// info_settlements, document_electronic_settlement
#[tokio::test]
async fn a_settlement_is_there_in_electronic_form() {
    let mut portal = Portal::of("uet").await;
    portal.first_detail("/settlements", "/settlements/").await;
    let links = portal.links("/settlements", "/settlements/").await;
    let link = links.into_iter().find(|link| link.ends_with("/document")).expect("an electronic settlement");
    assert!(portal.page(&link).await.bytes.starts_with(b"%PDF-"));
}

/// info_advance_schedule
#[tokio::test]
async fn a_customer_sees_the_prescribed_advances() {
    Portal::of("uet").await.says("/advances", &["Variabilní symbol", "Kč"]).await;
}

/// portal_staged_new_functions
#[tokio::test]
async fn the_new_version_can_be_let_go_without_a_restart() {
    Portal::of("uet").await.lets_a_function_go_on_its_day("info_settlements", "/settlements").await;
}

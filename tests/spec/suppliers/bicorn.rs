//! Bicorn: an existing system, and a new one under development in 2011 (its features are marked planned in the contract).
use super::Portal;

/// portal_online, portal_free_of_charge
#[tokio::test]
async fn the_new_portal_is_online_and_free() {
    Portal::of("bicorn").await.is_online_free_and_under_its_own_name("Bicorn", true).await;
}

/// info_invoice_overview
#[tokio::test]
async fn a_customer_views_their_invoices() {
    let mut portal = Portal::of("bicorn").await;
    portal.says("/invoices", &["Splatn", "Kč"]).await;
}

/// document_invoice_pdf_download
#[tokio::test]
async fn a_customer_downloads_an_invoice() {
    let mut portal = Portal::of("bicorn").await;
    let links = portal.links("/invoices", "/invoices/").await;
    let link = links.into_iter().find(|link| link.ends_with("/pdf")).expect("a download");
    let answer = portal.page(&link).await;
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert!(answer.bytes.starts_with(b"%PDF-"));
}

/// portal_staged_new_functions
#[tokio::test]
async fn a_planned_function_can_be_held_back_and_let_go_without_a_restart() {
    Portal::of("bicorn").await.lets_a_function_go_on_its_day("info_invoice_overview", "/invoices").await;
}

/// change_master_data_nontechnical
#[tokio::test]
async fn a_customer_changes_basic_data_that_are_not_technical() {
    Portal::of("bicorn").await.changes_record_data().await;
}

//! Pražská plynárenská: Zákaznický portál, gas.
use super::Portal;

/// ask_question: a thread that both sides see.
#[tokio::test]
async fn a_customer_asks_and_is_answered_in_a_thread() {
    let mut portal = Portal::of("pp").await;
    let receipt =
        portal.settles("/questions/new", &[("subject", "Přepis"), ("words", "Jak přepíšu odběr na syna?")]).await;
    let reference =
        receipt.text().split("Číslo ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a number").to_owned();
    let mut clerk = portal.app.operator("pp", "clerk").await;
    let place = format!("/operator/requests/{reference}");
    let page = clerk.get(&place).await;
    assert!(page.text().contains("Jak přepíšu odběr na syna?"), "{}", page.text());
    let version = crate::support::value_of(&page, "version");
    let words = [("act", "answer"), ("version", version.as_str()), ("words", "Pošlete nám předávací protokol.")];
    assert_eq!(clerk.post(&place, &words).await.status, 303);
    portal.says(&format!("/requests/{reference}"), &["Pošlete nám předávací protokol.", "vyřizujeme"]).await;
    let answer = [("words", "Děkuji, posílám.")];
    assert_eq!(portal.customer.post(&format!("/requests/{reference}/answer"), &answer).await.status, 303);
    assert!(clerk.get(&place).await.text().contains("Děkuji, posílám."));
}

/// portal_online, portal_free_of_charge, portal_product_name, portal_own_address
#[tokio::test]
async fn the_portal_is_online_free_and_under_its_own_name() {
    Portal::of("pp").await.is_online_free_and_under_its_own_name("Zákaznický portál", true).await;
}

/// portal_linked_from_supplier_site
#[tokio::test]
async fn the_suppliers_site_links_to_it_and_back() {
    Portal::of("pp").await.is_linked_with_the_suppliers_site().await;
}

/// info_customer_account
#[tokio::test]
async fn a_customer_sees_their_account_number_name_contacts_and_balance() {
    let mut portal = Portal::of("pp").await;
    let customer = portal.app.book.tenants.iter().find(|tenant| tenant.slug == "pp").expect("pp").customers[0].clone();
    portal.says("/account", &[&customer.number, &customer.name, "Kč"]).await;
}

/// info_meter_readings
#[tokio::test]
async fn a_customer_sees_their_readings_with_kind_and_use_since_the_last() {
    Portal::of("pp").await.says("/readings", &["m³", "distributor"]).await;
}

/// info_useful_links
#[tokio::test]
async fn a_customer_finds_useful_links_that_open_safely() {
    let mut portal = Portal::of("pp").await;
    let page = portal.page("/links").await;
    assert!(page.body.contains("rel=\"noopener"), "{}", page.text());
    assert!(page.body.contains("href=\"https://"));
}

/// change_master_data_nontechnical
#[tokio::test]
async fn a_customer_makes_record_changes() {
    Portal::of("pp").await.changes_record_data().await;
}

//! PRE: Můj zákaznický účet (MZÚ), under /mujucet of the supplier's own site; electricity.
use super::Portal;

/// change_contact_details, change_advance_amount, request_extraordinary_settlement, reading_self_report, reading_electricity_meter: asked for here,
/// settled by people.
#[tokio::test]
async fn a_customer_asks_and_people_settle() {
    let mut portal = Portal::of("pre").await;
    let (password, email) = (portal.password(), ("email", "zakaznik1@pre.example"));
    let entries = [("phone", "602 333 444"), email, ("password", &password)];
    let receipt = portal.settles("/account/contact", &entries).await;
    assert!(receipt.text().contains("Přijali jsme"), "{}", receipt.text());
    portal.says("/requests", &["Kontakty", "přijato"]).await;
    assert!(!portal.page("/account").await.text().contains("602333444"), "nothing holds before somebody agreed");
    portal.sends_a_reading("electricity", "settlement").await;
    portal.sends_a_reading("electricity", "reading").await;
    let form = portal.customer.get("/advances/change").await;
    let path = form.location().strip_prefix("/mujucet").expect("within the mount").to_owned();
    let receipt = portal.settles(&path, &[("amount", "2 500")]).await;
    assert!(receipt.text().contains("Přijali jsme"), "{}", receipt.text());
}

/// change_advance_amount: two wishes that waited side by side hold one after the other; the second is not lost.
#[tokio::test]
async fn a_second_wish_for_the_advance_holds_after_the_first() {
    let mut portal = Portal::of("pre").await;
    let form = portal.customer.get("/advances/change").await;
    let path = form.location().strip_prefix("/mujucet").expect("within the mount").to_owned();
    let first = portal.settle(&path, &[("amount", "2 500")], &[]).await.0;
    let second = portal.settle(&path, &[("amount", "2 700")], &[]).await.0;
    for (reference, amount) in [(first, "2 500,00 Kč"), (second, "2 700,00 Kč")] {
        portal.clerk_does(&reference, "approve").await;
        portal.says(&path, &[&format!("Platíte {amount}")]).await;
    }
}

/// portal_online, portal_free_of_charge, portal_product_name
#[tokio::test]
async fn my_customer_account_is_online_free_and_under_its_own_name() {
    Portal::of("pre").await.is_online_free_and_under_its_own_name("Můj zákaznický účet", true).await;
}

/// portal_own_address, login_form_on_supplier_path
#[tokio::test]
async fn the_log_in_form_stands_on_the_suppliers_path_and_leads_to_the_dashboard_under_it() {
    let mut portal = Portal::of("pre").await;
    let mut outside = crate::support::Browser::new(portal.app.entry.clone(), "pre.localhost", "");
    let page = outside.get("/mujucet").await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.body.contains("action=\"/mujucet/login\"") && page.body.contains("name=\"password\""));
    let customer =
        portal.app.book.tenants.iter().find(|tenant| tenant.slug == "pre").expect("pre").customers[0].clone();
    let answer =
        portal.visitor.post("/login", &[("username", &customer.username), ("password", &customer.password)]).await;
    assert_eq!(answer.location(), "/mujucet/dashboard");
}

/// portal_linked_from_supplier_site
#[tokio::test]
async fn the_suppliers_site_links_to_it_and_back() {
    Portal::of("pre").await.is_linked_with_the_suppliers_site().await;
}

/// commodity_electricity, info_supply_points, info_supply_point_address
#[tokio::test]
async fn a_customer_sees_each_supply_point_with_its_own_address() {
    let mut portal = Portal::of("pre").await;
    portal.says("/supply-points", &["Elektřina", "8591824"]).await;
    let text = portal.first_detail("/supply-points", "/supply-points/").await.text();
    assert!(text.contains("Adresa odběrného místa"), "{text}");
}

/// info_meter_readings
#[tokio::test]
async fn a_customer_sees_the_states_of_the_meter() {
    Portal::of("pre").await.says("/readings", &["kWh", "VT"]).await;
}

/// info_payment_overview
#[tokio::test]
async fn a_customer_sees_the_payments_received_and_what_they_paid() {
    Portal::of("pre").await.says("/payments", &["Kč", "áloha"]).await;
}

/// change_payment_method
#[tokio::test]
async fn another_way_of_paying_waits_for_a_clerk_and_the_schedule_follows() {
    Portal::of("pre").await.changes_the_way_of_paying(false).await;
}

//! ČEZ: Virtuální obchodní kancelář (VOK), under /VOK of the supplier's own site; electricity and, since 2011, gas.
use super::Portal;
use crate::support::value_of;

/// change_contact_details, change_contact_address
#[tokio::test]
async fn a_customer_changes_telephone_and_the_address_for_post() {
    let mut portal = Portal::of("cez").await;
    let password = portal.password();
    let email = ("email", "zakaznik1@cez.example");
    portal.settles("/account/contact", &[("phone", "+420 602 111 222"), email, ("password", &password)]).await;
    let entries = [("street", "Nová 12"), ("city", "Brno"), ("postcode", "60200")];
    portal.settles("/account/address", &entries).await;
    portal.says("/account", &["+420602111222", "Nová 12", "602 00", "Brno"]).await;
}

/// change_advance_amount: the new schedule is shown before it is sent and holds after it.
#[tokio::test]
async fn a_customer_changes_the_advance() {
    let mut portal = Portal::of("cez").await;
    let form = portal.customer.get("/advances/change").await;
    let path = form.location().strip_prefix("/VOK").expect("within the mount").to_owned();
    let receipt = portal.settles(&path, &[("amount", "4 100")]).await;
    assert!(receipt.text().contains("Hotovo"), "{}", receipt.text());
    portal.says("/advances", &["4 100,00 Kč"]).await;
}

/// reading_self_report
#[tokio::test]
async fn a_customer_reports_a_reading() {
    Portal::of("cez").await.sends_a_reading("electricity", "reading").await;
}

/// portal_online, portal_free_of_charge, portal_product_name
#[tokio::test]
async fn the_virtual_office_is_online_free_and_under_its_own_name() {
    Portal::of("cez").await.is_online_free_and_under_its_own_name("Virtuální obchodní kancelář", true).await;
}

/// portal_own_address
#[tokio::test]
async fn the_virtual_office_stands_under_vok_and_all_links_keep_it() {
    let mut portal = Portal::of("cez").await;
    let mut outside = crate::support::Browser::new(portal.app.entry.clone(), "cez.localhost", "");
    let root = outside.get("/").await;
    assert!(
        matches!(root.status, 302 | 303 | 307 | 308) && root.location().trim_end_matches('/').ends_with("/VOK"),
        "{} {}",
        root.status,
        root.location()
    );
    assert_eq!(outside.get("/login").await.status, 404, "outside the mount");
    for path in ["/dashboard", "/supply-points", "/invoices"] {
        for link in portal.page(path).await.links() {
            assert!(link.starts_with("/VOK"), "{path} leads out of the mount: {link}");
        }
    }
}

/// portal_linked_from_supplier_site
#[tokio::test]
async fn the_suppliers_site_links_to_it_and_back() {
    Portal::of("cez").await.is_linked_with_the_suppliers_site().await;
}

/// commodity_electricity, commodity_gas, single_app_two_commodities, info_supply_points
#[tokio::test]
async fn electricity_and_gas_points_stand_side_by_side() {
    let mut portal = Portal::of("cez").await;
    portal.says("/supply-points", &["Elektřina", "Plyn", "8591824", "27ZG"]).await;
    portal.first_detail("/supply-points", "/supply-points/").await;
}

/// info_invoice_overview
#[tokio::test]
async fn a_customer_sees_invoices_for_electricity_and_gas_and_filters_them() {
    let mut portal = Portal::of("cez").await;
    portal.says("/invoices", &["Elektřina", "Plyn", "Kč"]).await;
    let gas = portal.page("/invoices?commodity=gas").await;
    let rows = gas.body.split("<tbody").nth(1).unwrap_or("").split("</tbody>").next().unwrap_or("").to_owned();
    assert!(rows.contains("Plyn") && !rows.contains("Elektřina"), "{rows}");
}

/// portal_staged_new_functions
#[tokio::test]
async fn gas_can_be_added_and_taken_away_while_the_office_runs() {
    Portal::of("cez").await.lets_a_function_go_on_its_day("info_invoice_overview", "/invoices").await;
    let mut portal = Portal::of("cez").await;
    let mut operator = portal.app.operator("cez", "lead").await;
    let page = operator.get("/operator/features/commodity_gas").await;
    let revision = value_of(&page, "revision");
    let form = [("reason", "plyn až od ledna"), ("revision", revision.as_str()), ("turn", "off")];
    assert_eq!(operator.post("/operator/features/commodity_gas", &form).await.status, 303);
    let text = portal.page("/supply-points").await.text();
    assert!(!text.contains("27ZG") && text.contains("8591824"), "{text}");
    assert!(!portal.page("/invoices").await.text().contains("Plyn"));
}

/// change_bank_details
#[tokio::test]
async fn bank_details_change_by_password_masked_and_with_a_notice() {
    Portal::of("cez").await.changes_bank_details_safely().await;
}

/// change_bank_details: guesses at the password are counted, like those at the log-in.
#[tokio::test]
async fn guessing_the_password_of_bank_details_is_stopped() {
    let mut portal = Portal::of("cez").await;
    let fields = [("account", super::money::ACCOUNT), ("password", "není to ono")];
    let key = value_of(&portal.page("/account/bank").await, "key");
    let mut last = 422;
    for _ in 0..20 {
        let answer = portal.post_step("/account/bank", &fields, &key, "send").await;
        assert!(matches!(answer.status, 422 | 429), "{}", answer.text());
        last = answer.status;
    }
    assert_eq!(last, 429, "nobody counts");
}

/// change_payment_method
#[tokio::test]
async fn another_way_of_paying_counts_at_once_and_the_schedule_follows() {
    Portal::of("cez").await.changes_the_way_of_paying(true).await;
}

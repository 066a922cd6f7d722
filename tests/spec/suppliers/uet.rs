//! United Energy Trading: Zákaznický portál with help.
use super::{Portal, money};

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

/// document_electronic_settlement: as ISDOC, too, alone and with its PDF, with the same figures.
#[tokio::test]
async fn a_settlement_is_an_electronic_invoice_with_the_same_figures() {
    let mut portal = Portal::of("uet").await;
    let page = portal.first_detail("/settlements", "/settlements/").await;
    let find = |end: &str| page.links().into_iter().find(|link| link.ends_with(end));
    let [alone, packed, paper] =
        ["/isdoc", "/isdocx", "/document"].map(|end| find(end).unwrap_or_else(|| panic!("no {end}")));
    let answer = portal.page(&alone).await;
    assert!(answer.header("content-disposition").ends_with(".isdoc\""), "{:?}", answer.headers);
    let inner = |name: &str| {
        let found = answer.body.split(&format!("<{name}>")).nth(1).and_then(|rest| rest.split('<').next());
        found.unwrap_or_else(|| panic!("no {name}: {}", answer.body)).to_owned()
    };
    let (number, payable) = (inner("ID"), inner("PayableAmount"));
    assert!(page.text().contains(&number), "another number");
    let ours = portal.app.services.registry.by_slug("uet").expect("it serves").document.company.clone();
    assert!(answer.body.contains(&ours.company_id) && answer.body.contains(&ours.vat_id));
    money::is_isdoc(&answer.bytes);
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    assert!(digits(&page.text()).contains(&digits(&payable)), "{payable} is not on the page");
    if let Some(words) = money::words_of(&portal.page(&paper).await.bytes) {
        assert!(words.contains(&number) && digits(&words).contains(&digits(&payable)), "{number} {payable}: {words}");
    }
    let packed = portal.page(&packed).await;
    assert!(packed.bytes.starts_with(b"PK") && packed.body.contains("manifest.xml") && packed.body.contains("%PDF-"));
    let line = portal.newest_audit().await;
    assert_eq!((line.0.as_str(), line.1.as_str()), ("download", "document_electronic_settlement"));
}

/// info_consumption_history: what has been used says how the next settlement will come out.
#[tokio::test]
async fn a_customer_sees_how_the_next_settlement_will_come_out() {
    Portal::of("uet").await.forecasts_the_next_settlement().await;
}

/// info_settlements: and why it is more than last time.
#[tokio::test]
async fn a_settlement_says_why_it_differs_from_the_one_before() {
    Portal::of("uet").await.says_why_it_is_more().await;
}

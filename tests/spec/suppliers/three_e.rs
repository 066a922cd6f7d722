//! 3E (Europe Easy Energy): Zákaznický portál, electricity, changes at once.
use super::{Portal, contract};

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

/// contract_data_entry
#[tokio::test]
async fn a_customer_fills_in_a_contract_and_has_it_at_once() {
    let mut portal = Portal::of("3e").await;
    assert!(portal.links("/dashboard", "/contracts").await.contains(&"/contracts".to_owned()));
    portal.says("/contracts", &["Zatím jste tu žádnou smlouvu nevyplnili"]).await;
    let root = contract::begin(&mut portal.customer, "/contracts/new").await;
    let person = portal.page(&format!("{root}/person")).await;
    let name = person.body.split("name=\"name\" type=\"text\" value=\"").nth(1).expect("the field");
    assert!(!name.starts_with('"'), "who signs in is known already");
    // Begun anew, it goes on with the draft that is there.
    let again = portal.customer.post("/contracts/new", &[]).await;
    assert_eq!(again.location(), root);
    contract::fill(&portal.app, &mut portal.customer, &root).await;
    let answer = contract::step(&mut portal.customer, &root, "review", &[("consent", "yes".into())]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let receipt = portal.page(&format!("{root}?sent=yes")).await;
    let number = contract::number(&receipt);
    portal.customer.post(&format!("{root}/review"), &[("consent", "yes"), ("version", "5")]).await;
    let list = portal.page("/contracts").await.text();
    assert!(list.matches(&number).count() == 1 && list.contains("přijatá"), "{list}");
    assert!(portal.page(&format!("{root}/pdf")).await.bytes.starts_with(b"%PDF-"));
    let requests = portal.page("/requests").await.text();
    assert!(requests.contains("Smlouva") && requests.contains("vyřízeno"), "immediate: {requests}");
}

/// contract_data_entry
#[tokio::test]
async fn a_contract_is_its_owner_s_alone_and_says_what_is_wrong() {
    let mut portal = Portal::of("3e").await;
    let root = contract::begin(&mut portal.customer, "/contracts/new").await;
    let answer = contract::step(
        &mut portal.customer,
        &root,
        "product",
        &[("product", "free".into()), ("start_on", "zítra".into())],
    )
    .await;
    assert!(answer.status == 422 && answer.body.contains("value=\"zítra\""), "{}", answer.text());
    for word in ["Vyberte jednu z možností", "Takové datum není"] {
        assert!(answer.text().contains(word), "no {word}: {}", answer.text());
    }
    let mut other = portal.app.customer("3e", 1).await;
    for path in [root.clone(), format!("{root}/person"), format!("{root}/pdf")] {
        assert_eq!(other.get(&path).await.status, 404, "{path}");
    }
    let answer = other.post(&format!("{root}/person"), &[("name", "Cizí"), ("version", "1")]).await;
    assert!(matches!(answer.status, 403 | 404), "{}", answer.status);
    assert_eq!(portal.customer.get(&format!("{root}/nonsense")).await.status, 404);
}

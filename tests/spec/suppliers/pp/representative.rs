//! The sales representative of Pražská plynárenská's customers: shown with contacts, written to, and the message lands on their desk.
use crate::support::{TestApp, ids_of, value_of};
use busbar::data::Representative;
use busbar::domain::ids::{RepresentativeId, StaffId};
use busbar::domain::requests::RequestKind;

const PATH: &str = "/representative";

/// A representative of one customer alone, and the customer's number.
async fn assigned(app: &TestApp, index: usize, staff: Option<StaffId>) {
    let tenant = app.services.registry.by_slug("pp").expect("pp");
    let known = &app.book.tenants.iter().find(|tenant| tenant.slug == "pp").expect("pp").customers[index];
    let tx = app.services.db.tenant(tenant.id).begin().await.expect("a transaction");
    let (_, customer) = ids_of(&tx, &known.username).await;
    let one = Representative {
        id: RepresentativeId::new(),
        name: "Zdeňka Zkušební".into(),
        phone: "+420 777 123 456".into(),
        email: "zastupce@example.cz".into(),
        region: "jen přidělení".into(),
        staff,
        is_active: true,
    };
    tx.save_representative(&one).await.expect("kept");
    tx.assign_representative(customer, Some(one.id)).await.expect("assigned");
    tx.commit().await.expect("kept");
}

async fn staff_of(app: &TestApp, role: &str) -> StaffId {
    let tenant = app.services.registry.by_slug("pp").expect("pp");
    let tx = app.services.db.tenant(tenant.id).read().await.expect("a transaction");
    let all = tx.staff_list().await.expect("staff");
    all.into_iter().find(|one| one.role.key() == role).expect("the demo has this role").id
}

/// contact_sales_representative
#[tokio::test]
async fn a_customer_writes_to_their_representative_and_the_message_lands_on_the_right_desk() {
    let app = TestApp::start().await;
    let clerk = staff_of(&app, "clerk").await;
    assigned(&app, 0, Some(clerk)).await;
    let mut customer = app.customer("pp", 0).await;
    assert!(customer.get("/dashboard").await.links().iter().any(|link| link == PATH));
    let page = customer.get(PATH).await;
    for words in ["Zdeňka Zkušební", "+420 777 123 456", "zastupce@example.cz"] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    let key = value_of(&page, "key");
    let words = "Prosím o nabídku pro novou dílnu.";
    let review = customer.post(PATH, &[("words", words), ("key", &key), ("step", "review")]).await;
    assert!(review.status == 200 && review.text().contains(words), "{}", review.text());
    let send = [("words", words), ("key", key.as_str()), ("step", "send")];
    let first = customer.post(PATH, &send).await;
    assert_eq!(first.status, 303, "{}", first.text());
    assert_eq!(customer.post(PATH, &send).await.location(), first.location(), "sent twice, one message");
    let other = customer.post(PATH, &[("words", "Jiná zpráva"), ("key", &key), ("step", "send")]).await;
    assert_eq!(other.status, 409, "the same form with other words");
    let receipt = customer.get(first.location()).await.text();
    assert!(receipt.contains("Přijali jsme váš požadavek") && receipt.contains(words), "{receipt}");

    let mut operator = app.operator("pp", "clerk").await;
    let mine = operator.get(&format!("/operator/requests?show=mine&kind={}", RequestKind::Representative.key())).await;
    let reference = first.location().split(['/', '?']).nth(2).expect("a reference").to_owned();
    assert!(mine.text().contains(&reference), "{}", mine.text());
    let story = operator.get(&format!("/operator/requests/{reference}")).await.text();
    assert!(story.contains(words) && story.contains("Zdeňka Zkušební"), "{story}");
}

/// contact_sales_representative
#[tokio::test]
async fn odd_messages_are_refused_and_nothing_is_kept() {
    let app = TestApp::start().await;
    assigned(&app, 1, None).await;
    let mut customer = app.customer("pp", 1).await;
    let key = value_of(&customer.get(PATH).await, "key");
    let before = customer.get("/requests").await.text();
    let long = "a".repeat(5_001);
    for wrong in ["", "   ", long.as_str(), "a\u{0}b", "\u{202e}cba"] {
        for step in ["review", "send"] {
            let answer = customer.post(PATH, &[("words", wrong), ("key", &key), ("step", step)]).await;
            assert_eq!(answer.status, 422, "{wrong:?}");
            assert!(answer.body.contains("href=\"#words\"") && answer.body.contains("words-error"), "{wrong:?}");
        }
    }
    let kept = customer.post(PATH, &[("words", long.as_str()), ("key", &key), ("step", "send")]).await;
    assert!(kept.body.contains(&long), "what was typed is kept");
    assert_eq!(customer.get("/requests").await.text(), before);
}

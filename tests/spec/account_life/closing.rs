//! The owner closes the log-in: nothing opens it any more, on any instance, and the supplier sees it.
use super::{customer, mails, sign_in, turn_on};
use crate::support::{TestApp, template, value_of};

/// Not from the article: RWE's terms let a customer deactivate the access unilaterally.
#[tokio::test]
async fn a_customer_closes_the_access_alone_and_at_once_everywhere() {
    let app = TestApp::start().await;
    let (_services, second) = app.another_instance().await;
    let who = customer(&app, "rwe", 0);
    let mut owner = app.customer("rwe", 0).await;
    let elsewhere = if template::is_production() { &second } else { &app.entry };
    let mut there = app.customer("rwe", 0).await.at(elsewhere);
    assert_eq!(there.get("/dashboard").await.status, 200);
    turn_on(&app, &mut owner, &who).await;
    let mut there = app.browser("rwe").at(elsewhere);
    let step = sign_in(&mut there, &who).await;
    let step = step.location().split("token=").nth(1).expect("a token").to_owned();
    let mut stranger = app.browser("rwe");
    stranger.post("/password", &[("username", &who.username)]).await;
    let forgotten = loop {
        if let Some(mail) = mails(&app, "password_forgotten").await.pop() {
            break mail.body_text;
        }
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    };
    let forgotten = forgotten.split("token=").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a link");
    let page = owner.get("/account/security/close").await;
    for said in ["Co skončí", "Co zůstane", "Smlouva, dodávka a platby běží dál", "O nový přístup"] {
        assert!(page.text().contains(said), "{said}: {}", page.text());
    }
    let mut copy = owner.at(elsewhere);
    for wrong in ["", "wrong"] {
        assert_eq!(owner.post("/account/security/close", &[("password", wrong)]).await.status, 422);
    }
    let closed = owner.post("/account/security/close", &[("password", &who.password)]).await;
    assert_eq!((closed.status, closed.location()), (303, "/login?closed=yes"), "{}", closed.text());
    assert!(owner.get("/login?closed=yes").await.text().contains("Přístup je zrušený"));
    assert_eq!(copy.get("/dashboard").await.status, 303, "dead on the other instance at once");
    assert_eq!(sign_in(&mut stranger, &who).await.status, 422, "the password opens nothing");
    let code = there.post("/login/code", &[("token", &step), ("code", "000000")]).await;
    assert!(code.status == 422 && code.text().contains("Přihlaste se znovu"), "nor does the step begun before");
    let new = [("token", forgotten), ("new", "sedm modrých slonů na ledě")];
    let link = stranger.post("/password/new", &new).await;
    assert!(link.status == 422 && link.text().contains("Odkaz už neplatí"), "nor the link sent before");
    let told = mails(&app, "account_closed").await;
    assert!(told.len() == 1 && told[0].body_text.contains("O nový přístup můžete kdykoli požádat"));
}

#[tokio::test]
async fn the_supplier_sees_that_the_access_was_closed() {
    let app = TestApp::start().await;
    let who = customer(&app, "pp", 0);
    let mut owner = app.customer("pp", 0).await;
    let key = value_of(&owner.get("/questions/new").await, "key");
    let question = [("subject", "Přepis"), ("words", "Jak na to?"), ("key", key.as_str()), ("step", "send")];
    let sent = owner.post("/questions/new", &question).await;
    let place = sent.location().split('?').next().unwrap_or_default().to_owned();
    assert!(sent.status == 303 && place.starts_with("/requests/"), "{place} {}", sent.text());
    let mut clerk = app.operator("pp", "clerk").await;
    assert!(!clerk.get(&format!("/operator{place}")).await.text().contains("Přístup zrušen"));
    owner.get("/account/security/close").await;
    assert_eq!(owner.post("/account/security/close", &[("password", &who.password)]).await.status, 303);
    let page = clerk.get(&format!("/operator{place}")).await;
    assert!(page.text().contains("Přístup zrušen") && page.text().contains(&who.username), "{}", page.text());
    assert_eq!(mails(&app, "account_closed").await.len(), 1);
}

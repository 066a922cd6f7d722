//! After the contract: six months to read and to take papers away, nothing more to ask for; then the door says whom to call.
use super::{customer, sign_in};
use crate::support::{Browser, TestApp, template, value_of};
use sea_orm::{ConnectionTrait, TransactionTrait};
use time::{Date, Duration};

/// All contracts of a supplier's customers end on the day.
async fn end_all(app: &TestApp, slug: &str, day: Date) {
    let tenant = app.services.registry.by_slug(slug).expect("one of the eight").id.0;
    let raw = sea_orm::Database::connect(app.config.database_url()).await.expect("the database opens");
    let tx = raw.begin().await.expect("a transaction");
    if template::is_production() {
        tx.execute_unprepared(&format!("SET LOCAL app.tenant = '{tenant}'")).await.expect("a setting");
    }
    let end = format!("UPDATE supply_points SET contract_until = '{day}' WHERE tenant_id = {tenant}");
    tx.execute_unprepared(&end).await.expect("ended");
    tx.commit().await.expect("kept");
    raw.close().await.expect("closed");
}

async fn asks(browser: &mut Browser) -> crate::support::Answer {
    let key = value_of(&browser.get("/account/contact").await, "key");
    let fields = [("phone", "777000888"), ("email", ""), ("key", key.as_str()), ("step", "send")];
    browser.post("/account/contact", &fields).await
}

#[tokio::test]
async fn after_the_contract_everything_can_be_read_and_nothing_asked_for() {
    let app = TestApp::start().await;
    let today = app.services.clock.now().date();
    end_all(&app, "eon", today - Duration::days(60)).await;
    let who = customer(&app, "eon", 0);
    let mut owner = app.customer("eon", 0).await;
    let dashboard = owner.get("/dashboard").await;
    assert!(dashboard.status == 200 && dashboard.text().contains("Smlouva skončila"), "{}", dashboard.text());
    let bills = owner.get("/settlements").await;
    let pdf = bills
        .links()
        .into_iter()
        .find(|link| link.starts_with("/invoices/") && link.ends_with("/pdf"))
        .expect("a paper");
    assert_eq!(owner.get(&pdf).await.status, 200, "papers can be taken away");
    let refused = asks(&mut owner).await;
    assert!(refused.status == 403 && refused.text().contains("Smlouva skončila"), "{}", refused.text());
    assert!(refused.text().contains("777000888"), "what was typed can be copied");
    assert!(!owner.get("/account").await.text().contains("777000888"));
    // The log-in stays its owner's to look after.
    owner.get("/account/security").await;
    let fields = [("password", who.password.as_str()), ("new", "sedm modrých slonů na ledě")];
    assert_eq!(owner.post("/account/security/password", &fields).await.status, 303);
    assert_eq!(asks(&mut owner).await.status, 403, "nor with a new session");
    owner.get("/dashboard").await;
    assert_eq!(owner.post("/logout", &[]).await.status, 303);
    // Another supplier's customers ask as before.
    assert_ne!(asks(&mut app.customer("cez", 0).await).await.status, 403);
}

#[tokio::test]
async fn six_months_later_the_door_says_whom_to_call() {
    let app = TestApp::start().await;
    let today = app.services.clock.now().date();
    end_all(&app, "rwe", today - Duration::days(190)).await;
    let mut browser = app.browser("rwe");
    let who = customer(&app, "rwe", 0);
    let refused = sign_in(&mut browser, &who).await;
    let phone = app.services.registry.by_slug("rwe").expect("rwe").document.contact.phone.clone();
    assert_eq!(refused.status, 422);
    let said = refused.body.split("id=\"login-error\">").nth(1).and_then(|rest| rest.split('<').next()).expect("why");
    let said = said.replace('\u{a0}', " ");
    assert!(said.contains("Smlouva skončila") && said.contains(&phone), "{said}");
    assert_eq!(browser.get("/dashboard").await.status, 303, "nobody is signed in");
    let wrong = browser.post("/login", &[("username", &who.username), ("password", "wrong")]).await;
    assert!(!wrong.text().contains("Smlouva skončila"), "a stranger learns nothing");
}

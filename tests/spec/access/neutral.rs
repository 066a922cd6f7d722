//! Whoever asks sees the same, whatever was right or wrong.
use crate::support::TestApp;
use crate::support::applicant::{EMAIL, applies};

#[tokio::test]
async fn right_wrong_and_nobodys_data_are_answered_alike_and_only_right_ones_bring_a_mail() {
    for slug in ["3e", "cez", "pp", "eon", "bicorn", "rwe"] {
        let app = TestApp::start().await;
        let (_, right) = applies(&app, slug, &[]).await;
        let (_, wrong) = applies(
            &app,
            slug,
            &[
                ("supply-point", "859182400100000004"),
                ("invoice-amount", "1"),
                ("contract-number", "1"),
                ("postcode", "99999"),
            ],
        )
        .await;
        let (_, nobody) = applies(
            &app,
            slug,
            &[
                ("customer-number", "0000000000"),
                ("supply-point", "859182400100000004"),
                ("invoice-number", "1"),
                ("contract-number", "1"),
            ],
        )
        .await;
        assert_eq!((right.status, &right.body), (200, &wrong.body), "{slug}");
        assert_eq!((right.status, &right.body), (nobody.status, &nobody.body), "{slug}");
        let kind = if slug == "eon" { "access_received" } else { "registration_link" };
        let mails = app.mails(kind, 1).await;
        assert_eq!(mails.len(), 1, "{slug}");
        assert_eq!(mails[0].recipient, EMAIL, "{slug}");
        let all = app.messages().await.into_iter().filter(|one| one.recipient == EMAIL).count();
        assert_eq!(all, 1, "{slug}: nothing else goes to a stranger");
    }
}

#[tokio::test]
async fn what_is_missing_or_odd_is_named_and_what_was_typed_is_kept() {
    let app = TestApp::start().await;
    let (_, answer) = applies(&app, "cez", &[("supply-point", " "), ("email", "někdo@@priklad")]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("supply-point-error") && answer.body.contains("email-error"), "{}", answer.body);
    assert!(answer.body.contains(&app.applicant("cez").number) && answer.body.contains("někdo@@priklad"));
    assert!(app.messages().await.iter().all(|one| !one.kind.starts_with("registration")));
}

/// Wrong data for one customer lock the form for that customer; the desk sees it and opens it again.
#[tokio::test]
async fn five_wrong_tries_lock_the_form_and_the_desk_sees_and_unlocks() {
    let app = TestApp::start().await;
    for _ in 0..5 {
        let (_, answer) = applies(&app, "3e", &[("supply-point", "859182400100000004")]).await;
        assert_eq!(answer.status, 200);
    }
    let mut clerk = app.operator("3e", "clerk").await;
    let who = app.applicant("3e");
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(10);
    let page = loop {
        let page = clerk.get("/operator/access").await;
        if page.text().contains("5 pokusů") || std::time::Instant::now() > patience {
            break page;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    assert!(page.text().contains(&who.number) && page.text().contains("zamčeno do"), "{}", page.text());
    let (_, right) = applies(&app, "3e", &[]).await;
    assert_eq!(right.status, 200, "the same answer");
    app.settles().await;
    assert!(app.mails("registration_link", 0).await.is_empty(), "locked: even the right data bring nothing");
    let unlock = page.links().into_iter().find(|link| link.contains("/attempts/")).expect("a way to unlock");
    assert_eq!(clerk.post(&unlock, &[]).await.status, 303);
    applies(&app, "3e", &[]).await;
    assert_eq!(app.mails("registration_link", 1).await.len(), 1, "unlocked");
}

/// Who has a log-in is told of it; nobody else gets one for the same customer.
#[tokio::test]
async fn whoever_has_access_already_is_told_and_the_stranger_gets_nothing() {
    let app = TestApp::start().await;
    let (mut browser, _) = applies(&app, "cez", &[]).await;
    let words = app.mails("registration_link", 1).await.remove(0).body_text;
    let path = crate::support::applicant::path_in(&browser, &words);
    let token = crate::support::applicant::token_in(&path);
    let form = [("token", token.as_str()), ("username", "novy.zakaznik"), ("new", crate::support::applicant::PASSWORD)];
    assert_eq!(browser.post("/registration/finish", &form).await.status, 200);
    let (_, again) = applies(&app, "cez", &[("email", "cizi@priklad.example")]).await;
    assert_eq!(again.status, 200);
    let known = app.mails("registration_known", 1).await;
    assert_eq!(known.iter().map(|one| one.recipient.as_str()).collect::<Vec<_>>(), [EMAIL]);
    assert!(app.messages().await.iter().all(|one| one.recipient != "cizi@priklad.example"));
}

/// With one bill nobody is flooded: five applications a day are answered, and the newest link counts.
#[tokio::test]
async fn five_applications_a_day_are_answered_and_the_newest_link_counts() {
    let app = TestApp::start().await;
    for at in 1..=7 {
        let (_, answer) = applies(&app, "cez", &[]).await;
        assert_eq!(answer.status, 200, "the answer stays the same");
        app.mails("registration_link", at.min(5)).await;
    }
    app.settles().await;
    let mails = app.mails("registration_link", 5).await;
    assert_eq!(mails.len(), 5);
    let mut browser = app.browser("cez");
    for (at, mail) in mails.iter().enumerate() {
        let path = crate::support::applicant::path_in(&browser, &mail.body_text);
        let expected = if at == 4 { 200 } else { 422 };
        assert_eq!(browser.get(&path).await.status, expected, "link {at}");
    }
}

/// Who was shut out by the supplier does not come in again by registering.
#[tokio::test]
async fn a_log_in_that_the_supplier_shut_is_not_replaced_by_registering_again() {
    let app = TestApp::start().await;
    let (mut browser, _) = applies(&app, "cez", &[]).await;
    let words = app.mails("registration_link", 1).await.remove(0).body_text;
    let token = crate::support::applicant::token_in(&crate::support::applicant::path_in(&browser, &words));
    let form = [("token", token.as_str()), ("username", "novy.zakaznik"), ("new", crate::support::applicant::PASSWORD)];
    assert_eq!(browser.post("/registration/finish", &form).await.status, 200);
    let tenant = app.services.registry.by_slug("cez").expect("cez").id;
    let tx = app.services.db.tenant(tenant).begin().await.expect("a transaction");
    let account = tx.account_by_username("novy.zakaznik").await.expect("asked").expect("there").id;
    assert!(tx.disable_log_in(account, true).await.expect("shut"));
    tx.commit().await.expect("kept");
    applies(&app, "cez", &[]).await;
    app.settles().await;
    assert_eq!(app.mails("registration_link", 1).await.len(), 1, "no second link");
    assert!(app.mails("registration_known", 0).await.is_empty());
}

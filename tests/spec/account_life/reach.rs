//! Where the owner of a log-in is reached: changed with the password, confirmed by a link, told to the old address.
use super::{customer, mails, sign_in};
use crate::support::{TestApp, value_of};

fn token(body: &str) -> String {
    let rest = body.split("token=").nth(1).expect("a link");
    rest.split_whitespace().next().expect("a token").to_owned()
}

/// Looking at the link uses nothing up; the button does, once; then mails about the password go there.
#[tokio::test]
async fn a_log_in_of_its_own_address_is_confirmed_by_a_link_and_told_to_the_old_one() {
    let app = TestApp::start().await;
    let who = customer(&app, "cez", 0);
    let mut owner = app.customer("cez", 0).await;
    let path = "/account/security/reach";
    let form = owner.get(path).await;
    assert!(form.text().contains("@example.com"), "where it is reached now: {}", form.text());
    let send = |email: &'static str, phone: &'static str, password: &str| {
        [("email", email.to_owned()), ("phone", phone.to_owned()), ("password", password.to_owned())]
    };
    for (fields, field) in [
        (send("prihlaseni@example.cz", "", "wrong"), "password"),
        (send("prihlaseni@example.cz", "", ""), "password"),
        (send("a@b@c.cz", "", &who.password), "email"),
        (send("", "123", &who.password), "phone"),
        (send("", "", &who.password), "email"),
    ] {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = owner.post(path, &fields).await;
        assert!(answer.status == 422 && answer.body.contains(&format!("id=\"{field}-error\"")), "{}", answer.text());
    }
    let fields = [("email", "prihlaseni@example.cz"), ("phone", "777123456"), ("password", who.password.as_str())];
    let sent = owner.post(path, &fields).await;
    assert_eq!((sent.status, sent.location()), (303, "/VOK/account/security?done=email"), "{}", sent.text());
    let page = owner.get("/account/security").await.text();
    assert!(page.contains("+420777123456") && !page.contains("prihlaseni@example.cz"), "{page}");
    assert_eq!(mails(&app, "login_phone_changed").await.len(), 1);
    let confirm = mails(&app, "login_email_confirm").await;
    assert!(confirm.len() == 1 && confirm[0].recipient == "prihlaseni@example.cz");
    let token = token(&confirm[0].body_text);
    let mut elsewhere = app.browser("cez");
    for _ in 0..2 {
        assert!(elsewhere.get(&format!("/login/email?token={token}")).await.text().contains("Potvrdit e-mail"));
    }
    let at_another = app.browser("eon").post("/login/email", &[("token", &token)]).await;
    assert!(at_another.text().contains("Odkaz už neplatí"), "another supplier's portal");
    assert!(elsewhere.post("/login/email", &[("token", &token)]).await.text().contains("Hotovo"));
    assert!(elsewhere.post("/login/email", &[("token", &token)]).await.text().contains("Odkaz už neplatí"), "once");
    let told = mails(&app, "login_email_changed").await;
    assert!(told.len() == 1 && told[0].recipient.ends_with("@example.com"), "the old address hears of it");
    assert!(owner.get("/account/security").await.text().contains("prihlaseni@example.cz"));
    assert!(!owner.get("/account").await.text().contains("prihlaseni@example.cz"), "where the supplier writes stays");
    owner.get("/account/security").await;
    let fields = [("password", who.password.as_str()), ("new", "sedm modrých slonů na ledě")];
    assert_eq!(owner.post("/account/security/password", &fields).await.status, 303);
    assert_eq!(mails(&app, "password_changed").await[0].recipient, "prihlaseni@example.cz");
}

/// Where mail goes is where a forgotten password goes: the password is asked once more, for the e-mail alone.
#[tokio::test]
async fn another_contact_e_mail_wants_the_password_and_moves_the_log_in_with_it() {
    let app = TestApp::start().await;
    let who = customer(&app, "eon", 0);
    let mut owner = app.customer("eon", 0).await;
    let form = owner.get("/account/contact").await;
    let (key, email) = (value_of(&form, "key"), value_of(&form, "email"));
    let fields = |email: &str, password: &str| {
        let fixed = [("phone", "777000321".to_owned()), ("key", key.clone()), ("step", "send".to_owned())];
        let rest = [("email", email.to_owned()), ("password", password.to_owned())];
        fixed.into_iter().chain(rest).collect::<Vec<_>>()
    };
    for password in ["", "wrong"] {
        let fields = fields("nova@example.cz", password);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = owner.post("/account/contact", &fields).await;
        assert!(answer.status == 422 && answer.body.contains("id=\"password-error\""), "{}", answer.text());
    }
    assert!(mails(&app, "email_confirm").await.is_empty());
    let right = fields("nova@example.cz", &who.password);
    let right: Vec<(&str, &str)> = right.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(owner.post("/account/contact", &right).await.status, 303);
    let token = token(&mails(&app, "email_confirm").await[0].body_text);
    assert!(owner.post("/confirm-email", &[("token", &token)]).await.status == 200);
    assert!(
        owner.get("/account/security").await.text().contains("nova@example.cz"),
        "no address of its own: both move"
    );
    assert_eq!(mails(&app, "email_changed").await[0].recipient, email);
    // The telephone alone needs no password.
    let form = owner.get("/account/contact").await;
    let (key, email) = (value_of(&form, "key"), value_of(&form, "email"));
    let fields = [("phone", "777000322"), ("email", email.as_str()), ("key", key.as_str()), ("step", "send")];
    assert_eq!(owner.post("/account/contact", &fields).await.status, 303);
    let mut browser = app.browser("eon");
    assert_eq!(sign_in(&mut browser, &who).await.status, 303);
}

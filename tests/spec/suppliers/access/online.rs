//! Ways that a stranger begins, on the supplier's own pages.
use super::sets_password;
use crate::support::applicant::{EMAIL, PASSWORD, after, applies, chooses_own, is_in, path_in, signs_in, token_in};
use crate::support::{Answer, Browser, TestApp, value_of};

/// Applies with the right data and follows the link in the mail: the page that comes, and the token.
async fn follows_the_link(app: &TestApp, slug: &str) -> (Browser, Answer, String) {
    let (mut browser, answer) = applies(app, slug, &[]).await;
    assert_eq!(answer.status, 200, "{slug}: {}", answer.text());
    let words = app.mails("registration_link", 1).await.remove(0).body_text;
    let path = path_in(&browser, &words);
    for _ in 0..2 {
        assert_eq!(browser.get(&path).await.status, 200, "{slug}: looking uses nothing up");
    }
    let page = browser.get(&path).await;
    (browser, page, token_in(&path))
}

/// A name and a password of one's own, at once good for signing in.
async fn registers_alone(slug: &str) -> TestApp {
    let app = TestApp::start().await;
    let (mut browser, page, token) = follows_the_link(&app, slug).await;
    assert!(page.body.contains("name=\"username\"") && page.body.contains("name=\"new\""), "{slug}: {}", page.text());
    assert!(page.text().contains("15"), "{slug}: the rule for passwords is shown: {}", page.text());
    for (name, new, field) in
        [("jan", PASSWORD, "username"), ("novak.jan", "krátké", "new"), ("", PASSWORD, "username")]
    {
        let form = [("token", token.as_str()), ("username", name), ("new", new)];
        let wrong = browser.post("/registration/finish", &form).await;
        assert!(wrong.status == 422 && wrong.body.contains(&format!("{field}-error")), "{slug}: {}", wrong.text());
    }
    let form = [("token", token.as_str()), ("username", "novak.jan"), ("new", PASSWORD)];
    let done = browser.post("/registration/finish", &form).await;
    assert!(done.status == 200 && done.text().contains("novak.jan"), "{slug}: {}", done.text());
    let (mut browser, answer) = signs_in(&app, slug, "Novak.JAN", PASSWORD).await;
    assert!(is_in(&answer), "{slug}: {}", answer.text());
    let shown = browser.get("/dashboard").await;
    assert!(shown.text().contains(&app.applicant(slug).name), "{slug}: the customer's own: {}", shown.text());
    for mail in app.messages().await {
        assert!(!mail.body_text.contains(PASSWORD), "{slug}: a chosen password is never sent");
    }
    app
}

/// access_self_registration, access_own_credentials
#[tokio::test]
async fn cez_customers_register_alone_and_choose_name_and_password() {
    registers_alone("cez").await;
}

/// access_self_registration, access_own_credentials, access_credentials_emailed_automatically, access_email_mandatory
#[tokio::test]
async fn customers_of_3e_register_alone_and_the_mail_with_the_name_follows_by_itself() {
    let app = registers_alone("3e").await;
    let mail = app.mails("access_ready", 1).await.remove(0);
    assert_eq!((mail.recipient.as_str(), mail.state.as_str()), (EMAIL, "sent"));
    assert!(
        mail.body_text.contains("novak.jan")
            && mail.body_text.contains("//3e.localhost")
            && mail.body_text.contains("/login"),
        "{}",
        mail.body_text
    );
    let (_, without) = applies(&app, "3e", &[("email", "")]).await;
    assert!(without.status == 422 && without.body.contains("email-error"), "without e-mail there is no access");
}

/// What RWE's terms say in public: read after the e-mail, change after the letter.
#[tokio::test]
async fn customers_of_rwe_read_at_once_and_a_letter_with_a_code_waits_for_print() {
    let app = registers_alone("rwe").await;
    let mut lead = app.operator("rwe", "lead").await;
    let page = lead.get("/operator/access").await;
    assert!(
        page.text().contains("Dopis s kódem") && page.text().contains(&app.applicant("rwe").name),
        "{}",
        page.text()
    );
    let print = page.links().into_iter().find(|link| link.ends_with("/print")).expect("it can be printed");
    let letter = lead.post(&print, &[]).await;
    assert_eq!((letter.status, letter.header("content-type")), (200, "application/pdf"));
}

/// access_self_registration, access_password_issued
#[tokio::test]
async fn customers_of_prazska_plynarenska_register_and_get_a_password_that_they_change_at_once() {
    let app = TestApp::start().await;
    let (mut browser, page, token) = follows_the_link(&app, "pp").await;
    assert!(!page.body.contains("name=\"new\""), "the password is issued: {}", page.text());
    let form = [("token", token.as_str()), ("username", "novak.jan")];
    let done = browser.post("/registration/finish", &form).await;
    assert_eq!(done.status, 200, "{}", done.text());
    let mail = app.mails("access_password", 1).await.remove(0);
    let kept = app.kept_messages().await.into_iter().find(|one| one.id == mail.id).expect("kept");
    assert!(kept.body_text.contains("••••"), "what is kept of the mail has no password: {}", kept.body_text);
    let words = app.words_as_sent(&mail);
    let password = after(&words, "Heslo na první přihlášení:");
    assert_eq!((password.len(), after(&words, "Uživatelské jméno:")), (19, "novak.jan"), "{words}");
    chooses_own(&app, "pp", "novak.jan", password).await;
}

/// access_invoice_identification, access_online_request_form, access_username_by_email, access_password_by_registered_letter,
/// access_password_issued (the letter itself: `access::letters`)
#[tokio::test]
async fn eon_customers_apply_with_an_invoice_and_get_the_name_by_mail_and_the_password_by_letter() {
    let app = TestApp::start().await;
    let (mut clerk, username) = crate::access::letters::approved(&app).await;
    let mail = app.mails("access_username", 1).await.remove(0);
    assert_eq!(mail.recipient, EMAIL);
    assert!(mail.body_text.contains(&username) && mail.body_text.contains("doporučeným dopisem"), "{}", mail.body_text);
    let page = clerk.get("/operator/access").await;
    assert!(page.text().contains("Dopis s heslem"), "{}", page.text());
    let (_, answer) = signs_in(&app, "eon", &username, "cokoli-dlouhého-jiného").await;
    assert_eq!(answer.status, 422, "until the letter is printed no password fits");
}

/// access_online_request_form
#[tokio::test]
async fn pre_applicants_get_a_number_and_the_clerk_sees_what_fits_and_decides() {
    let app = TestApp::start().await;
    let (_, answer) = applies(&app, "pre", &[("postcode", "999 99")]).await;
    let number = answer.body.split("receipt__number\">").nth(1).and_then(|rest| rest.split('<').next());
    let reference = number.unwrap_or_else(|| panic!("a number: {}", answer.text())).to_owned();
    assert_eq!(after(&app.mails("access_received", 1).await[0].body_text, "Číslo žádosti:"), reference);
    let mut clerk = app.operator("pre", "clerk").await;
    let page = clerk.get(&format!("/operator/requests/{reference}")).await;
    let text = page.text();
    assert!(text.contains("PSČ nesouhlasí 999 99") && text.contains("Zákaznické číslo souhlasí"), "{text}");
    let version = value_of(&page, "version");
    let form = [("act", "refuse"), ("version", version.as_str()), ("words", "Adresa nesouhlasí, přijďte na pobočku.")];
    assert_eq!(clerk.post(&format!("/operator/requests/{reference}"), &form).await.status, 303);
    let mail = app.mails("access_refused", 1).await.remove(0);
    assert!(mail.recipient == EMAIL && mail.body_text.contains("přijďte na pobočku"), "{}", mail.body_text);
    // Another try with the right data is approved; the link sets a password.
    applies(&app, "pre", &[]).await;
    let received = app.mails("access_received", 2).await.remove(1);
    let reference = after(&received.body_text, "Číslo žádosti:").to_owned();
    let path = format!("/operator/requests/{reference}/access");
    let form = clerk.get(&path).await;
    let version = value_of(&form, "version");
    let unknown = clerk.post(&path, &[("version", &version), ("customer", "000")]).await;
    assert!(unknown.status == 422 && unknown.body.contains("customer-error"), "{}", unknown.text());
    let who = app.applicant("pre").number;
    assert_eq!(clerk.post(&path, &[("version", &version), ("customer", &who)]).await.status, 303);
    assert_eq!(clerk.post(&path, &[("version", &version), ("customer", &who)]).await.status, 409, "once");
    let mail = app.mails("access_activation", 1).await.remove(0);
    sets_password(&app, "pre", &mail.body_text).await;
}

/// access_auto_emailed_password, access_extra_verification: one switch chooses, and what was begun goes on as it began.
#[tokio::test]
async fn bicorn_mails_the_password_at_once_or_asks_for_a_code_first_by_one_switch() {
    let app = TestApp::start().await;
    let (mut browser, page, token) = follows_the_link(&app, "bicorn").await;
    assert!(page.text().contains("kód v SMS"), "with the extra proof on: {}", page.text());
    let mut lead = app.operator("bicorn", "lead").await;
    let place = "/operator/features/access_extra_verification";
    let form = lead.get(place).await;
    let revision = value_of(&form, "revision");
    let fields = [("reason", "zkouška"), ("until", ""), ("revision", revision.as_str()), ("turn", "off")];
    assert_eq!(lead.post(place, &fields).await.status, 303);
    let sent = browser.post("/registration/finish", &[("token", &token)]).await;
    assert!(sent.location().contains("/registration/code"), "what was begun goes on as it began: {}", sent.text());
    let code = app.sms_words().await;
    let code: String = code.chars().rev().take(6).collect::<Vec<_>>().into_iter().rev().collect();
    let wrong = browser.post("/registration/code", &[("token", &token), ("code", "000 000")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("code-error"), "{}", wrong.text());
    let done = browser.post("/registration/code", &[("token", &token), ("code", &code)]).await;
    assert_eq!(done.status, 200, "{}", done.text());
    let mail = app.mails("access_password", 1).await.remove(0);
    let words = app.words_as_sent(&mail);
    chooses_own(&app, "bicorn", after(&words, "Uživatelské jméno:"), after(&words, "Heslo na první přihlášení:")).await;
}

/// access_auto_emailed_password
#[tokio::test]
async fn bicorn_without_the_extra_proof_mails_name_and_password_without_anybodys_hand() {
    let app = TestApp::start().await;
    let mut lead = app.operator("bicorn", "lead").await;
    let place = "/operator/features/access_extra_verification";
    let form = lead.get(place).await;
    let revision = value_of(&form, "revision");
    let fields = [("reason", "zkouška"), ("until", ""), ("revision", revision.as_str()), ("turn", "off")];
    assert_eq!(lead.post(place, &fields).await.status, 303);
    applies(&app, "bicorn", &[]).await;
    let mail = app.mails("access_password", 1).await.remove(0);
    let words = app.words_as_sent(&mail);
    chooses_own(&app, "bicorn", after(&words, "Uživatelské jméno:"), after(&words, "Heslo na první přihlášení:")).await;
}

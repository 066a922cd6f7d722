//! How customers of each supplier come by access: the sentences of group B, supplier by supplier.
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

/// Opens the link of a mail, chooses a password, and signs in with the name that the mail gave.
async fn sets_password(app: &TestApp, slug: &str, words: &str) {
    let mut browser = app.browser(slug);
    let token = token_in(&path_in(&browser, words));
    let done = browser.post("/password/new", &[("token", &token), ("new", PASSWORD)]).await;
    assert_eq!(done.status, 200, "{slug}: {}", done.text());
    let username = after(words, "Uživatelské jméno:");
    assert_eq!(signs_in(app, slug, username, PASSWORD).await.1.status, 303, "{slug}: {username}");
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

const EAN: &str = "859182400100000004";

/// Records a contract of a new customer; the record's path.
pub async fn signs(staff: &mut Browser, contract: &str, otherwise: &[(&str, &str)]) -> Answer {
    let form = staff.get("/operator/signings/new").await;
    assert_eq!(form.status, 200, "{}", form.text());
    let key = value_of(&form, "key");
    let today = form.body.split("name=\"signed_on\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let today = today.expect("a day").to_owned();
    let mut fields = vec![
        ("number", "7700001"),
        ("name", "Nová Zákaznice"),
        ("street", "Nová 1"),
        ("city", "Praha"),
        ("postcode", "110 00"),
        ("email", EMAIL),
        ("phone", ""),
        ("code", EAN),
        ("contract", contract),
        ("signed_on", today.as_str()),
        ("since", today.as_str()),
        ("wish", "yes"),
        ("key", key.as_str()),
    ];
    for (name, value) in otherwise {
        fields.retain(|(field, _)| field != name);
        fields.push((name, value));
    }
    let answer = staff.post("/operator/signings/new", &fields).await;
    if answer.status == 303 {
        let again = staff.post("/operator/signings/new", &fields).await;
        assert_eq!(again.location(), answer.location(), "the same form sent twice is one record");
    }
    answer
}

/// Where the desk is led, below the supplier's mount.
pub fn within(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let goal = answer.location();
    goal[goal.find("/operator").expect("a page of the desk")..].to_owned()
}

/// access_offered_at_contract_signing
#[tokio::test]
async fn cez_and_pre_offer_access_with_the_signature_and_yes_or_no_is_recorded() {
    for slug in ["cez", "pre"] {
        let app = TestApp::start().await;
        let mut staff = app.operator(slug, "branch").await;
        let unasked = signs(&mut staff, "S-1", &[("wish", "")]).await;
        assert!(unasked.status == 422 && unasked.body.contains("wish-error"), "{slug}: {}", unasked.text());
        let declined = signs(&mut staff, "S-1", &[("wish", "no")]).await;
        let page = staff.get(&within(&declined)).await;
        assert!(page.text().contains("zákazník nechce") && page.text().contains("bez přístupu"), "{}", page.text());
        let taken = signs(&mut staff, "S-1", &[("number", "7700002"), ("name", "Jiný")]).await;
        assert!(taken.status == 422 && taken.body.contains("contract-error"), "{slug}: {}", taken.text());
        let wished = signs(&mut staff, "S-2", &[("number", "7700002"), ("code", "859182400100000011")]).await;
        let page = staff.get(&within(&wished)).await;
        assert!(page.text().contains("zákazník chce") && page.text().contains("pozván"), "{slug}: {}", page.text());
    }
}

/// access_given_at_contract_signing, access_offered_at_contract_signing
#[tokio::test]
async fn uet_customers_leave_with_a_sheet_and_sign_in_the_same_day() {
    let app = TestApp::start().await;
    let mut staff = app.operator("uet", "clerk").await;
    let signed = signs(&mut staff, "S-1", &[("email", ""), ("wish", "")]).await;
    let path = within(&signed);
    let page = staff.get(&path).await;
    assert!(page.text().contains("dostal se smlouvou") && page.text().contains("Vytisknout list"), "{}", page.text());
    let first = staff.post(&path, &[("act", "sheet")]).await;
    let second = staff.post(&path, &[("act", "sheet")]).await;
    let words = [&first, &second].map(|sheet| {
        assert_eq!((sheet.status, sheet.header("content-type")), (200, "application/pdf"), "{}", sheet.text());
        crate::access::letters::words_of(&sheet.bytes)
    });
    let password = |words: &str| {
        let is = |word: &&str| word.len() == 19 && word.matches('-').count() == 3;
        words.split_whitespace().find(is).unwrap_or_else(|| panic!("{words}")).to_owned()
    };
    assert!(words[1].contains("7700001") && words[1].contains("uet.localhost"), "{}", words[1]);
    assert_eq!(signs_in(&app, "uet", "7700001", &password(&words[0])).await.1.status, 422, "a new print voids the old");
    chooses_own(&app, "uet", "7700001", &password(&words[1])).await;
    let page = staff.get(&path).await;
    assert!(page.text().contains("aktivní") && !page.text().contains("Vytisknout list"), "{}", page.text());
}

/// access_staff_registration_at_signing, access_email_mandatory, access_credentials_emailed_automatically
#[tokio::test]
async fn staff_of_3e_hand_the_screen_over_and_never_see_what_the_customer_types() {
    let app = TestApp::start().await;
    let mut staff = app.operator("3e", "clerk").await;
    let without = signs(&mut staff, "S-1", &[("email", "")]).await;
    assert!(without.status == 422 && without.body.contains("email-error"), "{}", without.text());
    let signed = signs(&mut staff, "S-1", &[]).await;
    let path = within(&signed);
    let hand = staff.post(&path, &[("act", "hand")]).await;
    assert!(hand.status == 200 && hand.body.contains("class=\"qr\""), "{}", hand.text());
    let mut customer = app.browser("3e");
    let token = hand.body.split("token=").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned();
    let page = customer.get(&format!("/registration/finish?token={token}")).await;
    assert!(page.status == 200 && page.text().contains(EMAIL), "{}", page.text());
    customer.post("/registration/finish", &[("token", &token)]).await;
    let mail = app.mails("access_code", 1).await.remove(0);
    let kept = app.kept_messages().await.into_iter().find(|one| one.id == mail.id).expect("kept");
    assert!(kept.body_text.contains("••••") && kept.body_html.contains("••••"), "{}", kept.body_text);
    let words = app.words_as_sent(&mail);
    let code = after(&words, "kód pro registraci do portálu je:").to_owned();
    let form = [("token", token.as_str()), ("code", code.as_str()), ("username", "nova.zakaznice"), ("new", PASSWORD)];
    let done = customer.post("/registration/code", &form).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(app.mails("access_ready", 1).await[0].recipient, EMAIL, "the mail goes by itself");
    assert_eq!(signs_in(&app, "3e", "nova.zakaznice", PASSWORD).await.1.status, 303);
    let page = staff.get(&path).await;
    assert!(page.text().contains("aktivní") && !page.body.contains(PASSWORD), "{}", page.text());
}

/// access_dealer_registration, access_credentials_emailed_automatically
#[tokio::test]
async fn a_dealer_of_3e_registers_own_customers_and_sees_nobody_elses() {
    let app = TestApp::start().await;
    let mut clerk = app.operator("3e", "clerk").await;
    let others = within(&signs(&mut clerk, "S-9", &[("number", "7700009"), ("code", "859182400100000011")]).await);
    let mut dealer = app.operator("3e", "dealer").await;
    assert_eq!(dealer.get(&others).await.status, 404, "another's contract is not there");
    assert_eq!(dealer.post(&others, &[("act", "register")]).await.status, 404);
    for path in ["/operator/access", "/operator/requests", "/operator/branch", "/operator/customers", "/operator/terms"]
    {
        assert_eq!(dealer.get(path).await.status, 404, "{path} is not a dealer's");
    }
    let taken = signs(&mut dealer, "S-1", &[("number", "7700009"), ("wish", "")]).await;
    assert!(
        taken.status == 422 && taken.body.contains("number-error"),
        "writes into nobody's account: {}",
        taken.text()
    );
    let path = within(&signs(&mut dealer, "S-1", &[("wish", "")]).await);
    let list = dealer.get("/operator/signings").await;
    assert!(list.text().contains("S-1") && !list.text().contains("S-9"), "{}", list.text());
    let page = dealer.get(&path).await;
    assert!(page.text().contains("Zaregistrovat zákazníka"), "{}", page.text());
    assert_eq!(dealer.post(&path, &[("act", "register")]).await.status, 303);
    assert!(dealer.get(&path).await.text().contains("pozván"));
    let mail = app.mails("access_password", 1).await.remove(0);
    let words = app.words_as_sent(&mail);
    let password = after(&words, "Heslo na první přihlášení:");
    assert!(!dealer.get(&path).await.body.contains(password));
    chooses_own(&app, "3e", after(&words, "Uživatelské jméno:"), password).await;
    assert!(dealer.get(&path).await.text().contains("aktivní"));
}

/// access_request_at_branch, access_branch_gift
#[tokio::test]
async fn pre_gives_access_at_a_branch_after_a_look_at_the_card_and_one_gift() {
    let app = TestApp::start().await;
    let mut branch = app.operator("pre", "branch").await;
    let who = app.applicant("pre");
    branch.get("/operator/branch").await;
    let empty = branch.post("/operator/branch", &[("number", &who.number)]).await;
    for field in ["card", "hand", "branch"] {
        assert!(empty.status == 422 && empty.body.contains(&format!("{field}-error")), "{field}: {}", empty.text());
    }
    let place = "Praha 4, Vzorová 44";
    let form =
        [("number", who.number.as_str()), ("card", "id-card"), ("email", ""), ("hand", "sheet"), ("branch", place)];
    let made = branch.post("/operator/branch", &form).await;
    let path = within(&made);
    let page = branch.get(&path).await;
    assert!(page.text().contains("plátěná taška") && page.text().contains("Vytisknout list"), "{}", page.text());
    let sheet = branch.post(path.split('?').next().expect("a path"), &[]).await;
    let words = crate::access::letters::words_of(&sheet.bytes);
    let is = |word: &&str| word.len() == 19 && word.matches('-').count() == 3;
    let password = words.split_whitespace().find(is).unwrap_or_else(|| panic!("{words}")).to_owned();
    let gift = format!("{}/gift", path.split('?').next().expect("a path"));
    for _ in 0..2 {
        assert_eq!(branch.post(&gift, &[("branch", place)]).await.status, 303);
    }
    let page = branch.get(&path).await;
    assert!(page.text().contains("Dárek už zákazník dostal"), "{}", page.text());
    let report = branch.get("/operator/branch").await;
    assert!(report.text().contains(&format!("{place} 1")), "one a customer: {}", report.text());
    let again = branch.post("/operator/branch", &form).await;
    assert!(again.status == 422 && again.body.contains("number-error"), "{}", again.text());
    chooses_own(&app, "pre", &who.number, &password).await;
}

/// access_request_at_branch
#[tokio::test]
async fn cez_gives_access_at_a_contact_place_by_a_link() {
    let app = TestApp::start().await;
    let mut branch = app.operator("cez", "branch").await;
    let who = app.applicant("cez");
    branch.get("/operator/branch").await;
    let form = [("number", who.number.as_str()), ("card", "passport"), ("email", EMAIL), ("hand", "link")];
    within(&branch.post("/operator/branch", &form).await);
    let mail = app.mails("access_activation", 1).await.remove(0);
    assert_eq!(mail.recipient, EMAIL);
    sets_password(&app, "cez", &mail.body_text).await;
}

/// access_request_at_branch: who has a log-in already is proved at the counter, once a card was seen.
#[tokio::test]
async fn a_branch_of_pre_proves_who_has_a_log_in_already() {
    let app = TestApp::start().await;
    let mut branch = app.operator("pre", "branch").await;
    let who = crate::people::book(&app, "pre", 0);
    let (_, account, _) = crate::people::known_by(&app, "pre", 0, busbar::domain::access::Proofs::default()).await;
    branch.get("/operator/branch").await;
    let form = [("number", who.number.as_str()), ("card", "id-card"), ("email", ""), ("hand", "sheet")];
    let known = branch.post("/operator/branch", &form).await;
    let path = format!("/operator/branch/{}", who.number);
    assert!(known.status == 422 && known.links().iter().any(|link| link.ends_with(&path)), "{}", known.text());
    let tenant = app.services.registry.by_slug("pre").expect("pre").id;
    let tx = app.services.db.tenant(tenant).begin().await.expect("a transaction");
    // The log-in that the demo gave them is closed; the other is the customer's one.
    let first = tx.account_by_username(&who.username).await.expect("asked").expect("there").id;
    assert!(tx.close_account(first, app.services.clock.now()).await.expect("closed"));
    tx.commit().await.expect("kept");
    let page = branch.get(&path).await;
    assert!(page.text().contains("Zapsat ověření"), "{}", page.text());
    let without = branch.post(&format!("{path}/seen"), &[]).await;
    assert!(branch.get(&within(&without)).await.body.contains("card-error"), "no card, no proof");
    assert_eq!(branch.post(&format!("{path}/seen"), &[("card", "passport")]).await.status, 303);
    assert!(branch.get(&path).await.text().contains("Doklad totožnosti jsme na pobočce viděli"));
    let tx = app.services.db.tenant(tenant).read().await.expect("a transaction");
    let proofs = tx.proofs_of(account).await.expect("asked");
    assert!(proofs.has(busbar::domain::access::Proof::Branch), "{proofs:?}");
}

//! Ways that begin opposite somebody of the supplier's: at a signature, at a branch, with a dealer.
use super::sets_password;
use crate::support::applicant::{EMAIL, PASSWORD, after, chooses_own, signs_in};
use crate::support::{Answer, Browser, TestApp, value_of};

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

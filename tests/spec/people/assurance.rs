//! What a supplier wants proved before what may be done: refused without, offered by several ways, and on to what was meant.
use super::{known_by, letter_hash, link, token};
use crate::support::TestApp;
use busbar::app::router;
use busbar::data::{LetterState, SentMessage};
use busbar::domain::access::{Class, Proof, Proofs};
use busbar::domain::features::Feature;
use busbar::tenancy::Content;

fn filled(path: &str) -> String {
    let id = "0190a0a0-0000-7000-8000-000000000001";
    path.replace("{id}", id)
        .replace("{slug}", "x")
        .replace("{key}", "x")
        .replace("{reference}", "x")
        .replace("{step}", "x")
}

/// What concerns the log-in alone, and what gives the proof.
const OWN: [&str; 8] = [
    "/account/security",
    "/account/customers",
    "/account/assurance",
    "/account/terms",
    "/account/notices",
    "/notices",
    "/outages",
    "/calendar",
];

/// As the strictest of the eight has it.
const RULE: &str = "\n[assurance]\nread = \"email\"\ncontact = \"letter\"\nmoney = \"letter\"\ncontract = \"letter\"\n";

/// Every unsafe route of the customer's face, at the supplier that wants a letter for it, and at one with every kind of errand that is
/// given the same rule.
#[tokio::test]
async fn every_change_is_refused_without_its_proof() {
    let app = TestApp::start().await;
    let mut seen = std::collections::BTreeSet::new();
    let mut refused = 0;
    for slug in ["rwe", "eon", "3e"] {
        let tenant = app.services.registry.by_slug(slug).expect("one of the eight");
        let mut document = tenant.document_text.clone();
        if slug != "rwe" {
            document.push_str(RULE);
        }
        let content = Content { document, policy: tenant.policy_text.clone(), toggles: tenant.toggles.clone() };
        let strict = app.services.compiler.compile(tenant.id, tenant.revision, tenant.state, &content);
        app.services.registry.publish(std::sync::Arc::new(strict.expect("compiled"))).expect("published");
        let (mut customer, ..) = known_by(&app, slug, 0, Proofs::of(&[Proof::Email])).await;
        customer.get("/account/security").await;
        for route in router::routes().iter().filter(|route| route.guard == "customer" && route.method != "GET") {
            let features = route.feature.iter().filter_map(|key| Feature::parse(key));
            let on: Vec<Feature> = features.filter(|feature| tenant.has(*feature)).collect();
            if on.is_empty() || OWN.iter().any(|own| route.path.starts_with(own)) {
                continue;
            }
            let class = on.iter().map(|feature| Class::of(*feature)).fold(Class::Contact, Class::max);
            let path = filled(route.path);
            let bare = customer.post(&path, &[]).await;
            let way = format!("/account/assurance?for={}&next=", class.key());
            let leads = bare.status == 303 && bare.location().starts_with(&way);
            assert!(leads, "{slug} {path}: {} {}", bare.status, bare.location());
            let typed = customer.post(&path, &[("phone", "+420 777 123 456"), ("words", "Přepište mě")]).await;
            assert_eq!(typed.status, 403, "{slug} {path}");
            for word in ["Nejdřív se ověřte", "+420 777 123 456", "Přepište mě"] {
                assert!(typed.text().contains(word), "{slug} {path} loses {word}: {}", typed.text());
            }
            assert!(typed.body.contains("/account/assurance?for="), "{slug} {path} leads nowhere");
            seen.insert(class.key());
            refused += 1;
        }
        for path in ["/dashboard", "/supply-points", "/account/security"] {
            assert_eq!(customer.get(path).await.status, 200, "{slug} {path} is only read");
        }
        let form = customer.get("/account/bank").await;
        if form.status == 200 {
            assert!(form.text().contains("kód z dopisu") && form.body.contains("/account/assurance?for=money"));
        }
    }
    assert!(refused >= 20 && seen.len() == 3, "only {refused} of {seen:?}");
}

/// Without the proof that reading needs, nothing but one's own log-in is shown.
#[tokio::test]
async fn reading_too_may_need_a_proof_and_a_link_gives_it() {
    let app = TestApp::start().await;
    let (mut customer, ..) = known_by(&app, "rwe", 0, Proofs::default()).await;
    let answer = customer.get("/invoices").await;
    assert_eq!(answer.location(), "/account/assurance?for=read&next=/invoices");
    let page = customer.get(answer.location()).await;
    assert!(page.text().contains("os…@example.cz"), "{}", page.text());
    let form = [("for", "read"), ("next", "/invoices")];
    assert_eq!(customer.post("/account/assurance/email", &form).await.status, 303);
    let path = link(&app, "proof_link", "").await;
    for _ in 0..2 {
        assert_eq!(customer.get(&path).await.status, 200, "looking uses nothing up");
    }
    let before = customer.clone();
    let token = token(&path).split('&').next().expect("a token").to_owned();
    let form = [("token", token.as_str()), ("for", "read"), ("next", "/invoices")];
    let proved = customer.post("/account/assurance/link", &form).await;
    assert_eq!((proved.status, proved.location()), (303, "/invoices"), "{}", proved.text());
    assert_eq!(customer.get("/invoices").await.status, 200);
    assert_eq!(before.clone().get("/account/security").await.status, 303, "the old token is nobody's");
    customer.get("/account/security").await;
    assert_eq!(customer.post("/account/assurance/link", &form).await.status, 422, "once");
}

/// At the supplier whose changes want a letter: ordered once a day, printed, typed in any manner, once; then the change is let through.
#[tokio::test]
async fn the_code_of_a_letter_opens_changes() {
    let app = TestApp::start().await;
    let (mut customer, account, own) = known_by(&app, "rwe", 0, Proofs::of(&[Proof::Email])).await;
    let place = "/account/assurance?for=money&next=/requests";
    let page = customer.get(place).await;
    assert!(page.text().contains("Jde o peníze") && page.text().contains("občanský průkaz"), "{}", page.text());
    assert!(!page.body.contains("/account/assurance/sms"), "a text message would not do");
    let goal = [("for", "money"), ("next", "/requests")];
    assert_eq!(customer.post("/account/assurance/letter", &goal).await.status, 303);
    assert!(customer.get(place).await.text().contains("připravujeme"));
    assert_eq!(customer.post("/account/assurance/letter", &goal).await.status, 422, "one a day");
    let tenant = app.services.registry.by_slug("rwe").expect("rwe").id;
    let now = app.services.clock.now();
    let tx = app.services.db.tenant(tenant).begin().await.expect("a transaction");
    let letters = tx.access_letters(LetterState::Waiting, 50).await.expect("a list");
    let letter = letters.iter().find(|one| one.account == account && one.customer == own).expect("it waits for print");
    let hash = letter_hash(&app, "rwe", account, "LZY2-3456");
    let until = now + time::Duration::days(60);
    let by = tx.staff_list().await.expect("people")[0].id;
    assert!(tx.print_access_letter(letter, by, Some(&hash), now, until).await.expect("printed"));
    tx.commit().await.expect("kept");
    let enter = |code: &'static str| [("letter_code", code), ("for", "money"), ("next", "/requests")];
    assert_eq!(customer.post("/account/assurance/letter-code", &enter("AAAA-BBBB")).await.status, 422);
    let done = customer.post("/account/assurance/letter-code", &enter("1zy2 3456")).await;
    assert_eq!((done.status, done.location()), (303, "/requests"), "{}", done.text());
    let back = customer.get(place).await;
    assert_eq!((back.status, back.location()), (303, "/requests"), "nothing is missing any more");
    customer.get("/account/security").await;
    let again = customer.post("/settlements/0190a0a0-0000-7000-8000-000000000001/complaint", &[("words", "x")]).await;
    assert_eq!(again.status, 404, "no longer for want of a proof");
    let (mut anew, _) = super::sign_in(&app, "rwe", "znama.osoba", super::PASSWORD).await;
    assert_eq!(anew.get(place).await.status, 303, "it stays proved");
}

fn code(sent: &[SentMessage]) -> String {
    let newest = sent.iter().filter(|one| one.kind == "proof_code").max_by_key(|one| one.id).expect("a text");
    let digits = newest.body_text.split(|letter: char| !letter.is_ascii_digit()).find(|part| part.len() == 6);
    digits.unwrap_or_else(|| panic!("no code: {}", newest.body_text)).to_owned()
}

/// Five tries, three codes an hour, the newest counts; it proves what a text message can.
#[tokio::test]
async fn a_code_by_text_has_five_tries_and_serves_once() {
    let app = TestApp::start().await;
    let (mut customer, ..) = known_by(&app, "rwe", 0, Proofs::default()).await;
    customer.get("/account/assurance?for=read&next=/invoices").await;
    let goal = [("for", "read"), ("next", "/invoices")];
    assert_eq!(customer.post("/account/assurance/sms", &goal).await.status, 303);
    let first = code(&app.messages().await);
    let wrong = if first == "000000" { "000001" } else { "000000" };
    let enter = |code: &str| {
        vec![("code".to_owned(), code.to_owned()), ("for".into(), "read".into()), ("next".into(), "/invoices".into())]
    };
    let mut try_code = async |code: &str| {
        let entries = enter(code);
        let entries: Vec<(&str, &str)> = entries.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        customer.post("/account/assurance/code", &entries).await
    };
    for left in (1..=4).rev() {
        let answer = try_code(wrong).await;
        assert!(answer.status == 422 && answer.text().contains(&format!("pokusů: {left}")), "{}", answer.text());
    }
    assert!(try_code(wrong).await.text().contains("už neplatí"));
    assert!(try_code(&first).await.text().contains("už neplatí"), "the right one comes too late");
    assert_eq!(customer.post("/account/assurance/sms", &goal).await.status, 303);
    let second = code(&app.messages().await);
    let spaced = format!("{} {}", &second[..3], &second[3..]);
    let entries = [("code", spaced.as_str()), ("for", "read"), ("next", "/invoices")];
    let done = customer.post("/account/assurance/code", &entries).await;
    assert_eq!((done.status, done.location()), (303, "/invoices"), "{}", done.text());
    customer.get("/account/security").await;
    assert_eq!(customer.post("/account/assurance/sms", &goal).await.status, 303);
    assert_eq!(customer.post("/account/assurance/sms", &goal).await.status, 303, "nothing is missing; nothing is sent");
    let sent = app.messages().await.iter().filter(|one| one.kind == "proof_code").count();
    assert!(sent <= 3, "{sent} texts within an hour");
}

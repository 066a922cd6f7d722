//! One log-in, several customers: by proof, one at a time, and nothing of the other meanwhile.
use super::{book, link, token};
use crate::support::{Browser, TestApp, ids_of, value_of};
use busbar::data::{LetterKind, LetterState, Membership};
use busbar::domain::access::{Identifier, KnownOf, MemberRole};
use busbar::domain::ids::{AccountId, CustomerId};
use std::time::{Duration, Instant};

async fn ids(app: &TestApp, slug: &str, index: usize) -> (AccountId, CustomerId) {
    let tenant = app.services.registry.by_slug(slug).expect("one of the eight").id;
    let tx = app.services.db.tenant(tenant).read().await.expect("a transaction");
    ids_of(&tx, &book(app, slug, index).username).await
}

async fn known(app: &TestApp, slug: &str, customer: CustomerId) -> KnownOf {
    let tenant = app.services.registry.by_slug(slug).expect("one of the eight").id;
    let tx = app.services.db.tenant(tenant).read().await.expect("a transaction");
    tx.known_of(customer).await.expect("known")
}

/// The data of a bill, as the supplier's form asks for them.
fn entries(app: &TestApp, slug: &str, of: &KnownOf) -> Vec<(&'static str, String)> {
    let asked = app.services.registry.by_slug(slug).expect("one of the eight").document.access.identifiers();
    let value = |what: Identifier| match what {
        Identifier::CustomerNumber => of.number.clone(),
        Identifier::Name => of.name.clone(),
        Identifier::Postcode => of.postcode.clone(),
        Identifier::CompanyId => of.company_id.clone().unwrap_or_default(),
        Identifier::SupplyPoint => of.points[0].clone(),
        Identifier::ContractNumber => of.contracts[0].clone(),
        Identifier::InvoiceNumber => of.invoices[0].0.clone(),
        Identifier::InvoiceAmount => (of.invoices[0].1.0.abs() / 100).to_string(),
    };
    asked.into_iter().map(|what| (what.key(), value(what))).collect()
}

async fn ask(browser: &mut Browser, entries: &[(&'static str, String)]) {
    browser.get("/account/customers").await;
    let form: Vec<(&str, &str)> = entries.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = browser.post("/account/customers/link", &form).await;
    assert_eq!((answer.status, answer.location().ends_with("?done=asked")), (303, true), "{}", answer.text());
}

/// It is looked up after the answer, so there is patience.
async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let patience = Instant::now() + Duration::from_secs(10);
    while !is_so().await {
        assert!(Instant::now() < patience, "{what}");
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

async fn links_sent(app: &TestApp) -> usize {
    app.messages().await.iter().filter(|one| one.kind == "customer_link").count()
}

async fn join(app: &TestApp, slug: &str, account: AccountId, customer: CustomerId) {
    let tenant = app.services.registry.by_slug(slug).expect("one of the eight").id;
    let tx = app.services.db.tenant(tenant).begin().await.expect("a transaction");
    let membership = Membership {
        account,
        customer,
        role: MemberRole::Owner,
        until: None,
        invited_by: None,
        proofs: None,
        last_used_at: None,
    };
    assert!(tx.add_membership(&membership).await.expect("a right"));
    tx.commit().await.expect("kept");
}

#[tokio::test]
async fn a_further_customer_comes_by_the_data_of_a_bill_and_a_link_to_its_own_address() {
    let app = TestApp::start().await;
    let (_, other) = ids(&app, "rwe", 1).await;
    let bill = known(&app, "rwe", other).await;
    let mut me = app.customer("rwe", 0).await;
    assert!(!me.get("/dashboard").await.text().contains("Jste u:"), "one customer needs no choice");
    let empty = me.post("/account/customers/link", &[]).await;
    assert!(empty.status == 422 && empty.body.contains("customer-number-error"), "{}", empty.text());
    ask(&mut me, &entries(&app, "rwe", &bill)).await;
    eventually("a link is sent", async || links_sent(&app).await == 1).await;
    let path = link(&app, "customer_link", "").await;
    let sent = app.messages().await;
    let mail = sent.iter().find(|one| one.kind == "customer_link").expect("a mail");
    assert!(mail.body_text.contains(&book(&app, "rwe", 0).username), "{}", mail.body_text);
    let mut owner = app.customer("rwe", 1).await;
    assert!(owner.get(&path).await.text().contains("Odkaz už neplatí"), "only the log-in that asked");
    for _ in 0..2 {
        assert!(me.get(&path).await.text().contains(&bill.number), "looking uses nothing up");
    }
    let token = token(&path);
    let before = me.clone();
    assert_eq!(me.post("/account/customers/confirm", &[("token", &token)]).await.status, 303);
    assert_eq!(before.clone().get("/dashboard").await.status, 303, "the old session is ended");
    let again = me.get("/account/customers").await;
    assert!(again.text().contains(&bill.number) && again.text().contains("Jste u:"), "{}", again.text());
    assert_eq!(me.post("/account/customers/confirm", &[("token", &token)]).await.status, 422, "once");
    me.get("/account/customers").await;
    let switched = me.post("/account/customers/switch", &[("customer", &other.to_string())]).await;
    assert_eq!(switched.status, 303, "{}", switched.text());
    let here = me.get("/dashboard").await.text();
    assert!(here.contains(&format!("( {} )", bill.number)), "{here}");
    let (mut door, _) =
        super::sign_in(&app, "rwe", &book(&app, "rwe", 0).username, &book(&app, "rwe", 0).password).await;
    assert!(door.get("/account").await.text().contains(&bill.number), "the last used is opened at the next log-in");
}

#[tokio::test]
async fn wrong_data_are_counted_and_locked_and_the_answer_never_says_so() {
    let app = TestApp::start().await;
    let (_, other) = ids(&app, "rwe", 1).await;
    let right = entries(&app, "rwe", &known(&app, "rwe", other).await);
    let mut wrong = right.clone();
    wrong
        .iter_mut()
        .filter(|(name, _)| *name != "customer-number")
        .for_each(|(_, value)| *value = "859182400199999999".into());
    let mut me = app.customer("rwe", 0).await;
    let tenant = app.services.registry.by_slug("rwe").expect("rwe").id;
    let tries = async || {
        let tx = app.services.db.tenant(tenant).read().await.expect("a transaction");
        tx.failed_identifications(5).await.expect("a list").first().map_or(0, |one| one.tries)
    };
    for count in 1..=5 {
        ask(&mut me, &wrong).await;
        eventually("it is counted", async || tries().await == count).await;
    }
    let tx = app.services.db.tenant(tenant).read().await.expect("a transaction");
    assert_eq!(tx.try_identification(other, app.services.clock.now()).await.expect("known"), None, "locked");
    drop(tx);
    ask(&mut me, &right).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!((links_sent(&app).await, tries().await), (0, 5), "locked: even what is right leads nowhere");
}

#[tokio::test]
async fn without_an_address_a_code_comes_by_letter() {
    let app = TestApp::start().await;
    let (account, other) = ids(&app, "rwe", 1).await;
    let (mine, _) = ids(&app, "rwe", 0).await;
    assert_ne!(account, mine);
    let tenant = app.services.registry.by_slug("rwe").expect("rwe").id;
    let db = app.services.db.tenant(tenant);
    let tx = db.begin().await.expect("a transaction");
    tx.change_email(other, None).await.expect("no address");
    tx.commit().await.expect("kept");
    let mut me = app.customer("rwe", 0).await;
    ask(&mut me, &entries(&app, "rwe", &known(&app, "rwe", other).await)).await;
    let letters = async || {
        let tx = db.read().await.expect("a transaction");
        tx.access_letters(LetterState::Waiting, 9).await.expect("a list")
    };
    eventually("a letter waits for print", async || letters().await.iter().any(|one| one.account == mine)).await;
    let letter = letters().await.into_iter().find(|one| one.account == mine).expect("the letter");
    assert_eq!((letter.customer, letter.kind), (other, LetterKind::Code));
    let hash = super::letter_hash(&app, "rwe", mine, "ZYX2-3456");
    let now = app.services.clock.now();
    let tx = db.begin().await.expect("a transaction");
    let by = tx.staff_list().await.expect("people")[0].id;
    assert!(
        tx.print_access_letter(&letter, by, Some(&hash), now, now + time::Duration::days(60)).await.expect("printed")
    );
    tx.commit().await.expect("kept");
    let wrong = me.post("/account/customers/code", &[("code", "ABCD-2345")]).await;
    assert!(wrong.status == 422 && wrong.text().contains("Tento kód neplatí"), "{}", wrong.text());
    let done = me.post("/account/customers/code", &[("code", "zyx2 3456")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let list = me.get("/account/customers").await;
    assert_eq!(value_of(&list, "customer"), other.to_string());
}

/// While one is open, nothing of the other is reachable by its identifier, though it is the same log-in.
#[tokio::test]
async fn at_one_customer_nothing_of_the_other_is_reachable() {
    let app = TestApp::start().await;
    let mut proved = 0;
    for slug in ["eon", "cez", "rwe"] {
        let (account, own) = ids(&app, slug, 0).await;
        let (_, other) = ids(&app, slug, 1).await;
        join(&app, slug, account, other).await;
        let (mut me, _) =
            super::sign_in(&app, slug, &book(&app, slug, 0).username, &book(&app, slug, 0).password).await;
        let mount = me.mount.clone();
        me.get("/account/customers").await;
        // Whichever was opened first, from here on it is the own one.
        assert_eq!(me.post("/account/customers/switch", &[("customer", &own.to_string())]).await.status, 303);
        let mut foreign = app.customer(slug, 1).await;
        let mut paths = Vec::new();
        for list in ["/supply-points", "/settlements", "/invoices"] {
            let links = foreign.get(list).await.links();
            let own = links.iter().map(|link| link.strip_prefix(mount.as_str()).unwrap_or(link).to_owned());
            paths.extend(own.filter(|link| link.len() > 40 && !link.contains('?') && !link.contains("assets")));
        }
        assert!(!paths.is_empty(), "{slug} has nothing to try");
        for path in &paths {
            assert_eq!(foreign.get(path).await.status, 200, "{slug} {path}");
            assert_eq!(me.get(path).await.status, 404, "{slug} {path} of the other customer");
            proved += 1;
        }
        me.get("/account/customers").await;
        assert_eq!(me.post("/account/customers/switch", &[("customer", &other.to_string())]).await.status, 303);
        for path in &paths {
            assert_eq!(me.get(path).await.status, 200, "{slug} {path} after the change");
        }
        me.get("/account/customers").await;
        let (_, stranger) = ids(&app, slug, 2).await;
        assert_eq!(me.post("/account/customers/switch", &[("customer", &stranger.to_string())]).await.status, 404);
    }
    assert!(proved > 10, "only {proved}");
}

//! Errands: whatever is sent twice has one effect, mistakes keep what was typed, and a clerk's hand does what the machine may not.
use crate::support::{Answer, Browser, TestApp, value_of};

async fn form_key(browser: &mut Browser, path: &str) -> String {
    let form = browser.get(path).await;
    assert_eq!(form.status, 200, "{path}: {}", form.text());
    value_of(&form, "key")
}

/// The demo's passwords: another address wants one.
const EON: &str = "ukazka-eon-2026";
const PRE: &str = "ukazka-pre-2026";
const CEZ: &str = "ukazka-cez-2026";

fn contact<'a>(password: &'a str, phone: &'a str, key: &'a str, step: &'a str) -> [(&'a str, &'a str); 5] {
    [("phone", phone), ("email", "kdosi@example.cz"), ("key", key), ("step", step), ("password", password)]
}

/// Numbers of the customer's requests, newest first.
async fn requests(browser: &mut Browser) -> Vec<String> {
    let page = browser.get("/requests").await;
    let mount = format!("{}/requests/", browser.mount);
    page.links().into_iter().filter_map(|link| link.strip_prefix(&mount).map(str::to_owned)).collect()
}

fn reference(sent: &Answer) -> String {
    assert_eq!(sent.status, 303, "{}", sent.text());
    sent.location().rsplit('/').next().and_then(|rest| rest.split('?').next()).expect("a number").to_owned()
}

#[tokio::test]
async fn a_form_sent_twice_is_one_request_and_the_second_sees_the_firsts_receipt() {
    let app = TestApp::start().await;
    let mut customer = app.customer("eon", 0).await;
    let before = requests(&mut customer).await.len();
    let key = form_key(&mut customer, "/account/contact").await;
    let first = customer.post("/account/contact", &contact(EON, "777000111", &key, "send")).await;
    let second = customer.post("/account/contact", &contact(EON, "777000111", &key, "send")).await;
    assert_eq!(reference(&first), reference(&second));
    assert_eq!(requests(&mut customer).await.len(), before + 1);
    let other = customer.post("/account/contact", &contact(EON, "777000222", &key, "send")).await;
    assert_eq!(other.status, 409, "the same form with other content");
    assert!(customer.get("/account").await.text().contains("+420777000111"));
}

/// Ten clicks at once on two instances: one request, one effect.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_sends_at_once_on_two_instances_are_one_request() {
    let app = TestApp::start().await;
    let (_services, second) = app.another_instance().await;
    let mut customer = app.customer("eon", 0).await;
    let before = requests(&mut customer).await.len();
    let key = form_key(&mut customer, "/account/contact").await;
    let sends: Vec<_> = (0..10)
        .map(|index| {
            let mut browser = customer.at(if index % 2 == 0 { &app.entry } else { &second });
            let key = key.clone();
            tokio::spawn(
                async move { browser.post("/account/contact", &contact(EON, "777000333", &key, "send")).await },
            )
        })
        .collect();
    let mut numbers = std::collections::BTreeSet::new();
    for send in sends {
        numbers.insert(reference(&send.await.expect("a send ends")));
    }
    assert_eq!(numbers.len(), 1, "{numbers:?}");
    assert_eq!(requests(&mut customer).await.len(), before + 1);
}

/// 422, the field named, what was typed kept, nothing stored.
#[tokio::test]
async fn mistakes_are_shown_at_their_field_and_nothing_is_kept() {
    let app = TestApp::start().await;
    let mut customer = app.customer("cez", 0).await;
    let before = requests(&mut customer).await.len();
    let advance = customer.get("/advances/change").await.location().strip_prefix("/VOK").expect("a point").to_owned();
    let rows: [(&str, &str, &str); 19] = [
        ("/account/contact", "phone", "12345678"),
        ("/account/contact", "phone", "٧٧٧١٢٣٤٥٦"),
        ("/account/contact", "email", "a@b@c.cz"),
        ("/account/contact", "email", "a@b.cz, c@d.cz"),
        ("/account/contact", "email", "Jan <jan@b.cz>"),
        ("/account/contact", "email", "jan@b.cz\r\nBcc: x@y.cz"),
        ("/account/address", "street", ""),
        ("/account/address", "city", "Brno\u{202e}onrB"),
        ("/account/address", "postcode", "1100"),
        (&advance, "amount", "0"),
        (&advance, "amount", "-100"),
        (&advance, "amount", "1 000 000"),
        (&advance, "amount", "3000,005"),
        (&advance, "amount", "12.345"),
        (&advance, "amount", "1e308"),
        (&advance, "amount", "NaN"),
        (&advance, "amount", "0x10"),
        (&advance, "amount", "３０００"),
        (&advance, "amount", "999999999999999999999999999999"),
    ];
    for (path, field, typed) in rows {
        let key = form_key(&mut customer, path).await;
        let good = [("phone", "777123456"), ("email", "kdosi@example.cz"), ("street", "Nová 1"), ("city", "Brno")];
        let rest = [("postcode", "602 00"), ("amount", "3 500"), ("key", key.as_str()), ("step", "send")];
        let mut fields: Vec<(&str, &str)> = good.into_iter().chain(rest).filter(|(name, _)| *name != field).collect();
        fields.push((field, typed));
        let answer = customer.post(path, &fields).await;
        assert_eq!(answer.status, 422, "{path} {field}={typed:?}: {}", answer.text());
        assert!(answer.body.contains(&format!("href=\"#{field}\"")), "{path}: the summary leads to {field}");
        assert!(answer.body.contains(&format!("id=\"{field}-error\"")), "{path}: {field} says what is wrong");
        let kept = typed.replace('<', "&lt;").replace('>', "&gt;");
        let is_kept = answer.body.contains(&format!("value=\"{kept}\"")) || typed.contains('\r');
        assert!(is_kept, "{path}: what was typed into {field} is kept: {typed:?}");
    }
    assert_eq!(requests(&mut customer).await.len(), before, "nothing was stored");
}

#[tokio::test]
async fn what_a_meter_cannot_show_is_refused_with_the_last_state() {
    let app = TestApp::start().await;
    let mut customer = app.customer("3e", 0).await;
    let place = customer.get("/readings/new").await.location().to_owned();
    let form = customer.get(&place).await;
    let today = value_of(&form, "read_on");
    for (vt, day, said) in [
        ("1", today.as_str(), "Stav je nižší než minulý"),
        ("99999999", &today, "číslic"),
        ("abc", &today, "Zadejte číslo"),
        ("99000", &today, "obvykle tu bývá"),
        ("1", "2030-01-01", "nemůže být v budoucnu"),
        ("1", "2020-01-01", "příliš starý"),
        ("1", "2026-02-30", "Takové datum není"),
    ] {
        let key = value_of(&form, "key");
        let fields = [("vt", vt), ("nt", vt), ("read_on", day), ("key", key.as_str()), ("step", "send")];
        let answer = customer.post(&place, &fields).await;
        assert!(
            answer.status == 422 && answer.text().contains(said),
            "{vt} {day}: {} {}",
            answer.status,
            answer.text()
        );
    }
}

#[tokio::test]
async fn anothers_request_is_not_there_and_ones_own_can_be_withdrawn_once() {
    let app = TestApp::start().await;
    let mut customer = app.customer("pre", 0).await;
    let key = form_key(&mut customer, "/account/contact").await;
    let sent = customer.post("/account/contact", &contact(PRE, "777000444", &key, "send")).await;
    let place = format!("/requests/{}", reference(&sent));
    for (slug, index) in [("pre", 1), ("eon", 0)] {
        let mut other = app.customer(slug, index).await;
        assert_eq!(other.get(&place).await.status, 404, "{slug} {index}");
        assert_eq!(other.post(&format!("{place}/withdraw"), &[]).await.status, 404, "{slug} {index}");
    }
    assert_eq!(customer.post(&format!("{place}/withdraw"), &[]).await.status, 303);
    assert!(customer.get(&place).await.text().contains("vzato zpět"));
    let mut clerk = app.operator("pre", "clerk").await;
    let page = clerk.get(&format!("/operator{place}")).await;
    assert!(!page.body.contains("value=\"approve\""), "what was withdrawn is not approved any more");
}

#[tokio::test]
async fn a_clerk_approves_what_was_queued_and_it_can_be_undone() {
    let app = TestApp::start().await;
    let mut customer = app.customer("pre", 0).await;
    let key = form_key(&mut customer, "/account/contact").await;
    let sent = customer.post("/account/contact", &contact(PRE, "777000555", &key, "send")).await;
    let place = format!("/operator/requests/{}", reference(&sent));
    let mut clerk = app.operator("pre", "clerk").await;
    let page = clerk.get(&place).await;
    let version = value_of(&page, "version");
    let act = |act: &'static str, version: &str, words: &'static str| {
        [("act", act.to_owned()), ("version", version.to_owned()), ("words", words.to_owned())]
    };
    let post = async |browser: &mut Browser, fields: [(&str, String); 3]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post(&place, &fields).await
    };
    assert_eq!(post(&mut clerk, act("refuse", &version, " ")).await.status, 422, "a refusal has its reason");
    assert_eq!(post(&mut clerk, act("take", &version, "")).await.status, 303);
    let mut lead = app.operator("pre", "lead").await;
    lead.get(&place).await;
    assert_eq!(post(&mut lead, act("approve", &version, "")).await.status, 409, "the page was older than the taking");
    let version = value_of(&lead.get(&place).await, "version");
    assert_eq!(post(&mut lead, act("approve", &version, "V pořádku.")).await.status, 303);
    assert!(customer.get("/account").await.text().contains("+420777000555"));
    let version = value_of(&lead.get(&place).await, "version");
    assert_eq!(post(&mut lead, act("undo", &version, "Omyl, volal jiný zákazník.")).await.status, 303);
    assert!(!customer.get("/account").await.text().contains("+420777000555"));
    let mut reader = app.operator("pre", "read_only").await;
    reader.get(&place).await;
    assert_eq!(post(&mut reader, act("note", &version, "x")).await.status, 404, "who only reads changes nothing");
}

/// The new address counts once the link in it was followed; looking at the link consumes nothing.
#[tokio::test]
async fn a_new_e_mail_counts_once_it_answered() {
    let app = TestApp::start().await;
    let mut customer = app.customer("cez", 0).await;
    let key = form_key(&mut customer, "/account/contact").await;
    let new = [("phone", "777000666"), ("email", "novy@example.cz"), ("password", CEZ)];
    let fields = [new.as_slice(), &[("key", key.as_str()), ("step", "send")]].concat();
    assert_eq!(customer.post("/account/contact", &fields).await.status, 303);
    assert!(!customer.get("/account").await.text().contains("novy@example.cz"));
    let messages = app.messages().await;
    let mail = messages.iter().find(|one| one.kind == "email_confirm").expect("a mail to the new address");
    assert_eq!(mail.recipient, "novy@example.cz");
    let link = mail.body_text.split_whitespace().find(|word| word.starts_with("http")).expect("a link");
    assert!(link.starts_with("http://cez.localhost:8080/VOK/confirm-email?token="), "{link}");
    let token = link.split("token=").nth(1).expect("a token").to_owned();
    let mut stranger = app.browser("cez");
    assert_eq!(stranger.get(&format!("/confirm-email?token={token}")).await.status, 200);
    assert!(!customer.get("/account").await.text().contains("novy@example.cz"), "a look consumes nothing");
    assert!(app.browser("eon").post("/confirm-email", &[("token", &token)]).await.text().contains("už neplatí"));
    assert!(stranger.post("/confirm-email", &[("token", &token)]).await.text().contains("Hotovo"));
    assert!(customer.get("/account").await.text().contains("novy@example.cz"));
    assert!(stranger.post("/confirm-email", &[("token", &token)]).await.text().contains("už neplatí"), "it works once");
}

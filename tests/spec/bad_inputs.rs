//! Bad inputs: refused at their field in a sentence that says what to do, kept for mending, never stored, no failure.
use crate::suppliers::{Portal, contract};
use crate::support::{Answer, Browser, TestApp, ids_of, value_of};
use axum::body::Body;
use axum::http::header;
use busbar::backends::keys::Token;
use busbar::data::{EmailChange, NewAccount, TenantTx};
use busbar::domain::ids::{AccountId, CustomerId, EmailChangeId};
use std::time::{Duration, Instant};

const FORM: &str = "application/x-www-form-urlencoded";

/// The page as the browser understands it: what was typed stands there letter by letter.
fn plain(body: &str) -> String {
    [("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&#x2F;", "/"), ("&amp;", "&")]
        .iter()
        .fold(body.to_owned(), |body, (escaped, letter)| body.replace(escaped, letter))
}

async fn sent(portal: &mut Portal, path: &str, fields: &[(&str, &str)], step: &str) -> Answer {
    let key = value_of(&portal.page(path).await, "key");
    portal.post_step(path, fields, &key, step).await
}

/// One wrong field among right ones: named in the summary and at the field, with these words; all typed is still there.
async fn refused(portal: &mut Portal, path: &str, right: &[(&str, &str)], wrong: (&str, &str), words: &str) {
    let (field, typed) = wrong;
    let mut fields: Vec<(&str, &str)> = right.iter().copied().filter(|(name, _)| *name != field).collect();
    fields.push(wrong);
    let shown: String = typed.chars().take(60).collect();
    for step in ["review", "send"] {
        let answer = sent(portal, path, &fields, step).await;
        let text = answer.text();
        assert_eq!(answer.status, 422, "{path} {field}={shown:?}: {text:.2000}");
        assert!(
            answer.body.contains(&format!("href=\"#{field}\"")),
            "{path}: the summary leads not to {field}={shown:?}"
        );
        let said =
            answer.body.split(&format!("id=\"{field}-error\">")).nth(1).and_then(|rest| rest.split("</p>").next());
        let said = said.unwrap_or_else(|| panic!("{path}: {field} says nothing of {shown:?}")).replace('\u{a0}', " ");
        assert!(said.contains(words), "{path} {field}={shown:?} says not \"{words}\": {said}");
        let kept = plain(&answer.body);
        for (name, value) in &fields {
            let ways = [format!("name=\"{name}\" value=\"{value}\""), format!("\n{value}</textarea>")];
            assert!(ways.iter().any(|way| kept.contains(way)), "{path} {field}={shown:?}: {name} was lost");
        }
    }
}

/// What the customer has, as their pages say it.
async fn everything(portal: &mut Portal, paths: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    for path in [&["/requests"], paths].concat() {
        all.push(portal.page(path).await.text());
    }
    all
}

async fn change(app: &TestApp, slug: &str) -> TenantTx {
    let tenant = app.services.registry.by_slug(slug).expect("one of the eight");
    app.services.db.tenant(tenant.id).begin().await.expect("a transaction")
}

async fn customer_of(app: &TestApp, slug: &str, index: usize) -> CustomerId {
    let tenant = app.book.tenants.iter().find(|tenant| tenant.slug == slug).expect("one of the eight");
    let tx = change(app, slug).await;
    ids_of(&tx, &tenant.customers[index].username).await.1
}

#[tokio::test]
async fn odd_states_and_days_of_a_reading_are_named_and_nothing_is_kept() {
    let mut portal = Portal::of("3e").await;
    let before = everything(&mut portal, &["/readings"]).await;
    let (path, entries) = portal.next_reading("electricity", "reading", 120).await;
    let right: Vec<(&str, &str)> = entries.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for (field, typed, words) in [
        ("vt", "", "Zadejte i tento stav"),
        ("vt", "12.345", "zda tečka odděluje tisíce"),
        ("vt", "1e308", "jen číslice"),
        ("vt", "NaN", "jen číslice"),
        ("vt", "inf", "jen číslice"),
        ("vt", "-0", "jen číslice"),
        ("vt", "-5", "jen číslice"),
        ("vt", "0x10", "jen číslice"),
        ("vt", "١٢٣", "jen číslice"),
        ("vt", "１２３", "jen číslice"),
        ("vt", "5\0", "jen číslice"),
        ("vt", "123456789012345678901234567890", "Měřidlo má"),
        ("nt", "<script>", "jen číslice"),
        ("read_on", "", "Vyplňte"),
        ("read_on", "30. 2.", "Takové datum není"),
        ("read_on", "29. 2. 2025", "Takové datum není"),
        ("read_on", "31. 4. 2026", "Takové datum není"),
        ("read_on", "1. 1. 0000", "čtyři číslice"),
        ("read_on", "1. 1. 10000", "čtyři číslice"),
        ("read_on", "1. 1. 26", "čtyři číslice"),
    ] {
        refused(&mut portal, &path, &right, (field, typed), words).await;
    }
    assert_eq!(everything(&mut portal, &["/readings"]).await, before);
}

/// Three ways to write the day; of a state, thousands parted by a no-break space, and what is behind the comma left out.
#[tokio::test]
async fn a_reading_is_understood_however_it_is_written() {
    let mut portal = Portal::of("3e").await;
    let (path, entries) = portal.next_reading("electricity", "reading", 120).await;
    let of = |name: &str| entries.iter().find(|one| one.0 == name).expect("an entry").1.clone();
    let (vt, nt, day) = (of("vt"), of("nt"), of("read_on"));
    let parts: Vec<&str> = day.split('-').collect();
    let [year, month, of_month] = parts[..] else { panic!("{day}") };
    let bare = |part: &str| part.trim_start_matches('0').to_owned();
    let spaced = format!("{}. {}. {year}", bare(of_month), bare(month));
    let (thousands, rest) = vt.split_at(vt.len() - 3);
    let state = format!("{thousands}\u{a0}{rest},9");
    for typed in [&day, &spaced, &format!("{of_month}.{month}.{year}")] {
        let fields = [("vt", state.as_str()), ("nt", &nt), ("read_on", typed)];
        let review = sent(&mut portal, &path, &fields, "review").await.text();
        assert!(review.contains("Zkontrolujte") && review.contains(&spaced), "{typed}: {review}");
        assert!(review.contains(&format!("{thousands} {rest} kWh")), "{state}: {review}");
    }
}

#[tokio::test]
async fn a_second_reading_of_the_same_day_takes_the_place_of_the_first() {
    let mut portal = Portal::of("3e").await;
    let (path, first) = portal.next_reading("electricity", "reading", 120).await;
    for more in [0, 7] {
        let entries: Vec<(&str, String)> = first
            .iter()
            .map(|(name, value)| {
                (name.as_str(), value.parse().map_or(value.clone(), |state: i64| (state + more).to_string()))
            })
            .collect();
        let entries: Vec<(&str, &str)> = entries.iter().map(|(name, value)| (*name, value.as_str())).collect();
        portal.settles(&path, &entries).await;
    }
    let readings = portal.page("/readings").await.text();
    let shown = |state: i64| format!("{} {:03} kWh", state / 1000, state % 1000);
    let vt: i64 = first.iter().find(|one| one.0 == "vt").and_then(|one| one.1.parse().ok()).expect("a state");
    assert!(readings.contains(&shown(vt + 7)) && !readings.contains(&shown(vt)), "{readings}");
}

/// Not as usual, but possible: asked once more, and the desk sees what was asked and why it is so.
#[tokio::test]
async fn an_odd_reading_wants_a_second_word_and_goes_to_the_desk() {
    let mut portal = Portal::of("3e").await;
    let (path, entries) = portal.next_reading("electricity", "reading", 0).await;
    let of = |name: &str| entries.iter().find(|one| one.0 == name).expect("an entry").1.clone();
    let (last, nt, day) = (of("vt").parse::<i64>().expect("a state"), of("nt"), of("read_on"));
    let before = everything(&mut portal, &["/readings"]).await;
    for more in (1..40).map(|step| step * 100) {
        let vt = (last + more).to_string();
        let fields = [("vt", vt.as_str()), ("nt", &nt), ("read_on", &day), ("why", "Topíme elektřinou.")];
        let review = sent(&mut portal, &path, &fields, "review").await;
        assert_eq!(review.status, 200, "{more} kWh: {}", review.text());
        if !review.text().contains("VT: vychází spotřeba") {
            continue;
        }
        let answer = sent(&mut portal, &path, &fields, "send").await;
        assert!(answer.status == 200 && answer.body.contains("name=\"sure\""), "{more} kWh: {}", answer.text());
        assert_eq!(everything(&mut portal, &["/readings"]).await, before);
        let sure = [&fields[..], &[("sure", "yes")]].concat();
        let answer = sent(&mut portal, &path, &sure, "send").await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let reference = answer.location().trim_start_matches("/requests/").split('?').next().unwrap_or_default();
        let words = ["Potvrzeno přes upozornění", "VT: vychází spotřeba", "Topíme elektřinou."];
        portal.clerk_sees(reference, &words, &[]).await;
        return;
    }
    panic!("nothing was odd");
}

/// A low tariff typed for a meter that has none, from a page kept open since it had.
#[tokio::test]
async fn a_low_tariff_that_the_meter_lacks_is_refused() {
    let mut portal = Portal::of("eon").await;
    for index in 0..10 {
        portal.customer = portal.app.customer("eon", index).await;
        for link in portal.links("/supply-points", "/supply-points/").await {
            let path = format!("{link}/reading");
            let form = portal.customer.get(&path).await;
            if form.status != 200 || !form.body.contains("name=\"vt\"") || form.body.contains("name=\"nt\"") {
                continue;
            }
            let read_on = value_of(&form, "read_on");
            let before = everything(&mut portal, &[]).await;
            let right = [("vt", "99999"), ("read_on", read_on.as_str())];
            refused(&mut portal, &path, &right, ("nt", "5"), "nemá nízký tarif").await;
            assert_eq!(everything(&mut portal, &[]).await, before);
            return;
        }
    }
    panic!("nobody has a single tariff");
}

#[tokio::test]
async fn a_code_of_a_supply_point_says_what_is_wrong_and_forgives_spaces() {
    let mut portal = Portal::of("bicorn").await;
    let root = contract::begin(&mut portal.visitor, "/contract").await;
    let (_, right) = contract::answers(&portal.app).swap_remove(1);
    let with = |code: &str| {
        let mut fields = right.clone();
        fields.retain(|(name, _)| *name != "code");
        fields.push(("code", code.to_owned()));
        fields
    };
    for (typed, words) in [
        ("85918240090000001", "zadali jste 17"),
        ("8591824009000000133", "zadali jste 19"),
        ("8591824O0900000013", "Zadejte 18 číslic"),
        ("123456789012345675", "které začínají 8591824"),
        ("859182400100000005", "kontrolní číslicí"),
    ] {
        let answer = contract::step(&mut portal.visitor, &root, "point", &with(typed)).await;
        assert!(answer.status == 422 && answer.text().contains(words), "{typed} not \"{words}\": {}", answer.text());
        assert!(
            answer.body.contains("href=\"#code\"") && answer.body.contains(&format!("value=\"{typed}\"")),
            "{typed}"
        );
    }
    for typed in ["8591 8240 0900 0000 13", "8591\u{a0}8240\u{a0}0900\u{a0}0000\u{a0}13", "859182400-900000013"] {
        let answer = contract::step(&mut portal.visitor, &root, "point", &with(typed)).await;
        assert_eq!(answer.status, 303, "{typed:?}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_name_may_be_anybodys_and_hides_nothing() {
    let mut portal = Portal::of("bicorn").await;
    let path = "/account/details";
    let before = everything(&mut portal, &["/account"]).await;
    let long = "ž".repeat(1024);
    for (typed, words) in [
        ("Jan\0Novák", "znaky, které nelze uložit"),
        ("Jan\r\nBcc: x@y.cz", "znaky, které nelze uložit"),
        ("Jan\u{202e}Novák", "znaky, které nelze uložit"),
        ("Jan\u{200b}Novák", "znaky, které nelze uložit"),
        (long.as_str(), "vejde se nejvýše 120"),
    ] {
        refused(&mut portal, path, &[("company_id", "")], ("name", typed), words).await;
    }
    assert_eq!(everything(&mut portal, &["/account"]).await, before);
    for (typed, kept) in [
        ("Jan 👩‍👩‍👧 Novák", "Jan 👩‍👩‍👧 Novák"),
        ("שלום", "שלום"),
        ("<b>Jan</b> & \"syn\"", "<b>Jan</b> & \"syn\""),
        ("Z\u{30c}ofie R\u{30c}eha\u{301}kova\u{301}", "Žofie Řeháková"),
    ] {
        let review = sent(&mut portal, path, &[("name", typed), ("company_id", "")], "review").await;
        assert_eq!(review.status, 200, "{typed}: {}", review.text());
        assert!(
            plain(&review.body).contains(&format!("<bdi>{kept}</bdi>")),
            "{typed} is not set apart: {}",
            review.body
        );
        let answer = sent(&mut portal, path, &[("name", typed), ("company_id", "")], "send").await;
        assert_eq!(answer.status, 303, "{typed}: {}", answer.text());
        let account = portal.page("/account").await.body;
        assert!(!account.contains("<b>Jan") && plain(&account).contains(kept), "{typed}: {account}");
        assert!(kept == typed || !account.contains(typed), "{typed} is kept apart");
    }
}

#[tokio::test]
async fn a_question_too_long_or_with_line_ends_in_its_subject_is_handed_back_whole() {
    let mut portal = Portal::of("pp").await;
    let path = "/questions/new";
    let before = everything(&mut portal, &[]).await;
    let right = [("subject", "Přepis"), ("words", "Jak přepíšu odběr?")];
    let (long, megabyte) = ("a".repeat(5_001), "a".repeat(1_000_000));
    for (field, typed, words) in [
        ("subject", "", "Vyplňte toto pole"),
        ("subject", "Přepis\r\nBcc: x@y.cz", "znaky, které nelze uložit"),
        ("words", " \n ", "Vyplňte toto pole"),
        ("words", "\u{202e}ahoj", "znaky, které nelze uložit"),
        ("words", long.as_str(), "vejde se nejvýše 5"),
        ("words", megabyte.as_str(), "vejde se nejvýše 5"),
    ] {
        refused(&mut portal, path, &right, (field, typed), words).await;
    }
    let key = value_of(&portal.page(path).await, "key");
    let over = "a".repeat(2_000_000);
    let answer = portal.post_step(path, &[("subject", "Přepis"), ("words", &over)], &key, "send").await;
    assert_eq!(answer.status, 413);
    for words in ["víc než 1 MB", "nejvýše 5 000 znaků", "tlačítkem Zpět", "Nic jsme neuložili"] {
        assert!(answer.text().contains(words), "not \"{words}\": {}", answer.text());
    }
    assert_eq!(everything(&mut portal, &[]).await, before);
}

#[tokio::test]
async fn addresses_and_numbers_to_reach_somebody_are_one_and_plain() {
    let mut portal = Portal::of("cez").await;
    let path = "/account/contact";
    let before = everything(&mut portal, &["/account"]).await;
    let right = [("phone", "777123456"), ("email", "kdosi@example.cz")];
    let (long, name) = (format!("kdosi@{}.cz", "b".repeat(250)), format!("{}@example.cz", "a".repeat(65)));
    for (field, typed, words) in [
        ("email", "\"jan\"@example.cz", "jednu e-mailovou adresu"),
        ("email", "jan@example.cz.", "jednu e-mailovou adresu"),
        ("email", "jan@example", "jednu e-mailovou adresu"),
        ("email", "jan@háčky.cz", "s diakritikou"),
        ("email", long.as_str(), "delší než 254"),
        ("email", name.as_str(), "delší než"),
        ("phone", "777 123 45O", "devět číslic"),
        ("phone", "+420 777 123 45", "devět číslic"),
        ("phone", "420777123456", "devět číslic"),
        ("phone", "+1234567890123456", "devět číslic"),
    ] {
        refused(&mut portal, path, &right, (field, typed), words).await;
    }
    for (typed, kept) in [
        ("+420 777 000 123", "+420777000123"),
        ("00420777000123", "+420777000123"),
        ("777\u{a0}000\u{a0}123", "+420777000123"),
        ("+421 905 123 456", "+421905123456"),
    ] {
        let review = sent(&mut portal, path, &[("phone", typed), ("email", "kdosi@example.cz")], "review").await;
        assert!(review.status == 200 && review.text().contains(kept), "{typed}: {}", review.text());
    }
    assert_eq!(everything(&mut portal, &["/account"]).await, before);
}

/// Two windows: the second finds that the advance is another one meanwhile, and takes nothing back.
#[tokio::test]
async fn an_advance_says_its_range_and_the_second_of_two_windows_changes_nothing() {
    let mut portal = Portal::of("cez").await;
    let place = portal.customer.get("/advances/change").await.location().to_owned();
    let path = place.strip_prefix("/VOK").expect("a point").to_owned();
    for (typed, words) in [("0", "Záloha může být od"), ("-100", "Záloha může být od"), ("0,005", "desetinných míst")]
    {
        refused(&mut portal, &path, &[], ("amount", typed), words).await;
    }
    let windows = [portal.page(&path).await, portal.page(&path).await];
    let [first, second] = windows.each_ref().map(|window| (value_of(window, "key"), value_of(window, "seen")));
    let answer = portal.post_step(&path, &[("amount", "4 100"), ("seen", &first.1)], &first.0, "send").await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let advances = portal.page("/advances").await.text();
    assert!(advances.contains("4 100,00 Kč"), "{advances}");
    let answer = portal.post_step(&path, &[("amount", "2 900"), ("seen", &second.1)], &second.0, "send").await;
    assert!(answer.status == 409 && answer.text().contains("teď je 4 100,00 Kč"), "{}", answer.text());
    assert!(answer.body.contains("value=\"2 900\"") && answer.body.contains("href=\"#amount\""), "{}", answer.text());
    assert_eq!(portal.page("/advances").await.text(), advances);
    let seen = value_of(&answer, "seen");
    let answer = portal.post_step(&path, &[("amount", "2 900"), ("seen", &seen)], &second.0, "send").await;
    assert_eq!(answer.status, 303, "sent again by who has seen it: {}", answer.text());
    assert!(portal.page("/advances").await.text().contains("2 900,00 Kč"));
}

#[tokio::test]
async fn odd_passwords_are_refused_at_once_and_accents_may_be_typed_apart() {
    const PASSWORD: &str = "žluťoučký kůň 🐎 pěje";
    let app = TestApp::start().await;
    let hash = app.services.hasher.hash_now(PASSWORD).expect("a hash");
    let customer = customer_of(&app, "eon", 3).await;
    let account = NewAccount::of(AccountId::new(), "diakritika", &hash, customer, app.services.clock.now());
    let tx = change(&app, "eon").await;
    tx.insert_accounts(&[account]).await.expect("an account");
    tx.commit().await.expect("kept");
    let megabyte = "a".repeat(1_000_000);
    for wrong in ["", "   ", "\0", "🐎🐎🐎", megabyte.as_str()] {
        let started = Instant::now();
        let answer = app.browser("eon").post("/login", &[("username", "diakritika"), ("password", wrong)]).await;
        let shown: String = wrong.chars().take(9).collect();
        assert!(answer.status == 422 && started.elapsed() < Duration::from_secs(2), "{shown:?}: {}", answer.status);
        assert!(answer.body.contains("value=\"diakritika\"") && !answer.body.contains(&megabyte), "{shown:?}");
    }
    let apart = "z\u{30c}lut\u{30c}ouc\u{30c}ky\u{301} ku\u{30a}n\u{30c} 🐎 pe\u{30c}je";
    for right in [PASSWORD, apart] {
        let answer = app.browser("eon").post("/login", &[("username", "diakritika"), ("password", right)]).await;
        assert_eq!(answer.status, 303, "{right:?}: {}", answer.text());
    }
}

const QUESTION: [(&str, &str); 5] = [
    ("subject", "Přepis <b>odběru</b>"),
    ("words", "Jak přepíšu odběr?\nPrvní věta & druhá."),
    ("password", "tajné heslo"),
    ("step", "send"),
    ("access_code", "123456"),
];

/// What was typed stands there to be copied: escaped, in no field, without secrets.
fn hands_back(answer: &Answer) {
    let text = answer.text();
    assert!(text.contains("Co jste napsali") && text.contains("Zkopírujte si to"), "{text}");
    for kept in ["subject", "Přepis &lt;b&gt;odběru", "words", "Jak přepíšu odběr?\nPrvní věta &amp; druhá."] {
        assert!(answer.body.contains(kept), "{kept} was lost: {}", answer.body);
    }
    for secret in ["tajné heslo", "123456", "access_code"] {
        assert!(!answer.body.contains(secret), "{secret} is shown: {}", answer.body);
    }
    let main = answer.body.split("<main").nth(1).expect("a page");
    assert!(!main.contains("<input") && !main.contains("<textarea"), "a live field: {main}");
}

#[tokio::test]
async fn what_was_typed_is_handed_back_where_the_forms_token_is_missing_old_or_anothers() {
    let mut portal = Portal::of("pp").await;
    let before = everything(&mut portal, &[]).await;
    let old = portal.customer.csrf.clone();
    portal.customer = portal.app.customer("pp", 0).await;
    portal.page("/questions/new").await;
    let mut other = portal.app.customer("pp", 1).await;
    other.get("/questions/new").await;
    assert!(old != portal.customer.csrf && other.csrf != portal.customer.csrf);
    for token in ["", old.as_str(), other.csrf.as_str()] {
        let answer = portal.customer.post("/questions/new", &[&QUESTION[..], &[("csrf", token)]].concat()).await;
        assert!(answer.status == 403 && answer.text().contains("Obnovte stránku"), "{}", answer.text());
        hands_back(&answer);
        assert!(token.is_empty() || !answer.body.contains(token), "the token is shown");
        let mut browser = portal.customer.clone();
        token.clone_into(&mut browser.csrf);
        let answer = browser.upload("/questions/new", &QUESTION, &[("files", "a.txt", b"v souboru")]).await;
        assert_eq!(answer.status, 403);
        hands_back(&answer);
        assert!(!answer.body.contains("v souboru") && !answer.body.contains("a.txt"), "{}", answer.body);
    }
    assert_eq!(everything(&mut portal, &[]).await, before);
}

/// The same words where there never was a page; nobody who is not signed in gets anything back.
#[tokio::test]
async fn what_was_typed_is_handed_back_where_the_service_was_switched_off() {
    let app = TestApp::start().await;
    let mut customer = app.customer("pp", 0).await;
    customer.get("/questions/new").await;
    let mut operator = app.operator("pp", "lead").await;
    let place = "/operator/features/ask_question";
    let revision = value_of(&operator.get(place).await, "revision");
    let switch = [("reason", "údržba"), ("revision", revision.as_str()), ("turn", "off")];
    assert_eq!(operator.post(place, &switch).await.status, 303);
    let mut seen = Vec::new();
    for path in ["/questions/new", "/no-such-page"] {
        let answer = customer.post(path, &QUESTION).await;
        let text = answer.text();
        assert!(
            answer.status == 404 && text.contains("mezitím vypnuta") && text.contains("Nic jsme neuložili"),
            "{text}"
        );
        hands_back(&answer);
        seen.push(answer.body.replace(answer.header("x-request-id"), ""));
    }
    assert_eq!(seen[0], seen[1], "off and never there are told apart");
    let answer = operator.post("/operator/no-such-page", &QUESTION).await;
    assert_eq!(answer.status, 404);
    hands_back(&answer);
    let answer = app.browser("pp").post("/questions/new", &QUESTION).await;
    assert!(answer.status == 404 && !answer.text().contains("Přepis"), "{}", answer.text());
    let answer = body(&mut customer, "/questions/new", "text/plain", "", b"words=tajenka".to_vec()).await;
    assert!(answer.status == 404 && !answer.body.contains("tajenka"), "{}", answer.text());
}

/// A form opened before its service was switched off.
#[tokio::test]
async fn a_form_of_a_service_switched_off_meanwhile_stores_nothing() {
    let mut portal = Portal::of("cez").await;
    let key = value_of(&portal.page("/account/contact").await, "key");
    let before = everything(&mut portal, &["/account"]).await;
    let mut operator = portal.app.operator("cez", "lead").await;
    for turn in ["off", "on"] {
        let place = "/operator/features/change_contact_details";
        let revision = value_of(&operator.get(place).await, "revision");
        let switch = [("reason", "údržba"), ("revision", revision.as_str()), ("turn", turn)];
        assert_eq!(operator.post(place, &switch).await.status, 303);
        if turn == "off" {
            let fields = [("phone", "777000999"), ("email", "kdosi@example.cz")];
            let answer = portal.post_step("/account/contact", &fields, &key, "send").await;
            assert!(answer.status == 404 && answer.text().contains("není v nabídce"), "{}", answer.text());
            assert!(answer.text().contains("777000999 email kdosi@example.cz"), "{}", answer.text());
        }
    }
    assert_eq!(everything(&mut portal, &["/account"]).await, before);
}

#[tokio::test]
async fn a_form_without_its_token_says_to_open_the_page_again() {
    let mut portal = Portal::of("cez").await;
    let before = everything(&mut portal, &["/account"]).await;
    let fields = [("phone", "777000999"), ("email", "kdosi@example.cz"), ("step", "send"), ("csrf", "forged")];
    let answer = portal.customer.post("/account/contact", &fields).await;
    assert!(answer.status == 403 && answer.text().contains("Obnovte stránku"), "{}", answer.text());
    assert_eq!(everything(&mut portal, &["/account"]).await, before);
}

#[tokio::test]
async fn a_foreign_host_is_believed_from_a_trusted_proxy_alone() {
    for (trusted, title) in [("192.0.2.1", "Virtuální obchodní kancelář"), ("0.0.0.0", "Energie24")] {
        let app = TestApp::start_with(&[("server.trusted_proxies", trusted)]).await;
        let mut browser = app.browser("cez");
        let request = browser.request("GET", "/").header("x-forwarded-host", "eon.localhost");
        let request = request.uri(if trusted == "192.0.2.1" { "/VOK/" } else { "/" });
        let answer = browser.send(request.body(Body::empty()).expect("a request")).await;
        assert!(
            answer.status == 200 && answer.text().contains(title),
            "{trusted}: {} {}",
            answer.status,
            answer.text()
        );
    }
}

#[tokio::test]
async fn any_number_and_size_of_cookies_is_nobody() {
    let app = TestApp::start().await;
    let foreign = app.customer("cez", 0).await.cookies["customer"].clone();
    for line in [
        vec!["customer=x"; 500].join("; "),
        format!("customer={}", "a".repeat(1_000_000)),
        format!("customer={foreign}"),
    ] {
        let mut browser = app.browser("eon");
        let request = browser.request("GET", "/dashboard").header(header::COOKIE, &line);
        let answer = browser.send(request.body(Body::empty()).expect("a request")).await;
        assert!(matches!(answer.status, 303 | 431), "{line:.40}: {}", answer.status);
    }
}

/// Another's, another supplier's, unknown, no identifier at all: nobody can tell them apart.
#[tokio::test]
async fn one_and_the_same_answer_for_whatever_is_not_there() {
    let app = TestApp::start().await;
    let mut own = app.customer("eon", 0).await;
    let huge = "9".repeat(4_000);
    for (from, pattern) in [
        ("/supply-points", "/supply-points/{}"),
        ("/settlements", "/settlements/{}"),
        ("/settlements", "/invoices/{}/pdf"),
    ] {
        let mut ids = vec!["0190a0a0-0000-7000-8000-000000000001", "x", "-1", "%00", "%2e%2e", "%ff", &huge, "'--"];
        let mut found = Vec::new();
        for (slug, index) in [("eon", 1), ("rwe", 0)] {
            let links = app.customer(slug, index).await.get(from).await.links();
            let start = format!("{from}/");
            found.extend(
                links.iter().filter_map(|link| link.strip_prefix(&start)?.split('/').next().map(str::to_owned)).take(1),
            );
        }
        assert_eq!(found.len(), 2, "{from} of others");
        ids.extend(found.iter().map(String::as_str));
        let mut seen = Vec::new();
        for id in ids {
            let path = pattern.replace("{}", id);
            let answer = own.get(&path).await;
            assert_eq!(answer.status, 404, "{path:.80}");
            seen.push(answer.body.replace(answer.header("x-request-id"), ""));
            assert_eq!(seen.last(), seen.first(), "{path:.80} tells more");
        }
    }
}

/// A link to a new address: late, or one of an older change, is as unknown as one nobody ever got.
#[tokio::test]
async fn a_link_that_is_too_old_or_not_the_newest_confirms_nothing() {
    let app = TestApp::start().await;
    let (mut customer, id) = (app.customer("cez", 0).await, customer_of(&app, "cez", 0).await);
    let now = app.services.clock.now();
    let [late, older, newest] = [Token::random(), Token::random(), Token::random()];
    let tx = change(&app, "cez").await;
    for (token, email, hours) in
        [(&late, "pozde@example.cz", -1), (&older, "starsi@example.cz", 48), (&newest, "nova@example.cz", 48)]
    {
        let one = EmailChange {
            id: EmailChangeId::new(),
            customer: id,
            request: None,
            email: email.into(),
            token_hash: token.hash(),
            expires_at: now + time::Duration::hours(hours),
            used_at: None,
            asked_by: None,
        };
        tx.add_email_change(&one, now).await.expect("a link");
    }
    tx.commit().await.expect("kept");
    let before = customer.get("/account").await.text();
    for token in [late.to_text(), older.to_text(), "x".into(), String::new()] {
        let answer = app.browser("cez").post("/confirm-email", &[("token", &token)]).await;
        assert!(answer.text().contains("už neplatí"), "{}", answer.text());
    }
    assert_eq!(customer.get("/account").await.text(), before);
    let answer = app.browser("cez").post("/confirm-email", &[("token", &newest.to_text())]).await;
    assert!(answer.text().contains("Hotovo") && customer.get("/account").await.text().contains("nova@example.cz"));
}

#[tokio::test]
async fn whatever_is_searched_for_is_taken_by_the_letter() {
    let app = TestApp::start().await;
    let mut visitor = app.browser("uet");
    let mut operator = app.operator("uet", "clerk").await;
    let long = "a".repeat(10_000);
    for typed in ["%", "_", "*", "(a+)+$", "'; --", "\\", long.as_str()] {
        let asked = crate::support::browser::encode(typed);
        let started = Instant::now();
        let found = visitor.get(&format!("/help?q={asked}")).await;
        let is_quick = started.elapsed() < Duration::from_secs(1);
        assert!(found.status == 200 && is_quick, "{typed:.20}: {} {:?}", found.status, started.elapsed());
        assert!(!found.links().iter().any(|link| link.starts_with("/help/")), "{typed:.20} finds everything");
        assert_eq!(operator.get(&format!("/operator/requests?q={asked}")).await.status, 200, "{typed:.20}");
    }
}

/// NUL: what PostgreSQL can neither keep nor compare.
#[tokio::test]
async fn a_letter_that_no_row_can_hold_is_nobodys_and_no_failure() {
    let app = TestApp::start().await;
    let mut customer = app.customer("pp", 0).await;
    for path in ["/help?q=%00", "/help/%00", "/forms/%00", "/visits/new/%00", "/requests/%00", "/invoices?year=%00"] {
        let answer = customer.get(path).await;
        assert!(matches!(answer.status, 200 | 404), "{path}: {}", answer.status);
    }
    let mut operator = app.operator("pp", "lead").await;
    for path in ["requests?q=%00", "requests?kind=%00", "requests/%00", "features/%00", "visits?office=%00"] {
        let answer = operator.get(&format!("/operator/{path}")).await;
        assert!(matches!(answer.status, 200 | 400 | 404), "{path}: {}", answer.status);
    }
    let credentials = [("username", "jan\0"), ("password", "x"), ("totp", "000000")];
    for path in ["/login", "/operator/login"] {
        assert_eq!(app.browser("pp").post(path, &credentials).await.status, 422, "{path}");
    }
    assert_eq!(app.console().post("/login", &credentials).await.status, 422);
    let mut visitor = app.browser("bicorn");
    let root = contract::begin(&mut visitor, "/contract").await;
    let answer = contract::step(&mut visitor, &root, "person", &[("name", "Jan\0".into())]).await;
    assert_eq!(answer.status, 422, "{}", answer.text());
}

#[tokio::test]
async fn odd_filters_are_left_out_or_refused() {
    let app = TestApp::start().await;
    let mut customer = app.customer("rwe", 0).await;
    let mut operator = app.operator("rwe", "clerk").await;
    let odd = ["0", "-1", "1e9", "999999999999999999999", "unknown", "%27%20OR%201%3D1", "", "%00"];
    for path in ["/invoices", "/settlements", "/payments", "/advances", "/readings", "/consumption", "/supply-points"] {
        for name in ["page", "size", "sort", "year", "commodity", "point", "unit"] {
            for value in odd {
                let answer = customer.get(&format!("{path}?{name}={value}")).await;
                assert!(matches!(answer.status, 200 | 400 | 404), "{path}?{name}={value}: {}", answer.status);
                assert!(answer.header("content-type").starts_with("text/html"), "{path}?{name}={value}");
            }
        }
    }
    for name in ["show", "kind", "page"] {
        for value in odd {
            let answer = operator.get(&format!("/operator/requests?{name}={value}")).await;
            assert!(matches!(answer.status, 200 | 400 | 404), "{name}={value}: {}", answer.status);
        }
    }
}

async fn body(browser: &mut Browser, path: &str, kind: &str, encoding: &str, bytes: Vec<u8>) -> Answer {
    let mut request = browser.request("POST", path).header(header::CONTENT_TYPE, kind);
    if !encoding.is_empty() {
        request = request.header(header::CONTENT_ENCODING, encoding);
    }
    browser.send(request.body(Body::from(bytes)).expect("a request")).await
}

#[tokio::test]
async fn bodies_that_are_no_form_are_refused_on_a_page() {
    let mut portal = Portal::of("pp").await;
    let before = everything(&mut portal, &[]).await;
    let token = portal.customer.csrf.clone();
    let signed = |rest: &[u8]| [format!("csrf={token}&step=send&").as_bytes(), rest].concat();
    let many: String = (0..10_000).map(|at| format!("f{at}=1&")).collect();
    let bodies: [(&str, &str, Vec<u8>); 8] = [
        ("application/json", "", b"[".repeat(100_000)),
        ("multipart/form-data", "", signed(b"subject=a")),
        ("multipart/form-data; boundary=x", "", signed(b"subject=a")),
        ("text/plain", "", signed(b"subject=a&words=b")),
        (FORM, "", signed(many.as_bytes())),
        (FORM, "", signed(b"subject=a&subject=&words=b&words=")),
        (FORM, "", signed(b"subject=%ff%fe&words=\xff")),
        (FORM, "gzip", b"\x1f\x8b\x08\0\0\0\0\0".to_vec()),
    ];
    for (at, (kind, encoding, bytes)) in bodies.into_iter().enumerate() {
        for path in ["/questions/new", "/login"] {
            let mut browser = if path == "/login" { portal.visitor.clone() } else { portal.customer.clone() };
            let answer = body(&mut browser, path, kind, encoding, bytes.clone()).await;
            assert!((400..500).contains(&answer.status), "{at} {path} {kind}: {} {}", answer.status, answer.text());
            assert!(answer.header("content-type").starts_with("text/html"), "{at} {path}: {}", answer.body);
        }
    }
    assert_eq!(everything(&mut portal, &[]).await, before);
}

#[tokio::test]
async fn an_unknown_language_is_czech() {
    let app = TestApp::start().await;
    for language in ["xx-*;q=9", "", "*", ";;;", "../../", "e", "é", "en-\u{fe0f}", &"x,".repeat(5_000)] {
        let mut browser = app.browser("uet");
        let mut request = browser.request("GET", "/");
        let headers = request.headers_mut().expect("a plain request");
        headers.insert(header::ACCEPT_LANGUAGE, header::HeaderValue::from_bytes(language.as_bytes()).expect("a value"));
        let answer = browser.send(request.body(Body::empty()).expect("a request")).await;
        let is_czech = answer.body.contains("<html lang=\"cs\"") || language.starts_with("en-");
        assert!(answer.status == 200 && is_czech, "{language:.20}: {} {:.200}", answer.status, answer.body);
    }
    let mut browser = app.browser("uet");
    assert!(browser.get("/?lang=../../").await.body.contains("<html lang=\"cs\""));
    for code in ["xx", "..%2f..", "%00", "cs%0d%0aSet-Cookie:%20a=b"] {
        assert_eq!(browser.get(&format!("/language/{code}")).await.status, 404, "{code}");
    }
    browser.cookies.insert("lang".into(), "../../".into());
    assert!(browser.get("/").await.body.contains("<html lang=\"cs\""));
}

//! Electronic forms of Pražská plynárenská: operators offer them, customers fill them, clerks read every answer.
use crate::support::{Browser, TestApp, value_of};
use busbar::data::FormRow;
use busbar::domain::ids::FormId;
use serde_json::json;

const PATH: &str = "/forms/zkouska";

async fn with_form() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    let tenant = app.services.registry.by_slug("pp").expect("pp");
    let tx = app.services.db.tenant(tenant.id).begin().await.expect("a transaction");
    let option = |key: &str, cs: &str| json!({ "key": key, "cs": cs, "en": key });
    let field = |key: &str, kind: &str, cs: &str| json!({ "key": key, "kind": kind, "cs": cs, "en": key });
    let mut fields = vec![
        field("reason", "choice", "Důvod"),
        field("day", "date", "Den"),
        field("people", "number", "Počet osob"),
        field("note", "long_text", "Poznámka"),
        field("email", "email", "E-mail"),
        field("phone", "phone", "Telefon"),
        field("eic", "eic", "Kód EIC"),
        field("account", "account", "Účet"),
        field("step", "text", "Krok"),
        field("agree", "yes_no", "Souhlasím s podmínkami"),
    ];
    fields[0]["options"] = json!([option("move", "Stěhuji se"), option("other", "Jiný důvod")]);
    for (at, limits) in [
        (0, json!({ "required": true })),
        (1, json!({ "required": true, "earliest": "2026-01-01" })),
        (2, json!({ "least": "1", "most": "20" })),
        (9, json!({ "required": true })),
    ] {
        for (name, limit) in limits.as_object().expect("an object") {
            fields[at][name] = limit.clone();
        }
    }
    let row = FormRow {
        id: FormId::new(),
        slug: "zkouska".into(),
        title_cs: "Zkušební formulář".into(),
        title_en: "Trial form".into(),
        lead_cs: "Vyplňte, co víte.".into(),
        lead_en: "Fill what you know.".into(),
        fields: json!(fields),
        position: 9,
        is_active: true,
        version: 0,
    };
    tx.save_electronic_form(&row).await.expect("kept");
    tx.commit().await.expect("kept");
    let customer = app.customer("pp", 0).await;
    (app, customer)
}

const RIGHT: [(&str, &str); 10] = [
    ("a_reason", "move"),
    ("a_day", "2026-12-24"),
    ("a_people", "4"),
    ("a_note", "Zvonek nefunguje.\nBouchejte."),
    ("a_email", "jana@example.cz"),
    ("a_phone", "777 123 456"),
    ("a_eic", "27zg900z0000001z"),
    ("a_account", "19-2000145399/0800"),
    ("a_step", "poslední"),
    ("a_agree", "yes"),
];

/// forms_electronic
#[tokio::test]
async fn a_customer_sends_a_form_and_the_clerk_reads_every_answer() {
    let (app, mut customer) = with_form().await;
    assert!(customer.get("/dashboard").await.links().iter().any(|link| link == "/forms"));
    let list = customer.get("/forms").await;
    assert!(
        list.text().contains("Zkušební formulář") && list.links().iter().any(|link| link == PATH),
        "{}",
        list.text()
    );
    let page = customer.get(PATH).await;
    assert!(page.text().contains("Stěhuji se") && page.text().contains("Souhlasím s podmínkami"), "{}", page.text());
    let key = value_of(&page, "key");
    let mut form: Vec<(&str, &str)> = RIGHT.to_vec();
    form.extend([("key", key.as_str()), ("step", "review")]);
    let review = customer.post(PATH, &form).await;
    let text = review.text();
    assert!(review.status == 200 && text.contains("+420777123456") && text.contains("27ZG900Z0000001Z"), "{text}");
    form.pop();
    form.push(("step", "send"));
    let first = customer.post(PATH, &form).await;
    assert_eq!(first.status, 303, "{}", first.text());
    assert_eq!(customer.post(PATH, &form).await.location(), first.location(), "sent twice, one request");
    form[2].1 = "5";
    assert_eq!(customer.post(PATH, &form).await.status, 409, "the same form with another answer");

    let reference = first.location().split(['/', '?']).nth(2).expect("a reference").to_owned();
    let mut operator = app.operator("pp", "clerk").await;
    let desk = operator.get(&format!("/operator/requests/{reference}")).await.text();
    for words in [
        "Zkušební formulář",
        "Důvod",
        "Stěhuji se",
        "24. 12. 2026",
        "Bouchejte.",
        "jana@example.cz",
        "19-2000145399/0800",
        "poslední",
        "ano",
    ] {
        assert!(desk.contains(words), "{words}: {desk}");
    }
    assert!(customer.get(first.location()).await.text().contains("Stěhuji se"));
}

/// forms_electronic: each wrong answer is named, what was typed is kept, nothing is stored.
#[tokio::test]
async fn odd_answers_are_named_and_nothing_is_kept() {
    let (_app, mut customer) = with_form().await;
    let key = value_of(&customer.get(PATH).await, "key");
    let before = customer.get("/requests").await.text();
    let long = "a".repeat(5_001);
    for (name, wrong) in [
        ("a_reason", ""),
        ("a_reason", "Stěhuji se"),
        ("a_day", ""),
        ("a_day", "2026-02-30"),
        ("a_day", "2025-12-31"),
        ("a_people", "0"),
        ("a_people", "21"),
        ("a_people", "čtyři"),
        ("a_note", long.as_str()),
        ("a_email", "jana@"),
        ("a_phone", "123"),
        ("a_eic", "27ZG900Z00000010"),
        ("a_eic", "27ZG900Z0000001"),
        ("a_eic", "27ZG900Z0000001ZZ"),
        ("a_account", "19-2000145398/0800"),
        ("a_step", "a\u{0}b"),
        ("a_agree", ""),
    ] {
        let mut form: Vec<(&str, &str)> = RIGHT.into_iter().filter(|(field, _)| *field != name).collect();
        form.extend([(name, wrong), ("key", key.as_str()), ("step", "send")]);
        let answer = customer.post(PATH, &form).await;
        assert_eq!(answer.status, 422, "{name} {wrong:?}: {}", answer.text());
        assert!(answer.body.contains(&format!("href=\"#{name}\"")), "{name} is not named: {}", answer.text());
        assert!(answer.body.contains("Bouchejte.") || name == "a_note", "{name}: what was typed is lost");
        assert!(answer.body.contains("value=\"jana@example.cz\"") || name == "a_email", "{name}");
    }
    assert_eq!(customer.get("/requests").await.text(), before, "nothing is stored");
}

/// forms_electronic
#[tokio::test]
async fn an_operator_turns_a_form_off_and_on_and_only_as_it_was_seen() {
    let (app, mut customer) = with_form().await;
    let mut lead = app.operator("pp", "lead").await;
    let board = lead.get("/operator/forms").await;
    assert!(board.text().contains("Zkušební formulář") && board.text().contains("zapnutý"), "{}", board.text());
    let off = [("turn", "off"), ("version", "1")];
    assert_eq!(lead.post("/operator/forms/zkouska", &off).await.status, 303);
    assert_eq!(customer.get(PATH).await.status, 404);
    assert_eq!(customer.post(PATH, &[("step", "send")]).await.status, 404);
    assert!(!customer.get("/forms").await.text().contains("Zkušební formulář"));
    let late = lead.post("/operator/forms/zkouska", &off).await;
    assert!(late.status == 409 && late.text().contains("mezitím změnil"), "{}", late.text());
    assert_eq!(lead.post("/operator/forms/zkouska", &[("turn", "on"), ("version", "2")]).await.status, 303);
    assert_eq!(customer.get(PATH).await.status, 200);
    assert_eq!(lead.post("/operator/forms/nic", &off).await.status, 404);
    let mut clerk = app.operator("pp", "clerk").await;
    assert!(!clerk.get("/operator/forms").await.body.contains("name=\"turn\""));
    assert_eq!(clerk.post("/operator/forms/zkouska", &[("turn", "off"), ("version", "3")]).await.status, 404);
}

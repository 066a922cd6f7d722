//! Filling in a contract, as Bicorn's visitors and 3E's customers do.
use crate::support::{Answer, Browser, TestApp, value_of};

/// A household with electricity from about a month ahead, paid by transfer.
pub fn answers(app: &TestApp) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let day = (app.services.clock.now() + time::Duration::days(30)).date();
    let start = format!("{}. {}. {}", day.day(), u8::from(day.month()), day.year());
    let own = |all: &[(&'static str, &str)]| all.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    vec![
        (
            "person",
            own(&[
                ("party", "person"),
                ("name", "Žofie Nováková"),
                ("birth_date", "1. 2. 1980"),
                ("email", "zofie@example.cz"),
                ("phone", "777 123 456"),
            ]),
        ),
        (
            "point",
            own(&[
                ("supply_street", "Vzorová 1"),
                ("supply_city", "Praha"),
                ("supply_postcode", "11000"),
                ("code", "8591 8240 0900 0000 13"),
                ("rate", "D25d"),
                ("breaker", "3x25"),
            ]),
        ),
        ("product", own(&[("product", "fix"), ("start_on", start.as_str())])),
        ("payment", own(&[("method", "transfer")])),
    ]
}

/// Shows the step and sends it filled in.
pub async fn step(browser: &mut Browser, root: &str, step: &str, fields: &[(&str, String)]) -> Answer {
    let path = format!("{root}/{step}");
    let page = browser.get(&path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.text());
    let version = value_of(&page, "version");
    let mut form: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    form.push(("version", version.as_str()));
    browser.post(&path, &form).await
}

/// All but the review; the way to it.
pub async fn fill(app: &TestApp, browser: &mut Browser, root: &str) {
    for (name, fields) in answers(app) {
        let answer = step(browser, root, name, &fields).await;
        assert_eq!(answer.status, 303, "{name}: {}", answer.text());
    }
}

pub async fn begin(browser: &mut Browser, path: &str) -> String {
    assert_eq!(browser.get(path).await.status, 200);
    let answer = browser.post(path, &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let root = answer.location().trim_end_matches("/person").to_owned();
    root.strip_prefix(&browser.mount).unwrap_or(&root).to_owned()
}

/// The number the receipt shows.
pub fn number(page: &Answer) -> String {
    let found = page.body.split("receipt__number\">").nth(1).and_then(|rest| rest.split('<').next());
    found.unwrap_or_else(|| panic!("no number: {}", page.text())).to_owned()
}

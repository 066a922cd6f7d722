//! Readings of many points in one file: a template down, the filled file up, all of it or none, once.
use crate::support::{Answer, Browser, TestApp, value_of};

const PATH: &str = "/readings/bulk";

/// The template's rows below its head.
async fn template(browser: &mut Browser) -> Vec<Vec<String>> {
    let file = browser.get("/readings/bulk/template").await;
    assert_eq!((file.status, file.header("content-type")), (200, "text/csv; charset=utf-8"));
    let body = file.body.trim_start_matches('\u{feff}');
    body.lines().skip(1).map(|line| line.split(';').map(str::to_owned).collect()).collect()
}

/// Each register a little further than it was.
fn filled(rows: &[Vec<String>], more: u64) -> String {
    let mut text = "EAN/EIC;registr;datum;stav\r\n".to_owned();
    for row in rows {
        let state = row[4].parse::<u64>().unwrap_or(0) + more;
        text.push_str(&format!("{};{};{};{state}\r\n", row[0], row[1], row[2]));
    }
    text
}

async fn look(browser: &mut Browser, content: &[u8]) -> Answer {
    browser.get(PATH).await;
    browser.upload(PATH, &[("step", "review")], &[("file", "odecty.csv", content)]).await
}

#[tokio::test]
async fn a_filled_template_becomes_readings_of_all_points_once() {
    let app = TestApp::start().await;
    let mut customer = app.customer("eon", 0).await;
    let rows = template(&mut customer).await;
    let points: std::collections::BTreeSet<&String> = rows.iter().map(|row| &row[0]).collect();
    assert!(points.len() > 1, "{rows:?}");
    let review = look(&mut customer, filled(&rows, 7).as_bytes()).await;
    assert_eq!(review.status, 200, "{}", review.text());
    for point in &points {
        assert!(review.body.contains(point.as_str()), "{point} is shown before it is sent");
    }
    let content = value_of(&review, "content");
    let send = [("step", "send"), ("sure", "yes"), ("content", content.as_str())];
    let sent = customer.upload(PATH, &send, &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let again = customer.upload(PATH, &send, &[]).await;
    assert_eq!(again.location(), sent.location(), "a double press is one request");

    let mut clerk = app.operator("eon", "lead").await;
    let number =
        sent.location().rsplit('/').next().and_then(|rest| rest.split('?').next()).expect("a number").to_owned();
    let desk = format!("/operator/requests/{number}");
    let page = clerk.get(&desk).await;
    assert!(page.text().contains("odecty.csv"), "{}", page.text());
    if page.body.contains("value=\"approve\"") {
        let version = value_of(&page, "version");
        let done = clerk.post(&desk, &[("act", "approve"), ("version", &version), ("words", "")]).await;
        assert_eq!(done.status, 303, "{}", done.text());
    }
    let after = template(&mut customer).await;
    for (before, after) in rows.iter().zip(&after) {
        let state: u64 = after[4].parse().expect("a state");
        assert_eq!(state, before[4].parse::<u64>().unwrap_or(0) + 7, "{before:?}");
    }
    let twice = look(&mut customer, filled(&rows, 7).as_bytes()).await;
    assert_eq!(twice.status, 409, "{}", twice.text());
    assert!(twice.text().contains(&number), "the same file says when it came and under which number");
}

#[tokio::test]
async fn one_wrong_row_and_nothing_of_the_file_is_kept() {
    let app = TestApp::start().await;
    let mut customer = app.customer("eon", 0).await;
    let rows = template(&mut customer).await;
    let stranger = template(&mut app.customer("eon", 1).await).await[0][0].clone();
    let good = filled(&rows, 7);
    let low = good.replace(&format!(";{}\r\n", rows[0][4].parse::<u64>().expect("a state") + 7), ";0\r\n");
    let digit = {
        let code = rows.iter().map(|row| &row[0]).find(|code| code.len() == 18).expect("an EAN");
        let last = if code.ends_with('0') { "1" } else { "0" };
        good.replace(code.as_str(), &format!("{}{last}", &code[..17]))
    };
    let before = customer.get("/requests").await.links().len();
    for (content, said) in [
        (good.replace(&rows[0][0], &stranger).into_bytes(), "mezi vašimi odběrnými místy není"),
        (good.replace(&rows[0][0], "859182400123456789").into_bytes(), "mezi vašimi odběrnými místy není"),
        (low.into_bytes(), "Řádek 2: Stav je nižší"),
        (digit.into_bytes(), "sloupec 1 (EAN/EIC): Kód nesouhlasí s kontrolní číslicí"),
        (good.replace(";stav", ";poznámka").into_bytes(), "chybí sloupec „stav“"),
        (b"PK\x03\x04\0\0xl/workbook.xml".to_vec(), "To není text"),
        (b"".to_vec(), "prázdný"),
        (b"\xff\xfeE\0A\0".to_vec(), "UTF-16"),
        (b"ean;datum;stav\r\n".to_vec(), "žádný vyplněný stav"),
    ] {
        let answer = look(&mut customer, &content).await;
        assert_eq!(answer.status, 422, "{said}: {}", answer.text());
        assert!(answer.text().contains(said), "{said}: {}", answer.text());
    }
    let none = customer.upload(PATH, &[("step", "review")], &[]).await;
    assert!(none.status == 422 && none.text().contains("Vyberte soubor"), "{}", none.text());
    assert_eq!(customer.get("/requests").await.links().len(), before, "nothing was kept");
    assert_eq!(template(&mut customer).await, rows);
}

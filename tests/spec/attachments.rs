//! Files that come with a request: judged by their content, kept with it, handed only to whom they belong, as they came.
use crate::support::{Answer, Browser, TestApp, value_of};

const PDF: &[u8] = b"%PDF-1.7\nrevizn\xc3\xad zpr\xc3\xa1va";

fn question(key: &str) -> [(&str, &str); 4] {
    [("subject", "Měřidlo"), ("words", "Posílám revizní zprávu."), ("key", key), ("step", "send")]
}

async fn key(browser: &mut Browser) -> String {
    value_of(&browser.get("/questions/new").await, "key")
}

fn reference(sent: &Answer) -> String {
    assert_eq!(sent.status, 303, "{}", sent.text());
    sent.location().rsplit('/').next().and_then(|rest| rest.split('?').next()).expect("a number").to_owned()
}

/// Where the page leads to the file.
fn link(page: &Answer, mount: &str) -> String {
    let found = page.links().into_iter().find(|link| link.contains("/files/"));
    found.unwrap_or_else(|| panic!("no file: {}", page.text())).replacen(mount, "", 1)
}

#[tokio::test]
async fn a_file_goes_with_the_request_and_comes_back_as_it_was_to_its_customer_and_the_desk() {
    let app = TestApp::start().await;
    let mut customer = app.customer("pp", 0).await;
    let key = key(&mut customer).await;
    let sent =
        customer.upload("/questions/new", &question(&key), &[("files", "C:\\\\scan\\\\Revize č. 1.PDF", PDF)]).await;
    let number = reference(&sent);
    let page = customer.get(&format!("/requests/{number}")).await;
    assert!(page.text().contains("Revize č. 1.pdf"), "{}", page.text());
    let path = link(&page, &customer.mount.clone());
    let file = customer.get(&path).await;
    assert_eq!((file.status, file.bytes.as_slice(), file.header("content-type")), (200, PDF, "application/pdf"));
    let disposition = file.header("content-disposition");
    assert!(
        disposition.starts_with("attachment;") && disposition.contains("Revize%20%C4%8D.%201.pdf"),
        "{disposition}"
    );
    assert!(file.header("content-security-policy").contains("sandbox"), "{:?}", file.headers);
    assert!(file.header("cache-control").contains("no-store"));

    let mut clerk = app.operator("pp", "lead").await;
    let desk = clerk.get(&format!("/operator/requests/{number}")).await;
    let taken = clerk.get(&link(&desk, &clerk.mount.clone())).await;
    assert_eq!((taken.status, taken.bytes.as_slice()), (200, PDF));

    for mut stranger in [app.customer("pp", 1).await, app.customer("rwe", 0).await] {
        assert_eq!(stranger.get(&path).await.status, 404, "another's file");
    }
    let own = self::key(&mut customer).await;
    let other = reference(&customer.post("/questions/new", &question(&own)).await);
    let swapped = path.replace(&number, &other);
    assert_eq!(customer.get(&swapped).await.status, 404, "the file of another request of one's own");
    let again = customer.upload("/questions/new", &question(&key), &[("files", "scan.pdf", PDF)]).await;
    assert_eq!(reference(&again), number, "the same form again");
    let page = customer.get(&format!("/requests/{number}")).await;
    assert_eq!(page.body.matches("/files/").count(), 1, "and its file is not kept twice");
}

#[tokio::test]
async fn what_is_not_welcome_is_said_by_name_and_nothing_is_sent() {
    let app = TestApp::start().await;
    let mut customer = app.customer("pp", 0).await;
    let before = customer.get("/requests").await.links().len();
    let bomb = [&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"[..], &20_000_u32.to_be_bytes(), &20_000_u32.to_be_bytes()].concat();
    let large = vec![b'a'; 10 * 1024 * 1024 + 1];
    let rows: [(&str, &[u8], &str); 8] = [
        ("logo.svg", b"<svg onload=alert(1)>", "SVG"),
        ("photo.jpg", b"<script>alert(1)</script>", "SVG"),
        ("scan.docx", b"PK\x03\x04word/document.xml", "Office"),
        ("scan.pdf", b"MZ\x90\0\x03", "program"),
        ("scan.pdf", b"", "prázdný"),
        ("scan.jpg", PDF, "příponě"),
        ("photo.png", &bomb, "rozměry"),
        ("notes.txt", &large, "10 MB"),
    ];
    for (name, content, said) in rows {
        let key = key(&mut customer).await;
        let answer = customer.upload("/questions/new", &question(&key), &[("files", name, content)]).await;
        assert_eq!(answer.status, 422, "{name}: {}", answer.text());
        let text = answer.text();
        assert!(text.contains(said) && text.contains(name), "{name}: {text}");
        assert!(answer.body.contains("id=\"files-error\""), "{name}: the field is marked");
        assert!(answer.body.contains("Posílám revizní zprávu."), "{name}: what was typed is kept");
    }
    let key = key(&mut customer).await;
    let six = [("files", "a.pdf", PDF); 6];
    let answer = customer.upload("/questions/new", &question(&key), &six).await;
    assert!(answer.status == 422 && answer.text().contains("nejvýše 5"), "{}", answer.text());
    let huge = vec![b'a'; 21 * 1024 * 1024];
    let answer = customer.upload("/questions/new", &question(&key), &[("files", "a.txt", &huge)]).await;
    assert_eq!(answer.status, 413);
    assert_eq!(customer.get("/requests").await.links().len(), before, "nothing was kept");
}

/// Whoever has not signed in cannot make the server hold large bodies.
#[tokio::test]
async fn a_visitor_has_no_room_for_files() {
    let app = TestApp::start().await;
    let mut visitor = app.browser("bicorn");
    let two_megabytes = vec![b'a'; 2 * 1024 * 1024];
    let answer = visitor.upload("/login", &[("username", "a")], &[("files", "a.txt", &two_megabytes)]).await;
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn a_photograph_goes_with_a_reading_and_papers_with_an_answer() {
    let app = TestApp::start().await;
    let mut customer = app.customer("3e", 0).await;
    let place = customer.get("/readings/new").await.location().to_owned();
    let form = customer.get(&place).await;
    let today = value_of(&form, "read_on");
    let states: Vec<(String, String)> = ["vt", "nt"]
        .into_iter()
        .filter(|register| form.body.contains(&format!("name=\"{register}\"")))
        .map(|register| (register.to_owned(), digits(&form, register)))
        .collect();
    let key = value_of(&form, "key");
    let mut fields: Vec<(&str, &str)> = states.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend([("read_on", today.as_str()), ("key", &key), ("sure", "yes"), ("step", "review")]);
    let review = customer.post(&place, &fields).await;
    assert!(review.text().contains("Fotografie číselníku"), "{}", review.text());
    assert!(review.body.contains("enctype=\"multipart/form-data\""));
    fields.retain(|(name, _)| *name != "step");
    fields.push(("step", "send"));
    let photo = [&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"[..], &640_u32.to_be_bytes(), &480_u32.to_be_bytes()].concat();
    let number = reference(&customer.upload(&place, &fields, &[("files", "merak.png", &photo)]).await);
    let page = customer.get(&format!("/requests/{number}")).await;
    assert!(page.text().contains("merak.png"), "{}", page.text());

    let mut customer = app.customer("pp", 0).await;
    let key = self::key(&mut customer).await;
    let asked = reference(&customer.post("/questions/new", &question(&key)).await);
    let path = format!("/requests/{asked}");
    customer.get(&path).await;
    let wrong = customer.upload(&format!("{path}/answer"), &[("words", "")], &[("files", "a.pdf", PDF)]).await;
    assert!(wrong.status == 422 && wrong.text().contains("vyberte znovu"), "{}", wrong.text());
    let sent = customer.upload(&format!("{path}/answer"), &[("words", "Tady je.")], &[("files", "a.pdf", PDF)]).await;
    assert_eq!(sent.status, 303);
    let page = customer.get(&path).await.text();
    assert!(page.contains("Tady je.") && page.contains("a.pdf"), "{page}");
}

/// The state the meter showed last, as its picture draws it, one unit on.
fn digits(form: &Answer, register: &str) -> String {
    let before = form.body.split(&format!("name=\"{register}\"")).next().unwrap_or_default();
    let row = before.rsplit("class=\"register\"").next().unwrap_or_default();
    let shown: String = row.split("<b>").skip(1).filter_map(|rest| rest.chars().next()).collect();
    (shown.parse::<u64>().expect("digits") + 1).to_string()
}

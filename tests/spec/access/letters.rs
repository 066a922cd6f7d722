//! Letters with a password: printed once, readable nowhere else, recorded when posted, void when another is written.
use crate::support::applicant::{after, applies, chooses_own, signs_in};
use crate::support::{Answer, Browser, TestApp, value_of};
use std::process::{Command, Stdio};
use tokio::task::JoinSet;

/// The words of a PDF.
pub fn words_of(pdf: &[u8]) -> String {
    use std::io::Write;
    let mut tool = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext is installed");
    tool.stdin.take().expect("a pipe").write_all(pdf).expect("written");
    let out = tool.wait_with_output().expect("it ends");
    String::from_utf8(out.stdout).expect("UTF-8")
}

/// A letter waits at E.ON: applied and approved. The clerk, and the mail with the username.
pub async fn approved(app: &TestApp) -> (Browser, String) {
    applies(app, "eon", &[]).await;
    let received = app.mails("access_received", 1).await.remove(0);
    let reference = after(&received.body_text, "Číslo žádosti:").to_owned();
    let mut clerk = app.operator("eon", "clerk").await;
    let page = clerk.get(&format!("/operator/requests/{reference}")).await;
    assert!(page.text().contains("souhlasí") && !page.text().contains("nesouhlasí"), "{}", page.text());
    let form = clerk.get(&format!("/operator/requests/{reference}/access")).await;
    let (version, number) = (value_of(&form, "version"), app.applicant("eon").number);
    let fields = [("version", version.as_str()), ("customer", number.as_str())];
    let done = clerk.post(&format!("/operator/requests/{reference}/access"), &fields).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let mail = app.mails("access_username", 1).await.remove(0);
    let username = after(&mail.body_text, "Uživatelské jméno:").to_owned();
    (clerk, username)
}

pub async fn print(clerk: &mut Browser) -> Answer {
    let page = clerk.get("/operator/access").await;
    let print = page.links().into_iter().find(|link| link.ends_with("/print")).expect("a letter waits");
    clerk.post(&print, &[]).await
}

#[tokio::test]
async fn a_letter_brings_the_only_password_once_and_choosing_ones_own_ends_it() {
    let app = TestApp::start().await;
    let (mut clerk, username) = approved(&app).await;
    let page = clerk.get("/operator/access").await;
    let who = app.applicant("eon");
    assert!(page.text().contains(&who.name), "to the contract's address: {}", page.text());
    let path = page.links().into_iter().find(|link| link.ends_with("/print")).expect("a letter waits");
    let letter = clerk.post(&path, &[]).await;
    assert_eq!((letter.status, letter.header("content-type")), (200, "application/pdf"), "{}", letter.text());
    let words = words_of(&letter.bytes);
    let password =
        words.split_whitespace().find(|word| is_password(word)).unwrap_or_else(|| panic!("{words}")).to_owned();
    assert!(words.contains(&who.name) && words.contains("eon.localhost"), "{words}");
    assert_eq!(clerk.post(&path, &[]).await.status, 409, "printed once");
    assert!(!clerk.get("/operator/access").await.body.contains(&password), "readable nowhere else");
    chooses_own(&app, "eon", &username, &password).await;
}

fn is_password(word: &str) -> bool {
    word.len() == 19
        && word.split('-').all(|part| part.len() == 4 && part.bytes().all(|one| one.is_ascii_alphanumeric()))
}

#[tokio::test]
async fn its_registered_number_and_day_are_checked_and_recorded() {
    let app = TestApp::start().await;
    let (mut clerk, _) = approved(&app).await;
    print(&mut clerk).await;
    let page = clerk.get("/operator/access").await;
    let path = page.links().into_iter().find(|link| link.ends_with("/posted")).expect("to be recorded");
    let form = clerk.get(&path).await;
    let today = value_of_day(&form);
    for (number, day, field) in [
        ("RR123456786CZ", today.as_str(), "number"),
        ("RR", &today, "number"),
        ("RR123456785CZ", "2099-01-01", "posted_on"),
        ("RR123456785CZ", "2020-01-01", "posted_on"),
    ] {
        let wrong = clerk.post(&path, &[("number", number), ("posted_on", day)]).await;
        assert!(
            wrong.status == 422 && wrong.body.contains(&format!("{field}-error")),
            "{number} {day}: {}",
            wrong.text()
        );
        assert!(wrong.body.contains(number) && wrong.body.contains(day), "what was typed is kept");
    }
    let fields = [("number", "rr 1234 5678 5 cz"), ("posted_on", today.as_str())];
    assert_eq!(clerk.post(&path, &fields).await.status, 303);
    assert!(clerk.get("/operator/access").await.text().contains("RR123456785CZ"));
    assert_eq!(clerk.post(&path, &fields).await.status, 409, "recorded once");
}

fn value_of_day(page: &Answer) -> String {
    let rest = page.body.split("name=\"posted_on\" value=\"").nth(1).expect("a day");
    rest.split('"').next().expect("a value").to_owned()
}

#[tokio::test]
async fn a_lost_letter_is_void_and_the_new_one_counts() {
    let app = TestApp::start().await;
    let (mut clerk, username) = approved(&app).await;
    let password = |letter: &Answer| {
        words_of(&letter.bytes).split_whitespace().find(|word| is_password(word)).expect("a password").to_owned()
    };
    let lost = password(&print(&mut clerk).await);
    let page = clerk.get("/operator/access").await;
    let again = page.links().into_iter().find(|link| link.ends_with("/again")).expect("another can be written");
    assert_eq!(clerk.post(&again, &[]).await.status, 303);
    assert_eq!(signs_in(&app, "eon", &username, &lost).await.1.status, 422, "void at once");
    let new = password(&print(&mut clerk).await);
    assert_eq!(signs_in(&app, "eon", &username, &lost).await.1.status, 422);
    chooses_own(&app, "eon", &username, &new).await;
}

#[tokio::test]
async fn a_password_that_waited_too_long_opens_nothing_and_says_so() {
    let app = TestApp::start().await;
    let (mut clerk, username) = approved(&app).await;
    let letter = print(&mut clerk).await;
    let password = words_of(&letter.bytes).split_whitespace().find(|word| is_password(word)).expect("one").to_owned();
    let tenant = app.services.registry.by_slug("eon").expect("there");
    let tx = app.services.db.tenant(tenant.id).begin().await.expect("a transaction");
    let account = tx.account_by_username(&username).await.expect("asked").expect("there").id;
    let past = app.services.clock.now() - time::Duration::MINUTE;
    tx.extend_issued_password(account, past).await.expect("aged");
    tx.commit().await.expect("kept");
    let (_, answer) = signs_in(&app, "eon", &username, &password).await;
    assert!(answer.status == 422 && answer.text().contains("lhůta uplynula"), "{}", answer.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_print_one_letter_at_once_one_has_it() {
    let app = TestApp::start().await;
    let (_services, second) = app.another_instance().await;
    let (mut clerk, username) = approved(&app).await;
    let page = clerk.get("/operator/access").await;
    let path = page.links().into_iter().find(|link| link.ends_with("/print")).expect("a letter waits");
    let mut racers = JoinSet::new();
    for at in 0..20 {
        let mut clerk = clerk.at(if at % 2 == 0 { &app.entry } else { &second });
        let path = path.clone();
        racers.spawn(async move { clerk.post(&path, &[]).await });
    }
    let all = racers.join_all().await;
    let won: Vec<&Answer> = all.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(won.len(), 1, "{:?}", all.iter().map(|answer| answer.status).collect::<Vec<_>>());
    let password = words_of(&won[0].bytes).split_whitespace().find(|word| is_password(word)).expect("one").to_owned();
    chooses_own(&app, "eon", &username, &password).await;
}

/// Whoever applied with another's bill has the username and the address they typed; the letter is what they have not.
#[tokio::test]
async fn a_password_that_comes_by_letter_is_not_to_be_had_by_mail() {
    let app = TestApp::start().await;
    let (mut clerk, username) = approved(&app).await;
    for is_printed in [false, true] {
        if is_printed {
            print(&mut clerk).await;
        }
        app.browser("eon").post("/password", &[("username", &username)]).await;
        app.settles().await;
        let tenant = app.services.registry.by_slug("eon").expect("there").id;
        let sent = app.mails("password_forgotten", 0).await;
        assert!(sent.iter().all(|one| one.tenant_id != tenant), "printed: {is_printed}");
    }
}

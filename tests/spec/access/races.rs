//! One-time things, wanted by many at the same instant on two instances.
use crate::support::TestApp;
use crate::support::applicant::{PASSWORD, applies, path_in, signs_in, token_in};
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_finish_one_registration_one_gets_the_log_in() {
    let app = TestApp::start().await;
    let (_services, second) = app.another_instance().await;
    let (browser, _) = applies(&app, "3e", &[]).await;
    let words = app.mails("registration_link", 1).await.remove(0).body_text;
    let token = token_in(&path_in(&browser, &words));
    let mut racers = JoinSet::new();
    for at in 0..50 {
        let mut browser = browser.at(if at % 2 == 0 { &app.entry } else { &second });
        let token = token.clone();
        racers.spawn(async move {
            let name = format!("zavodnik{at}");
            let form = [("token", token.as_str()), ("username", name.as_str()), ("new", PASSWORD)];
            let answer = browser.post("/registration/finish", &form).await;
            (answer.status, name)
        });
    }
    let all = racers.join_all().await;
    let won: Vec<&String> = all.iter().filter(|(status, _)| *status == 200).map(|(_, name)| name).collect();
    assert_eq!(won.len(), 1, "{all:?}");
    assert!(all.iter().all(|(status, _)| matches!(status, 200 | 422 | 503)), "{all:?}");
    assert_eq!(signs_in(&app, "3e", won[0], PASSWORD).await.1.status, 303);
    for (_, name) in all.iter().filter(|(status, _)| *status != 200).take(5) {
        assert_eq!(signs_in(&app, "3e", name, PASSWORD).await.1.status, 422, "{name} got nothing");
    }
}

/// The same username is wanted by two customers at once: one has it, the other is told.
#[tokio::test]
async fn a_username_is_one_persons_within_a_supplier_and_free_at_another() {
    let app = TestApp::start().await;
    for (count, slug) in [(1, "3e"), (2, "cez")] {
        let (mut browser, _) = applies(&app, slug, &[]).await;
        let mails = app.mails("registration_link", count).await;
        let words = &mails.last().expect("a mail").body_text;
        let token = token_in(&path_in(&browser, words));
        let taken = &app.book.tenants.iter().find(|one| one.slug == slug).expect("there").customers[0].username;
        let upper = taken.to_uppercase();
        let form = [("token", token.as_str()), ("username", upper.as_str()), ("new", PASSWORD)];
        let refused = browser.post("/registration/finish", &form).await;
        assert!(refused.status == 422 && refused.text().contains("už někdo má"), "{}", refused.text());
        let form = [("token", token.as_str()), ("username", "stejne.jmeno"), ("new", PASSWORD)];
        assert_eq!(browser.post("/registration/finish", &form).await.status, 200, "{slug}");
    }
}

//! An invitation: by mail, once, to the tenant's own address; and the end of a right, at once.
use super::{PASSWORD, account_on, book, invite, invited, join, link, sign_in, token};
use crate::support::{TestApp, ids_of};
use std::sync::Arc;

#[tokio::test]
async fn the_owner_invites_and_the_invited_choose_a_log_in_of_their_own() {
    let app = TestApp::start().await;
    let mut owner = app.customer("cez", 0).await;
    let page = owner.get("/account/people").await;
    assert!(page.text().contains("to jste vy") && page.text().contains("Vlastník"), "{}", page.text());
    assert!(owner.get("/account").await.body.contains("/account/people\""), "the account leads there");
    let wrong = owner.post("/account/people/invite", &[("email", "jana@"), ("until", "2020-01-01")]).await;
    assert_eq!(wrong.status, 422);
    for word in ["jana@", "email-error", "role-error", "Tento den už byl"] {
        assert!(wrong.body.contains(word), "{word}: {}", wrong.text());
    }
    let path = invite(&app, &mut owner, "manager", "").await;
    assert!(owner.get("/account/people").await.text().contains("pozvana@example.cz"), "it waits");
    let mails = app.messages().await;
    let mail = mails.iter().find(|one| one.kind == "invitation").expect("a mail");
    assert!(mail.body_text.contains("http://cez.localhost") || mail.body_text.contains("/VOK/invitation?token="));
    assert!(mail.body_text.contains("Správce") && mail.body_text.contains("7 dní"), "{}", mail.body_text);

    let mut visitor = app.browser("cez");
    for _ in 0..3 {
        assert!(visitor.get(&path).await.text().contains("Přihlašuji se poprvé"), "looking uses nothing up");
    }
    assert_eq!(app.browser("eon").get(&path).await.status, 422, "another supplier knows nothing of it");
    let token = token(&path);
    let weak = visitor.post("/invitation", &[("token", &token), ("username", "jan"), ("new", "krátké")]).await;
    assert!(weak.status == 422 && weak.body.contains("username-error") && weak.body.contains("new-error"));
    let taken = [("token", token.as_str()), ("username", &book(&app, "cez", 1).username), ("new", PASSWORD)];
    let taken = visitor.post("/invitation", &taken).await;
    assert!(taken.status == 422 && taken.text().contains("už někdo má"), "{}", taken.text());
    let joined = join(&mut visitor, &path, "jana.spravkyne").await;
    assert_eq!(joined.status, 303, "{}", joined.text());
    assert_eq!(visitor.get("/dashboard").await.status, 200, "signed in at once");
    assert_eq!(visitor.get("/account/contact").await.status, 200, "a manager acts as the customer");
    let people = visitor.get("/account/people").await;
    assert!(!people.body.contains("/account/people/invite"), "only who owns invites");
    let refused = visitor.post("/account/people/invite", &[("email", "x@example.cz"), ("role", "owner")]).await;
    assert_eq!(refused.status, 404);
    assert!(app.browser("cez").get(&path).await.text().contains("Pozvánka už neplatí"), "once");
    assert!(link(&app, "invitation_accepted", "/VOK").await.starts_with("/account/people"), "the owner is told");
    let told = app.messages().await;
    let told = told.iter().find(|one| one.kind == "invitation_accepted").expect("a mail");
    assert!(told.body_text.contains("pozvana@example.cz") && told.body_text.contains("jana.spravkyne"));
    let (_, again) = sign_in(&app, "cez", "jana.spravkyne", PASSWORD).await;
    assert_eq!(again.status, 303);
}

#[tokio::test]
async fn who_has_a_log_in_accepts_with_it() {
    let app = TestApp::start().await;
    let mut owner = app.customer("eon", 0).await;
    let path = invite(&app, &mut owner, "reader", "").await;
    let name = book(&app, "eon", 0).name;
    let mut other = app.customer("eon", 1).await;
    let page = other.get(&path).await;
    assert!(page.text().contains("Jste přihlášeni jako") && page.text().contains(&name), "{}", page.text());
    let accepted = other.post("/invitation", &[("token", &token(&path))]).await;
    assert_eq!(accepted.status, 303, "{}", accepted.text());
    assert!(other.get("/dashboard").await.body.contains(&name), "the session is at the new customer");
    assert_eq!(other.get("/account/contact").await.status, 404, "as a reader");
    let path = invite(&app, &mut owner, "manager", "").await;
    owner.get(&path).await;
    let mine = owner.post("/invitation", &[("token", &token(&path))]).await;
    assert!(mine.text().contains("už přístup máte"), "{}", mine.text());
    assert_eq!(app.browser("eon").get(&path).await.status, 200, "the invitation waits on");
}

#[tokio::test]
async fn an_invitation_taken_back_is_no_invitation() {
    let app = TestApp::start().await;
    let mut owner = app.customer("eon", 0).await;
    let first = invite(&app, &mut owner, "reader", "").await;
    let second = invite(&app, &mut owner, "reader", "").await;
    assert_eq!(app.browser("eon").get(&first).await.status, 422, "of two to one address the newest counts");
    let page = owner.get("/account/people").await;
    let id = crate::support::value_of(&page, "invitation");
    assert_eq!(app.customer("eon", 1).await.clone().post("/account/people/revoke", &[]).await.status, 403);
    let mut foreign = app.customer("eon", 1).await;
    foreign.get("/account/people").await;
    foreign.post("/account/people/revoke", &[("invitation", &id)]).await;
    assert_eq!(app.browser("eon").get(&second).await.status, 200, "another customer's owner revokes nothing here");
    assert_eq!(owner.post("/account/people/revoke", &[("invitation", &id)]).await.status, 303);
    assert_eq!(app.browser("eon").get(&second).await.status, 422);
}

#[tokio::test]
async fn whose_right_ends_is_out_at_once_and_the_last_owner_stays() {
    let app = TestApp::start().await;
    let (_services, second) = app.another_instance().await;
    let mut owner = app.customer("eon", 0).await;
    let mut invited = invited(&app, &mut owner, "eon", "manager", "jana.spravkyne").await;
    assert_eq!(invited.get("/dashboard").await.status, 200);
    let page = owner.get("/account/people").await;
    let account = account_on(&page, "jana.spravkyne");
    let own = account_on(&page, &book(&app, "eon", 0).username);
    let kept = owner.post("/account/people/end", &[("account", &own)]).await;
    assert!(kept.status == 422 && kept.text().contains("Posledního vlastníka"), "{}", kept.text());
    let foreign = app.customer("eon", 2).await.clone().post("/account/people/end", &[("account", &account)]).await;
    assert!(matches!(foreign.status, 403 | 404));
    assert_eq!(owner.post("/account/people/end", &[("account", &account)]).await.status, 303);
    assert_eq!(invited.get("/dashboard").await.status, 303, "signed out");
    assert_eq!(invited.at(&second).get("/dashboard").await.status, 303, "on the other instance too");
    let (_, door) = sign_in(&app, "eon", "jana.spravkyne", PASSWORD).await;
    assert_eq!(door.status, 422, "{}", door.text());
}

#[tokio::test]
async fn a_right_that_ends_with_a_day_opens_nothing_afterwards() {
    let app = TestApp::start().await;
    let mut owner = app.customer("eon", 0).await;
    let now = app.services.clock.now();
    let today = app.services.clock.today("Europe/Prague").to_string();
    let path = invite(&app, &mut owner, "reader", &today).await;
    let mut invited = app.browser("eon");
    assert_eq!(join(&mut invited, &path, "jana.ctenarka").await.status, 303);
    assert_eq!(invited.get("/dashboard").await.status, 200, "its last day is a day");
    let mut services = busbar::app::state::build(&app.config).await.expect("another instance");
    let later = now + time::Duration::hours(25);
    Arc::get_mut(&mut services).expect("nobody else has it yet").clock = busbar::backends::clock::Clock::fixed(later);
    let entry = busbar::app::router::entry(services);
    assert_eq!(invited.at(&entry).get("/dashboard").await.status, 303, "the session ended with the day");
    let mut door = app.browser("eon").at(&entry);
    let answer = door.post("/login", &[("username", "jana.ctenarka"), ("password", PASSWORD)]).await;
    assert!(answer.status == 422 && answer.text().contains("Váš přístup skončil"), "{}", answer.text());
}

/// Fifty at the same instant, on two instances: one comes in, the others hear that it is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_accept_one_invitation_at_once_one_comes_in() {
    let app = TestApp::start().await;
    let (_services, second) = app.another_instance().await;
    let mut owner = app.customer("rwe", 0).await;
    let path = invite(&app, &mut owner, "reader", "").await;
    let token = token(&path);
    let visitor = app.browser("rwe");
    let mut racers = tokio::task::JoinSet::new();
    for index in 0..50 {
        let mut browser = visitor.at(if index % 2 == 0 { &app.entry } else { &second });
        let token = token.clone();
        racers.spawn(async move {
            let username = format!("zavodnik-{index}");
            let form = [("token", token.as_str()), ("username", username.as_str()), ("new", PASSWORD)];
            browser.post("/invitation", &form).await.status
        });
    }
    let all = racers.join_all().await;
    assert_eq!(all.iter().filter(|status| **status == 303).count(), 1, "{all:?}");
    assert!(all.iter().all(|status| matches!(status, 303 | 422 | 503)), "{all:?}");
    let people = owner.get("/account/people").await.text();
    assert_eq!(people.matches("zavodnik-").count(), people.matches("zavodnik-").count().min(4), "{people}");
}

/// Mail for a log-in without an address of its own goes to the customer it was made for, whoever else lets it look.
#[tokio::test]
async fn whoever_invites_somebody_does_not_get_their_mail() {
    use busbar::data::Membership;
    use busbar::domain::access::MemberRole;
    let app = TestApp::start().await;
    let tenant = app.services.registry.by_slug("eon").expect("eon").id;
    let usernames: Vec<String> = (0..3).map(|at| super::book(&app, "eon", at).username).collect();
    let tx = app.services.db.tenant(tenant).begin().await.expect("a transaction");
    let mut accounts = Vec::new();
    for username in &usernames {
        accounts.push(ids_of(&tx, username).await);
    }
    // The oldest customer's owner invites the others.
    accounts.sort_by_key(|(_, customer)| *customer);
    let ((_, hosts), (guest, guests)) = (accounts[0], accounts[1]);
    let home = tx.customer(guests).await.expect("a customer").email;
    let look = Membership {
        account: guest,
        customer: hosts,
        role: MemberRole::Owner,
        until: None,
        invited_by: None,
        proofs: None,
        last_used_at: None,
    };
    assert!(tx.add_membership(&look).await.expect("let look"));
    assert_eq!(tx.address_of(guest).await.expect("asked"), home);
}

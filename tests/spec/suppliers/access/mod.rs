//! How customers of each supplier come by access: the sentences of group B, supplier by supplier.
pub mod desk;
mod online;

use crate::support::TestApp;
use crate::support::applicant::{PASSWORD, after, path_in, signs_in, token_in};

/// Opens the link of a mail, chooses a password, and signs in with the name that the mail gave.
async fn sets_password(app: &TestApp, slug: &str, words: &str) {
    let mut browser = app.browser(slug);
    let token = token_in(&path_in(&browser, words));
    let done = browser.post("/password/new", &[("token", &token), ("new", PASSWORD)]).await;
    assert_eq!(done.status, 200, "{slug}: {}", done.text());
    let username = after(words, "Uživatelské jméno:");
    assert_eq!(signs_in(app, slug, username, PASSWORD).await.1.status, 303, "{slug}: {username}");
}

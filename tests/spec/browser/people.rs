//! The pages that ask for a proof, and an invitation as a stranger sees it: whole and accessible like all others.
use super::pages::{look, sign_in};
use super::{chromium, serving};
use crate::people::{PASSWORD, invite, known_by};
use crate::support::{TestApp, template};
use busbar::domain::access::{Proof, Proofs};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proofs_and_invitations_are_whole_and_accessible() {
    if template::is_production() {
        return;
    }
    let app = TestApp::start().await;
    let mut owner = app.customer("rwe", 1).await;
    let invitation = invite(&app, &mut owner, "reader", "").await;
    known_by(&app, "rwe", 0, Proofs::of(&[Proof::Email])).await;
    let base = format!("http://rwe.localhost:{}", serving(&app).await.port());
    let client = chromium::start(true).await;
    let mut wrong = Vec::new();
    client.goto(&format!("{base}{invitation}")).await.expect("an invitation");
    look(&client, "rwe", "/invitation", &mut wrong).await;
    sign_in(&client, &base, "znama.osoba", PASSWORD).await;
    for page in ["/account/assurance?for=money&next=/requests", "/account/assurance/link?token=x"] {
        client.goto(&format!("{base}{page}")).await.expect("a page");
        look(&client, "rwe", "/assurance", &mut wrong).await;
    }
    client.close().await.expect("closed");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

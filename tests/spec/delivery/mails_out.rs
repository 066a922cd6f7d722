//! Mail through a real SMTP conversation and the worker that `busbar serve` runs.
use super::{deliver, kept, message, put_out, request};
use crate::support::TestApp;
use crate::support::smtp::{MailServer, Say};
use busbar::app::state;
use busbar::domain::ids::AccountId;
use busbar::domain::notices::{Channel, MessageState};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::sync::watch;

/// What the demo left waiting is out of the way.
async fn started(server: &MailServer) -> TestApp {
    let app = TestApp::start().await;
    app.messages().await;
    let mut app = app;
    app.config.mail.smtp = server.url.clone();
    app
}

#[tokio::test]
async fn what_was_taken_without_a_word_is_sent_again_as_the_same_message() {
    let server = MailServer::start(|nth, _| if nth == 0 { Say::DropAfterData } else { Say::Take }).await;
    let app = started(&server).await;
    let one = message(Channel::Mail, "request_received", "jan@example.cz", None, request());
    put_out(&app, "eon", std::slice::from_ref(&one)).await;
    deliver(&app).await;
    assert_eq!(kept(&app, "eon", one.id).await.state, MessageState::Waiting);
    // The first wait is half a minute, and a fifth.
    tokio::time::sleep(Duration::from_secs(38)).await;
    deliver(&app).await;
    let taken = server.taken();
    assert_eq!(taken.len(), 2);
    assert!(taken[0].header("message-id").starts_with(&format!("<{}@", one.id)));
    assert_eq!(taken[0].mail, taken[1].mail, "a mailbox can drop the second");
    assert_eq!(kept(&app, "eon", one.id).await.state, MessageState::Sent);
}

#[tokio::test]
async fn nobody_there_is_remembered_and_told_what_is_urgent_only() {
    let server = MailServer::start(|_, to| match to {
        "nikdo@example.cz" => Say::Refuse("550 5.1.1 nobody here"),
        "zitra@example.cz" => Say::Refuse("451 4.7.1 later"),
        _ => Say::Take,
    })
    .await;
    let app = started(&server).await;
    let mail = |kind, to| message(Channel::Mail, kind, to, None, request());
    let first = [mail("request_received", "nikdo@example.cz"), mail("request_received", "zitra@example.cz")];
    put_out(&app, "eon", &first).await;
    deliver(&app).await;
    let nobody = kept(&app, "eon", first[0].id).await;
    assert_eq!((nobody.state, nobody.failure.as_deref()), (MessageState::GivenUp, Some("nobody")));
    assert_eq!(kept(&app, "eon", first[1].id).await.state, MessageState::Waiting);
    let then = [mail("invoice_due", "Nikdo@Example.cz"), mail("request_received", "nikdo@example.cz")];
    put_out(&app, "eon", &then).await;
    put_out(&app, "cez", &[mail("request_received", "jiny@example.cz")]).await;
    deliver(&app).await;
    assert_eq!(kept(&app, "eon", then[0].id).await.failure.as_deref(), Some("unreachable"), "a notice is not tried");
    assert_eq!(kept(&app, "eon", then[1].id).await.failure.as_deref(), Some("nobody"), "an errand's answer is");
    assert_eq!(server.taken().len(), 1, "the others' go on");
}

/// Eight workers, two suppliers, two hundred notices each: whose mail it is can be told from every part of it, and no part is another's.
#[tokio::test]
async fn interleaved_suppliers_are_never_mixed_and_nobody_gets_two() {
    let server = MailServer::start(|_, _| Say::Take).await;
    let app = started(&server).await;
    for slug in ["eon", "rwe"] {
        let all: Vec<_> = (0..200)
            .map(|n| {
                let off = json!({ "account": AccountId::new().0, "event": "invoice_due" });
                let payload = json!({ "path": "/invoices", "number": n.to_string(), "amount_halere": 100,
                    "day_on": "2026-12-01", "off": off });
                message(Channel::Mail, "invoice_due", &format!("{slug}{n}@example.cz"), None, payload)
            })
            .collect();
        put_out(&app, slug, &all).await;
    }
    let (stop, stopped) = watch::channel(false);
    let workers: Vec<_> = (0..8)
        .map(|_| {
            let jobs = state::job_services(&app.config, &app.services).expect("the ways out");
            tokio::spawn(busbar::jobs::run(jobs, stopped.clone()))
        })
        .collect();
    // Not what the timetable tells the demo's customers meanwhile.
    let is_ours = |to: &str| {
        let name = to.trim_end_matches("@example.cz");
        name.strip_prefix("eon").or(name.strip_prefix("rwe")).is_some_and(|rest| rest.parse::<u32>().is_ok())
    };
    let ours = || server.taken().into_iter().filter(|one| is_ours(&one.to)).collect::<Vec<_>>();
    for _ in 0..900 {
        if ours().len() >= 400 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    stop.send_replace(true);
    for worker in workers {
        worker.await.expect("ended");
    }
    let taken = ours();
    let ids: BTreeSet<String> = taken.iter().map(|one| one.header("message-id")).collect();
    assert_eq!((taken.len(), ids.len()), (400, 400), "each once");
    let [eon, rwe] = ["eon", "rwe"].map(|slug| app.services.registry.by_slug(slug).expect("served"));
    for one in &taken {
        let (own, other) = if one.to.starts_with("eon") { (&eon, &rwe) } else { (&rwe, &eon) };
        let host = &own.document.hosts.canonical;
        assert_eq!(one.from, own.document.outbound.mail_from, "{}", one.to);
        assert!(one.header("from").contains(&own.document.outbound.mail_from), "{}", one.header("from"));
        assert!(one.header("message-id").ends_with(&format!("@{host}>")));
        assert!(one.header("list-unsubscribe").contains(&own.url("/notices/off?token=")), "{}", one.mail);
        assert_eq!(one.header("list-unsubscribe-post"), "List-Unsubscribe=One-Click");
        assert!(
            !one.mail.replace("=\n", "").contains(&other.document.hosts.canonical),
            "{} names the other: {}",
            one.to,
            one.mail
        );
    }
}

//! What can be had once is had once: fifty want each of them at the same instant, by two connections to one database, a hundred times over.
use super::requests::{change, kept};
use busbar::data::{Application, ApplicationState, Began, LetterKind, TenantDb};
use busbar::domain::ids::{AccessLetterId, AccountId, ApplicationId, CustomerId, StaffId};
use std::collections::BTreeMap;
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::task::JoinSet;

const ROUNDS: u8 = 100;
const RACERS: usize = 50;
const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);

/// What there is to be had in a round.
#[derive(Clone)]
struct Prizes {
    account: AccountId,
    customer: CustomerId,
    staff: StaffId,
    link: [u8; 32],
    application: Application,
    letter: AccessLetterId,
    code: [u8; 32],
}

async fn lay_out(db: &TenantDb, round: u8, account: AccountId, customer: CustomerId, staff: StaffId) -> Prizes {
    let tx = change(db).await;
    let later = NOW + time::Duration::HOUR;
    let hash = |kind: u8| [kind, round].repeat(16).try_into().expect("thirty-two");
    tx.add_account_link(account, &hash(1), NOW, later).await.expect("a link");
    let application = Application {
        id: ApplicationId::new(),
        began: Began::Online,
        state: ApplicationState::Mailed,
        extra: None,
        customer: Some(customer),
        request: None,
        account: None,
        staff: None,
        email: String::new(),
        token_hash: Some(hash(2)),
        code_hash: None,
        tries: 0,
        version: 1,
        created_at: NOW,
        expires_at: later,
        language: "cs".into(),
    };
    tx.add_application(&application).await.expect("an application");
    let letter = tx.write_access_letter(account, customer, LetterKind::Password, "cs", NOW).await.expect("a letter");
    let coded = tx.write_access_letter(account, customer, LetterKind::Code, "cs", NOW).await.expect("a letter");
    let coded = tx.access_letter(coded).await.expect("there");
    assert!(tx.print_access_letter(&coded, staff, Some(&hash(3)), NOW, later).await.expect("printed"));
    tx.commit().await.expect("kept");
    Prizes { account, customer, staff, link: hash(1), application, letter, code: hash(3) }
}

/// One who wants everything; what was won.
async fn race(db: TenantDb, prizes: Prizes) -> Vec<&'static str> {
    let tx = change(&db).await;
    let later = NOW + time::Duration::HOUR;
    let letter = tx.access_letter(prizes.letter).await.expect("there");
    let mut won = Vec::new();
    let mut note = |is_won: bool, what| {
        if is_won {
            won.push(what);
        }
    };
    note(tx.use_account_link(&prizes.link, NOW).await.expect("an answer").is_some(), "link");
    note(tx.grant_application(&prizes.application, Some(prizes.account)).await.expect("an answer"), "application");
    note(tx.try_application_code(prizes.application.id, 5).await.expect("an answer"), "try");
    note(tx.print_access_letter(&letter, prizes.staff, None, NOW, later).await.expect("an answer"), "letter");
    note(tx.use_letter_code(prizes.account, &prizes.code, NOW).await.expect("an answer"), "code");
    note(tx.give_gift(prizes.customer, prizes.staff, "", NOW).await.expect("an answer"), "gift");
    tx.commit().await.expect("kept");
    won
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_at_once_one_wins_each_thing_in_a_hundred_rounds() {
    let (ground, a, _, whole) = kept().await;
    let handles = [ground.db.tenant(a), ground.owner.tenant(a)];
    let mut gifts = 0;
    for round in 0..ROUNDS {
        let (account, customer, staff) = (whole.account.id, whole.customer.id, whole.staff.id);
        let prizes = lay_out(&handles[0], round, account, customer, staff).await;
        let mut racers = JoinSet::new();
        for at in 0..RACERS {
            racers.spawn(race(handles[at % 2].clone(), prizes.clone()));
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for won in racers.join_all().await.into_iter().flatten() {
            *counts.entry(won).or_default() += 1;
        }
        gifts += counts.remove("gift").unwrap_or_default();
        let expected = [("application", 1), ("code", 1), ("letter", 1), ("link", 1), ("try", 5)];
        assert_eq!(counts.into_iter().collect::<Vec<_>>(), expected, "round {round}");
    }
    // The ground's own row has a gift already: one a customer.
    assert_eq!(gifts, 0);
}

//! An outage that concerns many: told page by page and part by part, each person once, and a change in the middle finds its way.
use super::explain::Engine;
use super::ground::{Ground, Role};
use super::outages::{NOW, kept, manner, moved, outage, wish};
use super::plans::Heard;
use super::whole::Whole;
use crate::support::{OutageMessage, outage_messages, template};
use busbar::data::*;
use busbar::domain::customers::Customer;
use busbar::domain::ids::*;
use busbar::domain::notices::{Channel, Lane};
use busbar::domain::outages::{Areas, Outage};
use busbar::domain::supply_points::SupplyPoint;
use sea_orm::ConnectionTrait;

/// Customers like the one of `all`, each with a log-in and the electricity of the first point, who want to be told by mail.
async fn neighbours(tx: &TenantTx, all: &Whole, count: usize) -> Vec<(AccountId, SupplyPoint)> {
    let mut made = Vec::new();
    for number in 0..count {
        let (id, account) = (CustomerId::new(), AccountId::new());
        let customer = Customer { id, number: format!("S{number}"), ..all.customer.clone() };
        let login =
            NewAccount { id: account, customer: id, username: format!("soused{number}"), ..all.account.clone() };
        let point =
            SupplyPoint { id: SupplyPointId::new(), customer: id, code: format!("S{number}"), ..all.points[0].clone() };
        tx.insert_customers(&[customer]).await.expect("a customer");
        tx.insert_accounts(&[login]).await.expect("a log-in");
        tx.insert_supply_points(std::slice::from_ref(&point)).await.expect("a point");
        tx.set_outage_subscription(&wish(account, &point, "mail")).await.expect("a wish");
        made.push((account, point));
    }
    made
}

/// An outage of all of them, matched and not told yet.
async fn storm(tx: &TenantTx, all: &Whole, count: usize) -> (Outage, Vec<(AccountId, SupplyPoint)>) {
    let people = neighbours(tx, all, count).await;
    let eans = people.iter().map(|(_, point)| point.code.clone()).collect();
    let one = outage("storm", Areas { eans, ..Areas::default() });
    tx.record_outage(&one, "feed", NOW).await.expect("recorded");
    let touched = tx.match_outage(&one, people[0].1.contract_since).await.expect("matched");
    assert_eq!(touched, count as u64);
    (one, people)
}

/// What each was told, in the order of versions, by the key of the message.
async fn told_each(ground: &Ground, one: &Outage, people: &[(AccountId, SupplyPoint)]) -> Vec<Vec<(i32, String)>> {
    let lines = outage_messages(ground.raw(Role::Admin).await, one.id).await;
    let name = |line: &OutageMessage| line.payload["off"].as_str().unwrap_or_default().to_owned();
    people
        .iter()
        .map(|(account, point)| {
            let own = format!("/outages/off?token={}", wish(*account, point, "mail").token);
            lines.iter().filter(|line| name(line) == own).map(|line| (line.version, line.kind.clone())).collect()
        })
        .collect()
}

/// Half a million points that came a moment ago were read anew for each page of them.
#[tokio::test]
async fn a_page_of_a_storm_is_found_by_its_customers_whatever_is_known_of_the_table() {
    let (ground, tx, all) = kept().await;
    let (one, _) = storm(&tx, &all, 40).await;
    let tenant = tx.tenant_id();
    tx.commit().await.expect("kept");
    let heard = Heard::default();
    let tx = heard.on(&ground.db).tenant(tenant).begin().await.expect("a transaction");
    tx.queue_outage_notices(&one, Telling::Planned, manner(NOW)).await.expect("queued");
    tx.commit().await.expect("kept");
    let engine = Engine::on(ground.raw(Role::Admin).await);
    let pages = heard.all().into_iter().filter(|statement| statement.sql.contains("point_name"));
    let mut looks = Vec::new();
    for page in pages {
        looks.extend(engine.explain(tenant, &page).await.into_iter().filter(|look| look.table == "outage_points"));
    }
    assert!(!looks.is_empty(), "a page was asked for");
    assert!(looks.iter().all(|look| look.columns.iter().any(|column| column == "customer_id")), "{looks:?}");
}

#[tokio::test]
async fn many_are_told_page_by_page_each_once_and_a_change_overtakes_what_is_left() {
    let (ground, tx, all) = kept().await;
    let (one, people) = storm(&tx, &all, 7).await;
    let few = Manner { points: 2, ..manner(NOW) };
    assert_eq!(tx.queue_outage_notices(&one, Telling::Planned, few).await.expect("queued").mail, 7, "all are counted");
    assert_eq!(tx.told_of_version(one.id, 1).await.expect("a count").mail, 2, "and the first are told");
    assert_eq!(tx.points_left_to_tell(one.id, 1).await.expect("a count"), 5);
    let tenant = tx.tenant_id();
    tx.commit().await.expect("kept");

    let lane = Lane::of(tenant, Channel::Spread, "outage_spread");
    let raw = ground.raw(Role::Admin).await;
    let look = async || ground.db.platform().claim_messages(lane, 1, SPREAD_LEASE).await.expect("a claim").pop();
    // Whoever held it has died, and their time is over.
    let claim = async || {
        let over = "UPDATE outbox SET next_at = created_at WHERE channel = 'spread'";
        raw.execute_unprepared(over).await.expect("time passes");
        look().await.expect("the rest waits")
    };
    // A worker tells some and dies before it says so; another tells the same again, and nobody hears it twice.
    let message = claim().await;
    let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
    let left = tx.spread_outage(message.id, &message.payload, few).await.expect("told").expect("some are left");
    tx.commit().await.expect("kept");
    assert!(look().await.is_none(), "whoever told a page has time for the next");
    assert_eq!(claim().await.payload, left, "whoever comes next goes on from there");
    let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
    let again = tx.spread_outage(message.id, &message.payload, few).await.expect("told").expect("some are left");
    assert_eq!(again, left);
    tx.commit().await.expect("kept");
    let planned = vec![(1, "outage_planned".to_owned())];
    let told = told_each(&ground, &one, &people).await;
    assert_eq!(told.iter().filter(|own| **own == planned).count(), 4);
    assert_eq!(told.iter().filter(|own| own.is_empty()).count(), 3);

    // It changes: whoever heard of it hears of the change, and the others only of what stands now.
    let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
    let second = moved(&one, 2);
    let recorded = tx.record_outage(&second, "feed", NOW).await.expect("recorded");
    assert!(matches!(recorded, Recorded::Changed(_)));
    tx.match_outage(&second, people[0].1.contract_since).await.expect("matched");
    assert_eq!(tx.queue_outage_notices(&second, Telling::Changed, few).await.expect("queued").mail, 7);
    assert_eq!(tx.spread_outage(message.id, &left, few).await.expect("asked"), None, "the first version is over");
    tx.commit().await.expect("kept");
    let words = Rendered { subject: String::new(), body_text: String::new(), body_html: String::new() };
    let done = (message, Left { words, receipt: None, parts: None });
    ground.db.platform().messages_sent(&[done]).await.expect("recorded");
    loop {
        let message = claim().await;
        let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
        let left = tx.spread_outage(message.id, &message.payload, few).await.expect("told");
        tx.commit().await.expect("kept");
        if left.is_none() {
            break;
        }
    }
    let told = told_each(&ground, &one, &people).await;
    let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
    let changed = vec![(1, "outage_planned".to_owned()), (2, "outage_changed".to_owned())];
    assert_eq!(told.iter().filter(|own| **own == changed).count(), 4, "{told:?}");
    assert_eq!(told.iter().filter(|own| **own == [(2, "outage_planned".to_owned())]).count(), 3, "{told:?}");
    for (account, point) in &people {
        let inbox = tx.notices_for(*account, point.customer, None, 10).await.expect("an inbox");
        assert!(inbox.len() <= 2, "{inbox:?}");
    }
}

/// Each part has a worker, and one who was believed dead goes on beside the one who came after.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parts_of_a_storm_are_told_side_by_side_and_nobody_hears_it_twice() {
    let (ground, tx, all) = kept().await;
    let (one, people) = storm(&tx, &all, 60).await;
    let single = Manner { points: 1, ..manner(NOW) };
    assert_eq!(tx.queue_outage_notices(&one, Telling::Planned, single).await.expect("queued").mail, 60);
    assert_eq!(tx.told_of_version(one.id, 1).await.expect("a count").mail, 1);
    assert_eq!(tx.points_left_to_tell(one.id, 1).await.expect("a count"), 59, "the parts leave none out");
    let tenant = tx.tenant_id();
    tx.commit().await.expect("kept");

    let lane = Lane::of(tenant, Channel::Spread, "outage_spread");
    let parts = ground.db.platform().claim_messages(lane, 100, SPREAD_LEASE).await.expect("a claim");
    assert_eq!(parts.len(), 5, "of twelve pages each, and a rest");
    let mut workers = tokio::task::JoinSet::new();
    for message in parts.iter().chain(&parts) {
        let (db, message) = (ground.db.tenant(tenant), message.clone());
        workers.spawn(async move {
            let mut left = Some(message.payload.clone());
            while let Some(now) = left {
                let tx = db.begin().await.expect("a transaction");
                left = tx.spread_outage(message.id, &now, single).await.expect("told");
                tx.commit().await.expect("kept");
            }
        });
    }
    workers.join_all().await;
    let words = || Rendered { subject: String::new(), body_text: String::new(), body_html: String::new() };
    let done = parts.into_iter().map(|part| (part, Left { words: words(), receipt: None, parts: None }));
    ground.db.platform().messages_sent(&done.collect::<Vec<_>>()).await.expect("recorded");

    let once = vec![(1, "outage_planned".to_owned())];
    assert!(told_each(&ground, &one, &people).await.iter().all(|told| *told == once));
    let tx = ground.db.tenant(tenant).read().await.expect("a transaction");
    assert_eq!(tx.told_of_version(one.id, 1).await.expect("a count").mail, 60);
    assert_eq!(tx.points_left_to_tell(one.id, 1).await.expect("a count"), 0);
    for (account, point) in &people {
        assert_eq!(tx.notices_for(*account, point.customer, None, 10).await.expect("an inbox").len(), 1);
    }
}

/// Those who tell held its row one beside the other, and a cancellation in the middle of a storm came to nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_in_the_middle_of_a_storm_is_not_overtaken_by_those_who_tell() {
    // On SQLite one writes at a time anyway.
    if !template::is_production() {
        return;
    }
    let (ground, tx, all) = kept().await;
    let (one, _) = storm(&tx, &all, 60).await;
    let single = Manner { points: 1, ..manner(NOW) };
    tx.queue_outage_notices(&one, Telling::Planned, single).await.expect("queued");
    let tenant = tx.tenant_id();
    tx.commit().await.expect("kept");
    let lane = Lane::of(tenant, Channel::Spread, "outage_spread");
    let parts = ground.db.platform().claim_messages(lane, 2, SPREAD_LEASE).await.expect("a claim");
    let begin = async || ground.db.tenant(tenant).begin().await.expect("a transaction");

    // One tells, and a change waits for the end of their page.
    let first = begin().await;
    first.spread_outage(parts[0].id, &parts[0].payload, single).await.expect("told").expect("some are left");
    let (changing, second) = (begin().await, moved(&one, 2));
    let stands = one.clone();
    let change = tokio::spawn(async move {
        let done = changing.decide_outage(&stands, &second, "changed", "desk", NOW).await.expect("decided");
        changing.commit().await.expect("kept");
        done
    });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!change.is_finished(), "it waits for those who tell");
    // Another who would begin a page goes behind it.
    let (behind, part) = (begin().await, parts[1].clone());
    let late = tokio::spawn(async move { behind.spread_outage(part.id, &part.payload, single).await.expect("asked") });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!late.is_finished(), "nobody overtakes the change");
    first.commit().await.expect("kept");
    assert!(change.await.expect("no panic"));
    assert_eq!(late.await.expect("no panic"), None, "the first version is over");
}

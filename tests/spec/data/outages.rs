//! Outages in the rows: a version is kept once, whom it touches is found by index, and who was told of it is told of what becomes of it.
use super::explain::Engine;
use super::ground::{Ground, Role};
use super::plans::Heard;
use super::whole::{Whole, whole};
use crate::support::{OutageMessage, outage_messages};
use busbar::data::*;
use busbar::domain::customers::Customer;
use busbar::domain::features::Feature;
use busbar::domain::ids::*;
use busbar::domain::notices::{Channel, Lane};
use busbar::domain::outages::{Areas, Channels, Numbers, Outage, OutageKind, Parcel, Place, Source};
use busbar::domain::supply_points::SupplyPoint;
use sea_orm::{ConnectionTrait, Statement, Value};
use serde_json::json;
use time::macros::{date, datetime};
use time::{Duration, OffsetDateTime};

const NOW: OffsetDateTime = datetime!(2026-11-24 12:00 UTC);
fn manner(now: OffsetDateTime) -> Manner<'static> {
    Manner {
        channels: Channels { mail: true, sms: true },
        language: "cs",
        now,
        today: date!(2026 - 11 - 24),
        points: 1_000,
    }
}

pub fn outage(number: &str, areas: Areas) -> Outage {
    Outage {
        id: OutageId::new(),
        source: Source::Distributor,
        number: number.into(),
        version: 1,
        kind: OutageKind::Planned,
        starts_at: datetime!(2026-12-20 07:00 UTC),
        ends_at: datetime!(2026-12-20 11:00 UTC),
        is_cancelled: false,
        reason: "Údržba \"vedení\"".into(),
        place: "Lhota".into(),
        distributor: "ČEZ Distribuce".into(),
        announced_at: NOW,
        areas,
    }
}

pub fn by_ean(point: &SupplyPoint) -> Areas {
    Areas { eans: vec![point.code.clone()], ..Areas::default() }
}

pub fn wish(account: AccountId, point: &SupplyPoint, channel: &str) -> OutageSubscription {
    OutageSubscription {
        account,
        customer: point.customer,
        supply_point: point.id,
        channel: channel.into(),
        is_on: true,
        token: format!("{account}{}{channel}", point.id),
        created_at: NOW,
    }
}

/// A row in every table of outages.
pub async fn fill(
    tx: &TenantTx,
    account: AccountId,
    customer: CustomerId,
    points: &[SupplyPoint],
    staff: StaffId,
    at: OffsetDateTime,
) -> Result<(), Error> {
    let one = outage(&customer.to_string(), by_ean(&points[0]));
    tx.record_outage(&one, "žofie", at).await?;
    tx.match_outage(&one, points[0].contract_since).await?;
    tx.set_outage_subscription(&wish(account, &points[0], "mail")).await?;
    let told = tx.queue_outage_notices(&one, Telling::Planned, manner(at)).await?;
    assert_eq!(told.mail, 1, "the notice has nobody to go to");
    let feed = CalendarFeed { id: CalendarFeedId::new(), account, customer, created_at: at, revoked_at: None };
    let hash: [u8; 32] = std::array::from_fn(|place| account.0.as_bytes()[place % 16]);
    tx.add_calendar_feed(&feed, &hash).await?;
    let import = OutageImport {
        id: OutageImportId::new(),
        file_hash: vec![7; 32],
        file_name: "odstávky.csv".into(),
        content: "{}".into(),
        counts: json!({}),
        staff,
        created_at: at,
        kept_at: None,
    };
    tx.lay_outage_import_by(&import).await?;
    let key = ApiKey {
        id: ApiKeyId::new(),
        name: "dispečink".into(),
        scope: Some(Feature::OutageAlertPlanned),
        staff,
        created_at: at,
        last_used_at: None,
        revoked_at: None,
    };
    tx.add_api_key(&key, &hash).await?;
    let reply = ApiReply { request_hash: vec![1; 32], status: 200, body: "{}".into() };
    assert!(tx.keep_api_reply(key.id, "one", &reply, at).await?);
    assert_eq!(tx.api_reply(key.id, "one").await?, Some(reply));
    Ok(())
}

async fn kept() -> (Ground, TenantTx, Whole) {
    let (ground, tenant, _) = Ground::with_two().await;
    let all = whole();
    let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
    all.write(&tx).await.expect("a row in every table");
    (ground, tx, all)
}

fn moved(one: &Outage, version: i32) -> Outage {
    Outage { version, starts_at: one.starts_at + Duration::HOUR, ..one.clone() }
}

#[tokio::test]
async fn a_version_is_kept_once_and_an_older_one_changes_nothing() {
    let (_ground, tx, all) = kept().await;
    let one = outage("1", by_ean(&all.points[0]));
    let record = async |one: &Outage| tx.record_outage(one, "feed", NOW).await.expect("recorded");
    assert_eq!(record(&one).await, Recorded::New(one.id));
    assert_eq!(record(&Outage { id: OutageId::new(), ..one.clone() }).await, Recorded::Same(one.id));
    assert_eq!(record(&moved(&one, 1)).await, Recorded::Differs(one.id));
    let third = Outage { id: OutageId::new(), ..moved(&one, 3) };
    assert_eq!(record(&third).await, Recorded::Changed(Box::new(one.clone())));
    assert_eq!(record(&moved(&one, 2)).await, Recorded::Older { stands: 3 });
    let stands = tx.outage(one.id).await.expect("there");
    assert_eq!(stands, Outage { id: one.id, version: 2, ..third });
    let versions = tx.versions_of_outage(&stands).await.expect("a history");
    assert_eq!(versions.iter().map(|one| one.outage.version).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(versions[1].outage, one);
}

#[tokio::test]
async fn points_are_found_by_ean_by_address_and_by_parcel() {
    let (ground, tx, all) = kept().await;
    let (point, day) = (&all.points[0], all.points[0].contract_since);
    let parcel = Parcel { cadastral_code: "673412".into(), plot: "12/3".into() };
    let tenant = tx.tenant_id();
    tx.commit().await.expect("kept");
    // Whoever fills the supplier's supply points gives them their parcels.
    let raw = ground.raw(Role::Admin).await;
    let values: [Value; 3] = [parcel.cadastral_code.clone().into(), parcel.plot.clone().into(), point.id.0.into()];
    let sql = "UPDATE supply_points SET cadastral_code = $1, plot = $2 WHERE id = $3";
    let set = Statement::from_sql_and_values(raw.get_database_backend(), sql, values);
    raw.execute_raw(set).await.expect("set");
    let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
    let town = Place { municipality: point.address.city.to_uppercase(), ..Place::default() };
    let number: String =
        point.address.street.rsplit(' ').next().expect("a number").chars().take_while(char::is_ascii_digit).collect();
    let street = point.address.street.rsplit_once(' ').expect("a street").0.to_owned();
    let door = Place { street, house_numbers: Numbers::parse(&number).expect("a number"), ..town.clone() };
    let other = Place { house_numbers: Numbers::parse("99998-99999").expect("numbers"), ..door.clone() };
    let at = |place: &Place| Areas { addresses: vec![place.clone()], ..Areas::default() };
    let on = |parcel: &Parcel| Areas { parcels: vec![parcel.clone()], ..Areas::default() };
    let nobody = Areas { eans: vec!["859182400900000099".into()], ..Areas::default() };
    let cases = [
        (by_ean(point), Some("ean")),
        (at(&town), Some("address")),
        (at(&door), Some("address")),
        (on(&parcel), Some("parcel")),
        (Areas { eans: vec![point.code.clone()], ..at(&town) }, Some("ean")),
        (at(&other), None),
        (nobody, None),
        // Gas does not go out with the electricity.
        (by_ean(&all.points[1]), None),
    ];
    for (place, (areas, how)) in cases.into_iter().enumerate() {
        let one = outage(&place.to_string(), areas);
        tx.record_outage(&one, "feed", NOW).await.expect("recorded");
        let count = tx.match_outage(&one, day).await.expect("matched");
        let touched = tx.affected_points(one.id, 50).await.expect("a list");
        assert_eq!(
            touched.first.iter().map(|one| one.how.as_str()).collect::<Vec<_>>(),
            Vec::from_iter(how),
            "{place}"
        );
        assert_eq!((count, touched.count), (how.iter().count() as u64, how.iter().count() as i64));
    }
    let before = outage("before", by_ean(point));
    tx.record_outage(&before, "feed", NOW).await.expect("recorded");
    assert_eq!(tx.match_outage(&before, day - Duration::DAY).await.expect("matched"), 0);
}

#[tokio::test]
async fn of_a_change_learns_who_was_told_and_of_a_cancellation_too() {
    let (ground, tx, all) = kept().await;
    let point = &all.points[0];
    let one = outage("1", by_ean(point));
    let queue = async |one: &Outage, what| {
        tx.record_outage(one, "feed", NOW).await.expect("recorded");
        tx.match_outage(one, point.contract_since).await.expect("matched");
        tx.queue_outage_notices(one, what, manner(NOW)).await.expect("queued")
    };
    assert_eq!(queue(&one, Telling::Planned).await, Told { mail: 1, sms: 0 });
    assert_eq!(queue(&one, Telling::Planned).await, Told { mail: 1, sms: 0 }, "once for each version");
    // Whoever wants an SMS only from now on learns of the changed one as of a new one.
    tx.change_account_phone(all.account.id, Some("+420600100200")).await.expect("a telephone");
    tx.set_outage_subscription(&wish(all.account.id, point, "sms")).await.expect("a wish");
    let second = moved(&one, 2);
    assert_eq!(queue(&second, Telling::Changed).await, Told { mail: 1, sms: 1 });
    let third = Outage { areas: by_ean(&all.points[1]), ..moved(&one, 3) };
    assert_eq!(queue(&third, Telling::Changed).await, Told { mail: 1, sms: 1 }, "it does not touch them any more");
    let fourth = Outage { is_cancelled: true, ..moved(&third, 4) };
    assert_eq!(queue(&fourth, Telling::Cancelled).await, Told::default(), "they know already");
    assert!(!tx.remove_outage(one.id).await.expect("asked"));
    tx.commit().await.expect("kept");
    let messages = outage_messages(ground.raw(Role::Admin).await, one.id).await;
    let kinds: Vec<(i32, &str, &str)> =
        messages.iter().map(|one| (one.version, one.channel.as_str(), one.kind.as_str())).collect();
    let told = [
        (1, "mail", "outage_planned"),
        (2, "mail", "outage_changed"),
        (2, "sms", "outage_planned"),
        (3, "mail", "outage_cancelled"),
        (3, "sms", "outage_cancelled"),
    ];
    assert_eq!(kinds, told);
    let payload = &messages[0].payload;
    assert_eq!(payload["starts_at"], "2026-12-20T07:00:00Z");
    assert_eq!((&payload["duration_minutes"], &payload["reason"]), (&json!(240), &json!("Údržba \"vedení\"")));
    assert_eq!(payload["point_name"], format!("{}, {}", point.address.street, point.address.city));
    assert_eq!(payload["off"], format!("/outages/off?token={}", wish(all.account.id, point, "mail").token));
}

#[tokio::test]
async fn who_turned_it_off_is_not_told_and_what_nobody_was_told_of_can_go() {
    let (_ground, tx, all) = kept().await;
    let point = &all.points[0];
    let token = wish(all.account.id, point, "mail").token;
    assert!(tx.turn_outage_subscription_off(&token).await.expect("asked"));
    assert!(!tx.turn_outage_subscription_off(&token).await.expect("asked"), "it is off");
    let one = outage("1", by_ean(point));
    tx.record_outage(&one, "feed", NOW).await.expect("recorded");
    tx.match_outage(&one, point.contract_since).await.expect("matched");
    let told = tx.queue_outage_notices(&one, Telling::Planned, manner(NOW)).await.expect("queued");
    assert_eq!(told, Told::default());
    assert!(tx.remove_outage(one.id).await.expect("asked"));
    assert!(matches!(tx.outage(one.id).await, Err(Error::NotFound)));
}

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
    let people = neighbours(&tx, &all, 40).await;
    let eans = people.iter().map(|(_, point)| point.code.clone()).collect();
    let one = outage("storm", Areas { eans, ..Areas::default() });
    tx.record_outage(&one, "feed", NOW).await.expect("recorded");
    tx.match_outage(&one, people[0].1.contract_since).await.expect("matched");
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
    let people = neighbours(&tx, &all, 7).await;
    let eans = people.iter().map(|(_, point)| point.code.clone()).collect();
    let one = outage("many", Areas { eans, ..Areas::default() });
    tx.record_outage(&one, "feed", NOW).await.expect("recorded");
    assert_eq!(tx.match_outage(&one, people[0].1.contract_since).await.expect("matched"), 7);
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
    let people = neighbours(&tx, &all, 60).await;
    let eans = people.iter().map(|(_, point)| point.code.clone()).collect();
    let one = outage("parts", Areas { eans, ..Areas::default() });
    tx.record_outage(&one, "feed", NOW).await.expect("recorded");
    tx.match_outage(&one, people[0].1.contract_since).await.expect("matched");
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

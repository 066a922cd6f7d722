//! Outages in the rows: a version is kept once, whom it touches is found by index, and who was told of it is told of what becomes of it.
use super::ground::{Ground, Role};
use super::whole::{Whole, whole};
use crate::support::outage_messages;
use busbar::data::*;
use busbar::domain::features::Feature;
use busbar::domain::ids::*;
use busbar::domain::outages::{Areas, Channels, Numbers, Outage, OutageKind, Parcel, Place, Source};
use busbar::domain::supply_points::SupplyPoint;
use sea_orm::{ConnectionTrait, Statement, Value};
use serde_json::json;
use time::macros::{date, datetime};
use time::{Duration, OffsetDateTime};

pub const NOW: OffsetDateTime = datetime!(2026-11-24 12:00 UTC);
pub fn manner(now: OffsetDateTime) -> Manner<'static> {
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

pub async fn kept() -> (Ground, TenantTx, Whole) {
    let (ground, tenant, _) = Ground::with_two().await;
    let all = whole();
    let tx = ground.db.tenant(tenant).begin().await.expect("a transaction");
    all.write(&tx).await.expect("a row in every table");
    (ground, tx, all)
}

pub fn moved(one: &Outage, version: i32) -> Outage {
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

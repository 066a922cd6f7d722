//! What happens with outages unasked: supply points get the keys they are found by, and what calls and files left behind goes.
use super::Ground;
use busbar::app::state;
use busbar::backends::clock::Clock;
use busbar::data::{ApiReply, OutageImport};
use busbar::domain::features::Feature;
use busbar::domain::ids::{ApiKeyId, OutageImportId, StaffId};
use busbar::jobs::{self, JobServices};
use sea_orm::ConnectionTrait;
use serde_json::json;
use time::Duration;

fn jobs_later(ground: &Ground, later: Duration) -> JobServices {
    let jobs = state::job_services(&ground.app.config, &ground.app.services).expect("the ways out");
    JobServices { clock: Clock::fixed(ground.app.services.clock.now() + later), ..jobs }
}

async fn a_clerk(ground: &Ground) -> StaffId {
    ground.tx().await.staff_list().await.expect("a list")[0].id
}

#[tokio::test]
async fn an_answer_is_kept_a_week_and_a_file_nobody_confirms_a_day() {
    let ground = Ground::new().await;
    let (now, staff) = (ground.app.services.clock.now(), a_clerk(&ground).await);
    let key = busbar::data::ApiKey {
        id: ApiKeyId::new(),
        name: "Dispečink".into(),
        scope: Some(Feature::OutageAlertPlanned),
        staff,
        created_at: now,
        last_used_at: None,
        revoked_at: None,
    };
    let tx = ground.tx().await;
    tx.add_api_key(&key, &[7; 32]).await.expect("a key");
    let reply = ApiReply { request_hash: vec![1; 32], status: 200, body: "{}".into() };
    for (name, at) in [("old", now - Duration::days(4)), ("young", now)] {
        assert!(tx.keep_api_reply(key.id, name, &reply, at).await.expect("kept"));
    }
    let file = |hash: u8, kept_at| OutageImport {
        id: OutageImportId::new(),
        file_hash: vec![hash; 32],
        file_name: "odstavky.csv".into(),
        content: "text".into(),
        counts: json!({}),
        staff,
        created_at: now,
        kept_at,
    };
    let (kept, open) = (file(1, Some(now)), file(2, None));
    tx.lay_outage_import_by(&kept).await.expect("laid by");
    tx.lay_outage_import_by(&open).await.expect("laid by");
    tx.commit().await.expect("kept");

    let forget =
        async |later: Duration| jobs::forget_replies_and_imports_now(&jobs_later(&ground, later)).await.expect("done");
    assert_eq!(forget(Duration::hours(23)).await, 0);
    assert_eq!(forget(Duration::days(3) + Duration::MINUTE).await, 2, "the old answer and the open file");
    assert_eq!(forget(Duration::days(3) + Duration::MINUTE).await, 0);
    let tx = ground.tx().await;
    assert_eq!(tx.api_reply(key.id, "old").await.expect("asked"), None);
    assert_eq!(tx.api_reply(key.id, "young").await.expect("asked"), Some(reply));
    assert!(tx.kept_outage_import(&kept.file_hash).await.expect("asked").is_some(), "what was kept is remembered");
    assert!(tx.keep_outage_import(open.id, staff, now).await.expect("asked").is_none());
}

#[tokio::test]
async fn points_without_keys_get_them_from_the_timetable() {
    let mut ground = Ground::new().await;
    let raw = sea_orm::Database::connect(ground.app.admin_url()).await.expect("the database");
    raw.execute_unprepared("UPDATE supply_points SET town_key = NULL, street_key = NULL").await.expect("forgotten");
    _ = raw.close().await;
    let mut form = ground.form(20);
    for (name, value) in [("eans", String::new()), ("addresses", ground.point.address.city.clone())] {
        form.iter_mut().find(|one| one.0 == name).expect("a field").1 = value;
    }
    let none = ground.send("/operator/outages/new", &form, "review").await;
    assert!(none.text().contains("Netýká se žádného"), "{}", none.text());
    let keyed = jobs::key_supply_points_now(&jobs_later(&ground, Duration::ZERO)).await.expect("done");
    assert!(keyed > 0);
    assert_eq!(jobs::key_supply_points_now(&jobs_later(&ground, Duration::ZERO)).await.expect("done"), 0);
    let some = ground.send("/operator/outages/new", &form, "review").await;
    assert_eq!(some.status, 200);
    assert!(!some.text().contains("Netýká se žádného"), "{}", some.text());
}

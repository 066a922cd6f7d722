//! An outage that concerns many: the first are told with it, the workers tell the rest, and the desk sees how far they are.
use super::{Ground, wish};
use crate::support::ids_of;
use busbar::app::state;
use busbar::data::{Manner, Telling};
use busbar::domain::ids::OutageId;
use busbar::domain::outages::{Areas, Outage, OutageKind, Source};
use busbar::domain::supply_points::{Commodity, SupplyPoint};
use busbar::jobs;
use time::Duration;

/// Everybody of the demo who has electricity wants to be told by mail.
async fn all_want_to_know(ground: &Ground) -> Vec<SupplyPoint> {
    let book = ground.app.book.tenants.iter().find(|tenant| tenant.slug == "eon").expect("there");
    let tx = ground.tx().await;
    let mut points = Vec::new();
    for one in &book.customers {
        let (account, customer) = ids_of(&tx, &one.username).await;
        let all = tx.supply_points_of(customer).await.expect("points");
        let lit = |point: &&SupplyPoint| point.commodity == Commodity::Electricity && point.contract_until.is_none();
        let Some(point) = all.iter().find(lit) else { continue };
        let token = format!("off-{}", one.username);
        tx.set_outage_subscription(&wish(account, point, &token)).await.expect("a wish");
        points.push(point.clone());
    }
    tx.commit().await.expect("kept");
    points
}

#[tokio::test]
async fn the_rest_is_told_by_the_workers_and_the_desk_sees_how_far_they_are() {
    let mut ground = Ground::new().await;
    let points = all_want_to_know(&ground).await;
    assert!(points.len() > 3, "the demo has people");
    let now = ground.app.services.clock.now();
    let one = Outage {
        id: OutageId::new(),
        source: Source::Desk,
        number: "mnoho".into(),
        version: 1,
        kind: OutageKind::Planned,
        starts_at: now + Duration::days(20),
        ends_at: now + Duration::days(20) + Duration::hours(4),
        is_cancelled: false,
        reason: String::new(),
        place: "Všude".into(),
        distributor: String::new(),
        announced_at: now,
        areas: Areas { eans: points.iter().map(|point| point.code.clone()).collect(), ..Areas::default() },
    };
    let tx = ground.tx().await;
    tx.record_outage(&one, "feed", now).await.expect("recorded");
    tx.match_outage(&one, ground.day(20)).await.expect("matched");
    let tenant = ground.app.services.registry.by_slug("eon").expect("it serves");
    let manner = Manner { channels: tenant.outage_channels(), language: "cs", now, today: ground.day(0), points: 2 };
    let counted = tx.queue_outage_notices(&one, Telling::Planned, manner).await.expect("queued");
    tx.commit().await.expect("kept");
    let path = format!("/operator/outages/{}", one.id);
    let page = ground.clerk.get(&path).await;
    assert!(page.text().contains("Rozesílá se"), "{}", page.text());
    assert!((ground.told(one.id).await.len() as i64) < counted.all(), "not all yet");

    let services = state::job_services(&ground.app.config, &ground.app.services).expect("the ways out");
    jobs::deliver_now(&services).await.expect("delivered");
    assert_eq!(ground.told(one.id).await.len() as i64, counted.all(), "each once");
    let page = ground.clerk.get(&path).await;
    assert!(!page.text().contains("Rozesílá se"), "{}", page.text());
    let messages = ground.clerk.get("/operator/messages").await;
    assert_eq!(messages.status, 200);
    assert!(
        messages.body.contains("/operator/messages/") && !messages.body.contains("outage_spread"),
        "it is nobody's"
    );
}

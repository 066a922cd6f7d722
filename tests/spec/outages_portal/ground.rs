//! A supplier who tells of outages, its first demo customer, and outages at that customer's supply point.
use crate::support::TestApp;
use busbar::data::{Manner, Telling, TenantTx, Told};
use busbar::domain::features::Feature;
use busbar::domain::ids::OutageId;
use busbar::domain::outages::{Areas, Channels, Numbers, Outage, OutageKind, Place, Source};
use busbar::domain::supply_points::{Commodity, SupplyPoint};
use sea_orm::ConnectionTrait;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

pub struct Ground {
    pub app: TestApp,
    /// The customer's first place with electricity.
    pub point: SupplyPoint,
}

/// Of seven hours and a half, three weeks from now, at a whole half hour.
pub fn coming(point: &SupplyPoint, now: OffsetDateTime) -> Outage {
    let half_hours = now.unix_timestamp() / 1_800;
    let half_hour = OffsetDateTime::from_unix_timestamp(half_hours * 1_800).expect("a moment of this century");
    Outage {
        id: OutageId::new(),
        source: Source::Distributor,
        number: "110060912345".into(),
        version: 1,
        kind: OutageKind::Planned,
        starts_at: half_hour + Duration::days(21),
        ends_at: half_hour + Duration::days(21) + Duration::minutes(450),
        is_cancelled: false,
        reason: "Údržba vedení".into(),
        place: point.address.city.clone(),
        distributor: point.distributor.clone(),
        announced_at: now,
        areas: Areas { eans: vec![point.code.clone()], ..Areas::default() },
    }
}

/// The same place by street and town, as distributors list it, with one more street.
pub fn by_address(point: &SupplyPoint) -> Areas {
    let street = point.address.street.rsplit_once(' ').map_or("", |(street, _)| street);
    let number: String =
        point.address.street.rsplit(' ').next().unwrap_or("").chars().take_while(char::is_ascii_digit).collect();
    let here = Place {
        municipality: point.address.city.clone(),
        street: street.into(),
        house_numbers: Numbers::parse(&number).expect("a number"),
        ..Place::default()
    };
    let there = Place { street: "Zkušební".into(), house_numbers: Numbers::default(), ..here.clone() };
    Areas { addresses: vec![here, there], ..Areas::default() }
}

impl Ground {
    pub async fn of() -> Ground {
        let app = TestApp::start().await;
        forget_the_demos(&app).await;
        let tx = begin(&app).await;
        let number = &app.book.tenants.iter().find(|tenant| tenant.slug == "eon").expect("E.ON").customers[0].number;
        let customer = tx.find_customers(number, 1).await.expect("found").remove(0).id;
        let points = tx.supply_points_of(customer).await.expect("points");
        drop(tx);
        let point = points.into_iter().find(|point| point.commodity == Commodity::Electricity).expect("electricity");
        Ground { app, point }
    }

    pub fn now(&self) -> OffsetDateTime {
        self.app.services.clock.now()
    }

    /// Recorded as a feed would, and told to whoever wants to know by the ways the supplier has.
    pub async fn record(&self, one: &Outage) -> Told {
        let tenant = self.app.services.registry.by_slug("eon").expect("E.ON");
        let channels =
            Channels { mail: tenant.has(Feature::OutageAlertEmail), sms: tenant.has(Feature::OutageAlertSms) };
        let what = match one {
            one if one.is_cancelled => Telling::Cancelled,
            one if one.version > 1 => Telling::Changed,
            _ => Telling::Planned,
        };
        let now = self.now();
        let tx = begin(&self.app).await;
        tx.record_outage(one, "feed", now).await.expect("recorded");
        tx.match_outage(one, now.date()).await.expect("matched");
        let told = tx
            .queue_outage_notices(one, what, Manner { channels, language: "cs", now, today: now.date(), points: 1_000 })
            .await
            .expect("told");
        tx.commit().await.expect("kept");
        told
    }

    /// The names of the boxes of this point.
    pub fn boxes(&self) -> (String, String) {
        (format!("mail-{}", self.point.id), format!("sms-{}", self.point.id))
    }
}

/// What the demo tells of outages would be counted along.
async fn forget_the_demos(app: &TestApp) {
    let raw = sea_orm::Database::connect(app.admin_url()).await.expect("the database");
    let all = "DELETE FROM outage_notices; DELETE FROM outage_points; DELETE FROM outage_areas; DELETE FROM outage_versions; \
               DELETE FROM outage_subscriptions; DELETE FROM outages; DELETE FROM notices; \
               DELETE FROM outbox WHERE kind LIKE 'outage%'";
    raw.execute_unprepared(all).await.expect("forgotten");
    _ = raw.close().await;
}

pub async fn begin(app: &TestApp) -> TenantTx {
    let tenant = Arc::clone(&app.services.registry.by_slug("eon").expect("E.ON"));
    app.services.db.tenant(tenant.id).begin().await.expect("a transaction")
}

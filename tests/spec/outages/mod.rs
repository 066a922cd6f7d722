//! Outages: from the distributor's words to whom they touch and who is told.
pub mod api;
mod chores;
mod desk;
mod import;
mod spread;

use crate::support::{Browser, TestApp, ids_of, outage_messages};
use busbar::data::{OutageSubscription, TenantTx};
use busbar::domain::ids::{AccountId, OutageId, TenantId};
use busbar::domain::outages::Source;
use busbar::domain::supply_points::{Commodity, SupplyPoint};
use busbar::tenancy::Content;
use std::sync::Arc;
use time::{Date, Duration, OffsetDateTime};

/// The demo's first customer of a supplier, who wants to be told by mail, and their electricity.
pub struct Ground {
    pub app: TestApp,
    pub clerk: Browser,
    pub tenant: TenantId,
    pub point: SupplyPoint,
    /// Of the link that turns the wish off.
    pub token: String,
}

/// To be told by mail.
fn wish(account: AccountId, point: &SupplyPoint, token: &str) -> OutageSubscription {
    OutageSubscription {
        account,
        customer: point.customer,
        supply_point: point.id,
        channel: "mail".into(),
        is_on: true,
        token: token.into(),
        created_at: OffsetDateTime::UNIX_EPOCH,
    }
}

impl Ground {
    pub async fn new() -> Ground {
        Self::on(TestApp::start().await).await
    }

    pub async fn on(app: TestApp) -> Ground {
        let mut clerk = app.operator("eon", "clerk").await;
        // The form's token.
        clerk.get("/operator/outages/new").await;
        let tenant = app.services.registry.all().iter().find(|tenant| tenant.slug == "eon").expect("there").id;
        let book = app.book.tenants.iter().find(|tenant| tenant.slug == "eon").expect("there");
        let username = book.customers[0].username.clone();
        let tx = app.services.db.tenant(tenant).begin().await.expect("a transaction");
        let (account, customer) = ids_of(&tx, &username).await;
        let points = tx.supply_points_of(customer).await.expect("points");
        let point = points.into_iter().find(|point| point.commodity == Commodity::Electricity).expect("electricity");
        tx.set_outage_subscription(&wish(account, &point, "the-way-out")).await.expect("a wish");
        // The demo's own wish keeps its token.
        let wishes = tx.outage_subscriptions_of(account, customer).await.expect("wishes");
        let token = wishes.into_iter().find(|one| one.supply_point == point.id).expect("the wish").token;
        tx.commit().await.expect("kept");
        Ground { app, clerk, tenant, point, token }
    }

    pub async fn tx(&self) -> TenantTx {
        self.app.services.db.tenant(self.tenant).begin().await.expect("a transaction")
    }

    /// The supplier's document with a section more.
    pub fn take(&self, section: &str) {
        let services = &self.app.services;
        let tenant = services.registry.by_slug("eon").expect("E.ON");
        let document = format!("{}\n{section}", tenant.document_text);
        let content = Content { document, policy: tenant.policy_text.clone(), toggles: tenant.toggles.clone() };
        let changed = services.compiler.compile(tenant.id, tenant.revision, tenant.state, &content);
        services.registry.publish(Arc::new(changed.expect("compiled"))).expect("published");
    }

    /// A day so many days ahead.
    pub fn day(&self, ahead: i64) -> Date {
        self.app.services.clock.today("Europe/Prague") + Duration::days(ahead)
    }

    /// What waits in the outbox for an outage: version, kind.
    pub async fn told(&self, id: OutageId) -> Vec<(i32, String)> {
        let raw = sea_orm::Database::connect(self.app.admin_url()).await.expect("the database");
        outage_messages(raw, id).await.into_iter().map(|one| (one.version, one.kind)).collect()
    }

    pub async fn queued(&self, number: &str) -> Vec<(i32, String)> {
        for source in [Source::Distributor, Source::Desk] {
            if let Some(one) = self.tx().await.outage_by_number(source, number).await.expect("a lookup") {
                return self.told(one.id).await;
            }
        }
        Vec::new()
    }
}

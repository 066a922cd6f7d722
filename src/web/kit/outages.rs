//! Keeping outages, whatever way they came: each version is kept once, whom it touches is found, and who wants to know is told, all in the
//! transaction of whoever calls. What is not committed was only a look.
use crate::data::{Channels, Error, Recorded, Telling, TenantTx, Told};
use crate::domain::features::Feature;
use crate::domain::ids::OutageId;
use crate::domain::outages::Outage;
use crate::tenancy::Tenant;
use time::{Date, OffsetDateTime};

/// What became of one outage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    New,
    Changed,
    Cancelled,
    /// It stood already.
    Same,
    /// A newer one stands: nothing was done.
    Older(i32),
    /// The same version said something else: nothing may be done.
    Differs,
}

#[derive(Clone, Debug)]
pub struct Kept {
    pub id: OutageId,
    pub fate: Fate,
    /// Supply points it touches.
    pub points: i64,
    pub told: Told,
}

/// For whom, by whom and when.
pub struct Keeper<'a> {
    pub tenant: &'a Tenant,
    /// As the history calls them.
    pub actor: &'a str,
    pub now: OffsetDateTime,
    pub today: Date,
    /// The day of an instant in the supplier's zone.
    pub day_of: &'a (dyn Fn(OffsetDateTime) -> Date + Send + Sync),
}

impl Fate {
    pub fn key(self) -> &'static str {
        match self {
            Fate::New => "new",
            Fate::Changed => "changed",
            Fate::Cancelled => "cancelled",
            Fate::Same => "same",
            Fate::Older(_) => "older",
            Fate::Differs => "differs",
        }
    }
}

pub fn channels(tenant: &Tenant) -> Channels {
    Channels { mail: tenant.has(Feature::OutageAlertEmail), sms: tenant.has(Feature::OutageAlertSms) }
}

impl Keeper<'_> {
    /// `what` is said of a change in its history; a cancellation calls itself so.
    pub async fn keep(&self, tx: &TenantTx, one: &Outage, what: &str) -> Result<Kept, Error> {
        let mut one = one.clone();
        if one.is_cancelled && one.areas.is_empty() {
            // Of what is cancelled, the places are known from before.
            if let Some(stands) = tx.outage_by_number(one.source, &one.number).await? {
                (one.areas, one.place) = (stands.areas, stands.place);
            }
        }
        let what = if one.is_cancelled { "cancelled" } else { what };
        let (id, fate, telling) = match tx.record_outage(&one, what, self.actor, self.now).await? {
            Recorded::New(id) => (
                id,
                if one.is_cancelled { Fate::Cancelled } else { Fate::New },
                (!one.is_cancelled).then_some(Telling::Planned),
            ),
            Recorded::Changed(before) if one.is_cancelled => (before.id, Fate::Cancelled, Some(Telling::Cancelled)),
            Recorded::Changed(before) => (before.id, Fate::Changed, Some(Telling::Changed)),
            Recorded::Same(id) => (id, Fate::Same, None),
            Recorded::Older { stands } => (one.id, Fate::Older(stands), None),
            Recorded::Differs(stands) => (stands.id, Fate::Differs, None),
        };
        let mut kept = Kept { id, fate, points: 0, told: Told::default() };
        if matches!(fate, Fate::Older(_) | Fate::Differs) {
            return Ok(kept);
        }
        one.id = id;
        if fate != Fate::Same {
            tx.match_outage(&one, (self.day_of)(one.starts_at)).await?;
        }
        if let Some(telling) = telling {
            let language = self.tenant.document.locale.default.key();
            kept.told =
                tx.queue_outage_notices(&one, telling, channels(self.tenant), language, self.now, self.today).await?;
        }
        kept.points = tx.affected_points(id, 0).await?.count;
        Ok(kept)
    }
}

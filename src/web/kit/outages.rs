//! Keeping outages, whatever way they came: each version is kept once, whom it touches is found, and who wants to know is told, customers
//! and the supplier's other systems alike, all in the transaction of whoever calls. What is not committed was only a look.
use crate::data::{Error, Manner, Recorded, Telling, TenantTx, Told};
use crate::domain::ids::OutageId;
use crate::domain::outages::{Outage, UNNUMBERED};
use crate::domain::webhooks::Fact;
use crate::tenancy::Tenant;
use serde_json::json;
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime, UtcOffset};

/// Supply points told of in the transaction of the cause; the workers tell the rest.
const AT_ONCE: u32 = 1_000;

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

impl Keeper<'_> {
    /// What a source hands in, and what the desk writes down for the first time.
    pub async fn keep(&self, tx: &TenantTx, one: &Outage) -> Result<Kept, Error> {
        let mut one = one.clone();
        if one.is_cancelled && one.areas.is_empty() {
            // Of what is cancelled, the places are known from before.
            if let Some(stands) = tx.outage_by_number(one.source, &one.number).await? {
                (one.areas, one.place) = (stands.areas, stands.place);
            }
        }
        let undone = |id, fate| Kept { id, fate, points: 0, told: Told::default() };
        let (before, fate) = match tx.record_outage(&one, self.actor, self.now).await? {
            Recorded::New(_) if one.is_cancelled => (None, Fate::Cancelled),
            Recorded::New(_) => (None, Fate::New),
            Recorded::Changed(before) if one.version == UNNUMBERED => {
                // Together with what its source said before.
                one = tx.outage(before.id).await?;
                let fate = if one.is_cancelled { Fate::Cancelled } else { Fate::Changed };
                (Some(before), fate)
            }
            Recorded::Changed(before) if one.is_cancelled => (Some(before), Fate::Cancelled),
            Recorded::Changed(before) => (Some(before), Fate::Changed),
            Recorded::Same(id) => {
                let points = tx.affected_points(id, 0).await?.count;
                return Ok(Kept { points, ..undone(id, Fate::Same) });
            }
            Recorded::Older { stands } => return Ok(undone(one.id, Fate::Older(stands))),
            Recorded::Differs(id) => return Ok(undone(id, Fate::Differs)),
        };
        (one.id, one.version) = before.as_ref().map_or((one.id, 1), |before| (before.id, before.version + 1));
        let telling = match (&before, fate) {
            (None, Fate::Cancelled) => None,
            (None, _) => Some(Telling::Planned),
            (Some(_), Fate::Cancelled) => Some(Telling::Cancelled),
            (Some(_), _) => Some(Telling::Changed),
        };
        self.tell(tx, &one, fate, telling).await
    }

    /// What the desk decides over what it looked at; none when that does not stand any more. `what` is said of it in the history; a
    /// cancellation calls itself so.
    pub async fn decide(
        &self,
        tx: &TenantTx,
        stands: &Outage,
        next: &Outage,
        what: &str,
    ) -> Result<Option<Kept>, Error> {
        let (what, fate, telling) = match next.is_cancelled {
            true => ("cancelled", Fate::Cancelled, Telling::Cancelled),
            false => (what, Fate::Changed, Telling::Changed),
        };
        if !tx.decide_outage(stands, next, what, self.actor, self.now).await? {
            return Ok(None);
        }
        self.tell(tx, next, fate, Some(telling)).await.map(Some)
    }

    async fn tell(&self, tx: &TenantTx, one: &Outage, fate: Fate, telling: Option<Telling>) -> Result<Kept, Error> {
        tx.match_outage(one, (self.day_of)(one.starts_at)).await?;
        let mut told = Told::default();
        if let Some(telling) = telling {
            let language = self.tenant.document.locale.default.key();
            let manner = Manner {
                channels: self.tenant.outage_channels(),
                language,
                now: self.now,
                today: self.today,
                points: AT_ONCE,
            };
            told = tx.queue_outage_notices(one, telling, manner).await?;
        }
        let points = tx.affected_points(one.id, 0).await?.count;
        announce(tx, one, fate, points).await?;
        Ok(Kept { id: one.id, fate, points, told })
    }
}

/// As if it never was; false when somebody was told of it already. Other systems heard of it, and hear that it is no more.
pub async fn forget(tx: &TenantTx, stands: &Outage) -> Result<bool, Error> {
    let points = tx.affected_points(stands.id, 0).await?.count;
    if !tx.remove_outage(stands.id).await? {
        return Ok(false);
    }
    if !stands.is_cancelled {
        let gone = Outage { version: stands.version.saturating_add(1), is_cancelled: true, ..stands.clone() };
        announce(tx, &gone, Fate::Cancelled, points).await?;
    }
    Ok(true)
}

/// For webhooks: as it stands now, by our own version of it. What is only looked at goes with its transaction.
async fn announce(tx: &TenantTx, one: &Outage, fate: Fate, points: i64) -> Result<(), Error> {
    let fact = match fate {
        Fate::New => Fact::OutageRecorded,
        Fate::Changed => Fact::OutageChanged,
        Fate::Cancelled => Fact::OutageCancelled,
        Fate::Same | Fate::Older(_) | Fate::Differs => return Ok(()),
    };
    let instant = |at: OffsetDateTime| at.to_offset(UtcOffset::UTC).format(&Rfc3339).unwrap_or_default();
    let data = json!({
        "outage": one.id.to_string(), "number": one.number, "source": one.source.key(), "version": one.version,
        "kind": one.kind.key(), "starts_at": instant(one.starts_at), "ends_at": instant(one.ends_at),
        "place": one.place, "points": points,
    });
    tx.announce(fact, None, data).await
}

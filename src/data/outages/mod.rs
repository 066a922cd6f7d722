//! Outages: what stands now and what each version said. A version is kept once; an older one changes nothing.
mod api_keys;
mod feeds;
mod imports;
mod listed;
mod notices;
mod page;
mod points;
mod subscriptions;

pub use api_keys::{ApiKey, ApiReply};
pub use feeds::CalendarFeed;
pub use imports::OutageImport;
pub use listed::{OutageFilter, OutageRow};
pub use notices::{Manner, SPREAD_LEASE, Telling, Told};
pub use points::{Affected, Touched};
pub use subscriptions::OutageSubscription;

use self::notices::told_name;
use super::error::{Error, odd};
use super::scope::{Hold, TenantEntity, TenantTx};
use crate::domain::ids::OutageId;
use crate::domain::outages::{Areas, Outage, OutageKind, Source, UNNUMBERED};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DeleteMany, QueryOrder, Set, UpdateMany};
use serde_json::{Value as Json, json};
use std::cmp::Ordering;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

mod outage {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "outages")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub source: String,
        pub number: String,
        pub version: i32,
        pub kind: String,
        pub starts_at: TimeDateTimeWithTimeZone,
        pub ends_at: TimeDateTimeWithTimeZone,
        pub is_cancelled: bool,
        pub reason: String,
        pub place: String,
        pub distributor: String,
        pub announced_at: TimeDateTimeWithTimeZone,
        pub areas: String,
        pub created_at: TimeDateTimeWithTimeZone,
        pub changed_at: TimeDateTimeWithTimeZone,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for outage::Entity {
    const TENANT: outage::Column = outage::Column::TenantId;
}
mod version {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "outage_versions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub outage_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i32,
        pub source_version: Option<i32>,
        pub what: String,
        pub content: String,
        pub actor: String,
        pub at: TimeDateTimeWithTimeZone,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for version::Entity {
    const TENANT: version::Column = version::Column::TenantId;
}

/// How often something else may come first.
const RACES: usize = 10;

/// What became of a version that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    New(OutageId),
    /// It stands now; before it, this did.
    Changed(Box<Outage>),
    /// It was handed in before, word for word.
    Same(OutageId),
    /// A newer one was handed in.
    Older {
        stands: i32,
    },
    /// The same number of version said something else.
    Differs(OutageId),
}

/// What one version said, by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutageVersion {
    /// recorded, changed, cancelled, restored.
    pub what: String,
    pub outage: Outage,
    pub actor: String,
    pub at: OffsetDateTime,
}

fn outage_of(row: outage::Model) -> Result<Outage, Error> {
    Ok(Outage {
        id: OutageId(row.id),
        source: Source::parse(&row.source).ok_or_else(|| odd("source", &row.source))?,
        kind: OutageKind::parse(&row.kind).ok_or_else(|| odd("kind", &row.kind))?,
        areas: areas_of(&row.areas)?,
        number: row.number,
        version: row.version,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        is_cancelled: row.is_cancelled,
        reason: row.reason,
        place: row.place,
        distributor: row.distributor,
        announced_at: row.announced_at,
    })
}

fn areas_of(text: &str) -> Result<Areas, Error> {
    serde_json::from_str(text).map_err(|error| Error::Broken(format!("areas of an outage: {error}")))
}

fn areas_text(areas: &Areas) -> Result<String, Error> {
    serde_json::to_string(areas).map_err(|error| Error::Broken(error.to_string()))
}

fn instant_text(at: OffsetDateTime) -> String {
    at.to_offset(time::UtcOffset::UTC).format(&Rfc3339).unwrap_or_default()
}

/// What a version says besides what the row has.
fn content_of(one: &Outage) -> Json {
    json!({
        "kind": one.kind.key(), "starts_at": instant_text(one.starts_at), "ends_at": instant_text(one.ends_at),
        "is_cancelled": one.is_cancelled, "reason": one.reason, "place": one.place, "distributor": one.distributor,
        "announced_at": instant_text(one.announced_at), "areas": one.areas,
    })
}

fn version_of(row: version::Model, standing: &Outage) -> Result<OutageVersion, Error> {
    let content: Json = serde_json::from_str(&row.content).map_err(|_| odd("content", &row.content))?;
    let text = |name: &str| content[name].as_str().unwrap_or_default().to_owned();
    let instant = |name: &str| OffsetDateTime::parse(&text(name), &Rfc3339).map_err(|_| odd(name, &text(name)));
    let areas = serde_json::from_value(content["areas"].clone()).map_err(|_| odd("areas", &row.content))?;
    let outage = Outage {
        id: standing.id,
        source: standing.source,
        number: standing.number.clone(),
        version: row.version,
        kind: OutageKind::parse(&text("kind")).ok_or_else(|| odd("kind", &text("kind")))?,
        starts_at: instant("starts_at")?,
        ends_at: instant("ends_at")?,
        is_cancelled: content["is_cancelled"].as_bool().unwrap_or(false),
        reason: text("reason"),
        place: text("place"),
        distributor: text("distributor"),
        announced_at: instant("announced_at")?,
        areas,
    };
    Ok(OutageVersion { what: row.what, outage, actor: row.actor, at: row.at })
}

impl TenantTx {
    pub async fn outage(&self, id: OutageId) -> Result<Outage, Error> {
        let row = self.find::<outage::Entity>().with(|query| query.filter(outage::Column::Id.eq(id.0)));
        outage_of(row.one().await?.ok_or(Error::NotFound)?)
    }

    pub async fn outage_by_number(&self, source: Source, number: &str) -> Result<Option<Outage>, Error> {
        let row = self.find::<outage::Entity>().with(|query| {
            query.filter(outage::Column::Source.eq(source.key())).filter(outage::Column::Number.eq(number))
        });
        row.one().await?.map(outage_of).transpose()
    }

    /// Newest first.
    pub async fn versions_of_outage(&self, standing: &Outage) -> Result<Vec<OutageVersion>, Error> {
        let rows = self.find::<version::Entity>().with(|query| {
            query.filter(version::Column::OutageId.eq(standing.id.0)).order_by_desc(version::Column::Version)
        });
        rows.all().await?.into_iter().map(|row| version_of(row, standing)).collect()
    }

    /// What a source hands in: anew, or over an older version of its own. `one.version` is the source's number, whatever the desk changed
    /// meanwhile; ours goes up by one with every change. What has no number adds to what its source said last. The id counts only when it is
    /// new. Whom it touches is [`Self::match_outage`]'s to say.
    pub async fn record_outage(&self, one: &Outage, actor: &str, at: OffsetDateTime) -> Result<Recorded, Error> {
        let key = [outage::Column::TenantId, outage::Column::Source, outage::Column::Number];
        let mut handed_in = one.version.max(1);
        let row = outage::ActiveModel {
            id: Set(one.id.0),
            source: Set(one.source.key().to_owned()),
            number: Set(one.number.clone()),
            version: Set(1),
            kind: Set(one.kind.key().to_owned()),
            starts_at: Set(one.starts_at),
            ends_at: Set(one.ends_at),
            is_cancelled: Set(one.is_cancelled),
            reason: Set(one.reason.clone()),
            place: Set(one.place.clone()),
            distributor: Set(one.distributor.clone()),
            announced_at: Set(one.announced_at),
            areas: Set(areas_text(&one.areas)?),
            created_at: Set(at),
            changed_at: Set(at),
            ..Default::default()
        };
        let what = |one: &Outage, otherwise| if one.is_cancelled { "cancelled" } else { otherwise };
        if self.put(row, OnConflict::columns(key).do_nothing().to_owned()).await?.is_some() {
            let first = Outage { version: 1, ..one.clone() };
            self.add_outage_version(&first, Some(handed_in), what(&first, "recorded"), actor, at).await?;
            return Ok(Recorded::New(one.id));
        }
        // Whoever changes it at the same moment goes first; then it is looked at again.
        for _ in 0..RACES {
            let stands = self.outage_by_number(one.source, &one.number).await?.ok_or(Error::NotFound)?;
            let before = self.handed_in(&stands).await?;
            let mut next = Outage { id: stands.id, version: stands.version + 1, ..one.clone() };
            if let Some((newest, said)) = before {
                if one.version == UNNUMBERED {
                    next = said.joined([next]);
                    handed_in = newest + i32::from(!next.says_what(&said));
                }
                match handed_in.cmp(&newest) {
                    Ordering::Less => return Ok(Recorded::Older { stands: newest }),
                    Ordering::Equal if next.says_what(&said) => return Ok(Recorded::Same(stands.id)),
                    Ordering::Equal => return Ok(Recorded::Differs(stands.id)),
                    Ordering::Greater => {}
                }
            }
            if self.change_outage(&stands, &next, at).await? {
                self.add_outage_version(&next, Some(handed_in), what(&next, "changed"), actor, at).await?;
                return Ok(Recorded::Changed(Box::new(stands)));
            }
        }
        Err(Error::Broken(format!("outage {} is changed all the time", one.number)))
    }

    /// What the desk decides over what stands; false when it does not stand like that any more. The version of `next` is the one after.
    pub async fn decide_outage(
        &self,
        stands: &Outage,
        next: &Outage,
        what: &str,
        actor: &str,
        at: OffsetDateTime,
    ) -> Result<bool, Error> {
        if !self.change_outage(stands, next, at).await? {
            return Ok(false);
        }
        self.add_outage_version(next, None, what, actor, at).await?;
        Ok(true)
    }

    /// The newest of what its source handed in, under the source's number.
    async fn handed_in(&self, stands: &Outage) -> Result<Option<(i32, Outage)>, Error> {
        let rows = self.find::<version::Entity>().with(|query| {
            query
                .filter(version::Column::OutageId.eq(stands.id.0))
                .filter(version::Column::SourceVersion.is_not_null())
                .order_by_desc(version::Column::Version)
        });
        let Some(row) = rows.one().await? else { return Ok(None) };
        let number = row.source_version.unwrap_or_default();
        Ok(Some((number, version_of(row, stands)?.outage)))
    }

    /// Only over what was looked at. Those who are telling of it finish their page first; no other page is begun before this is decided.
    async fn change_outage(&self, stands: &Outage, next: &Outage, at: OffsetDateTime) -> Result<bool, Error> {
        self.be_patient().await?;
        self.hold(&told_name(stands.id.0), Hold::Alone).await?;
        let areas = areas_text(&next.areas)?;
        let change = |update: UpdateMany<outage::Entity>| {
            update
                .col_expr(outage::Column::Version, Expr::value(next.version))
                .col_expr(outage::Column::Kind, Expr::value(next.kind.key()))
                .col_expr(outage::Column::StartsAt, Expr::value(next.starts_at))
                .col_expr(outage::Column::EndsAt, Expr::value(next.ends_at))
                .col_expr(outage::Column::IsCancelled, Expr::value(next.is_cancelled))
                .col_expr(outage::Column::Reason, Expr::value(next.reason.clone()))
                .col_expr(outage::Column::Place, Expr::value(next.place.clone()))
                .col_expr(outage::Column::Distributor, Expr::value(next.distributor.clone()))
                .col_expr(outage::Column::AnnouncedAt, Expr::value(next.announced_at))
                .col_expr(outage::Column::Areas, Expr::value(areas))
                .col_expr(outage::Column::ChangedAt, Expr::value(at))
                .filter(outage::Column::Id.eq(stands.id.0))
                .filter(outage::Column::Version.eq(stands.version))
        };
        Ok(self.change(change).await? == 1)
    }

    async fn add_outage_version(
        &self,
        one: &Outage,
        handed_in: Option<i32>,
        what: &str,
        actor: &str,
        at: OffsetDateTime,
    ) -> Result<(), Error> {
        let row = version::ActiveModel {
            outage_id: Set(one.id.0),
            version: Set(one.version),
            source_version: Set(handed_in),
            what: Set(what.to_owned()),
            content: Set(content_of(one).to_string()),
            actor: Set(actor.to_owned()),
            at: Set(at),
            ..Default::default()
        };
        self.add(vec![row]).await
    }

    /// As if it never was; false when somebody was told of it already.
    pub async fn remove_outage(&self, id: OutageId) -> Result<bool, Error> {
        self.outage(id).await?;
        if self.was_outage_told(id).await? {
            return Ok(false);
        }
        let own = |delete: DeleteMany<outage::Entity>| delete.filter(outage::Column::Id.eq(id.0));
        Ok(self.remove(own).await? == 1)
    }
}

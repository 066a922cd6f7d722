//! Who is told of an outage. The first thousand are told in the transaction of their cause; for the rest it leaves a few messages, each of
//! some of the customers, that the workers turn into theirs side by side, so that nobody waits at the desk for half a million. Of a change
//! and a cancellation learns who was told before; whom it newly touches learns of it as of a new one.
use super::instant_text;
use crate::data::error::{Error, odd};
use crate::data::outbox::NewMessage;
use crate::data::scope::{Hold, TenantTx};
use crate::domain::ids::{MessageId, OutageId};
use crate::domain::notices::Channel;
use crate::domain::outages::{Channels, Outage, OutageKind};
use sea_orm::entity::prelude::Uuid;
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use time::{Date, Duration, OffsetDateTime};

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Telling {
    Planned,
    Changed,
    Cancelled,
}

impl Telling {
    /// The notice's name in the outbox.
    pub fn key(self) -> &'static str {
        match self {
            Telling::Planned => "outage_planned",
            Telling::Changed => "outage_changed",
            Telling::Cancelled => "outage_cancelled",
        }
    }
}

/// How many messages of which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub mail: i64,
    pub sms: i64,
}

impl Told {
    pub fn all(self) -> i64 {
        self.mail + self.sms
    }
}

/// Time to tell a page; whoever has died in it is followed by another worker then.
pub const SPREAD_LEASE: Duration = Duration::seconds(15);

/// By which ways, in which language and when it is told.
#[derive(Clone, Copy, Debug)]
pub struct Manner<'a> {
    pub channels: Channels,
    pub language: &'a str,
    pub now: OffsetDateTime,
    /// In the supplier's zone.
    pub today: Date,
    /// Of about so many supply points in this transaction; a customer's are never parted.
    pub points: u32,
}

/// A worker's part is of at least so many pages; and no version is parted among more.
const PART_PAGES: u32 = 12;
const MOST_PARTS: usize = 16;

/// A version on its way to some of those it concerns; what is left of it lies in the outbox as a message of [`Channel::Spread`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Round {
    pub(super) outage: Uuid,
    pub(super) version: i32,
    pub(super) telling: Telling,
    /// Of a fault nobody learns anew; who was told of it while it was planned learns what became of it.
    pub(super) is_news: bool,
    #[serde(with = "time::serde::rfc3339")]
    ends_at: OffsetDateTime,
    /// What all its messages say.
    pub(super) words: Map<String, Json>,
    /// Customers up to this one were told.
    pub(super) after: Uuid,
    /// The last one who is told by this round.
    #[serde(default = "Uuid::max")]
    pub(super) until: Uuid,
}

#[derive(FromQueryResult)]
pub(super) struct ChannelCount {
    channel: String,
    count: i64,
}

#[derive(FromQueryResult)]
struct Last {
    customer_id: Uuid,
}

#[derive(FromQueryResult)]
struct Count {
    count: i64,
}

pub(super) fn told(counts: Vec<ChannelCount>) -> Told {
    let mut told = Told::default();
    for row in counts {
        match row.channel.as_str() {
            "sms" => told.sms = row.count,
            _ => told.mail += row.count,
        }
    }
    told
}

/// By which those who tell of an outage keep out of the way of whoever changes it.
pub(super) fn told_name(outage: Uuid) -> String {
    format!("outage:{outage}")
}

fn spread_key(id: OutageId, version: i32, part: usize) -> String {
    format!("spread:{id}:{version}:{part}")
}

impl TenantTx {
    /// Tells those who want to know, once for each person, point, way and version; a new fault and what is over already are not told. Of many
    /// the first are told here and the rest by the workers. Answers how many messages it is in all.
    pub async fn queue_outage_notices(&self, one: &Outage, what: Telling, how: Manner<'_>) -> Result<Told, Error> {
        let is_news = one.kind != OutageKind::Fault;
        if !is_news && what == Telling::Planned || one.ends_at <= how.now {
            return Ok(Told::default());
        }
        let mut round = Round {
            outage: one.id.0,
            version: one.version,
            telling: what,
            is_news,
            ends_at: one.ends_at,
            words: self.common_words(one).await?,
            after: Uuid::nil(),
            until: Uuid::max(),
        };
        self.be_patient().await?;
        let told = self.count_wanted(&round, how).await?;
        if self.tell_some(&mut round, how).await? {
            let mut rest = Vec::new();
            for (part, until) in self.part_ends(&round, how.points).await?.into_iter().enumerate() {
                round.until = until;
                rest.push(NewMessage {
                    id: MessageId::new(),
                    channel: Channel::Spread,
                    customer: None,
                    kind: "outage_spread".into(),
                    recipient: String::new(),
                    language: how.language.to_owned(),
                    payload: serde_json::to_value(&round).map_err(|error| Error::Broken(error.to_string()))?,
                    dedupe_key: spread_key(one.id, one.version, part),
                });
                round.after = until;
            }
            self.enqueue(&rest).await?;
        }
        Ok(told)
    }

    /// The last customer of each part, among as many workers as are worth it.
    async fn part_ends(&self, round: &Round, points: u32) -> Result<Vec<Uuid>, Error> {
        let left = self.count_left(round).await?;
        let size = i64::from(PART_PAGES * points).max(left / MOST_PARTS as i64 + 1);
        let sql = "SELECT customer_id FROM (SELECT customer_id, ROW_NUMBER() OVER (ORDER BY customer_id) AS place \
                   FROM outage_points WHERE tenant_id = $1 AND outage_id = $2 AND customer_id > $3) AS o \
                   WHERE place % $4 = 0 ORDER BY customer_id";
        let rows = self.rows::<Last>(sql, vec![round.outage.into(), round.after.into(), size.into()]).await?;
        let mut ends: Vec<Uuid> = rows.into_iter().map(|row| row.customer_id).collect();
        ends.push(round.until);
        ends.dedup();
        Ok(ends)
    }

    async fn count_left(&self, round: &Round) -> Result<i64, Error> {
        let sql = "SELECT COUNT(*) AS count FROM outage_points \
                   WHERE tenant_id = $1 AND outage_id = $2 AND customer_id > $3 AND customer_id <= $4";
        let values = vec![round.outage.into(), round.after.into(), round.until.into()];
        Ok(self.rows::<Count>(sql, values).await?.first().map_or(0, |row| row.count))
    }

    /// The next of those a message left to be told; none when nobody is left: all were told, a newer version stands, or it is over. What
    /// is left then is written into the message, in the same transaction, and whoever told this page has time for another.
    pub async fn spread_outage(&self, message: MessageId, left: &Json, how: Manner<'_>) -> Result<Option<Json>, Error> {
        let mut round = Round::deserialize(left).map_err(|_| odd("payload", "outage_spread"))?;
        if !self.still_stands(&round).await? || round.ends_at <= how.now || !self.tell_some(&mut round, how).await? {
            return Ok(None);
        }
        let left = serde_json::to_value(&round).map_err(|error| Error::Broken(error.to_string()))?;
        let until = OffsetDateTime::now_utc() + SPREAD_LEASE;
        let sql = "UPDATE outbox SET payload = $3, next_at = $4, locked_until = $4 \
                   WHERE tenant_id = $1 AND id = $2 AND state = 'ready'";
        self.run(sql, vec![message.0.into(), left.to_string().into(), until.into()]).await?;
        Ok(Some(left))
    }

    /// Whether it is the version that stands; until the end of the transaction none comes after it. Others may tell their parts meanwhile.
    async fn still_stands(&self, round: &Round) -> Result<bool, Error> {
        self.hold(&told_name(round.outage), Hold::Beside).await?;
        let lock = if self.is_postgres() { " FOR SHARE" } else { "" };
        let sql = format!("SELECT version FROM outages WHERE tenant_id = $1 AND id = $2{lock}");
        let rows = self.rows_of(sql, vec![round.outage.into()]).await?;
        let stands: Option<i32> = rows.first().map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(stands == Some(round.version))
    }

    /// Tells the next customers; whether some may be left.
    async fn tell_some(&self, round: &mut Round, how: Manner<'_>) -> Result<bool, Error> {
        self.be_patient().await?;
        let sql = "SELECT customer_id FROM outage_points WHERE tenant_id = $1 AND outage_id = $2 AND customer_id > $3 \
                   AND customer_id <= $4 ORDER BY customer_id LIMIT 1 OFFSET $5";
        let page = i64::from(how.points.saturating_sub(1));
        let values = vec![round.outage.into(), round.after.into(), round.until.into(), page.into()];
        let last = self.rows::<Last>(sql, values).await?.first().map(|row| row.customer_id);
        let until = last.unwrap_or(round.until);
        self.tell_page(round, how, until).await?;
        round.after = until;
        Ok(until < round.until)
    }

    /// What all messages of the version say: when it is, and when it was to be before.
    async fn common_words(&self, one: &Outage) -> Result<Map<String, Json>, Error> {
        let words: [(&str, Json); 7] = [
            ("path", format!("/outages/{}", one.id).into()),
            ("starts_at", instant_text(one.starts_at).into()),
            ("ends_at", instant_text(one.ends_at).into()),
            ("duration_minutes", one.lasts().whole_minutes().into()),
            ("place", one.place.as_str().into()),
            ("reason", one.reason.as_str().into()),
            ("distributor", one.distributor.as_str().into()),
        ];
        let mut common: Map<String, Json> = words.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
        let versions = self.versions_of_outage(one).await?;
        let before = versions.into_iter().map(|version| version.outage).find(|before| before.version < one.version);
        let before = before.filter(|before| (before.starts_at, before.ends_at) != (one.starts_at, one.ends_at));
        if let Some(before) = before {
            common.insert("before_starts_at".into(), instant_text(before.starts_at).into());
            common.insert("before_ends_at".into(), instant_text(before.ends_at).into());
        }
        Ok(common)
    }

    /// Supply points of a version that the workers were left and have not come to; none when they are through.
    pub async fn points_left_to_tell(&self, id: OutageId, version: i32) -> Result<i64, Error> {
        let keys = (0..=MOST_PARTS).map(|part| spread_key(id, version, part));
        let mut left = 0;
        for part in self.waiting_payloads(keys.collect()).await? {
            let round = Round::deserialize(&part).map_err(|_| odd("payload", "outage_spread"))?;
            left += self.count_left(&round).await?;
        }
        Ok(left)
    }

    /// Messages of one version.
    pub async fn told_of_version(&self, id: OutageId, version: i32) -> Result<Told, Error> {
        let sql = "SELECT channel, COUNT(*) AS count FROM outage_notices \
                   WHERE tenant_id = $1 AND outage_id = $2 AND version = $3 GROUP BY channel";
        let values: Vec<Value> = vec![id.0.into(), version.into()];
        Ok(told(self.rows::<ChannelCount>(sql, values).await?))
    }

    pub(super) async fn was_outage_told(&self, id: OutageId) -> Result<bool, Error> {
        let sql = "SELECT COUNT(*) AS count FROM outage_notices WHERE tenant_id = $1 AND outage_id = $2";
        Ok(self.rows::<Count>(sql, vec![id.0.into()]).await?.first().is_some_and(|row| row.count > 0))
    }
}

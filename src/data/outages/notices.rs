//! Who is told of an outage: one statement writes down whom, another puts the messages into the outbox, a third lays them into the portal's
//! inboxes. The first few thousand are told in the transaction of their cause; for the rest it leaves one message that the workers turn into
//! theirs, customer by customer, so that nobody waits at the desk for half a million. Of a change and a cancellation learns who was told
//! before; whom it newly touches learns of it as of a new one.
use super::instant_text;
use crate::data::error::{Error, odd};
use crate::data::outbox::NewMessage;
use crate::data::scope::TenantTx;
use crate::domain::ids::{MessageId, OutageId};
use crate::domain::notices::{Channel, Event, Lane};
use crate::domain::outages::{Channels, Outage, OutageKind};
use sea_orm::entity::prelude::Uuid;
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use time::{Date, OffsetDateTime};

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

/// As SQL knows them.
fn list(channels: Channels) -> &'static str {
    match (channels.mail, channels.sms) {
        (true, true) => "'mail', 'sms'",
        (true, false) => "'mail'",
        (false, true) => "'sms'",
        (false, false) => "''",
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

/// A version on its way to whom it concerns; what is left of it lies in the outbox as a message of [`Channel::Spread`].
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Round {
    outage: Uuid,
    version: i32,
    telling: Telling,
    /// Of a fault nobody learns anew; who was told of it while it was planned learns what became of it.
    is_news: bool,
    #[serde(with = "time::serde::rfc3339")]
    ends_at: OffsetDateTime,
    /// What all its messages say: JSON that is still open.
    words: String,
    /// Customers up to this one were told.
    after: Uuid,
}

#[derive(FromQueryResult)]
struct ChannelCount {
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

fn told(counts: Vec<ChannelCount>) -> Told {
    let mut told = Told::default();
    for row in counts {
        match row.channel.as_str() {
            "sms" => told.sms = row.count,
            _ => told.mail += row.count,
        }
    }
    told
}

fn spread_key(id: OutageId, version: i32) -> String {
    format!("spread:{id}:{version}")
}

/// Where the account is reached: its own address, else that of the customer it was made for (see [`TenantTx::address_of`]).
fn address(column: &str) -> String {
    format!(
        "COALESCE(a.{column}, (SELECT h.{column} FROM memberships hm \
         JOIN customers h ON h.tenant_id = hm.tenant_id AND h.id = hm.customer_id \
         WHERE hm.tenant_id = s.tenant_id AND hm.account_id = s.account_id AND hm.role = 'owner' \
         AND hm.until IS NULL AND hm.invited_by IS NULL ORDER BY hm.customer_id LIMIT 1))"
    )
}

/// The first digits of identifiers of version 7: the moment, by which mails have their date and lists their order.
fn moment(now: OffsetDateTime) -> String {
    format!("{:012x}7", now.unix_timestamp_nanos() / 1_000_000)
}

/// Such an identifier, its end drawn by the database.
fn new_id(moment: &str, is_postgres: bool) -> String {
    match is_postgres {
        true => format!("({moment} || substr(replace(gen_random_uuid()::text, '-', ''), 14, 19))::uuid"),
        false => {
            format!("unhex({moment} || substr(hex(randomblob(2)), 1, 3) || 'a' || substr(hex(randomblob(8)), 1, 15))")
        }
    }
}

/// The newest thing the person was told of the outage by this way.
const LAST_TOLD: &str = "(SELECT n.kind FROM outage_notices n WHERE n.tenant_id = s.tenant_id AND n.outage_id = $2 \
    AND n.supply_point_id = s.supply_point_id AND n.account_id = s.account_id AND n.channel = s.channel \
    ORDER BY n.version DESC LIMIT 1)";

/// What was written down of the points `o`; from them, so that a page reads no more than its own.
const TOLD_NOW: &str = "FROM outage_points o JOIN outage_notices n ON n.tenant_id = o.tenant_id AND n.outage_id = o.outage_id \
    AND n.supply_point_id = o.supply_point_id AND n.customer_id = o.customer_id";

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
        };
        self.be_patient().await?;
        let told = self.count_wanted(&round, how).await?;
        if self.tell_some(&mut round, how).await? {
            let rest = NewMessage {
                id: MessageId::new(),
                channel: Channel::Spread,
                customer: None,
                kind: "outage_spread".into(),
                recipient: String::new(),
                language: how.language.to_owned(),
                payload: serde_json::to_value(&round).map_err(|error| Error::Broken(error.to_string()))?,
                dedupe_key: spread_key(one.id, one.version),
            };
            self.enqueue(&[rest]).await?;
        }
        Ok(told)
    }

    /// The next of those a message left to be told; none when nobody is left: all were told, a newer version stands, or it is over. What
    /// is left then is written into the message, in the same transaction.
    pub async fn spread_outage(&self, message: MessageId, left: &Json, how: Manner<'_>) -> Result<Option<Json>, Error> {
        let mut round = Round::deserialize(left).map_err(|_| odd("payload", "outage_spread"))?;
        if !self.still_stands(&round).await? || round.ends_at <= how.now || !self.tell_some(&mut round, how).await? {
            return Ok(None);
        }
        let left = serde_json::to_value(&round).map_err(|error| Error::Broken(error.to_string()))?;
        let sql = "UPDATE outbox SET payload = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'ready'";
        self.run(sql, vec![message.0.into(), left.to_string().into()]).await?;
        Ok(Some(left))
    }

    /// Whether it is the version that stands; until the end of the transaction none comes after it.
    async fn still_stands(&self, round: &Round) -> Result<bool, Error> {
        let lock = if self.is_postgres() { " FOR NO KEY UPDATE" } else { "" };
        let sql = format!("SELECT version FROM outages WHERE tenant_id = $1 AND id = $2{lock}");
        let rows = self.rows_of(sql, vec![round.outage.into()]).await?;
        let stands: Option<i32> = rows.first().map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(stands == Some(round.version))
    }

    /// Tells the next customers; whether some may be left.
    async fn tell_some(&self, round: &mut Round, how: Manner<'_>) -> Result<bool, Error> {
        self.be_patient().await?;
        let sql = "SELECT customer_id FROM outage_points WHERE tenant_id = $1 AND outage_id = $2 AND customer_id > $3 \
                   ORDER BY customer_id LIMIT 1 OFFSET $4";
        let values = vec![round.outage.into(), round.after.into(), i64::from(how.points.saturating_sub(1)).into()];
        let last = self.rows::<Last>(sql, values).await?.first().map(|row| row.customer_id);
        let until = last.unwrap_or(Uuid::max());
        self.write_down(round, how, until).await?;
        self.put_notices_out(round, how, until).await?;
        self.put_into_inboxes(round, how.now, until).await?;
        round.after = until;
        Ok(last.is_some())
    }

    /// Who is told what: notices `w` of customers after the one and up to the other.
    fn wanted(&self, round: &Round, how: Manner<'_>, until: Uuid) -> (String, Vec<Value>) {
        let (list, mail, phone) = (list(how.channels), address("email"), address("phone"));
        // Of a cancelled one nobody learns who did not know of it; of a change, also who is no longer touched.
        let news = if round.is_news { "TRUE" } else { "FALSE" };
        let kind = match round.telling {
            Telling::Planned => "CASE WHEN o.is_touched THEN 'outage_planned' END".to_owned(),
            Telling::Changed => format!(
                "CASE WHEN COALESCE({LAST_TOLD}, 'outage_cancelled') = 'outage_cancelled' \
                 THEN CASE WHEN o.is_touched AND {news} THEN 'outage_planned' END \
                 WHEN o.is_touched THEN 'outage_changed' ELSE 'outage_cancelled' END"
            ),
            Telling::Cancelled => format!(
                "CASE WHEN COALESCE({LAST_TOLD}, 'outage_cancelled') <> 'outage_cancelled' THEN 'outage_cancelled' END"
            ),
        };
        let sql = format!(
            "FROM (SELECT s.tenant_id, s.supply_point_id, s.account_id, s.channel, s.customer_id, {kind} AS kind, \
             CASE s.channel WHEN 'sms' THEN {phone} ELSE {mail} END AS recipient \
             FROM outage_points o \
             JOIN outage_subscriptions s ON s.tenant_id = o.tenant_id AND s.supply_point_id = o.supply_point_id \
             AND s.is_on AND s.customer_id = o.customer_id AND s.channel IN ({list}) \
             JOIN accounts a ON a.tenant_id = s.tenant_id AND a.id = s.account_id AND NOT a.is_disabled \
             JOIN memberships m ON m.tenant_id = s.tenant_id AND m.account_id = s.account_id \
             AND m.customer_id = s.customer_id AND (m.until IS NULL OR m.until >= $3) \
             WHERE o.tenant_id = $1 AND o.outage_id = $2 AND o.customer_id > $4 AND o.customer_id <= $5 \
             AND NOT EXISTS (SELECT 1 FROM notice_choices c \
             WHERE c.tenant_id = s.tenant_id AND c.account_id = s.account_id AND c.event = 'outage' \
             AND c.channel = s.channel AND NOT c.is_on)) w \
             WHERE w.kind IS NOT NULL AND w.recipient IS NOT NULL AND w.recipient <> ''"
        );
        (sql, vec![round.outage.into(), how.today.into(), round.after.into(), until.into()])
    }

    /// How many messages of which way are to be written.
    async fn count_wanted(&self, round: &Round, how: Manner<'_>) -> Result<Told, Error> {
        let (wanted, values) = self.wanted(round, how, Uuid::max());
        let sql = format!("SELECT w.channel, COUNT(*) AS count {wanted} GROUP BY w.channel");
        let rows = self.rows_of(sql, values).await?;
        let counts = rows.iter().map(|row| ChannelCount::from_query_result(row, ""));
        Ok(told(counts.collect::<Result<Vec<_>, _>>()?))
    }

    async fn write_down(&self, round: &Round, how: Manner<'_>, until: Uuid) -> Result<(), Error> {
        let (wanted, mut values) = self.wanted(round, how, until);
        let sql = format!(
            "INSERT INTO outage_notices \
             (tenant_id, outage_id, supply_point_id, account_id, channel, version, customer_id, kind, at) \
             SELECT w.tenant_id, $2, w.supply_point_id, w.account_id, w.channel, $6, w.customer_id, w.kind, $7 {wanted} \
             ON CONFLICT (tenant_id, outage_id, supply_point_id, account_id, channel, version) DO NOTHING"
        );
        values.extend([round.version.into(), how.now.into()]);
        self.run(&sql, values).await.map(|_| ())
    }

    /// What was written down becomes messages; one that is there already is not added.
    async fn put_notices_out(&self, round: &Round, how: Manner<'_>, until: Uuid) -> Result<(), Error> {
        let (mail, phone) = (address("email"), address("phone"));
        let is_postgres = self.is_postgres();
        let id = |column: &str| match is_postgres {
            true => format!("{column}::text"),
            false => format!(
                "lower(substr(hex({column}), 1, 8) || '-' || substr(hex({column}), 9, 4) || '-' || \
                 substr(hex({column}), 13, 4) || '-' || substr(hex({column}), 17, 4) || '-' || substr(hex({column}), 21))"
            ),
        };
        let (new_id, point_name) = match is_postgres {
            true => (new_id("$10", true), "to_json(p.street || ', ' || p.city)::text"),
            false => (new_id("$10", false), "json_quote(p.street || ', ' || p.city)"),
        };
        let (point, account) = (id("n.supply_point_id"), id("n.account_id"));
        let sql = format!(
            "INSERT INTO outbox (tenant_id, id, channel, kind, recipient, language, payload, dedupe_key, state, attempts, \
             next_at, locked_until, subject, body_text, body_html, created_at, sent_at, lane, customer) \
             SELECT n.tenant_id, {new_id}, n.channel, n.kind, CASE n.channel WHEN 'sms' THEN {phone} ELSE {mail} END, $4, \
             $5 || ',\"point_name\":' || {point_name} || ',\"off\":\"/outages/off?token=' || s.token || \
             '\"}}', \
             $6 || {point} || ':' || {account} || ':' || n.channel, 'ready', 0, $7, NULL, '', '', '', $7, NULL, \
             CASE n.channel WHEN 'sms' THEN $8 ELSE $9 END, n.customer_id \
             {TOLD_NOW} \
             JOIN outage_subscriptions s ON s.tenant_id = n.tenant_id AND s.account_id = n.account_id \
             AND s.supply_point_id = n.supply_point_id AND s.channel = n.channel \
             JOIN accounts a ON a.tenant_id = n.tenant_id AND a.id = n.account_id \
             JOIN supply_points p ON p.tenant_id = n.tenant_id AND p.id = n.supply_point_id \
             WHERE o.tenant_id = $1 AND o.outage_id = $2 AND o.customer_id > $11 AND o.customer_id <= $12 AND n.version = $3 \
             ON CONFLICT (tenant_id, dedupe_key) DO NOTHING"
        );
        let dedupe = format!("outage:{}:{}:", round.outage, round.version);
        let lane = |channel| Value::from(Lane::of(self.tenant_id(), channel, round.telling.key()).number());
        let values = vec![
            round.outage.into(),
            round.version.into(),
            how.language.into(),
            round.words.as_str().into(),
            dedupe.into(),
            how.now.into(),
            lane(Channel::Sms),
            lane(Channel::Mail),
            moment(how.now).into(),
            round.after.into(),
            until.into(),
        ];
        self.run(&sql, values).await.map(|_| ())
    }

    /// What all messages of the version say, as JSON that is still open: when it is, and when it was to be before.
    async fn common_words(&self, one: &Outage) -> Result<String, Error> {
        let mut common = json!({
            "path": format!("/outages/{}", one.id), "starts_at": instant_text(one.starts_at),
            "ends_at": instant_text(one.ends_at), "duration_minutes": one.lasts().whole_minutes(),
            "place": one.place, "reason": one.reason, "distributor": one.distributor,
        });
        let versions = self.versions_of_outage(one).await?;
        let before = versions.into_iter().map(|version| version.outage).find(|before| before.version < one.version);
        let before = before.filter(|before| (before.starts_at, before.ends_at) != (one.starts_at, one.ends_at));
        if let (Some(before), Some(fields)) = (before, common.as_object_mut()) {
            fields.insert("before_starts_at".into(), instant_text(before.starts_at).into());
            fields.insert("before_ends_at".into(), instant_text(before.ends_at).into());
        }
        let common = common.to_string();
        Ok(common.strip_suffix('}').unwrap_or(&common).to_owned())
    }

    /// Whoever was told by mail or SMS finds it in the portal too: one row for each account and customer, however many points and ways.
    async fn put_into_inboxes(&self, round: &Round, now: OffsetDateTime, until: Uuid) -> Result<(), Error> {
        let moment = moment(now);
        let (new_id, customer, point_name) = match self.is_postgres() {
            true => (new_id("$4", true), "w.customer_id::text", "to_json(w.point)::text"),
            false => (new_id("$4", false), "lower(hex(w.customer_id))", "json_quote(w.point)"),
        };
        let sql = format!(
            "INSERT INTO notices (tenant_id, id, account_id, customer_id, event, kind, payload, cause, created_at, read_at) \
             SELECT w.tenant_id, {new_id}, w.account_id, w.customer_id, $5, w.kind, \
             $6 || ',\"point_name\":' || {point_name} || '}}', $7 || {customer}, $8, NULL FROM ( \
             SELECT n.tenant_id, n.account_id, n.customer_id, MIN(p.street || ', ' || p.city) AS point, \
             CASE WHEN SUM(CASE n.kind WHEN 'outage_changed' THEN 1 ELSE 0 END) > 0 THEN 'outage_changed' \
             ELSE MAX(n.kind) END AS kind \
             {TOLD_NOW} \
             JOIN supply_points p ON p.tenant_id = n.tenant_id AND p.id = n.supply_point_id \
             WHERE o.tenant_id = $1 AND o.outage_id = $2 AND o.customer_id > $9 AND o.customer_id <= $10 AND n.version = $3 \
             GROUP BY n.tenant_id, n.account_id, n.customer_id) w \
             WHERE true ON CONFLICT (tenant_id, account_id, cause) DO NOTHING"
        );
        let cause = format!("outage:{}:{}:", round.outage, round.version);
        let values = vec![
            round.outage.into(),
            round.version.into(),
            moment.into(),
            Event::Outage.key().into(),
            round.words.as_str().into(),
            cause.into(),
            now.into(),
            round.after.into(),
            until.into(),
        ];
        self.run(&sql, values).await.map(|_| ())
    }

    /// Supply points of a version that the workers were left and have not come to; none when they are through.
    pub async fn points_left_to_tell(&self, id: OutageId, version: i32) -> Result<i64, Error> {
        let Some(left) = self.waiting_payload(&spread_key(id, version)).await? else { return Ok(0) };
        let round = Round::deserialize(&left).map_err(|_| odd("payload", "outage_spread"))?;
        let sql =
            "SELECT COUNT(*) AS count FROM outage_points WHERE tenant_id = $1 AND outage_id = $2 AND customer_id > $3";
        let rows = self.rows::<Count>(sql, vec![id.0.into(), round.after.into()]).await?;
        Ok(rows.first().map_or(0, |row| row.count))
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

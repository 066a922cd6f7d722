//! The statements that tell a page of customers: whom and what, their messages, and what they find in the portal.
use super::notices::{ChannelCount, Manner, Round, Telling, Told, told};
use crate::data::error::Error;
use crate::data::scope::TenantTx;
use crate::domain::notices::{Channel, Event, Lane};
use crate::domain::outages::Channels;
use sea_orm::entity::prelude::Uuid;
use sea_orm::{FromQueryResult, Value};
use time::OffsetDateTime;

/// As SQL knows them.
fn list(channels: Channels) -> &'static str {
    match (channels.mail, channels.sms) {
        (true, true) => "'mail', 'sms'",
        (true, false) => "'mail'",
        (false, true) => "'sms'",
        (false, false) => "''",
    }
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
    pub(super) async fn count_wanted(&self, round: &Round, how: Manner<'_>) -> Result<Told, Error> {
        let (wanted, values) = self.wanted(round, how, Uuid::max());
        let sql = format!("SELECT w.channel, COUNT(*) AS count {wanted} GROUP BY w.channel");
        let rows = self.rows_of(sql, values).await?;
        let counts = rows.iter().map(|row| ChannelCount::from_query_result(row, ""));
        Ok(told(counts.collect::<Result<Vec<_>, _>>()?))
    }

    pub(super) async fn write_down(&self, round: &Round, how: Manner<'_>, until: Uuid) -> Result<(), Error> {
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
    pub(super) async fn put_notices_out(&self, round: &Round, how: Manner<'_>, until: Uuid) -> Result<(), Error> {
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

    /// Whoever was told by mail or SMS finds it in the portal too: one row for each account and customer, however many points and ways.
    pub(super) async fn put_into_inboxes(&self, round: &Round, now: OffsetDateTime, until: Uuid) -> Result<(), Error> {
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
}

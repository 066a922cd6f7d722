//! A page of customers is told: one statement says who hears what, and what they are told is written down, put into the outbox and laid into
//! the portal's inboxes.
use super::notices::{ChannelCount, Manner, Round, Telling, Told, told};
use crate::data::error::{Error, odd};
use crate::data::notices::InboxLine;
use crate::data::outbox::NewMessage;
use crate::data::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{AccountId, CustomerId, MessageId};
use crate::domain::notices::{Channel, Event};
use crate::domain::outages::Channels;
use sea_orm::entity::prelude::Uuid;
use sea_orm::{FromQueryResult, Set, Value};
use std::collections::BTreeMap;
use time::OffsetDateTime;

mod notice {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "outage_notices")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub outage_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub supply_point_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub channel: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i32,
        pub customer_id: Uuid,
        pub kind: String,
        pub at: TimeDateTimeWithTimeZone,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for notice::Entity {
    const TENANT: notice::Column = notice::Column::TenantId;
}

/// Somebody to be told of one point by one way.
#[derive(FromQueryResult)]
struct Wanted {
    supply_point_id: Uuid,
    account_id: Uuid,
    channel: String,
    customer_id: Uuid,
    kind: String,
    recipient: String,
    /// By which they stop being told.
    token: String,
    point_name: String,
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

/// Where the account is reached: its own address, else that of the customer it was made for (see [`TenantTx::address_of`]).
fn address(column: &str) -> String {
    format!(
        "COALESCE(a.{column}, (SELECT h.{column} FROM memberships hm \
         JOIN customers h ON h.tenant_id = hm.tenant_id AND h.id = hm.customer_id \
         WHERE hm.tenant_id = s.tenant_id AND hm.account_id = s.account_id AND hm.role = 'owner' \
         AND hm.until IS NULL AND hm.invited_by IS NULL ORDER BY hm.customer_id LIMIT 1))"
    )
}

/// Points of a page, between two customers. Their order and a limit that none reaches hold PostgreSQL to the index by customers: of half a
/// million points that came a moment ago it has no statistics, and would read them all for each page.
const POINTS: &str = "(SELECT tenant_id, outage_id, supply_point_id, customer_id, is_touched FROM outage_points \
    WHERE tenant_id = $1 AND outage_id = $2 AND customer_id > $4 AND customer_id <= $5 \
    ORDER BY customer_id LIMIT 1000000000) AS o";

/// The newest thing the person was told of the outage by this way.
const LAST_TOLD: &str = "(SELECT n.kind FROM outage_notices n WHERE n.tenant_id = s.tenant_id AND n.outage_id = $2 \
    AND n.supply_point_id = s.supply_point_id AND n.account_id = s.account_id AND n.channel = s.channel \
    ORDER BY n.version DESC LIMIT 1)";

/// Whom there is something to tell, and where.
const REACHED: &str = "WHERE w.kind IS NOT NULL AND w.recipient IS NOT NULL AND w.recipient <> ''";

/// Who is told what: notices `w` of customers after the one and up to the other.
fn wanted(round: &Round, how: Manner<'_>, until: Uuid) -> (String, Vec<Value>) {
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
        "FROM (SELECT s.tenant_id, s.supply_point_id, s.account_id, s.channel, s.customer_id, s.token, {kind} AS kind, \
         CASE s.channel WHEN 'sms' THEN {phone} ELSE {mail} END AS recipient FROM {POINTS} \
         JOIN outage_subscriptions s ON s.tenant_id = o.tenant_id AND s.supply_point_id = o.supply_point_id \
         AND s.is_on AND s.customer_id = o.customer_id AND s.channel IN ({list}) \
         JOIN accounts a ON a.tenant_id = s.tenant_id AND a.id = s.account_id AND NOT a.is_disabled \
         JOIN memberships m ON m.tenant_id = s.tenant_id AND m.account_id = s.account_id \
         AND m.customer_id = s.customer_id AND (m.until IS NULL OR m.until >= $3) \
         WHERE NOT EXISTS (SELECT 1 FROM notice_choices c \
         WHERE c.tenant_id = s.tenant_id AND c.account_id = s.account_id AND c.event = 'outage' \
         AND c.channel = s.channel AND NOT c.is_on)) AS w"
    );
    (sql, vec![round.outage.into(), how.today.into(), round.after.into(), until.into()])
}

impl TenantTx {
    /// How many messages of which way are to be written.
    pub(super) async fn count_wanted(&self, round: &Round, how: Manner<'_>) -> Result<Told, Error> {
        let (wanted, values) = wanted(round, how, Uuid::max());
        let sql = format!("SELECT w.channel, COUNT(*) AS count {wanted} {REACHED} GROUP BY w.channel");
        let rows = self.rows_of(sql, values).await?;
        let counts = rows.iter().map(|row| ChannelCount::from_query_result(row, ""));
        Ok(told(counts.collect::<Result<Vec<_>, _>>()?))
    }

    /// Customers after the round's last one and up to `until`; what was told before is not told again.
    pub(super) async fn tell_page(&self, round: &Round, how: Manner<'_>, until: Uuid) -> Result<(), Error> {
        let (wanted, values) = wanted(round, how, until);
        let sql = format!(
            "SELECT w.supply_point_id, w.account_id, w.channel, w.customer_id, w.kind, w.recipient, w.token, \
             p.street || ', ' || p.city AS point_name {wanted} \
             JOIN supply_points p ON p.tenant_id = w.tenant_id AND p.id = w.supply_point_id {REACHED}"
        );
        let rows = self.rows_of(sql, values).await?;
        let all = rows.iter().map(|row| Wanted::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
        self.add_missing(all.iter().map(|one| written_down(round, how.now, one)).collect()).await?;
        let messages = all.iter().map(|one| message(round, how, one)).collect::<Result<Vec<_>, _>>()?;
        self.enqueue(&messages).await?;
        self.put_into_inboxes(round, how.now, &all).await
    }

    /// Whoever is told by mail or SMS finds it in the portal too: once for each account and customer, however many points and ways.
    async fn put_into_inboxes(&self, round: &Round, now: OffsetDateTime, all: &[Wanted]) -> Result<(), Error> {
        let mut found: BTreeMap<(Uuid, Uuid), (&str, &str)> = BTreeMap::new();
        for one in all {
            let (kind, point) = (one.kind.as_str(), one.point_name.as_str());
            let first = found.entry((one.account_id, one.customer_id)).or_insert((kind, point));
            // A change says most, and that there will be one more than that there will be none.
            first.0 = std::cmp::max_by_key(first.0, kind, |kind| (*kind == Telling::Changed.key(), *kind));
            first.1 = first.1.min(point);
        }
        let lines = found.into_iter().map(|((account, customer), (kind, point))| {
            let mut words = round.words.clone();
            words.insert("point_name".into(), point.into());
            let cause = format!("outage:{}:{}:{customer}", round.outage, round.version);
            InboxLine {
                account: AccountId(account),
                customer: CustomerId(customer),
                kind,
                payload: words.into(),
                cause,
            }
        });
        self.put_into_inbox(Event::Outage, lines.collect(), now).await
    }
}

fn written_down(round: &Round, now: OffsetDateTime, one: &Wanted) -> notice::ActiveModel {
    notice::ActiveModel {
        outage_id: Set(round.outage),
        supply_point_id: Set(one.supply_point_id),
        account_id: Set(one.account_id),
        channel: Set(one.channel.clone()),
        version: Set(round.version),
        customer_id: Set(one.customer_id),
        kind: Set(one.kind.clone()),
        at: Set(now),
        ..Default::default()
    }
}

fn message(round: &Round, how: Manner<'_>, one: &Wanted) -> Result<NewMessage, Error> {
    let mut words = round.words.clone();
    words.insert("point_name".into(), one.point_name.as_str().into());
    words.insert("off".into(), format!("/outages/off?token={}", one.token).into());
    let (point, account, channel) = (one.supply_point_id, one.account_id, &one.channel);
    Ok(NewMessage {
        id: MessageId::new(),
        channel: Channel::parse(channel).ok_or_else(|| odd("channel", channel))?,
        customer: Some(CustomerId(one.customer_id)),
        kind: one.kind.clone(),
        recipient: one.recipient.clone(),
        language: how.language.to_owned(),
        payload: words.into(),
        dedupe_key: format!("outage:{}:{}:{point}:{account}:{channel}", round.outage, round.version),
    })
}

//! Whose turn it is: the lanes in which something is due, and a claim of what waits longest in one of them.
use super::super::error::{Error, odd};
use super::super::platform::PlatformDb;
use crate::domain::ids::{CustomerId, MessageId, TenantId};
use crate::domain::notices::{Channel, Lane};
use sea_orm::entity::prelude::*;
use sea_orm::{
    DbBackend, FromQueryResult, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
};
use time::{Duration, OffsetDateTime};

#[derive(Clone, Debug, FromQueryResult)]
struct ClaimedRow {
    tenant_id: i32,
    id: Uuid,
    channel: String,
    kind: String,
    recipient: String,
    language: String,
    payload: String,
    attempts: i16,
    customer: Option<Uuid>,
    created_at: OffsetDateTime,
}

#[derive(Clone, Debug)]
pub struct ClaimedMessage {
    pub tenant_id: TenantId,
    pub id: MessageId,
    pub channel: Channel,
    pub kind: String,
    pub recipient: String,
    pub language: String,
    pub payload: serde_json::Value,
    /// This one included.
    pub attempts: i16,
    pub customer: Option<CustomerId>,
    pub created_at: OffsetDateTime,
}

/// From lane to lane by the index, so that half a million in one lane cost as much as one.
const DUE_LANES: &str = "WITH RECURSIVE lanes(lane) AS ( \
        SELECT MIN(lane) FROM outbox WHERE state = 'ready' \
        UNION ALL \
        SELECT (SELECT MIN(o.lane) FROM outbox o WHERE o.state = 'ready' AND o.lane > lanes.lane) FROM lanes \
        WHERE lanes.lane IS NOT NULL) \
    SELECT lane FROM lanes WHERE lane IS NOT NULL \
        AND (SELECT MIN(d.next_at) FROM outbox d WHERE d.state = 'ready' AND d.lane = lanes.lane) <= $1";

/// What is due in one lane, longest waiting first, and no more than the limit: materialised, so that no plan reads it twice and takes
/// more. A claim is a wait until its lease ends, so one index finds what was never tried, what is tried again and what a dead worker held.
const DUE: &str = "WITH due AS MATERIALIZED (SELECT tenant_id AS owner, id AS message FROM outbox \
    WHERE state = 'ready' AND lane = $4 AND next_at <= $2 ORDER BY next_at, id LIMIT $3";
const CLAIM: &str = ") UPDATE outbox SET attempts = attempts + 1, next_at = $1, locked_until = $1 FROM due \
    WHERE tenant_id = due.owner AND id = due.message \
    RETURNING tenant_id, id, channel, kind, recipient, language, payload, attempts, customer, created_at";

/// A supplier that wants to be heard slowly: how many may go now is worked out where all instances see it.
const PACE: &str = "INSERT INTO outbox_paces (tenant_id, channel, free_at) VALUES ($1, $2, $3) \
    ON CONFLICT (tenant_id, channel) DO UPDATE SET free_at = $3 WHERE outbox_paces.free_at <= $4";

impl PlatformDb {
    /// The lanes in which something is due.
    pub async fn due_lanes(&self) -> Result<Vec<Lane>, Error> {
        let now = OffsetDateTime::now_utc();
        let statement = Statement::from_sql_and_values(self.db.get_database_backend(), DUE_LANES, [now.into()]);
        let rows = self.db.query_all_raw(statement).await?;
        rows.iter().map(|row| lane(row.try_get_by_index(0)?)).collect()
    }

    /// Takes up to `limit` messages of a lane for `lease`; nobody else gets them meanwhile.
    pub async fn claim_messages(&self, lane: Lane, limit: u64, lease: Duration) -> Result<Vec<ClaimedMessage>, Error> {
        let now = OffsetDateTime::now_utc();
        let backend = self.db.get_database_backend();
        let (tx, lock) = match backend {
            DbBackend::Postgres => (self.db.begin().await?, " FOR UPDATE SKIP LOCKED"),
            _ => {
                let mode = Some(SqliteTransactionMode::Immediate);
                let options = TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() };
                (self.db.begin_with_options(options).await?, "")
            }
        };
        let values = [(now + lease).into(), now.into(), (limit as i64).into(), lane.number().into()];
        let statement = Statement::from_sql_and_values(backend, format!("{DUE}{lock}{CLAIM}"), values);
        let rows = ClaimedRow::find_by_statement(statement).all(&tx).await?;
        tx.commit().await?;
        rows.into_iter().map(claimed).collect()
    }

    /// Whether some of a lane may leave now; then the next ones may from `until` on.
    pub async fn keep_pace(&self, lane: Lane, now: OffsetDateTime, until: OffsetDateTime) -> Result<bool, Error> {
        let values: [Value; 4] = [lane.tenant.0.into(), lane.channel.key().into(), until.into(), now.into()];
        let statement = Statement::from_sql_and_values(self.db.get_database_backend(), PACE, values);
        Ok(self.db.execute_raw(statement).await?.rows_affected() == 1)
    }
}

fn lane(number: i64) -> Result<Lane, Error> {
    Lane::parse(number).ok_or_else(|| odd("lane", &number.to_string()))
}

fn claimed(row: ClaimedRow) -> Result<ClaimedMessage, Error> {
    Ok(ClaimedMessage {
        tenant_id: TenantId(row.tenant_id),
        id: MessageId(row.id),
        channel: Channel::parse(&row.channel).ok_or_else(|| odd("channel", &row.channel))?,
        kind: row.kind,
        recipient: row.recipient,
        language: row.language,
        payload: serde_json::from_str(&row.payload).unwrap_or_default(),
        attempts: row.attempts,
        customer: row.customer.map(CustomerId),
        created_at: row.created_at,
    })
}

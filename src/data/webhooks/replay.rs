//! Facts sent again under their old name: one, or all that were given up since a moment. They lie in the outbox as they were.
use super::super::error::Error;
use super::super::scope::TenantTx;
use crate::domain::ids::{MessageId, WebhookEndpointId};
use sea_orm::Value;
use std::collections::BTreeMap;
use time::OffsetDateTime;
use uuid::Uuid;

/// Put back at once; more would keep others waiting.
const CHUNK: i64 = 500;

const AGAIN: &str = "UPDATE outbox SET state = 'ready', attempts = 0, next_at = $3, locked_until = NULL, failure = NULL \
    WHERE tenant_id = $1 AND recipient = $2 AND channel = 'webhook' AND state IN ('sent', 'failed')";

impl TenantTx {
    /// False when it waits already, or is no message of the endpoint.
    pub async fn replay_webhook(
        &self,
        endpoint: WebhookEndpointId,
        message: MessageId,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        let values: Vec<Value> = vec![endpoint.to_string().into(), now.into(), message.0.into()];
        Ok(self.run(&format!("{AGAIN} AND id = $4"), values).await? == 1)
    }

    /// Some of what was given up since then; answers how many, none when there is no more.
    pub async fn replay_failed_webhooks(
        &self,
        endpoint: WebhookEndpointId,
        since: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<u64, Error> {
        let some = "AND id IN (SELECT id FROM outbox WHERE tenant_id = $1 AND recipient = $2 AND channel = 'webhook' \
                    AND state = 'failed' AND created_at >= $4 ORDER BY id LIMIT $5)";
        let values: Vec<Value> = vec![endpoint.to_string().into(), now.into(), since.into(), CHUNK.into()];
        self.run(&format!("{AGAIN} {some}"), values).await
    }

    /// Where each of the messages is now: ready, sent or failed; of a ping nothing is known.
    pub async fn states_of_webhooks(&self, messages: &[MessageId]) -> Result<BTreeMap<MessageId, String>, Error> {
        if messages.is_empty() {
            return Ok(BTreeMap::new());
        }
        let places: Vec<String> = (2..messages.len() + 2).map(|place| format!("${place}")).collect();
        let sql = format!("SELECT id, state FROM outbox WHERE tenant_id = $1 AND id IN ({})", places.join(", "));
        let rows = self.rows_of(sql, messages.iter().map(|id| id.0.into()).collect()).await?;
        let pair = |row: &sea_orm::QueryResult| {
            Ok((MessageId(row.try_get::<Uuid>("", "id")?), row.try_get::<String>("", "state")?))
        };
        rows.iter().map(pair).collect()
    }
}

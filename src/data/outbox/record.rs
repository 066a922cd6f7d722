//! What became of it: sent, to be tried again, given up. Nothing that opens something is kept once it left.
use super::super::error::{Error, odd};
use super::super::platform::PlatformDb;
use super::claim::ClaimedMessage;
use super::message;
use crate::domain::ids::{MessageId, TenantId};
use crate::domain::notices::Channel;
use sea_orm::UpdateMany;
use sea_orm::entity::prelude::*;
use sea_orm::{
    DbBackend, QueryOrder, QuerySelect, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// The words as they left.
#[derive(Clone, Debug)]
pub struct Rendered {
    pub subject: String,
    pub body_text: String,
    pub body_html: String,
}

/// What of a message opens something: a code, or the token of its link. None of it is kept once the message left.
pub fn secret_of(payload: &serde_json::Value) -> Option<&str> {
    let text = |key: &str| payload.get(key).and_then(|value| value.as_str());
    let of_link = || text("path")?.split_once("token=").map(|(_, rest)| rest.split('&').next().unwrap_or(rest));
    text("secret").or_else(of_link).filter(|secret| !secret.is_empty())
}

/// What a message carried, without what opened something.
fn without_secret(payload: &serde_json::Value) -> String {
    match secret_of(payload) {
        Some(secret) => payload.to_string().replace(secret, "••••"),
        None => payload.to_string(),
    }
}

#[derive(Clone, Debug)]
pub struct SentMessage {
    pub tenant_id: TenantId,
    pub id: MessageId,
    pub channel: Channel,
    pub kind: String,
    pub recipient: String,
    pub state: String,
    pub subject: String,
    pub body_text: String,
    pub body_html: String,
    pub created_at: OffsetDateTime,
    pub sent_at: Option<OffsetDateTime>,
}

/// One message as it left.
#[derive(Clone, Debug)]
pub struct Left {
    pub words: Rendered,
    /// What the gateway calls it; its reports come under that name.
    pub receipt: Option<String>,
    /// Pieces a text message was counted as.
    pub parts: Option<i16>,
}

/// Once it is over: nothing that opens something is kept, and of the last message to somebody who was erased not even to whom it went.
fn forgotten(held: &ClaimedMessage) -> (String, String) {
    match held.kind.as_str() {
        "erasure_done" => (String::new(), "{}".to_owned()),
        _ => (held.recipient.clone(), without_secret(&held.payload)),
    }
}

/// Many at once, in one statement.
const SENT: &str = "UPDATE outbox SET state = 'sent', failure = NULL, subject = v.subject, body_text = v.body_text, \
    body_html = v.body_html, recipient = v.recipient, payload = v.payload, receipt = v.receipt, parts = v.parts, sent_at = $2 \
    FROM (SELECT * FROM json_to_recordset($1::json) AS r(tenant int, id uuid, subject text, body_text text, body_html text, \
    recipient text, payload text, receipt text, parts smallint) LIMIT $3) AS v \
    WHERE outbox.tenant_id = v.tenant AND outbox.id = v.id AND outbox.state <> 'sent'";

impl PlatformDb {
    /// That messages left is a fact, even when the lease lapsed meanwhile: it stays so, in the words of whoever said so first.
    pub async fn messages_sent(&self, all: &[(ClaimedMessage, Left)]) -> Result<(), Error> {
        let now = OffsetDateTime::now_utc();
        if self.db.get_database_backend() == DbBackend::Postgres {
            let rows: Vec<serde_json::Value> = all.iter().map(|(held, left)| row(held, left)).collect();
            let values = [serde_json::Value::Array(rows).to_string().into(), now.into(), (all.len() as i64).into()];
            self.db.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, SENT, values)).await?;
            return Ok(());
        }
        let mode = Some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() };
        let tx = self.db.begin_with_options(options).await?;
        for (held, left) in all {
            let (recipient, payload) = forgotten(held);
            one_of(held)
                .filter(message::Column::State.ne("sent"))
                .col_expr(message::Column::State, Expr::value("sent"))
                .col_expr(message::Column::Failure, Expr::value(None::<String>))
                .col_expr(message::Column::Subject, Expr::value(left.words.subject.clone()))
                .col_expr(message::Column::BodyText, Expr::value(left.words.body_text.clone()))
                .col_expr(message::Column::BodyHtml, Expr::value(left.words.body_html.clone()))
                .col_expr(message::Column::Recipient, Expr::value(recipient))
                .col_expr(message::Column::Payload, Expr::value(payload))
                .col_expr(message::Column::Receipt, Expr::value(left.receipt.clone()))
                .col_expr(message::Column::Parts, Expr::value(left.parts))
                .col_expr(message::Column::SentAt, Expr::value(now))
                .exec(&tx)
                .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Again at `next_at`, or never when none is given. Only for whoever holds it: each claim has its own number of attempts.
    pub async fn message_failed(
        &self,
        held: &ClaimedMessage,
        why: &str,
        next_at: Option<OffsetDateTime>,
    ) -> Result<(), Error> {
        let state = if next_at.is_some() { "ready" } else { "failed" };
        let update = one_of(held)
            .col_expr(message::Column::State, Expr::value(state))
            .col_expr(message::Column::Failure, Expr::value(why))
            .col_expr(message::Column::LockedUntil, Expr::value(None::<OffsetDateTime>))
            .filter(message::Column::State.eq("ready"))
            .filter(message::Column::Attempts.eq(held.attempts));
        let update = match next_at {
            Some(at) => update.col_expr(message::Column::NextAt, Expr::value(at)),
            None => {
                let (recipient, payload) = forgotten(held);
                let update = update.col_expr(message::Column::Recipient, Expr::value(recipient));
                update.col_expr(message::Column::Payload, Expr::value(payload))
            }
        };
        update.exec(&self.db).await?;
        Ok(())
    }

    /// Not begun after all: as if they had not been claimed, and not again before `until`.
    pub async fn messages_put_off(&self, all: &[ClaimedMessage], until: OffsetDateTime) -> Result<(), Error> {
        let mut alike: BTreeMap<(i32, i16), Vec<Uuid>> = BTreeMap::new();
        for held in all {
            alike.entry((held.tenant_id.0, held.attempts)).or_default().push(held.id.0);
        }
        for ((tenant, attempts), ids) in alike {
            let update = message::Entity::update_many()
                .filter(message::Column::TenantId.eq(tenant))
                .filter(message::Column::Id.is_in(ids))
                .filter(message::Column::State.eq("ready"))
                .filter(message::Column::Attempts.eq(attempts))
                .col_expr(message::Column::Attempts, Expr::value(attempts - 1))
                .col_expr(message::Column::LockedUntil, Expr::value(None::<OffsetDateTime>))
                .col_expr(message::Column::NextAt, Expr::value(until));
            update.exec(&self.db).await?;
        }
        Ok(())
    }

    /// Everything that left or tried to, newest first; one that a worker holds is `sending`.
    pub async fn sent_messages(&self, limit: u64) -> Result<Vec<SentMessage>, Error> {
        let now = OffsetDateTime::now_utc();
        let rows = message::Entity::find().order_by_desc(message::Column::CreatedAt).order_by_desc(message::Column::Id);
        let rows = rows.limit(limit).all(&self.db).await?;
        rows.into_iter()
            .map(|row| {
                Ok(SentMessage {
                    tenant_id: TenantId(row.tenant_id),
                    id: MessageId(row.id),
                    channel: Channel::parse(&row.channel).ok_or_else(|| odd("channel", &row.channel))?,
                    kind: row.kind,
                    recipient: row.recipient,
                    state: match row.locked_until {
                        Some(until) if row.state == "ready" && until > now => "sending".to_owned(),
                        _ => row.state,
                    },
                    subject: row.subject,
                    body_text: row.body_text,
                    body_html: row.body_html,
                    created_at: row.created_at,
                    sent_at: row.sent_at,
                })
            })
            .collect()
    }
}

fn one_of(held: &ClaimedMessage) -> UpdateMany<message::Entity> {
    message::Entity::update_many()
        .filter(message::Column::TenantId.eq(held.tenant_id.0))
        .filter(message::Column::Id.eq(held.id.0))
}

fn row(held: &ClaimedMessage, left: &Left) -> serde_json::Value {
    let (recipient, payload) = forgotten(held);
    serde_json::json!({
        "tenant": held.tenant_id.0, "id": held.id.0, "subject": left.words.subject, "body_text": left.words.body_text,
        "body_html": left.words.body_html, "recipient": recipient, "payload": payload, "receipt": left.receipt, "parts": left.parts,
    })
}

//! The outbox: everything that leaves is written here in the same transaction as its cause, then claimed, sent and recorded by a worker.
#![expect(clippy::disallowed_methods, reason = "delivery serves every tenant; each row names its own")]
use super::error::Error;
use super::platform::PlatformDb;
use super::scope::TenantTx;
use crate::domain::ids::{MessageId, TenantId};
use sea_orm::UpdateMany;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    DbBackend, FromQueryResult, QueryOrder, QuerySelect, Set, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait,
};
use time::{Duration, OffsetDateTime};

mod message {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "outbox")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub channel: String,
        pub kind: String,
        pub recipient: String,
        pub language: String,
        pub payload: String,
        pub dedupe_key: String,
        pub state: String,
        pub attempts: i16,
        pub next_at: TimeDateTimeWithTimeZone,
        pub locked_until: Option<TimeDateTimeWithTimeZone>,
        pub subject: String,
        pub body_text: String,
        pub body_html: String,
        pub created_at: TimeDateTimeWithTimeZone,
        pub sent_at: Option<TimeDateTimeWithTimeZone>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

#[derive(Clone, Debug)]
pub struct NewMessage {
    pub id: MessageId,
    /// mail, sms or letter.
    pub channel: String,
    /// The notice's name: its words are in `themes/*/mail/<kind>/`.
    pub kind: String,
    pub recipient: String,
    pub language: String,
    pub payload: serde_json::Value,
    /// One message for one cause: a second with the same key is not added.
    pub dedupe_key: String,
}

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
}

#[derive(Clone, Debug)]
pub struct ClaimedMessage {
    pub tenant_id: TenantId,
    pub id: MessageId,
    pub channel: String,
    pub kind: String,
    pub recipient: String,
    pub language: String,
    pub payload: serde_json::Value,
    /// This one included.
    pub attempts: i16,
}

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
    pub channel: String,
    pub kind: String,
    pub recipient: String,
    pub state: String,
    pub subject: String,
    pub body_text: String,
    pub body_html: String,
    pub created_at: OffsetDateTime,
    pub sent_at: Option<OffsetDateTime>,
}

impl TenantTx {
    pub async fn enqueue(&self, messages: &[NewMessage]) -> Result<(), Error> {
        let now = OffsetDateTime::now_utc();
        for chunk in messages.chunks(500) {
            let rows = chunk.iter().map(|one| message::ActiveModel {
                tenant_id: Set(self.tenant_id().0),
                id: Set(one.id.0),
                channel: Set(one.channel.clone()),
                kind: Set(one.kind.clone()),
                recipient: Set(one.recipient.clone()),
                language: Set(one.language.clone()),
                payload: Set(one.payload.to_string()),
                dedupe_key: Set(one.dedupe_key.clone()),
                state: Set("ready".to_owned()),
                attempts: Set(0),
                next_at: Set(now),
                locked_until: Set(None),
                subject: Set(String::new()),
                body_text: Set(String::new()),
                body_html: Set(String::new()),
                created_at: Set(now),
                sent_at: Set(None),
            });
            let once =
                OnConflict::columns([message::Column::TenantId, message::Column::DedupeKey]).do_nothing().to_owned();
            message::Entity::insert_many(rows).on_conflict(once).exec_without_returning(self.platform_tables()).await?;
        }
        Ok(())
    }

    /// Keys that begin so, with what their messages carry.
    pub(super) async fn payloads_of_messages(
        &self,
        dedupe_start: &str,
    ) -> Result<Vec<(String, serde_json::Value)>, Error> {
        let rows = message::Entity::find()
            .filter(message::Column::TenantId.eq(self.tenant_id().0))
            .filter(message::Column::DedupeKey.starts_with(dedupe_start))
            .select_only()
            .column(message::Column::DedupeKey)
            .column(message::Column::Payload);
        let rows: Vec<(String, String)> = rows.into_tuple().all(self.platform_tables()).await?;
        Ok(rows.into_iter().map(|(key, text)| (key, serde_json::from_str(&text).unwrap_or_default())).collect())
    }

    /// What became of the messages whose keys begin so, oldest first: ready, sent or failed.
    pub async fn states_of_messages(&self, dedupe_start: &str) -> Result<Vec<String>, Error> {
        let rows = message::Entity::find()
            .filter(message::Column::TenantId.eq(self.tenant_id().0))
            .filter(message::Column::DedupeKey.starts_with(dedupe_start))
            .order_by_asc(message::Column::CreatedAt)
            .order_by_asc(message::Column::Id)
            .select_only()
            .column(message::Column::State);
        Ok(rows.into_tuple().all(self.platform_tables()).await?)
    }
}

/// What is due, longest waiting first, and no more than the limit: materialised, so that no plan reads it twice and takes more. A
/// claim is a wait until its lease ends, so one index finds what was never tried, what is tried again and what a dead worker held.
const DUE: &str = "WITH due AS MATERIALIZED (SELECT tenant_id AS owner, id AS message FROM outbox \
    WHERE state = 'ready' AND next_at <= $2 ORDER BY next_at, id LIMIT $3";
const CLAIM: &str = ") UPDATE outbox SET attempts = attempts + 1, next_at = $1, locked_until = $1 FROM due \
    WHERE tenant_id = due.owner AND id = due.message \
    RETURNING tenant_id, id, channel, kind, recipient, language, payload, attempts";

/// Once it is over: nothing that opens something is kept, and of the last message to somebody who was erased not even to whom it went.
fn forgotten(held: &ClaimedMessage, update: UpdateMany<message::Entity>) -> UpdateMany<message::Entity> {
    if held.kind != "erasure_done" {
        return update.col_expr(message::Column::Payload, Expr::value(without_secret(&held.payload)));
    }
    update.col_expr(message::Column::Recipient, Expr::value("")).col_expr(message::Column::Payload, Expr::value("{}"))
}

impl PlatformDb {
    /// Takes up to `limit` messages for `lease`; nobody else gets them meanwhile.
    pub async fn claim_messages(&self, limit: u64, lease: Duration) -> Result<Vec<ClaimedMessage>, Error> {
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
        let values = [(now + lease).into(), now.into(), (limit as i64).into()];
        let statement = Statement::from_sql_and_values(backend, format!("{DUE}{lock}{CLAIM}"), values);
        let rows = ClaimedRow::find_by_statement(statement).all(&tx).await?;
        tx.commit().await?;
        let claimed = rows.into_iter().map(|row| ClaimedMessage {
            tenant_id: TenantId(row.tenant_id),
            id: MessageId(row.id),
            channel: row.channel,
            kind: row.kind,
            recipient: row.recipient,
            language: row.language,
            payload: serde_json::from_str(&row.payload).unwrap_or_default(),
            attempts: row.attempts,
        });
        Ok(claimed.collect())
    }

    /// That a message left is a fact, even when the lease lapsed meanwhile: it stays so, in the words of whoever said so first.
    pub async fn message_sent(&self, held: &ClaimedMessage, rendered: &Rendered) -> Result<(), Error> {
        self.set_message(held, |update| {
            forgotten(held, update)
                .filter(message::Column::State.ne("sent"))
                .col_expr(message::Column::State, Expr::value("sent"))
                .col_expr(message::Column::Subject, Expr::value(rendered.subject.clone()))
                .col_expr(message::Column::BodyText, Expr::value(rendered.body_text.clone()))
                .col_expr(message::Column::BodyHtml, Expr::value(rendered.body_html.clone()))
                .col_expr(message::Column::SentAt, Expr::value(OffsetDateTime::now_utc()))
        })
        .await
    }

    /// Again at `next_at`, or never when none is given. Only for whoever holds it: each claim has its own number of attempts.
    pub async fn message_failed(&self, held: &ClaimedMessage, next_at: Option<OffsetDateTime>) -> Result<(), Error> {
        let state = if next_at.is_some() { "ready" } else { "failed" };
        self.set_message(held, |update| {
            let update = update
                .col_expr(message::Column::State, Expr::value(state))
                .col_expr(message::Column::LockedUntil, Expr::value(None::<OffsetDateTime>))
                .filter(message::Column::State.eq("ready"))
                .filter(message::Column::Attempts.eq(held.attempts));
            match next_at {
                Some(at) => update.col_expr(message::Column::NextAt, Expr::value(at)),
                None => forgotten(held, update),
            }
        })
        .await
    }

    async fn set_message(
        &self,
        held: &ClaimedMessage,
        build: impl FnOnce(UpdateMany<message::Entity>) -> UpdateMany<message::Entity>,
    ) -> Result<(), Error> {
        build(message::Entity::update_many())
            .filter(message::Column::TenantId.eq(held.tenant_id.0))
            .filter(message::Column::Id.eq(held.id.0))
            .exec(&self.db)
            .await?;
        Ok(())
    }

    /// Everything that left or tried to, newest first; one that a worker holds is `sending`.
    pub async fn sent_messages(&self, limit: u64) -> Result<Vec<SentMessage>, Error> {
        let now = OffsetDateTime::now_utc();
        let rows = message::Entity::find().order_by_desc(message::Column::CreatedAt).order_by_desc(message::Column::Id);
        let rows = rows.limit(limit).all(&self.db).await?.into_iter().map(|row| SentMessage {
            tenant_id: TenantId(row.tenant_id),
            id: MessageId(row.id),
            channel: row.channel,
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
        });
        Ok(rows.collect())
    }
}

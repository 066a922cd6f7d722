//! The outbox: everything that leaves is written here in the same transaction as its cause, then claimed, sent and recorded by a worker.
#![expect(clippy::disallowed_methods, reason = "delivery serves every tenant; each row names its own")]
mod claim;
mod desk;
mod fate;
mod letters;
mod record;

pub use claim::ClaimedMessage;
pub use desk::{KeptMessage, MessageFilter};
pub use fate::{Heard, Meant};
pub use letters::LetterBatch;
pub use record::{Left, Rendered, SentMessage, secret_of};

use super::bulk::add_missing;
use super::error::Error;
use super::scope::TenantTx;
use crate::domain::ids::{CustomerId, MessageId};
use crate::domain::notices::{Channel, Lane};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect, Set};
use std::collections::BTreeSet;
use time::OffsetDateTime;

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
        pub lane: i64,
        pub customer: Option<Uuid>,
        pub parts: Option<i16>,
        pub receipt: Option<String>,
        pub fate: Option<String>,
        pub fate_at: Option<TimeDateTimeWithTimeZone>,
        pub failure: Option<String>,
        pub batch: Option<Uuid>,
        pub item_number: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

#[derive(Clone, Debug)]
pub struct NewMessage {
    pub id: MessageId,
    pub channel: Channel,
    /// Whom it concerns, where it concerns a customer: the desk finds it there.
    pub customer: Option<CustomerId>,
    /// The notice's name: its words are in `themes/*/mail/<kind>/`.
    pub kind: String,
    pub recipient: String,
    pub language: String,
    pub payload: serde_json::Value,
    /// One message for one cause: a second with the same key is not added.
    pub dedupe_key: String,
}

/// Keys that begin so, as a range: an index of them finds it on either engine, where they compare as bytes.
fn begins(start: &str) -> Condition {
    let mut end = start.to_owned();
    let after = end.pop().and_then(|last| char::from_u32(u32::from(last) + 1));
    let all = Condition::all().add(message::Column::DedupeKey.gte(start));
    match after {
        Some(after) => all.add(message::Column::DedupeKey.lt(format!("{end}{after}"))),
        None => all,
    }
}

impl TenantTx {
    pub async fn enqueue(&self, messages: &[NewMessage]) -> Result<(), Error> {
        let now = OffsetDateTime::now_utc();
        let row = |one: &NewMessage| message::ActiveModel {
            tenant_id: Set(self.tenant_id().0),
            id: Set(one.id.0),
            channel: Set(one.channel.key().to_owned()),
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
            lane: Set(Lane::of(self.tenant_id(), one.channel, &one.kind).number()),
            customer: Set(one.customer.map(|id| id.0)),
            parts: Set(None),
            receipt: Set(None),
            fate: Set(None),
            fate_at: Set(None),
            failure: Set(None),
            batch: Set(None),
            item_number: Set(None),
        };
        add_missing(self.platform_tables(), messages.iter().map(row).collect()).await
    }

    /// What the messages of those keys carry, while they wait.
    pub(super) async fn waiting_payloads(&self, dedupe_keys: Vec<String>) -> Result<Vec<serde_json::Value>, Error> {
        let rows = message::Entity::find()
            .filter(message::Column::TenantId.eq(self.tenant_id().0))
            .filter(message::Column::DedupeKey.is_in(dedupe_keys))
            .filter(message::Column::State.eq("ready"))
            .select_only()
            .column(message::Column::Payload);
        let texts: Vec<String> = rows.into_tuple().all(self.platform_tables()).await?;
        Ok(texts.iter().map(|text| serde_json::from_str(text).unwrap_or_default()).collect())
    }

    /// Keys that begin so, with what their messages carry.
    pub(super) async fn payloads_of_messages(
        &self,
        dedupe_start: &str,
    ) -> Result<Vec<(String, serde_json::Value)>, Error> {
        let rows = message::Entity::find()
            .filter(message::Column::TenantId.eq(self.tenant_id().0))
            .filter(begins(dedupe_start))
            .select_only()
            .column(message::Column::DedupeKey)
            .column(message::Column::Payload);
        let rows: Vec<(String, String)> = rows.into_tuple().all(self.platform_tables()).await?;
        Ok(rows.into_iter().map(|(key, text)| (key, serde_json::from_str(&text).unwrap_or_default())).collect())
    }

    /// Keys of what was sent of that kind about the customers.
    pub(super) async fn keys_of_messages(
        &self,
        kind: &str,
        customers: &[CustomerId],
    ) -> Result<BTreeSet<String>, Error> {
        let rows = message::Entity::find()
            .filter(message::Column::TenantId.eq(self.tenant_id().0))
            .filter(message::Column::Customer.is_in(customers.iter().map(|customer| customer.0)))
            .filter(message::Column::Kind.eq(kind))
            .select_only()
            .column(message::Column::DedupeKey);
        let keys: Vec<String> = rows.into_tuple().all(self.platform_tables()).await?;
        Ok(keys.into_iter().collect())
    }

    /// What became of the messages whose keys begin so, oldest first: ready, sent or failed.
    pub async fn states_of_messages(&self, dedupe_start: &str) -> Result<Vec<String>, Error> {
        let rows = message::Entity::find()
            .filter(message::Column::TenantId.eq(self.tenant_id().0))
            .filter(begins(dedupe_start))
            .order_by_asc(message::Column::CreatedAt)
            .order_by_asc(message::Column::Id)
            .select_only()
            .column(message::Column::State);
        Ok(rows.into_tuple().all(self.platform_tables()).await?)
    }
}

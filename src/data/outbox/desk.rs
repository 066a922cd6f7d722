//! What left to whom, as the desk reads it; sent again, tried again. Of messages that opened something neither is possible: what opened it
//! is not kept.
use super::super::error::{Error, odd};
use super::super::scope::TenantTx;
use super::message;
use crate::domain::ids::{CustomerId, LetterBatchId, MessageId};
use crate::domain::notices::{Channel, Fate, Lane, MessageState};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{Condition, IntoActiveModel, QueryOrder, QuerySelect, Set};
use time::OffsetDateTime;

/// What stands in place of a secret.
const BLANK: &str = "••••";
/// Messages tried again in one statement.
const AT_ONCE: u64 = 1000;

#[derive(Clone, Debug, Default)]
pub struct MessageFilter {
    pub channel: Option<Channel>,
    pub state: Option<MessageState>,
    /// A notice's name.
    pub kind: Option<String>,
    pub customer: Option<CustomerId>,
    /// Made from the one to before the other.
    pub from: Option<OffsetDateTime>,
    pub until: Option<OffsetDateTime>,
    /// Only older ones than this.
    pub before: Option<MessageId>,
    pub limit: u64,
}

/// A message as the outbox keeps it.
#[derive(Clone, Debug)]
pub struct KeptMessage {
    pub id: MessageId,
    pub channel: Channel,
    pub kind: String,
    pub recipient: String,
    pub language: String,
    pub state: MessageState,
    pub attempts: i16,
    pub next_at: OffsetDateTime,
    pub subject: String,
    pub body_text: String,
    pub body_html: String,
    pub created_at: OffsetDateTime,
    pub sent_at: Option<OffsetDateTime>,
    pub customer: Option<CustomerId>,
    pub parts: Option<i16>,
    pub receipt: Option<String>,
    pub fate_at: Option<OffsetDateTime>,
    /// Why the last attempt failed, by its word.
    pub failure: Option<String>,
    pub batch: Option<LetterBatchId>,
    pub item_number: Option<String>,
    /// Nothing of it was blanked or forgotten: it can be sent again as it was.
    pub is_whole: bool,
}

pub(super) fn kept(row: message::Model) -> Result<KeptMessage, Error> {
    let channel = Channel::parse(&row.channel).ok_or_else(|| odd("channel", &row.channel))?;
    let fate = row.fate.as_deref().map(|word| Fate::parse(word).ok_or_else(|| odd("fate", word))).transpose()?;
    let is_held = row.locked_until.is_some_and(|until| until > OffsetDateTime::now_utc());
    let is_whole = !row.recipient.is_empty()
        && ![&row.payload, &row.body_text, &row.body_html].iter().any(|text| text.contains(BLANK));
    Ok(KeptMessage {
        id: MessageId(row.id),
        channel,
        kind: row.kind,
        recipient: row.recipient,
        language: row.language,
        state: MessageState::of(channel, &row.state, is_held, fate),
        attempts: row.attempts,
        next_at: row.next_at,
        subject: row.subject,
        body_text: row.body_text,
        body_html: row.body_html,
        created_at: row.created_at,
        sent_at: row.sent_at,
        customer: row.customer.map(CustomerId),
        parts: row.parts,
        receipt: row.receipt,
        fate_at: row.fate_at,
        failure: row.failure,
        batch: row.batch.map(LetterBatchId),
        item_number: row.item_number,
        is_whole,
    })
}

/// The first id of that moment: ids are in the order of time.
fn first_of(at: OffsetDateTime) -> Uuid {
    let millis = u64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
    Uuid::from_u128(u128::from(millis) << 80)
}

fn is(state: MessageState) -> Condition {
    use message::Column::{Channel as Way, Fate as Told, LockedUntil, State};
    let now = OffsetDateTime::now_utc();
    let all = Condition::all();
    let untold = |word: &str| Condition::all().add(State.eq(word)).add(Told.is_null());
    match state {
        MessageState::Waiting => {
            untold("ready").add(Condition::any().add(LockedUntil.is_null()).add(LockedUntil.lte(now)))
        }
        MessageState::Sending => untold("ready").add(LockedUntil.gt(now)),
        MessageState::Sent => untold("sent").add(Way.ne(Channel::Letter.key())),
        MessageState::ToPrint => untold("sent").add(Way.eq(Channel::Letter.key())),
        MessageState::GivenUp => untold("failed"),
        MessageState::Delivered => all.add(Told.eq(Fate::Delivered.key())),
        MessageState::Undelivered => all.add(Told.eq(Fate::Undelivered.key())),
        MessageState::Bounced => all.add(Told.eq(Fate::Bounced.key())),
        MessageState::Printed => all.add(Told.eq(Fate::Printed.key())),
    }
}

impl TenantTx {
    /// What a supplier's own systems are told is not a message to anybody (it has a desk of its own, for the lead), nor is what becomes many.
    fn own_messages(&self) -> Select<message::Entity> {
        message::Entity::find()
            .filter(message::Column::TenantId.eq(self.tenant_id().0))
            .filter(message::Column::Channel.is_not_in([Channel::Webhook.key(), Channel::Spread.key()]))
    }

    /// Newest first.
    pub async fn kept_messages(&self, wanted: &MessageFilter) -> Result<Vec<KeptMessage>, Error> {
        let mut all = Condition::all();
        if let Some(channel) = wanted.channel {
            all = all.add(message::Column::Channel.eq(channel.key()));
        }
        if let Some(state) = wanted.state {
            all = all.add(is(state));
        }
        if let Some(kind) = &wanted.kind {
            all = all.add(message::Column::Kind.eq(kind.as_str()));
        }
        if let Some(customer) = wanted.customer {
            all = all.add(message::Column::Customer.eq(customer.0));
        }
        if let Some(from) = wanted.from {
            all = all.add(message::Column::Id.gte(first_of(from)));
        }
        if let Some(until) = wanted.until {
            all = all.add(message::Column::Id.lt(first_of(until)));
        }
        if let Some(before) = wanted.before {
            all = all.add(message::Column::Id.lt(before.0));
        }
        let rows = self.own_messages().filter(all).order_by_desc(message::Column::Id).limit(wanted.limit);
        rows.all(self.platform_tables()).await?.into_iter().map(kept).collect()
    }

    pub async fn kept_message(&self, id: MessageId) -> Result<KeptMessage, Error> {
        let row = self.own_messages().filter(message::Column::Id.eq(id.0)).one(self.platform_tables()).await?;
        kept(row.ok_or(Error::NotFound)?)
    }

    /// The same words for the same reason, under another key and perhaps another way: the new one's id. None when that key was used: pressed
    /// twice it goes once.
    pub async fn send_again(
        &self,
        id: MessageId,
        key: &str,
        to: Option<(Channel, String)>,
    ) -> Result<Option<MessageId>, Error> {
        let now = OffsetDateTime::now_utc();
        let row = self.own_messages().filter(message::Column::Id.eq(id.0)).one(self.platform_tables()).await?;
        let row = row.ok_or(Error::NotFound)?;
        if !kept(row.clone())?.is_whole {
            return Err(Error::NotFound);
        }
        let old = Channel::parse(&row.channel).ok_or_else(|| odd("channel", &row.channel))?;
        let (channel, recipient) = to.unwrap_or((old, row.recipient.clone()));
        let new = MessageId::new();
        let mut again = row.clone().into_active_model();
        again.id = Set(new.0);
        again.channel = Set(channel.key().to_owned());
        again.recipient = Set(recipient);
        again.dedupe_key = Set(format!("again:{id}:{key}"));
        again.state = Set("ready".to_owned());
        again.attempts = Set(0);
        again.next_at = Set(now);
        again.locked_until = Set(None);
        again.subject = Set(String::new());
        again.body_text = Set(String::new());
        again.body_html = Set(String::new());
        again.created_at = Set(now);
        again.sent_at = Set(None);
        again.lane = Set(Lane::of(self.tenant_id(), channel, &row.kind).number());
        again.parts = Set(None);
        again.receipt = Set(None);
        again.fate = Set(None);
        again.fate_at = Set(None);
        again.failure = Set(None);
        again.batch = Set(None);
        again.item_number = Set(None);
        // What was taken from the row counts as unchanged, and would not be written.
        let again = message::ActiveModel {
            tenant_id: Set(row.tenant_id),
            kind: Set(row.kind),
            language: Set(row.language),
            payload: Set(row.payload),
            customer: Set(row.customer),
            ..again
        };
        let once = OnConflict::columns([message::Column::TenantId, message::Column::DedupeKey]).do_nothing().to_owned();
        let added = message::Entity::insert_many([again]).on_conflict(once);
        added.exec_without_returning(self.platform_tables()).await?;
        let is_there = self.own_messages().filter(message::Column::Id.eq(new.0)).one(self.platform_tables()).await?;
        Ok(is_there.map(|_| new))
    }

    /// What was given up waits again as if it had not been tried: one, or the oldest of all. Answers how many.
    pub async fn try_again(&self, one: Option<MessageId>) -> Result<u64, Error> {
        let mut ids = self
            .own_messages()
            .filter(is(MessageState::GivenUp))
            .filter(message::Column::Recipient.ne(""))
            .filter(message::Column::Payload.not_like(format!("%{BLANK}%")))
            .select_only()
            .column(message::Column::Id)
            .order_by_asc(message::Column::Id)
            .limit(AT_ONCE);
        if let Some(id) = one {
            ids = ids.filter(message::Column::Id.eq(id.0));
        }
        let ids: Vec<Uuid> = ids.into_tuple().all(self.platform_tables()).await?;
        let update = message::Entity::update_many()
            .col_expr(message::Column::State, Expr::value("ready"))
            .col_expr(message::Column::Attempts, Expr::value(0_i16))
            .col_expr(message::Column::NextAt, Expr::value(OffsetDateTime::now_utc()))
            .col_expr(message::Column::LockedUntil, Expr::value(None::<OffsetDateTime>))
            .filter(message::Column::TenantId.eq(self.tenant_id().0))
            .filter(message::Column::State.eq("failed"))
            .filter(message::Column::Id.is_in(ids));
        Ok(update.exec(self.platform_tables()).await?.rows_affected)
    }
}

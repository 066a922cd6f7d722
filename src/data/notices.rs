//! Who is told what: everybody who looks after the customer finds it in the portal; mail and texts go where each of them chose.
use super::error::{Error, odd};
use super::outbox::NewMessage;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::access::MemberRole;
use crate::domain::ids::{AccountId, CustomerId, MessageId, NoticeId};
use crate::domain::notices::{Channel, Event, ways};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{FromQueryResult, QueryOrder, QuerySelect, Set, UpdateMany};
use std::collections::{BTreeMap, BTreeSet};
use time::{Date, OffsetDateTime};

mod choice {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "notice_choices")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub event: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub channel: String,
        pub is_on: bool,
        pub changed_at: TimeDateTimeWithTimeZone,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod notice {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "notices")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub customer_id: Uuid,
        pub event: String,
        pub kind: String,
        pub payload: String,
        pub cause: String,
        pub created_at: TimeDateTimeWithTimeZone,
        pub read_at: Option<TimeDateTimeWithTimeZone>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for choice::Entity {
    const TENANT: choice::Column = choice::Column::TenantId;
}

impl TenantEntity for notice::Entity {
    const TENANT: notice::Column = notice::Column::TenantId;
}

/// Something to be told about one customer.
#[derive(Clone, Debug)]
pub struct Notice<'a> {
    pub event: Event,
    /// Names the words: `themes/*/mail/<kind>/`.
    pub kind: &'a str,
    pub customer: CustomerId,
    /// What the words need; `path` is where it is looked at.
    pub payload: serde_json::Value,
    /// The same cause is told once.
    pub cause: String,
    pub language: &'a str,
    pub now: OffsetDateTime,
    /// The day in the supplier's zone: nobody is told whose right ended.
    pub today: Date,
}

/// What somebody finds in the portal about one of their customers; once for each cause.
#[derive(Clone, Debug)]
pub(super) struct InboxLine<'a> {
    pub account: AccountId,
    pub customer: CustomerId,
    pub kind: &'a str,
    pub payload: serde_json::Value,
    pub cause: String,
}

fn inbox_row(event: Event, line: InboxLine<'_>, now: OffsetDateTime) -> notice::ActiveModel {
    notice::ActiveModel {
        id: Set(NoticeId::new().0),
        account_id: Set(line.account.0),
        customer_id: Set(line.customer.0),
        event: Set(event.key().to_owned()),
        kind: Set(line.kind.to_owned()),
        payload: Set(line.payload.to_string()),
        cause: Set(line.cause),
        created_at: Set(now),
        read_at: Set(None),
        ..Default::default()
    }
}

#[derive(FromQueryResult)]
struct CauseSql {
    cause: String,
}

/// One line of what somebody finds in the portal.
#[derive(Clone, Debug)]
pub struct NoticeRow {
    pub id: NoticeId,
    pub event: Event,
    pub kind: String,
    pub payload: serde_json::Value,
    pub created_at: OffsetDateTime,
    pub read_at: Option<OffsetDateTime>,
}

/// What somebody chose; where they chose nothing, the catalogue holds.
pub type Choices = BTreeMap<(Event, Channel), bool>;

impl TenantTx {
    pub async fn notice_choices(&self, account: AccountId) -> Result<Choices, Error> {
        let rows =
            self.find::<choice::Entity>().with(|query| query.filter(choice::Column::AccountId.eq(account.0))).all();
        let mut choices = Choices::new();
        for row in rows.await? {
            let event = Event::parse(&row.event).ok_or_else(|| odd("event", &row.event))?;
            let channel = Channel::parse(&row.channel).ok_or_else(|| odd("channel", &row.channel))?;
            choices.insert((event, channel), row.is_on);
        }
        Ok(choices)
    }

    pub async fn choose_notices(&self, account: AccountId, chosen: &Choices, now: OffsetDateTime) -> Result<(), Error> {
        for ((event, channel), is_on) in chosen {
            let row = choice::ActiveModel {
                account_id: Set(account.0),
                event: Set(event.key().to_owned()),
                channel: Set(channel.key().to_owned()),
                is_on: Set(*is_on),
                changed_at: Set(now),
                ..Default::default()
            };
            let key =
                [choice::Column::TenantId, choice::Column::AccountId, choice::Column::Event, choice::Column::Channel];
            let mut over = OnConflict::columns(key);
            over.update_columns([choice::Column::IsOn, choice::Column::ChangedAt]);
            self.put(row, over).await?;
        }
        Ok(())
    }

    /// Tells everybody who looks after the customer, each by the ways they chose; a customer without a log-in is told at the address
    /// the supplier knows. In the transaction of its cause; false where somebody was told of it before.
    pub async fn tell(&self, notice: &Notice<'_>) -> Result<bool, Error> {
        let people = self.memberships_at(notice.customer).await?;
        let customer = self.customer(notice.customer).await?;
        let told = notice.event.told();
        let mut reached: BTreeMap<(Channel, String), Option<AccountId>> = BTreeMap::new();
        let (mut inbox, mut is_anybodys) = (Vec::new(), false);
        let mut add = |channel: Channel, to: Option<String>, account: Option<AccountId>| {
            if let Some(to) = to.filter(|to| !to.is_empty()) {
                reached.entry((channel, to)).or_insert(account);
            }
        };
        for person in people.iter().filter(|person| person.until.is_none_or(|until| until >= notice.today)) {
            let Some(reach) = self.open_reach(person.account).await? else { continue };
            let is_owner = person.role == MemberRole::Owner;
            let choices = self.notice_choices(person.account).await?;
            for channel in ways(told, is_owner, |channel| choices.get(&(notice.event, channel)).copied()) {
                let (own, customers) = match channel {
                    Channel::Mail => (reach.0.clone(), customer.email.clone()),
                    _ => (reach.1.clone(), customer.phone.clone()),
                };
                // What concerns the customer goes to the customer's address; others who look after it have their own.
                add(channel, if is_owner { customers.or(own) } else { own }, Some(person.account));
            }
            is_anybodys = true;
            let line = InboxLine {
                account: person.account,
                customer: notice.customer,
                kind: notice.kind,
                payload: notice.payload.clone(),
                cause: notice.cause.clone(),
            };
            inbox.push(inbox_row(notice.event, line, notice.now));
        }
        // Nobody looks after them any more: they are still told at the address the supplier knows.
        if !is_anybodys && told.mail {
            add(Channel::Mail, customer.email.clone(), None);
        }
        let mut is_new = !is_anybodys;
        for row in inbox {
            let key = [notice::Column::TenantId, notice::Column::AccountId, notice::Column::Cause];
            is_new |= self.put(row, OnConflict::columns(key).do_nothing().to_owned()).await?.is_some();
        }
        // Whoever was told stays told, also when they are reached elsewhere or chose otherwise since.
        if !is_new {
            return Ok(false);
        }
        let messages: Vec<NewMessage> = reached
            .into_iter()
            .map(|((channel, recipient), account)| NewMessage {
                id: MessageId::new(),
                channel,
                customer: Some(notice.customer),
                kind: notice.kind.to_owned(),
                dedupe_key: format!("{}:{}:{recipient}", notice.cause, channel.key()),
                recipient,
                language: notice.language.to_owned(),
                payload: with_stop(&notice.payload, notice.event, account),
            })
            .collect();
        self.enqueue(&messages).await?;
        Ok(true)
    }

    pub(super) async fn put_into_inbox(
        &self,
        event: Event,
        lines: Vec<InboxLine<'_>>,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        self.add_missing(lines.into_iter().map(|line| inbox_row(event, line, now)).collect()).await
    }

    /// Those of the causes that somebody who looks after one of the customers has found in the portal, or was sent.
    pub async fn told_causes(
        &self,
        kind: &str,
        customers: &[CustomerId],
        causes: &[String],
    ) -> Result<BTreeSet<String>, Error> {
        let found = self.find::<notice::Entity>().with(|query| {
            query
                .filter(notice::Column::CustomerId.is_in(customers.iter().map(|customer| customer.0)))
                .filter(notice::Column::Cause.is_in(causes))
                .select_only()
                .column(notice::Column::Cause)
                .distinct()
        });
        let mut told: BTreeSet<String> = found.of::<CauseSql>().await?.into_iter().map(|row| row.cause).collect();
        let sent = self.keys_of_messages(kind, customers).await?;
        let is_sent = |cause: &&String| {
            let start = format!("{cause}:");
            sent.range(start.clone()..).next().is_some_and(|key| key.starts_with(&start))
        };
        told.extend(causes.iter().filter(is_sent).cloned());
        Ok(told)
    }

    /// Newest first, those before `before`.
    pub async fn notices_for(
        &self,
        account: AccountId,
        customer: CustomerId,
        before: Option<NoticeId>,
        limit: u64,
    ) -> Result<Vec<NoticeRow>, Error> {
        let rows = self.find::<notice::Entity>().with(|query| {
            let query = query
                .filter(notice::Column::AccountId.eq(account.0))
                .filter(notice::Column::CustomerId.eq(customer.0))
                .order_by_desc(notice::Column::Id)
                .limit(limit);
            match before {
                Some(id) => query.filter(notice::Column::Id.lt(id.0)),
                None => query,
            }
        });
        let row = |row: notice::Model| {
            Ok(NoticeRow {
                id: NoticeId(row.id),
                event: Event::parse(&row.event).ok_or_else(|| odd("event", &row.event))?,
                kind: row.kind,
                payload: serde_json::from_str(&row.payload).unwrap_or_default(),
                created_at: row.created_at,
                read_at: row.read_at,
            })
        };
        rows.all().await?.into_iter().map(row).collect()
    }

    /// Up to and with that one they were seen.
    pub async fn read_notices(
        &self,
        account: AccountId,
        customer: CustomerId,
        newest: NoticeId,
        now: OffsetDateTime,
    ) -> Result<u64, Error> {
        let seen = |update: UpdateMany<notice::Entity>| {
            update
                .col_expr(notice::Column::ReadAt, Expr::value(now))
                .filter(notice::Column::AccountId.eq(account.0))
                .filter(notice::Column::CustomerId.eq(customer.0))
                .filter(notice::Column::Id.lte(newest.0))
                .filter(notice::Column::ReadAt.is_null())
        };
        self.change(seen).await
    }
}

/// Whose choice it is not to hear it again, so that the message can offer that.
fn with_stop(payload: &serde_json::Value, event: Event, account: Option<AccountId>) -> serde_json::Value {
    let mut payload = payload.clone();
    if let (Some(account), Some(fields), true) = (account, payload.as_object_mut(), event.told().is_choice) {
        fields.insert("off".into(), serde_json::json!({ "account": account.to_string(), "event": event.key() }));
    }
    payload
}

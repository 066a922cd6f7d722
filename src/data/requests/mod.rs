//! Requests: what a customer asked for, where it stands, who has it. Moved and taken only from the version that was seen.
mod attachments;
mod events;
mod queue;

pub use attachments::{AttachmentRow, StoredAttachment};
pub use events::{NewEvent, RequestEvent};
pub use queue::{Assignee, Cursor, QueueCounts, QueueFilter, QueueRow};

use super::error::{Error, odd};
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{AccountId, CustomerId, RequestId, StaffId, SupplyPointId};
use crate::domain::requests::{Reference, RequestKind, RequestState};
use crate::domain::webhooks::Fact;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ExprTrait, QueryOrder, QuerySelect, Set, UpdateMany};
use serde_json::Value as Json;
use time::{Date, OffsetDateTime};

mod request {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "requests")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub customer_id: Option<Uuid>,
        pub account_id: Option<Uuid>,
        pub supply_point_id: Option<Uuid>,
        pub kind: String,
        pub reference: String,
        pub state: String,
        pub was_immediate: bool,
        pub received_at: TimeDateTimeWithTimeZone,
        pub deadline: TimeDate,
        pub money_deadline: Option<TimeDate>,
        pub assignee_id: Option<Uuid>,
        pub version: i32,
        pub events: i32,
        pub payload: String,
        pub outcome: String,
        pub idempotency: String,
        pub closed_at: Option<TimeDateTimeWithTimeZone>,
        pub language: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for request::Entity {
    const TENANT: request::Column = request::Column::TenantId;
}

#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    pub id: RequestId,
    /// None for a visitor, who may ask for a contract.
    pub customer: Option<CustomerId>,
    /// Who asked, where it was not staff.
    pub account: Option<AccountId>,
    pub supply_point: Option<SupplyPointId>,
    pub kind: RequestKind,
    pub reference: Reference,
    pub state: RequestState,
    pub was_immediate: bool,
    pub received_at: OffsetDateTime,
    pub deadline: Date,
    pub money_deadline: Option<Date>,
    pub assignee: Option<StaffId>,
    pub version: i32,
    /// What was asked, with the old values beside the new ones.
    pub payload: Json,
    /// The reason in words for the customer; empty while there is none.
    pub outcome: String,
    pub idempotency: String,
    pub closed_at: Option<OffsetDateTime>,
    pub language: String,
}

#[derive(Clone, Debug)]
pub struct NewRequest {
    pub id: RequestId,
    pub customer: Option<CustomerId>,
    pub account: Option<AccountId>,
    pub supply_point: Option<SupplyPointId>,
    pub kind: RequestKind,
    /// As the supplier's calendar has it: the reference begins with it.
    pub year: i32,
    pub state: RequestState,
    pub was_immediate: bool,
    pub received_at: OffsetDateTime,
    pub deadline: Date,
    pub money_deadline: Option<Date>,
    pub payload: Json,
    pub outcome: String,
    /// One request for one intention: a second with the same key is not added.
    pub idempotency: String,
    pub closed_at: Option<OffsetDateTime>,
    pub language: String,
}

#[derive(Clone, Debug)]
pub enum Added {
    New(Request),
    /// The same intention came before; its payload tells whether it asked for the same.
    Already(Request),
}

/// A change guarded by the version that was seen.
#[derive(Clone, Debug, PartialEq)]
pub enum Guarded<T> {
    /// The version it has now.
    Done(i32),
    /// Somebody was faster: the row as they left it.
    Stale(Box<T>),
}

/// What moves a request on, and what is said about it.
#[derive(Clone, Debug)]
pub struct Move<'a> {
    pub state: RequestState,
    pub outcome: &'a str,
    pub closed_at: Option<OffsetDateTime>,
}

fn json_of(text: &str) -> Result<Json, Error> {
    serde_json::from_str(text).map_err(|error| Error::Broken(format!("payload: {error}")))
}

fn state_of(text: &str) -> Result<RequestState, Error> {
    RequestState::parse(text).ok_or_else(|| odd("state", text))
}

fn request_of(row: request::Model) -> Result<Request, Error> {
    Ok(Request {
        id: RequestId(row.id),
        customer: row.customer_id.map(CustomerId),
        account: row.account_id.map(AccountId),
        supply_point: row.supply_point_id.map(SupplyPointId),
        kind: RequestKind::parse(&row.kind).ok_or_else(|| odd("kind", &row.kind))?,
        reference: Reference::parse(&row.reference).map_err(|_| odd("reference", &row.reference))?,
        state: state_of(&row.state)?,
        was_immediate: row.was_immediate,
        received_at: row.received_at,
        deadline: row.deadline,
        money_deadline: row.money_deadline,
        assignee: row.assignee_id.map(StaffId),
        version: row.version,
        payload: json_of(&row.payload)?,
        outcome: row.outcome,
        idempotency: row.idempotency,
        closed_at: row.closed_at,
        language: row.language,
    })
}

fn open_states() -> impl Iterator<Item = &'static str> {
    RequestState::ALL.into_iter().filter(|state| state.is_open()).map(RequestState::key)
}

impl TenantTx {
    /// With the next number of its year, unless its intention is known already. Two at once: the key decides, the other waits and gets the
    /// first's. `Conflict` when the key is another customer's.
    pub async fn add_request(&self, new: &NewRequest) -> Result<Added, Error> {
        // The usual resend costs no number; that nobody is faster below is the key's business, not this look's.
        if let Some(known) = self.request_with_key(new).await? {
            return Ok(Added::Already(known));
        }
        let sequence = format!("requests-{}", new.year);
        let number = self.next_number(&sequence).await?;
        let once = [request::Column::TenantId, request::Column::Idempotency];
        let once = OnConflict::columns(once).do_nothing().to_owned();
        if let Some(row) = self.put(new_row(new, Reference::new(new.year, number)), once).await? {
            self.announce_request(Fact::RequestCreated, new.id).await?;
            return Ok(Added::New(request_of(row)?));
        }
        self.give_number_back(&sequence).await?;
        let known = self.request_with_key(new).await?;
        known.map(Added::Already).ok_or(Error::NotFound)
    }

    /// The customer's request that came from the form with this key.
    pub async fn request_of_form(&self, customer: CustomerId, key: &str) -> Result<Option<Request>, Error> {
        let row = self.find::<request::Entity>().with(|query| {
            query.filter(request::Column::Idempotency.eq(key)).filter(request::Column::CustomerId.eq(customer.0))
        });
        row.one().await?.map(request_of).transpose()
    }

    async fn request_with_key(&self, new: &NewRequest) -> Result<Option<Request>, Error> {
        let row = self
            .find::<request::Entity>()
            .with(|query| query.filter(request::Column::Idempotency.eq(new.idempotency.as_str())));
        match row.one().await?.map(request_of).transpose()? {
            Some(known) if known.customer != new.customer => Err(Error::Conflict("idempotency".to_owned())),
            known => Ok(known),
        }
    }

    /// Newest first.
    pub async fn requests_of(&self, customer: CustomerId, limit: u64) -> Result<Vec<Request>, Error> {
        let rows = self.find::<request::Entity>().with(|query| {
            query
                .filter(request::Column::CustomerId.eq(customer.0))
                .order_by_desc(request::Column::ReceivedAt)
                .order_by_desc(request::Column::Id)
                .limit(limit)
        });
        rows.all().await?.into_iter().map(request_of).collect()
    }

    /// Newest first.
    pub async fn open_requests_of(&self, customer: CustomerId) -> Result<Vec<Request>, Error> {
        let rows = self.find::<request::Entity>().with(|query| {
            query
                .filter(request::Column::CustomerId.eq(customer.0))
                .filter(request::Column::State.is_in(open_states()))
                .order_by_desc(request::Column::ReceivedAt)
                .order_by_desc(request::Column::Id)
        });
        rows.all().await?.into_iter().map(request_of).collect()
    }

    pub async fn count_open_requests_of(&self, customer: CustomerId) -> Result<i64, Error> {
        let rows = self.find::<request::Entity>().with(|query| {
            query.filter(request::Column::CustomerId.eq(customer.0)).filter(request::Column::State.is_in(open_states()))
        });
        Ok(rows.count().await? as i64)
    }

    pub async fn request_of(&self, customer: CustomerId, reference: Reference) -> Result<Request, Error> {
        let row = self.find::<request::Entity>().with(|query| {
            let named = query.filter(request::Column::Reference.eq(reference.to_string()));
            named.filter(request::Column::CustomerId.eq(customer.0))
        });
        request_of(row.one().await?.ok_or(Error::NotFound)?)
    }

    /// For staff: whoever asked.
    pub async fn request(&self, reference: Reference) -> Result<Request, Error> {
        let row = self
            .find::<request::Entity>()
            .with(|query| query.filter(request::Column::Reference.eq(reference.to_string())));
        request_of(row.one().await?.ok_or(Error::NotFound)?)
    }

    /// For what points at a request: a booking, a contract, a job.
    pub async fn request_by_id(&self, id: RequestId) -> Result<Request, Error> {
        let row = self.find::<request::Entity>().with(|query| query.filter(request::Column::Id.eq(id.0)));
        request_of(row.one().await?.ok_or(Error::NotFound)?)
    }

    /// Whether it may move so is the domain's to say, of the version that was seen.
    pub async fn move_request(&self, id: RequestId, seen: i32, to: &Move<'_>) -> Result<Guarded<Request>, Error> {
        let build = |update: UpdateMany<request::Entity>| {
            update
                .col_expr(request::Column::State, Expr::value(to.state.key()))
                .col_expr(request::Column::Outcome, Expr::value(to.outcome))
                .col_expr(request::Column::ClosedAt, Expr::value(to.closed_at))
        };
        let guarded = self.change_request(id, seen, build).await?;
        if matches!(guarded, Guarded::Done(_)) {
            self.announce_request(Fact::RequestMoved, id).await?;
        }
        Ok(guarded)
    }

    /// Takes it for somebody, or puts it back. Two at once: one wins.
    pub async fn assign_request(
        &self,
        id: RequestId,
        seen: i32,
        staff: Option<StaffId>,
    ) -> Result<Guarded<Request>, Error> {
        let assignee = staff.map(|staff| staff.0);
        self.change_request(id, seen, |update| update.col_expr(request::Column::AssigneeId, Expr::value(assignee)))
            .await
    }

    async fn change_request(
        &self,
        id: RequestId,
        seen: i32,
        build: impl FnOnce(UpdateMany<request::Entity>) -> UpdateMany<request::Entity>,
    ) -> Result<Guarded<Request>, Error> {
        let guarded = |update: UpdateMany<request::Entity>| {
            build(update)
                .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
                .filter(request::Column::Id.eq(id.0))
                .filter(request::Column::Version.eq(seen))
        };
        match self.change(guarded).await? {
            0 => Ok(Guarded::Stale(Box::new(self.request_by_id(id).await?))),
            _ => Ok(Guarded::Done(seen + 1)),
        }
    }

    /// Tells the supplier's own systems of a request as it is now.
    async fn announce_request(&self, fact: Fact, id: RequestId) -> Result<(), Error> {
        let listeners = self.listeners(fact).await?;
        if listeners.is_empty() {
            return Ok(());
        }
        let one = self.request_by_id(id).await?;
        let data = serde_json::json!({
            "request": one.reference.to_string(), "kind": one.kind.key(), "state": one.state.key(),
        });
        self.announce_to(&listeners, fact, one.customer, data).await
    }
}

fn new_row(new: &NewRequest, reference: Reference) -> request::ActiveModel {
    request::ActiveModel {
        id: Set(new.id.0),
        customer_id: Set(new.customer.map(|customer| customer.0)),
        account_id: Set(new.account.map(|account| account.0)),
        supply_point_id: Set(new.supply_point.map(|point| point.0)),
        kind: Set(new.kind.key().to_owned()),
        reference: Set(reference.to_string()),
        state: Set(new.state.key().to_owned()),
        was_immediate: Set(new.was_immediate),
        received_at: Set(new.received_at),
        deadline: Set(new.deadline),
        money_deadline: Set(new.money_deadline),
        assignee_id: Set(None),
        version: Set(1),
        events: Set(0),
        payload: Set(new.payload.to_string()),
        outcome: Set(new.outcome.clone()),
        idempotency: Set(new.idempotency.clone()),
        closed_at: Set(new.closed_at),
        language: Set(new.language.clone()),
        ..Default::default()
    }
}

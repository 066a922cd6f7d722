//! The history of a request: what happened, who did it, what was said. A thread of questions and answers is a history too.
use super::super::error::{Error, odd};
use super::super::scope::{TenantEntity, TenantTx};
use super::{request, state_of};
use crate::domain::ids::RequestId;
use crate::domain::requests::{Actor, RequestState};
use sea_orm::entity::prelude::*;
use sea_orm::{ExprTrait, QueryOrder, Set, UpdateMany};
use time::OffsetDateTime;

mod event {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "request_events")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub request_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i32,
        pub at: TimeDateTimeWithTimeZone,
        pub actor_kind: String,
        pub actor: String,
        pub what: String,
        pub words: String,
        pub state_after: Option<String>,
        pub is_public: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for event::Entity {
    const TENANT: event::Column = event::Column::TenantId;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    pub at: OffsetDateTime,
    pub by: Actor,
    /// The name of whoever did it; empty for the system.
    pub actor: String,
    /// The word in texts: received, taken, asked, answered, moved …
    pub what: String,
    /// What was said, as it was said.
    pub words: String,
    /// Where the request stood after it, when it moved.
    pub state_after: Option<RequestState>,
    /// The customer sees it.
    pub is_public: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestEvent {
    /// From one on within the request.
    pub seq: i32,
    pub event: NewEvent,
}

const ACTORS: [(Actor, &str); 3] = [(Actor::Customer, "customer"), (Actor::Staff, "staff"), (Actor::System, "system")];

fn actor_key(actor: Actor) -> &'static str {
    ACTORS.iter().find(|(one, _)| *one == actor).map_or("system", |(_, key)| key)
}

fn actor_of(text: &str) -> Result<Actor, Error> {
    ACTORS.iter().find(|(_, key)| *key == text).map(|(actor, _)| *actor).ok_or_else(|| odd("actor_kind", text))
}

fn event_of(row: event::Model) -> Result<RequestEvent, Error> {
    let event = NewEvent {
        at: row.at,
        by: actor_of(&row.actor_kind)?,
        actor: row.actor,
        what: row.what,
        words: row.words,
        state_after: row.state_after.as_deref().map(state_of).transpose()?,
        is_public: row.is_public,
    };
    Ok(RequestEvent { seq: row.seq, event })
}

impl TenantTx {
    /// Answers its number. The request counts its events, so two at once stand one after the other.
    pub async fn add_event(&self, id: RequestId, event: &NewEvent) -> Result<i32, Error> {
        let build = |update: UpdateMany<request::Entity>| {
            update
                .col_expr(request::Column::Events, Expr::col(request::Column::Events).add(1))
                .filter(request::Column::Id.eq(id.0))
        };
        let seq = self.changed(build).await?.pop().ok_or(Error::NotFound)?.events;
        let row = event::ActiveModel {
            request_id: Set(id.0),
            seq: Set(seq),
            at: Set(event.at),
            actor_kind: Set(actor_key(event.by).to_owned()),
            actor: Set(event.actor.clone()),
            what: Set(event.what.clone()),
            words: Set(event.words.clone()),
            state_after: Set(event.state_after.map(|state| state.key().to_owned())),
            is_public: Set(event.is_public),
            ..Default::default()
        };
        self.add(vec![row]).await?;
        Ok(seq)
    }

    /// Oldest first.
    pub async fn events_of(&self, id: RequestId, only_public: bool) -> Result<Vec<RequestEvent>, Error> {
        let rows = self.find::<event::Entity>().with(|query| {
            let query = query.filter(event::Column::RequestId.eq(id.0)).order_by_asc(event::Column::Seq);
            if only_public { query.filter(event::Column::IsPublic.eq(true)) } else { query }
        });
        rows.all().await?.into_iter().map(event_of).collect()
    }
}

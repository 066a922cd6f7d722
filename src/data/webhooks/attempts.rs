//! The delivery log: each try to post a fact, and what the endpoint is like by it.
use super::super::error::Error;
use super::super::scope::{TenantEntity, TenantTx};
use super::{Update, endpoint};
use crate::domain::ids::{MessageId, WebhookAttemptId, WebhookEndpointId};
use sea_orm::ExprTrait;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set};
use time::OffsetDateTime;

mod attempt {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "webhook_attempts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub endpoint_id: Uuid,
        pub message: Uuid,
        pub fact: String,
        pub at: TimeDateTimeWithTimeZone,
        pub status: Option<i16>,
        pub failure: Option<String>,
        pub took_ms: i32,
        pub answer: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for attempt::Entity {
    const TENANT: attempt::Column = attempt::Column::TenantId;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub id: WebhookAttemptId,
    pub endpoint: WebhookEndpointId,
    pub message: MessageId,
    /// Its name; one that is gone from the catalogue stays readable.
    pub fact: String,
    pub at: OffsetDateTime,
    pub status: Option<i16>,
    /// A word; none when it was taken.
    pub failure: Option<String>,
    pub took_ms: i32,
    pub answer: String,
}

/// What of the log is asked for.
#[derive(Clone, Debug, Default)]
pub struct LogFilter {
    /// Only what failed, or only what was taken.
    pub failed: Option<bool>,
    pub fact: Option<String>,
    /// Older than this one.
    pub before: Option<WebhookAttemptId>,
}

/// Removed at once; more would keep others waiting.
const CHUNK: i64 = 2_000;

impl TenantTx {
    /// Writes them down; the endpoint is what the last of them says.
    pub async fn add_webhook_attempts(
        &self,
        endpoint: WebhookEndpointId,
        attempts: &[Attempt],
        is_gone: bool,
    ) -> Result<(), Error> {
        let taken = attempts.iter().filter(|one| one.failure.is_none()).map(|one| one.at).max();
        let failures = i32::try_from(attempts.iter().filter(|one| one.failure.is_some()).count()).unwrap_or(i32::MAX);
        // First the endpoint: whoever deletes it waits, or it is gone and its log with it.
        let build = |update: Update| {
            let update = match taken {
                Some(at) => update
                    .col_expr(endpoint::Column::LastSuccessAt, Expr::value(at))
                    .col_expr(endpoint::Column::Failures, Expr::value(0)),
                None => {
                    update.col_expr(endpoint::Column::Failures, Expr::col(endpoint::Column::Failures).add(failures))
                }
            };
            let update = match is_gone {
                true => update
                    .col_expr(endpoint::Column::IsOn, Expr::value(false))
                    .col_expr(endpoint::Column::DisabledReason, Expr::value("gone"))
                    .col_expr(endpoint::Column::Version, Expr::col(endpoint::Column::Version).add(1)),
                false => update,
            };
            update.filter(endpoint::Column::Id.eq(endpoint.0))
        };
        if self.change(build).await? == 0 {
            return Ok(());
        }
        self.add(attempts.iter().map(row_of).collect()).await
    }

    /// Newest first.
    pub async fn webhook_log(
        &self,
        endpoint: WebhookEndpointId,
        filter: &LogFilter,
        limit: u64,
    ) -> Result<Vec<Attempt>, Error> {
        let rows = self.find::<attempt::Entity>().with(|query| {
            let mut query = query.filter(attempt::Column::EndpointId.eq(endpoint.0));
            query = match filter.failed {
                Some(true) => query.filter(attempt::Column::Failure.is_not_null()),
                Some(false) => query.filter(attempt::Column::Failure.is_null()),
                None => query,
            };
            if let Some(fact) = &filter.fact {
                query = query.filter(attempt::Column::Fact.eq(fact));
            }
            if let Some(before) = filter.before {
                query = query.filter(attempt::Column::Id.lt(before.0));
            }
            query.order_by_desc(attempt::Column::Id).limit(limit)
        });
        Ok(rows.all().await?.into_iter().map(attempt_of).collect())
    }

    /// What happened before then; answers how many lines went.
    pub async fn forget_webhook_attempts(&self, before: OffsetDateTime) -> Result<u64, Error> {
        let sql = "DELETE FROM webhook_attempts WHERE tenant_id = $1 AND id IN \
                   (SELECT id FROM webhook_attempts WHERE tenant_id = $1 AND at < $2 LIMIT $3)";
        self.run(sql, vec![before.into(), CHUNK.into()]).await
    }
}

fn row_of(one: &Attempt) -> attempt::ActiveModel {
    attempt::ActiveModel {
        id: Set(one.id.0),
        endpoint_id: Set(one.endpoint.0),
        message: Set(one.message.0),
        fact: Set(one.fact.clone()),
        at: Set(one.at),
        status: Set(one.status),
        failure: Set(one.failure.clone()),
        took_ms: Set(one.took_ms),
        answer: Set(one.answer.clone()),
        ..Default::default()
    }
}

fn attempt_of(row: attempt::Model) -> Attempt {
    Attempt {
        id: WebhookAttemptId(row.id),
        endpoint: WebhookEndpointId(row.endpoint_id),
        message: MessageId(row.message),
        fact: row.fact,
        at: row.at,
        status: row.status,
        failure: row.failure,
        took_ms: row.took_ms,
        answer: row.answer,
    }
}

//! The queue of requests as the supplier's people work it: soonest deadline first, page by page.
use super::super::error::Error;
use super::super::scope::TenantTx;
use super::{Request, open_states, request, request_of, state_of};
use crate::domain::ids::{RequestId, StaffId};
use crate::domain::requests::{Reference, RequestKind, RequestState};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ExprTrait, FromQueryResult, QueryOrder, QuerySelect, Select};
use time::Date;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assignee {
    #[default]
    Any,
    Nobody,
    Staff(StaffId),
}

/// The last row of the page before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub deadline: Date,
    pub id: RequestId,
}

/// What the queue is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct QueueFilter {
    /// None: whatever is open.
    pub states: Vec<RequestState>,
    /// None: all.
    pub kinds: Vec<RequestKind>,
    pub assignee: Assignee,
    /// Only those whose deadline was before this day.
    pub overdue_on: Option<Date>,
    /// A reference, a customer's number or a part of a name.
    pub text: Option<String>,
    pub after: Option<Cursor>,
    pub limit: u64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct QueueRow {
    pub request: Request,
    /// Number and name.
    pub customer: Option<(String, String)>,
    pub assignee_name: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueCounts {
    /// Open states that have any, in the order of their words.
    pub open: Vec<(RequestState, i64)>,
    pub overdue: i64,
}

#[derive(FromQueryResult)]
struct StateCount {
    state: String,
    count: i64,
    overdue: i64,
}

/// Most customers a text is taken to mean.
const MEANT: u64 = 50;

impl QueueRow {
    pub fn cursor(&self) -> Cursor {
        Cursor { deadline: self.request.deadline, id: self.request.id }
    }
}

fn narrowed(query: Select<request::Entity>, filter: &QueueFilter) -> Select<request::Entity> {
    let query = match filter.states.is_empty() {
        true => query.filter(request::Column::State.is_in(open_states())),
        false => query.filter(request::Column::State.is_in(filter.states.iter().map(|state| state.key()))),
    };
    let query = match filter.kinds.is_empty() {
        true => query,
        false => query.filter(request::Column::Kind.is_in(filter.kinds.iter().map(|kind| kind.key()))),
    };
    let query = match filter.assignee {
        Assignee::Any => query,
        Assignee::Nobody => query.filter(request::Column::AssigneeId.is_null()),
        Assignee::Staff(id) => query.filter(request::Column::AssigneeId.eq(id.0)),
    };
    let query = match filter.overdue_on {
        Some(day) => query.filter(request::Column::Deadline.lt(day)),
        None => query,
    };
    match filter.after {
        Some(after) => query.filter(request::Column::Deadline.gte(after.deadline)).filter(
            Condition::any().add(request::Column::Deadline.gt(after.deadline)).add(request::Column::Id.gt(after.id.0)),
        ),
        None => query,
    }
}

impl TenantTx {
    /// Soonest deadline first.
    pub async fn queue(&self, filter: &QueueFilter) -> Result<Vec<QueueRow>, Error> {
        let meant = match filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => Some(self.meant_by(text).await?),
            None => None,
        };
        let rows = self.find::<request::Entity>().with(|query| {
            let query = match meant {
                Some(meant) => narrowed(query, filter).filter(meant),
                None => narrowed(query, filter),
            };
            query.order_by_asc(request::Column::Deadline).order_by_asc(request::Column::Id).limit(filter.limit)
        });
        let requests = rows.all().await?.into_iter().map(request_of).collect::<Result<Vec<_>, _>>()?;
        let customers = self.customer_names(requests.iter().filter_map(|one| one.customer)).await?;
        let staff = self.staff_names(requests.iter().filter_map(|one| one.assignee)).await?;
        let rows = requests.into_iter().map(|request| QueueRow {
            customer: request.customer.and_then(|id| customers.get(&id).cloned()),
            assignee_name: request.assignee.and_then(|id| staff.get(&id).cloned()),
            request,
        });
        Ok(rows.collect())
    }

    async fn meant_by(&self, text: &str) -> Result<Condition, Error> {
        let customers = self.find_customers(text, MEANT).await?;
        let theirs = request::Column::CustomerId.is_in(customers.iter().map(|customer| customer.id.0));
        let any = Condition::any().add(theirs);
        Ok(match Reference::parse(text) {
            Ok(reference) => any.add(request::Column::Reference.eq(reference.to_string())),
            Err(_) => any,
        })
    }

    /// Of what is open.
    pub async fn queue_counts(&self, today: Date) -> Result<QueueCounts, Error> {
        let late = Expr::case(Expr::col(request::Column::Deadline).lt(today), 1).finally(0);
        let rows = self.find::<request::Entity>().with(|query| {
            query
                .filter(request::Column::State.is_in(open_states()))
                .select_only()
                .column(request::Column::State)
                .column_as(request::Column::State.count(), "count")
                .column_as(Expr::expr(late).sum(), "overdue")
                .group_by(request::Column::State)
                .order_by_asc(request::Column::State)
        });
        let mut counts = QueueCounts::default();
        for row in rows.of::<StateCount>().await? {
            counts.open.push((state_of(&row.state)?, row.count));
            counts.overdue += row.overdue;
        }
        Ok(counts)
    }
}

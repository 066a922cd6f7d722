//! Log-ins as the desk sees them: whose they are, when they were last used, whether they are let in. Never what proves who somebody is.
use super::accounts::{account, membership};
use super::error::Error;
use super::scope::TenantTx;
use crate::domain::ids::{AccountId, CustomerId};
use sea_orm::UpdateMany;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use time::OffsetDateTime;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogIn {
    pub id: AccountId,
    pub username: String,
    pub created_at: OffsetDateTime,
    pub last_used_at: Option<OffsetDateTime>,
    pub is_disabled: bool,
}

impl TenantTx {
    /// Those that may look after the customer, oldest first.
    pub async fn log_ins_of(&self, customer: CustomerId) -> Result<Vec<LogIn>, Error> {
        let own = self
            .find::<membership::Entity>()
            .with(|query| query.filter(membership::Column::CustomerId.eq(customer.0)).limit(100));
        let ids: Vec<Uuid> = own.all().await?.into_iter().map(|row| row.account_id).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.find::<account::Entity>().with(|query| {
            query
                .filter(account::Column::Id.is_in(ids))
                .order_by_asc(account::Column::CreatedAt)
                .order_by_asc(account::Column::Id)
        });
        let of = |row: account::Model| LogIn {
            id: AccountId(row.id),
            username: row.username,
            created_at: row.created_at,
            last_used_at: row.last_login_at,
            is_disabled: row.is_disabled,
        };
        Ok(rows.all().await?.into_iter().map(of).collect())
    }

    /// False when it was so before.
    pub async fn disable_log_in(&self, id: AccountId, is_disabled: bool) -> Result<bool, Error> {
        let build = |update: UpdateMany<account::Entity>| {
            update
                .col_expr(account::Column::IsDisabled, Expr::value(is_disabled))
                .filter(account::Column::Id.eq(id.0))
                .filter(account::Column::IsDisabled.eq(!is_disabled))
        };
        Ok(self.change(build).await? == 1)
    }
}

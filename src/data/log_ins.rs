//! What the desk does with a log-in: lets it in or not.
use super::accounts::account;
use super::error::Error;
use super::scope::TenantTx;
use crate::domain::ids::AccountId;
use sea_orm::UpdateMany;
use sea_orm::entity::prelude::*;

impl TenantTx {
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

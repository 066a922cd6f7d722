//! Finding a customer as the desk is asked for one: by number, name, address of mail or a supply point's code.
use super::super::error::Error;
use super::super::scope::TenantTx;
use super::{customer, to_domain};
use crate::domain::customers::Customer;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Func, LikeExpr};
use sea_orm::{Condition, ExprTrait, QueryOrder, QuerySelect};

impl TenantTx {
    /// Wildcards in `text` mean themselves. A number, an address or a code is meant whole, a name in part.
    pub async fn search_customers(&self, text: &str, limit: u64) -> Result<Vec<Customer>, Error> {
        let bare: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        if bare.is_empty() {
            return Ok(Vec::new());
        }
        let owner = self.owner_of_point(&bare.to_uppercase()).await?;
        let like = |text: &str| {
            let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            LikeExpr::new(format!("%{escaped}%")).escape('\\')
        };
        let lower = |column: customer::Column| Expr::expr(Func::lower(Expr::col(column)));
        let any = Condition::any()
            .add(customer::Column::Number.eq(bare.as_str()))
            .add(lower(customer::Column::Email).eq(bare.to_lowercase()))
            .add(customer::Column::Name.like(like(text)))
            // SQLite lowers the letters of ASCII alone.
            .add(lower(customer::Column::Name).like(like(&text.to_lowercase())))
            .add_option(owner.map(|owner| customer::Column::Id.eq(owner.0)));
        let rows = self
            .find::<customer::Entity>()
            .with(|query| query.filter(any).order_by_asc(customer::Column::Number).limit(limit));
        rows.all().await?.into_iter().map(to_domain).collect()
    }

    pub async fn customer_by_number(&self, number: &str) -> Result<Customer, Error> {
        let row = self.find::<customer::Entity>().with(|query| query.filter(customer::Column::Number.eq(number)));
        to_domain(row.one().await?.ok_or(Error::NotFound)?)
    }
}

//! Points of the bonus programme: how a customer stands to it and with how many. Whoever changes a customer's points holds their row first,
//! so that all changes of one customer come one after another; the balance moves by a guarded change and is never below zero.
mod codes;
mod ledger;
mod offers;
mod timetable;

pub use codes::BonusCode;
pub use ledger::{BonusEntry, Credit, Debit};
pub use offers::BonusOffer;
pub use timetable::BonusCause;

use super::error::{Error, odd};
use super::scope::{TenantEntity, TenantTx};
use crate::domain::bonus::Standing;
use crate::domain::ids::CustomerId;
use sea_orm::entity::prelude::*;
use sea_orm::{Set, UpdateMany};
use time::OffsetDateTime;

mod member {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "bonus_members")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub customer_id: Uuid,
        pub standing: String,
        pub since: TimeDateTimeWithTimeZone,
        pub balance: i64,
        pub entries: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for member::Entity {
    const TENANT: member::Column = member::Column::TenantId;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BonusMember {
    pub standing: Standing,
    /// Since when they stand so.
    pub since: OffsetDateTime,
    /// With what has passed its day and is not written off yet.
    pub balance: i64,
    /// Entries of the ledger; the last has this number.
    pub entries: i32,
}

fn member_of(row: member::Model) -> Result<BonusMember, Error> {
    Ok(BonusMember {
        standing: Standing::parse(&row.standing).ok_or_else(|| odd("standing", &row.standing))?,
        since: row.since,
        balance: row.balance,
        entries: row.entries,
    })
}

impl TenantTx {
    /// None for whom nothing happened yet.
    pub async fn bonus_member(&self, customer: CustomerId) -> Result<Option<BonusMember>, Error> {
        let row = self.find::<member::Entity>().with(|query| query.filter(member::Column::CustomerId.eq(customer.0)));
        row.one().await?.map(member_of).transpose()
    }

    /// The customer's row, made if there is none; nobody else changes their points until this transaction ends.
    pub async fn hold_bonus(&self, customer: CustomerId, now: OffsetDateTime) -> Result<BonusMember, Error> {
        let row = member::ActiveModel {
            customer_id: Set(customer.0),
            standing: Set(Standing::Implied.key().to_owned()),
            since: Set(now),
            balance: Set(0),
            entries: Set(0),
            ..Default::default()
        };
        self.add_if_missing(row).await?;
        let hold = |update: UpdateMany<member::Entity>| {
            update
                .col_expr(member::Column::Entries, Expr::col(member::Column::Entries))
                .filter(member::Column::CustomerId.eq(customer.0))
        };
        self.changed(hold).await?.pop().map(member_of).transpose()?.ok_or(Error::NotFound)
    }

    /// False when they stood so already.
    async fn stand_bonus(&self, customer: CustomerId, to: Standing, now: OffsetDateTime) -> Result<bool, Error> {
        let stand = |update: UpdateMany<member::Entity>| {
            update
                .col_expr(member::Column::Standing, Expr::value(to.key()))
                .col_expr(member::Column::Since, Expr::value(now))
                .filter(member::Column::CustomerId.eq(customer.0))
                .filter(member::Column::Standing.ne(to.key()))
        };
        Ok(self.change(stand).await? == 1)
    }

    /// False for who has joined already.
    pub async fn join_bonus(&self, customer: CustomerId, now: OffsetDateTime) -> Result<bool, Error> {
        self.hold_bonus(customer, now).await?;
        self.stand_bonus(customer, Standing::Joined, now).await
    }
}

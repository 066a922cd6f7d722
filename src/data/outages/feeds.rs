//! Calendars that follow what awaits a customer by a secret address. Of the address only its hash is kept.
use crate::data::error::Error;
use crate::data::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{AccountId, CalendarFeedId, CustomerId};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set, UpdateMany};
use time::OffsetDateTime;

mod feed {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "calendar_feeds")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub customer_id: Uuid,
        pub token_hash: Vec<u8>,
        pub created_at: TimeDateTimeWithTimeZone,
        pub revoked_at: Option<TimeDateTimeWithTimeZone>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for feed::Entity {
    const TENANT: feed::Column = feed::Column::TenantId;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarFeed {
    pub id: CalendarFeedId,
    pub account: AccountId,
    pub customer: CustomerId,
    pub created_at: OffsetDateTime,
    pub revoked_at: Option<OffsetDateTime>,
}

fn feed_of(row: feed::Model) -> CalendarFeed {
    CalendarFeed {
        id: CalendarFeedId(row.id),
        account: AccountId(row.account_id),
        customer: CustomerId(row.customer_id),
        created_at: row.created_at,
        revoked_at: row.revoked_at,
    }
}

impl TenantTx {
    pub async fn add_calendar_feed(&self, one: &CalendarFeed, token_hash: &[u8; 32]) -> Result<(), Error> {
        let row = feed::ActiveModel {
            id: Set(one.id.0),
            account_id: Set(one.account.0),
            customer_id: Set(one.customer.0),
            token_hash: Set(token_hash.to_vec()),
            created_at: Set(one.created_at),
            revoked_at: Set(one.revoked_at),
            ..Default::default()
        };
        self.add(vec![row]).await
    }

    /// Those that still open something, newest first.
    pub async fn calendar_feeds_of(
        &self,
        account: AccountId,
        customer: CustomerId,
    ) -> Result<Vec<CalendarFeed>, Error> {
        let rows = self.find::<feed::Entity>().with(|query| {
            query
                .filter(feed::Column::AccountId.eq(account.0))
                .filter(feed::Column::CustomerId.eq(customer.0))
                .filter(feed::Column::RevokedAt.is_null())
                .order_by_desc(feed::Column::CreatedAt)
        });
        Ok(rows.all().await?.into_iter().map(feed_of).collect())
    }

    pub async fn calendar_feed(&self, token_hash: &[u8; 32]) -> Result<Option<CalendarFeed>, Error> {
        let row = self.find::<feed::Entity>().with(|query| {
            query.filter(feed::Column::TokenHash.eq(token_hash.to_vec())).filter(feed::Column::RevokedAt.is_null())
        });
        Ok(row.one().await?.map(feed_of))
    }

    /// None of the account's addresses for the customer opens anything any more.
    pub async fn revoke_calendar_feeds(
        &self,
        account: AccountId,
        customer: CustomerId,
        now: OffsetDateTime,
    ) -> Result<u64, Error> {
        let revoke = |update: UpdateMany<feed::Entity>| {
            update
                .col_expr(feed::Column::RevokedAt, Expr::value(now))
                .filter(feed::Column::AccountId.eq(account.0))
                .filter(feed::Column::CustomerId.eq(customer.0))
                .filter(feed::Column::RevokedAt.is_null())
        };
        self.change(revoke).await
    }
}

//! Customers on their way to a log-in: a link in a mail to the customer's address, or a letter to it, decides. The newest wish counts.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{AccessLetterId, AccountId, CustomerId, CustomerLinkId};
use sea_orm::entity::prelude::*;
use sea_orm::{Set, UpdateMany};
use time::OffsetDateTime;

mod customer_link {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "customer_links")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub customer_id: Uuid,
        pub token_hash: Option<Vec<u8>>,
        pub letter_id: Option<Uuid>,
        pub created_at: TimeDateTimeWithTimeZone,
        pub expires_at: TimeDateTimeWithTimeZone,
        pub used_at: Option<TimeDateTimeWithTimeZone>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for customer_link::Entity {
    const TENANT: customer_link::Column = customer_link::Column::TenantId;
}

/// By exactly one of the two: a token in a mail, a code in a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerLink {
    pub id: CustomerLinkId,
    pub account: AccountId,
    pub customer: CustomerId,
    pub token_hash: Option<[u8; 32]>,
    pub letter: Option<AccessLetterId>,
    pub created_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
}

impl TenantTx {
    pub async fn add_customer_link(&self, new: &CustomerLink) -> Result<(), Error> {
        let end = |update: UpdateMany<customer_link::Entity>| {
            update
                .col_expr(customer_link::Column::ExpiresAt, Expr::value(new.created_at))
                .filter(customer_link::Column::AccountId.eq(new.account.0))
                .filter(customer_link::Column::CustomerId.eq(new.customer.0))
                .filter(customer_link::Column::UsedAt.is_null())
                .filter(customer_link::Column::ExpiresAt.gt(new.created_at))
        };
        self.change(end).await?;
        let row = customer_link::ActiveModel {
            id: Set(new.id.0),
            account_id: Set(new.account.0),
            customer_id: Set(new.customer.0),
            token_hash: Set(new.token_hash.map(|hash| hash.to_vec())),
            letter_id: Set(new.letter.map(|letter| letter.0)),
            created_at: Set(new.created_at),
            expires_at: Set(new.expires_at),
            used_at: Set(None),
            ..Default::default()
        };
        self.add(vec![row]).await
    }

    /// Whether the link would still join the customer to the log-in; looking uses nothing up.
    pub async fn customer_of_link(
        &self,
        account: AccountId,
        token_hash: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<Option<CustomerId>, Error> {
        let row = self.find::<customer_link::Entity>().with(|query| {
            query
                .filter(customer_link::Column::TokenHash.eq(token_hash.to_vec()))
                .filter(customer_link::Column::AccountId.eq(account.0))
                .filter(customer_link::Column::UsedAt.is_null())
                .filter(customer_link::Column::ExpiresAt.gt(now))
        });
        Ok(row.one().await?.map(|row| CustomerId(row.customer_id)))
    }

    /// The customer, to the log-in that asked, once and in time.
    pub async fn use_customer_link(
        &self,
        account: AccountId,
        token_hash: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<Option<CustomerId>, Error> {
        self.take_customer_link(account, customer_link::Column::TokenHash.eq(token_hash.to_vec()), now).await
    }

    /// The same by the letter whose code was typed.
    pub async fn use_customer_letter(
        &self,
        account: AccountId,
        letter: AccessLetterId,
        now: OffsetDateTime,
    ) -> Result<Option<CustomerId>, Error> {
        self.take_customer_link(account, customer_link::Column::LetterId.eq(letter.0), now).await
    }

    async fn take_customer_link(
        &self,
        account: AccountId,
        by: sea_orm::sea_query::SimpleExpr,
        now: OffsetDateTime,
    ) -> Result<Option<CustomerId>, Error> {
        let take = |update: UpdateMany<customer_link::Entity>| {
            update
                .col_expr(customer_link::Column::UsedAt, Expr::value(Some(now)))
                .filter(by)
                .filter(customer_link::Column::AccountId.eq(account.0))
                .filter(customer_link::Column::UsedAt.is_null())
                .filter(customer_link::Column::ExpiresAt.gt(now))
        };
        Ok(self.changed(take).await?.pop().map(|row| CustomerId(row.customer_id)))
    }
}

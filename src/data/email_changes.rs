//! New e-mail addresses that wait for their link to be followed. A link works once, for whoever is first.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{AccountId, CustomerId, EmailChangeId, RequestId};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set, UpdateMany};
use time::OffsetDateTime;

mod email_change {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "email_changes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub customer_id: Uuid,
        pub request_id: Option<Uuid>,
        pub email: String,
        pub token_hash: Vec<u8>,
        pub expires_at: TimeDateTimeWithTimeZone,
        pub used_at: Option<TimeDateTimeWithTimeZone>,
        pub asked_by: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for email_change::Entity {
    const TENANT: email_change::Column = email_change::Column::TenantId;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailChange {
    pub id: EmailChangeId,
    pub customer: CustomerId,
    pub request: Option<RequestId>,
    /// The new address.
    pub email: String,
    /// SHA-256 of the token in the link; the token itself is never kept.
    pub token_hash: [u8; 32],
    pub expires_at: OffsetDateTime,
    pub used_at: Option<OffsetDateTime>,
    /// The log-in that asked.
    pub asked_by: Option<AccountId>,
}

fn change_of(row: email_change::Model) -> Result<EmailChange, Error> {
    Ok(EmailChange {
        id: EmailChangeId(row.id),
        customer: CustomerId(row.customer_id),
        request: row.request_id.map(RequestId),
        email: row.email,
        token_hash: row.token_hash.try_into().map_err(|_| Error::Broken("a token's hash of odd length".to_owned()))?,
        expires_at: row.expires_at,
        used_at: row.used_at,
        asked_by: row.asked_by.map(AccountId),
    })
}

impl TenantTx {
    /// The newest wish counts: links sent to the customer before it end at `now`.
    pub async fn add_email_change(&self, one: &EmailChange, now: OffsetDateTime) -> Result<(), Error> {
        self.end_email_changes(one.customer, now).await?;
        let row = email_change::ActiveModel {
            id: Set(one.id.0),
            customer_id: Set(one.customer.0),
            request_id: Set(one.request.map(|request| request.0)),
            email: Set(one.email.clone()),
            token_hash: Set(one.token_hash.to_vec()),
            expires_at: Set(one.expires_at),
            used_at: Set(one.used_at),
            asked_by: Set(one.asked_by.map(|account| account.0)),
            ..Default::default()
        };
        self.add(vec![row]).await
    }

    /// Withdrawn, or overtaken by another wish: no link of the customer's works from `now` on.
    pub async fn end_email_changes(&self, customer: CustomerId, now: OffsetDateTime) -> Result<(), Error> {
        let end = |update: UpdateMany<email_change::Entity>| {
            update
                .col_expr(email_change::Column::ExpiresAt, Expr::value(now))
                .filter(email_change::Column::CustomerId.eq(customer.0))
                .filter(email_change::Column::UsedAt.is_null())
                .filter(email_change::Column::ExpiresAt.gt(now))
        };
        self.change(end).await.map(|_| ())
    }

    /// The change the link stands for, to the first who follows it in time; none for anybody else.
    pub async fn use_email_change(
        &self,
        token_hash: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<Option<EmailChange>, Error> {
        let take = |update: UpdateMany<email_change::Entity>| {
            update
                .col_expr(email_change::Column::UsedAt, Expr::value(now))
                .filter(email_change::Column::TokenHash.eq(token_hash.to_vec()))
                .filter(email_change::Column::UsedAt.is_null())
                .filter(email_change::Column::ExpiresAt.gt(now))
        };
        self.changed(take).await?.pop().map(change_of).transpose()
    }

    /// The address that waits to be confirmed.
    pub async fn pending_email_change(
        &self,
        customer: CustomerId,
        now: OffsetDateTime,
    ) -> Result<Option<EmailChange>, Error> {
        let rows = self.find::<email_change::Entity>().with(|query| {
            query
                .filter(email_change::Column::CustomerId.eq(customer.0))
                .filter(email_change::Column::UsedAt.is_null())
                .filter(email_change::Column::ExpiresAt.gt(now))
                .order_by_desc(email_change::Column::Id)
        });
        rows.one().await?.map(change_of).transpose()
    }
}

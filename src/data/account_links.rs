//! Links that let somebody into an account once: who forgot a password gets one by mail. The newest counts.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{AccountId, AccountLinkId};
use sea_orm::entity::prelude::*;
use sea_orm::{Set, UpdateMany};
use time::OffsetDateTime;

mod account_link {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "account_links")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub token_hash: Vec<u8>,
        pub expires_at: TimeDateTimeWithTimeZone,
        pub used_at: Option<TimeDateTimeWithTimeZone>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for account_link::Entity {
    const TENANT: account_link::Column = account_link::Column::TenantId;
}

impl TenantTx {
    /// Links sent to the account before it end at `now`. Of the token only its hash is kept.
    pub async fn add_account_link(
        &self,
        account: AccountId,
        token_hash: &[u8; 32],
        now: OffsetDateTime,
        expires_at: OffsetDateTime,
    ) -> Result<AccountLinkId, Error> {
        self.end_account_links(account, now).await?;
        let id = AccountLinkId::new();
        let row = account_link::ActiveModel {
            id: Set(id.0),
            account_id: Set(account.0),
            token_hash: Set(token_hash.to_vec()),
            expires_at: Set(expires_at),
            used_at: Set(None),
            ..Default::default()
        };
        self.add(vec![row]).await?;
        Ok(id)
    }

    /// No link sent to the account works from `now` on.
    pub async fn end_account_links(&self, account: AccountId, now: OffsetDateTime) -> Result<(), Error> {
        let end = |update: UpdateMany<account_link::Entity>| {
            update
                .col_expr(account_link::Column::ExpiresAt, Expr::value(now))
                .filter(account_link::Column::AccountId.eq(account.0))
                .filter(account_link::Column::UsedAt.is_null())
                .filter(account_link::Column::ExpiresAt.gt(now))
        };
        self.change(end).await.map(|_| ())
    }

    /// Whether the link would still let somebody in; looking uses nothing up.
    pub async fn account_of_link(
        &self,
        token_hash: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<Option<AccountId>, Error> {
        let row = self.find::<account_link::Entity>().with(|query| {
            query
                .filter(account_link::Column::TokenHash.eq(token_hash.to_vec()))
                .filter(account_link::Column::UsedAt.is_null())
                .filter(account_link::Column::ExpiresAt.gt(now))
        });
        Ok(row.one().await?.map(|row| AccountId(row.account_id)))
    }

    /// The account, to the first who follows the link in time; none for anybody else.
    pub async fn use_account_link(
        &self,
        token_hash: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<Option<AccountId>, Error> {
        let take = |update: UpdateMany<account_link::Entity>| {
            update
                .col_expr(account_link::Column::UsedAt, Expr::value(now))
                .filter(account_link::Column::TokenHash.eq(token_hash.to_vec()))
                .filter(account_link::Column::UsedAt.is_null())
                .filter(account_link::Column::ExpiresAt.gt(now))
        };
        Ok(self.changed(take).await?.pop().map(|row| AccountId(row.account_id)))
    }
}

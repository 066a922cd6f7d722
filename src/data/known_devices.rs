//! Devices an account was signed in from, known by a random cookie whose hash is bound to the account: nobody is followed from one
//! account to another.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::AccountId;
use sea_orm::entity::prelude::*;
use sea_orm::{DeleteMany, Set, UpdateMany};
use time::OffsetDateTime;

mod device {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "known_devices")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: Vec<u8>,
        pub label: String,
        pub first_seen_at: TimeDateTimeWithTimeZone,
        pub last_seen_at: TimeDateTimeWithTimeZone,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for device::Entity {
    const TENANT: device::Column = device::Column::TenantId;
}

/// What the account knows of the device it is signed in from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// It was there before.
    Known,
    /// No device was there before it.
    First,
    /// Others were, this one was not.
    New,
}

impl TenantTx {
    /// Remembers the device; its name and its last day are as of now.
    pub async fn meet_device(
        &self,
        account: AccountId,
        token_hash: &[u8; 32],
        label: &str,
        now: OffsetDateTime,
    ) -> Result<Met, Error> {
        let seen = |update: UpdateMany<device::Entity>| {
            update
                .col_expr(device::Column::Label, Expr::value(label))
                .col_expr(device::Column::LastSeenAt, Expr::value(now))
                .filter(device::Column::AccountId.eq(account.0))
                .filter(device::Column::TokenHash.eq(token_hash.to_vec()))
        };
        if self.change(seen).await? > 0 {
            return Ok(Met::Known);
        }
        let others = self.find::<device::Entity>().with(|query| query.filter(device::Column::AccountId.eq(account.0)));
        let met = if others.one().await?.is_some() { Met::New } else { Met::First };
        let row = device::ActiveModel {
            account_id: Set(account.0),
            token_hash: Set(token_hash.to_vec()),
            label: Set(label.to_owned()),
            first_seen_at: Set(now),
            last_seen_at: Set(now),
            ..Default::default()
        };
        self.add_if_missing(row).await?;
        Ok(met)
    }

    pub async fn forget_devices(&self, account: AccountId) -> Result<(), Error> {
        let own = |delete: DeleteMany<device::Entity>| delete.filter(device::Column::AccountId.eq(account.0));
        self.remove(own).await.map(|_| ())
    }
}

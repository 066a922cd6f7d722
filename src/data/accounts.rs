//! Log-ins of customers and whom they look after. Usernames are unique within a tenant, whatever their case.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{AccountId, CustomerId};
use sea_orm::UpdateMany;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set};
use time::OffsetDateTime;
use unicode_normalization::UnicodeNormalization;

mod account {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "accounts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub username: String,
        pub username_key: String,
        pub password_hash: String,
        pub is_disabled: bool,
        pub last_login_at: Option<TimeDateTimeWithTimeZone>,
        pub created_at: TimeDateTimeWithTimeZone,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for account::Entity {
    const TENANT: account::Column = account::Column::TenantId;
}
mod membership {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "memberships")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub customer_id: Uuid,
        pub role: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for membership::Entity {
    const TENANT: membership::Column = membership::Column::TenantId;
}
#[derive(Clone, Debug)]
pub struct Account {
    pub id: AccountId,
    pub username: String,
    pub password_hash: String,
    pub is_disabled: bool,
    /// Customers it looks after, with their names; the first is opened at log-in.
    pub customers: Vec<(CustomerId, String)>,
}

#[derive(Clone, Debug)]
pub struct NewAccount {
    pub id: AccountId,
    pub username: String,
    pub password_hash: String,
    pub customer: CustomerId,
    pub created_at: OffsetDateTime,
}

/// The form in which usernames are compared.
pub(super) fn username_key(username: &str) -> String {
    let composed: String = username.trim().nfc().collect();
    // Nobody's name has a NUL, and no row could.
    composed.to_lowercase().replace('\0', "\u{fffd}")
}

impl TenantTx {
    pub async fn account_by_username(&self, username: &str) -> Result<Option<Account>, Error> {
        let key = username_key(username);
        let row = self
            .find::<account::Entity>()
            .with(|query| query.filter(account::Column::UsernameKey.eq(key)))
            .one()
            .await?;
        let Some(row) = row else { return Ok(None) };
        let own = self.find::<membership::Entity>().with(|query| {
            query.filter(membership::Column::AccountId.eq(row.id)).order_by_asc(membership::Column::CustomerId)
        });
        let mut customers = Vec::new();
        for one in own.all().await? {
            let customer = self.customer(CustomerId(one.customer_id)).await?;
            customers.push((customer.id, customer.name));
        }
        Ok(Some(Account {
            id: AccountId(row.id),
            username: row.username,
            password_hash: row.password_hash,
            is_disabled: row.is_disabled,
            customers,
        }))
    }

    /// Username and password hash, for who is signed in and shall prove it once more; none when it is disabled.
    pub async fn credentials_of(&self, id: AccountId) -> Result<Option<(String, String)>, Error> {
        let own = self.find::<account::Entity>().with(|query| query.filter(account::Column::Id.eq(id.0)));
        let row = own.one().await?.filter(|row| !row.is_disabled);
        Ok(row.map(|row| (row.username, row.password_hash)))
    }

    /// The customer the account opens at log-in, and its username; none when it is disabled.
    pub async fn owner_of(&self, id: AccountId) -> Result<Option<(CustomerId, String)>, Error> {
        let Some((username, _)) = self.credentials_of(id).await? else { return Ok(None) };
        let own = self.find::<membership::Entity>().with(|query| {
            query.filter(membership::Column::AccountId.eq(id.0)).order_by_asc(membership::Column::CustomerId)
        });
        Ok(own.one().await?.map(|row| (CustomerId(row.customer_id), username)))
    }

    pub async fn change_password(&self, id: AccountId, hash: &str) -> Result<(), Error> {
        let build = |update: UpdateMany<account::Entity>| {
            update.col_expr(account::Column::PasswordHash, Expr::value(hash)).filter(account::Column::Id.eq(id.0))
        };
        match self.change(build).await? {
            1 => Ok(()),
            _ => Err(Error::NotFound),
        }
    }

    pub async fn touch_login(&self, id: AccountId, at: OffsetDateTime) -> Result<(), Error> {
        let build = |update: UpdateMany<account::Entity>| {
            update.col_expr(account::Column::LastLoginAt, Expr::value(at)).filter(account::Column::Id.eq(id.0))
        };
        self.change(build).await.map(|_| ())
    }

    pub async fn insert_accounts(&self, accounts: &[NewAccount]) -> Result<(), Error> {
        let rows = accounts.iter().map(|one| account::ActiveModel {
            id: Set(one.id.0),
            username: Set(one.username.clone()),
            username_key: Set(username_key(&one.username)),
            password_hash: Set(one.password_hash.clone()),
            is_disabled: Set(false),
            last_login_at: Set(None),
            created_at: Set(one.created_at),
            ..Default::default()
        });
        self.add(rows.collect()).await?;
        let memberships = accounts.iter().map(|one| membership::ActiveModel {
            account_id: Set(one.id.0),
            customer_id: Set(one.customer.0),
            role: Set("owner".to_owned()),
            ..Default::default()
        });
        self.add(memberships.collect()).await
    }
}

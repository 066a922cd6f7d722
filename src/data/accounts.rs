//! Log-ins of customers and whom they look after. Usernames are unique within a tenant, whatever their case.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::access::{Proof, Proofs};
use crate::domain::ids::{AccountId, CustomerId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ExprTrait, QueryOrder, Set, UpdateMany};
use std::collections::BTreeMap;
use time::OffsetDateTime;
use unicode_normalization::UnicodeNormalization;

pub(super) mod account {
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
        pub email: Option<String>,
        pub proofs: i16,
        pub must_change: bool,
        pub password_expires_at: Option<TimeDateTimeWithTimeZone>,
        pub closed_at: Option<TimeDateTimeWithTimeZone>,
        pub phone: Option<String>,
        pub totp_secret: Option<String>,
        pub last_totp_step: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for account::Entity {
    const TENANT: account::Column = account::Column::TenantId;
}
pub(super) mod membership {
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
        pub until: Option<TimeDate>,
        pub invited_by: Option<Uuid>,
        pub proofs: Option<i16>,
        pub last_used_at: Option<TimeDateTimeWithTimeZone>,
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
    /// How well its owner is known.
    pub proofs: Proofs,
    /// The password was issued: it opens nothing but the choice of one's own.
    pub must_change: bool,
    /// An issued password that was not used by then is void.
    pub password_expires_at: Option<OffsetDateTime>,
    /// The password is not enough.
    pub has_factor: bool,
}

fn account_of(row: account::Model) -> Account {
    Account {
        id: AccountId(row.id),
        username: row.username,
        password_hash: row.password_hash,
        is_disabled: row.is_disabled,
        proofs: Proofs(row.proofs),
        must_change: row.must_change,
        password_expires_at: row.password_expires_at,
        has_factor: row.totp_secret.is_some(),
    }
}

/// An open account whose row this transaction holds: whoever disables it waits, and then finds the session that came of it.
#[derive(Debug)]
pub struct HeldAccount(AccountId);

impl HeldAccount {
    pub fn id(&self) -> AccountId {
        self.0
    }
}

/// An account as a customer's people and the desk see it.
#[derive(Clone, Debug)]
pub struct AccountRow {
    pub id: AccountId,
    pub username: String,
    pub email: Option<String>,
    pub role: String,
    pub proofs: Proofs,
    pub is_disabled: bool,
    pub must_change: bool,
    pub password_expires_at: Option<OffsetDateTime>,
    pub last_login_at: Option<OffsetDateTime>,
    pub created_at: OffsetDateTime,
    /// Its owner closed it then.
    pub closed_at: Option<OffsetDateTime>,
}

impl AccountRow {
    /// Still the customer's, though the supplier may have shut it; one that its owner closed is gone.
    pub fn is_theirs(&self) -> bool {
        !self.is_disabled || self.closed_at.is_none()
    }
}

#[derive(Clone, Debug)]
pub struct NewAccount {
    pub id: AccountId,
    pub username: String,
    /// A hash that no password fits where one is still to be issued.
    pub password_hash: String,
    pub customer: CustomerId,
    pub created_at: OffsetDateTime,
    /// Where it is reached; without one, at the customer's.
    pub email: Option<String>,
    pub proofs: Proofs,
    /// Until its owner has chosen a password.
    pub must_change: bool,
}

impl NewAccount {
    /// With a password of the owner's own choice, known by every proof, reached at the customer's address.
    pub fn of(
        id: AccountId,
        username: &str,
        password_hash: &str,
        customer: CustomerId,
        created_at: OffsetDateTime,
    ) -> NewAccount {
        NewAccount {
            id,
            username: username.to_owned(),
            password_hash: password_hash.to_owned(),
            customer,
            created_at,
            email: None,
            proofs: Proofs::WHOLE,
            must_change: false,
        }
    }
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
        Ok(row.map(account_of))
    }

    /// The same by its identifier.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, Error> {
        let row = self.find::<account::Entity>().with(|query| query.filter(account::Column::Id.eq(id.0))).one().await?;
        Ok(row.map(account_of))
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

    /// What was proved stays proved.
    pub async fn add_proof(&self, id: AccountId, proof: Proof) -> Result<Proofs, Error> {
        let own = self.find::<account::Entity>().with(|query| query.filter(account::Column::Id.eq(id.0)));
        let proofs = Proofs(own.one().await?.ok_or(Error::NotFound)?.proofs).with(proof);
        let build = |update: UpdateMany<account::Entity>| {
            update.col_expr(account::Column::Proofs, Expr::value(proofs.0)).filter(account::Column::Id.eq(id.0))
        };
        self.change_account(build).await?;
        Ok(proofs)
    }

    pub(super) async fn change_account(
        &self,
        build: impl FnOnce(UpdateMany<account::Entity>) -> UpdateMany<account::Entity>,
    ) -> Result<(), Error> {
        match self.change(build).await? {
            1 => Ok(()),
            _ => Err(Error::NotFound),
        }
    }

    /// Those who may sign in for a customer, oldest first.
    pub async fn accounts_of(&self, customer: CustomerId) -> Result<Vec<AccountRow>, Error> {
        let people = self.find::<membership::Entity>().with(|query| {
            query.filter(membership::Column::CustomerId.eq(customer.0)).order_by_asc(membership::Column::AccountId)
        });
        let people = people.all().await?;
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<Uuid> = people.iter().map(|one| one.account_id).collect();
        let own = self.find::<account::Entity>().with(|query| query.filter(account::Column::Id.is_in(ids)));
        let mut rows: BTreeMap<Uuid, account::Model> = own.all().await?.into_iter().map(|row| (row.id, row)).collect();
        let mut found = Vec::new();
        for one in people {
            let Some(row) = rows.remove(&one.account_id) else { continue };
            found.push(AccountRow {
                id: AccountId(row.id),
                username: row.username,
                email: row.email,
                role: one.role,
                proofs: Proofs(row.proofs),
                is_disabled: row.is_disabled,
                must_change: row.must_change,
                password_expires_at: row.password_expires_at,
                last_login_at: row.last_login_at,
                created_at: row.created_at,
                closed_at: row.closed_at,
            });
        }
        Ok(found)
    }

    /// False when somebody of this supplier has the username already; then nothing is added.
    pub async fn add_account(&self, new: &NewAccount) -> Result<bool, Error> {
        let taken = [account::Column::TenantId, account::Column::UsernameKey];
        let once = OnConflict::columns(taken).do_nothing().to_owned();
        if self.put(account_row(new), once).await?.is_none() {
            return Ok(false);
        }
        self.add(vec![membership_row(new)]).await?;
        Ok(true)
    }

    /// The log-in alone; whom it looks after is said by a membership of its own. False when the username is taken.
    pub async fn add_log_in(&self, new: &NewAccount) -> Result<bool, Error> {
        let taken = [account::Column::TenantId, account::Column::UsernameKey];
        let once = OnConflict::columns(taken).do_nothing().to_owned();
        Ok(self.put(account_row(new), once).await?.is_some())
    }

    pub async fn proofs_of(&self, id: AccountId) -> Result<Proofs, Error> {
        let own = self.find::<account::Entity>().with(|query| query.filter(account::Column::Id.eq(id.0)));
        Ok(Proofs(own.one().await?.ok_or(Error::NotFound)?.proofs))
    }

    /// Who comes in now; none when it was disabled meanwhile, or has another password than `hash` where one is given.
    pub async fn touch_login(
        &self,
        id: AccountId,
        hash: Option<&str>,
        at: OffsetDateTime,
    ) -> Result<Option<HeldAccount>, Error> {
        let build = |update: UpdateMany<account::Entity>| {
            let update = update
                .col_expr(account::Column::LastLoginAt, Expr::value(at))
                .filter(account::Column::Id.eq(id.0))
                .filter(account::Column::IsDisabled.eq(false));
            match hash {
                Some(hash) => update.filter(account::Column::PasswordHash.eq(hash)),
                None => update,
            }
        };
        Ok((self.change(build).await? == 1).then_some(HeldAccount(id)))
    }

    /// Whose password was the one of `hash`, if it still is; of whom nothing more is asked, comes in now.
    pub async fn enter(
        &self,
        username: &str,
        hash: &str,
        at: OffsetDateTime,
    ) -> Result<Option<(Account, HeldAccount)>, Error> {
        let key = username_key(username);
        let is_all = account::Column::TotpSecret.is_null().and(account::Column::MustChange.eq(false));
        let last = Expr::case(is_all, Expr::value(at)).finally(Expr::col(account::Column::LastLoginAt));
        let build = |update: UpdateMany<account::Entity>| {
            update
                .col_expr(account::Column::LastLoginAt, last.into())
                .filter(account::Column::UsernameKey.eq(key))
                .filter(account::Column::PasswordHash.eq(hash))
                .filter(account::Column::IsDisabled.eq(false))
        };
        let row = self.changed(build).await?.pop();
        Ok(row.map(|row| {
            let held = HeldAccount(AccountId(row.id));
            (account_of(row), held)
        }))
    }

    pub async fn insert_accounts(&self, accounts: &[NewAccount]) -> Result<(), Error> {
        self.add(accounts.iter().map(account_row).collect()).await?;
        self.add(accounts.iter().map(membership_row).collect()).await
    }
}

fn account_row(new: &NewAccount) -> account::ActiveModel {
    account::ActiveModel {
        id: Set(new.id.0),
        username: Set(new.username.trim().to_owned()),
        username_key: Set(username_key(&new.username)),
        password_hash: Set(new.password_hash.clone()),
        is_disabled: Set(false),
        last_login_at: Set(None),
        created_at: Set(new.created_at),
        email: Set(new.email.clone()),
        proofs: Set(new.proofs.0),
        must_change: Set(new.must_change),
        password_expires_at: Set(None),
        closed_at: Set(None),
        phone: Set(None),
        totp_secret: Set(None),
        last_totp_step: Set(0),
        ..Default::default()
    }
}

fn membership_row(new: &NewAccount) -> membership::ActiveModel {
    membership::ActiveModel {
        account_id: Set(new.id.0),
        customer_id: Set(new.customer.0),
        role: Set("owner".to_owned()),
        ..Default::default()
    }
}

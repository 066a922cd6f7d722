//! Log-ins of customers and whom they look after. Usernames are unique within a tenant, whatever their case.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::access::{Proof, Proofs};
use crate::domain::ids::{AccountId, CustomerId};
use crate::domain::passwords::NO_PASSWORD;
use sea_orm::UpdateMany;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder, Set};
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
    /// Customers it looks after, with their names; the first is opened at log-in.
    pub customers: Vec<(CustomerId, String)>,
}

impl Account {
    /// It is open and has somebody to look after.
    pub fn may_sign_in(&self) -> bool {
        !self.is_disabled && !self.customers.is_empty()
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
        self.with_customers(row).await
    }

    /// The same by its identifier.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, Error> {
        let row = self.find::<account::Entity>().with(|query| query.filter(account::Column::Id.eq(id.0))).one().await?;
        self.with_customers(row).await
    }

    async fn with_customers(&self, row: Option<account::Model>) -> Result<Option<Account>, Error> {
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
            proofs: Proofs(row.proofs),
            must_change: row.must_change,
            password_expires_at: row.password_expires_at,
            customers,
        }))
    }

    /// The password hash behind a username; none when nobody who may sign in has it. As much work either way: the time it takes tells nothing.
    pub async fn password_hash_of(&self, username: &str) -> Result<Option<String>, Error> {
        let key = username_key(username);
        let row = self
            .find::<account::Entity>()
            .with(|query| query.filter(account::Column::UsernameKey.eq(key)))
            .one()
            .await?;
        Ok(row.filter(|row| !row.is_disabled).map(|row| row.password_hash))
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

    /// Whoever was on the way in with the old one is not any more, nor does any link or change of address that was begun before go on.
    pub async fn change_password(&self, id: AccountId, hash: &str) -> Result<(), Error> {
        let now = OffsetDateTime::now_utc();
        self.end_account_steps(id, None).await?;
        self.end_account_links(id, now).await?;
        if let Some(customer) = self.home_of(id).await? {
            self.end_email_changes(customer, now).await?;
        }
        let build = |update: UpdateMany<account::Entity>| {
            update
                .col_expr(account::Column::PasswordHash, Expr::value(hash))
                .col_expr(account::Column::MustChange, Expr::value(false))
                .col_expr(account::Column::PasswordExpiresAt, Expr::value(None::<OffsetDateTime>))
                .filter(account::Column::Id.eq(id.0))
        };
        self.change_account(build).await
    }

    /// A password its owner did not choose: void after `expires_at`, and only for who has not chosen one yet; false for anybody else. Links
    /// that were sent before open nothing any more.
    pub async fn reissue_password(&self, id: AccountId, hash: &str, expires_at: OffsetDateTime) -> Result<bool, Error> {
        let build = |update: UpdateMany<account::Entity>| {
            update
                .col_expr(account::Column::PasswordHash, Expr::value(hash))
                .col_expr(account::Column::PasswordExpiresAt, Expr::value(Some(expires_at)))
                .filter(account::Column::Id.eq(id.0))
                .filter(account::Column::MustChange.eq(true))
                .filter(account::Column::IsDisabled.eq(false))
        };
        let is_done = self.change(build).await? == 1;
        if is_done {
            self.end_account_links(id, OffsetDateTime::now_utc()).await?;
        }
        Ok(is_done)
    }

    /// The letter is on its way: its time counts from there. Nothing where its owner has chosen a password meanwhile.
    pub async fn extend_issued_password(&self, id: AccountId, expires_at: OffsetDateTime) -> Result<(), Error> {
        let build = |update: UpdateMany<account::Entity>| {
            update
                .col_expr(account::Column::PasswordExpiresAt, Expr::value(Some(expires_at)))
                .filter(account::Column::Id.eq(id.0))
                .filter(account::Column::MustChange.eq(true))
        };
        self.change(build).await.map(|_| ())
    }

    /// What was issued opens nothing any more; a password that its owner chose stays.
    pub async fn void_issued_password(&self, id: AccountId) -> Result<(), Error> {
        let build = |update: UpdateMany<account::Entity>| {
            update
                .col_expr(account::Column::PasswordHash, Expr::value(NO_PASSWORD))
                .filter(account::Column::Id.eq(id.0))
                .filter(account::Column::MustChange.eq(true))
        };
        self.change(build).await.map(|_| ())
    }

    pub(super) async fn accounts_must_change(&self, id: AccountId) -> Result<bool, Error> {
        let own = self.find::<account::Entity>().with(|query| query.filter(account::Column::Id.eq(id.0)));
        Ok(own.one().await?.is_some_and(|row| row.must_change))
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

    /// Where the account is reached: its own address, else that of the customer it was made for. Never that of a customer it was let look
    /// after by somebody else: whoever invites somebody does not get their mail.
    pub async fn address_of(&self, id: AccountId) -> Result<Option<String>, Error> {
        let own = self.find::<account::Entity>().with(|query| query.filter(account::Column::Id.eq(id.0)));
        if let Some(email) = own.one().await?.and_then(|row| row.email) {
            return Ok(Some(email));
        }
        match self.home_of(id).await? {
            Some(customer) => Ok(self.customer(customer).await?.email),
            None => Ok(None),
        }
    }

    /// The customer the account was made for: owned without end and by nobody's invitation.
    pub(super) async fn home_of(&self, id: AccountId) -> Result<Option<CustomerId>, Error> {
        let own = self.find::<membership::Entity>().with(|query| {
            query
                .filter(membership::Column::AccountId.eq(id.0))
                .filter(membership::Column::Role.eq("owner"))
                .filter(membership::Column::Until.is_null())
                .filter(membership::Column::InvitedBy.is_null())
                .order_by_asc(membership::Column::CustomerId)
        });
        Ok(own.one().await?.map(|row| CustomerId(row.customer_id)))
    }

    /// The address it is reached at becomes its own.
    pub(super) async fn pin_own_address(&self, id: AccountId) -> Result<(), Error> {
        let Some(address) = self.address_of(id).await? else { return Ok(()) };
        let pin = |update: UpdateMany<account::Entity>| {
            update.col_expr(account::Column::Email, Expr::value(Some(address))).filter(account::Column::Id.eq(id.0))
        };
        self.change_account(pin).await
    }

    /// The customer's address moves: log-ins that relied on it keep the old one, but for that of the owner who moves it.
    pub async fn pin_addresses(
        &self,
        customer: CustomerId,
        old: Option<&str>,
        mover: Option<AccountId>,
    ) -> Result<(), Error> {
        for one in self.accounts_of(customer).await? {
            let moves_too = Some(one.id) == mover && one.role == "owner";
            if one.email.is_some() || moves_too || self.home_of(one.id).await? != Some(customer) {
                continue;
            }
            let old = old.map(str::to_owned);
            let pin = |update: UpdateMany<account::Entity>| {
                update.col_expr(account::Column::Email, Expr::value(old)).filter(account::Column::Id.eq(one.id.0))
            };
            self.change_account(pin).await?;
        }
        Ok(())
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

    /// False when it was disabled meanwhile. Held from here on: whoever disables it waits, and then finds the session that came of it.
    pub async fn touch_login(&self, id: AccountId, at: OffsetDateTime) -> Result<bool, Error> {
        let build = |update: UpdateMany<account::Entity>| {
            update
                .col_expr(account::Column::LastLoginAt, Expr::value(at))
                .filter(account::Column::Id.eq(id.0))
                .filter(account::Column::IsDisabled.eq(false))
        };
        Ok(self.change(build).await? == 1)
    }

    /// Whether that is still the password: it may have been changed while it was looked at.
    pub async fn has_password(&self, id: AccountId, hash: &str) -> Result<bool, Error> {
        Ok(self.credentials_of(id).await?.is_some_and(|(_, now)| now == hash))
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

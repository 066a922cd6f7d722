//! Passkeys of an account, and the challenges that wait for one: bound to an account or to a visitor's browser, for a while and once. What
//! a credential or a state says is the backend's to read; here it is text.
use super::accounts::account;
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{AccountId, PasskeyChallengeId, PasskeyId};
use sea_orm::entity::prelude::*;
use sea_orm::{DeleteMany, QueryOrder, Set, UpdateMany};
use time::OffsetDateTime;

mod passkey {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "passkeys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub handle: Vec<u8>,
        pub credential: String,
        pub counter: i64,
        pub name: String,
        pub created_at: TimeDateTimeWithTimeZone,
        pub last_used_at: Option<TimeDateTimeWithTimeZone>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for passkey::Entity {
    const TENANT: passkey::Column = passkey::Column::TenantId;
}

mod challenge {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "passkey_challenges")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Option<Uuid>,
        pub purpose: String,
        pub token_hash: Vec<u8>,
        pub state: String,
        pub expires_at: TimeDateTimeWithTimeZone,
        pub used_at: Option<TimeDateTimeWithTimeZone>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for challenge::Entity {
    const TENANT: challenge::Column = challenge::Column::TenantId;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    pub id: PasskeyId,
    pub account: AccountId,
    /// What its authenticator calls it; one within a tenant.
    pub handle: Vec<u8>,
    pub credential: String,
    /// How often it signed, as far as it counts.
    pub counter: i64,
    /// As its owner calls it.
    pub name: String,
    pub created_at: OffsetDateTime,
    pub last_used_at: Option<OffsetDateTime>,
}

/// What a challenge is for, and who may answer it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyPurpose {
    /// The account adds a passkey.
    Register(AccountId),
    /// Somebody wants in; the answer says who.
    SignIn,
}

impl PasskeyPurpose {
    fn key(self) -> &'static str {
        match self {
            PasskeyPurpose::Register(_) => "register",
            PasskeyPurpose::SignIn => "sign_in",
        }
    }

    fn account(self) -> Option<Uuid> {
        match self {
            PasskeyPurpose::Register(account) => Some(account.0),
            PasskeyPurpose::SignIn => None,
        }
    }
}

fn passkey_of(row: passkey::Model) -> Passkey {
    Passkey {
        id: PasskeyId(row.id),
        account: AccountId(row.account_id),
        handle: row.handle,
        credential: row.credential,
        counter: row.counter,
        name: row.name,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
    }
}

impl TenantTx {
    /// Of the token only its hash is kept. The tenant's challenges that ran out are swept away.
    pub async fn add_passkey_challenge(
        &self,
        purpose: PasskeyPurpose,
        token_hash: &[u8; 32],
        state: &str,
        now: OffsetDateTime,
        expires_at: OffsetDateTime,
    ) -> Result<PasskeyChallengeId, Error> {
        self.remove(|old: DeleteMany<challenge::Entity>| old.filter(challenge::Column::ExpiresAt.lt(now))).await?;
        let id = PasskeyChallengeId::new();
        let row = challenge::ActiveModel {
            id: Set(id.0),
            account_id: Set(purpose.account()),
            purpose: Set(purpose.key().to_owned()),
            token_hash: Set(token_hash.to_vec()),
            state: Set(state.to_owned()),
            expires_at: Set(expires_at),
            used_at: Set(None),
            ..Default::default()
        };
        self.add(vec![row]).await?;
        Ok(id)
    }

    /// The challenge's state, to the first who answers in time; none for anybody else.
    pub async fn use_passkey_challenge(
        &self,
        purpose: PasskeyPurpose,
        token_hash: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<Option<String>, Error> {
        let take = |update: UpdateMany<challenge::Entity>| {
            let update = update
                .col_expr(challenge::Column::UsedAt, Expr::value(now))
                .filter(challenge::Column::TokenHash.eq(token_hash.to_vec()))
                .filter(challenge::Column::Purpose.eq(purpose.key()))
                .filter(challenge::Column::UsedAt.is_null())
                .filter(challenge::Column::ExpiresAt.gt(now));
            match purpose.account() {
                Some(account) => update.filter(challenge::Column::AccountId.eq(account)),
                None => update.filter(challenge::Column::AccountId.is_null()),
            }
        };
        Ok(self.changed(take).await?.pop().map(|row| row.state))
    }

    /// The account's, oldest first.
    pub async fn passkeys_of(&self, account: AccountId) -> Result<Vec<Passkey>, Error> {
        let own = self
            .find::<passkey::Entity>()
            .with(|query| query.filter(passkey::Column::AccountId.eq(account.0)).order_by_asc(passkey::Column::Id));
        Ok(own.all().await?.into_iter().map(passkey_of).collect())
    }

    /// Adding waits here for whoever adds to the same account at the same instant: then what is counted holds.
    pub async fn hold_passkeys_of(&self, account: AccountId) -> Result<(), Error> {
        let hold = |update: UpdateMany<account::Entity>| {
            update
                .col_expr(account::Column::IsDisabled, Expr::col(account::Column::IsDisabled))
                .filter(account::Column::Id.eq(account.0))
        };
        self.change(hold).await.map(|_| ())
    }

    pub async fn passkey_by_handle(&self, account: AccountId, handle: &[u8]) -> Result<Option<Passkey>, Error> {
        let own = self.find::<passkey::Entity>().with(|query| {
            query.filter(passkey::Column::Handle.eq(handle.to_vec())).filter(passkey::Column::AccountId.eq(account.0))
        });
        Ok(own.one().await?.map(passkey_of))
    }

    /// False when the tenant has one of that handle.
    pub async fn add_passkey(&self, new: &Passkey) -> Result<bool, Error> {
        let row = passkey::ActiveModel {
            id: Set(new.id.0),
            account_id: Set(new.account.0),
            handle: Set(new.handle.clone()),
            credential: Set(new.credential.clone()),
            counter: Set(new.counter),
            name: Set(new.name.clone()),
            created_at: Set(new.created_at),
            last_used_at: Set(new.last_used_at),
            ..Default::default()
        };
        self.add_if_missing(row).await?;
        let own = self.passkey_by_handle(new.account, &new.handle).await?;
        Ok(own.is_some_and(|own| own.id == new.id))
    }

    /// As it is after it signed; false when it was removed, or signed elsewhere, meanwhile.
    pub async fn touch_passkey(
        &self,
        before: &Passkey,
        credential: &str,
        counter: i64,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        let signed = |update: UpdateMany<passkey::Entity>| {
            update
                .col_expr(passkey::Column::Credential, Expr::value(credential))
                .col_expr(passkey::Column::Counter, Expr::value(counter))
                .col_expr(passkey::Column::LastUsedAt, Expr::value(now))
                .filter(passkey::Column::Id.eq(before.id.0))
                .filter(passkey::Column::Counter.eq(before.counter))
        };
        Ok(self.change(signed).await? == 1)
    }

    /// False when it is not the account's, or was removed before.
    pub async fn remove_passkey(&self, account: AccountId, id: PasskeyId) -> Result<bool, Error> {
        let own = |delete: DeleteMany<passkey::Entity>| {
            delete.filter(passkey::Column::Id.eq(id.0)).filter(passkey::Column::AccountId.eq(account.0))
        };
        Ok(self.remove(own).await? == 1)
    }

    /// All of the account's, and what waits to become one.
    pub async fn forget_passkeys(&self, account: AccountId) -> Result<(), Error> {
        self.remove(|all: DeleteMany<passkey::Entity>| all.filter(passkey::Column::AccountId.eq(account.0))).await?;
        self.remove(|all: DeleteMany<challenge::Entity>| all.filter(challenge::Column::AccountId.eq(account.0)))
            .await
            .map(|_| ())
    }
}

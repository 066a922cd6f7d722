//! Letters with a password or a code: what waits for print, what was posted under which number. The secret is made when the letter is
//! printed and is in no row; a lost letter is void, and a new one is written.
use super::error::{Error, odd};
use super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{AccessLetterId, AccountId, CustomerId, StaffId};
use crate::domain::supply_points::Address;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set, UpdateMany};
use time::{Date, OffsetDateTime};

mod access_letter {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "access_letters")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub customer_id: Uuid,
        pub kind: String,
        pub state: String,
        pub version: i32,
        pub name: String,
        pub street: String,
        pub city: String,
        pub postcode: String,
        pub language: String,
        pub created_at: TimeDateTimeWithTimeZone,
        pub secret_hash: Option<Vec<u8>>,
        pub printed_at: Option<TimeDateTimeWithTimeZone>,
        pub printed_by: Option<Uuid>,
        pub registered_number: Option<String>,
        pub posted_on: Option<TimeDate>,
        pub expires_at: Option<TimeDateTimeWithTimeZone>,
        pub used_at: Option<TimeDateTimeWithTimeZone>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for access_letter::Entity {
    const TENANT: access_letter::Column = access_letter::Column::TenantId;
}

/// What stands in the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterKind {
    /// A first password.
    Password,
    /// A code that proves the address.
    Code,
}

impl LetterKind {
    pub fn key(self) -> &'static str {
        match self {
            LetterKind::Password => "password",
            LetterKind::Code => "code",
        }
    }
    fn parse(key: &str) -> Option<LetterKind> {
        [LetterKind::Password, LetterKind::Code].into_iter().find(|one| one.key() == key)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterState {
    Waiting,
    Printed,
    Posted,
    Void,
}

impl LetterState {
    pub const ALL: [LetterState; 4] =
        [LetterState::Waiting, LetterState::Printed, LetterState::Posted, LetterState::Void];

    pub fn key(self) -> &'static str {
        match self {
            LetterState::Waiting => "waiting",
            LetterState::Printed => "printed",
            LetterState::Posted => "posted",
            LetterState::Void => "void",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct AccessLetter {
    pub id: AccessLetterId,
    pub account: AccountId,
    pub customer: CustomerId,
    pub kind: LetterKind,
    pub state: LetterState,
    pub version: i32,
    pub name: String,
    /// The contract's address as it was when the letter was written; never one the applicant typed.
    pub address: Address,
    pub language: String,
    pub created_at: OffsetDateTime,
    pub printed_at: Option<OffsetDateTime>,
    pub registered_number: Option<String>,
    pub posted_on: Option<Date>,
    pub expires_at: Option<OffsetDateTime>,
    pub used_at: Option<OffsetDateTime>,
}

fn letter_of(row: access_letter::Model) -> Result<AccessLetter, Error> {
    let state = LetterState::ALL.into_iter().find(|one| one.key() == row.state);
    Ok(AccessLetter {
        id: AccessLetterId(row.id),
        account: AccountId(row.account_id),
        customer: CustomerId(row.customer_id),
        kind: LetterKind::parse(&row.kind).ok_or_else(|| odd("kind", &row.kind))?,
        state: state.ok_or_else(|| odd("state", &row.state))?,
        version: row.version,
        name: row.name,
        address: Address { street: row.street, city: row.city, postcode: row.postcode },
        language: row.language,
        created_at: row.created_at,
        printed_at: row.printed_at,
        registered_number: row.registered_number,
        posted_on: row.posted_on,
        expires_at: row.expires_at,
        used_at: row.used_at,
    })
}

type Update = UpdateMany<access_letter::Entity>;

impl TenantTx {
    /// Letters of the kind to the account before it are void: the newest counts.
    pub async fn write_access_letter(
        &self,
        account: AccountId,
        customer: CustomerId,
        kind: LetterKind,
        language: &str,
        now: OffsetDateTime,
    ) -> Result<AccessLetterId, Error> {
        self.void_access_letters(account, kind).await?;
        let person = self.customer(customer).await?;
        let id = AccessLetterId::new();
        let row = access_letter::ActiveModel {
            id: Set(id.0),
            account_id: Set(account.0),
            customer_id: Set(customer.0),
            kind: Set(kind.key().to_owned()),
            state: Set(LetterState::Waiting.key().to_owned()),
            version: Set(1),
            name: Set(person.name),
            street: Set(person.mailing.street),
            city: Set(person.mailing.city),
            postcode: Set(person.mailing.postcode),
            language: Set(language.to_owned()),
            created_at: Set(now),
            secret_hash: Set(None),
            printed_at: Set(None),
            printed_by: Set(None),
            registered_number: Set(None),
            posted_on: Set(None),
            expires_at: Set(None),
            used_at: Set(None),
            ..Default::default()
        };
        self.add(vec![row]).await?;
        Ok(id)
    }

    pub async fn void_access_letters(&self, account: AccountId, kind: LetterKind) -> Result<u64, Error> {
        let void = |update: Update| {
            update
                .col_expr(access_letter::Column::State, Expr::value(LetterState::Void.key()))
                .col_expr(access_letter::Column::SecretHash, Expr::value(None::<Vec<u8>>))
                .filter(access_letter::Column::AccountId.eq(account.0))
                .filter(access_letter::Column::Kind.eq(kind.key()))
                .filter(access_letter::Column::UsedAt.is_null())
                .filter(access_letter::Column::State.ne(LetterState::Void.key()))
        };
        self.change(void).await
    }

    /// Oldest first.
    pub async fn access_letters(&self, state: LetterState, limit: u64) -> Result<Vec<AccessLetter>, Error> {
        let rows = self.find::<access_letter::Entity>().with(|query| {
            query
                .filter(access_letter::Column::State.eq(state.key()))
                .order_by_asc(access_letter::Column::Id)
                .limit(limit)
        });
        rows.all().await?.into_iter().map(letter_of).collect()
    }

    pub async fn access_letters_of(&self, account: AccountId) -> Result<Vec<AccessLetter>, Error> {
        let rows = self.find::<access_letter::Entity>().with(|query| {
            query
                .filter(access_letter::Column::AccountId.eq(account.0))
                .order_by_desc(access_letter::Column::Id)
                .limit(20)
        });
        rows.all().await?.into_iter().map(letter_of).collect()
    }

    pub async fn access_letter(&self, id: AccessLetterId) -> Result<AccessLetter, Error> {
        let row = self.find::<access_letter::Entity>().with(|query| query.filter(access_letter::Column::Id.eq(id.0)));
        letter_of(row.one().await?.ok_or(Error::NotFound)?)
    }

    /// Printed once, by whoever is first; false for anybody else. Of a code its hash is kept.
    pub async fn print_access_letter(
        &self,
        letter: &AccessLetter,
        by: StaffId,
        secret_hash: Option<&[u8; 32]>,
        now: OffsetDateTime,
        expires_at: OffsetDateTime,
    ) -> Result<bool, Error> {
        let print = |update: Update| {
            update
                .col_expr(access_letter::Column::State, Expr::value(LetterState::Printed.key()))
                .col_expr(access_letter::Column::Version, Expr::value(letter.version + 1))
                .col_expr(access_letter::Column::SecretHash, Expr::value(secret_hash.map(|hash| hash.to_vec())))
                .col_expr(access_letter::Column::PrintedAt, Expr::value(Some(now)))
                .col_expr(access_letter::Column::PrintedBy, Expr::value(Some(by.0)))
                .col_expr(access_letter::Column::ExpiresAt, Expr::value(Some(expires_at)))
                .filter(access_letter::Column::Id.eq(letter.id.0))
                .filter(access_letter::Column::State.eq(LetterState::Waiting.key()))
        };
        Ok(self.change(print).await? == 1)
    }

    /// Handed in at the post office, under its number; false when somebody was faster.
    pub async fn post_access_letter(
        &self,
        letter: &AccessLetter,
        number: &str,
        on: Date,
        expires_at: OffsetDateTime,
    ) -> Result<bool, Error> {
        let post = |update: Update| {
            update
                .col_expr(access_letter::Column::State, Expr::value(LetterState::Posted.key()))
                .col_expr(access_letter::Column::Version, Expr::value(letter.version + 1))
                .col_expr(access_letter::Column::RegisteredNumber, Expr::value(Some(number)))
                .col_expr(access_letter::Column::PostedOn, Expr::value(Some(on)))
                .col_expr(access_letter::Column::ExpiresAt, Expr::value(Some(expires_at)))
                .filter(access_letter::Column::Id.eq(letter.id.0))
                .filter(access_letter::Column::Version.eq(letter.version))
                .filter(access_letter::Column::State.eq(LetterState::Printed.key()))
        };
        Ok(self.change(post).await? == 1)
    }

    /// Its owner has no password but the one a letter brings.
    pub async fn waits_for_letter(&self, account: AccountId) -> Result<bool, Error> {
        let must_change = self.accounts_must_change(account).await?;
        let row = self.find::<access_letter::Entity>().with(|query| {
            query
                .filter(access_letter::Column::AccountId.eq(account.0))
                .filter(access_letter::Column::Kind.eq(LetterKind::Password.key()))
                .filter(access_letter::Column::UsedAt.is_null())
                .filter(access_letter::Column::State.ne(LetterState::Void.key()))
        });
        Ok(must_change && row.count().await? > 0)
    }

    /// The password of the letter was typed: the address is proved. False where none came by letter.
    pub async fn use_letter_password(&self, account: AccountId, now: OffsetDateTime) -> Result<bool, Error> {
        let take = |update: Update| {
            update
                .col_expr(access_letter::Column::UsedAt, Expr::value(Some(now)))
                .filter(access_letter::Column::AccountId.eq(account.0))
                .filter(access_letter::Column::Kind.eq(LetterKind::Password.key()))
                .filter(access_letter::Column::PrintedAt.is_not_null())
                .filter(access_letter::Column::State.ne(LetterState::Void.key()))
                .filter(access_letter::Column::UsedAt.is_null())
        };
        Ok(self.change(take).await? == 1)
    }

    /// The code of the letter, to the first who types it in time; false for anybody else.
    pub async fn use_letter_code(
        &self,
        account: AccountId,
        secret_hash: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        let take = |update: Update| {
            update
                .col_expr(access_letter::Column::UsedAt, Expr::value(Some(now)))
                .filter(access_letter::Column::AccountId.eq(account.0))
                .filter(access_letter::Column::Kind.eq(LetterKind::Code.key()))
                .filter(access_letter::Column::SecretHash.eq(secret_hash.to_vec()))
                .filter(access_letter::Column::State.ne(LetterState::Void.key()))
                .filter(access_letter::Column::UsedAt.is_null())
                .filter(access_letter::Column::ExpiresAt.gt(now))
        };
        Ok(self.change(take).await? == 1)
    }
}

//! Applications for access: who asked by which way, and how far it is. A link counts once, for whoever is first; of links and codes only
//! hashes are kept, and of what was typed nothing but the address to answer to.
use super::error::{Error, odd};
use super::scope::{TenantEntity, TenantTx};
use crate::domain::access::Extra;
use crate::domain::ids::{AccountId, ApplicationId, CustomerId, RequestId, StaffId};
use sea_orm::entity::prelude::*;
use sea_orm::{ExprTrait, Set, UpdateMany};
use time::OffsetDateTime;

mod application {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "applications")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub way: String,
        pub state: String,
        pub extra: String,
        pub customer_id: Option<Uuid>,
        pub request_id: Option<Uuid>,
        pub account_id: Option<Uuid>,
        pub staff_id: Option<Uuid>,
        pub email: String,
        pub token_hash: Option<Vec<u8>>,
        pub code_hash: Option<Vec<u8>>,
        pub tries: i16,
        pub version: i32,
        pub created_at: TimeDateTimeWithTimeZone,
        pub expires_at: TimeDateTimeWithTimeZone,
        pub language: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for application::Entity {
    const TENANT: application::Column = application::Column::TenantId;
}

/// Who began it, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Began {
    /// The customer alone, on line.
    Online,
    /// A member of staff, who hands over.
    Handover,
}

const WAYS: [(Began, &str); 2] = [(Began::Online, "online"), (Began::Handover, "handover")];

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplicationState {
    /// The link in the mail was not followed yet.
    Mailed,
    /// The extra proof is still to come.
    Extra,
    /// A person decides.
    Desk,
    Granted,
    Refused,
}

const STATES: [(ApplicationState, &str); 5] = [
    (ApplicationState::Mailed, "mailed"),
    (ApplicationState::Extra, "extra"),
    (ApplicationState::Desk, "desk"),
    (ApplicationState::Granted, "granted"),
    (ApplicationState::Refused, "refused"),
];

impl ApplicationState {
    pub fn key(self) -> &'static str {
        STATES.iter().find(|(one, _)| *one == self).map_or("mailed", |(_, key)| key)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    pub id: ApplicationId,
    pub began: Began,
    pub state: ApplicationState,
    /// What else was asked for when it began; a switch flipped later does not change it.
    pub extra: Option<Extra>,
    /// None where nothing led to anybody, and a person looks.
    pub customer: Option<CustomerId>,
    pub request: Option<RequestId>,
    pub account: Option<AccountId>,
    pub staff: Option<StaffId>,
    pub email: String,
    /// SHA-256 of the token in the link.
    pub token_hash: Option<[u8; 32]>,
    /// Of the code that was sent besides.
    pub code_hash: Option<[u8; 32]>,
    /// Wrong codes so far.
    pub tries: i16,
    pub version: i32,
    pub created_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
    pub language: String,
}

fn hash_of(bytes: Option<Vec<u8>>) -> Result<Option<[u8; 32]>, Error> {
    bytes.map(|bytes| bytes.try_into().map_err(|_| Error::Broken("a hash of odd length".to_owned()))).transpose()
}

fn application_of(row: application::Model) -> Result<Application, Error> {
    let began = WAYS.iter().find(|(_, key)| *key == row.way).map(|(one, _)| *one);
    let state = STATES.iter().find(|(_, key)| *key == row.state).map(|(one, _)| *one);
    Ok(Application {
        id: ApplicationId(row.id),
        began: began.ok_or_else(|| odd("way", &row.way))?,
        state: state.ok_or_else(|| odd("state", &row.state))?,
        extra: Extra::parse(&row.extra),
        customer: row.customer_id.map(CustomerId),
        request: row.request_id.map(RequestId),
        account: row.account_id.map(AccountId),
        staff: row.staff_id.map(StaffId),
        email: row.email,
        token_hash: hash_of(row.token_hash)?,
        code_hash: hash_of(row.code_hash)?,
        tries: row.tries,
        version: row.version,
        created_at: row.created_at,
        expires_at: row.expires_at,
        language: row.language,
    })
}

type Update = UpdateMany<application::Entity>;

impl TenantTx {
    pub async fn add_application(&self, new: &Application) -> Result<(), Error> {
        let way = WAYS.iter().find(|(one, _)| *one == new.began).map_or("online", |(_, key)| key);
        let row = application::ActiveModel {
            id: Set(new.id.0),
            way: Set(way.to_owned()),
            state: Set(new.state.key().to_owned()),
            extra: Set(new.extra.map_or("", Extra::key).to_owned()),
            customer_id: Set(new.customer.map(|id| id.0)),
            request_id: Set(new.request.map(|id| id.0)),
            account_id: Set(new.account.map(|id| id.0)),
            staff_id: Set(new.staff.map(|id| id.0)),
            email: Set(new.email.clone()),
            token_hash: Set(new.token_hash.map(|hash| hash.to_vec())),
            code_hash: Set(new.code_hash.map(|hash| hash.to_vec())),
            tries: Set(new.tries),
            version: Set(new.version),
            created_at: Set(new.created_at),
            expires_at: Set(new.expires_at),
            language: Set(new.language.clone()),
            ..Default::default()
        };
        self.add(vec![row]).await
    }

    /// Whose link it is, while it would still be followed; looking uses nothing up.
    pub async fn application_of_link(
        &self,
        token_hash: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<Option<Application>, Error> {
        let row = self.find::<application::Entity>().with(|query| {
            query
                .filter(application::Column::TokenHash.eq(token_hash.to_vec()))
                .filter(application::Column::ExpiresAt.gt(now))
        });
        row.one().await?.map(application_of).transpose()
    }

    pub async fn application_of_request(&self, request: RequestId) -> Result<Option<Application>, Error> {
        let row =
            self.find::<application::Entity>().with(|query| query.filter(application::Column::RequestId.eq(request.0)));
        row.one().await?.map(application_of).transpose()
    }

    /// A person decides from here on; its link is void.
    pub async fn send_application_to_desk(&self, seen: &Application, request: RequestId) -> Result<bool, Error> {
        self.change_application(seen, |update| {
            update
                .col_expr(application::Column::State, Expr::value(ApplicationState::Desk.key()))
                .col_expr(application::Column::RequestId, Expr::value(Some(request.0)))
                .col_expr(application::Column::TokenHash, Expr::value(None::<Vec<u8>>))
        })
        .await
    }

    pub async fn refuse_application(&self, seen: &Application) -> Result<bool, Error> {
        let to = ApplicationState::Refused.key();
        self.change_application(seen, |update| update.col_expr(application::Column::State, Expr::value(to))).await
    }

    /// Granted, once: with the account that came of it. Its link is void from then on.
    pub async fn grant_application(&self, seen: &Application, account: Option<AccountId>) -> Result<bool, Error> {
        self.change_application(seen, |update| {
            update
                .col_expr(application::Column::State, Expr::value(ApplicationState::Granted.key()))
                .col_expr(application::Column::AccountId, Expr::value(account.map(|id| id.0)))
                .col_expr(application::Column::TokenHash, Expr::value(None::<Vec<u8>>))
        })
        .await
    }

    /// How many were begun for the customer since then.
    pub async fn begun_applications(&self, customer: CustomerId, since: OffsetDateTime) -> Result<u64, Error> {
        let rows = self.find::<application::Entity>().with(|query| {
            query
                .filter(application::Column::CustomerId.eq(customer.0))
                .filter(application::Column::CreatedAt.gt(since))
        });
        rows.count().await
    }

    /// The newest counts: links and codes of those before it are void.
    pub async fn end_applications(&self, customer: CustomerId, now: OffsetDateTime) -> Result<(), Error> {
        let end = |update: Update| {
            update
                .col_expr(application::Column::ExpiresAt, Expr::value(now))
                .filter(application::Column::CustomerId.eq(customer.0))
                .filter(application::Column::TokenHash.is_not_null())
                .filter(application::Column::ExpiresAt.gt(now))
        };
        self.change(end).await.map(|_| ())
    }

    /// A code was sent; tries with those before it stay counted, so that asking for another gives no more of them.
    pub async fn set_application_code(&self, seen: &Application, code_hash: &[u8; 32]) -> Result<bool, Error> {
        self.change_application(seen, |update| {
            update
                .col_expr(application::Column::State, Expr::value(ApplicationState::Extra.key()))
                .col_expr(application::Column::CodeHash, Expr::value(code_hash.to_vec()))
        })
        .await
    }

    /// Counts a try before the code is looked at; false when all tries are used up.
    pub async fn try_application_code(&self, id: ApplicationId, most: i16) -> Result<bool, Error> {
        let build = |update: Update| {
            update
                .col_expr(application::Column::Tries, Expr::col(application::Column::Tries).add(1))
                .filter(application::Column::Id.eq(id.0))
                .filter(application::Column::Tries.lt(most))
        };
        Ok(self.change(build).await? == 1)
    }

    async fn change_application(
        &self,
        seen: &Application,
        build: impl FnOnce(Update) -> Update,
    ) -> Result<bool, Error> {
        let guarded = |update: Update| {
            build(update)
                .col_expr(application::Column::Version, Expr::value(seen.version + 1))
                .filter(application::Column::Id.eq(seen.id.0))
                .filter(application::Column::Version.eq(seen.version))
                .filter(application::Column::State.eq(seen.state.key()))
        };
        Ok(self.change(guarded).await? == 1)
    }

    /// Counts by state of those begun since, for the desk.
    pub async fn count_applications(&self, since: OffsetDateTime) -> Result<Vec<(ApplicationState, i64)>, Error> {
        let rows = self
            .find::<application::Entity>()
            .with(|query| query.filter(application::Column::CreatedAt.gt(since)))
            .all()
            .await?;
        let count = |state: ApplicationState| rows.iter().filter(|row| row.state == state.key()).count() as i64;
        Ok(STATES.iter().map(|(state, _)| (*state, count(*state))).filter(|(_, count)| *count > 0).collect())
    }
}

//! Sign-ins that are under way at a member's provider: whichever instance hears the answer finds here what was asked. Each counts once.
use super::super::error::Error;
use super::super::scope::{TenantEntity, TenantTx};
use crate::domain::ids::{StaffId, StaffSignInId};
use sea_orm::entity::prelude::*;
use sea_orm::{DeleteMany, Set, UpdateMany};
use time::OffsetDateTime;

mod sign_in {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "staff_sign_ins")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub state_hash: Vec<u8>,
        pub browser_hash: Vec<u8>,
        pub nonce: String,
        pub verifier: String,
        pub next: String,
        pub expires_at: TimeDateTimeWithTimeZone,
        pub used_at: Option<TimeDateTimeWithTimeZone>,
        pub staff_id: Option<Uuid>,
        pub subject: Option<String>,
        pub code_hash: Option<Vec<u8>>,
        pub done_at: Option<TimeDateTimeWithTimeZone>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for sign_in::Entity {
    const TENANT: sign_in::Column = sign_in::Column::TenantId;
}

/// As it is sent off.
#[derive(Clone, Debug)]
pub struct NewSignIn {
    pub id: StaffSignInId,
    /// Of what the provider will send back.
    pub state_hash: [u8; 32],
    /// Of what the browser that began it keeps.
    pub browser_hash: [u8; 32],
    pub nonce: String,
    pub verifier: String,
    /// Where to go afterwards: a path of this portal, or empty.
    pub next: String,
    pub expires_at: OffsetDateTime,
}

#[derive(Clone, Debug)]
pub struct SignIn {
    pub id: StaffSignInId,
    pub nonce: String,
    pub verifier: String,
    pub next: String,
    /// Who it is, and under which name the provider knows them: known while only our own code is missing.
    pub staff: Option<StaffId>,
    pub subject: String,
}

fn sign_in_of(row: sign_in::Model) -> SignIn {
    SignIn {
        id: StaffSignInId(row.id),
        nonce: row.nonce,
        verifier: row.verifier,
        next: row.next,
        staff: row.staff_id.map(StaffId),
        subject: row.subject.unwrap_or_default(),
    }
}

impl TenantTx {
    /// Sweeps out those nobody came back from.
    pub async fn begin_staff_sign_in(&self, one: &NewSignIn, now: OffsetDateTime) -> Result<(), Error> {
        self.remove(|delete: DeleteMany<sign_in::Entity>| delete.filter(sign_in::Column::ExpiresAt.lt(now))).await?;
        let row = sign_in::ActiveModel {
            id: Set(one.id.0),
            state_hash: Set(one.state_hash.to_vec()),
            browser_hash: Set(one.browser_hash.to_vec()),
            nonce: Set(one.nonce.clone()),
            verifier: Set(one.verifier.clone()),
            next: Set(one.next.clone()),
            expires_at: Set(one.expires_at),
            used_at: Set(None),
            staff_id: Set(None),
            subject: Set(None),
            code_hash: Set(None),
            done_at: Set(None),
            ..Default::default()
        };
        self.add(vec![row]).await
    }

    /// The provider answered: to the first who brings its state from the browser that began, in time.
    pub async fn use_staff_sign_in(
        &self,
        state_hash: &[u8; 32],
        browser_hash: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<Option<SignIn>, Error> {
        let take = |update: UpdateMany<sign_in::Entity>| {
            update
                .col_expr(sign_in::Column::UsedAt, Expr::value(now))
                .filter(sign_in::Column::StateHash.eq(state_hash.to_vec()))
                .filter(sign_in::Column::BrowserHash.eq(browser_hash.to_vec()))
                .filter(sign_in::Column::UsedAt.is_null())
                .filter(sign_in::Column::ExpiresAt.gt(now))
        };
        Ok(self.changed(take).await?.pop().map(sign_in_of))
    }

    /// The provider said who it is, and our own code is still to come, under a new token.
    pub async fn ask_staff_for_code(
        &self,
        id: StaffSignInId,
        staff: StaffId,
        subject: &str,
        code_hash: &[u8; 32],
    ) -> Result<(), Error> {
        let keep = |update: UpdateMany<sign_in::Entity>| {
            update
                .col_expr(sign_in::Column::StaffId, Expr::value(staff.0))
                .col_expr(sign_in::Column::Subject, Expr::value(subject))
                .col_expr(sign_in::Column::CodeHash, Expr::value(code_hash.to_vec()))
                .filter(sign_in::Column::Id.eq(id.0))
        };
        self.change(keep).await.map(|_| ())
    }

    /// Whether a code is still awaited; looking uses nothing up.
    pub async fn staff_sign_in_by_code(
        &self,
        code_hash: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<Option<SignIn>, Error> {
        let row = self.find::<sign_in::Entity>().with(|query| {
            query
                .filter(sign_in::Column::CodeHash.eq(code_hash.to_vec()))
                .filter(sign_in::Column::DoneAt.is_null())
                .filter(sign_in::Column::ExpiresAt.gt(now))
        });
        Ok(row.one().await?.map(sign_in_of))
    }

    /// The right code came: true for the first.
    pub async fn finish_staff_sign_in(&self, id: StaffSignInId, now: OffsetDateTime) -> Result<bool, Error> {
        let take = |update: UpdateMany<sign_in::Entity>| {
            update
                .col_expr(sign_in::Column::DoneAt, Expr::value(now))
                .filter(sign_in::Column::Id.eq(id.0))
                .filter(sign_in::Column::DoneAt.is_null())
                .filter(sign_in::Column::ExpiresAt.gt(now))
        };
        Ok(self.change(take).await? == 1)
    }
}

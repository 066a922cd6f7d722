//! What a lead changes about a member of staff, and what signing in leaves behind. Every change wants the version it was made from.
use super::super::error::Error;
use super::super::scope::TenantTx;
use super::member;
use crate::domain::features::Role;
use crate::domain::ids::StaffId;
use sea_orm::entity::prelude::*;
use sea_orm::{ExprTrait, UpdateMany};
use time::OffsetDateTime;

/// Whose number one takes to be alone with the tenant's staff.
const TURN: &str = "staff";

impl TenantTx {
    /// Two leads one after the other: whoever comes second sees what the first one did.
    pub async fn wait_for_staff(&self) -> Result<(), Error> {
        self.next_number(TURN).await.map(|_| ())
    }

    /// False when it was changed since that version was seen.
    pub async fn change_staff_role(&self, id: StaffId, version: i32, role: Role) -> Result<bool, Error> {
        let change =
            |update: UpdateMany<member::Entity>| update.col_expr(member::Column::Role, Expr::value(role.key()));
        let is_done = self.change_staff(id, version, change).await?;
        if is_done && role != Role::Lead {
            self.void_staff_invitations_by(id).await?;
        }
        Ok(is_done)
    }

    pub async fn disable_staff(&self, id: StaffId, version: i32, is_disabled: bool) -> Result<bool, Error> {
        let change =
            |update: UpdateMany<member::Entity>| update.col_expr(member::Column::IsDisabled, Expr::value(is_disabled));
        let is_done = self.change_staff(id, version, change).await?;
        if is_done && is_disabled {
            self.void_staff_invitations_by(id).await?;
        }
        Ok(is_done)
    }

    /// Nobody signs in with a one-time code of theirs until a new secret is enrolled; mail about it goes to `email`.
    pub async fn forget_staff_factor(&self, id: StaffId, version: i32, email: &str) -> Result<bool, Error> {
        self.change_staff(id, version, |update| {
            update
                .col_expr(member::Column::TotpSecret, Expr::value(None::<String>))
                .col_expr(member::Column::Email, Expr::value(super::email_key(email)))
        })
        .await
    }

    async fn change_staff(
        &self,
        id: StaffId,
        version: i32,
        build: impl FnOnce(UpdateMany<member::Entity>) -> UpdateMany<member::Entity>,
    ) -> Result<bool, Error> {
        let change = |update: UpdateMany<member::Entity>| {
            build(update)
                .col_expr(member::Column::Version, Expr::col(member::Column::Version).add(1))
                .filter(member::Column::Id.eq(id.0))
                .filter(member::Column::Version.eq(version))
        };
        Ok(self.change(change).await? == 1)
    }

    /// A second factor whose first code has been shown: its step is used up. False for who is disabled.
    pub async fn enrol_staff_factor(&self, id: StaffId, secret: &str, step: i64) -> Result<bool, Error> {
        let change = |update: UpdateMany<member::Entity>| {
            update
                .col_expr(member::Column::TotpSecret, Expr::value(secret))
                .col_expr(member::Column::LastTotpStep, Expr::value(step))
                .col_expr(member::Column::Version, Expr::col(member::Column::Version).add(1))
                .filter(member::Column::Id.eq(id.0))
                .filter(member::Column::IsDisabled.eq(false))
        };
        Ok(self.change(change).await? == 1)
    }

    /// Signs a member in as what they still are; false when they were disabled or got another role a moment ago. Whoever would do that
    /// waits for the end of this transaction, and then finds its session.
    pub async fn touch_staff_sign_in(&self, id: StaffId, role: Role, at: OffsetDateTime) -> Result<bool, Error> {
        let change = |update: UpdateMany<member::Entity>| {
            update
                .col_expr(member::Column::LastSignInAt, Expr::value(at))
                .filter(member::Column::Id.eq(id.0))
                .filter(member::Column::Role.eq(role.key()))
                .filter(member::Column::IsDisabled.eq(false))
        };
        Ok(self.change(change).await? == 1)
    }

    /// The provider's name for a member, at their first sign-in through it; false when another is kept.
    pub async fn bind_staff_to_provider(&self, id: StaffId, subject: &str) -> Result<bool, Error> {
        let change = |update: UpdateMany<member::Entity>| {
            update
                .col_expr(member::Column::ProviderSubject, Expr::value(subject))
                .filter(member::Column::Id.eq(id.0))
                .filter(member::Column::ProviderSubject.is_null())
        };
        Ok(self.change(change).await? == 1)
    }
}

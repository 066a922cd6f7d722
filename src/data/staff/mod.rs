//! Staff of a supplier, and (tenant 0) of the platform.
mod changes;
mod invitations;
mod sign_ins;

use super::accounts::username_key;
use super::error::{Error, odd};
use super::scope::{TenantEntity, TenantTx};
use crate::domain::features::Role;
use crate::domain::ids::StaffId;
use crate::domain::staff::StaffMember;
use sea_orm::UpdateMany;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set};
use std::collections::{BTreeMap, BTreeSet};
use time::OffsetDateTime;

pub use invitations::{NewStaffInvitation, StaffInvitation, StaffInvitationState};
pub use sign_ins::{NewSignIn, SignIn};

mod member {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "staff")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub username: String,
        pub username_key: String,
        pub name: String,
        pub role: String,
        pub password_hash: String,
        pub totp_secret: Option<String>,
        pub last_totp_step: i64,
        pub is_disabled: bool,
        pub email: Option<String>,
        pub provider_subject: Option<String>,
        pub last_sign_in_at: Option<TimeDateTimeWithTimeZone>,
        pub version: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for member::Entity {
    const TENANT: member::Column = member::Column::TenantId;
}
/// A member with what proves who they are.
#[derive(Clone)]
pub struct StaffRow {
    pub member: StaffMember,
    pub password_hash: String,
    /// Base32.
    pub totp_secret: Option<String>,
    /// In lower case.
    pub email: Option<String>,
    /// Issuer and subject, as the provider names them; none before the first sign-in through it.
    pub provider_subject: Option<String>,
    pub last_sign_in_at: Option<OffsetDateTime>,
    /// As it was seen: who changes it must have seen the newest.
    pub version: i32,
}

#[derive(Clone)]
pub struct NewStaff {
    pub id: StaffId,
    pub username: String,
    pub name: String,
    pub role: Role,
    pub password_hash: String,
    pub totp_secret: Option<String>,
    pub email: Option<String>,
}

fn to_domain(row: member::Model) -> Result<StaffRow, Error> {
    let role = Role::parse(&row.role).ok_or_else(|| odd("role", &row.role))?;
    let member =
        StaffMember { id: StaffId(row.id), username: row.username, name: row.name, role, is_disabled: row.is_disabled };
    Ok(StaffRow {
        member,
        password_hash: row.password_hash,
        totp_secret: row.totp_secret,
        email: row.email,
        provider_subject: row.provider_subject,
        last_sign_in_at: row.last_sign_in_at,
        version: row.version,
    })
}

/// The form in which addresses are kept and compared.
fn email_key(email: &str) -> String {
    email.trim().to_lowercase().replace('\0', "\u{fffd}")
}

impl TenantTx {
    pub async fn staff_by_username(&self, username: &str) -> Result<Option<StaffRow>, Error> {
        let key = username_key(username);
        let row = self.find::<member::Entity>().with(|query| query.filter(member::Column::UsernameKey.eq(key)));
        row.one().await?.map(to_domain).transpose()
    }

    /// Takes a one-time code's step for good; false when it, or a later one, was used before. Two at once: one wins.
    pub async fn use_totp_step(&self, id: StaffId, step: i64) -> Result<bool, Error> {
        let build = |update: UpdateMany<member::Entity>| {
            update
                .col_expr(member::Column::LastTotpStep, Expr::value(step))
                .filter(member::Column::Id.eq(id.0))
                .filter(member::Column::LastTotpStep.lt(step))
        };
        Ok(self.change(build).await? == 1)
    }

    /// By address, in any case.
    pub async fn staff_by_email(&self, email: &str) -> Result<Option<StaffRow>, Error> {
        let key = email_key(email);
        let row = self.find::<member::Entity>().with(|query| query.filter(member::Column::Email.eq(key)));
        row.one().await?.map(to_domain).transpose()
    }

    pub async fn staff_by_provider(&self, subject: &str) -> Result<Option<StaffRow>, Error> {
        let row = self.find::<member::Entity>().with(|query| query.filter(member::Column::ProviderSubject.eq(subject)));
        row.one().await?.map(to_domain).transpose()
    }

    pub async fn staff_row(&self, id: StaffId) -> Result<StaffRow, Error> {
        let row = self.find::<member::Entity>().with(|query| query.filter(member::Column::Id.eq(id.0)));
        to_domain(row.one().await?.ok_or(Error::NotFound)?)
    }

    /// With all that a lead sees of them, in the order of their usernames.
    pub async fn staff_rows(&self) -> Result<Vec<StaffRow>, Error> {
        let rows = self.find::<member::Entity>().with(|query| query.order_by_asc(member::Column::UsernameKey));
        rows.all().await?.into_iter().map(to_domain).collect()
    }

    pub async fn staff_member(&self, id: StaffId) -> Result<StaffMember, Error> {
        let row = self.find::<member::Entity>().with(|query| query.filter(member::Column::Id.eq(id.0)));
        to_domain(row.one().await?.ok_or(Error::NotFound)?).map(|row| row.member)
    }

    pub(super) async fn staff_names(
        &self,
        ids: impl IntoIterator<Item = StaffId>,
    ) -> Result<BTreeMap<StaffId, String>, Error> {
        let ids: BTreeSet<Uuid> = ids.into_iter().map(|id| id.0).collect();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows = self.find::<member::Entity>().with(|query| query.filter(member::Column::Id.is_in(ids)));
        Ok(rows.all().await?.into_iter().map(|row| (StaffId(row.id), row.name)).collect())
    }

    pub async fn staff_list(&self) -> Result<Vec<StaffMember>, Error> {
        let rows = self.find::<member::Entity>().with(|query| query.order_by_asc(member::Column::UsernameKey));
        rows.all().await?.into_iter().map(|row| to_domain(row).map(|row| row.member)).collect()
    }

    pub async fn insert_staff(&self, staff: &[NewStaff]) -> Result<(), Error> {
        let rows = staff.iter().map(|one| member::ActiveModel {
            id: Set(one.id.0),
            username: Set(one.username.clone()),
            username_key: Set(username_key(&one.username)),
            name: Set(one.name.clone()),
            role: Set(one.role.key().to_owned()),
            password_hash: Set(one.password_hash.clone()),
            totp_secret: Set(one.totp_secret.clone()),
            last_totp_step: Set(0),
            is_disabled: Set(false),
            email: Set(one.email.as_deref().map(email_key)),
            provider_subject: Set(None),
            last_sign_in_at: Set(None),
            version: Set(1),
            ..Default::default()
        });
        self.add(rows.collect()).await
    }
}

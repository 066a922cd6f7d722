//! Invitations to a supplier's staff, and links that renew a member's second factor. The newest counts, each once; of its token only
//! the hash is kept.
use super::super::accounts::username_key;
use super::super::error::{Error, odd};
use super::super::scope::{TenantEntity, TenantTx};
use super::email_key;
use crate::domain::features::Role;
use crate::domain::ids::{StaffId, StaffInvitationId};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set, UpdateMany};
use time::OffsetDateTime;

mod invitation {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "staff_invitations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub staff_id: Option<Uuid>,
        pub name: String,
        pub email: String,
        pub username: String,
        pub username_key: String,
        pub role: String,
        pub invited_by: String,
        pub inviter: Option<Uuid>,
        pub token_hash: Vec<u8>,
        pub created_at: TimeDateTimeWithTimeZone,
        pub expires_at: TimeDateTimeWithTimeZone,
        pub state: String,
        pub ended_at: Option<TimeDateTimeWithTimeZone>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for invitation::Entity {
    const TENANT: invitation::Column = invitation::Column::TenantId;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffInvitationState {
    Open,
    Used,
    Revoked,
    /// A newer one was sent.
    Replaced,
    /// Whoever invited may do so no longer; it can be sent anew by who may.
    Void,
}

const STATES: [(StaffInvitationState, &str); 5] = [
    (StaffInvitationState::Open, "open"),
    (StaffInvitationState::Used, "used"),
    (StaffInvitationState::Revoked, "revoked"),
    (StaffInvitationState::Replaced, "replaced"),
    (StaffInvitationState::Void, "void"),
];

impl StaffInvitationState {
    pub fn key(self) -> &'static str {
        STATES[self as usize].1
    }
}

#[derive(Clone, Debug)]
pub struct NewStaffInvitation {
    pub id: StaffInvitationId,
    /// Whose second factor is renewed; none for who is to become a member.
    pub staff: Option<StaffId>,
    pub name: String,
    pub email: String,
    pub username: String,
    pub role: Role,
    /// As shown to colleagues.
    pub invited_by: String,
    /// The member who invites; none from the console.
    pub inviter: Option<StaffId>,
    pub token_hash: [u8; 32],
    pub created_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
}

#[derive(Clone, Debug)]
pub struct StaffInvitation {
    pub id: StaffInvitationId,
    pub staff: Option<StaffId>,
    pub name: String,
    pub email: String,
    pub username: String,
    pub role: Role,
    pub invited_by: String,
    pub created_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
    pub state: StaffInvitationState,
}

impl StaffInvitation {
    pub fn is_open(&self, now: OffsetDateTime) -> bool {
        self.state == StaffInvitationState::Open && self.expires_at > now
    }
}

fn invitation_of(row: invitation::Model) -> Result<StaffInvitation, Error> {
    let state = STATES.iter().find(|(_, key)| *key == row.state).ok_or_else(|| odd("state", &row.state))?.0;
    Ok(StaffInvitation {
        id: StaffInvitationId(row.id),
        staff: row.staff_id.map(StaffId),
        name: row.name,
        email: row.email,
        username: row.username,
        role: Role::parse(&row.role).ok_or_else(|| odd("role", &row.role))?,
        invited_by: row.invited_by,
        created_at: row.created_at,
        expires_at: row.expires_at,
        state,
    })
}

impl TenantTx {
    /// Links sent before to the same name end: the newest counts.
    pub async fn add_staff_invitation(&self, one: &NewStaffInvitation) -> Result<(), Error> {
        let key = username_key(&one.username);
        let replace = |update: UpdateMany<invitation::Entity>| {
            ended(update, PENDING, StaffInvitationState::Replaced, one.created_at)
                .filter(invitation::Column::UsernameKey.eq(&key))
        };
        self.change(replace).await?;
        let row = invitation::ActiveModel {
            id: Set(one.id.0),
            staff_id: Set(one.staff.map(|staff| staff.0)),
            name: Set(one.name.clone()),
            email: Set(email_key(&one.email)),
            username: Set(one.username.clone()),
            username_key: Set(key),
            role: Set(one.role.key().to_owned()),
            invited_by: Set(one.invited_by.clone()),
            inviter: Set(one.inviter.map(|inviter| inviter.0)),
            token_hash: Set(one.token_hash.to_vec()),
            created_at: Set(one.created_at),
            expires_at: Set(one.expires_at),
            state: Set(StaffInvitationState::Open.key().to_owned()),
            ended_at: Set(None),
            ..Default::default()
        };
        self.add(vec![row]).await
    }

    /// Those nobody has used yet, the expired and the void ones too, oldest first.
    pub async fn pending_staff_invitations(&self) -> Result<Vec<StaffInvitation>, Error> {
        let rows = self.find::<invitation::Entity>().with(|query| {
            query
                .filter(invitation::Column::State.is_in(PENDING.iter().map(|state| state.key())))
                .order_by_asc(invitation::Column::Id)
        });
        rows.all().await?.into_iter().map(invitation_of).collect()
    }

    pub async fn staff_invitation(&self, id: StaffInvitationId) -> Result<StaffInvitation, Error> {
        let row = self.find::<invitation::Entity>().with(|query| query.filter(invitation::Column::Id.eq(id.0)));
        invitation_of(row.one().await?.ok_or(Error::NotFound)?)
    }

    /// Whatever became of it; looking uses nothing up.
    pub async fn staff_invitation_by_token(&self, token_hash: &[u8; 32]) -> Result<Option<StaffInvitation>, Error> {
        let key = token_hash.to_vec();
        let row = self.find::<invitation::Entity>().with(|query| query.filter(invitation::Column::TokenHash.eq(key)));
        row.one().await?.map(invitation_of).transpose()
    }

    /// To the first who follows the link in time; none for anybody else.
    pub async fn use_staff_invitation(
        &self,
        token_hash: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<Option<StaffInvitation>, Error> {
        let take = |update: UpdateMany<invitation::Entity>| {
            ended(update, OPEN, StaffInvitationState::Used, now)
                .filter(invitation::Column::TokenHash.eq(token_hash.to_vec()))
                .filter(invitation::Column::ExpiresAt.gt(now))
        };
        self.changed(take).await?.pop().map(invitation_of).transpose()
    }

    /// Revoked, or replaced by a newer one; false when something became of it before.
    pub async fn end_staff_invitation(
        &self,
        id: StaffInvitationId,
        state: StaffInvitationState,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        let end = |update: UpdateMany<invitation::Entity>| {
            ended(update, PENDING, state, now).filter(invitation::Column::Id.eq(id.0))
        };
        Ok(self.change(end).await? == 1)
    }

    /// No link of a member's works any more: whoever is disabled enrols nothing.
    pub async fn revoke_staff_invitations_of(&self, staff: StaffId, now: OffsetDateTime) -> Result<(), Error> {
        let end = |update: UpdateMany<invitation::Entity>| {
            ended(update, PENDING, StaffInvitationState::Revoked, now).filter(invitation::Column::StaffId.eq(staff.0))
        };
        self.change(end).await.map(|_| ())
    }

    /// Whoever may invite no longer has invited nobody: none of their links works any more, and none comes back with their right.
    pub(super) async fn void_staff_invitations_by(&self, inviter: StaffId) -> Result<(), Error> {
        let end = |update: UpdateMany<invitation::Entity>| {
            ended(update, OPEN, StaffInvitationState::Void, OffsetDateTime::now_utc())
                .filter(invitation::Column::Inviter.eq(inviter.0))
        };
        self.change(end).await.map(|_| ())
    }
}

const OPEN: &[StaffInvitationState] = &[StaffInvitationState::Open];
/// Nothing became of it yet that would be the end of it.
const PENDING: &[StaffInvitationState] = &[StaffInvitationState::Open, StaffInvitationState::Void];

/// Only one that is in such a state.
fn ended(
    update: UpdateMany<invitation::Entity>,
    from: &[StaffInvitationState],
    state: StaffInvitationState,
    at: OffsetDateTime,
) -> UpdateMany<invitation::Entity> {
    update
        .col_expr(invitation::Column::State, Expr::value(state.key()))
        .col_expr(invitation::Column::EndedAt, Expr::value(at))
        .filter(invitation::Column::State.is_in(from.iter().map(|state| state.key())))
}

//! Invitations to look after a customer too: by a link in a mail, for seven days, to the first who accepts. Of the token only its hash is kept.
use super::error::{Error, odd};
use super::scope::{TenantEntity, TenantTx};
use crate::domain::access::MemberRole;
use crate::domain::ids::{AccountId, CustomerId, InvitationId};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set, UpdateMany};
use time::{Date, OffsetDateTime};

mod invitation {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "invitations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub customer_id: Uuid,
        pub invited_by: Uuid,
        pub email: String,
        pub role: String,
        pub until: Option<TimeDate>,
        pub token_hash: Vec<u8>,
        pub created_at: TimeDateTimeWithTimeZone,
        pub expires_at: TimeDateTimeWithTimeZone,
        pub used_at: Option<TimeDateTimeWithTimeZone>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for invitation::Entity {
    const TENANT: invitation::Column = invitation::Column::TenantId;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub customer: CustomerId,
    pub invited_by: AccountId,
    pub email: String,
    pub role: MemberRole,
    /// The last day of the right it gives.
    pub until: Option<Date>,
    pub created_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
}

fn invitation_of(row: invitation::Model) -> Result<Invitation, Error> {
    Ok(Invitation {
        id: InvitationId(row.id),
        customer: CustomerId(row.customer_id),
        invited_by: AccountId(row.invited_by),
        email: row.email,
        role: MemberRole::parse(&row.role).ok_or_else(|| odd("role", &row.role))?,
        until: row.until,
        created_at: row.created_at,
        expires_at: row.expires_at,
    })
}

impl TenantTx {
    pub async fn add_invitation(&self, new: &Invitation, token_hash: &[u8; 32]) -> Result<(), Error> {
        let row = invitation::ActiveModel {
            id: Set(new.id.0),
            customer_id: Set(new.customer.0),
            invited_by: Set(new.invited_by.0),
            email: Set(new.email.clone()),
            role: Set(new.role.key().to_owned()),
            until: Set(new.until),
            token_hash: Set(token_hash.to_vec()),
            created_at: Set(new.created_at),
            expires_at: Set(new.expires_at),
            used_at: Set(None),
            ..Default::default()
        };
        self.add(vec![row]).await
    }

    /// Those of a customer that wait, oldest first.
    pub async fn pending_invitations(
        &self,
        customer: CustomerId,
        now: OffsetDateTime,
    ) -> Result<Vec<Invitation>, Error> {
        let rows = self.find::<invitation::Entity>().with(|query| {
            query
                .filter(invitation::Column::CustomerId.eq(customer.0))
                .filter(invitation::Column::UsedAt.is_null())
                .filter(invitation::Column::ExpiresAt.gt(now))
                .order_by_asc(invitation::Column::Id)
        });
        rows.all().await?.into_iter().map(invitation_of).collect()
    }

    /// Whether it could still be accepted; looking uses nothing up.
    pub async fn invitation(&self, token_hash: &[u8; 32], now: OffsetDateTime) -> Result<Option<Invitation>, Error> {
        let row = self.find::<invitation::Entity>().with(|query| {
            query
                .filter(invitation::Column::TokenHash.eq(token_hash.to_vec()))
                .filter(invitation::Column::UsedAt.is_null())
                .filter(invitation::Column::ExpiresAt.gt(now))
        });
        row.one().await?.map(invitation_of).transpose()
    }

    /// To the first who accepts it in time; none for anybody else.
    pub async fn use_invitation(
        &self,
        token_hash: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<Option<Invitation>, Error> {
        let take = |update: UpdateMany<invitation::Entity>| {
            update
                .col_expr(invitation::Column::UsedAt, Expr::value(Some(now)))
                .filter(invitation::Column::TokenHash.eq(token_hash.to_vec()))
                .filter(invitation::Column::UsedAt.is_null())
                .filter(invitation::Column::ExpiresAt.gt(now))
        };
        self.changed(take).await?.pop().map(invitation_of).transpose()
    }

    /// Taken back before anybody accepted it; false when somebody has.
    pub async fn revoke_invitation(
        &self,
        customer: CustomerId,
        id: InvitationId,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        let end = |update: UpdateMany<invitation::Entity>| {
            update
                .col_expr(invitation::Column::ExpiresAt, Expr::value(now))
                .filter(invitation::Column::Id.eq(id.0))
                .filter(invitation::Column::CustomerId.eq(customer.0))
                .filter(invitation::Column::UsedAt.is_null())
                .filter(invitation::Column::ExpiresAt.gt(now))
        };
        Ok(self.change(end).await? == 1)
    }
}
